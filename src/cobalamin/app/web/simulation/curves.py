"""The curves of a simulation for a screen of any width: two pictures, told by shape and shade as the printed one is.

The numbers are those of `picture_of`, `table_csv` and the table below. Points that would lie on each other are left out, so that
a page stays small; the tops and feet of the curves are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from cobalamin.app.pictures.axes import TimeAxis, with_room
from cobalamin.app.pictures.simulation_marks import MOST_COMPARED, scaled, value_axis
from cobalamin.app.pictures.svg import element, written
from cobalamin.app.services import shipped
from cobalamin.app.services.simulation.answer import AS_PLANNED, Simulation
from cobalamin.app.services.simulation.body import Mark
from cobalamin.kinetics.simulation import LOW_SERUM, SERUM, STORE

Floats = NDArray[np.float64]
Say = Callable[..., str]
WIDE, HIGH = 1280.0, 640.0  # whole numbers of these are fine enough for a path
LEFT, RIGHT, TOP, FOOT = 138.0, 16.0, 26.0, 120.0
STEP_X, STEP_Y = 4, 3  # what the eye does not tell apart
COLUMN, MOST_OF_COLUMN = 12, 5  # where points lie this dense, the ends of each column are drawn
LARGEST = 40.0  # letters of an axis on a telephone, see `.curves .scale` in the style sheet


@dataclass(frozen=True)
class Figure:
    """One of the two pictures, and its heading."""

    title: str
    svg: str


@dataclass(frozen=True)
class Sign:
    """One line of the legend: what is drawn, and its words."""

    svg: str
    words: str


def figure(answer: Simulation, marker: str, say: Say) -> Figure:
    """The curves of the level in the blood, or of the stores."""
    title = say({STORE: "simulate.picture_store", SERUM: "simulate.picture_serum"}[marker])
    return Figure(title, Plot(answer, marker, say).svg(title))


def legend(answer: Simulation, say: Say) -> list[Sign]:
    """What the shades, lines and marks are."""
    drawn = {
        "simulate.legend__band90": element("rect", x=0, y=4, width=56, height=20, class_="band90"),
        "simulate.legend__band50": element("rect", x=0, y=4, width=56, height=20, class_="band50"),
        "web.simulate__legend_middle": _stroke("middle"),
    }
    first = [say(key) for key in drawn]
    if len(answer.simulated) > 1:  # bands are drawn of the first reading alone
        first = [say("web.simulate__legend_reading", what=words) for words in first]
    signs = [Sign(_sample(each), words) for each, words in zip(drawn.values(), first, strict=True)]
    if len(answer.simulated) > 1:
        signs.append(Sign(_sample(_stroke("second")), say("simulate.legend__second")))
    for place, other in enumerate(answer.compared[:MOST_COMPARED], 1):
        signs.append(
            Sign(
                _sample(_stroke(f"other other{place}")), compared_words(other.scenario, len(answer.simulated) > 1, say)
            )
        )
    signs.append(Sign(_sample(_stroke("low")), say("simulate.picture_low", level=f"{LOW_SERUM:.0f}")))
    if answer.given:
        signs += _dose_signs(answer, say)
    if answer.marks:
        signs.append(Sign(_sample(_result(28.0, 14.0)), say("simulate.legend__result")))
    return signs


def _dose_signs(answer: Simulation, say: Say) -> list[Sign]:
    """A filled mark is a dose that is in the record; one that is only simulated stays empty, whatever its day."""
    told = []
    for recorded, key in ((True, "web.simulate__legend_recorded"), (False, "web.simulate__legend_not_recorded")):
        if any(each.recorded == recorded for each in answer.given):
            told.append(Sign(_sample(_tick(28.0, 2.0, recorded)), say(key)))
    if any(each.until for each in answer.given):
        told.append(Sign(_sample(_bar(8.0, 7.0, 40.0, False)), say("web.simulate__legend_course")))
    return told


def compared_words(scenario: str, first: bool, say: Say) -> str:
    """The middle person of a compared regimen; `first`: of the first reading, where there are two."""
    told = say("simulate.as_planned") if scenario == AS_PLANNED else scenario
    return say("simulate.legend__compared_first" if first else "simulate.legend__compared", scenario=told)


def _sample(drawn: str) -> str:
    return element("svg", drawn, viewBox="0 0 56 28", class_="curves sample", aria_hidden="true", focusable="false")


def _stroke(name: str) -> str:
    return element("path", d="M0,14h56", class_=name)


def _tick(x: float, y: float, given: bool) -> str:
    points = f"{x:.0f},{y:.0f} {x + 7:.0f},{y + 20:.0f} {x - 7:.0f},{y + 20:.0f}"
    return element("polygon", points=points, class_=_dose_class(given))


def _bar(x: float, y: float, width: float, given: bool) -> str:
    return element("rect", x=x, y=y, width=width, height=14, class_=_dose_class(given))


def _dose_class(given: bool) -> str:
    return "dose given" if given else "dose"


def _result(x: float, y: float) -> str:
    points = f"{x:.0f},{y - 11:.0f} {x + 11:.0f},{y:.0f} {x:.0f},{y + 11:.0f} {x - 11:.0f},{y:.0f}"
    return element("polygon", points=points, class_="result")


def _reader() -> str:
    """The line and the dot that `read.js` moves to the day that is read; unseen until then."""
    line = element("line", x1=0, y1=TOP, x2=0, y2=HIGH - FOOT)
    return element("g", line, element("circle", cx=0, cy=HIGH - FOOT, r=11), class_="reader")


class Plot:
    """Where days and values of one marker lie in its figure, and what is drawn there."""

    def __init__(self, answer: Simulation, marker: str, say: Say) -> None:
        self.answer, self.marker, self.say = answer, marker, say
        self.main = answer.simulated[0]
        self.days = TimeAxis(answer.begin, float(answer.asked.times[-1]), LEFT, WIDE - RIGHT)
        self.axis = value_axis(answer, marker, HIGH - FOOT, TOP, most=1.3)

    def _other(self, place: int) -> tuple[Floats, Floats]:
        found = self.answer.compared[place].simulated[0]
        return found.times, found.bands[self.marker][2]

    def y(self, value: float) -> float:
        return self.axis.at(scaled(value, self.marker))

    def place(self, day: float, value: float) -> tuple[int, int]:
        """Where a value lies; one beyond the top lies at the edge."""
        return round(self.days.after(day)), round(self.axis.held(scaled(value, self.marker)))

    def svg(self, title: str) -> str:
        clip = element(
            "clipPath",
            element("rect", x=LEFT, y=TOP, width=WIDE - LEFT - RIGHT, height=HIGH - TOP - FOOT),
            id=f"in-{self.marker}",
        )
        parts = [
            element("defs", clip), *self._scale(), *self._days(), element("g", *self._curves(), clip_path=f"url(#in-{self.marker})"),
            *self._verticals(), *self._doses(), *self._results(), _reader(),
        ]  # fmt: skip
        told = self.say("web.simulate__picture_told", title=title)
        return element(
            "svg", *parts, viewBox=f"0 0 {WIDE:.0f} {HIGH:.0f}", class_="curves readable", role="img", aria_label=told
        )

    def _scale(self) -> list[str]:
        parts = []
        for value in self.axis.ticks():
            y = self.axis.at(value)
            parts.append(element("line", x1=LEFT, y1=y, x2=WIDE - RIGHT, y2=y, class_="grid"))
            parts.append(
                element(
                    "text",
                    shipped.library().own_words.number(f"{value:,g}"),
                    x=LEFT - 12,
                    y=y + 9,
                    text_anchor="end",
                    class_="scale",
                )
            )
        return parts

    def _days(self) -> list[str]:
        parts = []
        dates = self.days.dates(most=6)
        shown = with_room(dates, self.days.at, LARGEST, 0.0, WIDE, middle=True)
        for tick in dates:
            x = self.days.at(tick[0])
            parts.append(element("line", x1=x, y1=HIGH - FOOT, x2=x, y2=HIGH - FOOT + 10, class_="axis"))
            if tick in shown:
                parts.append(element("text", written(tick[1]), x=x, y=HIGH - 12, text_anchor="middle", class_="scale"))
        return parts

    def _curves(self) -> list[str]:
        times, bands = self.main.times, self.main.bands[self.marker]
        inside = [self._band(times, bands[0], bands[4], "band90"), self._band(times, bands[1], bands[3], "band50")]
        if self.marker == SERUM:
            low = self.y(LOW_SERUM)
            inside.append(element("line", x1=LEFT, y1=low, x2=WIDE - RIGHT, y2=low, class_="low"))
        for second in self.answer.simulated[1:]:
            inside.append(self._line(second.times, second.bands[self.marker][2], "second"))
        inside.append(self._line(times, bands[2], "middle"))
        for place in range(min(len(self.answer.compared), MOST_COMPARED)):
            inside.append(self._line(*self._other(place), f"other other{place + 1}"))
        return inside

    def _points(self, times: Floats, row: Floats) -> list[tuple[int, int]]:
        return thinned(
            [
                (round(self.days.after(float(day))), round(self.y(float(value))))
                for day, value in zip(times, row, strict=True)
            ]
        )

    def _line(self, times: Floats, row: Floats, name: str) -> str:
        return element("path", d=_path(self._points(times, row)), class_=name)

    def _band(self, times: Floats, low: Floats, high: Floats, name: str) -> str:
        there, back = self._points(times, high), self._points(times, low)
        return element("path", d=f"{_path([*there, *reversed(back)])}z", class_=name)

    def _verticals(self) -> list[str]:
        answer, parts = self.answer, []
        for on, key in ((answer.on, "simulate.picture_today"), (answer.stop, "simulate.picture_stop")):
            if on is None or not 0 < answer.day(on) < self.days.days:
                continue
            x = self.days.at(on)
            left = x > WIDE / 2
            parts.append(
                element("line", x1=x, y1=TOP, x2=x, y2=HIGH - FOOT, class_="now" if on == answer.on else "stop")
            )
            words, anchor = written(self.say(key)), "end" if left else "start"
            y = TOP + (22 if on == answer.on else 50)
            parts.append(
                element("text", words, x=x - 8 if left else x + 8, y=y, text_anchor=anchor, class_="scale strong")
            )
        return parts

    def _doses(self) -> list[str]:
        """A mark for each dose under the curves, a bar for a course."""
        y, free, parts = HIGH - FOOT + 16, -1.0, []
        for each in self.answer.given:
            x = self.days.at(each.on)
            if each.until is not None:
                end = self.days.after(min(self.answer.day(each.until) + 1, self.days.days))
                parts.append(_bar(x, y, max(end - x, 1.0), each.recorded))
            elif x >= free:
                parts.append(_tick(x, y, each.recorded))
                free = x + 4
        return parts

    def _results(self) -> list[str]:
        if self.marker != SERUM:
            return []
        return [part for mark in self.answer.marks if mark.marker == SERUM for part in self._result(mark)]

    def _result(self, mark: Mark) -> list[str]:
        """A result beyond the top stays at the edge, and its number says that it lies higher."""
        x, value = self.days.at(mark.on), scaled(mark.value, SERUM)
        drawn = _result(x, self.axis.held(value))
        if not self.axis.cuts(value):
            return [drawn]
        left = x > WIDE / 2
        words, place = f"{mark.comparator}{mark.value:.0f}", x - 18 if left else x + 18
        anchor = "end" if left else "start"
        return [drawn, element("text", written(words), x=place, y=TOP + 10, text_anchor=anchor, class_="scale strong")]


def thinned(points: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without points that lie on each other; where a curve turns, the turning point stays."""
    columns = [list(column) for _, column in groupby(points, lambda point: point[0] // COLUMN)]
    dense = [point for column in columns for point in (column if len(column) <= MOST_OF_COLUMN else _ends(column))]
    kept = [dense[0]]
    for before, point, after in zip(dense, dense[1:], dense[2:], strict=False):
        turns = (point[1] - before[1]) * (after[1] - point[1]) < 0
        far = abs(point[0] - kept[-1][0]) >= STEP_X or abs(point[1] - kept[-1][1]) >= STEP_Y
        if far or (turns and point != kept[-1]):
            kept.append(point)
    return [*kept, dense[-1]] if len(dense) > 1 else kept


def _ends(column: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where a curve enters and leaves a narrow column, and its top and foot there."""
    chosen = {0, len(column) - 1}
    chosen |= {pick(range(len(column)), key=lambda place: column[place][1]) for pick in (min, max)}
    return [column[place] for place in sorted(chosen)]


def _path(points: Sequence[tuple[int, int]]) -> str:
    """A path in steps from point to point, which is shorter than places."""
    steps = (f"l{point[0] - before[0]},{point[1] - before[1]}" for before, point in pairwise(points))
    return f"M{points[0][0]},{points[0][1]}{''.join(steps)}"
