"""What a calendar file holds, in a few sentences for the person who made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.shipped import library
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.tree import STRONG, Depth
from cobalamin.text.days import date_words
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review


@dataclass(frozen=True)
class Contents:
    """What a calendar file holds, of the review or of the plan that it shows. `events`: how many, by the name of their title."""

    events: Mapping[str, int]
    first: date | None
    last: date | None
    moving: int
    cut: bool  # later events are not in it
    changes: Mapping[str, int] | None  # None where there was no earlier file
    seen: Review | None
    plan: Plan | None


def view_of_calendar(made: Contents, output: Path, with_name: bool) -> View:
    """What was written, what changed, and what the reader should know."""
    seen, plan = made.seen, made.plan
    country = country_of(seen) if seen else plan.protocol.country if plan else ""
    screen = Builder(library(), True, country)
    screen.alarms(seen.issues if seen else plan.issues if plan else ())
    written = screen.say("calendar.written", path=typed(output), content=_content(screen, made))
    screen.indented(written, depth=Depth.FLUSH, style=STRONG)
    if made.changes is not None:
        screen.indented(screen.say("calendar.changes", **made.changes), depth=Depth.FLUSH)
    if seen is not None:
        screen.indented(due_sentence(seen.outlook, country, plain=True), depth=Depth.FLUSH)
        for question in waiting_for(seen):
            screen.indented(question.text)
    else:
        screen.indented(screen.say("calendar.tentative"), depth=Depth.FLUSH)
    for sentence in _remarks(screen, made, with_name):
        screen.indented(sentence, depth=Depth.FLUSH)
    if screen.numbers:
        screen.sources()
    screen.closing()
    return screen.view()


def _content(screen: Builder, made: Contents) -> str:
    if made.first is None or made.last is None:
        return screen.say("calendar.empty")
    told = (
        screen.say(f"calendar.{'one' if number == 1 else 'many'}__{name}", number=number)
        for name, number in made.events.items()
    )
    first, last = (date_words(day, screen.words) for day in (made.first, made.last))
    return screen.say("calendar.content", events=", ".join(told), first=first, last=last)


def _remarks(screen: Builder, made: Contents, with_name: bool) -> Iterator[str]:
    if made.moving and made.seen:
        yield screen.say("calendar.moving", number=made.moving)
    if made.cut:
        yield screen.say("calendar.cut", number=f"{sum(made.events.values()):,}")
    if _undated(made):
        yield screen.say("calendar.undated")
    yield screen.say("calendar.shows" if with_name else "calendar.says_nothing")
    yield screen.say("calendar.again")


def _undated(made: Contents) -> bool:
    items = made.seen.upcoming if made.seen else made.plan.items if made.plan else ()
    return any(item.on is None for item in items)
