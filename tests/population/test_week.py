"""A practice's own list in two commands: nobody vanishes, nobody is called who must not be, nothing in a file is computed."""

from __future__ import annotations

import csv
import io
import itertools
from pathlib import Path
from typing import Any

import pytest
from command_line import Run, in_process

from hazards import hazard

DAY = ("--on", "2026-12-01")
HEADING = "No,Name,Phone,Drug,Last,Freq,Next,Left,Dead"
MAPPING = """register: 1
columns: {patient_id: No, name: Name, last_dose: Last, interval: Freq, next_due: Next, registered_to: Left, died_on: Dead}
carry: [Name, Phone]
dates: "%d/%m/%Y"
interval_unit: wk
protocol: {column: Drug, words: {injection: uk-bnf-noneuro, tablets: none}}
choices: {uk-bnf-noneuro: maintenance_interval=3 mo}
country: GB
"""


def lines_of(*rows: str) -> str:
    return "\n".join((HEADING, *rows)) + "\n"


def today(folder: Path, *options: object, text: str = "", mapping: str = MAPPING) -> Run:
    if text:
        (folder / "list.csv").write_text(text, "utf-8")
    (folder / "map.yaml").write_text(mapping, "utf-8")
    return in_process("panel", "today", folder / "list.csv", "--mapping", folder / "map.yaml", *DAY, *options)


def parts(run: Run) -> dict[str, str]:
    """By number, the part in which somebody stands."""
    return {each["patient_id"]: each["part"] for each in run.document["people"]}


def outcomes(folder: Path, *rows: str) -> tuple[str, Path]:
    file = folder / "outcomes.csv"
    file.write_text("\n".join(("patient_id,date,outcome,booked_for", *rows)) + "\n", "utf-8")
    return "--outcomes", file


# -- nobody vanishes -----------------------------------------------------------------------------------------------------


@hazard("H154")
def test_every_line_of_a_list_stands_in_exactly_one_place(tmp_path: Path) -> None:
    """Every mixture of what such cells hold: the parts and the lines that can't be read are the lines of the list, each once."""
    cells = (
        ("injection", "tablets", "?"), ("08/09/2026", "08/01/2026", "20/11/2026", "09/2026", "", "?"), ("12 weeks", "120", "10-12"),
        ("", "02/12/2026"), ("", "01/10/2026"), ("", "Y", "perhaps"),
    )  # fmt: skip
    rows = [f"{number},Name {number},0,{','.join(row)}" for number, row in enumerate(itertools.product(*cells), 1)]
    rows += [",Nobody,0,injection,08/09/2026,12,,,", "n/a,No,0,injection,08/09/2026,12,,,", "5,cut short"]
    rows += [f"{each},0,injection,08/01/2026,12,,," for each in ("900,Ann Ash", "900,Bea Elm")]
    told = today(tmp_path, "--json", text=lines_of(*rows))
    found = told.document
    places = [each["line"] for each in (*found["people"], *found["lines"])]
    assert sorted(places) == list(range(2, len(rows) + 2))
    assert sum(found["parts"].values()) == found["total"] == len(rows)
    assert {name for name, number in found["parts"].items() if number} >= {
        "week",
        "lost",
        "asked",
        "later",
        "elsewhere",
        "left",
    }
    assert {each["part"] for each in found["people"] if each["shares_number"]} == {"asked"}
    assert (told.code, found["may_be_missing"]) == (5, 4)
    for each in found["people"]:  # what can't be read and bears on a date is never taken for not due
        if each["part"] == "later":
            assert not {"interval", "last_dose", "protocol", "died_on"} & set(each["unread_cells"]), each
            assert each["own_due"] is None


@hazard("H154")
def test_an_export_of_windows_becomes_the_printed_list_in_two_commands(tmp_path: Path) -> None:
    rows = [
        '1,"Zoë Müller",0,injection,08/09/2026,12 weeks,,,',
        '2,"Renée\r\nde la Mare",0,injection,20/07/2026,3/12,,,Y',
    ]
    (tmp_path / "list.csv").write_bytes(
        f"Made by Jo{',' * 8}\r\n{HEADING}\r\n".encode() + "\r\n".join(rows).encode("cp1252")
    )
    looked = in_process("panel", "look", tmp_path / "list.csv", "--write", tmp_path / "map.yaml", *DAY)
    assert "Windows-1252" in looked.out
    draft = (tmp_path / "map.yaml").read_text("utf-8")
    refused = in_process("panel", "today", tmp_path / "list.csv", "--mapping", tmp_path / "map.yaml", *DAY)
    assert refused.code == 3
    assert "is left open" in refused.err
    answers = {'injection: "?"': "injection: uk-bnf-noneuro", 'choices: "?"': "choices: maintenance_interval=3 mo", 'country: "?"': "country: GB"}  # fmt: skip
    for question, answer in answers.items():
        assert question in draft
        draft = draft.replace(question, answer)
    told = today(tmp_path, "--print", tmp_path / "week.pdf", mapping=draft)
    assert told.code == 0, told.err
    assert "2 on the list = 1 this week" in " ".join(told.out.split())
    assert "Zoë Müller" in told.out
    assert (tmp_path / "week.pdf").read_bytes().startswith(b"%PDF")


