"""From people and a timetable to what every person holds at every observed time: compiled where numba is, else NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.compiled import compiled_follow, has_compiler
from cobalamin.kinetics.disposition import OBSERVED
from cobalamin.kinetics.people import People, absorbed_parts, streams
from cobalamin.kinetics.plain import follow_plainly
from cobalamin.kinetics.timetable import Timetable

Floats = NDArray[np.float64]


def amounts(
    people: People, table: Timetable, compiled: bool | None = None, start: tuple[Floats, Floats, Floats] | None = None
) -> Floats:
    """Micrograms by observed time, row of `disposition` (DEPOT to ENTERED) and person. `compiled` None: if it can be.

    `start`: (free, exchangeable, store) before anything is given; without it, as `People.start` says.
    """
    forms = table.forms
    lanes = np.ascontiguousarray(np.stack([people.lane(form) for form in forms]))
    free, pool, store = start or people.start(forms[0])
    state = np.zeros((len(forms), 2, people.count))
    state[0, 0], state[0, 1] = free, pool
    out = np.empty((int(table.seen.max()) + 1, OBSERVED, people.count))
    follow = compiled_follow() if (has_compiler() if compiled is None else compiled) else follow_plainly
    follow(
        table.h, table.row, table.seen, table.doses, table.amounts, absorbed_parts(people, table), streams(people, table), lanes,
        np.ascontiguousarray(people.store_loss), np.zeros((len(forms), people.count)), state, store.copy(), out,
    )  # fmt: skip
    return out
