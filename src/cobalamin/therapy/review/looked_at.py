"""What a `reviewed` would end, before it is written: one that ends nothing is asked about, and so is one that ends several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.text.messages import Text
from cobalamin.therapy.case.answered import REVIEWED, says_unit_wrong
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.events import decides
from cobalamin.therapy.case.issues import RED_FLAG
from cobalamin.therapy.response.diary import open_signs
from cobalamin.therapy.review.checks import REVIEW_CODE
from cobalamin.therapy.review.review import Review, review


def ends_nothing_or_several(
    library: Library, case: Case, event: Event, on: date
) -> Iterator[tuple[str, tuple[Text, ...]]]:
    """Each code that is named with what it ends: nothing, or several matters. One matter is as it should be."""
    if not decides(event, REVIEWED) or says_unit_wrong(event):
        return
    before = review(library, case, on)
    after = review(library, replace(case, record=(*case.record, event)), on)
    for code in event.answers:
        stood, stands = _standing(library, before, code), _standing(library, after, code)
        ended = tuple(text for text in stood if text not in stands)
        if code != REVIEW_CODE and len(ended) != 1:
            yield code, ended


def _standing(library: Library, seen: Review, code: str) -> tuple[Text, ...]:
    """What is open under a code, a text each."""
    if code == RED_FLAG:
        return open_signs(library, seen.record.events, seen.on)
    asked = tuple(question.text for question in seen.questions if question.code == code)
    return asked or tuple(issue.text for issue in seen.issues if issue.code == code)
