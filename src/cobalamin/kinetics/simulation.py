"""Many people under one regimen, streamed in batches to bands: the same bands whatever the size of a batch.

Each reading of how much hydroxocobalamin stays is run with the same people. Bands hold what is asked for: differences between
people, and the doubt about the parameters. They do not hold the scatter of a single blood result.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics.blood import blood
from cobalamin.kinetics.compiled import has_compiler
from cobalamin.kinetics.disposition import ENTERED
from cobalamin.kinetics.disposition import URINE as IN_URINE
from cobalamin.kinetics.doses import Body, Regimen, check_body, check_regimen, check_size
from cobalamin.kinetics.markers import body_content, homocysteine, methylmalonic_acid, serum
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.people import READINGS, RETAINED, People, draw
from cobalamin.kinetics.retained import prepared
from cobalamin.kinetics.timetable import USUAL, Fineness

Floats = NDArray[np.float64]
SHARES = (5.0, 25.0, 50.0, 75.0, 95.0)  # 90 % and 50 % of people, and the middle one
STORE, SERUM, MMA, HOMOCYSTEINE = "store", "serum_b12", "mma", "homocysteine"
URINE, ABSORBED = "urine", "absorbed"  # micrograms since the start: left by the urine; entered from doses and food
HAEMOGLOBIN, RED_CELLS, RETICULOCYTES = "haemoglobin", "red_cells", "reticulocytes"
UNITS = {
    STORE: "mcg", SERUM: "pg/mL", MMA: "nmol/L", HOMOCYSTEINE: "umol/L", HAEMOGLOBIN: "g/L", RED_CELLS: "10^12/L",
    RETICULOCYTES: "%", URINE: "mcg", ABSORBED: "mcg",
}  # fmt: skip
AFTER_DOSE = (
    0.05,
    0.15,
    0.3,
    0.6,
    1.0,
    2.0,
    4.0,
    7.0,
)  # days; what happens to the stores after a dose, in straight lines
USUAL_GAP, MOST_BETWEEN = 4.0, 2_000  # days, and how many times are put between
LOW_SERUM = 200.0  # pg/mL, from which the gastrectomy series calls a level deficient
_AT_ONCE = 500_000  # people times points in time in one batch
_AT_ONCE_PLAIN = 2_000_000  # where each step is a call of NumPy, which costs much the same for a few people as for all
_EXACT = 20_000_000  # values that are kept to be sorted; above, they are counted in bins of 0.6 %
# The first bin holds what lies below the lowest value, and is told as none; the last reaches beyond all doses together.
_BINS, _LOWEST, _A_DECADE = 2304, -3.0, 200.0


@dataclass(frozen=True)
class Asked:
    """What is to be simulated. `times` are days in order; `low_from`: the day from which a low level is looked for."""

    regimen: Regimen
    body: Body
    times: tuple[float, ...]
    people: int = 500
    seed: int = 1
    examples: int = 3
    low_from: float | None = None
    doubt: bool = True
    markers: tuple[str, ...] = (STORE, SERUM, MMA, HOMOCYSTEINE, URINE, ABSORBED)


@dataclass(frozen=True)
class Simulated:
    """Bands by marker: a row for each of SHARES, a column a time. `examples`: the first people drawn.
    `low_after`: days from `low_from` to a low level, sorted, infinite for people who had none."""

    reading: str
    times: Floats
    bands: dict[str, Floats]
    examples: dict[str, Floats]
    low_after: Floats = field(default_factory=lambda: np.zeros(0))


def check(asked: Asked) -> None:
    """Raises InputError, naming every fault and limit, before anything is computed."""
    check_regimen(asked.regimen)
    check_body(asked.body)
    check_size(asked.people, asked.times)


def simulate(parameters: Parameters, asked: Asked, fineness: Fineness = USUAL) -> tuple[Simulated, ...]:
    """Both readings where hydroxocobalamin is given, else the one. Raises InputError before anything is computed."""
    check(asked)
    readings = READINGS if "hydroxocobalamin" in asked.regimen.given_forms else (RETAINED,)
    regimen, times = asked.regimen, followed_times(asked)
    held = prepared(regimen, times, parameters.value("carried_after") / 24, fineness)
    follow = partial(_marked_at, asked, np.array(times), held)
    return _in_turn_or_beside(partial(_reading, parameters, asked, follow, len(times)), readings)


def _in_turn_or_beside(work: Callable[[str], Simulated], readings: tuple[str, ...]) -> tuple[Simulated, ...]:
    """Every reading; the compiled loops let others run meanwhile, so two readings take two processors."""
    if len(readings) == 1 or not has_compiler():
        return tuple(map(work, readings))
    with ThreadPoolExecutor(len(readings)) as beside:
        return tuple(beside.map(work, readings))


def followed_times(asked: Asked) -> tuple[float, ...]:
    """The asked times and, where a marker follows the stores with a lag, times between them: a marker must not depend on when
    one looks at it."""
    if not set(_wanted(asked)) - {STORE, SERUM, URINE, ABSORBED}:
        return asked.times
    last = asked.times[-1]
    found = {*asked.times, *np.arange(0.0, last, max(USUAL_GAP, last / MOST_BETWEEN)).tolist()}
    begins = [each.time for each in asked.regimen.doses] + [each.begin for each in asked.regimen.courses]
    if len(begins) * len(AFTER_DOSE) <= MOST_BETWEEN:
        found |= {time for begin in begins for after in AFTER_DOSE if (time := begin + after) < last}
    return tuple(sorted(found))


def _wanted(asked: Asked) -> tuple[str, ...]:
    return (*asked.markers, *((HAEMOGLOBIN, RETICULOCYTES) if asked.body.haemoglobin else ()))


def _marked_at(asked: Asked, times: Floats, held: Callable[[People], Floats], people: People) -> dict[str, Floats]:
    """The wanted markers of these people at the asked times."""
    found = marked(people, times, held(people), _wanted(asked))
    shown = np.searchsorted(times, asked.times)
    return found if len(times) == len(asked.times) else {name: values[shown] for name, values in found.items()}


def _reading(
    parameters: Parameters, asked: Asked, follow: Callable[[People], dict[str, Floats]], times: int, reading: str
) -> Simulated:
    batch = max((_AT_ONCE if has_compiler() else _AT_ONCE_PLAIN) // times, 64)
    kept = {name: _counting(asked) for name in _wanted(asked)}
    examples: dict[str, Floats] = {}
    low: list[Floats] = []
    for first in range(0, asked.people, batch):
        count = min(batch, asked.people - first)
        found = follow(draw(parameters, asked.body, reading, asked.seed, first, count, asked.doubt))
        for name, values in found.items():
            kept[name].add(values)
        examples = examples or {name: values[:, : asked.examples].copy() for name, values in found.items()}
        low.append(_low_after(asked, found))
    return Simulated(
        reading=reading,
        times=np.array(asked.times),
        bands={name: counted.bands() for name, counted in kept.items()},
        examples=examples,
        low_after=np.sort(np.concatenate(low)),
    )


def marked(people: People, times: Floats, held: Floats, wanted: tuple[str, ...]) -> dict[str, Floats]:
    """The wanted markers by time and person."""
    found: dict[str, Floats] = {}
    if STORE in wanted:
        found[STORE] = body_content(held)
    if SERUM in wanted:
        found[SERUM] = serum(people, held)
    if MMA in wanted:
        found[MMA] = methylmalonic_acid(people, times, held)
    if HOMOCYSTEINE in wanted:
        found[HOMOCYSTEINE] = homocysteine(people, times, held)
    found |= {name: held[:, row].copy() for name, row in ((URINE, IN_URINE), (ABSORBED, ENTERED)) if name in wanted}
    if HAEMOGLOBIN in wanted and people.body.haemoglobin:
        cells = blood(people, times, held, people.body.haemoglobin)
        found |= {HAEMOGLOBIN: cells.haemoglobin, RETICULOCYTES: cells.reticulocytes}
    return found


def _low_after(asked: Asked, found: dict[str, Floats]) -> Floats:
    """Days from `low_from` to the first level under LOW_SERUM of each person."""
    if asked.low_from is None or SERUM not in found:
        return np.zeros(0)
    times = np.array(asked.times)
    later = times >= asked.low_from
    below = found[SERUM][later] < LOW_SERUM
    days = times[later] - asked.low_from
    return np.where(below.any(axis=0), days[below.argmax(axis=0)], np.inf)


# -- bands ---------------------------------------------------------------------------------------------------------------


def _counting(asked: Asked) -> _Sorted | _Binned:
    return _Sorted() if asked.people * len(asked.times) <= _EXACT else _Binned(len(asked.times))


class _Sorted:
    """All values kept, and sorted at the end."""

    def __init__(self) -> None:
        self.blocks: list[Floats] = []

    def add(self, values: Floats) -> None:
        self.blocks.append(values)

    def bands(self) -> Floats:
        """Quantiles between neighbours, as numpy's default; sorting each row once is faster than asking numpy."""
        whole = self.blocks[0] if len(self.blocks) == 1 else np.concatenate(self.blocks, axis=1)
        ordered = np.sort(whole, axis=1)
        places = np.array(SHARES) / 100.0 * (ordered.shape[1] - 1)
        low = np.floor(places).astype(np.int64)
        high = np.minimum(low + 1, ordered.shape[1] - 1)
        part = places - low
        return np.ascontiguousarray((ordered[:, low] * (1.0 - part) + ordered[:, high] * part).T)


