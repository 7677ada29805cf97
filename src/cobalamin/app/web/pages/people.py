"""The people of the folder, the most urgent first: name, date of birth, what there is to do; found by name or date of birth."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from starlette.requests import Request

from cobalamin.app.services.day_list import Alike, Group, Person, Unreadable, alike, first_line, folded, person_in
from cobalamin.app.services.day_words import told_of
from cobalamin.app.services.leading import leading
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.site import Site, alarm_words, site_of, told
from cobalamin.errors import CobalaminError
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words

_APOSTROPHES = frozenset("'’ʼ`´")
MOST_IN_FULL = 3  # above the page; the list below has everybody in full
MOST_SHOWN = 60  # without a search; the rest is counted


@dataclass(frozen=True)
class Found:
    """Everybody who could be read, in order, and the files that could not."""

    people: tuple[Person, ...]
    unreadable: tuple[Unreadable, ...]
    alike: tuple[Alike, ...]


def people_of(request: Request) -> Found:
    """The people of the folder today. A file that has not changed since it was read is not read again."""
    site, known = site_of(request), request.app.state.read
    on, names = site.today(), site.folder.names()
    read = {name: _read(site, name, on, known.get(name)) for name in names}
    known.clear()
    known.update(read)
    everybody = [each for _, each in read.values()]
    people = sorted(
        (each for each in everybody if isinstance(each, Person)), key=lambda each: each.place.order(each.file)
    )
    return Found(tuple(people), tuple(each for each in everybody if isinstance(each, Unreadable)), alike(people))


State = tuple[date, int, int]


def _read(
    site: Site, name: str, on: date, known: tuple[State, Person | Unreadable] | None
) -> tuple[State, Person | Unreadable]:
    path = site.folder.path(name)
    status = path.stat()
    state = (on, status.st_mtime_ns, status.st_size)
    if known is not None and known[0] == state:
        return known
    try:
        return state, person_in(path, on)
    except (CobalaminError, ValueError, OSError) as error:
        return state, Unreadable(name, first_line(error))


def shown(request: Request, found: Found, sought: str) -> dict[str, Any]:
    """What the first page needs to show them."""
    wanted, words = bare(sought).split(), told(request, "").words
    people = [each for each in found.people if not wanted or all(map(_sought_in(each, words).__contains__, wanted))]
    listed = people if wanted or request.query_params.get("all") else people[:MOST_SHOWN]
    names = Counter(folded(each.case.patient.id) for each in found.people)
    twins = frozenset(file for each in found.alike if each.twins for file in each.files)
    return {
        "groups": list(_groups(request, listed, names, twins)), "more": len(people) - len(listed), "sought": sought, "number": len(found.people),
        "matches": len(people), "unreadable": found.unreadable, "alike": [_alike(request, each) for each in found.alike],
        "people": list(_alarms(request, found.people)),
    }  # fmt: skip


def _sought_in(person: Person, words: Words) -> str:
    """The name, the file and the date of birth in the ways in which people write one."""
    born = person.case.patient.birth_date
    written = (
        (born.isoformat(), date_words(born, words), f"{born:%d/%m/%Y}", f"{born.day}/{born.month}/{born.year}", f"{born:%d.%m.%Y}", f"{born:%m/%d/%Y}")
        if born
        else ()
    )  # fmt: skip
    return bare(" ".join((person.case.patient.id, person.file, *written)))


def bare(text: str) -> str:
    """A name as it is sought: without accents and apostrophes, which nobody types in a hurry."""
    letters = unicodedata.normalize("NFKD", folded(text))
    return "".join(each for each in letters if not unicodedata.combining(each) and each not in _APOSTROPHES)


def _groups(
    request: Request, people: list[Person], names: Counter[str], twins: frozenset[str]
) -> Iterator[dict[str, Any]]:
    for group in Group:
        rows = [_row(request, each, names, twins) for each in people if each.place.group is group]
        if rows:
            yield {"name": group.name.lower(), "rows": rows}


def _row(request: Request, person: Person, names: Counter[str], twins: frozenset[str]) -> dict[str, Any]:
    patient = person.case.patient
    screen = told(request, patient.country)
    born = date_words(patient.birth_date, screen.words) if patient.birth_date else ""
    return {
        "file": person.file, "address": _address(person), "name": patient.id, "born": kept(born), "told": kept(told_of(screen, person, site_of(request).today())),
        "mistaken": "shares" if names[folded(patient.id)] > 1 else "twin" if person.file in twins else "",
    }  # fmt: skip


def _address(person: Person) -> str:
    return f"/case/{quote(person.file, safe='')}"


def _alike(request: Request, found: Alike) -> dict[str, str]:
    words = told(request, "").words
    return {
        "name": found.name,
        "born": kept(date_words(found.born, words)) if found.born else "",
        "files": ", ".join(found.files),
        "key": "alike_twins" if found.twins else "alike_born" if found.born else "alike",
    }


def _alarms(request: Request, people: tuple[Person, ...]) -> Iterator[dict[str, str]]:
    """Who stands above the page: the worst with what to do, everybody else by name, so that the list stays in sight."""
    alarmed = [each for each in people if each.alarms]
    for number, person in enumerate(alarmed):
        yield {**_alarm(request, person), "short": "short" if number >= MOST_IN_FULL else ""}


def _alarm(request: Request, person: Person) -> dict[str, str]:
    """What stands above the page for somebody whose matter may not wait."""
    screen = told(request, person.case.patient.country)
    worst = leading(person.alarms, screen.plain, screen.words)[0]
    return {**alarm_words(screen, worst, False, who=person.case.patient.id, address=_address(person)), "text": ""}
