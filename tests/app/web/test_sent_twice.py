"""Forms that arrive twice, also at the same time: saved once, and no fault."""

from __future__ import annotations

from typing import Any

import pytest
from web_site import CHOSEN, PLANNED, RUNNING, Visitor

from cobalamin.app.services import cases
from cobalamin.app.web.pages import planning as planning_page
from cobalamin.app.web.pages import questions as questions_page
from cobalamin.app.web.pages import record as record_page


@pytest.mark.parametrize(
    ("room", "saves", "page", "address", "told"),
    [
        (record_page, "enter", f"{RUNNING}/record/dose", "", {}),
        (planning_page, "accept", f"{PLANNED}/plan?{CHOSEN}", f"{PLANNED}/accept", {"by": "Dr A"}),
        (questions_page, "learn", f"{PLANNED}/question?fact=vegan", f"{PLANNED}/question", {"answer": "present"}),
    ],
)
def test_a_form_that_arrives_twice_at_the_same_time_is_saved_once_and_no_fault(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, room: Any, saves: str, page: str, address: str, told: dict[str, str]
) -> None:  # fmt: skip
    """The second press is answered between the first one's look at the file and its saving."""
    form, save = {**visitor.form(page), **told}, getattr(room, saves)
    others: list[int] = []

    def overtaken(*given: Any) -> Any:
        monkeypatch.setattr(room, saves, save)
        others.append(visitor.post(address or page, form).status_code)
        return save(*given)

    monkeypatch.setattr(room, saves, overtaken)
    before = {path.name: path.read_text("utf-8").count("\n") for path in visitor.folder.iterdir()}
    assert (visitor.post(address or page, form).status_code, others) == (303, [303])
    after = {path.name: path.read_text("utf-8") for path in visitor.folder.iterdir()}
    [changed] = [name for name in before if before[name] != after[name].count("\n")]
    assert visitor.post(address or page, form).status_code == 303
    assert visitor.text(changed) == after[changed]


def test_an_answer_that_held_before_and_holds_no_more_is_written(visitor: Visitor) -> None:
    """The file says absent, an entry later said present; answered as at first, it is no repetition."""
    path = visitor.folder / "pernicious-anaemia.yaml"
    path.write_text(
        visitor.text(path.name) + "record:\n  - {date: 2026-08-01, kind: fact, fact: vegan, value: present}\n"
    )
    for _ in range(2):
        assert visitor.send(f"{PLANNED}/question?fact=vegan", answer="absent").status_code == 303
    told = [(event.fact, event.value) for event in cases.open_case(path).record]
    assert told == [("vegan", "present"), ("vegan", "absent")]
