"""What a caller hands to a public function, read into values; each fault is one sentence that names the argument."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from cobalamin.api.trees import text_tree
from cobalamin.app.services import shipped
from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.typed import assessment_day
from cobalamin.app.services.typed import day as typed_day
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Document, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.knowledge.policies import read_policy
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case

Day = date | str  # a date, or the text of one: 2026-01-31
Readable = str | os.PathLike[str] | bytes | Mapping[str, object]  # a file's name, its content, or its content as values

P = ParamSpec("P")
R = TypeVar("R")
_OPTIONS = (
    "at", "cause", "choose", "compare", "country", "days", "gfr", "haemoglobin", "if-given", "months", "on", "only", "people",
    "policy", "protocol", "route", "scenario", "seed", "serum", "start", "stop", "substance", "weight",
)  # fmt: skip
_OPTION = re.compile(rf"(?<![\w-])--({'|'.join(_OPTIONS)})(?![\w-])")
_OTHERWISE = {"choose": "choices", "protocol": "protocols"}


def with_argument_names(**otherwise: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Name arguments in faults of services, which speak of options: `--if-given` is `if_given` here."""
    names = {**_OTHERWISE, **otherwise}

    def named(fault: Fault) -> Fault:
        file = _OPTION.sub(lambda found: names.get(found[1], _in_python(found)), fault.file)
        return replace(fault, file=file, message=_OPTION.sub(_in_python, fault.message))

    def of(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def speaking(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except InputError as error:
                faults = [named(fault) for fault in error.faults]
                if faults == error.faults:
                    raise
                raise InputError(faults) from None

        return speaking

    return of


def _in_python(option: re.Match[str]) -> str:
    return option[1].replace("-", "_")


def _refused(name: str, allowed: str, given: object) -> InputError:
    return InputError.one(name, "", f"must be {allowed}, not {_named_type(given)}")


def _named_type(given: object) -> str:
    return "None" if given is None else f"of the type {type(given).__name__}"


def library_of(library: Library | None) -> Library:
    """The library that was handed over, or the shipped one."""
    if library is None:
        return shipped.library()
    if not isinstance(library, Library):
        raise _refused("library", "a Library (open one with library(folder))", library)
    return library


def case_of(case: Case) -> Case:
    """The case itself; a path or a mapping is refused, because reading has faults of its own."""
    if not isinstance(case, Case):
        raise _refused("case", "a Case (read one with read_case)", case)
    return case


def day_of(day: Day, name: str) -> date:
    """A civil date, from 1850 to 2400."""
    if isinstance(day, datetime):
        message = f"{day.isoformat()} is a point in time; hand over the date at the place where it happens"
        raise InputError.one(name, "", message)
    if not isinstance(day, date | str):
        raise _refused(name, "a date, or the text of one as 2026-01-31", day)
    return typed_day(str(day), name)


def optional_day(day: Day | None, name: str) -> date | None:
    return None if day is None else day_of(day, name)


def assessed_on(on: Day | None) -> date:
    """The day of assessment; without one, today: here the clock is read."""
    return assessment_day("") if on is None else day_of(on, "on")


def text_of(text: str, name: str) -> str:
    if not isinstance(text, str):
        raise _refused(name, "a text", text)
    return text


def texts_of(texts: str | Iterable[str], name: str) -> tuple[str, ...]:
    """Some texts in order, each once; one alone may stand for itself."""
    if isinstance(texts, str):
        return (texts,)
    if not isinstance(texts, Iterable):
        raise _refused(name, "a text, or some of them", texts)
    return tuple(dict.fromkeys(text_of(text, name) for text in texts))


def whole_of(number: int, name: str, least: int | None = None, most: int | None = None) -> int:
    """A whole number; the service says its bounds where none are given here."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise _refused(name, "a whole number", number)
    if (least is not None and number < least) or (most is not None and number > most):
        raise InputError.one(name, "", f"{number} must be a whole number from {least} to {most}")
    return number


def number_of(number: float | Decimal | None, name: str) -> float | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        raise _refused(name, "a number", number)
    return float(number)


def flag_of(flag: bool, name: str) -> bool:
    if not isinstance(flag, bool):
        raise _refused(name, "True or False", flag)
    return flag


def choices_of(choices: Mapping[str, object] | None) -> dict[str, str]:
    """Choices by key, each as the text that would be typed: a Span or Mass stands for its text."""
    if choices is None:
        return {}
    tree = mapping_of(choices, "choices")
    odd = [
        Fault("choices", 0, key, "must be a text such as '3 mo'") for key, value in tree.items() if value != str(value)
    ]
    if odd:
        raise InputError(odd)
    return {key: str(value) for key, value in tree.items()}


def mapping_of(values: Mapping[str, object], name: str) -> dict[str, object]:
    """A mapping with every scalar as text, as the readers of files take it."""
    if not isinstance(values, Mapping):
        raise _refused(name, "a mapping", values)
    found: dict[str, object] = text_tree(values, name)
    return found


def path_of(path: str | os.PathLike[str], name: str) -> Path:
    """The file or folder of this name. Text with lines is none: it is refused before the system is asked."""
    text = os.fspath(path)
    if not isinstance(text, str):
        raise _refused(name, "a file name as text", text)
    if not text.strip() or any(character in text for character in "\0\n\r"):
        shown = f"'{text.splitlines()[0][:40]}...'" if text.strip() else "an empty text"
        message = (
            f"{shown} is no file name; a text is always taken as one, content is handed over as bytes (text.encode())"
        )
        raise InputError.one(name, "", message)
    return Path(text)


def document_of(readable: Readable, name: str) -> Document:
    """The document in a file, in bytes or in a mapping; faults name the file, or `name` where there is none."""
    if isinstance(readable, bytes):
        return read_document(readable, name)
    if isinstance(readable, Mapping):
        return Document(name, mapping_of(readable, name))
    if not isinstance(readable, str | os.PathLike):
        raise _refused(name, "a file name, bytes or a mapping", readable)
    path = path_of(readable, name)
    return read_document(read_bytes(path), str(path))


def policy_of(policy: Readable | Policy | None, library: Library) -> Policy | None:
    """A local policy of windows, laid over that of the library; None without one."""
    if policy is None or isinstance(policy, Policy):
        return policy
    return read_policy(document_of(policy, "policy"), library.default_policy)
