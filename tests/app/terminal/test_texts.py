"""Every text a person reads: amounts that can't be misread, in the units of the country, the same in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from command_line import DAY, EXAMPLES, START, Run, example, in_process, settle

from cobalamin.app.services import shipped
from cobalamin.app.terminal import console
from hazards import hazard

WIDE = 600  # no line is broken, so that an amount stands on one line with its unit
UNITS = r"(?:mg|mcg|micrograms?|g|mL|mmol/L|cm|kg)\b"
PERSONS = {"GB": "pernicious-anaemia", "US": "child"}

# What must never be read in a dose, and why (ISMP list of error-prone abbreviations; reference/product.md 6.3).
FORBIDDEN = {
    "the micro sign": r"[\u00b5\u03bc]",
    "ug": r"(?<![A-Za-z])[uU][gG](?![A-Za-z])",
    "a trailing zero": rf"\d\.\d*0\s?{UNITS}",
    "a naked point": rf"(?<![\d.])\.\d+\s?{UNITS}",
    "a point at the end of a number": rf"\d\.\s{UNITS}",
    "an exponent": rf"\d[eE][+-]?\d+\s?{UNITS}",
    "a number that touches its unit": r"(?<![\w-])\d[\d.,]*(?:mg|mcg|micrograms?)\b",
    "bi-weekly, bi-monthly": r"(?i)\bbi-?(?:weekly|monthly|annual)",
    "Latin for how often": r"(?i)\b(?:q\.?o\.?d|q\.?d|o\.?d|b\.?i\.?d|t\.?i\.?d|b\.?d|t\.?d\.?s|q\d+[hdwm])\.?(?![\w./])",
    "units": r"\d\s?(?:IU|I\.U\.|units)\b",
    "a date of two readings": r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}(?![\d/.-])",
    "the program's own notation": r"\bNone\b|Decimal\(|Span\(|Mass\(|<[a-z]+\.[a-z]",
}


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "UNKNOWN_WIDTH", WIDE)


@cache
def planned() -> dict[tuple[str, str], tuple[list[str], bool]]:
    """(country, protocol): the options of a plan, its choices at the low end, and whether it has dates."""
    plans = {}
    for country, name in PERSONS.items():
        for protocol in shipped.library().protocols():
            if protocol.guidance or protocol.status == "withdrawn":
                continue
            chosen, answer = settle(example(name), protocol.id)
            plans[country, protocol.id] = (chosen, answer.code == 0)
    return plans


@cache
def plan_text(country: str, protocol: str, plain: bool) -> str:
    chosen, _ = planned()[country, protocol]
    flags = ["--plain"] if plain else []
    question = ["plan", example(PERSONS[country]), "--protocol", protocol, *START, *DAY, "--all"]
    return in_process(*question, *chosen, *flags).out


def plan_texts(country: str) -> Iterator[tuple[str, str]]:
    for owner, protocol in planned():
        if owner == country:
            for plain in (False, True):
                yield f"plan {protocol}{' --plain' * plain}", plan_text(country, protocol, plain)


def proposals() -> Iterator[tuple[str, str]]:
    for path in EXAMPLES:
        for flags in (["--all"], ["--all", "--plain"], []):
            yield f"propose {path.stem} {' '.join(flags)}", in_process("propose", path, *DAY, *flags).out


def open_plans() -> Iterator[tuple[str, str]]:
    """Plans before anything was chosen: they list the ends of ranges."""
    for owner, protocol in planned():
        if owner == "GB":
            arguments = ["plan", example(PERSONS[owner]), "--protocol", protocol, *START, *DAY]
            yield f"plan {protocol}, nothing chosen", in_process(*arguments).out


def doses() -> Iterator[tuple[str, str]]:
    for product in shipped.library().products.values():
        for dose in ("1 mg", "250 µg", "1.50 mg", "10.0 mg", "0.5 mg", "11.0 mg"):
            for country in ("GB", "US"):
                shown = in_process("dose", "--dose", dose, "--product", product.id, "--country", country)
                yield f"dose {dose} of {product.id} in {country}", shown.out + shown.err


def records() -> Iterator[tuple[str, str]]:
    for record_id in (*shipped.library().ids, *shipped.library().products):
        yield f"library show {record_id}", in_process("library", "show", record_id).out
    yield "demo", in_process("demo").out
    yield "demo --plain", in_process("demo", "--plain").out


SOURCES_OF_TEXT: dict[str, Callable[[], Iterator[tuple[str, str]]]] = {
    "propose": proposals,
    "plan in GB": lambda: plan_texts("GB"),
    "plan in US": lambda: plan_texts("US"),
    "plan before its choices": open_plans,
    "dose": doses,
    "library show": records,
}


def without_names(line: str) -> str:
    """A line without what is not text of ours or a source's words: addresses, ids of options and protocols."""
    return NAMES.sub("", line)


