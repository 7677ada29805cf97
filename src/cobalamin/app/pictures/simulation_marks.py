"""The marks of the printed page of a simulation, and the numbers and dates of its axes."""

from __future__ import annotations

from datetime import date

import numpy as np

from cobalamin.app.pictures.svg import element
from cobalamin.spans import Span, add
from cobalamin.text.days import month_short

SECOND = "#a33b20"  # the second reading


def dose_mark(x: float, y: float, given: bool) -> str:
    points = f"{x:.2f},{y - 2.6:.2f} {x + 0.9:.2f},{y:.2f} {x - 0.9:.2f},{y:.2f}"
    return element("polygon", points=points, fill="#000" if given else "#fff", stroke="#000", stroke_width=0.25)


def bead(x: float, y: float) -> str:
    return element("circle", cx=x, cy=y, r=0.65, fill="#fff", stroke=SECOND, stroke_width=0.3)


def result_mark(x: float, y: float) -> str:
    points = f"{x:.2f},{y - 1.4:.2f} {x + 1.4:.2f},{y:.2f} {x:.2f},{y + 1.4:.2f} {x - 1.4:.2f},{y:.2f}"
    return element("polygon", points=points, fill="#fff", stroke="#000", stroke_width=0.45)


def rounded_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value) * power)


def ticks(highest: float) -> list[float]:
    power = 10.0 ** np.floor(np.log10(highest))
    step = next(each * power for each in (0.1, 0.2, 0.5, 1, 2) if highest / (each * power) <= 6)
    return [round(step * place, 6) for place in range(int(highest / step + 1e-9) + 1)]


def dated(begin: date, until: date) -> list[tuple[date, str]]:
    """About ten dates for the axis: the first of a month, or of a year's quarter, half or whole."""
    months = (until.year - begin.year) * 12 + until.month - begin.month
    step = next((each for each in (1, 2, 3, 6, 12, 24, 60) if months / each <= 12), 120)
    first = date(begin.year, 1, 1)
    marks = [add(first, Span(step * place, "mo")) for place in range(months // step + 14)]
    shown = [day for day in marks if begin <= day <= until]
    return [(day, f"{month_short(day)} {day.year}" if step < 12 else str(day.year)) for day in shown]
