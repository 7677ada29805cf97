"""Runs that are an illness, never a calm line (hazard H55): the middle person ends without enough B12, or a lack is not treated at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from cobalamin.app.services.simulation.given import Remark
from cobalamin.kinetics.parameters import packaged_parameters
from cobalamin.kinetics.simulation import SHARES, STORE, Simulated

UNTREATED, LACK_UNTREATED = "UNTREATED", "LACK_UNTREATED"
_MIDDLE = SHARES.index(50.0)


@dataclass(frozen=True)
class Run:
    """One regimen ("" for what is simulated first), whether it gives anything, and what came of it."""

    regimen: str
    treated: bool
    readings: tuple[Simulated, ...]


def untreated(runs: Iterable[Run], begin: date, deficient: bool) -> tuple[Remark, ...]:
    """A remark for each run whose middle store ends under what blood needs, and for each that leaves a deficiency untreated.

    The second however short the run is: an illness is there from its first day, before the store is that empty.
    """
    found = []
    for run in runs:
        regimen, readings = run.regimen, run.readings
        days = [day for each in readings if (day := _without_enough(each)) is not None]
        if days:
            on = begin + timedelta(days=int(min(days)))
            found.append(Remark(UNTREATED, False, on, "", {"regimen": regimen, "enough": _enough() / 1000}))
        elif deficient and not run.treated:
            found.append(Remark(LACK_UNTREATED, False, begin, "", {"regimen": regimen}))
    return tuple(found)


def _enough() -> float:
    """Micrograms in store under which the model's blood formation fails."""
    return packaged_parameters().value("store_enough")


def _without_enough(each: Simulated) -> float | None:
    """The first day from which to the end the middle store is under what blood needs; None where it ends above."""
    short = each.bands[STORE][_MIDDLE] < _enough()
    if not short[-1]:
        return None
    enough = np.flatnonzero(~short)
    return float(each.times[enough[-1] + 1 if len(enough) else 0])
