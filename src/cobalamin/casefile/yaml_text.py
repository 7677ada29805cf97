"""Values as YAML text that reads back as exactly the same."""

from __future__ import annotations

import re

from cobalamin.knowledge.document import Tree


def line_end(text: str) -> str:
    """What ends the lines of this text; old programs for the Macintosh write a carriage return alone."""
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def lines_of(text: str) -> list[str]:
    """The lines with their ends; a line feed ends a line, because YAML and people agree on that one."""
    return re.findall(r"[^\r]*\r|[^\r]+" if line_end(text) == "\r" else r"[^\n]*\n|[^\n]+", text)


def quoted(text: str) -> str:
    """A YAML scalar that reads back as exactly this text; quoted unless it is plainly safe."""
    if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]*[A-Za-z0-9]|[A-Za-z0-9]", text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(character if character.isprintable() else f"\\U{ord(character):08x}" for character in escaped)
    return f'"{escaped}"'


def flow(tree: Tree) -> str:
    """A value on one line of YAML, every text in it as it is."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{quoted(key)}: {flow(value)}" for key, value in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(flow(item) for item in tree) + "]"
    return quoted(tree)
