"""Registers of a few people for the tests of the panel, and what is compared: a panel's rows with each other and with `review`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cobalamin.app.services.panels import open_panel
from cobalamin.casefile.rows import case_of_row, entries_of
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import compiled
from cobalamin.population import generator, local
from cobalamin.population.panel import Building, Engine, build
from cobalamin.population.tables import OPTIONAL, REQUIRED, TABLES
from cobalamin.therapy import fold
from cobalamin.therapy.case.event_words import MARKERS
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.evaluations import FLAG_NAMES
from cobalamin.therapy.review.review import Review, review

ON = date(2026, 11, 20)
LONG = bool(os.environ.get("COBALAMIN_ALL"))
PEOPLE, REVIEWS = (1_000_000, 10_000) if LONG else (5_000, 400)
DATES = ("bookable_from", "target", "due_through", "overdue_from", "review_from")
TALLY = ("courses", "first_dose", "credited", "extra", "not_credited", "excluded", "pending", "early", "late")
_BRIDGED_WITH = {
    "substance": "cyanocobalamin",
    "dose": "1 mg",
    "route": "oral",
}  # a case asks for it, no date depends on it
Row = Mapping[str, str]


@dataclass
class Rows:
    """The rows of each table as text, the way a CSV would tell them."""

    patient: list[Row] = field(default_factory=list)
    administration: list[Row] = field(default_factory=list)
    decision: list[Row] = field(default_factory=list)
    condition: list[Row] = field(default_factory=list)
    result: list[Row] = field(default_factory=list)

    def of(self, table: str) -> list[Row]:
        rows: list[Row] = getattr(self, table)
        return rows

    def add(self, other: Rows) -> None:
        for table in TABLES:
            self.of(table).extend(other.of(table))


@cache
def shipped() -> Library:
    return compiled()


def read(row: Row) -> Any:
    return partial(case_of_row, library=shipped())(row)


def columns_of(table: str, rows: Iterable[Row]) -> tuple[str, ...]:
    """The columns the table needs, and those of its rows."""
    return tuple(dict.fromkeys((*REQUIRED[table], *(key for row in rows for key in row))))


def write(folder: Path, rows: Rows, order: Any = None, whole: bool = False) -> Path:
    """The register as Parquet files of text. `whole`: with every column a table may have; `order`: what shuffles rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        told = order(rows.of(table)) if order else rows.of(table)
        if not told and table not in ("patient", "administration"):
            continue
        columns = (
            (*REQUIRED[table], *OPTIONAL[table], *(shipped().facts if table == "patient" else ()))
            if whole
            else columns_of(table, told)
        )
        schema = pa.schema([(column, pa.string()) for column in columns])
        pq.write_table(pa.Table.from_pylist([dict(row) for row in told], schema), folder / f"{table}.parquet")
    return folder


def made(folder: Path, people: int = PEOPLE, seed: int = 1) -> Path:
    """The generated register of so many people."""
    generator.generate(folder, people, seed, ON, shipped(), read, shipped().default_policy)
    return folder


def build_panel(
    source: Path, folder: Path, on: date = ON, engine: Engine | None = None, **building: Any
) -> dict[str, Any]:
    """The manifest of the panel built in `folder`; plain Python in this process unless told otherwise."""
    told = {"compiled": False, "workers": 1, "months": 3, **building}
    return build(
        (source,),
        folder,
        Building(shipped(), read, on, shipped().default_policy, MARKERS, **told),
        lambda done, of: None,
        engine,
    )


def in_buckets(rows: int, workers: int = 1) -> Engine:
    """The local engine with buckets of about so many doses."""

    def engine(work: local.Work, buckets: list[local.Bucket]) -> list[dict[str, Any]]:
        con = local.connect(work.folder)
        try:
            small = local.buckets_of(con, work, rows)
        finally:
            con.close()
        assert len(small) > 1
        return local.fold_all(work, small, workers, lambda done, of: None)

    return engine


def panel_of(folder: Path) -> dict[str, dict[str, Any]]:
    """The panel's rows by patient id."""
    panel = open_panel(folder)
    try:
        return {str(row["patient_id"]): row for row in panel.rows("SELECT * FROM panel")}
    finally:
        panel.con.close()


def hash_of(folder: Path) -> tuple[int, int]:
    """(people, a number that any other cell would change), whatever the order of rows and parts."""
    panel = open_panel(folder)
    try:
        [row] = panel.rows("SELECT count(*) AS people, sum(hash(panel)::HUGEINT) AS sum FROM panel")
        return row["people"], row["sum"]
    finally:
        panel.con.close()


