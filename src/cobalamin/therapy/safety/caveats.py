"""A source's own reservations about dose, population and availability, weighed for one person.

A caveat is never only a note (design, promise 11): it stands at the option and in the plan, and a dose or population
caveat that holds must be acknowledged. What a source says *for* its protocol is shown and never counts against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, FactDefinition, Note, Protocol
from cobalamin.records import replace
from cobalamin.text.messages import joined, message
from cobalamin.therapy.case.conditions import URGENT
from cobalamin.therapy.case.criteria import evaluate, is_question, missing_facts
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, NOTE, Gate, Issue
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth, any_of
from cobalamin.therapy.case.rules import Known, Rule, Some, holds

CODE = "CAVEAT"
WEIGHED = ("dose", "population")  # kinds that are raised and count against the rank; availability is only shown
SHOWN_AT_OPTION = 3


class Caveat(Struct, frozen=True):
    """One caveat and whether it holds for the person; UNKNOWN also where no condition can be stated."""

    note: Note
    holds: Truth
    ask: tuple[str, ...]  # the facts that would settle it

    @property
    def kind(self) -> str:
        return self.note.kind

    @property
    def text(self) -> str:
        return self.note.text

    @property
    def plain(self) -> str:
        return self.note.plain or self.note.text

    @property
    def affirms(self) -> bool:
        return self.note.affirms

    @property
    def cites(self) -> Citations:
        return self.note.cites

    @property
    def always(self) -> bool:
        """Whether it is shown whatever is known of the person: no condition says to whom it applies, or only a part."""
        return self.note.when is None or self.note.in_part or (self.holds is UNKNOWN and not self.ask)

    @property
    def against(self) -> bool:
        """Whether it speaks against the protocol where it holds."""
        return speaks_against(self.note)


def caveats_of(content: Protocol, facts: Facts, definitions: Mapping[str, FactDefinition]) -> tuple[Caveat, ...]:
    """Every caveat of a protocol, in the order of its notes; an urgent start removes those that demand proof."""
    return tuple(
        Caveat(note, _holds(note, facts), _asked(note, facts, definitions)) for note in _bearing(content, facts)
    )


def _bearing(content: Protocol, facts: Facts) -> Iterator[Note]:
    urgent = facts.urgent is TRUE
    return (note for note in content.notes if note.is_caveat and not (urgent and note.demands_proof))


def _holds(note: Note, facts: Facts) -> Truth:
    if note.when is None:
        return UNKNOWN
    holds = evaluate(note.when, facts)
    return any_of([holds, UNKNOWN]) if note.in_part else holds


def _asked(note: Note, facts: Facts, definitions: Mapping[str, FactDefinition]) -> tuple[str, ...]:
    """What would settle it; nothing while one of these facts is no question yet."""
    missing = missing_facts(note.when, facts)
    return missing if all(is_question(name, facts, definitions) for name in missing) else ()


def reservations(content: Protocol) -> Rule:
    """That a dose or population reservation of the protocol holds for the person (contract, section 4, rank rule 1)."""
    against = (note for note in content.notes if note.when is not None and speaks_against(note))
    return Some(tuple(_holding(note) for note in against))


def _holding(note: Note) -> Rule:
    return Known(note.when) & ~Known(URGENT) if note.demands_proof else Known(note.when)


def holds_against(content: Protocol, facts: Facts) -> bool:
    return holds(reservations(content), facts)


def speaks_against(note: Note) -> bool:
    """Whether a note is a reservation that is raised where it holds."""
    return note.kind in WEIGHED and not note.affirms


def shown_at_option(caveats: Iterable[Caveat]) -> list[Caveat]:
    """What bears on the person or may, what speaks against the protocol first; what is known not to bear is left out."""
    shown = [caveat for caveat in caveats if caveat.holds is not FALSE and not _only_confirms(caveat)]
    return sorted(shown, key=lambda caveat: (caveat.affirms, caveat.holds is not TRUE, not caveat.always))


def _only_confirms(caveat: Caveat) -> bool:
    return caveat.affirms and caveat.holds is UNKNOWN and not caveat.always


def caveat_issues(library: Library, caveats: Iterable[Caveat], facts: Facts) -> list[Issue]:
    """One issue for the dose and one for the population where a reservation holds; one step down where it may.

    What no condition can state is shown and not raised: nobody could answer it.
    """
    gate, against = Gate(library, facts.patient.country), [caveat for caveat in caveats if caveat.against]
    found: list[Issue] = []
    for kind in WEIGHED:
        about = [caveat for caveat in against if caveat.kind == kind]
        holding = [caveat for caveat in about if caveat.holds is TRUE]
        asking = [caveat for caveat in about if caveat.holds is UNKNOWN and caveat.ask]
        found += [_issue(gate, ACKNOWLEDGE, kind, holding)] if holding else []
        found += [_issue(gate, NOTE, kind, asking)] if asking else []
    return found


def _issue(gate: Gate, severity: str, kind: str, caveats: list[Caveat]) -> Issue:
    said = " ".join(caveat.text for caveat in caveats)
    plain = " ".join(caveat.plain for caveat in caveats)
    cites = tuple(cite for caveat in caveats for cite in caveat.cites)
    ask = tuple(dict.fromkeys(name for caveat in caveats for name in caveat.ask)) if severity == NOTE else ()
    detail = message("checks.not_known", issue=said) if ask else said
    issue = gate.issue(CODE, severity, detail, ask, cites)
    told = message("checks.not_known__plain", issue=plain) if ask else plain
    return replace(issue, plain=joined(issue.plain, told), about=kind)
