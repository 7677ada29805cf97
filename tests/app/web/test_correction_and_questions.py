"""Correcting an entry begins with that entry; an open question leads to its form from every page, and back to what is due."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from web_site import ROOT, RUNNING, Visitor, fields_of, main_of, visitor_of, words_of

from cobalamin.app.services.cases import open_case
from cobalamin.app.services.reviewing import review_of
from cobalamin.app.web.frame.answering import answered_at

RUNNING_CASE = ROOT / "examples" / "treatment-running.yaml"
REVIEWED = ("treatment-running.yaml", "self-injecting.yaml", "moved-here.yaml", "pernicious-anaemia.yaml")


def test_a_correction_begins_with_the_entry_just_recorded(visitor: Visitor) -> None:
    done = visitor.send(f"{RUNNING}/record/result", marker="haemoglobin", value="128 g/L")
    event = open_case(visitor.folder / "treatment-running.yaml").record[-1].id
    page = visitor.get(done.headers["location"]).text
    (way,) = re.findall(r'href="([^"]*/record/correction[^"]*)"', main_of(page))
    form = visitor.get(way.replace("&amp;", "&")).text
    assert fields_of(form)["withdraws"] == event
    chosen = re.search(rf'<option value="{event}" selected>([^<]*)', form)
    assert chosen is not None
    assert "Haemoglobin 128 g/L" in words_of(chosen[1])


@pytest.mark.parametrize("address", ["record/correction", "review"])
def test_no_two_entries_look_alike(address: str, visitor: Visitor) -> None:
    page = main_of(visitor.get(f"{RUNNING}/{address}").text)
    number = len(open_case(visitor.folder / "treatment-running.yaml").record)
    listed = page[page.index('id="withdraws"' if "record" in address else 'class="entries"') :]
    told = [words_of(each) for each in re.findall(r"<(?:option|a)[^>]*>(.*?)</(?:option|a)>", listed)]
    entries = [each for each in told if re.match(r"\w{3} \d+ \w+ \d{4}: ", each)]
    assert len(entries) == len(set(entries)) == number


def test_a_correction_without_a_reason_is_refused_in_words(visitor: Visitor) -> None:
    before = visitor.text()
    entry = open_case(visitor.folder / "treatment-running.yaml").record[0].id
    answer = visitor.send(f"{RUNNING}/record/correction", withdraws=entry, reason="  ")
    assert answer.status_code == 422
    assert "nothing is filled in" in words_of(answer.text)
    assert re.search(r'<input [^>]*id="reason"[^>]*aria-invalid="true"', answer.text)
    assert fields_of(answer.text)["withdraws"] == entry
    assert visitor.text() == before


@pytest.mark.parametrize("words", ["plain", "professional"])
@pytest.mark.parametrize("name", REVIEWED)
def test_looking_back_has_a_way_to_answer_each_question(name: str, words: str, visitor: Visitor) -> None:
    on = date(2026, 9, 1)
    asked = review_of(open_case(visitor.folder / name), on).questions
    page = main_of(visitor.get(f"/case/{name}/review", words=words).text)
    items = [item for item in re.findall(r"<li>.*?</li>", page, re.S) if "Answer it" in item]
    assert asked
    assert len(items) == len(asked)
    for question, item in zip(asked, items, strict=True):
        assert f'href="/case/{name}{answered_at(question.code)}"' in item
        answers = re.search(r"Possible answers: .*?</p>", item)
        assert answers is not None
        assert "_" not in answers[0]


def test_an_answered_question_leads_back_to_what_is_due(tmp_path: Path) -> None:
    text = re.sub(r"  previous_treatment:.*\n", "", RUNNING_CASE.read_text("utf-8"))
    (tmp_path / "p.yaml").write_text(text, "utf-8")
    visitor = visitor_of(tmp_path, date(2026, 9, 1))
    form = "/case/p.yaml/question?fact=previous_treatment"
    assert 'href="/case/p.yaml/options' not in main_of(visitor.get(form).text)
    done = visitor.send(form, answer="none")
    assert done.status_code == 303
    assert done.headers["location"] == "/case/p.yaml"


def test_the_asked_day_goes_with_the_question(tmp_path: Path) -> None:
    text = re.sub(r"  previous_treatment:.*\n", "", RUNNING_CASE.read_text("utf-8")).rstrip()
    (tmp_path / "p.yaml").write_text(text, "utf-8")
    visitor = visitor_of(tmp_path, date(2026, 9, 1))
    page = visitor.get("/case/p.yaml/review?on=2026-08-15").text
    ways = re.findall(r'href="(/case/p\.yaml/[^"]*)"[^>]*>Answer it', page)
    assert ways
    assert all(way.endswith("on=2026-08-15") for way in ways)
