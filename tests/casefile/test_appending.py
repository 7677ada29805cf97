"""One more entry in a case file: it reads back as the old case and this event, and nothing else in the text moved."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from case_forms import CASE, EVENTS, EXAMPLES, GROWING, JSON, LINES, ONE, REFUSED, REPLACED, TOP, TWO, only_grew
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cobalamin.casefile import append
from cobalamin.casefile.append import with_event
from cobalamin.errors import InputError
from cobalamin.knowledge.document import read_document
from hazards import hazard

HOLD = {"date": "2026-01-07", "kind": "hold", "reason": 'waits: "3.90" # not a comment'}
WRITTEN = '- {date: 2026-01-07, kind: hold, reason: "waits: \\"3.90\\" # not a comment"}'
FORMS = {**GROWING, **REPLACED, **JSON}


@pytest.fixture(params=["C", "Python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers that PyYAML may have, because their marks must lead to the same text."""
    if request.param == "Python":
        monkeypatch.setattr(append, "_LOADER", yaml.BaseLoader)


def read(text: str) -> Any:
    return read_document(text, "case").tree


def with_one_more(text: str, event: dict[str, Any]) -> Any:
    tree = read(text)
    return {**tree, "record": [*(tree.get("record") or []), event]}


@hazard("H30")
@pytest.mark.parametrize("name", FORMS)
def test_a_file_reads_back_as_before_and_one_more_event(name: str) -> None:
    text = FORMS[name]
    once = with_event(text, HOLD)
    assert read(once) == with_one_more(text, HOLD)
    twice = with_event(once, HOLD)
    assert read(twice) == with_one_more(once, HOLD)


@hazard("H32")
@pytest.mark.parametrize("name", GROWING)
def test_everything_else_stays_byte_for_byte(name: str) -> None:
    text = GROWING[name]
    added = with_event(text, HOLD)
    assert only_grew(text, added), added
    assert only_grew(added, with_event(added, HOLD))
    assert only_grew(text, with_event(added, HOLD)), "the second entry stands apart from the first"


@hazard("H32")
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_keeps_its_text(path: Path) -> None:
    text = path.read_text("utf-8")
    added = with_event(text, HOLD)
    assert only_grew(text, added)
    lines = [] if "\nrecord:" in text else ["record:"]
    assert Counter(added.splitlines()) - Counter(text.splitlines()) == Counter([*lines, f"  {WRITTEN}"])
    assert Counter(with_event(added, HOLD).splitlines()) - Counter(added.splitlines()) == Counter([f"  {WRITTEN}"])


@pytest.mark.parametrize("name", [name for name in GROWING if name.endswith((", Windows", ", Macintosh"))])
def test_line_ends_are_of_the_files_own_kind(name: str) -> None:
    end = "\r\n" if name.endswith("Windows") else "\r"
    assert set(re.findall("\r\n|\r|\n", with_event(GROWING[name], HOLD))) <= {end}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(LINES, f"{LINES}  {WRITTEN}\n", id="a list"),
        pytest.param(f"record:\n- {ONE}\n", f"record:\n- {ONE}\n{WRITTEN}\n", id="zero indentation"),
        pytest.param(LINES + "  # of the list\n\n# of the file\n", f"{LINES}  # of the list\n  {WRITTEN}\n\n# of the file\n", id="comments behind"),
        pytest.param(f"record:\n- {ONE}\n# of the file\n", f"record:\n- {ONE}\n{WRITTEN}\n# of the file\n", id="comments behind zero indentation"),
        pytest.param("record: []   # none\n", f"record:   # none\n  {WRITTEN}\n", id="an empty list"),
        pytest.param("record:\n  # none\n", f"record:\n  # none\n  {WRITTEN}\n", id="only a comment"),
        pytest.param(f"record: [{TWO}]  # x\n", f"record: [{TWO}, {WRITTEN[2:]}]  # x\n", id="brackets"),
        pytest.param(f"record: [{TWO}, ]\n", f"record: [{TWO}, {WRITTEN[2:]}]\n", id="a trailing comma"),
        pytest.param("record:", f"record:\n  {WRITTEN}\n", id="no line end"),
    ],
)  # fmt: skip
def test_the_entry_stands_where_a_person_would_write_it(before: str, after: str) -> None:
    assert with_event(TOP + before, HOLD) == TOP + after


def test_a_comment_of_the_next_key_stays_above_it() -> None:
    text = f"  cobalamin: 1\n  record:\n  - {ONE}\n  # what is known\n  facts: {{}}\n"
    assert with_event(text, HOLD) == text.replace("  # what", f"  {WRITTEN}\n  # what")


@pytest.mark.parametrize("name", REFUSED)
def test_brackets_over_several_lines_are_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(InputError, match="several lines") as refused:
        with_event(REFUSED[name], HOLD, "anna.yaml")
    (fault,) = refused.value.faults
    assert (fault.file, fault.path) == ("anna.yaml", "record")
    assert "nothing was written" in fault.message
    assert "its own line" in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# x\n",
        "- a\n",
        "words\n",
        "a: [\n",
        "record: {a: b}\n",
        "record: words\n",
        "{}  # x\n",
        '{"record": "x"}',
        "{a}: b: c",
    ],
)
def test_what_is_no_case_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        with_event(text, HOLD)


@pytest.mark.parametrize("name", JSON)
def test_json_stays_json(name: str) -> None:
    text = JSON[name]
    added = json.loads(with_event(text, HOLD))
    before = json.loads(text, parse_float=str)
    assert added.pop("record") == [*before.pop("record", []), HOLD]
    assert added == before
    assert ("\r\n" in text) == ("\r\n" in with_event(text, HOLD))


def test_json_shows_the_letters_it_has() -> None:
    added = with_event(json.dumps(CASE), HOLD)
    assert "Zoë \\u200b😀" in added
    assert '  "record": [\n' in added


@hazard("H30")
def test_five_thousand_events_stay_as_they_are() -> None:
    many = 500 if append._LOADER is yaml.BaseLoader else 5000
    lines = "".join(f"  - {{date: 2025-01-01, kind: hold, note: n{number}}}  # {number}\n" for number in range(many))
    text = f"{TOP}record:\n{lines}\n# the end\n"
    added = with_event(text, HOLD)
    assert added == f"{TOP}record:\n{lines}  {WRITTEN}\n\n# the end\n"


@hazard("H30")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FORMS)), st.lists(EVENTS, min_size=1, max_size=2))
def test_any_event_can_be_added_to_any_form(name: str, events: list[dict[str, Any]]) -> None:
    text = FORMS[name]
    for event in events:
        added = with_event(text, event)
        assert read(added) == with_one_more(text, event)
        if name in GROWING:
            assert only_grew(text, added)
            kept = iter(added.splitlines(keepends=True))
            lines = [line for line in text.splitlines(keepends=True) if line not in kept]
            assert not text.endswith("\n") or "bracket" in name or lines == []
        text = added
