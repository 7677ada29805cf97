"""`ask`: a question is answered by cited sentences of the library, or by nothing."""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from asked_questions import DISPUTED, HOSTILE, OFF_TOPIC, QUESTIONS, URGENT
from command_line import PYTHON_FAILURE, Run
from hypothesis import given, settings
from hypothesis import strategies as st

from cobalamin.app.documents import library as library_documents
from cobalamin.app.services import shipped
from cobalamin.app.terminal import console
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder
from cobalamin.search.answer import SearchResult, ask
from cobalamin.search.reading import reader_of
from hazards import hazard

Command = Callable[..., Run]
LEDGER = {row["ledger"]: row for row in shipped.library().statements() if "ledger" in row}
NOTHING = "Nothing in the library answers this; ask"
WIDE = 100_000


def found(question: str, country: str = "") -> SearchResult:
    return ask(shipped.library(), question, country)


def first(question: str, number: int) -> list[str]:
    return [answer.passage.id for answer in found(question).answers[:number]]


# -- what is found ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_of_a_patient_or_nurse_is_answered_among_the_first_three(question: str) -> None:
    assert QUESTIONS[question] & set(first(question, 3)), first(question, 8)


@pytest.mark.parametrize("row", LEDGER)
def test_every_row_of_the_ledger_is_reached_by_its_own_plain_words(row: str) -> None:
    assert LEDGER[row]["id"] in first(LEDGER[row]["plain"], 5)


@pytest.mark.parametrize("file", ["statements", "cautions", "interference", "response", "red_flags"])
def test_every_record_can_be_found_by_its_professional_words(library: Library, file: str) -> None:
    """Alike sentences of other files may stand for a record; then its words are shown all the same."""
    files = [name for name in library.documents if name.removesuffix(".yaml").split("/")[0] == file]
    for record in (record for name in files for records in library.documents[name].tree.values() for record in records):
        result = found(record["text"])
        shown = {answer.passage.plain for answer in result.answers} | {flag.plain for flag in result.urgent}
        assert record["plain"] in shown or record["id"] in first(record["text"], 8), record["id"]


@pytest.mark.parametrize("question", OFF_TOPIC)
def test_what_the_library_does_not_know_is_said_plainly(run: Command, question: str) -> None:
    answer = run("ask", question)
    assert answer.code == 0
    assert answer.out.startswith(NOTHING)
    document = run("ask", question, "--json").document
    assert (document["answers"], document["disagreements"], document["urgent"]) == ([], [], [])
    assert document["nothing_found"].startswith(NOTHING)
    assert document["sources"] == []


@hazard("H122")
@pytest.mark.parametrize("question", ["vegan prevention dose", "dose for a vegan with deficiency", "vegan b12 dose"])
def test_a_dose_that_prevents_says_that_a_lack_is_treated_with_more(question: str) -> None:
    answers = {each.passage.id: each.passage for each in found(question).answers[:3]}
    assert {"vegan-prevention", "vegan-deficiency"} <= answers.keys()
    assert "Whoever lacks B12 is treated with more" in answers["vegan-prevention"].text
    assert "do not lack B12" in answers["vegan-prevention"].plain


@hazard("H11")
@pytest.mark.parametrize(
    "question", ["My B12 is over 2000, should I stop?", "b12 level too high on injections", "serum b12 very high"]
)
def test_a_high_level_on_treatment_is_never_answered_with_stop(question: str) -> None:
    assert first(question, 1) == ["B12_HIGH_ON_TREATMENT"]


def test_words_that_the_library_does_not_know_are_named(run: Command) -> None:
    assert "'nickel', 'earrings'" in run("ask", "I'm allergic to cobalt (nickel earrings)").out


# -- warning signs, both sides, what speaks against ------------------------------------------------------------------


@hazard("H29")
@pytest.mark.parametrize("question", URGENT)
def test_a_warning_sign_comes_first_with_what_to_do(run: Command, question: str) -> None:
    assert URGENT[question] in [flag.id for flag in found(question).urgent]
    for wording, action in (("--plain", "plain_action"), ("--json", "action")):
        answer = run("ask", question, wording)
        flags = found(question).urgent
        if wording == "--json":
            assert answer.document["urgent"][0]["citations"]
            assert [entry[action] for entry in answer.document["urgent"]] == [flag.action for flag in flags]
        else:
            assert answer.out.startswith(f"If this is happening now: {flags[0].plain_action[:30]}")


