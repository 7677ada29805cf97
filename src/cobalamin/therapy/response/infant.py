"""An infant with raised methylmalonic acid or homocysteine: metabolic centre and mother, whatever else is known (hazard H104).

A level of the vitamin may be normal in an inborn error, so that no other rule would speak.
"""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.text.messages import Text, joined, listed, message
from cobalamin.therapy.case.answered import is_answered
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import NOTE, Issue
from cobalamin.therapy.response.alarms import is_infant, judgeable
from cobalamin.therapy.response.contradictions import named
from cobalamin.therapy.response.values import ABOVE, Result, position, range_words

MARKERS = ("mma", "homocysteine")
CODES = ("METABOLIC_CENTRE", "INFANT_AND_MOTHER")


def infant_issues(library: Library, facts: Facts, record: tuple[Event, ...]) -> Iterator[Issue]:
    """Whom to call and whom to test, where the latest of these results lies above its laboratory's range."""
    if not is_infant(facts):
        return
    raised = [result for marker in MARKERS for result in _raised(library, record, marker)]
    for code in CODES if raised else ():
        open_ = [result for result in raised if not is_answered(record, code, result.event)]
        if open_:
            yield _issue(library, code, open_)


def _raised(library: Library, record: tuple[Event, ...], marker: str) -> list[Result]:
    """The latest result of a marker, where it lies above its range."""
    known = [result for result in judgeable(library, record) if result.marker == marker]
    last = max((result.on for result in known), default=None)
    return [result for result in known if result.on == last and position(result) == ABOVE]


def _issue(library: Library, code: str, raised: list[Result]) -> Issue:
    check = next(entry for entry in library.precautions if entry.code == code)
    results = listed((_above(library, result) for result in raised), "; ")
    issue = Issue(code, NOTE, check.text, check.plain, check.action, check.cites)
    return replace(
        issue,
        text=joined(message("contradicted.infant", results=results), check.text),
        plain=joined(message("contradicted.infant__plain"), check.plain),
    )


def _above(library: Library, result: Result) -> Text:
    usual = range_words(result.usual) if result.usual else ""
    side = message("contradicted.above")
    return message("contradicted.beyond", result=named(library, result), side=side, range=usual)
