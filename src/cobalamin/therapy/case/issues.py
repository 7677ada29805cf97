"""Issues: what a person should look at, and the order in which it interrupts."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Product
from cobalamin.knowledge.vocabulary import GOES_ON
from cobalamin.records import replace
from cobalamin.text.messages import Text, joined, mass, message

BLOCK, ACKNOWLEDGE, NOTE = "block", "acknowledge", "note"
ORDER = {BLOCK: 0, ACKNOWLEDGE: 1, NOTE: 2}
MOST_INTERRUPTING = 3
RED_FLAG, CAVEAT, CONTRADICTED = "RED_FLAG_SYMPTOM", "CAVEAT", "FACT_CONTRADICTED"
# Alarms: they come from the record, lead every answer and end only as the contract says (hazards H28, H29, H79).
ALARMS = (RED_FLAG, "POTASSIUM_LOW", "ALLERGY_SUSPECTED", CONTRADICTED)
# What a result or a symptom asks of these may be urgent: the question stands among the alarms also while the fact is not known.
MAY_BE_URGENT = frozenset({"neurological_involvement", "anaemia", "thrombocytopenia"})
# In this order, before all others: never crowded out of the few that interrupt (contract, section 4).
AT_ONCE = (*ALARMS, CAVEAT)
CONTRAINDICATIONS = frozenset(
    {
        "ALLERGY_COBALAMIN",
        "ALLERGY_COBALT",
        "ALLERGY_EXCIPIENT",
        "LEBER_CYANOCOBALAMIN",
        "INBORN_ERROR_CYANOCOBALAMIN",
        "BENZYL_ALCOHOL_NEONATE",
    }
)
# The order of the contract's table, section 4; a code that the table does not name comes after those that it names.
TABLE = (
    "UNIT_AMBIGUOUS", "ANTIDOTE_PRODUCT", "DOSE_IMPLAUSIBLE", "ALLERGY_COBALAMIN", "ALLERGY_COBALT", "ALLERGY_EXCIPIENT",
    "LEBER_CYANOCOBALAMIN", "BENZYL_ALCOHOL_NEONATE", "ROUTE_INTRAVENOUS", "ROUTE_NOT_LABELLED", "DOSE_DIFFERS_FROM_PROTOCOL",
    "FOLATE_BEFORE_B12", "FOLATE_UNKNOWN_B12", "HYPOKALAEMIA_WATCH", "POTASSIUM_LOW", "RENAL_CYANOCOBALAMIN",
    "PREGNANCY_CONFIRM_DEFICIENCY", "BLEEDING_RISK_IM", "NITROUS_OXIDE", "POPULATION_NOT_COVERED", "ORAL_INSUFFICIENT",
    "STOPPING_LIFELONG", RED_FLAG, "FACT_CONTRADICTED", CAVEAT, "ALLERGY_SUSPECTED", "LIBRARY_NOT_VERIFIED", "URGENT_START",
    "POLYCYTHAEMIA_VERA", "RETICULOCYTES_NOT_RISEN", "NO_RESPONSE_REASSESS", "SAMPLE_AFTER_INJECTION", "B12_HIGH_ON_TREATMENT",
    "EDITION_SUPERSEDED",
)  # fmt: skip

# Known, these stand above all else, in this order: whom to call comes before what not to give (hazard H64).
CALL_FIRST = ("METABOLIC_CENTRE", "PREGNANCY_URGENT_ADVICE")
URGENT = (*CALL_FIRST, "URGENT_START")  # known, they come before any question
# Known, they are told wherever treatment is spoken of, before any option is chosen.
BEFORE_TREATMENT = frozenset({"FOLATE_BEFORE_B12", "FOLATE_UNKNOWN_B12", "NITROUS_OXIDE"})
TOLD_ONCE = frozenset({"METABOLIC_CENTRE", "INFANT_AND_MOTHER"})
FORBIDDEN = "forbidden"  # what earlier treatment is about where it must not go on
ON_TREATMENT = "PREGNANCY_ON_TREATMENT"
# Whom to call today: known, it leads like an alarm whatever is told of the person, and holds no dose back (hazard H125).
CALL_TODAY = (*CALL_FIRST, ON_TREATMENT)
# Notes that lead every answer and hold no dose back: how somebody is comes before what is due (hazard H112).
LEADING_NOTES = ("WORSE_OR_NEW", "SYMPTOMS_UNTREATED", "SYMPTOMS_HIGH")
# Notes that are told as sentences wherever issues are told; a code in a list would hide them (hazards H64, H65).
TOLD_IN_FULL = (
    *CALL_FIRST, "URGENT_START", "ORAL_DOSE_LOW", "PREVIOUS_TREATMENT", "INFANT_AND_MOTHER", ON_TREATMENT, "ILEUM_SHORT", "NOTHING_TO_PREVENT", "NOTHING_RECORDED",
    "NO_RESPONSE_REASSESS", *LEADING_NOTES,
)  # fmt: skip


class Issue(Struct, frozen=True):
    """Something a person should look at. `ask` holds the facts that are not known and would settle it.

    `action` is what a professional does next and `plain_action` what a patient does. `answer` is the command that tells the
    program how it ended: a surface with forms shows its form instead.
    """

    code: str
    severity: str
    text: Text
    plain: Text
    action: Text
    cites: Citations
    ask: tuple[str, ...] = ()
    interrupts: bool = False
    about: str = ""  # of a caveat: dose or population; of earlier treatment: forbidden
    plain_action: Text = ""
    answer: str = ""
    acts: tuple[str, ...] = ()  # names of the same `plain_action` among the words of alarms, for other languages
    substances: tuple[str, ...] = ()  # those that it is about; (): any
    next_dose: str = ""  # of an alarm whose record says it: WAITS or GOES_ON
    emergency: bool = False  # what to do is to be done at once: no dose matters beside it

    @property
    def plain_whole(self) -> Text:
        """What a patient does, and why."""
        return joined(self.plain_action, self.plain)

    @property
    def label(self) -> str:
        """The key of its label: what it asks for now, whatever its severity (H107); else its severity."""
        today = self.code in (*URGENT, ON_TREATMENT) or self.about == FORBIDDEN
        return "urgent" if today and self.severity != BLOCK and not self.ask else self.severity

    @property
    def is_alarm(self) -> bool:
        """Whether it leads whatever is told of the person: from the record, or a contraindication that is known."""
        if self.ask:
            return self.code == CONTRADICTED and not MAY_BE_URGENT.isdisjoint(self.ask)
        if self.severity == NOTE:
            return self.code in LEADING_NOTES
        return self.code in ALARMS or (self.interrupts and self.code in CONTRAINDICATIONS) or self.severity == BLOCK

    @property
    def leads(self) -> bool:
        """Whether it stands above everything else that is told of the person: an alarm, or a call that may not wait."""
        return self.is_alarm or (self.code in CALL_TODAY and not self.ask)

    @property
    def holds_back(self) -> bool:
        """Whether nothing is given until it is answered: every alarm, but for those whose record lets the dose go on (H106)."""
        return self.is_alarm and self.next_dose != GOES_ON


class Gate(Struct, frozen=True):
    """The checks of the library that need more than facts, in the form of a country."""

    library: Library
    country: str

    def mass(self, amount: Mass) -> Text:
        return mass(amount, self.country)

    def difference(self, product: Product, asked: Text) -> Text:
        """What a container holds against what is asked for, both as masses (hazard H03)."""
        held = self.mass(product.amount) if product.amount else message("checks.amount_not_stated")
        return message("checks.fivefold", product=product.name, held=held, asked=asked)

    def issue(self, code: str, severity: str, detail: Text, ask: tuple[str, ...] = (), cites: Citations = ()) -> Issue:
        check = self.library.program_checks[code]
        sources = tuple(dict.fromkeys((*check.cites, *cites)))
        text = joined(detail, check.text)
        issue = Issue(code, severity, text, check.plain, check.action, sources, next_dose=check.next_dose)
        return replace(issue, action="ask", ask=ask) if ask else issue


def known_once(issues: Iterable[Issue]) -> list[Issue]:
    """Whom to call is told once: by what is known, and not also as a question or by the facts and by a result."""
    found, told = list(issues), set[str]()
    for issue in sorted(found, key=lambda each: (bool(each.ask), ORDER[each.severity])):
        if issue.code in TOLD_ONCE and issue.code in told:
            found.remove(issue)
        told.add(issue.code)
    return found


def ordered(issues: Iterable[Issue], given: bool = False) -> list[Issue]:
    """Most serious first, what is known before what must be asked; the first three to acknowledge interrupt.

    Whom to call stands above all else: before what not to give. `given`: of a treatment that runs, where nothing blocks any
    more. There a block is something to acknowledge that always interrupts, and it stands below the alarms of the record, which
    may not wait.
    """
    ranked = sorted(known_once(issues), key=_place_while_given if given else _place)
    asked = [issue for issue in ranked if issue.severity == ACKNOWLEDGE][:MOST_INTERRUPTING]
    shown = [replace(issue, interrupts=issue.severity == BLOCK or issue in asked) for issue in ranked]
    return [replace(issue, severity=ACKNOWLEDGE) if given and issue.severity == BLOCK else issue for issue in shown]


def _place(issue: Issue) -> tuple[int, int, bool, int, int, int, str]:
    asked = bool(issue.ask)
    called = len(CALL_FIRST) if asked else _index(CALL_FIRST, issue.code)
    in_full = _index(TOLD_IN_FULL, issue.code)
    return called, ORDER[issue.severity], asked, _urgency(issue), in_full, _index(TABLE, issue.code), issue.code


def _index(codes: tuple[str, ...], code: str) -> int:
    return codes.index(code) if code in codes else len(codes)


def _place_while_given(issue: Issue) -> tuple[int, int, bool, int, int, int, str]:
    """An alarm of the record before what would have blocked a plan."""
    called, severity, asked, urgency, in_full, row, code = _place(issue)
    alarm = issue.code in ALARMS and not issue.ask and issue.severity == ACKNOWLEDGE
    return called, -1 if alarm else severity, asked, urgency, in_full, row, code


def _urgency(issue: Issue) -> int:
    """What is urgent in its own order, a caveat of the dose last; all others after that, by the contract's table."""
    urgent = issue.code in AT_ONCE and not (issue.code == CAVEAT and issue.about != "dose")
    return AT_ONCE.index(issue.code) if urgent else len(AT_ONCE)


def alarms_among(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    """What leads, the worst first."""
    return tuple(sorted((issue for issue in issues if issue.leads), key=_lead))


# A known contraindication (None) stands above a fact that is contradicted, below the other alarms; whom to call, below an emergency.
_LEAD = (RED_FLAG, "POTASSIUM_LOW", *CALL_TODAY, "ALLERGY_SUSPECTED", None, CONTRADICTED, *LEADING_NOTES)


def _lead(issue: Issue) -> int:
    return _LEAD.index(issue.code if issue.code in _LEAD else None)
