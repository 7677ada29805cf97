"""The words of a comparison that its screen and its picture share: figures, standing, what keeps a protocol from dates.

`say` gives the text of a key in the language and the words (professional or plain) of the reader.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from cobalamin.amounts import plain
from cobalamin.text.messages import listed, without_stop
from cobalamin.therapy.comparison.amounts import Amounts, Bounds
from cobalamin.therapy.comparison.comparison import EXCLUDED, PENDING, Compared

Say = Callable[..., str]
_MILLIGRAM, _MICROGRAM = 1_000_000, 1_000


def range_words(bounds: Bounds, say: Say) -> str:
    """ "6 to 7", "12", "at least 1", "up to 89" """
    least, most = (None if bound is None else f"{bound:,}" for bound in (bounds.least, bounds.most))
    return _range(least, most, say)


def _range(least: str | None, most: str | None, say: Say) -> str:
    if least is not None and most is not None:
        return say("compare.exactly", number=least) if least == most else say("compare.range", least=least, most=most)
    if least is not None:
        return say("compare.at_least", least=least)
    return say("compare.not_stated") if most is None else say("compare.up_to", most=most)


def given_parts(amounts: Amounts, say: Say) -> list[str]:
    """ "6 to 7 doses", "90 days by mouth" """
    parts = []
    if amounts.doses != Bounds(0, 0):
        key = "compare.dose" if amounts.doses == Bounds(1, 1) else "compare.doses"
        parts.append(say(key, range=range_words(amounts.doses, say)))
    if amounts.course_days != Bounds(0, 0):
        parts.append(say("compare.course_days", range=range_words(amounts.course_days, say)))
    return parts or [say("compare.given_nothing")]


def given_words(amounts: Amounts, say: Say) -> str:
    """ "6 to 7 doses", "90 days by mouth", "1 dose and 89 days by mouth" """
    return say("screen.both").join(given_parts(amounts, say))


def mass_words(amounts: Amounts, country: str, say: Say) -> str:
    """ "6 to 7 mg", "2 to 9.75 mg", in the US "6,000 to 7,000 mcg": one unit for every figure that is held against another."""
    bounds = amounts.mass
    if bounds is None:
        return say("compare.mass_not_stated")
    size, unit = (_MICROGRAM, "mcg") if country == "US" else (_MILLIGRAM, "mg")
    least, most = (
        None if side is None else f"{plain(Decimal(side) / size):,f}" for side in (bounds.least, bounds.most)
    )
    return f"{_range(least, most, say)} {unit}"


def standing_words(compared: Compared, say: Say, brief: bool = False) -> str:
    """ "an option", "waits for: absorption", "not offered: ..." """
    if compared.standing == PENDING:
        return say("compare.waits", facts=_facts(compared.missing))
    if compared.standing == EXCLUDED and brief:
        return say("compare.not_offered_brief")
    if compared.standing == EXCLUDED:
        forbidden = say("compare.forbidden", codes=", ".join(compared.blocks)) if compared.blocks else ""
        why = [forbidden] if forbidden else [reason.text for reason in compared.reasons]
        return say("compare.not_offered", reasons=without_stop(listed(dict.fromkeys(why), "; ")))
    return say("compare.in_use" if compared.accepted else "compare.option")


def marks_of(compared: Compared, say: Say) -> str:
    """What nobody may overlook beside the name of a protocol."""
    marks = [say("compare.stop")] if compared.blocks else []
    if compared.protocol.status != "current":
        marks.append(compared.protocol.status.upper())
    if compared.level == "recalled":
        marks.append(say("compare.not_checked"))
    return ", ".join(marks)


def why_undated(compared: Compared, say: Say) -> str:
    """Why a protocol has no dates here."""
    if compared.blocks:
        return say("compare.forbidden", codes=", ".join(compared.blocks))
    if compared.missing:
        return say("compare.missing", facts=_facts(compared.missing))
    return say("compare.no_interval")


def _facts(names: tuple[str, ...]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)
