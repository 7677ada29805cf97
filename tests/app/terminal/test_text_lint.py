"""No text can be misread: units, numbers, dates and words, over every output and every sentence of the library (6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from command_line import DAY, EXAMPLES, Run, example, in_process, settle
from told_answers import ask, lines, planning

from cobalamin.app.services import shipped
from cobalamin.app.views.builder import Builder
from cobalamin.knowledge.library import Library
from hazards import hazard

UNITS = r"(?:mg|mcg|micrograms?|g|kg|mL|cm|mmol/L|nmol/L|pmol/L|umol/L|ng/L|pg/mL|g/L|fL)(?![\w/])"
DOSE = r"(?:mg|mcg|micrograms?)(?!\w)"
RULES = {
    "the micro sign": r"[\u00b5\u03bc]",
    "ug in a text": r"(?<![A-Za-z])[uU][gG](?![A-Za-z])",
    "a trailing zero": rf"\d\.\d*0\s?{UNITS}",
    "a naked point": rf"(?<![\d.])\.\d+\s?{UNITS}",
    "a point at the end of a number": rf"\d\.\s{UNITS}",
    "a decimal comma": rf"(?<![\d,])\d{{1,3}},(?!\d{{3}}(?!\d))\d*\s?{UNITS}",
    "an exponent": rf"\d[eE][+-]?\d+\s?{UNITS}",
    "no space before the unit": rf"(?<![\w-])\d[\d.,]*{UNITS}",
    "thousands without a comma": rf"(?<![\d.,])\d{{4,}}\s?{DOSE}",
    "ml for mL": r"\d\s?ml\b",
    "an interval of two readings": r"(?i)\bbi-?(?:weekly|monthly|annual)|fortnight",
    "Latin for how often": r"(?i)\b(?:q\.?o\.?d|q\.?d|o\.?d|b\.?i\.?d|t\.?i\.?d|b\.?d|t\.?d\.?s|q\d+[hdwm])\.?(?![\w./])",
    "units or cc for a dose": r"(?i)\d\s?(?:IU|I\.U\.|units?|U|cc)(?!\w)",
    "a date of two readings": r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}(?![\d/.-])",
    "the program's own notation": r"\bNone\b(?! reported)|Decimal\(|Span\(|Mass\(|<[a-z]+\.[a-z]",
}
RECOMMENDS = re.compile(r"(?i)recommend|aanbev|aanrad|aangeraden")
CODE_WORD = re.compile(r"\b[a-z]+_[a-z_]+\b")
TYPED = re.compile(r"--choose \S+|\w+: .*\((?:write it under|schrijf het onder) facts:.*")
NAMES = re.compile(r"https?://\S+|\b(?!(?i:bi)-)\w+(?:-\w+)+\b|\S*/\S+\.(?:yaml|json)")  # addresses, ids, files


def misread(text: str) -> dict[str, str]:
    """The first place of each fault in a text."""
    found: dict[str, str] = {}
    for line in lines(text):
        told = NAMES.sub("", line)
        for what, pattern in RULES.items():
            match = re.search(pattern, told)
            if match and what not in found:
                found[what] = told[max(match.start() - 50, 0) : match.end() + 30]
    return found


@cache
def titles() -> frozenset[str]:
    """Titles of protocols as they are shown."""
    readers = [Builder(shipped.library(), True, country) for country in ("GB", "US")]
    return frozenset(reader.spelled(protocol.title) for protocol in shipped.library().protocols() for reader in readers)


def of_the_program(text: str) -> Iterator[str]:
    """Lines without a citation and without the title of a protocol: what no source says."""
    for line in lines(text):
        if not re.search(r"\[[\d?, ]+\]", line) and not any(title in line for title in titles()):
            yield line


# -- what is printed -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def treated(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Examples without a plan, with the first option accepted and its first two doses given."""
    folder, found = tmp_path_factory.mktemp("treated"), []
    for path in EXAMPLES:
        if "plan:" not in path.read_text("utf-8"):
            case = folder / path.name
            case.write_text(path.read_text("utf-8"), "utf-8")
            if accepted(case):
                found.append(case)
    return found


def accepted(case: Path) -> bool:
    options = in_process("propose", case, *DAY, "--json").document["options"]
    for protocol in [option["protocol"] for option in options[:3]]:
        chosen, plan = settle(case, protocol)
        if plan.code == 0:
            codes = [issue["code"] for issue in plan.document["issues"] if issue["severity"] == "acknowledge"]
            reasons = [part for code in codes for part in ("--acknowledge", f"{code}=read")]
            arguments = ["--protocol", protocol, "--start", "2026-01-05", *DAY, *chosen, *reasons, "--by", "Dr A"]
            if in_process("accept", case, *arguments).code == 0:
                given(case)
                return True
    return False


def given(case: Path) -> None:
    for day in ("2026-01-05", "2026-01-07"):
        in_process("record", case, "given", day, "--on", day)


