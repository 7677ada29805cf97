"""What one result says about the response, by the laboratory's own range and the cited time courses of the library.

Every span and limit comes from the library; where it has none, there is no verdict. A rule says which records it
used, so that text and plain text rest on the same sources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from cobalamin.knowledge.model import Citations, Precaution
from cobalamin.knowledge.responses import Expectations, ExpectedResponse, Interference
from cobalamin.spans import Span, add
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.facts import Facts
from cobalamin.therapy.response_values import (
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
)  # fmt: skip
from cobalamin.therapy.truth import FALSE, TRUE, UNKNOWN, Truth

AS_EXPECTED, BELOW_EXPECTED, ABOVE_EXPECTED = "as_expected", "below_expected", "above_expected"
TOO_EARLY, NOT_INTERPRETABLE, EXPECTED_HIGH = "too_early", "not_interpretable", "expected_high"
B12_HIGH, NO_RESPONSE = "B12_HIGH_ON_TREATMENT", "NO_RESPONSE_REASSESS"
RETICULOCYTES, POTASSIUM = "RETICULOCYTES_NOT_RISEN", "POTASSIUM_LOW"


@dataclass(frozen=True)
class Reason:
    """One sentence for professionals, the same in plain words, and the sources of both."""

    text: str
    plain: str
    cites: Citations = ()


@dataclass(frozen=True)
class Finding:
    """A verdict with its reasons, and the issues it raises."""

    verdict: str
    reasons: tuple[Reason, ...]
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sample:
    """A result as a rule sees it: the day it was taken, when treatment began, and what else was known by then."""

    result: Result
    day: date
    began: date
    trend: Trend
    haematocrit_low: Truth
    injection: date | None  # the last injection whose waiting time was not over on `day`
    expected: Expectations
    facts: Facts
    checks: Mapping[str, Precaution]

    def records(self, role: str) -> tuple[ExpectedResponse, ...]:
        return self.expected.of(role, self.result.marker)

    def reached(self, span: Span) -> bool:
        return self.day >= add(self.began, span)


def judge(sample: Sample) -> Finding | None:
    """The verdict on one sample; None for a marker that has none."""
    rule = _RULES.get(sample.result.marker)
    if rule is None:
        return None
    where = position(sample.result)
    if where == NO_RANGE:
        return Finding(NOT_INTERPRETABLE, (_NO_RANGE,))
    if where == UNCERTAIN:
        return Finding(NOT_INTERPRETABLE, (_CENSORED,))
    return rule(sample, where)


_NO_RANGE = Reason(
    "No reference range of the laboratory in a unit that fits; enter it with the result.",
    "The laboratory's usual range is missing. Please ask for it and add it.",
)
_CENSORED = Reason(
    "The laboratory gave only a limit, and it is not certain on which side of its range the value lies.",
    "The laboratory gave only a limit, so this value can't be judged.",
)
_WITHIN = Reason("Within the laboratory's range.", "This is within the laboratory's usual range.")
_ABOVE = Reason("Above the laboratory's range.", "This is above the laboratory's usual range.")
_BELOW = Reason("Below the laboratory's range.", "This is below the laboratory's usual range.")
_PLACES = {WITHIN: _WITHIN, ABOVE: _ABOVE, BELOW: _BELOW}


def _found(verdict: str, *reasons: Reason, codes: tuple[str, ...] = ()) -> Finding:
    return Finding(verdict, reasons, codes)


def _said(records: Iterable[ExpectedResponse | Interference]) -> tuple[Reason, ...]:
    return tuple(Reason(record.text, record.plain, record.cites) for record in records)


def _by_range(_: Sample, where: str) -> Finding:
    verdicts = {WITHIN: AS_EXPECTED, BELOW: BELOW_EXPECTED, ABOVE: ABOVE_EXPECTED}
    return _found(verdicts[where], _PLACES[where])


def _vitamin(sample: Sample, where: str) -> Finding:
    if where == ABOVE:
        words = sample.checks[B12_HIGH]
        text = "On treatment this is expected; it is never a reason to stop or to give less often."
        return _found(EXPECTED_HIGH, _ABOVE, Reason(text, words.plain, words.cites), codes=(B12_HIGH,))
    if where == BELOW:
        text = "On treatment a low value asks why: was it taken, is the test disturbed, does the route work?"
        asked = Reason(text, "There can be several reasons, also in the test itself.")
        return _found(BELOW_EXPECTED, _BELOW, asked, codes=(NO_RESPONSE,))
    if sample.injection is not None:
        waits = sample.expected.waits(sample.result.marker)
        since = Reason(
            f"Taken after the injection of {date_words(sample.injection)}, before the waiting time was over.",
            f"It was taken soon after the injection of {date_words(sample.injection)}.",
        )
        return _found(NOT_INTERPRETABLE, _WITHIN, since, *_said(waits))
    return _found(AS_EXPECTED, _WITHIN)


def _metabolite(sample: Sample, where: str) -> Finding:
    shown = _said(sample.records("target"))
    if where != ABOVE:
        return _found(AS_EXPECTED, Reason("Not above the laboratory's range.", "This is not too high."), *shown)
    raising = sample.expected.raising(sample.result.marker)
    for record in raising:
        if sample.facts.is_one_of(record.raised_by, ("present",)) is TRUE:
            return _found(NOT_INTERPRETABLE, _ABOVE, *_said([record]), *shown)
    unasked = [record for record in raising if sample.facts.is_one_of(record.raised_by, ("present",)) is UNKNOWN]
    asked = (_KIDNEYS, *_said(unasked)) if unasked else ()
    late = _late(sample, _ABOVE, ABOVE_EXPECTED)
    return Finding(late.verdict, (*late.reasons, *asked, *shown), late.codes)


_KIDNEYS = Reason("Whether the kidneys are impaired is not recorded.", "Whether your kidneys are weak is not recorded.")


def _late(sample: Sample, place: Reason, verdict: str) -> Finding:
    """Too early before the longest cited time to normal, from then on what `verdict` says."""
    records = [record for record in sample.records("normal_by") if record.by is not None]
    limit = max((add(sample.began, record.by) for record in records if record.by), default=None)
    if limit is None:
        return _found(NOT_INTERPRETABLE, place, _NO_TIME)
    if sample.day < limit:
        return _found(TOO_EARLY, place, _too_early(limit), *_said(records))
    failures = [record for record in sample.records("failure") if record.start is None or sample.reached(record.start)]
    text = f"By the longest time that sources give, it was expected to be normal from {date_words(limit)}."
    slow = Reason(text, "By now it was expected to be within the range; there can be several reasons.")
    return _found(verdict, place, slow, *_said(records), *_said(failures), codes=(NO_RESPONSE,))


def _too_early(limit: date, cites: Citations = ()) -> Reason:
    return Reason(f"Too early to judge before {date_words(limit)}.", "It is too early to judge.", cites)


_NO_TIME = Reason("The library has no time for this marker.", "No source read gives a time for this value.")


def _red_cells(sample: Sample, where: str) -> Finding:
    """Haemoglobin and haematocrit: too early, then rising, then normal."""
    if where != BELOW:
        return _by_range(sample, where)
    begins = sample.records("rises_from")
    first = max((add(sample.began, record.start) for record in begins if record.start), default=sample.began)
    if sample.day < first:
        return _found(TOO_EARLY, _BELOW, _too_early(first), *_said(begins))
    late = _late(sample, _BELOW, BELOW_EXPECTED)
    if late.verdict != TOO_EARLY:
        return late
    if sample.trend.direction == RISEN:
        rising = Reason("It is rising, as is expected at this time.", "It is on its way up, as expected.")
        return _found(AS_EXPECTED, _BELOW, rising, *_said(begins))
    if sample.trend.not_risen:
        failures = [record for record in sample.records("failure") if record.start is None]
        still = Reason("By now it was expected to rise.", "By now it was expected to go up; there can be reasons.")
        return _found(BELOW_EXPECTED, _BELOW, still, *_said(begins), *_said(failures))
    unseen = Reason("Without a comparable value before treatment a rise can't be seen.", "A rise can't be seen yet.")
    return Finding(TOO_EARLY, (unseen, *late.reasons))


def _cell_volume(sample: Sample, where: str) -> Finding:
    if where == ABOVE:
        return _late(sample, _ABOVE, ABOVE_EXPECTED)
    if where == BELOW:
        return _found(BELOW_EXPECTED, _BELOW, *_said(sample.records("unmasked")))
    return _by_range(sample, where)


def _platelets(sample: Sample, where: str) -> Finding:
    if where == ABOVE:
        return _found(ABOVE_EXPECTED, _ABOVE, *_said(sample.records("overshoot")))
    return _late(sample, _BELOW, BELOW_EXPECTED) if where == BELOW else _by_range(sample, where)


def _store(sample: Sample, where: str) -> Finding:
    """Folate and ferritin: the demand of new blood may unmask a lack."""
    if where == BELOW:
        return _found(BELOW_EXPECTED, _BELOW, *_said(sample.records("unmasked")))
    return _by_range(sample, where)


def _potassium(sample: Sample, where: str) -> Finding:
    if where != BELOW:
        return _by_range(sample, where)
    words = sample.checks[POTASSIUM]
    urgent = Reason("Assess at once.", "It needs attention: please contact your doctor or nurse today.", words.cites)
    return _found(BELOW_EXPECTED, _BELOW, urgent, codes=(POTASSIUM,))


def _reticulocytes(sample: Sample, where: str) -> Finding:
    rule = next((record for record in sample.records("failure") if record.below and record.start), None)
    if rule is None or rule.start is None:
        return _found(NOT_INTERPRETABLE, _PLACES[where], _NO_TIME)
    if not sample.reached(rule.start):
        return _found(TOO_EARLY, _too_early(add(sample.began, rule.start), rule.cites))
    if sample.haematocrit_low is TRUE:
        return _while_low(sample, rule)
    if sample.haematocrit_low is FALSE:
        return _while_normal(sample, where, rule)
    return _haematocrit_unknown(sample, where, rule)


def _while_low(sample: Sample, rule: ExpectedResponse) -> Finding:
    """The failure rule: not risen, or under so many times the upper end of the range."""
    low = Reason("The haematocrit is under the limit of this rule.", "Your share of red cells is still low.")
    under = _under_times_upper(sample.result, rule.times_upper)
    if sample.trend.not_risen or under is TRUE:
        failed = "They have not risen." if sample.trend.not_risen else "They are under the multiple of that rule."
        seen = Reason(failed, "They are lower than expected by now; there can be several reasons.")
        return _found(BELOW_EXPECTED, low, seen, *_said([rule]), codes=(RETICULOCYTES,))
    if under is FALSE:
        high = Reason("High enough for the rule of the label.", "They are as high as expected.", rule.cites)
        return _found(AS_EXPECTED, low, high)
    upper = Reason(
        "Against the upper end of the laboratory's range the value is not certain; enter the range with its upper end.",
        "The upper end of the laboratory's range is needed to judge this.",
        rule.cites,
    )
    return _found(NOT_INTERPRETABLE, low, upper)


def _while_normal(sample: Sample, where: str, rule: ExpectedResponse) -> Finding:
    over = Reason(
        "The haematocrit is not under the limit of the failure rule, which no longer applies.",
        "Your share of red cells is no longer low, so no further rise is needed.",
        rule.cites,
    )
    if where != BELOW:
        return _found(AS_EXPECTED, _PLACES[where], over)
    failures = [record for record in sample.records("failure") if not record.below and record.start]
    late = [record for record in failures if record.start and sample.reached(record.start)]
    return _found(BELOW_EXPECTED, _BELOW, over, *_said(late))


def _haematocrit_unknown(sample: Sample, where: str, rule: ExpectedResponse) -> Finding:
    """What holds whether or not the haematocrit is low is certain; else only a rise is."""
    unknown = Reason(
        "The haematocrit by then is not known.", "Your share of red cells at that time is not known.", rule.cites
    )
    both = {_while_low(sample, rule).verdict, _while_normal(sample, where, rule).verdict}
    if len(both) == 1:
        return _found(both.pop(), _PLACES[where], unknown)
    if sample.trend.direction == RISEN:
        risen = Reason("They have risen.", "They have gone up, as expected.")
        return _found(AS_EXPECTED, _PLACES[where], risen, unknown)
    asked = Reason("Enter the haematocrit: the rule depends on it.", "Please ask for the haematocrit and add it.")
    return _found(NOT_INTERPRETABLE, _PLACES[where], unknown, asked)


def _under_times_upper(result: Result, times: int) -> Truth:
    usual = result.usual
    found = bounds(result.value, usual.unit) if usual else None
    if usual is None or usual.high is None or found is None:
        return UNKNOWN
    return found.under(usual.high * times)


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
