"""The panel as a practice nurse, an auditor and a person with a broken file meet it."""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from command_line import PYTHON_FAILURE, Run, in_process

from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.services import panels
from hazards import hazard

DAY = ("--on", "2026-11-24")
PATIENT = "patient_id,protocol,start,choices,cause,deficiency,neurological_involvement,previous_treatment\n"
NONEURO = "uk-bnf-noneuro,2026-01-05,maintenance_interval=3 mo,pernicious_anaemia,confirmed,absent,none"
DOSES = "patient_id,date,substance,dose,route\n"
LIST = (
    "NHS no;Last B12;Weeks;Next;Diagnosis\n1;01/09/2026;12;24/11/2026;PA\n2;03/02/2026;8;31/03/2026;Crohn\n3;;12;;PA\n"
)
MAPPING = """register: 1
columns: {patient_id: NHS no, last_dose: Last B12, interval: Weeks, next_due: Next, cause: Diagnosis}
dates: "%d/%m/%Y"
interval_unit: wk
protocol: uk-bnf-noneuro
choices: maintenance_interval=3 mo
country: GB
words: {cause: {PA: pernicious_anaemia, Crohn: inflammatory_bowel_disease}}
"""


def register(
    folder: Path, patients: str = f"a1,{NONEURO}\n", doses: str = "a1,2026-01-05,hydroxocobalamin,1 mg,im\n"
) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "patient.csv").write_text(PATIENT + patients, "utf-8")
    (folder / "administration.csv").write_text(DOSES + doses, "utf-8")
    return folder


def build(source: Path, into: Path, *options: object) -> Run:
    return in_process("panel", "build", source, "--into", into, *DAY, "--workers", 1, *options)


def rows_of(panel: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = in_process("panel", "recall", panel, "--within", 400, "--json").document["rows"]
    return rows


def test_the_demo_prints_tuesdays_list_and_the_audit() -> None:
    told = in_process("panel", "demo", "--people", 60)
    assert told.code == 0
    for text in ("Tue 24 November 2026", "Recall list", "Audit", "M10", "No clinician has signed off"):
        assert text in told.out
    assert told.out == in_process("panel", "demo", "--people", 60).out


def test_a_made_up_register_is_the_same_for_a_seed_and_begins_a_larger_one(tmp_path: Path) -> None:
    for name, people in (("one", 40), ("two", 40), ("more", 90)):
        in_process("panel", "generate", tmp_path / name, "--people", people, "--seed", 3, *DAY)
    one, two = ((tmp_path / name / "administration.parquet").read_bytes() for name in ("one", "two"))
    assert one == two
    panels.build_panel(
        tmp_path / "more",
        tmp_path / "pm",
        panels.date(2026, 11, 24),
        panels.BuildOptions(compiled=False),
        panels.unwatched,
    )
    panels.build_panel(
        tmp_path / "one",
        tmp_path / "po",
        panels.date(2026, 11, 24),
        panels.BuildOptions(compiled=False),
        panels.unwatched,
    )
    few = {row["patient_id"]: row for row in rows_of(tmp_path / "po")}
    assert few.items() <= {row["patient_id"]: row for row in rows_of(tmp_path / "pm")}.items()


def test_counts_are_printed_and_add_up(tmp_path: Path) -> None:
    source = register(
        tmp_path / "r",
        doses='a1,2026-01-05,hydroxocobalamin,1 mg,im\na1,2026-01-07,hydroxocobalamin,"1,000 mcg",im\nb2,soon,x,1,im\n',
    )
    told = build(source, tmp_path / "p")
    assert "administration: 3 in = 1 used + 2 set aside" in told.out
    document = build(source, tmp_path / "p", "--json").document
    assert all(counts["in"] == counts["used"] + counts["set_aside"] for counts in document["rows"].values())
    listed = in_process("panel", "reconcile", tmp_path / "p", "--json").document["set_aside"]
    assert [(row["line"], row["patient_id"]) for row in listed] == [(3, "a1"), (4, "b2")]
    assert {row["patient_id"] for row in rows_of(tmp_path / "p")} == {"a1", "b2"}


def test_a_practices_own_list_is_read_by_its_mapping(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    (tmp_path / "map.yaml").write_text(MAPPING)
    told = build(tmp_path / "list.csv", tmp_path / "p", "--mapping", tmp_path / "map.yaml")
    assert told.code == 0, told.err
    rows = {row["patient_id"]: row for row in rows_of(tmp_path / "p")}
    assert rows["1"]["target"] == "2026-11-24"
    assert rows["2"]["target"] == "2026-03-31"
    assert (rows["3"]["status"], rows["3"]["question"]) == ("data_required", "LAST_DOSE_UNKNOWN")
    differing = in_process("panel", "reconcile", tmp_path / "p", "--json").document["differing"]
    assert differing == []


def test_where_the_lists_own_date_differs_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST.replace("24/11/2026", "24/12/2026"))
    (tmp_path / "map.yaml").write_text(MAPPING)
    build(tmp_path / "list.csv", tmp_path / "p", "--mapping", tmp_path / "map.yaml")
    differing = in_process("panel", "reconcile", tmp_path / "p", "--json").document["differing"]
    assert [(row["patient_id"], row["told"], row["target"]) for row in differing] == [("1", "2026-12-24", "2026-11-24")]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda r: (r / "administration.csv").unlink(), "the table 'administration' is missing"),
        (lambda r: (r / "patient.csv").write_text("id\n1\n"), "needs the column 'patient_id'"),
        (lambda r: (r / "patient.csv").write_text("patient_id,colour\n1,red\n"), "has no column 'colour'"),
        (lambda r: (r / "patient.csv").write_text("patient_id,patient_id\n1,2\n"), "two columns are called 'patient_id'"),
        (lambda r: (r / "patient.csv").write_text(""), "the file is empty"),
        (lambda r: (r / "decision.parquet").write_bytes(b"PAR1 broken"), "can't be read as Parquet"),
    ],
)  # fmt: skip
def test_a_table_that_can_not_be_read_is_one_clear_sentence(tmp_path: Path, damage: Any, said: str) -> None:
    source = register(tmp_path / "r")
    damage(source)
    told = build(source, tmp_path / "p")
    assert (told.code, told.out) == (3, "")
    assert said in told.err
    assert PYTHON_FAILURE not in told.err
    assert in_process("panel", "recall", tmp_path / "p").code == 3


