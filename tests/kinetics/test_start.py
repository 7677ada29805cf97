"""How a person begins, and what a course by mouth gives: nothing heals by itself, and more never gives less."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from given_regimens import CN, ME, OH

from cobalamin.kinetics.disposition import STORE as STORED
from cobalamin.kinetics.doses import Body, Course, Dose, Regimen
from cobalamin.kinetics.engine import amounts
from cobalamin.kinetics.markers import homocysteine, methylmalonic_acid, serum
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import LATE_LOSS, RETAINED, draw
from cobalamin.kinetics.timetable import timetable
from hazards import hazard


@pytest.mark.parametrize("form", [CN, OH])
@pytest.mark.parametrize("amount", [100.0, 1000.0, 2000.0, 5000.0])
def test_of_a_course_as_much_stays_as_of_its_single_doses(parameters: Parameters, form: str, amount: float) -> None:
    """Stores within 2 %; a tablet's own rise of the day is evened out."""
    course = Regimen((), (Course(0.0, 90.0, amount, form, "oral"),))
    tablets = Regimen(tuple(Dose(float(day), amount, form, "oral") for day in range(90)))
    people = draw(parameters, Body(absorption=0.0), RETAINED, 1, 0, 60)
    even, single = (amounts(people, timetable(each, (30.0, 89.0), 0.15)) for each in (course, tablets))
    np.testing.assert_allclose(even[:, STORED], single[:, STORED], rtol=0.1)
    assert abs(float(np.median(even[:, STORED] / single[:, STORED])) - 1) < 0.02


@hazard("H56")
@pytest.mark.parametrize("form", [CN, OH])
def test_more_by_mouth_never_gives_less(parameters: Parameters, form: str) -> None:
    people = draw(parameters, Body(absorption=0.5), RETAINED, 3, 0, 60)
    levels = [
        serum(
            people,
            amounts(people, timetable(Regimen((), (Course(0.0, 365.0, each, form, "oral"),)), (28.0, 364.0), 0.15)),
        )
        for each in (50.0, 51.0, 500.0, 1000.0, 1999.0, 2000.0, 2001.0, 2500.0, 5000.0)
    ]
    for less, more in pairwise(levels):
        assert (more >= less * (1 - 1e-6)).all()


@hazard("H55")
@pytest.mark.parametrize("form", [CN, OH])
@pytest.mark.parametrize("body", [
    Body(absorption=absorption, diet=diet, serum=level, deficient=deficient)
    for absorption in (0.0, 0.5, 1.0) for diet in (0.0, 1.0) for level in (40.0, 150.0, 250.0, 900.0, None)
    for deficient in ((True, False) if level is None else (True,))
])  # fmt: skip
def test_a_level_that_nobody_treats_never_rises(parameters: Parameters, body: Body, form: str) -> None:
    """Whatever the cause, the level and the form that is going to be given later."""
    for reading in (RETAINED, LATE_LOSS):
        people = draw(parameters, body, reading, 4, 0, 100)
        later = Regimen((Dose(4000.0, 1000.0, form, "intramuscular"),))
        held = amounts(people, timetable(later, (0.0, 1.0, 30.0, 365.0, 1500.0, 4000.0), 0.15))
        levels = serum(people, held)
        assert (np.diff(levels, axis=0) <= 1e-12 * levels[0]).all()
        assert (np.diff(held[:, STORED], axis=0) <= 1e-12 * held[0, STORED]).all()


@hazard("H55")
def test_the_same_person_begins_whatever_is_asked(parameters: Parameters) -> None:
    body = Body(absorption=1.0, serum=150.0)
    regimens = [Regimen(), *(Regimen((Dose(50.0, 1000.0, form, "intramuscular"),)) for form in (CN, OH, ME))]
    begun = [
        amounts(draw(parameters, body, reading, 4, 0, 20), timetable(each, (0.0, 20.0, 50.0), 0.15))
        for each in regimens for reading in (RETAINED, LATE_LOSS)
    ]  # fmt: skip
    for each in begun[1:]:
        np.testing.assert_allclose(each, begun[0], rtol=1e-9, atol=1e-9)


@hazard("H137")
@pytest.mark.parametrize("level", [120.0, 150.0, 200.0, 250.0, 300.0, 450.0])
def test_at_one_level_the_metabolites_do_not_depend_on_the_cause(parameters: Parameters, level: float) -> None:
    """Before treatment; and while nothing is given they never fall, as the level never rises."""
    later = Regimen((Dose(4000.0, 1000.0, CN, "intramuscular"),))
    times = np.array([0.0, 30.0, 365.0, 1500.0])
    first: dict[str, np.ndarray] = {}
    for absorption, diet in ((0.0, 0.0), (0.0, 1.0), (0.5, 1.0), (1.0, 0.0), (1.0, 1.0)):
        people = draw(parameters, Body(absorption=absorption, diet=diet, serum=level), RETAINED, 4, 0, 60)
        held = amounts(people, timetable(later, tuple(times), 0.15))
        for name, found in (("mma", methylmalonic_acid), ("homocysteine", homocysteine)):
            values = found(people, times, held)
            assert (np.diff(values, axis=0) >= -1e-9 * values[:-1]).all(), (name, absorption, diet)
            np.testing.assert_allclose(values[0], first.setdefault(name, values[0]), rtol=1e-9)
