"""`record CASE result --paste`: a laboratory report from standard input, read back line by line before it is written."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from cobalamin.app.cli.confirm import said_yes, until_confirmed
from cobalamin.app.cli.days import day
from cobalamin.app.cli.filled import day_words, say, used, usual_settings
from cobalamin.app.cli.options import REFUSED, leave
from cobalamin.app.services import cases
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.pasted import Report, dates_in, read_report, record_report
from cobalamin.app.services.reviewing import Entered
from cobalamin.app.services.shipped import library
from cobalamin.errors import InputError, visible
from cobalamin.knowledge.document import LARGEST_BYTES, Tree

_COMMON = ("by", "laboratory", "method", "source")


def record_pasted(case: Path, words: list[str], assessed: date, yes: bool, as_json: bool) -> Entered:
    """Write the results of the report once somebody has agreed to what was understood. Raises InputError; leaves with exit 1 without a yes."""
    this = cases.CaseRead(case)
    sampled, common = _typed(words, this, assessed)
    on, country = sampled or assessed, this.case.patient.country
    text = _pasted()
    report = read_report(text, on, _with_name(common))
    _show(report, on, EntryWords(library(), this.case, country))
    if not report.taken:
        say("pasted.none")
        leave(InputError.exit_code)
    other = dates_in(text, on, this.case.patient)
    if other and sampled is None:
        say("pasted.other_days", days=", ".join(other), day=day_words(on))
        leave(REFUSED)
    if not yes and not said_yes("ask_results", as_json):
        leave(REFUSED)
    return until_confirmed(lambda confirmed: record_report(case, report, assessed, confirmed), yes, as_json)


def _typed(words: list[str], this: cases.CaseRead, assessed: date) -> tuple[date | None, dict[str, Tree]]:
    """The day of the samples where it was typed, and what every result has beside it. Raises InputError."""
    if words[:1] != ["result"]:
        raise InputError.one("--paste", "", "reads results: cobalamin record CASE result --paste")
    sampled: date | None = None
    common: dict[str, Tree] = {}
    for word in words[1:]:
        key, equals, value = (part.strip() for part in word.partition("="))
        if equals and key in _COMMON and value and key not in common:
            common[key] = value
        elif not equals and sampled is None:
            sampled = day(word, "--paste", this, assessed)
        else:
            message = f"beside a pasted report stand a day and {', '.join(f'{each}=' for each in _COMMON)}, each once"
            raise InputError.one("--paste", word, message)
    return sampled, common


def _with_name(common: dict[str, Tree]) -> dict[str, Tree]:
    if "by" in common or common.get("source", "this_site") != "this_site":
        return common
    name = used("name", usual_settings().name)
    return {**common, "by": name} if name else common


def _pasted() -> str:
    """All of standard input as text. Raises InputError."""
    if sys.stdin is None:
        raise InputError.one("--paste", "", "there is no standard input to read a report from")
    if sys.stdin.isatty():
        say("pasted.paste")
    try:
        text = sys.stdin.read(LARGEST_BYTES + 1)
    except UnicodeDecodeError:
        raise InputError.one("--paste", "", "the report is not UTF-8 text") from None
    if len(text) > LARGEST_BYTES:
        raise InputError.one("--paste", "", f"the report is longer than {LARGEST_BYTES:,} characters")
    return text


def _show(report: Report, on: date, words: EntryWords) -> None:
    """What was understood and what was not, on standard error: it is no answer yet."""
    if report.taken:
        say("pasted.taken", day=day_words(on))
    for line in report.taken:
        result = words.content(line.event) if line.event else ""
        _line(line.number, _text("from_line", result=result, text=line.text))
    if report.refused:
        say("pasted.refused")
    for line in report.refused:
        name = str(words.library.markers[line.marker]["name"])
        _line(line.number, _text("refused_line", name=name, text=line.text, fault=line.fault))
    if report.other:
        say("pasted.other")
    for line in report.other:
        _line(line.number, line.text)


def _line(number: int, told: str) -> None:
    sys.stderr.write(f"  {visible(_text('line', number=number, told=told))}\n")


def _text(key: str, **fields: object) -> str:
    return library().own_words.text(f"pasted.{key}", **fields)
