"""The use case `simulate`: plan and record, or a typed regimen, become doses; the model says what they do. Nothing is written.

Dates come from the review and the schedule; no result of a simulation goes back to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cobalamin.app.services import cases, shipped
from cobalamin.app.services.simulation.answer import AS_PLANNED, Compared, Simulation
from cobalamin.app.services.simulation.body import (
    CAUSES,
    SimulateOptions,
    body_of,
    not_covered,
    not_exact,
    results_of,
)
from cobalamin.app.services.simulation.doses import ABOUT_WHAT_COMES, doses_of_case
from cobalamin.app.services.simulation.faults import check_told
from cobalamin.app.services.simulation.given import A_DAY, CaseDoses, Given, Remark, days_between, in_order
from cobalamin.app.services.simulation.moments import Moment, read_moments
from cobalamin.app.services.simulation.untreated import Run, untreated
from cobalamin.errors import InputError
from cobalamin.kinetics.doses import FORMS, LONGEST_DAYS, ROUTES, Course, Dose, Regimen
from cobalamin.kinetics.parameters import packaged_parameters
from cobalamin.kinetics.scenario import dated, read_scenario
from cobalamin.kinetics.simulation import Asked, simulate
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.therapy.case.case import Case, Patient
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.regimen.schedule import COURSE, DOSE, Scheduled

MONTHS = (1, 3, 6, 12, 24, 36, 60, 120)  # of the table
DAILY, MOST_TIMES = 800, 1_600
SUBSTANCE_ASSUMED = "SUBSTANCE_ASSUMED"
MOST_SEED = 2**64 - 1  # the generator takes 64 bits; what is beyond would draw the people of a smaller number


def simulate_for(path: Path | None, options: SimulateOptions, on: date) -> Simulation:
    """The simulation of a case file, of a typed regimen, or of both. Raises InputError."""
    return simulate_of(cases.open_case(path) if path else None, options, on, str(path) if path else "")


def simulate_of(
    case: Case | None, options: SimulateOptions, on: date, file: str = "", library: Library | None = None
) -> Simulation:
    """Raises InputError for what can't be read or exceeds a limit, before anything is computed. `file`: named in faults of the case."""
    library = library or shipped.library()
    _refuse_nothing_asked(case, options)
    facts = facts_of(case or Case(Patient("")), on)
    until = _until(options, on)
    of_case = doses_of_case(case, on, until, library) if case else CaseDoses((), ())
    regimens = _Regimens(of_case.given, options, facts, options.start or on, until, library)
    given = regimens.named(options.scenario, "--scenario") if options.scenario else of_case.given
    if not options.scenario and not given:
        raise InputError.one(file, "", _nothing_given(case))
    begin = min([each.on for each in given] or [regimens.start])
    _refuse_times(options, begin, until, file if of_case.given else "simulate")
    others = [(text, regimens.named(text, "--compare")) for text in map(_named, options.compare)]
    results = results_of(case, on) if case else ()
    before = [mark for mark in results if mark.on <= begin]
    given, at = _stopped(given, options.stop), read_moments(options.at, begin, until)
    others = [(text, other if text == AS_PLANNED else _stopped(other, options.stop)) for text, other in others]
    drawn = (*given, *(each for _, other in others for each in other))
    asked = Asked(
        _regimen(given, begin, until), body_of(facts, before, options, case is not None), _times(drawn, begin, until, options.stop, at),
        options.people, options.seed, low_from=float((options.stop - begin).days) if options.stop else None,
    )  # fmt: skip
    check_told(asked, given, begin, options, file, before)
    for _, other in others:
        against = replace(asked, regimen=_regimen(other, begin, until))
        check_told(against, other, begin, options, file, before, "--compare")
    simulated = simulate(packaged_parameters(), asked)
    compared = tuple(_compared(text, other, asked, begin, until) for text, other in others)
    runs = [Run("", bool(given), simulated)]
    runs += [Run(other.scenario, bool(other.given), other.simulated) for other in compared]
    return Simulation(
        case, options.scenario, on, begin, until, options.stop, options, asked, given, simulated,
        tuple(mark for mark in results if mark.on >= begin), compared,
        (*not_covered(facts), *untreated(runs, begin, asked.body.deficient), *_assumed(options), *_heard(of_case, options), *not_exact(asked.body, before)), at,
    )  # fmt: skip


