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
CHUNK = 64  # people whose rows stay in the processor's nearest cache
NOTHING = 1e-15  # micrograms in a depot that go at once, so that an empty depot costs nothing

Array = Any  # a number, or an array of numbers, one a person


def select(condition: Array, yes: Array, no: Array) -> Array:
    return np.where(condition, yes, no)


def free_amount(a: Array, b: Array, flow: Array, km: Array) -> Array:
    """The positive root F of a F + b F / (km + F) = flow, in the form that loses no digits on either side of the corner."""
    p = a * km + b - flow
    root = p * p + 4.0 * a * flow * km
    q = 0.5 * (select(p < 0.0, -p, p) + np.sqrt(select(root > 0.0, root, 0.0)))
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


# -- one step of a chunk of people: loops for numba; `plain` does the same with whole arrays -----------------------------
#
# All rows of a chunk lie in one flat array, each exactly CHUNK long: only so can the compiler prove that rows don't overlap,
# and do four or eight people with one instruction. A chunk that is not full is filled up with copies of its last person.

# Rows of a lane beside its parameters; the rows that all lanes share come after those of the last lane.
IN_DEPOT, IN_FREE, IN_POOL, INTO, ENTERS, NEW, STREAM = 9, 10, 11, 12, 13, 14, 19
LANE_ROWS = 21
IN_STORE, LOSS, SUM_URINE, SUM_LOST, SUM_ENTERED, INFLOW = 0, 1, 2, 3, 4, 5
SHARED_ROWS = 7


def arrive(lane: Array, shared: Array, h: float) -> None:
    """What the streams bring into both pools in this step."""
    for i in range(CHUNK):
        free, pool = h * lane[STREAM * CHUNK + i], h * lane[(STREAM + 1) * CHUNK + i]
        lane[INTO * CHUNK + i] = free
        lane[ENTERS * CHUNK + i] = pool
        shared[SUM_ENTERED * CHUNK + i] += free + pool


def release(lane: Array, h: float) -> int:
    """What leaves the depots in this step comes into the free pools; the number of people whose depot still holds something."""
    holding = 0
    for i in range(CHUNK):
        before = lane[IN_DEPOT * CHUNK + i]
        left = before * remaining(h * lane[KA * CHUNK + i])
        left = select(left < NOTHING, 0.0, left)
        lane[INTO * CHUNK + i] += before - left
        lane[IN_DEPOT * CHUNK + i] = left
        holding += left > 0.0
    return holding


def advance(lane: Array, h: float) -> None:
    """New rows: F, E, E of the first and of the second stage, urine."""
    below = 0
    for i in range(CHUNK):
        below += step_of_one(lane, i, h, GAMMA * h)
    if below > 0:
        for i in range(CHUNK):
            if lane[NEW * CHUNK + i] < 0.0 or lane[(NEW + 1) * CHUNK + i] < 0.0:
                step_of_one(lane, i, h, h)


def step_of_one(lane: Array, i: int, h: float, g: float) -> Array:
    """The step of one person; 1 where it would leave an amount below zero."""
    own = (
        lane[KA * CHUNK + i], lane[KR * CHUNK + i], lane[HELD * CHUNK + i], lane[KUP * CHUNK + i], lane[VMAX * CHUNK + i],
        lane[KM * CHUNK + i], lane[KB * CHUNK + i], lane[KES * CHUNK + i], lane[KOUT * CHUNK + i],
    )  # fmt: skip
    found = lane_step(
        lane[IN_FREE * CHUNK + i], lane[IN_POOL * CHUNK + i], lane[INTO * CHUNK + i], lane[ENTERS * CHUNK + i], h, g, own
    )  # fmt: skip
    lane[NEW * CHUNK + i] = found[0]
    lane[(NEW + 1) * CHUNK + i] = found[1]
    lane[(NEW + 2) * CHUNK + i] = found[2]
    lane[(NEW + 3) * CHUNK + i] = found[3]
    lane[(NEW + 4) * CHUNK + i] = found[4]
    return (found[0] < 0.0) | (found[1] < 0.0)


def settle(lane: Array, shared: Array, h: float) -> None:
    """Take the step: new amounts, what was lost, and what flows into the store at both stages."""
    late = GAMMA * h
    for i in range(CHUNK):
        lane[IN_FREE * CHUNK + i] = lane[NEW * CHUNK + i]
        lane[IN_POOL * CHUNK + i] = lane[(NEW + 1) * CHUNK + i]
        kes = lane[KES * CHUNK + i]
        extra = lane[KOUT * CHUNK + i] - lane[KB * CHUNK + i] - kes
        first, second = lane[(NEW + 2) * CHUNK + i], lane[(NEW + 3) * CHUNK + i]
        shared[SUM_URINE * CHUNK + i] += lane[(NEW + 4) * CHUNK + i]
        shared[SUM_LOST * CHUNK + i] += extra * ((h - late) * first + late * second)
        shared[INFLOW * CHUNK + i] += kes * first
        shared[(INFLOW + 1) * CHUNK + i] += kes * second


