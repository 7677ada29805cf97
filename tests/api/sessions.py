"""The blocks of docs/python.md: sessions to run, and programs."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "python.md"
README = ROOT / "README.md"


def blocks(language: str) -> list[str]:
    """The blocks of the page in this language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
