"""What one result says about the response, by the laboratory's own range and the cited time courses of the library.

Every span and limit comes from the library; where it has none, there is no verdict. A rule says which records it
used, so that text and plain text rest on the same sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from msgspec import Struct

from cobalamin.knowledge.model import Citations, Precaution
from cobalamin.knowledge.responses import Expectations, ExpectedResponse, Interference
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, day, message
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth
from cobalamin.therapy.response.potassium import MARKER, place
from cobalamin.therapy.response.values import (  # fmt: skip
    ABOVE,
    BELOW,
    NO_RANGE,
    RISEN,
    UNCERTAIN,
    WITHIN,
    Result,
    Trend,
    bounds,
    position,
)

AS_EXPECTED, BELOW_EXPECTED, ABOVE_EXPECTED = "as_expected", "below_expected", "above_expected"
TOO_EARLY, NOT_INTERPRETABLE, EXPECTED_HIGH = "too_early", "not_interpretable", "expected_high"
B12_HIGH, NO_RESPONSE = "B12_HIGH_ON_TREATMENT", "NO_RESPONSE_REASSESS"
RETICULOCYTES, POTASSIUM = "RETICULOCYTES_NOT_RISEN", "POTASSIUM_LOW"
RELAPSE = "RELAPSE_SUSPECTED"


class Reason(Struct, frozen=True):
    """One sentence for professionals, the same in plain words, and the sources of both."""

    text: Text
    plain: Text
    cites: Citations = ()


def because(name: str, cites: Citations = (), **fields: object) -> Reason:
    """The reason of this name."""
    return Reason(message(f"blood.{name}", **fields), message(f"blood.{name}__plain", **fields), cites)


class Finding(Struct, frozen=True):
    """A verdict with its reasons, and the issues it raises."""

    verdict: str
    reasons: tuple[Reason, ...]
    codes: tuple[str, ...] = ()


class Standing(Struct, frozen=True):
    """How treatment stood at a sample (contract, section 4, "on treatment"; hazard H41).

    `responds`: the sample can show a response. `explains_level`: something that was taken explains a high level.
    `goes_on`: treatment goes on as planned, so that a low level is one on treatment. `says_nothing`: the last dose is too
    recent for a level within or above its range to say anything.
    """

    began: date
    responds: bool
    explains_level: bool
    goes_on: bool
    says_nothing: bool
    last_day: date | None


class Sample(Struct, frozen=True):
    """A result as a rule sees it: the day it was taken, how treatment stood, and what else was known by then."""

    result: Result
    day: date
    standing: Standing
    trend: Trend
    best: Result | None  # the best value reached, where this one has fallen from it
    potassium_low: bool  # by the policy, where the laboratory's range is missing
    haematocrit_low: Truth
    injection: date | None  # the last injection whose waiting time was not over on `day`
    expected: Expectations
    facts: Facts
    checks: Mapping[str, Precaution]

    def records(self, role: str) -> tuple[ExpectedResponse, ...]:
        return self.expected.of(role, self.result.marker)

    @property
    def began(self) -> date:
        return self.standing.began

    def reached(self, span: Span) -> bool:
        return self.day >= add(self.began, span)


def has_rule(marker: str) -> bool:
    """Whether results of this marker are judged; of all others only the laboratory's range is told."""
    return marker in _RULES


def judge(sample: Sample) -> Finding | None:
    """The verdict on one sample; None for a marker that has none."""
    rule = _RULES.get(sample.result.marker)
    if rule is None:
        return None
    where = (place if sample.result.marker == MARKER else position)(sample.result)
    if where in (NO_RANGE, UNCERTAIN):
        low = sample.potassium_low
        urgent = (because("potassium", sample.checks[POTASSIUM].cites),) if low else ()
        return Finding(NOT_INTERPRETABLE, (because(where), *urgent), (POTASSIUM,) if low else ())
    if not sample.standing.responds and sample.result.marker in _OF_A_RESPONSE:
        return _untreated(sample, where)
    return rule(sample, where)


def _found(verdict: str, *reasons: Reason, codes: tuple[str, ...] = ()) -> Finding:
    return Finding(verdict, reasons, codes)


def _said(records: Iterable[ExpectedResponse | Interference]) -> tuple[Reason, ...]:
    return tuple(Reason(record.text, record.plain, record.cites) for record in records)


def _by_range(_: Sample, where: str) -> Finding:
    verdicts = {WITHIN: AS_EXPECTED, BELOW: BELOW_EXPECTED, ABOVE: ABOVE_EXPECTED}
    return _found(verdicts[where], because(where))


def _untreated(sample: Sample, where: str) -> Finding:
    """What a result says when no treatment was going on: nothing about a response."""
    found, relapse = _by_range(sample, where), _relapse(sample, where)
    reasons = (*found.reasons, _last_dose("untreated", sample), *relapse)
    return Finding(found.verdict, reasons, (RELAPSE,) if relapse else ())


