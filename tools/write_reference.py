"""The reference pages, made from the program itself: every option from `--help`, every document from its schema.

The documentation site makes them at each build (tools/site_hook.py), so they can't be out of date. To read them without a site:
python tools/write_reference.py options > options.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer.main
from click.testing import CliRunner

WIDTH = 100


def options_page() -> str:
    """Every command with its arguments and options, as `--help` prints them."""
    from cobalamin.app.cli.main import app

    parts = [
        "# Every option\n\nMade from `--help` when this site was built. What each command does: [Commands](../commands.md).\n"
    ]
    program = typer.main.get_command(app)
    for name in _commands(program, ""):
        typed = CliRunner().invoke(program, [*name.split(), "--help"], prog_name="cobalamin", terminal_width=WIDTH)
        parts.append(f"\n## `cobalamin {name}`\n\n```text\n{typed.stdout.rstrip()}\n```\n")
    return "".join(parts)


def _commands(command: Any, name: str) -> Iterator[str]:
    """The whole name of each command; of a group, those inside it."""
    if not hasattr(command, "commands"):
        yield name
        return
    for inner, each in command.commands.items():
        if not each.hidden:
            yield from _commands(each, f"{name} {inner}".strip())


def documents_page() -> str:
    """Every JSON document, key by key, from the schemas that `cobalamin schema` prints."""
    from cobalamin.app.documents.schemas import DOCUMENTS, schema_of

    parts = [
        "# Documents\n\nMade from the schemas when this site was built: `cobalamin schema NAME` prints each as JSON Schema. What "
        "the words mean: [the contract](../contract.md). A key marked with * is always there.\n"
    ]
    shared: dict[str, Any] = {}
    for name in DOCUMENTS:
        schema = schema_of(name)
        own = schema["$ref"].rsplit("/", 1)[-1]
        parts.append(f"\n## `{name}`\n\n{_keys(schema['$defs'][own])}")
        shared |= {key: value for key, value in schema["$defs"].items() if key != own}
    parts.append("\n## Parts of documents\n")
    for name, schema in sorted(shared.items()):
        parts.append(f"\n### {name}\n\n{_keys(schema)}")
    return "".join(parts)


def _keys(schema: dict[str, Any]) -> str:
    rows = ["| key | value |", "| --- | --- |"]
    for key, value in schema["properties"].items():
        mark = "*" if key in schema["required"] else ""
        rows.append(f"| `{key}`{mark} | {_value(value)} |")
    return "\n".join(rows) + "\n"


def _value(schema: dict[str, Any]) -> str:
    """A value of a schema in words; parts of documents are links."""
    if "$ref" in schema:
        part = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{part}](#{part.lower()})"
    if "enum" in schema:
        return ", ".join(f"`{word}`" if isinstance(word, str) else f"`{str(word).lower()}`" for word in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(_value(each) for each in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_value(schema['items'])}"
    if schema.get("type") == "object":
        return f"mapping to {_value(schema['additionalProperties'])}" if "additionalProperties" in schema else "mapping"
    return str(schema.get("type", "any"))


PAGES = {"options": options_page, "documents": documents_page}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in PAGES:
        sys.exit(f"which page? {', '.join(PAGES)}")
    sys.stdout.write(PAGES[sys.argv[1]]())
