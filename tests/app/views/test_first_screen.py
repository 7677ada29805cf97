"""The short forms on a terminal: at most a screen, and nothing that must be seen is only counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from command_line import EXAMPLES, in_process
from told_answers import WORKED, ask, written_cases
from vocabulary_cases import written

from cobalamin.app.services import cases as case_files
from cobalamin.app.services import planning, shipped
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.first_screen import numbered
from cobalamin.app.views.propose import beside_options
from cobalamin.app.views.tree import ALARM, WARNING, Callout
from cobalamin.errors import visible
from cobalamin.therapy.case.issues import LEADING_NOTES
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.proposal.proposal import Option, Proposal
from cobalamin.therapy.safety.caveats import SHOWN_AT_OPTION, shown_at_option
from hazards import hazard

ON = "2026-11-30"
MOST_PROPOSED, MOST_ELSEWHERE = 25, 45


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("manner", [(), ("--plain",)], ids=["professional", "plain"])
def test_an_answer_is_at_most_a_screen(path: Path, manner: tuple[str, ...]) -> None:
    for command in ("propose", "assess", "review", "due"):
        answer = in_process(command, path.relative_to(path.parents[1]), "--on", ON, *manner).out
        most = MOST_PROPOSED if command == "propose" else MOST_ELSEWHERE
        assert 0 < len(answer.splitlines()) <= most, (command, answer)


# -- nothing that must be seen is only counted ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, str]]:
    """Examples, worked cases and those in which every word of the contract occurs, each with a day."""
    found = [(path, ON) for path in EXAMPLES]
    found += written_cases(tmp_path_factory.mktemp("worked"))
    found += [(case.path, case.on) for case in written(tmp_path_factory.mktemp("vocabulary"))]
    assert len(found) > len(EXAMPLES) + len(WORKED)
    return found


@hazard("H153")
def test_what_must_be_seen_first_stands_in_the_short_form(people: list[tuple[Path, str]]) -> None:
    """Alarms, blocks, what is acknowledged and interrupts: by code and deed to a professional, in full to a patient."""
    looked_at = 0
    for path, on in people:
        for command in ("propose", "review", "due"):
            document = in_process(command, path, "--on", on, "--json").document
            texts = {
                plain: _flowed(ask(command, path, "--on", on, *["--plain"] * plain).out) for plain in (False, True)
            }
            for issue in _first(document.get("issues", []), command):
                looked_at += 1
                assert f"({issue['code']})" in texts[False], (path.stem, command, issue["code"], texts[False])
                assert _said(path, issue["plain"]) in texts[True], (path.stem, command, issue["code"], texts[True])
                done = [_said(path, part) for part in (issue["action"], issue["plain"]) if part]
                assert any(part in texts[False] for part in done), (path.stem, command, issue["code"])
    assert looked_at > 60


def _first(issues: list[dict[str, Any]], command: str) -> Iterator[dict[str, Any]]:
    aside = beside_options(shipped.library()) if command == "propose" else frozenset()
    for issue in issues:
        if (
            issue["severity"] == "block"
            or issue["code"] in LEADING_NOTES
            or (issue["interrupts"] and issue["code"] not in aside)
        ):
            yield issue


@hazard("H153")
@pytest.mark.parametrize("manner", [(), ("--plain",)], ids=["professional", "plain"])
def test_no_open_test_stands_above_what_is_urgent(manner: tuple[str, ...]) -> None:
    """A blood test "before the first dose" above "start at once" reads as a reason to wait."""
    read = 0
    for path in EXAMPLES:
        said = in_process("propose", path, "--on", ON, *manner).out
        if "URGENT: " in said and (
            opens := [said.index(word) for word in ("Confirm, still open", "Confirm open") if word in said]
        ):
            read += 1
            assert said.index("URGENT: ") < min(opens), path.name
    assert read


@hazard("H153")
def test_what_speaks_against_a_shown_option_stands_beside_it(people: list[tuple[Path, str]]) -> None:
    caveats = checks = 0
    for path, on in people:
        proposal = _proposal(path, on)
        texts = {plain: _flowed(ask("propose", path, "--on", on, *["--plain"] * plain).out) for plain in (False, True)}
        for option in _shown(proposal):
            for caveat in (each for each in shown_at_option(option.caveats) if each.holds is TRUE and not each.affirms):
                caveats += 1
                assert _said(path, caveat.text) in texts[False], (path.stem, option.protocol.id, texts[False])
            for issue in option.precautions:
                if issue.severity == "acknowledge" and issue.code != "CAVEAT":
                    checks += 1
                    assert f"({issue.code})" in texts[False], (path.stem, option.protocol.id, issue.code)
    assert caveats
    assert checks


@hazard("H153")
def test_a_caveat_that_holds_is_never_only_counted() -> None:
    """The usual form on pages, too, shows every one, however many there are."""
    from cobalamin.app.views.caveats import lines_in_short, option_lines

    library = shipped.library()
    holding = [
        caveat
        for path in EXAMPLES
        for option in _proposal(path, ON).options
        for caveat in option.caveats
        if caveat.holds is TRUE and not caveat.affirms
    ]
    many = list(dict.fromkeys(holding))[: SHOWN_AT_OPTION + 2]
    assert len(many) > SHOWN_AT_OPTION
    for lines in (option_lines, lines_in_short):
        told = list(lines(Builder(library, False, "GB"), many))
        assert all(any(visible(caveat.text) in line for line in told) for caveat in many)


def test_what_interrupts_is_a_callout_that_a_terminal_colours() -> None:
    from cobalamin.app.views.first_screen import view_of_first_screen

    case = case_files.open_case(next(path for path in EXAMPLES if path.stem == "kidney-disease"))
    proposal = planning.propose_for(case, date.fromisoformat(ON))
    view = view_of_first_screen(proposal, case, shipped.library(), False, "case.yaml")
    kinds = [node.kind for node in view.nodes if isinstance(node, Callout)]
    assert len(kinds) == 4
    assert set(kinds) <= {ALARM, WARNING}


def test_two_alternatives_are_no_repetition_of_the_first() -> None:
    for path in EXAMPLES:
        first, *others = _shown(_proposal(path, ON)) or [None]
        assert len(others) <= 2
        assert first not in others


def elsewhere(tmp_path: Path, example: str, country: str) -> str:
    """The first screen of an example as if the person lived in another country."""
    text = (EXAMPLES[0].parent / f"{example}.yaml").read_text("utf-8")
    path = tmp_path / "a.yaml"
    path.write_text(re.sub(r"country: [A-Z]{2}", f"country: {country}", text), "utf-8")
    return _flowed(in_process("propose", str(path), "--on", ON).out)


@hazard("H153")
@pytest.mark.parametrize(
    ("example", "country", "whose", "why"),
    [
        ("pernicious-anaemia-neurological", "IN", "general guidance (GB)", "Not the nearest text leads:"),
        ("pernicious-anaemia-neurological", "DE", "a near country (AT)", "Not the nearest text leads:"),
        ("child", "DE", "general guidance (NL)", "Not the nearest text leads:"),
        ("child", "NL", "", ""),
        ("leber-gb", "US", "general guidance (GB)", "whatever their country:"),
        ("pernicious-anaemia-neurological", "GB", "", ""),
    ],
)
def test_an_option_that_leads_says_whose_text_it_is(
    tmp_path: Path, example: str, country: str, whose: str, why: str
) -> None:
    said = elsewhere(tmp_path, example, country)
    lead = said[said.index(" 1. ") : said.index(" 2. ")]
    assert whose in lead
    assert ("country (" in lead or "guidance (" in lead) == bool(whose)
    assert why in said[: said.index(" 1. ")]
    assert ("Not the nearest" in said) == why.startswith("Not the nearest")


@pytest.mark.parametrize("country", ["NL", "DE", "IN"])
def test_texts_of_other_countries_stand_beside_a_lonely_option_and_say_so(tmp_path: Path, country: str) -> None:
    said = elsewhere(tmp_path, "bariatric-planning-pregnancy", country)
    assert "2. asmbs-maintenance" in said
    assert said.index("another country (US); not the newest edition") < said.index("3. uk-bomss-proph")
    assert "another country (GB)" in said


def test_a_list_of_sources_comes_where_it_is_asked_for() -> None:
    path = next(path for path in EXAMPLES if path.stem == "treatment-running")
    for command in ("propose", "review", "due", "assess"):
        short, listed, whole = (
            in_process(command, path, "--on", ON, *more).out for more in ((), ("--sources",), ("--all",))
        )
        assert "--sources. Library" in short
        assert "\nSources\n" not in short
        for text in (listed, whole):
            assert "\nSources\n  [1] " in text
        assert len(whole.splitlines()) >= len(listed.splitlines())


# -- how it is read ------------------------------------------------------------------------------------------------


@cache
def _proposal(path: Path, on: str) -> Proposal:
    return planning.propose_for(case_files.open_case(path), date.fromisoformat(on))


def _shown(proposal: Proposal) -> list[Option]:
    return list(numbered(proposal, shipped.library(), proposal.case.patient.country))


def _said(path: Path, text: str) -> str:
    """A sentence as this person reads it."""
    country = case_files.open_case(path).patient.country
    return _flowed(visible(Builder(shipped.library(), False, country).spelled(text)))


def _flowed(text: str) -> str:
    return " ".join(text.split())
