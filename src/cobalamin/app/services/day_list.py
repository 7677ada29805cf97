"""Who is looked at first: the people of a folder in one order, for the list of the day and for the first page.

Alarms, then who is overdue, the longest first, then who is due, whose date waits for an answer, who comes soon, and the rest.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from enum import IntEnum
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services.cases import open_case
from cobalamin.app.services.reviewing import open_matters, review_of
from cobalamin.errors import CobalaminError, InputError
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import ALARMS, Issue, alarms_among
from cobalamin.therapy.case.record import plan_on
from cobalamin.therapy.review.outlook import Outlook
from cobalamin.therapy.review.review import Review

SOON_DAYS = 14
SHORTEST_PART = 3  # of a name, in letters
ENDINGS = (".yaml", ".yml", ".json")
_LATE, _NOW = ("review_needed", "overdue", "perhaps_overdue"), ("due", "bookable")
_WAITING = ("data_required", "contraindicated")  # nothing is given until somebody has answered or decided
_UNDATED = ("discontinued", "complete", "ongoing", "on_hold", "paused", "bridged")


class Group(IntEnum):
    """Why somebody stands where they stand, the most urgent first."""

    ALARM, OVERDUE, DUE, WAITING, SOON, LATER, NO_PLAN = range(7)


class Place(Struct, frozen=True):
    """Where a person stands. `days` from the day of the list to the dose; within one group the smaller comes first."""

    group: Group
    days: int = 0

    def order(self, name: str) -> tuple[int, int, str]:
        return self.group, self.days, name


class Person(Struct, frozen=True):
    """One file of a folder that could be read."""

    file: str
    case: Case
    seen: Review | None  # None where nothing is planned or recorded
    alarms: tuple[Issue, ...]
    place: Place

    @property
    def days_late(self) -> int:
        """Since the day it was due; 0 where it is not late."""
        return -self.place.days if self.place.group is Group.OVERDUE else 0


class Unreadable(Struct, frozen=True):
    """A file that can't be read: somebody may be missing from the list."""

    file: str
    fault: str


class Alike(Struct, frozen=True):
    """People who may be taken for each other, or be one person twice: one name, or one name and one date of birth.

    `twins`: they share the date of birth and a part of their names (hazard H159); `name` has the names of all.
    """

    name: str
    born: date | None
    files: tuple[str, ...]
    twins: bool = False


class DayList(Struct, frozen=True):
    on: date
    people: tuple[Person, ...]  # in the order in which they are looked at
    unreadable: tuple[Unreadable, ...]
    alike: tuple[Alike, ...]

    def of(self, group: Group) -> tuple[Person, ...]:
        return tuple(person for person in self.people if person.place.group is group)


def day_list(folder: Path, on: date, progress: Callable[[int, int], object] = lambda _done, _all: None) -> DayList:
    """Everybody of a folder on a day. Raises InputError where the folder can't be read."""
    names = case_names(folder)
    people: list[Person] = []
    unreadable: list[Unreadable] = []
    for number, name in enumerate(names):
        progress(number, len(names))
        try:
            people.append(person_in(folder / name, on))
        except (CobalaminError, ValueError, OSError) as error:
            unreadable.append(Unreadable(name, first_line(error)))
    people.sort(key=lambda each: each.place.order(each.file))
    return DayList(on, tuple(people), tuple(unreadable), alike(people))


def case_names(folder: Path) -> list[str]:
    """The files that may hold a case, by name; hidden files are none of them. Raises InputError."""
    try:
        found = [entry.name for entry in folder.iterdir() if not entry.is_dir()]
    except OSError as error:
        raise InputError.one(str(folder), "", f"can't be read as a folder: {error.strerror or error}") from None
    return sorted(name for name in found if name.lower().endswith(ENDINGS) and not name.startswith("."))