def store_all(shared: Array, h: float) -> None:
    for i in range(CHUNK):
        kept, lost = store_step(
            shared[IN_STORE * CHUNK + i], shared[INFLOW * CHUNK + i], shared[(INFLOW + 1) * CHUNK + i], h, shared[LOSS * CHUNK + i]
        )  # fmt: skip
        shared[IN_STORE * CHUNK + i] = kept
        shared[SUM_LOST * CHUNK + i] += lost
        shared[INFLOW * CHUNK + i] = 0.0
        shared[(INFLOW + 1) * CHUNK + i] = 0.0


def step_all(rows: Array, lanes: int, h: float, holding: Array) -> None:
    """One step of all lanes and the store."""
    shared = rows[lanes * LANE_ROWS * CHUNK :]
    for number in range(lanes):
        lane = rows[number * LANE_ROWS * CHUNK : (number + 1) * LANE_ROWS * CHUNK]
        arrive(lane, shared, h)
        if holding[number] > 0:
            holding[number] = release(lane, h)
        advance(lane, h)
        settle(lane, shared, h)
    store_all(shared, h)


# -- a chunk along the grid ----------------------------------------------------------------------------------------------


def load(rows: Array, at: int, values: Array, low: int) -> None:
    """One row of the chunk from the values of all people, from person `low` on."""
    last = len(values) - 1
    for i in range(CHUNK):
        rows[at + i] = values[min(low + i, last)]


def load_streams(rows: Array, streams: Array, lanes: int, low: int) -> None:
    for number in range(lanes):
        at = (number * LANE_ROWS + STREAM) * CHUNK
        load(rows, at, streams[0, number], low)
        load(rows, at + CHUNK, streams[1, number], low)


def begin(rows: Array, lanes: Array, loss: Array, depot: Array, state: Array, store: Array, low: int) -> None:
    """The parameters and amounts of a chunk at the start."""
    rows[:] = 0.0
    for number in range(len(lanes)):
        at = number * LANE_ROWS * CHUNK
        for row in range(KOUT + 1):
            load(rows, at + row * CHUNK, lanes[number, row], low)
        load(rows, at + IN_DEPOT * CHUNK, depot[number], low)
        load(rows, at + IN_FREE * CHUNK, state[number, 0], low)
        load(rows, at + IN_POOL * CHUNK, state[number, 1], low)
    shared = len(lanes) * LANE_ROWS * CHUNK
    load(rows, shared + IN_STORE * CHUNK, store, low)
    load(rows, shared + LOSS * CHUNK, loss, low)


def give(rows: Array, lanes: int, dose: Array, amount: float, part: Array, low: int) -> None:
    """A dose enters: `dose` is (step, lane, where, way), `part` the absorbed part of it for everybody."""
    into = dose[1] * LANE_ROWS + IN_DEPOT + dose[2]
    entered = lanes * LANE_ROWS + SUM_ENTERED
    for i in range(min(CHUNK, len(part) - low)):
        entering = amount * part[low + i]
        rows[into * CHUNK + i] += entering
        rows[entered * CHUNK + i] += entering


def observe(out: Array, rows: Array, lanes: int, low: int) -> None:
    shared = lanes * LANE_ROWS
    for i in range(min(CHUNK, out.shape[1] - low)):
        for row in range(3):
            total = 0.0
            for number in range(lanes):
                total += rows[(number * LANE_ROWS + IN_DEPOT + row) * CHUNK + i]
            out[DEPOT + row, low + i] = total
        out[STORE, low + i] = rows[(shared + IN_STORE) * CHUNK + i]
        for row in range(3):
            out[URINE + row, low + i] = rows[(shared + SUM_URINE + row) * CHUNK + i]


def follow(
    h: Array, row: Array, seen: Array, doses: Array, amounts: Array, parts: Array, streams: Array, lanes: Array, loss: Array,
    depot: Array, state: Array, store: Array, out: Array,
) -> None:  # fmt: skip
    """Every person along the grid, in chunks. Shapes: `timetable.Timetable` and `people.People` say them; `out` is filled."""
    rows = np.zeros((len(lanes) * LANE_ROWS + SHARED_ROWS) * CHUNK)
    holding = np.ones(len(lanes), np.int64)
    for low in range(0, len(store), CHUNK):
        begin(rows, lanes, loss, depot, state, store, low)
        holding[:] = 1
        dose, running = 0, -1
        if seen[0] >= 0:
            observe(out[seen[0]], rows, len(lanes), low)
        for step in range(len(h)):
            while dose < len(doses) and doses[dose, 0] == step:
                give(rows, len(lanes), doses[dose], amounts[dose], parts[doses[dose, 3]], low)
                holding[doses[dose, 1]] = 1
                dose += 1
            if row[step] != running:
                running = row[step]
                load_streams(rows, streams[running], len(lanes), low)
            step_all(rows, len(lanes), h[step], holding)
            if seen[step + 1] >= 0:
                observe(out[seen[step + 1]], rows, len(lanes), low)
