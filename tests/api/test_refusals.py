"""What can't be read ends in one sentence: an InputError that names the argument, and never in a failure of Python."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command_line import example, nothing_written

import cobalamin as b12
from cobalamin.amounts import Mass
from cobalamin.spans import Span

NEW = date(2026, 1, 2)
MORNING = datetime(2026, 1, 5, 9, tzinfo=UTC)
RECORDED = {"date": "2026-10-09", "kind": "administration", "as_planned": True}
HERSELF: list[object] = []
HERSELF.append(HERSELF)


def untreated() -> b12.Case:
    return b12.read_case(example("pernicious-anaemia"))


def running() -> b12.Case:
    return b12.read_case(example("treatment-running"))


def written(**parts: object) -> dict[str, object]:
    return {"cobalamin": 1, "patient": {"id": "x"}, **parts}


# What is called, and the place and a part of the sentence of the one fault.
REFUSED: dict[str, tuple[Callable[[Any], object], str, str]] = {
    "a file that is not there": (lambda any: b12.read_case("nowhere.yaml"), "nowhere.yaml", "can't be read: No such file"),
    "a folder": (lambda any: b12.read_case("."), ".", "can't be read"),
    "content in a str": (lambda any: b12.read_case("cobalamin: 1\npatient: {id: x}\n"), "case", "content is handed over as bytes"),
    "an empty str": (lambda any: b12.read_case(""), "case", "an empty text is no file name"),
    "a name with an end": (lambda any: b12.read_case("a\0b"), "case", "is no file name"),
    "a path of bytes": (lambda any: b12.read_case(any(BytesPath())), "case", "must be a file name as text"),
    "no text of an answer": (lambda any: b12.in_words(any(7)), "text", "must be a text of an answer"),
    "a language without words": (lambda any: b12.in_words("x", language="xx"), "language", "there are no words in 'xx'"),
    "no source at all": (lambda any: b12.read_case(any(None)), "case", "must be a file name, bytes or a mapping, not None"),
    "bytes that are no text": (lambda any: b12.read_case(b"a: \xc3("), "case", "not UTF-8"),
    "text of another encoding": (lambda any: b12.read_case("a: b".encode("utf-16")), "case", "save it as UTF-8"),
    "bytes that are no YAML": (lambda any: b12.read_case(b"a: [1"), "case", "not readable as YAML"),
    "no patient": (lambda any: b12.read_case({"cobalamin": 1, "patient": {}}), "case", "the key 'id' is missing"),
    "a point in time": (
        lambda any: b12.read_case(written(plan={"protocol": "uk-bnf-noneuro", "version": 1, "start": MORNING})),
        "case", "2026-01-05 09:00:00+00:00 is a point in time",
    ),
    "a key that YAML 1.1 made of `on`": (lambda any: b12.read_case(written(record=[{True: NEW}])), "case", "a key must be a text, and True"),
    "a value without a text": (lambda any: b12.read_case(written(facts={"cause": {1, 2}})), "case", "a set has no text"),
    "half a character": (lambda any: b12.read_case({"cobalamin": 1, "patient": {"id": "\ud800"}}), "case", "half a character"),
    "a list that holds itself": (lambda any: b12.read_case(written(record=HERSELF)), "case", "nested more than"),
    "a country that YAML 1.1 made of NO": (
        lambda any: b12.read_case({"cobalamin": 1, "patient": {"id": "x", "country": False}}), "case", "'false' must be a country code",
    ),
    "a number without its unit": (lambda any: b12.read_case(written(facts={"weight": 62})), "case", "'62' must be a weight such as 62 kg"),
    "a fact without a value": (lambda any: b12.read_case(written(facts={"deficiency": None})), "case", "is not one of the allowed words"),
    "a date that does not exist": (
        lambda any: b12.read_case({"cobalamin": 1, "patient": {"id": "x", "birth_date": "1958-02-30"}}), "case", "that month has 28 days",
    ),
    "a path for a case": (lambda any: b12.propose(any("anna.yaml")), "case", "must be a Case (read one with read_case)"),
    "a mapping for a case": (lambda any: b12.review(any({})), "case", "must be a Case"),
    "a day that does not exist": (lambda any: b12.propose(untreated(), on="2026-02-30"), "on", "that month has 28 days"),
    "a day of two readings": (lambda any: b12.review(running(), on="02/01/2026"), "on", "is not a date"),
    "a day of the far future": (lambda any: b12.propose(untreated(), on=date(9999, 12, 31)), "on", "the years 1850 to 2400"),
    "a day with a time": (lambda any: b12.due(running(), on=MORNING), "on", "is a point in time"),
    "a day that is a number": (lambda any: b12.what_if(untreated(), on=any(20260102)), "on", "must be a date"),
    "a start that does not exist": (lambda any: b12.plan(untreated(), "uk-bnf-noneuro", start="2026-13-01"), "start", "there are 12 months"),
    "a start before birth": (lambda any: b12.plan(untreated(), "uk-bnf-noneuro", start="1900-01-01", on=NEW, choices={"maintenance_interval": "3 mo"}), "", "birth"),
    "an unknown protocol": (lambda any: b12.plan(untreated(), "uk-bnf-nonneuro"), "library", "there is no protocol 'uk-bnf-nonneuro'"),
    "an unknown protocol beside others": (lambda any: b12.compare(untreated(), "uk-bnf-nonneuro"), "library", "there is no protocol"),
    "a protocol that is no text": (lambda any: b12.plan(untreated(), any(None)), "protocol", "must be a text, not None"),
    "an unknown product": (lambda any: b12.plan(untreated(), "uk-bnf-noneuro", product="x"), "product", "there is no such product"),
    "a choice outside its range": (
        lambda any: b12.plan(untreated(), "uk-bnf-noneuro", choices={"maintenance_interval": "9 mo"}, on=NEW), "", "9 mo",
    ),
    "a choice that is a list": (
        lambda any: b12.plan(untreated(), "uk-bnf-noneuro", choices={"maintenance_interval": ["3 mo"]}), "choices", "must be a text such as",
    ),
    "choices that are no mapping": (lambda any: b12.plan(untreated(), "uk-bnf-noneuro", choices=any("3 mo")), "choices", "must be a mapping"),
    "no month": (lambda any: b12.plan(untreated(), "uk-bnf-noneuro", months=0), "months", "from 1 to 480"),
    "months as a text": (lambda any: b12.plan(untreated(), "uk-bnf-noneuro", months=any("12")), "months", "must be a whole number"),
    "a truth value for a number": (lambda any: b12.simulate("1 mg daily", people=True), "people", "must be a whole number"),
    "few days": (lambda any: b12.compare(untreated(), days=3, on=NEW), "days", "3 is outside 7 to 730 days"),
    "only nothing": (lambda any: b12.compare(untreated(), only=True, on=NEW), "only", "needs at least one protocol"),
    "a choice that nobody leaves open": (lambda any: b12.compare(untreated(), choices={"x": "3 mo"}, on=NEW), "choices", "leaves this open"),
    "a policy that is not there": (lambda any: b12.review(running(), policy="nowhere.yaml"), "nowhere.yaml", "can't be read"),
    "a policy without an owner": (lambda any: b12.review(running(), policy={"policy": "ours", "date": "2026-01-01"}), "policy", "'owner' is missing"),
    "a dose before what is recorded": (lambda any: b12.due(running(), on="2026-09-01", if_given="2026-07-01"), "if_given", "2026-07-01"),
    "a day that a review does not know": (lambda any: b12.explain(running(), "2026-10-10", on="2026-09-01"), "explain", "2026-10-09"),
    "an event without a date": (lambda any: b12.with_event(running(), {**RECORDED, "date": None}), "event", "must be a text"),
    "an event of an unknown kind": (lambda any: b12.with_event(running(), {**RECORDED, "kind": "jab"}), "event", "allowed are administration"),
    "an event that is no mapping": (lambda any: b12.with_event(running(), any("given")), "event", "must be a mapping"),
    "an event that is there already": (lambda any: b12.with_event(twice(), {**RECORDED, "id": "one"}), "event", "already in the record"),
    "a regimen that can't be read": (lambda any: b12.simulate("1 mg foo"), "scenario", "'foo' is not understood"),
    "no regimen": (lambda any: b12.simulate(" "), "simulate", "takes a Case, or a regimen"),
    "two regimens": (lambda any: b12.simulate("1 mg daily", scenario="1 mg daily"), "scenario", "the first argument is one already"),
    "a case without a dose": (lambda any: b12.simulate(untreated(), on=NEW), "case", "type a regimen with scenario"),
    "nobody": (lambda any: b12.simulate("1 mg daily", people=0), "", "people"),
    "a seed below none": (lambda any: b12.simulate("1 mg daily", seed=-1), "seed", "is not a seed"),
    "a weight that is no number": (lambda any: b12.simulate("1 mg daily", weight=float("nan")), "weight", "nan kg"),
    "a weight with its unit": (lambda any: b12.simulate("1 mg daily", weight=any("70 kg")), "weight", "must be a number"),
    "a time after the end": (lambda any: b12.simulate("1 mg daily", at="99 a"), "at", "or for more months"),
    "a plan that is not there": (lambda any: b12.simulate(untreated(), scenario="1 mg daily", compare="plan"), "compare", "this case has none"),
    "a question without a word": (lambda any: b12.ask("?!"), "question", "has no word in it"),
    "a question that is none": (lambda any: b12.ask(any(None)), "question", "must be a text"),
    "a country of three letters": (lambda any: b12.ask("How often?", country="GBR"), "country", "two capital letters"),
    "a panel that is none": (lambda any: b12.open_panel("src"), "src", "holds no panel"),
    "a folder that is no library": (lambda any: b12.library("src"), "src", "is not a folder of a library"),
    "a library that is a folder's name": (lambda any: b12.propose(untreated(), library=any("src")), "library", "must be a Library (open one"),
    "an unknown schema": (lambda any: b12.schema("reviews"), "schema", "known are case, propose"),
    "no answer": (lambda any: b12.to_json(any(untreated())), "to_json", "not a value of the type Case"),
    "a mapping that is no document": (lambda any: b12.to_json({"on": NEW}), "to_json", "is no document of a Panel"),
}  # fmt: skip


class BytesPath:
    def __fspath__(self) -> bytes:
        return b"anna.yaml"


def twice() -> b12.Case:
    return b12.with_event(running(), {**RECORDED, "id": "one"})


def anything(value: Any) -> Any:
    """A value of which mypy knows nothing, as a program without types hands it over."""
    return value


@pytest.mark.parametrize("name", REFUSED)
def test_what_cant_be_read_is_refused_with_one_sentence(name: str) -> None:
    call, place, sentence = REFUSED[name]
    with pytest.raises(b12.InputError) as refusal:
        call(anything)
    told = str(refusal.value)
    assert isinstance(refusal.value, b12.CobalaminError)
    assert len(refusal.value.faults) == len(told.splitlines()) == 1
    fault = refusal.value.faults[0]
    assert isinstance(fault, b12.Fault)
    assert place in fault.file
    assert sentence in fault.message
    assert "--" not in told.partition("; make one with `cobalamin")[0], "an argument has no dashes"
    assert "Traceback" not in told


def test_every_fault_is_told_at_once_with_its_path() -> None:
    tree = {
        "cobalamin": 1,
        "patient": {"id": "x", "country": "UK"},
        "facts": {"cause": "x"},
        "record": [{"date": NEW, "kind": "x"}],
    }
    with pytest.raises(b12.InputError) as refusal:
        b12.read_case(tree)
    assert [(fault.line, fault.path) for fault in refusal.value.faults] == [
        (0, "facts.cause"), (0, "patient.country"), (0, "record[0].kind"),
    ]  # fmt: skip


def test_bytes_have_lines() -> None:
    with pytest.raises(b12.InputError) as refusal:
        b12.read_case(b"cobalamin: 1\npatient: {id: x}\nfacts:\n  cause: seven\n")
    assert [(fault.file, fault.line, fault.path) for fault in refusal.value.faults] == [("case", 4, "facts.cause")]


def test_numbers_dates_and_truth_values_stand_for_their_text() -> None:
    """A mapping of Python's own values is the same case as the file that a person would write."""
    values = {
        "cobalamin": 1,
        "patient": {"id": 7, "birth_date": date(1958, 3, 2), "sex": "female", "country": "GB"},
        "facts": {"deficiency": {"value": "confirmed", "on": date(2025, 12, 29)}, "none_of": ("allergies",)},
        "plan": {
            "protocol": "uk-bnf-noneuro",
            "version": 1,
            "start": date(2026, 1, 5),
            "choices": {"maintenance_interval": Span(3, "mo")},
        },
        "record": [
            {"date": date(2026, 1, 5), "kind": "administration", "as_planned": True},
            {
                "date": date(2026, 1, 7),
                "kind": "administration",
                "substance": "hydroxocobalamin",
                "dose": Mass(Decimal(1), "mg"),
                "route": "im",
            },
            {"date": date(2026, 1, 9), "kind": "symptoms", "tiredness": 3},
        ],
    }
    text = b"""cobalamin: 1
patient: {id: 7, birth_date: 1958-03-02, sex: female, country: GB}
facts: {deficiency: {value: confirmed, on: 2025-12-29}, none_of: [allergies]}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}}
record:
  - {date: 2026-01-05, kind: administration, as_planned: true}
  - {date: 2026-01-07, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im}
  - {date: 2026-01-09, kind: symptoms, tiredness: 3}
"""
    assert b12.read_case(values) == b12.read_case(text)


