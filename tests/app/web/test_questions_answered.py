"""No question stands on a page without the form that answers it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from web_site import ROOT, visitor_of, words_of

from cobalamin.app.services import shipped
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.reviewing import review_of
from cobalamin.app.web.frame.answering import answered_at
from english import english

QUESTION = re.compile(r"^questions\.([A-Z_]+?)(?:__[a-z_]+)?$")
RUNNING_CASE = ROOT / "examples" / "treatment-running.yaml"
ENTRIES = {
    "potassium": "kind: result, marker: potassium, value: 2.8 mmol/L",
    "balance": "kind: symptoms, balance: 6",
    "symptoms": "kind: symptoms, tiredness: 2",
    "hold": "kind: hold",
    "pause": "kind: pause",
    "twice": "kind: administration, as_planned: true",
}


def test_every_question_has_a_form_of_the_pages(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(RUNNING_CASE.read_text("utf-8"), "utf-8")
    visitor = visitor_of(tmp_path, date(2026, 9, 1))
    codes = {found[1] for key in shipped.library().words("en").texts if (found := QUESTION.match(key))}
    assert len(codes) > 30
    for form in {answered_at(code) for code in codes}:
        assert visitor.get(f"/case/p.yaml{form}").status_code == 200, form


@pytest.mark.parametrize("entry", sorted(ENTRIES))
def test_the_form_stands_beside_each_open_question(entry: str, tmp_path: Path) -> None:
    text = RUNNING_CASE.read_text("utf-8").rstrip()
    line = f"  - {{date: 2026-11-20, {ENTRIES[entry]}}}\n"
    (tmp_path / "p.yaml").write_text(f"{text}\n{line}{line if entry == 'twice' else ''}", "utf-8")
    on = date(2027, 3, 1)
    asked = review_of(open_case(tmp_path / "p.yaml"), on).questions
    assert asked
    page = visitor_of(tmp_path, on).get("/case/p.yaml").text
    for question in asked:
        beside = page[page.index(words_of(english(question.text))[:30]) :].partition(
            "</li>" if "<li>" in page else "</p>"
        )[0]
        assert f'href="/case/p.yaml{answered_at(question.code)}"' in page, question.code
        assert "Answer it" in beside, question.code
