"""Target 26 and more: the fast engine against its slow twin, the balance of mass, positivity, closed forms, chance."""

from __future__ import annotations

import numpy as np
import pytest
from given_regimens import CN, ME, OH, PERNICIOUS, injected

from cobalamin.kinetics import disposition
from cobalamin.kinetics.chance import normals, philox
from cobalamin.kinetics.compiled import has_compiler
from cobalamin.kinetics.disposition import ENTERED, KM, KR, KUP, LOST, POOL, STORE, URINE, VMAX
from cobalamin.kinetics.doses import Body, Course, Dose, Regimen
from cobalamin.kinetics.engine import amounts
from cobalamin.kinetics.markers import serum
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import LATE_LOSS, RETAINED, draw, typical
from cobalamin.kinetics.timetable import Fineness, timetable
from hazards import hazard

SEEN = (0.0, 0.04, 0.2, 1.0, 3.0, 11.0, 30.0, 95.0, 96.0, 180.0, 300.0, 700.0)
FINE = Fineness(0.0002, 0.001, 3.0, 0.01, 1.0)
MIXED = Regimen(
    (Dose(0.0, 1000.0, OH, "intramuscular"), Dose(5.0, 1000.0, CN, "intravenous"), Dose(6.0, 500.0, OH, "oral")),
    (Course(20.0, 120.0, 50.0, CN, "oral"),),
)
BY_MOUTH = Regimen(tuple(Dose(0.5 * place, 5.0, CN, "oral", with_food=place % 2 == 0) for place in range(40)))
NASAL = injected(CN, 500.0, (0.0, 7.0, 14.0), "nasal")
REGIMENS = {
    "cn": injected(CN), "oh": injected(OH), "me": injected(ME), "cn small": injected(CN, 25.0), "by mouth": BY_MOUTH, "nasal": NASAL,
    "intravenous": injected(OH, 1000.0, (0.0, 30.0), "intravenous"), "under the skin": injected(CN, 100.0, (0.0,), "subcutaneous"),
}  # fmt: skip


@pytest.mark.parametrize("name", REGIMENS)
@pytest.mark.parametrize("reading", [RETAINED, LATE_LOSS])
def test_a_fine_grid_is_what_the_slow_twin_gives(parameters: Parameters, name: str, reading: str) -> None:
    pytest.importorskip("scipy")
    from slow_twin import slow_amounts

    people = typical(parameters, Body(absorption=0.4, serum=150.0), reading)
    after = parameters.value("carried_after") / 24
    held = amounts(people, timetable(REGIMENS[name], SEEN, after, FINE))[:, :5, 0]
    slow = slow_amounts(people, REGIMENS[name], SEEN, after)
    np.testing.assert_allclose(held, slow, rtol=4e-4, atol=2e-4)


@pytest.mark.parametrize("form", [CN, OH])
def test_the_usual_grid_is_near_the_fine_one(parameters: Parameters, form: str) -> None:
    people = draw(parameters, PERNICIOUS, RETAINED, 3, 0, 64)
    times = tuple(float(day) for day in range(7, 700, 13))
    levels = [
        serum(people, amounts(people, timetable(injected(form), times, 0.15, fine))) for fine in (FINE, Fineness())
    ]
    assert np.median(np.abs(levels[1] / levels[0] - 1)) < 2e-3
    assert np.abs(levels[1] / levels[0] - 1).max() < 0.05


@pytest.mark.parametrize("regimen", [*REGIMENS.values(), MIXED], ids=[*REGIMENS, "mixed"])
def test_nothing_is_lost_or_made_and_nothing_is_below_zero(parameters: Parameters, regimen: Regimen) -> None:
    people = draw(parameters, Body(absorption=0.5, diet=1.0), LATE_LOSS, 11, 0, 200)
    held = amounts(people, timetable(regimen, SEEN, 0.15))
    before = sum(people.start())
    there = held[:, [0, 1, 2, 3, URINE, LOST]].sum(axis=1)
    np.testing.assert_allclose(there - held[:, ENTERED], np.broadcast_to(before, there.shape), rtol=1e-9)
    assert held.min() >= 0.0


@pytest.mark.skipif(not has_compiler(), reason="numba is not installed")
@pytest.mark.parametrize("regimen", [*REGIMENS.values(), MIXED], ids=[*REGIMENS, "mixed"])
def test_compiled_and_plain_are_the_same(parameters: Parameters, regimen: Regimen) -> None:
    people = draw(parameters, Body(absorption=0.5), RETAINED, 5, 0, 70)
    table = timetable(regimen, SEEN, 0.15)
    np.testing.assert_allclose(amounts(people, table, True), amounts(people, table, False), rtol=1e-11, atol=1e-11)


