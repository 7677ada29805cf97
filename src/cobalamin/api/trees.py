"""Values of Python as the tree of texts that a case file is read into: numbers, dates and truth values become their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from cobalamin.amounts import Mass
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import DEEPEST, Tree
from cobalamin.spans import Span
from cobalamin.therapy.case.case import Quantity

_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WRITTEN = (int, float, Decimal, date, Mass, Span, Quantity)  # their str is what a person would type


def text_tree(value: object, file: str) -> Tree:
    """The tree of a mapping or list. Raises InputError with every value that has no text, each with its path.

    None is an empty text, as a key without a value is in a file. A date with a time is refused: a record has civil dates.
    """
    reading = _Values(file)
    tree = reading.read(value, "", 0)
    if reading.faults:
        raise InputError(reading.faults)
    return tree


@dataclass
class _Values:
    file: str
    faults: list[Fault] = field(default_factory=list)

    def read(self, value: object, path: str, depth: int) -> Tree:
        if depth > DEEPEST:  # at once: a value may hold itself
            raise InputError.one(self.file, path, f"nested more than {DEEPEST} deep")
        if isinstance(value, Mapping):
            return {self._key(key, path): self.read(part, _under(path, key), depth + 1) for key, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.read(part, f"{path}[{number}]", depth + 1) for number, part in enumerate(value)]
        return self._scalar(value, path)

    def _key(self, key: object, path: str) -> str:
        if isinstance(key, str):
            return self._text(key, path)
        message = f"a key must be a text, and {key!r} is none; a file is read as it is meant with read_case(path)"
        self._fault(path, message)
        return str(key)

    def _scalar(self, value: object, path: str) -> str:
        if isinstance(value, str):
            return self._text(value, path)
        if value is None:
            return ""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, _WRITTEN) and not isinstance(value, datetime):
            return str(value)
        what = f"{value} is a point in time" if isinstance(value, datetime) else f"a {type(value).__name__} has no text"
        self._fault(path, f"{what}; write a text, a number, a date, a list or a mapping")
        return ""

    def _text(self, text: str, path: str) -> str:
        if _NO_TEXT.search(text):
            self._fault(path, "holds a control character, or half a character; write plain text")
        return text

    def _fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(self.file, 0, path, message))


def _under(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)
