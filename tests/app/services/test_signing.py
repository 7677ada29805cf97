"""A review sheet is written, filled in and signed; what is half filled, altered or of another edition is refused. No test signs the shipped library."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command_line import in_process
from pypdf import PdfReader

from cobalamin.app.services.review_sheet import rows_of
from cobalamin.app.services.shipped import library as shipped
from cobalamin.knowledge.loading import data_folder
from hazards import hazard

WHO = ("Ada Example", "haematologist", "a register of this test", "0", "2026-11-30")
ROWS, AGREE, CHANGE, WHY = "Rows", 7, 8, 9


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A library of the test's own."""
    folder = tmp_path / "library"
    shutil.copytree(data_folder(), folder)
    return folder


@pytest.fixture
def sheet(own: Path, tmp_path: Path) -> Path:
    path = tmp_path / "sheet.xlsx"
    run = in_process("library", "review-sheet", "--country", "NZ", "--library", str(own), "--out", str(path))
    assert run.code == 0, run.err
    assert "No clinician has signed off this library" in run.out
    return path


def fill(path: Path, change: Callable[[openpyxl.Workbook], object] = lambda _: None) -> Path:
    book = openpyxl.load_workbook(path)
    for number, value in enumerate(WHO, 3):
        book["Who"].cell(number, 2).value = value
    for row in range(2, book[ROWS].max_row + 1):
        book[ROWS].cell(row, AGREE).value = "yes"
    change(book)
    book.save(path)
    return path


def sign(sheet: Path, own: Path, out: Path):  # type: ignore[no-untyped-def]  # a Run
    return in_process("library", "sign", str(sheet), "--library", str(own), "--out", str(out))


def test_each_number_stands_beside_its_source(sheet: Path, own: Path) -> None:
    rows = openpyxl.load_workbook(sheet)[ROWS]
    held = rows_of(shipped(), "NZ")
    assert rows.max_row == len(held) + 1
    assert all(row.where and row.level for row in held)
    assert {"nz-pan-neuro, 1"} <= {cell.value for cell in rows["B"]}
    assert "hydroxocobalamin 1 mg" in " ".join(str(cell.value) for cell in rows["D"])
    assert all(rows.cell(row, AGREE).value is None for row in range(2, rows.max_row + 1))
    assert all(cell.data_type == "s" for row in rows.iter_rows(max_col=6) for cell in row if cell.value)


def test_the_paper_has_the_same_rows(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    run = in_process("library", "review-sheet", "--country", "NZ", "--library", str(own), "--out", str(path))
    assert run.code == 0, run.err
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)
    assert "No clinician has signed off this library" in text
    assert "Number in the register" in text
    assert all(row.protocol in text for row in rows_of(shipped(), "NZ"))


@hazard("H141")
def test_a_signature_is_in_force_until_the_protocol_changes(sheet: Path, own: Path, tmp_path: Path) -> None:
    out = tmp_path / "signature.json"
    run = sign(fill(sheet), own, out)
    assert run.code == 0, run.err
    kept = json.loads(out.read_text("utf-8"))
    assert kept["by"]["name"] == WHO[0]
    assert all(row["agree"] == "yes" and row["digest"] for row in kept["rows"])
    shown = in_process("library", "signatures", "nz-pan-neuro", str(out), "--library", str(own))
    assert shown.out.startswith("Signed off by Ada Example, haematologist, a register of this test 0, on 2026-11-30")
    file = own / "protocols" / "nz-pan-neuro.yaml"
    file.write_text(file.read_text("utf-8").replace("dose: 1000 mcg", "dose: 2000 mcg", 1), "utf-8")
    later = in_process("library", "signatures", "nz-pan-neuro", str(out), "--library", str(own))
    assert "no longer in force" in later.out
    assert "Signed off by" not in later.out
    other = in_process("library", "signatures", "uk-bnf-neuro", str(out), "--library", str(own))
    assert other.out == "No clinician has signed off this protocol.\n"


def test_guidance_has_rows_of_its_own() -> None:
    """Each advice with its condition, each check, each note, beside where its source says it."""
    held = shipped()
    rows = [row for row in rows_of(held, "GB") if row.protocol == "uk-ng239"]
    assert {"For whom", "Check", "Advice"} <= {row.rule for row in rows}
    advice = [row for row in rows if row.rule == "Advice"]
    assert len(advice) == len(held.protocol("uk-ng239").advice)
    assert any(row.says.endswith("Only where: cause pernicious anaemia.") for row in advice)
    assert any("Only where: pregnancy pregnant or breastfeeding." in row.says for row in rows if row.rule == "Check")
    assert all(row.where and row.level for row in rows)
    every = {row.protocol for row in rows_of(held, "")}
    assert every == {each.id for each in held.protocols() if each.status == "current"}


