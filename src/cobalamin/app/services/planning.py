"""`propose` and `plan`: what may be offered, and the dated schedule of one protocol."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cobalamin.app.services.cases import open_case
from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.shipped import library
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree, read_document
from cobalamin.knowledge.model import Policy, Product
from cobalamin.knowledge.policies import read_policy
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from cobalamin.therapy.proposal.proposal import Proposal, propose


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
    """Choices already accepted for the same version of the protocol, overlaid by those of the command."""
    newest = library().protocol(options.protocol).version
    same = case.plan is not None and (case.plan.protocol, case.plan.version) == (options.protocol, newest)
    accepted = case.plan.choices if case.plan and same else {}
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