def person_in(path: Path, on: date) -> Person:
    """Whoever a file is about, as of a day. Raises CobalaminError, ValueError and OSError for a file that can't be read."""
    case = open_case(path)
    seen = review_of(case, on) if case.record or plan_on(case, on) else None
    alarms = alarms_among(seen.issues if seen else open_matters(case, on))
    return Person(path.name, case, seen, alarms, place_of(seen, alarms))


def place_of(seen: Review | None, alarms: tuple[Issue, ...]) -> Place:
    """Where somebody stands, by what is open and what is due."""
    if alarms:
        is_now = seen is not None and seen.outlook.emergency  # before what can wait for the same day
        return Place(Group.ALARM, severity(alarms[0]) - (len(ALARMS) + 1 if is_now else 0))
    if seen is None or seen.plan is None:
        return Place(Group.NO_PLAN)
    return _place_of_dose(seen.outlook)


def severity(alarm: Issue) -> int:
    return ALARMS.index(alarm.code) if alarm.code in ALARMS else len(ALARMS)


def _place_of_dose(outlook: Outlook) -> Place:
    days = (outlook.target - outlook.on).days if outlook.target else 0
    if outlook.status in _LATE:
        return Place(Group.OVERDUE, days)
    if outlook.status in _NOW:
        return Place(Group.DUE, days)
    if outlook.status in _WAITING:
        return Place(Group.WAITING)
    if outlook.status in _UNDATED or days > SOON_DAYS:
        return Place(Group.LATER, days)
    return Place(Group.SOON, days)


def alike(people: Iterable[Person]) -> tuple[Alike, ...]:
    """Who has one name, however it is written; those who were also born on one day stand as such, and so do twins."""
    people = tuple(people)
    named: dict[str, list[Person]] = defaultdict(list)
    for person in people:
        named[folded(person.case.patient.id)].append(person)
    found: list[Alike] = []
    for namesakes in named.values():
        born: dict[date | None, list[Person]] = defaultdict(list)
        for person in namesakes:
            born[person.case.patient.birth_date].append(person)
        twins = [(day, group) for day, group in born.items() if day and len(group) > 1]
        found += [_alike(group, day) for day, group in twins]
        if len(namesakes) > 1 and not any(len(group) == len(namesakes) for _, group in twins):
            found.append(_alike(namesakes, None))
    found += _twins(people)
    return tuple(sorted(found, key=lambda each: each.files))


def _alike(people: list[Person], born: date | None) -> Alike:
    return Alike(people[0].case.patient.id, born, tuple(sorted(person.file for person in people)))


def _twins(people: Iterable[Person]) -> list[Alike]:
    """Who was born on one day and shares a part of the name with another, but not the whole of it."""
    sharing: dict[tuple[date, str], list[Person]] = defaultdict(list)
    for person in people:
        born = person.case.patient.birth_date
        if born is not None:
            for part in name_parts(person.case.patient.id):
                sharing[born, part].append(person)
    found: dict[tuple[str, ...], Alike] = {}
    for (born, _), group in sharing.items():
        names = dict.fromkeys(folded(person.case.patient.id) for person in group)
        if len(names) > 1:
            files = tuple(sorted(person.file for person in group))
            found[files] = Alike("; ".join(sorted(person.case.patient.id for person in group)), born, files, True)
    return list(found.values())


def name_parts(name: str) -> frozenset[str]:
    """The parts of a name that tell a family apart: no initials, no marks between."""
    return frozenset(part for part in folded(name).replace(",", " ").split() if len(part) >= SHORTEST_PART)


def folded(name: str) -> str:
    """A name as it is compared, however it is written."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def first_line(error: Exception) -> str:
    """What is wrong with a file, in a line."""
    faults = getattr(error, "faults", None)
    if not faults:
        return (str(error).splitlines() or [""])[0]
    first, more = faults[0], len(faults) - 1
    place = f"line {first.line}: " if first.line else ""
    path = f"{first.path}: " if first.path else ""
    return f"{place}{path}{first.message}" + (f" (and {more} more)" if more else "")
