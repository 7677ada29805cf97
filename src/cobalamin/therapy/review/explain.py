"""Why a date stands where it stands: the facts, the plan, the rule, the arithmetic, the window, the sources.

Everything is taken from the trace of a review, so that an explanation can't say anything else than what was computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words, every_words
from cobalamin.text.messages import in_words
from cobalamin.therapy.case.criteria import fact_name, leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.evaluations import Evaluation, Reason
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.review.trace import Node
from cobalamin.therapy.words.wording import phase_name, spacing_of


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
        self.review, self.facts, self.words = review, facts, review.library.own_words
        self.nodes = {node.event: node for node in review.trace}
        self.early_nodes = {node.event: node for node in review.early_trace}

    def day(self, day: date) -> Iterator[Explained]:
        for evaluation in self.review.evaluations:
            if evaluation.event.on == day:
                yield self._dose(evaluation)
        yield from self._between(day)
        open_nodes = () if self.review.outlook.between else self.review.open_nodes
        for node in (*open_nodes, *self.review.trace):
            names = _days_on(node, day)
            for name in names if not node.event else [name for name in names if name == "target"]:
                whose = self.words.text("explain.open_then" if node.event else "explain.open_dose", event=node.event)
                yield self._dated(node, self.words.text(f"explain.{name}", whose=whose), name)
        yield from self._items(day)

    def _between(self, day: date) -> Iterator[Explained]:
        """What may lie on the day for the open dose, where a dose known by its month leaves two readings."""
        between = self.review.outlook.between
        if between is None:
            return
        late, early = self.review.open_nodes
        whose = self.words.text("explain.open_dose")
        for name in late.dates._asdict() if late.dates else ():
            first, last = (to_date(getattr(dates, name)) for dates in between)
            if first <= day <= last:
                what = self.words.text(f"explain.{name}", whose=whose)
                told = self._dated(late, what, name)
                if first != last:
                    told = replace(told, what=self._perhaps(what, first, last))
                yield self._either(told, late, early)

    def _perhaps(self, what: str, first: date, last: date) -> str:
        return self.words.text(
            "explain.between", what=what, first=date_words(first, self.words), last=date_words(last, self.words)
        )

    def _either(self, told: Explained, late: Node, early: Node | None) -> Explained:
        """The same with the arithmetic and the window of both readings, where they differ."""
        if early is None or early.dates == late.dates:
            return told
        pairs = (
            (early.arithmetic(self.words), late.arithmetic(self.words)),
            (_window(early, self.words), _window(late, self.words)),
        )
        arithmetic, window = (
            self.words.text("explain.either", early=first, late=last) if first != last else last
            for first, last in pairs
        )
        return replace(told, arithmetic=arithmetic, window=window)

    def _items(self, day: date) -> Iterator[Explained]:
        for item in self.review.upcoming:
            first, last = item.on_range or (item.on, item.on)
            if not first or not last or not first <= day <= last:
                continue
            if not (item.kind == "dose" and item.on == self.review.outlook.target):
                basis = self.words.text(f"explain.basis__{item.window_basis}") if item.window_basis else ""
                policy = self.words.text("explain.item_window", basis=basis) if basis else ""
                what = self.words.text("explain.item", kind=self.words.text(f"kinds.{item.kind}"), text=item.text)
                yield Explained(
                    self._perhaps(what, first, last) if first != last else what,
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
                marker = check.item.marker or self.words.text("explain.check_review")
                yield Explained(
                    self.words.text("explain.check", marker=marker, state=check.state), str(day), self._facts(),
                    self._plan(), check.item.why, "", self.words.text("explain.check_window", date=date_words(check.through, self.words)),
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
                what = self.words.text("explain.entry", kind=node.kind, date=node.on)
                yield self._dated(node, what, "target")

    def _other_entries(self, name: str) -> Iterator[Explained]:
        """Entries that move no date: their place in the record is all there is to explain."""
        traced = {node.event for node in self.review.trace}
        for event in (*self.review.record.events, *self.review.record.withdrawn, *self.review.record.future):
            if event.id.startswith(name) and event.id not in traced and event.kind != "administration":
                on = event.month or str(event.on)
                what = self.words.text("explain.entry", kind=event.kind, date=on)
                yield Explained(what, on, (), "", self.words.text("explain.moves_nothing"), "", "", (), ())

    def _dose(self, evaluation: Evaluation) -> Explained:
        node = self.nodes.get(evaluation.event.id)
        credit = self.words.text(f"explain.credit__{evaluation.credit}") if evaluation.credit else ""
        timing = self.words.find("timings", evaluation.timing, "")
        key = "explain.dose_timed" if timing else "explain.dose"
        what = self.words.text(key, date=evaluation.on, credit=credit, timing=timing)
        if node is None:
            return Explained(what, evaluation.on, (), "", "", "", "", evaluation.reasons, ())
        told = Explained(
            what, evaluation.on, self._facts(), self._plan(node), self._rule(node), node.arithmetic(self.words), _window(node, self.words),
            evaluation.reasons, node.cites,
        )  # fmt: skip
        return self._either(told, node, self.early_nodes.get(evaluation.event.id))

    def _dated(self, node: Node, what: str, name: str) -> Explained:
        day = str(to_date(getattr(node.dates, name))) if node.dates else str(node.on)
        return Explained(
            what,
            day,
            self._facts(),
            self._plan(node),
            self._rule(node),
            node.arithmetic(self.words),
            _window(node, self.words),
            (),
            node.cites,
        )

    def _rule(self, node: Node) -> str:
        if node.row < 0:
            return ""
        phase = self.review.course.phases[node.row]
        published = f"{in_words(phase_name(node.phase), self.words)}: {in_words(spacing_of(phase.spacing_kind, phase.spacing), self.words)}"
        if node.changed and node.interval is not None:
            return self.words.text("explain.rule_changed", rule=published, every=every_words(node.interval, self.words))
        return published

    def _plan(self, node: Node | None = None) -> str:
        plan = node.plan if node is not None and node.plan is not None else self.review.plan
        if plan is None:
            return ""
        accepted = plan.accepted
        words, name = self.words, accepted.accepted_by
        choices = ", ".join(
            f"{key.replace('_', ' ')} {value.replace('-', ' ')}" for key, value in accepted.choices.items()
        )
        return words.text(
            "explain.plan",
            title=plan.protocol.title,
            version=accepted.version,
            start=accepted.start,
            accepted=words.text("explain.plan_accepted", name=name) if name else "",
            chosen=words.text("explain.plan_chosen", choices=choices) if choices else "",
        )

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
            return str(born) if born else self.words.text("explain.not_known")
        return self.facts.value(name) or self.words.text("explain.not_known")


def _days_on(node: Node, day: date) -> list[str]:
    if node.dates is None:
        return []
    return [name for name, number in node.dates._asdict().items() if to_date(number) == day]


def _window(node: Node, words: Words) -> str:
    """The window in days, whose it is, and which rule gives the day of review."""
    row, dates = node.window, node.dates
    if row is None or dates is None:
        return ""
    whose = "explain.window_assumed" if row.basis == "software_default" else "explain.window_local"
    return words.text(
        "explain.window",
        first=date_words(to_date(dates.bookable_from), words),
        last=date_words(to_date(dates.due_through), words),
        whose=words.text(whose),
        date=date_words(to_date(dates.review_from), words),
        rule=node.review_rule(words),
    )


def event_exists(review: Review, name: str) -> bool:
    record = review.record
    ids = [event.id for event in (*record.events, *record.withdrawn, *record.future)]
    return any(each.startswith(name) for each in (*ids, *(node.event for node in review.trace)))
