"""The published experiments, run on the model: the typical person of a trial gets its doses and one figure is read.

Each function takes the parameters and gives the figure in the unit of its publication. Calibration and validation use the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.disposition import URINE
from cobalamin.kinetics.doses import Body, Course, Dose, Regimen
from cobalamin.kinetics.engine import amounts
from cobalamin.kinetics.markers import homocysteine, methylmalonic_acid, serum
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import RETAINED, People, draw, typical
from cobalamin.kinetics.timetable import timetable

Floats = NDArray[np.float64]
CN, OH, ME = "cyanocobalamin", "hydroxocobalamin", "mecobalamin"
IM, SC, IV, ORAL = "intramuscular", "subcutaneous", "intravenous", "oral"
HEALTHY = Body(deficient=False)
MONTH = 365.25 / 12
SEED, COHORT = 7, 400


def observed(parameters: Parameters, people: People, regimen: Regimen, times: tuple[float, ...]) -> Floats:
    return amounts(people, timetable(regimen, times, parameters.value("carried_after") / 24))


def levels(parameters: Parameters, people: People, regimen: Regimen, times: tuple[float, ...]) -> Floats:
    """Serum B12 (pg/mL) by time and person."""
    return serum(people, observed(parameters, people, regimen, times))


def one(form: str, amount: float, route: str = IM) -> Regimen:
    return Regimen((Dose(0.0, amount, form, route),))


def urine(parameters: Parameters, form: str, amount: float, hours: float) -> float:
    """Percent of an intramuscular dose in the urine of a healthy person."""
    people = typical(parameters, HEALTHY)
    lost = [
        observed(parameters, people, each, (hours / 24,))[-1, URINE, 0] for each in (one(form, amount), _none(form))
    ]
    return float(100.0 * (lost[0] - lost[1]) / amount)


def _none(form: str) -> Regimen:
    """Nothing worth mentioning, of this form, so that the same pools are followed."""
    return one(form, 1e-9)


def ratio(parameters: Parameters, amount: float, hours: float) -> float:
    """Serum level after hydroxocobalamin over that after cyanocobalamin in healthy people."""
    people = typical(parameters, HEALTHY)
    oh, cn = (levels(parameters, people, one(form, amount), (hours / 24,))[-1, 0] for form in (OH, CN))
    return float(oh / cn)


def later_ratio(parameters: Parameters, amount: float) -> float:
    """The same over weeks 2 to 4."""
    times = (14.0, 21.0, 28.0)
    people = typical(parameters, HEALTHY)
    oh, cn = (levels(parameters, people, one(form, amount), times)[:, 0].mean() for form in (OH, CN))
    return float(oh / cn)


def peak_time(parameters: Parameters, form: str, amount: float, route: str = IM) -> float:
    """Hours to the highest level."""
    times = np.linspace(0.005, 0.5, 100)
    found = levels(parameters, typical(parameters, HEALTHY), one(form, amount, route), tuple(times.tolist()))[:, 0]
    return 24.0 * top_of(times, found)


def top_of(times: Floats, found: Floats) -> float:
    """Where a curve on even times is highest: the top of the parabola through its three highest points."""
    top = min(max(int(found.argmax()), 1), len(times) - 2)
    before, at, after = found[top - 1 : top + 2]
    return float(times[top] + 0.5 * (before - after) / (before - 2.0 * at + after) * (times[1] - times[0]))


def route_ratio(parameters: Parameters) -> float:
    """Area under the level, subcutaneous over intramuscular (mecobalamin 1,500 micrograms, two days)."""
    times = tuple(float(time) for time in np.linspace(0.02, 2.0, 100))
    people = typical(parameters, HEALTHY)
    areas = [levels(parameters, people, one(ME, 1500.0, route), times).mean() for route in (SC, IM)]
    return float(areas[0] / areas[1])


# -- trials --------------------------------------------------------------------------------------------------------------

KUZMINSKI = (1, 3, 7, 10, 14, 21, 30, 60, 90)  # days of the injections; day 1 is the first


def kuzminski(parameters: Parameters, by_mouth: bool, marker: str = "serum") -> float:
    """Day 120 of the trial of oral against intramuscular cyanocobalamin."""
    body = Body(absorption=0.0, serum=93.0 if by_mouth else 95.0)
    doses = tuple(Dose(float(day - 1), 1000.0, CN, IM) for day in KUZMINSKI)
    tablets = tuple(Dose(float(day), 2000.0, CN, ORAL) for day in range(120))
    regimen, times = Regimen(tablets if by_mouth else doses), (0.0, *(float(day) for day in range(1, 120)))
    people = typical(parameters, body)
    held = observed(parameters, people, regimen, times)
    if marker == "serum":
        return float(serum(people, held)[-1, 0])
    follow = methylmalonic_acid if marker == "mma" else homocysteine
    return float(follow(people, np.array(times), held)[-1, 0])


ANAEMIC = Body(absorption=0.0, serum=148 / 0.738)  # pernicious anaemia before oral treatment


def oral_month(parameters: Parameters, marker: str = "serum") -> float:
    """Pernicious anaemia, 1 mg by mouth a day: after a month."""
    tablets = tuple(Dose(float(day), 1000.0, CN, ORAL) for day in range(30))
    times = tuple(float(day) for day in range(31))
    people = typical(parameters, ANAEMIC)
    held = observed(parameters, people, Regimen(tablets), times)
    if marker == "serum":
        return float(serum(people, held)[-1, 0])
    follow = methylmalonic_acid if marker == "mma" else homocysteine
    return float(follow(people, np.array(times), held)[-1, 0])


def untreated_marker(parameters: Parameters, level: float, marker: str) -> float:
    """MMA (nmol/L) or homocysteine (umol/L) of an untreated person with this level (pg/mL)."""
    people = typical(parameters, Body(absorption=0.0, serum=level))
    held = observed(parameters, people, Regimen(), (0.0, 1.0))[:1]
    follow = methylmalonic_acid if marker == "mma" else homocysteine
    return float(follow(people, np.zeros(1), held)[0, 0])


def oral_cohort(parameters: Parameters, days: float) -> float:
    """Percent of people with pernicious anaemia over 200 pg/mL on 1 mg by mouth a day."""
    people = draw(parameters, ANAEMIC, RETAINED, SEED, 0, COHORT, doubt=False)
    course = Regimen((), (Course(0.0, 400.0, 1000.0, CN, ORAL),))
    return float(100.0 * (levels(parameters, people, course, (days,))[-1] > 200.0).mean())


def six_injections(parameters: Parameters, months: float, reading: str = RETAINED) -> float:
    """Level so many months after six injections of 1 mg hydroxocobalamin on alternate days, over the level before.

    The people were deficient; that they did not absorb is this program's assumption, the abstract does not say.
    """
    people = typical(parameters, Body(absorption=0.0, serum=185.0), reading)
    doses = tuple(Dose(2.0 * number, 1000.0, OH, IM) for number in range(6))
    return float(levels(parameters, people, Regimen(doses), (10.0 + months * MONTH,))[-1, 0] / 185.0)


def gastrectomy_level(parameters: Parameters, start: float = 450.0, months: float = 15.0) -> float:
    """Level (pg/mL) of an untreated person so long after total gastrectomy."""
    people = typical(parameters, Body(absorption=0.0, serum=start))
    return float(levels(parameters, people, Regimen(), (months * MONTH,))[-1, 0])
