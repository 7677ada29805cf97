"""Who has signed what is shown, in one short sentence; that nobody has where nobody has."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.app.services.signatures import standing_of
from cobalamin.app.views.builder import Builder, typed
from cobalamin.knowledge.model import Protocol
from cobalamin.spans import read_date
from cobalamin.text.days import date_words


def signed_words(screen: Builder, protocol: Protocol) -> str:
    """Of one protocol as it is now: a changed one has lost its signature."""
    found = standing_of(screen.library, protocol)
    if found is None:
        return screen.say("signing.entry_unsigned")
    key = "signing.entry_in_force" if found.in_force else "signing.entry_partly"
    day = read_date(found.by["day"])
    told = {name: typed(found.by[name]) for name in ("role", "register")}
    when = date_words(day, screen.words) if day else typed(found.by["day"])
    return screen.say(key, **told, date=when, agreed=found.agreed, rows=found.rows)


def signed_options(screen: Builder, protocols: Iterable[Protocol]) -> str:
    """Of several on one screen: of those that somebody has signed, with their titles; in a word where nobody has signed any."""
    protocols = tuple(protocols)
    found = [each for each in protocols if standing_of(screen.library, each) is not None]
    told = [screen.say("signing.entry_of", title=each.title, told=signed_words(screen, each)) for each in found]
    return " ".join(told) if told or not protocols else screen.say("signing.none_signed")
