"""Everybody of a practice's list in parts: who is called this week, who is lost from sight, who is first to be asked about.

Each line of the list stands in exactly one part, and a line that can't be read stands among what is to be mended: nobody is on no list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

from cobalamin.errors import InvariantBroken
from cobalamin.population.csv_list import Line, ListRead, day_of
from cobalamin.population.csv_mapping import RegisterMapping
from cobalamin.population.leaving import LEAVING
from cobalamin.population.outcomes import Calls, Outcomes, Unused, calls_of
from cobalamin.population.panel import Panel
from cobalamin.population.recall import DATA_ASKED, everybody
from cobalamin.records import replace

DAYS = 7
_WEEK = ("overdue", "perhaps_overdue", "due")
_RESTING = ("discontinued", "complete", "paused", "bridged")
# A cell of these that can't be read may hide that somebody is due; any other costs only itself.
BEARING = frozenset(("patient_id", "last_dose", "interval", "protocol", "choices", "birth_date", *LEAVING))
_DATED = "%Y-%m-%d"  # the days of a list that was read


class Part(StrEnum):
    """Where somebody stands. ELSEWHERE: the mapping says that their treatment is none of a protocol here."""

    WEEK, LOST, ASKED, BOOKED, LATER, ELSEWHERE, LEFT = "week", "lost", "asked", "booked", "later", "elsewhere", "left"


LISTED = (Part.WEEK, Part.LOST, Part.ASKED)


class Person(Struct, frozen=True):
    """A line of the list. `row`: the panel's; `shared`: another person has the same number.

    `elsewhere`: the mapping gives the treatment no protocol. `own_due`: the list's own next date, where it is earlier and in this week; `slot`: the appointment of this week, from 1 on, 0 for none.
    """

    part: Part
    line: int
    carried: tuple[str, ...]
    row: Mapping[str, Any]
    calls: Calls
    last_dose: str = ""  # as the list gives it: a day or a month
    shared: bool = False
    elsewhere: bool = False
    own_due: date | None = None
    slot: int = 0

    @property
    def is_month(self) -> bool:
        """Whether of the last dose only the month is known: then every date is the latest that it can be."""
        return len(self.last_dose) == len("2026-09")

    @property
    def days_late(self) -> int:
        return int(self.row["days_late"] or 0)


class LostLine(Struct, frozen=True):
    """A line that can't be read or told apart, so that nobody knows whose it is."""

    line: int
    reason: str
    patient_id: str
    carried: tuple[str, ...]


class Week(Struct, frozen=True):
    """A practice's week. `columns`: the list's own names, by ours; `carry`: its columns that are shown as they are.

    `cells`: what can't be read, as (our column, what is wrong, how often); `slots`: appointments, 0 where no number is given."""

    on: date
    through: date
    columns: Mapping[str, str]
    carry: tuple[str, ...]
    people: tuple[Person, ...]
    lines: tuple[LostLine, ...]
    cells: tuple[tuple[str, str, int], ...]
    unused: tuple[Unused, ...]
    manifest: Mapping[str, Any]
    slots: int = 0

    def of(self, part: Part) -> tuple[Person, ...]:
        return tuple(each for each in self.people if each.part is part)

    @property
    def counts(self) -> dict[Part, int]:
        """How many stand in each part; the lines that can't be read are to be mended."""
        found = Counter(each.part for each in self.people)
        found[Part.ASKED] += len(self.lines)
        return {part: found[part] for part in Part}

    @property
    def total(self) -> int:
        return len(self.people) + len(self.lines)


def week(panel: Panel, read: ListRead, mapping: RegisterMapping, outcomes: Outcomes, slots: int = 0) -> Week:
    """Everybody of the list in parts, each in the order of urgency. Raises InvariantBroken where somebody stands in none."""
    rows = {str(row["patient_id"]): row for row in everybody(panel)}
    through = panel.on + timedelta(days=DAYS - 1)
    numbers = Counter(line.row["patient_id"] for line in read.people)
    if numbers.keys() != rows.keys():
        raise InvariantBroken(
            f"the list has {len(numbers)} patient numbers and the panel {len(rows)}; no list is written"
        )
    people = []
    for line in read.people:
        row = rows[line.row["patient_id"]]
        last = row["last_dose"] or day_of(line.last_dose, _DATED)
        calls = calls_of(outcomes.by_patient.get(line.row["patient_id"], ()), last, panel.on)
        people.append(_person(line, row, calls, numbers[line.row["patient_id"]] > 1, through))
    people.sort(key=_order)
    made = Week(
        panel.on, through, mapping.used, mapping.carry, tuple(_with_slots(people, slots)), _lost_lines(panel, read), unread_cells(panel), outcomes.unused,
        panel.manifest, slots,
    )  # fmt: skip
    _refuse_uneven(made)
    return made


