"""The use case `simulate`: plan and record, or a typed regimen, become doses; the model says what they do. Nothing is written.

Dates come from the review and the schedule; no result of a simulation goes back to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from cobalamin.amounts import Mass, laboratory_value
from cobalamin.app import services
from cobalamin.app.reviewing import review_of
from cobalamin.errors import InputError
from cobalamin.kinetics.doses import Body, Course, Dose, Regimen
from cobalamin.kinetics.parameters import packaged_parameters
from cobalamin.kinetics.scenario import dated, read_scenario
from cobalamin.kinetics.simulation import Asked, Simulated, check, simulate
from cobalamin.spans import Span, add
from cobalamin.therapy.case import Case, Event, Patient, Quantity
from cobalamin.therapy.facts import Facts, facts_of
from cobalamin.therapy.items import Item
from cobalamin.therapy.record import record_on
from cobalamin.therapy.review import Ahead
from cobalamin.therapy.schedule import COURSE, DOSE, Scheduled

MOST_LINES = 3_000
DAILY, MOST_TIMES = 800, 1_600
WITHOUT_FACTOR = ("pernicious_anaemia", "total_gastrectomy", "ileal_resection")
WITH_PART = (
    "partial_gastrectomy", "bariatric_surgery", "inflammatory_bowel_disease", "coeliac_disease", "food_cobalamin_malabsorption",
    "other_malabsorption", "medicine_induced",
)  # fmt: skip
CAUSES = (*WITHOUT_FACTOR, *WITH_PART, "dietary", "healthy")
PARTLY = 0.5  # of the usual absorption; no source gives a figure for these causes, so this is this program's assumption


@dataclass(frozen=True)
class SimulateOptions:
    """What `simulate` takes beside the case. `months` 0: as far as makes sense."""

    scenario: str = ""
    substance: str = "hydroxocobalamin"
    route: str = "intramuscular"
    start: date | None = None
    stop: date | None = None
    months: int = 0
    people: int = 500
    seed: int = 1
    compare: tuple[str, ...] = ()
    weight: float | None = None
    gfr: float | None = None
    serum: float | None = None
    haemoglobin: float | None = None
    cause: str = ""


@dataclass(frozen=True)
class Given:
    """A dose or course as it is drawn: `until` for a course."""

    on: date
    substance: str
    dose: Mass
    route: str
    until: date | None = None
    spacing: float = 1.0


@dataclass(frozen=True)
class Mark:
    """A blood result, in the unit of the picture."""

    on: date
    marker: str
    value: float
    comparator: str


@dataclass(frozen=True)
class Compared:
    scenario: str
    given: tuple[Given, ...]
    simulated: tuple[Simulated, ...]


@dataclass(frozen=True)
class Simulation:
    """What `simulate` answers."""

    case: Case | None
    scenario: str
    on: date
    begin: date
    until: date
    stop: date | None
    options: SimulateOptions
    asked: Asked
    given: tuple[Given, ...]
    simulated: tuple[Simulated, ...]
    marks: tuple[Mark, ...] = ()
    compared: tuple[Compared, ...] = field(default=())

    def day(self, on: date) -> float:
        return float((on - self.begin).days)

    def date_of(self, day: float) -> date:
        return self.begin + timedelta(days=round(day))


def simulate_for(path: Path | None, options: SimulateOptions, on: date) -> Simulation:
    """Raises InputError for what can't be read or exceeds a limit, before anything is computed."""
    case = services.open_case(path) if path else None
    _refuse_nothing_asked(case, options)
    facts = facts_of(case or Case(Patient("")), on)
    start, until = options.start or on, _until(options, on)
    planned = _of_case(case, on, until) if case and case.plan else _recorded(case, on, until) if case else ()
    given = planned
    if options.scenario:
        given = _continued(planned, options.scenario, options, facts, start, until)
    elif not given:
        message = "the case has no accepted plan and no dose; accept a plan, or type a regimen with --scenario"
        raise InputError.one(str(path), "", message)
    begin = min([each.on for each in given] or [start])
    if options.stop and options.stop <= begin:
        raise InputError.one("--stop", "", f"{options.stop} must lie after the first dose, which is on {begin}")
    results = _results(case, on) if case else ()
    given = _stopped(given, options.stop)
    body = _body(facts, [mark for mark in results if mark.on <= begin], options)
    asked = Asked(
        _regimen(given, begin, until), body, _times(given, begin, until, options.stop), options.people, options.seed,
        low_from=float((options.stop - begin).days) if options.stop else None,
    )  # fmt: skip
    check(asked)
    others = tuple(
        (text, _stopped(_continued(planned, text, options, facts, start, until), options.stop))
        for text in options.compare
    )
    return Simulation(
        case, options.scenario, on, begin, until, options.stop, options, asked, given,
        simulate(packaged_parameters(), asked), tuple(mark for mark in results if mark.on >= begin),
        tuple(_compared(text, other, asked, begin, until) for text, other in others),
    )  # fmt: skip


