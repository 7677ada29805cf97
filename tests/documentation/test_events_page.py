"""docs/events.md shows each key of each kind of event as it is declared, and every key has a line that says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from cobalamin.therapy.case.events import HEADER, KINDS, own_keys
from cobalamin.therapy.case.keys import Kind

ROOT = Path(__file__).parents[2]


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]  # a module
    """The tool that writes the tables."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import write_events_page

    return write_events_page


def test_the_page_is_written_from_the_declarations(writer) -> None:  # type: ignore[no-untyped-def]  # see above
    text = writer.PAGE.read_text("utf-8")
    assert text == writer.page(text), "run tools/write_events_page.py"
    for kind in KINDS:
        assert f"### {kind}\n" in text


def test_every_kind_of_value_has_its_words(writer) -> None:  # type: ignore[no-untyped-def]  # see above
    assert set(writer.STANDS) == set(Kind)


def test_every_key_says_what_it_is() -> None:
    for kind, shape in KINDS.items():
        assert shape.does, kind
        for key in (*HEADER, *own_keys(kind)):
            assert key.about, f"{kind}: {key.name}"
            assert not key.about.endswith("."), f"{kind}: {key.name}"
