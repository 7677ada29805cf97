"""The words of a simulation on a page: its view, put in the order a page needs, and a short summary above them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cobalamin.app.documents.simulate import first_sentences, other_remarks, remark_sentences
from cobalamin.app.services import shipped
from cobalamin.app.services.simulation.answer import Simulation
from cobalamin.app.services.simulation.given import Given
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.simulate import (
    add_notes,
    add_of_the_table,
    add_readings,
    add_simulated,
    low_words,
    scenario_words,
)
from cobalamin.app.web.frame.blocks import Block, Part, blocks, kept, parts
from cobalamin.kinetics.markers import PMOL
from cobalamin.kinetics.simulation import LOW_SERUM, SERUM, STORE, Simulated
from cobalamin.records import replace
from cobalamin.text.days import date_words


@dataclass(frozen=True)
class Words:
    """`alarms`: the model is not made for this person. `answer`: what the level does, and what can't be claimed. `remarks`: what
    of the record is left out or assumed. `summary`: some more sentences. `head`: what was simulated. `parts`: the tables.
    `notes`: all that it can't claim."""

    alarms: list[str]
    answer: list[str]
    remarks: list[str]
    summary: list[str]
    head: list[Block]
    parts: list[Part]
    notes: list[Block]


def words_of(screen: Builder, answer: Simulation) -> Words:
    """Everything that is told of a simulation, nothing twice."""
    add_simulated(screen, answer)
    add_of_the_table(screen, answer)
    head = blocks(screen)
    add_readings(screen, answer)
    tables = _headed(parts(screen))
    add_notes(screen, answer)
    notes = blocks(screen)
    alarms, remarks = _lines(screen, first_sentences(answer)), _lines(screen, remark_sentences(other_remarks(answer)))
    first, more = _lines(screen, answered(screen, answer)), _lines(screen, summary(screen, answer))
    return Words(alarms, first, remarks, more, head, tables, notes)


def _lines(screen: Builder, told: list[str]) -> list[str]:
    """Sentences as the blocks of the page have them."""
    return [str(kept(screen.spelled(line))) for line in told]


def _headed(found: list[Part]) -> list[Part]:
    """A heading over other headings stands before each of them."""
    above, headed = "", []
    for part in found:
        if not part.blocks:
            above = f"{part.heading}. "
            continue
        headed.append(replace(part, heading=f"{above}{part.heading}"))
    return headed


def answered(screen: Builder, answer: Simulation) -> list[str]:
    """What the level does on this schedule, on each that is compared, and what can't be claimed."""
    main, say = answer.simulated[0], screen.say
    if answer.stop:
        told = [low_words(answer, main, say)]
    else:
        told = [_course(screen, answer, answer.given, main, "answer"), *_not_calm(screen, answer)]
    for other in answer.compared:
        words = kept(screen.spelled(scenario_words(other.scenario, say)))
        told.append(_course(screen, answer, other.given, other.simulated[0], "beside", scenario=words))
    return [*told, say("web.simulate__answer_limits")]


def _how(answer: Simulation, given: tuple[Given, ...], run: Simulated) -> tuple[str, int]:
    """What the middle person's level does from today until where it is told, and the place from which it does so."""
    begin = int(np.searchsorted(run.times, max(answer.day(answer.on), 0.0)).clip(0, len(run.times) - 1))
    end = max(_place(answer, given, run)[0], begin)
    low = run.bands[SERUM][2][begin : end + 1] < LOW_SERUM
    if low.all():
        return "low", begin
    if low[-1]:
        return "falls", begin + int(np.flatnonzero(low[1:] & ~low[:-1])[0]) + 1
    return ("rises", begin + int(np.flatnonzero(low)[-1]) + 1) if low.any() else ("stays", begin)


