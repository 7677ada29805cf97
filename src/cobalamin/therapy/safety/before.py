"""What is told of a person before anything is given, whatever is chosen: by one function in every answer (hazard H109)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.vocabulary import INJECTIONS, SUBSTANCES
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import BEFORE_TREATMENT, BLOCK, CALL_FIRST, URGENT, Gate, Issue, ordered
from cobalamin.therapy.safety.gate import Judged, Regimens, judge, record_issues, review_issues, rules_out_all
from cobalamin.therapy.safety.products import excipient_issues
from cobalamin.therapy.safety.treated import Earlier, told

# What concerns everybody is told once; what concerns one route alone stands at the options that use it.
FOR_ALL = Regimens(frozenset(SUBSTANCES), INJECTIONS)


def known_excipients(library: Library, facts: Facts) -> list[Issue]:
    """Contents of some products that are known to be forbidden to the person."""
    return [issue for issue in excipient_issues(library, facts) if not issue.ask]


def before_anything(library: Library, case: Case, judged: Judged, earlier: Earlier) -> list[Issue]:
    """What the person's facts and record raise before a plan is chosen, not yet in order."""
    facts = judged.facts
    issues = judged.issues(None, FOR_ALL) + review_issues(library, facts)
    if earlier.is_known:
        issues.append(told(Gate(library, facts.patient.country), earlier))
    return [
        *issues,
        *known_excipients(library, facts),
        *record_issues(library, case, facts, library.default_policy),
    ]


def what_leads(library: Library, case: Case, facts: Facts, earlier: Earlier) -> tuple[Issue, ...]:
    """Of these what leads a proposal: alarms, known contraindications and whom to call; and whatever the record raises."""
    return _told(library, case, facts, earlier, frozenset())


def said_before(library: Library, case: Case, facts: Facts, earlier: Earlier) -> tuple[Issue, ...]:
    """What leads, and beside it what goes wrong if nobody says it before treatment: folic acid alone, and nitrous oxide."""
    return _told(library, case, facts, earlier, BEFORE_TREATMENT)


def _told(library: Library, case: Case, facts: Facts, earlier: Earlier, also: frozenset[str]) -> tuple[Issue, ...]:
    issues = ordered(before_anything(library, case, judge(library, facts), earlier))
    recorded = {issue.code for issue in record_issues(library, case, facts, library.default_policy)}
    urgent = (issue for issue in issues if not issue.ask and issue.code in also.union(URGENT))
    leads = {id(issue) for issue in (*urgent, *(each for each in issues if each.is_alarm or each.code in recorded))}
    return tuple(issue for issue in issues if id(issue) in leads)


def in_the_way(library: Library, issues: Iterable[Issue]) -> Iterator[Issue]:
    """What must be settled before treatment is chosen or a dose given: a call, an allergy to all of it, an alarm that holds back."""
    general = {precaution.code for precaution in library.precautions}
    for issue in issues:
        every = rules_out_all(issue) and issue.code in general
        holds = issue.is_alarm and issue.severity != BLOCK and issue.holds_back
        if not issue.ask and (issue.code in CALL_FIRST or every or holds):
            yield issue


def restrictions(library: Library, issues: Iterable[Issue]) -> Iterator[Issue]:
    """What forbids some substances or products and leaves others."""
    issues = tuple(issues)
    stopping = set(in_the_way(library, issues))
    return (issue for issue in issues if issue.severity == BLOCK and not issue.ask and issue not in stopping)
