"""The response to treatment: each marker's latest result against the expected time course, with its sources.

Judged outside of everything that computes a date, so no laboratory value can move one (hazard H11). A verdict is for
plausibility: it raises questions and never proposes a dose or an interval.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Policy
from cobalamin.knowledge.responses import ExpectedResponse, expectations
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.text.messages import Text, capital, day, joined, listed, message
from cobalamin.therapy.case.answered import is_answered
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import NOTE, Gate, Issue
from cobalamin.therapy.response import after_end
from cobalamin.therapy.response.alarms import Ask, alarms, judgeable, treatment_alarms
from cobalamin.therapy.response.listing import ListedResult, listed_results
from cobalamin.therapy.response.rules import (  # fmt: skip
    AS_EXPECTED,
    B12_HIGH,
    BELOW_EXPECTED,
    EXPECTED_HIGH,
    NO_RESPONSE,
    POTASSIUM,
    RELAPSE,
    RETICULOCYTES,
    Finding,
    Reason,
    because,
)
from cobalamin.therapy.response.spells import GivenDose, cover_of
from cobalamin.therapy.response.treatment import Judged, Treatment
from cobalamin.therapy.response.values import Result, position, range_words

__all__ = ["GivenDose", "MarkerVerdict", "Response", "judge_response"]

AFTER_INJECTION = "SAMPLE_AFTER_INJECTION"
_ISSUES = (RETICULOCYTES, NO_RESPONSE, RELAPSE, AFTER_INJECTION, B12_HIGH)
_LEVELS = ("serum_b12", "holotranscobalamin")


class MarkerVerdict(Struct, frozen=True):
    """What the latest result of a marker says. `on` is the day of the sample and `value` as it was entered."""

    marker: str
    verdict: str
    text: Text
    plain: Text
    cites: Citations
    on: date
    value: str


class Response(Struct, frozen=True):
    """Verdicts in the library's order of markers. `changes`: days on which time alone may change something.

    `results` holds every recorded result, `asks` the questions that results and symptoms leave open.
    """

    verdicts: tuple[MarkerVerdict, ...]
    issues: tuple[Issue, ...]
    changes: tuple[date, ...]
    results: tuple[ListedResult, ...] = ()
    asks: tuple[Ask, ...] = ()


def judge_response(
    library: Library,
    facts: Facts,
    record: tuple[Event, ...],
    doses: tuple[GivenDose, ...],
    routes: frozenset[str],
    on: date,
    policy: Policy | None = None,
) -> Response:
    """The response as of `on`; `record` holds the events up to `on`, `doses` every dose really given."""
    policy = policy or library.default_policy
    cover = cover_of(record, doses, routes, on, policy.results)
    treatment = Treatment(library, expectations(library), facts, judgeable(library, record), cover, routes)
    judged = [found for marker in library.markers if (found := treatment.latest(marker)) is not None]
    verdicts = tuple(verdict for entry in judged if (verdict := _verdict(treatment, entry)) is not None)
    raised = (alarms(library, facts, record, policy), treatment_alarms(library, facts, record, cover, policy))
    return Response(
        verdicts,
        (*(issue for alarm in raised for issue in alarm.issues), *_issues(treatment, record, judged)),
        _changes(record, on),
        listed_results(treatment, record),
        (*(ask for alarm in raised for ask in alarm.asks), *_asks(treatment, record, judged)),
    )


def _asks(treatment: Treatment, record: tuple[Event, ...], judged: list[Judged]) -> Iterator[Ask]:
    """A low level is asked about, and so is a relapse; neither moves anything (promise 5)."""
    for entry in judged:
        result, finding = entry.result, entry.finding
        if finding is None:
            continue
        told = {
            "marker": treatment.library.markers[result.marker]["name"],
            "value": result.value,
            "date": result.when,
        }
        code = _asked_by(treatment, result, finding)
        if not code or is_answered(record, code, result.event):
            continue
        if code in after_end.RETURNS and after_end.begun_again(record, result.on):
            continue
        best = treatment.best(result)
        last = treatment.cover.last_day(result.on)
        told |= {"best": best.value, "day": best.when} if best else {}
        told |= {
            "last": day(last) if last else "",
            "event": result.event,
            "where": position(result),
        }
        yield Ask(code, told)


def _asked_by(treatment: Treatment, result: Result, finding: Finding) -> str:
    """The code of what a result asks; empty where it asks nothing."""
    if RELAPSE in finding.codes:
        return RELAPSE
    if result.marker in _LEVELS:
        return _low_code(finding) if finding.verdict == BELOW_EXPECTED else ""
    return after_end.RESULT if after_end.asks(treatment.cover, result, finding) else ""


def _low_code(finding: Finding) -> str:
    return "LOW_B12_ON_TREATMENT" if NO_RESPONSE in finding.codes else after_end.LEVEL


def _changes(record: tuple[Event, ...], on: date) -> tuple[date, ...]:
    """A verdict rests on the day of its sample, so time alone changes only where a sample's month is not yet over."""
    following = on + timedelta(days=1)
    running = any(event.month == f"{on:%Y-%m}" for event in record)
    return (following,) if running and following.month == on.month else ()