@hazard("H154")
def test_rows_that_share_a_line_are_people_of_their_own(tmp_path: Path) -> None:
    """A line may hold two rows, parted by a sign that only some programs break at, and neither is taken for the other."""
    rows = ("1,Ann,10,injection,20/08/2026,12,,,\x0b2,Bea,20,injection,20/08/2026,12,,,", ",No,0,,,,,,\x0b,No,0,,,,,,")
    told = today(tmp_path, "--slots", 1, "--json", text=lines_of(*rows))
    found = told.document
    assert {each["patient_id"]: each["carried"]["Phone"] for each in found["people"]} == {"1": "10", "2": "20"}
    assert (found["total"], len(found["lines"]), [each["slot"] for each in found["people"]]) == (4, 2, [1, 0])


@pytest.mark.parametrize(
    ("last", "part"), [("08/09/2026", "week"), ("16/06/2026", "week"), ("15/06/2026", "lost"), ("15/09/2026", "later")]
)
def test_over_an_interval_late_is_lost_from_sight(tmp_path: Path, last: str, part: str) -> None:
    told = today(tmp_path, "--json", text=lines_of(f"1,A,0,injection,{last},12,,,"))
    assert parts(told) == {"1": part}


def test_the_first_of_the_week_have_an_appointment_each(tmp_path: Path) -> None:
    rows = [
        f"{number},A,0,injection,{day},12,,,"
        for number, day in ((1, "08/09/2026"), (2, "01/08/2026"), (3, "01/09/2026"))
    ]
    told = today(tmp_path, "--slots", 2, "--json", text=lines_of(*rows))
    assert {each["patient_id"]: each["slot"] for each in told.document["people"]} == {"2": 1, "3": 2, "1": 0}


# -- who is called -------------------------------------------------------------------------------------------------------


@hazard("H156")
def test_nobody_who_has_died_or_left_is_called_or_written_to(tmp_path: Path) -> None:
    ends = (",Y", ",01/11/2026", "01/11/2026,", "D,", ",who knows")
    rows = [f"{number},A{number},0,injection,08/01/2026,12,,{end}" for number, end in enumerate(ends, 1)]
    rows.append("9,Alive,0,injection,08/01/2026,12,,,N")
    mapping = MAPPING + "words: {registered_to: {D: yes}}\n"
    merge = tmp_path / "letters.csv"
    told = today(tmp_path, "--json", "--mail-merge", merge, text=lines_of(*rows), mapping=mapping)
    assert parts(told) == {"1": "left", "2": "left", "3": "left", "4": "left", "5": "asked", "9": "lost"}
    written = list(csv.reader(io.StringIO(merge.read_text("utf-8-sig"))))
    assert [row[1] for row in written[1:]] == ["9"]


@hazard("H156")
def test_what_came_of_a_call_is_read_back_and_ends_with_its_day(tmp_path: Path) -> None:
    rows = [f"{number},A,0,injection,20/08/2026,12,,," for number in range(1, 9)]
    rows.append("9,A,0,injection,20/11/2026,12,,,")
    notes = outcomes(
        tmp_path,
        "1,2026-11-24,booked,2026-12-03", "2,2026-11-10,booked,2026-11-20", "3,2026-11-24,declined,", "4,24/11/2026,No answer,",
        "5,2026-11-24,booked,", "6,2026-12-24,booked,2026-12-30", "7,2026-11-24,bookd,2026-12-03", "77,2026-11-24,booked,2026-12-03",
        "8,2026-11-23,booked,2026-12-03", "8,2026-11-24,declined,", "9,2026-11-10,declined,",
    )  # fmt: skip
    told = today(tmp_path, *notes, "--json", text=lines_of(*rows))
    assert parts(told) == {
        "1": "booked", "2": "week", "3": "asked", "4": "week", "5": "week", "6": "week", "7": "week", "8": "asked", "9": "later",
    }  # fmt: skip
    calls = {each["patient_id"]: each["calls"] for each in told.document["people"]}
    assert (calls["1"]["booked_for"], calls["2"]["missed"], calls["4"]["tries"]) == ("2026-12-03", "2026-11-20", 1)
    assert [each["why"] for each in told.document["unused_outcomes"]] == ["booked_for", "to_come", "word", "unknown"]
    shown = " ".join(today(tmp_path, *notes).out.split())
    assert "was booked for Fri 20 November 2026, and no dose is recorded since" in shown
    assert "Booked: 1" in shown
    assert "“bookd” is none of called, booked, declined, no answer" in shown


