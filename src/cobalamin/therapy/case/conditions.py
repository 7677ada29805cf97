"""What the program itself asks of a person beside the criteria of the library: each condition is written here, once."""

from __future__ import annotations

from cobalamin.knowledge.model import Age, AllOf, AnyOf, FactIs, Not
from cobalamin.spans import Span

NERVES = FactIs("neurological_involvement", ("present",))
SEVERE = FactIs("anaemia", ("severe",))
URGENT_SIGNS = (NERVES, SEVERE)
URGENT = AnyOf(URGENT_SIGNS)

TREATED = FactIs("previous_treatment", ("loading", "maintenance"))
MAINTAINED = FactIs("previous_treatment", ("maintenance",))
EXCLUDED = FactIs("deficiency", ("excluded",))
UNTREATED = AllOf((FactIs("deficiency", ("confirmed", "suspected")), Not(TREATED)))

ORAL_NOT_POSSIBLE = FactIs("oral_not_possible", ("present",))
PREFERENCES = {value: FactIs("preferred_route", (value,)) for value in ("injection", "oral", "nasal", "sublingual")}
IMERSLUND = FactIs("inborn_error_kind", ("imerslund_grasbeck",))

CHILD = Age(None, Span(18, "a"))
# Of whom benzyl alcohol is dangerous: a newborn, or a preterm infant.
NEWBORN = AllOf((Age(None, Span(1, "a")), AnyOf((FactIs("preterm", ("present",)), Age(None, Span(28, "d"))))))
ALLERGIES = {
    "benzyl_alcohol": FactIs("allergy_benzyl_alcohol", ("present",)),
    "parabens": FactIs("allergy_parabens", ("present",)),
}


def turns_on_urgency(values: tuple[str, ...]) -> bool:
    """Whether an indeterminate deficiency counts as one of these values only where it is urgent, or only where it is not."""
    return ("suspected" in values) is not ("indeterminate" in values)
