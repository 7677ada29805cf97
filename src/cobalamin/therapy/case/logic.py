"""True, false or unknown: Kleene's three-valued logic. Nothing is assumed to be absent because nobody asked."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """A truth value that refuses to be a Python bool, because `if truth:` would silently take unknown for true or false."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        raise TypeError("a Truth has three values; compare it: `truth is Truth.TRUE`, or `is not Truth.FALSE`")


TRUE, FALSE, UNKNOWN = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


def all_of(values: Iterable[Truth]) -> Truth:
    """Conjunction: false if any is false, else unknown if any is unknown."""
    result = TRUE
    for value in values:
        if value is FALSE:
            return FALSE
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Disjunction: true if any is true, else unknown if any is unknown."""
    result = FALSE
    for value in values:
        if value is TRUE:
            return TRUE
        if value is UNKNOWN:
            result = UNKNOWN
    return result


def negated(value: Truth) -> Truth:
    return {TRUE: FALSE, FALSE: TRUE}.get(value, UNKNOWN)


def known(value: bool | None) -> Truth:
    """TRUE or FALSE for a bool, UNKNOWN for None."""
    return UNKNOWN if value is None else TRUE if value else FALSE