def _last_dose(name: str, sample: Sample) -> Reason:
    return because(name, date=day(sample.standing.last_day or sample.began))


def _relapse(sample: Sample, where: str) -> tuple[Reason, ...]:
    """The reason where a value that had come back to its range has left it again."""
    best = sample.best
    if best is None or where == WITHIN:
        return ()
    reached = position(replace(best, usual=best.usual or sample.result.usual))
    return (
        (because("relapse", value=best.value, date=best.when),) if reached not in (where, NO_RANGE, UNCERTAIN) else ()
    )


def _vitamin(sample: Sample, where: str) -> Finding:
    place, standing = because(where), sample.standing
    if where == BELOW:
        if standing.goes_on:
            return _found(BELOW_EXPECTED, place, because("low_on_treatment"), codes=(NO_RESPONSE,))
        return _found(BELOW_EXPECTED, place, _last_dose("low_untreated", sample))
    if not standing.explains_level:
        if standing.says_nothing:
            return _found(NOT_INTERPRETABLE, place, _last_dose("after_treatment", sample))
        return Finding(_by_range(sample, where).verdict, (place, _last_dose("untreated", sample)))
    if where == ABOVE:
        words = sample.checks[B12_HIGH]
        expected = Reason(message("blood.high_on_treatment"), words.plain, words.cites)
        return _found(EXPECTED_HIGH, place, expected, codes=(B12_HIGH,))
    if sample.injection is not None:
        waits = sample.expected.waits(sample.result.marker)
        since = because("after_injection", date=day(sample.injection))
        return _found(NOT_INTERPRETABLE, place, since, *_said(waits))
    return _found(AS_EXPECTED, place)


def _metabolite(sample: Sample, where: str) -> Finding:
    shown = _said(sample.records("target"))
    if where != ABOVE:
        return _found(AS_EXPECTED, because("not_above"), *shown)
    raising = sample.expected.raising(sample.result.marker)
    for record in raising:
        if sample.facts.is_one_of(record.raised_by, ("present",)) is TRUE:
            return _found(NOT_INTERPRETABLE, because(ABOVE), *_said([record]), *shown)
    unasked = [record for record in raising if sample.facts.is_one_of(record.raised_by, ("present",)) is UNKNOWN]
    asked = (because("kidneys"), *_said(unasked)) if unasked else ()
    late = _late(sample, ABOVE, ABOVE_EXPECTED)
    return Finding(late.verdict, (*late.reasons, *asked, *shown), late.codes)


def _late(sample: Sample, where: str, verdict: str) -> Finding:
    """Too early before the longest cited time to normal, from then on what `verdict` says; a relapse at any time."""
    place = because(where)
    if not sample.standing.responds:
        return _untreated(sample, where)
    if relapse := _relapse(sample, where):
        return _found(verdict, place, *relapse, codes=(RELAPSE,))
    records = [record for record in sample.records("normal_by") if record.by is not None]
    limit = max((add(sample.began, record.by) for record in records if record.by), default=None)
    if limit is None:
        return _found(NOT_INTERPRETABLE, place, because("no_time"))
    if sample.day < limit:
        return _found(TOO_EARLY, place, _too_early(limit), *_said(records))
    failures = [record for record in sample.records("failure") if record.start is None or sample.reached(record.start)]
    slow = because("slow", date=day(limit))
    return _found(verdict, place, slow, *_said(records), *_said(failures), codes=(NO_RESPONSE,))


def _too_early(limit: date, cites: Citations = ()) -> Reason:
    return because("too_early", cites, date=day(limit))


def _red_cells(sample: Sample, where: str) -> Finding:
    """Haemoglobin and haematocrit: too early, then rising, then normal."""
    if where != BELOW:
        return _by_range(sample, where)
    if relapse := _relapse(sample, where):
        return _found(BELOW_EXPECTED, because(BELOW), *relapse, codes=(RELAPSE,))
    begins = sample.records("rises_from")
    first = max((add(sample.began, record.start) for record in begins if record.start), default=sample.began)
    if sample.day < first:
        return _found(TOO_EARLY, because(BELOW), _too_early(first), *_said(begins))
    late = _late(sample, BELOW, BELOW_EXPECTED)
    if late.verdict != TOO_EARLY:
        return late
    if sample.trend.direction == RISEN and sample.best is None:
        return _found(AS_EXPECTED, because(BELOW), because("rising"), *_said(begins))
    if sample.trend.not_risen:
        failures = [record for record in sample.records("failure") if record.start is None]
        still = because("not_rising")
        return _found(BELOW_EXPECTED, because(BELOW), still, *_said(begins), *_said(failures))
    return late if sample.best else Finding(TOO_EARLY, (because("rise_unseen"), *late.reasons))


