"""What can be read off the curves: a table of days from the first to the last, which `read.js` also shows under the figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cobalamin.app.pictures.simulation_marks import MOST_COMPARED
from cobalamin.app.services import shipped
from cobalamin.app.services.simulation.answer import Simulation
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.simulate import cell, days_since, scenario_words
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.simulation.curves import Plot
from cobalamin.kinetics.simulation import SERUM, STORE, Simulated
from cobalamin.text.days import day_short

Floats = NDArray[np.float64]
MOST = 49  # rows; a page stays small, and a finger can choose each of them


@dataclass(frozen=True)
class Row:
    """A day: where it lies in the figure of the level, and its cells."""

    x: int
    y: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Readings:
    titles: tuple[str, ...]
    rows: tuple[Row, ...]


def readings_of(screen: Builder, answer: Simulation) -> Readings:
    """The days, evenly over the figure, with the middle person and 90 of 100 people, and the middle of what is compared."""
    main, others = answer.simulated[0], answer.compared[:MOST_COMPARED]
    plot = Plot(answer, SERUM, screen.say)
    single = [answer.day(each.on) for each in answer.given if each.until is None]
    named = [kept(screen.spelled(scenario_words(other.scenario, screen.say))) for other in others]
    titles = [screen.say(f"web.simulate__read_{name}") for name in ("day", "level", "store")]
    titles[2:2] = [screen.say("web.simulate__read_beside", scenario=name) for name in named]
    rows = []
    for place in _places(main.times):
        day = float(main.times[place])
        cells = [_day(answer, day), cell(main, SERUM, place, screen.say), cell(main, STORE, place, screen.say)]
        cells[2:2] = [screen.words.number(f"{_at(other.simulated[0], day):,.0f}") for other in others]
        cells += [days_since(single, day)] if single else []
        rows.append(Row(*plot.place(day, main.bands[SERUM][2][place]), tuple(cells)))
    return Readings((*titles, *([screen.say("web.simulate__read_since")] if single else [])), tuple(rows))


def _places(times: Floats) -> list[int]:
    """Of the simulated times those next to evenly spaced ones, each once."""
    wanted = np.linspace(times[0], times[-1], min(MOST, len(times)))
    return sorted({int(np.abs(times - each).argmin()) for each in wanted})


def _at(run: Simulated, day: float) -> float:
    times, row = run.times, run.bands[SERUM][2]
    return float(row[int(np.abs(times - day).argmin())])


def _day(answer: Simulation, day: float) -> str:
    return day_short(answer.date_of(day), shipped.library().own_words, with_year=True)
