"""The words of a comparison that its screen and its picture share: figures, standing, what keeps a protocol from dates."""

from __future__ import annotations

from decimal import Decimal

from cobalamin.amounts import plain
from cobalamin.therapy.comparison import EXCLUDED, PENDING, Compared
from cobalamin.therapy.comparison_amounts import Amounts, Bounds
from cobalamin.therapy.comparison_causes import Cause
from cobalamin.therapy.published_words import between

_MILLIGRAM, _MICROGRAM = 1_000_000, 1_000


def range_words(bounds: Bounds) -> str:
    """ "6 to 7", "12", "at least 1", "up to 89" """
    least, most = bounds.least, bounds.most
    if least == most and least is not None:
        return f"{least:,}"
    if least is not None and most is not None:
        return f"{least:,} to {most:,}"
    return f"at least {least:,}" if least is not None else f"up to {most:,}" if most is not None else "not stated"


def given_parts(amounts: Amounts) -> list[str]:
    """ "6 to 7 doses", "90 days by mouth" """
    parts = []
    if amounts.doses != Bounds(0, 0):
        parts.append(f"{range_words(amounts.doses)} dose{'' if amounts.doses == Bounds(1, 1) else 's'}")
    if amounts.course_days != Bounds(0, 0):
        parts.append(f"{range_words(amounts.course_days)} days by mouth")
    return parts or ["nothing"]


def given_words(amounts: Amounts) -> str:
    """ "6 to 7 doses", "90 days by mouth", "1 dose and 89 days by mouth" """
    return " and ".join(given_parts(amounts))


def mass_words(amounts: Amounts, country: str) -> str:
    """ "6 to 7 mg", "2,000 to 9,750 micrograms", in the US "6,000 to 7,000 mcg": both ends in one unit."""
    bounds = amounts.mass
    if bounds is None:
        return "dose not stated"
    sides = [side for side in (bounds.least, bounds.most) if side is not None]
    size, unit = _MICROGRAM, "mcg" if country == "US" else "micrograms"
    if country != "US" and all(side % _MILLIGRAM == 0 for side in sides):
        size, unit = _MILLIGRAM, "mg"
    least, most = (
        None if side is None else f"{plain(Decimal(side) / size):,f}" for side in (bounds.least, bounds.most)
    )
    return f"{least if least == most and least else between(least, most)} {unit}"


def standing_words(compared: Compared) -> str:
    """ "an option", "waits for: absorption", "not offered (superseded)" """
    if compared.standing == PENDING:
        return f"waits for: {', '.join(fact.replace('_', ' ') for fact in compared.missing)}"
    if compared.standing == EXCLUDED:
        codes = dict.fromkeys(compared.blocks or [reason.code for reason in compared.reasons])
        return f"not offered ({', '.join(codes)})"
    return "the plan in use" if compared.accepted else "an option"


def marks_of(compared: Compared) -> str:
    """What nobody may overlook beside the name of a protocol."""
    marks = [f"STOP {code}" for code in compared.blocks]
    if compared.protocol.status != "current":
        marks.append(compared.protocol.status.upper())
    if compared.level == "recalled":
        marks.append("NOT CHECKED against a source")
    return ", ".join(marks)


def why_undated(compared: Compared, plainly: bool = False) -> str:
    """Why a protocol has no dates here."""
    if compared.blocks:
        codes = "" if plainly else f" ({', '.join(compared.blocks)})"
        return f"no dates: a safety check forbids it for this patient{codes}"
    if compared.missing:
        return f"no dates until this is known: {', '.join(fact.replace('_', ' ') for fact in compared.missing)}"
    return "no dates: its source states no interval"


CHECKED = {
    "primary": "read on the issuer's own page",
    "secondary": "read in a copy or a quotation",
    "article": "a web article",
    "recalled": "not checked",
}
WHY = {
    "product": "they use other products",
    "population": "they are written for other people",
    "edition": "they are other editions",
    "opinion": "the sources differ in opinion",
    "jurisdiction": "countries differ",
}
_SHORT = {"product": "Other substances (see Substance).", "population": "Written for other people (see For, above)."}


def cause_words(cause: Cause, aspect: str, plainly: bool) -> str:
    """Why protocols differ; what is the same for every aspect is told in full only where it belongs."""
    if plainly:
        return f"{WHY[cause.cause]}{'; no reason is stated' if cause.cause == 'opinion' and not cause.disagreement else ''}."
    if cause.disagreement is not None or aspect == "substance":
        return f"{cause.cause}." if cause.disagreement else f"{cause.cause}. {cause.text}"
    return f"{cause.cause}. {_SHORT.get(cause.cause, cause.text)}"
