"""`propose` and `plan`: what may be offered, and the dated schedule of one protocol."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from cobalamin.app.services import shipped
from cobalamin.app.services.files import read_bytes
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy, Product
from cobalamin.knowledge.policies import read_policy
from cobalamin.knowledge.reading import nearest_few
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.record import with_standing_plan
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import Plan, make_plan
from cobalamin.therapy.proposal.proposal import Proposal, propose
from cobalamin.therapy.review.product_given import product_of, products_named, products_near


def propose_for(case: Case, on: date, library: Library | None = None) -> Proposal:
    """What may be offered to a person, as known on a day, by the shipped library or another."""
    return propose(library or shipped.library(), case, on)


class PlanOptions(Struct, frozen=True):
    """What `plan` and `accept` take beside the case."""

    protocol: str
    start: date
    choices: dict[str, str]
    product: str = ""
    policy: Path | None = None
    months: int = 12
    anew: bool = False  # a reason was given for a new loading
    taken_over: bool = False  # its history is written with the plan
    calendar: dict[str, Any] = field(default_factory=dict)  # opening days, as they stand in a plan


def plan_for(
    case: Case, options: PlanOptions, on: date, library: Library | None = None, policy: Policy | None = None
) -> Plan:
    """The dated schedule of a protocol of the shipped library or another; `policy`: one that was read. Raises InputError."""
    library, case = library or shipped.library(), with_standing_plan(case, on)
    request = Request(
        protocol=library.protocol(options.protocol),
        start=options.start,
        choices=_choices(library, case, options),
        policy=policy or policy_from(options.policy, library),
        product=find_product(options.product, library) if options.product else None,
        months=options.months,
        anew=options.anew,
        taken_over=options.taken_over,
    )
    return make_plan(library, case, request, on)


def _choices(library: Library, case: Case, options: PlanOptions) -> dict[str, str]:
    """Choices already accepted for the same version of the protocol, overlaid by those of the command."""
    newest = library.protocol(options.protocol).version
    same = case.plan is not None and (case.plan.protocol, case.plan.version) == (options.protocol, newest)
    accepted = case.plan.choices if case.plan and same else {}
    return {**accepted, **options.choices}


def policy_tree(path: Path | None) -> Tree:
    """The content of a local policy, as it is kept with the plan; None without one."""
    return read_document(read_bytes(path), str(path)).tree if path else None


def policy_from(local: Path | Policy | None, library: Library | None = None) -> Policy:
    """The policy of the library, or a local one: from a file, laid over it, or as it was read. Raises InputError."""
    if isinstance(local, Policy):
        return local
    usual = (library or shipped.library()).default_policy
    return usual if local is None else read_policy(read_document(read_bytes(local), str(local)), usual)


def find_product(told: str, library: Library | None = None) -> Product:
    """A product of the library by its id, its name or its brand. Raises InputError with those that are meant or near."""
    library = library or shipped.library()
    found = product_of(library, told)
    if found is not None:
        return found
    several = products_named(library, told)
    if several:
        message = f"{len(several)} products have this name; give the id of one: {_listed(several)}"
    else:
        near = _listed(products_near(library, told))
        near = f"near are {near}" if near else f"known are {nearest_few(library.products, told)}"
        message = f"there is no such product, and no record states it as a brand; {near}"
    raise InputError.one("product", told, message)


def _listed(products: tuple[Product, ...]) -> str:
    return ", ".join(f"{product.id} ({product.name})" for product in products)
