"""Decisions choose no words: they return messages, and whoever shows them knows the language (docs/adr/0018)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "cobalamin"
DECISIONS = sorted((SOURCE / "therapy").rglob("*.py"))
# What puts a text into the words of a language, and what has them.
MODULES = {"cobalamin.knowledge.words", "cobalamin.text.days", "cobalamin.text.safe"}
NAMES = {"own_words", "in_words", "is_english", "Words"}


def chosen_in(file: Path) -> list[str]:
    """Where a file chooses words, by line."""
    return [
        f"{file.relative_to(SOURCE).as_posix()}:{getattr(node, 'lineno', 0)}"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if (isinstance(node, ast.ImportFrom) and node.module in MODULES)
        or (isinstance(node, ast.alias) and node.name in NAMES)
        or (isinstance(node, ast.Attribute) and node.attr in NAMES)
    ]


@pytest.mark.parametrize("file", DECISIONS, ids=[file.relative_to(SOURCE).as_posix() for file in DECISIONS])
def test_no_decision_chooses_words(file: Path) -> None:
    assert chosen_in(file) == []


@pytest.mark.parametrize("name", ["app/views/builder.py", "app/documents/plan.py", "app/services/leading.py"])
def test_where_words_are_chosen_is_seen(name: str) -> None:
    assert chosen_in(SOURCE / name)
