"""A draft of the mapping of a list that nobody has described yet: its columns by their headings, its words left to the person who knows it.

A draft is edited by a person. What is not plain stands in it as a question mark, and a mapping with one is refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from cobalamin.casefile.yaml_text import quoted
from cobalamin.population.csv_mapping import OPEN, ProtocolRule, RegisterMapping, small
from cobalamin.population.numbers import KINDS, number_of_kind

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "patient_id": (
        "nhs number", "nhs no", "nhs", "chi number", "patient id", "patient number", "patient no", "emis number", "emis no",
        "hospital number", "hospital no", "mrn", "record number", "patient", "id", "number", "no",
    ),
    "next_due": ("next due", "next injection", "next dose", "due date", "recall date", "next", "due"),
    "last_dose": (
        "last injection", "last dose", "last b12", "last given", "last administered", "date given", "injection date", "given on",
        "administered on", "date administered", "last",
    ),
    "interval": ("frequency", "freq", "interval", "every", "weeks", "months"),
    "registered_to": ("date deducted", "deducted", "deduction date", "deregistered", "date left", "left", "registered to", "leaving date"),
    "died_on": ("date of death", "deceased", "died", "death", "dead"),
    "birth_date": ("date of birth", "dob", "birth date", "born"),
    "cause": ("indication", "diagnosis", "cause", "reason"),
    "neurological_involvement": ("neurological involvement", "neurological", "neuro", "neuropathy"),
    "last_serum_b12_on": ("b12 date", "level date", "result date"),
    "last_serum_b12": ("b12 level", "serum b12", "b12 result", "vitamin b12", "level", "result", "b12"),
    "practice": ("practice", "surgery", "site", "branch"),
    "sex": ("sex", "gender"),
    "name": ("full name", "patient name", "name", "surname"),
    "protocol": ("drug", "drug name", "medication", "medicine", "product", "preparation", "treatment"),
}  # fmt: skip
_CARRIED = (
    "full name", "patient name", "name", "surname", "last name", "forename", "first name", "given name", "date of birth", "dob", "mobile",
    "telephone", "phone", "tel", "consent", "sms",
)  # fmt: skip
NEEDED = ("patient_id", "last_dose", "interval")
_FORMS = (
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d.%m.%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%d/%b/%Y",
    "%Y/%m/%d",
)
_BARE = re.compile(r"[<>]?\s?[0-9]+([.][0-9]+)?")
_UNITS = (("week", "wk"), ("wk", "wk"), ("month", "mo"), ("day", "d"))
_SHARE_OF_KIND = 0.8
_MOST_WORDS = 60


class Column(Struct, frozen=True):
    """A column of the list: how many cells are filled, the most frequent of them, what the draft takes it for, whether it is carried."""

    name: str
    filled: int
    examples: tuple[str, ...]
    taken_for: str = ""
    carried: bool = False


class Draft(Struct, frozen=True):
    """What is guessed of a list. `dates`, `interval_unit`, `result_unit`: OPEN where nobody can tell; "" where none is needed."""

    columns: tuple[Column, ...]
    heading_line: int
    drugs: tuple[tuple[str, int], ...]
    id_kind: str
    dates: str
    interval_unit: str
    result_unit: str

    @property
    def used(self) -> dict[str, str]:
        return {column.taken_for: column.name for column in self.columns if column.taken_for}

    @property
    def carry(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.carried)

    @property
    def lacking(self) -> tuple[str, ...]:
        """What no row can be read without, and no column looks like."""
        return tuple(name for name in NEEDED if name not in self.used)

    def mapping(self, units: Sequence[str]) -> RegisterMapping:
        """The mapping by which a look reads the list: nobody has a plan by it. `units`: of results, the first of which stands in for an open one."""
        columns = {ours: theirs for ours, theirs in self.used.items() if ours != "protocol"}
        unit = units[0] if self.result_unit == OPEN else self.result_unit
        return RegisterMapping(
            columns, ProtocolRule(), {}, "", _FORMS[0] if self.dates == OPEN else self.dates,
            "wk" if self.interval_unit == OPEN else self.interval_unit, unit, {}, self.id_kind, self.heading_line, self.carry,
        )  # fmt: skip


def likeness(names: tuple[str, ...]) -> int:
    """How much a line is like a heading: names that are known count most, then how many there are."""
    known = sum(1 for name in names if any(_fits(name, HEADINGS[ours]) for ours in HEADINGS))
    return known * 1000 + sum(1 for name in names if name)


def draft_of(
    names: Sequence[str], rows: Sequence[Sequence[str]], heading_line: int, units: Mapping[str, str]
) -> Draft:  # fmt: skip
    """The draft for a table of cells. `units`: of results, as a heading may give them in small letters."""
    cells = {name: [row[place] for row in rows if row[place]] for place, name in enumerate(names)}
    taken = _taken(names, cells)
    theirs = {ours: name for name, ours in taken.items()}
    columns = tuple(
        Column(name, len(cells[name]), _frequent(cells[name]), taken.get(name, ""), _is_carried(name)) for name in names
    )
    drugs = Counter(cells.get(theirs.get("protocol", ""), ())).most_common(_MOST_WORDS)
    numbers = cells.get(theirs.get("patient_id", ""), [])
    kind = next((kind for kind in KINDS if _share(numbers, kind) >= _SHARE_OF_KIND), "")
    interval, result = theirs.get("interval", ""), theirs.get("last_serum_b12", "")
    return Draft(
        columns, heading_line, tuple(drugs), kind, _form([*cells.get(theirs.get("last_dose", ""), ()), *cells.get(theirs.get("birth_date", ""), ())]),
        _unit(interval, cells.get(interval, []), dict(_UNITS)), _unit(result, cells.get(result, []), units),
    )  # fmt: skip


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())


def _fits(name: str, known: Iterable[str]) -> bool:
    """Whether a heading is one of these, or has one of several words or of some length in it."""
    plain = f" {_plain(name)} "
    return any(plain == f" {each} " or (len(each) > 4 and f" {each} " in plain) for each in known)


def _taken(names: Sequence[str], cells: Mapping[str, list[str]]) -> dict[str, str]:
    """By column what it is taken for: first by its whole heading, then by a part of it; of several the fullest."""
    taken: dict[str, str] = {}
    for exact in (True, False):
        for ours, known in HEADINGS.items():
            fitting = [
                name for name in names if name not in taken and (_plain(name) in known if exact else _fits(name, known))
            ]
            if fitting and ours not in taken.values():
                taken[max(fitting, key=lambda name: len(cells[name]))] = ours
    return taken  # fmt: skip


def _is_carried(name: str) -> bool:
    return _fits(name, _CARRIED) or any(word in _plain(name).split() for word in _CARRIED)


def _frequent(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text, _ in Counter(cells).most_common(3))


def _share(numbers: Sequence[str], kind: str) -> float:
    return sum(1 for each in numbers if number_of_kind(each, kind)) / len(numbers) if numbers else 0.0


def _form(cells: Sequence[str]) -> str:
    """The form in which most days are written; OPEN where two read equally many, as day and month may be swapped."""
    read = {form: sum(1 for cell in cells if _is_of(cell, form)) for form in _FORMS}
    most = max(read.values())
    best = [form for form, number in read.items() if number == most]
    return best[0] if most and len(best) == 1 else OPEN


def _is_of(cell: str, form: str) -> bool:
    try:
        datetime.strptime(cell.split(" 00:00")[0], form)  # noqa: DTZ007 -- a civil date has no time zone
    except ValueError:
        return False
    return True


def _unit(name: str, cells: Sequence[str], units: Mapping[str, str]) -> str:
    """The unit of bare numbers, where the heading names it; OPEN where it does not, "" where there are none."""
    if not any(_BARE.fullmatch(cell) for cell in cells):
        return ""
    return next((unit for word, unit in units.items() if word in name.casefold()), OPEN)


# -- the file ------------------------------------------------------------------------------------------------------------

Words = Mapping[
    str, Sequence[tuple[str, int]]
]  # by column, the words that can't be read, with how often they stand there
_OPEN = f'"{OPEN}"'  # bare it would begin a key
_MUST_ANSWER = ("neurological_involvement", "died_on", "registered_to")


def mapping_text(draft: Draft, unread: Words, allowed: Mapping[str, Sequence[str]], country: str) -> str:
    """The draft as a mapping file. `allowed`: by column, the words that it may mean."""
    return "\n".join((*_head(draft), *_protocol(draft), f"country: {country or _OPEN}", *_words(unread, allowed), ""))


def _written(text: str) -> str:
    return _OPEN if text == OPEN else quoted(text)


def _head(draft: Draft) -> Iterator[str]:
    yield "# A draft: look through every line. A question mark is for you to answer; until then the list is not read."
    yield "register: 1"
    yield "columns:"
    for ours, theirs in draft.used.items():
        if ours == "patient_id" and draft.id_kind:
            yield f"  patient_id: {{column: {quoted(theirs)}, kind: {draft.id_kind}}}"
        elif ours != "protocol":
            yield f"  {ours}: {quoted(theirs)}"
    yield from (f"  {name}: {_OPEN}" for name in draft.lacking)
    if draft.carry:
        yield f"carry: [{', '.join(map(quoted, draft.carry))}]  # shown on the list as they are"
    if draft.heading_line > 1:
        yield f"heading_line: {draft.heading_line}"
    yield f"dates: {_written(draft.dates)}  # how days are written; years have four digits"
    if draft.interval_unit:
        yield f"interval_unit: {_written(draft.interval_unit)}  # of an interval that is a bare number: d, wk, mo or a"
    if draft.result_unit:
        yield f"result_unit: {_written(draft.result_unit)}  # of a result that is a bare number: ng/L, pmol/L or pg/mL"


def _protocol(draft: Draft) -> Iterator[str]:
    yield "# `cobalamin library list` has the protocols; `none` is for a treatment that is none of them, as tablets may be."
    if draft.drugs:
        yield "protocol:"
        yield f"  column: {quoted(draft.used['protocol'])}"
        yield "  words:"
        for word, number in draft.drugs:
            yield f"    {quoted(small(word))}: {_OPEN}  # {number:,}"
        if "neurological_involvement" in draft.used:
            yield "#  neurological: {uk-bnf-noneuro: uk-bnf-neuro}  # what takes its place with neurological involvement"
    else:
        yield f"protocol: {_OPEN}"
    yield "# What a protocol leaves open, for example {uk-bnf-noneuro: maintenance_interval=3 mo}. Without such a choice leave the line out."
    yield f"choices: {_OPEN}"


def _words(unread: Words, allowed: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """What can't be read, a line each. Lines that begin with # may stay; the others bear on who is called."""
    must = {name: words for name, words in unread.items() if name in _MUST_ANSWER}
    may = {name: words for name, words in unread.items() if name not in _MUST_ANSWER}
    if must or may:
        yield "words:" if must else "# words:"
    for sign, columns in (("", must), ("#", may)):
        for name, words in columns.items():
            yield f"#   {name} is one of: {', '.join(allowed[name])}" if allowed.get(name) else f"#   {name}"
            yield f"{sign}  {name}:"
            for word, number in words[:_MOST_WORDS]:
                yield f"{sign}    {quoted(small(word))}: {_OPEN}  # {number:,}"