def _cell_volume(sample: Sample, where: str) -> Finding:
    if where == ABOVE:
        return _late(sample, ABOVE, ABOVE_EXPECTED)
    if where == BELOW:
        return _found(BELOW_EXPECTED, because(BELOW), *_said(sample.records("unmasked")))
    return _by_range(sample, where)


def _platelets(sample: Sample, where: str) -> Finding:
    if where == ABOVE:
        return _found(ABOVE_EXPECTED, because(ABOVE), *_said(sample.records("overshoot")))
    return _late(sample, BELOW, BELOW_EXPECTED) if where == BELOW else _by_range(sample, where)


def _store(sample: Sample, where: str) -> Finding:
    """Folate and ferritin: the demand of new blood may unmask a lack."""
    if where == BELOW:
        return _found(BELOW_EXPECTED, because(BELOW), *_said(sample.records("unmasked")))
    return _by_range(sample, where)


def _potassium(sample: Sample, where: str) -> Finding:
    if where != BELOW:
        return _by_range(sample, where)
    urgent = because("potassium", sample.checks[POTASSIUM].cites)
    return _found(BELOW_EXPECTED, because(BELOW), urgent, codes=(POTASSIUM,))


def _reticulocytes(sample: Sample, where: str) -> Finding:
    rule = next((record for record in sample.records("failure") if record.below and record.start), None)
    if rule is None or rule.start is None:
        return _found(NOT_INTERPRETABLE, because(where), because("no_time"))
    if not sample.reached(rule.start):
        return _found(TOO_EARLY, _too_early(add(sample.began, rule.start), rule.cites))
    if sample.haematocrit_low is TRUE:
        return _while_low(sample, rule)
    if sample.haematocrit_low is FALSE:
        return _while_normal(sample, where, rule)
    return _haematocrit_unknown(sample, where, rule)


def _while_low(sample: Sample, rule: ExpectedResponse) -> Finding:
    """The failure rule: not risen, or under so many times the upper end of the range."""
    low = because("haematocrit_low")
    under = _under_times_upper(sample.result, rule.times_upper)
    if sample.trend.not_risen or under is TRUE:
        failed = because("cells_not_risen" if sample.trend.not_risen else "cells_under_multiple")
        return _found(BELOW_EXPECTED, low, failed, *_said([rule]), codes=(RETICULOCYTES,))
    if under is FALSE:
        return _found(AS_EXPECTED, low, because("cells_high_enough", rule.cites))
    return _found(NOT_INTERPRETABLE, low, because("upper_end_needed", rule.cites))


def _while_normal(sample: Sample, where: str, rule: ExpectedResponse) -> Finding:
    over = because("haematocrit_normal", rule.cites)
    if where != BELOW:
        return _found(AS_EXPECTED, because(where), over)
    failures = [record for record in sample.records("failure") if not record.below and record.start]
    late = [record for record in failures if record.start and sample.reached(record.start)]
    return _found(BELOW_EXPECTED, because(BELOW), over, *_said(late))


def _haematocrit_unknown(sample: Sample, where: str, rule: ExpectedResponse) -> Finding:
    """What holds whether or not the haematocrit is low is certain; else only a rise is."""
    place, unknown = because(where), because("haematocrit_unknown", rule.cites)
    both = {_while_low(sample, rule).verdict, _while_normal(sample, where, rule).verdict}
    if len(both) == 1:
        return _found(both.pop(), place, unknown)
    if sample.trend.direction == RISEN:
        return _found(AS_EXPECTED, place, because("cells_risen"), unknown)
    return _found(NOT_INTERPRETABLE, place, unknown, because("haematocrit_asked"))


def _under_times_upper(result: Result, times: int) -> Truth:
    usual = result.usual
    found = bounds(result.value, usual.unit) if usual else None
    if usual is None or usual.high is None or found is None:
        return UNKNOWN
    return found.under(usual.high * times)


# Judged by the time since treatment began: without treatment only the range is left.
_OF_A_RESPONSE = (
    "haemoglobin", "haematocrit", "mcv", "reticulocytes", "reticulocyte_fraction", "platelets", "folate", "ferritin",
)  # fmt: skip
_RULES: dict[str, Callable[[Sample, str], Finding]] = {
    "serum_b12": _vitamin,
    "holotranscobalamin": _vitamin,
    "mma": _metabolite,
    "homocysteine": _metabolite,
    "haemoglobin": _red_cells,
    "haematocrit": _red_cells,
    "mcv": _cell_volume,
    "reticulocytes": _reticulocytes,
    "reticulocyte_fraction": _reticulocytes,
    "platelets": _platelets,
    "potassium": _potassium,
    "folate": _store,
    "ferritin": _store,
}
