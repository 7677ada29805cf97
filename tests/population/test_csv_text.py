"""CSV files as spreadsheets and clinical systems write them: encodings, line breaks, separators, headings, quotes."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

import pytest
from command_line import in_process
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cobalamin.errors import InputError
from cobalamin.population.csv_files import CsvTable
from hazards import hazard

HEADING = ["Nummer", "Naam", "Last", "Weeks", "Notes"]
PEOPLE = [["1", "Zoë Müller", "05/08/2026", "12", ""], ["2", "José Ångström", "06/08/2026", "8", "café, twice"], ["3", "Smith", "07/08/2026", "12", "€ 5 – ok"]]  # fmt: skip
ENCODINGS = {
    "utf-8": ("utf-8", b"", "UTF-8"), "utf-8 with a mark": ("utf-8", codecs.BOM_UTF8, "UTF-8"), "utf-16 le": ("utf-16-le", codecs.BOM_UTF16_LE, "UTF-16 LE"),
    "utf-16 be": ("utf-16-be", codecs.BOM_UTF16_BE, "UTF-16 BE"), "utf-16 le without a mark": ("utf-16-le", b"", "UTF-16 LE"),
    "utf-16 be without a mark": ("utf-16-be", b"", "UTF-16 BE"), "windows-1252": ("cp1252", b"", "Windows-1252"),
}  # fmt: skip
BREAKS = ["\n", "\r\n", "\r", "mixed"]


def written(rows: list[list[str]], separator: str = ",", line_break: str = "\n", quote: bool = False) -> str:
    lines = [
        separator.join(
            f'"{cell.replace(chr(34), chr(34) * 2)}"'
            if quote or separator in cell or '"' in cell or "\n" in cell
            else cell
            for cell in row
        )
        for row in rows
    ]
    if line_break != "mixed":
        return line_break.join(lines) + line_break
    return "".join(line + ("\n", "\r\n", "\r")[number % 3] for number, line in enumerate(lines))


def read(file: Path, *wanted: str) -> tuple[CsvTable, list[list[str]]]:
    table = CsvTable(file, wanted or ("Nummer", "Last"))
    return table, [cells for _, cells in table.rows()]


@hazard("H19")
@pytest.mark.parametrize("encoding", list(ENCODINGS))
@pytest.mark.parametrize("line_break", BREAKS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_same_rows_whatever_the_encoding_the_line_breaks_and_the_separator(
    encoding: str, line_break: str, separator: str, tmp_path: Path
) -> None:
    codec, mark, name = ENCODINGS[encoding]
    (tmp_path / "list.csv").write_bytes(mark + written([HEADING, *PEOPLE], separator, line_break).encode(codec))
    table, rows = read(tmp_path / "list.csv")
    assert (list(table.columns), rows, table.unreadable) == (HEADING, PEOPLE, [])
    assert table.how["encoding"] == name


def test_latin_1_is_read_as_its_superset(tmp_path: Path) -> None:
    people = [["1", "Zoë Müller", "05/08/2026", "12", "½ ß ÿ"]]
    (tmp_path / "list.csv").write_bytes(written([HEADING, *people]).encode("latin-1"))
    assert read(tmp_path / "list.csv")[1] == people


def test_one_stray_byte_does_not_change_the_encoding_of_the_others(tmp_path: Path) -> None:
    """An id with a letter that is no ASCII must be the same in all files of a register."""
    content = written([HEADING, *PEOPLE]).encode().replace(b"Smith", b"Sm\xffth")
    (tmp_path / "list.csv").write_bytes(content)
    table, rows = read(tmp_path / "list.csv")
    assert table.how["encoding"] == "UTF-8"
    assert rows[:2] == PEOPLE[:2]
    assert rows[2] == ["3", "Sm\ufffdth", *PEOPLE[2][2:]]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("quote", [False, True])
def test_a_line_break_inside_quotes_belongs_to_its_cell(line_break: str, quote: bool, tmp_path: Path) -> None:
    people = [["1", "A", "05/08/2026", "12", 'in the "left"\narm,\n\nevery 12 weeks'], *PEOPLE]
    (tmp_path / "list.csv").write_bytes(written([HEADING, *people], ",", line_break, quote).encode())
    table, rows = read(tmp_path / "list.csv")
    assert (rows, table.unreadable) == (people, [])


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path) -> None:
    text = 'Practice list\n\nNummer,Last,Notes\n1,05/08/2026,"two\nlines"\n2,broken\n3,06/08/2026,\n'
    (tmp_path / "list.csv").write_text(text)
    table = CsvTable(tmp_path / "list.csv", ("Nummer", "Last"))
    assert [line for line, _ in table.rows()] == [4, 7]
    assert (table.how["heading_line"], table.unreadable) == (3, [6])


@hazard("H19")
@pytest.mark.parametrize(
    ("text", "rows", "unreadable"),
    [
        pytest.param('1,"open,05/08/2026,12,\n2,B,06/08/2026,8,\n3,C,07/08/2026,8,\n', ["1", "2", "3"], [], id="a quote that never closes is a character"),
        pytest.param('1,"open,05/08/2026\n2,B,06/08/2026,8,\n3,C,07/08/2026,8,\n', ["2", "3"], [2], id="and costs its own line where cells are missing"),
        pytest.param('1,"open,05/08/2026\n2,B,06/08/2026,8,\n3,"C",07/08/2026,8,\n4,D,08/08/2026,8,\n', ["2", "3", "4"], [2], id="though another line has quotes"),
        pytest.param('1,5\'10" tall,05/08/2026,12,\n', ["1"], [], id="inches"),
        pytest.param('1, "B, C" ,05/08/2026,12,\n', ["1"], [], id="spaces around quotes"),
        pytest.param('1,"B"x,05/08/2026,12,\n2,B,06/08/2026,8,\n', ["1", "2"], [], id="something after a closed quote"),
        pytest.param("1,B,05/08/2026,12\n2,B,06/08/2026,8,,,,\n3,B,06/08/2026,8,x,y\n", [], [2, 3, 4], id="too few, empty ones too many, too many"),
        pytest.param(",,,,\n\n ,, ,,\n1,B,06/08/2026,8,\n\"\",\"\",\"\",\"\",\"\"\n", ["1"], [], id="blank lines of a spreadsheet"),
        pytest.param('="007",B,06/08/2026,8,\n"=""008""",B,06/08/2026,8,\n', ["007", "008"], [], id="numbers that a spreadsheet keeps as text"),
    ],
)  # fmt: skip
def test_a_broken_line_costs_itself(text: str, rows: list[str], unreadable: list[int], tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(",".join(HEADING) + "\n" + text, newline="")
    table, found = read(tmp_path / "list.csv")
    assert ([cells[0] for cells in found], table.unreadable) == (rows, unreadable)


@pytest.mark.parametrize(
    "above",
    [
        "", "\ufeff", "sep=;\n", "EMIS search;;;;\nRun on;05/08/2026;;;\n\n", "Title only\n" * 20, '"A title\nover two lines";;;;\n', "Nummer of people: 3\n", ";;;;\n;;;;\n",
    ],
)  # fmt: skip
def test_a_heading_below_other_lines_is_found(above: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(above + written([HEADING, *PEOPLE], ";"), "utf-8")
    table, rows = read(tmp_path / "list.csv")
    assert (list(table.columns), rows) == (HEADING, PEOPLE)
    assert table.how["heading_line"] == above.count("\n") + 1


def test_a_heading_with_broken_double_and_empty_names(tmp_path: Path) -> None:
    text = 'Nummer,"Last\ndose",Note,Note,,\n1,05/08/2026,a,b,,\n2,06/08/2026,c,d,e,f\n3,06/08/2026,c,d\n'
    (tmp_path / "list.csv").write_text(text)
    table, rows = read(tmp_path / "list.csv", "Nummer", "Last dose")
    assert table.columns == ("Nummer", "Last dose", "Note", "Note")
    assert [row[0] for row in rows] == ["1", "2", "3"]
    with pytest.raises(InputError, match="two columns are called 'Note'"):
        CsvTable(tmp_path / "list.csv", ("Nummer", "Note"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"), (b"\n\r\n  \n", "the file is empty"), (codecs.BOM_UTF8, "the file is empty"), (codecs.BOM_UTF16_LE, "the file is empty"),
        (b"PK\x03\x04rest", "a workbook or an archive"), (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"), (b"PAR1rest", "a Parquet file"), (b"%PDF-1.7", "a PDF"),
        (b"Nummer,L\x00st\n", "a name that can't be read"),
    ],
)  # fmt: skip
def test_what_is_no_csv_is_one_sentence(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(InputError) as error:
        CsvTable(tmp_path / "list.csv", ("Nummer",))
    assert said in str(error.value)
    assert len(error.value.faults) == 1


ONE_LINE, LINES = st.text("ab ,\t\"'éß", max_size=6).map("a{}b".format), st.text("ab '\néß", max_size=6).map(str.strip)


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.tuples(ONE_LINE, ONE_LINE | LINES, ONE_LINE | LINES).map(list), min_size=1, max_size=8),
    separator=st.sampled_from(",\t"), line_break=st.sampled_from(["\n", "\r\n", "\r"]),
)  # fmt: skip
def test_what_a_csv_writer_quotes_comes_back(rows: Any, separator: str, line_break: str, tmp_path_factory: Any) -> None:
    file = tmp_path_factory.mktemp("csv") / "list.csv"
    file.write_text(written([["Nummer", "Last", "x"], *rows], separator, line_break, quote=True), "utf-8", newline="")
    table, found = read(file)
    assert (found, table.unreadable) == (rows, [])


ANYTHING = st.text('ab ,"\n', max_size=6).map(str.strip)


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.text("ab", min_size=1, max_size=3), ANYTHING, ANYTHING).map(list),
        min_size=1,
        max_size=8,
    )
)
@example(rows=[["a", "", "a\n,"], ["a", ",\n,", ""]])
def test_what_has_two_readings_is_counted(rows: Any, tmp_path_factory: Any) -> None:
    """A cell with separators and line breaks may look like rows; then the row of a person is read as it was written, or its lines are counted:
    as unreadable, or, where a part of a cell looks like a row, as one without a patient's number.
    """
    file = tmp_path_factory.mktemp("csv") / "list.csv"
    file.write_text(written([["Nummer", "Last", "x"], *rows], quote=True), newline="")
    table, found = read(file)
    counted = len(table.unreadable) + sum(not row[0] for row in found)
    assert len([row for row in rows if row not in found]) <= counted or not table.unreadable


