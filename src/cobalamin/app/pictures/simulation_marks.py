"""What the printed page and the screen draw alike of a simulation: how far up its values go. And the marks of the page."""

from __future__ import annotations

import numpy as np

from cobalamin.app.pictures.axes import Axis, rounded_up
from cobalamin.app.pictures.svg import element
from cobalamin.app.services.simulation.answer import Simulation
from cobalamin.kinetics.simulation import SERUM, STORE

MOST_COMPARED = 3  # are drawn: as many as have dashes of their own
_LOWEST_TOP = {STORE: 1.0, SERUM: 500.0}
_SCALE = {STORE: 0.001, SERUM: 1.0}
SECOND = "#a33b20"  # the second reading


def dose_mark(x: float, y: float, given: bool) -> str:
    points = f"{x:.2f},{y - 2.6:.2f} {x + 0.9:.2f},{y:.2f} {x - 0.9:.2f},{y:.2f}"
    return element("polygon", points=points, fill="#000" if given else "#fff", stroke="#000", stroke_width=0.25)


def bead(x: float, y: float) -> str:
    return element("circle", cx=x, cy=y, r=0.65, fill="#fff", stroke=SECOND, stroke_width=0.3)


def result_mark(x: float, y: float) -> str:
    points = f"{x:.2f},{y - 1.4:.2f} {x + 1.4:.2f},{y:.2f} {x:.2f},{y + 1.4:.2f} {x - 1.4:.2f},{y:.2f}"
    return element("polygon", points=points, fill="#fff", stroke="#000", stroke_width=0.45)


def value_axis(answer: Simulation, marker: str, foot: float, top: float, most: float) -> Axis:
    """The values of a marker: up to what 95 of 100 people have most of the time, not to the hours after an injection.

    The axis is in what the chart says; `scaled` turns a value of the model into that.
    """
    others = answer.compared[:MOST_COMPARED]
    given = [*answer.given, *(each for other in others for each in other.given)]
    share = 0.8 if marker == SERUM and any(each.until is None for each in given) else 1.0
    rows = [answer.simulated[0].bands[marker][4], *(other.simulated[0].bands[marker][2] for other in others)]
    usual = max(float(np.quantile(row, share)) for row in rows)
    near = [1.05 * mark.value for mark in answer.marks if mark.marker == marker and 1.05 * mark.value < 4 * usual]
    highest = rounded_up(max([scaled(usual * 1.05, marker), _LOWEST_TOP[marker], *near]))
    return Axis(0.0, highest, foot, top, most)


def scaled(value: float, marker: str) -> float:
    """A value of the model in the unit of the chart."""
    return value * _SCALE[marker]
