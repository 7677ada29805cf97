"""A patient, a professional, a reader of Dutch and one in the United States are told the same doses, days and sources."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import DAY, EXAMPLES, example
from told_answers import AMOUNT, DAYS, PLANS, amounts, ask, blocks, chosen, dates, lines, marks, numbers, planning

from cobalamin.app.services import shipped
from cobalamin.knowledge.spelling import spelled
from hazards import hazard

DUTCH, PLAIN = ("--lang", "nl"), ("--plain",)
# Under these headings the library's own plain texts stand, which may leave a laboratory's figures or a limit out.
ID = re.compile("|".join(sorted((protocol.id for protocol in shipped.library().protocols()), key=len, reverse=True)))
LIBRARY_TEXTS = {"Before anything is given", "Important", "How the blood answers", "Guidance that applies", "Where sources disagree",
                 "Questions to answer first", "Ask first", "Still to choose or to answer"}  # fmt: skip


@pytest.fixture(scope="module")
def questions(running_treatments: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    planned = [planning("pernicious-anaemia", protocol) for protocol in PLANS]
    undecided = [
        ("plan", example("vegan"), "--protocol", protocol, "--start", "2026-01-05", *DAY) for protocol in PLANS[::3]
    ]
    return [*planned, *undecided, *running_treatments]


# -- plain and professional ------------------------------------------------------------------------------------------


def own_words(text: str) -> str:
    """Without the library's texts: those under their headings, and those under an option, which stand deeper."""
    own = (block for block in blocks(text) if block[0].strip() not in LIBRARY_TEXTS)
    deeper = re.compile(r" {7}\S|Chosen: |Gekozen: ")  # a choice is told to a patient by its regimen, with its amount
    told = "\n\n".join("\n".join(line for line in block if not deeper.match(line)) for block in own)
    told = re.sub(
        r"This is not the newest edition\. [^.]*\.", "", told
    )  # the day of an edition is told to those who look it up
    return re.sub(r"--id \S+", "", told)  # a command's id is made of a day, and patients are told no commands


@hazard("H33")
def test_plain_words_change_no_dose_no_day_and_no_source(questions: list[tuple[object, ...]]) -> None:
    compared = 0
    proposals = [("propose", path, *DAY, "--all") for path in EXAMPLES[::3]]
    for question in [*questions, *proposals]:
        professional, plain = (own_words(ask(*question, *flags).out) for flags in ((), PLAIN))
        for tell in (amounts, dates):
            assert tell(professional) == tell(plain), question
        compared += sum(amounts(plain).values())
    assert compared > 2000


@hazard("H33")
def test_a_source_has_the_same_number_in_plain_words(questions: list[tuple[object, ...]]) -> None:
    for question in questions:
        professional, plain = (ask(*question, *flags).out for flags in ((), PLAIN))
        assert marks(professional) == marks(plain), question


# -- Dutch -----------------------------------------------------------------------------------------------------------


@hazard("H33")
@pytest.mark.parametrize("flags", [(), PLAIN], ids=["professional", "plain"])
def test_dutch_says_the_same_numbers_days_and_sources(
    questions: list[tuple[object, ...]], flags: tuple[str, ...]
) -> None:
    for question in questions:
        english, dutch = (ask(*question, *flags, *language).out for language in ((), DUTCH))
        assert english != dutch
        for tell in (amounts, dates, marks, numbers):
            assert tell(english) == tell(dutch), question


@hazard("H01")
@hazard("H33")
def test_no_dose_in_a_dutch_text_has_a_comma(questions: list[tuple[object, ...]]) -> None:
    """A reader of Dutch takes 1,000 for one."""
    told = 0
    for question in questions:
        for flags in ((), PLAIN):
            text = "\n".join(lines(ask(*question, *flags, *DUTCH).out))
            for number, unit in AMOUNT.findall(text):
                assert "," not in number, (question, number, unit)
                assert unit != "micrograms", question
            told += len(AMOUNT.findall(text))
    assert told > 1000


@hazard("H33")
def test_a_translation_says_that_nobody_has_read_it_and_what_stays_english(questions: list[tuple[object, ...]]) -> None:
    for question in questions:
        for flags in ((), PLAIN):
            dutch, english = (ask(*question, *flags, *language).out for language in (DUTCH, ()))
            told = " ".join(dutch.split())
            assert told.count("Deze vertaling is niet door een Nederlandstalige clinicus nagekeken.") == 1, question
            assert "is een citaat en staat in het Engels" in told
            assert "Geen zorgverlener heeft deze software goedgekeurd" in dutch
            assert "translation" not in english


def test_sentences_headings_and_days_are_in_dutch() -> None:
    path = example("treatment-running")
    due = ask("due", path, "--on", "2026-10-09", *PLAIN, *DUTCH).out
    assert due.startswith(
        "Uw volgende dosis (1 mg (1000 microgram) hydroxocobalamine) is nu aan de beurt: gepland op vr 9 oktober 2026, "
        "tot en met vr 23 oktober 2026 op tijd."
    )
    review = ask("review", path, "--on", "2026-10-09", "--all", *PLAIN, *DUTCH).out
    headings = ("Doses tot nu toe", "Wat komt", "Hoe het bloed reageert", "Bronnen", "Klachten (0 geen, 10 ergst)")
    assert [heading for heading in headings if f"\n{heading}\n" not in review] == []
    assert re.search(
        r"vr 9 oktober 2026 +dosis +Hydroxocobalamine 1 mg \(1000 microgram\), injectie in een spier", review
    )
    plan = ask(*planning("pernicious-anaemia", "uk-bnf-neuro"), *PLAIN, *DUTCH).out
    assert re.search(
        r"BESLIS +Bespreek met uw arts of verpleegkundige of dit deel voorbij is \(geen verdere verbetering\)", plan
    )