def test_a_case_without_a_country_is_answered(tmp_path: Path) -> None:
    tree = {
        "cobalamin": 1,
        "patient": {"id": "x", "birth_date": "1958-03-02"},
        "facts": {"deficiency": "confirmed", "cause": "dietary"},
    }
    case = b12.read_case(tree)
    assert b12.propose(case, on=NEW).needs
    for answer in (
        b12.propose(case, on=NEW),
        b12.what_if(case, on=NEW),
        b12.review(case, on=NEW),
        b12.compare(case, on=NEW),
    ):
        assert b12.to_json(answer)
    planned = b12.plan(case, "uk-bnf-noneuro", on=NEW, choices={"maintenance_interval": "3 mo"})
    assert planned.start == NEW, "without a start, the day of assessment"
    assert b12.to_json(planned)


def test_without_a_day_it_is_today() -> None:
    assert b12.review(running()).on == b12.propose(untreated()).on == datetime.now().astimezone().date()
    later = b12.with_event(running(), RECORDED)
    assert later.record[-1].recorded_at == str(datetime.now().astimezone().date())
    assert b12.with_event(running(), RECORDED, on="2026-10-12").record[-1].recorded_at == "2026-10-12"
    assert b12.with_event(running(), {**RECORDED, "recorded_at": "2026-10-10"}).record[-1].recorded_at == "2026-10-10"


