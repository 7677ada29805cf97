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
from cobalamin.app.services.day_words import told_of
from cobalamin.app.services.shipped import library
from cobalamin.text.days import date_words, days_words

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
    key = "today.alike_twins" if alike.twins else "today.alike_born"
    return lines.say(key, name=alike.name, born=date_words(alike.born, lines.words), files=files)


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
    told = told_of(Lines(lines.library, lines.plain, patient.country), person, on)
    if patient.birth_date is None:
        return lines.say("today.who", name=patient.id, file=person.file, told=told)
    born = date_words(patient.birth_date, lines.words)
    return lines.say("today.who_born", name=patient.id, born=born, file=person.file, told=told)


def add_to(app: typer.Typer) -> None:
    app.command()(today)
