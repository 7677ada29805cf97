"""The same model in another hand: the differential equations as they are written, solved by SciPy to a tight tolerance."""

from __future__ import annotations

import numpy as np
from scipy.integrate import solve_ivp

from cobalamin.kinetics.disposition import HELD, KA, KB, KES, KM, KOUT, KR, KUP, VMAX
from cobalamin.kinetics.doses import INJECTED, SWALLOWED, Regimen
from cobalamin.kinetics.people import FOOD, People, carried_amounts, passive_part
from cobalamin.kinetics.timetable import Carried


def slow_amounts(
    people: People,
    regimen: Regimen,
    times: tuple[float, ...],
    carried_after: float,
    method: str = "LSODA",
    tight: float = 1e-10,
) -> np.ndarray:
    """(A, F, E, S, urine) of one person and one form at each time; doses of a moment count after it."""
    form = regimen.forms[0]
    lane, loss, eaten = people.lane(form)[:, 0], float(people.store_loss[0]), float(people.eaten[0])
    food, quick, out, back, _ = (float(each[0]) for each in people.returning(FOOD))
    free, pool, store = (float(each[0]) for each in people.start())
    state = np.array([0.0, 0.0, 0.0, store, 0.0, free, pool])  # the last two: what is eaten, which is never much

    def slopes(_: float, y: np.ndarray) -> list[float]:
        full = y[1] / (lane[KM] + y[1])
        taken = lane[KUP] * y[1] + lane[VMAX] * full
        lost = lane[KR] * (y[1] - lane[HELD] * full)
        return [
            -lane[KA] * y[0],
            lane[KA] * y[0] - lost - taken + lane[KB] * y[2],
            taken - lane[KOUT] * y[2],
            lane[KES] * (y[2] + y[6]) - loss * y[3],
            lost + food * quick * y[5],
            back * y[6] - quick * y[5],
            (1.0 - food) * quick * y[5] - out * y[6] + eaten,
        ]

    entering = entries(people, regimen, carried_after)
    found, now = {}, 0.0
    for stop in sorted({*times, *(moment for moment, _, _ in entering if moment < times[-1])}):
        if stop > now:
            state = solve_ivp(slopes, (now, stop), state, method=method, rtol=tight, atol=tight).y[:, -1]
        found[stop] = state.copy()
        for moment, place, amount in entering:
            if moment == stop:
                state[place] += amount
        now = stop
    return np.array([found[time][:5] + np.array([0.0, *found[time][5:], 0.0, 0.0]) for time in times])


def entries(people: People, regimen: Regimen, carried_after: float) -> list[tuple[float, int, float]]:
    """(time, which amount, how much) of everything that enters."""
    found, swallowed, before = [], [], None
    for dose in regimen.doses:
        if dose.route in SWALLOWED:
            swallowed.append(Carried(dose.amount, 0.0 if before is None else dose.time - before))
            before = dose.time
            found.append((dose.time, 0, dose.amount * float(passive_part(people, dose.with_food)[0])))
        elif dose.route in INJECTED:
            found.append((dose.time, 1 if dose.route == "intravenous" else 0, dose.amount))
        else:
            found.append((dose.time, 0, dose.amount * float(people["f_nasal"][0])))
    carried = iter(carried_amounts(people, tuple(swallowed)))
    found += [
        (dose.time + carried_after, 2, float(next(carried)[0])) for dose in regimen.doses if dose.route in SWALLOWED
    ]
    return sorted(found)
