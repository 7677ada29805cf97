"""How each recorded result reads: by its laboratory's own range first, beside it by a source's band for the country (hazard H95).

A result that can't be read says why: taken after doses, in pregnancy, too long ago, implausible, or without a range. It is
shown and never counts for or against anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import exact_value
from cobalamin.knowledge.assessment import AssessmentRules, Band, Part
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, ResultLimits
from cobalamin.knowledge.responses import expectations
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, day, joined, message
from cobalamin.therapy.case.answered import unit_wrong
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.response.plausible import implausible
from cobalamin.therapy.response.spells import Cover
from cobalamin.therapy.response.values import (
    ABOVE,
    BELOW,
    NO_RANGE,
    UNCERTAIN,
    WITHIN,
    Bounds,
    Result,
    bounds,
    position,
    range_words,
    results_of,
)

_ONE = Decimal(1)
LEVELS = ("serum_b12", "holotranscobalamin")
METABOLITES = ("mma", "homocysteine")
ANTIBODIES = ("intrinsic_factor_antibody", "parietal_cell_antibody", "tissue_transglutaminase_iga")
KIDNEYS = ("egfr", "creatinine")
MARKERS = (*LEVELS, *METABOLITES, *ANTIBODIES, *KIDNEYS)
# Of several results of one day the one that speaks most for a deficiency counts.
_FOR_FIRST = (
    "deficient",
    "low",
    "high",
    "positive",
    "indeterminate",
    "equivocal",
    "mild",
    "within",
    "unlikely",
    "normal",
    "negative",
)
_WORD = re.compile(r"\w+")
_OF_ANY_LABORATORY = frozenset({"laboratory", "laboratories", "labor", "lab", "pathology", "dr"})
_LOW = ("deficient", "low")
_OF_METABOLITES = {BELOW: "normal", WITHIN: "normal", ABOVE: "high"}
_OF_ANTIBODIES = {BELOW: "negative", WITHIN: "negative", ABOVE: "positive"}
_OF_KIDNEYS = {
    ("egfr", BELOW): "low", ("egfr", WITHIN): "normal", ("egfr", ABOVE): "normal",
    ("creatinine", BELOW): "normal", ("creatinine", WITHIN): "normal", ("creatinine", ABOVE): "low",
}  # fmt: skip


class Reading(Struct, frozen=True):
    """A result with the word it reads as; "" where it is not read, and `why` says why.

    `band` says by whose range or band; `beside` the other one that was not followed.
    """

    result: Result
    reads: str = ""
    band: Text = ""
    beside: Text = ""
    by: str = ""
    why: Text = ""
    lacks_range: bool = False  # it could be read if the laboratory's range were recorded with it
    cites: Citations = ()
    low: bool = False  # it is not read, and would read as low or deficient


class Reader(Struct, frozen=True):
    """What the reading of one person's results rests on. `undated`: treated before, and no day of a dose is recorded."""

    library: Library
    facts: Facts
    record: tuple[Event, ...]
    cover: Cover
    limits: ResultLimits
    undated: bool

    @property
    def rules(self) -> AssessmentRules:
        return self.library.assessment

    def all(self) -> tuple[Reading, ...]:
        """Every result that the assessment looks at, in the order of the record."""
        wrong = unit_wrong(self.record)
        found = (result for result in results_of(self.record) if result.marker in MARKERS)
        return tuple(self._reading(result, result.event in wrong) for result in found)

    def _reading(self, result: Result, wrong: bool) -> Reading:
        if wrong:
            return Reading(result, why=message("assess.unit_wrong"))
        slip = implausible(self.library, result.marker, result.value)
        if slip is not None:
            return Reading(result, why=message("assess.implausible", range=slip.range))
        reading = self._read(result)
        why = self._unread(reading)
        lacks = reading.lacks_range and why == reading.why
        low = reading.reads in _LOW and not self._too_old(reading)
        return replace(reading, reads="", why=why, lacks_range=lacks, low=low) if why else reading

    # -- why a result is not read --------------------------------------------------------------------------------------

    def _unread(self, reading: Reading) -> Text:
        result = reading.result
        if result.marker == "serum_b12" and self.facts.is_one_of("pregnancy", ("pregnant",)) is TRUE:
            return message("assess.pregnant_low" if reading.reads in _LOW else "assess.pregnant")
        if not reading.reads:  # how old it is says more than that its range is missing
            return (self._too_old(reading) if reading.lacks_range else "") or reading.why
        gas = self.facts.is_one_of("nitrous_oxide_exposure", ("present",)) is TRUE
        if gas and result.marker in LEVELS and reading.reads in ("within", "unlikely", "high"):
            return message("assess.nitrous_oxide")
        if result.marker in ANTIBODIES:
            given = self._injected_before(result)
            return message("assess.after_injection", date=day(given)) if given else self._too_old(reading)
        speaks = result.marker in LEVELS or (result.marker in METABOLITES and reading.reads == "normal")
        if speaks and any(self.cover.says_nothing(each) for each in result.days):
            last = self.cover.last_day(result.on)
            key = "assess.low_after_dose" if reading.reads in _LOW else "assess.after_dose"
            return message(key, date=day(last) if last else "", span=_months(self.limits.after_dose))
        if speaks and self.undated:
            return message("assess.after_unknown_dose")
        return self._too_old(reading)

    def _too_old(self, reading: Reading) -> Text:
        """A low kidney function and antibodies do not pass; how long other results speak is this program's assumption."""
        if (reading.reads == "low" and reading.result.marker in KIDNEYS) or reading.result.marker in ANTIBODIES:
            return ""
        if add(reading.result.on, self.rules.not_after) >= self.facts.on:
            return ""
        return message("assess.too_old", span=_months(self.rules.not_after))

    def _injected_before(self, result: Result) -> date | None:
        """The last injection whose waiting time for this test was not over."""
        waits = [record.wait for record in expectations(self.library).waits(result.marker) if record.wait]
        days = [dose.on for dose in self.cover.given if dose.route in (*INJECTIONS, "") and dose.on < result.on]
        return max((each for each in days if any(add(each, wait) > result.on for wait in waits)), default=None)

    # -- how it reads --------------------------------------------------------------------------------------------------

    def _read(self, result: Result) -> Reading:
        if isinstance(result.value, str):
            return Reading(result, reads=result.value, band=message("assess.as_told"))
        place = position(result)
        if result.marker in LEVELS:
            return self._level(result, place)
        table = (
            {where: _OF_KIDNEYS[result.marker, where] for where in (BELOW, WITHIN, ABOVE)}
            if result.marker in KIDNEYS
            else _OF_ANTIBODIES if result.marker in ANTIBODIES else _OF_METABOLITES
        )  # fmt: skip
        bands = self._by_bands(result)
        if place in table:
            band = self._own_range(result, place)
            return Reading(result, table[place], band, bands.band, "laboratory", cites=bands.cites)
        return Reading(result, why=message("assess.uncertain")) if place == UNCERTAIN else bands

    def _by_bands(self, result: Result) -> Reading:
        """By the band of the laboratory that is named with the result, beside it that of the country; else by the country's."""
        own, national = self._own_band(result), self._by_band(result)
        if own is None or own[1] is None:
            return national
        told = _band_read(own[0], own[1])
        return Reading(result, _level_word(own[1].means), told, national.band, own[0].id, cites=own[0].cites)

    def _by_band(self, result: Result) -> Reading:
        found = self._band(result)
        if found is None:
            return Reading(result, why=message("assess.no_band"), lacks_range=True)
        band, part = found
        if part is None:
            why = message("assess.no_part", owner=band.owner)
            return Reading(result, why=why, cites=band.cites, lacks_range=position(result) == NO_RANGE)
        return Reading(
            result,
            _level_word(part.means),
            _band_read(band, part),
            by=band.id,
            cites=band.cites,
        )

    def _level(self, result: Result, place: str) -> Reading:
        """Confirmed is said only where no stated range disagrees, and no range makes a low band calm."""
        own = self._own_band(result)
        if own is not None and own[1] is not None:
            return self._by_bands(result)
        national = self._by_band(result)
        if place == UNCERTAIN:
            return Reading(result, why=message("assess.uncertain"))
        if place == NO_RANGE:
            return national
        reads = _both(place, national.reads)
        band = self._own_range(result, place)
        by = national.by if reads == national.reads else "laboratory"
        return Reading(result, reads, band, national.band, by, cites=national.cites)

    def _own_range(self, result: Result, place: str) -> Text:
        where = message(f"assess.place_{place}")
        return message("assess.own_range", place=where, range=range_words(result.usual) if result.usual else "")

    def _own_band(self, result: Result) -> tuple[Band, Part | None] | None:
        """The band of the very laboratory that is named with the result."""
        bands = (each for each in self.rules.bands if each.laboratory and each.marker == result.marker)
        known = (each for each in bands if _is_named(each.owner, result.laboratory) and self._of_the_age(each))
        return next(((band, part_of(band, result)) for band in known), None)

    def _band(self, result: Result) -> tuple[Band, Part | None] | None:
        """The band of the person's country, then of a near one, then of no country; first in the unit of the result."""
        country = self.facts.patient.country
        places = (country, *sorted(self.library.practice.near.get(country, frozenset())), "INT")
        known = [each for each in self.rules.bands if each.marker == result.marker and not each.laboratory]
        known = [each for each in known if each.country in places and self._of_the_age(each)]
        known.sort(key=lambda each: (places.index(each.country), not _same_unit(each, result)))
        known = [each for each in known if bounds(result.value, each.unit) is not None]
        return (known[0], part_of(known[0], result)) if known else None

    def _of_the_age(self, band: Band) -> bool:
        return band.ages_from is None or self.facts.age_between(band.ages_from, None) is not FALSE


