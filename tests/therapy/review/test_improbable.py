"""What looks wrong with an entry: each kind that is asked about, and its ordinary neighbour that is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cobalamin.casefile.events import read_event
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.review.improbable import improbable
from hazards import hazard

ON = date(2026, 9, 1)
CASE = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, previous_treatment: none}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}}
record:
  - {id: a, date: 2026-01-05, kind: administration, as_planned: true}
  - {id: b, date: 2026-01-07, kind: administration, as_planned: true}
  - {id: gone, date: 2026-01-08, kind: administration, as_planned: true}
  - {id: c, date: 2026-01-09, kind: correction, withdraws: gone}
  - {id: h, date: 2026-05-02, kind: history, phase: maintenance, last_dose: 2026-05-01}
  - {id: f, date: 2026-05-02, kind: fact, fact: anaemia, value: mild}
  - {id: y, date: 2026-02-01, kind: result, marker: mcv, value: 101 fL}
  - {id: undo-z, date: 2026-02-01, kind: correction, withdraws: y}
  - {id: i, date: 2026-08-02, kind: decision, decision: change_interval, interval: 2 mo, by: x, reason: y}
  - {id: r, date: 2026-08-03, kind: decision, decision: resume, by: x, reason: y}
  - {id: m, date: 2025-12, kind: administration, as_planned: true, source: reported}
"""
DOSE = {"date": "2026-08-01", "kind": "administration", "substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}
INTERVAL = {"date": "2026-08-02", "kind": "decision", "decision": "change_interval", "interval": "2 mo", "by": "x", "reason": "y"}  # fmt: skip
RESULT = {"date": "2026-08-01", "kind": "result", "marker": "potassium", "value": "4.1 mmol/L"}


@pytest.fixture
def case(library: Library) -> Case:
    return read_case(CASE, "case", library)


def codes(library: Library, case: Case, event: dict[str, Any], on: date = ON) -> list[str]:
    return [doubt.code for doubt in improbable(library, case, read_event(event, library), on)]


STOP = {"date": "2026-08-02", "kind": "decision", "decision": "stop", "by": "x", "reason": "y"}
ASKED = {
    "a stop on the day of a resume": ({**STOP, "date": "2026-08-03"}, ["SAID_OTHERWISE"]),
    "a hold on the day of a resume": ({"date": "2026-08-03", "kind": "hold"}, ["SAID_OTHERWISE"]),
    "another substance": ({**DOSE, "substance": "cyanocobalamin"}, ["ANOTHER_SUBSTANCE"]),
    "another route": ({**DOSE, "route": "sc"}, ["ANOTHER_ROUTE"]),
    "a year before": ({**DOSE, "date": "2025-08-01"}, ["DOSE_LONG_AGO"]),
    "a fifth": ({**DOSE, "dose": "200 mcg"}, ["DOSE_SMALL"]),
    "five times": ({**DOSE, "dose": "5 mg"}, ["DOSE_LARGE"]),
    "a thousand times": ({**DOSE, "dose": "1000 mg"}, ["DOSE_LARGE"]),
    "a day ahead": ({**DOSE, "date": "2026-09-02"}, ["DAY_AHEAD"]),
    "a month ahead": ({**DOSE, "date": "2026-10"}, ["DAY_AHEAD"]),
    "a result of next year": ({**RESULT, "date": "2027-08-01"}, ["DAY_AHEAD"]),
    "a second dose of the day": ({**DOSE, "date": "2026-01-07"}, ["SECOND_OF_DAY"]),
    "a second one, said to be additional": ({**DOSE, "date": "2026-01-07", "intent": "additional"}, ["SECOND_OF_DAY"]),
    "before it counts": ({**DOSE, "date": "2026-05-20"}, ["BEFORE_COUNT_FROM"]),
    "the antidote": ({**DOSE, "product": "cyanokit-5g"}, ["PRODUCT_NO_REPLACEMENT"]),
    "a product of another substance": ({**DOSE, "product": "us-cyanocobalamin-1mg-1ml"}, ["PRODUCT_CONTRADICTS"]),
    "the same under a planned dose": ({"date": "2026-08-01", "kind": "administration", "as_planned": "true", "product": "us-cyanocobalamin-1mg-1ml"}, ["PRODUCT_CONTRADICTS"]),
    "a phase that is none": ({"date": "2026-08-01", "kind": "history", "phase": "maintainance", "last_dose": "2026-07-01"}, ["PHASE_UNKNOWN"]),
    "a correction of nothing": ({"date": "2026-08-01", "kind": "correction", "withdraws": "foo"}, ["ID_UNKNOWN"]),
    "a correction of what is gone": ({"date": "2026-08-01", "kind": "correction", "withdraws": "gone"}, ["ID_WITHDRAWN"]),
    "a decision about nothing": ({"date": "2026-08-01", "kind": "decision", "decision": "credit", "event": "foo", "by": "x", "reason": "y"}, ["ID_UNKNOWN"]),
    "an implausible result": ({**RESULT, "value": "19 mmol/L"}, ["VALUE_IMPLAUSIBLE"]),
    "a fact that contradicts one of its day": ({"date": "2026-05-02", "kind": "fact", "fact": "anaemia", "value": "severe"}, ["FACT_STATED_TWICE"]),
    "what a correction puts in": ({"date": "2026-08-01", "kind": "correction", "withdraws": "b", "replaced_by": {**DOSE, "date": "2026-01-07", "dose": "10 mg"}}, ["DOSE_LARGE"]),
    "a product nobody knows": ({**DOSE, "product": "a box without a name"}, ["PRODUCT_UNKNOWN"]),
    "a reaction to nothing": ({"date": "2026-08-01", "kind": "reaction", "to": "foo", "signs": ["x"]}, ["ID_UNKNOWN"]),
    "more doses than the phase has": ({"date": "2026-08-01", "kind": "history", "phase": "loading", "last_dose": "2026-07-01", "doses": "9"}, ["DOSES_ABOVE_PHASE"]),
    "a correction of what undo wrote": ({"date": "2026-08-01", "kind": "correction", "withdraws": "undo-z"}, ["UNDO_STAYS"]),
    "another interval of its day": ({**INTERVAL, "interval": "4 mo"}, ["SAID_OTHERWISE"]),
    "another history of its day": ({"date": "2026-05-02", "kind": "history", "phase": "maintenance", "last_dose": "2026-04-01"}, ["SAID_OTHERWISE"]),
    "the day of a dose known by its month": ({**DOSE, "date": "2025-12-10", "source": "reported"}, ["SAME_MONTH"]),
    "the month of a dose known by its day": ({**DOSE, "date": "2026-01", "source": "reported"}, ["DAY_OF_MONTH"]),
    "ten times the interval that was meant": ({**INTERVAL, "date": "2026-08-03", "interval": "120 wk"}, ["INTERVAL_LONG"]),
    "days for months": ({**INTERVAL, "date": "2026-08-03", "interval": "3 d"}, ["INTERVAL_SHORT"]),
    "a history with such an interval": ({"date": "2026-08-01", "kind": "history", "phase": "maintenance", "last_dose": "2026-07-01", "interval": "120 wk"}, ["INTERVAL_LONG"]),
    "several at once": ({**DOSE, "date": "2026-09-02", "substance": "cyanocobalamin", "dose": "100 mcg"}, ["DAY_AHEAD", "ANOTHER_SUBSTANCE", "DOSE_SMALL"]),
}  # fmt: skip
ORDINARY = {
    "the planned dose": {"date": "2026-08-01", "kind": "administration", "as_planned": "true"},
    "the same in words": DOSE,
    "a little more than a fifth": {**DOSE, "dose": "201 mcg"},
    "less than five times": {**DOSE, "dose": "4.9 mg"},
    "today": {**DOSE, "date": "2026-09-01"},
    "late": {**DOSE, "date": "2026-08-31"},
    "its own product": {**DOSE, "product": "gb-hydroxocobalamin-1mg-1ml"},
    "an early one that is meant": {**DOSE, "date": "2026-05-20", "intent": "additional"},
    "the same interval once more": INTERVAL,
    "another interval of another day": {**INTERVAL, "date": "2026-08-03", "interval": "4 mo"},
    "a year, where three months are published": {**INTERVAL, "date": "2026-08-03", "interval": "1 a"},
    "two weeks, where two months are published": {**INTERVAL, "date": "2026-08-03", "interval": "2 wk"},
    "a reaction to a dose": {"date": "2026-08-01", "kind": "reaction", "to": "b", "signs": ["x"]},
    "a reaction to a dose that nobody knows": {"date": "2026-08-01", "kind": "reaction", "to": "unknown", "signs": ["x"]},
    "loading, as people say": {"date": "2026-08-01", "kind": "history", "phase": "loading", "last_dose": "2026-07-01"},
    "a correction of an entry": {"date": "2026-08-01", "kind": "correction", "withdraws": "b"},
    "a correction of the plan": {"date": "2026-08-01", "kind": "correction", "withdraws": "plan"},
    "the right dose in place of another": {"date": "2026-08-01", "kind": "correction", "withdraws": "b", "replaced_by": {**DOSE, "date": "2026-01-07"}},
    "a dose of the day of one that was taken back": {**DOSE, "date": "2026-01-08", "intent": "additional"},
    "an ordinary result": RESULT,
    "an alarming one": {**RESULT, "value": "1.9 mmol/L"},
    "a fact of another day": {"date": "2026-05-03", "kind": "fact", "fact": "anaemia", "value": "severe"},
}  # fmt: skip


@hazard("H158")
def test_last_years_date_is_asked_only_out_of_the_order_of_the_record(library: Library, case: Case) -> None:
    old = {**DOSE, "date": "2026-01-04"}  # before the plan and its doses
    assert codes(library, case, old, date(2026, 10, 30)) == []
    assert codes(library, case, old, date(2027, 1, 4)) == ["DOSE_LONG_AGO"]
    first = replace(case, record=())
    assert (
        codes(library, first, {**DOSE, "date": "2026-01-05"}, date(2027, 1, 4)) == []
    )  # a record entered in its order
    assert codes(library, first, old, date(2027, 1, 4)) == ["DOSE_LONG_AGO"]


@hazard("H73")
@pytest.mark.parametrize("name", ASKED)
def test_what_is_improbable_is_asked(library: Library, case: Case, name: str) -> None:
    event, expected = ASKED[name]
    assert codes(library, case, event) == expected


@pytest.mark.parametrize("name", ORDINARY)
def test_what_is_ordinary_is_not_asked(library: Library, case: Case, name: str) -> None:
    assert codes(library, case, ORDINARY[name]) == []


def test_without_a_plan_only_what_needs_none_is_asked(library: Library, case: Case) -> None:
    nothing = replace(case, plan=None, record=())
    assert codes(library, nothing, {**DOSE, "substance": "cyanocobalamin", "route": "sc"}) == []
    assert codes(library, nothing, {**DOSE, "dose": "100 mg"}) == ["DOSE_OVER_TEN"]
    assert codes(library, nothing, {**DOSE, "dose": "0.01 mg", "product": "gb-hydroxocobalamin-1mg-1ml"}) == ["PRODUCT_FIVEFOLD"]  # fmt: skip


def test_a_dose_of_a_bridge_is_no_other_than_planned(library: Library, case: Case) -> None:
    by_mouth = {"date": "2026-07-10", "kind": "administration", "substance": "cyanocobalamin", "dose": "1 mg", "route": "oral"}  # fmt: skip
    bridge = {"date": "2026-07-01", "kind": "bridge", "substance": "cyanocobalamin", "dose": "1 mg", "route": "oral", "until": "2026-07-31"}  # fmt: skip
    bridged = replace(case, record=(*case.record, read_event(bridge, library)))
    assert "ANOTHER_SUBSTANCE" in codes(library, case, by_mouth)
    assert "ANOTHER_SUBSTANCE" not in codes(library, bridged, by_mouth)
    assert "ANOTHER_SUBSTANCE" in codes(library, bridged, {**by_mouth, "date": "2026-08-10"})
