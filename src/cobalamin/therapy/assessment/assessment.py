"""The assessment of one person on a day: four steps, and which of them leads (contract, section 4, `assess`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.records import replace
from cobalamin.spans import add
from cobalamin.text.messages import message
from cobalamin.therapy.assessment.grading import severity
from cobalamin.therapy.assessment.listed import Listed, listed
from cobalamin.therapy.assessment.order import comes_first
from cobalamin.therapy.assessment.readings import LEVELS, Reader, Reading
from cobalamin.therapy.assessment.steps import (
    AGAINST,
    CONTRADICTED,
    DONE,
    FOR,
    MISSING,
    SUGGESTED,
    Because,
    Known,
    Step,
    Treatment,
    by_rules,
)
from cobalamin.therapy.assessment.treating import treat
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event
from cobalamin.therapy.case.events import Administration, decides
from cobalamin.therapy.case.events import Result as ResultEntry
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import CALL_FIRST, Gate, Issue
from cobalamin.therapy.case.record import plan_on, record_as_of
from cobalamin.therapy.response.alarms import judgeable
from cobalamin.therapy.response.contradictions import answers_to, contradictions
from cobalamin.therapy.response.spells import Cover, GivenDose, cover_of
from cobalamin.therapy.response.values import NO_RANGE, Result, position
from cobalamin.therapy.safety.before import in_the_way, restrictions, said_before, what_leads
from cobalamin.therapy.safety.treated import earlier_of, told

__all__ = [
    "AGAINST",
    "CONTRADICTED",
    "DONE",
    "FOR",
    "MISSING",
    "SUGGESTED",
    "Assessment",
    "Because",
    "Step",
    "assess",
    "steps_of",
]
_TREATED = ("loading", "maintenance")


@dataclass(frozen=True)
class Assessment:
    """What `assess` answers. `issues` are told in a proposal too: alarms, known contraindications, whom to call; they stand above every step."""

    on: date
    steps: tuple[Step, ...]
    issues: tuple[Issue, ...]
    listed: Listed  # what of it guidelines name as a symptom or a risk factor
    library: Library = field(repr=False, compare=False)  # what it was made from

    @property
    def leading(self) -> Step | None:
        """The step to look at first; None where all four are done."""
        return leading(self.steps)


def assess(library: Library, case: Case, on: date) -> Assessment:
    """The assessment of `case` as known on a day. Raises InputError for a birth after it."""
    facts = facts_of(case, on)
    steps, advice = _steps(library, case, facts)
    before = said_before(library, case, facts, earlier_of(library, case, facts))
    if _is_treated(library, case, facts):
        before = tuple(
            _while_it_runs(each) if each.code == "URGENT_START" and not each.ask else each for each in before
        )
    return Assessment(on, steps, (*advice, *before), listed(library, facts, record_as_of(case, on)), library)


def _is_treated(library: Library, case: Case, facts: Facts) -> bool:
    """Whether treatment runs of which a dose is recorded or told."""
    known = _known(library, case, facts)
    return known.treated and known.treatment.runs


def _while_it_runs(urgent: Issue) -> Issue:
    """It stays urgent, and nobody is told to start what runs."""
    return replace(
        urgent,
        text=message("checks.urgent_running"),
        plain=message("checks.urgent_running__plain"),
        action=message("checks.urgent_running_action"),
    )


def steps_of(library: Library, case: Case, on: date) -> tuple[Step, ...]:
    """The four steps, in order; none where the library has no rules for them."""
    return _steps(library, case, facts_of(case, on))[0]


def _steps(library: Library, case: Case, facts: Facts) -> tuple[tuple[Step, ...], tuple[Issue, ...]]:
    """The four steps, and whom to call by what they suggest and nobody has recorded yet."""
    if not library.assessment.rules:
        return (), ()
    known = _known(library, case, facts)
    confirm = by_rules(known, "confirm", "deficiency")
    advice = _advice(library, case, known, confirm)
    treatment = replace(known.treatment, stopping=(*advice, *known.treatment.stopping))
    return (confirm, _cause(known), severity(known), treat(replace(known, treatment=treatment), confirm)), advice


def _advice(library: Library, case: Case, known: Known, confirm: Step) -> tuple[Issue, ...]:
    """Whom to call if what results suggest were recorded: the advice does not wait until somebody records it."""
    facts = known.facts
    low = any(known.low_unread(marker) for marker in LEVELS)
    suggested = confirm.value if confirm.state == SUGGESTED else "suspected" if low else None
    if facts.value("deficiency") is not None or suggested is None:
        return ()
    supposed = replace(facts, values={**facts.values, "deficiency": suggested})
    raised = {issue.code for issue in known.treatment.raised}
    leads = what_leads(library, case, supposed, earlier_of(library, case, facts))
    return tuple(each for each in leads if each.code in CALL_FIRST and not each.ask and each.code not in raised)


def _known(library: Library, case: Case, facts: Facts) -> Known:
    on = facts.on
    record, plan = record_as_of(case, on), plan_on(case, on)
    cover = _cover(library, record, plan, on)
    planned = plan is not None and plan.start <= on
    runs = (planned or facts.value("previous_treatment") in _TREATED) and not cover.stopped(on)
    undated = facts.value("previous_treatment") in _TREATED and not cover.given and not cover.taken
    reader = Reader(library, facts, record, cover, library.default_policy.results, undated)
    results = judgeable(library, record)
    return Known(
        facts=facts,
        readings=reader.all(),
        rules=library.assessment.rules,
        names={name: str(marker["name"]) for name, marker in library.markers.items()},
        definitions=library.facts,
        treated=bool(cover.given or cover.taken or undated),
        treatment=_treatment(library, case, facts, runs, runs and planned),
        contradictions=contradictions(library, facts, record, results, library.default_policy.results),
        blood=_blood(results, facts, library),
        recorded=frozenset(event.marker for event in record if isinstance(event, ResultEntry)),
        answered=lambda fact, events: _answered(facts, record, fact, events),
    )


def _blood(results: tuple[Result, ...], facts: Facts, library: Library) -> Reading | None:
    """The latest haemoglobin where nothing says how it reads; no threshold of a source stands in for the range (hazard H44)."""
    found = [each for each in results if each.marker == "haemoglobin"]
    last = max((each.on for each in found), default=None)
    latest = [each for each in found if each.on == last]
    if last is None or add(last, library.assessment.not_after) < facts.on or any(_placed(each) for each in latest):
        return None
    return Reading(latest[0], why=message("assess.no_range_blood"), lacks_range=True)


def _placed(result: Result) -> bool:
    return position(result) != NO_RANGE


def _treatment(library: Library, case: Case, facts: Facts, runs: bool, planned: bool) -> Treatment:
    """What speaks for going on, and what stands in the way. What a plan that runs comes to is for a review to say."""
    earlier = earlier_of(library, case, facts)
    raised = what_leads(library, case, facts, earlier)
    restricted = tuple(restrictions(library, raised))
    given = tuple(issue for issue in restricted if planned and earlier.substance in issue.substances)
    return Treatment(
        runs=runs,
        ended=earlier.ended,
        changes=None if planned or not earlier.changes else told(Gate(library, facts.patient.country), earlier),
        raised=raised,
        stopping=(*in_the_way(library, raised), *given),
        restricted=restricted,
    )


def _answered(facts: Facts, record: tuple[Event, ...], fact: str, events: tuple[str, ...]) -> bool:
    """Whether every entry was answered: by a later statement of the fact, or by somebody who looked at it."""
    answered = answers_to(facts, record, fact)
    entries = [event for event in record if event.id in events]
    return bool(entries) and all(answered(entry) for entry in entries)


def _cover(library: Library, record: tuple[Event, ...], plan: AcceptedPlan | None, on: date) -> Cover:
    """What was given, whether or not it counts for a plan: it is in the body. A course by mouth is not recorded dose by dose."""
    doses = [
        GivenDose(event.on, event.route)
        for event in record
        if isinstance(event, Administration) and event.on is not None
    ]
    if plan is not None and plan.start <= on and _by_mouth(library, plan):
        stops = [event.on for event in record if event.on and decides(event, "stop")]
        doses.append(GivenDose(plan.start, "oral", max(plan.start, *stops) if stops else on))
    return cover_of(record, tuple(doses), frozenset(), on, library.default_policy.results)


def _by_mouth(library: Library, plan: AcceptedPlan) -> bool:
    """Whether the plan has a phase that is not an injection, or whose route its source leaves open."""
    phases = library.content(library.pinned(plan.protocol, plan.version)).phases
    every = [each for phase in phases for each in (phase.options or (phase,))]
    return any(not phase.routes or not set(phase.routes) <= INJECTIONS for phase in every)


def _cause(known: Known) -> Step:
    step = by_rules(known, "cause", "cause")
    excluded = known.facts.value("deficiency") == "excluded"
    return _without_search(step) if excluded and step.state == MISSING else step


def _without_search(step: Step) -> Step:
    """The cause of a deficiency that is recorded as excluded: nobody looks for one."""
    text = message("assess.cause_not_looked_for")
    return replace(step, text=text, plain=text, next=())


def leading(steps: tuple[Step, ...]) -> Step | None:
    """What contradicts a record first, then what results support, then what is urgent, then what is still open.

    Of what is open the step that asks for something first: signs of the nerves go before a test.
    """
    by_name = {step.step: step for step in steps}
    order = [step for step in steps if step.state == CONTRADICTED]
    confirm, treating = by_name.get("confirm"), by_name.get("treat")
    if confirm and confirm.state == SUGGESTED and confirm.command:
        order.append(confirm)
    if treating and treating.urgent:
        order.append(treating)
    named = (by_name.get(name) for name in ("confirm", "severity", "cause", "treat"))
    still_open = [step for step in named if step is not None and step.state != DONE]
    order += sorted(still_open, key=lambda step: not comes_first(step))
    return order[0] if order else None