def with_every_manner(*question: object) -> Iterator[Run]:
    manners = [[], ["--plain"]]
    if question[0] in ("plan", "review", "due"):
        manners += [["--lang", "nl"], ["--plain", "--lang", "nl"]]
    for manner in manners:
        yield ask(*question, *manner)


def explained(case: Path) -> Iterator[Run]:
    review = in_process("review", case, "--on", "2026-04-30", "--json").document
    for day in [item["on"] for item in review.get("upcoming", []) if item["on"]][:2]:
        yield ask("explain", case, day, "--on", "2026-04-30")
    for evaluation in review["evaluations"][:3]:
        yield ask("explain", case, evaluation["event"], "--on", "2026-04-30")


@pytest.fixture(scope="module")
def printed(treated: list[Path], running_treatments: list[tuple[object, ...]]) -> dict[str, tuple[str, bool]]:
    """Outputs of every command, each with whether it speaks plainly."""
    found: dict[str, tuple[str, bool]] = {}

    def keep(title: str, runs: Iterator[Run]) -> None:
        for number, run in enumerate(runs):
            found[f"{title} {number}"] = (run.out + run.err, number % 2 == 1)

    questions = [*running_treatments]
    questions += [(command, case, "--on", "2026-04-30") for case in treated for command in ("review", "due")]
    questions += [("propose", path, *DAY) for path in EXAMPLES] + [
        ("propose", path, *DAY, "--all") for path in EXAMPLES[::2]
    ]
    questions += [
        planning("child", name)
        for name in ("us-ped-pa", "us-oh-def", "fr-infant-oral", "jp-me-neuropathy", "uk-bnfc-mma")
    ]
    questions += [
        planning("pernicious-anaemia", name)
        for name in ("uk-oh-smpc-noneuro", "de-cn-1000", "ch-oh", "us-bari-programme")
    ]
    questions += [
        ("plan", example("vegan"), "--protocol", "uk-oh-smpc-noneuro", "--start", "2026-01-05", *DAY),
        ("demo",),
    ]
    for question in questions:
        keep(" ".join(str(part).rpartition("/")[2] for part in question), with_every_manner(*question))
    for case in [*treated, example("treatment-running"), example("self-injecting")]:
        for number, run in enumerate(explained(case)):
            found[f"explain {case.stem} {number}"] = (run.out, False)
    for case in treated:
        copy = case.with_suffix(".copy.yaml")
        copy.write_bytes(case.read_bytes())
        for event in (["given", "2026-04-29"], ["result", "potassium=3.9 mmol/L", "reference_range=3.5-5.3 mmol/L"]):
            run = in_process("record", copy, *event, "--on", "2026-04-30", "--plain", "--yes")
            found[f"record {case.stem} {event[0]}"] = (run.out.replace(str(copy), "case"), True)
    found |= dict(alarmed(treated[0]))
    return found


ALARMS = (
    ["result", "2026-04-20", "potassium=2.4 mmol/L"], ["result", "2026-04-21", "potassium=2.8 mmol/L"],
    ["result", "2026-04-22", "potassium=19 mmol/L"], ["result", "2026-04-22", "haemoglobin=79 g/dL"],
    ["result", "2026-04-22", "egfr=28 mL/min/1.73m2", "reference_range=>60 mL/min/1.73m2"],
    ["result", "2026-04-22", "platelets=32 10^9/L"], ["result", "2026-04-22", "intrinsic_factor_antibody=positive"],
    ["symptoms", "2026-04-23", "balance=6", "tingling_or_numbness=2", "red_flags=new_walking_difficulty"],
    ["fact", "2026-04-24", "fact=pregnancy", "value=pregnant"],
    ["fact", "2026-04-24", "fact=neurological_involvement", "value=present"],
    ["symptoms", "2026-04-25", "balance=9"],
    ["result", "2026-04-26", "serum_b12=90 ng/L", "reference_range=180-900 ng/L"],
    ["decision", "2026-04-26", "reviewed", "answers=POTASSIUM_LOW", "by=Dr A", "finding=seen"],
)  # fmt: skip


def alarmed(case: Path) -> Iterator[tuple[str, tuple[str, bool]]]:
    """A case with everything that results, symptoms and facts can raise: each entry as it is confirmed, and the review after it."""
    stage = case.with_suffix(".alarms0.yaml")
    stage.write_bytes(case.read_bytes())
    for number, event in enumerate(ALARMS, 1):
        for plain in (True, False):
            after = case.with_suffix(f".alarms{number}{'p' * plain}.yaml")
            after.write_bytes(stage.read_bytes())
            run = in_process("record", after, *event, "--on", "2026-04-26", "--yes", *["--plain"] * plain)
            assert run.code == 0, run.err
            yield f"record alarms {number} {plain}", (run.out.replace(str(after), "case"), plain)
        stage = after
        for manner, told in enumerate(with_every_manner("review", stage, "--on", "2026-04-30")):
            yield f"review alarms {number} {manner}", (told.out + told.err, manner % 2 == 1)


