"""The dated lines of a plan or of a running treatment, each with a name that stays when its date moves.

A name says what a line is (which use of which protocol, which course, which dose of which phase, which occurrence of which
check), never when it is. So a calendar can move an event instead of losing one and gaining another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from cobalamin.text.messages import Text, joined, text_order
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.review.checks import DONE, DUE, LATE
from cobalamin.therapy.review.review import Review

DOSE, COURSE_BEGINS, COURSE_ENDS, CHECK, REVIEW, DECISION = (
    "dose", "course_begins", "course_ends", "check", "review", "decision",
)  # fmt: skip


class DatedLine(Struct, frozen=True):
    """One thing on one day; several items where one visit answers them."""

    name: Text
    kind: str
    on: date
    items: tuple[Item, ...]

    @property
    def item(self) -> Item:
        return self.items[0]

    @property
    def firm(self) -> bool:
        return all(item.determinacy == "firm" for item in self.items)


def lines_of_plan(plan: Plan) -> tuple[DatedLine, ...]:
    """Every dated line of a plan that nobody has begun."""
    owner = f"{plan.protocol.id}/1/1"
    checks = _checks(owner, plan.items)
    return _in_order([*checks, *_treatment(owner, plan.items)])


def lines_of_review(seen: Review) -> tuple[DatedLine, ...]:
    """What comes, as the review sees it: doses, courses, decisions, and the checks that are still open."""
    if seen.plan is None:
        return ()
    owner = _owner(seen)
    found = list(_treatment(f"{owner}/{max(len(seen.monitored), 1)}", seen.upcoming, begins_from=seen.on))
    answered = {check.item for check in seen.checks if check.state in (DONE, LATE)}
    waiting = {check.item for check in seen.checks if check.state == DUE}
    for number, items in enumerate(seen.monitored, 1):
        for line in _checks(f"{owner}/{number}", items):
            still = tuple(
                item for item in line.items if item not in answered and (line.on > seen.on or item in waiting)
            )
            found += [DatedLine(line.name, line.kind, line.on, still)] if still else []
    return _in_order(found)


def _owner(seen: Review) -> str:
    """ "uk-bnf-noneuro/1": the protocol, and the how manieth plan with it this is."""
    plans = seen.course.plans
    same = [plan for plan in plans if seen.plan and plan.accepted.protocol == seen.plan.accepted.protocol]
    use = next((number for number, plan in enumerate(same, 1) if plan is seen.plan), 1)
    return f"{seen.plan.accepted.protocol if seen.plan else ''}/{use}"


def _treatment(owner: str, items: Iterable[Item], begins_from: date = date.min) -> list[DatedLine]:
    """Doses, courses and decisions. A course that began before `begins_from` only has its end left."""
    found: list[DatedLine] = []
    for item in items:
        if item.on is None:
            continue
        if item.kind == "dose":
            found.append(DatedLine(f"{owner}/dose/{item.phase}/{item.number}", DOSE, item.on, (item,)))
        elif item.kind == "decision":
            found.append(
                DatedLine(joined(f"{owner}/decision/{item.phase}/", item.why, between=""), DECISION, item.on, (item,))
            )
        elif item.kind == "course":
            if item.on >= begins_from:
                found.append(DatedLine(f"{owner}/course/{item.phase}/begins", COURSE_BEGINS, item.on, (item,)))
            if item.until is not None:
                found.append(DatedLine(f"{owner}/course/{item.phase}/ends", COURSE_ENDS, item.until, (item,)))
    return found


def _checks(owner: str, items: Iterable[Item]) -> list[DatedLine]:
    """Checks and reviews. What one rule asks for on one day is one line; its number counts the days of that rule."""
    by_rule: dict[Text, dict[date, list[Item]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        if item.on is not None and item.kind in (CHECK, REVIEW):
            by_rule[joined(f"{owner}/{item.kind}/{item.phase}/", item.why, between="")][item.on].append(item)
    return [
        DatedLine(joined(rule, f"/{number}", between=""), days[on][0].kind, on, tuple(days[on]))
        for rule, days in by_rule.items()
        for number, on in enumerate(sorted(days), 1)
    ]


_ORDER = (CHECK, COURSE_BEGINS, DOSE, COURSE_ENDS, REVIEW, DECISION)


def _in_order(lines: Iterable[DatedLine]) -> tuple[DatedLine, ...]:
    return tuple(sorted(lines, key=lambda line: (line.on, _ORDER.index(line.kind), text_order(line.name))))
