"""Every recorded result, judged or not, with its verdict or the reason why it has none (hazard H46)."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cobalamin.text.messages import Text, joined, message
from cobalamin.therapy.case.answered import unit_wrong
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.response.plausible import implausible
from cobalamin.therapy.response.rules import Reason, because, has_rule
from cobalamin.therapy.response.treatment import Treatment
from cobalamin.therapy.response.values import Result, position, range_words, results_of


class ListedResult(Struct, frozen=True):
    """A result as it was recorded; `verdict` is empty where it has none, and the texts say why."""

    event: str
    on: date
    month: str
    marker: str
    value: str
    range: str
    verdict: str
    text: Text
    plain: Text


def listed_results(treatment: Treatment, record: tuple[Event, ...]) -> tuple[ListedResult, ...]:
    """All results of the record, in its order."""
    wrong = unit_wrong(record)
    return tuple(_listed(treatment, result, wrong) for result in results_of(record))


def _listed(treatment: Treatment, result: Result, wrong: frozenset[str]) -> ListedResult:
    verdict, reasons = _judged(treatment, result, wrong)
    return ListedResult(
        event=result.event,
        on=result.on,
        month=result.month,
        marker=result.marker,
        value=str(result.value),
        range=range_words(result.usual) if result.usual else "",
        verdict=verdict,
        text=joined(*(reason.text for reason in reasons)),
        plain=joined(*(reason.plain for reason in reasons)),
    )


def _judged(treatment: Treatment, result: Result, wrong: frozenset[str]) -> tuple[str, tuple[Reason, ...]]:
    """The verdict, or "" with the reason why there is none."""
    if result.event in wrong:
        return "", (because("unit_wrong"),)
    found = implausible(treatment.library, result.marker, result.value)
    if found is not None:
        meant = message("questions.VALUE_IMPLAUSIBLE__meant", values=" or ".join(found.likely)) if found.likely else ""
        return "", (because("implausible", range=found.range, meant=meant),)
    if not has_rule(result.marker):
        return "", (*_place(result), because("no_rule"))
    finding = treatment.finding(result)
    if finding is None:
        return "", (
            *(_place(result) or _no_range(result)),
            because("before_treatment"),
        )
    return finding.verdict, finding.reasons


def _no_range(result: Result) -> tuple[Reason, ...]:
    """That nothing is judged without the laboratory's range; a word has none."""
    return () if result.usual or isinstance(result.value, str) else (because("no_range"),)


def _place(result: Result) -> tuple[Reason, ...]:
    """Where it lies to its laboratory's range; nothing for a word or without a range."""
    return (because(position(result)),) if result.usual and not isinstance(result.value, str) else ()
