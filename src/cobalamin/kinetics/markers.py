"""What a laboratory would find: serum B12, methylmalonic acid and homocysteine from the amounts in the body.

serum = 1000 F / V + theta_e E + theta_s S. Both metabolites follow, with a lag, a value that the content of the body sets; below
`marker_least` they are held, because nothing was observed there (reference, 3.1).
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


def _scarcity(people: People, held: Floats, power: str) -> Floats:
    content = np.maximum(body_content(held), people["marker_least"])
    return np.asarray((people["marker_body"] / content) ** people[power])


def _following(people: People, times: Floats, wanted: Floats) -> Floats:
    """A first-order lag behind what is wanted, which is taken as a straight line between two observed times."""
    found = np.empty_like(wanted)
    found[0] = wanted[0]
    lag = people["marker_lag"]
    for place in range(1, len(times)):
        gap = times[place] - times[place - 1]
        slope = (wanted[place] - wanted[place - 1]) / gap
        offset = found[place - 1] - wanted[place - 1] + slope * lag
        found[place] = wanted[place] - slope * lag + offset * np.exp(-gap / lag)
    return found
