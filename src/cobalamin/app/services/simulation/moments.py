"""Times after the first dose that a simulation is asked for, such as `5 h` or `6 mo`: each is a time that is computed exactly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cobalamin.errors import InputError
from cobalamin.spans import Span, add

MOST = 100
_MOMENT = re.compile(r"([0-9]{1,5}) ?(h|d|wk|mo|a)")
_HOURS = 24.0


@dataclass(frozen=True)
class Moment:
    """A time as it was asked for, and the days it lies after the first dose."""

    said: str
    day: float


def read_moments(texts: Iterable[str], begin: date, until: date) -> tuple[Moment, ...]:
    """The times of `--at` in order, each once. Raises InputError naming what can't be read or lies beyond the end."""
    pieces = [" ".join(piece.split()) for text in texts for piece in text.split(",")]
    if len(pieces) > MOST:
        raise _refused(f"{len(pieces):,} times are too many; at most {MOST} can be asked for")
    found = {moment.said: moment for moment in (_read(piece, begin, until) for piece in pieces)}
    return tuple(sorted(found.values(), key=lambda moment: moment.day))


def _read(piece: str, begin: date, until: date) -> Moment:
    match = _MOMENT.fullmatch(piece) if piece.isascii() else None
    if match is None:
        what = f"'{piece}' is not a time after the first dose" if piece else "a time is missing"
        raise _refused(f"{what}; write a number and h, d, wk, mo or a, with commas between, for example 5 h, 3 d, 6 mo")
    number, unit = int(match.group(1)), match.group(2)
    day = number / _HOURS if unit == "h" else _days(begin, number, unit)
    if not 0 <= day <= (until - begin).days:
        raise _refused(
            f"{number} {unit} after the first dose, which is on {begin}, lies after the end of the simulation, {until}; "
            "ask for an earlier time, or for more --months"
        )
    return Moment(f"{number} {unit}", day)


def _days(begin: date, number: int, unit: str) -> float:
    """Days to the same day of a later month; infinite beyond the calendar."""
    try:
        return float((add(begin, Span(number, unit)) - begin).days)
    except (OverflowError, ValueError):
        return float("inf")


def _refused(message: str) -> InputError:
    return InputError.one("--at", "", message)
