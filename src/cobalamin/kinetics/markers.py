"""What a laboratory would find: serum B12, methylmalonic acid and homocysteine from the amounts in the body.

serum = 1000 F / V + theta_e E + theta_s S. Both metabolites follow, with a lag, a value that the content of the body sets, food's
part of the small pools being counted as the level counts it (`available`). Below `marker_least` they are held, because nothing
was observed there (reference, 3.1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.disposition import FREE, POOL, STORE
from cobalamin.kinetics.people import People

Floats = NDArray[np.float64]
PMOL = 0.738  # pmol/L in 1 pg/mL of B12
SERUM, MMA, HOMOCYSTEINE = "serum_b12", "mma", "homocysteine"


def serum(people: People, held: Floats) -> Floats:
    """Total serum B12, pg/mL, by observed time and person."""
    return (
        1000.0 * held[:, FREE] / people.volume + people["theta_e"] * held[:, POOL] + people["theta_s"] * held[:, STORE]
    )


def body_content(held: Floats) -> Floats:
    """Micrograms in the store and the exchangeable pool: what a cell can draw on."""
    return held[:, POOL] + held[:, STORE]


def methylmalonic_acid(people: People, times: Floats, held: Floats) -> Floats:
    """nmol/L. Its floor rises as the GFR falls; that it does so in inverse proportion is this program's assumption."""
    floor = people["mma_floor"] * people["gfr_normal"] / people.gfr
    return _following(people, times, floor + people["mma_rise"] * _scarcity(people, held, "mma_power"))


def homocysteine(people: People, times: Floats, held: Floats) -> Floats:
    """umol/L."""
    return _following(people, times, people["hcy_floor"] + people["hcy_rise"] * _scarcity(people, held, "hcy_power"))


def available(people: People, held: Floats) -> Floats:
    """Micrograms by which both metabolites are set: what food keeps in the small pools counts as the store of the same level.

    So at one level before treatment they are the same whatever the cause (hazard H137): taken by weight, the more of a level
    stands in the small pools, the emptier the body would look. For whoever takes up nothing of food, as all people in whom the
    metabolites were measured for the calibration, it is the content of the body.
    """
    free, pool, _ = people.start()
    of_food = people["theta_e"] * pool + 1000.0 * free / people.volume
    return np.asarray(body_content(held) + of_food / people["theta_s"] - pool)


def _scarcity(people: People, held: Floats, power: str) -> Floats:
    content = np.maximum(available(people, held), people["marker_least"])
    return np.asarray((people["marker_body"] / content) ** people[power])


def _following(people: People, times: Floats, wanted: Floats) -> Floats:
    """A first-order lag behind what is wanted, which is taken as a straight line between two observed times."""
    lag, gaps = people["marker_lag"], np.diff(times)[:, None]
    behind = np.diff(wanted, axis=0) / gaps * lag  # how far a straight line stays behind once it has gone on
    left = np.exp(-gaps / lag)
    found = np.empty_like(wanted)
    found[0] = wanted[0]
    for place, offset in enumerate(found[1:]):  # of millions of numbers: in place, and nothing that could stand outside
        np.subtract(found[place], wanted[place], out=offset)
        offset += behind[place]
        offset *= left[place]
        offset += wanted[place + 1] - behind[place]
    return found
