"""A simulation as one JSON document and as a table: the same numbers as the text and the picture."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import numpy as np

from cobalamin.app.documents.plan import day_answer, mass_answer
from cobalamin.app.documents.types import simulate as answers
from cobalamin.app.documents.types.base import UNSET, given
from cobalamin.app.services import shipped
from cobalamin.app.services.simulation.answer import AS_PLANNED, Compared, Simulation
from cobalamin.app.services.simulation.given import Given, Remark
from cobalamin.app.services.simulation.untreated import LACK_UNTREATED, UNTREATED
from cobalamin.kinetics.doses import Body
from cobalamin.kinetics.parameters import packaged_parameters
from cobalamin.kinetics.people import WEIGHT
from cobalamin.kinetics.simulation import LOW_SERUM, SHARES, UNITS, Simulated
from cobalamin.text.days import date_words, day_short

DIGITS = 4  # kept of a figure: what differs between processors lies far behind
NOTES = ("not_a_measurement", "no_symptoms", "bands", "moves_nothing", "not_covered")
MOST_DATES = 5  # named one by one in a sentence


def rounded(value: float) -> float | None:
    """Four significant digits; None for never."""
    return figure(value) if np.isfinite(value) else None


def figure(value: float) -> float:
    """Four significant digits of a finite number."""
    return float(f"{value:.{DIGITS}g}")


def day_number(time: float) -> float:
    """A time in days: a whole number where it is one, else to a tenth of a second."""
    return int(time) if float(time).is_integer() else round(float(time), 6)


def document(answer: Simulation) -> answers.SimulateAnswer:
    """The JSON document of `simulate`."""
    say = shipped.library().own_words.text
    return answers.SimulateAnswer(
        on=str(answer.on),
        begin=str(answer.begin),
        until=str(answer.until),
        stop=day_answer(answer.stop),
        scenario=given(answer.scenario),
        people=answer.options.people,
        seed=answer.options.seed,
        assumed=_assumed(answer.asked.body),
        units=dict(UNITS),
        percentiles=list(SHARES),
        days=[day_number(time) for time in answer.asked.times],
        at=given(_moments(answer)),
        doses=[_given(each) for each in answer.given],
        results=[
            answers.ResultAnswer(date=str(mark.on), marker=mark.marker, value=f"{mark.comparator}{mark.value:g}")
            for mark in answer.marks
        ],
        readings=[_simulated(each, answer.stop) for each in answer.simulated],
        compared=[_compared(other, answer.stop) for other in answer.compared],
        remarks=[_remark(each) for each in answer.remarks],
        notes=[say(f"simulate.{note}") for note in NOTES],
    )


def _moments(answer: Simulation) -> list[answers.MomentAnswer]:
    return [
        answers.MomentAnswer(after_first_dose=each.said, day=day_number(each.day), date=str(answer.date_of(each.day)))
        for each in answer.at
    ]


def _assumed(body: Body) -> answers.AssumedAnswer:
    weight, gfr = body.weight, body.gfr
    usual = {"weight_kg": weight, "gfr_ml_min": gfr}
    return answers.AssumedAnswer(
        absorption=body.absorption,
        diet=body.diet,
        weight_kg=figure(WEIGHT if weight is None else weight),
        gfr_ml_min=figure(packaged_parameters().value("gfr_normal") if gfr is None else gfr),
        serum_b12=UNSET if body.serum is None else figure(body.serum),
        haemoglobin=UNSET if body.haemoglobin is None else figure(body.haemoglobin),
        assumed_by_program=[name for name, told in usual.items() if told is None],
    )


def _given(each: Given) -> answers.GivenAnswer:
    return answers.GivenAnswer(
        kind="course" if each.until else "dose",
        date=str(each.on),
        until=day_answer(each.until),
        every_days=rounded(each.spacing) if each.until else UNSET,
        substance=each.substance,
        dose=mass_answer(each.dose),
        route=each.route,
    )


def _compared(other: Compared, stop: date | None) -> answers.ComparedAnswer:
    return answers.ComparedAnswer(
        scenario=other.scenario,
        doses=[_given(each) for each in other.given],
        readings=[_simulated(each, stop) for each in other.simulated],
    )


def _simulated(each: Simulated, stop: date | None) -> answers.ReadingAnswer:
    return answers.ReadingAnswer(
        reading=each.reading,
        bands={name: [[rounded(value) for value in row] for row in rows] for name, rows in each.bands.items()},
        months_to_low={str(int(share)): months for share, months in months_to_low(each).items()} if stop else UNSET,
        low_serum_b12=LOW_SERUM if stop else UNSET,
    )


def months_to_low(each: Simulated) -> dict[float, float | None]:
    """Months from the stop until so many of 100 people have had a low level; None where it does not happen in time."""
    return {share: rounded(low_after(each, share) / (365.25 / 12)) for share in SHARES}


def low_after(each: Simulated, share: float) -> float:
    """Days from the stop until so many of 100 people have had a low level; infinite where it does not happen in time."""
    days = each.low_after
    return float(days[min(int(np.ceil(share / 100.0 * len(days))) - 1, len(days) - 1)])


# -- what is left out or assumed -----------------------------------------------------------------------------------------


def _remark(each: Remark) -> answers.RemarkAnswer:
    return answers.RemarkAnswer(
        code=each.code,
        left_out=each.left_out,
        entry=given(each.entry),
        date=day_answer(each.on),
        text=_remark_words(each, [each]),
    )


FIRST = ("NOT_COVERED", UNTREATED, LACK_UNTREATED)


def first_sentences(answer: Simulation) -> list[str]:
    """That the model does not hold for this person, and that a line is an illness: they stand above everything else."""
    return remark_sentences(tuple(each for each in answer.remarks if each.code in FIRST))


def other_remarks(answer: Simulation) -> tuple[Remark, ...]:
    """The remarks that stand below the doses."""
    return tuple(each for each in answer.remarks if each.code not in FIRST)


def remark_sentences(remarks: tuple[Remark, ...]) -> list[str]:
    """A sentence for each remark; what is said of several entries is said once, with their dates."""
    alike: dict[tuple[str, str], list[Remark]] = {}
    for each in remarks:
        alike.setdefault((each.code, repr(each.fields)), []).append(each)
    return [_remark_words(group[0], group) for group in alike.values()]


def _remark_words(first: Remark, group: list[Remark]) -> str:
    say = shipped.library().own_words.text
    days = [day_short(each.on, shipped.library().own_words, with_year=True) for each in group[:MOST_DATES] if each.on]
    dates = ", ".join(days) + (say("simulate.more", count=len(group) - MOST_DATES) if len(group) > MOST_DATES else "")
    return say(f"simulate.remark_{first.code}", dates=dates, **_fields(first, say))


def _fields(each: Remark, say: Callable[..., str]) -> dict[str, object]:
    return {name: _field(name, value, say) for name, value in each.fields.items()}


def _field(name: str, value: object, say: Callable[..., str]) -> object:
    words = shipped.library().own_words
    if name == "who" and isinstance(value, tuple):
        return ", ".join(say(f"simulate.who_{each}") for each in value)
    if isinstance(value, tuple):
        spans = (
            say(
                "simulate.span",
                begin=date_words(begin, words),
                until=date_words(until, words),
            )
            for begin, until in value
        )
        return "; ".join(spans)
    if name == "route":
        return words.text(f"routes.{value}")
    if name == "regimen":
        return _regimen_words(str(value), say)
    if name == "enough":
        return f"{value:.1f}"
    if name == "status":
        return say(f"simulate.status_{value}")
    return date_words(value, words) if isinstance(value, date) else value


def _regimen_words(regimen: str, say: Callable[..., str]) -> str:
    """How a sentence names a run: what is simulated, the plan, or a compared regimen as it was typed."""
    if regimen == AS_PLANNED:
        return say("simulate.run_planned")
    return say("simulate.run_compared", regimen=regimen) if regimen else say("simulate.run_first")


# -- a table -------------------------------------------------------------------------------------------------------------


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
            day = day_number(float(time))
            writer.writerow([scenario, each.reading, str(answer.date_of(float(time))), day, *cells])
    return out.getvalue()