@pytest.mark.parametrize("question", [question for question in QUESTIONS if "urgent" not in question])
def test_an_everyday_question_raises_no_alarm(question: str) -> None:
    assert found(question).urgent == ()


@pytest.mark.parametrize("entry", shipped.library().disagreements, ids=lambda entry: entry.id)
def test_all_sides_of_every_disagreement_are_shown_with_the_cause(run: Command, entry: Any) -> None:
    document = run("ask", entry.topic, "--json").document
    shown = {each["id"]: each for each in document["disagreements"]}
    assert entry.id in shown
    assert [side["position"] for side in shown[entry.id]["sides"]] == [side.position for side in entry.sides]
    assert all(side["citations"] for side in shown[entry.id]["sides"])
    assert shown[entry.id]["cause"] == entry.cause


@pytest.mark.parametrize("question", DISPUTED)
def test_a_question_on_which_sources_differ_shows_the_disagreement(run: Command, question: str) -> None:
    entry = next(each for each in shipped.library().disagreements if each.id == DISPUTED[question])
    assert entry.id in [each.id for each in found(question).disagreements]
    text = unwrapped(run("ask", question, "--plain", "--all").out)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)  # amounts are written as the reader's country does
    assert all(side.plain in text for side in entry.sides)
    assert "Why:" in text


def test_what_speaks_against_a_statement_stands_beside_it(run: Command) -> None:
    answer = run("ask", LEDGER["A3.9"]["plain"], "--json").document["answers"][0]
    assert answer["id"] == "a3-9"
    assert {"be-sterop", "nasc", "article-a1"} <= {cite["source"] for cite in answer["against"]}
    assert "other sources say otherwise: [" in run("ask", LEDGER["A3.9"]["plain"]).out


# -- what an answer is -----------------------------------------------------------------------------------------------


def strings(tree: Any) -> set[str]:
    if isinstance(tree, str):
        return {tree}
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return {text for part in parts for text in strings(part)}


@hazard("H24")
def test_nothing_is_written_anew(library: Library) -> None:
    """Every sentence stands in the library as it is; tables and titles are put together from values that do."""
    texts = {text for document in library.documents.values() for text in strings(document.tree)}
    put_together = {"threshold", "product", "protocol", "correction"}
    for question in QUESTIONS:
        for answer in found(question).answers:
            if answer.passage.kind not in put_together:
                assert {answer.passage.text, answer.passage.plain} <= texts


@pytest.mark.parametrize("question", list(QUESTIONS)[::4])
def test_the_document_fits_its_schema_and_every_citation_has_a_record(
    run: Command, fits_schema: Callable[[str, Any], None], question: str
) -> None:
    document = run("ask", question, "--json").document
    fits_schema("ask", document)
    sources = {source["id"] for source in document["sources"]}
    cited = [cite for part in (*document["answers"], *document["urgent"]) for cite in part["citations"]]
    cited += [cite for part in document["answers"] for cite in part["against"]]
    cited += [cite for entry in document["disagreements"] for side in entry["sides"] for cite in side["citations"]]
    assert {cite["source"] for cite in cited} == sources
    assert "dror" not in sources
    assert 1 <= len(document["answers"]) <= 8
    assert all(answer["citations"] for answer in document["answers"])
    assert document["signed_off"] is False


def unwrapped(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "UNKNOWN_WIDTH", WIDE)


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize("question", [*list(QUESTIONS)[::5], *URGENT])
def test_plain_and_professional_words_have_the_same_numbers_and_sources(run: Command, question: str) -> None:
    both = [run("ask", question, *flags).out for flags in ([], ["--plain"])]
    marks = [re.findall(r"\[[0-9?, ]+\]", text) for text in both]
    assert marks[0] == marks[1]
    lists = [text.partition("\nSources\n")[2] for text in both]
    assert lists[0] == lists[1]
    assert "No clinician has signed off" in both[1]


@pytest.mark.usefixtures("wide")
def test_everything_is_shown_on_demand(run: Command) -> None:
    question = "How often do I need B12 jabs at the start?"
    brief, whole = run("ask", question).out, run("ask", question, "--all").out
    assert re.search(r"^Also: .*more answers.*: --all$", brief, re.MULTILINE)
    assert not re.search(r": --all$", whole, re.MULTILINE)
    assert len(re.findall(r"^  \d\. ", whole, re.MULTILINE)) == len(found(question).answers) > 5
    assert len(re.findall(r"^  \[\d+\] ", whole, re.MULTILINE)) > len(re.findall(r"^  \[\d+\] ", brief, re.MULTILINE))


