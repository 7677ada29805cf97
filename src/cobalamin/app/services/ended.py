"""What an entry ended: the alarms, issues and questions that were open before it and no longer are, in words (hazard H86)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cobalamin.knowledge.library import Library
from cobalamin.text.messages import Text, capital, in_words
from cobalamin.therapy.case.issues import RED_FLAG, Issue
from cobalamin.therapy.response.diary import open_signs
from cobalamin.therapy.review.questions import Question
from cobalamin.therapy.review.review import Review


def ended(library: Library, before: Review, after: Review, plain: bool) -> tuple[str, ...]:
    """Each matter once. One whose words changed and that is still open has not ended; a warning sign is told by itself."""
    signs = open_signs(library, after.record.events, after.on)
    found: list[Text] = [
        capital(sign) for sign in open_signs(library, before.record.events, before.on) if sign not in signs
    ]
    issues = list(_gone(before.issues, after.issues))
    told = {issue.code for issue in issues} | {RED_FLAG}
    found += [
        issue.plain if plain else issue.text for issue in issues if isinstance(issue, Issue) and issue.code != RED_FLAG
    ]
    found += [each.text for each in _gone(before.questions, after.questions) if each.code not in told]
    return tuple(dict.fromkeys(in_words(each, library.own_words) for each in found))


def _gone(before: tuple[Issue | Question, ...], after: tuple[Issue | Question, ...]) -> Iterator[Issue | Question]:
    still, left = {each.text for each in after}, Counter(each.code for each in after)
    number = Counter(each.code for each in before)
    yield from (each for each in before if each.text not in still and left[each.code] < number[each.code])
