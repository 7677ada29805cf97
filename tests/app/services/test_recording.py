"""Recording: whatever happened is added, nothing that stood there is lost, and a refusal leaves the file as it was."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from case_forms import EVENTS, EXAMPLES, GROWING, JSON, LINES, REFUSED, REPLACED, TOP, only_grew
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cobalamin.app.services import files, recording
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.recording import event_from_options, record_event
from cobalamin.app.services.shipped import library
from cobalamin.casefile.events import read_event
from cobalamin.errors import InputError
from cobalamin.knowledge.document import read_document
from cobalamin.records import replace
from hazards import hazard
from processes import BOUND, line_of, rest_of, started

ON = date(2026, 1, 7)
GIVEN = {"date": "2026-01-05", "kind": "administration", "as_planned": "true"}
FORMS = {**GROWING, **REPLACED, **JSON}
BORN = "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02}\n"


@pytest.fixture
def case_file(tmp_path: Path) -> Callable[..., Path]:
    """A file with this content."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "case.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def refusal(path: Path, event: dict[str, Any]) -> str:
    """Why the event is not recorded; every file stays as it is, and nothing is left behind."""
    before = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    with pytest.raises(InputError) as refused:
        record_event(path, event, ON)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == before
    return str(refused.value)


# -- what is recorded ------------------------------------------------------------------------------------------------


@hazard("H32")
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_event_is_added_to_every_example(case_file: Callable[..., Path], path: Path) -> None:
    text = path.read_bytes().decode()
    case = case_file(text)
    recorded = record_event(case, GIVEN, ON)
    line = f"  - {{date: 2026-01-05, kind: administration, as_planned: true, recorded_at: 2026-01-07, id: {recorded.event.id}}}\n"
    added = case.read_bytes().decode()
    assert only_grew(text, added)
    assert len(added) - len(text) == len(line if "\nrecord:" in text else f"record:\n{line}")
    assert line in added
    assert recorded.before == open_case(path)
    assert (
        recorded.after == open_case(case) == replace(recorded.before, record=(*recorded.before.record, recorded.event))
    )
    assert recorded.event.recorded_at == "2026-01-07"
    assert [file.name for file in case.parent.iterdir()] == ["case.yaml"]


@hazard("H30")
@hazard("H32")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(FORMS)), events=st.lists(EVENTS, min_size=1, max_size=2), mark=st.sampled_from(["", "\ufeff"]))  # fmt: skip
def test_any_event_is_recorded_in_any_form(
    case_file: Callable[..., Path], name: str, events: list[dict[str, Any]], mark: str
) -> None:
    path = case_file(mark + FORMS[name])
    for number, event in enumerate(events):
        event = {**event, **({"id": f"e{number}"} if "id" in event else {})}
        before, text = open_case(path), path.read_bytes().decode()
        recorded = record_event(path, event, ON)
        after = path.read_bytes().decode()
        assert recorded.before == before
        assert recorded.after == open_case(path) == replace(before, record=(*before.record, recorded.event))
        assert after.startswith(mark)
        assert after.count("\ufeff") == len(mark)
        assert read_document(after.encode(), "case").tree["record"][-1] == {
            "recorded_at": "2026-01-07", **event, "id": recorded.event.id,
        }  # fmt: skip
        assert name not in GROWING or only_grew(text, after)


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"kind": "administration", "substance": "cyanocobalamin", "dose": "100 mg", "route": "iv"}, id="a 100-fold dose into a vein"),
        pytest.param({"kind": "administration", "as_planned": "true", "expires_on": "2019-12"}, id="an expired product"),
        pytest.param({"kind": "administration", "as_planned": "true", "product": "nobody knows it"}, id="an unknown product"),
        pytest.param({"kind": "correction", "withdraws": "nothing-of-this-record"}, id="a correction of nothing"),
        pytest.param({"kind": "decision", "decision": "stop", "by": "the patient", "reason": "no reason"}, id="a lifelong treatment stopped"),
        pytest.param({"kind": "administration", "as_planned": "true", "date": "2031-01-01"}, id="a day to come"),
    ],
)  # fmt: skip
def test_what_happened_is_recorded_even_when_it_should_not_have_happened(
    case_file: Callable[..., Path], event: dict[str, Any]
) -> None:
    path = case_file(BORN + "facts: {optic_disease: leber_hereditary_optic_neuropathy, cause: pernicious_anaemia}\n")
    assert record_event(path, {"date": "2026-01-05", **event}, ON).event.kind == event["kind"]


