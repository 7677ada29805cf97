"""The hazard log, its tests and its page agree: no id without an entry, no entry without a test or a stated reason."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]  # a module
    """The tool that reads the log and writes its page."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import write_hazards_page

    return write_hazards_page


def test_every_entry_says_all_it_must(log) -> None:  # type: ignore[no-untyped-def]  # see above
    entries = log.entries()
    assert [entry["id"] for entry in entries] == sorted(
        {entry["id"] for entry in entries}, key=lambda name: int(name[1:])
    )
    for entry in entries:
        assert tuple(key for key in entry if key not in log.OPTIONAL) == log.KEYS, entry["id"]
        assert set(entry) <= {*log.KEYS, *log.OPTIONAL}, entry["id"]
        assert entry["severity"] in log.SEVERITIES, entry["id"]
        assert all(str(entry[key]).strip().endswith(".") for key in ("cause", "harm", "control")), entry["id"]


def test_every_id_that_a_test_or_a_comment_uses_has_an_entry(log) -> None:  # type: ignore[no-untyped-def]  # see above
    known = {entry["id"] for entry in log.entries()}
    assert len(log.guards()) > 30
    assert set(log.guards()) <= known
    assert len(log.named()) > 15
    assert {hazard_id: files for hazard_id, files in log.named().items() if hazard_id not in known} == {}


def test_every_hazard_has_a_test_or_says_why_not(log) -> None:  # type: ignore[no-untyped-def]  # see above
    guarded = log.guards()
    for entry in log.entries():
        has_test, is_open = entry["id"] in guarded, "open" in entry
        assert has_test != is_open, f"{entry['id']}: mark a test with it, or say under `open` why nothing guards it yet"


def test_the_page_is_what_the_tool_writes(log) -> None:  # type: ignore[no-untyped-def]  # see above
    assert log.page() == log.PAGE.read_text("utf-8"), "run: python tools/write_hazards_page.py"