def _verdict(treatment: Treatment, judged: Judged) -> MarkerVerdict | None:
    result, finding = judged.result, judged.finding
    if finding is None:
        return None
    marker = treatment.library.markers[result.marker]
    usual = message("blood.usual_range", range=range_words(result.usual)) if result.usual else ""
    told = {"date": result.when, "value": result.value}
    reasons = [*finding.reasons, *_circumstances(treatment, judged)]
    text: list[Text] = [message("blood.result", marker=marker["name"], range=usual, **told)]
    text += [reason.text for reason in reasons]
    plain: list[Text] = [message("blood.result__plain", marker=capital(marker["plain"]), **told)]
    plain += [reason.plain for reason in reasons]
    if finding.verdict not in (AS_EXPECTED, EXPECTED_HIGH) and POTASSIUM not in finding.codes:
        plain.append(message("blood.calm"))
    return MarkerVerdict(
        marker=result.marker,
        verdict=finding.verdict,
        text=joined(*text),
        plain=joined(*plain),
        cites=tuple(dict.fromkeys(cite for reason in reasons for cite in reason.cites)),
        on=result.on,
        value=str(result.value),
    )


def _circumstances(treatment: Treatment, judged: Judged) -> Iterator[Reason]:
    """What should be known about a result whatever its verdict is."""
    result = judged.result
    compared = treatment.compared(result)
    if compared.text:
        yield Reason(compared.text, compared.plain)
    best = treatment.best(result)
    if best is not None and judged.finding and RELAPSE not in judged.finding.codes:
        yield because("best", value=best.value, date=best.when)
    for other in judged.others:
        yield because("contradicted", value=other.value)
    if treatment.expected.waits(result.marker) and not result.month and treatment.injected_on(result.on):
        yield because("before_injection")


def _issues(treatment: Treatment, record: tuple[Event, ...], judged: list[Judged]) -> Iterator[Issue]:
    """One issue a code, naming every result that raises it and that nobody has looked at."""
    raised: dict[str, list[tuple[Text, Citations]]] = {code: [] for code in _ISSUES}
    for entry in judged:
        for code in entry.finding.codes if entry.finding else ():
            if code not in raised or is_answered(record, code, entry.result.event):
                continue
            raised[code].append((_named(treatment, entry.result), _cited(entry)))
        if (since := treatment.waiting(entry.result)) is not None:
            result = _named(treatment, entry.result)
            named = message("blood.named_after_injection", named=result, date=day(since))
            waits = treatment.expected.waits(entry.result.marker)
            raised[AFTER_INJECTION].append((named, tuple(cite for record in waits for cite in record.cites)))
    gate = Gate(treatment.library, treatment.facts.patient.country)
    for code, found in raised.items():
        if found:
            yield _issue(gate, treatment, code, found)


def _issue(gate: Gate, treatment: Treatment, code: str, found: list[tuple[Text, Citations]]) -> Issue:
    named = listed(dict.fromkeys(each for each, _ in found), "; ")
    details = [joined(named, ".", between="")]
    cites = [cite for _, cited in found for cite in cited]
    if code == NO_RESPONSE:
        details.append(message("blood.reassess"))
        for rule in _rules_of_the_route(treatment):
            details.append(rule.text)
            cites += rule.cites
    return gate.issue(code, NOTE, joined(*details), cites=tuple(cites))


def _rules_of_the_route(treatment: Treatment) -> Iterable[ExpectedResponse]:
    """The failure rules for treatment without injections."""
    if treatment.routes & INJECTIONS:
        return ()
    return tuple(rule for route in sorted(treatment.routes) for rule in treatment.expected.failures_by_route(route))


def _named(treatment: Treatment, result: Result) -> Text:
    name = treatment.library.markers[result.marker]["name"]
    return message("blood.named", marker=name, value=result.value, date=result.when)


def _cited(judged: Judged) -> Citations:
    return tuple(cite for reason in judged.finding.reasons for cite in reason.cites) if judged.finding else ()
