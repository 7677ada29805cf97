"""A simulation as text: what was simulated, a table at chosen times, the readings side by side, and what it can't claim."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cobalamin.amounts import mass_text
from cobalamin.app.documents.simulate import NOTES, first_sentences, months_to_low, other_remarks, remark_sentences
from cobalamin.app.services import shipped
from cobalamin.app.services.reviewing import open_matters
from cobalamin.app.services.simulation.answer import AS_PLANNED, Simulation
from cobalamin.app.services.simulation.given import Given
from cobalamin.app.services.simulation.simulate import MONTHS, has_plan, month_days
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.tree import STRONG, Depth, Table
from cobalamin.kinetics.doses import Body
from cobalamin.kinetics.simulation import (
    ABSORBED,
    HAEMOGLOBIN,
    HOMOCYSTEINE,
    LOW_SERUM,
    MMA,
    SERUM,
    STORE,
    URINE,
    Simulated,
)
from cobalamin.text.days import date_words, day_short
from cobalamin.therapy.words.wording import route_name

Say = Callable[..., str]
MOST_STORE = 11_100.0  # micrograms, the highest individual that was read (reference, 1.4)
SEVERE_HB = 70.0  # g/L; under it the labels' warning about potassium is shown


def view_of_simulation(answer: Simulation) -> View:
    """The simulation."""
    screen = Builder(shipped.library(), plain=False, country=answer.case.patient.country if answer.case else "")
    if answer.case is not None:
        screen.alarms(open_matters(answer.case, answer.on))
    screen.print(screen.say("simulate.title", what=told_what(answer, screen.say)), style=STRONG)
    for sentence in first_sentences(answer):
        screen.indented(sentence, style=STRONG)
    add_simulated(screen, answer)
    for sentence in remark_sentences(other_remarks(answer)):
        screen.indented(sentence)
    add_of_the_table(screen, answer)
    add_readings(screen, answer)
    screen.print()
    add_notes(screen, answer)
    screen.closing()
    return screen.view()


def add_simulated(screen: Builder, answer: Simulation) -> None:
    """Who was simulated and which doses."""
    say = screen.say
    screen.indented(
        say(
            "simulate.people", people=f"{answer.options.people:,}", seed=answer.options.seed,
            begin=date_words(answer.begin, screen.words), until=date_words(answer.until, screen.words),
        )
    )  # fmt: skip
    screen.indented(say("simulate.body", facts="; ".join(body_words(answer.asked.body, say))))
    _doses(screen, answer, screen.country)


def add_of_the_table(screen: Builder, answer: Simulation) -> None:
    """How the figures of the tables are read."""
    screen.indented(screen.say("simulate.table"))
    if answer.at:
        screen.indented(screen.say("simulate.at_why", date=date_words(answer.begin, screen.words)))


def add_readings(screen: Builder, answer: Simulation) -> None:
    """The tables, each under its heading; a compared regimen has one above its own."""
    for each in answer.simulated:
        _reading(screen, answer, each, answer.given, len(answer.simulated) > 1)
    for other in answer.compared:
        screen.heading(screen.say("simulate.compared", scenario=scenario_words(other.scenario, screen.say)))
        for each in other.simulated:
            _reading(screen, answer, each, other.given, len(other.simulated) > 1)


def add_notes(screen: Builder, answer: Simulation) -> None:
    """What a simulation can't claim."""
    say = screen.say
    if len(answer.simulated) > 1:
        screen.indented(say("simulate.readings_why"), depth=Depth.FLUSH)
    if answer.asked.body.haemoglobin and answer.asked.body.haemoglobin < SEVERE_HB:
        screen.indented(say("simulate.potassium"), depth=Depth.FLUSH)
    if beyond(answer):
        screen.indented(say("simulate.beyond", most=f"{MOST_STORE / 1000:.0f}"), depth=Depth.FLUSH)
    for note in NOTES:
        screen.indented(say(f"simulate.{note}"), depth=Depth.FLUSH)
    screen.indented(say("simulate.checked"), depth=Depth.FLUSH, command=say("simulate.checked__typed"))


