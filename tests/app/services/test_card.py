"""The card: the lines that another practice needs, the day it was true, and what may not wait above them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.card import card_of
from cobalamin.app.services.cases import open_case
from cobalamin.text.messages import in_words
from hazards import hazard

ROOT = Path(__file__).parents[3]
DAY = date(2026, 9, 1)


def text_of(tmp_path: Path, *entries: str, on: date = DAY, example: str = "treatment-running.yaml") -> str:
    text = (ROOT / "examples" / example).read_text("utf-8").rstrip()
    path = tmp_path / "case.yaml"
    path.write_text("\n".join([text, *(f"  - {{{entry}}}" for entry in entries), ""]), "utf-8")
    return card_of(reviewing.review_of(open_case(path), on)).as_text(shipped.library().own_words)


def test_a_card_says_who_what_how_often_last_next_and_who_agreed(tmp_path: Path) -> None:
    lines = text_of(tmp_path).splitlines()
    assert lines == [
        "Name: example-treatment-running",
        "Born: Sun 2 March 1958",
        "Cause of the lack of B12: pernicious anaemia",
        "Dose: hydroxocobalamin 1 mg (1,000 micrograms), injection into a muscle",
        "Product: Hydroxocobalamin 1 mg in 1 mL ampoule (also Cobalin-H)",
        "How often: every 3 months",
        "Last dose: Thu 9 July 2026, 1 mg (1,000 micrograms)",
        "Next dose: Fri 9 October 2026",
        "Agreed by: Dr A. Example, Fri 2 January 2026",
        "As of: Tue 1 September 2026",
        "Published guidance to discuss with a prescriber. No clinician has signed off this software.",
    ]


def test_a_changed_interval_is_the_one_on_the_card(tmp_path: Path) -> None:
    entry = "date: 2026-08-01, kind: decision, decision: change_interval, interval: 2 mo, by: Dr B, reason: symptoms"
    assert "How often: every 2 months" in text_of(tmp_path, entry)


@hazard("H145")
def test_what_may_not_wait_is_the_first_line_and_no_day_stands_for_the_next_dose(tmp_path: Path) -> None:
    lines = text_of(tmp_path, f"date: {DAY}, kind: symptoms, red_flags: [facial_swelling]").splitlines()
    assert lines[0].startswith("WARNING SIGN: Call the emergency number now.")
    following = next(line for line in lines if line.startswith("Next dose: "))
    assert "It is not what matters now" in following


@hazard("H146")
@pytest.mark.parametrize("on", [DAY, date(2026, 9, 2)])
def test_the_day_on_which_it_was_true_is_a_line(on: date, tmp_path: Path) -> None:
    assert f"As of: {'Tue 1' if on == DAY else 'Wed 2'} September 2026" in text_of(tmp_path, on=on)


def test_a_late_dose_is_told_by_its_sentence(tmp_path: Path) -> None:
    following = next(
        line for line in text_of(tmp_path, on=date(2026, 11, 20)).splitlines() if line.startswith("Next dose")
    )
    assert "overdue" in following


def test_what_is_not_known_is_said(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    text = (ROOT / "examples" / "treatment-running.yaml").read_text("utf-8")
    path.write_text(
        text.replace("cause: pernicious_anaemia", "cause: unknown").replace(", birth_date: 1958-03-02", ""), "utf-8"
    )
    made = card_of(reviewing.review_of(open_case(path), DAY))
    told = {line.name: in_words(line.text, shipped.library().own_words) for line in made.lines}
    assert (told["cause"], told["born"]) == ("not known", "not known")
