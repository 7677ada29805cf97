"""Further published trials, run on the model: courses by mouth and by the nose, and levels after total gastrectomy."""

from __future__ import annotations

import numpy as np

from cobalamin.kinetics.doses import Body, Course, Dose, Regimen
from cobalamin.kinetics.evidence.cohorts import gastrectomy_share
from cobalamin.kinetics.evidence.experiments import CN, HEALTHY, IM, MONTH, OH, ORAL, levels, one
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import typical

PMOL = 0.738  # pmol/L in 1 pg/mL
FEW_DAYS = 120.0  # of tablets that are taken one by one; longer courses are an even stream
PARTLY = 0.5  # absorption where a low level has no known cause: what keeps such a level even; this program's assumption


def tablets(
    parameters: Parameters, amount: float, days: float, level: float, absorption: float = 0.0, diet: float = 1.0
) -> float:
    """Level (pg/mL) after so many days of one dose a day by mouth, from a level before it."""
    people = typical(parameters, Body(absorption=absorption, diet=diet, serum=level))
    if days <= FEW_DAYS:
        given = Regimen(tuple(Dose(float(day), amount, CN, ORAL) for day in range(int(days))))
    else:
        given = Regimen((), (Course(0.0, days + 1.0, amount, CN, ORAL),))
    return float(levels(parameters, people, given, (days,))[-1, 0])


def after_gastrectomy(parameters: Parameters, months: float) -> float:
    """Untreated, the level after so many months over the level at the operation."""
    people = typical(parameters, Body(absorption=0.0, serum=579.0))
    return float(levels(parameters, people, Regimen(), (months * MONTH,))[-1, 0] / 579.0)


def low_after_gastrectomy(parameters: Parameters, months: float) -> float:
    """Percent of people under 200 pg/mL so many months after the operation."""
    return gastrectomy_share(parameters, months)


def highest(parameters: Parameters, form: str, amount: float, route: str) -> float:
    """Highest rise of the level (ng/mL) after a dose in a healthy person."""
    times = tuple(float(time) for time in np.linspace(0.0, 0.5, 121))
    found = levels(parameters, typical(parameters, HEALTHY), one(form, amount, route), times)[:, 0]
    return float((found.max() - found[0]) / 1000.0)


LOADED = (0.0, 2.0, 6.0, 9.0, 13.0, 20.0, 29.0, 59.0)  # days of the injections before the level on day 61


def day_61(parameters: Parameters) -> float:
    """Level (pg/mL) on day 61 of eight injections of 1 mg cyanocobalamin, from one of 270 (only its bound is published)."""
    people = typical(parameters, Body(absorption=PARTLY, serum=270.0))
    given = Regimen(tuple(Dose(day, 1000.0, CN, IM) for day in LOADED))
    return float(levels(parameters, people, given, (60.0,))[-1, 0])


def nasal_month(parameters: Parameters) -> float:
    """Level (pmol/L) after four weeks: 1.5 mg hydroxocobalamin by the nose daily for a week, then three times weekly."""
    days = (*range(7), 14, 21, 27)
    people = typical(parameters, Body(absorption=PARTLY, serum=120.0 / PMOL))
    given = Regimen(tuple(Dose(float(day), 1500.0, OH, "nasal") for day in days))
    return float(levels(parameters, people, given, (28.0,))[-1, 0] * PMOL)
