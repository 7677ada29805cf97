"""What an event may say of days: its own, those of a period, a label's month; and plans that can't be."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from cobalamin.app.services.shipped import library
from cobalamin.casefile.events import read_event
from cobalamin.casefile.reader import read_case
from cobalamin.errors import InputError
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import KINDS

BORN = date(1958, 3, 2)
TEXTS = {
    "administration": {"as_planned": "true"}, "statement": {"taking": "yes"}, "omission": {"reason": "declined"},
    "result": {"marker": "potassium", "value": "3.9 mmol/L"}, "symptoms": {"mood": "3"}, "fact": {"fact": "vegan", "value": "absent"},
    "decision": {"decision": "stop", "by": "Dr A", "reason": "x"}, "hold": {}, "pause": {},
    "bridge": {"substance": "cyanocobalamin", "dose": "1 mg", "route": "oral"}, "history": {"phase": "load", "last_dose": "unknown"},
    "plan": {"protocol": "uk-bnf-noneuro", "version": "1", "start": "2026-02-02"}, "correction": {"withdraws": "a"},
    "reaction": {"to": "a", "signs": ["facial_swelling"]},
}  # fmt: skip
MONTHS = ("administration", "statement", "omission", "reaction", "result", "symptoms", "fact")


def read(kind: str, on: str = "2026-01-05", **more: Any) -> Event:
    return read_event({"date": on, "kind": kind, **TEXTS[kind], **more}, library(), BORN)


def fault(kind: str, on: str = "2026-01-05", **more: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as refused:
        read(kind, on, **more)
    (found,) = refused.value.faults
    assert (found.file, found.line) == ("event", 0)
    return found.path, found.message


def test_every_kind_is_tried_here() -> None:
    assert set(TEXTS) == set(KINDS)


@pytest.mark.parametrize("kind", TEXTS)
def test_a_month_is_enough_only_where_no_day_is_counted_from(kind: str) -> None:
    if kind in MONTHS:
        assert (read(kind, "2026-01").on, read(kind, "2026-01").month) == (None, "2026-01")
    else:
        path, message = fault(kind, "2026-01")
        assert path == "date"
        assert message == f"'2026-01' is a month, and {kind} needs the day; write a date such as 2026-01-15"


@pytest.mark.parametrize("kind", TEXTS)
def test_nothing_happened_before_birth(kind: str) -> None:
    path, message = fault(kind, "1958-03-01", **({"start": "1960-01-01"} if kind == "plan" else {}))
    assert (path, message) == ("date", "1958-03-01 is before the date of birth 1958-03-02; check both dates")
    assert read(kind, "1958-03-02").on == BORN
    if kind in MONTHS:
        assert fault(kind, "1958-02")[0] == "date"
        assert read(kind, "1958-03").month == "1958-03"
    assert read_event({"date": "1900-01-01", "kind": kind, **TEXTS[kind]}, library()).on == date(1900, 1, 1)


@pytest.mark.parametrize("kind", ["administration", "hold", "history"])
def test_an_event_of_an_unknown_day_says_where_such_a_dose_belongs(kind: str) -> None:
    path, message = fault(kind, "unknown")
    assert path == "date"
    assert "last_dose: unknown" in message


@pytest.mark.parametrize("kind", ["administration", "hold"])
@pytest.mark.parametrize("month", ["0000-01", "1849-12", "2401-01", "2026-13", "2026-1"])
def test_a_month_that_does_not_exist_is_refused(kind: str, month: str) -> None:
    path, message = fault(kind, month)
    assert path == "date"
    assert month in message


@pytest.mark.parametrize("kind", ["hold", "pause", "bridge", "statement"])
def test_an_end_before_the_event_is_refused(kind: str) -> None:
    path, message = fault(kind, until="2026-01-04")
    assert path == "until"
    assert message.startswith("2026-01-04 is before the event's own date 2026-01-05; ")
    assert ("recorded_at" in message) == (kind == "statement")
    assert read(kind, until="2026-01-05").until == date(2026, 1, 5)


def test_a_period_of_a_statement_runs_forward() -> None:
    path, message = fault("statement", **{"from": "2026-02-02", "until": "2026-02-01"})
    assert (path, message) == ("from", "2026-02-02 is after 'until', 2026-02-01; check both dates")
    assert fault("statement", "2026-01", until="2025-12-31")[0] == "until"
    assert read("statement", "2026-01", **{"from": "2025-06-01", "until": "2026-01-01"}).month == "2026-01"
    assert fault("statement", **{"from": "1958-03-01"})[0] == "from"


@pytest.mark.parametrize("last", ["2026-01-06", "2026-02"])
def test_a_last_dose_after_the_history_is_refused(last: str) -> None:
    path, message = fault("history", last_dose=last)
    assert (path, message) == ("last_dose", f"{last} is after the event's own date 2026-01-05; check both dates")


@pytest.mark.parametrize("last", ["2026-01-05", "2026-01", "1958-03", "unknown"])
def test_a_last_dose_up_to_the_history_is_read(last: str) -> None:
    assert str(read("history", last_dose=last).last_dose) == last


@pytest.mark.parametrize("last", ["1958-03-01", "1958-02"])
def test_a_last_dose_before_birth_is_refused(last: str) -> None:
    assert fault("history", last_dose=last)[0] == "last_dose"


@pytest.mark.parametrize(("label", "last"), [("2027-02", "2027-02-28"), ("2028-02", "2028-02-29"), ("2026-12", "2026-12-31")])  # fmt: skip
def test_a_label_with_a_month_lasts_to_its_last_day(label: str, last: str) -> None:
    data = read("administration", expires_on=label)
    assert (data.expires_on, data.expires_month) == (date.fromisoformat(last), label)
    whole = read("administration", expires_on=last)
    assert whole.expires_on == date.fromisoformat(last)
    assert whole.expires_month == ""


@pytest.mark.parametrize("label", ["02/2027", "2027-13", "0000-05", "2027", "unknown", "Feb 2027"])
def test_a_label_with_anything_else_is_refused(label: str) -> None:
    path, message = fault("administration", expires_on=label)
    assert path == "expires_on"
    assert label in message


@pytest.mark.parametrize(
    ("more", "path", "shown"),
    [
        ({"protocol": "uk-bnf-nonero"}, "protocol", "did you mean 'uk-bnf-noneuro'"),
        ({"protocol": "uk-ng239"}, "protocol", "guidance"),
        ({"version": "99"}, "version", "version 99 of uk-bnf-noneuro is not in this library"),
        ({"product": "nonsense"}, "product", "'nonsense'"),
        ({"choices": {"favourite": "3 mo"}}, "choices.favourite", "maintenance_interval"),
        ({"choices": {"maintenance_interval": "9 mo"}}, "choices.maintenance_interval", "9 mo"),
        ({"choices": "3 mo"}, "choices", "mapping"),
        ({"start": "1958-03-01"}, "start", "before the date of birth"),
    ],
)
def test_a_later_plan_is_checked_like_the_first(more: dict[str, Any], path: str, shown: str) -> None:
    at, message = fault("plan", **more)
    assert at == path
    assert shown in message
    good = {"choices": {"maintenance_interval": "2 mo"}, "product": "gb-hydroxocobalamin-1mg-1ml"}
    assert read("plan", **good).choices == {"maintenance_interval": "2 mo"}


def test_what_replaces_an_event_is_checked_like_one() -> None:
    inner = {"date": "2026-01", "kind": "hold"}
    assert fault("correction", replaced_by=inner)[0] == "replaced_by.date"
    assert fault("correction", replaced_by={"date": "1950-01-01", "kind": "hold"})[0] == "replaced_by.date"
    assert fault("correction", replaced_by={"date": "2026-01-05", "kind": "plan", **TEXTS["plan"], "version": "99"})[0] == "replaced_by.version"  # fmt: skip


@pytest.mark.parametrize("words", ["x" * 201, " "])
def test_own_words_for_a_symptom_are_short(words: str) -> None:
    assert fault("symptoms", own={words: "3"})[0] == f"own.{words}"[:204]
    assert read("symptoms", own={"x" * 200: "3"}).own == {"x" * 200: 3}


@pytest.mark.parametrize("authority", [{"by": ["a"]}, {"by": "Dr A", "product": {"a": "b"}}])
def test_an_authority_is_named_in_words(authority: dict[str, Any]) -> None:
    assert fault("administration", authority=authority)[0].startswith("authority.")


IDS = {
    "administration": "2026-01-05-administration-e01a713c",
    "omission": "2026-01-05-omission-2b0deeab",
    "hold": "2026-01-05-hold-4e644d3d",
}


@pytest.mark.parametrize("kind", IDS)
def test_an_id_made_from_content_never_changes(kind: str) -> None:
    """Corrections name it, in files that were written by earlier versions."""
    assert read(kind).id == IDS[kind]
    assert read(kind, recorded_at="2026-01-07").id == IDS[kind]
    assert read_event({"on": "2026-01-05", "kind": kind, **TEXTS[kind]}, library()).id == IDS[kind]
    assert read(kind, note="x").id != IDS[kind]


def test_a_file_tells_the_line_of_each_of_these() -> None:
    text = "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02}\nrecord:\n"
    text += "- {date: 1958-03-01, kind: hold}\n- {date: 2026-01, kind: pause}\n- {date: 2026-01-05, kind: hold, until: 2026-01-04}\n"
    with pytest.raises(InputError) as refused:
        read_case(text, "x", library())
    assert re.findall(r"x:(\d): (\S+):", str(refused.value)) == [("4", "record[0].date"), ("5", "record[1].date"), ("6", "record[2].until")]  # fmt: skip
