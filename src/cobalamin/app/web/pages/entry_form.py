"""The entry that a form tells: its keys, what may not be left empty, and a form filled in with an entry that is there."""

from __future__ import annotations

import re

from cobalamin.app.services import shipped
from cobalamin.app.web.frame.forms import Form
from cobalamin.casefile.events import GIVEN
from cobalamin.errors import Fault
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.vocabulary import ROUTE_SHORT
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.event_words import SYMPTOMS
from cobalamin.therapy.case.events import own_keys
from cobalamin.therapy.case.keys import Key, Kind

FORMS = ("dose", "result", "symptoms", "omission", "history", "decision", "pause", "correction")
LISTED = (*FORMS[:6], REVIEWED, *FORMS[6:])  # `reviewed` has a form of its own
KINDS = {"dose": "administration"}
_ONE_FIELD = (
    Kind.TEXT, Kind.WORD, Kind.WHOLE, Kind.DAY, Kind.LAST_DAY, Kind.DAY_OR_MONTH, Kind.MOMENT, Kind.SPAN, Kind.MASS, Kind.ROUTE, Kind.VALUE, Kind.RANGE,
    Kind.FACT, Kind.FACT_VALUE,
)  # fmt: skip
# The keys that a template lays out itself, and those that are left to the command; any other key follows at the end of its form.
LAID_OUT = {
    "dose": {*GIVEN, "product", "batch", "expires_on", "site", "side", "intent"},
    "result": {"marker", "value", "reference_range", "laboratory", "method"},
    "symptoms": set(SYMPTOMS),
    "omission": {"reason"},
    "history": {"phase", "last_dose", "doses", "interval", "substance", "asserted_by"},
    "decision": {"decision", "by", "reason", "interval", "event", "finding"},
    "pause": {"until", "reason"},
    "correction": {"withdraws", "reason"},
}
_OF_ALL = ("by", "source", "note")
PLANNED = "planned"
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[/. -]\s*(\d{4}|\d{2})", re.ASCII)


def event_in(kind: str, sent: Form) -> dict[str, Tree]:
    """The entry that a form tells; empty fields are nobody's answer."""
    tree: dict[str, Tree] = {"date": sent.date("date"), "kind": KINDS.get(kind, kind)}
    told = {key.name: _sent(sent, key) for key in _fields(kind)} | {name: sent.text(name) for name in _OF_ALL}
    tree |= {name: value for name, value in told.items() if value}
    if kind == "dose":
        tree |= _what_was_given(sent)
    if kind == "symptoms":
        tree |= {"red_flags": sent.all("red_flags")} if sent.all("red_flags") else {}
        own = sent.text("own")
        tree |= {"own": {own: sent.text("own_score")}} if own else {}
    return tree


def _fields(kind: str) -> list[Key]:
    """The keys of a form that one field holds; what was given is asked for as a whole."""
    keys = (key for key in own_keys(KINDS.get(kind, kind)) if key.value.kind in _ONE_FIELD)
    return [key for key in keys if kind != "dose" or key.name not in GIVEN]


def further(kind: str) -> list[Key]:
    """The keys that no template lays out."""
    return [key for key in _fields(kind) if key.name not in LAID_OUT[kind]]


def _sent(sent: Form, key: Key) -> str:
    match key.value.kind:
        case Kind.DAY:
            return sent.date(key.name)
        case Kind.LAST_DAY:
            return as_on_a_package(sent.text(key.name))
        case _:
            return sent.text(key.name)


def as_on_a_package(text: str) -> str:
    """A month as packages print it, 06/2027, 06 2027 or 06/27, as it is written in a file; any other text as it is."""
    found = _MONTH_YEAR.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= 12 or (len(found[2]) == 2 and int(found[2]) <= 12):
        return text  # 05/06 may be read in two ways
    return f"{found[2] if len(found[2]) == 4 else f'20{found[2]}'}-{int(found[1]):02}"


def left_empty(tree: dict[str, Tree]) -> list[Fault]:
    """Fields without which there is no entry, each named so that the page can lead to it."""
    needed = ["date", *(key.name for key in own_keys(str(tree["kind"])) if key.required)]
    if tree["kind"] == KINDS["dose"] and "as_planned" not in tree:
        needed += ["substance", "dose", "route"]
    if tree["kind"] == "correction":
        needed += ["reason"]  # the file can do without; whoever reads the record later can't
    empty = str(shipped.library().own_words.text("web.record__empty"))
    return [Fault("", 0, key, empty) for key in needed if not tree.get(key)]


def half_told(kind: str, sent: Form) -> list[Fault]:
    """A symptom of one's own has its name and its score: neither is made up for the other (hazard H07)."""
    pair = ("own", "own_score") if kind == "symptoms" else ()
    if not any(sent.text(name) for name in pair):
        return []
    empty = str(shipped.library().own_words.text("web.record__empty"))
    return [Fault("", 0, name, empty) for name in pair if not sent.text(name)]


def _what_was_given(sent: Form) -> dict[str, Tree]:
    if sent.text("given") == PLANNED:
        return {"as_planned": "true"}
    told = {key: sent.text(key) for key in GIVEN if sent.text(key)}
    return {**told, "dose": "unknown"} if sent.text("dose_unknown") and "dose" not in told else told


def filled_with(kind: str, written: dict[str, Tree]) -> Form:
    """The form of an entry that is in the file, filled in with what is written there."""
    values = {name: [str(value)] for name, value in written.items() if isinstance(value, str)}
    values["route"] = [ROUTE_SHORT.get(each, each) for each in values.get("route", [])]
    if kind == "dose":
        values["given"] = [PLANNED if "as_planned" in written else "other"]
        values["dose_unknown"] = ["1"] if written.get("dose") == "unknown" else []
    if kind == "symptoms":
        values["red_flags"] = list(map(str, written.get("red_flags") or []))
        for name, score in list(dict(written.get("own") or {}).items())[:1]:
            values |= {"own": [str(name)], "own_score": [str(score)]}
    return Form(values)


def asked_for(kind: str) -> frozenset[str]:
    """The keys that the form of a kind asks for, however it does."""
    return frozenset({*(key.name for key in _fields(kind)), *_OF_ALL, *GIVEN, "red_flags", "own"})