# -- files ---------------------------------------------------------------------------------------------------------------

_LIVE = ("=1+1", "+447700900001", "-2", "@sum(A1)", "\t=1", "＝1+1", "\u200b=1", " =1", '=HYPERLINK("http://a","b")')


def quoted_row(number: int, text: str) -> str:
    cell = text.replace('"', '""')
    return f'{number},"{cell}","{cell}",injection,20/08/2026,12,,,'


@hazard("H155")
def test_nothing_of_a_list_is_computed_by_a_spreadsheet(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    text = (
        "\n".join(
            ("No,=Name,Phone,Drug,Last,Freq,Next,Left,Dead", *(quoted_row(*each) for each in enumerate(_LIVE, 1)))
        )
        + "\n"
    )
    merge, book = tmp_path / "letters.csv", tmp_path / "week.xlsx"
    mapping = MAPPING.replace("name: Name", 'name: "=Name"').replace("[Name, Phone]", '["=Name", Phone]')
    told = today(tmp_path, "--mail-merge", merge, "--xlsx", book, text=text, mapping=mapping)
    assert told.code == 0, told.err
    written = list(csv.reader(io.StringIO(merge.read_text("utf-8-sig"))))
    assert len(written) == len(_LIVE) + 1
    cells = [cell for row in written for cell in row]
    opened = openpyxl.load_workbook(book)
    filled = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in filled} == {"s"}
    for cell in (*cells, *(each.value for each in filled)):
        assert cell.strip("\u200b \t")[:1] not in tuple("=+-@＝"), cell


def test_the_sheet_to_fill_in_is_read_back(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = tmp_path / "week.xlsx"
    assert today(tmp_path, "--xlsx", book, text=lines_of("007,A,+1,injection,20/08/2026,12,,,")).code == 0
    rows = [
        [cell or "" for cell in row] for row in openpyxl.load_workbook(book)["outcomes"].iter_rows(values_only=True)
    ]
    rows[1][1:4] = ["24/11/2026", "booked", "03/12/2026"]
    with (tmp_path / "filled.csv").open("w", newline="") as handle:
        csv.writer(handle).writerows(rows)
    told = today(tmp_path, "--outcomes", tmp_path / "filled.csv", "--json")
    assert parts(told) == {"007": "booked"}


def test_carried_columns_stand_in_no_panel(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(lines_of("1,Anna Secret,07700900123,injection,20/08/2026,12,,,"), "utf-8")
    (tmp_path / "map.yaml").write_text(MAPPING, "utf-8")
    built = in_process("panel", "build", tmp_path / "list.csv", "--mapping", tmp_path / "map.yaml", "--into", tmp_path / "p", "--workers", 1, *DAY)  # fmt: skip
    assert built.code == 0, built.err
    for command in (("measures", "--shared", "--json"), ("recall", "--json"), ("reconcile", "--json")):
        said = in_process("panel", command[0], tmp_path / "p", *command[1:]).out
        assert "Secret" not in said
        assert "07700900123" not in said
    for file in (tmp_path / "p").rglob("*"):
        assert not file.is_file() or b"07700900123" not in file.read_bytes()


def test_of_two_carried_columns_with_one_name_none_is_shown(tmp_path: Path) -> None:
    text = HEADING.replace("Left", "Phone") + "\n1,A,0,injection,20/08/2026,12,,7,\n"
    told = today(tmp_path, text=text, mapping=MAPPING.replace("registered_to: Left, ", ""))
    assert told.code == 3
    assert "two columns are called 'Phone'" in told.err


def test_a_look_writes_nothing_unless_it_is_told_to(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(lines_of("1,A,0,injection,20/08/2026,twice a moon,,,"), "utf-8")
    looked = in_process("panel", "look", tmp_path / "list.csv", *DAY, "--json")
    document: dict[str, Any] = looked.document
    assert [each.name for each in tmp_path.iterdir()] == ["list.csv"]
    assert {each["taken_for"] for each in document["columns"]} >= {
        "patient_id",
        "last_dose",
        "interval",
        "protocol",
        "died_on",
    }
    assert [(each["cell"], each["number"]) for each in document["unread"]] == [("interval", 1)]
    assert "twice a moon" in document["mapping"]
