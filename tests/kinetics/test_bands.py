"""Bands, relapse, blood and limits: what a simulation gives back, and what it refuses before it computes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from given_regimens import CN, OH, PERNICIOUS, injected

from cobalamin.errors import InputError
from cobalamin.kinetics import simulation
from cobalamin.kinetics.doses import Body, Course, Dose, Regimen
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import LATE_LOSS, RETAINED
from cobalamin.kinetics.scenario import dated, read_scenario
from cobalamin.kinetics.simulation import SERUM, STORE, Asked, simulate
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case, Patient
from cobalamin.therapy.case.facts import facts_of
from hazards import hazard

WEEKS = tuple(7.0 * week for week in range(105))


def asked(**changed: object) -> Asked:
    usual: dict[str, object] = {"regimen": injected(OH), "body": PERNICIOUS, "times": WEEKS, "people": 120}
    return Asked(**{**usual, **changed})  # type: ignore[arg-type]  # the fields of Asked by name


@hazard("H26")
def test_both_readings_are_run_where_hydroxocobalamin_is_given(parameters: Parameters) -> None:
    assert [each.reading for each in simulate(parameters, asked())] == [RETAINED, LATE_LOSS]
    assert [each.reading for each in simulate(parameters, asked(regimen=injected(CN)))] == [RETAINED]


def test_the_second_reading_keeps_less(parameters: Parameters) -> None:
    kept, lost = simulate(parameters, asked())
    assert (lost.bands[STORE][2, 20:] < kept.bands[STORE][2, 20:]).all()
    np.testing.assert_array_equal(kept.bands[SERUM][:, 0], lost.bands[SERUM][:, 0])  # the same people at the start


def test_bands_are_in_order_and_the_same_for_a_seed(parameters: Parameters) -> None:
    one, other = (simulate(parameters, asked(seed=5))[0] for _ in range(2))
    for name, bands in one.bands.items():
        assert (np.diff(bands, axis=0) >= 0).all(), name
        np.testing.assert_array_equal(bands, other.bands[name])
    assert not np.array_equal(one.bands[SERUM], simulate(parameters, asked(seed=6))[0].bands[SERUM])


def test_bands_do_not_depend_on_the_size_of_a_batch(parameters: Parameters, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = simulate(parameters, asked(people=300))[0]
    monkeypatch.setattr(simulation, "_AT_ONCE", 70 * len(WEEKS))
    parts = simulate(parameters, asked(people=300))[0]
    for name, bands in whole.bands.items():
        np.testing.assert_array_equal(bands, parts.bands[name])


def test_bands_of_very_many_people_are_counted_in_bins(parameters: Parameters, monkeypatch: pytest.MonkeyPatch) -> None:
    sorted_ = simulate(parameters, asked(people=2000))[0]
    monkeypatch.setattr(simulation, "_EXACT", 0)
    binned = simulate(parameters, asked(people=2000))[0]
    for name, bands in sorted_.bands.items():
        np.testing.assert_allclose(binned.bands[name], bands, rtol=0.02)


def test_a_regimen_can_end_with_nothing() -> None:
    assert read_scenario("1 mg weekly x 6 then nothing") == read_scenario("1 mg weekly x 6")
    with pytest.raises(InputError, match="how long"):
        read_scenario("1 mg weekly then nothing")
    with pytest.raises(InputError, match="1 to 2,000"):
        read_scenario("1 mg weekly x 100000000")


def test_after_a_stop_levels_fall_low_sooner_or_later(parameters: Parameters) -> None:
    times = tuple(30.0 * month for month in range(180))
    found = simulate(parameters, asked(times=times, low_from=210.0, people=200))
    kept, lost = (each.low_after for each in found)
    assert np.isfinite(kept).mean() > 0.9
    assert np.median(lost) < np.median(kept)
    assert (np.diff(kept[np.isfinite(kept)]) >= 0).all()


def test_blood_recovers_with_treatment_and_does_not_without(parameters: Parameters) -> None:
    body = Body(absorption=0.0, serum=60.0, haemoglobin=70.0)
    times = tuple(float(day) for day in range(120))
    treated, untreated = (
        simulate(parameters, asked(regimen=each, body=body, times=times))[0] for each in (injected(OH), Regimen())
    )
    assert treated.bands["haemoglobin"][2, -1] > 115
    assert untreated.bands["haemoglobin"][2, -1] < 75
    assert treated.bands["reticulocytes"][2].argmax() in range(5, 10)


@hazard("H26")
def test_the_parameters_doubt_widens_the_bands(parameters: Parameters) -> None:
    wide, narrow = (
        simulate(parameters, asked(people=800, doubt=doubt))[0].bands[STORE][:, -1] for doubt in (True, False)
    )
    assert wide[4] - wide[0] > narrow[4] - narrow[0]


def test_a_marker_does_not_depend_on_when_one_looks_at_it(parameters: Parameters) -> None:
    body, few = Body(absorption=0.0, serum=95.0, haemoglobin=80.0), (0.0, 3.0, 9.0, 12.0, 60.0, 200.0)
    many = tuple(sorted({*few, 0.04, 0.2, 1.25, 2.5, *(float(day) for day in range(200))}))
    sparse, dense = (simulate(parameters, asked(times=times, body=body))[0] for times in (few, many))
    places = [many.index(time) for time in few]
    for name, bands in sparse.bands.items():
        np.testing.assert_allclose(bands, dense.bands[name][:, places], rtol=0.015, err_msg=name)


REFUSED = {
    "a negative dose": ({"regimen": injected(OH, -1.0)}, "-1 micrograms"),
    "an antidote": ({"regimen": injected(OH, 5_000_000.0)}, "at most 10,000"),
    "not a number": ({"regimen": injected(OH, float("nan"))}, "nan micrograms"),
    "ten thousand doses": ({"regimen": injected(OH, 1.0, tuple(float(day) for day in range(10_000)))}, "at most 2,000"),
    "doses out of order": ({"regimen": injected(OH, 1.0, (5.0, 1.0))}, "in order of time"),
    "a dose before the begin": ({"regimen": injected(OH, 1.0, (-5.0,))}, "must lie between"),
    "an unknown form": ({"regimen": injected("vitamin C")}, "vitamin C"),
    "an unknown route": ({"regimen": injected(OH, 1.0, (0.0,), "rectal")}, "rectal"),
    "an endless course": ({"regimen": Regimen((), (Course(5.0, 5.0, 1.0, CN, "oral"),))}, "must begin before it ends"),
    "a course of injections": ({"regimen": Regimen((), (Course(0.0, 5.0, 1.0, CN, "intramuscular"),))}, "one by one"),
    "a weightless person": ({"body": Body(weight=-70.0)}, "30 to 250 kg"),
    "no kidneys": ({"body": Body(gfr=0.0)}, "5 to 200 mL/min"),
    "an absurd level": ({"body": Body(serum=1e9)}, "10 to 5000 pg/mL"),
    "more than everything absorbed": ({"body": Body(absorption=1.5)}, "between 0"),
    "nobody": ({"people": 0}, "1 to 1,000,000"),
    "too many people": ({"people": 2_000_000}, "1 to 1,000,000"),
    "times out of order": ({"times": (0.0, 5.0, 3.0)}, "in order"),
    "a time twice": ({"times": (0.0, 3.0, 3.0)}, "each once"),
    "no time": ({"times": ()}, "can be observed"),
    "a time without end": ({"times": (0.0, float("inf"))}, "between day 0"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_can_not_be_simulated_is_refused_with_its_limit(parameters: Parameters, name: str) -> None:
    changed, said = REFUSED[name]
    with pytest.raises(InputError) as refused:
        simulate(parameters, asked(**changed))
    assert said in str(refused.value)


def test_every_fault_is_named_at_once(parameters: Parameters) -> None:
    with pytest.raises(InputError) as refused:
        simulate(parameters, asked(body=Body(weight=1.0, gfr=1.0), regimen=Regimen((Dose(0.0, 1.0, OH, "oral"),))))
    assert "weight" in str(refused.value)
    assert "GFR" in str(refused.value)


# -- typed regimens --------------------------------------------------------------------------------------------------------


def days_of(text: str, library: Library, until: date = date(2027, 1, 5)) -> list[str]:
    start = date(2026, 1, 5)
    facts = facts_of(Case(Patient("")), start)
    return [
        f"{each.kind} {each.on}" for each in dated(read_scenario(text), start, until, library.default_policy, facts)
    ]


def test_a_typed_regimen_is_dated_by_the_fold(library: Library) -> None:
    found = days_of("1 mg every 8 weeks x 3 then every 12 weeks", library, date(2026, 10, 1))
    assert found == ["dose 2026-01-05", "dose 2026-03-02", "dose 2026-04-27", "dose 2026-07-20"]


def test_months_keep_their_day(library: Library) -> None:
    assert days_of("1 mg monthly x 3", library)[:3] == ["dose 2026-01-05", "dose 2026-02-05", "dose 2026-03-05"]


def test_three_times_a_week_for_two_weeks_is_six_doses(library: Library) -> None:
    assert (
        len(
            days_of(
                "1 mg hydroxocobalamin im 3 times a week for 2 weeks then every 3 months", library, date(2026, 3, 1)
            )
        )
        == 6
    )


def test_tablets_are_a_course(library: Library) -> None:
    assert days_of("1 mg cyanocobalamin oral daily", library) == ["course 2026-01-05"]


@pytest.mark.parametrize("text", ["nothing", "no treatment"])
def test_nothing_is_a_regimen(text: str) -> None:
    assert read_scenario(text) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lacks a dose"),
        ("1 mg", "lacks how often"),
        ("every 2 weeks", "lacks a dose"),
        ("1,000 mcg weekly", "can be read as"),
        ("-1 mg weekly", "can't be read as a dose"),
        ("0 mg weekly", "more than zero"),
        ("5 ml weekly", "volume"),
        ("1 mg weekly x 100000", "1 to 2,000"),
        ("1 mg weekly x 0", "1 to 2,000"),
        ("1 mg every 0 days", "zero"),
        ("1 mg bi-weekly", "not understood"),
        ("1 mg weekly then monthly", "lacks how long"),
        ("1 mg weekly 2 mg", "not understood"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_scenario(text)
    assert said in str(refused.value)
