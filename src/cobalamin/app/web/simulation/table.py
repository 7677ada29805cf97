"""A schedule as a table of parts: from an address, from a typed regimen, from a plan, and back to a typed regimen.

Nothing is read twice: the table becomes the text that `simulate --scenario` takes, and that text has one reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby

from cobalamin.amounts import AmountRefused, Mass, read_mass
from cobalamin.app.services.simulation.given import A_DAY, Given
from cobalamin.errors import Fault, InputError
from cobalamin.kinetics.doses import LONGEST_DAYS, MOST_DOSES, MOST_MICROGRAMS
from cobalamin.kinetics.scenario import NOTHING, Part, read_scenario
from cobalamin.spans import Span, add
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.review.review import Ahead, Review

MOST_PARTS = 8
SUBSTANCES = ("hydroxocobalamin", "cyanocobalamin", "mecobalamin")
ROUTES = ("intramuscular", "subcutaneous", "oral", "sublingual", "nasal", "intravenous")
DOSE_UNITS = ("mg", "micrograms")
A_WEEK, TIMES = "times a week", "times"
PERIODS = {"days": "d", "weeks": "wk", "months": "mo", "years": "a"}
SPACINGS, LENGTHS = (*PERIODS, A_WEEK), (TIMES, *PERIODS)
_NUMBER = re.compile(r"[0-9]{1,5}")
_LONGEST = {"d": int(LONGEST_DAYS), "wk": int(LONGEST_DAYS) // 7, "mo": 480, "a": 40}


@dataclass(frozen=True)
class Row:
    """One part of the table, every field as it was typed."""

    dose: str = ""
    unit: str = "mg"
    substance: str = "hydroxocobalamin"
    route: str = "intramuscular"
    every: str = ""
    spacing: str = "weeks"
    length: str = ""
    measure: str = TIMES

    @property
    def blank(self) -> bool:
        return not (self.dose or self.every or self.length)


NAMES = tuple(each.name for each in fields(Row))
CHOICES = {"unit": DOSE_UNITS, "substance": SUBSTANCES, "route": ROUTES, "spacing": SPACINGS, "measure": LENGTHS}


# -- addresses -----------------------------------------------------------------------------------------------------------


def query_of(rows: Sequence[Row]) -> dict[str, str]:
    """The rows as an address holds them, each in full."""
    told = {f"{name}.{place}": getattr(row, name) for place, row in enumerate(rows, 1) for name in NAMES}
    return {name: value for name, value in told.items() if value}


# -- typed regimens ------------------------------------------------------------------------------------------------------


def rows_of_text(text: str) -> list[Row]:
    """A typed regimen as rows; nothing is one blank row. Raises InputError."""
    parts = parts_of(text)
    if len(parts) > MOST_PARTS:
        raise InputError.one("--scenario", "", f"has {len(parts)} parts; a table has at most {MOST_PARTS}")
    return [row_of(part) for part in parts] or [Row()]


def parts_of(text: str, substance: str = "", route: str = "intramuscular") -> tuple[Part, ...]:
    """The parts of a typed regimen, no time in it longer than the model's. Raises InputError."""
    parts = read_scenario(text, substance, route)
    for part in parts:
        for span in (part.spacing, part.end):
            if isinstance(span, Span) and span.number > _LONGEST[span.unit]:
                raise InputError.one("--scenario", "", f"{span.words} are too long; at most 40 years are simulated")
    return parts


def row_of(part: Part) -> Row:
    """One part of a typed regimen as a row."""
    dose, unit = _amount(part.dose)
    every, spacing = _told(part.spacing, A_WEEK)
    length, measure = _told(part.end, TIMES) if part.end is not None else ("", TIMES)
    return Row(dose, unit, part.substance, part.route, every, spacing, length, measure)


def _amount(dose: Mass) -> tuple[str, str]:
    micrograms = dose.micrograms
    if micrograms >= 1000 and micrograms % 10 == 0:
        return f"{(micrograms / 1000).normalize():f}", "mg"
    return f"{micrograms:f}", "micrograms"


def _told(span: Span | int, counted: str) -> tuple[str, str]:
    if isinstance(span, int):
        return str(span), counted
    return str(span.number), next(name for name, unit in PERIODS.items() if unit == span.unit)


def text_of(rows: Sequence[Row]) -> str:
    """The table as a typed regimen. Raises InputError with a fault for each field that can't be taken."""
    filled = [(place, row) for place, row in enumerate(rows, 1) if not row.blank]
    faults = [fault for place, row in enumerate(rows, 1) for fault in _unknown_choices(place, row)]
    if len(rows) > MOST_PARTS:
        message = f"has {len(rows)} parts; at most {MOST_PARTS} can be simulated, so take some away"
        faults.insert(0, Fault("", 0, "parts", message))
    pieces = [_piece(place, row, place != filled[-1][0], faults) for place, row in filled]
    if faults:
        raise InputError(faults)
    return " then ".join(pieces) or NOTHING[0]


def _unknown_choices(place: int, row: Row) -> Iterable[Fault]:
    """A choice that is not offered is never taken for the usual one: a unit that was not understood is a thousandfold (H01)."""
    for name, offered in CHOICES.items():
        typed = getattr(row, name)
        if typed not in offered:
            allowed = f"choose {', '.join(offered[:-1])} or {offered[-1]}"
            yield Fault("", 0, f"{name}-{place}", f"'{typed}' is not known here; {allowed}" if typed else allowed)


