"""Every text that the code asks for by its key exists, and every text of a page is asked for."""

from __future__ import annotations

import re
from pathlib import Path

from cobalamin.knowledge.loading import compiled, data_folder

CODE = Path(__file__).parents[2] / "src" / "cobalamin"
PAGES = {path.stem: path for path in (data_folder() / "texts" / "en").glob("*.yaml")}


def code() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(CODE.rglob("*.py")))


def test_every_key_of_a_page_in_the_code_is_a_text() -> None:
    asked = re.findall(rf'"((?:{"|".join(PAGES)})\.\w+)"', code())
    assert asked
    assert not set(asked) - set(compiled().own_words.texts)


def test_every_text_of_a_page_is_asked_for() -> None:
    """By its whole key, or, where a key is put together, by its name."""
    written = set(re.findall(r"\w+", code()))
    put_together = tuple(re.findall(rf'f"((?:{"|".join(PAGES)})\.\w+_){{', code()))
    own = [key for key in compiled().own_words.texts if key.split(".")[0] in PAGES and not key.startswith(put_together)]
    assert not [key for key in own if not {key.split(".")[1], *key.split(".")[1].split("__")} & written]
