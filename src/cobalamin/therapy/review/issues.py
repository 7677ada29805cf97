"""Issues of a review: the safety gate for the plan in force, what the record raised, and what lies with the plan itself.

Nothing blocks in a review: what was given can't be taken back, so a block is shown as something to acknowledge.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, Protocol
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.text.messages import day, message
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import leaves
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import (
    ACKNOWLEDGE,
    BLOCK,
    CONTRAINDICATIONS,
    NOTE,
    Gate,
    Issue,
    ordered,
)
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.case.record import Record
from cobalamin.therapy.regimen.ladder import to_date, to_days
from cobalamin.therapy.regimen.running import CODE
from cobalamin.therapy.response.diary import red_flag_issues
from cobalamin.therapy.review.appointment import Appointment
from cobalamin.therapy.review.course import Course, PlanInForce
from cobalamin.therapy.review.outlook import Outlook
from cobalamin.therapy.safety.caveats import CODE as CAVEAT
from cobalamin.therapy.safety.gate import FROM_THE_RECORD, Regimens, fact_issues, plan_issues

NEONATE = Span(28, "d")  # until then benzyl alcohol is a contraindication (product_checks)
MOST_NANOGRAMS = 10_000_000  # 10 mg: over it a dose is implausible (contract, section 4)
# These were for the decision to start; a review looks at a treatment that has started.
_BEFORE_THE_START = frozenset(
    {"URGENT_START", "NO_LOADING", "PREVIOUS_TREATMENT", "CONFIRM_DEFICIENCY", "PREGNANCY_URGENT_ADVICE"}
)


def gate_issues(library: Library, case: Case, facts: Facts, plan: PlanInForce | None) -> list[Issue]:
    """What the safety gate says of the plan in force."""
    if plan is None:
        return []
    acknowledged = CODE in plan.accepted.acknowledged
    found = plan_issues(library, case, facts, plan.protocol, plan.phases, plan.product, anew=acknowledged)
    # Whoever gave a reason for a new loading is not asked for it again.
    return [issue for issue in found if issue.code != CODE or not acknowledged]


def is_contraindicated(library: Library, case: Case, facts: Facts, plan: PlanInForce | None) -> bool:
    """Whether a known contraindication blocks the plan in force."""
    return contraindicate(gate_issues(library, case, facts, plan))


def contraindicate(at_the_gate: Iterable[Issue]) -> bool:
    """Whether one of these issues is a known contraindication."""
    return any(issue.severity == BLOCK and not issue.ask and issue.code in CONTRAINDICATIONS for issue in at_the_gate)


def _was_for_the_choice(issue: Issue) -> bool:
    """A reservation that may hold is asked about when a protocol is chosen; one that holds is told for as long as it does."""
    return issue.code == CAVEAT and bool(issue.ask)


def review_issues(
    library: Library,
    at_the_gate: Iterable[Issue],
    facts: Facts,
    record: Record,
    course: Course,
    seen: Outlook,
    raised: Iterable[Issue],
    appointment: Appointment | None,
    on: date,
    checks_open: bool = False,
) -> list[Issue]:
    """All issues, most serious first; what a prescriber acknowledged with the plan does not interrupt again.

    `checks_open`: loading was left early, and its checks of potassium were not done.
    """
    plan = course.plan
    started = bool(course.steps) or seen.status == "ongoing"
    left_out = FROM_THE_RECORD | (_BEFORE_THE_START if started else frozenset())
    gate = Gate(library, facts.patient.country or (plan.content.country if plan else ""))
    found = [
        _while_treated(issue)
        for issue in at_the_gate
        if issue.code not in left_out and not (started and _was_for_the_choice(issue))
    ]
    if started and not checks_open:
        found = [issue for issue in found if issue.code != "HYPOKALAEMIA_WATCH" or not _in_last_phase(course, seen)]
    found += red_flag_issues(library, record.events, on, seen.phase.substance if seen.phase else "")
    found += raised
    found += _about_the_course(gate, facts, course)
    known = {issue.code for issue in found}
    found += [issue for issue in _about_what_was_given(gate, library, facts, course) if issue.code not in known]
    passed = seen.dates is not None and to_days(on) > seen.dates.due_through
    found += _about_the_plan(gate, library, plan, None if passed else appointment)
    # What was acknowledged with the plan is not what the record raises later: an alarm ends only as the contract says.
    acknowledged = set(plan.accepted.acknowledged if plan else {}) - FROM_THE_RECORD
    once = {(issue.code, issue.text): issue for issue in found}.values()
    asked_again = ordered((issue for issue in once if issue.code not in acknowledged), given=True)
    return [*asked_again, *(_softened(issue) for issue in once if issue.code in acknowledged)]


def _in_last_phase(course: Course, seen: Outlook) -> bool:
    """Potassium falls while blood is rebuilt; in the last phase that is over, unless it was entered early (hazard H112)."""
    return course.plan is not None and seen.place is not None and bool(course.rungs[seen.place.rung].final)


def _softened(issue: Issue) -> Issue:
    return replace(issue, severity=ACKNOWLEDGE) if issue.severity == BLOCK else issue


def _while_treated(issue: Issue) -> Issue:
    """That the library is due for checking was a question to a new plan; a treatment that runs goes on, and is told."""
    return replace(issue, severity=NOTE) if issue.code == "LIBRARY_REVIEW_DUE" else issue


def ages_reached(library: Library, case: Case, plan: PlanInForce | None) -> list[date]:
    """Birthdays on which a rule of the library changes its answer."""
    born = case.patient.birth_date
    if born is None or plan is None:
        return []
    return [add(born, span) for span in ages_of(library, plan.content)]


def ages_of(library: Library, content: Protocol) -> set[Span]:
    """The ages at which a rule of the library changes its answer for this protocol."""
    precautions = (*library.precautions, *content.precautions)
    criteria = [
        content.indication,
        *(precaution.when for precaution in precautions),
        *(note.when for note in content.notes),
    ]
    ages = [leaf for criterion in criteria for leaf in leaves(criterion) if isinstance(leaf, Age)]
    return {span for age in ages for span in (age.at_least, age.below) if span} | {NEONATE}


def _about_what_was_given(gate: Gate, library: Library, facts: Facts, course: Course) -> list[Issue]:
    """What was really given, against what is known of the patient: a plan's own substance is not the whole story."""
    doses = [step.dose for step in course.doses if not step.dose.as_planned]
    substances = frozenset(event.substance for event in doses) - {""}
    found = []
    if substances and course.plan is not None:
        regimens = Regimens(substances, frozenset(event.route for event in doses) - {""})
        issues = fact_issues(library, facts, course.plan.content, regimens)
        found += [issue for issue in issues if issue.code in CONTRAINDICATIONS]
    for event in doses:
        if event.dose and event.dose.nanograms > MOST_NANOGRAMS:
            recorded = message("checks.dose_recorded", date=event.month or event.on, dose=gate.mass(event.dose))
            found.append(gate.issue("DOSE_IMPLAUSIBLE", ACKNOWLEDGE, recorded))
    return found


