"""Before treatment begins: what may be offered, one protocol as a dated plan, several side by side, what is worth asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cobalamin.api.arguments import (
    Day,
    Readable,
    assessed_on,
    case_of,
    choices_of,
    day_of,
    flag_of,
    library_of,
    optional_day,
    policy_of,
    text_of,
    texts_of,
    whole_of,
    with_argument_names,
)
from cobalamin.app.services import comparing, planning
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.therapy.assessment import assessment as assessments
from cobalamin.therapy.assessment.assessment import Assessment
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.comparison.comparison import FIRST_DAYS, Comparison
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal import proposal as proposals
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.whatif import whatif
from cobalamin.therapy.whatif.whatif import WhatIf

MOST_MONTHS = 480


@with_argument_names()
def propose(case: Case, *, on: Day | None = None, library: Library | None = None) -> Proposal:
    """Say what may be offered to this person, what to ask first, and what is excluded and why.

    `on`: the day of assessment; without it, today. The answer has `.options` (the first fits best), `.needs` (facts to
    ask for), `.excluded`, `.issues` and `.disagreements`. Each protocol of the library is an option, pending, or excluded.
    Every phase of an option carries its dose as an exact mass with its unit, and the citations of who says so.
    """
    return proposals.propose(library_of(library), case_of(case), assessed_on(on))


@with_argument_names()
def assess(case: Case, *, on: Day | None = None, library: Library | None = None) -> Assessment:
    """Say what recorded results and facts suggest, step by step: confirm, cause, severity, treat. Nothing sets a fact.

    The answer has `.steps`, each with its `.state` (done, suggested, missing or contradicted), the results behind it in
    `.because` with whose band they lie in, and what to test or ask in `.next`; `.leading` is the step to look at first.

    Raises InputError for a birth after the day of assessment.
    """
    return assessments.assess(library_of(library), case_of(case), assessed_on(on))


@with_argument_names()
def plan(
    case: Case,
    protocol: str,
    *,
    start: Day | None = None,
    choices: Mapping[str, object] | None = None,
    product: str = "",
    policy: Readable | Policy | None = None,
    months: int = 12,
    on: Day | None = None,
    library: Library | None = None,
) -> Plan:
    """Lay out one protocol as dated doses with windows, checks, reviews and decisions.

    `start`: the day of the first dose; without it, the day of assessment (`on`; without that, today). `choices` settle
    what the protocol leaves open, as `{"maintenance_interval": "3 mo"}`. `product`: an id of the library. `policy`: a
    local policy of windows (a file's name, its bytes or a mapping). `months`: how far ahead, 1 to 480.

    The answer has `.items` in order of date; each has its `.dose` (a mass with unit), `.on`, `.bookable_from`,
    `.due_through`, `.cites`, and `.basis`: published, borrowed, local_policy or software_default. With open `.needs`, or
    where `.blocked`, `.items` is empty and `.needs` or `.issues` say why.

    Raises InputError for an unknown protocol or product, a choice outside its range, and a start before birth.
    """
    chosen, assessed = library_of(library), assessed_on(on)
    options = planning.PlanOptions(
        protocol=text_of(protocol, "protocol"),
        start=assessed if start is None else day_of(start, "start"),
        choices=choices_of(choices),
        product=text_of(product, "product"),
        months=whole_of(months, "months", 1, MOST_MONTHS),
    )
    return planning.plan_for(case_of(case), options, assessed, chosen, policy_of(policy, chosen))


@with_argument_names()
def compare(
    case: Case,
    protocols: str | Iterable[str] = (),
    *,
    only: bool = False,
    start: Day | None = None,
    choices: Mapping[str, object] | None = None,
    days: int = FIRST_DAYS,
    policy: Readable | Policy | None = None,
    on: Day | None = None,
    library: Library | None = None,
) -> Comparison:
    """Set protocols side by side for this person on one time axis: what each comes to, where they differ, and why.

    Compared are the person's options and, whatever their status, the `protocols` that are named; with `only`, just
    these. `start`: the day of the first dose; without it, the day of assessment. `choices` settle what they leave open.
    `days`: the first stretch, 7 to 730.

    The answer has `.compared` (sums of doses in `.figures`, in whole nanograms, at both ends of a range from which nobody
    has chosen) and `.differences` with what the sources say and why they differ.

    Raises InputError for an unknown protocol, and for a choice that no compared protocol leaves open.
    """
    chosen = library_of(library)
    options = comparing.CompareOptions(
        named=texts_of(protocols, "protocols"),
        only_named=flag_of(only, "only"),
        start=optional_day(start, "start"),
        choices=choices_of(choices),
        days=whole_of(days, "days"),
        policy=policy_of(policy, chosen),
    )
    return comparing.compare_for(case_of(case), options, assessed_on(on), chosen)


@with_argument_names()
def what_if(case: Case, *, on: Day | None = None, library: Library | None = None) -> WhatIf:
    """Say which unknown facts would change the proposal, by how much, and the most decisive first.

    The answer has `.effects` (one a fact: its question, and what each answer to it changes) and `.without_effect`.
    """
    return whatif.what_if(library_of(library), case_of(case), assessed_on(on))
