"""The session of a clinic: batch, expiry, nurse and site, set once and taken for each dose of that day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from cobalamin.app.services.own_files import forget, mapping_in, remember, remembered, state_folder
from cobalamin.app.services.shipped import library
from cobalamin.casefile.events import read_event
from cobalamin.casefile.yaml_text import quoted
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.reading import did_you_mean
from cobalamin.spans import SpanRefused, read_date

_FILE, _DAY = "session.yaml", "day"
NAMES = {"batch": "batch", "expires": "expires_on", "by": "by", "site": "site", "side": "side"}  # as typed, as written
_OF_A_PACKAGE = ("batch", "expires_on")  # one of them typed, or another product: the other is of another package


class Session(Struct, frozen=True):
    """What holds on one day, by the keys of a dose."""

    on: date
    values: Mapping[str, str]

    @property
    def typed(self) -> dict[str, str]:
        """The values by the words they were typed with."""
        return {name: self.values[key] for name, key in NAMES.items() if key in self.values}


def read_session() -> Session | None:
    """The session that was set last; None where none was, or where what was remembered can't be read."""
    try:
        told = mapping_in(remembered(_FILE), state_folder() / _FILE, (_DAY, *NAMES.values()))
        return Session(read_date(told.pop(_DAY)), told) if told else None
    except (InputError, SpanRefused, KeyError):
        return None


def session_of(on: date) -> tuple[Session | None, Session | None]:
    """The session of this day, and one of an earlier day, which ends hereby."""
    found = read_session()
    if found is None or found.on > on:
        return None, None
    if found.on == on:
        return found, None
    forget(_FILE)
    return None, found


def set_session(changes: Mapping[str, str], on: date) -> Session:
    """Set these for the day beside what was set for it already, "" to take one out. Raises InputError; then nothing is written."""
    for name in changes:
        if name not in NAMES:
            message = f"is nothing of a session{did_you_mean(name, NAMES)}; a session has {', '.join(NAMES)}"
            raise InputError.one("settings session", name, message)
    today, _ = session_of(on)
    values = {**(today.values if today else {}), **{NAMES[name]: value.strip() for name, value in changes.items()}}
    session = Session(on, {key: value for key, value in values.items() if value})
    _refuse_unreadable(session)
    if not session.values:
        forget(_FILE)
        return session
    lines = {_DAY: on.isoformat(), **session.values}
    if not remember(_FILE, "".join(f"{key}: {quoted(value)}\n" for key, value in lines.items())):
        raise InputError.one(str(state_folder() / _FILE), "", "can't be written, so no session is set")
    return session


def _refuse_unreadable(session: Session) -> None:
    """Raise InputError for what a dose could not be written with."""
    dose: dict[str, Tree] = {"date": session.on.isoformat(), "kind": "administration", "as_planned": "true"}
    try:
        event: Any = read_event({**dose, **session.values}, library())
    except InputError as error:
        names = {key: name for name, key in NAMES.items()}
        faults = [Fault("settings session", 0, names.get(each.path, each.path), each.message) for each in error.faults]
        raise InputError(faults) from None
    if event.expires_on and event.expires_on < session.on:
        raise InputError.one("settings session", "expires", f"this product has expired on {event.expires_on}")


def with_session(entry: dict[str, Tree], session: Session | None) -> tuple[dict[str, Tree], dict[str, str]]:
    """A dose of that day given here, with what was not typed for it; and what was filled in."""
    here = entry.get("source", "this_site") == "this_site"
    if (
        session is None
        or entry.get("kind") != "administration"
        or entry.get("date") != session.on.isoformat()
        or not here
    ):
        return entry, {}
    another_package = set(entry) & {"product", "substance", *_OF_A_PACKAGE}
    left = {*entry, *(_OF_A_PACKAGE if another_package else ())}
    filled = {key: value for key, value in session.values.items() if key not in left}
    return {**entry, **filled}, filled
