"""What the program answers, as JSON documents: typed in `types`, filled from the values of the pure packages."""

from __future__ import annotations

import json


def json_text(document: object) -> str:
    """The text of a document: plain ASCII, so that the bytes are the same whatever encoding a terminal has."""
    return json.dumps(document, indent=2) + "\n"
