"""Recording what happened: one more entry in a case file, whatever it is (promise 6), and nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services.files import save_made
from cobalamin.app.services.shipped import library
from cobalamin.casefile.append import with_event
from cobalamin.casefile.events import read_event
from cobalamin.casefile.ids import ids_of, with_own_id
from cobalamin.casefile.reader import case_of
from cobalamin.errors import InputError
from cobalamin.knowledge.document import LARGEST_BYTES, Tree, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.reading import did_you_mean, nearest
from cobalamin.records import replace
from cobalamin.spans import is_typed_date
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.event_words import DECISIONS, MARKERS
from cobalamin.therapy.case.events import KINDS, own_keys
from cobalamin.therapy.case.keys import Kind
from cobalamin.therapy.case.record import PLAN_ID, withdrawn_ids

GIVEN = "given"  # what people say for an administration
EXAMPLE = "for example: given 2026-01-07 substance=hydroxocobalamin dose='1 mg' route=im"
_MEASURED = "for example: result potassium='3.9 mmol/L'"
WITH = "written_with"  # of an entry: the id of the first that the same command wrote
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
_TOLD = ("substance", "dose", "route", "as_planned")
_KEYS = {key.name: key.value.kind for kind in KINDS for key in own_keys(kind)}
_LISTS = [name for name, kind in _KEYS.items() if kind in (Kind.WORDS, Kind.CODES, Kind.SIGNS)]
_OWN_WORDS = [
    name for name, kind in _KEYS.items() if kind is Kind.SCORES
]  # keys below these are anybody's words and may hold a point


class Recorded(Struct, frozen=True):
    """The case before and after; `repeated`: an entry with the same date, kind and content was already there.

    `others`: what the same command wrote beside the entry.
    """

    before: Case
    after: Case
    event: Event
    repeated: bool = False
    others: tuple[Event, ...] = ()

    @property
    def events(self) -> tuple[Event, ...]:
        return (self.event, *self.others)


def record_event(
    path: Path, tree: dict[str, Tree], on: date, before_saving: Callable[[Recorded], object] = lambda _recorded: None
) -> Recorded:
    """Add the event to the case file, written down on `on` where `tree` doesn't say when.

    `before_saving` sees what will be there; what it raises leaves the file as it was. Raises InputError, with nothing written, for what can't be read and for a form of file that can't be added to.
    """
    return record_events(path, lambda _case: [tree], on, before_saving)


def record_events(
    path: Path, trees_for: Callable[[Case], list[dict[str, Tree]]], on: date,
    before_saving: Callable[[Recorded], object] = lambda _recorded: None,
) -> Recorded:  # fmt: skip
    """Add the events that `trees_for` has for the case as it stands, in one write; each says with which it was written. Raises as `record_event`.

    `trees_for` and `before_saving` are asked twice where another program has changed the file in between; the last answer counts.
    """
    known = library()
    path = path.resolve()

    def made(content: bytes) -> tuple[str, Recorded]:
        document = read_document(content, str(path))
        case = case_of(document, known)
        entries, recorded = entries_in(case, trees_for(case), on, known)
        text = with_entries(content.decode("utf-8-sig"), entries, str(path))
        wanted = {**document.tree, "record": [*(document.tree.get("record") or []), *entries]}
        read_back(text, str(path), wanted, recorded.after)
        before_saving(recorded)
        return text, recorded

    return save_made(path, made)


def with_entries(text: str, entries: list[dict[str, Tree]], file: str) -> str:
    """The text of a case file with these entries at the end of its record. Raises InputError."""
    for entry in entries:
        text = with_event(text, entry, file)
    return text


def recorded_in(case: Case, tree: dict[str, Tree], on: date, library: Library) -> tuple[dict[str, Tree], Recorded]:
    """The entry as it is written, and the case with it. Nothing is written here. Raises InputError."""
    entries, recorded = entries_in(case, [tree], on, library)
    return entries[0], recorded


def entries_in(
    case: Case, trees: list[dict[str, Tree]], on: date, library: Library, beside: str = ""
) -> tuple[list[dict[str, Tree]], Recorded]:
    """The entries as they are written, and the case with them; `beside`: the id of what is written with them."""
    entries: list[dict[str, Tree]] = []
    events: list[Event] = []
    repeated, after = False, case
    for tree in trees:
        with_first = beside or (events[0].id if events else "")
        entry, event, again = _one_entry(after, {**tree, WITH: with_first} if with_first else tree, on, library)
        entries.append(entry)
        events.append(event)
        repeated, after = repeated or again, replace(after, record=(*after.record, event))
    return entries, Recorded(case, after, events[0], repeated, tuple(events[1:]))


def _one_entry(case: Case, tree: dict[str, Tree], on: date, library: Library) -> tuple[dict[str, Tree], Event, bool]:
    """The entry with its id, the event it is, and whether the record already has one that says the same."""
    entry = _entry(tree, on)
    event = read_event(entry, library, case.patient.birth_date)
    known = ids_in(case)
    repeated = _stands(case, event.id)
    if "id" in entry and event.id in known:
        message = f"'{event.id}' is already in the record; give each event its own id, or leave it out"
        raise InputError.one("event", "id", message)
    event = with_own_id(event, known)
    return {**entry, "id": event.id}, event, repeated


def _stands(case: Case, name: str) -> bool:
    """Whether an entry of this content, whose id may end with a number, is there and was not taken back."""
    gone = withdrawn_ids(case, date.max)
    return any(each == name or each.startswith(f"{name}.") for each in ids_of(case.record) if each not in gone)


def ids_in(case: Case) -> set[str]:
    """Every id that an entry of the record has, also inside a correction; the plan in the head has its own."""
    return {PLAN_ID, *ids_of(case.record)}


def _entry(tree: dict[str, Tree], on: date) -> dict[str, Tree]:
    """The keys as they are written: `date` for `on`, and the day of writing down."""
    entry = {"date" if key == "on" and "date" not in tree else key: value for key, value in tree.items()}
    _refuse_no_text(entry, "")
    return {**entry, "recorded_at": entry.get("recorded_at", on.isoformat())}


def _refuse_no_text(tree: Tree, path: str) -> None:
    """Half characters come from a terminal with another encoding; no file can hold them."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            _refuse_no_text(key, path)
            _refuse_no_text(value, f"{path}.{key}".removeprefix("."))
    elif isinstance(tree, list):
        for item in tree:
            _refuse_no_text(item, path)
    elif isinstance(tree, str) and not tree.isascii() and any("\ud800" <= character <= "\udfff" for character in tree):
        raise InputError.one("event", path, "holds a character that is not text; write it in UTF-8")