def _refuse_nothing_asked(case: Case | None, options: SimulateOptions) -> None:
    if case is None and not options.scenario:
        raise InputError.one("simulate", "", "name a case file, or type a regimen with --scenario")
    if options.cause and options.cause not in CAUSES:
        raise InputError.one("--cause", "", f"'{options.cause}' is not a cause; known are {', '.join(CAUSES)}")


def _compared(text: str, given: tuple[Given, ...], asked: Asked, begin: date, until: date) -> Compared:
    """Another regimen for the same people."""
    regimen = replace(asked, regimen=_regimen(given, begin, until))
    return Compared(text, given, simulate(packaged_parameters(), regimen))


# -- what is given -------------------------------------------------------------------------------------------------------


def _until(options: SimulateOptions, on: date) -> date:
    """The end of the picture: what was asked for, or two years, and with a stop five years after it."""
    last = max(on, options.start or on, options.stop or on)
    return add(last, Span(options.months or (60 if options.stop else 24), "mo"))


def _recorded(case: Case, on: date, until: date) -> tuple[Given, ...]:
    """What the record says was given up to `on`; what does not count for the plan is in the body all the same."""
    seen = review_of(case, on, ahead=Ahead(1, 1))
    return tuple(
        Given(each.event.on, each.substance, each.dose, each.route or "intramuscular")
        for each in seen.evaluations
        if each.credit != "excluded"
        and each.event.on
        and each.event.on <= min(on, until)
        and each.dose
        and each.substance
    )


def _of_case(case: Case, on: date, until: date) -> tuple[Given, ...]:
    """The record, then what the review's own schedule has next; a dose that is overdue is taken as given today."""
    months = (until.year - on.year) * 12 + until.month - on.month + 1
    seen = review_of(case, on, ahead=Ahead(max(months, 1), MOST_LINES))
    coming = [given for item in seen.upcoming if (given := _of_item(item, on, until)) is not None]
    return tuple(sorted((*_recorded(case, on, until), *coming), key=lambda each: each.on))


def _of_item(item: Item, on: date, until: date) -> Given | None:
    if item.on is None or item.dose is None or not item.substance or item.on > until:
        return None
    if item.kind == "dose":
        return Given(max(item.on, on), item.substance, item.dose, item.route)
    if item.kind == "course":
        return Given(item.on, item.substance, item.dose, item.route, item.until or until)
    return None


def _continued(
    before: tuple[Given, ...], text: str, options: SimulateOptions, facts: Facts, start: date, until: date
) -> tuple[Given, ...]:
    """What was given before `start`, then a typed regimen."""
    parts = read_scenario(text, options.substance, options.route)
    typed = [
        _of_scheduled(entry, until)
        for entry in dated(parts, start, until, services.library().default_policy, facts)
        if entry.kind in (DOSE, COURSE) and entry.on is not None
    ]
    earlier = [each for each in before if each.on < start]
    cut = [replace(each, until=min(each.until, start - timedelta(days=1))) if each.until else each for each in earlier]
    return tuple(sorted((*cut, *typed), key=lambda each: each.on))


def _of_scheduled(entry: Scheduled, until: date) -> Given:
    phase = entry.phase
    if entry.on is None or phase.dose is None:
        raise InputError.one("--scenario", "", "a part without a dose can't be simulated")
    last = (entry.until or until) if entry.kind == COURSE else None
    return Given(entry.on, phase.substance, phase.dose, phase.route, last, _days_between(phase.spacing))


