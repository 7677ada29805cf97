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


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/library/nothing", "The library has no text of this name"),
        ("/compare?protocol=nothing", "The library has no text of this name"),
        (f"{PLANNED}/question?fact=nothing", "There is no such question"),
        (f"{RUNNING}/recorded?event=nothing", "There is no such entry"),
        (f"{RUNNING}/record/nothing", "Nothing of this kind can be recorded"),
        (f"{PLANNED}/taken-over", "There is no such entry"),
        ("/case/nobody.yaml/recorded?event=nothing", "There is no such person here"),
        ("/nothing", "There is no such page or file here"),
    ],
)
def test_a_page_that_is_only_looked_at_says_in_its_own_words_what_is_not_there(
    visitor: Visitor, address: str, title: str
) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 404
    assert title in words_of(main_of(answer.text))


def test_a_choice_outside_the_range_is_told_at_its_field(visitor: Visitor) -> None:
    for page in ("plan", "check"):
        answer = visitor.get(f"{PLANNED}/{page}?protocol=uk-bnf-noneuro&choose.maintenance_interval=9+mo")
        assert answer.status_code == 422
        assert (
            'id="maintenance_interval" aria-describedby="maintenance_interval-fault" aria-invalid="true"' in answer.text
        )
        assert "outside the published range" in answer.text


def test_a_fault_on_a_page_names_no_command(visitor: Visitor) -> None:
    for query in ("protocol=nothing", "protocol=uk-ng239", "protocol=uk-bnf-noneuro&product=nothing"):
        page = words_of(main_of(visitor.get(f"{PLANNED}/plan?{query}").text))
        assert "`" not in page
        assert "known are" not in page


def test_a_source_leads_to_its_entry_and_its_entry_to_the_page_of_its_issuer(visitor: Visitor) -> None:
    page = visitor.get(f"{PLANNED}/plan?protocol=uk-bnf-noneuro").text
    found = re.findall(r'<li value="\d+" id="source-\d+">.*?</li>', page, re.S)
    sources = [re.findall(r'href="([^"]+)"', each) for each in found]
    assert sources
    for entry, *address in sources:
        answer = visitor.get(entry)
        assert answer.status_code == 200
        assert all(f'<a href="{each}" rel="noreferrer">' in answer.text for each in address)


def test_the_level_of_a_text_is_told_in_words(visitor: Visitor) -> None:
    listing = words_of(main_of(visitor.get("/library").text))
    assert "read in a copy or a quotation" in listing
    entry = words_of(main_of(visitor.get("/library/cks-pas").text))
    assert "level: read in a copy or a quotation" in entry
    for page in (listing, entry, words_of(main_of(visitor.get(f"{PLANNED}/options", words="professional").text))):
        assert not re.search(r"\b(secondary|recalled)\b", page)
