"""What looks wrong with an entry before it is written: asked about, and never refused (promises 6 and 13; contract, section 3).

One decision for every surface. An entry is judged as the record would read with it, so a dose of an earlier day and the
entry that a correction puts in are looked at in their place.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.records import replace
from cobalamin.spans import Span
from cobalamin.text.messages import listed
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.events import (
    Administration,
    Bridge,
    Correction,
    Decision,
    FactLearned,
    History,
    Result,
    decides,
)
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.record import Record, begins, interval_in_effect, record_on, with_standing_plan
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.regimen.running import phase_meant
from cobalamin.therapy.response.plausible import implausible
from cobalamin.therapy.review.course import Course, Step, follow
from cobalamin.therapy.review.doubts import Doubt, about_other_entries, about_what_it_names
from cobalamin.therapy.review.looked_at import ends_nothing_or_several
from cobalamin.therapy.review.product_given import product_of
from cobalamin.therapy.review.rests_on import LONGER_IN_LOADING, is_longer
from cobalamin.therapy.safety.products import LARGEST_DOSE_NG, too_much_in_one
from cobalamin.therapy.words.wording import spacing_of

TIMES = 5  # a fifth of the planned dose or less, five times or more (contract, section 3, `record`)

LONG_AGO_DAYS = 300  # the year before is meant for the one that has begun, on any day of it but the last weeks


class Regimen(Struct, frozen=True):
    """Substance, dose and route, given or planned; what is not known is empty or None."""

    substance: str
    dose: Mass | None
    route: str


def improbable(library: Library, case: Case, event: Event, on: date, policy: Policy | None = None) -> tuple[Doubt, ...]:
    """What is to be asked before `event` joins the record of `case` on a day. Raises InputError as the review does."""
    entered = replacement_in(event) or event
    day = max(on, begins(event), begins(entered))
    after = replace(case, record=(*case.record, event))
    record = record_on(after, day)
    after = with_standing_plan(after, day)
    course = follow(library, after, facts_of(after, day, record.events), record, policy)
    return (
        *_ahead(event, on),
        *(_ahead(entered, on) if entered is not event else ()),
        *_long_ago(entered, on, record, after),
        *about_what_it_names(case, event, day),
        *about_other_entries(entered, record),
        *_about_the_content(library, entered, course, record),
        *_about_a_look(library, case, entered, day),
    )


def phase_names(library: Library) -> tuple[str, ...]:
    """The names of the phases of all protocols, each once."""
    found = (phase.name for protocol in library.protocols() for phase in protocol.phases)
    return tuple(dict.fromkeys(found))


def replacement_in(event: Event) -> Event | None:
    """The entry that a correction puts in the place of another."""
    return event.replaced_by if isinstance(event, Correction) else None


def _ahead(event: Event, on: date) -> Iterator[Doubt]:
    if begins(event) > on:
        yield Doubt("DAY_AHEAD", {"day": event.on or event.month, "on": on})


def _long_ago(event: Event, on: date, record: Record, case: Case) -> Iterator[Doubt]:
    """A dose nearly a year back and out of the order of the record: last year's date is typed for a dose of today (hazard H158)."""
    if event.kind != "administration" or event.on is None or (on - event.on).days < LONG_AGO_DAYS:
        return
    later = any(
        each.kind == "administration" and begins(each) > event.on for each in record.events if each is not event
    )
    if later or (case.plan is not None and event.on < case.plan.start):
        yield Doubt("DOSE_LONG_AGO", {"day": event.on, "number": (on - event.on).days})


def _about_the_content(library: Library, event: Event, course: Course, record: Record) -> Iterator[Doubt]:
    match event:
        case Administration():
            yield from _about_a_dose(library, event, course, record)
        case History():
            yield from _about_a_phase(library, event, course)
            yield from _far_interval(event, course)
        case Result():
            yield from _about_a_result(library, event)
        case FactLearned():
            yield from _about_a_fact(event, record)
        case Decision():
            yield from _about_an_interval(event, course)
            yield from _far_interval(event, course)


def _about_a_look(library: Library, case: Case, event: Event, on: date) -> Iterator[Doubt]:
    """A `reviewed` that ends nothing, or more than one matter (hazard H79)."""
    for code, ended in ends_nothing_or_several(library, case, event, on):
        if ended:
            yield Doubt("REVIEWED_SEVERAL", {"code": code, "matters": listed(ended, "; ")})
        else:
            yield Doubt("REVIEWED_NOTHING", {"code": code})


