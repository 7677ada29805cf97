"""`schema case` refuses what `check` refuses and takes what it takes, so an editor marks a fault while it is typed.

What a schema can't say stays with `check`: `case_schemas.ONLY_CHECKED` names each such rule. The fault files of test_bad_case_files.py
and test_bad_events.py go through the same comparison there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_schemas import agree, editor, faults_of, marks
from families import every_scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from cobalamin.app.documents import case_schema
from cobalamin.casefile.event_values import READERS
from cobalamin.casefile.rows import entries_of
from cobalamin.errors import InputError
from cobalamin.knowledge.document import read_document
from cobalamin.therapy.case.events import HEADER, KINDS, own_keys
from cobalamin.therapy.case.keys import Kind
from population.garbage import AMOUNTS, DATES, garbage

ROOT = Path(__file__).parents[3]
HEAD: dict[str, Any] = {"cobalamin": "1", "patient": {"id": "x", "birth_date": "1958-03-02", "country": "GB"}}


class _Core(yaml.SafeLoader):
    """As the core schema of YAML 1.2 and most editors read it: days are text, and only true and false are boolean."""


_Core.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(true|false|True|False|TRUE|FALSE)$", "tTfF"),
    ("int", r"^(0|[1-9][0-9]*)$", "0123456789"),
    ("float", r"^[0-9]+\.[0-9]+$", "0123456789"),
    ("null", r"^(~|null|)$", ["~", "n", ""]),
):
    _Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


def with_event(**event: Any) -> dict[str, Any]:
    return HEAD | {"record": [event]}


# -- what is taken ---------------------------------------------------------------------------------------------------


def taken() -> Iterator[Any]:
    for path in sorted((ROOT / "examples").glob("*.yaml")):
        yield pytest.param(path.read_text("utf-8"), id=path.stem)
    for name, scenario in every_scenario():
        yield pytest.param(yaml.safe_dump(scenario.case, allow_unicode=True), id=name)


@pytest.mark.parametrize("text", list(taken()))
def test_every_example_and_every_case_of_the_tests_fits(text: str) -> None:
    for case in (read_document(text, "case").tree, yaml.load(text, Loader=_Core)):
        assert marks(case) == []


# -- what is refused -------------------------------------------------------------------------------------------------

FOUR = {"date": "tomorrow", "substance": "aspirin", "dose": ["3"], "route": "12"}
GOOD = {"date": "2026-01-05", "kind": "administration", "substance": "cyanocobalamin", "dose": "1 mg", "route": "im"}


@pytest.mark.parametrize("key", FOUR)
def test_the_four_faults_that_once_passed_are_marked_in_their_place(key: str) -> None:
    assert faults_of(with_event(**GOOD)) == [] == marks(with_event(**GOOD))
    tree = with_event(**GOOD | {key: FOUR[key]})
    (fault,) = faults_of(tree)
    assert fault.startswith(f"record[0].{key}")
    (error,) = editor().iter_errors(tree)
    assert any(list(each.absolute_path) == ["record", 0, key] for each in _below(error))


def _below(error: Any) -> Iterator[Any]:
    for each in error.context:
        yield each
        yield from _below(each)


# -- both at once ----------------------------------------------------------------------------------------------------

TEXTS = {
    Kind.TEXT: ("x", "", " ", "y" * 2001, "12"),
    Kind.WORD: ("additional", "declined", "yes", "stop", "reviewed", "change_interval", "credit", "loud", "potassium", "hydroxocobalamin", "reported"),
    Kind.WORDS: (["new_vision_loss"], ["x"], [], "new_vision_loss"),
    Kind.TRUE: ("true", "false", "yes"),
    Kind.YES_OR_NO: ("true", "false", "no"),
    Kind.WHOLE: ("0", "3", "10", "11", "007", "1001", "100000", "x", "-1", "3.0"),
    Kind.MOMENT: ("2026-01-31", "2026-01-31T14:05", "2026-02-30", "14:05"),
    Kind.SPAN: ("8 wk", "THREE months", "0 d", "9999 a", "8", "1.5 mo"),
    Kind.MASS: (*AMOUNTS, "100 g", "100.1 g", "99.9 g", "0.001 mcg", "0.0001 mcg", "unknown", "0.0 mg"),
    Kind.ROUTE: ("im", "oral", "ear", "unknown"),
    Kind.PROTOCOL: ("uk-bnf-noneuro", "uk-ng239", "nowhere"),
    Kind.VALUE: ("3.9 mmol/L", "<5 mmol/L", "3,9 mmol/L", "positive", "Positive ", "3.9"),
    Kind.RANGE: ("3.5-5.3 mmol/L", "[3.5 - 5.3] mmol/L", "<10 mmol/L", "3.5", "10 mmol/L"),
    Kind.FACT: ("anaemia", "weight", "neuropathy"),
    Kind.FACT_VALUE: ("severe", "62 kg", "unknown", "62", {"value": "severe", "on": "2026-01-01"}),
    Kind.CODES: (["POTASSIUM_LOW"], ["low"], [], "POTASSIUM_LOW"),
    Kind.SIGNS: ("itching", ["itching", "facial_swelling"], [""], {}),
    Kind.SCORES: ({"itching": "3"}, {"itching": "11"}, {"": "3"}, "3"),
    Kind.TEXTS: ({"maintenance_interval": "3 mo"}, "x", {"a": ["b"]}),
    Kind.AUTHORITY: ({"by": "Dr A"}, {"by": "Dr A", "from": "tomorrow"}, {"from": "2026-01-01"}, "Dr A"),
    Kind.EVENT: ({"date": "2026-01-05", "kind": "hold"}, {"date": "2026-01-05", "kind": "party"}, "x"),
    **dict.fromkeys((Kind.DAY, Kind.LAST_DAY, Kind.DAY_OR_MONTH), (*DATES, "2024-02-29", "2100-02-29", "2400-02-29", "2400-12-31", "2401-01-01", "2026-02")),
}  # fmt: skip


def test_every_kind_of_value_is_read_marked_and_tried_here() -> None:
    fragments = [*case_schema.FIXED, *case_schema.BOUNDED, *case_schema.IN_LIBRARY]
    assert sorted(fragments, key=str) == sorted(READERS, key=str) == sorted(Kind, key=str) == sorted(TEXTS, key=str)


PLAIN: dict[str, dict[str, Any]] = {
    "administration": {"as_planned": "true"}, "statement": {"taking": "yes"}, "omission": {"reason": "declined"},
    "reaction": {"to": "a", "signs": "itching"}, "result": {"marker": "potassium", "value": "3.9 mmol/L"}, "symptoms": {"mood": "3"},
    "decision": {"decision": "stop", "by": "Dr A", "reason": "x"}, "hold": {}, "pause": {},
    "bridge": {"substance": "cyanocobalamin", "dose": "1 mg", "route": "oral"}, "history": {"phase": "load", "last_dose": "unknown"},
    "fact": {"fact": "anaemia", "value": "severe"}, "plan": {"protocol": "uk-bnf-noneuro", "version": "1", "start": "2026-02-02"},
    "correction": {"withdraws": "a"},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_schema_and_check_agree_about_each_key_alone(kind: str) -> None:
    plain = {"date": "2026-01-05", "kind": kind, **PLAIN[kind]}
    assert faults_of(with_event(**plain)) == []
    agree(with_event(**plain, nonsense="x"))
    for key in (*HEADER, *own_keys(kind)):
        for told in (*TEXTS[key.value.kind], *key.value.words, "unknown", [], {}):
            agree(with_event(**plain | {key.name: told}))
        agree(with_event(**{name: value for name, value in plain.items() if name != key.name}))


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """Any keys of a kind, and now and then one of no kind, each with what may and what may not stand there."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    keys = {key.name: key.value for key in (*HEADER, *own_keys(kind))}
    needed = [key.name for key in own_keys(kind) if key.required]
    chosen = draw(st.lists(st.sampled_from(sorted(keys)), max_size=4, unique=True))
    left_out = draw(st.sets(st.sampled_from(sorted(needed)), max_size=1)) if needed and draw(st.booleans()) else set()
    day = draw(st.sampled_from(("date", "date", "date", "on", "dates")))
    event: dict[str, Any] = {
        day: draw(st.sampled_from(("2026-01-05", "2026-01-05", "2026-01", "tomorrow"))),
        "kind": kind,
    }
    for name in dict.fromkeys((*needed, *chosen)):
        words = keys[name].words if draw(st.integers(0, 3)) else ()
        told = (
            (*words, *(("unknown",) if keys[name].unknown else ()))
            if keys[name].kind is Kind.WORD and words
            else TEXTS[keys[name].kind]
        )
        event[name] = draw(st.sampled_from(told))
    return {name: value for name, value in event.items() if name not in left_out}


