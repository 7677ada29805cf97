"""The panel: one row a person, built from a register into a folder, and opened from it again.

The folder holds `panel/part-*.parquet`, `set_aside.parquet` and, written last, `manifest.json`. Without that file there is no panel:
a partial one is never taken for a whole one.
"""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cobalamin.errors import InputError, InvariantBroken
from cobalamin.kinetics.compiled import has_compiler
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.population import local, mapper, set_aside
from cobalamin.population.compiled import is_kept
from cobalamin.population.lookups import make_lookups
from cobalamin.population.orphans import Orphans
from cobalamin.population.profiles import ReadCase
from cobalamin.population.register import Register, open_register, refuse_damaged
from cobalamin.population.tables import ADMINISTRATION, DECISION, PATIENT
from cobalamin.spans import Span, add
from cobalamin.therapy.regimen.ladder import to_days

MANIFEST, SET_ASIDE, KEPT = "manifest.json", "set_aside.parquet", "tables"
FORMAT = 3
LEAST_FREE_MB = 200
COMPILED_FROM = 3_000_000  # doses; the compiler takes about as long as the plain loop over these
Engine = Callable[[local.Work, list[local.Bucket]], list[dict[str, Any]]]


@dataclass(frozen=True)
class Building:
    """What a panel is built with. `months`: how many month ends are counted in the same pass."""

    library: Library
    read: ReadCase
    on: date
    policy: Policy
    markers: tuple[str, ...]
    months: int = 0
    workers: int = 2
    compiled: bool | None = None
    unread: tuple[Mapping[str, Any], ...] = ()  # lines and cells of a CSV that can't be read
    files: tuple[Mapping[str, Any], ...] = ()  # how each CSV was read
    notes: tuple[Mapping[str, Any], ...] = ()  # what else is to be said of how it was read
    due_told: str = ""  # a Parquet file of the dates a register itself expects
    sources: tuple[str, ...] = ()  # what somebody named to be read: the register or list, the mapping, the policy


def build(
    sources: tuple[Path, ...], folder: Path, building: Building, progress: local.Progress, engine: Engine | None = None
) -> dict[str, Any]:
    """Fold the register in `sources` into `folder`; returns the manifest. Raises InputError, and leaves no panel, where it can't."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    if shutil.disk_usage(folder).free < LEAST_FREE_MB * 1_000_000:
        raise InputError.one(
            str(folder), "", f"less than {LEAST_FREE_MB} MB are free on this disk; free some, or choose another folder"
        )
    con = local.connect(folder, building.workers)
    try:
        return _build(con, sources, folder, building, progress, engine)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "free some space and run it again" if full else "what was there still is"
        raise InputError.one(str(folder), "", f"can't be read or written ({error.strerror}); {what}") from None
    except (duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise InputError.one(
            str(folder), "", f"{str(error).splitlines()[0]}; finished parts are kept, run it again"
        ) from None
    finally:
        con.close()


def _build(
    con: duckdb.DuckDBPyConnection,
    sources: tuple[Path, ...],
    folder: Path,
    building: Building,
    progress: local.Progress,
    engine: Engine | None,
) -> dict[str, Any]:
    register = open_register(con, sources, tuple(building.library.facts))
    try:
        _refuse_nobody(register, building)
        return _folded(con, register, folder, building, progress, engine)
    except InvariantBroken:
        for name in ("panel", "buckets"):
            shutil.rmtree(folder / name, ignore_errors=True)
        raise
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        refuse_damaged(register, error)
        raise


def _folded(
    con: duckdb.DuckDBPyConnection,
    register: Register,
    folder: Path,
    building: Building,
    progress: local.Progress,
    engine: Engine | None,
) -> dict[str, Any]:
    library, on = building.library, building.on
    lookups = make_lookups(con, register, library, building.read, on, building.policy, folder / "lookups")
    month_ends = tuple(to_days(day) for day in last_days_of_months(on, building.months))
    since = to_days(_year_before(on))
    mapping = mapper.Mapping(lookups.ladders, to_days(on), since, month_ends, _compiled(register, building))
    key = local.key_of(register, on, library.digest, building.policy, building.months)
    work = local.Work(register, lookups, mapping, folder, key)
    _forget_other_parts(folder, key)
    buckets = [] if engine else local.buckets_of(con, work)
    found = engine(work, buckets) if engine else local.fold_all(work, buckets, building.workers, progress)
    if engine is None:
        _keep_only(folder, {bucket.number for bucket in buckets})
    aside = set_aside.write(con, work, found, building.markers, building.unread, folder / SET_ASIDE)
    counts = set_aside.counts(con, register, found, building.unread)
    _refuse_uneven(counts)
    _refuse_miscounted(con, folder, counts)
    manifest = {
        "format": FORMAT, "on": str(on), "library": library.edition, "digest": library.digest, "policy": building.policy.name,
        "people": sum(part["people"] for part in found), "rows": counts, "months": [str(day) for day in last_days_of_months(on, building.months)],
        "by_month": _summed([part["months"] for part in found]), "set_aside": aside.rows,
        "cells": aside.cells, "may_be_missing": aside.may_be_missing, "files": list(building.files), "notes": [*building.notes, *_notes(aside.orphans)],
        "faults": sorted({message for words in lookups.ladders.words for _, message in words.unread}), "due_told": building.due_told, "sources": list(building.sources),
        "compiled": mapping.compiled, "stops": register.has(DECISION, "by", "reason"),
    }  # fmt: skip
    local.write_whole(folder / MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _notes(orphans: Orphans) -> list[dict[str, Any]]:
    """What is to be said of numbers that no row of the patient table has."""
    found = [{"note": "no_patient_row", "people": orphans.numbers}] if orphans.numbers else []
    return [*found, *([{"note": "other_number", "people": orphans.alike}] if orphans.alike else [])]


def _refuse_uneven(counts: dict[str, dict[str, int]]) -> None:
    """Raise InvariantBroken, and so leave no panel, where a row was neither used nor set aside."""
    for table, told in counts.items():
        if told["in"] != told["used"] + told["set_aside"]:
            message = f"{table}: {told['in']} rows in, but {told['used']} used and {told['set_aside']} set aside; no panel is written"
            raise InvariantBroken(message)


def _refuse_miscounted(con: duckdb.DuckDBPyConnection, folder: Path, counts: dict[str, dict[str, int]]) -> None:
    """Raise InvariantBroken where the panel's people have other doses or decisions than the rows that were used."""
    parts = str(folder / "panel" / "part-*.parquet").replace("'", "''")
    judged = "credited::BIGINT + extra + not_credited + excluded + pending"
    sums = con.execute(f"SELECT sum(doses), sum({judged}), sum(decisions) FROM read_parquet('{parts}')").fetchone()
    doses, judgements, decisions = (int(number or 0) for number in sums or (0, 0, 0))
    used = counts[ADMINISTRATION]["used"]
    if not doses == judgements == used:
        message = f"{used} doses are used, but the panel has {doses}, and {judgements} judgements of them; no panel is written"
        raise InvariantBroken(message)
    used = counts[DECISION]["used"] if DECISION in counts else 0
    if decisions != used:
        raise InvariantBroken(f"{used} decisions are used, but the panel has {decisions}; no panel is written")


