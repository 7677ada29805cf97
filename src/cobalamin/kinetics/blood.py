"""Red cells, reticulocytes and haemoglobin: cells die late in the marrow while B12 does not suffice, and survive once it does.

    drive        P = (Eref / 120) min((Eref / E)^gain, 5)
    marrow       dD/dt = P - D / 7
    late marrow  dM1/dt = phi D / 7 - k M1, and twice more;  k = 3 / transit
    in blood     dR/dt = k M3 - R / stay;  dN/dt = R / stay - N / 115;  dO/dt = -O / life
    E = R + N + O;  haemoglobin = 30 pg (R + N) + 36 pg O

`phi` is the part that survives: what keeps the anaemia of the start level, rising towards 1 while the body's content is over
`store_enough` (and over what it was in the anaemia), and falling back below it. Cells are 10^12/L, times days (reference, 3.1; that reticulocytes leave sooner before
treatment answers its second fault). Iron, folate and bleeding are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.markers import body_content
from cobalamin.kinetics.people import People

Floats = NDArray[np.float64]
LIFE, YOUNG_LIFE, MARROW, MOST_DRIVE, STRESSED = 120.0, 115.0, 7.0, 5.0, 1.5
NORMAL_HB, LARGE_HB = 30.0, 36.0  # pg in a cell
NOT_ENOUGH = 1.05  # what was in the body when the anaemia had come did not suffice, and hardly more would have
STEP, LATER, EARLY = (
    0.125,
    0.25,
    100.0,
)  # days; longer steps once the answer is over; fastest rates: 3 a day, 6 in some people


@dataclass(frozen=True)
class Blood:
    """By observed time and person: haemoglobin (g/L), red cells (10^12/L) and reticulocytes (% of red cells)."""

    haemoglobin: Floats
    red_cells: Floats
    reticulocytes: Floats


def blood(people: People, times: Floats, held: Floats, haemoglobin: float) -> Blood:
    """The blood from a haemoglobin (g/L) at the first time on, when all cells were made without enough B12."""
    marrow = _Marrow(people, haemoglobin / LARGE_HB)
    content = body_content(held)
    enough = content > np.maximum(people["store_enough"], content[0] * NOT_ENOUGH)
    found = [marrow.seen()]
    for place in range(1, len(times)):
        gap = float(times[place] - times[place - 1])
        steps = int(np.ceil(gap / (STEP if times[place] <= EARLY else LATER)))
        for _ in range(steps):
            marrow.advance(gap / steps, enough[place])
        found.append(marrow.seen())
    cells = np.array(found)
    return Blood(cells[:, 0], cells[:, 1], cells[:, 2])


class _Marrow:
    """The pools D, M1, M2, M3, R, N, O of every person."""

    def __init__(self, people: People, count: float) -> None:
        self.people = people
        self.rate = 3.0 / people["red_transit"]
        self.life = people["red_megaloblastic"]
        self.lowest = np.minimum(count / self.life / self._drive(np.full(people.count, count)), 1.0)
        self.survival = self.lowest.copy()
        ready = MARROW * self._drive(np.full(people.count, count))
        leaving = self.survival * ready / MARROW
        late = leaving / self.rate
        young = leaving * self._stay(np.full(people.count, count))
        self.pools = np.array([ready, late, late, late, young, 0.0 * young, count - young])

    def _drive(self, count: Floats) -> Floats:
        normal = self.people["red_normal"]
        return np.asarray(normal / LIFE * np.minimum((normal / count) ** self.people["red_gain"], MOST_DRIVE))

    def _stay(self, count: Floats) -> Floats:
        """Days as a reticulocyte: longer in a marrow under stress that has what it needs, shorter in one that lacks it."""
        normal, left = self.people["red_normal"], self.people["red_untreated"]
        recovered = (self.survival - self.lowest) / np.maximum(1.0 - self.lowest, 1e-9)
        lacking = np.maximum((normal - count) / normal, 0.0)
        return np.asarray(
            self.people["red_reticulocyte"] * (left + (1.0 - left) * recovered) * (1.0 + STRESSED * lacking * recovered)
        )

    def _slopes(self, pools: Floats) -> Floats:
        ready, first, second, third, young, new, old = pools
        count = young + new + old
        out = young / self._stay(count)
        small = np.maximum(1.0 - self.survival, 0.0) * out  # cells made while B12 lacks stay large and short-lived
        k = self.rate
        return np.array([
            self._drive(count) - ready / MARROW, self.survival * ready / MARROW - k * first, k * (first - second), k * (second - third),
            k * third - out, out - small - new / YOUNG_LIFE, small - old / self.life,
        ])  # fmt: skip

    def advance(self, h: float, enough: Floats) -> None:
        """The midpoint rule; survival moves exactly towards where it goes."""
        toward = np.where(enough, 1.0, self.lowest)
        self.survival = toward + (self.survival - toward) * np.exp2(-h / self.people["red_recovery"])
        middle = self.pools + 0.5 * h * self._slopes(self.pools)
        self.pools = self.pools + h * self._slopes(middle)

    def seen(self) -> tuple[Floats, Floats, Floats]:
        young, new, old = self.pools[4:]
        count = young + new + old
        return NORMAL_HB * (young + new) + LARGE_HB * old, count, 100.0 * young / count