# A name has two letters side by side, so that 01-02-2026 and 1e-3 are no names; bi-weekly is none either.
NAMES = re.compile(r"https?://\S+|\b(?![Bb]i-)(?=[\w-]*[A-Za-z]{2})\w+(?:-\w+)+\b")


@hazard("H01")
def test_every_rule_can_fail() -> None:
    wrong = {
        "the micro sign": "250 µg", "ug": "250 ug", "a trailing zero": "1.0 mg", "a naked point": "give .5 mg",
        "a point at the end of a number": "1. mg", "an exponent": "1e-3 mg", "a number that touches its unit": "take 5mg",
        "bi-weekly, bi-monthly": "Bi-weekly for uk-bnf-noneuro", "Latin for how often": "1 mg q.d.", "units": "100 units",
        "a date of two readings": "on 01-02-2026", "the program's own notation": "every None",
    }  # fmt: skip
    assert set(wrong) == set(FORBIDDEN)
    for what, line in wrong.items():
        assert re.search(FORBIDDEN[what], without_names(line)), what
    assert without_names("see uk-bnf-noneuro, 1000-mcg-every-2-months") == "see , "


@hazard("H01")
@pytest.mark.parametrize("where", SOURCES_OF_TEXT)
def test_no_text_can_be_misread(where: str) -> None:
    found: dict[str, str] = {}
    for title, text in SOURCES_OF_TEXT[where]():
        assert text, title
        for line in text.splitlines():
            if line.lstrip().startswith("["):  # a title of a source is its issuer's
                continue
            for what, pattern in FORBIDDEN.items():
                if re.search(pattern, without_names(line)):
                    found.setdefault(f"{what}: {line.strip()[:160]}", title)
    assert found == {}


# -- the same numbers in plain words ---------------------------------------------------------------------------------


ROW = re.compile(r"(?:\d+ +[A-Z][a-z]{2} \d+ [A-Z][a-z]+ \d{4}(?: \*)?|\s+after the decision) +(?:dose|course)  ")


def dose_lines(text: str) -> list[str]:
    """The rows of a plan that carry a dose."""
    return [line for line in text.splitlines() if ROW.match(line)]


def numbers(line: str) -> list[str]:
    return re.findall(r"\d[\d,.]*\d|\d", line)


@hazard("H33")
@pytest.mark.parametrize("country", PERSONS)
def test_plain_words_hold_the_same_numbers_on_every_dose_line(country: str) -> None:
    lines = 0
    for owner, protocol in planned():
        if owner != country or not planned()[owner, protocol][1]:
            continue
        professional, plain = (dose_lines(plan_text(country, protocol, words)) for words in (False, True))
        assert len(professional) == len(plain) > 0 or not professional, protocol
        for one, other in zip(professional, plain, strict=True):
            assert numbers(one) == numbers(other), protocol
        lines += len(plain)
    assert lines > 500


@hazard("H33")
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_plain_words_hold_the_same_numbers_in_every_option(path: Path) -> None:
    professional, plain = (
        option_lines(in_process("propose", path, *DAY, "--all", *flags).out) for flags in ([], ["--plain"])
    )
    assert professional
    assert [numbers(line) for line in professional] == [numbers(line) for line in plain]


@hazard("H33")
def test_the_plain_text_of_a_plan_in_json_holds_the_same_amounts(run: Callable[..., Run]) -> None:
    arguments = ["--protocol", "uk-bnf-noneuro", *START, *DAY, "--choose", "maintenance_interval=3 mo", "--json"]
    for item in run("plan", example("pernicious-anaemia"), *arguments).document["items"]:
        if item["kind"] == "dose":
            assert numbers(item["text"])[:2] == numbers(item["plain"])[:2] == ["1", "1,000"]


# -- the units of the country ----------------------------------------------------------------------------------------


TITLES = {protocol.title[:25] for protocol in shipped.library().protocols()}


def option_lines(text: str) -> list[str]:
    """The lines of the options that this program words: substance, dose, route, interval, end."""
    options = text[text.index("\nOptions\n") :].split("\n\n")[0]
    named = re.compile(r"(?:cobalamin|vitamin B12 \(the source names no substance\)) ")
    return [
        re.sub(r"^\s*[\w-]+: ", "", line)
        for line in options.splitlines()
        if named.search(line) and re.match(r" {5}\S", line) and not any(title in line for title in TITLES)
    ]


CAVEATS = ("This applies", "This may apply", "It is not known whether this", "The source", "The text behind")


