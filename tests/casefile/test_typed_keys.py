"""Each key that an event may have fills its own typed field, and is shown back in the order in which it was told."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from cobalamin.app.services.shipped import library
from cobalamin.casefile.events import read_event
from cobalamin.records import replace
from cobalamin.therapy.case.event_words import UNKNOWN
from cobalamin.therapy.case.events import HEADER, KINDS, own_keys, said
from cobalamin.therapy.case.keys import Key, Kind

PLAIN: dict[str, dict[str, Any]] = {
    "administration": {"source": "reported", "substance": "unknown", "dose": "unknown", "route": "unknown"}, "statement": {"taking": "yes"},
    "omission": {"reason": "declined"}, "reaction": {"to": "a", "signs": "itching"}, "result": {"marker": "potassium", "value": "3.9 mmol/L"},
    "symptoms": {"mood": "3"}, "decision": {"decision": "stop", "by": "Dr A", "reason": "x"}, "hold": {}, "pause": {},
    "bridge": {"substance": "cyanocobalamin", "dose": "1 mg", "route": "oral"}, "history": {"phase": "load", "last_dose": "unknown"},
    "fact": {"fact": "anaemia", "value": "severe"}, "plan": {"protocol": "uk-bnf-noneuro", "version": "1", "start": "2026-02-02"},
    "correction": {"withdraws": "a"},
}  # fmt: skip
OTHER: dict[Kind, Any] = {
    Kind.TEXT: "another", Kind.WORDS: ["new_vision_loss"], Kind.YES_OR_NO: "true", Kind.WHOLE: "1", Kind.DAY: "2026-01-05",
    Kind.LAST_DAY: "2026-01-05", Kind.DAY_OR_MONTH: "2026-01-04", Kind.MOMENT: "2026-01-05", Kind.SPAN: "8 wk", Kind.MASS: "250 mcg", Kind.ROUTE: "im",
    Kind.PROTOCOL: "uk-bnf-neuro", Kind.VALUE: "4.1 mmol/L", Kind.RANGE: "3.5-5.3 mmol/L", Kind.FACT_VALUE: "mild", Kind.CODES: ["REVIEW"],
    Kind.SIGNS: ["palpitations_or_collapse"], Kind.SCORES: {"itching": "3"}, Kind.TEXTS: {}, Kind.AUTHORITY: {"by": "Dr A"},
    Kind.EVENT: {"date": "2026-01-05", "kind": "hold"},
}  # fmt: skip
TOGETHER = ("as_planned", "fact", "marker", "acknowledged", "choices", "version")  # mean nothing without another key
OF_THE_LIBRARY = {("plan", "product"): "gb-hydroxocobalamin-1mg-1ml"}


def every_key() -> list[Any]:
    keys = ((kind, key) for kind in KINDS for key in (*HEADER, *own_keys(kind)) if key.name not in TOGETHER)
    return [pytest.param(kind, key, id=f"{kind}-{key.name}") for kind, key in keys]


@pytest.mark.parametrize(("kind", "key"), every_key())
def test_each_key_fills_its_own_field(kind: str, key: Key) -> None:
    plain = {"date": "2026-01-05", "kind": kind, **PLAIN[kind]}
    before = read_event(plain, library())
    words = [word for word in key.value.words if word != plain.get(key.name)]
    told = words[-1] if key.value.kind is Kind.WORD else OF_THE_LIBRARY.get((kind, key.name), OTHER[key.value.kind])
    needed = {"answers": ["REVIEW"], "event": "a", "interval": "8 wk"} if key.name == "decision" else {}
    after = read_event({**plain, **needed, key.name: told}, library())
    names = {field.name for field in fields(before)} - {"id", "told", "not_known"}
    changed = {name for name in names if getattr(before, name) != getattr(after, name)}
    assert changed - set(needed) == {key.field}
    assert str(told) == UNKNOWN or getattr(after, key.field) not in (None, "", (), {})


def test_an_entry_is_told_back_in_the_order_in_which_it_was_written() -> None:
    entry = {
        "date": "2026-01-05",
        "kind": "administration",
        "batch": "HX1",
        "route": "im",
        "dose": "1 mg",
        "substance": "cyanocobalamin",
    }
    event = read_event(entry, library())
    assert [key.name for key, _ in said(event)] == ["batch", "route", "dose", "substance"]
    assert [key.name for key, _ in said(replace(event, told=()))] == ["substance", "dose", "route", "batch"]
