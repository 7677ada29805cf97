"""Checks and reviews in a plan, counted from their anchors (contract, section 6).

Rows come from the protocol, from guidance of the patient's country, and from rules that hold across protocols. Until an
anchor has happened its items are provisional. A row whose condition is not known is shown with the condition, because
leaving it out would take "not known" for "no".
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import MonitoringRow, Policy, Protocol
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, every, length, message
from cobalamin.therapy.case.criteria import describe, evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.regimen.schedule import OPEN_END, Scheduled


class Anchors(Struct, frozen=True):
    """The days that rows are counted from, in one course of one plan; `happened` names those that are not only planned."""

    plan_start: date
    first_dose: date | None
    last_dose: date | None
    phases: dict[str, date]
    decision: date | None = None
    decision_open: bool = False
    happened: frozenset[str] = frozenset({"plan_start"})
    routes: frozenset[str] = frozenset()
    repeated: bool = False  # a course begun again: only rows that ask for it are repeated

    taken_over: bool = False  # begun before this plan: what is asked once after a start was due then

    def of(self, row: MonitoringRow) -> date | None:
        if self.taken_over and row.anchor == "plan_start" and row.every is None:
            return None
        if row.anchor == "phase_start":
            return self.phases.get(row.phase)
        return {
            "plan_start": self.plan_start, "first_dose": self.first_dose, "last_dose": self.last_dose,
            "decision": self.decision,
        }[row.anchor]  # fmt: skip

    def has_happened(self, row: MonitoringRow) -> bool:
        return (row.phase if row.anchor == "phase_start" else row.anchor) in self.happened


def planned_anchors(start: date, scheduled: list[Scheduled]) -> Anchors:
    """The anchors of a schedule of which nothing has happened but its start."""
    doses = [entry for entry in scheduled if entry.kind in ("dose", "course") and entry.on]
    phases: dict[str, date] = {}
    for entry in doses:
        if entry.on is not None:
            phases.setdefault(entry.phase.phase.name, entry.on)
    ends = bool(doses) and doses[-1].phase.end_by not in ("never", "decision", "not_stated")
    return Anchors(
        start,
        doses[0].on if doses else None,
        doses[-1].on if ends else None,
        phases,
        decision_open=any(entry.kind == OPEN_END for entry in scheduled),
        routes=frozenset(entry.phase.route for entry in scheduled),
    )


def monitoring_items(
    library: Library, facts: Facts, protocol: Protocol, policy: Policy, anchors: Anchors, until: date
) -> list[Item]:
    """All checks and reviews of a plan; the same check on the same day stands once, with all its sources."""
    rows = [*protocol.monitoring, *library.monitoring, *_guidance_rows(library, facts)]
    items: dict[tuple[str, str, date | None, Text], Item] = {}
    for row in rows:
        if evaluate(row.when, facts) is FALSE or (row.routes and anchors.routes.isdisjoint(row.routes)):
            continue
        if anchors.repeated and row.on_restart != "repeat":
            continue
        for item in _row_items(library, facts, row, policy, anchors, until):
            key = (item.kind, item.marker, item.on, item.text if item.kind == "review" else "")
            items[key] = _merged(items[key], item) if key in items else item
    return list(items.values())


def _guidance_rows(library: Library, facts: Facts) -> Iterator[MonitoringRow]:
    """Rows of current guidance that speaks to this patient, from the patient's country."""
    for document in library.guidance:
        speaks = document.country == facts.patient.country and document.status == "current"
        if speaks and document.monitoring and evaluate(document.indication, facts) is TRUE:
            yield from document.monitoring


def _merged(first: Item, second: Item) -> Item:
    cites = tuple(dict.fromkeys((*first.cites, *second.cites)))
    through = max(filter(None, (first.due_through, second.due_through)), default=None)
    overdue = through + timedelta(days=1) if through else None
    return replace(first, cites=cites, due_through=through, overdue_from=overdue)


def _row_items(
    library: Library, facts: Facts, row: MonitoringRow, policy: Policy, anchors: Anchors, until: date
) -> Iterator[Item]:
    anchor = anchors.of(row)
    known = evaluate(row.when, facts) is TRUE
    if anchor is None:
        if row.anchor == "decision" and anchors.decision_open:
            line = _line(library, row, known)
            yield from _of_each_marker(row, replace(line, after="decision", offset=str(row.start)))
        return
    line, firm = _line(library, row, known), anchors.has_happened(row) and known
    for on, through, published in _days(row, anchor, until, policy):
        dated = replace(
            line,
            on=on,
            determinacy="firm" if firm else "provisional",
            due_through=through,
            overdue_from=through + timedelta(days=1),
            window_basis="published" if published else policy.basis,
            policy="" if published else policy.name,
        )
        yield from _of_each_marker(row, dated)


def _days(row: MonitoringRow, anchor: date, until: date, policy: Policy) -> Iterator[tuple[date, date, bool]]:
    """(due, through, whether the source gives the window) of each occurrence, counted from the anchor in one step each."""
    times = 0
    while True:
        on = _occurrence(row, anchor, times)
        last = add(anchor, row.to) if row.to and row.every else until
        if on > min(last, until):
            return
        through, published = _through(row, anchor, on, times, policy)
        yield on, max(through, on), published
        if row.every is None:
            return
        times += 1


def _occurrence(row: MonitoringRow, anchor: date, times: int) -> date:
    first = add(anchor, row.start)
    if not times or row.every is None:
        return first
    if row.every.unit == row.start.unit:
        return add(anchor, Span(row.start.number + row.every.number * times, row.every.unit))
    return add(first, row.every, times)


def _through(row: MonitoringRow, anchor: date, on: date, times: int, policy: Policy) -> tuple[date, bool]:
    if row.through is not None and not times:
        return add(anchor, row.through), True
    if row.to is not None and row.every is None:
        return add(anchor, row.to), True
    if row.every is not None and row.every_most is not None and times:
        return add(_occurrence(row, anchor, times - 1), row.every_most), True
    if row.every == Span(1, "d"):
        return on, True
    # A repeated check is as urgent as its interval, not as the time since the start.
    since = _occurrence(row, anchor, times - 1) if times else anchor
    days = (on - since).days
    late = next(
        (window.late for window in policy.windows if days <= window.through_days),
        policy.windows[-1].late,
    )
    return on + timedelta(days=late), False


def _line(library: Library, row: MonitoringRow, known: bool) -> Item:
    """The item of a row before any date: with its condition where nobody knows whether that holds."""
    text, plain = (_line_text(library, row, each, known) for each in (row.text, row.plain or row.text))
    return Item(
        kind="review" if row.review else "check",
        on=None,
        text=text,
        plain=plain,
        why=_why(row),
        cites=row.cites,
        basis="published",
        determinacy="provisional",
        phase=row.phase,
        conditional=not known,
    )


def _line_text(library: Library, row: MonitoringRow, text: Text, known: bool) -> Text:
    text = message("schedule.until", text=text, until=row.until) if row.until else text
    if known:
        return text
    return message("schedule.condition", criterion=describe(row.when, library), text=text)


def _of_each_marker(row: MonitoringRow, item: Item) -> Iterator[Item]:
    if row.review:
        yield item
    for marker in row.markers:
        yield replace(item, marker=marker)


def _why(row: MonitoringRow) -> Text:
    key = "schedule.after_anchor" if row.start.number else "schedule.on_the_day"
    start = message(key, span=length(row.start), anchor=message(f"schedule.{row.anchor}"))
    return message("schedule.repeated", first=start, every=every(row.every)) if row.every else start
