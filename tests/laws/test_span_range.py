"""One range for every interval of treatment, 1 d to 10 a: typed, in a case file, in a policy, in a choice; outside it nothing happens."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from command_line import in_process
from hypothesis import given, settings
from hypothesis import strategies as st

from cobalamin.casefile.events import read_event
from cobalamin.casefile.reader import read_case
from cobalamin.errors import InputError
from cobalamin.knowledge.loading import compiled
from cobalamin.spans import Span, SpanRefused, read_span, read_typed_span
from cobalamin.therapy.review.review import review
from hazards import hazard

HEAD = """cobalamin: 1
patient: {id: a, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: PREVIOUS}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}, accepted_by: Dr A, accepted_on: 2026-01-02}
record:
"""
HISTORY = "  - {date: 2026-01-05, kind: history, phase: maintenance, last_dose: 2026-01-04INTERVAL}\n"
CHANGED = "  - {date: 2026-02-01, kind: decision, decision: change_interval, by: Dr A, reason: r, interval: INTERVAL}\n"
ON = date(2026, 11, 20)
OUTSIDE = [
    "0 d",
    "0 wk",
    "0 mo",
    "0 a",
    "3654 d",
    "522 wk",
    "121 mo",
    "11 a",
    "1000 mo",
    "9999 d",
    "9999 wk",
    "9999 mo",
    "9999 a",
]
INSIDE = ["1 d", "3653 d", "521 wk", "120 mo", "10 a", "8 weeks", "three months"]


def seen(*events: str, interval: str = "", previous: str = "maintenance", on: date = ON):  # type: ignore[no-untyped-def]
    told = HISTORY.replace("INTERVAL", f", interval: {interval}" if interval else "")
    text = HEAD.replace("PREVIOUS", previous) + told + "".join(events)
    return review(compiled(), read_case(text, "a.yaml", compiled()), on)


@pytest.mark.parametrize("text", OUTSIDE)
def test_one_outside_is_refused_where_it_is_typed(text: str) -> None:
    assert isinstance(read_span(text), Span)
    with pytest.raises(SpanRefused, match="is not from 1 d to 10 a"):
        read_typed_span(text)
    for entry in (
        {"kind": "decision", "decision": "change_interval", "by": "Dr", "reason": "r"},
        {"kind": "history", "phase": "maintenance", "last_dose": "2025-12-01"},
    ):
        with pytest.raises(InputError, match="is not from 1 d to 10 a"):
            read_event({"date": "2026-01-06", "interval": text, **entry}, compiled())


@pytest.mark.parametrize("text", INSIDE)
def test_one_inside_is_read(text: str) -> None:
    assert read_typed_span(text).in_range
    entry = {"date": "2026-01-06", "kind": "decision", "decision": "change_interval", "by": "Dr", "reason": "r"}
    assert read_event({**entry, "interval": text}, compiled()).interval == read_span(text)


@hazard("H15")
@pytest.mark.parametrize("text", OUTSIDE)
def test_one_outside_in_a_file_changes_nothing_and_is_a_question(text: str) -> None:
    """Also where another interval was set before: it stays."""
    before, changed = (
        CHANGED.replace("INTERVAL", "2 mo"),
        CHANGED.replace("2026-02-01", "2026-03-01").replace("INTERVAL", text),
    )
    for without, found in (
        (seen(), seen(interval=text)),
        (seen(before), seen(before, changed)),
        (seen(), seen(changed)),
    ):
        assert found.outlook.dates == without.outlook.dates
        assert "INTERVAL_OUT_OF_RANGE" in [question.code for question in found.questions]
        assert "INTERVAL_OUT_OF_RANGE" not in [question.code for question in without.questions]


@settings(max_examples=200, deadline=None)
@given(
    number=st.integers(0, 9999), unit=st.sampled_from(["d", "wk", "mo", "a"]), waived=st.booleans(),
    on=st.dates(date(2026, 3, 1), date(2200, 1, 1)),
)  # fmt: skip
def test_no_interval_of_a_file_leaves_the_fold(number: int, unit: str, waived: bool, on: date) -> None:
    """The longest one waived is two of them, and still has a row of windows."""
    waive = CHANGED.replace("change_interval", "waive").replace(", interval: INTERVAL", "") if waived else ""
    found = seen(CHANGED.replace("INTERVAL", f"{number} {unit}"), waive, on=on)
    assert found.outlook.dates is not None
    assert all(day > -1_000_000 for day in found.outlook.dates)


@pytest.mark.parametrize(
    "command", [("check",), ("review", "--json"), ("due",), ("explain", "2026-01-04"), ("simulate", "--json")]
)
def test_no_command_ends_with_a_defect(command: tuple[str, ...], tmp_path: Path) -> None:
    case = tmp_path / "a.yaml"
    history = HISTORY.replace("INTERVAL", ", interval: 9999 mo, doses: 1000")
    case.write_text(HEAD.replace("PREVIOUS", "maintenance") + history + CHANGED.replace("INTERVAL", "9999 a"))
    day = ("--on", ON) if command[0] != "check" else ()
    told = in_process(command[0], case, *command[1:], *day)
    assert told.code != 70, told.err
    if command[0] == "review":
        assert "INTERVAL_OUT_OF_RANGE" in [question["code"] for question in json.loads(told.out)["questions"]]


def test_record_refuses_one_outside(tmp_path: Path) -> None:
    case = tmp_path / "a.yaml"
    case.write_text(HEAD.replace("PREVIOUS", "maintenance") + HISTORY.replace("INTERVAL", ""))
    before = case.read_bytes()
    entry = ("decision", "2026-02-01", "decision=change_interval", "by=Dr A", "reason=r")
    told = in_process("record", case, *entry, "interval=9999 mo", "--on", "2026-02-01")
    assert (told.code, case.read_bytes()) == (3, before)
    assert "is not from 1 d to 10 a" in told.err


@pytest.mark.parametrize("text", OUTSIDE)
def test_a_choice_and_a_policy_have_the_same_range(text: str, tmp_path: Path) -> None:
    case = tmp_path / "a.yaml"
    case.write_text(HEAD.split("plan:", maxsplit=1)[0].replace("PREVIOUS", "none"))
    plan = ("plan", case, "--protocol", "uk-bnf-noneuro", "--start", "2026-01-05", "--on", "2026-01-02")
    assert "is not from 1 d to 10 a" in in_process(*plan, "--choose", f"maintenance_interval={text}").err
    policy = tmp_path / "policy.yaml"
    policy.write_text(
        f"policy: ours\nowner: us\ndate: 2026-01-01\nsubstitute_interval: {{hydroxocobalamin: {{cyanocobalamin: {text}}}}}\n"
    )
    told = in_process(*plan, "--choose", "maintenance_interval=3 mo", "--policy", policy)
    assert (told.code, "must be from 1 d to 10 a" in told.err) == (3, True)