def _about_the_course(gate: Gate, facts: Facts, course: Course) -> list[Issue]:
    cover = course.state.cover
    if cover.stopped == fold.NONE or facts.lifelong_cause is FALSE:
        return []
    detail = message("checks.stopped", date=day(to_date(cover.stopped)))
    if facts.lifelong_cause is TRUE:
        return [gate.issue("STOPPING_LIFELONG", ACKNOWLEDGE, detail)]
    missing = tuple(name for name in ("cause", "ileal_resection_length") if facts.value(name) is None)
    return [gate.issue("STOPPING_LIFELONG", NOTE, detail, ask=missing or ("cause",))]


def _about_the_plan(
    gate: Gate, library: Library, plan: PlanInForce | None, appointment: Appointment | None
) -> list[Issue]:
    found: list[Issue] = []
    if plan is None:
        return found
    newest, accepted = library.protocol(plan.accepted.protocol).version, plan.accepted
    if accepted.version < newest:
        pinned = {"version": accepted.version, "protocol": plan.protocol.title, "newest": newest}
        found.append(gate.issue("EDITION_SUPERSEDED", NOTE, message("checks.version", **pinned)))
    if accepted.policy != plan.policy.name:
        detail = message("checks.policy", policy=accepted.policy, used=plan.policy.name)
        found.append(gate.issue("POLICY_NOT_FOUND", NOTE, detail))
    if appointment is not None and not appointment.in_window:
        detail = message("checks.first_open_day", date=day(appointment.on))
        found.append(gate.issue("NO_CLINIC_DAY_IN_WINDOW", NOTE, detail))
    return found
