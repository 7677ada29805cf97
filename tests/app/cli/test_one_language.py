"""`--lang`: every command that decides takes it; a document is the same in all of them."""

from __future__ import annotations

import pytest
from command_line import example, in_process

ON = "2026-09-01"
COMMANDS = {
    "propose": (),
    "assess": (),
    "plan": ("--protocol", "uk-bnf-noneuro", "--start", ON, "--choose", "maintenance_interval=3 mo"),
    "review": (),
    "due": ("--if-given", ON),
    "explain": ("2026-10-09",),
    "compare": ("--protocol", "uk-bnf-noneuro"),
    "whatif": (),
}
DUTCH = ("september 2026", "oktober 2026", "elke 3 maanden", "di 1 ")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_that_decides_speaks_the_language_that_is_asked_for(command: str) -> None:
    told = in_process(command, example("treatment-running"), *COMMANDS[command], "--on", ON, "--lang", "nl").out
    assert any(words in told for words in DUTCH), told
    assert "Thu " not in told
    assert "Fri " not in told


@pytest.mark.parametrize("command", COMMANDS)
def test_a_language_without_words_is_refused_with_those_there_are(command: str) -> None:
    ended = in_process(command, example("treatment-running"), *COMMANDS[command], "--on", ON, "--lang", "xx")
    assert ended.code == 3
    assert "there are no words in 'xx'; known are en, nl" in ended.err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_document_is_the_same_in_every_language(command: str) -> None:
    arguments = (command, example("treatment-running"), *COMMANDS[command], "--on", ON, "--json")
    assert in_process(*arguments, "--lang", "nl").out == in_process(*arguments).out
