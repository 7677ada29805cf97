"""Numbers of sources lead to them; fields at fault say what is wrong; people are named by name and day of birth."""

from __future__ import annotations

import re
import shutil

import pytest
from web_site import EXAMPLES, PLANNED, RUNNING, Reader, Visitor, main_of, words_of

from cobalamin.app.services.cases import open_case
from cobalamin.app.web.frame.cited import linked

CITING = (
    f"{RUNNING}", f"{RUNNING}/review", f"{RUNNING}/why?about=2026-10-09", f"{PLANNED}/options", f"{PLANNED}/compare", f"{PLANNED}/plan?protocol=uk-bnf-noneuro",
    "/ask?q=how+often", "/library/uk-bnf-noneuro",
)  # fmt: skip


@pytest.mark.parametrize("words", ["plain", "professional"])
@pytest.mark.parametrize("address", CITING)
def test_each_number_of_a_source_leads_to_its_source(address: str, words: str, reader: Reader) -> None:
    page = reader.get(address, words=words).text
    ways = set(re.findall(r'<a href="#(source-\d+)">', page))
    assert ways
    assert ways <= set(re.findall(r'<li value="\d+" id="(source-\d+)">', page))
    text = re.sub(r"<(option|summary|svg|title).*?</\1>|<a (?!href=\"#source-).*?</a>", "", main_of(page), flags=re.S)
    assert not re.findall(r"\[\d+\??(?:, \d+\??)*\]", re.sub(r"<[^a/][^>]*>|</[^a][^>]*>", "", text))


@pytest.mark.parametrize("words", ["plain", "professional"])
def test_a_source_has_its_address_in_both_kinds_of_words(words: str, reader: Reader) -> None:
    page = reader.get(RUNNING, words=words).text
    foot = page[page.index('<section class="sources"') :]
    assert re.search(r'<a href="https://[^"]+" rel="noreferrer">https://', foot)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("<p>Yes [1, 2?]</p>", '<p>Yes [<a href="#source-1">1</a>, <a href="#source-2">2</a>?]</p>'),
        ("<p>Batch [7]</p>", "<p>Batch [7]</p>"),
        ("<a href='/'>Why [1]</a> [x] []", "<a href='/'>Why [1]</a> [x] []"),
        ("<option>[1]</option><input value='[1]'>", "<option>[1]</option><input value='[1]'>"),
    ],
)  # fmt: skip
def test_only_numbers_of_sources_are_linked_and_never_within_a_control(text: str, made: str) -> None:
    assert linked(text, {"1", "2"}) == made
    assert linked(text, set()) == text


def test_the_score_of_an_own_symptom_is_not_made_up(visitor: Visitor) -> None:
    form = visitor.form(f"{RUNNING}/record/symptoms")
    assert form["own_score"] == ""
    before = visitor.text()
    for told, missing in (({"own": "Brain fog"}, "own_score"), ({"own_score": "3"}, "own")):
        answer = visitor.send(f"{RUNNING}/record/symptoms", **told)
        assert answer.status_code == 422
        assert re.search(rf'id="{missing}"[^>]*aria-describedby="{missing}-fault"[^>]*aria-invalid="true"', answer.text)
    assert visitor.text() == before
    assert visitor.send(f"{RUNNING}/record/symptoms", own="Brain fog", own_score="0").status_code == 303
    assert dict(open_case(visitor.folder / "treatment-running.yaml").record[-1].own) == {"Brain fog": 0}


@pytest.mark.parametrize(
    ("address", "field"),
    [
        (f"{RUNNING}/record/result", "marker"),
        (f"{RUNNING}/record/result", "value"),
        (f"{RUNNING}/record/correction", "withdraws"),
        (f"{RUNNING}/record/omission", "reason"),
        (f"{PLANNED}/question?fact=cause", "answer"),
        (f"{PLANNED}/question?fact=weight", "answer"),
        ("/new", "id"),
    ],
)
def test_a_field_at_fault_says_so_beside_it(address: str, field: str, visitor: Visitor) -> None:
    answer = visitor.send(address)
    assert answer.status_code == 422
    page = main_of(answer.text)
    assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-fault"[^>]*aria-invalid="true"', page)
    beside = re.search(rf'<p class="field-fault" id="{field}-fault">([^<]+)</p>', page)
    assert beside is not None
    assert f'<a href="#{field}">' in page
    assert "autofocus" in page
    assert words_of(page).count(words_of(beside[1])) >= 2


def test_whom_a_question_is_about_is_told_by_name_and_birth(visitor: Visitor) -> None:
    shutil.copy(EXAMPLES[0], visitor.folder / "copy.yaml")
    (visitor.folder / "broken.yaml").write_text("no case", "utf-8")
    page = visitor.get("/ask").text
    select = page[page.index('<select id="case"') :].partition("</select>")[0]
    told = [words_of(each) for each in re.findall(r"<option[^>]*>(.*?)</option>", select)]
    assert "example-treatment-running, born Sun 2 March 1958" in told
    assert "broken.yaml" in told
    assert len(told) == len(set(told))
    assert len([each for each in told if ".yaml" in each]) == 3
