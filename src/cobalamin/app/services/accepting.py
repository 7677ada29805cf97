"""`accept`: write a plan into the case file, after the gate that every plan passes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services.confirming import Asked, Confirmed, refuse_doubts
from cobalamin.app.services.files import save_made
from cobalamin.app.services.planning import PlanOptions, find_product, plan_for, policy_tree
from cobalamin.app.services.recording import entries_in, with_entries
from cobalamin.app.services.shipped import library
from cobalamin.casefile.reader import plan_block, read_case, with_plan
from cobalamin.errors import InputError, Refused
from cobalamin.knowledge.document import Tree, read_document, read_text
from cobalamin.knowledge.words import Words
from cobalamin.records import replace
from cobalamin.text.messages import in_words, joined
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event, Patient
from cobalamin.therapy.case.criteria import fact_words
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK, Issue
from cobalamin.therapy.case.record import PLAN_ID, plan_on
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.regimen.running import CODE
from cobalamin.therapy.review.doubts import Doubt

AHEAD = "START_AHEAD"
A_FORTNIGHT, A_YEAR = 14, 366  # days: how far back a first dose may lie without a word, and how far ahead


class WrittenPlan(Struct, frozen=True):
    """The file with a plan: its text, the case it reads as, and the id of the plan; `event`: a plan that stands in the record."""

    text: str
    case: Case
    id: str
    event: Event | None = None


def accept_plan(
    path: Path, options: PlanOptions, by: str, acknowledged: dict[str, str], on: date,
    before_saving: Callable[[], object] = lambda: None, confirmed: Confirmed = False,
) -> Plan:  # fmt: skip
    """Write the plan into the case file, with who accepted it and what was acknowledged.

    Raises Refused where an issue blocks or was not acknowledged, Unconfirmed where the first day looks wrong, and what
    `before_saving` raises; nothing is written then.
    """
    refuse_nobody(by)
    shipped = library()
    path = path.resolve()

    def made(content: bytes) -> tuple[str, Plan]:
        """The text of the file with the plan; "" where something is left open."""
        text = read_text(content, str(path))
        case = read_case(content, str(path), shipped)
        refuse_second_plan(case, on, path)
        plan = plan_for(case, replace(options, anew=CODE in acknowledged), on)
        if plan.needs:
            return "", plan
        refuse_at_the_gate(plan, acknowledged)
        accepted = accepted_plan(plan, options, by, acknowledged, on)
        written = written_plan(case, text, accepted, policy_tree(options.policy), path)
        refuse_other_meaning(written.text, written.case, path)
        events, head = ((written.event,), None) if written.event else ((), accepted)
        # A plan is often written down after its first day, so that one is remarked on and not asked about.
        doubts = tuple(each for each in start_doubts(case, plan.start, on) if each.code == AHEAD)
        refuse_doubts(Asked(doubts, case, events, shipped, on, head), confirmed)
        return written.text, plan

    return save_made(path, made, before_saving)


def start_doubts(case: Case, start: date, on: date) -> tuple[Doubt, ...]:
    """Whether a plan begins so far from today that the year may be a slip, or that treatment may run already (hazard H129)."""
    told = any(event.kind in ("administration", "history") for event in case.record)
    past = (on - start).days
    if -past > A_YEAR:
        return (Doubt(AHEAD, {"start": start}),)
    return (Doubt("START_PAST", {"start": start, "number": past}),) if past > A_FORTNIGHT and not told else ()


def refuse_nobody(by: str) -> None:
    if not by.strip():
        raise InputError.one("--by", "", "must name who accepts the plan")


def refuse_second_plan(case: Case, on: date, path: Path) -> None:
    """A plan that stands is kept; one that was taken back makes room for another."""
    plan = plan_on(case, on)
    if plan is not None:
        message = f"the case already has a plan ({plan.protocol} from {plan.start}); keep it, or take it back first: cobalamin undo CASE --id {PLAN_ID}"
        raise InputError.one(str(path), "plan", message)


def refuse_at_the_gate(plan: Plan, acknowledged: dict[str, str]) -> None:
    """Raise NotAccepted where there is nothing to give, an issue blocks, or one was not acknowledged."""
    _refuse_nothing_to_give(plan)
    refuse_unacknowledged(plan, acknowledged)


def accepted_plan(plan: Plan, options: PlanOptions, by: str, acknowledged: dict[str, str], on: date) -> AcceptedPlan:
    return AcceptedPlan(
        protocol=plan.protocol.id,
        version=plan.protocol.version,
        start=plan.start,
        choices=dict(sorted(plan.choices.items())),
        product=find_product(options.product).id if options.product else "",
        policy=plan.policy.name,
        accepted_by=by,
        accepted_on=on,
        acknowledged=acknowledged,
        calendar=options.calendar,
        local_policy=plan.policy if options.policy else None,
    )


def written_plan(case: Case, text: str, plan: AcceptedPlan, local: Tree, path: Path) -> WrittenPlan:
    """The text of the file with the plan in its head; in its record where the head holds one that was taken back.

    Raises InputError for a local policy in the record, which can't keep one.
    """
    if case.plan is None:
        after = case.record[-1].id if case.record else ""
        new_text = _json_with_plan(text, plan, local, after) or with_plan(text, plan, local, after)
        return WrittenPlan(new_text, replace(case, plan=plan), PLAN_ID)
    if plan.calendar:
        message = "a later plan can't keep opening days of its own; leave --open, --holidays and --closed out"
        raise InputError.one("--open", "", message)
    if local:
        message = "a later plan can't keep a local policy of its own; leave --policy out and name it with each command"
        raise InputError.one("--policy", "", message)
    entries, recorded = entries_in(case, [_plan_entry(plan)], plan.accepted_on or plan.start, library())
    return WrittenPlan(with_entries(text, entries, str(path)), recorded.after, recorded.event.id, recorded.event)


def _plan_entry(plan: AcceptedPlan) -> dict[str, Tree]:
    """A later plan as an entry; it is in force from its start where that lies before the day of accepting."""
    entry: dict[str, Tree] = {
        "date": min(plan.start, plan.accepted_on or plan.start).isoformat(), "kind": "plan", "protocol": plan.protocol,
        "version": str(plan.version), "start": plan.start.isoformat(),
    }  # fmt: skip
    entry |= {"choices": plan.choices} if plan.choices else {}
    entry |= {"product": plan.product} if plan.product else {}
    entry |= {"policy": plan.policy, "accepted_by": plan.accepted_by}
    return entry | ({"acknowledged": plan.acknowledged} if plan.acknowledged else {})


def _refuse_nothing_to_give(plan: Plan) -> None:
    """A plan whose source names no substance or no dose can be read, not given."""
    for phase in plan.phases:
        lacking = [name for name, value in (("substance", phase.substance), ("dose", phase.dose)) if not value]
        if lacking:
            message = f"the source states no {' and no '.join(lacking)} for {phase.phase.name}, so there is nothing to give; choose another protocol"
            raise NotAccepted(f"{plan.protocol.id}: {message}", plan)


class NotAccepted(Refused):
    """A plan that was understood and not accepted; nothing was written."""

    def __init__(self, message: str, plan: Plan) -> None:
        super().__init__(message)
        self.plan = plan


def refuse_unacknowledged(plan: Plan, acknowledged: dict[str, str]) -> None:
    """Raise NotAccepted unless nothing blocks and every issue to acknowledge was, with a reason; also what is only listed."""
    issues = plan.issues
    blocks = [issue for issue in issues if issue.severity == BLOCK]
    if blocks:
        said = [in_words(joined(issue.text, issue.action), plan.library.own_words) for issue in blocks]
        lines = [f"This plan is blocked: {text} ({issue.code})" for text, issue in zip(said, blocks, strict=True)]
        raise NotAccepted("\n".join(lines), plan)
    unknown = sorted(set(acknowledged) - {issue.code for issue in issues})
    if unknown:
        raised = ", ".join(issue.code for issue in issues) or "none"
        raise InputError.one(
            "--acknowledge", ", ".join(unknown), f"this plan does not raise it; its issues are {raised}"
        )
    open_issues = [issue for issue in issues if issue.severity == ACKNOWLEDGE and not acknowledged.get(issue.code)]
    if open_issues:
        words = plan.library.own_words
        lines = [
            f"{in_words(issue.text, words)} Next: {_next(issue, words).rstrip('.')}, or --acknowledge {issue.code}='your reason'"
            for issue in open_issues
        ]
        raise NotAccepted("not accepted; these must be acknowledged first:\n" + "\n".join(lines), plan)


def _next(issue: Issue, words: Words) -> str:
    if not issue.ask:
        return in_words(issue.action, words)
    return f"ask for {', '.join(map(fact_words, issue.ask))} and write it into the case file"


def _json_with_plan(text: str, plan: AcceptedPlan, local_policy: Tree, after: str) -> str | None:
    """The case with its plan as JSON; None where the text is YAML."""
    try:
        tree = json.loads(text)
    except ValueError:
        return None
    tree["plan"] = read_document(plan_block(plan, local_policy, after), "plan").tree["plan"]
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def refuse_other_meaning(text: str, wanted: Case, path: Path) -> None:
    """The file must read back as exactly this case; otherwise nothing is written."""
    try:
        after = read_case(text, str(path), library())
    except InputError:
        after = Case(Patient(""))
    if after != wanted:
        message = "this form of file can't be added to line by line; nothing was written. Put each key on its own line"
        raise InputError.one(str(path), "plan", message)