@settings(max_examples=400, deadline=None)
@given(events())
def test_schema_and_check_agree_about_any_event(event: dict[str, Any]) -> None:
    agree(with_event(**event))


@pytest.mark.parametrize("seed", range(3))
def test_schema_and_check_agree_about_the_rows_of_a_register(seed: int) -> None:
    """Each row as the entry that is read of it."""
    told = garbage(seed)
    rows = [(told.of("administration"), entries_of_doses), (told.of("decision"), entries_of_decisions)]
    for table, entries in rows:
        for row in table:
            with suppress(InputError, KeyError):
                agree(HEAD | {"record": entries(row)})


def entries_of_doses(row: dict[str, str]) -> list[Any]:
    return entries_of([row], [])


def entries_of_decisions(row: dict[str, str]) -> list[Any]:
    return entries_of([], [row])


MEDICINES: list[Any] = [
    "metformin", "metformin,ppi", "metformin, ppi", "metformin,", "metformin,none", "none", "unknown", "aspirin", "", ["metformin"],
    ["metformin", "ppi"], ["none"], ["none", "ppi"], ["unknown"], ["aspirin"], [], [["ppi"]], {"metformin": "yes"},
]  # fmt: skip


@pytest.mark.parametrize("value", MEDICINES, ids=str)
def test_a_list_of_medicines_is_taken_by_both_or_by_none(value: Any) -> None:
    learned = with_event(date="2026-01-05", kind="fact", fact="medicines", value=value)
    for tree in (HEAD | {"facts": {"medicines": value}}, learned):
        assert bool(marks(tree)) == bool(faults_of(tree))
