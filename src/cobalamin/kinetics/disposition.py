"""Disposition: depot, free, exchangeable and store of every person, stepped along one grid that all of them share.

    depot          dA/dt = -ka A                                   (solved by a positive rational form of its decay)
    free           dF/dt = ka A + q - kr free(F) - up(F) + kb E     free(F) = F - held F / (Km + F)
    exchangeable   dE/dt = up(F) - (kb + kES + extra) E + j         up(F)   = kup F + Vmax F / (Km + F)
    store          dS/dt = kES E - kS S
    urine          dU/dt = kr free(F)

Amounts are micrograms, times days. The method is SDIRK2 (gamma = 1 - 1/sqrt 2: L-stable, stiffly accurate) on a fixed grid. In
a stage A, E and S are eliminated, and because both saturable terms share Km, F solves one quadratic: no iteration, no rejected
step, the same work for everybody. A step that would leave an amount below zero is taken by implicit Euler, which can't. Source
of model and method: reference, sections 3.1 and 4; `held` answers its misfit of small doses (ADR of the kinetics room).

numba compiles this file as it stands (`compiled`); `plain` steps the same functions over NumPy arrays.
"""

from __future__ import annotations

from typing import Any

import numpy as np

GAMMA = 1.0 - 0.5**0.5
AHEAD = (1.0 - GAMMA) / GAMMA
# Rows of a lane's parameters: a lane is one form of the vitamin. KOUT is all that leaves the exchangeable pool.
KA, KR, HELD, KUP, VMAX, KM, KB, KES, KOUT = 0, 1, 2, 3, 4, 5, 6, 7, 8
# Where a dose enters: the depot of a lane, its free pool (intravenous), or its exchangeable pool (by intrinsic factor).
TO_DEPOT, TO_FREE, TO_POOL = 0, 1, 2
# Rows of what is observed.
DEPOT, FREE, POOL, STORE, URINE, LOST, ENTERED = 0, 1, 2, 3, 4, 5, 6
OBSERVED = 7
CHUNK = 128  # people whose state stays in the processor's cache

Array = Any  # a number, or an array of numbers, one a person


def select(condition: Array, yes: Array, no: Array) -> Array:
    return np.where(condition, yes, no)


def free_amount(a: Array, b: Array, flow: Array, km: Array) -> Array:
    """The positive root F of a F + b F / (km + F) = flow, in the form that loses no digits on either side of the corner."""
    p = a * km + b - flow
    q = 0.5 * (np.abs(p) + np.sqrt(np.maximum(p * p + 4.0 * a * flow * km, 0.0)))
    return select(p < 0.0, q, flow * km) / select(p < 0.0, a, q)


def remaining(decay: Array) -> Array:
    """exp(-decay) to fourth order, positive for any decay."""
    return 1.0 / (1.0 + decay * (1.0 + decay * (0.5 + decay * (1.0 / 6.0 + decay / 24.0))))


def stage(free: Array, pool: Array, back: Array, a: Array, b: Array, km: Array) -> tuple[Array, Array]:
    """One implicit stage: F and its saturation from what is known of F and E (the rest is of the stage's length alone)."""
    found = free_amount(a, b, free + back * pool, km)
    return found, found / (km + found)


def lane_step(
    free: Array, pool: Array, into: Array, enters: Array, h: Array, g: Array, lane: Array
) -> tuple[Array, ...]:
    """(F, E, E of both stages, urine) after a step of `h` days; `into` and `enters` come evenly over it. `g`: of a stage.

    With g = h both stages are one: implicit Euler, which keeps amounts positive at any step.
    """
    kr, held, kup, vmax, km = lane[KR], lane[HELD], lane[KUP], lane[VMAX], lane[KM]
    part = 1.0 / (1.0 + g * lane[KOUT])
    back = g * lane[KB] * part
    share = g * (1.0 - back)
    a, b = 1.0 + g * kr + share * kup, share * vmax - g * kr * held
    q, j, ahead = into * (g / h), enters * (g / h), (h - g) / g
    free1, full1 = stage(free + q, pool + j, back, a, b, km)
    pool1 = (pool + j + g * (kup * free1 + vmax * full1)) * part
    known, left = free + ahead * (free1 - free) + q, pool + ahead * (pool1 - pool) + j
    free2, full2 = stage(known, left, back, a, b, km)
    pool2 = (left + g * (kup * free2 + vmax * full2)) * part
    return free2, pool2, pool1, pool2, kr * ((h - g) * (free1 - held * full1) + g * (free2 - held * full2))


def store_step(store: Array, inflow1: Array, inflow2: Array, h: Array, loss: Array) -> tuple[Array, Array]:
    """(S, lost) after a step; the inflows are those of the two stages, a day."""
    g = GAMMA * h
    part = 1.0 / (1.0 + g * loss)
    first = (store + g * inflow1) * part
    second = (store + (h - g) * (inflow1 - loss * first) + g * inflow2) * part
    return second, loss * ((h - g) * first + g * second)


# -- one step of all people of a batch: loops for numba; `plain` does the same with whole arrays -------------------------


def release(depot: Array, into: Array, h: float, rate: Array, low: int, high: int) -> float:
    """What leaves the depots in this step is added to `into`; the largest amount left."""
    most = 0.0
    for i in range(low, high):
        left = depot[i] * remaining(h * rate[i])
        into[i] += depot[i] - left
        depot[i] = left
        most = max(most, left)
    return most


