"""The pages in Dutch: the switch, every page, and what is sent by a form is no word of a language."""

from __future__ import annotations

import re

import pytest
from english_left import english_left_on
from web_site import PAGES, RUNNING, Reader, Visitor

from hazards import hazard

NO_ENGLISH_TO_QUOTE = "/library/"  # a record as its source says it
ASKED = [page for page in PAGES if not page.startswith(NO_ENGLISH_TO_QUOTE)]


@hazard("H127")
@pytest.mark.parametrize("words", ["plain", "professional"])
def test_no_page_mixes_two_languages(reader: Reader, words: str) -> None:
    for address in ASKED:
        page = reader.get(address, language="nl", words=words).text
        assert '<html lang="nl"' in page
        assert english_left_on(page) == [], address
        assert _commas_in_numbers(page) == [], address


def _commas_in_numbers(page: str) -> list[str]:
    """Numbers as "1,351", which Dutch reads as a decimal, outside quotations (hazard H01)."""
    read = re.sub(r"<(script|style)\b.*?</\1>|\u00ab[^\u00bb]*\u00bb|<[^>]*>", " ", page, flags=re.DOTALL)
    return re.findall(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])", read)


@hazard("H127")
def test_what_is_left_to_choose_is_in_the_language_of_the_page(reader: Reader) -> None:
    page = reader.get("/case/pernicious-anaemia.yaml/choose", language="nl").text
    assert '<option value="3 mo">3 maanden</option>' in page
    assert '<option value="cyanocobalamin">cyanocobalamine</option>' in page


def test_the_switch_keeps_the_language_and_the_foot_says_who_read_it(visitor: Visitor) -> None:
    before = visitor.get(RUNNING).text
    assert 'name="language" value="nl"' in before
    assert "clinicus" not in before
    answer = visitor.post("/look", {"language": "nl", "back": RUNNING})
    assert answer.headers["location"] == RUNNING
    after = visitor.get(RUNNING).text
    assert "Deze vertaling is niet door een Nederlandstalige clinicus nagekeken." in after
    assert "vr 9 oktober 2026" in after.replace("\u00a0", " ")
    visitor.post("/look", {"language": "xx", "back": RUNNING})
    assert '<html lang="nl"' in visitor.get(RUNNING).text


def test_quotations_are_marked_as_english_for_whoever_has_them_read_aloud(reader: Reader) -> None:
    page = reader.get("/case/pernicious-anaemia.yaml/options", language="nl").text
    assert '<span lang="en">\u00ab' in page


@hazard("H33")
def test_a_form_sends_the_same_words_in_every_language(reader: Reader) -> None:
    for form in ("dose", "result", "symptoms", "omission", "decision", "history", "pause"):
        sent = [
            re.findall(
                r'(?:value|name)="([^"]*)"',
                re.sub(
                    r'<form[^>]*action="/look".*?</form>',
                    "",
                    reader.get(f"{RUNNING}/record/{form}", language=language).text,
                    flags=re.DOTALL,
                ),
            )
            for language in ("en", "nl")
        ]
        assert sent[0] == sent[1], form


def test_what_programs_read_is_the_same_in_every_language(visitor: Visitor) -> None:
    english = visitor.get("/api/cases/treatment-running.yaml/due", language="en")
    assert visitor.get("/api/cases/treatment-running.yaml/due", language="nl").content == english.content
