"""What of a plan falls into a journey, and what of it may be given before or after it. Pure.

A dose may move as far as its window goes, and no source states one: it is the window in use, shown as such.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from cobalamin.errors import InputError
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words, range_words
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.review.review import Ahead, Review

LONGEST_DAYS = 366
_A_DAY = timedelta(days=1)
Days = tuple[date, date]


class Falls(Struct, frozen=True):
    """A dose that falls into the journey; `before` and `after`: the days on which it is in time and nobody is away."""

    item: Item
    on: date
    before: Days | None
    after: Days | None


class Away(Struct, frozen=True):
    begins: date
    ends: date
    doses: tuple[Falls, ...]
    courses: tuple[Item, ...]  # taken each day or week, also on the way
    others: tuple[Item, ...]  # checks, reviews and decisions
    held: bool = False  # something is open that keeps the next dose back
    dated: bool = True  # whether anything of the plan has a day


def journey(begins: date, ends: date, on: date) -> Days:
    """The days of a journey. Raises InputError for one that ends before it begins, is over, or is longer than a year."""
    if ends < begins:
        raise InputError.one("--away", "", f"the journey ends on {ends}, before it begins on {begins}; write FROM..TO")
    if ends < on:
        raise InputError.one("--away", "", f"the journey is over: it ended on {ends}, and today is {on}")
    if (ends - begins).days > LONGEST_DAYS:
        raise InputError.one(
            "--away", "", f"the journey is longer than {LONGEST_DAYS} days; a plan is made anew by then"
        )
    return begins, ends


def ahead_of(days: Days, on: date) -> Ahead:
    """How far a review must look to see the whole journey."""
    months = (days[1].year - on.year) * 12 + days[1].month - on.month + 2
    return Ahead(months, months * 40)


def away_of(seen: Review, days: Days) -> Away:
    """What falls into a journey, by a review that looks `ahead_of` it."""
    return away(seen.upcoming, seen.on, days, seen.outlook.ask_first)


def away(items: Iterable[Item], on: date, days: Days, held: bool = False) -> Away:
    """What of a schedule falls into a journey."""
    begins, ends = days
    found = [item for item in items if item.on is not None]
    within = [item for item in found if item.on and begins <= item.on <= ends]
    doses = tuple(_falls(item, item.on, on, days) for item in within if item.kind == "dose" and item.on)
    courses = tuple(item for item in found if item.kind == "course" and _goes_on(item, days))
    others = tuple(item for item in within if item.kind not in ("dose", "course"))
    return Away(begins, ends, doses, courses, others, held, bool(found))


def _goes_on(item: Item, days: Days) -> bool:
    return bool(item.on and item.on <= days[1] and (item.until is None or item.until >= days[0]))


def _falls(item: Item, day: date, on: date, days: Days) -> Falls:
    first, last = max(item.bookable_from or day, on), item.due_through or day
    before = first, min(last, days[0] - _A_DAY)
    after = max(first, days[1] + _A_DAY), last
    return Falls(item, day, *(each if each[0] <= each[1] else None for each in (before, after)))


def away_words(found: Away, words: Words, policy: str, basis: str) -> list[str]:
    """What there is to say of it, a sentence each."""
    if found.held:
        return [words.text("away.held")]
    if not found.dated:
        return [words.text("away.not_dated")]
    told = [dose_words(falls, words) for falls in found.doses]
    if not told:
        fields = {"begins": date_words(found.begins, words), "ends": date_words(found.ends, words)}
        told.append(words.text("away.no_dose", **fields))
    if len(found.doses) > 1:
        told.append(words.text("away.moves_on"))
    if found.doses:
        told.append(words.text(f"away.whose__{basis}", policy=policy))
    told += [words.text("away.course", text=item.text) for item in found.courses]
    return told + [other_words(item, words) for item in found.others if item.on]


def other_words(item: Item, words: Words) -> str:
    return words.text("away.other", day=date_words(item.on, words) if item.on else "", text=item.text)


def dose_words(falls: Falls, words: Words) -> str:
    """ "The dose of Fri 9 October 2026 can be given from ... to ...: before you leave or after you are back" """
    day, item = date_words(falls.on, words), falls.item
    window = {
        "first": date_words(item.bookable_from or falls.on, words),
        "last": date_words(item.due_through or falls.on, words),
    }
    if falls.before is None and falls.after is None:
        return words.text("away.inside", day=day, **window)
    told = words.text("away.window", day=day, **window)
    before = words.text("away.before", days=range_words(*falls.before, words)) if falls.before else ""
    after = words.text("away.after", days=range_words(*falls.after, words)) if falls.after else ""
    when = words.text("joined.or").join(each for each in (before, after) if each)
    return words.text("away.may_move", window=told, when=when)
