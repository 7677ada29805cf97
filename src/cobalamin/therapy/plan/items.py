"""The lines of a plan and the request for one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.knowledge.model import Citations, Policy, Product, Protocol
from cobalamin.text.messages import Text


class Item(Struct, frozen=True):
    """One line of a plan (contract, section 4). What does not apply is None or empty."""

    kind: str  # dose | course | check | review | decision
    on: date | None
    text: Text
    plain: Text
    why: Text
    cites: Citations
    basis: str
    determinacy: str
    phase: str = ""
    number: int = 0
    on_range: tuple[date, date] | None = None  # where a dose known by its month leaves two readings; `on` is the later
    until: date | None = None
    bookable_from: date | None = None
    due_through: date | None = None
    overdue_from: date | None = None
    review_from: date | None = None
    substance: str = ""
    dose: Mass | None = None
    route: str = ""
    volume_ml: Decimal | None = None
    marker: str = ""
    window_basis: str = ""
    policy: str = ""
    after: str = ""
    offset: str = ""
    own_interval: bool = False  # the day rests on an interval that a decision or a history set for this person
    conditional: bool = False  # whether it is asked for depends on a fact that is not known

    @property
    def uncited(self) -> str:
        """What stands where a source would: whose word a line without one is."""
        return "own_interval" if self.own_interval else "this_program"


class Request(Struct, frozen=True):
    """What is to be planned: a pinned protocol, the start, choices, product, policy and horizon."""

    protocol: Protocol
    start: date
    choices: dict[str, str]
    policy: Policy
    product: Product | None = None
    months: int = 12
    anew: bool = False  # a reason was given for a new loading of somebody who was treated before
    taken_over: bool = False  # the treatment runs; its history is written with the plan
