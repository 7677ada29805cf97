"""The words of each language: complete, with the same fields and numbers, and a dose that no translation can change."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from cobalamin import amounts, spans
from cobalamin.amounts import ENGLISH_UNITS, Mass, amounts_in_text, mass_text, read_mass
from cobalamin.app.documents import library as library_documents
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Document, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import compiled, data_folder
from cobalamin.knowledge.words import Words, read_words, translation_faults
from cobalamin.knowledge.words_shape import TEXTS
from cobalamin.spans import Span
from cobalamin.text import days as day_words
from hazards import hazard

ENGLISH = compiled().own_words

SOURCE = Path(amounts.__file__).parent
LANGUAGES = compiled().languages
KEYS = {f"{section}.{name}": fields for section, names in TEXTS.items() for name, fields in names.items()}
MASSES = [
    Mass(Decimal(number), unit)
    for number, unit in (
        ("0.2", "ug"), ("1", "ug"), ("2.4", "ug"), ("30", "ug"), ("250", "ug"), ("999", "ug"), ("1000", "ug"), ("1500", "ug"),
        ("10000", "ug"), ("0.25", "mg"), ("1", "mg"), ("1.5", "mg"), ("1.50", "mg"), ("10.0", "mg"), ("5", "g"),
    )
]  # fmt: skip


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest, library: Library) -> Words:
    return library.words(request.param)


def test_the_languages_are_those_tested_here(library: Library) -> None:
    assert library.languages == LANGUAGES
    assert {"en", "nl"} <= set(LANGUAGES)


# -- the dose --------------------------------------------------------------------------------------------------------


@hazard("H01")
@hazard("H33")
@pytest.mark.parametrize("country", ["GB", "US", "NL", ""])
@pytest.mark.parametrize("mass", MASSES, ids=str)
def test_a_dose_has_the_same_form_in_every_language_and_reads_back_as_itself(
    words: Words, mass: Mass, country: str
) -> None:
    text = mass_text(mass, country, words.units)
    small = "mcg" if country == "US" else f"{words.units.microgram}|{words.units.micrograms}"
    form = re.fullmatch(rf"([\d,.]+) (mg|{small})(?: \(([\d,.]+) (mg|{small})\))?", text)
    assert form, text
    for number, unit in zip(form.groups()[::2], form.groups()[1::2], strict=True):
        if number is not None:
            assert not re.search(r"\.\d*0$|^\.|\.$", number), text
            typed = "mg" if unit == "mg" else "micrograms"
            assert read_mass(f"{number.replace(words.units.thousands or '#', '')} {typed}").nanograms == mass.nanograms


@hazard("H01")
@hazard("H33")
def test_no_language_writes_a_decimal_comma_in_a_dose(library: Library) -> None:
    """Where readers take a comma for a decimal, 1,000 micrograms would be one: no number of a dose has a comma there."""
    for language in library.languages:
        words = library.words(language)
        told = [mass_text(mass, country, words.units) for mass in MASSES for country in ("GB", "US", "NL")]
        told += [amounts_in_text(text, "NL", words.units) for text in ("1,000 mcg", "1000 to 12,500 micrograms")]
        for text in told:
            assert not re.search(r",(?!\d{3}(?!\d))", text), text
            assert words.units.thousands == "," or "," not in text, text
    assert library.words("en").units.thousands == ","
    assert library.words("nl").units.thousands == ""


def test_english_words_are_those_of_the_ground() -> None:
    """Amounts and spans are told before any library is read; both must say the same."""
    assert ENGLISH.units == ENGLISH_UNITS
    for unit in spans.UNITS:
        for number in (0, 1, 2, 3, 12, 1000):
            assert day_words.span_words(Span(number, unit), ENGLISH) == Span(number, unit).words
            assert day_words.every_words(Span(number, unit), ENGLISH) == Span(number, unit).every


@pytest.mark.parametrize(
    ("written", "gb", "us"),
    [
        ("100 mcg of cyanocobalamin", "100 micrograms of cyanocobalamin", "100 mcg of cyanocobalamin"),
        ("1000-2000 mcg a day", "1,000-2,000 micrograms a day", "1,000-2,000 mcg a day"),
        ("1000 to 2000 micrograms.", "1,000 to 2,000 micrograms.", "1,000 to 2,000 mcg."),
        ("1 mcg or 2.5 mcg", "1 microgram or 2.5 micrograms", "1 mcg or 2.5 mcg"),
        ("1000 mcg/mL in a 30 mL vial", "1,000 micrograms/mL in a 30 mL vial", "1,000 mcg/mL in a 30 mL vial"),
        ("1 mg (1,000 micrograms)", "1 mg (1,000 micrograms)", "1 mg (1,000 mcg)"),
        ("gb-hydroxocobalamin-1000 mcg, since 2018", "gb-hydroxocobalamin-1000 mcg, since 2018", "gb-hydroxocobalamin-1000 mcg, since 2018"),
        ("micrograms, not milligrams; 1355.4 g/mol", "micrograms, not milligrams; 1355.4 g/mol", "micrograms, not milligrams; 1355.4 g/mol"),
    ],
)  # fmt: skip
def test_an_amount_in_a_sentence_is_told_in_the_units_of_the_reader(written: str, gb: str, us: str) -> None:
    assert (amounts_in_text(written, "GB"), amounts_in_text(written, "US")) == (gb, us)
    assert amounts_in_text(gb, "GB") == gb


@hazard("H01")
def test_no_number_of_the_library_is_changed_by_telling_it(library: Library) -> None:
    for document in library.documents.values():
        for text in texts_of(document.tree):
            for country, units in (("GB", ENGLISH_UNITS), ("US", ENGLISH_UNITS), ("NL", library.words("nl").units)):
                told = amounts_in_text(text, country, units)
                assert re.findall(r"[\d.]+|mg", told.replace(",", "")) == re.findall(
                    r"[\d.]+|mg", text.replace(",", "")
                )


def texts_of(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for value in tree.values():
            yield from texts_of(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from texts_of(value)
    elif isinstance(tree, str):
        yield tree


# -- days and spans --------------------------------------------------------------------------------------------------


def test_every_day_has_words_of_its_own(words: Words) -> None:
    days = [date(2024, 1, 1) + timedelta(days=number) for number in range(366 * 2)]
    for tell in (
        lambda day: day_words.date_words(day, words),
        lambda day: day_words.day_short(day, words, with_year=True),
    ):
        assert len({tell(day) for day in days}) == len(days)
    for day in days:
        text = day_words.date_words(day, words)
        assert re.findall(r"\d+", text) == [str(day.day), str(day.year)]
        assert words.months[day.month - 1] in text
        assert words.weekdays[day.weekday()] in text


@hazard("H33")
def test_days_and_months_of_dutch_stand_in_their_order(library: Library) -> None:
    """Written out a second time: two months that changed places would still be twelve different words."""
    words = library.words("nl")
    assert " ".join(words.weekdays) == "ma di wo do vr za zo"
    assert " ".join(words.months) == (
        "januari februari maart april mei juni juli augustus september oktober november december"
    )
    assert " ".join(words.months_short) == "jan feb mrt apr mei jun jul aug sep okt nov dec"
    assert day_words.date_words(date(2026, 7, 13), words) == "ma 13 juli 2026"


@hazard("H15")
def test_a_span_keeps_its_number_and_its_unit(words: Words) -> None:
    told = {}
    for unit in spans.UNITS:
        for number in range(1, 100):
            for tell in (day_words.span_words, day_words.every_words):
                text = tell(Span(number, unit), words)
                assert re.findall(r"\d+", text) == ([str(number)] if number > 1 or tell is day_words.span_words else [])
                assert told.setdefault((tell, text), Span(number, unit)) == Span(number, unit)


def test_two_answers_are_never_told_in_the_same_words(words: Words) -> None:
    """A translation that says "late" for "early", or "under the skin" for "into a muscle", would say one of them twice."""
    for section in ("routes", "routes_plain", "routes_short", "substances", "phases", "due", "due_plain", "statuses", "timings",
                    "credits", "check_states", "verdicts", "flags", "kinds", "spacing", "ends", "decisions"):  # fmt: skip
        texts = [words.texts[f"{section}.{name}"] for name in TEXTS[section]]
        assert len(set(texts)) == len(texts), section


# -- the program and its words ---------------------------------------------------------------------------------------


@cache
def nodes() -> tuple[ast.AST, ...]:
    return tuple(node for file in SOURCE.rglob("*.py") for node in ast.walk(ast.parse(file.read_text("utf-8"))))


UNSEEN = ""  # fields given as a mapping


def calls() -> Iterator[tuple[str, frozenset[str]]]:
    """Every text that is asked for by name, with the fields it is given."""
    for node in nodes():
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("text", "say")
        ):
            continue
        first = node.args[0] if node.args else None
        for name in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
            if isinstance(name, ast.Constant) and re.fullmatch(r"[a-z_]+\.\w+", str(name.value)):
                yield name.value, frozenset(word.arg or UNSEEN for word in node.keywords)


def mentioned() -> tuple[set[str], list[re.Pattern[str]]]:
    """All texts in the code that may be names of texts, and the patterns of computed ones."""
    names = {node.value for node in nodes() if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    patterns = []
    for node in nodes():
        if isinstance(node, ast.JoinedStr):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values]
            patterns.append(re.compile("".join(parts)))
    sections = tuple(f"{section}\\." for section in TEXTS)
    return names, [pattern for pattern in patterns if pattern.pattern.startswith(sections)]


def test_the_program_asks_for_nothing_that_is_not_there() -> None:
    asked = dict(calls())
    assert len(asked) > 100
    texts = ENGLISH.texts
    for key, fields in calls():
        assert key in texts, key
        assert UNSEEN in fields or fields >= set(re.findall(r"\{(\w+)\}", texts[key])), key


def test_every_text_is_asked_for_somewhere() -> None:
    names, patterns = mentioned()
    by_section = {
        "flags",
        "columns",
        "phases",
        "routes",
        "routes_plain",
        "routes_short",
        "statuses",
        "due",
        "due_plain",
    }
    asked = [key for key in KEYS if key in names or any(each.fullmatch(key) for each in patterns)]
    assert [key for key in KEYS if key not in asked and key.split(".")[0] not in by_section] == []


# -- a words file that must be refused -------------------------------------------------------------------------------


def changed(language: str, right: str, wrong: str) -> Document:
    file = data_folder() / "words" / f"{language}.yaml"
    text = file.read_text("utf-8")
    assert text.count(right) >= 1, right
    return read_document(text.replace(right, wrong, 1), f"words/{language}.yaml")


WRONG = [
    ("a missing text", "nl", "  bookable: kan worden ingepland\n", "", "statuses.bookable", "is missing"),
    ("a missing section", "nl", "timings:\n  early: vroeg\n  on_time: op tijd\n  late: laat\n", "", "", "'timings' is missing"),
    ("an extra text", "nl", "timings:\n", "timings:\n  later: later\n", "timings.later", "unknown key"),
    ("a missing text in English", "en", "  bookable: bookable\n", "", "statuses.bookable", "is missing"),
    ("an extra text in English", "en", "timings:\n", "timings:\n  later: later\n", "timings.later", "unknown key"),
    ("a field that doesn't exist", "nl", "{dose} {substance}", "{doses} {substance}", "due_plain.next", "{dose}"),
    ("a field left out", "nl", "{regimen} ({phase}, dosis {number}),", "{regimen} ({phase}),", "due.next", "{number}"),
    ("a field told twice", "nl", '"{number} weken"', '"{number} {number} weken"', "spans.wk_many", "each once"),
    ("a field of another text", "en", "on hold{until}{beneath}", "on hold{until}{beneath}{wording}", "due.on_hold", "wording"),
    ("a format", "nl", '"{number} weken"', '"{number:.2f} weken"', "spans.wk_many", "brace"),
    ("an attribute", "nl", '"{number} weken"', '"{number.real} weken"', "spans.wk_many", "brace"),
    ("a number that English does not have", "nl", "d_every_one: elke dag", "d_every_one: elke 2 dagen", "spans.d_every_one", "make them the same"),
    ("another number", "nl", "(0 geen, 10 ergst)", "(0 geen, 100 ergst)", "review.symptoms", "make them the same"),
    ("a number left out", "nl", "(0 geen, 10 ergst)", "(nul geen, tien ergst)", "review.symptoms", "says the numbers none"),
    ("a decimal comma", "nl", "d_every_one: elke dag", "d_every_one: elke 1,5 dag", "spans.d_every_one", "comma"),
    ("the micro sign", "nl", "oral: oraal", "oral: µg", "routes_short.oral", "micro sign"),
    ("milligrams for micrograms", "nl", "micrograms: microgram", "micrograms: milligram", "units.micrograms", "full word"),
    ("a short unit", "nl", "micrograms: microgram", "micrograms: mcg", "units.micrograms", "full word"),
    ("a comma of neither kind", "nl", "comma: decimal", "comma: both", "units.comma", "allowed are"),
    ("two days alike", "nl", "[ma, di,", "[ma, ma,", "weekdays", "different"),
    ("eleven months", "nl", "[jan, feb,", "[feb,", "months_short", "12 different"),
    ("a lost space", "nl", '" tot en met {date}"\n  course', '"tot en met {date}"\n  course', "doses.until", "space"),
    ("another language inside", "nl", "language: nl", "language: de", "language", "words/de.yaml"),
    ("nobody named as reviewer", "nl", "reviewed_by: not reviewed", "reviewed_by:", "reviewed_by", "text"),
]  # fmt: skip


@hazard("H33")
@pytest.mark.parametrize(("what", "language", "right", "wrong", "path", "said"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_words_file_is_a_fault_with_its_place(
    library: Library, what: str, language: str, right: str, wrong: str, path: str, said: str
) -> None:
    document = changed(language, right, wrong)
    faults = translation_faults({**library.documents, f"words/{language}.yaml": document})
    try:
        read_words(document)
    except InputError as error:
        faults += error.faults
    assert [fault for fault in faults if fault.path == path and said in str(fault)], (what, faults)
    assert all(fault.file == f"words/{language}.yaml" and fault.line > 0 for fault in faults if fault.path), faults


def test_library_check_tells_a_wrong_translation(altered_library: Callable[..., Path]) -> None:
    folder = altered_library("words/nl.yaml", "{dose} {substance}", "{dose}")
    faults = library_documents.checked(folder).faults
    (fault,) = faults
    assert fault.file.endswith("data/words/nl.yaml")
    assert (fault.path, fault.line > 100) == ("due_plain.next", True)
    assert "it must have {dose}, {substance}" in fault.message


def test_a_library_without_english_words_is_refused(altered_library: Callable[..., Path]) -> None:
    folder = altered_library("words/nl.yaml", "language", "language")
    (folder / "words" / "en.yaml").unlink()
    faults = library_documents.checked(folder).faults
    assert any("words/en.yaml" in fault.message for fault in faults)


@pytest.fixture
def altered_library(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the library in which one text is replaced."""

    def alter(file: str, right: str, wrong: str) -> Path:
        folder = tmp_path / "data"
        shutil.copytree(data_folder(), folder)
        text = (folder / file).read_text("utf-8")
        assert right in text
        (folder / file).write_text(text.replace(right, wrong), "utf-8")
        return folder

    return alter
