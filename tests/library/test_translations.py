"""A translation: nothing of a page is missing, and no sentence of a record outlives the English one."""

from __future__ import annotations

import pytest

from cobalamin.app.services import shipped
from cobalamin.knowledge.document import Document
from cobalamin.knowledge.quoting import Quoting
from cobalamin.knowledge.translations import outlived, record_texts, translated_record_faults
from hazards import hazard

DOCUMENTS = shipped.library().documents
PAGES = sorted(file for file in DOCUMENTS if file.startswith("texts/en/"))


@pytest.mark.parametrize("page", PAGES)
def test_every_text_of_a_page_is_there_in_dutch(page: str) -> None:
    """Fields and numbers are compared by `library check`."""
    english, dutch = DOCUMENTS[page].tree, DOCUMENTS[page.replace("/en/", "/nl/")].tree
    assert set(english) == set(dutch)


@hazard("H33")
@pytest.mark.parametrize(("pair", "fault"), [
    ({"en": "Give B12 now; do not wait.", "nl": "Geef nu 2 doses."}, "says the numbers"),
    ({"en": "Give B12 now; do not wait."}, "nl"),
])  # fmt: skip
def test_a_sentence_that_fits_no_record_is_a_fault(pair: dict[str, str], fault: str) -> None:
    file = "records/nl/tried.yaml"
    tried = {each: document for each, document in DOCUMENTS.items() if not each.startswith("records/")}
    tried[file] = Document(file, {"sentences": [pair]})
    assert fault in " ".join(str(each) for each in translated_record_faults(tried))


def test_what_has_no_translation_is_quoted_wherever_it_stands() -> None:
    told = Quoting(("Give B12 now.", "blood count normal"), {"Give B12 now.": "Geef nu B12.", "weight": "gewicht"})
    assert told.said("Give B12 now") == "Geef nu B12"
    assert told.said("1. Give B12 now. [3]") == "1. Geef nu B12. [3]"
    assert told.said("tot: blood count normal (bron)") == "tot: \u00abblood count normal\u00bb (bron)"
    assert told.said("\u00abblood count normal\u00bb") == "\u00abblood count normal\u00bb"
    assert told.said("weight, blood count normal") == "gewicht, \u00abblood count normal\u00bb"
    assert told.said("my weight") == "my weight"


def test_english_says_records_as_they_are() -> None:
    words = shipped.library().words("en")
    assert words.quoting is None
    assert all(words.of_record(text) == text for text in record_texts(DOCUMENTS))


@hazard("H33")
def test_no_translation_outlives_its_sentence_and_one_that_does_is_not_said() -> None:
    assert outlived(DOCUMENTS, "nl") == []
    file = "records/nl/tried.yaml"
    pair = {"en": "Give B12 tomorrow; do not wait.", "nl": "Geef morgen B12."}
    assert outlived({**DOCUMENTS, file: Document(file, {"sentences": [pair]})}, "nl") == [pair["en"]]
