"""One more entry at the end of a case file's record; everything else in the file stays as it was, byte for byte.

The places come from the marks of the YAML parser, never from a guess about the layout. Whoever saves the text reads it
back first (`app.recording`), so a form that nobody thought of is refused and not damaged.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml
from msgspec import Struct

from cobalamin.casefile.yaml_text import flow
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what ends a line for the parser
_REST_OF_LINE = re.compile("[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029])?")
_COMMENT = re.compile("( *)#")
_BLANK = re.compile(r"[ \t\r\n]*")
_HALF = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_HIDDEN = re.compile(r"[^\x20-\x7e\n]")


def with_event(text: str, event: dict[str, Tree], file: str = "case") -> str:
    """The text of a case file with this entry added to its record.

    Raises InputError where the record stands in brackets over several lines, or where the text is no case.
    """
    return _in_json(text, event, file) or _in_yaml(text, event, file)


# -- JSON ------------------------------------------------------------------------------------------------------------


def _in_json(text: str, event: dict[str, Tree], file: str) -> str | None:
    """The case with the entry as JSON; None where the text is YAML. Decimals stay as typed: 3.90 keeps its zero."""
    try:
        tree = json.loads(text, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return None
    if not isinstance(tree, dict):
        return None
    record = tree.get("record") or []
    if not isinstance(record, list):
        raise InputError.one(file, "record", "must be a list")
    tree["record"] = [*record, event]
    dumped = _HIDDEN.sub(_escaped, json.dumps(tree, indent=2, ensure_ascii=False)) + "\n"
    return dumped.replace("\n", "\r\n") if "\r\n" in text else dumped


def _escaped(match: re.Match[str]) -> str:
    """What can be seen stays as it is; what a reader of YAML would take for a line end or refuse is escaped."""
    return match.group() if match.group().isprintable() else json.dumps(match.group())[1:-1]


# -- YAML ------------------------------------------------------------------------------------------------------------


class _Places(Struct, frozen=True):
    """The parser's events of the whole mapping, and of the record in it (none where there is no record)."""

    root: list[Any]
    record: list[Any]
    end: int  # of the document

    @property
    def in_brackets(self) -> bool:
        return bool(self.root[0].flow_style)

    @property
    def column(self) -> int:
        return int(self.root[0].start_mark.column)


def _in_yaml(text: str, event: dict[str, Tree], file: str) -> str:
    places = _places(text, file)
    entry, record = flow(event), places.record
    if not record and places.in_brackets:
        return _into_brackets(text, places.root, f"record: [{entry}]", file)
    if not record:
        indent = " " * places.column
        return _with_lines(text, places.end, f"{indent}record:", f"{indent}  - {entry}")
    if _is_empty(record):
        return _into_empty(text, places, entry, file)
    column = record[0].start_mark.column
    if not isinstance(record[0], yaml.SequenceStartEvent):
        raise InputError.one(file, "record", "must be a list")
    if record[0].flow_style:
        return _into_brackets(text, record, entry, file)
    at = _past_comments(text, _line_after(text, record), max(column, places.column + 1))
    return _with_lines(text, at, f"{' ' * column}- {entry}")


def _places(text: str, file: str) -> _Places:
    readable = _HALF.sub("000000", text)  # halves of one character, which JSON allows and this parser does not
    try:
        events: list[Any] = list(yaml.parse(readable, Loader=_LOADER))
    except yaml.YAMLError as error:
        raise InputError.one(file, "", f"not readable as YAML or JSON: {str(error).splitlines()[0]}") from None
    if len(events) < 7 or not isinstance(events[2], yaml.MappingStartEvent):  # four of them stand around the mapping
        raise InputError.one(file, "", "must be a mapping with the keys cobalamin, patient, facts, plan, record")
    root = events[2 : _after(events, 2)]
    document_end = events[2 + len(root)]
    return _Places(
        root, _value_of(root, "record"), document_end.start_mark.index if document_end.explicit else len(text)
    )


