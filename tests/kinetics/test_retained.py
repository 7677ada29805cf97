"""The retained-dose map: the same people as stepped, wherever it is used, and not used where it does not hold."""

from __future__ import annotations

import numpy as np
import pytest
from given_regimens import CN, IM, ME, OH, PERNICIOUS, injected

from cobalamin.kinetics.disposition import ENTERED, LOST, URINE
from cobalamin.kinetics.doses import Body, Course, Dose, Regimen
from cobalamin.kinetics.engine import amounts
from cobalamin.kinetics.markers import serum
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import RETAINED, draw
from cobalamin.kinetics.retained import mapped_from, prepared
from cobalamin.kinetics.timetable import Fineness, timetable

FINE = Fineness(0.002, 0.006, 3.0, 0.02, 2.0)
MONTHLY = (0.0, 2.0, 4.0, 7.0, 9.0, 11.0, *(11.0 + 30.5 * month for month in range(1, 14)))
SEEN = (
    0.0,
    0.04,
    0.3,
    3.0,
    11.0,
    41.5,
    41.54,
    41.8,
    42.5,
    47.0,
    60.0,
    72.0,
    133.0,
    139.99,
    140.0,
    200.0,
    400.0,
    407.5,
    700.0,
)
MIXED = Regimen(
    tuple(
        Dose(time, 1000.0 if place < 12 else 250.0, CN, IM if place % 2 else "subcutaneous")
        for place, time in enumerate((0.0, 1.0, *(9.0 + 14.0 * week for week in range(30))))
    )
)
REGIMENS = {
    "monthly": injected(CN, 1000.0, MONTHLY), "small": injected(CN, 100.0, MONTHLY), "me": injected(ME, 500.0, MONTHLY),
    "into a vein": injected(CN, 1000.0, MONTHLY, "intravenous"), "weekly": injected(CN, 1000.0, tuple(7.0 * week for week in range(60))),
    "mixed": MIXED,
}  # fmt: skip


@pytest.mark.parametrize("name", REGIMENS)
def test_the_map_gives_what_stepping_gives(parameters: Parameters, name: str) -> None:
    regimen = REGIMENS[name]
    assert mapped_from(regimen) is not None
    people = draw(parameters, Body(absorption=0.5, serum=150.0), RETAINED, 4, 0, 60)
    mapped = prepared(regimen, SEEN, 0.15, FINE)(people)
    stepped = amounts(people, timetable(regimen, SEEN, 0.15, FINE))
    np.testing.assert_allclose(serum(people, mapped), serum(people, stepped), rtol=2e-3)
    for row in (URINE, LOST, ENTERED):
        np.testing.assert_allclose(mapped[:, row], stepped[:, row], rtol=3e-3, atol=1e-6)


@pytest.mark.parametrize("seen", [(0.0, 5.0), (41.5,), (300.0,), (0.0, 390.0, 5000.0), (11.0, 72.0, 72.5)])
def test_any_times_can_be_asked_for(parameters: Parameters, seen: tuple[float, ...]) -> None:
    people = draw(parameters, PERNICIOUS, RETAINED, 4, 0, 10)
    mapped = prepared(REGIMENS["monthly"], seen, 0.15, FINE)(people)
    stepped = amounts(people, timetable(REGIMENS["monthly"], seen, 0.15, FINE))
    np.testing.assert_allclose(serum(people, mapped), serum(people, stepped), rtol=2e-3)


def test_nothing_is_lost_or_made_by_the_map_and_nothing_is_below_zero(parameters: Parameters) -> None:
    people = draw(parameters, PERNICIOUS, RETAINED, 8, 0, 100)
    held = prepared(REGIMENS["monthly"], SEEN, 0.15)(people)
    there = held[:, [0, 1, 2, 3, URINE, LOST]].sum(axis=1) - held[:, ENTERED]
    np.testing.assert_allclose(there, np.broadcast_to(sum(people.start()), there.shape), rtol=1e-9)
    assert held.min() >= 0.0


def test_a_person_is_the_same_whoever_else_is_mapped(parameters: Parameters) -> None:
    held = prepared(REGIMENS["mixed"], SEEN, 0.15)
    whole = held(draw(parameters, PERNICIOUS, RETAINED, 9, 0, 150))
    parts = [held(draw(parameters, PERNICIOUS, RETAINED, 9, first, 50)) for first in (0, 50, 100)]
    np.testing.assert_array_equal(whole, np.concatenate(parts, axis=2))


def test_people_who_still_have_free_vitamin_after_a_week_are_stepped(parameters: Parameters) -> None:
    people = draw(parameters, Body(absorption=0.0, gfr=5.0), RETAINED, 2, 0, 40)
    large = injected(CN, 5000.0, MONTHLY)
    held = prepared(large, SEEN, 0.15)(people)
    stepped = amounts(people, timetable(large, SEEN, 0.15))
    np.testing.assert_allclose(serum(people, held), serum(people, stepped), rtol=1e-2)
    assert (held == stepped).all(axis=(0, 1)).any()


@pytest.mark.parametrize(
    "regimen",
    [
        injected(OH, 1000.0, MONTHLY),
        injected(CN, 1000.0, MONTHLY[:8]),
        injected(CN, 1000.0, tuple(float(day) for day in range(0, 120, 3))),
        injected(CN, 1000.0, MONTHLY, "oral"),
        Regimen(injected(CN, 1000.0, MONTHLY).doses, (Course(5.0, 100.0, 1000.0, CN, "oral"),)),
        Regimen((*injected(CN, 1000.0, MONTHLY).doses, Dose(500.0, 1000.0, OH, IM))),
        Regimen(),
    ],
    ids=["hydroxocobalamin", "few", "close together", "by mouth", "with a course", "two forms", "nothing"],
)
def test_where_it_does_not_hold_it_is_not_used(regimen: Regimen) -> None:
    assert mapped_from(regimen) is None
