"""Ready-made questions of the simulation page: each fills the table, and most draw something beside it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cobalamin.app.web.simulation.table import Coming, Row, text_of
from cobalamin.kinetics.doses import INJECTED
from cobalamin.kinetics.scenario import NOTHING
from cobalamin.records import replace
from cobalamin.spans import Span, add

LOADED = "1 mg hydroxocobalamin intramuscular every 2 days x 6 then every 3 months"
OFTENER = "1 mg hydroxocobalamin intramuscular every 2 days x 6 then every 8 weeks"
SMALLER = "100 micrograms hydroxocobalamin intramuscular every 2 days x 6 then every 3 months"
TABLETS = "1 mg cyanocobalamin oral every day"
EVERY_3_MONTHS = "1 mg hydroxocobalamin intramuscular every 3 months"
Question = tuple[str, dict[str, str]]


def about_nobody(on: date) -> Iterator[Question]:
    """What a person, a nurse or a student asks first."""
    yield "many", {"scenario": EVERY_3_MONTHS, "compare": LOADED}
    yield "often", {"scenario": LOADED, "compare": OFTENER}
    yield "stop_later", {"scenario": LOADED, "stop": str(add(on, Span(1, "a")))}
    yield "tablets", {"scenario": TABLETS, "compare": LOADED}
    yield "smaller", {"scenario": SMALLER, "compare": LOADED}


def about_plan(coming: Coming, on: date) -> Iterator[Question]:
    """The same about what a plan has next; it is drawn beside each."""
    yield "as_planned", {}
    start, last = {"start": str(coming.start)}, coming.rows[-1]
    if last.blank:
        return
    if last.route in INJECTED:
        yield (
            "weeks_12" if _about_8_weeks(last) else "weeks_8",
            {**start, "scenario": _with_last(coming, "12" if _about_8_weeks(last) else "8")},
        )
    yield "stop_now", {"start": str(on), "scenario": NOTHING[0]}
    if last.route in INJECTED:
        yield "tablets", {**start, "scenario": TABLETS}
        if (last.dose, last.unit) == ("1", "mg"):
            smaller = [replace(row, dose="100", unit="micrograms") for row in coming.rows]
            yield "smaller", {**start, "scenario": text_of(smaller)}
    else:
        yield "injections", {**start, "scenario": EVERY_3_MONTHS}


def _about_8_weeks(last: Row) -> bool:
    return (last.every, last.spacing) in (("8", "weeks"), ("2", "months"))


def _with_last(coming: Coming, weeks: str) -> str:
    return text_of([*coming.rows[:-1], replace(coming.rows[-1], every=weeks, spacing="weeks")])
