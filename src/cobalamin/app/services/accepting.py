"""`accept`: write a plan into the case file."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

from cobalamin.app.services.files import edited
from cobalamin.app.services.planning import PlanOptions, plan_for, policy_tree
from cobalamin.app.services.shipped import library
from cobalamin.casefile.reader import plan_block, read_case, with_plan
from cobalamin.errors import InputError, Refused
from cobalamin.knowledge.document import Tree, read_document, read_text
from cobalamin.therapy.case.case import AcceptedPlan, Case, Patient
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK, Issue
from cobalamin.therapy.plan.plan import Plan


def accept_plan(
    path: Path, options: PlanOptions, by: str, acknowledged: dict[str, str], on: date,
    before_saving: Callable[[], object] = lambda: None,
) -> Plan:  # fmt: skip
    """Write the plan into the case file, with who accepted it and what was acknowledged.

    Raises Refused where an issue blocks or was not acknowledged, and what `before_saving` raises; nothing is written then.
    """
    if not by.strip():
        raise InputError.one("--by", "", "must name who accepts the plan")
    shipped = library()  # read before the file is locked: others wait for it
    path = path.resolve()
    with edited(path) as file:
        text = read_text(file.content, str(path))
        case = read_case(file.content, str(path), shipped)
        if case.plan is not None:
            raise InputError.one(
                str(path),
                "plan",
                f"the case already has a plan ({case.plan.protocol} from {case.plan.start}); keep it, or remove it by hand",
            )
        plan = plan_for(case, options, on)
        if plan.needs:
            return plan
        _refuse_nothing_to_give(plan)
        refuse_unacknowledged(plan, acknowledged)
        accepted = _accepted(plan, options, by, acknowledged, on)
        local = policy_tree(options.policy)
        new_text = _json_with_plan(text, accepted, local) or with_plan(text, accepted, local)
        _refuse_other_meaning(case, new_text, accepted, path)
        before_saving()
        file.save(new_text)
    return plan


def _accepted(plan: Plan, options: PlanOptions, by: str, acknowledged: dict[str, str], on: date) -> AcceptedPlan:
    return AcceptedPlan(
        protocol=plan.protocol.id,
        version=plan.protocol.version,
        start=plan.start,
        choices=dict(sorted(plan.choices.items())),
        product=options.product,
        policy=plan.policy.name,
        accepted_by=by,
        accepted_on=on,
        acknowledged=acknowledged,
        calendar={},
        local_policy=plan.policy if options.policy else None,
    )


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
        lines = [f"This plan is blocked: {issue.text} {issue.action} ({issue.code})" for issue in blocks]
        raise NotAccepted("\n".join(lines), plan)
    unknown = sorted(set(acknowledged) - {issue.code for issue in issues})
    if unknown:
        raised = ", ".join(issue.code for issue in issues) or "none"
        raise InputError.one(
            "--acknowledge", ", ".join(unknown), f"this plan does not raise it; its issues are {raised}"
        )
    open_issues = [issue for issue in issues if issue.severity == ACKNOWLEDGE and not acknowledged.get(issue.code)]
    if open_issues:
        lines = [
            f"{issue.text} Next: {_next(issue)}, or --acknowledge {issue.code}='your reason'" for issue in open_issues
        ]
        raise NotAccepted("not accepted; these must be acknowledged first:\n" + "\n".join(lines), plan)


def _next(issue: Issue) -> str:
    return f"ask for {', '.join(issue.ask)} and write it into the case file" if issue.ask else issue.action


def _json_with_plan(text: str, plan: AcceptedPlan, local_policy: Tree) -> str | None:
    """The case with its plan as JSON; None where the text is YAML."""
    try:
        tree = json.loads(text)
    except ValueError:
        return None
    tree["plan"] = read_document(plan_block(plan, local_policy), "plan").tree["plan"]
    return json.dumps(tree, indent=2, ensure_ascii=False) + "\n"


def _refuse_other_meaning(before: Case, text: str, plan: AcceptedPlan, path: Path) -> None:
    """The file must read back as the same case with this plan; otherwise nothing is written."""
    try:
        after = read_case(text, str(path), library())
    except InputError:
        after = Case(Patient(""))
    if replace(after, plan=None) != replace(before, plan=None) or after.plan != plan:
        message = "this form of file can't be added to line by line; nothing was written. Put each key on its own line"
        raise InputError.one(str(path), "plan", message)
