"""A question in anybody's words, answered by cited sentences of the library."""

from __future__ import annotations

from cobalamin.api.arguments import Day, assessed_on, case_of, library_of, text_of, with_argument_names
from cobalamin.app.services import asking
from cobalamin.app.services.typed import country_code
from cobalamin.knowledge.library import Library
from cobalamin.search.answer import SearchResult
from cobalamin.therapy.case.case import Case


@with_argument_names()
def ask(
    question: str, *, country: str = "", case: Case | None = None, on: Day | None = None, library: Library | None = None
) -> SearchResult:
    """Find sentences of the library that answer a question; none is written anew.

    `country`: two capital letters; sources of that country come first, and the line that answers thoughts of suicide is that
    country's. `case`: where the question is about an early, late or doubled dose, the answer also has the person's own dates as
    of `on` (without it, today).

    The answer has `.urgent` (signs of danger that the words may tell of, to be read first), `.timing` (what is asked about the
    time of a dose, or None), `.answers` (each with its citations and the level to which they were checked), `.disagreements`,
    `.unknown` words and `.held`: whether anything answers the question; where not, the answers are only the nearest there is.

    Raises InputError where the question has no word, or more than 10,000 characters.
    """
    code = country_code(text_of(country, "country"))
    person = case_of(case) if case is not None else None
    return asking.ask(text_of(question, "question"), code, person, assessed_on(on), library_of(library))
