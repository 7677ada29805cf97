"""Whether `schema case` and `check` agree about a case, for every test that has one that is refused.

What a schema can't say stays with `check`; every such rule has its sentence in ONLY_CHECKED, with the reason.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.services.shipped import library
from cobalamin.casefile.reader import case_of
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Document, read_document

ONLY_CHECKED = {
    r"before the date of birth": "a day is compared with another",
    r"before the event's own date": "a day is compared with another",
    r"is after 'until'": "a day is compared with another",
    r"is after the event's own date": "a day is compared with another",
    r"stands twice; give each event its own": "two entries are compared",
    r"^facts\.none_of\[\d+\]: none_of says that": "a fact is compared with its box",
    r"is not a unit for": "a unit has many spellings",
    r"must be in the unit of the value": "two units are compared",
    r"runs backwards": "two numbers are compared",
    r"must be a (weight|length) such as": "its bound is in another unit",
    r"^(plan|record\[\d+\])\.choices\.": "which choices there are hangs on the protocol, its version and the person",
    r"^plan\.local_policy": "a policy has a format of its own",
    r"^record(\[\d+\])?: .*(anchors|deep)": "it is no tree",
}


@cache
def editor() -> Draft202012Validator:
    """What an editor does with the schema."""
    schema = schema_of("case")
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def faults_of(tree: Any) -> list[str]:
    """What `check` says of a tree of texts."""
    try:
        case_of(Document("case", tree), library())
    except InputError as error:
        return [f"{fault.path}: {fault.message}" for fault in error.faults]
    return []


def only_checked(faults: list[str]) -> bool:
    return all(any(re.search(rule, fault) for rule in ONLY_CHECKED) for fault in faults)


def marks(tree: Any) -> list[str]:
    """What an editor marks."""
    return [f"{error.json_path}: {error.message[:160]}" for error in editor().iter_errors(tree)]


def agree(tree: Any) -> None:
    """The schema takes what `check` takes, and refuses what it refuses unless the rule is one that a schema can't say."""
    faults = faults_of(tree)
    if not faults:
        assert marks(tree) == []
    elif not only_checked(faults):
        assert marks(tree), faults


def agree_about(content: str | bytes) -> None:
    """Of a file that can be read as a tree at all."""
    try:
        document = read_document(content, "case")
    except InputError:
        return
    if not document.faults:
        agree(document.tree)
