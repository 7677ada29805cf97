"""The pages where only their own packages are installed: every answer is there, and what is lacking is said in one line."""

from __future__ import annotations

import sys

import pytest
from web_site import RUNNING, Visitor, words_of


@pytest.fixture(autouse=True)
def _nothing_but_web(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("holidays", "typst", "icalendar", "numpy"):
        monkeypatch.setitem(sys.modules, name, None)


def test_what_is_due_is_shown_without_the_holidays(visitor: Visitor) -> None:
    for address in (RUNNING, f"{RUNNING}/review"):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert words_of(answer.text).count("No clinic day is suggested here") == 1


def test_no_pdf_and_no_calendar_is_offered_without_what_makes_them(visitor: Visitor) -> None:
    page = visitor.get(f"{RUNNING}/share").text
    for gone in ("sheet.pdf", "letter.pdf", f"{RUNNING}/calendar"):
        assert gone not in page
    assert words_of(page).count("pip install") == 2
    assert f"{RUNNING}/print" in page
    assert visitor.get(f"{RUNNING}/print").status_code == 200


def test_an_address_of_a_pdf_that_cannot_be_made_says_what_to_install(visitor: Visitor) -> None:
    for name in ("sheet.pdf", "letter.pdf"):
        answer = visitor.get(f"{RUNNING}/{name}")
        assert answer.status_code == 422
        assert "pip install 'cobalamin[paper]'" in words_of(answer.text)
