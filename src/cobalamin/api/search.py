"""A question in anybody's words, answered by cited sentences of the library."""

from __future__ import annotations

from cobalamin.api.arguments import library_of, text_of, with_argument_names
from cobalamin.app.services.typed import country_code
from cobalamin.knowledge.library import Library
from cobalamin.search import answer
from cobalamin.search.answer import SearchResult


@with_argument_names()
def ask(question: str, *, country: str = "", library: Library | None = None) -> SearchResult:
    """Find sentences of the library that answer a question; none is written anew.

    `country`: two capital letters; sources of that country come first. The answer has `.urgent` (warning signs that the
    words may tell of, to be read first), `.answers` (each with its citations and the level to which they were checked),
    `.disagreements` and `.unknown` words; `.empty` where the library has nothing.

    Raises InputError where the question has no word, or more than 10,000 characters.
    """
    code = country_code(text_of(country, "country"))
    return answer.ask(library_of(library), text_of(question, "question"), code)
