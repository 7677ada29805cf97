"""Days that programs write where there is no day: taken for one, they date a death, a leaving or a dose that never was."""

from __future__ import annotations

import re

from cobalamin.spans import FIRST_YEAR, LAST_YEAR

# Day 0 and 1 of Excel, day 0 of Access and of Delphi, of Unix; those outside 1850 to 2400 (SQL Server's 1753, .NET's year 1, Oracle's
# 4712, 9999) are no days of ours anyway.
EMPTY_DAYS = ("1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01")
_NUMBERS = (*(sorted(map(int, day.split("-"))) for day in EMPTY_DAYS), [0, 1, 1900])
_DATED = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})(?:[T ].*)?")


def is_empty_day(told: str) -> bool:
    """Whether a cell holds such a day, in whatever order it is written, or one of a year in which nobody of a register lived."""
    parts = _DATED.fullmatch(told.strip())
    if not parts:
        return False
    numbers = sorted(map(int, parts.groups()))
    has_year = any(len(part) == 4 for part in parts.groups())
    return has_year and (numbers in _NUMBERS or not FIRST_YEAR <= numbers[-1] <= LAST_YEAR)
