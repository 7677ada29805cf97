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
    seen = set(values)
    return FALSE if FALSE in seen else UNKNOWN if UNKNOWN in seen else TRUE


def any_of(values: Iterable[Truth]) -> Truth:
    """Disjunction: true if any is true, else unknown if any is unknown."""
    seen = set(values)
    return TRUE if TRUE in seen else UNKNOWN if UNKNOWN in seen else FALSE


def negated(value: Truth) -> Truth:
    return {TRUE: FALSE, FALSE: TRUE}.get(value, UNKNOWN)


def known(value: bool | None) -> Truth:
    """TRUE or FALSE for a bool, UNKNOWN for None."""
    return UNKNOWN if value is None else TRUE if value else FALSE
