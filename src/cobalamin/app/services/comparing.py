"""The use cases that set protocols and facts side by side: `compare` and `whatif`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct, field

from cobalamin.app.services import planning, shipped
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.spans import Span
from cobalamin.therapy.case.case import Case, Patient
from cobalamin.therapy.case.record import with_standing_plan
from cobalamin.therapy.comparison.comparison import FIRST_DAYS, YEAR, Asked, Comparison, compare
from cobalamin.therapy.whatif.whatif import WhatIf, what_if

ONE_YEAR, TWO_YEARS = YEAR, Span(2, "a")


class CompareOptions(Struct, frozen=True):
    """What `compare` takes beside the case; without a start, the day of assessment."""

    named: tuple[str, ...] = ()
    only_named: bool = False
    start: date | None = None
    choices: dict[str, str] = field(default_factory=dict)
    days: int = FIRST_DAYS
    policy: Path | Policy | None = None
    axis: Span = YEAR


def compare_for(case: Case, options: CompareOptions, on: date, library: Library | None = None) -> Comparison:
    """The comparison for a case, of protocols of the shipped library or another. Raises InputError."""
    library, case = library or shipped.library(), with_standing_plan(case, on)
    local = case.plan.local_policy if case.plan else None
    policy = planning.policy_from(options.policy, library) if options.policy or local is None else local
    asked = Asked(
        start=options.start or on,
        policy=policy,
        named=options.named,
        only_named=options.only_named,
        choices=options.choices,
        days=options.days,
        axis=options.axis,
    )
    return compare(library, case, asked, on)


def compare_texts(named: Sequence[str], on: date, country: str = "GB", library: Library | None = None) -> Comparison:
    """What published texts say, side by side, without a person: nothing is known of anybody, so nothing is checked for anybody.

    `country`: whose units and spelling. Raises InputError for an unknown text.
    """
    if len(set(named)) < 2:
        raise InputError.one("--protocol", "", "name two texts or more, or a case file before them")
    known = library or shipped.library()
    nobody = Case(Patient("", None, "", country))
    return compare_for(nobody, CompareOptions(named=tuple(dict.fromkeys(named)), only_named=True), on, known)


def what_if_for(case: Case, on: date, library: Library | None = None) -> WhatIf:
    """The unset facts of a person that would change the answer, by the shipped library or another."""
    return what_if(library or shipped.library(), case, on)
