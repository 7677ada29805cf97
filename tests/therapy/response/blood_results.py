"""Laboratory results around a first dose, and how a response is looked at: what the tests of the response share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from cobalamin.therapy.case.case import Event, Quantity, ReferenceRange
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.response.response import GivenDose, MarkerVerdict, Response
from entries import entry

START = date(2026, 1, 5)
ON = date(2027, 1, 5)
# One dose, after which treatment need not be looked at again for so long that every sample of these tests is on treatment.
ONE_DOSE = (GivenDose(START, "intramuscular", review_from=date(2028, 1, 1)),)
INJECTED = frozenset({"intramuscular"})
EIGHT_WEEKS = 56
# The usual range of each marker in these tests, and a value below, within and above it.
MARKERS: dict[str, tuple[str | None, str | None, str, str, str, str]] = {
    "serum_b12": ("180", "900", "ng/L", "150", "400", "1200"),
    "holotranscobalamin": ("37", "188", "pmol/L", "20", "80", "300"),
    "mma": ("50", "280", "nmol/L", "40", "200", "900"),
    "homocysteine": ("5", "15", "umol/L", "4", "9", "40"),
    "haemoglobin": ("115", "165", "g/L", "90", "130", "180"),
    "haematocrit": ("36", "46", "%", "28", "40", "52"),
    "mcv": ("80", "98", "fL", "72", "90", "115"),
    "reticulocytes": ("25", "85", "10*9/L", "10", "60", "200"),
    "reticulocyte_fraction": ("0.5", "2.5", "%", "0.2", "1.5", "8"),
    "platelets": ("150", "400", "10*9/L", "90", "250", "600"),
    "potassium": ("3.5", "5.3", "mmol/L", "3.1", "4.2", "5.9"),
    "folate": ("4", "20", "ug/L", "2", "9", "30"),
    "ferritin": ("15", "150", "ug/L", "8", "60", "400"),
}
Judging = Callable[..., Response]
FORBIDDEN = ("raise the dose", "higher dose", "more often", "stop treatment", "longer interval", "increase", "reduce")


def result(
    marker: str,
    days: int,
    value: str,
    usual: tuple[str | None, str | None] | str | None = "own",
    unit: str = "",
    month: str = "",
    **told: str,
) -> Event:
    """A result `days` after the first dose, with the usual range above unless another (or none) is given."""
    low, high, own_unit = MARKERS.get(marker, (None, None, "U/mL", "", "", ""))[:3]
    unit = unit or own_unit
    number = value.lstrip("<>=")
    comparator = value.removesuffix(number)
    data: dict[str, object] = {"marker": marker, "value": Quantity(comparator, Decimal(number), unit), **told}
    ends = (low, high) if usual == "own" else usual
    if isinstance(ends, tuple) and ends != (None, None):
        data["reference_range"] = ReferenceRange(*(Decimal(end) if end else None for end in ends), unit)
    on = START + timedelta(days=days)
    return entry(f"{marker}-{days}-{value}-{unit}", "result", on, month, data=data)


def low(marker: str, days: int, **more: str) -> Event:
    return result(marker, days, MARKERS[marker][3], **more)


def normal(marker: str, days: int, **more: str) -> Event:
    return result(marker, days, MARKERS[marker][4], **more)


def high(marker: str, days: int, **more: str) -> Event:
    return result(marker, days, MARKERS[marker][5], **more)


def decision(word: str, days: int) -> Event:
    return entry(word, "decision", START + timedelta(days=days), data={"decision": word})


def only(response: Response, marker: str) -> MarkerVerdict:
    found = [entry for entry in response.verdicts if entry.marker == marker]
    assert len(found) == 1
    return found[0]


def issue(response: Response, code: str) -> Issue:
    found = [entry for entry in response.issues if entry.code == code]
    assert len(found) == 1, code
    return found[0]


def codes(response: Response) -> set[str]:
    return {entry.code for entry in response.issues}


def sources(cites: object) -> set[str]:
    return {cite.source for cite in cites}  # type: ignore[attr-defined]