def _both(place: str, national: str) -> str:
    """The laboratory's own range goes first. Within it a level that a band calls low is not settled by either."""
    if place == BELOW:
        return "deficient" if national == "deficient" else "low"
    return {"deficient": "indeterminate", "low": "indeterminate", "": "within"}.get(national, national)


def _level_word(means: str) -> str:
    return {"possible": "indeterminate", "under": "low"}.get(means, means)


def _same_unit(band: Band, result: Result) -> bool:
    unit = getattr(result.value, "unit", "")
    return exact_value(_ONE, unit, band.unit) is not None


def part_of(band: Band, result: Result) -> Part | None:
    """The part of a band in which a value lies with certainty."""
    found = bounds(result.value, band.unit)
    return None if found is None else next((part for part in band.parts if _lies_in(found, part)), None)


def _lies_in(value: Bounds, part: Part) -> bool:
    return all(
        (
            part.below is None or value.under(part.below) is TRUE,
            part.above is None or value.under(part.above, or_at=True) is FALSE,
            part.least is None or value.under(part.least) is FALSE,
            part.most is None or value.under(part.most, or_at=True) is TRUE,
        )
    )


def _band_read(band: Band, part: Part) -> Text:
    limits = [
        message(f"assess.limit_{name}", limit=limit)
        for name, limit in (("below", part.below), ("above", part.above), ("from", part.least), ("to", part.most))
        if limit is not None
    ]
    if part.means == "under":
        return message("assess.band_under", owner=band.owner, limits=joined(*limits), unit=_unit(band.unit))
    return message("assess.band", means=part.means, owner=band.owner, limits=joined(*limits), unit=_unit(band.unit))


