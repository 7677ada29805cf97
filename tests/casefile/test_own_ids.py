"""Every entry has an id of its own, and a correction takes back one entry once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.services.recording import record_event
from cobalamin.casefile.reader import case_of
from cobalamin.knowledge.document import Tree, read_document
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.record import record_on
from hazards import hazard

ON = date(2026, 2, 1)
DOSE = "  - {date: 2026-01-05, kind: administration, as_planned: true}\n"
HEAD = "cobalamin: 1\npatient: {id: a, country: GB}\nrecord:\n"


def case_from(text: str, library: Library) -> Case:
    return case_of(read_document(text, "a"), library)


@hazard("H61")
def test_equal_entries_have_ids_of_their_own_and_the_first_keeps_its_id(library: Library) -> None:
    one, three = case_from(HEAD + DOSE, library), case_from(HEAD + DOSE * 3, library)
    first = one.record[0].id
    assert [event.id for event in three.record] == [first, f"{first}.2", f"{first}.3"]


@hazard("H61")
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_correction_takes_back_one_entry_however_often_it_is_written(times: int, library: Library) -> None:
    first = case_from(HEAD + DOSE, library).record[0].id
    correction = f"  - {{date: 2026-01-06, kind: correction, withdraws: {first}, reason: twice}}\n"
    record = record_on(case_from(HEAD + DOSE * 2 + correction * times, library), ON)
    assert [event.id for event in record.events] == [f"{first}.2"]


@hazard("H61")
def test_commands_write_the_id_and_what_is_put_in_has_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(HEAD + DOSE, "utf-8")
    given: dict[str, Tree] = {"date": "2026-01-05", "kind": "administration", "as_planned": "true"}
    second = record_event(file, given, ON)
    assert second.repeated
    assert second.event.id.endswith(".2")
    assert f"id: {second.event.id}" in file.read_text("utf-8")
    put_in = record_event(
        file, {"date": "2026-01-06", "kind": "correction", "withdraws": second.event.id, "replaced_by": given}, ON
    )
    events = record_on(put_in.after, ON).events
    assert len({event.id for event in events}) == len(events) == 2