def _piece(place: int, row: Row, another: bool, faults: list[Fault]) -> str:
    """One row in words; what is wrong with its numbers is added to `faults`."""
    found = {}
    words: dict[str, tuple[str, Callable[[Row], str]]] = {
        "unit": ("dose", _dose_words),
        "spacing": ("every", _spacing_words),
        "measure": ("length", lambda row: _length_words(row, another)),
    }
    for choice, (name, worded) in words.items():
        if getattr(row, choice) not in CHOICES[choice]:
            continue  # said at the choice; without it the number can't be judged
        try:
            found[name] = worded(row)
        except ValueError as error:
            faults.append(Fault("", 0, f"{name}-{place}", str(error)))
    told = (found.get("dose"), row.substance, row.route, found.get("every"), found.get("length"))
    return " ".join(word for word in told if word)


def _dose_words(row: Row) -> str:
    """A dose with its unit; a unit that was typed beside the number counts, so that no second one is put to it."""
    if not row.dose:
        raise AmountRefused("write a dose, for example 1, or empty the whole row")
    typed = row.dose if re.search(r"[^\W\d]", row.dose) else f"{row.dose} {row.unit}"
    mass = read_mass(typed)
    if mass.micrograms > int(MOST_MICROGRAMS):
        raise AmountRefused(
            f"at most {MOST_MICROGRAMS / 1000:g} mg a dose is simulated; antidote amounts are no replacement"
        )
    return f"{mass.value:f} {'micrograms' if mass.unit == 'ug' else mass.unit}"


def _spacing_words(row: Row) -> str:
    number = _whole(row.every, "write how often, for example 12 and weeks apart")
    if row.spacing == A_WEEK:
        if not 1 <= number <= 7:
            raise ValueError("1 to 7 times a week can be simulated; for more write days apart")
        return f"{number} times a week"
    return Span(_within(number, row.spacing), PERIODS[row.spacing]).every


def _length_words(row: Row, another: bool) -> str:
    if not row.length and not another:
        return ""
    number = _whole(row.length, "write how long this part goes on, because another part follows it")
    if row.measure != TIMES:
        return f"for {Span(_within(number, row.measure), PERIODS[row.measure]).words}"
    if not 1 <= number <= MOST_DOSES:
        raise ValueError(f"1 to {MOST_DOSES:,} doses can be simulated")
    return f"x {number}"


def _whole(text: str, missing: str) -> int:
    if not text:
        raise ValueError(missing)
    if not (_NUMBER.fullmatch(text) and text.isascii()):
        raise ValueError(f"'{text}' is not a whole number; write digits only, for example 12")
    return int(text)


def _within(number: int, period: str) -> int:
    most = _LONGEST[PERIODS[period]]
    if not 1 <= number <= most:
        raise ValueError(f"1 to {most:,} {period} can be simulated")
    return number


# -- a plan --------------------------------------------------------------------------------------------------------------

AHEAD = Ahead(60, 1_500)
_ENDLESS = ("never", "decision", "not_stated")
_CLAMPED = 3  # days by which a month that is too short moves a date


@dataclass(frozen=True)
class Coming:
    """What a plan still has to come, as rows, and the day of its first dose."""

    start: date
    rows: tuple[Row, ...]


def coming_of(seen: Review, simulated: Iterable[Given]) -> Coming | None:
    """The rows of what the review's own schedule has next (`AHEAD`), on the days on which `simulated` has it.

    None where nothing more comes.
    """
    ahead = [each for each in simulated if each.last >= seen.on]
    lines = [(day, item) for item in seen.upcoming if (day := _day(item, seen.on, ahead)) is not None]
    groups = [list(group) for _, group in groupby(lines, lambda line: _same(line[1]))][:MOST_PARTS]
    if not groups:
        return None
    rows = [_row_of(group, seen, group is groups[-1]) for group in groups]
    return Coming(groups[0][0][0], tuple(rows))


def _same(item: Item) -> object:
    return item.kind, item.phase, item.substance, str(item.dose), item.route


def _day(item: Item, on: date, ahead: list[Given]) -> date | None:
    """The day on which a line is simulated; None for one that is not: an overdue dose is given today, none in a pause."""
    if item.on is None or item.kind not in ("dose", "course"):
        return None
    same = (
        each for each in ahead if (each.substance, each.dose, each.route) == (item.substance, item.dose, item.route)
    )
    if item.kind == "course":
        return next((max(each.on, on + A_DAY) for each in same if each.until and each.last > on), None)
    wanted = max(item.on, on)
    return next((each.on for each in same if each.until is None and each.on == wanted), None)


def _row_of(group: list[tuple[date, Item]], seen: Review, last: bool) -> Row:
    day, item = group[0]
    phase = next((each for each in reversed(seen.course.phases) if each.phase.name == item.phase), None)
    spacing = phase.spacing if phase else None
    endless = last and (phase is None or phase.end_by in _ENDLESS)
    end: int | Span | None = None if endless else len(group)
    if item.kind == "course":
        end = Span((item.until - day).days + 1, "d") if item.until else None
    elif not isinstance(spacing, int):
        spacing = _kept(spacing, [each for each, _ in group])
    if item.dose is None:
        raise TypeError("what is simulated has an amount")
    return row_of(Part(item.substance, item.dose, item.route, spacing or Span(1, "d"), end))


def _kept(published: Span | None, days: list[date]) -> Span | None:
    """The spacing of the plan where its dates keep it; after a decision the one that the last two dates have."""
    if len(days) < 2:
        return published
    before, last = days[-2:]
    whole = (last - before).days
    by_days = Span(whole // 7, "wk") if whole % 7 == 0 else Span(max(whole, 1), "d")
    found = [*([published] if published else []), *(Span(number, "mo") for number in range(1, 25))]
    fitting = (
        span for span in found if abs((add(before, span) - last).days) <= (_CLAMPED if span.unit in ("mo", "a") else 0)
    )
    return next(fitting, by_days) if whole >= 28 else by_days
