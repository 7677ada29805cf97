"""What the program answers, as JSON documents: typed in `types`, filled from the values of the pure packages."""

from __future__ import annotations

import json


def json_text(document: object) -> str:
    """The text of a document: plain ASCII, so that the bytes are the same whatever encoding a terminal has."""
    return json.dumps(document, indent=2, default=plain) + "\n"


def plain(document: object) -> object:
    """A document as dictionaries, lists and plain values; an absent key is not there. Raises TypeError for anything else."""
    import msgspec

    if not isinstance(document, msgspec.Struct):
        raise TypeError(f"a document can't hold a value of the type {type(document).__name__}")
    return msgspec.to_builtins(document)
