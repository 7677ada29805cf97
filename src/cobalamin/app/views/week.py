"""The list of a practice's week in words: three parts that somebody works from, and where everybody else stands."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from cobalamin.app.services.spreadsheets import Table
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.panel import SHOWN, add_files, screen_of, why
from cobalamin.app.views.tree import ALARM, QUIET, STRONG, Depth
from cobalamin.population.csv_list import day_of
from cobalamin.population.outcomes import COLUMNS, NO_ANSWER, OUTCOMES, Outcome, Unused
from cobalamin.population.week import BEARING, LISTED, LostLine, Part, Person, Week
from cobalamin.text.days import date_words, day_short, month_words

WRITTEN = (*LISTED, Part.BOOKED)  # whose people stand on the list by name
_CELLS_SHOWN = 20


class Sheet(Struct, frozen=True):
    """One part of the list: a table whose first columns say who it is, and whose last says why."""

    part: Part
    title: str
    about: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Wording:
    """Puts one week into words."""

    def __init__(self, week: Week, screen: Builder | None = None) -> None:
        self.week, self.screen = week, screen or screen_of()

    def say(self, key: str, **fields: object) -> str:
        return self.screen.say(key, **fields)

    def day(self, day: date) -> str:
        return date_words(day, self.screen.words)

    @property
    def sum(self) -> str:
        counts = {part.value: f"{number:,}" for part, number in self.week.counts.items()}
        return self.say("week.sum", total=f"{self.week.total:,}", **counts)

    @property
    def missing(self) -> str:
        number = len(self.week.lines)
        return self.say("week.lines" if number > 1 else "week.lines_one", number=f"{number:,}") if number else ""

    @property
    def slots(self) -> str:
        """What this week's appointments are enough for; "" where nobody said how many there are."""
        if not self.week.slots:
            return ""
        rest = self.week.counts[Part.WEEK] - self.week.slots
        key = "week.slots_short" if rest > 0 else "week.slots"
        return self.say(key, slots=self.week.slots, rest=f"{rest:,}", next=self.week.slots + 1)

    def sheets(self, parts: Sequence[Part] = WRITTEN) -> Iterator[Sheet]:
        titles = tuple(self.say(f"week.column_{name}") for name in ("slot", "patient"))
        last = tuple(self.say(f"week.column_{name}") for name in ("due", "late", "last", "why"))
        for part in parts:
            rows = [self.row(person, number) for number, person in enumerate(self.week.of(part), 1)]
            rows += [self.lost(line) for line in self.week.lines] if part is Part.ASKED else []
            yield Sheet(part, self.title(part), self.about(part), (*titles, *self.week.carry, *last), tuple(rows))

    def title(self, part: Part) -> str:
        return self.say(f"week.part_{part}", number=f"{self.week.counts[part]:,}")

    def about(self, part: Part) -> str:
        return self.say(f"week.about_{part}", through=self.day(self.week.through))

    def row(self, person: Person, number: int) -> tuple[str, ...]:
        row = person.row
        due = day_short(row["target"], self.screen.words, with_year=True) if row["target"] else ""
        late = str(person.days_late or "") if row["target"] else ""
        return (
            str(number), str(row["patient_id"]), *map(_on_one_line, person.carried), due, late, self._last_dose(person), "; ".join(self.reasons(person)),
        )  # fmt: skip

    def lost(self, line: LostLine) -> tuple[str, ...]:
        carried = tuple(map(_on_one_line, line.carried)) or ("",) * len(self.week.carry)
        return "", line.patient_id, *carried, "", "", "", self.say("week.line", line=line.line, reason=line.reason)

    def _last_dose(self, person: Person) -> str:
        """As the list gives it: a day, or a month where the day is not known."""
        if person.is_month:
            return month_words(person.last_dose, self.screen.words)
        day = day_of(person.last_dose, "%Y-%m-%d")
        return day_short(day, self.screen.words, with_year=True) if day else person.last_dose

    def reasons(self, person: Person) -> Iterator[str]:
        """Why somebody stands where they stand, what must be answered first in front."""
        if person.shared:
            yield self.say("week.shared")
        yield from self._calls(person)
        if person.elsewhere:
            yield from [self.say("week.elsewhere_neurological")] if person.part is Part.ASKED else []
        else:
            bearing = [each for each in person.row["unread_cells"] or () if each in BEARING]
            yield why(self.screen, {**person.row, "unread_cells": bearing}, self.week.columns)
        if person.is_month:
            year, month = map(int, person.last_dose.split("-"))
            yield self.say("week.month", days=calendar.monthrange(year, month)[1] - 1)
        if person.own_due and person.part is Part.ASKED:
            yield self.say("week.own_due", date=self.day(person.own_due))

    def _calls(self, person: Person) -> Iterator[str]:
        calls = person.calls
        if calls.declined:
            yield self.say("week.declined", date=self.day(calls.declined.on))
        if calls.missed and calls.missed.booked_for:
            yield self.say("week.missed", date=self.day(calls.missed.booked_for))
        if calls.booked and calls.booked.booked_for:
            yield self._booked(calls.booked.booked_for, person.row)
        if calls.tries:
            yield self._tries(calls.tries)

    def _booked(self, day: date, row: Mapping[str, Any]) -> str:
        first, target, through = row["bookable_from"], row["target"], row["due_through"]
        if target is not None and through is not None and day > through:
            return self.say("week.booked_late", date=self.day(day), days=f"{(day - target).days:,}")
        if first is not None and day < first:
            return self.say("week.booked_early", date=self.day(day), first=self.day(first))
        return self.say("week.booked_for", date=self.day(day))

    def _tries(self, tries: Sequence[Outcome]) -> str:
        last, often = tries[-1], len(tries) > 1
        called = "week.called_often" if often else "week.called"
        silent = "week.no_answer_often" if often else "week.no_answer"
        key = silent if last.outcome == NO_ANSWER else called
        return self.say(key, date=self.day(last.on), number=len(tries))

    def unused(self, each: Unused) -> str:
        return self.say(f"week.unused_{each.why}", line=each.line, what=each.what)

    def cells(self) -> Iterator[str]:
        """What can't be read, the most frequent first."""
        for column, detail, number in self.week.cells[:_CELLS_SHOWN]:
            name = self.week.columns.get(column, column)
            yield self.say("week.cells_row", column=name, detail=detail, number=f"{number:,}")
        if len(self.week.cells) > _CELLS_SHOWN:
            yield self.say("week.cells_more", number=len(self.week.cells) - _CELLS_SHOWN)

    def tables(self) -> Iterator[Table]:
        """A sheet for each part with everybody in it, and one to fill in, which is read back as the outcomes of the next time."""
        for sheet in self.sheets(tuple(Part)):
            yield Table(self.say(f"week.list_{sheet.part}"), sheet.titles, sheet.rows)
        called = [row for sheet in self.sheets(LISTED) for row in sheet.rows if row[0]]
        end = 2 + len(self.week.carry)
        rows = [(row[1], "", "", "", *row[2:end]) for row in called]
        titles = (*COLUMNS, *(name for name in self.week.carry if name not in COLUMNS))
        yield Table(self.say("week.sheet_outcomes"), titles, [row[: len(titles)] for row in rows], {2: OUTCOMES})

    def merged(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """(titles, rows) of those who are written to: this week and lost from sight, with the list that they stand on."""
        rows = []
        titles: tuple[str, ...] = ()
        for sheet in self.sheets((Part.WEEK, Part.LOST)):
            titles = (self.say("week.column_list"), *sheet.titles[1:])
            rows += [(self.say(f"week.list_{sheet.part}"), *row[1:]) for row in sheet.rows]
        return titles, rows


def _on_one_line(cell: str) -> str:
    return " ".join(cell.split())


def view_of_week(week: Week, file: Path) -> View:
    """The three parts with their counts and reasons, and where everybody else stands."""
    wording = Wording(week)
    screen = wording.screen
    screen.print(wording.say("week.title", file=typed(file), date=wording.day(week.on)), style=STRONG)
    if wording.missing:
        screen.indented(wording.missing, depth=Depth.FLUSH, style=ALARM)
    screen.indented(wording.sum, depth=Depth.FLUSH)
    add_files(screen, week.manifest)
    for sheet in wording.sheets():
        if sheet.rows or sheet.part in LISTED:
            _add_part(screen, wording, sheet)
    _add_faults(screen, wording)
    screen.closing()
    return screen.view()


def _add_part(screen: Builder, wording: Wording, sheet: Sheet) -> None:
    screen.heading(sheet.title)
    screen.indented(sheet.about, depth=Depth.FLUSH, style=QUIET)
    if sheet.part is Part.WEEK and wording.slots:
        screen.indented(wording.slots, depth=Depth.FLUSH)
    carried = len(wording.week.carry)
    due, _, last, _ = sheet.titles[2 + carried :]
    titles = (*sheet.titles[:2], wording.say("week.column_who"), due, last, screen.say("columns.what"))
    lines = [_line(wording, row, carried) for row in sheet.rows[:SHOWN]]
    if lines:
        screen.columns(titles, lines, [False] * len(lines))
    if len(sheet.rows) > SHOWN:
        screen.indented(wording.say("week.more", number=f"{len(sheet.rows) - SHOWN:,}"))


def _line(wording: Wording, row: tuple[str, ...], carried: int) -> tuple[str, ...]:
    """A row for a screen: who it is in one column, and beside the date how late it is."""
    due, late, last, reason = row[2 + carried :]
    told = wording.say("week.late", due=due, late=late) if late else due
    return *row[:2], ", ".join(filter(None, row[2 : 2 + carried])), told, last, reason


def _add_faults(screen: Builder, wording: Wording) -> None:
    if wording.week.cells:
        screen.heading(wording.say("week.cells_title"))
        for cell in wording.cells():
            screen.indented(typed(cell))
    if wording.week.unused:
        screen.heading(wording.say("week.unused_title", number=len(wording.week.unused)))
        for each in wording.week.unused:
            screen.indented(typed(wording.unused(each)))
