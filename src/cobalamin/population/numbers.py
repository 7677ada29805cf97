"""Patient numbers as lists write them: one number in several spellings, and what stands where a number should be and is none.

Several people may have a word for a number, and they must not become one. What is no number is set aside and counted.
"""

from __future__ import annotations

import re
from collections.abc import Collection

LOST = "\ufffd"  # what stands where a character can't be read
_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"))
_NONE = frozenset(
    [
        "na",
        "nil",
        "none",
        "null",
        "nan",
        "nat",
        "unknown",
        "tbc",
        "tba",
        "tbd",
        "blank",
        "empty",
        "total",
        "totals",
        "subtotal",
        "subtotals",
        "sum",
        "count",
        "average",
        "pending",
        "temp",
        "temporary",
        "new",
        "missing",
        "true",
        "false",
        "end",
    ]
)
_ERROR_OF_A_SPREADSHEET = re.compile(r"#+|#(n/a|ref!|value!|name\?|num!|null!|div/0!|spill!|calc!|getting_data)")
_BELOW_A_LIST = re.compile(r"((grand |sub-?)?totals?|sum|count|page)\b.*")
_TOTAL = re.compile(r"(grand |sub-?)?totals?")
_CUT_BY_A_SPREADSHEET = re.compile(  # 9.43477E+09: the last digits are gone
    r"[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{2,3}|[0-9](?:[.,][0-9]+[eE]\+?|[eE]\+)[0-9]{1,3}"
)


def spelt(patient_id: str) -> str:
    """A number without what nobody sees in it, a stray quote, and the apostrophe by which a spreadsheet keeps it as text.

    A quote on one side alone belongs to no number; quotes on both are those of a line that could not be read.
    """
    if '"' in patient_id and patient_id.count('"') == 1:
        patient_id = patient_id.strip('"').strip()
    if patient_id.isascii() and not patient_id.startswith("'"):
        return patient_id
    return " ".join(patient_id.translate(_UNSEEN).lstrip("'").split())


def is_nobodys(patient_id: str) -> bool:
    """Whether a number of a list can't be read: one that stands for nothing, or several words, as a line below a list has."""
    words = " " in patient_id and not re.search(r"\d", patient_id)
    below = _BELOW_A_LIST.fullmatch(patient_id.casefold())
    return words or below is not None or stands_for_nothing(patient_id)


def stands_for_nothing(patient_id: str) -> bool:
    """Whether it is no number anywhere: characters that are lost, digits that a spreadsheet cut, or a word for nothing."""
    if patient_id.isalnum() and patient_id.isascii() and not patient_id.isalpha() and "e" not in patient_id.casefold():
        return False  # nearly every number
    small = patient_id.casefold()
    bare = re.sub(r"[\W_]", "", small)
    signs = bool(patient_id) and not bare
    patterns = (_CUT_BY_A_SPREADSHEET, _ERROR_OF_A_SPREADSHEET, _TOTAL)
    return (
        LOST in patient_id or "\n" in patient_id or '"' in patient_id or signs or bare in _NONE
        or any(pattern.fullmatch(small) for pattern in patterns)
    )  # fmt: skip


KINDS = ("nhs",)  # kinds of numbers whose spelling and check digit are known


def number_of_kind(patient_id: str, kind: str) -> str:
    """The number in its one spelling; "" where it is none of its kind. Without a kind it stays as it is."""
    return patient_id if not kind else _nhs_number(patient_id)


def _nhs_number(patient_id: str) -> str:
    """Ten digits whose last checks the others by modulus 11; spaces and hyphens between them are left out.

    Source: NHS Data Dictionary, NHS NUMBER (http://www.datadictionary.nhs.uk/version2/data_dictionary/data_field_notes/n/nhs_number_de.asp).
    One digit ten times stands for no number, and would pass.
    """
    digits = re.sub(r"[\s-]", "", re.sub(r"[.]0+$", "", patient_id))
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return ""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return digits if rest % 11 == int(digits[9]) else ""


def alike(patient_ids: Collection[str]) -> dict[str, str]:
    """By number, another one that differs from it only in spaces, hyphens and capitals, and so may be the same person's."""
    by_sound: dict[str, list[str]] = {}
    for each in sorted(set(patient_ids)):
        by_sound.setdefault(re.sub(r"[\s_-]", "", each).casefold(), []).append(each)
    return {
        each: found[number - 1] for found in by_sound.values() if len(found) > 1 for number, each in enumerate(found)
    }


def words_among_numbers(patient_ids: Collection[str]) -> set[str]:
    """The ids without any digit, in a list where most others have one: there they are words, though they may be codes elsewhere."""
    different = {each for each in patient_ids if each}
    without = {each for each in different if not re.search(r"\d", each)}
    return without if 2 * len(without) < len(different) else set()
