"""Why a date stands where it stands: the facts, the plan, the rule, the arithmetic, the window, the sources.

Everything is taken from the trace of a review, so that an explanation can't say anything else than what was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cobalamin.knowledge.model import Citations
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.evaluations import Evaluation, Reason
from cobalamin.therapy.facts import Facts
from cobalamin.therapy.ladder import to_date
from cobalamin.therapy.matching import fact_name, leaves
from cobalamin.therapy.review import Review
from cobalamin.therapy.tracing import Node
from cobalamin.therapy.wording import phase_words, spacing_words

_NAMES = {
    "count_from": "doses count for it from this day",
    "bookable_from": "bookable from",
    "target": "due",
    "due_through": "in time through",
    "overdue_from": "overdue from",
    "review_from": "review needed from",
}


@dataclass(frozen=True)
class Explained:
    """One thing that lies on a day, or one event, with the chain that leads to it."""

    what: str
    on: str
    facts: tuple[tuple[str, str], ...]
    plan: str
    rule: str
    arithmetic: str
    window: str
    reasons: tuple[Reason, ...]
    cites: Citations


def explain(review: Review, facts: Facts, asked: date | str) -> tuple[Explained, ...]:
    """All that a date, or an event named by its id or the beginning of it, has to do with."""
    about = _About(review, facts)
    return tuple(about.day(asked) if isinstance(asked, date) else about.event(asked))


class _About:
    def __init__(self, review: Review, facts: Facts) -> None:
        self.review, self.facts = review, facts
        self.nodes = {node.event: node for node in review.trace}

    def day(self, day: date) -> Iterator[Explained]:
        for evaluation in self.review.evaluations:
            if evaluation.event.on == day:
                yield self._dose(evaluation)
        for node in (*self.review.open_nodes, *self.review.trace):
            names = _days_on(node, day)
            for name in names if not node.event else [name for name in names if name == "target"]:
                whose = "the open dose" if not node.event else f"what was open when {node.event} was recorded"
                yield self._dated(node, f"{_NAMES[name]}: {whose}", name)
        yield from self._items(day)

    def _items(self, day: date) -> Iterator[Explained]:
        for item in self.review.upcoming:
            if item.on == day and not (item.kind == "dose" and item.on == self.review.outlook.target):
                policy = f"window: {item.window_basis.replace('_', ' ')}" if item.window_basis else ""
                yield Explained(
                    f"{item.kind}: {item.text}",
                    str(day),
                    self._facts(),
                    self._plan(),
                    item.why,
                    "",
                    policy,
                    (),
                    item.cites,
                )
        for check in self.review.checks:
            if check.due == day:
                name = check.item.marker or "review"
                yield Explained(
                    f"check {name} ({check.state})", str(day), self._facts(), self._plan(), check.item.why, "",
                    f"through {date_words(check.through)}", (), check.item.cites,
                )  # fmt: skip

    def event(self, name: str) -> Iterator[Explained]:
        for evaluation in self.review.evaluations:
            if evaluation.event.id.startswith(name):
                yield self._dose(evaluation)
        yield from self._other_entries(name)
        judged = {evaluation.event.id for evaluation in self.review.evaluations}
        for node in self.review.trace:
            if node.event.startswith(name) and node.event not in judged:
                yield self._dated(node, f"{node.kind} of {node.on}", "target")

    def _other_entries(self, name: str) -> Iterator[Explained]:
        """Entries that move no date: their place in the record is all there is to explain."""
        traced = {node.event for node in self.review.trace}
        for event in (*self.review.record.events, *self.review.record.withdrawn, *self.review.record.future):
            if event.id.startswith(name) and event.id not in traced and event.kind != "administration":
                what = f"{event.kind} of {event.month or event.on}"
                yield Explained(
                    what, event.month or str(event.on), (), "", "this entry moves no date of treatment", "", "", (), ()
                )

    def _dose(self, evaluation: Evaluation) -> Explained:
        node = self.nodes.get(evaluation.event.id)
        what = f"dose of {evaluation.on}: {evaluation.credit.replace('_', ' ')}"
        what += f", {evaluation.timing.replace('_', ' ')}" if evaluation.timing != "none" else ""
        if node is None:
            return Explained(what, evaluation.on, (), "", "", "", "", evaluation.reasons, ())
        return Explained(
            what, evaluation.on, self._facts(), self._plan(node), self._rule(node), node.arithmetic(), _window(node),
            evaluation.reasons, node.cites,
        )  # fmt: skip

    def _dated(self, node: Node, what: str, name: str) -> Explained:
        day = str(to_date(getattr(node.dates, name))) if node.dates else str(node.on)
        return Explained(
            what,
            day,
            self._facts(),
            self._plan(node),
            self._rule(node),
            node.arithmetic(),
            _window(node),
            (),
            node.cites,
        )

    def _rule(self, node: Node) -> str:
        if node.row < 0:
            return ""
        phase = self.review.course.phases[node.row]
        published = f"{phase_words(node.phase)}: {spacing_words(phase.spacing_kind, phase.spacing)}"
        if node.changed and node.interval is not None:
            return f"{published}; here {node.interval.every}, as a recorded decision or history says"
        return published

    def _plan(self, node: Node | None = None) -> str:
        plan = node.plan if node is not None and node.plan is not None else self.review.plan
        if plan is None:
            return ""
        accepted = plan.accepted
        by = f", accepted by {accepted.accepted_by}" if accepted.accepted_by else ""
        chosen = ", ".join(f"{key} = {value}" for key, value in accepted.choices.items())
        return f"{accepted.protocol} version {accepted.version} from {accepted.start}{by}{'; chosen: ' + chosen if chosen else ''}"

    def _facts(self) -> tuple[tuple[str, str], ...]:
        """The facts for which the protocol speaks, as they are known."""
        plan = self.review.plan
        if plan is None:
            return ()
        names = dict.fromkeys(fact_name(leaf) for leaf in leaves(plan.content.indication))
        return tuple((name, self._value(name)) for name in names)

    def _value(self, name: str) -> str:
        if name == "birth_date":
            born = self.facts.patient.birth_date
            return str(born) if born else "not known"
        return self.facts.value(name) or "not known"


def _days_on(node: Node, day: date) -> list[str]:
    if node.dates is None:
        return []
    return [name for name, number in node.dates._asdict().items() if to_date(number) == day]


def _window(node: Node) -> str:
    """The window in days, whose it is, and which rule gives the day of review."""
    row, dates = node.window, node.dates
    if row is None or dates is None:
        return ""
    whose = (
        "this program's assumption, no source states a window" if row.basis == "software_default" else "local policy"
    )
    return (
        f"in time {date_words(to_date(dates.bookable_from))} to {date_words(to_date(dates.due_through))} ({whose}); "
        f"review needed from {date_words(to_date(dates.review_from))} ({node.review_rule()})"
    )


def event_exists(review: Review, name: str) -> bool:
    record = review.record
    ids = [event.id for event in (*record.events, *record.withdrawn, *record.future)]
    return any(each.startswith(name) for each in (*ids, *(node.event for node in review.trace)))
