"""Red cells, reticulocytes and haemoglobin: cells die late in the marrow while B12 does not suffice, and survive once it does.

    drive        P = (Eref / 120) min((Eref / E)^gain, 5)
    marrow       dD/dt = P - D / 7
    late marrow  dM1/dt = phi D / 7 - k M1, and twice more;  k = 3 / transit
    in blood     dR/dt = k M3 - R / stay;  dN/dt = R / stay - N / 115;  dO/dt = -O / life
    E = R + N + O;  haemoglobin = 30 pg (R + N) + 36 pg O

`phi` is the part that survives: what keeps the anaemia of the start as it is, rising towards 1 while the body's content is over
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
LEAST_CELLS = 0.1  # 10^12/L
ROUNDS = 12
STEP, LATER, EARLY = 0.25, 1.0, 60.0  # days; longer steps once most of the answer is over


@dataclass(frozen=True)
class Blood:
    """By observed time and person: haemoglobin (g/L), red cells (10^12/L) and reticulocytes (% of red cells)."""

    haemoglobin: Floats
    red_cells: Floats
    reticulocytes: Floats


def blood(people: People, times: Floats, held: Floats, haemoglobin: float) -> Blood:
    """The blood from a haemoglobin (g/L) at the first time on, which without B12 would stay as it is."""
    count = np.full(people.count, haemoglobin / LARGE_HB)
    for _ in range(ROUNDS):  # how large the cells are depends on how many are made in vain, and this on their number
        count = count * haemoglobin / _Marrow(people, count).seen()[0]
    return blood_of_count(people, times, held, count)


def blood_of_count(people: People, times: Floats, held: Floats, count: Floats) -> Blood:
    """The same from a count of red cells (10^12/L) of each person."""
    marrow = _Marrow(people, count)
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

    def __init__(self, people: People, count: Floats) -> None:
        """All pools even at this count: what survives in the marrow is what keeps it."""
        self.people = people
        self.rate = 3.0 / people["red_transit"]
        self.life = people["red_megaloblastic"]
        self.lowest = np.zeros(people.count)
        made, stay = self._drive(count), self._stay(count, self.lowest)
        # count = survival made (stay + survival YOUNG_LIFE + (1 - survival) life), solved for survival
        longer, usual = made * (YOUNG_LIFE - self.life), made * (stay + self.life)
        self.lowest = np.minimum(2.0 * count / (usual + np.sqrt(usual * usual + 4.0 * longer * count)), 1.0)
        self.survival = self.lowest.copy()
        leaving = self.survival * made
        late, young = leaving / self.rate, leaving * stay
        old = (1.0 - self.survival) * leaving * self.life
        self.pools = [MARROW * made, late, late, late, young, count - young - old, old]
        self.change = np.zeros(people.count)  # of the count of red cells, a day

    def _drive(self, count: Floats) -> Floats:
        normal = self.people["red_normal"]
        return np.asarray(normal / LIFE * np.minimum((normal / count) ** self.people["red_gain"], MOST_DRIVE))

    def _stay(self, count: Floats, survival: Floats) -> Floats:
        """Days as a reticulocyte: longer in a marrow under stress that has what it needs, shorter in one that lacks it."""
        normal, left = self.people["red_normal"], self.people["red_untreated"]
        recovered = (survival - self.lowest) / np.maximum(1.0 - self.lowest, 1e-9)
        lacking = np.maximum((normal - count) / normal, 0.0)
        return np.asarray(
            self.people["red_reticulocyte"] * (left + (1.0 - left) * recovered) * (1.0 + STRESSED * lacking * recovered)
        )

    def advance(self, h: float, enough: Floats) -> None:
        """The trapezium rule, pool after pool, each fed by the mean of the one before it; survival moves exactly.

        What depends on the count of red cells is taken at the middle of the step, from the last change of that slow count.
        """
        ready, first, second, third, young, new, old = self.pools
        before = young + new + old
        count = np.maximum(before + 0.5 * h * self.change, LEAST_CELLS)
        toward, half = np.where(enough, 1.0, self.lowest), np.exp2(-0.5 * h / self.people["red_recovery"])
        survival = toward + (self.survival - toward) * half
        self.survival = toward + (survival - toward) * half
        ready, out = _filled(ready, self._drive(count), 1.0 / MARROW, h)
        first, out = _filled(first, survival * out, self.rate, h)
        second, out = _filled(second, out, self.rate, h)
        third, out = _filled(third, out, self.rate, h)
        young, out = _filled(young, out, 1.0 / self._stay(count, survival), h)
        small = np.maximum(1.0 - survival, 0.0) * out  # cells made while B12 lacks stay large and short-lived
        new, _ = _filled(new, out - small, 1.0 / YOUNG_LIFE, h)
        old, _ = _filled(old, small, 1.0 / self.life, h)
        self.pools = [ready, first, second, third, young, new, old]
        self.change = (young + new + old - before) / h

    def seen(self) -> tuple[Floats, Floats, Floats]:
        young, new, old = self.pools[4:]
        count = young + new + old
        return NORMAL_HB * (young + new) + LARGE_HB * old, count, 100.0 * young / count


def _filled(pool: Floats, inflow: Floats, rate: Floats | float, h: float) -> tuple[Floats, Floats]:
    """A pool after a step, and what left it in a day of the step."""
    after = (pool * (1.0 - 0.5 * h * rate) + h * inflow) / (1.0 + 0.5 * h * rate)
    return after, 0.5 * rate * (pool + after)