def _course(
    screen: Builder, answer: Simulation, given: tuple[Given, ...], run: Simulated, kind: str, **fields: str
) -> str:
    """Whether the middle person is low, from today on: never, always, from a day on, or until a day."""
    how, first = _how(answer, given, run)
    place, before = _place(answer, given, run)
    key = f"web.simulate__{kind}_{how}{'_before' if before and how in _CALM else ''}"
    serum, people = float(run.bands[SERUM][2][place]), f"{answer.options.people:,}"
    day, level = _date(answer, run, first), f"{LOW_SERUM:.0f}"
    shown = {"serum": f"{serum:,.0f}", "pmol": f"{serum * PMOL:,.0f}"}
    return screen.say(key, date=day, people=people, level=level, **shown, **fields)


_CALM = ("stays", "rises")


def _not_calm(screen: Builder, answer: Simulation) -> list[str]:
    """Where the middle person is well off: those who are not, and a reading of which it is not so (hazard H136)."""
    how, first = _how(answer, answer.given, answer.simulated[0])
    if how not in _CALM:
        return []
    level, told = f"{LOW_SERUM:.0f}", []
    if (answer.simulated[0].bands[SERUM][0][first:] < LOW_SERUM).any():
        told.append(screen.say("web.simulate__answer_some", level=level))
    if any((each.bands[SERUM][2][first:] < LOW_SERUM).any() for each in answer.simulated[1:]):
        told.append(screen.say("web.simulate__answer_second", level=level))
    return told


def summary(screen: Builder, answer: Simulation) -> list[str]:
    """What the figure shows, in a few sentences of the same numbers."""
    main, say = answer.simulated[0], screen.say
    place, before = _place(answer, answer.given, main)
    key = "web.simulate__summary_before" if before else "web.simulate__summary"
    told = [say(key, date=_date(answer, main, place), people=answer.options.people, **_figures(main, place))]
    if len(answer.simulated) > 1:
        told.append(say("web.simulate__summary_second", **_figures(answer.simulated[1], place)))
    told += _falls(screen, answer, main, "web.simulate__falls")
    if answer.stop:
        told.append(low_words(answer, main, say))
    for other in answer.compared:
        run = other.simulated[0]
        place, before = _place(answer, other.given, run)
        words = kept(screen.spelled(scenario_words(other.scenario, say)))
        key = "web.simulate__summary_other_before" if before else "web.simulate__summary_other"
        told.append(say(key, scenario=words, date=_date(answer, run, place), **_figures(run, place)))
        told += _falls(screen, answer, run, "web.simulate__falls_other")
    return told


def _place(answer: Simulation, given: tuple[Given, ...], run: Simulated) -> tuple[int, bool]:
    """Where a level is told: just before the last injection of those that go on, for after it a level says little; else the end."""
    days = [answer.day(each.on) for each in given if each.until is None]
    if len(days) < 2 or len(days) != len(given) or run.times[-1] - days[-1] > 1.2 * (days[-1] - days[-2]):
        return len(run.times) - 1, False
    return int(np.searchsorted(run.times, days[-1], side="right")) - 1, True


def _date(answer: Simulation, run: Simulated, place: int) -> str:
    return date_words(answer.date_of(float(run.times[place])), shipped.library().own_words)


def _figures(each: Simulated, place: int) -> dict[str, str]:
    store, blood = each.bands[STORE][:, place], each.bands[SERUM][:, place]
    return {
        "store": f"{store[2] / 1000:.1f}",
        "serum": f"{blood[2]:,.0f}",
        "low": f"{blood[0]:,.0f}",
        "high": f"{blood[4]:,.0f}",
    }


def _falls(screen: Builder, answer: Simulation, each: Simulated, key: str) -> list[str]:
    """When the middle person is first under a low level after today; with a stop its view says it."""
    later = each.times >= max(answer.day(answer.on), 0.0)
    times, row = each.times[later], each.bands[SERUM][2][later]
    above = np.flatnonzero(row >= LOW_SERUM)
    below = np.flatnonzero(row < LOW_SERUM)
    first = below[below > above[0]] if len(above) else below[:0]
    if answer.stop or not len(first):
        return []
    return [
        screen.say(key, level=f"{LOW_SERUM:.0f}", date=date_words(answer.date_of(float(times[first[0]])), screen.words))
    ]
