"""The line of a case file that says how many ampoules there were, and when they were counted."""

from __future__ import annotations

import json

from cobalamin.casefile.yaml_text import flow, line_end, lines_of
from cobalamin.therapy.case.case import Counted

KEY = "supply"


def with_counted(text: str, counted: Counted) -> str:
    """The text with this count in the place of an earlier one, every other line as it was; "" where it has no lines for its keys."""
    tree = {"ampoules": str(counted.ampoules), "on": counted.on.isoformat()}
    tree |= {"after": counted.after} if counted.after else {}
    if text.lstrip().startswith("{"):
        return _in_json(text, tree)
    end = line_end(text)
    lines = [line for line in lines_of(text) if not line.startswith(f"{KEY}:")]
    at = next((place for place, line in enumerate(lines) if line.startswith("record:")), len(lines))
    if at == len(lines) and lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    return "".join([*lines[:at], f"{KEY}: {flow(tree)}{end}", *lines[at:]])


def _in_json(text: str, told: dict[str, str]) -> str:
    try:
        tree = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return ""
    dumped = json.dumps({**tree, KEY: told}, indent=2, ensure_ascii=False) + "\n"
    return dumped.replace("\n", "\r\n") if "\r\n" in text else dumped