def _days_between(spacing: Span | int | None) -> float:
    """Days between two doses of a course."""
    if isinstance(spacing, int):
        return 7.0 / spacing
    return float(spacing.day_bounds[0]) if spacing else 1.0


def _stopped(given: tuple[Given, ...], stop: date | None) -> tuple[Given, ...]:
    """Without the doses from that day on."""
    if stop is None:
        return given
    kept = [each for each in given if each.on < stop]
    last = stop - timedelta(days=1)
    return tuple(replace(each, until=min(each.until, last)) if each.until else each for each in kept)


def _regimen(given: Iterable[Given], begin: date, until: date) -> Regimen:
    doses: list[Dose] = []
    courses: list[Course] = []
    for each in given:
        day, amount = float((each.on - begin).days), float(each.dose.micrograms)
        if each.until is None:
            doses.append(Dose(day, amount, each.substance, each.route))
        elif min(each.until, until) >= each.on:
            end = float((min(each.until, until) - begin).days + 1)
            courses.append(Course(day, end, amount, each.substance, each.route, each.spacing))
    return Regimen(tuple(doses), tuple(courses))


def _times(given: tuple[Given, ...], begin: date, until: date, stop: date | None) -> tuple[float, ...]:
    """Every day, or in a long picture as often as it can show, and the days on and after each dose."""
    last = (until - begin).days
    step = max(-(-last // DAILY), 1)
    near = {(each.on - begin).days + after for each in given if each.until is None for after in (0, 1, 3, 7)}
    days = {*range(0, last + 1, step), last, *(near if len(near) < MOST_TIMES else ())}
    days |= {(stop - begin).days} if stop and stop > begin else set()
    return tuple(float(day) for day in sorted(days) if 0 <= day <= last)


# -- what is known -------------------------------------------------------------------------------------------------------


def _body(facts: Facts, before: list[Mark], options: SimulateOptions) -> Body:
    """The person: what the options say, else what the case knows, else the model's usual."""
    cause = options.cause or facts.value("cause") or ("pernicious_anaemia" if options.scenario else "unknown")
    kept = 0.0 if cause in WITHOUT_FACTOR else PARTLY if cause in WITH_PART else 1.0
    if facts.value("absorption") == "impaired" and kept == 1.0:
        kept = PARTLY
    eats = 0.0 if cause == "dietary" or facts.value("vegan") == "present" else 1.0
    weight = _first(options.weight, float(facts.weight_kg) if facts.weight_kg else None)
    return Body(
        weight=weight,
        gfr=_first(options.gfr, _latest(before, "egfr")),
        absorption=kept,
        diet=eats,
        serum=_first(options.serum, _latest(before, "serum_b12")),
        deficient=cause != "healthy",
        haemoglobin=_first(options.haemoglobin, _latest(before, "haemoglobin")),
    )


def _first(typed: float | None, known: float | None) -> float | None:
    return known if typed is None else typed


def _latest(marks: list[Mark], marker: str) -> float | None:
    found = [mark for mark in marks if mark.marker == marker and not mark.comparator]
    return found[-1].value if found else None


UNIT_OF = {"serum_b12": "pg/mL", "haemoglobin": "g/L", "egfr": "mL/min"}


def _results(case: Case, on: date) -> tuple[Mark, ...]:
    """Blood results that can be drawn or that begin the simulation, in order."""
    found = [_mark(event) for event in record_on(case, on).events if event.kind == "result"]
    return tuple(mark for mark in found if mark is not None)


def _mark(event: Event) -> Mark | None:
    marker, quantity = str(event.data.get("marker")), event.data.get("value")
    if marker not in UNIT_OF or not isinstance(quantity, Quantity) or event.on is None:
        return None
    if marker == "egfr":
        value: Decimal | None = quantity.value if quantity.unit.startswith("mL/min") else None
    else:
        value = laboratory_value(quantity.value, quantity.unit, UNIT_OF[marker])
    return Mark(event.on, marker, float(value), quantity.comparator) if value is not None else None
