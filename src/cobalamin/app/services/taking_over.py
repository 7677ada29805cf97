"""`take-over`: a treatment that already runs. Plan, history and previous treatment in one write, after the gate of `accept`.

The plan starts with the last dose, so nothing of loading is scheduled. An interval that the source does not state is the
person's own: it stands in the history with who decided it, and no source stands behind it (promise 14).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from cobalamin.app.services.accepting import (
    accepted_plan,
    refuse_at_the_gate,
    refuse_nobody,
    refuse_other_meaning,
    refuse_second_plan,
    written_plan,
)
from cobalamin.app.services.confirming import Asked, Confirmed, refuse_doubts
from cobalamin.app.services.files import save_made
from cobalamin.app.services.planning import PlanOptions, plan_for, policy_tree
from cobalamin.app.services.recording import Recorded, entries_in, with_entries
from cobalamin.app.services.reviewing import Entered, entered_of
from cobalamin.app.services.setting import fact_entry
from cobalamin.app.services.shipped import library
from cobalamin.casefile.reader import read_case
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree, read_text
from cobalamin.knowledge.model import Phase, Protocol, Spacing
from cobalamin.records import replace
from cobalamin.spans import Span, SpanRefused, read_date, read_typed_span
from cobalamin.therapy.case.case import AcceptedPlan, Case, Fact
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.logic import FALSE
from cobalamin.therapy.case.record import month_ends
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.regimen.choices import SettledPhase, settle
from cobalamin.therapy.review.doubts import Doubt
from cobalamin.therapy.review.improbable import improbable
from cobalamin.therapy.safety.treated import earlier_of

UNKNOWN = "unknown"
FIRST_DOSES = "loading"  # people's word for the phases before the last


class Running(Struct, frozen=True):
    """What is told of a treatment that runs. `last_dose`: a day, a month or `unknown`; what is not told is empty."""

    protocol: str
    last_dose: str
    by: str
    interval: str = ""
    phase: str = ""
    doses: str = ""
    choices: dict[str, str] | None = None
    product: str = ""
    policy: Path | None = None
    calendar: dict[str, Any] = field(default_factory=dict)  # the clinic's open days, as they stand in a plan


class TakenOver(Struct, frozen=True):
    """What was written; with `plan.needs` nothing was. `assumed`: choices that nobody made."""

    plan: Plan
    accepted: AcceptedPlan | None = None
    entered: Entered | None = None
    assumed: tuple[str, ...] = ()


def take_over(
    path: Path, told: Running, acknowledged: dict[str, str], on: date, confirmed: Confirmed = False,
    before_saving: Callable[[], object] = lambda: None,
) -> TakenOver:  # fmt: skip
    """Write plan, history and previous treatment. Raises InputError, NotAccepted, and Unconfirmed where something is a question first; then nothing is written."""
    refuse_nobody(told.by)
    shipped = library()
    path = path.resolve()

    def made(content: bytes) -> tuple[str, TakenOver]:
        """The text of the file with all of it; "" where something is left open."""
        text = read_text(content, str(path))
        case = read_case(content, str(path), shipped)
        refuse_second_plan(case, on, path)
        taking = _Taking(case, told, on)
        plan = taking.plan()
        if plan.needs:
            return "", TakenOver(plan)
        refuse_at_the_gate(plan, acknowledged)
        accepted = accepted_plan(plan, taking.options, told.by, acknowledged, on)
        written = written_plan(case, text, accepted, policy_tree(told.policy), path)
        entries, recorded = entries_in(written.case, taking.trees(), on, shipped, beside=written.id)
        new_text = with_entries(written.text, entries, str(path))
        refuse_other_meaning(new_text, recorded.after, path)
        others = recorded.events if written.event else recorded.others
        whole = Recorded(case, recorded.after, written.event or recorded.event, recorded.repeated, others)
        entered = entered_of(whole, on, told.policy)
        head = None if written.event else accepted
        doubts = (*taking.doubts(plan, entered), *_improbable(written.case, recorded, on))
        past = refuse_doubts(Asked(doubts, case, whole.events, shipped, on, head), confirmed)
        return new_text, TakenOver(plan, accepted, replace(entered, past=past), taking.assumed)

    return save_made(path, made, before_saving)


def would_take_over(case: Case, told: Running, on: date) -> Plan:
    """The plan as it would be written, with what it leaves open and what must be acknowledged. Raises InputError."""
    return _Taking(case, told, on).plan()


def is_treated(case: Case, on: date) -> bool:
    """Whether earlier treatment is told of, which can be gone on with; what works too little is not gone on with."""
    earlier = earlier_of(library(), case, facts_of(case, on))
    return earlier.is_known and not earlier.failing


def begins_anew(case: Case, protocol: str, on: date) -> bool:
    """Whether a plan of this protocol begins anew for somebody who is treated: no history tells from where it goes on."""
    content = library().content(library().protocol(protocol))
    return earlier_of(library(), case, facts_of(case, on)).told_for(content) is None


def _improbable(case: Case, recorded: Recorded, on: date) -> list[Doubt]:
    return [doubt for event in recorded.events for doubt in improbable(library(), case, event, on)]


class _Taking:
    """One treatment that is taken over: where it stands in the protocol, and whose its interval is."""

    def __init__(self, case: Case, told: Running, on: date) -> None:
        self.case, self.told, self.on = case, told, on
        self.protocol = library().protocol(told.protocol)
        self.content: Protocol = library().content(self.protocol)
        self.phases = self._phases()
        self.phase = self._phase()
        self.treated = "maintenance" if self.phase is self.phases[-1] else FIRST_DOSES
        facts = (*case.facts, Fact("previous_treatment", self.treated, on))
        self.as_told = replace(
            case, facts=tuple(fact for fact in facts if fact.name != "previous_treatment") + facts[-1:]
        )
        self.choices, self.own, self.assumed = self._interval()
        self.options = PlanOptions(
            told.protocol,
            self._start(),
            self.choices,
            told.product,
            told.policy,
            taken_over=True,
            calendar=told.calendar,
        )

    def plan(self) -> Plan:
        return plan_for(self.as_told, self.options, self.on)

    def _phases(self) -> tuple[Phase, ...]:
        """The phases that may belong to this person."""
        if not self.content.phases:
            raise InputError.one("--protocol", self.told.protocol, "is guidance without a schedule; name a protocol")
        facts = facts_of(self.case, self.on)
        return tuple(each for each in self.content.phases if evaluate(each.only_if, facts) is not FALSE)

    def _phase(self) -> Phase:
        """The phase that was named; without one the last, in which treatment goes on."""
        phases, name = self.phases, self.told.phase
        if not name:
            return phases[-1]
        stem = name.removesuffix("ing")
        found = [phase for phase in phases if name == phase.name] or [
            phase for phase in phases if phase.name.split("-")[0] == stem
        ]
        if not found:
            names = ", ".join(phase.name for phase in phases)
            raise InputError.one("--phase", name, f"is no phase of {self.told.protocol}; its phases are {names}")
        return found[0]

    def _start(self) -> date:
        """The last dose; of a month its first day, so that no dose of it lies before the plan; without one, today."""
        last, born = self.told.last_dose, self.case.patient.birth_date
        if last == UNKNOWN:
            return self.on
        try:
            day = read_date(last if last.count("-") == 2 else f"{last}-01")
        except SpanRefused:
            message = f"'{last}' must be a day such as 2026-01-31, a month such as 2026-01, or unknown"
            raise InputError.one("--last-dose", "", message) from None
        if day > self.on:
            raise InputError.one("--last-dose", "", f"{last} has not come yet: today is {self.on}")
        return max(day, born) if born and last.count("-") == 1 and born <= month_ends(last)[1] else day

    # -- whose the interval is ---------------------------------------------------------------------------------------

    def _interval(self) -> tuple[dict[str, str], Span | None, tuple[str, ...]]:
        """The choices, the person's own interval where the source does not state it, and the choices that nobody made."""
        choices = dict(self.told.choices or {})
        if not self.told.interval:
            return choices, None, ()
        span = self._span(self.told.interval)
        rule, key = self._spacing(choices), f"{self.phase.name.replace('-', '_')}_interval"
        if rule.kind not in ("interval", "at_least") or rule.fixed:
            return choices, None if rule.fixed and span == rule.least else span, ()
        if key in choices:
            return choices, None if self._span(choices[key]) == span else span, ()
        if self._is_published(choices, key):
            return {**choices, key: self.told.interval}, None, ()
        return {**choices, key: str(_nearest(span, rule))}, span, (key,)

    def _span(self, text: str) -> Span:
        try:
            span = read_typed_span(text)
        except SpanRefused as error:
            raise InputError.one("--interval", "", str(error)) from None
        if not span.in_range:
            raise InputError.one("--interval", "", f"'{text}' is not from 1 d to 10 a, for example 8 wk or 3 mo")
        return span

    def _spacing(self, choices: dict[str, str]) -> Spacing:
        chosen = choices.get(f"{self.phase.name.replace('-', '_')}_option", "")
        option = next((each for each in self.phase.options if each.option == chosen), self.phase)
        return option.spacing

    def _is_published(self, choices: dict[str, str], key: str) -> bool:
        """Whether the interval lies in the range that the source states."""
        facts = facts_of(self.as_told, self.on)
        try:
            settle(self.content, {**choices, key: self.told.interval}, facts)
        except InputError as error:
            if all(fault.path == key for fault in error.faults):
                return False
            raise
        return True

    # -- what is written ---------------------------------------------------------------------------------------------

    def trees(self) -> list[dict[str, Tree]]:
        history: dict[str, Tree] = {
            "date": self.on.isoformat(), "kind": "history", "phase": self.phase.name, "last_dose": self.told.last_dose,
        }  # fmt: skip
        history |= {"doses": self.told.doses} if self.told.doses else {}
        history |= {"interval": str(self.own)} if self.own else {}
        history["asserted_by"] = self.told.by
        found = [history]
        known = facts_of(self.case, self.on).value("previous_treatment")
        if known != self.treated:
            found.append(fact_entry(self.case, "previous_treatment", self.treated, self.on))
        return found

    # -- what is a question first ------------------------------------------------------------------------------------

    def doubts(self, plan: Plan, entered: Entered) -> list[Doubt]:
        found = []
        seen = entered.after.outlook
        if seen.timeliness == "review_needed" and seen.target is not None:
            found.append(Doubt("LAST_DOSE_LONG_AGO", {"last": _told_day(self.told.last_dose), "due": seen.target}))
        settled = next((each for each in plan.phases if each.phase.name == self.phase.name), None)
        found += self._later_dose(entered)
        if self.treated == FIRST_DOSES and settled is not None:
            found += self._unfinished(settled, entered)
        return found

    def _later_dose(self, entered: Entered) -> list[Doubt]:
        """A dose of the record after the one that is called the last."""
        last = self.told.last_dose
        through = None if last == UNKNOWN else read_date(last) if last.count("-") == 2 else month_ends(last)[1]
        days = [event.on for event in entered.before.record.events if event.kind == "administration" and event.on]
        later = max(days, default=None)
        if through is None or later is None or later <= through:
            return []
        return [Doubt("LATER_DOSE_RECORDED", {"last": _told_day(last), "day": later})]

    def _unfinished(self, settled: SettledPhase, entered: Entered) -> list[Doubt]:
        """A phase of a stated number of doses that had not been given when it was last seen."""
        course = entered.after.course
        row = course.plan.row(self.phase.name) if course.plan else None
        count = course.rungs[row].end_number if row is not None and settled.end_by in ("doses", "duration") else None
        given = int(self.told.doses) if self.told.doses.isdigit() else None
        if count is None or (given is not None and given >= count):
            return []
        return [Doubt("LOADING_UNFINISHED", {"phase": self.phase.name, "number": given, "count": count})]


def _told_day(last: str) -> object:
    return read_date(last) if last.count("-") == 2 else last


def _nearest(span: Span, rule: Spacing) -> object:
    """The end of the source's range that is nearest to an interval outside it."""
    least, most = rule.least, rule.most
    if isinstance(least, Span) and (most is None or span.day_bounds[0] < least.day_bounds[0]):
        return least
    return most if most is not None else least