@dataclass(frozen=True)
class _Regimens:
    """What is simulated and compared: the case's own doses, or these up to `start` and then a typed regimen."""

    planned: tuple[Given, ...]
    options: SimulateOptions
    facts: Facts
    start: date
    until: date
    library: Library

    def named(self, text: str, option: str) -> tuple[Given, ...]:
        """Raises InputError in the name of the option that the text was typed for."""
        if text == AS_PLANNED and option == "--compare":
            return self.planned
        try:
            return _continued(self, text)
        except InputError as error:
            faults = [replace(each, file=option) if each.file == "--scenario" else each for each in error.faults]
            raise InputError(faults) from None


def _refuse_times(options: SimulateOptions, begin: date, until: date, where: str) -> None:
    if options.stop and options.stop <= begin:
        raise InputError.one("--stop", "", f"{options.stop} must lie after the first dose, which is on {begin}")
    if (until - begin).days > LONGEST_DAYS:
        message = f"{begin} to {until} is too long; at most 40 years are simulated, from the first dose to the end"
        raise InputError.one(where, "", message)


def _refuse_nothing_asked(case: Case | None, options: SimulateOptions) -> None:
    if case is None and not options.scenario:
        raise InputError.one("simulate", "", "name a case file, or type a regimen with --scenario")
    if not 0 <= options.seed <= MOST_SEED:
        raise InputError.one("--seed", "", f"{options.seed} is not a seed; a whole number from 0 to {MOST_SEED} is")
    if options.cause and options.cause not in CAUSES:
        raise InputError.one("--cause", "", f"'{options.cause}' is not a cause; known are {', '.join(CAUSES)}")
    for option, typed, known in (("--substance", options.substance, ("", *FORMS)), ("--route", options.route, ROUTES)):
        if typed not in known:
            raise InputError.one(option, "", f"'{typed}' is not known here; known are {', '.join(filter(None, known))}")
    if AS_PLANNED in map(_named, options.compare):
        _refuse_no_plan(case, options)


def _refuse_no_plan(case: Case | None, options: SimulateOptions) -> None:
    """A plan as it is can be held against a typed regimen, or against stopping it."""
    if case is None or not has_plan(case):
        why = "a case file that has an accepted plan" if case is None else "a plan, and this case has none"
        raise InputError.one(
            "--compare", "", f"'{AS_PLANNED}' needs {why}; accept one, or compare with a typed regimen"
        )
    if not options.scenario and not options.stop:
        message = f"'{AS_PLANNED}' is what is simulated here already; type a --scenario or a --stop to hold it against"
        raise InputError.one("--compare", "", message)


def has_plan(case: Case) -> bool:
    """Whether the case began with a plan, or its record holds one."""
    return case.plan is not None or any(event.kind == "plan" for event in case.record)


def _heard(told: CaseDoses, options: SimulateOptions) -> tuple[Remark, ...]:
    """What is to be said of the case; of the plan's own future only where it is simulated."""
    planned = not options.scenario or AS_PLANNED in map(_named, options.compare)
    return tuple(each for each in told.remarks if planned or each.code not in ABOUT_WHAT_COMES)


def _assumed(options: SimulateOptions) -> Iterator[Remark]:
    """What nobody typed and is simulated all the same: the substance of a regimen that names none (hazard H134)."""
    for text in filter(None, (options.scenario, *options.compare)):
        if _named(text) == AS_PLANNED:
            continue
        parts = [part for part in read_scenario(text, options.substance, options.route) if part.assumed]
        for substance, route in dict.fromkeys((part.substance, part.route) for part in parts):
            yield Remark(SUBSTANCE_ASSUMED, False, None, "", {"typed": text, "substance": substance, "route": route})