@pytest.mark.parametrize(
    ("extra", "call"),
    [
        ("kinetics", lambda: b12.simulate("1 mg every 8 weeks x 6")),
        ("population", lambda: b12.open_panel("panel")),
    ],
)
def test_a_missing_extra_is_one_sentence_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, extra: str, call: Callable[[], object]
) -> None:
    for name in ("numpy", "duckdb", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(b12.InputError, match=rf"install 'cobalamin\[{extra}\]'"):
        call()


def test_nothing_is_written_and_nothing_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_bytes(example("treatment-running").read_bytes())
    event = dict(RECORDED)
    with nothing_written(tmp_path):
        case = b12.read_case(file)
        later = b12.with_event(case, event, on="2026-10-09")
        for each in (case, later):
            b12.to_json(b12.review(each, on="2026-10-09"))
            b12.to_json(b12.due(each, on="2026-10-09"))
        b12.plan(case, "uk-bnf-noneuro", on=NEW)
        b12.compare(case, on=NEW)
        b12.simulate(case, people=20, on="2026-10-09")
    assert event == RECORDED
    assert len(later.record) == len(case.record) + 1
    assert case == b12.read_case(file)


def test_an_improbable_event_is_refused_with_what_looks_wrong_and_taken_when_confirmed() -> None:
    case = b12.read_case({"cobalamin": 1, "patient": {"id": "x", "country": "GB"}})
    event = {"date": "2027-05-01", "kind": "omission", "reason": "declined"}
    with pytest.raises(b12.Unconfirmed, match="Sat 1 May 2027 has not come yet") as refused:
        b12.with_event(case, event, on="2026-09-01")
    assert refused.value.asked.codes == ["DAY_AHEAD"]
    assert len(b12.with_event(case, event, on="2026-09-01", confirmed=True).record) == 1