def _about_a_phase(library: Library, event: History, course: Course) -> Iterator[Doubt]:
    plan, phase, doses = course.plan, event.phase, event.doses
    if plan is None or not plan.ladder.rungs:
        names = phase_names(library)
        if not phase_meant(phase, names):
            yield Doubt("PHASE_OF_NO_PROTOCOL", {"phase": phase, "names": names})
        return
    row = plan.row(phase)
    if row is None:
        yield Doubt("PHASE_UNKNOWN", {"phase": phase, "names": tuple(each.phase.name for each in plan.ladder.phases)})
        return
    rung = course.rungs[row]
    if rung.end == fold.BY_DOSES and doses is not None and doses > rung.end_number:
        yield Doubt("DOSES_ABOVE_PHASE", {"phase": phase, "doses": doses, "count": rung.end_number})


def _about_an_interval(event: Decision, course: Course) -> Iterator[Doubt]:
    """A longer interval while loading is not over (hazard H112)."""
    step = next((step for step in course.steps if step.event.id == event.id), None)
    own = interval_in_effect(event)
    if step is None or own is None or not decides(event, "change_interval") or not is_longer(course, step):
        return
    phase = course.phases[step.before.rung]
    values: dict[str, object] = {
        "interval": own.every,
        "phase": phase.phase.name,
        "published": spacing_of(phase.spacing_kind, phase.spacing),
    }
    yield Doubt(LONGER_IN_LOADING, values)


def _far_interval(event: Decision | History, course: Course) -> Iterator[Doubt]:
    """An interval five times the longest that its phase publishes or more, or a fifth of the shortest or less (hazard H134)."""
    own, settled = interval_in_effect(event), _phase_of(event, course)
    if own is None or settled is None or settled.phase.spacing.kind == "at_least":
        return
    least, most = settled.phase.spacing.least, settled.phase.spacing.most
    if least is None or most is None:
        return
    fewest, longest = own.day_bounds
    code = "INTERVAL_LONG" if fewest >= TIMES * max(_days(most)) else ""
    code = "INTERVAL_SHORT" if longest * TIMES <= min(_days(least)) else code
    if code:
        kind = settled.phase.spacing.kind
        published = dict.fromkeys(spacing_of(kind, each) for each in (least, most))
        yield Doubt(code, {"interval": own.every, "published": listed(published, " / ")})


def _phase_of(event: Decision | History, course: Course) -> SettledPhase | None:
    """The phase whose interval an entry sets; none where loading is made longer, which is asked in its own words."""
    step = next((step for step in course.steps if step.event.id == event.id), None)
    if step is None or course.plan is None or is_longer(course, step):
        return None
    row = course.plan.row(event.phase) if isinstance(event, History) else step.before.rung
    return None if row is None else course.phases[row]


def _days(spacing: Span | int) -> tuple[float, float]:
    """The fewest and the most days between two doses."""
    return (7 / spacing, 7 / spacing) if isinstance(spacing, int) else spacing.day_bounds


def _about_a_result(library: Library, event: Result) -> Iterator[Doubt]:
    marker, value = event.marker, event.value
    found = implausible(library, marker, value)
    if found is not None:
        yield Doubt(
            "VALUE_IMPLAUSIBLE", {"marker": marker, "value": value, "range": found.range, "likely": found.likely}
        )


def _about_a_fact(event: FactLearned, record: Record) -> Iterator[Doubt]:
    """Two statements of one day that differ leave a fact not known."""
    for other in record.events:
        if not isinstance(other, FactLearned) or other.id == event.id or other.fact != event.fact:
            continue
        if other.on == event.on and other.value != event.value:
            values = {"fact": event.fact, "value": event.value, "other": other.value}
            yield Doubt("FACT_STATED_TWICE", {**values, "id": other.id})


# -- a dose ------------------------------------------------------------------------------------------------------------


def _about_a_dose(library: Library, event: Administration, course: Course, record: Record) -> Iterator[Doubt]:
    step = next((step for step in course.doses if step.event.id == event.id), None)
    planned = _planned(step, course)
    given = _given(event, planned)
    if not event.as_planned:
        yield from _unlike_the_plan(given, planned, _bridges(event, record))
    yield from _about_its_product(library, event, given)
    yield from _about_its_day(event, step, record)


