"""Red cells against their slow twin: the same equations in another hand, solved by SciPy to a tight tolerance."""

from __future__ import annotations

import numpy as np
import pytest
from given_regimens import OH

from cobalamin.kinetics.blood import blood
from cobalamin.kinetics.doses import Body, Dose, Regimen
from cobalamin.kinetics.engine import amounts
from cobalamin.kinetics.markers import body_content
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import RETAINED, draw
from cobalamin.kinetics.timetable import timetable

TREATED = Regimen(tuple(Dose(2.0 * number, 1000.0, OH, "intramuscular") for number in range(6)))
ANAEMIC = Body(absorption=0.0, serum=60.0, haemoglobin=65.0)


def slow_blood(one: dict[str, float], times: tuple[float, ...], enough: list[bool]) -> np.ndarray:
    """(haemoglobin, reticulocyte share) of one person; `enough` from each time to the next."""
    from scipy.integrate import solve_ivp
    from scipy.optimize import brentq

    normal, life, untreated = one["red_normal"], one["red_megaloblastic"], one["red_untreated"]

    def drive(count: float) -> float:
        return normal / 120 * min((normal / count) ** one["red_gain"], 5.0)

    first_stay = one["red_reticulocyte"] * untreated

    def cells(count: float) -> tuple[float, float, float, float]:
        """(survival, reticulocytes, new cells, old ones) that are even at this count."""
        made = drive(count)
        phi = brentq(lambda p: p * made * (first_stay + p * 115 + (1 - p) * life) - count, 1e-9, 1.0, xtol=1e-14)
        return phi, phi * made * first_stay, phi * phi * made * 115, (1 - phi) * phi * made * life

    def haemoglobin(count: float) -> float:
        _, young, new, old = cells(count)
        return 30 * (young + new) + 36 * old

    start = brentq(lambda count: haemoglobin(count) - 65.0, 0.5, 3.0, xtol=1e-14)
    lowest, young, new, old = cells(start)

    def stay(count: float, phi: float) -> float:
        part, lacking = (phi - lowest) / (1 - lowest), max((normal - count) / normal, 0.0)
        return one["red_reticulocyte"] * (untreated + (1 - untreated) * part) * (1 + 1.5 * lacking * part)

    def slopes(_: float, y: np.ndarray, toward: float) -> list[float]:
        ready, first, second, third, young, new, old, phi = y
        count, k = young + new + old, 3 / one["red_transit"]
        out = young / stay(count, phi)
        return [
            drive(count) - ready / 7, phi * ready / 7 - k * first, k * (first - second), k * (second - third), k * third - out,
            phi * out - new / 115, (1 - phi) * out - old / one["red_megaloblastic"], np.log(2) / one["red_recovery"] * (toward - phi),
        ]  # fmt: skip

    leaving = lowest * drive(start)
    late = leaving * one["red_transit"] / 3
    y = np.array([7 * drive(start), late, late, late, young, new, old, lowest])
    found = []
    for place, time in enumerate(times):
        if place:
            toward = 1.0 if enough[place] else lowest
            y = solve_ivp(slopes, (times[place - 1], time), y, "LSODA", args=(toward,), rtol=1e-9, atol=1e-11).y[:, -1]
        count = y[4] + y[5] + y[6]
        found.append((30 * (y[4] + y[5]) + 36 * y[6], 100 * y[4] / count))
    return np.array(found)


@pytest.mark.parametrize("number", range(6))
def test_blood_is_what_its_slow_twin_gives(parameters: Parameters, number: int) -> None:
    pytest.importorskip("scipy")
    times = (*(float(day) for day in range(60)), *(60.0 + 20.0 * place for place in range(120)))
    people = draw(parameters, ANAEMIC, RETAINED, 3, number, 1)
    held = amounts(people, timetable(TREATED, times, 0.15))
    content = body_content(held)[:, 0]
    enough = [bool(each > max(people["store_enough"][0], content[0] * 1.05)) for each in content]
    seen = blood(people, np.array(times), held, 65.0)
    slow = slow_blood({name: float(values[0]) for name, values in people.values.items()}, times, enough)
    assert not all(enough[1:])  # long enough to relapse
    np.testing.assert_allclose(seen.haemoglobin[:, 0], slow[:, 0], rtol=2e-3)
    np.testing.assert_allclose(seen.reticulocytes[:, 0], slow[:, 1], rtol=3e-2, atol=0.02)


@pytest.mark.parametrize("haemoglobin", [45.0, 65.0, 100.0, 130.0, 150.0])
def test_without_treatment_no_anaemia_heals(parameters: Parameters, haemoglobin: float) -> None:
    times = tuple(float(day) for day in range(0, 1100, 10))
    people = draw(parameters, Body(absorption=0.0, serum=95.0), RETAINED, 5, 0, 100)
    found = blood(people, np.array(times), amounts(people, timetable(Regimen(), times, 0.15)), haemoglobin)
    np.testing.assert_allclose(found.haemoglobin[0], haemoglobin, rtol=1e-6)
    assert found.haemoglobin.max() <= haemoglobin * (1 + 1e-6)