def beyond(answer: Simulation) -> bool:
    """Whether the stores of at least 5 of 100 people leave what was ever observed."""
    runs = [*answer.simulated, *(each for other in answer.compared for each in other.simulated)]
    return any(float(each.bands[STORE][4].max()) > MOST_STORE for each in runs)


def told_what(answer: Simulation, say: Say) -> str:
    """What is simulated, in one line."""
    patient = typed(answer.case.patient.id) if answer.case else ""
    return say(what_key(answer), patient=patient, scenario=typed(answer.scenario), start=start_words(answer))


def start_words(answer: Simulation) -> str:
    """The day from which a typed regimen is simulated."""
    return day_short(answer.options.start or answer.on, shipped.library().own_words, with_year=True)


def what_key(answer: Simulation) -> str:
    """The text that says what is simulated: a regimen, of a case what was given and then a regimen, or its plan."""
    if answer.scenario:
        return "simulate.what_continued" if answer.case else "simulate.what_scenario"
    planned = answer.case is not None and has_plan(answer.case)
    return "simulate.what_case" if planned else "simulate.what_record"


def scenario_words(text: str, say: Say) -> str:
    """A compared regimen as it was typed, or that it is the plan."""
    return say("simulate.as_planned") if text == AS_PLANNED else typed(text)


def body_words(body: Body, say: Say) -> list[str]:
    """What is assumed of the people."""
    absorbs = {0.0: "absorbs_none", 1.0: "absorbs"}.get(body.absorption, "absorbs_part")
    told = [say(f"simulate.{absorbs}")]
    if body.absorption:
        told.append(say("simulate.eats" if body.diet else "simulate.eats_none"))
    told.append(say("simulate.weight", weight=f"{body.weight:g}") if body.weight else say("simulate.weight_unknown"))
    told.append(say("simulate.gfr", gfr=f"{body.gfr:g}") if body.gfr else say("simulate.gfr_unknown"))
    if body.serum:
        told.append(say("simulate.start_level", level=f"{body.serum:.0f}"))
    else:
        told.append(say("simulate.start_deficient" if body.deficient else "simulate.start_healthy"))
    return told


def _doses(screen: Builder, answer: Simulation, country: str) -> None:
    single = [each for each in answer.given if each.until is None]
    if single:
        given = sum(each.recorded for each in single)
        told = {"count": len(single), "given": given, "planned": len(single) - given}
        key = "simulate.doses" if answer.case else "simulate.doses_typed"
        counted = screen.say(key, **{name: f"{number:,}" for name, number in told.items()})
        screen.indented(counted)
    for each in answer.given:
        if each.until:
            dose = f"{each.substance} {mass_text(each.dose, country, screen.words.units)}"
            begin, end = date_words(each.on, screen.words), date_words(each.until, screen.words)
            screen.indented(
                screen.say("simulate.courses", dose=dose, route=route_name(each.route), begin=begin, until=end)
            )
    if not answer.given:
        screen.indented(screen.say("simulate.doses_none"))
    if answer.stop:
        screen.indented(screen.say("simulate.doses_stop", date=date_words(answer.stop, screen.words)))


def _reading(screen: Builder, answer: Simulation, each: Simulated, given: tuple[Given, ...], named: bool) -> None:
    screen.heading(screen.say(f"simulate.reading_{each.reading}" if named else "simulate.figures"))
    summed = (ABSORBED, URINE) if answer.at else ()
    names = [name for name in (SERUM, STORE, MMA, HOMOCYSTEINE, HAEMOGLOBIN, *summed) if name in each.bands]
    keys = ({SERUM: "serum", STORE: "store"}.get(name, name) for name in names)
    titles = ["when", *keys]
    single = [answer.day(dose.on) for dose in given if dose.until is None]
    if answer.at and len(single) == 1:
        single = []  # the times themselves say it
    if single:
        titles.append("since")
    rows = []
    for when, place in rows_of(answer, each, screen.say):
        since = [days_since(single, float(each.times[place]))] if single else []
        rows.append((when, *(cell(each, name, place, screen.say) for name in names), *since))
    first, *others = (screen.say(f"simulate.column_{title}") for title in titles)
    shown = (first, *(title.replace(", ", "\n") for title in others))
    right = frozenset(range(1, len(titles)))
    screen.nodes.append(Table(shown, tuple(rows), right=right, dense=bool(answer.at)))
    if answer.stop:
        screen.indented(low_words(answer, each, screen.say))