def _refuse_nobody(register: Register, building: Building) -> None:
    """Raise InputError for a register of headings alone: its list would call nobody, and look as if all were well."""
    if building.unread or any(
        pq.ParquetFile(file).metadata.num_rows for files in register.files.values() for file in files
    ):
        return
    file = building.files[0]["file"] if building.files else register.files[PATIENT][0]
    raise InputError.one(str(file), "", "has a heading and no row below it; write one row for each person")


def _compiled(register: Register, building: Building) -> bool:
    """Whether waiting for compiled code is worth it: always where an earlier run has left it."""
    if building.compiled is not None:
        return building.compiled
    doses = sum(pq.ParquetFile(file).metadata.num_rows for file in register.files[ADMINISTRATION])
    return (doses >= COMPILED_FROM or is_kept()) and has_compiler()


def _year_before(on: date) -> date:
    return on.replace(year=on.year - 1, day=min(on.day, 28) if on.month == 2 else on.day)


def last_days_of_months(on: date, months: int) -> tuple[date, ...]:
    """The last days of the `months` months that are over on `on`, oldest first."""
    ends = []
    year, month = on.year, on.month
    if add(on, Span(1, "d")).month != month:
        year, month = add(on, Span(1, "d")).year, add(on, Span(1, "d")).month
    for _ in range(months):
        first = date(year, month, 1)
        ends.append(date.fromordinal(first.toordinal() - 1))
        year, month = ends[-1].year, ends[-1].month
    return tuple(reversed(ends))


def _forget_other_parts(folder: Path, key: str) -> None:
    """Parts of another register, day, library or policy are no parts of this panel."""
    kept = folder / "key"
    if not kept.exists() or kept.read_text("utf-8") != key:
        for name in ("panel", "buckets"):
            shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "panel").mkdir(exist_ok=True)
    local.write_whole(kept, key)


def _keep_only(folder: Path, parts: set[int]) -> None:
    """What is left of an earlier division of the same register is no part of this panel."""
    shutil.rmtree(folder / "buckets", ignore_errors=True)
    for file in (folder / "panel").glob("part-*"):
        if int(file.name[5:10]) not in parts:
            file.unlink()


def _summed(tables_of_months: list[Any]) -> Any:
    """Counts by month, stage and status over all parts."""
    return (
        np.sum([np.array(table, np.int64) for table in tables_of_months], axis=0).tolist() if tables_of_months else []
    )


# -- a panel that is there -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Panel:
    """A whole panel in a folder, open for queries as the view `panel`; `aside` has the rows set aside."""

    folder: Path
    manifest: dict[str, Any]
    con: duckdb.DuckDBPyConnection

    @property
    def on(self) -> date:
        return date.fromisoformat(self.manifest["on"])

    @property
    def may_be_missing(self) -> int:
        """At most so many people are on no list, because of a row nobody knows whose it is."""
        return int(self.manifest["may_be_missing"])

    def rows(self, query: str, *values: object) -> list[dict[str, Any]]:
        """The rows of a query, by column name."""
        found = self.con.execute(query, list(values))
        names = [str(column[0]) for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def open_panel(folder: Path) -> Panel:
    """The panel in a folder. Raises InputError where there is none, or only a part of one."""
    file = folder / MANIFEST
    if not file.exists():
        state = (
            "holds an unfinished panel; run `panel build` again, finished parts are kept"
            if (folder / "panel").exists()
            else ("holds no panel; make one with `cobalamin panel build REGISTER --into FOLDER`")
        )
        raise InputError.one(str(folder), "", state)
    manifest = json.loads(file.read_text("utf-8"))
    if manifest.get("format") != FORMAT:
        raise InputError.one(
            str(folder), "", "holds a panel of another version of this program; run `panel build` again"
        )
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    parts = str(folder / "panel" / "part-*.parquet").replace("'", "''")
    con.execute(f"CREATE VIEW panel AS SELECT * FROM read_parquet('{parts}')")
    aside = str(folder / SET_ASIDE).replace("'", "''")
    con.execute(f"CREATE VIEW aside AS SELECT * FROM read_parquet('{aside}')")
    return Panel(folder, manifest, con)