def test_a_step_too_long_for_the_method_stays_positive(parameters: Parameters) -> None:
    people = draw(parameters, PERNICIOUS, RETAINED, 2, 0, 100)
    coarse = Fineness(5.0, 0.0, 1.0, 0.0, 5.0)
    held = amounts(people, timetable(injected(OH), SEEN, 0.15, coarse))
    assert held.min() >= 0.0
    there = held[:, [0, 1, 2, 3, URINE, LOST]].sum(axis=1) - held[:, ENTERED]
    np.testing.assert_allclose(there, np.broadcast_to(sum(people.start()), there.shape), rtol=1e-9)


def test_a_bolus_with_saturable_uptake_keeps_what_the_closed_form_says(parameters: Parameters) -> None:
    """Into the free pool, urine and one saturable uptake only: kept = Vmax/kr ln(1 + D / (Km + Vmax/kr)) (reference, section 4)."""
    plain = parameters.with_values({"kup_cn": 1e-12, "kb_cn": 1e-12, "kes": 1e-12, "held_share": 0.0})
    people = typical(plain, Body(absorption=0.0, diet=0.0))
    lane = people.lane(CN)[:, 0]
    for dose in (25.0, 100.0, 1000.0):
        held = amounts(people, timetable(injected(CN, dose, (0.0,), "intravenous"), (40.0,), 0.15, FINE))
        part = lane[VMAX] / lane[KR]
        assert held[0, POOL, 0] == pytest.approx(part * np.log1p(dose / (lane[KM] + part)), rel=1e-3)
    assert lane[KUP] < 1e-9


def test_an_untreated_store_falls_by_one_exponential(parameters: Parameters) -> None:
    people = typical(parameters, Body(absorption=0.0, deficient=False))
    held = amounts(people, timetable(Regimen(), (0.0, 365.0, 1500.0), 0.15))
    np.testing.assert_allclose(
        held[:, STORE, 0], held[0, STORE, 0] * np.exp(-people.store_loss[0] * np.array([0.0, 365.0, 1500.0])), rtol=2e-4
    )


def test_small_doses_add_up(parameters: Parameters) -> None:
    """Far below saturation two doses are the sum of each: the linear limit."""
    people = typical(parameters, Body(absorption=0.0, diet=0.0))
    held = [
        amounts(people, timetable(injected(CN, 1e-7, times), (0.0, 10.0, 50.0), 0.15, FINE))[:, :3, 0]
        for times in ((1.0, 4.0), (1.0,), (4.0,))
    ]
    np.testing.assert_allclose(held[0], held[1] + held[2], rtol=1e-3, atol=1e-16)


def test_a_stream_is_near_the_tablets_it_stands_for(parameters: Parameters) -> None:
    people = typical(parameters, PERNICIOUS)
    times = tuple(float(day) for day in range(20, 120, 7))
    tablets = Regimen(tuple(Dose(float(day), 1000.0, CN, "oral") for day in range(120)))
    stream = Regimen((), (Course(0.0, 120.0, 1000.0, CN, "oral"),))
    levels = [serum(people, amounts(people, timetable(each, times, 0.15))) for each in (tablets, stream)]
    np.testing.assert_allclose(levels[1], levels[0], rtol=0.08)


def test_chance_gives_the_known_answers_of_philox() -> None:
    """Known answers published with the generator (Random123)."""
    for counter, key, answer in (
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ):
        found = philox(tuple(np.array([word], np.uint64) for word in counter), key)  # type: ignore[arg-type]  # four of four
        assert tuple(int(word[0]) for word in found) == answer


@hazard("H26")
def test_a_person_is_the_same_whoever_else_is_drawn(parameters: Parameters) -> None:
    assert np.array_equal(normals(9, 40, 5, 7), normals(9, 0, 100, 7)[:, 40:45])
    table = timetable(injected(OH), SEEN, 0.15)
    whole = amounts(draw(parameters, PERNICIOUS, RETAINED, 9, 0, 150), table)
    parts = [amounts(draw(parameters, PERNICIOUS, RETAINED, 9, first, 50), table) for first in (0, 50, 100)]
    np.testing.assert_array_equal(whole, np.concatenate(parts, axis=2))


def test_normal_numbers_are_normal() -> None:
    drawn = normals(4, 0, 50_000, 3)
    assert np.abs(drawn.mean(axis=1)).max() < 0.02
    assert np.abs(drawn.std(axis=1) - 1).max() < 0.02
    assert np.abs(np.corrcoef(drawn) - np.eye(3)).max() < 0.02


def test_the_loops_stay_in_what_numba_compiles() -> None:
    assert disposition.CHUNK > 0
    assert not has_compiler() or callable(__import__("cobalamin.kinetics.compiled", fromlist=["x"]).compiled_follow())
