"""docs/contract.md says what the program does: every list of words is the program's, and nothing built is called unbuilt."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, get_args, get_origin, get_type_hints

import pytest

from cobalamin.knowledge.library import Library
from documentation.contract_lists import PAGE, blocks, rows, words, words_of_rows

ROOT = Path(__file__).parents[2]
NOT_BUILT = ", not built yet"


def _literals(kind: object) -> tuple[str, ...]:
    """The words of a type, whether the program itself has them as a type or as plain texts."""
    words = get_args(kind)
    return tuple(words[1].words if get_origin(kind) is Annotated else words)


def _commands(library: Library) -> Iterable[str]:
    from cobalamin.app.cli.jobs import MODULES
    from cobalamin.app.cli.library import library_app
    from cobalamin.app.cli.panel import panel_app

    yield from MODULES.keys() - {"library", "panel"}
    for group, prefix in ((library_app, "library "), (panel_app, "panel ")):
        for command in group.registered_commands:
            if command.callback and not command.hidden:
                yield prefix + (command.name or command.callback.__name__).rstrip("_").replace("_", "-")


def _issues(severity: str) -> Callable[[Library], Iterable[str]]:
    def named(library: Library) -> Iterable[str]:
        checks = [*library.precautions, *library.program_checks.values()]
        return {check.code for check in checks if check.severity == severity}

    return named


def _flags(library: Library) -> Iterable[str]:
    """Every flag that has words: `library check` refuses a flag without them."""
    return library.documents["words/en.yaml"].tree["flags"]


def _exit_codes(library: Library) -> Iterable[str]:
    from cobalamin.app.cli.options import NEEDED, OK, PEOPLE_MISSING, REFUSED
    from cobalamin.errors import InputError, InvariantBroken, Refused

    assert Refused.exit_code == REFUSED
    usage = 2  # of the command line's own parser
    codes = (OK, REFUSED, usage, InputError.exit_code, NEEDED, PEOPLE_MISSING, InvariantBroken.exit_code)
    return {str(code) for code in codes}


def _events(name: str) -> Callable[[Library], Iterable[str]]:
    def listed(library: Library) -> Iterable[str]:
        from cobalamin.therapy.case import event_words, events

        found: Iterable[str] = getattr(event_words, name, None) or getattr(events, name)
        return found

    return listed


def _words_of(name: str) -> Callable[[Library], Iterable[str]]:
    def listed(library: Library) -> Iterable[str]:
        from cobalamin.app.documents.types import review

        if name == "verdicts":
            return _literals(get_type_hints(review.VerdictAnswer, include_extras=True)["verdict"])
        if name == "check states":
            return _literals(get_type_hints(review.CheckStateAnswer, include_extras=True)["state"])
        return _literals(getattr(review, name))

    return listed


def _vocabulary(name: str) -> Callable[[Library], Iterable[str]]:
    def listed(library: Library) -> Iterable[str]:
        from cobalamin.knowledge import vocabulary

        found: Iterable[str] = getattr(vocabulary, name)
        return found

    return listed


PROGRAM: dict[str, Callable[[Library], Iterable[str]]] = {
    "facts": lambda library: library.facts,
    "boxes": lambda library: {fact.box for fact in library.facts.values() if fact.box},
    "kinds": _events("KINDS"),
    "sources": _events("SOURCES"),
    "substances": _vocabulary("SUBSTANCES"),
    "routes": _vocabulary("ROUTES"),
    "reasons": _events("OMISSION_REASONS"),
    "symptoms": _events("SYMPTOMS"),
    "red flags": _events("RED_FLAGS"),
    "markers": _events("MARKERS"),
    "decisions": _events("DECISIONS"),
    "guidance": lambda library: {each.id for each in library.protocols() if each.guidance},
    "commands": _commands,
    "basis": _words_of("Basis"),
    "credit": _words_of("Credit"),
    "timing": _words_of("Timing"),
    "timeliness": _words_of("Timeliness"),
    "status": _words_of("Status"),
    "flags": _flags,
    "verdicts": _words_of("verdicts"),
    "check states": _words_of("check states"),
    "issues that block": _issues("block"),
    "issues to acknowledge": _issues("acknowledge"),
    "issues to note": _issues("note"),
    "exit codes": _exit_codes,
}


@pytest.mark.parametrize("name", PROGRAM)
def test_the_words_of_the_contract_are_those_of_the_program(name: str, library: Library) -> None:
    written = [word for word in words(name) if name not in ("issues to note",) or word != "recalled"]
    assert len(written) == len(set(written))
    assert set(written) == set(PROGRAM[name](library))


def test_the_protocols_of_the_contract_are_those_of_the_library(library: Library) -> None:
    written = [word for found in rows("protocols") for word in re.findall(r"`([^`]+)`", found[1])]
    assert len(written) == len(set(written))
    assert set(written) == {each.id for each in library.protocols() if not each.guidance}


def test_each_fact_has_the_words_that_the_contract_says(library: Library) -> None:
    assert words_of_rows("facts") == {name: fact.values for name, fact in library.facts.items()}


def test_each_box_records_the_facts_that_the_contract_says(library: Library) -> None:
    for box, facts in words_of_rows("boxes").items():
        assert set(facts) == {name for name, fact in library.facts.items() if fact.box == box}


def test_each_kind_of_event_has_the_keys_that_the_contract_says() -> None:
    from cobalamin.therapy.case.event_words import SYMPTOMS
    from cobalamin.therapy.case.events import own_keys

    for cells in rows("kinds"):
        kind, keys = cells[0].strip("`"), cells[1]
        needed = {word for bold in re.findall(r"\*\*(.+?)\*\*", keys) for word in re.findall(r"[a-z_]+", bold)}
        keys_of = own_keys(kind)
        assert {key.name for key in keys_of if key.required} <= needed, kind
        for key in {key.name for key in keys_of} - set(SYMPTOMS):
            assert re.search(rf"\b{key}\b", keys), f"{kind}: {key}"


def test_the_windows_of_the_contract_are_those_of_the_shipped_policy(library: Library) -> None:
    """Each cell, read as the contract writes it, is the value in the policy's row."""
    first = 1
    for (days, count_from, bookable, due, review), row in zip(
        rows("windows"), library.default_policy.windows, strict=True
    ):
        assert days == (f"over {first - 1}" if row.through_days > 1000 else f"{first} to {row.through_days}")
        assert count_from == ("anchor + half" if row.count_half else "anchor + minimum gap (1 d)")
        assert bookable == (f"target - {row.early} d" if row.count_half else "the same")
        assert due == f"target + {row.late} d"
        assert review == f"{row.lapse_from} + {row.lapse}"
        first = row.through_days + 1
    assert library.default_policy.minimum_gap_days == 1