def _after(events: list[Any], at: int) -> int:
    """Where the node that starts at `at` is over."""
    depth = 0
    while True:
        depth += isinstance(events[at], yaml.CollectionStartEvent) - isinstance(events[at], yaml.CollectionEndEvent)
        at += 1
        if depth == 0:
            return at


def _value_of(root: list[Any], key: str) -> list[Any]:
    at = 1
    while not isinstance(root[at], yaml.MappingEndEvent):
        begin = _after(root, at)
        end = _after(root, begin)
        if isinstance(root[at], yaml.ScalarEvent) and root[at].value == key:
            return root[begin:end]
        at = end
    return []


def _is_empty(node: list[Any]) -> bool:
    return node[0].value == "" if isinstance(node[0], yaml.ScalarEvent) else len(node) == 2


def _into_empty(text: str, places: _Places, entry: str, file: str) -> str:
    """`record:`, `record: []` and the like, with or without a comment behind."""
    start, end = places.record[0].start_mark.index, places.record[-1].end_mark.index
    if _BREAK.search(text, start, end):
        raise _refusal(file)
    if places.in_brackets:
        space = "" if text[start - 1 : start].isspace() else " "
        return f"{text[:start]}{space}[{entry}]{text[end:]}"
    head = text[:start].rstrip(" ") if end > start else text[:start]
    emptied = head + text[end:]
    at = _past_comments(emptied, _next_line(emptied, len(head)), places.column + 1)
    return _with_lines(emptied, at, f"{' ' * places.column}  - {entry}")


def _into_brackets(text: str, node: list[Any], entry: str, file: str) -> str:
    """One more entry of a list or mapping in brackets, which must stand on one line."""
    start, close = node[0].start_mark.index, node[-1].end_mark.index - 1
    last = _last_mark(node[1:-1])
    if _BREAK.search(text, start, close):
        raise _refusal(file)
    if "," in text[last:close]:
        return f"{text[:close].rstrip(' ')} {entry}{text[close:]}"
    return f"{text[:last]}, {entry}{text[last:]}"


def _refusal(file: str) -> InputError:
    message = "stands in brackets over several lines and can't be extended line by line; nothing was written"
    return InputError.one(file, "record", f"{message}. Put each entry on its own line, beginning with '- '")


def _last_mark(parts: list[Any]) -> int:
    """Where the last character of these parts ends: a block has no end of its own, it only stops."""
    ends: list[int] = [
        part.end_mark.index
        for part in parts
        if isinstance(part, yaml.ScalarEvent) or part.end_mark.index > part.start_mark.index
    ]
    return max(ends)


def _line_after(text: str, record: list[Any]) -> int:
    """Where the line after the last entry begins; a text of several lines (`|`) ends where the next line begins."""
    last = _last_mark(record[1:-1])
    return last if _BREAK.fullmatch(text[last - 1]) else _next_line(text, last)


def _next_line(text: str, at: int) -> int:
    rest = _REST_OF_LINE.match(text, at)
    return rest.end() if rest else at


def _past_comments(text: str, at: int, column: int) -> int:
    """Past the comments that are indented like the list, because they belong to what stands above them."""
    place = at
    while at < len(text):
        end = _next_line(text, at)
        line = text[at:end]
        comment = _COMMENT.match(line)
        if comment and len(comment.group(1)) >= column:
            place = end
        elif not _BLANK.fullmatch(line):
            break
        at = end
    return place


def _with_lines(text: str, at: int, *lines: str) -> str:
    """The text with whole lines put in at `at`, which end as the line before them does."""
    head = text[:at]
    breaks = _BREAK.findall(head) or _BREAK.findall(text) or ["\n"]
    end = breaks[-1] if breaks[-1] in ("\r\n", "\n", "\r") else "\n"
    if head and not _BREAK.fullmatch(head[-1]):
        head += end
    return head + "".join(line + end for line in lines) + text[at:]