class _Binned:
    """Counts in logarithmic bins, for more people than can be kept; what all people share stays exact."""

    def __init__(self, times: int) -> None:
        self.counts = np.zeros((times, _BINS), np.int32)
        self.least, self.most = np.full(times, np.inf), np.full(times, -np.inf)

    def add(self, values: Floats) -> None:
        places = (np.log10(np.maximum(values, 10.0**_LOWEST)) - _LOWEST) * _A_DECADE
        bins = np.where(values < 10.0**_LOWEST, 0, np.minimum(places.astype(np.int64) + 1, _BINS - 1))
        self.least = np.minimum(self.least, values.min(axis=1))
        self.most = np.maximum(self.most, values.max(axis=1))
        for row, line in enumerate(bins):
            self.counts[row] += np.bincount(line, minlength=_BINS).astype(np.int32)

    def bands(self) -> Floats:
        running = self.counts.cumsum(axis=1, dtype=np.int64)
        wanted = np.array(SHARES) / 100.0 * running[:, -1:]
        place = np.array([np.searchsorted(line, shares) for line, shares in zip(running, wanted, strict=True)])
        told = np.where(place == 0, 0.0, 10.0 ** ((place - 0.5) / _A_DECADE + _LOWEST))
        return np.asarray(np.clip(np.ascontiguousarray(told.T), self.least, self.most))