def _unit(unit: str) -> str:
    return unit.replace("{1.73_m2}", "1.73m2")


def _is_named(owner: str, laboratory: str) -> bool:
    """Whether the laboratory that stands with a result is the owner of a band: all words of the owner's name stand in it."""
    words = _name_words(owner)
    return bool(words) and words <= _name_words(laboratory)


def _name_words(laboratory: str) -> frozenset[str]:
    """The words that tell one laboratory from another; "Hospital" alone names none."""
    return frozenset(_WORD.findall(laboratory.casefold())) - _OF_ANY_LABORATORY


def _months(span: Span) -> Text:
    return message("assess.months", number=span.number) if span.unit == "mo" else str(span)


def current(readings: tuple[Reading, ...]) -> dict[str, Reading]:
    """The latest result of each marker that can be read; of one day the one that speaks most for a deficiency."""
    found: dict[str, Reading] = {}
    for each in readings:
        if each.reads:
            other = found.get(each.result.marker)
            if other is None or _later(each) > _later(other):
                found[each.result.marker] = each
    return found


def _later(reading: Reading) -> tuple[date, int]:
    return reading.result.on, -_FOR_FIRST.index(reading.reads)


def kidneys(facts: Facts, readings: tuple[Reading, ...]) -> str:
    """normal, mild, low, or unknown: low if the fact or the latest result of either test says so."""
    latest = [each.reads for marker, each in current(readings).items() if marker in KIDNEYS]
    if facts.is_one_of("renal_impairment", ("present",)) is TRUE or "low" in latest:
        return "low"
    if "mild" in latest:
        return "mild"
    return "normal" if facts.is_one_of("renal_impairment", ("absent",)) is TRUE or latest else "unknown"


def of_marker(readings: tuple[Reading, ...], markers: tuple[str, ...]) -> Iterator[Reading]:
    return (each for each in readings if each.result.marker in markers)
