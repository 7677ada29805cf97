"""The units of a marker as laboratories print them: another case, a micro sign, a power written in another way.

Only the spelling is read here; what one unit is of another stands in `amounts`.
"""

from __future__ import annotations

import re

from cobalamin.knowledge.document import Tree

_RAISED = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789")
_RAISED_DIGITS = re.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+")
_POWER_OF_TEN = re.compile(r"^(?:[x*\u00b7\u00d7])?10(?:(?:\^|\*\*?|e\+?)0?([0-9]+)|\(([0-9]+)\))")
_NOT_PART = re.compile(r"[\s{}_^\u00a0\u202f]")


def folded(written: str) -> str:
    """One form for all ways of writing a unit that differ in case, micro sign, spaces, braces or the sign of a power."""
    text = _RAISED_DIGITS.sub(lambda digits: f"^{digits.group().translate(_RAISED)}", written.strip())
    text = text.casefold().replace("\u03bc", "u").replace("\u00b5", "u").replace("mcg", "ug")
    text = re.sub(r"litres?|liters?", "l", text)
    text = _NOT_PART.sub("", _POWER_OF_TEN.sub(r"10*\1\2", re.sub(r"\s", "", text)))
    return text


def spellings(marker: dict[str, Tree]) -> dict[str, str]:
    """Every way of writing the units of a marker, folded, with the unit it means."""
    found = {folded(unit): unit for unit in marker["units"]}
    for unit, written in marker.get("written", {}).items():
        found |= {folded(spelling): unit for spelling in written}
    return found


def unit_of(marker: dict[str, Tree], written: str) -> str | None:
    """The unit of a marker that this spelling means; None where it is none of them."""
    return spellings(marker).get(folded(written))
