"""Why a date stands where it stands: the facts, the plan, the rule, the arithmetic, the window, the sources.

Everything is taken from the trace of a review, so that an explanation can't say anything else than what was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from cobalamin.knowledge.model import Citations
from cobalamin.records import replace
from cobalamin.text.messages import Text, day, every, joined, message
from cobalamin.therapy.case.criteria import fact_name, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.evaluations import Evaluation, Reason
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.review.trace import Node
from cobalamin.therapy.words.wording import phase_name, spacing_of


class Explained(Struct, frozen=True):
    """One thing that lies on a day, or one event, with the chain that leads to it."""

    what: Text
    on: str
    facts: tuple[tuple[str, Text], ...]
    plan: Text
    rule: Text
    arithmetic: Text
    window: Text
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
        self.early_nodes = {node.event: node for node in review.early_trace}

    def day(self, on: date) -> Iterator[Explained]:
        for evaluation in self.review.evaluations:
            if evaluation.event.on == on:
                yield self._dose(evaluation)
        yield from self._between(on)
        open_nodes = () if self.review.outlook.between else self.review.open_nodes
        for node in (*open_nodes, *self.review.trace):
            names = _days_on(node, on)
            for name in names if not node.event else [name for name in names if name == "target"]:
                whose = message("explain.open_then" if node.event else "explain.open_dose", event=node.event)
                yield self._dated(node, message(f"explain.{name}", whose=whose), name)
        yield from self._items(on)

    def _between(self, on: date) -> Iterator[Explained]:
        """What may lie on the day for the open dose, where a dose known by its month leaves two readings."""
        between = self.review.outlook.between
        if between is None:
            return
        late, early = self.review.open_nodes
        whose = message("explain.open_dose")
        for name in late.dates._asdict() if late.dates else ():
            first, last = (to_date(getattr(dates, name)) for dates in between)
            if first <= on <= last:
                what = message(f"explain.{name}", whose=whose)
                told = self._dated(late, what, name)
                if first != last:
                    told = replace(told, what=self._perhaps(what, first, last))
                yield self._either(told, late, early)

    def _perhaps(self, what: Text, first: date, last: date) -> Text:
        return message("explain.between", what=what, first=day(first), last=day(last))

    def _either(self, told: Explained, late: Node, early: Node | None) -> Explained:
        """The same with the arithmetic and the window of both readings, where they differ."""
        if early is None or early.dates == late.dates:
            return told
        pairs = (
            (early.arithmetic(), late.arithmetic()),
            (_window(early), _window(late)),
        )
        arithmetic, window = (
            message("explain.either", early=first, late=last) if first != last else last for first, last in pairs
        )
        return replace(told, arithmetic=arithmetic, window=window)

    def _items(self, on: date) -> Iterator[Explained]:
        for item in self.review.upcoming:
            first, last = item.on_range or (item.on, item.on)
            if not first or not last or not first <= on <= last:
                continue
            if not (item.kind == "dose" and item.on == self.review.outlook.target):
                basis = message(f"explain.basis__{item.window_basis}") if item.window_basis else ""
                policy = message("explain.item_window", basis=basis) if basis else ""
                what = message("explain.item", kind=message(f"kinds.{item.kind}"), text=item.text)
                yield Explained(
                    self._perhaps(what, first, last) if first != last else what,
                    str(on),
                    self._facts(),
                    self._plan(),
                    item.why,
                    "",
                    policy,
                    (),
                    item.cites,
                )
        for check in self.review.checks:
            if check.due == on:
                marker = check.item.marker or message("explain.check_review")
                yield Explained(
                    message("explain.check", marker=marker, state=check.state), str(on), self._facts(),
                    self._plan(), check.item.why, "", message("explain.check_window", date=day(check.through)),
                    (), check.item.cites,
                )  # fmt: skip

    def event(self, name: str) -> Iterator[Explained]:
        for evaluation in self.review.evaluations:
            if evaluation.event.id.startswith(name):
                yield self._dose(evaluation)
        yield from self._other_entries(name)
        judged = {evaluation.event.id for evaluation in self.review.evaluations}
        for node in self.review.trace:
            if node.event.startswith(name) and node.event not in judged:
                what = message("explain.entry", kind=node.kind, date=node.on)
                yield self._dated(node, what, "target")

    def _other_entries(self, name: str) -> Iterator[Explained]:
        """Entries that move no date: their place in the record is all there is to explain."""
        traced = {node.event for node in self.review.trace}
        for event in (*self.review.record.events, *self.review.record.withdrawn, *self.review.record.future):
            if event.id.startswith(name) and event.id not in traced and event.kind != "administration":
                on = event.month or str(event.on)
                what = message("explain.entry", kind=event.kind, date=on)
                yield Explained(what, on, (), "", message("explain.moves_nothing"), "", "", (), ())

    def _dose(self, evaluation: Evaluation) -> Explained:
        node = self.nodes.get(evaluation.event.id)
        credit = message(f"explain.credit__{evaluation.credit}") if evaluation.credit else ""
        timing = message(f"timings.{evaluation.timing}") if evaluation.timing != "none" else ""
        key = "explain.dose_timed" if timing else "explain.dose"
        what = message(key, date=evaluation.on, credit=credit, timing=timing)
        if node is None:
            return Explained(what, evaluation.on, (), "", "", "", "", evaluation.reasons, ())
        told = Explained(
            what, evaluation.on, self._facts(), self._plan(node), self._rule(node), node.arithmetic(), _window(node),
            evaluation.reasons, node.cites,
        )  # fmt: skip
        return self._either(told, node, self.early_nodes.get(evaluation.event.id))

    def _dated(self, node: Node, what: Text, name: str) -> Explained:
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

    def _rule(self, node: Node) -> Text:
        if node.row < 0:
            return ""
        phase = self.review.course.phases[node.row]
        published = joined(phase_name(node.phase), spacing_of(phase.spacing_kind, phase.spacing), between=": ")
        if node.changed and node.interval is not None:
            return message("explain.rule_changed", rule=published, every=every(node.interval))
        return published

    def _plan(self, node: Node | None = None) -> Text:
        plan = node.plan if node is not None and node.plan is not None else self.review.plan
        if plan is None:
            return ""
        accepted = plan.accepted
        name = accepted.accepted_by
        choices = ", ".join(
            f"{key.replace('_', ' ')} {value.replace('-', ' ')}" for key, value in accepted.choices.items()
        )
        return message(
            "explain.plan",
            title=plan.protocol.title,
            version=accepted.version,
            start=accepted.start,
            accepted=message("explain.plan_accepted", name=name) if name else "",
            chosen=message("explain.plan_chosen", choices=choices) if choices else "",
        )

    def _facts(self) -> tuple[tuple[str, Text], ...]:
        """The facts for which the protocol speaks, as they are known."""
        plan = self.review.plan
        if plan is None:
            return ()
        names = dict.fromkeys(fact_name(leaf) for leaf in leaves(plan.content.indication))
        return tuple((name, self._value(name)) for name in names)

    def _value(self, name: str) -> Text:
        if name == "birth_date":
            born = self.facts.patient.birth_date
            return str(born) if born else message("explain.not_known")
        return self.facts.value(name) or message("explain.not_known")


def _days_on(node: Node, day: date) -> list[str]:
    if node.dates is None:
        return []
    return [name for name, number in node.dates._asdict().items() if to_date(number) == day]


def _window(node: Node) -> Text:
    """The window in days, whose it is, and which rule gives the day of review."""
    row, dates = node.window, node.dates
    if row is None or dates is None:
        return ""
    whose = "explain.window_assumed" if row.basis == "software_default" else "explain.window_local"
    return message(
        "explain.window",
        first=day(to_date(dates.bookable_from)),
        last=day(to_date(dates.due_through)),
        whose=message(whose),
        date=day(to_date(dates.review_from)),
        rule=node.review_rule(),
    )


def event_exists(review: Review, name: str) -> bool:
    record = review.record
    ids = [event.id for event in (*record.events, *record.withdrawn, *record.future)]
    return any(each.startswith(name) for each in (*ids, *(node.event for node in review.trace)))