def test_an_entry_like_one_that_is_there_is_recorded_and_told(case_file: Callable[..., Path]) -> None:
    path = case_file(BORN)
    assert not record_event(path, GIVEN, ON).repeated
    later = record_event(path, {**GIVEN, "recorded_at": "2026-01-09T08:30"}, ON)
    assert later.repeated
    assert later.event.recorded_at == "2026-01-09T08:30"
    assert not record_event(path, {**GIVEN, "note": "the other arm"}, ON).repeated
    assert len(open_case(path).record) == 3


def test_the_old_word_for_the_date_is_written_as_date(case_file: Callable[..., Path]) -> None:
    path = case_file(BORN)
    record_event(path, {"on": "2026-01-05", "kind": "hold"}, ON)
    assert "- {date: 2026-01-05, kind: hold, recorded_at: 2026-01-07, id: 2026-01-05-hold-" in path.read_text("utf-8")


def test_a_linked_file_stays_a_link_and_keeps_its_permissions(case_file: Callable[..., Path]) -> None:
    path = case_file(BORN)
    path.chmod(0o640)
    link = path.with_name("link.yaml")
    link.symlink_to(path)
    record_event(link, GIVEN, ON)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert len(open_case(path).record) == 1


# -- what is refused -------------------------------------------------------------------------------------------------


@hazard("H30")
@pytest.mark.parametrize(
    ("event", "shown"),
    [
        ({"kind": "hold"}, ["event: the key 'date' is missing"]),
        ({"date": "2026-01-05", "kind": "party"}, ["event: kind:", "'party'", "hold"]),
        ({"date": "2026-01-05", "kind": "hold", "dose": "1 mg"}, ["event: dose:", "unknown key"]),
        ({**GIVEN, "date": "1958-03-01"}, ["event: date:", "1958-03-01", "birth 1958-03-02"]),
        (
            {
                "date": "2026-01-05",
                "kind": "administration",
                "substance": "hydroxocobalamin",
                "route": "im",
                "dose": "1,000 mcg",
            },
            ["event: dose:", "1000 mcg"],
        ),
        ({**GIVEN, "dose": "1 mg"}, ["event: as_planned:", "leave out dose"]),
        ({**GIVEN, "recorded_at": "today"}, ["event: recorded_at:", "'today'"]),
        ({**GIVEN, "id": "a"}, ["event: id:", "'a' is already in the record", "leave it out"]),
        ({**GIVEN, "note": "caf\udce9"}, ["event: note:", "not text", "UTF-8"]),
        ({"date": "2026-01-05", "kind": "symptoms", "own": {"x\ud800": "3"}}, ["event: own:", "not text"]),
        ({"date": "2026-01-05", "kind": "symptoms", "red_flags": ["\ud800"]}, ["event: red_flags:", "not text"]),
    ],
)
def test_an_event_that_can_not_be_read_is_refused(
    case_file: Callable[..., Path], event: dict[str, Any], shown: list[str]
) -> None:
    message = refusal(case_file(BORN + "record:\n- {date: 2026-01-01, kind: hold, id: a}\n"), event)
    assert message.startswith(shown[0])
    assert all(part in message for part in shown)


def test_every_fault_of_an_event_is_told(case_file: Callable[..., Path]) -> None:
    event = {"date": "2026-02-30", "kind": "administration", "dose": "1 ml", "route": "IM", "source": "home"}
    with pytest.raises(InputError) as refused:
        record_event(case_file(BORN), event, ON)
    assert [fault.path for fault in refused.value.faults] == ["", "date", "dose", "route", "source"]


