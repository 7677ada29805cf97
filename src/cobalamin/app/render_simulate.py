"""A simulation as one JSON document and as a table: the same numbers as the text and the picture."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cobalamin.app.simulating import Given, Simulation
from cobalamin.kinetics.doses import Body
from cobalamin.kinetics.simulation import LOW_SERUM, SHARES, UNITS, Simulated
from cobalamin.knowledge.library import english

Floats = NDArray[np.float64]
DIGITS = 4  # kept of a figure: what differs between processors lies far behind
NOTES = ("not_a_measurement", "no_symptoms", "bands", "moves_nothing", "not_covered")


def rounded(value: float) -> float | None:
    """Four significant digits; None for never."""
    return float(f"{value:.{DIGITS}g}") if np.isfinite(value) else None


def document(answer: Simulation) -> dict[str, Any]:
    """The JSON document of `simulate`."""
    say = english().text
    return {
        "on": str(answer.on),
        "begin": str(answer.begin),
        "until": str(answer.until),
        **({"stop": str(answer.stop)} if answer.stop else {}),
        **({"scenario": answer.scenario} if answer.scenario else {}),
        "people": answer.options.people,
        "seed": answer.options.seed,
        "assumed": _assumed(answer.asked.body),
        "units": UNITS,
        "percentiles": list(SHARES),
        "days": [int(time) for time in answer.asked.times],
        "doses": [_given(each) for each in answer.given],
        "results": [
            {"date": str(mark.on), "marker": mark.marker, "value": f"{mark.comparator}{mark.value:g}"}
            for mark in answer.marks
        ],
        "readings": [_simulated(each, answer.stop) for each in answer.simulated],
        "compared": [
            {
                "scenario": other.scenario,
                "doses": [_given(each) for each in other.given],
                "readings": [_simulated(each, answer.stop) for each in other.simulated],
            }
            for other in answer.compared
        ],
        "notes": [say(f"simulate.{note}") for note in NOTES],
        "signed_off": False,
    }


def _assumed(body: Body) -> dict[str, Any]:
    known = {"weight_kg": body.weight, "gfr_ml_min": body.gfr, "serum_b12": body.serum, "haemoglobin": body.haemoglobin}
    return {
        "absorption": body.absorption,
        "diet": body.diet,
        **{name: value for name, value in known.items() if value is not None},
    }


def _given(each: Given) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": "course" if each.until else "dose", "date": str(each.on)}
    if each.until:
        told |= {"until": str(each.until), "every_days": rounded(each.spacing)}
    return {**told, "substance": each.substance, "dose": each.dose.as_json(), "route": each.route}


def _simulated(each: Simulated, stop: date | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "reading": each.reading,
        "bands": {name: [[rounded(value) for value in row] for row in rows] for name, rows in each.bands.items()},
    }
    if stop:
        told["months_to_low"] = {str(int(share)): months for share, months in months_to_low(each).items()}
        told["low_serum_b12"] = LOW_SERUM
    return told


def months_to_low(each: Simulated) -> dict[float, float | None]:
    """Months from the stop until so many of 100 people have had a low level; None where it does not happen in time."""
    days = each.low_after
    return {
        share: rounded(float(days[min(int(np.ceil(share / 100.0 * len(days))) - 1, len(days) - 1)]) / (365.25 / 12))
        for share in SHARES
    }


def table_csv(answer: Simulation) -> str:
    """A row for each time and reading: the date and the band of every marker."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = list(answer.simulated[0].bands)
    heads = [f"{name}_{int(share)}" for name in names for share in SHARES]
    writer.writerow(["scenario", "reading", "date", "day", *heads])
    runs = [("", each) for each in answer.simulated]
    runs += [(other.scenario, each) for other in answer.compared for each in other.simulated]
    for scenario, each in runs:
        for place, time in enumerate(each.times):
            cells = [rounded(float(each.bands[name][row, place])) for name in names for row in range(len(SHARES))]
            writer.writerow([scenario, each.reading, str(answer.date_of(float(time))), int(time), *cells])
    return out.getvalue()
