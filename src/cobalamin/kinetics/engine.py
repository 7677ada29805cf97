"""From people and a timetable to what every person holds at every observed time: compiled where numba is, else NumPy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.compiled import compiled_follow, has_compiler
from cobalamin.kinetics.disposition import (
    ENTERED,
    FREE,
    HELD,
    KB,
    KM,
    KOUT,
    KR,
    KUP,
    LOST,
    OBSERVED,
    POOL,
    STORE,
    URINE,
    VMAX,
    free_amount,
)  # fmt: skip
from cobalamin.kinetics.doses import Course, Dose, Regimen
from cobalamin.kinetics.people import People, absorbed, absorbed_parts, streams
from cobalamin.kinetics.plain import follow_plainly
from cobalamin.kinetics.timetable import Timetable, timetable
from cobalamin.records import replace

Floats = NDArray[np.float64]


def amounts(people: People, table: Timetable, compiled: bool | None = None) -> Floats:
    """Micrograms by observed time, row of `disposition` (DEPOT to ENTERED) and person. `compiled` None: if it can be."""
    return with_untreated(people, stepped(people, table, compiled), table.times)


def stepped(
    people: People, table: Timetable, compiled: bool | None = None, start: tuple[Floats, Floats, Floats] | None = None
) -> Floats:
    """As `amounts`, of doses alone: what was there at the start and what is eaten is left out.

    `start`: (free, exchangeable, store) before anything is given, if not nothing.
    """
    forms = table.forms
    lanes = np.ascontiguousarray(np.stack([people.lane(form) for form in forms]))
    nothing = np.zeros(people.count)
    free, pool, store = start or (nothing, nothing, nothing)
    state = np.zeros((len(forms), 2, people.count))
    state[0, 0], state[0, 1] = free, pool
    out = np.empty((int(table.seen.max()) + 1, OBSERVED, people.count))
    follow = compiled_follow() if (has_compiler() if compiled is None else compiled) else follow_plainly
    follow(
        table.h, table.row, table.seen, table.doses, table.amounts, absorbed_parts(people, table), _streams(people, table), lanes,
        np.ascontiguousarray(people.store_loss), np.zeros((len(forms), people.count)), state, store.copy(), out,
    )  # fmt: skip
    return out


def with_untreated(people: People, held: Floats, times: Floats) -> Floats:
    """`held` with what a person has without any dose added to it; `times` are those of its rows, in days.

    Food brings the same amount every day and its small pools stay even; the store is linear in what flows into it. So this
    needs no steps, and the untreated course is the same whatever is given beside it.
    """
    eaten, loss, days = people.eaten, people.store_loss, times[:, None]
    free, pool, store = people.start()
    into_store = people["kes"] * pool
    gone = -np.expm1(
        -loss * days
    )  # the part of the first store that is lost, and of the even store that food has filled
    stored = store + (into_store / loss - store) * gone
    held[:, FREE] += free
    held[:, POOL] += pool
    held[:, STORE] += stored
    held[:, URINE] += (eaten - into_store) * days
    held[:, LOST] += into_store * days + store - stored
    held[:, ENTERED] += eaten * days
    return held


# -- courses by mouth and through the nose -------------------------------------------------------------------------------


def _streams(people: People, table: Timetable) -> Floats:
    courses = {stream.course for running in table.running for stream in running}
    return streams(people, table, {course: even_stream(people, course) for course in courses})


def even_stream(people: People, course: Course) -> Floats:
    """Micrograms a day into the free pool, all the time, of which as much stays as of the course's single doses.

    The uptake saturates, so of a dose that comes at once less is taken up than of the same amount spread over the time until
    the next. A few doses are solved for everybody; then follows the flow of which an even state holds as much. So a larger
    dose never gives less than a smaller one (hazard H56).
    """
    kup, vmax, km, kr, held, out, back = (people.lane(course.form)[row] for row in (KUP, VMAX, KM, KR, HELD, KOUT, KB))
    dose, nothing = absorbed(people, course), np.zeros(people.count)

    def holding(kept: Floats) -> Floats:
        """What stays a day while the pool holds what `kept` micrograms a day fill it to."""
        return (dose - _lost(people, course, kept / (out - back), returning=True)) / course.every

    most = (dose - _lost(people, course, nothing, returning=False)) / course.every
    least = np.maximum(holding(most), 0.0)  # a full pool returns more, so less stays: the truth lies between
    for _ in range(_HALVINGS if (most - least > _NEAR * most).any() else 0):
        middle = 0.5 * (least + most)
        more = holding(middle) > middle
        least, most = np.where(more, middle, least), np.where(more, most, middle)
    kept = 0.5 * (least + most)
    free = free_amount(kup, vmax, kept * out / (out - back), km)
    return np.asarray(kept + kr * free * (1.0 - held / (km + free)))


_HALVINGS, _NEAR = 6, 0.01  # how often the range of what stays is halved, where it is wider than this part of it
_SETTLING = 4.0  # days in which a dose has left depot and free pool


def _lost(people: People, course: Course, pool: Floats, returning: bool) -> Floats:
    """Micrograms that leave by the urine between two doses, `pool` being in the exchangeable pool; what is carried left out.

    Without `returning`: of one dose, before it is taken up at all.
    """
    values = (
        people.values if returning else {**people.values, "kb_cn": np.zeros_like(pool), "kb_oh": np.zeros_like(pool)}
    )
    alone = replace(people, values=values, body=replace(people.body, absorption=0.0))
    before = math.ceil(_SETTLING / course.every) if returning else 0
    given = [
        Dose(at * course.every, course.amount, course.form, course.route, course.with_food) for at in range(before + 1)
    ]
    last = before * course.every
    times = (last, last + course.every) if returning else (_SETTLING,)
    rows = stepped(
        alone, timetable(Regimen(tuple(given)), times, 0.0), start=(np.zeros_like(pool), pool, np.zeros_like(pool))
    )
    return np.asarray(rows[-1, URINE] - (rows[0, URINE] if returning else 0.0))
