"""One function for each use case, shared by every door. Here files and the shipped library meet the pure rooms."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from cobalamin.amounts import AmountRefused, Mass, Strength, containers_for, read_mass, read_strength, volume_for
from cobalamin.app.files import locked, read_bytes, save_text
from cobalamin.errors import InputError, Refused
from cobalamin.exchange.casefile import new_case_text, plan_block, read_case, with_plan
from cobalamin.knowledge.document import Tree, read_document, read_text
from cobalamin.knowledge.library import Library, compiled
from cobalamin.knowledge.model import Policy, Product
from cobalamin.knowledge.policies import read_policy
from cobalamin.knowledge.words import Words
from cobalamin.therapy.case import AcceptedPlan, Case, Patient
from cobalamin.therapy.issues import ACKNOWLEDGE, BLOCK, Issue
from cobalamin.therapy.items import Request
from cobalamin.therapy.plan import Plan, make_plan
from cobalamin.therapy.product_checks import product_issues
from cobalamin.therapy.proposal import Proposal, propose


@cache
def library() -> Library:
    """The shipped library, read once."""
    return compiled()


def words_in(language: str) -> Words:
    """The words of a language. Raises InputError naming those there are."""
    known = library().languages
    if language not in known:
        raise InputError.one("--lang", "", f"there are no words in '{language}'; known are {', '.join(known)}")
    return library().words(language)


def open_case(path: Path) -> Case:
    """The case in a file. Raises InputError with every fault."""
    return read_case(read_bytes(path), str(path), library())


def propose_case(path: Path, on: date) -> Proposal:
    return propose(library(), open_case(path), on)


@dataclass(frozen=True)
class PlanOptions:
    """What `plan` and `accept` take beside the case."""

    protocol: str
    start: date
    choices: dict[str, str]
    product: str = ""
    policy: Path | None = None
    months: int = 12


def plan_case(path: Path, options: PlanOptions, on: date) -> Plan:
    """The dated schedule of a protocol for the case. Raises InputError."""
    return plan_for(open_case(path), options, on)


def plan_for(case: Case, options: PlanOptions, on: date) -> Plan:
    request = Request(
        protocol=library().protocol(options.protocol),
        start=options.start,
        choices=_choices(case, options),
        policy=policy_from(options.policy),
        product=find_product(options.product) if options.product else None,
        months=options.months,
    )
    return make_plan(library(), case, request, on)


def _choices(case: Case, options: PlanOptions) -> dict[str, str]:
    """Choices already accepted for the same protocol, overlaid by those of the command."""
    accepted = case.plan.choices if case.plan and case.plan.protocol == options.protocol else {}
    return {**accepted, **options.choices}


def policy_tree(path: Path | None) -> Tree:
    """The content of a local policy, as it is kept with the plan; None without one."""
    return read_document(read_bytes(path), str(path)).tree if path else None


def policy_from(path: Path | None) -> Policy:
    """The shipped policy, or a local one laid over it. Raises InputError."""
    if path is None:
        return library().default_policy
    return read_policy(read_document(read_bytes(path), str(path)), library().default_policy)


def find_product(product_id: str) -> Product:
    """A product of the library. Raises InputError naming those there are."""
    found = library().products.get(product_id)
    if found is None:
        raise InputError.one(
            "product", product_id, f"there is no such product; known are {', '.join(library().products)}"
        )
    return found


# -- accept ----------------------------------------------------------------------------------------------------------


def accept_plan(path: Path, options: PlanOptions, by: str, acknowledged: dict[str, str], on: date) -> Plan:
    """Write the plan into the case file, with who accepted it and what was acknowledged.

    Raises Refused where an issue blocks or was not acknowledged; nothing is written then.
    """
    if not by.strip():
        raise InputError.one("--by", "", "must name who accepts the plan")
    path = path.resolve()
    with locked(path):
        content = read_bytes(path)
        text = read_text(content, str(path))
        mark = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
        case = read_case(content, str(path), library())
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
        save_text(path, mark + new_text)
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
    """Raise NotAccepted unless nothing blocks and every interrupting issue was acknowledged with a reason."""
    issues = plan.issues
    blocks = [issue for issue in issues if issue.severity == BLOCK]
    if blocks:
        lines = [f"{issue.code} blocks this plan: {issue.text} {issue.action}" for issue in blocks]
        raise NotAccepted("\n".join(lines), plan)
    unknown = sorted(set(acknowledged) - {issue.code for issue in issues})
    if unknown:
        raised = ", ".join(issue.code for issue in issues) or "none"
        raise InputError.one(
            "--acknowledge", ", ".join(unknown), f"this plan does not raise it; its issues are {raised}"
        )
    open_issues = [
        issue
        for issue in issues
        if issue.severity == ACKNOWLEDGE and issue.interrupts and not acknowledged.get(issue.code)
    ]
    if open_issues:
        lines = [
            f"{issue.code}: {issue.text} Next: {_next(issue)}, or --acknowledge {issue.code}='your reason'"
            for issue in open_issues
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


# -- new, dose -------------------------------------------------------------------------------------------------------


def new_case(path: Path, patient: Patient) -> None:
    """Write an annotated case file. Raises InputError where the file already exists."""
    text = new_case_text(library(), patient)
    read_case(text, str(path), library())
    write_new(path, text)


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet; an existing one is never overwritten."""
    with locked(path):
        if path.exists():
            raise InputError.one(str(path), "", "the file already exists and is not overwritten; choose another name")
        save_text(path, text)


@dataclass(frozen=True)
class Volume:
    """What to draw up for a dose: volume, and how many whole containers it is where their content is known."""

    dose: Mass
    strength: Strength | None
    volume_ml: Decimal | None
    product: Product | None
    containers: tuple[Decimal, bool] | None  # how many, and whether exactly that many
    issues: tuple[Issue, ...]


def dose_volume(dose_text: str, product_id: str = "", strength_text: str = "", country: str = "") -> Volume:
    """Volume and containers for a dose. Raises InputError for what can't be read, and for a product without a volume."""
    try:
        dose = read_mass(dose_text)
        strength = read_strength(strength_text) if strength_text else None
    except AmountRefused as error:
        raise InputError.one("dose", "", str(error)) from None
    product = find_product(product_id) if product_id else None
    strength = strength or (product.strength if product else None)
    issues = tuple(product_issues(library(), product, dose, country))
    if product is not None and not product.replacement:
        return Volume(dose, None, None, product, None, issues)
    if strength is None and product is not None and product.amount is not None:
        return Volume(dose, None, None, product, containers_for(dose, product.amount), issues)
    if strength is None:
        raise InputError.one(
            "product",
            product_id,
            "its strength per mL is not known; give --strength as on the label, for example 1000 mcg/mL",
        )
    containers = containers_for(dose, product.amount) if product and product.amount else None
    return Volume(dose, strength, volume_for(dose, strength), product, containers, issues)