def read_back(text: str, file: str, wanted: Tree, case: Case) -> None:
    """Raise InputError where the new text does not read as the old case with exactly what is added; nothing is written then."""
    if len(text.encode()) + 3 > LARGEST_BYTES:
        message = f"with this entry the file would be larger than {LARGEST_BYTES:,} bytes; nothing was written"
        raise InputError.one(file, "record", message)
    try:
        document = read_document(text, file)
        after = case_of(document, library()) if document.tree == wanted else None
    except InputError:
        after = None
    if after != case:
        message = (
            "this form of file can't be added to line by line; nothing was written. Put each entry on its own line"
        )
        raise InputError.one(file, "record", message)


# -- an event in the words of a command line -------------------------------------------------------------------------


def event_from_options(words: Sequence[str], on: date) -> dict[str, Tree]:
    """The event in words such as `given 2026-01-07 dose='1 mg' route=im`, or in one JSON object.

    First what happened (a kind, or `given`), then its date (without one, `on`), then KEY=VALUE. Numbers stay text.
    Raises InputError with one sentence for what is not understood; what the values may be, `read_event` says.
    """
    if not words or not any(word.strip() for word in words):
        raise _misuse("", f"say what happened, {EXAMPLE}")
    if words[0].lstrip().startswith("{"):
        return _from_object(words, on)
    told: dict[str, Tree] = {}
    for number, word in enumerate(words):
        _take(told, word.strip(), number)
    kind = _kind(told.pop("kind", ""))
    event = {"date": told.pop("on" if "on" in told else "date", on.isoformat()), "kind": kind, **told}
    if kind == "result":
        return _with_marker(event)
    if kind == "fact":
        return _with_fact(event)
    return _given(event, on) if kind == "administration" else event


def names_no_entry(tree: dict[str, Tree]) -> bool:
    """Whether the event must name another entry by its id and does not."""
    if tree.get("kind") == "correction":
        return "withdraws" not in tree
    return tree.get("kind") == "decision" and tree.get("decision") in ("credit", "reject") and "event" not in tree


def _from_object(words: Sequence[str], on: date) -> dict[str, Tree]:
    if len(words) > 1:
        raise _misuse(
            "", f"a JSON object stands alone, and '{words[1]}' stands beside it; put everything into the object"
        )
    document = read_document(words[0], "event")
    if document.faults:
        raise InputError(list(document.faults))
    tree: dict[str, Tree] = document.tree
    if isinstance(tree, dict) and tree.get("kind") == GIVEN:
        return _given({**tree, "kind": "administration"}, on)
    return tree


def _given(event: dict[str, Tree], on: date) -> dict[str, Tree]:
    """A dose of that day as the plan has it, where nothing else is told."""
    dated = event if {"date", "on"} & event.keys() else {"date": on.isoformat(), **event}
    return dated if any(key in dated for key in _TOLD) else {**dated, "as_planned": "true"}


