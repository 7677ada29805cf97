"""Answers of the command line to be compared: many cases, told to a professional, a patient, in Dutch, in the United States."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest import mock

import yaml
from command_line import DAY, EXAMPLES, ROOT, START, Run, example, in_process, settle

from cobalamin.app.services import shipped
from cobalamin.app.terminal import console

WORKED = sorted((ROOT / "tests" / "cases" / "worked").glob("*.yaml"))
DAYS = ("2026-03-25", "2026-09-01")
PLANS = (
    "uk-bnf-noneuro", "uk-bnf-neuro", "uk-oh-smpc-noneuro", "us-cn-pa", "us-oh-def", "us-bari-programme", "us-cn-nasal", "fr-cn-malabs",
    "jp-me-megalo", "nl-b12i-neuro", "nl-nhg14", "ch-oh", "uk-bnfc-mma", "uk-bnf-oral-diet", "article-a2-8", "in-text", "eu-espen-def",
)  # fmt: skip
_NANOGRAMS = {"mg": 1_000_000, "mcg": 1_000, "microgram": 1_000, "micrograms": 1_000}
AMOUNT = re.compile(r"(?<![\w.,-])(\d[\d,]*(?:\.\d+)?) (mg|mcg|micrograms?|mL)(?!\w)")
_SOURCE_LINE = re.compile(r"\s*\[\d+\] ")


@cache
def ask(*arguments: object) -> Run:
    """One answer, no line of it broken; the same question is asked once."""
    with mock.patch.object(console, "UNKNOWN_WIDTH", 3000):
        run = in_process(*arguments)
    assert run.code != 70, run.err
    return run


@cache
def chosen(name: str, protocol: str) -> tuple[str, ...]:
    return tuple(settle(example(name), protocol)[0])


def planning(name: str, protocol: str) -> tuple[object, ...]:
    return ("plan", example(name), "--protocol", protocol, *START, *DAY, *chosen(name, protocol), "--all")


def written_cases(folder: Path) -> list[tuple[Path, str]]:
    """The worked cases as files, each with a day of assessment: stopped, held, bridged, by month, with a local decision."""
    found = []
    for scenario in WORKED:
        tree = yaml.load(scenario.read_text("utf-8"), yaml.BaseLoader)
        path = folder / scenario.name
        path.write_text(json.dumps(tree["case"]), "utf-8")
        found.append((path, tree["expect"][0]["on"]))
    return found


def running(folder: Path) -> list[tuple[object, ...]]:
    """Questions about running treatments. A review begins with the sentence that `due` gives."""
    asked: list[tuple[object, ...]] = [("review", path, "--on", day, "--all") for path, day in written_cases(folder)]
    for path in EXAMPLES:
        asked += [("review", path, "--on", day, "--all") for day in DAYS]
        given = ["--if-given", DAYS[1]] if "plan:" in path.read_text("utf-8") else []
        asked.append(("due", path, "--on", DAYS[1], *given, "--all"))
    return asked


# -- what an answer holds --------------------------------------------------------------------------------------------


def lines(text: str) -> list[str]:
    """The lines without the list of sources, whose words are their issuers'."""
    return [line for line in text.splitlines() if not _SOURCE_LINE.match(line)]


def blocks(text: str) -> Iterator[list[str]]:
    """Headings with what stands under them."""
    for block in text.split("\n\n"):
        if found := [line for line in block.splitlines() if line.strip()]:
            yield found


def amounts(text: str) -> Counter[str]:
    """Doses in nanograms and volumes, however they are written."""
    found: Counter[str] = Counter()
    for number, unit in AMOUNT.findall(text):
        value = float(number.replace(",", ""))
        found[f"{value * _NANOGRAMS[unit]:.0f} ng" if unit in _NANOGRAMS else f"{value} {unit}"] += 1
    return found


@cache
def _months() -> tuple[re.Pattern[str], dict[str, int]]:
    numbers = {}
    for language in shipped.library().languages:
        words = shipped.library().words(language)
        for names in (words.months, words.months_short):
            numbers |= {name: number for number, name in enumerate(names, 1)}
    longest_first = "|".join(sorted(numbers, key=len, reverse=True))
    return re.compile(rf"\b(\d{{1,2}}) ({longest_first})\b( \d{{4}})?|\b\d{{4}}-\d{{2}}(?:-\d{{2}})?\b"), numbers


def dates(text: str) -> Counter[str]:
    """Days, their months as numbers, whatever the language is and whether they stand in words or as in a file."""
    pattern, number = _months()
    return Counter(
        f"{found[1]} month {number[found[2]]}{found[3] or ''}" if found[1] else _in_words(found[0])
        for found in pattern.finditer(text)
    )


def _in_words(day: str) -> str:
    year, month, *number = map(int, day.split("-"))
    return f"{number[0]} month {month} {year}" if number else day


def marks(text: str) -> Counter[str]:
    """Source numbers as they stand in the text."""
    return Counter(re.findall(r"\[[\d?, ]+\]", "\n".join(lines(text))))


def numbers(text: str) -> Counter[str]:
    """Every number, thousands unmarked."""
    return Counter(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text)))
