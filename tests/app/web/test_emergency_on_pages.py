"""Below an alarm that is to be acted on at once no page tells to have a dose: it says that the dose is not what matters now."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from web_site import RUNNING, Visitor, main_of, words_of

from cobalamin.app.services.cases import open_case
from cobalamin.app.services.reviewing import review_of
from hazards import hazard

ENTRIES = {
    "potassium": "kind: result, marker: potassium, value: 1.9 mmol/L",
    "swelling": "kind: symptoms, red_flags: [facial_swelling]",
}
CALLS_FOR_IT = re.compile(r"have it soon|give it now|overdue|can be given now|can be booked", re.IGNORECASE)
OVERDUE, LONG_OVERDUE = date(2026, 11, 20), date(2027, 9, 1)


@hazard("H110")
@pytest.mark.parametrize("words", ["plain", "professional"])
@pytest.mark.parametrize("day", [OVERDUE, LONG_OVERDUE], ids=str)
@pytest.mark.parametrize("name", ENTRIES)
def test_below_an_emergency_no_page_calls_for_a_dose(
    name: str, day: date, words: str, on_day: Callable[[date], Visitor]
) -> None:
    visitor = on_day(day)
    path = visitor.folder / "treatment-running.yaml"
    path.write_text(f"{visitor.text().rstrip()}\n  - {{date: {day}, {ENTRIES[name]}}}\n", "utf-8")
    assert review_of(open_case(path), day).outlook.emergency
    for address in ("", "/print"):
        told = words_of(main_of(visitor.get(f"{RUNNING}{address}", words=words).text))
        assert "not what matters now" in told, address
        found = CALLS_FOR_IT.search(told)
        assert not found, (address, told[max(0, found.start() - 80) : found.end() + 80])


def test_without_one_the_same_page_calls_it_overdue(on_day: Callable[[date], Visitor]) -> None:
    told = words_of(main_of(on_day(OVERDUE).get(RUNNING).text))
    assert "have it soon" in told


@hazard("H126")
@pytest.mark.parametrize("asked", ["can+I+have+it+a+week+early", "red+urine", ""])
def test_what_is_open_leads_the_page_of_questions_asked_for_a_person(
    asked: str, on_day: Callable[[date], Visitor]
) -> None:
    visitor = on_day(OVERDUE)
    path = visitor.folder / "treatment-running.yaml"
    path.write_text(f"{visitor.text().rstrip()}\n  - {{date: {OVERDUE}, {ENTRIES['potassium']}}}\n", "utf-8")
    page = visitor.get(f"/ask?q={asked}&case=treatment-running.yaml").text
    assert (
        words_of(page[page.index("<body") :]).strip().startswith("Skip to the content LOW POTASSIUM Go to an emergency")
    )
    assert "LOW POTASSIUM" not in visitor.get(f"/ask?q={asked}").text
