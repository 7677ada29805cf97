"""What is known of the person a simulation is about, by options and case file, and where the model does not hold for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobalamin.amounts import laboratory_value
from cobalamin.app.services.simulation.given import Remark
from cobalamin.kinetics.doses import Body
from cobalamin.spans import Span
from cobalamin.therapy.case.case import Case, Quantity
from cobalamin.therapy.case.events import Result
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.case.record import record_on

WITHOUT_FACTOR = ("pernicious_anaemia", "total_gastrectomy", "ileal_resection")
WITH_PART = (
    "partial_gastrectomy", "bariatric_surgery", "inflammatory_bowel_disease", "coeliac_disease", "food_cobalamin_malabsorption",
    "other_malabsorption", "medicine_induced",
)  # fmt: skip
CAUSES = (*WITHOUT_FACTOR, *WITH_PART, "dietary", "healthy")
ADULT = Span(18, "a")  # nobody younger was in what the model rests on
PARTLY = 0.5  # of the usual absorption; no source gives a figure for these causes, so this is this program's assumption


@dataclass(frozen=True)
class SimulateOptions:
    """What `simulate` takes beside the case. `months` 0: as far as makes sense."""

    scenario: str = ""
    substance: str = ""  # of a typed regimen that names none; empty: by its route, and said so
    route: str = "intramuscular"
    start: date | None = None
    stop: date | None = None
    months: int = 0
    people: int = 500
    seed: int = 1
    compare: tuple[str, ...] = ()
    weight: float | None = None
    gfr: float | None = None
    serum: float | None = None
    haemoglobin: float | None = None
    cause: str = ""
    at: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """A blood result, in the unit of the picture."""

    on: date
    marker: str
    value: float
    comparator: str


def body_of(facts: Facts, before: list[Mark], options: SimulateOptions, of_case: bool) -> Body:
    """The person: what the options say, else what the case knows, else the model's usual.

    A case whose cause nobody knows is the same person whatever is simulated. Without a case a typed regimen stands for the
    people whom most of the evidence is about: those without intrinsic factor.
    """
    healthy = options.cause == "healthy" or facts.value("deficiency") == "excluded"
    cause = options.cause or facts.value("cause") or ("unknown" if of_case else "pernicious_anaemia")
    kept = 0.0 if cause in WITHOUT_FACTOR else PARTLY if cause in WITH_PART else 1.0
    if facts.value("absorption") == "impaired" and kept == 1.0:
        kept = PARTLY
    eats = 0.0 if cause == "dietary" or facts.value("vegan") == "present" else 1.0
    weight = _first(options.weight, float(facts.weight_kg) if facts.weight_kg else None)
    return Body(
        weight=weight,
        gfr=_first(options.gfr, _latest(before, "egfr")),
        absorption=kept,
        diet=eats,
        serum=_first(options.serum, _latest(before, "serum_b12")),
        deficient=not healthy,
        haemoglobin=_first(options.haemoglobin, _latest(before, "haemoglobin")),
    )


def not_exact(body: Body, before: list[Mark]) -> tuple[Remark, ...]:
    """A result before the first dose that is only known to lie under or over a number begins nothing."""
    remarks = []
    for marker, code, used in (
        ("serum_b12", "START_NOT_EXACT", body.serum),
        ("egfr", "GFR_NOT_EXACT", body.gfr),
        ("haemoglobin", "HAEMOGLOBIN_NOT_EXACT", body.haemoglobin),
    ):
        found = [mark for mark in before if mark.marker == marker and mark.comparator]
        if used is None and found:
            last = found[-1]
            remarks.append(Remark(code, True, last.on, "", {"value": f"{last.comparator}{last.value:.0f}"}))
    return tuple(remarks)


def not_covered(facts: Facts) -> tuple[Remark, ...]:
    """Who of the people the model was not made for this person is; said before anything else."""
    child = facts.age_between(None, ADULT) is TRUE
    told = [("child", child), ("preterm", facts.value("preterm") == "present")]
    told.append(("pregnant", facts.value("pregnancy") == "pregnant"))
    told += [(cause, facts.value("cause") == cause) for cause in ("transcobalamin_deficiency", "inborn_error")]
    who = tuple(name for name, holds in told if holds)
    return (Remark("NOT_COVERED", False, None, "", {"who": who}),) if who else ()


def _first(typed: float | None, known: float | None) -> float | None:
    return known if typed is None else typed


def _latest(marks: list[Mark], marker: str) -> float | None:
    found = [mark for mark in marks if mark.marker == marker and not mark.comparator]
    return found[-1].value if found else None


UNIT_OF = {"serum_b12": "pg/mL", "haemoglobin": "g/L", "egfr": "mL/min"}


def results_of(case: Case, on: date) -> tuple[Mark, ...]:
    """Blood results that can be drawn or that begin the simulation, in order."""
    found = [_mark(event) for event in record_on(case, on).events if isinstance(event, Result)]
    return tuple(mark for mark in found if mark is not None)


def _mark(event: Result) -> Mark | None:
    marker, quantity = event.marker, event.value
    if marker not in UNIT_OF or not isinstance(quantity, Quantity) or event.on is None:
        return None
    if marker == "egfr":
        value: Decimal | None = quantity.value if quantity.unit.startswith("mL/min") else None
    elif (quantity.unit, UNIT_OF[marker]) == ("g/dL", "g/L"):
        value = quantity.value * 10
    else:
        value = laboratory_value(quantity.value, quantity.unit, UNIT_OF[marker])
    return Mark(event.on, marker, float(value), quantity.comparator) if value is not None else None
