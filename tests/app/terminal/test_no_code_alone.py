"""No code, id or word of the file stands in a text for people: over a set of cases in which every word of the contract occurs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import Run, in_process
from told_answers import lines
from vocabulary_cases import Vocabularies, Written, occurring, said, vocabularies, written

from cobalamin.app.services import cases as case_files
from cobalamin.app.services import reviewing, shipped
from cobalamin.app.terminal import console
from hazards import hazard

# Words that no case reaches yet, each with the reason. The list may only shrink: a word that is reached must leave it.
NOT_REACHED = {
    "issue": {
        "UNIT_AMBIGUOUS": "readers refuse an ambiguous unit before the gate sees it",
        "ROUTE_INTRAVENOUS": "no plan can name a route that its protocol does not list",
        "NO_APPOINTMENT_SUGGESTED": "needs the package of public holidays to be missing",
    },
}
CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
AFTER_ITS_SENTENCE = re.compile(r"(?<=\S) \([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?:, [^()]*)?\)")
FILE_WORD = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
COMMAND = re.compile(r"cobalamin [a-z-]+ CASE .*|--choose \S+=.*|--acknowledge \S+=.*")
IDS = frozenset(protocol.id for protocol in shipped.library().protocols())
ID = re.compile(r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, IDS), key=len, reverse=True)) + r")(?![\w-])")


@pytest.fixture(scope="module")
def the_cases(tmp_path_factory: pytest.TempPathFactory) -> list[Written]:
    return written(tmp_path_factory.mktemp("vocabulary"))


@pytest.fixture(scope="module")
def reached(the_cases: list[Written]) -> Vocabularies:
    return occurring(the_cases)


@hazard("H81")
@pytest.mark.parametrize("vocabulary", sorted(vocabularies()))
def test_every_word_of_the_contract_occurs_in_the_set(vocabulary: str, reached: Vocabularies) -> None:
    """A new code without a case fails here, and so does one that is called unreached and is not."""
    excused = set(NOT_REACHED.get(vocabulary, {}))
    assert vocabularies()[vocabulary] - reached[vocabulary] - excused == set()
    assert excused & reached[vocabulary] == set()


def alone(text: str, plain: bool) -> Iterator[str]:
    """Codes that stand alone, words of the file, and to a patient every id. A command is typed and not read: it ends its paragraph."""
    told = "\n".join(COMMAND.sub("", line) for line in lines(text))
    if plain:
        yield from CODE.findall(told)
        yield from ID.findall(told)
    else:
        yield from CODE.findall(AFTER_ITS_SENTENCE.sub("", told))
    yield from FILE_WORD.findall(told)


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every paragraph on one line, so that a code and its sentence stand together."""
    monkeypatch.setattr(console, "UNKNOWN_WIDTH", 20_000)


@hazard("H81")
def test_no_code_stands_alone_on_the_terminal(the_cases: list[Written]) -> None:
    faults = {}
    for what, plain, text in said(the_cases):
        for found in alone(text, plain):
            faults.setdefault(f"{found} ({'plain' if plain else 'professional'})", what)
    assert faults == {}


@hazard("H81")
def test_no_code_stands_alone_on_paper_or_in_a_calendar(the_cases: list[Written], tmp_path: Path) -> None:
    from cobalamin.app.ics import calendars
    from cobalamin.app.paper.letter import letter_of
    from cobalamin.app.paper.lines import Look
    from cobalamin.app.paper.running import sheet_of_review

    faults = {}
    for case in the_cases:
        seen = reviewing.review_of(case_files.open_case(case.path), date.fromisoformat(case.on))
        if seen.plan is None or seen.plan.needs or not seen.plan.ladder.rungs:
            continue
        pages = {"sheet": (sheet_of_review(shipped.library(), seen, Look()), True)}
        pages["sheet for professionals"] = (sheet_of_review(shipped.library(), seen, Look(professional=True)), False)
        pages["letter"] = (letter_of(shipped.library(), seen, Look(professional=True)), False)
        for name, (page, plain) in pages.items():
            for text in texts(page):
                for found in alone(text, plain):
                    faults.setdefault(f"{found} in a {name}", f"{case.name}: {text[:120]}")
        output = tmp_path / f"{case.path.stem}.ics"
        pytest.importorskip("icalendar")
        wanted = calendars.Wanted(output, with_name=True)
        calendars.write_review(case.path, seen, wanted)
        import icalendar

        for event in icalendar.Calendar.from_ical(output.read_bytes()).walk("VEVENT"):
            for found in alone(str(event["DESCRIPTION"]), plain=True):
                faults.setdefault(f"{found} in a calendar", f"{case.name}: {event['DESCRIPTION'][:120]}")
    assert faults == {}


