"""Nobody is lost: rows in are rows used and rows set aside, and every patient id is in the panel or among what is set aside."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from cobalamin.errors import InputError
from cobalamin.population import local
from cobalamin.population.numbers import stands_for_nothing
from cobalamin.population.tables import TABLES
from hazards import hazard
from population.garbage import garbage
from population.random_people import a_person
from population.registers import LONG, ON, Row, Rows, build_panel, hash_of, panel_of, write

PLAN = {"protocol": "uk-bnf-noneuro", "start": "2026-01-05", "choices": "maintenance_interval=3 mo"}
DOSE = {"date": "2026-01-05", "substance": "hydroxocobalamin", "dose": "1 mg", "route": "im"}


def built(rows: Rows, folder: Path, **building: Any) -> tuple[dict[str, Any], dict[str, dict[str, Any]], set[str]]:
    """The manifest, the panel, and the ids of what is set aside; the counts are right and nobody is missing."""
    manifest = build_panel(write(folder / "register", rows), folder / "panel", **building)
    panel = panel_of(folder / "panel")
    ids = duckdb.sql(f"SELECT DISTINCT patient_id FROM '{folder}/panel/set_aside.parquet'").fetchall()
    aside = {str(who) for [who] in ids if who is not None}
    for table, counts in manifest["rows"].items():
        assert counts["in"] == len(rows.of(table)), table
        assert counts["in"] == counts["used"] + counts["set_aside"], table
    everybody = {row["patient_id"] for table in TABLES for row in rows.of(table) if row.get("patient_id", "").strip()}
    assert everybody <= set(panel) | aside
    assert all(who.strip() for who in panel)
    told = [row.get("patient_id", "") for table in TABLES for row in rows.of(table)]
    nobodys = sum(
        1 for who in told if not who.strip() or stands_for_nothing(who)
    )  # a word for nothing is nobody's number
    everybody = {who for who in everybody if not stands_for_nothing(who)}
    named = [who for row in rows.patient if (who := row.get("patient_id", "")) in everybody]
    otherwise = {spelt_alike(who) for who in named}
    alike = [who for who in everybody - set(named) if spelt_alike(who) in otherwise]
    assert manifest["may_be_missing"] == nobodys + len(named) - len(set(named)) + len(alike), (
        "of two with one number one is on the list; a number like a patient's may be that patient's"
    )
    return manifest, panel, aside


def spelt_alike(who: str) -> str:
    """A number without spaces, hyphens, quotes, capitals and the zeros before it."""
    return re.sub(r"[\s\"'_-]", "", who).lower().lstrip("0")


@hazard("H19")
@pytest.mark.parametrize("seed", range(200 if LONG else 8))
def test_rows_of_every_kind_of_garbage_are_used_or_set_aside(seed: int, tmp_path: Path) -> None:
    rows = garbage(seed)
    rows.add(a_person(seed))
    _, panel, _ = built(rows, tmp_path)
    assert panel[f"p{seed:06d}"]["rows_set_aside"] == 0 or rows.decision


@hazard("H19")
def test_garbage_beside_somebody_changes_nothing_for_them(tmp_path: Path) -> None:
    good = Rows()
    for seed in range(60):
        good.add(a_person(900_000 + seed))
    alone = built(good, tmp_path / "alone")[1]
    spoilt = garbage(3)
    spoilt.add(good)
    among = built(spoilt, tmp_path / "among")[1]
    assert {who: shown(among[who]) for who in alone} == {who: shown(row) for who, row in alone.items()}


def shown(row: dict[str, Any]) -> dict[str, Any]:
    return row


@hazard("H19")
@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param("administration", {**DOSE, "date": "9999-12-31"}, id="a dose in the year 9999"),
        pytest.param("administration", {**DOSE, "date": "0001-01-01"}, id="a dose in the year 1"),
        pytest.param("administration", {**DOSE, "date": "1849-12-31"}, id="a dose before 1850"),
        pytest.param("administration", {**DOSE, "dose": "", "dose_ug": "9300000000000000"}, id="a number too large"),
        pytest.param("administration", {**DOSE, "dose": "999999999.999999999 g"}, id="an amount too large"),
        pytest.param("administration", {**DOSE, "dose": "", "dose_ug": "899.5"}, id="no whole micrograms"),
        pytest.param("administration", {**DOSE, "dose": "1000 IU"}, id="units"),
        pytest.param(
            "decision", {"date": "9999-12-31", "decision": "stop", "by": "x", "reason": "y"}, id="a stop in 9999"
        ),
        pytest.param(
            "decision",
            {"date": "2026-01-06", "decision": "change_interval", "interval": "9999 wk", "by": "", "reason": "y"},
            id="nobody",
        ),
        pytest.param("condition", {"date": "2026-01-06", "fact": "cause", "value": ""}, id="a fact without a value"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_aside_and_no_other(table: str, row: Row, tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "good", **PLAN}], administration=[{"patient_id": "good", **DOSE}])
    rows.of(table).append({"patient_id": "odd", **row})
    manifest, panel, aside = built(rows, tmp_path)
    assert manifest["set_aside"] == {table: 1}
    assert aside == {"odd"}
    assert (panel["good"]["credited"], panel["good"]["rows_set_aside"]) == (1, 0)


def test_a_start_before_the_birth_of_one_leaves_those_alike_alone(tmp_path: Path) -> None:
    """People with one profile are read once; what is wrong with one of them is not wrong with all."""
    rows = Rows(patient=[{"patient_id": "good", **PLAN, "birth_date": "1970-01-01"}])
    rows.patient.append({"patient_id": "odd", **PLAN, "birth_date": "1971-01-01", "start": "1969-01-01"})
    _, panel, aside = built(rows, tmp_path)
    assert (aside, panel["good"]["protocol"]) == ({"odd"}, "uk-bnf-noneuro")


def test_that_a_clinician_has_looked_is_used_and_moves_nothing(tmp_path: Path) -> None:
    """A register may tell `reviewed`; without who has looked the row is set aside, as any decision without its author."""
    looked = {"date": "2026-02-01", "decision": "reviewed", "answers": "POTASSIUM_LOW", "finding": "replaced"}
    rows = Rows(patient=[{"patient_id": who, **PLAN} for who in ("seen", "plain", "nobody")])
    rows.administration = [{"patient_id": who, **DOSE} for who in ("seen", "plain", "nobody")]
    rows.decision = [{"patient_id": "seen", **looked, "by": "Dr A"}, {"patient_id": "nobody", **looked}]
    _, panel, aside = built(rows, tmp_path)
    assert aside == {"nobody"}
    told = ("status", "target", "number", "credited")
    assert [panel["seen"][key] for key in told] == [panel["plain"][key] for key in told]
    assert [panel[who]["decisions"] for who in ("seen", "plain", "nobody")] == [1, 0, 0]


def test_two_people_with_one_id_have_no_plan_and_every_row_counts_once(tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN}, {"patient_id": "a", **PLAN}, {"patient_id": "a", "start": "x"}])
    rows.administration = [{"patient_id": "a", **DOSE}]
    plan = {**PLAN, "version": "1", "start": "2026-02-01"}
    rows.decision = [{"patient_id": "a", "date": "2026-02-01", "decision": "plan", **plan}]
    rows.decision += [{"patient_id": "a", "date": "2026-02-03", "decision": "waive", "by": "x", "reason": "y"}]
    manifest, panel, _ = built(rows, tmp_path)
    assert manifest["set_aside"]["patient"] == 3
    assert (panel["a"]["status"], panel["a"]["protocol"]) == ("data_required", "")


def test_somebody_who_is_in_no_patient_row_or_only_in_a_small_table_is_not_lost(tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN}], administration=[{"patient_id": "only dose", **DOSE}])
    rows.decision = [{"patient_id": "only decision", "date": "2026-01-06", "decision": "hold"}]
    rows.condition = [{"patient_id": "only fact", "date": "2026-01-06", "fact": "cause", "value": "dietary"}]
    rows.result = [{"patient_id": "only result", "date": "2026-01-06", "marker": "serum_b12", "value": "231 ng/L"}]
    _, panel, _ = built(rows, tmp_path)
    assert panel["only dose"]["pending"] == 1


def test_rows_without_a_patient_are_set_aside(tmp_path: Path) -> None:
    rows = Rows(patient=[{"patient_id": "a", **PLAN}, PLAN], administration=[DOSE])
    rows.decision = [{"date": "2026-01-06", "decision": "hold"}]
    assert built(rows, tmp_path)[0]["set_aside"] == {"patient": 1, "administration": 1, "decision": 1}


# -- interrupted work ----------------------------------------------------------------------------------------------------


def many(folder: Path) -> Path:
    rows = Rows()
    for seed in range(400):
        rows.add(a_person(seed))
    return write(folder, rows)


class DeadlyBucket(local.Bucket):
    """The worker that has begun to fold it is killed, as by a system without memory."""

    def __getattribute__(self, name: str) -> Any:
        if name == "within" and multiprocessing.parent_process() is not None:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().__getattribute__(name)


def small_buckets(killing: bool, parts: int = 12) -> Any:
    """The local engine with two workers; `killing`: the one that takes the third part is killed in it.

    It is taken when one of the first two is finished, and never is finished itself, however fast the workers are.
    """

    def engine(work: local.Work, buckets: list[local.Bucket]) -> list[dict[str, Any]]:
        ranges = [
            (DeadlyBucket if killing and number == 2 else local.Bucket)(
                number, f"hash(patient_id) % {parts} = {number}"
            )
            for number in range(parts)
        ]
        return local.fold_all(work, ranges, 2, lambda done, of: None)

    return engine


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_after_a_killed_worker_finished_parts_are_kept_and_the_panel_is_the_same(tmp_path: Path) -> None:
    source, folder = many(tmp_path / "register"), tmp_path / "panel"
    build_panel(source, tmp_path / "whole")
    with pytest.raises(InputError, match="a worker was killed, perhaps for lack of memory; run the command again"):
        build_panel(source, folder, engine=small_buckets(killing=True))
    with pytest.raises(InputError, match="holds an unfinished panel"):
        panel_of(folder)
    kept = {file: file.stat().st_mtime_ns for file in (folder / "panel").glob("part-*.json")}
    assert 1 <= len(kept) < 12
    (folder / "panel" / "part-00011.unfinished").write_bytes(b"half a part")
    build_panel(source, folder, engine=small_buckets(killing=False))
    assert {file: file.stat().st_mtime_ns for file in kept} == kept
    assert hash_of(folder) == hash_of(tmp_path / "whole")


def test_a_part_without_its_counts_is_folded_again(tmp_path: Path) -> None:
    source, folder = many(tmp_path / "register"), tmp_path / "panel"
    build_panel(source, folder)
    expected = hash_of(folder)
    [part] = (folder / "panel").glob("part-*.parquet")
    part.write_bytes(b"half a part")
    part.with_suffix(".json").unlink()
    build_panel(source, folder)
    assert hash_of(folder) == expected


def test_fewer_parts_of_another_run_leave_none_behind(tmp_path: Path) -> None:
    source, folder = many(tmp_path / "register"), tmp_path / "panel"
    build_panel(source, folder, engine=small_buckets(killing=False))
    build_panel(source, folder)
    whole = hash_of(folder)
    build_panel(source, tmp_path / "fresh")
    assert hash_of(tmp_path / "fresh") == whole


def test_what_an_interrupted_split_left_is_not_read(tmp_path: Path) -> None:
    source, folder = many(tmp_path / "register"), tmp_path / "work"
    work_of: list[local.Work] = []

    def engine(work: local.Work, buckets: list[local.Bucket]) -> list[dict[str, Any]]:
        work_of.append(work)
        left = work.folder / "buckets" / "administration" / "bucket=0"
        left.mkdir(parents=True)
        (left / "data_7.parquet").write_bytes((source / "administration.parquet").read_bytes())
        con = local.connect(work.folder)
        split = local._split(con, work, 3)
        con.close()
        return local.fold_all(work, split, 1, lambda done, of: None)

    build_panel(source, folder, ON, engine)
    build_panel(source, tmp_path / "whole")
    assert hash_of(folder) == hash_of(tmp_path / "whole")
