"""What a calendar file holds, in a few sentences for the person who made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from cobalamin.app.ics.calendars import Calendar
from cobalamin.app.ics.entries import event_day, title_of
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.shipped import library
from cobalamin.app.terminal.screen import Screen, typed
from cobalamin.text.days import date_words
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.questions import waiting_for


def show_calendar(made: Calendar, output: Path, with_name: bool) -> None:
    """Print what was written, what changed, and what the reader should know."""
    seen, plan = made.seen, made.plan
    country = country_of(seen) if seen else plan.protocol.country if plan else ""
    screen = Screen(library(), True, country)
    screen.alarms(seen.issues if seen else plan.issues if plan else ())
    written = screen.say("calendar.written", path=typed(output), content=_content(screen, made))
    screen.indented(written, indent=0, style="bold")
    if made.changes is not None:
        screen.indented(screen.say("calendar.changes", **asdict(made.changes)), indent=0)
    if seen is not None:
        screen.indented(due_sentence(seen.outlook, country, plain=True), indent=0)
        for question in waiting_for(seen):
            screen.indented(question.text)
    else:
        screen.indented(screen.say("calendar.tentative"), indent=0)
    for sentence in _remarks(screen, made, with_name):
        screen.indented(sentence, indent=0)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _content(screen: Screen, made: Calendar) -> str:
    if not made.lines:
        return screen.say("calendar.empty")
    counts, days = Counter(title_of(line) for line in made.lines), [event_day(line, made.seen) for line in made.lines]
    told = (
        screen.say(f"calendar.{'one' if number == 1 else 'many'}__{name}", number=number)
        for name, number in counts.items()
    )
    first, last = (date_words(day, screen.words) for day in (min(days), max(days)))
    return screen.say("calendar.content", events=", ".join(told), first=first, last=last)


def _remarks(screen: Screen, made: Calendar, with_name: bool) -> Iterator[str]:
    moving = sum(not line.firm for line in made.lines)
    if moving and made.seen:
        yield screen.say("calendar.moving", number=moving)
    if made.cut:
        yield screen.say("calendar.cut", number=f"{len(made.lines):,}")
    if _undated(made):
        yield screen.say("calendar.undated")
    yield screen.say("calendar.shows" if with_name else "calendar.says_nothing")
    yield screen.say("calendar.again")


def _undated(made: Calendar) -> bool:
    items = made.seen.upcoming if made.seen else made.plan.items if made.plan else ()
    return any(item.on is None for item in items)
