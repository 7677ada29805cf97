"""Runs in which the middle person ends without enough B12 to live on: an illness, never a calm line (hazard H55)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from cobalamin.app.services.simulation.given import Remark
from cobalamin.kinetics.parameters import packaged_parameters
from cobalamin.kinetics.simulation import SHARES, STORE, Simulated

UNTREATED = "UNTREATED"
_MIDDLE = SHARES.index(50.0)


def untreated(runs: Iterable[tuple[str, tuple[Simulated, ...]]], begin: date) -> tuple[Remark, ...]:
    """A remark for each run, by its regimen ("" for what is simulated first), whose middle store ends under what blood needs."""
    found = []
    for regimen, readings in runs:
        days = [day for each in readings if (day := _without_enough(each)) is not None]
        if days:
            on = begin + timedelta(days=int(min(days)))
            found.append(Remark(UNTREATED, False, on, "", {"regimen": regimen, "enough": _enough() / 1000}))
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
