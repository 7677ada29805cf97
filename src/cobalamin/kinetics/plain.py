"""The loops of `disposition.follow` over whole NumPy arrays, for machines without numba; the functions of a step are the same."""

from __future__ import annotations

import numpy as np

from cobalamin.kinetics.disposition import (
    GAMMA,
    KA,
    KB,
    KES,
    KOUT,
    TO_DEPOT,
    TO_FREE,
    Array,
    lane_step,
    remaining,
    store_step,
)


def follow_plainly(
    h: Array, row: Array, seen: Array, doses: Array, amounts: Array, parts: Array, streams: Array, lanes: Array, loss: Array,
    depot: Array, state: Array, store: Array, out: Array,
) -> None:  # fmt: skip
    """As `disposition.follow`: every person along the grid; `out` is filled."""
    sums = np.zeros((3, len(store)))
    dose = 0
    if seen[0] >= 0:
        _observe(out[seen[0]], depot, state, store, sums)
    for step, length in enumerate(h):
        while dose < len(doses) and doses[dose, 0] == step:
            _give(doses[dose], amounts[dose] * parts[doses[dose, 3]], depot, state, sums)
            dose += 1
        _step(float(length), streams[row[step]], lanes, loss, depot, state, store, sums)
        if seen[step + 1] >= 0:
            _observe(out[seen[step + 1]], depot, state, store, sums)


def _give(dose: Array, entering: Array, depot: Array, state: Array, sums: Array) -> None:
    sums[2] += entering
    if dose[2] == TO_DEPOT:
        depot[dose[1]] += entering
    else:
        state[dose[1], 0 if dose[2] == TO_FREE else 1] += entering


def _step(
    h: float, enters: Array, lanes: Array, loss: Array, depot: Array, state: Array, store: Array, sums: Array
) -> None:
    first, second = np.zeros(len(store)), np.zeros(len(store))
    late = GAMMA * h
    for place, lane in enumerate(lanes):
        into, pooled = h * enters[0, place], h * enters[1, place]
        sums[2] += into + pooled
        left = depot[place] * remaining(h * lane[KA])
        into = into + (depot[place] - left)
        depot[place] = left
        new = _positive(state[place], into, pooled, h, lane)
        state[place] = new[0], new[1]
        sums[0] += new[4]
        sums[1] += (lane[KOUT] - lane[KB] - lane[KES]) * ((h - late) * new[2] + late * new[3])
        first += lane[KES] * new[2]
        second += lane[KES] * new[3]
    store[:], lost = store_step(store, first, second, h, loss)
    sums[1] += lost


def _positive(state: Array, into: Array, enters: Array, h: float, lane: Array) -> tuple[Array, ...]:
    new = lane_step(state[0], state[1], into, enters, h, GAMMA * h, lane)
    below = (new[0] < 0.0) | (new[1] < 0.0)
    if not below.any():
        return new
    safe = lane_step(state[0], state[1], into, enters, h, h, lane)
    return tuple(np.where(below, one, other) for one, other in zip(safe, new, strict=True))


def _observe(out: Array, depot: Array, state: Array, store: Array, sums: Array) -> None:
    out[0], out[1], out[2], out[3] = depot.sum(0), state[:, 0].sum(0), state[:, 1].sum(0), store
    out[4:7] = sums