@hazard("H30")
@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_can_not_be_added_to_is_refused(case_file: Callable[..., Path], name: str) -> None:
    message = refusal(case_file(REFUSED[name]), GIVEN)
    assert "nothing was written" in message
    assert message.count("\n") == 0


@hazard("H32")
def test_a_text_that_reads_back_as_anything_else_is_not_written(
    case_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever goes wrong when adding: a lost entry, a changed one, a changed fact, a text that can't be read."""
    path = case_file(TOP + LINES + "facts: {vegan: absent}\n")
    good = recording.with_event
    for old, new in [("3.90", "3.9"), ("vegan: absent", "vegan: present"), ("reason: declined", "reason: withheld"), ("record:", "recrod:"), ("  - {date: 2025-12-30", "  # {date: 2025-12-30"), ("}\n", "\n")]:  # fmt: skip
        monkeypatch.setattr(recording, "with_event", lambda *given, old=old, new=new: good(*given).replace(old, new))
        assert "nothing was written" in refusal(path, GIVEN)


def test_a_file_that_would_become_too_large_is_refused(case_file: Callable[..., Path]) -> None:
    path = case_file(BORN + "#" * (1_999_950 - len(BORN)) + "\n")
    assert "larger than 2,000,000 bytes; nothing was written" in refusal(path, GIVEN)


def test_a_file_with_a_fault_is_refused_with_its_line(case_file: Callable[..., Path]) -> None:
    assert "case.yaml:3: record[0].kind:" in refusal(case_file(BORN + "record: [{date: 2026-01-05, kind: x}]\n"), GIVEN)
    assert "twice" in refusal(case_file(BORN + "facts: {}\nfacts: {}\n"), GIVEN)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "can't be read" in refusal(tmp_path / "nowhere.yaml", GIVEN)
    with pytest.raises(InputError, match="can't be read"):
        record_event(tmp_path / "nowhere" / "case.yaml", GIVEN, ON)


# -- many writers, and killed ones -----------------------------------------------------------------------------------

WRITER = """
import sys
from datetime import date
from pathlib import Path
from cobalamin.app.services.recording import record_event
from cobalamin.app.services.shipped import library
library()
path, name, wanted = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for done in range(wanted):
    event = {"date": "2026-01-05", "kind": "hold", "id": f"{name}-{done}"}
    record_event(path, event, date(2026, 1, 7))
    print(event["id"], flush=True)
"""


def writer(path: Path, name: str, wanted: int) -> AbstractContextManager[subprocess.Popen[str]]:
    return started([sys.executable, "-c", WRITER, str(path), name, str(wanted)], stdin=subprocess.PIPE)


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


@hazard("H30")
@hazard("H32")
def test_of_many_writers_at_once_none_loses_an_event(case_file: Callable[..., Path]) -> None:
    path = case_file(TOP + LINES)
    with ExitStack() as all_of_them:
        writers = [all_of_them.enter_context(writer(path, f"w{number}", 3)) for number in range(5)]
        assert [line_of(process) for process in writers] == ["ready"] * 5
        for process in writers:
            begin(process)
        told = [line for process in writers for line in rest_of(process)]
        assert [process.wait(BOUND) for process in writers] == [0] * 5
    found = [event.id for event in open_case(path).record[2:]]
    assert sorted(found) == sorted(told)
    assert len(told) == 15
    assert path.read_bytes().startswith((TOP + LINES).encode())
    assert [file.name for file in path.parent.iterdir()] == ["case.yaml"]


@hazard("H30")
def test_a_lock_that_another_writer_has_just_removed_is_no_lock(
    case_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = case_file(TOP + LINES)

    def too_late(_: int) -> bool:
        path.with_name(".case.yaml.lock").unlink()
        return True

    monkeypatch.setattr(files, "_try_lock", too_late)
    monkeypatch.setattr(files, "LONGEST_WAIT", 0)
    assert "another program is writing it" in refusal(path, GIVEN)


@hazard("H30")
@hazard("H32")
def test_a_killed_writer_leaves_a_readable_file_with_every_event_it_told_of(case_file: Callable[..., Path]) -> None:
    chance = random.Random(20260107)
    path = case_file(TOP + LINES)
    told: list[str] = []
    for number in range(6):
        text = path.read_bytes()
        with writer(path, f"k{number}", 100_000) as process:
            assert line_of(process) == "ready"
            begin(process)
            told += [line_of(process)] if number % 2 else []
            time.sleep(chance.uniform(0.0, 0.1))  # where in its work it is killed; whatever that is, what follows holds
            process.kill()
            told += rest_of(process)
        found = [event.id for event in open_case(path).record[2:]]
        assert path.read_bytes().startswith(text), "an earlier line changed"
        assert set(told) <= set(found)
        assert len(found) <= len(told) + number + 1, "at most one entry is written and not yet told"
    assert record_event(path, GIVEN, ON).event.kind == "administration"
    assert len(told) >= 3, "no writer came so far as to write"
    assert [file.name for file in path.parent.iterdir()] == ["case.yaml"]


# -- the words of the command line -----------------------------------------------------------------------------------

HYDROXO = {"substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}


@pytest.mark.parametrize(
    ("words", "event"),
    [
        (["given"], {"date": "2026-01-07", "kind": "administration", "as_planned": "true"}),
        (["administration", "2026-01-05"], GIVEN),
        (["2026-01-05", "given"], GIVEN),
        (["given", "2026-01", "batch=A1"], {"date": "2026-01", "kind": "administration", "batch": "A1", "as_planned": "true"}),
        (["kind=given", "on=2026-01-05", "as_planned"], GIVEN),
        (["kind=administration", "date=2026-04-16", "dose=1 mg", "route=im", "substance=hydroxocobalamin"], {"date": "2026-04-16", "kind": "administration", **HYDROXO}),
        (["given", "dose=1 mg"], {"date": "2026-01-07", "kind": "administration", "dose": "1 mg"}),
        (["given", "authority.by=Dr A=B", "authority.through=2026-12-31"], {"date": "2026-01-07", "kind": "administration", "as_planned": "true", "authority": {"by": "Dr A=B", "through": "2026-12-31"}}),
        (["omission", "2026-01-09", "reason=did_not_attend"], {"date": "2026-01-09", "kind": "omission", "reason": "did_not_attend"}),
        (["result", "potassium=3.90 mmol/L", "laboratory=Here"], {"date": "2026-01-07", "kind": "result", "marker": "potassium", "value": "3.90 mmol/L", "laboratory": "Here"}),
        (["result", "marker=potassium", "value=3.9 mmol/L"], {"date": "2026-01-07", "kind": "result", "marker": "potassium", "value": "3.9 mmol/L"}),
        (["symptoms", "tiredness=4", "balance=2", "red_flags=new_vision_loss, facial_swelling", "own.pain v. bad=3"],
         {"date": "2026-01-07", "kind": "symptoms", "tiredness": "4", "balance": "2", "red_flags": ["new_vision_loss", "facial_swelling"], "own": {"pain v. bad": "3"}}),
        (["decision", "advance", "by=Dr A", "reason=no further improvement"], {"date": "2026-01-07", "kind": "decision", "decision": "advance", "by": "Dr A", "reason": "no further improvement"}),
        (["decision", "decision=stop", "by=Dr A", "reason=x"], {"date": "2026-01-07", "kind": "decision", "decision": "stop", "by": "Dr A", "reason": "x"}),
        (["fact", "fact=pregnancy", "value=planning"], {"date": "2026-01-07", "kind": "fact", "fact": "pregnancy", "value": "planning"}),
        (["plan", "protocol=uk-bnf-noneuro", "version=1", "start=2026-02-02", "choices.maintenance_interval=2 mo"],
         {"date": "2026-01-07", "kind": "plan", "protocol": "uk-bnf-noneuro", "version": "1", "start": "2026-02-02", "choices": {"maintenance_interval": "2 mo"}}),
        (["correction", "withdraws=a", "replaced_by.date=2026-01-05", "replaced_by.kind=symptoms", "replaced_by.own.itch.y=3"],
         {"date": "2026-01-07", "kind": "correction", "withdraws": "a", "replaced_by": {"date": "2026-01-05", "kind": "symptoms", "own": {"itch.y": "3"}}}),
        (['{"date": "2026-01-05", "kind": "symptoms", "tiredness": 4, "own": {"x": 3}}'], {"date": "2026-01-05", "kind": "symptoms", "tiredness": "4", "own": {"x": "3"}}),
        (['{"date": "2026-01-05", "kind": "omission", "reason": "declined", "note": "\\ud83d\\ude00 3.90"}'], {"date": "2026-01-05", "kind": "omission", "reason": "declined", "note": "😀 3.90"}),
    ],
)  # fmt: skip
def test_an_event_in_words(words: list[str], event: dict[str, Any]) -> None:
    made = event_from_options(words, ON)
    assert made == event
    assert list(made)[:2] == ["date", "kind"]
    if not (event["kind"] == "administration" and "dose" in event and "route" not in event):
        assert read_event(made, library()).kind == event["kind"]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ([], ["say what happened", "for example: given 2026-01-07"]),
        (["", " "], ["say what happened"]),
        (["2026-01-05"], ["kind", "say first what happened", "given, administration"]),
        (["dose=1 mg"], ["kind", "say first what happened"]),
        (["administraton"], ["kind", "'administraton'", "did you mean 'administration'", "correction"]),
        (["kind=injection"], ["kind", "'injection'", "given"]),
        (["given", "given"], ["given", "not understood", "KEY=VALUE"]),
        (["given", "kind=hold"], ["kind", "twice"]),
        (["given", "dose=1", "mg"], ["mg", "not understood", "dose='1 mg'"]),
        (["given", "dose="], ["dose", "'dose='", "KEY=VALUE"]),
        (["given", "=1 mg"], ["'=1 mg'", "KEY=VALUE"]),
        (["given", "authority.=x"], ["'authority.=x'", "KEY=VALUE"]),
        (["given", "dose=1 mg", "dose=2 mg"], ["dose", "twice"]),
        (["given", "2026-01-05", "on=2026-01-05"], ["on", "twice"]),
        (["given", "as_planned", "as_planned=true"], ["as_planned", "twice"]),
        (["given", "authority=x", "authority.by=y"], ["authority", "'authority.by'", "keep one"]),
        (["given", "authority.by=y", "authority=x"], ["authority", "twice"]),
        (["symptoms", "own.x=1", "own.x=2"], ["own.x", "twice"]),
        (["result", "potasium=3.9 mmol/L"], ["potasium", "did you mean 'potassium'", "serum_b12"]),
        (["result", "potassium=3.9 mmol/L", "folate=9 nmol/L"], ["potassium, folate", "one marker"]),
        (["result", "potassium=3.9 mmol/L", "marker=folate"], ["potassium", "leave 'marker' and 'value' out"]),
        (["decision", "advnce"], ["advnce", "advance, gate_met", "KEY=VALUE"]),
        (["decision", "advance", "stop"], ["decision", "twice"]),
        (['{"date": "2026-01-05"', "x"], ["stands alone", "'x'"]),
        (['{"date": "2026-01-05"'], ["not readable"]),
        (['{"kind": "hold", "kind": "pause"}'], ["kind", "twice"]),
        (['{"kind": &a hold}'], ["anchors"]),
    ],
)  # fmt: skip
def test_words_that_are_not_understood_get_one_sentence(words: list[str], shown: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        event_from_options(words, ON)
    message = str(refused.value)
    assert message.startswith("event:")
    assert "\n" not in message
    for part in shown:
        assert part in message
