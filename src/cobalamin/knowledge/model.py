"""The library as frozen values: what a source says, with its citations and level on every value.

A range stays a range and a unit stays the source's unit. A frequency, an interval and a minimum between doses are
three kinds of `Spacing`. What a source does not say is `None` with `stated` false, never a default.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import Mass, Strength
from cobalamin.knowledge.vocabulary import CAVEAT_KINDS, LEVELS
from cobalamin.spans import Span


class Citation(Struct, frozen=True):
    """A place in a source; `level` is the source's own or lower, never higher."""

    source: str
    level: str
    place: str = ""


Citations = tuple[Citation, ...]


def best_level(cites: Citations) -> str:
    """The best level among citations; what nothing supports is `recalled`."""
    return min((cite.level for cite in cites), key=LEVELS.index, default="recalled")


# -- criteria --------------------------------------------------------------------------------------------------------


class FactIs(Struct, frozen=True):
    """True where the fact has one of these values."""

    fact: str
    values: tuple[str, ...]
    cites: Citations = ()


class FactOver(Struct, frozen=True):
    """True where a length is over the limit, e.g. more than 20 cm of ileum."""

    fact: str
    limit: int
    unit: str
    cites: Citations = ()


class Age(Struct, frozen=True):
    """True from `at_least` (inclusive) to `below` (exclusive), counted from the date of birth."""

    at_least: Span | None
    below: Span | None
    cites: Citations = ()


class AllOf(Struct, frozen=True):
    items: tuple[Criterion, ...]


class AnyOf(Struct, frozen=True):
    items: tuple[Criterion, ...]


class Not(Struct, frozen=True):
    item: Criterion


Criterion = FactIs | FactOver | Age | AllOf | AnyOf | Not


# -- phases ----------------------------------------------------------------------------------------------------------


class DoseRule(Struct, frozen=True):
    """Dose of one administration (of one day, for a daily oral regimen). `most` None with `least` given: "at least"."""

    least: Mass | None
    most: Mass | None
    per_kg: Mass | None
    divided: int
    cites: Citations
    levels: tuple[str, str]

    @property
    def stated(self) -> bool:
        return bool(self.least or self.most or self.per_kg)

    @property
    def fixed(self) -> Mass | None:
        return self.least if self.least == self.most else None


class Spacing(Struct, frozen=True):
    """Time between doses. kind: interval (Span), per_week (int), at_least (Span, a minimum), not_stated."""

    kind: str
    least: Span | int | None
    most: Span | int | None
    cites: Citations
    levels: tuple[str, str]

    @property
    def fixed(self) -> bool:
        return self.least == self.most


class End(Struct, frozen=True):
    """How a phase ends. least and most are a number of doses, a Span or a Mass, by `by`; most None: open above."""

    by: str
    least: int | Span | Mass | None
    most: int | Span | Mass | None
    wording: str
    cites: Citations
    levels: tuple[str, str]


class Gate(Struct, frozen=True):
    """What must be seen before a phase begins; a person says when it is met, never a timer."""

    wording: str
    cites: Citations


class Phase(Struct, frozen=True):
    """One named stage with one regimen; `options` are alternatives inside it, settled by a choice."""

    name: str
    option: str
    substances: tuple[str, ...]
    routes: tuple[str, ...]
    dose: DoseRule
    spacing: Spacing
    end: End
    gate: Gate | None
    only_if: Criterion | None
    about: bool
    options: tuple[Phase, ...]
    cites: Citations
    levels: dict[str, str]  # of substance and routes, where the source record alone does not say


class MonitoringRow(Struct, frozen=True):
    """A check of markers or a review of symptoms, counted from an anchor (contract, section 6)."""

    markers: tuple[str, ...]
    routes: tuple[str, ...]  # only in plans with one of these; empty: in any
    review: bool
    anchor: str
    phase: str
    start: Span
    to: Span | None
    every: Span | None
    every_most: Span | None
    through: Span | None
    until: str
    on_restart: str
    when: Criterion | None
    text: str
    plain: str
    cites: Citations


class Precaution(Struct, frozen=True):
    """A coded safety check over facts, for plans with these substances and routes (empty: any).

    `asked_of`: for whom it is raised while its facts are not known; None: everybody.
    `next_dose`: of an alarm, whether the next dose waits for the answer or goes on by the plan (NEXT_DOSE).
    """

    code: str
    severity: str
    when: Criterion | None
    substances: tuple[str, ...]
    routes: tuple[str, ...]
    demands_proof: bool
    text: str
    plain: str
    action: str
    cites: Citations
    asked_of: Criterion | None = None
    next_dose: str = ""


