"""The shipped library and made-up people for the laws."""

from __future__ import annotations

from datetime import date
from functools import cache

from hypothesis import strategies as st

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder
from cobalamin.knowledge.model import FactDefinition
from cobalamin.therapy.case.case import Case, Fact, Patient

TODAY = date(2026, 1, 5)
BIRTHS = (date(2025, 12, 28), date(2025, 7, 1), date(2015, 3, 2), date(2009, 6, 1), date(1985, 5, 5), date(1940, 2, 29))
COUNTRIES = ("", "GB", "US", "NL", "FR", "NO")
_SHAPES = {
    "length": ("5 cm", "20 cm", "20.5 cm", "200 mm", "300 mm", "30 cm"),
    "mass": ("3.2 kg", "10.5 kg", "50 kg", "800 g"),
}


@cache
def shipped() -> Library:
    """The library as its YAML says it."""
    return from_folder(data_folder())


def values_of(definition: FactDefinition) -> tuple[str, ...]:
    return _SHAPES.get(definition.kind, definition.values)


def case_of(facts: dict[str, str], born: date | None = None, country: str = "", patient_id: str = "somebody") -> Case:
    return Case(Patient(patient_id, born, "", country), tuple(Fact(name, value) for name, value in facts.items()))


def facts_about(**settled: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    """Any facts, each known, asked in vain or never asked; those in `settled` always as their strategy says."""
    free = {
        name: st.sampled_from([*values_of(definition), "unknown"])
        for name, definition in shipped().facts.items()
        if name not in settled
    }
    return st.fixed_dictionaries(settled, optional=free)


births = st.sampled_from([None, *BIRTHS])
countries = st.sampled_from(COUNTRIES)
