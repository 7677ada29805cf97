"""Few platelets on file, before an injection into a muscle: by the threshold of a source, else as a question (hazard H105)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.text.messages import joined, listed, message
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import NOTE, Issue
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response.alarms import judgeable
from cobalamin.therapy.response.contradictions import contradictions
from cobalamin.therapy.response.values import Result, bounds

CODE, FACT = "BLEEDING_RISK_IM", "thrombocytopenia"


def platelet_issues(library: Library, facts: Facts, record: tuple[Event, ...]) -> Iterator[Issue]:
    """The check for bleeding, where a platelet count that nobody answered speaks against the fact or asks for it."""
    results = judgeable(library, record)
    limits = library.default_policy.results
    for found in contradictions(library, facts, record, results, limits):
        if found.fact != FACT:
            continue
        named = {name for entry in found.entries for name in entry.events}
        few = any(_is_few(library, result) for result in results if result.event in named)
        check = next(entry for entry in library.precautions if entry.code == CODE)
        told = message("contradicted.platelets", entries=listed((entry.text for entry in found.entries), "; "))
        issue = Issue(CODE, check.severity, joined(told, check.text), check.plain, check.action, check.cites)
        yield issue if few else replace(issue, severity=NOTE, action="ask", ask=(FACT,))


def _is_few(library: Library, result: Result) -> bool:
    """Whether it lies under a limit that a source states."""
    rules = library.records("contradictions.yaml", "contradictions")
    return any(_under(rule["under"], result) for rule in rules if rule["fact"] == FACT and "under" in rule)


def _under(limit: dict[str, Tree], result: Result) -> bool:
    found = bounds(result.value, limit["unit"])
    return found is not None and found.under(Decimal(limit["value"])) is TRUE


def with_platelets(issues: list[Issue], few: tuple[Issue, ...]) -> list[Issue]:
    """The issues of a plan that injects into a muscle; what is known stands in the place of the same question."""
    known = any(issue.code == CODE and not issue.ask for issue in issues)
    if known or not few:
        return issues
    return [*(issue for issue in issues if issue.code != CODE), *few]