@pytest.mark.parametrize("command", ["review", "due", "plan"])
def test_in_json_no_language_changes_anything(command: str) -> None:
    question = (
        planning("pernicious-anaemia", "uk-bnf-neuro")
        if command == "plan"
        else (command, example("treatment-running"), *DAY)
    )
    assert ask(*question, "--json", *DUTCH) == ask(*question, "--json")


@pytest.mark.parametrize("command", ["review", "due", "plan"])
@pytest.mark.parametrize("language", ["fr", "NL", "", "../nl", "nl.yaml"])
def test_an_unknown_language_is_one_sentence(command: str, language: str) -> None:
    question = (
        planning("pernicious-anaemia", "uk-bnf-neuro")
        if command == "plan"
        else (command, example("treatment-running"), *DAY)
    )
    run = ask(*question, "--lang", language)
    assert (run.code, run.out) == (3, "")
    known = ", ".join(shipped.library().languages)
    assert run.err == f"--lang: there are no words in '{language}'; known are {known}\n"
    as_json = ask(*question, "--lang", language, "--json")
    assert (as_json.code, [fault["file"] for fault in as_json.faults]) == (3, ["--lang"])


# -- the United States -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def emigrated(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Path]]:
    """Each British example beside the same person in the United States."""
    folder, found = tmp_path_factory.mktemp("us"), []
    for path in EXAMPLES:
        text = path.read_text("utf-8")
        if "country: GB" in text:
            (folder / path.name).write_text(text.replace("country: GB", "country: US"), "utf-8")
            found.append((path, folder / path.name))
    return found


CASE_NAME = re.compile(r"example-[\w-]+")


def american(text: str) -> list[str]:
    """British lines as they must read in the United States: other unit words in the other order, other spelling, nothing else."""
    swapped = re.sub(r"([\d,]+ mg) \(([\d,]+) micrograms?\)", r"\2 mcg (\1)", text)
    swapped = re.sub(r"(\d) micrograms?\b", r"\1 mcg", swapped)
    return [" ".join(spelled(line, "US", shipped.library().spellings).split()) for line in lines(swapped)]


@hazard("H01")
@hazard("H33")
@pytest.mark.parametrize("flags", [(), PLAIN], ids=["professional", "plain"])
def test_an_american_reads_the_british_text_in_american_units_and_spelling(
    emigrated: list[tuple[Path, Path]], flags: tuple[str, ...]
) -> None:
    """What differs otherwise is the guidance of the country: no line of it has a dose."""
    compared = 0
    for british, other in emigrated:
        given = ["--if-given", DAYS[1]] if "plan:" in british.read_text("utf-8") else []
        for command, *rest in (["review", DAYS[0]], ["review", DAYS[1]], ["due", DAYS[1], *given]):
            one, two = (
                what_is_known(ask(command, path, "--on", *rest, "--all", *flags).out) for path in (british, other)
            )
            own = [without_marks(" ".join(line.split())) for line in lines(two)]
            foreign = [without_marks(line) for line in american(one)]
            assert [line for line in own if line not in foreign] == [], (british, command, rest)
            assert not amounts("\n".join(line for line in foreign if line not in own)), (british, command, rest)
            compared += sum(amounts(two).values())
    assert compared > 80


def what_is_known(text: str) -> str:
    """Without names, which nobody respells, and without the next lines of the schedule: a fixed number of them, of which a
    review by national guidance takes one."""
    text = CASE_NAME.sub("", text)
    return "\n\n".join("\n".join(block) for block in blocks(text) if block[0].strip() != "What comes")


def without_marks(line: str) -> str:
    """A line without source numbers: guidance of the country shifts them."""
    return re.sub(r"\[[\d?, ]+\]", "[]", line)


@hazard("H01")
@pytest.mark.parametrize("protocol", PLANS)
def test_the_doses_and_days_of_a_plan_do_not_depend_on_the_country(
    emigrated: list[tuple[Path, Path]], protocol: str
) -> None:
    british, other = next(pair for pair in emigrated if pair[0].stem == "pernicious-anaemia")
    arguments = ("--protocol", protocol, "--start", "2026-01-05", *DAY, *chosen("pernicious-anaemia", protocol))
    for flags in ((), PLAIN):
        one, two = (dose_rows(ask("plan", path, *arguments, "--all", *flags).out) for path in (british, other))
        assert len(one) == len(two)
        for row, foreign in zip(one, two, strict=True):
            for tell in (amounts, dates, marks):
                assert tell(row) == tell(foreign)
            assert "microgram" not in foreign
            assert "mcg" not in row


def dose_rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if re.search(r" (?:dose|course)  ", line)]


@pytest.mark.parametrize("flags", [(), PLAIN], ids=["professional", "plain"])
def test_an_american_text_holds_no_british_word(emigrated: list[tuple[Path, Path]], flags: tuple[str, ...]) -> None:
    """Names and titles of sources keep their own spelling; codes in capital letters are no words."""
    british = re.compile(rf"\b(?:{'|'.join(shipped.library().spellings)})\b", re.IGNORECASE)
    american_cases = [path for path in EXAMPLES if "country: US" in path.read_text("utf-8")] + [
        pair[1] for pair in emigrated
    ]
    for path in american_cases:
        for question in (
            ("propose", path, *DAY, "--all"),
            ("review", path, "--on", DAYS[1]),
            ("due", path, "--on", DAYS[1]),
        ):
            for line in lines(CASE_NAME.sub("", ask(*question, *flags).out)):
                told = re.sub(
                    r"^ {7}[a-z-]+:", "", ID.sub("", line)
                )  # an id, also of an alternative, keeps its own spelling
                found = [word for word in british.findall(told) if not word.isupper()]
                assert found == [], (question, line)