@pytest.mark.parametrize("name", [name for name in blocks() if name.endswith(NOT_BUILT)])
def test_what_the_contract_calls_not_built_is_not_there(name: str, library: Library) -> None:
    """Whoever builds one of these takes it out of the list and writes it where it belongs."""
    kind = name.removesuffix(NOT_BUILT)
    lists = PROGRAM.items() if kind == "issues" else [(kind, PROGRAM[kind])]
    built = {word for listed, found in lists if listed.startswith(kind) for word in found(library)}
    assert words(name)
    assert set(words(name)) & built == set()


def test_every_list_is_compared_with_something() -> None:
    special = {"protocols", "windows"}
    assert {name for name in blocks() if not name.endswith(NOT_BUILT)} == {*PROGRAM} | special


def test_every_section_that_the_code_cites_is_there() -> None:
    headings = set(re.findall(r"^## (\d)\. ", PAGE.read_text("utf-8"), re.MULTILINE))
    cited: set[str] = set()
    for file in [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *(ROOT / "tests").rglob("*.yaml")]:
        text = file.read_text("utf-8")
        for sections in re.findall(r"contract(?:'s)?,? \(?sections? (\d(?:(?:, | and )\d)*)", text):
            cited |= set(re.findall(r"\d", sections))
    assert len(cited) > 3
    assert cited <= headings


def test_the_case_file_of_the_contract_has_no_fault(library: Library) -> None:
    from cobalamin.casefile.reader import read_case

    examples = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(examples) == 1
    assert len(read_case(examples[0], "contract.md", library).record) == 2