def advance(state: Array, into: Array, enters: Array, new: Array, h: float, lane: Array, low: int, high: int) -> None:
    """`new` rows: F, E, E of the first and of the second stage, urine. `into` enters the free pool, `enters` the other."""
    below = 0
    for i in range(low, high):
        own = (
            lane[0, i],
            lane[1, i],
            lane[2, i],
            lane[3, i],
            lane[4, i],
            lane[5, i],
            lane[6, i],
            lane[7, i],
            lane[8, i],
        )
        found = lane_step(state[0, i], state[1, i], into[i], enters[i], h, GAMMA * h, own)
        new[0, i], new[1, i], new[2, i], new[3, i], new[4, i] = found
        below += (found[0] < 0.0) | (found[1] < 0.0)
    if below:
        for i in range(low, high):
            if new[0, i] < 0.0 or new[1, i] < 0.0:
                found = lane_step(state[0, i], state[1, i], into[i], enters[i], h, h, lane[:, i])
                new[0, i], new[1, i], new[2, i], new[3, i], new[4, i] = found


def settle(state: Array, new: Array, sums: Array, flows: Array, h: float, lane: Array, low: int, high: int) -> None:
    """Take the step: new amounts, what was lost, and what flows into the store at both stages."""
    late = GAMMA * h
    for i in range(low, high):
        state[0, i], state[1, i] = new[0, i], new[1, i]
        extra = lane[KOUT, i] - lane[KB, i] - lane[KES, i]
        sums[0, i] += new[4, i]
        sums[1, i] += extra * ((h - late) * new[2, i] + late * new[3, i])
        flows[0, i] += lane[KES, i] * new[2, i]
        flows[1, i] += lane[KES, i] * new[3, i]


def store_all(store: Array, flows: Array, sums: Array, h: float, loss: Array, low: int, high: int) -> None:
    for i in range(low, high):
        store[i], lost = store_step(store[i], flows[0, i], flows[1, i], h, loss[i])
        sums[1, i] += lost
        flows[0, i] = flows[1, i] = 0.0


def give(dose: Array, amount: float, part: Array, depot: Array, state: Array, sums: Array, low: int, high: int) -> None:
    """A dose enters: `dose` is (step, lane, where, way), `part` the absorbed part of it for everybody."""
    for i in range(low, high):
        entering = amount * part[i]
        sums[2, i] += entering
        if dose[2] == TO_DEPOT:
            depot[dose[1], i] += entering
        elif dose[2] == TO_FREE:
            state[dose[1], 0, i] += entering
        else:
            state[dose[1], 1, i] += entering


def observe(out: Array, depot: Array, state: Array, store: Array, sums: Array, low: int, high: int) -> None:
    for i in range(low, high):
        out[DEPOT, i] = out[FREE, i] = out[POOL, i] = 0.0
        for lane in range(len(depot)):
            out[DEPOT, i] += depot[lane, i]
            out[FREE, i] += state[lane, 0, i]
            out[POOL, i] += state[lane, 1, i]
        out[STORE, i], out[URINE, i], out[LOST, i], out[ENTERED, i] = store[i], sums[0, i], sums[1, i], sums[2, i]


def step_all(
    h: float, streams: Array, lanes: Array, loss: Array, depot: Array, state: Array, store: Array, sums: Array, work: Array,
    full: Array, low: int, high: int,
) -> None:  # fmt: skip
    """One step of all lanes and the store. `streams` are micrograms a day into the free pool and into the other."""
    into, enters, new, flows = work[0], work[1], work[2:7], work[7:9]
    for lane in range(len(lanes)):
        for i in range(low, high):
            into[i], enters[i] = h * streams[0, lane, i], h * streams[1, lane, i]
            sums[2, i] += into[i] + enters[i]
        if full[lane] > 0.0:
            full[lane] = release(depot[lane], into, h, lanes[lane, KA], low, high)
        advance(state[lane], into, enters, new, h, lanes[lane], low, high)
        settle(state[lane], new, sums, flows, h, lanes[lane], low, high)
    store_all(store, flows, sums, h, loss, low, high)


def follow(
    h: Array, row: Array, seen: Array, doses: Array, amounts: Array, parts: Array, streams: Array, lanes: Array, loss: Array,
    depot: Array, state: Array, store: Array, out: Array,
) -> None:  # fmt: skip
    """Every person along the grid, in chunks. Shapes: `inflow.Inputs` and `people.People` say them; `out` is filled."""
    people = len(store)
    sums, work, full = np.zeros((3, people)), np.zeros((9, people)), np.ones(len(lanes))
    for low in range(0, people, CHUNK):
        high = min(low + CHUNK, people)
        full[:] = 1.0
        dose = 0
        if seen[0] >= 0:
            observe(out[seen[0]], depot, state, store, sums, low, high)
        for step in range(len(h)):
            while dose < len(doses) and doses[dose, 0] == step:
                give(doses[dose], amounts[dose], parts[doses[dose, 3]], depot, state, sums, low, high)
                full[doses[dose, 1]] = 1.0
                dose += 1
            step_all(h[step], streams[row[step]], lanes, loss, depot, state, store, sums, work, full, low, high)
            if seen[step + 1] >= 0:
                observe(out[seen[step + 1]], depot, state, store, sums, low, high)