def _refuse_uneven(week: Week) -> None:
    """Raise InvariantBroken where the parts do not add up to the rows that were read."""
    rows = week.manifest["rows"]["patient"]["in"]
    if not sum(week.counts.values()) == week.total == rows:
        raise InvariantBroken(f"the list has {rows} rows, but {week.total} stand in its parts; no list is written")


def _person(line: Line, row: Mapping[str, Any], calls: Calls, shared: bool, through: date) -> Person:
    own = day_of(line.row.get("next_due", ""), _DATED)
    given = row["last_dose"] or day_of(line.last_dose, _DATED)
    earlier = own is not None and own <= through and (given is None or own > given)
    elsewhere = not line.row["protocol"] and "protocol" not in line.unread
    person = Person(
        Part.LATER, line.number, line.carried, row, calls, line.last_dose, shared, elsewhere, own if earlier else None
    )
    part = _part(person, through)
    if part in (Part.WEEK, Part.LOST, Part.LATER) and calls.booked:
        part = Part.BOOKED
    return replace(person, part=part)


def _part(person: Person, through: date) -> Part:
    """Who is gone first, then what must be answered before anybody calls, then by date."""
    row, unread = person.row, frozenset(person.row["unread_cells"] or ())
    status, target = row["status"], row["target"]
    if row["gone"]:
        return Part.LEFT
    if person.shared or unread & frozenset(LEAVING) or person.calls.declined:
        return Part.ASKED
    if person.elsewhere:  # with neurological involvement somebody looks at a treatment that no protocol here dates
        return Part.ASKED if _is_neurological(person) else Part.ELSEWHERE
    if status in ("data_required", "contraindicated") or row["interval_asked"] or row["question"] in DATA_ASKED:
        return Part.ASKED
    if status == "review_needed" or (status in _WEEK and 0 < row["interval_days"] < row["days_late"]):
        return Part.LOST
    if status in _WEEK or (target is not None and target <= through and status not in _RESTING):
        return Part.WEEK
    if row["question"] or unread & BEARING or person.own_due:
        return Part.ASKED
    return Part.LATER


def _is_neurological(person: Person) -> bool:
    return bool(person.row["neurological_involvement"] == "present")


def _order(person: Person) -> tuple[Any, ...]:
    """Within a part: the late by weight, then by date, then who had the last dose longest ago; what is not known comes first."""
    row = person.row
    booked = person.calls.booked.booked_for if person.calls.booked else None
    if person.part is Part.ASKED:
        return tuple(Part).index(person.part), not _is_neurological(person), row["last_dose"] or date.min, person.line
    by_day = booked if person.part is Part.BOOKED else row["target"]
    weight = 0 if person.part is Part.BOOKED else -row["weight"]
    return tuple(Part).index(person.part), weight, by_day or date.max, person.line


def _with_slots(people: list[Person], slots: int) -> Iterator[Person]:
    """The people, the first of this week with an appointment each."""
    numbers = iter(range(1, slots + 1))
    for person in people:
        number = next(numbers, 0) if person.part is Part.WEEK else 0
        yield replace(person, slot=number) if number else person


def _lost_lines(panel: Panel, read: ListRead) -> tuple[LostLine, ...]:
    """The lines that nobody's row was made of, with the reason that `reconcile` gives."""
    found: dict[int, list[Mapping[str, Any]]] = {}
    for row in panel.rows("SELECT line, patient_id, reason FROM aside WHERE \"table\" = 'patient' AND cell = ''"):
        found.setdefault(row["line"], []).append(row)
    rows = [(found[line].pop(), carried) for line, carried in sorted(read.lost)]
    return tuple(LostLine(row["line"], row["reason"], row["patient_id"] or "", carried) for row, carried in rows)


def unread_cells(panel: Panel) -> tuple[tuple[str, str, int], ...]:
    """What can't be read, as (our column, what is wrong, how often), the most frequent first."""
    found = panel.rows(
        """SELECT cell, detail, count(*) AS number FROM aside WHERE cell <> '' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2"""
    )
    return tuple((row["cell"], row["detail"], row["number"]) for row in found)