def _take(told: dict[str, Tree], word: str, number: int) -> None:
    key, equals, value = (part.strip() for part in word.partition("="))
    if equals:
        _put(told, key, value, word)
    elif word == "as_planned":
        _put(told, word, "true", word)
    elif _DAY.fullmatch(word) or is_typed_date(word):
        _put(told, "date", word, word)
    elif "kind" not in told and (number == 0 or word in (GIVEN, *KINDS)):
        _put(told, "kind", word, word)
    elif told.get("kind") == "decision" and word in DECISIONS:
        _put(told, "decision", word, word)
    else:
        allowed = f"a decision ({', '.join(DECISIONS)}), " if told.get("kind") == "decision" else ""
        hint = "a value with a space stands in quotes, for example dose='1 mg'"
        raise _misuse(word, f"is not understood; allowed are {allowed}a date, as_planned and KEY=VALUE, and {hint}")


def _kind(word: Tree) -> str:
    kind = "administration" if word == GIVEN else str(word)
    if kind in KINDS:
        return kind
    wrong = f"'{kind}' is no kind of event{did_you_mean(kind, [GIVEN, *KINDS])}" if word else "say first what happened"
    raise _misuse("kind", f"{wrong}; allowed are {GIVEN}, {', '.join(KINDS)}, {EXAMPLE}")


def _put(told: dict[str, Tree], key: str, value: str, word: str) -> None:
    """KEY=VALUE, where a point in KEY leads into a mapping: `authority.by='Dr A'`."""
    if not key or not value:
        raise _misuse(key, f"'{word}' must be KEY=VALUE with both parts, for example dose='1 mg'")
    head, point, rest = key.partition(".")
    if not point:
        if key in told or (key in ("date", "on") and {"date", "on"} & told.keys()):
            raise _misuse(key, "is given twice; keep one")
        told[key] = [part.strip() for part in value.split(",")] if key in _LISTS else value
        return
    inner = told.setdefault(head, {})
    if not isinstance(inner, dict):
        raise _misuse(head, f"is given as one value and with keys of its own ('{key}'); keep one")
    if head in _OWN_WORDS:
        _refuse_twice(inner, rest, key)
        inner[rest] = value
    else:
        _put(inner, rest, value, word)


def _refuse_twice(told: dict[str, Tree], key: str, shown: str) -> None:
    if key in told:
        raise _misuse(shown, "is given twice; keep one")


def _with_marker(event: dict[str, Tree]) -> dict[str, Tree]:
    """`potassium='3.9 mmol/L'` for marker and value."""
    markers = [key for key in event if key in MARKERS]
    if len(markers) > 1:
        raise _misuse(", ".join(markers), "a result has one marker; record each with a command of its own")
    if markers and ("marker" in event or "value" in event):
        raise _misuse(markers[0], "already gives marker and value; leave 'marker' and 'value' out")
    if markers:
        parts = [("marker", markers[0]), ("value", event[markers[0]])]
        items = [part for key, value in event.items() for part in (parts if key == markers[0] else [(key, value)])]
        return dict(items)
    if "marker" not in event:
        _refuse_unknown_marker(event)
        raise _misuse("", f"it does not say what was measured; {_MEASURED}; markers are {', '.join(MARKERS)}")
    return event


def _refuse_unknown_marker(event: dict[str, Tree]) -> None:
    for key in event:
        near = marker_meant(key)
        if near and key not in ("date", "kind", *(each.name for each in own_keys("result") if not each.required)):
            message = f"is no marker; did you mean '{near}'? Type {near}='{event[key]}', or one of {', '.join(MARKERS)}"
            raise _misuse(key, message)


def marker_meant(word: str) -> str:
    """The marker that a word means: by a name that laboratories use (`hb`), else the nearest; empty where none is near."""
    plain = word.casefold().replace("-", "_").replace(" ", "_")
    for name, marker in library().markers.items():
        if plain in marker.get("also", ()):
            return str(name)
    return nearest(plain, MARKERS)


def _with_fact(event: dict[str, Tree]) -> dict[str, Tree]:
    """A fact names the fact and its value; NAME=VALUE is what `set` reads."""
    names = [key for key in event if key in library().facts]
    if names and not {"fact", "value"} <= event.keys():
        set_it = f"cobalamin set CASE {names[0]}={event[names[0]]}"
        raise _misuse(
            names[0],
            f"is a fact, and a fact is written by: {set_it} (or here as fact={names[0]} value={event[names[0]]})",
        )
    if not {"fact", "value"} <= event.keys():
        raise _misuse("", "a fact needs its name and its value, for example: cobalamin set CASE pregnancy=none")
    return event


def _misuse(path: str, message: str) -> InputError:
    return InputError.one("event", path, message)
