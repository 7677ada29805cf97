"""What is given: single doses and courses taken day after day, checked against stated limits before anything is computed.

Amounts are micrograms, times days from the begin of the simulation, rates a day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from cobalamin.errors import Fault, InputError

FORMS = ("cyanocobalamin", "hydroxocobalamin", "mecobalamin")
INJECTED, SWALLOWED = ("intramuscular", "subcutaneous", "intravenous"), ("oral", "sublingual")
ROUTES = (*INJECTED, *SWALLOWED, "nasal")
MOST_DOSES = 2_000
MOST_MICROGRAMS = 10_000.0  # antidote amounts are no replacement, and the model has never seen them
LONGEST_DAYS = 40 * 366.0
MOST_PEOPLE = 1_000_000
MOST_SEEN = 20_000  # points in time that are observed
SHORTEST_INTERVAL = 1 / 24
WEIGHTS, RATES, LEVELS = (30.0, 250.0), (5.0, 200.0), (10.0, 5_000.0)


@dataclass(frozen=True)
class Dose:
    """One dose of `amount` micrograms at `time`. Under the tongue counts as swallowed (reference, 1.5)."""

    time: float
    amount: float
    form: str
    route: str
    with_food: bool = False


@dataclass(frozen=True)
class Course:
    """The same dose every `every` days from `begin` until `until`, simulated as the even stream that is taken up as well."""

    begin: float
    until: float
    amount: float
    form: str
    route: str
    every: float = 1.0
    with_food: bool = False


@dataclass(frozen=True)
class Regimen:
    """Everything that is given, in order of time."""

    doses: tuple[Dose, ...] = ()
    courses: tuple[Course, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms given, each once; where nothing is given, the form of food."""
        return self.given_forms or ("hydroxocobalamin",)

    @property
    def given_forms(self) -> tuple[str, ...]:
        given = [dose.form for dose in self.doses] + [course.form for course in self.courses]
        return tuple(dict.fromkeys(given))


@dataclass(frozen=True)
class Body:
    """What is known of the person. `absorption` and `diet`: 0 none, 1 usual. None: not known."""

    weight: float | None = None
    gfr: float | None = None
    absorption: float = 1.0
    diet: float = 1.0
    serum: float | None = None
    deficient: bool = True
    haemoglobin: float | None = None


def check_regimen(regimen: Regimen) -> None:
    """Raises InputError naming every fault and the limit."""
    faults: list[str] = []
    if len(regimen.doses) > MOST_DOSES:
        faults.append(f"{len(regimen.doses):,} doses are too many; at most {MOST_DOSES:,} are simulated one by one")
    else:
        faults += _once_each(regimen.doses)
        times = [dose.time for dose in regimen.doses]
        if times != sorted(times):
            faults.append("the doses must be in order of time")
    faults += [
        f"the course from day {course.begin:g} {fault}"
        for course in regimen.courses
        for fault in _course_faults(course)
    ]
    _raise(faults)


def _course_faults(course: Course) -> list[str]:
    faults = _dose_faults(course)
    if not 0 <= course.begin < course.until <= LONGEST_DAYS:
        faults.append(f"must begin before it ends, both between day 0 and {LONGEST_DAYS:g}")
    if not SHORTEST_INTERVAL <= course.every <= 366:
        faults.append(f"must have a dose at least every 366 days and at most every hour, not {course.every:g}")
    return faults


def _once_each(doses: tuple[Dose, ...]) -> list[str]:
    """Every fault once, at the first dose that has it, with the number of others."""
    days: dict[str, list[float]] = {}
    for dose in doses:
        for fault in _dose_faults(dose):
            days.setdefault(fault, []).append(dose.time)
    told = {1: "", 2: " and another"}
    return [
        f"the dose on day {found[0]:g}{told.get(len(found), f' and {len(found) - 1:,} others')}: it {fault}"
        for fault, found in days.items()
    ]


def _dose_faults(dose: Dose | Course) -> list[str]:
    faults = []
    if not 0 < dose.amount <= MOST_MICROGRAMS:
        faults.append(
            f"has {dose.amount:,.10g} micrograms; more than 0 and at most {MOST_MICROGRAMS:,.0f} are simulated"
        )
    if dose.form not in FORMS:
        faults.append(f"has the substance '{dose.form}'; known are {', '.join(FORMS)}")
    if dose.route not in ROUTES:
        faults.append(f"has the route '{dose.route}'; known are {', '.join(ROUTES)}")
    if isinstance(dose, Course):
        if dose.route in INJECTED:
            faults.append("is an injection; injections are simulated one by one")
    elif not 0 <= dose.time <= LONGEST_DAYS:
        faults.append(f"must lie between day 0 and day {LONGEST_DAYS:,.0f}")
    return faults


def check_body(body: Body) -> None:
    """Raises InputError naming every fault and the limit."""
    faults: list[str] = []
    for what, value, unit, (least, most) in (
        ("the weight", body.weight, "kg", WEIGHTS),
        ("the GFR", body.gfr, "mL/min", RATES),
        ("the serum B12 at the start", body.serum, "pg/mL", LEVELS),
        ("the haemoglobin at the start", body.haemoglobin, "g/L", (30.0, 200.0)),
    ):
        if value is not None and not least <= value <= most:
            faults.append(f"{what} is {value:g} {unit}; {least:g} to {most:g} {unit} can be simulated")
    for what, value in (("absorption", body.absorption), ("diet", body.diet)):
        if not 0 <= value <= 1:
            faults.append(f"{what} is {value:g}; it must lie between 0 (none) and 1 (usual)")
    _raise(faults)


def check_size(people: int, times: tuple[float, ...]) -> None:
    """Raises InputError for too many people, and for observation times that are out of order or too many."""
    faults: list[str] = []
    if not 1 <= people <= MOST_PEOPLE:
        faults.append(f"{people:,} people; 1 to {MOST_PEOPLE:,} can be simulated")
    if not 1 <= len(times) <= MOST_SEEN:
        faults.append(f"{len(times):,} points in time; 1 to {MOST_SEEN:,} can be observed")
    elif any(not math.isfinite(time) or not 0 <= time <= LONGEST_DAYS for time in times):
        faults.append(f"every point in time must lie between day 0 and {LONGEST_DAYS:g}")
    elif any(later <= earlier for earlier, later in pairwise(times)):
        faults.append("the points in time must be in order, each once")
    _raise(faults)


def _raise(faults: list[str]) -> None:
    if faults:
        raise InputError([Fault("simulate", 0, "", fault) for fault in faults])
