"""No cell of a register ends or loses another person's line, and an optional one costs itself alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from command_line import in_process

from cobalamin.population.tables import OPTIONAL, REQUIRED
from hazards import hazard
from population.registers import Row, Rows, build_panel, panel_of, shipped, write

PLAN = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}
DOSE = {"date": "2026-01-05", "substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}
ROWS: dict[str, Row] = {
    "patient": {**PLAN, "cause": "pernicious_anaemia", "neurological_involvement": "absent", "deficiency": "confirmed"},
    "administration": {**DOSE, "source": "this_site"},
    "decision": {
        "date": "2026-01-06",
        "decision": "history",
        "phase": "maintenance",
        "last_dose": "2025-12-05",
        "interval": "2 mo",
    },
    "result": {"date": "2026-01-05", "marker": "serum_b12", "value": "231 ng/L"},
    "condition": {"date": "2026-01-05", "fact": "cause", "value": "dietary"},
}
# What readers have taken and the fold could not hold, or what ended a reader: each was once the end of somebody else's line.
CELLS = (
    "²", "8²", "9" * 10_000, "2026", "9999 mo", "9999 wk", "9999 a", "0 d", "1000 mo", "0001-01-01", "9999-12-31", "5881580-07-10", "infinity", "-infinity",
    "26-01-05", "05/01/26", "\x00", "a\x00b", "a\nb", "a\r\nb", '"', "'", "%s{}{day}", "x" * 300_000, "１２ wk", "NaN", "1e400", "-1", "true", "\u202e", "💉", "unknown",
)  # fmt: skip


def register(table: str, column: str, cell: str) -> Rows:
    """A good person, and another whose row has this cell."""
    rows = Rows(patient=[{"patient_id": "good", **ROWS["patient"]}, {"patient_id": "odd", **ROWS["patient"]}])
    rows.administration = [{"patient_id": who, **DOSE} for who in ("good", "odd")]
    if table == "patient":
        rows.patient[1] = {**rows.patient[1], column: cell}
    else:
        rows.of(table).append({"patient_id": "odd", **ROWS[table], column: cell})
    return rows


def columns_of(table: str) -> list[str]:
    extra = ("cause", "allergy_cobalamin", "weight", "ileal_resection_length") if table == "patient" else ()
    return [name for name in (*REQUIRED[table], *OPTIONAL[table], *extra) if name != "patient_id"]


def cells_of(folder: Path) -> list[tuple[Any, ...]]:
    query = (
        f"SELECT \"table\", patient_id, cell, detail FROM '{folder}/set_aside.parquet' WHERE cell <> '' ORDER BY ALL"
    )
    return duckdb.sql(query).fetchall()


@hazard("H19")
@pytest.mark.parametrize("table", list(ROWS))
def test_no_cell_ends_or_changes_the_line_of_another(table: str, tmp_path: Path) -> None:
    """All cells in all columns of a table at once: a hundred odd people beside the good one."""
    rows = Rows(patient=[{"patient_id": "good", **ROWS["patient"]}], administration=[{"patient_id": "good", **DOSE}])
    alone = build_and_read(rows, tmp_path / "alone")["good"]
    odd = [(column, cell) for column in columns_of(table) for cell in CELLS]
    for number, (column, cell) in enumerate(odd):
        who = {"patient_id": f"odd{number}"}
        rows.patient.append({**who, **ROWS["patient"], **({column: cell} if table == "patient" else {})})
        if table != "patient":
            rows.of(table).append({**who, **ROWS[table], column: cell})
    panel = build_and_read(rows, tmp_path / "among")
    assert panel["good"] == alone
    assert {f"odd{number}" for number in range(len(odd))} <= set(panel)


def build_and_read(rows: Rows, folder: Path) -> dict[str, dict[str, Any]]:
    manifest = build_panel(write(folder / "r", rows), folder / "p")
    assert all(counts["in"] == counts["used"] + counts["set_aside"] for counts in manifest["rows"].values())
    assert manifest["may_be_missing"] == 0
    return panel_of(folder / "p")


@hazard("H19")
@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("cause", "PA"), ("neurological_involvement", "N"), ("birth_date", "2027-01-01"), ("birth_date", "1/2/58"), ("birth_date", "0001-01-01"), ("sex", "F"),
        ("country", "UK"), ("died_on", "?"), ("registered_to", "soon"), ("product", "Cobalin"), ("weight", "9" * 10_000), ("allergy_cobalamin", "?"),
    ],
)  # fmt: skip
def test_an_optional_cell_of_a_patient_costs_that_cell_only(column: str, cell: str, tmp_path: Path) -> None:
    rows = register("patient", column, cell)
    manifest = build_panel(write(tmp_path / "r", rows), tmp_path / "p")
    panel = panel_of(tmp_path / "p")
    assert (manifest["set_aside"], manifest["cells"], manifest["may_be_missing"]) == ({}, {"patient": 1}, 0)
    assert [(table, who, name) for table, who, name, _ in cells_of(tmp_path / "p")] == [("patient", "odd", column)]
    same = ("protocol", "status", "target", "credited", "left_on", "rows_set_aside")
    assert [panel["odd"][name] for name in same] == [panel["good"][name] for name in same]


@pytest.mark.parametrize(
    ("column", "cell"), [("start", "31/01/2026"), ("start", "9999-12-31"), ("start", ""), ("version", "99"), ("version", "²"), ("protocol", "nowhere"), ("choices", "a=b"), ("choices", "maintenance_interval=9999 a")],
)  # fmt: skip
def test_a_plan_that_cannot_be_read_leaves_its_person_with_all_other_facts(
    column: str, cell: str, tmp_path: Path
) -> None:
    rows = register("patient", column, cell)
    build_panel(write(tmp_path / "r", rows), tmp_path / "p")
    odd = panel_of(tmp_path / "p")["odd"]
    assert (odd["status"], odd["question"], odd["cause"]) == ("data_required", "NO_PLAN", "pernicious_anaemia")
    assert column in [name for _, _, name, _ in cells_of(tmp_path / "p")]


def test_a_start_before_the_birth_is_no_plan_and_is_reported(tmp_path: Path) -> None:
    build_panel(write(tmp_path / "r", register("patient", "birth_date", "2026-02-01")), tmp_path / "p")
    assert panel_of(tmp_path / "p")["odd"]["question"] == "NO_PLAN"
    assert [(who, name) for _, who, name, _ in cells_of(tmp_path / "p")] == [("odd", "start")]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("interval", "every now and then"),
        ("interval", "9999 mo"),
        ("interval", "0 d"),
        ("doses", "1001"),
        ("substance", "B12"),
    ],
)
def test_an_optional_cell_of_a_history_leaves_its_last_dose(column: str, cell: str, tmp_path: Path) -> None:
    rows = register("decision", column, cell)
    rows.administration.pop()
    manifest = build_panel(write(tmp_path / "r", rows), tmp_path / "p")
    odd = panel_of(tmp_path / "p")["odd"]
    assert (str(odd["last_dose"]), odd["status"] != "data_required") == ("2025-12-05", True)
    assert (manifest["set_aside"], manifest["cells"]) == ({}, {"decision": 1})
    assert cells_of(tmp_path / "p") == [("decision", "odd", column, cell)]


@pytest.mark.parametrize(
    "cell", ["0 d", "0 mo", "9999 mo", "9999 wk", "11 a", "121 mo", "522 wk", "3654 d", "12 weekly", ""]
)
def test_an_interval_out_of_range_changes_nothing_and_is_set_aside(cell: str, tmp_path: Path) -> None:
    changed = {"date": "2026-01-06", "decision": "change_interval", "by": "Dr A", "reason": "r", "interval": cell}
    rows = register("decision", "interval", "2 mo")
    rows.decision = [{"patient_id": "odd", **changed}]
    manifest = build_panel(write(tmp_path / "r", rows), tmp_path / "p")
    panel = panel_of(tmp_path / "p")
    assert manifest["set_aside"] == {"decision": 1}
    assert panel["odd"]["target"] == panel["good"]["target"]


def test_people_with_cells_that_cannot_be_read_are_told_by_name_on_the_list(tmp_path: Path) -> None:
    build_panel(write(tmp_path / "r", register("patient", "cause", "PA")), tmp_path / "p")
    told = in_process("panel", "recall", tmp_path / "p")
    assert "can't be read: cause" in told.out
    assert told.code == 0
    rows = in_process("panel", "recall", tmp_path / "p", "--json").document["rows"]
    assert {row["patient_id"]: row["unread_cells"] for row in rows} == {"good": [], "odd": ["cause"]}
    assert "CELLS_NOT_READ" in next(row["reasons"] for row in rows if row["patient_id"] == "odd")


def test_every_word_of_the_readers_fits_the_columns_of_the_tables() -> None:
    """A fault that names no column would cost the plan: each column that holds one, misread, names itself."""
    from cobalamin.casefile.rows import case_of_row
    from cobalamin.errors import InputError

    for column in (*OPTIONAL["patient"], *shipped().facts):
        if column in ("practice", "registered_to", "died_on"):
            continue
        with pytest.raises(InputError) as error:
            case_of_row({**PLAN, column: "²"}, shipped())
        assert any(column in re.split(r"[.[]", fault.path) for fault in error.value.faults), column