def test_a_wrong_mapping_names_its_line(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST)
    for broken, said in (
        (MAPPING.replace("uk-bnf-noneuro", "uk-bnf"), "protocol"),
        (MAPPING.replace("Weeks", "Days"), "no column 'Days'"),
    ):
        (tmp_path / "map.yaml").write_text(broken)
        told = build(tmp_path / "list.csv", tmp_path / "p", "--mapping", tmp_path / "map.yaml")
        assert told.code == 3
        assert said in told.err


def test_a_line_with_an_open_quote_does_not_swallow_the_next(tmp_path: Path) -> None:
    doses = 'a1,2026-01-05,"hydroxocobalamin,1 mg,im\na1,2026-01-07,hydroxocobalamin,1 mg,im\na1,2026-01-09,hydroxocobalamin,1 mg\n\n'
    source = register(tmp_path / "r", doses=doses)
    document = build(source, tmp_path / "p", "--json").document
    assert document["rows"]["administration"] == {"in": 3, "used": 1, "set_aside": 2}


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_other_delimiters_and_a_byte_order_mark_are_read(tmp_path: Path, sign: str) -> None:
    source = register(tmp_path / "r")
    for file in source.glob("*.csv"):
        file.write_text("\ufeff" + file.read_text().replace(",", sign).replace("\n", "\r\n"), "utf-8", newline="")
    assert build(source, tmp_path / "p", "--json").document["rows"]["administration"]["used"] == 1