@hazard("H01")
@hazard("H02")
@hazard("H15")
def test_nothing_that_is_printed_can_be_misread(printed: dict[str, tuple[str, bool]]) -> None:
    assert len(printed) > 400
    faults = {}
    for title, (text, _) in printed.items():
        dutch = "Deze vertaling is niet" in " ".join(text.split())
        found = misread(text)
        if dutch:  # a reader of Dutch takes 1,000 for one, so thousands are not marked there
            found.pop("thousands without a comma", None)
        faults |= {f"{what}: {place}": title for what, place in found.items()}
    assert faults == {}


def test_no_code_word_stands_in_a_text_for_patients(printed: dict[str, tuple[str, bool]]) -> None:
    faults = {}
    for title, (text, plain) in printed.items():
        if plain:
            for line in lines(text):
                for word in CODE_WORD.findall(TYPED.sub("", line)) if not line.startswith("$ ") else ():
                    faults[f"{word}: {line.strip()[:120]}"] = title
    assert faults == {}


def test_only_a_source_recommends(printed: dict[str, tuple[str, bool]], library: Library) -> None:
    with_the_word = {title: text for title, (text, _) in printed.items() if RECOMMENDS.search(text)}
    told = {
        line: title for title, text in with_the_word.items() for line in of_the_program(text) if RECOMMENDS.search(line)
    }
    assert told == {}
    for language in library.languages:
        assert [text for text in library.words(language).texts.values() if RECOMMENDS.search(text)] == []


@hazard("H01")
def test_the_unit_of_the_country_comes_first_everywhere(printed: dict[str, tuple[str, bool]]) -> None:
    """Examples from outside the United States never read "mcg"; those from there never read "micrograms"."""
    american = {path.stem for path in EXAMPLES if "country: US" in path.read_text("utf-8")}
    faults = {}
    for title, (text, _) in printed.items():
        named = re.search(r"([\w-]+)\.yaml|(?:explain|record) ([\w-]+)", title)
        if not named or "worked" in title or (named[1] or named[2])[:2].isdigit():
            continue
        foreign = r"\d micrograms?\b" if (named[1] or named[2]) in american else r"\d mcg\b"
        for line in lines(text):
            if re.search(foreign, NAMES.sub("", line)):
                faults[line.strip()[:140]] = title
    assert faults == {}


# -- what the library says -------------------------------------------------------------------------------------------


def sentences(tree: object, key: str = "") -> Iterator[str]:
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from sentences(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from sentences(value, key)
    elif isinstance(tree, str) and key in SENTENCES:
        yield tree


SENTENCES = {
    "text", "plain", "action", "plain_action", "truth", "note", "event", "wording", "question", "why", "position", "topic", "cause",
    "population",
}  # fmt: skip


@hazard("H01")
@pytest.mark.parametrize("country", ["GB", "US"])
def test_no_sentence_of_the_library_can_be_misread_as_it_is_shown(library: Library, country: str) -> None:
    foreign = r"\d mcg\b" if country == "GB" else r"\d micrograms?\b"
    reader = Builder(library, False, country)
    read = 0
    for file, document in library.documents.items():
        for sentence in sentences(document.tree) if not file.startswith(("words/", "misstatements", "sources")) else ():
            told = reader.spelled(sentence)
            faults = {**misread(told), **({"units": told} if re.search(foreign, told) else {})}
            assert faults == {}, (file, faults)
            read += 1
    assert read > 1000


@pytest.mark.parametrize("language", ["en", "nl"])
def test_no_text_of_a_language_can_be_misread(library: Library, language: str) -> None:
    words = library.words(language)
    for key, text in words.texts.items():
        assert misread(text) == {}, key
        if not key.endswith("__options"):  # what a professional types as an answer
            assert not CODE_WORD.search(re.sub(r"\{\w+\}", "", text)), key


def test_the_lint_finds_what_it_looks_for() -> None:
    wrong = {
        "the micro sign": "250 µg", "ug in a text": "250 ug", "a trailing zero": "1.0 mg", "a naked point": "give .5 mg",
        "a decimal comma": "0,5 mg", "no space before the unit": "take 5mg", "thousands without a comma": "1000 micrograms",
        "ml for mL": "1 ml", "an interval of two readings": "bi-weekly", "units or cc for a dose": "100 units", "an exponent": "1e3 mg",
        "Latin for how often": "1 mg q.d.", "a date of two readings": "on 01/02/2026", "a point at the end of a number": "1. mg",
        "the program's own notation": "every None",
    }  # fmt: skip
    assert set(wrong) == set(RULES)
    for what, text in wrong.items():
        assert what in misread(text), text
    assert misread("1 mg (1,000 micrograms), 0.5 mg, 250 mcg, 1 mL, every 3 months, since 2018") == {}
