"""Days as people type them: at every option and for every day of an event, read back with the weekday, and never guessed (hazard H83)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import typer.main
from command_line import example, in_process

from cobalamin.app.cli.main import app
from cobalamin.app.services import cases
from cobalamin.casefile.events import DATE_KEYS
from cobalamin.spans import DAY_FIRST, SpanRefused, read_typed_date
from hazards import hazard

TODAY = date(2026, 11, 30)
CASE = example("treatment-running")
CHOSEN = ["--protocol", "uk-bnf-noneuro", "--choose", "maintenance_interval=3 mo"]
# What each command needs beside the option that is tried.
BESIDE: dict[str, list[str]] = {
    "new": ["new.yaml"], "plan": ["CASE", *CHOSEN, "--start", "2026-12-01"], "record": ["CASE", "given"],
    "accept": ["CASE", *CHOSEN, "--start", "2026-12-01", "--by", "Dr A"], "explain": ["CASE", "2026-07-09"],
    "set": ["CASE", "pregnancy=none"], "take-over": ["CASE", *CHOSEN, "--last-dose", "2026-07-09", "--by", "Dr A"],
    "ask": ["x", "--case", "CASE"], "sheet": ["CASE", "-o", "s.pdf"], "letter": ["CASE", "-o", "l.pdf"],
    "calendar": ["CASE", "-o", "c.ics"], "panel build": ["folder", "--into", "into"], "panel generate": ["folder"],
    "panel today": ["list.csv", "--mapping", "mapping.yaml"],
}  # fmt: skip
BEGUN_BY = example("pernicious-anaemia")  # without a plan
WITH_START = {"sheet": CHOSEN, "calendar": CHOSEN, "simulate": []}


def commands(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    for name, each in getattr(command, "commands", {}).items():
        yield from commands(each, f"{path} {name}".strip())
    if not hasattr(command, "commands"):
        yield path, command


OPTIONS = [
    (name, parameter.opts[0])
    for name, command in commands(typer.main.get_command(app))
    for parameter in command.params
    if "DATE" in str(parameter.metavar or "")
]


def typed_at(name: str, option: str, text: str, folder: Path) -> list[str]:
    """The command with this text where the option is."""
    case = folder / "case.yaml"
    case.write_bytes((BEGUN_BY if option == "--start" else CASE).read_bytes())
    beside = BESIDE.get(name, ["CASE"]) + (WITH_START.get(name, []) if option == "--start" else [])
    words = [str(case) if word == "CASE" else word for word in beside]
    if option == "asked":
        return [*name.split(), str(case), text]
    if option in words:
        words[words.index(option) + 1] = text
        return [*name.split(), *words]
    return [*name.split(), *words, option, text]


@hazard("H83")
@pytest.mark.parametrize(("name", "option"), OPTIONS)
def test_every_option_that_takes_a_day_reads_it_by_the_one_reader(
    name: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = in_process(*typed_at(name, option, "13/11/26", tmp_path))
    assert refused.code == 3, refused.out + refused.err
    assert "'13/11/26' needs its year with four digits" in refused.err
    assert (tmp_path / "case.yaml").read_bytes() in (CASE.read_bytes(), BEGUN_BY.read_bytes())


@hazard("H83")
@pytest.mark.parametrize(
    ("name", "option"), [each for each in OPTIONS if each[0] in ("review", "due", "plan", "explain")]
)
def test_a_typed_day_is_read_back_with_its_weekday(name: str, option: str, tmp_path: Path) -> None:
    run = in_process(*typed_at(name, option, "9/7/2026", tmp_path))
    assert run.code == 0, run.err
    assert "9/7/2026 is read as Thu 9 July 2026." in run.err
    assert "is read as" not in in_process(*typed_at(name, option, "2026-07-09", tmp_path)).err


@hazard("H83")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-30"), ("Yesterday", "2026-11-29"), ("-3d", "2026-11-27"), ("-3 days", "2026-11-27"), ("+2wk", "2026-12-14"),
        ("-1 mo", "2026-10-30"), ("+3mo", "2027-02-28"), ("-1a", "2025-11-30"), ("2026-01-31", "2026-01-31"), ("13/11/2026", "2026-11-13"),
        ("3/4/2026", "2026-04-03"), ("03/04/2026", "2026-04-03"),
        ("30 Nov 2026", "2026-11-30"), ("3 april 2026", "2026-04-03"), ("Mon 30 November 2026", "2026-11-30"), ("9 Sept 2026", "2026-09-09"),
        ("Monday, 30 Nov 2026", "2026-11-30"), ("November 30, 2026", "2026-11-30"), ("May 4 2026", "2026-05-04"),
    ],
)  # fmt: skip
def test_each_form_is_one_day(text: str, day: str) -> None:
    for country in DAY_FIRST:
        assert str(read_typed_date(text, TODAY, country)) == day


@hazard("H83")
@pytest.mark.parametrize("country", ["", "US", "CA", "NL"])
def test_a_month_in_words_is_one_day_in_every_country(country: str) -> None:
    assert (
        read_typed_date("3 Apr 2026", TODAY, country)
        == read_typed_date("April 3, 2026", TODAY, country)
        == date(2026, 4, 3)
    )


@hazard("H83")
def test_a_month_in_words_is_read_back_and_saved_as_a_civil_date(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_bytes(CASE.read_bytes())
    run = in_process("record", case, "given", "9 Oct 2026", "--on", "12 October 2026", "--yes")
    assert run.code == 0, run.err
    assert "9 Oct 2026 is read as Fri 9 October 2026." in run.err
    assert "12 October 2026 is read as Mon 12 October 2026." in run.err
    assert str(cases.open_case(case).record[-1].on) == "2026-10-09"


@hazard("H83")
@pytest.mark.parametrize(
    ("text", "country", "told"),
    [
        ("3/4/2026", "US", "write 2026-04-03 or 2026-03-04"), ("3/4/2026", "", "without a country"), ("3/4/2026", "CA", "in CA"),
        ("3/4/2026", "ZA", "in ZA"), ("13/11/2026", "US", "write 2026-11-13"), ("13/11/26", "GB", "four digits"),
        ("13/11/026", "GB", "four digits"), ("31/4/2026", "GB", "that month has 30 days"), ("13.11.2026", "GB", "2026-01-31"),
        ("13-11-2026", "GB", "2026-01-31"), ("tomorrow", "GB", "2026-01-31"), ("-3", "GB", "d, wk, mo or a"), ("-0d", "GB", "d, wk, mo or a"),
        ("30 Nov 26", "GB", "four digits"), ("31 Nov 2026", "US", "that month has 30 days"), ("30 Nov", "GB", "2026-01-31"),
        ("Tue 30 November 2026", "GB", "2026-11-30 is a Monday"), ("30 Novembr 2026", "GB", "2026-01-31"),
        ("-20a", "GB", "d, wk, mo or a"), ("+3 fortnights", "GB", "d, wk, mo or a"), ("", "GB", "2026-01-31"),
    ],
)  # fmt: skip
def test_what_has_two_readings_or_none_is_refused_with_the_form_to_type(text: str, country: str, told: str) -> None:
    with pytest.raises(SpanRefused, match=re.escape(told)):
        read_typed_date(text, TODAY, country)


@hazard("H83")
def test_a_file_holds_civil_dates_only(tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_bytes(CASE.read_bytes())
    for words in (["given", "-3d", "expires_on=31/12/2026", "authority.by=Dr A", "authority.through=+2wk"],
                  ["hold", "today", "until=+2wk"], ["correction", "yesterday", "withdraws=x", "replaced_by.date=-3d", "replaced_by.kind=symptoms",
                   "replaced_by.tiredness=3"], ["history", "12/10/2026", "phase=maintenance", "last_dose=9/10/2026"]):  # fmt: skip
        run = in_process("record", case, *words, "--on", "2026-10-12", "--yes")
        assert run.code == 0, run.err
    dose, hold, correction, history = cases.open_case(case).record[-4:]
    assert (str(dose.on), str(dose.expires_on)) == ("2026-10-09", "2026-12-31")
    assert dose.authority.through == date(2026, 10, 26)
    assert (str(hold.on), str(hold.until)) == ("2026-10-12", "2026-10-26")
    assert str(correction.replaced_by.on) == "2026-10-09"
    assert (str(history.on), str(history.last_dose)) == ("2026-10-12", "2026-10-09")
    case.write_text(case.read_text("utf-8").replace("date: 2026-10-09", "date: today"), "utf-8")
    assert "'today' is not a date" in in_process("check", case).err


def test_every_key_with_a_day_is_read() -> None:
    """A key of an event that its reader takes as a day stands among those that may be typed."""
    assert set(DATE_KEYS) == {
        "expires_on", "from", "through", "until", "start", "last_dose", "date", "on", "recorded_at",
    }  # fmt: skip


def test_the_interview_reads_a_birth_date_the_same_way(tmp_path: Path) -> None:
    answers = "GB\n2/3/58\n2/3/1958\n" + "\n" * 60
    run = in_process("propose", tmp_path / "new.yaml", "--ask", "--on", "2026-01-05", answers=answers)
    assert "needs its year with four digits" in run.out
    assert "2/3/1958 is read as Sun 2 March 1958." in run.out
    assert cases.open_case(tmp_path / "new.yaml").patient.birth_date == date(1958, 3, 2)
