"""The use case of a calendar: which lines, compared with which earlier file, saved where."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from cobalamin.app.ics.entries import About, CalendarWords, about_plan, about_review, event_day, title_of
from cobalamin.app.ics.file import Changes, Earlier, calendar_bytes, load_icalendar, read_earlier
from cobalamin.app.services import shipped
from cobalamin.app.services.files import locked, read_bytes, save_bytes, save_new
from cobalamin.app.services.outputs import TargetRefused, refuse_target
from cobalamin.app.services.reviewing import review_of
from cobalamin.app.views.calendar import Contents
from cobalamin.errors import InputError
from cobalamin.spans import SpanRefused, read_span
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.review.dated_lines import DatedLine, lines_of_plan, lines_of_review
from cobalamin.therapy.review.review import Ahead, Review

MOST_LINES = 1000
_MORNING = timedelta(hours=9)  # an all-day event begins at midnight, and nobody wants to be woken then
_LONGEST_ALARM = 28


@dataclass(frozen=True)
class Wanted:
    """Where the calendar goes and what it may say."""

    output: Path
    months: int = 12
    with_name: bool = False
    alarm: timedelta | None = None
    previous: Path | None = None
    force: bool = False
    policy: Path | None = None


@dataclass(frozen=True)
class Calendar:
    """A calendar that was written: its lines, what changed, and the review or the plan it shows."""

    lines: tuple[DatedLine, ...]
    cut: bool  # later lines are not in it
    changes: Changes | None  # None where there was no earlier file
    seen: Review | None
    plan: Plan | None


def contents(made: Calendar) -> Contents:
    """What the file holds, as it is told to the person who made it."""
    days = [event_day(line, made.seen) for line in made.lines]
    return Contents(
        Counter(title_of(line) for line in made.lines),
        min(days, default=None),
        max(days, default=None),
        sum(not line.firm for line in made.lines),
        made.cut,
        asdict(made.changes) if made.changes is not None else None,
        made.seen,
        made.plan,
    )


def read_alarm(text: str) -> timedelta | None:
    """How long before the day an alarm comes, at nine in the morning; None for `none`. Raises InputError."""
    if text.strip() == "none":
        return None
    try:
        span = read_span(text)
    except SpanRefused as error:
        raise InputError.one("--alarm", "", f"{error}; or none") from None
    days = span.number * {"d": 1, "wk": 7}.get(span.unit, 1000)
    if days > _LONGEST_ALARM:
        raise InputError.one(
            "--alarm", "", f"'{text}' must be at most {_LONGEST_ALARM} d, for example 1 d or 1 wk, or none"
        )
    return _MORNING - timedelta(days=days)


def review_for_calendar(case: Case, on: date, wanted: Wanted) -> Review:
    """The review of a case with every line of the months that are wanted."""
    return review_of(case, on, None, wanted.policy, Ahead(wanted.months, MOST_LINES))


def write_review(path: Path, seen: Review, wanted: Wanted) -> Calendar:
    """Save the calendar of a running treatment. Raises InputError; then nothing is written."""
    library = shipped.library()
    words = CalendarWords(library, about_review(library, seen, wanted.with_name), seen)
    lines, changes = _saved(path, lines_of_review(seen), words, wanted)
    cut = max(len(lines), len(seen.upcoming)) >= MOST_LINES
    return Calendar(lines[:MOST_LINES], cut, changes, seen, None)


def write_plan(path: Path, case: Case, plan: Plan, on: date, wanted: Wanted) -> Calendar:
    """Save the calendar of a plan that nobody has accepted. Raises InputError; then nothing is written."""
    library = shipped.library()
    words = CalendarWords(library, about_plan(library, case, plan, on, wanted.with_name), issues=plan.issues)
    lines, changes = _saved(path, lines_of_plan(plan), words, wanted)
    return Calendar(lines[:MOST_LINES], len(lines) > MOST_LINES, changes, None, plan)


def refuse_unfit(case: Path, wanted: Wanted) -> None:
    """Raise InputError and TargetRefused where the file could not be written anyway, before anything is computed."""
    load_icalendar()
    refuse_target(wanted.output, case, wanted.policy, force=True)  # what it holds is looked at when it is written


def _saved(
    case: Path, lines: tuple[DatedLine, ...], words: CalendarWords, wanted: Wanted
) -> tuple[tuple[DatedLine, ...], Changes | None]:
    refuse_unfit(case, wanted)
    output = wanted.output.resolve()
    with locked(output):
        there = read_bytes(output) if output.exists() else None
        earlier = _earlier(there, words.about, wanted)
        if earlier is not None:
            words = words.of_case(earlier.case)
        entries = [*words.first(), *words.order(), *(words.entry(line) for line in lines[:MOST_LINES])]
        content, changes = calendar_bytes(entries, words.about, wanted.alarm, earlier)
        if there is None:
            save_new(output, content)
        else:
            save_bytes(output, content, was=there)
    return lines, changes if earlier else None


def _earlier(there: bytes | None, about: About, wanted: Wanted) -> Earlier | None:
    """The file to compare with: the one that is named, else the one that is written again."""
    own = _own(there, about) if there is not None else None
    if there is not None and own is None and not wanted.force:
        message = (
            "the file exists and is no calendar of this case made by this program; choose another name, or --force"
        )
        raise TargetRefused(wanted.output, message)
    if wanted.previous is None:
        return own
    named = read_earlier(read_bytes(wanted.previous))
    if named is None:
        raise InputError.one(str(wanted.previous), "", "is no calendar made by this program")
    if not about.is_of(named.case) and not wanted.force:
        message = (
            "is no calendar of this case: it was made of another person, or of a case whose id, day of birth or plan was changed "
            "by hand since; if it is the same person, add --force"
        )
        raise InputError.one(str(wanted.previous), "", message)
    return named


def _own(content: bytes, about: About) -> Earlier | None:
    found = read_earlier(content)
    return found if found is not None and about.is_of(found.case) else None
