"""The command that lists the people of a folder, the most urgent first: today."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cobalamin.app.cli.days import assessment_day
from cobalamin.app.cli.lines import Lines
from cobalamin.app.cli.missing import note_missing
from cobalamin.app.cli.options import OK, PEOPLE_MISSING, Json, On, Plain, leave, print_json
from cobalamin.app.services.day_list import SOON_DAYS, Alike, DayList, Group, Person, day_list
from cobalamin.app.services.leading import leading
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.shipped import library
from cobalamin.text.days import date_words, days_words
from cobalamin.text.messages import in_words
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review

_LISTED = (Group.ALARM, Group.OVERDUE, Group.DUE, Group.WAITING, Group.SOON)
QUIET_SECONDS, BETWEEN_SECONDS = 1.0, 1.0


def today(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The folder with the case files.")],
    on: On = "",
    as_json: Json = False,
    plain: Plain = False,
) -> None:
    """Who is due, overdue or waiting among the case files of a folder: one line a person, the most urgent first."""
    found = day_list(folder, assessment_day(on), _Progress())
    missing = note_missing(len(found.unreadable), files=True)
    if as_json:
        from cobalamin.app.documents.today import TodayRenderer

        print_json(TodayRenderer(library()).today(found))
    else:
        _show(Lines(library(), plain), found, folder)
    sys.stdout.flush()
    missing.say()
    leave(PEOPLE_MISSING if found.unreadable else OK)


class _Progress:
    """How many files are read, on standard error, once it takes longer than a second."""

    def __init__(self) -> None:
        self.next = time.monotonic() + QUIET_SECONDS

    def __call__(self, done: int, number: int) -> None:
        if time.monotonic() >= self.next:
            sys.stderr.write(f"{library().own_words.text('today.progress', done=done, number=number)}\n")
            sys.stderr.flush()
            self.next = time.monotonic() + BETWEEN_SECONDS


def _show(lines: Lines, found: DayList, folder: Path) -> None:
    head = "today.head_one" if len(found.people) == 1 else "today.head"
    lines.print(lines.say(head, day=date_words(found.on, lines.words), number=len(found.people), folder=folder))
    for alike in found.alike:
        lines.print(_alike(lines, alike))
    for group in _LISTED:
        people = found.of(group)
        if people:
            lines.print()
            key = f"today.group__{group.name.lower()}"
            lines.print(lines.say(key, number=SOON_DAYS) if group is Group.SOON else lines.say(key))
        for person in people:
            lines.print(_line(lines, person, found.on), indent=2)
    lines.print()
    _rest(lines, found)
    _unreadable(lines, found)
    urgent = next((person for person in found.people if person.place.group in _LISTED), None)
    if urgent is not None:
        lines.print(lines.say("today.next", path=folder / urgent.file))


def _alike(lines: Lines, alike: Alike) -> str:
    files = ", ".join(alike.files)
    if alike.born is None:
        return lines.say("today.alike", name=alike.name, files=files)
    return lines.say("today.alike_born", name=alike.name, born=date_words(alike.born, lines.words), files=files)


def _rest(lines: Lines, found: DayList) -> None:
    if not any(found.of(group) for group in _LISTED[:-1]):
        lines.print(lines.say("today.nobody"))
    later, planless = len(found.of(Group.LATER)), found.of(Group.NO_PLAN)
    if later:
        span = days_words(SOON_DAYS, lines.words)
        key = "today.others_one" if later == 1 else "today.others"
        lines.print(lines.say(key, days=span) if later == 1 else lines.say(key, number=later, days=span))
    if planless:
        lines.print(lines.say("today.no_plan", files=", ".join(person.file for person in planless)))


def _unreadable(lines: Lines, found: DayList) -> None:
    number = len(found.unreadable)
    if not number:
        return
    lines.print(lines.say("today.unreadable_one") if number == 1 else lines.say("today.unreadable", number=number))
    for each in found.unreadable:
        lines.print(
            lines.say("today.unreadable_file", file=each.file, fault=library().own_words.quoted(str(each.fault))),
            indent=2,
        )


def _line(lines: Lines, person: Person, on: date) -> str:
    patient = person.case.patient
    told = _told(lines, person, on)
    if patient.birth_date is None:
        return lines.say("today.who", name=patient.id, file=person.file, told=told)
    born = date_words(patient.birth_date, lines.words)
    return lines.say("today.who_born", name=patient.id, born=born, file=person.file, told=told)


def _told(lines: Lines, person: Person, on: date) -> str:
    """What there is to do for a person; beside an alarm nothing is said of a dose (hazard H36)."""
    seen, country = person.seen, person.case.patient.country
    if person.alarms:
        return lines.spelled(leading(person.alarms, lines.plain, lines.words)[0].line, country)
    if seen is None:
        return ""
    match person.place.group:
        case Group.OVERDUE:
            return _late(lines, seen)
        case Group.WAITING:
            asked = waiting_for(seen)
            alone = due_sentence(seen.outlook, country_of(seen), lines.plain)
            return lines.spelled(asked[0].text if asked else alone, country)
        case _:
            return _not_late(lines, seen, on)


def _late(lines: Lines, seen: Review) -> str:
    outlook = seen.outlook
    if outlook.target is None:
        return lines.say("today.run_out")
    target = date_words(outlook.target, lines.words)
    if outlook.status == "perhaps_overdue" and outlook.early_target:
        return lines.say("today.late_perhaps", first=date_words(outlook.early_target, lines.words), target=target)
    late = days_words((outlook.on - outlook.target).days, lines.words)
    key = "today.late_long" if outlook.status == "review_needed" else "today.late"
    return lines.say(key, target=target, late=late)


def _not_late(lines: Lines, seen: Review, on: date) -> str:
    target, dates = seen.outlook.target, seen.outlook.dates
    if target is None or dates is None:
        return in_words(due_sentence(seen.outlook, country_of(seen), lines.plain), lines.words)
    told = date_words(target, lines.words)
    if seen.outlook.status == "due":
        return lines.say("today.now_today") if target == on else lines.say("today.now", target=told)
    if seen.outlook.status == "bookable":
        return lines.say("today.now_from", target=told)
    days = days_words((target - on).days, lines.words)
    first = to_date(dates.bookable_from)
    if on < first < target:
        return lines.say("today.soon_open", target=told, days=days, first=date_words(first, lines.words))
    return lines.say("today.soon", target=told, days=days)


def add_to(app: typer.Typer) -> None:
    app.command()(today)
