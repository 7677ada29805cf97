"""Issues: what a person should look at, in the library's words, and the order in which it interrupts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cobalamin.amounts import Mass, mass_text
from cobalamin.knowledge.library import Library, english
from cobalamin.knowledge.model import Citations, Product

BLOCK, ACKNOWLEDGE, NOTE = "block", "acknowledge", "note"
ORDER = {BLOCK: 0, ACKNOWLEDGE: 1, NOTE: 2}
MOST_INTERRUPTING = 3
# In this order, before all others: never crowded out of the few that interrupt (hazards H28, H29; contract, section 4).
AT_ONCE = ("RED_FLAG_SYMPTOM", "POTASSIUM_LOW", "ALLERGY_SUSPECTED", "FACT_CONTRADICTED", "CAVEAT")

# Known, these stand above all else, in this order: whom to call comes before what not to give (hazard H64).
CALL_FIRST = ("METABOLIC_CENTRE", "PREGNANCY_URGENT_ADVICE")
# Notes that are told as sentences wherever issues are told; a code in a list would hide them (hazards H64, H65).
TOLD_IN_FULL = (*CALL_FIRST, "URGENT_START", "PREVIOUS_TREATMENT", "ORAL_DOSE_LOW", "INFANT_AND_MOTHER")


@dataclass(frozen=True)
class Issue:
    """Something a person should look at. `ask` holds the facts that are not known and would settle it."""

    code: str
    severity: str
    text: str
    plain: str
    action: str
    cites: Citations
    ask: tuple[str, ...] = ()
    interrupts: bool = False
    about: str = ""  # of a caveat: dose or population


@dataclass(frozen=True)
class Gate:
    """The words of the library for the checks that need more than facts."""

    library: Library
    country: str

    def mass(self, mass: Mass) -> str:
        return mass_text(mass, self.country)

    def difference(self, product: Product, asked: str) -> str:
        """What a container holds against what is asked for, both as masses (hazard H03)."""
        words = english()
        held = self.mass(product.amount) if product.amount else words.text("checks.amount_not_stated")
        return words.text("checks.fivefold", product=product.name, held=held, asked=asked)

    def issue(self, code: str, severity: str, detail: str, ask: tuple[str, ...] = (), cites: Citations = ()) -> Issue:
        words = self.library.program_checks[code]
        sources = tuple(dict.fromkeys((*words.cites, *cites)))
        issue = Issue(code, severity, f"{detail} {words.text}".strip(), words.plain, words.action, sources)
        return replace(issue, action="ask", ask=ask) if ask else issue


def ordered(issues: Iterable[Issue]) -> list[Issue]:
    """Most serious first, what is known before what must be asked; the first three to acknowledge interrupt.

    Whom to call stands above all else: before what not to give.
    """
    ranked = sorted(issues, key=_place)
    asked = [issue for issue in ranked if issue.severity == ACKNOWLEDGE][:MOST_INTERRUPTING]
    return [replace(issue, interrupts=issue.severity == BLOCK or issue in asked) for issue in ranked]


def _place(issue: Issue) -> tuple[int, int, bool, int, int, str]:
    asked = bool(issue.ask)
    called = len(CALL_FIRST) if asked else _index(CALL_FIRST, issue.code)
    return called, ORDER[issue.severity], asked, _urgency(issue), _index(TOLD_IN_FULL, issue.code), issue.code


def _index(codes: tuple[str, ...], code: str) -> int:
    return codes.index(code) if code in codes else len(codes)


def _urgency(issue: Issue) -> int:
    """What is urgent in its own order, then a caveat of the dose, then the rest."""
    if issue.code in AT_ONCE:
        return AT_ONCE.index(issue.code)
    return len(AT_ONCE) + (issue.about != "dose")