@settings(max_examples=300, deadline=None)
@given(content=st.binary(max_size=300))
def test_no_bytes_end_the_reader_and_every_line_is_a_row_or_unreadable(content: bytes, tmp_path_factory: Any) -> None:
    file = tmp_path_factory.mktemp("csv") / "list.csv"
    file.write_bytes(b"Nummer,Last\n" + content)
    _table, rows = read(file)
    assert all(len(row) == 2 for row in rows)


def test_one_line_without_an_end_is_kept_out_of_memory(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Nummer,Last\n1,05/08/2026\n" + "x" * 5_000_000 + "\n2,06/08/2026\n")
    table, rows = read(tmp_path / "list.csv")
    assert (rows, table.unreadable) == ([["1", "05/08/2026"], ["2", "06/08/2026"]], [3])


def test_many_open_quotes_take_no_longer_than_their_lines(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("Nummer,Last\n" + '1,"open\n' * 20_000)
    table, rows = read(tmp_path / "list.csv")
    assert len(rows) + len(table.unreadable) == 20_000


def test_the_encoding_is_said_in_one_line(tmp_path: Path) -> None:
    register = tmp_path / "register"
    register.mkdir()
    for table, text in (
        ("patient", "patient_id,practice\né1,Café\n"),
        ("administration", "patient_id,date\né1,2026-01-05\n"),
    ):
        (register / f"{table}.csv").write_bytes(text.encode("cp1252"))
    told = in_process("panel", "build", register, "--into", tmp_path / "p", "--on", "2026-11-24", "--workers", 1)
    assert "patient.csv is read as Windows-1252, separated by commas." in told.out
    document = in_process(
        "panel", "build", register, "--into", tmp_path / "p", "--on", "2026-11-24", "--workers", 1, "--json"
    ).document
    assert (document["people"], document["files"][0]["encoding"]) == (1, "Windows-1252")


@hazard("H19")
def test_rows_that_all_end_with_a_separator_are_rows(tmp_path: Path) -> None:
    """Some programs close each row with a separator; a comma inside a cell of one row is something else."""
    rows = [[str(number), "A", "05/08/2026", "12", "ok"] for number in range(5)]
    lines = [",".join(HEADING), *(",".join(row) + "," for row in rows), "9,Leeds, England,05/08/2026,12,ok,"]
    (tmp_path / "list.csv").write_text("\n".join(lines) + "\n", "utf-8")
    table, found = read(tmp_path / "list.csv")
    assert found == rows
    assert len(table.unreadable) == 1