def test_a_country_puts_its_own_sources_first_and_spells_its_way(run: Command) -> None:
    question = "What level of B12 counts as deficient?"
    by_country = {}
    for country in ("GB", "NL"):
        document = run("ask", question, "--country", country, "--json").document
        by_country[country] = document["answers"][0]["id"]
    assert by_country["NL"] == "nhg14-total-b12"
    assert by_country["GB"] != by_country["NL"]
    assert "hematological" in run("ask", "chloramphenicol", "--country", "US").out
    assert "haematological" in run("ask", "chloramphenicol", "--country", "GB").out
    assert run("ask", question, "--country", "UK").code == 3


def test_the_same_question_gives_the_same_bytes_on_every_machine(cobalamin: Command) -> None:
    asked = ["ask", "How often do I need B12 jabs at the start?", "--json"]
    answers = {
        cobalamin(*asked, env={"PYTHONHASHSEED": seed, "TZ": zone}).out
        for seed, zone in (("0", "UTC"), ("7", "Asia/Tokyo"))
    }
    assert len(answers) == 1


# -- hostile questions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_question_is_only_words(run: Command, question: str) -> None:
    answer = run("ask", question, "--json")
    assert answer.code in (0, 3), answer.err
    assert PYTHON_FAILURE not in answer.err
    if answer.code == 3:
        assert re.fullmatch(r"question: has no word in it; .*\n", answer.err)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=120))
def test_no_text_at_all_is_a_fault_of_the_search(text: str) -> None:
    with contextlib.suppress(InputError):
        found(text)


def test_operators_are_words(run: Command) -> None:
    plain = first("folic acid b12", 8)
    for question in ('"folic acid" b12', "folic acid* b12", "(folic acid) b12", "-folic acid -b12", "folic: acid; b12"):
        assert first(question, 8) == plain


@pytest.mark.parametrize("question", ["", "   ", "💉", "?!", "\u200b"])
def test_an_empty_question_gets_one_sentence(run: Command, question: str) -> None:
    answer = run("ask", question)
    assert answer.code == 3
    assert len(answer.err.splitlines()) == 1


def test_ten_thousand_characters_are_read_and_more_are_not(run: Command) -> None:
    assert run("ask", "can I stop biotin? " * 526).code == 0
    answer = run("ask", "b12 " * 2501)
    assert answer.code == 3
    assert "10,004 characters" in answer.err


def test_spelling_numbers_and_glued_units_make_no_difference() -> None:
    assert first("Is 1,000mcg the same as 1mg?", 3) == first("is 1000 mcg the same as 1 mg", 3)
    assert first("hemoglobin in anemia", 5) == first("haemoglobin in anaemia", 5)
    assert first("Can't I stop?", 5) == first("cant I stop", 5) == first("can’t i STOP", 5)


@pytest.mark.parametrize("country", ["", "US"])
def test_an_answer_depends_on_nothing_that_is_asked_before_or_beside_it(country: str) -> None:
    """The passages are indexed once for each thread, and the question is all that changes."""
    questions = [*OFF_TOPIC[:2], "my tongue tingles", "how offten is hydroxocobalamin givn", "folic acid and kidneys"]

    def answered(question: str) -> SearchResult:
        return ask(shipped.library(), question, country)

    alone = {}
    for question in questions:
        reader_of.cache_clear()
        alone[question] = answered(question)
    with ThreadPoolExecutor(4) as threads:
        beside = list(threads.map(answered, questions * 5))
    assert beside == [alone[question] for question in questions * 5]


# -- the words that are looked for -----------------------------------------------------------------------------------

WRONG_WORDS = [
    ("a word in two groups", "- {said: [iron, ferritin]", "- {said: [iron, ferritin, kidney]"),
    ("an unknown key", "means: [kidneys, renal]", "finds: [kidneys, renal]"),
    ("an empty word", "means: [kidneys, renal]", "means: [kidneys, '']"),
]


@pytest.mark.parametrize(("what", "right", "wrong"), WRONG_WORDS, ids=[entry[0] for entry in WRONG_WORDS])
def test_a_fault_in_the_words_is_named_with_its_line(tmp_path: Path, what: str, right: str, wrong: str) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    file = folder / "synonyms.yaml"
    text = file.read_text("utf-8")
    assert right in text
    file.write_text(text.replace(right, wrong), "utf-8")
    faults = library_documents.checked(folder).faults
    assert any(fault.file.endswith("synonyms.yaml") and fault.line for fault in faults), what
