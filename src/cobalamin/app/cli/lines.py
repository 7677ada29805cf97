"""Lines of an answer on standard output, broken at the width of the terminal; nothing in a name steers it."""

from __future__ import annotations

import shutil
import sys
import textwrap

from cobalamin.amounts import amounts_in_text
from cobalamin.errors import visible
from cobalamin.knowledge.library import Library
from cobalamin.text.messages import Text, in_words


class Lines:
    """Prints sentences of the library's words in the units and the spelling of a country."""

    def __init__(self, library: Library, plain: bool, country: str = "") -> None:
        self.library, self.words, self.plain, self.country = library, library.own_words, plain, country
        self.width = max(shutil.get_terminal_size((100, 24)).columns, 40)

    def say(self, key: str, **fields: object) -> str:
        """The text of this key; for a patient its plain form, where it has one."""
        plain = f"{key}__plain"
        return self.words.text(plain if self.plain and plain in self.words.texts else key, **fields)

    def spelled(self, text: Text, country: str = "") -> str:
        where = country or self.country
        return self.library.spelled(amounts_in_text(in_words(text, self.words), where, self.words.units), where)

    def print(self, text: str = "", indent: int = 0) -> None:
        space = " " * indent
        lines = textwrap.wrap(
            visible(text), self.width, initial_indent=space, subsequent_indent=f"{space}  " if indent else space,
            break_long_words=False, break_on_hyphens=False,
        )  # fmt: skip
        sys.stdout.write("\n".join(lines) + "\n")