def _planned(step: Step | None, course: Course) -> Regimen | None:
    if step is None or step.plan is None or not step.plan.ladder.rungs:
        return None
    phase = course.phase(step.before)
    return Regimen(phase.substance, phase.dose, phase.route)


def _given(event: Administration, planned: Regimen | None) -> Regimen:
    if event.as_planned:
        return planned or Regimen("", None, "")
    return _regimen_of(event)


def _regimen_of(event: Administration | Bridge) -> Regimen:
    return Regimen(event.substance, event.dose, event.route)


def _bridges(event: Event, record: Record) -> tuple[Regimen, ...]:
    """What a recorded bridge gives instead of the plan on the day of the dose."""
    return tuple(
        _regimen_of(each)
        for each in record.events
        if isinstance(each, Bridge) and event.on and each.on and each.on <= event.on and _lasts(each, event.on)
    )


def _lasts(bridge: Bridge, day: date) -> bool:
    return bridge.until is None or day <= bridge.until


def _unlike_the_plan(given: Regimen, planned: Regimen | None, bridges: tuple[Regimen, ...]) -> Iterator[Doubt]:
    """How a dose differs from what was to be given that day: from a bridge where it is nearer to that than to the plan."""
    meant = [_differences(given, each) for each in (planned, *bridges) if each is not None]
    yield from min(meant, key=len, default=[])
    over_ten = given.dose is not None and given.dose.nanograms > LARGEST_DOSE_NG
    if over_ten and not any(doubt.code == "DOSE_LARGE" for doubt in min(meant, key=len, default=[])):
        yield Doubt("DOSE_OVER_TEN", {"dose": given.dose})


def _differences(given: Regimen, planned: Regimen) -> list[Doubt]:
    found = []
    if given.substance and planned.substance and given.substance != planned.substance:
        found.append(Doubt("ANOTHER_SUBSTANCE", {"given": given.substance, "planned": planned.substance}))
    if given.route and planned.route and given.route != planned.route:
        found.append(Doubt("ANOTHER_ROUTE", {"given": given.route, "planned": planned.route}))
    if given.dose is not None and planned.dose is not None:
        amount, wanted = given.dose.nanograms, planned.dose.nanograms
        code = "DOSE_SMALL" if amount * TIMES <= wanted else "DOSE_LARGE" if amount >= wanted * TIMES else ""
        found += [Doubt(code, {"given": given.dose, "planned": planned.dose})] if code else []
    return found


def _about_its_product(library: Library, event: Administration, given: Regimen) -> Iterator[Doubt]:
    told = event.product.strip()
    product = product_of(library, told)
    if product is None:
        if told:
            yield Doubt("PRODUCT_UNKNOWN", {"product": told})
        return
    if not product.replacement:
        yield Doubt("PRODUCT_NO_REPLACEMENT", {"product": product.name})
    elif given.substance and product.substance and product.substance != given.substance:
        yield Doubt(
            "PRODUCT_CONTRADICTS",
            {"product": product.name, "substance": product.substance, "given": given.substance},
        )
    elif given.dose is not None and product.amount is not None and too_much_in_one(product, given.dose):
        yield Doubt("PRODUCT_FIVEFOLD", {"product": product.name, "holds": product.amount, "dose": given.dose})


def _about_its_day(event: Administration, step: Step | None, record: Record) -> Iterator[Doubt]:
    if event.on is None:
        return  # of a dose known by its month nobody can say that it is the second of its day
    same = tuple(
        each
        for each in (*record.events, *record.future)
        if each.kind == "administration" and each.on == event.on and not each.month and each.id != event.id
    )
    if same:
        yield Doubt("SECOND_OF_DAY", {"day": event.on, "entries": same})
    elif step is not None and _before_count_from(event, step):
        yield Doubt("BEFORE_COUNT_FROM", {"day": event.on, "from": to_date(step.dates.count_from)})


def _before_count_from(event: Administration, step: Step) -> bool:
    early = step.verdict.credit == fold.EXTRA and step.dates.count_from != fold.NONE
    asked = event.intent != "additional"
    return asked and early and event.on is not None and event.on < to_date(step.dates.count_from)
