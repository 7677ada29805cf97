"""The table of a schedule as an address holds it: `dose.1=1&unit.1=mg&...`. Nothing in it is passed over: what can't be taken is said."""

from __future__ import annotations

import re

from starlette.datastructures import QueryParams

from cobalamin.app.web.simulation.table import CHOICES, MOST_PARTS, NAMES, Row
from cobalamin.errors import Fault

LONGEST_TEXT = 40  # of one field
MOST_SHOWN = 50  # rows: more are told and not drawn
MEASURED = {"unit": "dose", "spacing": "every", "measure": "length"}  # a bare number has no meaning (hazard H01)
_CELL = re.compile(rf"({'|'.join(NAMES)})\.([1-9][0-9]{{0,3}})")
_LIKE_A_CELL = re.compile(rf"(?:{'|'.join(NAMES)})s?(?:\..*)?|.*\.\W*\d.*", re.DOTALL)
OTHER_WORDS: dict[str, dict[str, str]] = {  # those of the command line, which a test holds them to
    "unit": dict.fromkeys(("mcg", "ug", "µg", "μg", "microgram"), "micrograms"),
    "substance": {"methylcobalamin": "mecobalamin"},
    "route": {"im": "intramuscular", "sc": "subcutaneous", "iv": "intravenous", "by mouth": "oral"},
}


def rows_of_query(query: QueryParams, faults: list[Fault]) -> list[Row]:
    """The rows that an address holds, in the order of their numbers; none where it holds none.

    What stands in it twice, is no field of the table or is too long is added to `faults`; a choice is judged with the row.
    """
    cells = {key: found.groups() for key in query if (found := _CELL.fullmatch(key))}
    unknown = (key for key in query if key not in cells and _LIKE_A_CELL.fullmatch(key))
    message = "'{}' is no field of the table; fields are named as dose.1, unit.1, every.1, spacing.1"
    faults += [Fault("", 0, "parts", message.format(key[:LONGEST_TEXT])) for key in unknown]
    numbers = sorted({int(number) for _, number in cells.values()})
    if len(numbers) > MOST_SHOWN:
        message = (
            f"{len(numbers)} parts were sent; at most {MOST_PARTS} can be simulated, and {MOST_SHOWN} are shown here"
        )
        faults.append(Fault("", 0, "parts", message))
    return [_row(query, number, place, faults) for place, number in enumerate(numbers[:MOST_SHOWN], 1)]


def _row(query: QueryParams, number: int, place: int, faults: list[Fault]) -> Row:
    typed = {name: _typed(query, f"{name}.{number}", f"{name}-{place}", faults) for name in NAMES}
    told = {name: _chosen(name, value) if name in CHOICES else value for name, value in typed.items()}
    needed = [choice for choice, name in MEASURED.items() if _is_bare(typed[name])]
    return Row(**{name: value for name, value in told.items() if value or name in needed})


def _typed(query: QueryParams, key: str, at: str, faults: list[Fault]) -> str:
    """The last value of a field; several that differ are a fault, because nobody can know which was meant."""
    several = [value.strip() for value in query.getlist(key)] or [""]
    if len(set(several)) > 1:
        listed = " and ".join(f"'{value[:LONGEST_TEXT]}'" for value in several[:3])
        faults.append(Fault("", 0, at, f"was sent {len(several)} times, as {listed}; send one of them"))
    elif len(several[0]) > LONGEST_TEXT:
        faults.append(Fault("", 0, at, f"is too long; at most {LONGEST_TEXT} characters can be taken"))
    return several[-1]


def _chosen(name: str, typed: str) -> str:
    """A choice by the name of the table; what is not known stays as it was typed."""
    word = " ".join(typed.lower().split())
    known = OTHER_WORDS.get(name, {}).get(word, word)
    return known if known in CHOICES[name] else typed


def _is_bare(typed: str) -> bool:
    """Whether something was typed without a unit of its own."""
    return bool(typed) and not re.search(r"[^\W\d]", typed)
