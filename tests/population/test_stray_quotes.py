"""A quote that is no quote, a ditto mark, inches, a remark that nobody closed, never takes another person's line or date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import in_process
from hypothesis import given, settings
from hypothesis import strategies as st

from cobalamin.population.csv_files import CsvTable
from hazards import hazard

MAPPING = """register: 1
columns: {patient_id: No, last_dose: Date, interval: Weeks}
dates: "%Y-%m-%d"
interval_unit: wk
protocol: uk-bnf-noneuro
choices: maintenance_interval=3 mo
country: GB
"""


def listed(folder: Path, text: str) -> tuple[int, dict[str, str], int]:
    """The exit code of a build, the last dose of everybody on its list, and how many may be missing."""
    (folder / "map.yaml").write_text(MAPPING)
    (folder / "list.csv").write_text(text)
    options = ("--mapping", folder / "map.yaml", "--into", folder / "p", "--on", "2026-11-30", "--workers", 1)
    code = in_process("panel", "build", folder / "list.csv", *options).code
    document = in_process("panel", "recall", folder / "p", "--within", 400, "--json").document
    return code, {row["patient_id"]: row["last_dose"] for row in document["rows"]}, document["may_be_missing"]


BOTH = {"2": "2026-08-04", "3": "2026-08-03"}


@hazard("H19")
@hazard("H20")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param('No,Notes,Date,Weeks\n2,"ask GP,2026-08-04,12\n3,6\'2",2026-08-03,12\n', id="a remark that is not closed, and inches"),
        pytest.param('No,Date,Weeks,Notes\n2,2026-08-04,12,"\n3,2026-08-03,12,"\n', id="ditto marks at the end"),
        pytest.param('No\tDate\tWeeks\tNotes\n2\t2026-08-04\t12\t"\n3\t2026-08-03\t12\t"\n', id="and between tabs"),
        pytest.param('No,Notes,Date,Weeks\n2,",2026-08-04,12\n3,",2026-08-03,12\n', id="ditto marks in the middle"),
        pytest.param('Notes;No;Date;Weeks\n";2;2026-08-04;12\n";3;2026-08-03;12\n', id="ditto marks at the beginning"),
        pytest.param('No,Date,Weeks,Notes\n2,2026-08-04,12,"ask\n3,2026-08-03,12,"a, b"\n', id="below it a line that is quoted well"),
    ],
)  # fmt: skip
def test_each_line_is_read_by_itself(text: str, tmp_path: Path) -> None:
    assert listed(tmp_path, text) == (0, BOTH, 0)


@hazard("H19")
@hazard("H20")
@pytest.mark.parametrize(
    ("text", "people", "missing"),
    [
        pytest.param('No,Notes,Date,Weeks\n2,"ask,2026-08-04,12\n3,x,y",2026-08-03,12\n', {"2": "2026-08-04"}, 1, id="a comma too many below"),
        pytest.param('No,Notes,Date,Weeks\n2,"a,2026-08-05,c\nd",2026-08-04,12\n3,,2026-08-03,12\n', {"3": "2026-08-03"}, 2, id="two readings"),
        pytest.param('No,Notes,Date,Weeks\n2,"ask,2026-08-04\n3,x",2026-08-03,12\n', {"3": "2026-08-03"}, 1, id="a cell too few above"),
        pytest.param('No,Date,Weeks,Notes\n2,2026-08-04,12,"\n3,2026-08-03,"\n', {"2": "2026-08-04"}, 1, id="a ditto mark in a row too short"),
        pytest.param('No,Date,Weeks,"Notes\n2,2026-08-04,12,x"\n3,2026-08-03,12,x\n', BOTH, 0, id="a heading that is not closed"),
        pytest.param("Address,No,Date,Weeks,Notes\n2 High St, Leeds,2,2026-08-04,12,\n2 High St, Leeds,3,2026-08-03,12,\n", {}, 2, id="a comma in an address"),
    ],
)  # fmt: skip
def test_a_line_with_two_readings_or_none_is_counted(
    text: str, people: dict[str, str], missing: int, tmp_path: Path
) -> None:
    assert listed(tmp_path, text) == (5 if missing else 0, people, missing)


@hazard("H115")
@pytest.mark.parametrize(
    ("text", "people", "missing"),
    [
        ('Notes|Date|No|Weeks\n" |""day2|P2 "x|x"12"\n"x |day3"|"x P3|12\n 6\'2"|"day4|P4"|12 6\'2"\n', {}, 3),
        ('No,Notes,Date,Weeks,More\n2,"x, y",2026-08-04,12,"ask\n3,,2026-08-03,12,\n', {"3": "2026-08-03"}, 1),
        (
            'No,Notes,Date,Weeks\n2,"a,2026-08-05,12\nb",2026-08-04,"12 6\'2"\n3,,2026-08-03,12\n',
            {"3": "2026-08-03"},
            2,
        ),
        ('Date;Weeks;No;Notes\n2026-08-04;12;",;"x\n2026-08-03;12;3;\n', {"3": "2026-08-03"}, 1),
    ],
)
def test_quotes_of_two_kinds_in_one_line_are_not_guessed_at(
    text: str, people: dict[str, str], missing: int, tmp_path: Path
) -> None:
    """Some hold a separator and another is a character: what looks like a row may be two faults."""
    assert listed(tmp_path, text) == (5, people, missing)


def test_inches_beside_an_address_in_quotes_are_read(tmp_path: Path) -> None:
    text = 'No,Address,Date,Weeks,Notes\n2,"1 Low St, York",2026-08-04,12,6\'2" tall\n3,,2026-08-03,12,\n'
    assert listed(tmp_path, text) == (0, BOTH, 0)


@pytest.mark.parametrize(
    "text",
    [
        'No,Address,Date,Weeks\n2,"2 High St, Leeds\nLS1",2026-08-04,12\n3,"1 Low St\nYork, YO1\nUK",2026-08-03,12\n',
        'No,Address,Date,Weeks\n2,"2 High St, Leeds,\nLS1",2026-08-04,12\n3,"1 Low St, York,\nYO1",2026-08-03,12\n',
        'No,Date,Weeks,Address,Name\n2,2026-08-04,12,"2 High St,\n\nTown",A\n3,2026-08-03,12,"1 Low St,\n\nYork",B\n',
        'Address,No,Date,Weeks\n"2 High St\nLeeds",2,2026-08-04,12\n"1 Low St\n\nYork\nUK",3,2026-08-03,12\n',
        'No,Date,Weeks,Notes\n2,2026-08-04,12,"left arm,\nas she asks"\n3,2026-08-03,12,"x\n"\n',
        'No,Date,Weeks,Notes\n"2","2026-08-04","12","x\n"\n"3","2026-08-03","12","a, b\n""c"" d, e\n"\n',
    ],
)
def test_a_cell_that_is_plainly_broken_over_lines_is_one(text: str, tmp_path: Path) -> None:
    assert listed(tmp_path, text) == (0, BOTH, 0)


@hazard("H19")
def test_a_dose_below_a_ditto_mark_is_counted_for_its_own_person(tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    plan = "uk-bnf-noneuro,2026-01-05,maintenance_interval=3 mo"
    (tmp_path / "r/patient.csv").write_text(
        f'patient_id,protocol,start,choices,cause\nP2,{plan},"\nP3,{plan},"\nP4,{plan},dietary\n'
    )
    doses = 'P2,2026-01-06,hydroxocobalamin,1 mg,"\nP3,2026-01-07,hydroxocobalamin,1 mg,"\nP4,2026-01-08,hydroxocobalamin,1 mg,im\n'
    (tmp_path / "r/administration.csv").write_text(f"patient_id,date,substance,dose,route\n{doses}")
    told = in_process("panel", "build", tmp_path / "r", "--into", tmp_path / "p", "--on", "2026-11-30", "--json")
    assert told.document["people"] == 3
    assert told.document["rows"]["administration"] == {"in": 3, "used": 1, "set_aside": 2}


MARKED = st.sampled_from(
    ["{}", "{}", '"{}', '{}"', '"{}"', "{} 6'2\"", '""{}', '"x {}', '{} "x"', '" {}', '" "{}', '{}""', 'x"{}"']
)
ROWS = st.lists(st.tuples(MARKED, MARKED, MARKED, MARKED), min_size=2, max_size=6)


@hazard("H19")
@hazard("H20")
@settings(max_examples=500)
@given(rows=ROWS, columns=st.permutations(["No", "Date", "Weeks", "Notes"]), separator=st.sampled_from(",;\t|"))
def test_nobody_is_swallowed_whatever_quotes_stand_in_whatever_cells(
    rows: list[tuple[str, ...]], columns: list[str], separator: str, tmp_path_factory: Any
) -> None:
    """Of every line the number is read, or the line is counted; and no number gets the date of another."""
    lines = [separator.join(columns)]
    for number, marked in enumerate(rows, 2):
        cells = {"No": f"P{number}", "Date": f"day{number}", "Weeks": "12", "Notes": ""}
        lines.append(separator.join(mark.format(cells[name]) for name, mark in zip(columns, marked, strict=True)))
    file = tmp_path_factory.mktemp("csv") / "list.csv"
    file.write_text("\n".join(lines) + "\n")
    table = CsvTable(file, ("No", "Date", "Weeks"))
    read = dict(table.rows())
    for line, cells in read.items():
        row = dict(zip(table.columns, cells, strict=True))
        assert f"P{line}" in row["No"]
        assert f"day{line}" in row["Date"]
    assert {*read, *table.unreadable} == set(range(2, len(lines) + 1))


# -- rows that were cut short ----------------------------------------------------------------------------------------------


@hazard("H19")
@pytest.mark.parametrize(("separator", "line_break"), [(",", "\n"), (";", "\r"), ("\t", "\r\n")])
@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        (['2,2026-08-04,12,"see', '3,2026-08-03"'], 1),
        (['2,2026-08-04,12,"see', '3"'], 1),
        (['2,2026-08-04,12,"see', "3,2026-08-03", 'as she asks"'], 1),
        (['2,2026-08-04,12,"see', "3", "4,2026-08-02", '5"'], 3),
        (['2,2026-08-04,12,"see', "3", "4,2026-08-02"], 2),
        (['2,2026-08-04,12,"', '3,"'], 1),
    ],
)
def test_a_row_cut_short_below_an_open_quote_is_counted(
    rows: list[str], missing: int, separator: str, line_break: str, tmp_path: Path
) -> None:
    """Whether the quote is closed by a later one, at the end of the file, or never."""
    lines = ["No,Date,Weeks,Notes", *rows, "9,2026-08-01,12,"]
    text = line_break.join(lines).replace(",", separator)
    assert listed(tmp_path, text) == (5, {"2": "2026-08-04", "9": "2026-08-01"}, missing)


def test_the_lines_of_an_address_are_no_rows(tmp_path: Path) -> None:
    text = (
        'No,Address,Date,Weeks\n2,"The Cottage\n5 High St\nLS1 4AB",2026-08-04,12\n3,"Flat 2\n1 Low St",2026-08-03,12\n'
    )
    assert listed(tmp_path, text) == (0, BOTH, 0)


CUT = st.tuples(st.lists(st.sampled_from(["{}", "{}", '"{}', '{}"', '"{}"', '{}""']), min_size=4, max_size=4), st.integers(2, 4))  # fmt: skip


@hazard("H19")
@settings(max_examples=200)
@given(
    rows=st.lists(CUT, min_size=2, max_size=6), columns=st.permutations(["No", "Date", "Weeks", "Notes"]),
    separator=st.sampled_from(",;\t|"), ending=st.sampled_from(["\n", "\r", "\r\n"]), last=st.booleans(),
)  # fmt: skip
def test_every_row_is_read_or_counted_though_it_is_cut_short(
    rows: list[tuple[list[str], int]],
    columns: list[str],
    separator: str,
    ending: str,
    last: bool,
    tmp_path_factory: Any,
) -> None:
    lines = [separator.join(columns)]
    for number, (marks, kept) in enumerate(rows, 2):
        cells = {"No": f"P{number}", "Date": f"day{number}", "Weeks": "12", "Notes": "note"}
        told = [mark.format(cells[name]) for name, mark in zip(columns, marks, strict=True)]
        lines.append(separator.join(told[:kept]))
    file = tmp_path_factory.mktemp("csv") / "list.csv"
    file.write_bytes((ending.join(lines) + ending * last).encode())
    table = CsvTable(file, ("No", "Date", "Weeks"), unbroken=("No", "Date", "Weeks"))
    read = dict(table.rows())
    assert {*read, *table.unreadable} == set(range(2, len(lines) + 1))


@hazard("H19")
@pytest.mark.parametrize("note", ['said "hi" today', '"hi" she said', 'said "hi"', 'a 5" scar, and a 6" one'])
def test_a_line_that_quotes_every_cell_may_hold_quotes_inside_one(note: str, tmp_path: Path) -> None:
    lines = f'"No","Date","Weeks","Notes"\n"2","2026-08-04","12","{note}"\n"3","2026-08-03","12","x"\n'
    assert listed(tmp_path, lines) == (0, BOTH, 0)


@hazard("H114")
@pytest.mark.parametrize(
    "line", ['"4","2026-08-05",12","x"', '"4","2026-08-05","12","a "b", c"d"', '4"5,2026-08-05,12,x']
)
def test_nobody_has_quotes_in_the_number(line: str, tmp_path: Path) -> None:
    lines = f"No,Date,Weeks,Notes\n2,2026-08-04,12,\n{line}\n3,2026-08-03,12,\n"
    code, people, missing = listed(tmp_path, lines)
    assert not any('"' in who for who in people)
    assert (code, missing) == (0, 0) if "4" in people else (5, 1)


def test_a_stray_quote_beside_a_number_is_taken_off(tmp_path: Path) -> None:
    assert listed(tmp_path, 'No,Date,Weeks,Notes\n"2,2026-08-04,12,x\n3",2026-08-03,12,x\n') == (0, BOTH, 0)
