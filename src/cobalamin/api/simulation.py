"""What a schedule does to the B12 in the body, in a model. It explains; it moves no date."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from cobalamin.api.arguments import (
    Day,
    assessed_on,
    library_of,
    number_of,
    optional_day,
    text_of,
    texts_of,
    whole_of,
    with_argument_names,
)
from cobalamin.app.services import extras
from cobalamin.app.services.simulation.answer import Simulation
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case

Number = float | Decimal | None
MOST_MONTHS = 240


@with_argument_names()
def simulate(
    case_or_scenario: Case | str, *, scenario: str = "", substance: str = "", route: str = "intramuscular",
    start: Day | None = None, stop: Day | None = None, months: int = 0, people: int = 500, seed: int = 1,
    compare: str | Iterable[str] = (), weight: Number = None, gfr: Number = None, serum: Number = None,
    haemoglobin: Number = None, cause: str = "", at: str | Iterable[str] = (), on: Day | None = None,
    library: Library | None = None,
) -> Simulation:  # fmt: skip
    """Follow a schedule through stores, serum and markers of many invented people. Needs the extra `kinetics`.

    The first argument is a case (its record and plan become doses; with `scenario` a typed regimen follows them from
    `start`) or a regimen as text: `"1 mg every 8 weeks x 6 then every 12 weeks"`. `substance` and `route` hold where
    the text names none. `stop`: no dose from this day on. `months`: how far ahead, up to 240; 0: as far as makes sense.
    `people` are drawn by `seed`: the same seed draws the same people. `compare`: other regimens, `"nothing"` or
    `"plan"`. `weight` in kg, `gfr` in mL/min, `serum` in ng/L and `haemoglobin` in g/L, before the first dose. `cause`:
    a word of the case file or `"healthy"`; without it, what the case says. `at`: times after the first dose, as
    `"5 h, 3 d, 6 mo"`.

    The answer has `.simulated`, one for each reading of the evidence: `.times` in days from `.begin`, and `.bands` by
    marker: the 5th, 25th, 50th, 75th and 95th of 100 people; their units stand in the document of `to_json`. `.remarks`
    say what is left out or assumed. Model, parameters and sources: docs/kinetics.md.

    Raises InputError, before anything is computed, for what can't be read or exceeds a limit, and where the extra is not
    installed.
    """
    extras.need("simulate", "kinetics")
    from cobalamin.app.services.simulation.body import SimulateOptions  # these load numpy
    from cobalamin.app.services.simulation.simulate import simulate_of

    case, typed = _case_and_scenario(case_or_scenario, text_of(scenario, "scenario"))
    options = SimulateOptions(
        scenario=typed, substance=text_of(substance, "substance"), route=text_of(route, "route"),
        start=optional_day(start, "start"), stop=optional_day(stop, "stop"),
        months=whole_of(months, "months", 0, MOST_MONTHS), people=whole_of(people, "people"), seed=whole_of(seed, "seed"),
        compare=texts_of(compare, "compare"), weight=number_of(weight, "weight"), gfr=number_of(gfr, "gfr"),
        serum=number_of(serum, "serum"), haemoglobin=number_of(haemoglobin, "haemoglobin"), cause=text_of(cause, "cause"),
        at=texts_of(at, "at"),
    )  # fmt: skip
    return simulate_of(case, options, assessed_on(on), "case" if case else "", library_of(library))


def _case_and_scenario(first: Case | str, scenario: str) -> tuple[Case | None, str]:
    if isinstance(first, Case):
        return first, scenario
    if not isinstance(first, str) or not first.strip():
        raise InputError.one("simulate", "", "takes a Case, or a regimen such as '1 mg every 8 weeks x 6'")
    if scenario:
        raise InputError.one("scenario", "", "is a regimen that follows a case; here the first argument is one already")
    return None, first