@hazard("H01")
@pytest.mark.parametrize(("country", "own", "foreign"), [("GB", "microgram", "mcg"), ("US", "mcg", "microgram")])
def test_a_dose_is_told_in_the_units_of_the_country(country: str, own: str, foreign: str) -> None:
    lines = []
    for owner, protocol in planned():
        if owner == country:
            lines += [line for plain in (False, True) for line in dose_lines(plan_text(country, protocol, plain))]
    for path in EXAMPLES:
        if f"country: {country}" in path.read_text("utf-8"):
            for flags in ([], ["--plain"]):
                lines += option_lines(in_process("propose", path, *DAY, "--all", *flags).out)
    # A caveat names a substance without an amount; with one, its unit is held to the country by the last line all the same.
    with_amount = [line for line in lines if "dose not stated" not in line and not line.strip().startswith(CAVEATS)]
    assert len(with_amount) > 1000
    assert [line for line in with_amount if own not in line] == []
    assert [line for line in lines if foreign in without_names(line)] == []


@hazard("H01")
@pytest.mark.parametrize("country", PERSONS)
def test_a_dose_line_has_whole_numbers_and_the_name_of_the_substance(country: str) -> None:
    """Thousands are separated, no decimal where a whole number of micrograms exists, and never just "B12"."""
    lines = [
        line
        for owner, protocol in planned()
        for plain in (False, True)
        if owner == country
        for line in dose_lines(plan_text(country, protocol, plain))
    ]
    for line in lines:
        text = re.sub(r"[A-Z][a-z]+ \d{4}|\[[\d, ?]+\]", "", line)
        assert not re.search(r"\d{4}", text), line
        assert not re.search(r"\d\.\d+ mg", text), line
        assert re.search(r"cobalamin|names no substance", text), line


@pytest.mark.parametrize(
    ("country", "shown"), [("GB", "from 250 micrograms to 1 mg"), ("US", "from 250 mcg to 1,000 mcg")]
)
def test_the_ends_of_a_range_are_told_in_the_units_of_the_country(
    run: Callable[..., Run], case_file: Callable[..., Path], country: str, shown: str
) -> None:
    case = case_file(example("pernicious-anaemia").read_text("utf-8").replace("country: GB", f"country: {country}"))
    text = run("plan", case, "--protocol", "uk-oh-smpc-noneuro", *START, *DAY).out
    assert shown in text


@hazard("H01")
@pytest.mark.parametrize("typed", ["250 ug", "250 µg", "250 μg", "0.250 mg", "250mcg", "250 micrograms"])
def test_a_chosen_dose_is_told_in_words_however_it_was_typed(run: Callable[..., Run], typed: str) -> None:
    text = run(
        "plan", example("pernicious-anaemia"), "--protocol", "uk-oh-smpc-noneuro", *START, *DAY, "--choose", f"load_1_dose={typed}",
        "--choose", "load_1_duration=1 wk", "--choose", "maintenance_interval=3 mo",
    ).out  # fmt: skip
    assert re.search(r"Chosen: loading 1 dose = 250 micrograms, ", text)


@pytest.mark.parametrize("dose", ["20.0 mg", "100 micrograms", "5 mg"])
def test_an_issue_about_a_dose_is_told_in_the_units_of_the_country(run: Callable[..., Run], dose: str) -> None:
    text = run("dose", "--dose", dose, "--product", "gb-hydroxocobalamin-1mg-1ml", "--country", "GB").out
    (stop,) = [line for line in text.splitlines() if "STOP" in line]
    assert "mcg" not in stop
    assert not re.search(FORBIDDEN["a trailing zero"], stop)


def test_a_strength_is_not_turned_into_the_units_of_another_country(run: Callable[..., Run]) -> None:
    text = run("dose", "--dose", "250 micrograms", "--strength", "1000 micrograms/mL", "--country", "GB").out
    assert "mcg" not in text.splitlines()[0]


# -- dates and what nobody may forget --------------------------------------------------------------------------------


def test_every_answer_says_that_nobody_has_signed_it_off(run: Callable[..., Run]) -> None:
    arguments = ["--protocol", "uk-bnf-noneuro", *START, *DAY]
    for answer in (
        run("propose", example("vegan"), *DAY),
        run("propose", example("vegan"), *DAY, "--plain"),
        run("plan", example("vegan"), *arguments),
        run("plan", example("vegan"), *arguments, "--plain"),
        run("dose", "--dose", "1 mg", "--strength", "1 mg/mL"),
        run("library", "show", "uk-bnf-noneuro"),
        run("demo"),
    ):
        assert "No clinician has signed off this software" in answer.out
        assert "Library 20" in answer.out


def test_every_dated_line_names_the_month_in_letters() -> None:
    for owner, protocol in planned():
        for line in dose_lines(plan_text(owner, protocol, False)):
            if re.match(r"\d", line):
                assert re.search(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{1,2} [A-Z][a-z]+ 20\d\d", line), line