def test_a_cell_that_a_spreadsheet_would_compute_is_text(tmp_path: Path) -> None:
    source = register(tmp_path / "r", patients=f"=1+1,{NONEURO}\n", doses="=1+1,2026-01-05,hydroxocobalamin,1 mg,im\n")
    build(source, tmp_path / "p")
    in_process("panel", "recall", tmp_path / "p", "--csv", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as handle:
        assert [row["patient_id"] for row in csv.DictReader(handle)] == ["'=1+1"]


@hazard("H19")
def test_an_unfinished_panel_is_no_panel(tmp_path: Path) -> None:
    build(register(tmp_path / "r"), tmp_path / "p")
    (tmp_path / "p" / "current" / "manifest.json").unlink()
    for command in ("recall", "measures", "timeline", "reconcile"):
        told = in_process("panel", command, tmp_path / "p")
        assert told.code == 3
        assert "unfinished panel" in told.err


def test_a_full_disk_leaves_no_panel_and_says_so(tmp_path: Path) -> None:
    in_process("panel", "generate", tmp_path / "r", "--people", 3000, *DAY)

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    command = [
        sys.executable,
        "-m",
        "cobalamin",
        "panel",
        "build",
        str(tmp_path / "r"),
        "--into",
        str(tmp_path / "p"),
        *DAY,
    ]
    told = subprocess.run(command, capture_output=True, text=True, preexec_fn=small_files, check=False)
    assert told.returncode == 3, told.stderr
    assert PYTHON_FAILURE not in told.stderr
    assert not list((tmp_path / "p").rglob("manifest.json"))
    assert in_process("panel", "recall", tmp_path / "p").code == 3
    assert build(tmp_path / "r", tmp_path / "p").code == 0


def test_too_little_room_is_told_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": 1})())
    told = build(register(tmp_path / "r"), tmp_path / "p")
    assert told.code == 3
    assert "are free on this disk" in told.err


def test_measures_are_one_document_and_lists_of_people_are_never_shared(tmp_path: Path) -> None:
    build(register(tmp_path / "r"), tmp_path / "p")
    document = in_process("panel", "measures", tmp_path / "p", "--json").document
    assert [measure["id"] for measure in document["measures"]] == [
        "M1",
        "M2",
        "M3",
        "M4",
        "M5",
        "M7",
        "M8",
        "M10",
    ]
    people = in_process("panel", "measures", tmp_path / "p", "--people", "M5", "--json").document
    assert people["people"][0]["patient_id"] == "a1"
    refused = in_process("panel", "measures", tmp_path / "p", "--people", "M5", "--shared")
    assert refused.code == 3
    assert "never leave the practice" in refused.err
    assert in_process("panel", "measures", tmp_path / "p", "--people", "M99").code == 3


def test_every_document_fits_its_schema(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(LIST.replace("24/11/2026", "24/12/2026") + "4;x\n")
    (tmp_path / "map.yaml").write_text(MAPPING)
    panel = tmp_path / "p"
    built = build(tmp_path / "list.csv", panel, "--mapping", tmp_path / "map.yaml", "--months", 2, "--json").document
    told = {"panel-build": built}
    for name, options in (("recall", ()), ("measures", ()), ("people", ("M5",)), ("timeline", ()), ("reconcile", ())):
        command = ("measures", panel, "--people", *options) if name == "people" else (name, panel)
        told[f"panel-{name}"] = in_process("panel", *command, "--json").document
    for name, document in told.items():
        jsonschema.validate(document, schema_of(name))


def test_the_timeline_is_drawn_as_a_picture_that_stands_alone(tmp_path: Path) -> None:
    build(register(tmp_path / "r"), tmp_path / "p", "--months", 12)
    picture = tmp_path / "months.svg"
    told = in_process("panel", "timeline", tmp_path / "p", "--picture", picture, "--json")
    assert len(told.document["months"]) == 12
    root = ElementTree.fromstring(picture.read_text("utf-8"))
    text = " ".join(root.itertext())
    assert "No clinician has signed off" in text
    assert "http" not in text


def test_the_manifest_names_day_library_and_policy(tmp_path: Path) -> None:
    build(register(tmp_path / "r"), tmp_path / "p")
    manifest = json.loads((tmp_path / "p" / "current" / "manifest.json").read_text())
    assert manifest["on"] == "2026-11-24"
    assert manifest["policy"] == "engineering-default"
    assert len(manifest["digest"]) == 64
