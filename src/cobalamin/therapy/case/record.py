"""The record as it stands on a day: corrections applied, later events set apart, in the order in which events count.

The order in which events were entered moves no date (contract, section 1); it says which entries an answer can be about.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date

from msgspec import Struct

from cobalamin.records import replace
from cobalamin.spans import Span
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event
from cobalamin.therapy.case.events import Administration, Correction, Decision, History, decides

PLAN_ID = (
    "plan"  # what a correction names to take back the plan in the head of a case file (contract, section 3, `undo`)
)
TAKING_BACK_MARK = "undo-"  # the ids of what `undo` wrote begin so: such a correction is never taken back in its turn
SOURCE_ORDER = ("this_site", "other_site", "reported", "self")
# Events of one day count in this order; corrections, credit and reject are read first, because they change how others read.
PLACE_OF_KIND = {
    "plan": 0, "history": 1, "administration": 4, "omission": 6, "statement": 6, "reaction": 6, "result": 6, "symptoms": 6, "fact": 6,
    "hold": 10, "pause": 10, "bridge": 10,
}  # fmt: skip
PLACE_OF_DECISION = {
    "credit": -2, "reject": -1, "resume": 2, "restart": 3, "change_interval": 5, "gate_met": 7, "advance": 8, "waive": 9,
    "reviewed": 9, "stop": 11,
}  # fmt: skip


class Record(Struct, frozen=True):
    """What counts on a day, in order; what is dated later; what a correction withdrew; corrections that met nothing."""

    events: tuple[Event, ...]
    future: tuple[Event, ...] = ()
    withdrawn: tuple[Event, ...] = ()
    unmatched: tuple[Correction, ...] = ()


def interval_in_effect(event: Event) -> Span | None:
    """The interval that a decision or a history sets; None where it sets none, or one out of range, which has no effect."""
    interval = event.interval if isinstance(event, Decision | History) else None
    return interval if interval is not None and interval.in_range else None


def record_as_of(case: Case, on: date) -> tuple[Event, ...]:
    """The events that count on `on`, in order."""
    return record_on(case, on).events


def record_on(case: Case, on: date, as_recorded: date | None = None) -> Record:
    """The record as of `on`; with `as_recorded`, without what was written down after that day.

    An event dated by its month counts from the first day of that month and is placed on its last (or on `on`): what may
    already have happened is not left out.
    """
    known = [
        replace(event, written=place)
        for place, event in enumerate(case.record)
        if as_recorded is None or event.recorded_at[:10] <= str(as_recorded)
    ]
    corrections = {event.id: event for event in known if isinstance(event, Correction) and begins(event) <= on}
    withdrawn = _effective(corrections)
    put_in = [(each, event) for each in corrections.values() if (event := _replacement(each)) is not None]
    standing = [event for correction, event in put_in if not withdrawn[correction.id]]
    kept, gone = _without([*known, *standing], withdrawn)
    there = {event.id for event in (*known, *(event for _, event in put_in))} | ({PLAN_ID} if case.plan else set())
    return Record(
        events=tuple(sorted((_placed(event, on) for event in kept if begins(event) <= on), key=in_order)),
        future=tuple(sorted((event for event in kept if begins(event) > on), key=in_order)),
        withdrawn=tuple(sorted((_placed(event, on) for event in gone), key=in_order)),
        unmatched=tuple(
            event for event in corrections.values() if withdrawn[event.id] <= 0 and event.withdraws not in there
        ),
    )


def withdrawn_ids(case: Case, on: date) -> frozenset[str]:
    """What the corrections of the record that stand on a day have taken back; of a correction that was taken back nothing."""
    corrections = {event.id: event for event in case.record if isinstance(event, Correction) and begins(event) <= on}
    return frozenset(name for name, times in _effective(corrections).items() if times)


def plan_on(case: Case, on: date) -> AcceptedPlan | None:
    """The plan in the head of the case; None where a correction had taken it back by that day."""
    return None if case.plan is None or PLAN_ID in withdrawn_ids(case, on) else case.plan


def with_standing_plan(case: Case, on: date) -> Case:
    """The case without a plan that had been taken back by that day."""
    return case if case.plan is None or plan_on(case, on) else replace(case, plan=None)


def _replacement(correction: Correction) -> Event | None:
    return replace(correction.replaced_by, written=correction.written) if correction.replaced_by else None


def _effective(corrections: dict[str, Correction]) -> Counter[str]:
    """Which ids are withdrawn, each once; a correction that a later one withdraws withdraws nothing."""
    withdrawn: Counter[str] = Counter()
    for correction in sorted(corrections.values(), key=lambda event: (begins(event), event.id), reverse=True):
        if not withdrawn[correction.id]:
            withdrawn[correction.withdraws] = 1
    return withdrawn


def _without(known: list[Event], withdrawn: Counter[str]) -> tuple[list[Event], list[Event]]:
    """(kept, withdrawn): of two entries that are alike to the letter, one correction withdraws one."""
    left = Counter(withdrawn)
    kept, gone = [], []
    for event in known:
        if event.kind == "correction":
            continue
        if left[event.id] > 0:
            left[event.id] -= 1
            gone.append(event)
        else:
            kept.append(event)
    return kept, gone


def begins(event: Event) -> date:
    """The first day on which the event may have happened."""
    if event.on is not None:
        return event.on
    return date.fromisoformat(f"{event.month}-01") if event.month else date.max


def month_ends(month: str) -> tuple[date, date]:
    """The first and last day of a month written `YYYY-MM`."""
    first = date.fromisoformat(f"{month}-01")
    return first, first.replace(day=monthrange(first.year, first.month)[1])


def _placed(event: Event, on: date) -> Event:
    if event.on is not None or not event.month:
        return event
    return replace(event, on=min(month_ends(event.month)[1], on))


def in_order(event: Event) -> tuple[date, int, int, int, str]:
    """The place of an event in the record, whatever the order of entry."""
    given = isinstance(event, Administration)
    kind = PLACE_OF_DECISION[event.decision] if isinstance(event, Decision) else PLACE_OF_KIND.get(event.kind, 6)
    amount = event.dose.nanograms if isinstance(event, Administration) and event.dose else 0
    if decides(event, "change_interval"):  # of two of one day the shorter comes last and governs
        interval = interval_in_effect(event)
        amount = -interval.day_bounds[1] if interval else 0
    source = SOURCE_ORDER.index(event.source) if event.source in SOURCE_ORDER else 0
    return (event.on or date.max, kind, source if given else 0, amount, event.id)