# -- the panel and the review --------------------------------------------------------------------------------------------


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a panel row says, of all that a review says too."""
    names = ("status", "phase", "number", *DATES, *TALLY)
    return {name: row[name] for name in names} | {
        "stopped_on": row["stopped_on"]
        if row["phase"]
        else None,  # a review without a plan in force keeps no day of it
        "timeliness": row["timeliness"] or "",
        "flags": sorted((row["flags"] or "").split()),
        "until": row["until"] if row["status"] in ("on_hold", "paused", "bridged") else None,
    }


def reviewed(seen: Review) -> dict[str, Any]:
    """The same of the review of one person."""
    outlook, state = seen.outlook, seen.course.state
    dated = outlook.dates
    credits = Counter(evaluation.credit for evaluation in seen.evaluations if "FUTURE" not in evaluation.flags)
    flags = {flag for evaluation in seen.evaluations for flag in evaluation.flags} & set(FLAG_NAMES.values())
    tally = dict(zip(TALLY, state.tally, strict=True))
    assert {name: tally[name] for name in TALLY[2:7]} == {name: credits[name] for name in TALLY[2:7]}
    stopped = state.cover.stopped if outlook.phase else fold.NONE
    return {
        "status": outlook.status, "phase": outlook.phase.phase.name if outlook.phase else "", "number": outlook.number,
        "stopped_on": to_date(stopped) if stopped != fold.NONE else None,
        **{name: to_date(getattr(dated, name)) if dated else None for name in DATES},
        **tally, "first_dose": to_date(tally["first_dose"]) if tally["first_dose"] != fold.NONE else None,
        "timeliness": outlook.timeliness, "flags": sorted(flags),
        "until": outlook.until if outlook.status in ("on_hold", "paused", "bridged") else None,
    }  # fmt: skip


def case_of(patient: Row, administrations: list[Row], decisions: list[Row], conditions: Iterable[Row] = ()) -> Any:
    """The rows of one person as a case; an event has the id of its row, or none, so that it gets one by what it says."""
    entries = entries_of(administrations, decisions)
    ids = [row.get("event_id", "") for row in (*administrations, *decisions)]
    bare = [{key: entry[key] for key in entry if key != "id"} for entry in entries]
    told = [{**entry, **({"id": own} if own else {})} for entry, own in zip(bare, ids, strict=True)]
    told = [{**entry, **(_BRIDGED_WITH if entry["kind"] == "bridge" else {})} for entry in told]
    told += [
        {"date": row["date"], "kind": "fact", "fact": row["fact"], "value": row["value"], "id": f"fact-{number}"}
        for number, row in enumerate(conditions)
    ]
    return case_of_row(patient, shipped(), patient.get("patient_id", "somebody"), told)


def by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["patient_id"], []).append(row)
    return found


def differences(rows: Rows, folder: Path, on: date = ON) -> list[str]:
    """Every person of whom the panel says anything else than `review` does: id, column, panel, review."""
    panel = panel_of(folder)
    doses, decisions, conditions = by_person(rows.administration), by_person(rows.decision), by_person(rows.condition)
    found = []
    for row in rows.patient:
        who = row["patient_id"]
        case = case_of(row, doses.get(who, []), decisions.get(who, []), conditions.get(who, []))
        seen, wanted = shown(panel[who]), reviewed(review(shipped(), case, on))
        # A panel reads a month by its last day alone, a review by both ends.
        if any(event.month or getattr(event, "last_month", "") for event in case.record):
            seen, wanted = ({**told, "flags": _but_of_time(told["flags"])} for told in (seen, wanted))
        found += [
            f"{who}: {key}: panel {seen[key]}, review {wanted[key]}" for key in wanted if seen[key] != wanted[key]
        ]
    return found


def _but_of_time(flags: list[str]) -> list[str]:
    """Without what hangs on the day of a dose."""
    return [flag for flag in flags if flag not in ("EARLY_OUT_OF_WINDOW", "LATE_AFTER_REVIEW", "EARLY_RATCHET")]


def read_tables(folder: Path, most: int) -> Rows:
    """The rows of the first people of a generated register, as text."""
    rows = Rows()
    con = duckdb.connect()
    for table in ("patient", "administration", "decision"):
        found = con.execute(
            f"SELECT * FROM '{folder / table}.parquet' WHERE patient_id <= {most} ORDER BY patient_id, date"
            if table != "patient"
            else f"SELECT * FROM '{folder / table}.parquet' WHERE patient_id <= {most}"
        )
        names = [column[0] for column in found.description]
        for told in found.fetchall():
            rows.of(table).append(
                {name: "" if value is None else str(value) for name, value in zip(names, told, strict=True)}
            )
    con.close()
    return rows