_NOT_READ = (
    "words",
    "sources",
    "language",
    "region",
    "paper",
)  # fixed words, titles of sources, and what no reader sees


def texts(page: Any, key: str = "") -> Iterator[str]:
    """Every text of a page as it reads."""
    if isinstance(page, dict):
        for name, value in page.items():
            if name not in _NOT_READ:
                yield from texts(value, name)
    elif isinstance(page, list) and key == "main":
        yield "".join(page)
    elif isinstance(page, list):
        for value in page:
            yield from texts(value, key)
    elif isinstance(page, str):
        yield page.replace("\u2060", "").replace("\u200b", "").replace("\u00a0", " ")


@hazard("H81")
def test_no_code_stands_alone_where_a_date_is_explained(the_cases: list[Written]) -> None:
    faults = {}
    for case in the_cases:
        doses = in_process("review", case.path, *case.day, "--json").document["evaluations"]
        for dose in doses[-1:]:
            told = in_process("explain", case.path, dose["event"], *case.day).out
            for found in alone(told, plain=False):
                faults.setdefault(f"{found} in explain", f"{case.name}: {dose['event']}")
    assert faults == {}


@hazard("H81")
def test_no_code_stands_alone_in_a_confirmation_or_a_refusal(the_cases: list[Written], tmp_path: Path) -> None:
    """An entry of each kind is typed once more, past what looks wrong, and taken back; plans are refused and accepted."""
    faults: dict[str, str] = {}
    kinds: set[tuple[str, str]] = set()
    for case in the_cases:
        tree = yaml.load(case.path.read_text("utf-8"), yaml.BaseLoader)
        path = tmp_path / "case.yaml"
        for event in tree.get("record") or []:
            kind = (event["kind"], event.get("decision") or event.get("marker") or event.get("fact") or "")
            if kind in kinds:
                continue
            kinds.add(kind)
            path.write_bytes(case.path.read_bytes())
            entry = json.dumps({key: value for key, value in event.items() if key not in ("id", "recorded_at")})
            for words in (
                ["record", path, entry],
                ["record", path, entry, "--yes"],
                ["undo", path],
                ["undo", path, "--yes"],
            ):
                _find(faults, case, in_process(*words, *case.day))
        path.write_bytes(case.path.read_bytes())
        for plan in case.plans:
            _find(faults, case, in_process("accept", path, *plan, "--by", "Dr A", *case.day))
            last = ["--last-dose", "2024-01-01", "--by", "Dr A"]
            _find(faults, case, in_process("take-over", path, *plan[:2], *plan[4:], *last, *case.day))
        if case.plans:
            for fact in ("pregnancy=pregnant", "neurological_involvement=present", "cause=unknown"):
                _find(faults, case, in_process("set", path, fact, *case.day, "--yes"))
    assert faults == {}


def _find(faults: dict[str, str], case: Written, run: Run) -> None:
    """A professional types; ids of entries and what is typed again are no text."""
    told = "\n".join(TYPED.sub("", line) for line in (run.out + run.err).splitlines())
    for found in alone(told, plain=False):
        place = max(told.find(found) - 80, 0)
        faults.setdefault(found, f"{case.name}: {told[place : place + 200]}")


TYPED = re.compile(r"/\S+\.yaml\S*|\(\d{4}-\S+\)|https?://\S+")


def test_the_lint_finds_what_it_looks_for() -> None:
    assert list(alone("Also: B12_HIGH_ON_TREATMENT", plain=False)) == ["B12_HIGH_ON_TREATMENT"]
    assert list(alone("Serum B12 is high. (B12_HIGH_ON_TREATMENT)", plain=False)) == []
    assert list(alone("Serum B12 is high. (B12_HIGH_ON_TREATMENT)", plain=True)) == ["B12_HIGH_ON_TREATMENT"]
    assert list(alone("Answer: worse_or_new", plain=False)) == ["worse_or_new"]
    assert list(alone("A plan (uk-bnf-noneuro)", plain=True)) == ["uk-bnf-noneuro"]