def _nothing_given(case: Case | None) -> str:
    if case is not None and has_plan(case):
        return "neither the record nor the plan has a dose to simulate (see `cobalamin review`); or type a regimen with --scenario"
    return "the case has no accepted plan and no dose; accept a plan, or type a regimen with --scenario"


def _named(text: str) -> str:
    """A compared regimen as it was typed; of the plan its one name."""
    return AS_PLANNED if text.strip().lower() == AS_PLANNED else text


def _compared(text: str, given: tuple[Given, ...], asked: Asked, begin: date, until: date) -> Compared:
    """Another regimen for the same people."""
    regimen = replace(asked, regimen=_regimen(given, begin, until))
    return Compared(text, given, simulate(packaged_parameters(), regimen))


# -- what is given -------------------------------------------------------------------------------------------------------


def _until(options: SimulateOptions, on: date) -> date:
    """The end of the picture: what was asked for, or two years, and with a stop five years after it."""
    last = max(on, options.start or on, options.stop or on)
    return add(last, Span(options.months or (60 if options.stop else 24), "mo"))


def _continued(this: _Regimens, text: str) -> tuple[Given, ...]:
    """What was given before the start, then a typed regimen."""
    before, start = this.planned, this.start
    parts = read_scenario(text, this.options.substance, this.options.route)
    typed = [
        _of_scheduled(entry, this.until)
        for entry in dated(parts, start, this.until, this.library.default_policy, this.facts)
        if entry.kind in (DOSE, COURSE) and entry.on is not None
    ]
    _refuse_recorded_later(before, typed, start, this.facts.on)
    earlier = [each for each in before if each.on < start or (each.recorded and each.on == start and not each.until)]
    cut = [replace(each, until=min(each.until, start - A_DAY)) if each.until else each for each in earlier]
    return in_order((*cut, *typed))


def _refuse_recorded_later(before: tuple[Given, ...], typed: list[Given], start: date, on: date) -> None:
    """A typed regimen follows what was given; it does not stand for it.

    On the first day itself a recorded dose counts where the regimen has none that day.
    """
    begins = any(each.on == start for each in typed)
    single = [each.on for each in before if each.recorded and not each.until]
    late = [day for day in single if day > start or (day == start and begins)]
    late += [
        min(each.last, on) for each in before if each.recorded and each.until and each.last >= start and start < on
    ]
    if late:
        message = (
            f"the record has a dose on {max(late)}, and a regimen from {start} on would leave it out; start after it"
        )
        raise InputError.one("--start", "", message)


def _of_scheduled(entry: Scheduled, until: date) -> Given:
    phase = entry.phase
    if entry.on is None or phase.dose is None:
        raise InputError.one("--scenario", "", "a part without a dose can't be simulated")
    last = (entry.until or until) if entry.kind == COURSE else None
    return Given(entry.on, phase.substance, phase.dose, phase.route, last, days_between(phase.spacing))


def _stopped(given: tuple[Given, ...], stop: date | None) -> tuple[Given, ...]:
    """Without the doses from that day on."""
    if stop is None:
        return given
    kept = [each for each in given if each.on < stop]
    last = stop - A_DAY
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


def month_days(begin: date) -> list[int]:
    """The days on which the months of the table end."""
    return [(add(begin, Span(months, "mo")) - begin).days for months in MONTHS]


def _times(
    given: tuple[Given, ...], begin: date, until: date, stop: date | None, at: tuple[Moment, ...] = ()
) -> tuple[float, ...]:
    """Every day, or in a long picture as often as it can show, the days on and after each dose, and what was asked for."""
    last = (until - begin).days
    step = max(-(-last // DAILY), 1)
    near = {(each.on - begin).days + after for each in given if each.until is None for after in (0, 1, 3, 7)}
    days = {*range(0, last + 1, step), last, *(near if len(near) < MOST_TIMES else ())}
    days |= set(month_days(begin))
    days |= {(stop - begin).days} if stop and stop > begin else set()
    asked = {float(day) for day in days if 0 <= day <= last} | {moment.day for moment in at}
    return tuple(sorted(asked))
