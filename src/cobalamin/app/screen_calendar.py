"""What a calendar file holds, in a few sentences for the person who made it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from cobalamin.app.calendar_words import INJECTION, OTHER_DOSE, TITLES, title_of
from cobalamin.app.calendaring import Calendar
from cobalamin.app.render_due import country_of
from cobalamin.app.screen import Screen
from cobalamin.app.services import library
from cobalamin.therapy.dated_lines import CHECK, COURSE_BEGINS, COURSE_ENDS, DECISION
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.due_words import due_sentence

_MANY = {
    INJECTION: ("injection", "injections"),
    OTHER_DOSE: ("dose", "doses"),
    TITLES[CHECK]: ("blood test", "blood tests"),
    TITLES[DECISION]: ("appointment to discuss", "appointments to discuss"),
    TITLES[COURSE_BEGINS]: ("beginning of doses by mouth", "beginnings of doses by mouth"),
    TITLES[COURSE_ENDS]: ("last day of doses by mouth", "last days of doses by mouth"),
}


def show_calendar(made: Calendar, output: Path, with_name: bool) -> None:
    """Print what was written, what changed, and what the reader should know."""
    seen, plan = made.seen, made.plan
    country = country_of(seen) if seen else plan.protocol.country if plan else ""
    screen = Screen(library(), True, country)
    screen.indented(f"{output} is written: {_content(made)}.", indent=0, style="bold")
    if made.changes is not None:
        changes = made.changes
        screen.indented(
            f"Since the calendar before: {changes.new} new, {changes.changed} moved or changed, {changes.cancelled} "
            f"cancelled, {changes.kept} as they were.",
            indent=0,
        )
    if seen is not None:
        screen.indented(due_sentence(seen.outlook, country, plain=True), indent=0)
    else:
        screen.indented("No prescriber has accepted this plan: its days are marked as tentative.", indent=0)
    for sentence in _remarks(made, with_name):
        screen.indented(sentence, indent=0)
    screen.closing()


def _content(made: Calendar) -> str:
    if not made.lines:
        return "it holds no event, because nothing ahead has a day"
    counts = Counter(title_of(line) for line in made.lines)
    told = ", ".join(f"{number} {_MANY[title][number != 1]}" for title, number in counts.items())
    return f"{told}, from {date_words(made.lines[0].on)} to {date_words(made.lines[-1].on)}"


def _remarks(made: Calendar, with_name: bool) -> list[str]:
    moving = sum(not line.firm for line in made.lines)
    found = [f"{moving} of these days may still move and are marked as tentative."] if moving and made.seen else []
    if made.cut:
        found.append(f"Only the first {len(made.lines):,} events are in it; make it again when they come to an end.")
    if _undated(made):
        found.append("What follows a decision has no day yet and is not in it.")
    if with_name:
        found.append("It shows the case id, doses and tests to everybody who can see the calendar.")
    else:
        found.append("Its titles say nothing of name, medicine or illness; --with-name adds the details.")
    return [
        *found,
        "Make it again after every entry: events move or are cancelled by themselves when it is opened again.",
    ]


def _undated(made: Calendar) -> bool:
    items = made.seen.upcoming if made.seen else made.plan.items if made.plan else ()
    return any(item.on is None for item in items)
