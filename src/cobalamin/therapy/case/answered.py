"""What a clinician has looked at: decisions `reviewed`, which end exactly what they name, up to their day (contract, section 1)."""

from __future__ import annotations

from datetime import date

from cobalamin.therapy.case.case import Event

REVIEWED = "reviewed"
UNIT_WRONG = "unit wrong"  # the finding that takes one result (`event`) out of every comparison


def names(event: Event, code: str) -> bool:
    """Whether this event is a `reviewed` that names an issue, a question or a review by its code."""
    answers = event.data.get("answers", ())
    return (
        event.kind == "decision"
        and event.data.get("decision") == REVIEWED
        and isinstance(answers, tuple | list)
        and code in answers
    )


def reviewed_on(record: tuple[Event, ...], code: str) -> date | None:
    """The last day on which somebody looked at it; what is dated later has not been looked at."""
    return max((event.on for event in record if event.on and names(event, code)), default=None)


def is_answered(record: tuple[Event, ...], code: str, day: date) -> bool:
    """Whether what is dated `day` was looked at on that day or later."""
    last = reviewed_on(record, code)
    return last is not None and last >= day


def unit_wrong(record: tuple[Event, ...]) -> frozenset[str]:
    """The results (their ids) of which a clinician has said that the unit is wrong."""
    told = (
        event
        for event in record
        if event.kind == "decision" and event.data.get("decision") == REVIEWED and "event" in event.data
    )
    return frozenset(
        str(event.data["event"])
        for event in told
        if str(event.data.get("finding", "")).strip().casefold() == UNIT_WRONG
    )


def review_command(code: str) -> str:
    """The command that records that a clinician has looked at it."""
    return f"cobalamin record CASE decision reviewed answers={code} by=NAME finding=TEXT"