@hazard("H141")
def test_guidance_is_signed_and_loses_it_when_a_condition_changes(own: Path, tmp_path: Path) -> None:
    path, out = tmp_path / "se.xlsx", tmp_path / "signature.json"
    run = in_process("library", "review-sheet", "--country", "SE", "--library", str(own), "--out", str(path))
    assert run.code == 0, run.err
    assert sign(fill(path), own, out).code == 0
    shown = in_process("library", "signatures", "se-upp24", str(out), "--library", str(own)).out
    assert shown.startswith("Signed off by Ada Example")
    file = own / "guidance" / "se-upp24.yaml"
    text = file.read_text("utf-8")
    assert text.count("is: [severe]") == 1  # the condition of an advice, not its words
    file.write_text(text.replace("is: [severe]", "is: [mild, severe]"), "utf-8")
    later = in_process("library", "signatures", "se-upp24", str(out), "--library", str(own)).out
    assert "no longer in force" in later


@hazard("H141")
def test_what_is_not_agreed_with_is_no_sign_off(sheet: Path, own: Path, tmp_path: Path) -> None:
    def disagree(book: openpyxl.Workbook) -> None:
        for row in range(2, book[ROWS].max_row + 1):
            for column, text in ((AGREE, "no"), (CHANGE, "monthly"), (WHY, "another edition")):
                book[ROWS].cell(row, column).value = text

    out = tmp_path / "signature.json"
    assert sign(fill(sheet, disagree), own, out).code == 0
    shown = in_process("library", "signatures", "nz-pan-neuro", str(out), "--library", str(own)).out
    assert "not signed off" in shown
    assert "Signed off by" not in shown


def cleared(sheet: str, row: int, column: int) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[sheet].cell(row, column).value = None

    return change


def put(row: int, column: int, text: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        book[ROWS].cell(row, column).value = text

    return change


REFUSED = [
    ("a row without an answer", cleared(ROWS, 3, AGREE), "half filled: Row 2 missing"),
    ("no name", cleared("Who", 3, 2), "half filled: Name missing"),
    ("no day", cleared("Who", 7, 2), "half filled: Day"),
    ("no, without what and why", put(4, AGREE, "no"), "half filled: Row 3 missing"),
    ("maybe", put(4, AGREE, "maybe"), "half filled: Row 3 missing"),
    ("another number", put(3, 4, "hydroxocobalamin 5 mg"), "row 2 is not as it was written"),
    ("another source", put(3, 5, "a friend"), "row 2 is not as it was written"),
    ("another digest", put(3, 10, "0" * 32), "row 2 is not in this library any more"),
    ("a row taken out", lambda book: book[ROWS].delete_rows(3), "is not as it was written"),
    ("another sheet", lambda book: book.remove(book["Who"]), "no review sheet"),
]


@hazard("H141")
@pytest.mark.parametrize(("what", "change", "told"), REFUSED, ids=[row[0] for row in REFUSED])
def test_a_half_filled_or_altered_sheet_is_refused_in_one_sentence(
    sheet: Path, own: Path, tmp_path: Path, what: str, change: Callable[[openpyxl.Workbook], object], told: str
) -> None:
    out = tmp_path / "signature.json"
    run = sign(fill(sheet, change), own, out)
    assert run.code == 3, what
    assert len(run.err.strip().splitlines()) == 1
    assert told in run.err
    assert not out.exists()


def test_no_file_is_overwritten_and_no_other_is_read(sheet: Path, own: Path, tmp_path: Path) -> None:
    before = sheet.read_bytes()
    again = in_process("library", "review-sheet", "--country", "NZ", "--library", str(own), "--out", str(sheet))
    assert (again.code != 0, sheet.read_bytes()) == (True, before)
    forced = in_process(
        "library", "review-sheet", "--country", "NZ", "--library", str(own), "--out", str(sheet), "--force"
    )
    assert forced.code == 0
    text = tmp_path / "text.xlsx"
    text.write_text("no workbook")
    assert "no review sheet" in sign(text, own, tmp_path / "a.json").err
    assert "no signature file" in in_process("library", "signatures", "nz-pan-neuro", str(text)).err
    assert ".xlsx or .pdf" in in_process("library", "review-sheet", "--out", str(tmp_path / "a.doc")).err
    assert (
        "no protocol of FI"
        in in_process("library", "review-sheet", "--country", "FI", "--out", str(tmp_path / "a.xlsx")).err
    )


def test_the_shipped_library_holds_no_signature() -> None:
    assert not [file for file in shipped().documents if "signature" in file]
    run = in_process("library", "signatures", "uk-bnf-neuro", str(data_folder() / "library.yaml"))
    assert "no signature file" in run.err
