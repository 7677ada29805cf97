"""Whether somebody has died or left, as registers tell it: a day, or a word that names none.

Who is marked as dead is never called, though the day can't be read. A day of leaving may lie ahead, so one that can't be read says
nothing: the person stays on the list, and the cell is reported. So does one that programs write for an empty cell.
"""

from __future__ import annotations

import re

from cobalamin.population.empty_days import is_empty_day

LEAVING = ("died_on", "registered_to")
_YES = ("y", "yes", "true", "deceased", "dead", "died", "rip", "deducted", "left", "gone", "moved away")
_NO = (
    "n",
    "no",
    "false",
    "alive",
    "living",
    "current",
    "registered",
    "none",
    "nil",
    "na",
    "n/a",
    "not deceased",
    "not deducted",
)


def has_left(column: str, told: str) -> bool | None:
    """Whether a cell that names no day says that somebody has died or left; None where it can't be read.

    Zeros and signs alone, and a year of nines, are how programs write that there is no day.
    """
    word = " ".join(told.casefold().split())
    if word in _YES:
        return True
    if (
        word in _NO
        or is_empty_day(told)
        or not re.search(r"[^\W0]", word)
        or re.search(r"(?<!\d)(9999|2999)(?!\d)", word)
    ):
        return False
    # Digits where the day of a death should be are a day that can't be read.
    return True if column == "died_on" and re.search(r"\d", word) else None


def is_read(told: str) -> bool:
    """Whether the cell is a plain word for yes or no, and so nothing is left to report."""
    return " ".join(told.casefold().split()) in (*_YES, *_NO)
