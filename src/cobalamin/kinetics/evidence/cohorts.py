"""Further published figures, run on the model: cohorts, losses, absorption, blood, and in which direction the body moves a level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.blood import Blood, blood, blood_of_count
from cobalamin.kinetics.chance import normals
from cobalamin.kinetics.disposition import ENTERED, LOST, POOL, STORE, URINE
from cobalamin.kinetics.doses import Body, Dose, Regimen
from cobalamin.kinetics.evidence.experiments import (
    CN,
    COHORT,
    HEALTHY,
    IM,
    IV,
    MONTH,
    OH,
    SEED,
    gastrectomy_level,
    levels,
    observed,
    one,
    top_of,
)
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import RETAINED, carried_amounts, draw, passive_part, typical
from cobalamin.kinetics.timetable import Carried

Floats = NDArray[np.float64]
SPREAD = 0.385  # of the level before the operation, for a coefficient of variation of 40 % (reference, 3.4)
TRACER = Body(diet=0.0, deficient=False)


def gastrectomy_months(parameters: Parameters) -> Floats:
    """Months until each person of a cohort falls under 200 pg/mL after total gastrectomy from about 450, sorted."""
    months = np.arange(0.0, 97.0)
    people = draw(parameters, Body(absorption=0.0, deficient=False), RETAINED, SEED, 0, COHORT, doubt=False)
    found = levels(parameters, people, Regimen(), tuple(float(each) for each in months * MONTH))
    before = 450.0 * np.exp(SPREAD * normals(SEED + 1, 0, COHORT, 1)[0])
    below = found / found[0] * before < 200.0
    return np.sort(np.where(below.any(axis=0), months[below.argmax(axis=0)], np.inf))


def gastrectomy_median(parameters: Parameters) -> float:
    return float(np.median(gastrectomy_months(parameters)))


def gastrectomy_share(parameters: Parameters, months: float) -> float:
    """Percent of them that are low within so many months."""
    return float(100.0 * (gastrectomy_months(parameters) <= months).mean())


def lower_start(parameters: Parameters) -> float:
    """1 where a lower level before the operation is a lower level 15 months after it."""
    return float(gastrectomy_level(parameters, 300.0) < gastrectomy_level(parameters, 450.0))


# -- losses --------------------------------------------------------------------------------------------------------------


def loss_ratio(parameters: Parameters, absorption: float) -> float:
    """The part of the store lost in a day, over that of a person with intrinsic factor on a usual diet."""
    people = [typical(parameters, Body(absorption=part, diet=0.0, deficient=False)) for part in (absorption, 1.0)]
    return float(people[0].store_loss[0] / people[1].store_loss[0])


def plasma_half_time(parameters: Parameters) -> float:
    """Half-time (days) of a tracer in serum between day 100 and day 400."""
    found = _traced(parameters, (100.0, 400.0))[1]
    return float(300.0 * np.log(2.0) / np.log(found[0] / found[1]))


def excreted(parameters: Parameters) -> float:
    """Percent of a retained tracer that leaves in a day, around day 150."""
    held = _traced(parameters, (150.0, 151.0))[0]
    lost = (held[1, [URINE, LOST]] - held[0, [URINE, LOST]]).sum()
    return float(100.0 * lost / held[0, [POOL, STORE]].sum())


def _traced(parameters: Parameters, times: tuple[float, ...]) -> tuple[Floats, Floats]:
    """What a tracer of 1 microgram adds to the amounts and to the level of a healthy person."""
    people = typical(parameters, TRACER)
    given = [one(CN, amount, IV) for amount in (1.0, 1e-9)]
    held = [observed(parameters, people, each, times)[:, :, 0] for each in given]
    seen = [levels(parameters, people, each, times)[:, 0] for each in given]
    return held[0] - held[1], seen[0] - seen[1]


def daily_loss(parameters: Parameters, store: float) -> float:
    """Micrograms a day lost from a store where intrinsic factor is present."""
    return parameters.value("ks_present") * store


def need_by_injection(parameters: Parameters) -> float:
    """Micrograms a day by injection that keep the store just sufficient without intrinsic factor, urine included."""
    loss = parameters.value("ks_absent") * parameters.value("store_enough")
    held = observed(parameters, typical(parameters, Body(absorption=0.0)), one(CN, 1.0), (0.0, 3.0))
    kept = 1.0 - (held[1, URINE, 0] - held[0, URINE, 0]) / held[1, ENTERED, 0]
    return float(loss / kept)


# -- absorption ----------------------------------------------------------------------------------------------------------


def swallowed(parameters: Parameters, amount: float, absorption: float = 1.0, times: float = 1.0) -> float:
    """Micrograms absorbed from a dose, or from so many of them five hours apart, fasting."""
    people = typical(parameters, Body(absorption=absorption, deficient=False))
    each = tuple(Carried(amount, 5.0 / 24 if number else 0.0) for number in range(int(times)))
    carried = sum(float(taken[0]) for taken in carried_amounts(people, each))
    return carried + times * amount * float(passive_part(people, False)[0])


def split(parameters: Parameters) -> float:
    """What three doses of 1 microgram five hours apart bring, over one of 3 micrograms."""
    return swallowed(parameters, 1.0, times=3.0) / swallowed(parameters, 3.0)


def food(parameters: Parameters) -> float:
    """The passive part of a dose with food, over that fasting."""
    people = typical(parameters, HEALTHY)
    return float(passive_part(people, True)[0] / passive_part(people, False)[0])


def without_factor(parameters: Parameters) -> float:
    """Micrograms that intrinsic factor carries from 5 micrograms where there is none."""
    people = typical(parameters, Body(absorption=0.0))
    return float(carried_amounts(people, (Carried(5.0, 0.0),))[0][0])


def gain(parameters: Parameters, form: str, gfr: float) -> float:
    """Micrograms that 1 mg has added to the pools and the store after a week."""
    people = typical(parameters, Body(absorption=0.0, gfr=gfr))
    held = [
        observed(parameters, people, one(form, amount), (7.0,))[0, [POOL, STORE], 0].sum() for amount in (1000.0, 1e-9)
    ]
    return float(held[0] - held[1])


def gain_ratio(parameters: Parameters, form: str) -> float:
    """That gain at half the normal GFR, over that at the normal one."""
    normal = parameters.value("gfr_normal")
    return gain(parameters, form, normal / 2) / gain(parameters, form, normal)


# -- blood ---------------------------------------------------------------------------------------------------------------


def answered(
    parameters: Parameters, red_cells: float | None = None, haemoglobin: float | None = None
) -> tuple[Floats, Blood]:
    """The blood of a severely deficient person with so many red cells (10^12/L), or such a haemoglobin (g/dL), after six
    injections of hydroxocobalamin."""
    people = typical(parameters, Body(absorption=0.0, serum=60.0))
    times = np.arange(0.0, 101.0, 0.25)
    given = Regimen(tuple(Dose(2.0 * number, 1000.0, OH, IM) for number in range(6)))
    held = observed(parameters, people, given, tuple(times.tolist()))
    if haemoglobin is not None:
        return times, blood(people, times, held, 10.0 * haemoglobin)
    return times, blood_of_count(people, times, held, np.full(1, red_cells))


def peak_day(parameters: Parameters, red_cells: float) -> float:
    """Day after the first injection on which reticulocytes peak."""
    times, found = answered(parameters, red_cells)
    return float(top_of(times, found.reticulocytes[:, 0]))


def peak_size(parameters: Parameters, red_cells: float) -> float:
    """Reticulocytes at their peak, percent."""
    return float(answered(parameters, red_cells)[1].reticulocytes.max())


def untreated_reticulocytes(parameters: Parameters, red_cells: float) -> float:
    return float(answered(parameters, red_cells)[1].reticulocytes[0, 0])


def rise_a_week(parameters: Parameters, haemoglobin: float) -> float:
    """g/dL a week over weeks 1 to 4."""
    return (haemoglobin_on(parameters, haemoglobin, 28.0) - haemoglobin_on(parameters, haemoglobin, 7.0)) / 3.0


def haemoglobin_on(parameters: Parameters, haemoglobin: float, day: float) -> float:
    """g/dL so many days after the first injection, from one before it."""
    times, found = answered(parameters, haemoglobin=haemoglobin)
    return float(np.interp(day, times, found.haemoglobin[:, 0]) / 10.0)


def weeks_to(parameters: Parameters, haemoglobin: float, wanted: float) -> float:
    """Weeks from the first injection to a haemoglobin (g/dL); infinite where it is not reached in 100 days."""
    times, found = answered(parameters, haemoglobin=haemoglobin)
    level = np.maximum.accumulate(found.haemoglobin[:, 0]) / 10.0
    return float(np.interp(wanted, level, times) / 7.0) if level[-1] >= wanted else float("inf")