def days_since(doses: list[float], time: float) -> str:
    """Days since the last single dose; a dose on the time itself is not yet in the figures. A dash before the first."""
    before = [day for day in doses if day < time]
    if not before:
        return "-"
    days = time - max(before)
    return shipped.library().own_words.number(f"{days:,.0f}" if days.is_integer() else f"{days:,.2f}")


def rows_of(answer: Simulation, each: Simulated, say: Say) -> list[tuple[str, int]]:
    """The times of the table: words and the place in the simulated times, in order."""
    last, times = float(each.times[-1]), each.times
    if answer.at:
        return _rows_asked_for(answer, say)
    wanted: dict[float, str] = {0.0: say("simulate.at_start"), last: say("simulate.at_end")}
    for month, day in zip(MONTHS, month_days(answer.begin), strict=True):
        if day < last - 20:
            told = say("simulate.at_month") if month == 1 else say("simulate.at_months", months=month)
            wanted[day] = told
    for on, key in ((answer.on, "at_today"), (answer.stop, "at_stop")):
        if on is not None and 0 < answer.day(on) < last:
            wanted[answer.day(on)] = say(f"simulate.{key}")
    return [
        (
            say(
                "simulate.row",
                when=told,
                date=day_short(answer.date_of(day), shipped.library().own_words, with_year=True),
            ),
            int(np.searchsorted(times, day).clip(0, len(times) - 1)),
        )
        for day, told in sorted(wanted.items())
    ]


def _rows_asked_for(answer: Simulation, say: Say) -> list[tuple[str, int]]:
    """The start and the times that were asked for."""
    begin = say(
        "simulate.row",
        when=say("simulate.at_start"),
        date=day_short(answer.begin, shipped.library().own_words, with_year=True),
    )
    found = [(begin, 0)] if answer.at[0].day else []
    for each in answer.at:
        day = day_short(answer.date_of(each.day), shipped.library().own_words, with_year=True)
        place = int(np.searchsorted(answer.asked.times, each.day))
        found.append((say("simulate.row", when=each.said, date=day), place))
    return found


def cell(each: Simulated, name: str, place: int, say: Say) -> str:
    """The middle, and for serum and store also where 90 of 100 lie."""
    scale, digits = (0.001, 2) if name == STORE else (1.0, 1 if name == HOMOCYSTEINE else 0)
    low, _, middle, _, high = (f"{value * scale:,.{digits}f}" for value in each.bands[name][:, place])
    if name in (SERUM, STORE):
        return say("simulate.range", middle=middle, low=low, high=high)
    return shipped.library().own_words.number(middle)


def low_words(answer: Simulation, each: Simulated, say: Say) -> str:
    """When the level falls low after a stop: 5, 50 and 95 of 100 people, and who is low on that day already."""
    fields = {"level": f"{LOW_SERUM:.0f}", "until": date_words(answer.until, shipped.library().own_words)}
    found, days = months_to_low(each), each.low_after
    if not np.isfinite(days).any():
        return say("simulate.low_never", **fields)
    already = round(100.0 * float((days == 0).mean()))
    first = [say("simulate.low_already", **fields, share=already)] if already else []
    if already == 100:
        return first[0]
    if found[5.0] is None:
        return " ".join([*first, say("simulate.low_late", **fields)])
    told = {name: _low_when(found[share], say) for name, share in (("early", 5.0), ("half", 50.0), ("late", 95.0))}
    return " ".join([*first, say("simulate.low_typical", **fields, **told)])


def _low_when(months: float | None, say: Say) -> str:
    if months is None:
        return say("simulate.low_not")
    if months == 0:
        return say("simulate.low_at_stop")
    told = f"{months:.0f}"
    one = {"0": "simulate.low_within_month", "1": "simulate.low_month"}
    return say(one.get(told, "simulate.low_months"), months=told)