class Note(Struct, frozen=True):
    """What a source says beside its phases. Dose, population and availability notes are caveats, weighed by `when`.

    `in_part`: `when` states a part of what the text says, so where it is false the rest can't be excluded.
    `affirms`: the text speaks for the protocol or repeats it. `demands_proof`: it asks for a shown deficiency.
    """

    text: str
    plain: str
    kind: str
    when: Criterion | None
    in_part: bool
    affirms: bool
    demands_proof: bool
    cites: Citations

    @property
    def is_caveat(self) -> bool:
        return self.kind in CAVEAT_KINDS


class Standing(Struct, frozen=True):
    """Where sources put a protocol beside others: for whom (`when` None: everybody), in words with citations."""

    when: Criterion | None
    text: str
    plain: str
    cites: Citations


class Advice(Struct, frozen=True):
    """What a guidance document says for patients who meet `when`."""

    when: Criterion | None
    text: str
    plain: str
    routes: tuple[str, ...]
    cites: Citations


class Replacement(Struct, frozen=True):
    """What took the place of an edition that is no longer current; `protocol` is its id where the library holds it."""

    protocol: str
    text: str
    cites: Citations


class Protocol(Struct, frozen=True):
    """One version of a published way to treat. `older`: practice has left this dose behind. `second_choice`: for whom sources
    put another way first. `general`: guidance of wide scope, offered also outside its country. Guidance has no `phases`."""

    id: str
    version: int
    status: str
    title: str
    country: str
    kind: str
    purpose: str
    population: str
    lifelong: str
    same_as: str
    indication: Criterion
    phases: tuple[Phase, ...]
    monitoring: tuple[MonitoringRow, ...]
    precautions: tuple[Precaution, ...]
    notes: tuple[Note, ...]
    advice: tuple[Advice, ...]
    guidance: bool
    review_by: date | None = None
    older: Standing | None = None
    second_choice: tuple[Standing, ...] = ()
    general: Standing | None = None
    replaced_by: Replacement | None = None


# -- the rest of the library -----------------------------------------------------------------------------------------


class Source(Struct, frozen=True):
    """A document that others cite. `address` only where it is the issuer's own; other places read are in `read_at`."""

    id: str
    title: str
    issuer: str
    edition: str
    date: str
    country: str
    kind: str
    level: str
    address: str
    read_at: tuple[str, ...]
    ai_written: bool
    note: str
    checked_on: str = ""  # the day on which the place was last read
    newer_known: str = ""  # the edition that came after this one and has not been read


class Product(Struct, frozen=True):
    """A product as supplied; what its source does not state is None or empty.

    `replacement` is false for the 5 g antidote, which is never offered (hazard H04).
    """

    id: str
    name: str
    substance: str
    amount: Mass | None
    strength: Strength | None
    volume_ml: str
    form: str
    use: str
    routes: tuple[str, ...]
    excipients: tuple[str, ...]
    excipients_stated: bool
    country: str
    replacement: bool
    note: str
    cites: Citations


class FactDefinition(Struct, frozen=True):
    """One fact a case file may hold: its values, how to ask for it, and which box of `none_of` answers it.

    `asked_when`: (fact, values) that must be known before this one is a question; None: always one.
    """

    id: str
    kind: str  # word | words (several at once) | length | mass
    values: tuple[str, ...]
    absent: str
    box: str
    question: str
    plain: str
    why: str
    labels: dict[str, str]
    find_out: str = "ask"  # ask | examine | test
    at_review: bool = False  # a dated answer to a review: says nothing about which protocol fits
    asked_when: tuple[str, tuple[str, ...]] | None = None
    asked_ages: Age | None = None  # nobody asks a newborn whether it is vegan


class WindowRow(Struct, frozen=True):
    """Dates around a target for intervals up to `through_days` (contract, section 5). Days, except `lapse`."""

    through_days: int
    count_half: bool
    early: int
    late: int
    lapse: Span
    lapse_from: str  # anchor | target


class ResultLimits(Struct, frozen=True):
    """How results and symptoms are read where no source says it. Potassium in mmol/L: low, to be told today, an emergency."""

    on_treatment: Span  # after the last dose, where treatment is not looked at again later
    after_dose: Span  # after the last dose a level within or above its range says nothing
    potassium_low: Decimal
    potassium_today: Decimal
    potassium_emergency: Decimal
    symptom_score: int  # from here on a score asks whether nerves are involved
    symptom_rise: int  # by so much more it asks again
    symptom_high: int  # from here on a score of any symptom on treatment leads the answer until somebody has looked


class Policy(Struct, frozen=True):
    """Windows and limits that no source states: this program's assumption, or a local policy with owner and date."""

    name: str
    basis: str  # software_default | local_policy
    owner: str
    date: str
    windows: tuple[WindowRow, ...]
    replaced: tuple[int, ...]
    minimum_gap_days: int
    decision_after: Span
    neurological_review_months: int
    below_percent: int
    over_percent: int
    substitute_interval: dict[str, dict[str, Span]]
    hold_asks_after: Span
    statement_expected: Span
    order_ahead: Span  # before what is at home runs out
    results: ResultLimits
