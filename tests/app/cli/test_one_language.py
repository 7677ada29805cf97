"""`--lang`: every command that decides takes it, and text and JSON speak the same language."""

from __future__ import annotations

import json

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


def test_a_document_speaks_the_language_too_and_decides_the_same() -> None:
    arguments = ("review", example("treatment-running"), "--on", ON, "--json")
    dutch, english = (json.loads(in_process(*arguments, "--lang", each).out) for each in ("nl", "en"))
    assert "elke 3 maanden" in json.dumps(dutch)
    assert "every 3 months" not in json.dumps(dutch["upcoming"])
    for part, key in (("issues", "code"), ("upcoming", "on"), ("upcoming", "kind"), ("evaluations", "credit")):
        assert [entry[key] for entry in dutch[part]] == [entry[key] for entry in english[part]]
