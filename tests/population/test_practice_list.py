"""A practice's own list, as practices keep them: who is on it, what its cells cost, and what is said of those who may be missing."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from command_line import PYTHON_FAILURE, Run, in_process
from hypothesis import given, settings
from hypothesis import strategies as st

from cobalamin.population.intervals import read_interval
from cobalamin.spans import Span, SpanRefused
from hazards import hazard

MAPPING = """register: 1
columns: {patient_id: NHS no, last_dose: Last B12, interval: Weeks, cause: Diagnosis, last_serum_b12: B12, birth_date: Born}
dates: "%d/%m/%Y"
interval_unit: wk
protocol: uk-bnf-noneuro
choices: maintenance_interval=3 mo
country: GB
words: {cause: {PA: pernicious_anaemia, Crohn: inflammatory_bowel_disease}}
"""
HEADING = "NHS no,Last B12,Weeks,Diagnosis,B12,Born\n"


def build(folder: Path, lines: str | bytes, mapping: str = MAPPING, heading: str = HEADING) -> Run:
    folder.mkdir(exist_ok=True)
    (folder / "map.yaml").write_text(mapping)
    content = lines if isinstance(lines, bytes) else (heading + lines).encode()
    (folder / "list.csv").write_bytes(content)
    options = ("--mapping", folder / "map.yaml", "--into", folder / "p", "--on", "2026-11-30", "--workers", 1)
    return in_process("panel", "build", folder / "list.csv", *options)


def people(folder: Path) -> dict[str, dict[str, Any]]:
    rows = in_process("panel", "recall", folder / "p", "--within", 400, "--json").document["rows"]
    return {row["patient_id"]: row for row in rows}


def aside(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = in_process("panel", "reconcile", folder / "p", "--json").document["set_aside"]
    return found


# -- who may be missing --------------------------------------------------------------------------------------------------


@hazard("H19")
def test_lines_that_can_not_be_read_stand_on_the_list_and_in_the_exit_code(tmp_path: Path) -> None:
    lines = "1,05/08/2026,12,PA,,\n,06/08/2026,12,PA,,\n2,07/08/2026\n3\ufffd,05/08/2026,12,PA,,\n"
    told = build(tmp_path, lines)
    assert told.code == 5
    assert "so up to 3 people may be missing here" in " ".join(told.out.split())
    assert "Up to 3 people may be missing from this answer" in told.err
    assert "Nothing is lost" not in told.out
    for command in ("recall", "measures", "timeline", "reconcile"):
        shown = in_process("panel", command, tmp_path / "p")
        assert (shown.code, "up to 3 people may be missing" in " ".join(shown.out.split())) == (5, True), command
        document = in_process("panel", command, tmp_path / "p", "--json")
        assert (document.code, document.document["may_be_missing"]) == (5, 3), command
        assert "Up to 3 people" in document.err
    behind = in_process("panel", "measures", tmp_path / "p", "--people", "M3", "--json")
    assert (behind.code, behind.document["may_be_missing"]) == (5, 3)
    assert set(people(tmp_path)) == {"1"}
    assert [(row["line"], row["reason"]) for row in aside(tmp_path)] == [
        (3, "the row has no patient_id"),
        (4, "the row can't be read as a line of this table"),
        (5, "the row can't be read as a line of this table"),
    ]


def test_where_nothing_is_lost_nothing_is_said(tmp_path: Path) -> None:
    told = build(tmp_path, "1,05/08/2026,12,PA,231 ng/L,\n")
    assert (told.code, told.err) == (0, "")
    assert "missing" not in told.out
    assert "Every row was used." in told.out


def test_a_grouped_list_has_no_person_without_a_number(tmp_path: Path) -> None:
    told = build(tmp_path, "1,05/05/2026,12,PA,,\n,05/08/2026,12,,,\n ,28/10/2026,12,,,\n2,05/08/2026,12,PA,,\n,,,,,\n")
    assert (told.code, set(people(tmp_path))) == (5, {"1", "2"})
    assert len(aside(tmp_path)) == 2


@hazard("H19")
def test_the_list_of_a_british_spreadsheet_loses_nobody(tmp_path: Path) -> None:
    """Windows-1252, Windows line breaks, a line break in an address, an accent in a column that is not used (findings P1, P2)."""
    heading = HEADING.strip() + ",Address,Surname\r\n"
    lines = [
        f'{number},05/08/2026,12,PA,231 ng/L,02/03/1958,"{number} High Street,\n\nTown",{"Müller" if number % 2 else "Smith"}\r\n'
        for number in range(200)
    ]
    told = build(tmp_path, (heading + "".join(lines)).encode("cp1252"))
    assert told.code == 0, told.err
    assert "read as Windows-1252" in told.out
    assert len(people(tmp_path)) == 200


# -- cells ---------------------------------------------------------------------------------------------------------------


@hazard("H19")
@pytest.mark.parametrize(
    ("line", "cell", "target"),
    [
        ("05/08/2026,12,Atrophic gastritis,,", "cause", "2026-10-28"),
        ("05/08/2026,now and then,PA,,", "interval", "2026-11-05"),
        ("05/08/2026,10-12,PA,,", "interval", "2026-11-05"),
        ("05/08/2026,2026,PA,,", "interval", "2026-11-05"),
        ("05/08/2026,0,PA,,", "interval", "2026-11-05"),
        ("05/08/2026,8²,PA,,", "interval", "2026-11-05"),
        ("05/08/26,12,PA,,", "last_dose", None),
        ("05/08/0026,12,PA,,", "last_dose", None),
        ("31/02/2026,12,PA,,", "last_dose", None),
        ("05/08/2027,12,PA,,", "last_dose", None),
        ("05/08/2026,12,PA,,05/08/58", "birth_date", "2026-10-28"),
        ("05/08/2026,12,PA,,05/08/2058", "birth_date", "2026-10-28"),
    ],
)
def test_a_cell_that_can_not_be_read_costs_itself_and_is_reported(
    line: str, cell: str, target: str | None, tmp_path: Path
) -> None:
    told = build(tmp_path, f"1,05/08/2026,12,PA,,\n2,{line}\n")
    assert told.code == 0, told.err
    rows = people(tmp_path)
    assert (rows["2"]["target"], rows["2"]["unread_cells"]) == (target, [cell])
    assert rows["2"]["question"] == ("LAST_DOSE_UNKNOWN" if cell == "last_dose" else "")
    assert rows["1"]["unread_cells"] == []
    [row] = aside(tmp_path)
    assert (row["patient_id"], row["cell"], row["line"]) == ("2", cell, 3)


def test_a_year_of_two_digits_is_refused_with_a_sentence(tmp_path: Path) -> None:
    build(tmp_path, "1,05/08/26,12,PA,,\n")
    assert (
        "'05/08/26' has a year of two digits, which may be of two centuries; write four" in aside(tmp_path)[0]["detail"]
    )
    refused = build(tmp_path, "1,05/08/26,12,PA,,\n", MAPPING.replace("%d/%m/%Y", "%d/%m/%y"))
    assert refused.code == 3
    assert "map.yaml:3: dates: '%d/%m/%y' has a year of two digits" in refused.err
    for form in ("%d/%m", "%m/%Y", "%x", "day"):
        assert "must have %d" in build(tmp_path, "1,05/08/2026,12,PA,,\n", MAPPING.replace("%d/%m/%Y", form)).err


def test_a_spreadsheets_midnight_and_capitals_are_read(tmp_path: Path) -> None:
    build(tmp_path, "1,05/08/2026 00:00,12.0,pa,,\n2,5/8/2026 0:00:00,12,  PA ,,\n")
    rows = people(tmp_path)
    assert {(row["target"], row["cause"]) for row in rows.values()} == {("2026-10-28", "pernicious_anaemia")}
    assert aside(tmp_path) == []


@pytest.mark.parametrize(
    ("value", "used"),
    [("231", 1), ("231.5", 1), ("<150", 1), ("231 ng/L", 1), ("231 kg", 0), ("high", 0), ("5 mmol/L", 0)],
)
def test_the_unit_of_the_mapping_is_the_unit_of_bare_results(value: str, used: int, tmp_path: Path) -> None:
    told = build(tmp_path, f"1,05/08/2026,12,PA,{value},\n", MAPPING + "result_unit: ng/L\n")
    assert f"result: 1 in = {used} used" in told.out
    assert "result: 1 in = 0 used" in build(tmp_path, "1,05/08/2026,12,PA,231,\n").out
    assert "result_unit" in build(tmp_path, "1,05/08/2026,12,PA,231,\n", MAPPING + "result_unit: kg\n").err


# -- intervals -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("12", "12 wk"), ("12.0", "12 wk"), ("12 weeks", "12 wk"), ("12 wks.", "12 wk"), ("12w", "12 wk"), ("12/52", "12 wk"), ("3/12", "3 mo"), ("2/7", "2 d"),
        ("every 3 months", "3 mo"), ("Every three months", "3 mo"), ("12 weekly", "12 wk"), ("12-weekly", "12 wk"), ("3 monthly", "3 mo"), ("q12w", "12 wk"),
        ("Q12W", "12 wk"), ("q3m", "3 mo"), ("84 days", "84 d"), ("monthly", "1 mo"), ("quarterly", "3 mo"), ("1 a", "1 a"), ("120 mo", "120 mo"), ("10 a", "10 a"),
    ],
)  # fmt: skip
def test_an_interval_as_practices_write_it(text: str, span: str, tmp_path: Path) -> None:
    assert str(read_interval(text, "wk")) == span


@pytest.mark.parametrize(
    "text",
    [
        "", "10-12", "10-12 weeks", "8 to 12 weeks", "twice weekly", "bimonthly", "biweekly", "3 daily", "3/13", "03/12/2026", "1.000 d", "1.5 mo", "-3 mo", "3m", "0", "0 wk", "11 a",
        "121 mo", "522 wk", "3654 d", "2026", "9999", "²", "8²", "１２", "9" * 10_000, "12 weeks IM", "every 12", "q", "prn", "12 wk 3 mo", "\x00",
    ],
)  # fmt: skip
def test_an_interval_with_two_readings_or_none_is_not_guessed(text: str) -> None:
    with pytest.raises(SpanRefused):
        read_interval(text, "wk")


def test_a_bare_number_needs_the_lists_unit() -> None:
    with pytest.raises(SpanRefused, match="has no unit"):
        read_interval("12")


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=20))
def test_no_text_ends_the_reader_of_intervals(text: str) -> None:
    with contextlib.suppress(SpanRefused):
        assert read_interval(text, "wk").in_range


@given(st.integers(0, 9999), st.sampled_from(["d", "wk", "mo", "a"]))
def test_one_range_for_all_units(number: int, unit: str) -> None:
    span = Span(number, unit)
    assert span.in_range == (span.day_bounds[0] >= 1 and span.day_bounds[1] <= Span(10, "a").day_bounds[1])


# -- one line a dose -----------------------------------------------------------------------------------------------------


@hazard("H19")
def test_a_list_with_one_line_a_dose_has_one_person_and_the_newest_dose(tmp_path: Path) -> None:
    born = "02/03/1958"
    lines = f"1,28/10/2026,8,,,{born}\n1,05/05/2026,12,PA,231 ng/L,{born}\n2,05/08/2026,12,Crohn,,\n1,,,,,{born}\n"
    told = build(tmp_path, lines)
    assert told.code == 0
    assert "stand on several lines: 1, on 3 lines. They are taken as one line a dose" in " ".join(told.out.split())
    rows = people(tmp_path)
    assert (rows["1"]["last_dose"], rows["1"]["target"]) == ("2026-10-28", "2026-12-23")
    assert (rows["2"]["target"], len(rows)) == ("2026-10-28", 2)


def test_a_last_dose_that_can_not_be_read_among_several_is_reported(tmp_path: Path) -> None:
    build(tmp_path, "1,05/05/2026,12,PA,,\n1,28.10.2026,12,PA,,\n")
    row = people(tmp_path)["1"]
    assert (row["last_dose"], row["unread_cells"]) == ("2026-05-05", ["last_dose"])


@hazard("H19")
@pytest.mark.parametrize("number", ["9.43477E+09", "9,43E+09", "n/a", "#N/A", "Total", "-", "UNKNOWN"])
def test_what_is_no_number_makes_no_person_of_several(number: str, tmp_path: Path) -> None:
    """A spreadsheet that cut the numbers of two people would make them one line a dose."""
    lines = f'"{number}",05/08/2026,12,PA,,\n"{number}",06/08/2026,12,PA,,\n1,05/08/2026,12,PA,,\n'
    told = build(tmp_path, lines)
    assert (told.code, set(people(tmp_path))) == (5, {"1"})
    assert "Up to 2 people may be missing" in told.err


WORDS = ["new patient", "see notes", "#DIV/0!", "(blank)", "Total:", "Total: 23", "N.A.", "na", "NaN", "1.23E+5", "1E+5", "TBA", "PAGE 1 OF 2", "FALSE", "####", "JSM", "NHS no"]  # fmt: skip


@hazard("H19")
@pytest.mark.parametrize("word", WORDS)
def test_a_word_where_a_number_should_be_is_nobody(word: str, tmp_path: Path) -> None:
    lines = f"{word},05/08/2026,12,PA,,\n1,05/08/2026,12,PA,,\n2,05/08/2026,12,PA,,\n{word},06/08/2026,12,PA,,\n"
    told = build(tmp_path, lines)
    assert (told.code, set(people(tmp_path))) == (5, {"1", "2"})
    assert "Up to 2 people may be missing" in told.err


def test_codes_without_a_digit_are_numbers_where_all_are_so(tmp_path: Path) -> None:
    assert build(tmp_path, "JSM,05/08/2026,12,PA,,\nABK,05/08/2026,12,PA,,\nEVP,05/08/2026,12,PA,,\n").code == 0
    assert set(people(tmp_path)) == {"JSM", "ABK", "EVP"}


@hazard("H19")
def test_a_heading_that_stands_there_again_is_nobody(tmp_path: Path) -> None:
    told = build(tmp_path, f"1,05/08/2026,12,PA,,\n{HEADING}2,05/08/2026,12,PA,,\n")
    assert (told.code, set(people(tmp_path))) == (5, {"1", "2"})


@hazard("H19")
@hazard("H20")
@pytest.mark.parametrize("odd", ["\ufeff3", "3\u200b", "\u200b3", "'3", "3\u00a0", "\u20603"])
def test_what_nobody_sees_makes_no_other_number(odd: str, tmp_path: Path) -> None:
    born = "02/03/1958"
    told = build(tmp_path, f"3,05/05/2026,12,PA,,{born}\n{odd},05/08/2026,12,PA,,{born}\n")
    assert (told.code, {who: row["last_dose"] for who, row in people(tmp_path).items()}) == (0, {"3": "2026-08-05"})


@hazard("H19")
@pytest.mark.parametrize(
    ("between", "found", "missing"), [("\x0b", {"1", "2"}, 0), ("\x0b5,\x0b", {"1", "2"}, 1), ("\x0b5,\x0b6,\x0c", {"1", "2"}, 2), (",", set(), 1)]
)  # fmt: skip
def test_a_break_that_no_editor_shows_costs_no_two_people_for_one(
    between: str, found: set[str], missing: int, tmp_path: Path
) -> None:
    told = build(tmp_path, f"1,05/08/2026,12,PA,,{between}2,05/08/2026,12,PA,,\n3,05/08/2026,12,PA,,\n")
    assert (told.code, set(people(tmp_path))) == (5 if missing else 0, {*found, "3"})
    assert in_process("panel", "recall", tmp_path / "p", "--json").document["may_be_missing"] == missing


NAMED = MAPPING.replace("birth_date: Born", "name: Born")


@hazard("H19")
@hazard("H20")
@pytest.mark.parametrize(
    ("first", "second", "mapping", "code"),
    [
        pytest.param("", "", MAPPING, 5, id="nothing shows that they are one"),
        pytest.param("02/03/1958", "", MAPPING, 5, id="one of the two tells it"),
        pytest.param("02/03/1958", "03/04/1960", MAPPING, 5, id="two dates of birth"),
        pytest.param("02/03/1958", "02/03/1958", MAPPING, 0, id="one date of birth"),
        pytest.param("Ann Smith", "Bob Jones", NAMED, 5, id="two names"),
        pytest.param("Ann  SMITH", "Ann Smith", NAMED, 0, id="one name"),
    ],
)
def test_two_lines_with_one_number_are_counted_unless_they_are_one_person(
    first: str, second: str, mapping: str, code: int, tmp_path: Path
) -> None:
    """Who is overdue would vanish behind somebody else's newer dose."""
    told = build(tmp_path, f"1,05/05/2026,,PA,,{first}\n1,04/11/2026,12,,,{second}\n", mapping)
    assert told.code == code
    for command in ("recall", "reconcile"):
        answer = in_process("panel", command, tmp_path / "p")
        assert answer.code == code
        assert ("Up to 1 person may be missing from this answer" in answer.err) == bool(code)
    assert set(people(tmp_path)) == {"1"}
    if code:
        assert {row["patient_id"] for row in aside(tmp_path) if not row["cell"]} == {"1"}
        assert people(tmp_path)["1"]["cause"] in (None, ""), "what another line tells may be another person's"


def test_two_people_who_share_a_number_are_not_one(tmp_path: Path) -> None:
    build(tmp_path, "1,05/05/2026,12,PA,,02/03/1958\n1,28/10/2026,12,PA,,03/04/1960\n")
    assert people(tmp_path)["1"]["question"] == "NO_PLAN"
    assert {row["reason"] for row in aside(tmp_path)} == {"two rows of the patient table have this patient_id"}


# -- what is no list -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (HEADING.encode(), "has a heading and no line below it"),
        (b"PK\x03\x04", "save it as CSV UTF-8"),
        (b"one,two\n1,2\n", "no column 'NHS no'"),
        (
            b"a title\n\nNHS no,Last B12,Weeks\n1,2,3\n",
            "has no column 'Diagnosis' (for cause); its heading on line 3 has NHS no, Last B12, Weeks",
        ),
    ],
)
def test_what_is_no_list_is_one_sentence_and_no_panel(content: bytes, said: str, tmp_path: Path) -> None:
    told = build(tmp_path, content)
    assert (told.code, told.out) == (3, "")
    assert said in told.err
    assert len(told.err.strip().splitlines()) == 1
    assert PYTHON_FAILURE not in told.err
    assert in_process("panel", "recall", tmp_path / "p").code == 3
