"""A YAML or JSON document as plain text values with the line of each, read strictly.

Every scalar is text: `NO` is Norway, `3.90` keeps its zero, no date is guessed. Tags, anchors and aliases are refused
before anything is built from them, so a document can neither make objects nor grow when read. Case files and the
library are read by the same few lines.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

import yaml
from msgspec import Struct, field

from cobalamin.errors import Fault, InputError

Tree = Any  # str | list[Tree] | dict[str, Tree]

LARGEST_BYTES = 2_000_000
DEEPEST = 40
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Document(Struct, frozen=True):
    """A tree of text, lists and mappings, with the line where each path begins (empty for compiled input)."""

    file: str
    tree: Tree
    lines: dict[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()  # keys that stand twice; told together with what is found when reading

    def line(self, path: str) -> int:
        """The line of `path`, or of the nearest place above it that has one."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]  # always shorter, whatever a key is called
        return self.lines.get(path, 0)


def read_text(content: bytes, file: str) -> str:
    """UTF-8 text of at most LARGEST_BYTES. Raises InputError for anything else."""
    if len(content) > LARGEST_BYTES:
        raise InputError.one(file, "", f"the file has {len(content):,} bytes; at most {LARGEST_BYTES:,} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            message = "the text is UTF-16, which editors also call Unicode; save it as UTF-8 and try again"
            raise InputError.one(file, "", message, line) from None
        raise InputError.one(file, "", "the text is not UTF-8; save it as UTF-8 and try again", line) from None
    if text.count("\x00") > len(text) // 3:
        message = "the text is UTF-16 without its mark; save it as UTF-8 and try again"
        raise InputError.one(file, "", message, 1)
    if "\x00" in text:
        raise InputError.one(file, "", "this is not a text file", text[: text.index("\x00")].count("\n") + 1)
    control = _CONTROL.search(text)
    if control:
        line = text[: control.start()].count("\n") + 1
        raise InputError.one(file, "", f"a control character (code {ord(control.group())}) is not allowed", line)
    return _SURROGATES.sub(_joined, text)


def _joined(match: re.Match[str]) -> str:
    r"""JSON writes characters outside the first plane as two escapes (`\ud83d\ude00`); the character itself."""
    backslashes, high, low = match.groups()
    return str(backslashes) + chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)


def read_document(content: bytes | str, file: str) -> Document:
    """Read one YAML (or JSON) document. Raises InputError with the line of what can't be read."""
    text = read_text(content.encode() if isinstance(content, str) else content, file)
    lines: dict[str, int] = {}
    faults: list[Fault] = []
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        tree = _build_document(events, file, lines, faults)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark is not None else 0
        problem = error.problem or "the text can't be read"
        raise InputError.one(file, "", f"not readable as YAML or JSON: {problem}", line) from None
    except yaml.YAMLError as error:
        raise InputError.one(file, "", f"not readable as YAML or JSON: {str(error).splitlines()[0]}") from None
    return Document(file, tree, lines, tuple(faults))


def _build_document(events: Iterator[Any], file: str, lines: dict[str, int], faults: list[Fault]) -> Tree:
    tree: Tree = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            mark: Any = event.start_mark
            if documents > 1:
                raise InputError.one(file, "", "a second document begins here; one file holds one", mark.line + 1)
            tree = _build(next(events), events, "", 0, file, lines, faults)
    if documents == 0:
        raise InputError.one(file, "", "the file is empty")
    return tree


def _build(
    event: Any, events: Iterator[Any], path: str, depth: int, file: str, lines: dict[str, int], faults: list[Fault]
) -> Tree:
    line = event.start_mark.line + 1
    lines.setdefault(path, line)
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise InputError.one(file, path, "anchors and aliases (& and *) are not allowed; write the value out", line)
    if event.tag is not None:
        raise InputError.one(file, path, f"tags are not allowed ({event.tag}); write a plain value", line)
    if depth > DEEPEST:
        raise InputError.one(file, path, f"nested more than {DEEPEST} deep", line)
    if isinstance(event, yaml.ScalarEvent):
        return event.value
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Tree] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_build(event, events, f"{path}[{len(items)}]", depth + 1, file, lines, faults))
        return items
    mapping: dict[str, Tree] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key_line = event.start_mark.line + 1
        key = _build(event, events, f"{path}.(key)", depth + 1, file, {}, faults)
        if not isinstance(key, str):
            raise InputError.one(file, path, "a key must be a plain word", key_line)
        at = f"{path}.{key}" if path else key
        if key in mapping:
            faults.append(
                Fault(file, key_line, at, f"the key stands twice (first on line {lines.get(at, 0)}); keep one")
            )
        else:
            lines[at] = key_line
        mapping[key] = _build(next(events), events, at, depth + 1, file, lines, faults)
    return mapping
