"""What answers say, in the words of a language."""

from __future__ import annotations

from cobalamin.api.arguments import library_of, text_of, with_argument_names
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.words import Worded
from cobalamin.text import messages
from cobalamin.text.messages import Text


@with_argument_names()
def in_words(text: Text, *, language: str = "", library: Library | None = None) -> str:
    """Say a text of an answer, such as `issue.text` or `item.why`, in the words of a language.

    Answers hold messages: a key and its values, so that one answer can be read in every language. A text that is already
    words (the wording of a record, what a person typed) comes back as it is. `language` is a code of the library's
    languages, such as `nl`; without it, the one that the library speaks.

    Raises InputError where it is no text of an answer, or where the library has no words in that language.
    """
    if not isinstance(text, (str, Worded)):
        raise InputError.one("text", "", f"must be a text of an answer, such as issue.text, not {type(text).__name__}")
    chosen = library_of(library)
    if text_of(language, "language") and language not in chosen.languages:
        known = ", ".join(chosen.languages)
        raise InputError.one("language", "", f"there are no words in '{language}'; known are {known}")
    return messages.in_words(text, chosen.words(language) if language else chosen.own_words)
