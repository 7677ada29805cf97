"""The use cases of a population: a register in, a panel, its lists and its measures out. Files and the clock's day meet here."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from cobalamin.app.services import extras, planning, shipped
from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.outputs import PANEL_MARKER, REGISTER_MARKER, Generations, Kind, made_files, refuse_folder
from cobalamin.app.services.spreadsheets import csv_of
from cobalamin.casefile.rows import case_of_row
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.event_words import MARKERS

Progress = Callable[[int, int], None]
TABLES, LINES, DUE_TOLD = "tables", "lines.json", "due_told.parquet"


class BuildOptions(Struct, frozen=True):
    """How a panel is built. `mapping`: how a practice's own list is read; `engine`: local or spark."""

    mapping: Path | None = None
    policy: Path | None = None
    months: int = 0
    workers: int = 2
    engine: str = "local"
    compiled: bool | None = None


def unwatched(done: int, of: int) -> None:
    """The progress of work that nobody watches."""


def reader(library: Library) -> Callable[[Mapping[str, str]], Any]:
    return partial(case_of_row, library=library)


def build_panel(source: Path, into: Path, on: date, options: BuildOptions, progress: Progress) -> dict[str, Any]:
    """Build the panel of a register. Returns its manifest, and as `kept` files that somebody put into the panel it replaces. Raises InputError."""
    from cobalamin.population.panel import Building, build

    library = shipped.library()
    policy, engine = planning.policy_from(options.policy), _engine(options)
    panel = Generations(refuse_folder(into, PANEL, source, options.mapping, options.policy), PANEL)
    with panel.next(forget=_forget_first_layout) as folder:
        read = _kept(source, folder, options.mapping, on)
        building = Building(
            library,
            reader(library),
            on,
            policy,
            MARKERS,
            options.months,
            options.workers,
            options.compiled,
            tuple(read.unread),
            tuple(read.files),
            tuple(read.notes),
            read.due_told,
            tuple(str(file.absolute()) for file in (source, options.mapping, options.policy) if file is not None),
        )
        manifest = build(read.tables, folder, building, progress, engine)
    return {**manifest, "kept": [str(file) for file in panel.kept]}


def _is_first_layout(folder: Path) -> bool:
    """Whether a panel lies in the folder itself, as it did before there was a marker."""
    try:
        told = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and {"format", "on", "library", "digest", "policy", "people", "rows"} <= told.keys()


_FIRST_LAYOUT = (
    "manifest.json", "key", "set_aside.parquet", "panel/part-*", "lookups/*.parquet", "tables/*.parquet", f"tables/{LINES}",
)  # fmt: skip
_MADE = (
    r"(manifest\.json|key|set_aside\.parquet|lookups/[^/]+\.parquet|tables/[^/]+\.(parquet|json))(\.unfinished)?"
    r"|panel/part-[0-9]+[^/]*|panel_unfinished/.+|buckets/(whole|[^/]+/bucket=[0-9]+/[^/]+\.parquet)|joined_events\.parquet(/.+)?|spill/.+"
)
PANEL = Kind(PANEL_MARKER, "panel", _is_first_layout, _MADE)
REGISTER = Kind(REGISTER_MARKER, "made-up register")


def _forget_first_layout(folder: Path) -> None:
    """Remove a panel that lies in the folder itself, file by file: what else is there is somebody's own."""
    if not _is_first_layout(folder):
        return
    for pattern in reversed(_FIRST_LAYOUT):  # the manifest last: while it is there, the rest is known to be ours
        for file in folder.glob(pattern):
            file.unlink()
    for name in ("panel", "lookups", "tables"):
        with suppress(OSError):  # something else is in it
            (folder / name).rmdir()


def _engine(options: BuildOptions) -> Any:
    if options.engine == "local":
        return None
    if options.engine != "spark":
        raise InputError.one("--engine", "", f"'{options.engine}' is no engine; known are local and spark")
    lacking = extras.missing("spark")
    if lacking:
        raise InputError.one("--engine", "", f"spark {lacking}; or use --engine local")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise InputError.one("--engine", "", "Spark needs Java 17, which is not installed; or use --engine local")
    os.environ.setdefault(
        "PYSPARK_PYTHON", sys.executable
    )  # else Spark's workers take any Python that is called python3
    return _on_spark


def _on_spark(work: Any, buckets: Any) -> list[dict[str, Any]]:  # noqa: ARG001 -- Spark makes its own partitions
    """The panel by a Spark session: the one of the cluster it is started on, else one of this machine."""
    from pyspark.sql import SparkSession

    from cobalamin.population.spark import build_with_spark

    spark = SparkSession.builder.appName("cobalamin").config("spark.ui.enabled", "false").getOrCreate()
    try:
        return build_with_spark(work, spark)
    finally:
        spark.stop()


class _Read(Struct, frozen=True):
    """Where the tables are as Parquet; of CSV files what can't be read, how each was read, and what the list itself expects."""

    tables: tuple[Path, ...]
    unread: list[Mapping[str, Any]]
    files: list[Mapping[str, Any]]
    notes: list[Mapping[str, Any]]
    due_told: str = ""


def _kept(source: Path, into: Path, mapping: Path | None, on: date) -> _Read:
    """The register as Parquet tables. Raises InputError."""
    from cobalamin.population import csv_files, csv_list, csv_mapping, register, register_files, tables

    library, folder = shipped.library(), into / TABLES
    if source.is_dir() and mapping is None:
        register_files.refuse_unread(source)
        if not any((source / f"{table}.csv").exists() for table in tables.TABLES):
            return _Read((source,), [], [], [])
        keep: Callable[[], Any] = partial(
            csv_files.keep_canonical,
            source,
            tables.TABLES,
            folder,
            partial(register.check_columns, facts=tuple(library.facts)),
        )
        files = sorted(source.glob("*.csv"))
    elif mapping is not None and source.is_file():
        read = csv_mapping.read_mapping(read_bytes(mapping), str(mapping), library)
        keep, files = partial(csv_list.keep_register, source, read, on, folder), [source, mapping]
    else:
        what = (
            "a folder with patient.csv and administration.csv (or .parquet), or a CSV list together with --mapping FILE"
        )
        raise InputError.one(str(source), "", f"can't be read as a register; give {what}")
    unread, how, notes = _keep_once(folder, files, keep, str(on) if mapping else "")
    told = folder / DUE_TOLD
    found = (folder, source) if source.is_dir() else (folder,)
    return _Read(found, unread, how, notes, str(told) if told.exists() else "")


def _keep_once(folder: Path, files: list[Path], keep: Callable[[], Any], extra: str) -> list[Any]:
    """Read the CSV files, unless they were read as they are now: then a build that was interrupted goes on."""
    from cobalamin.population.csv_files import READING

    key = [READING, *([str(file), file.stat().st_size, file.stat().st_mtime_ns, extra] for file in files)]
    kept = folder / LINES
    if kept.exists():
        before = json.loads(kept.read_text("utf-8"))
        if before["key"] == key:
            return list(before["read"])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    read = list(keep())
    kept.write_text(json.dumps({"key": key, "read": read}), "utf-8")
    return read


def generate_register(
    folder: Path, people: int, seed: int, on: date, progress: Progress, force: bool = False
) -> None:  # fmt: skip
    """Write a made-up register. Nobody in it exists. Raises TargetRefused: a register that is there stays."""
    from cobalamin.population.generator import COLUMNS, generate

    library = shipped.library()
    names = [f"{table}.parquet" for table in COLUMNS]
    with made_files(refuse_folder(folder, REGISTER), REGISTER, names, force) as beside:
        generate(beside, people, seed, on, library, reader(library), library.default_policy, progress)


def open_panel(folder: Path) -> Any:
    """The panel that was finished last in a folder. Raises InputError where there is none."""
    from cobalamin.population.panel import open_panel as opened

    built = Generations(folder, PANEL)
    if built.current == folder and built.begun and not _is_first_layout(folder):
        message = "holds an unfinished panel; run `panel build` again, finished parts are kept"
        raise InputError.one(str(folder), "", message)
    return opened(built.current)


def sources_of(panel: Any) -> list[Path]:
    """What the panel was built from: the register or list, its mapping, its policy; no output takes their place."""
    return [Path(file) for file in panel.manifest.get("sources", [])]


def disagreements(panel: Any) -> list[dict[str, Any]]:
    """Where the register's own next date differs from the panel's, the largest difference first; [] where it tells none."""
    if not panel.manifest["due_told"]:
        return []
    file = str(panel.folder / TABLES / DUE_TOLD).replace("'", "''")  # also where the panel was moved since
    return list(
        panel.rows(
            f"""SELECT p.patient_id, try_cast(d.next_due AS DATE) AS told, p.target, p.target - try_cast(d.next_due AS DATE) AS days, d.next_due AS as_written,
                p.last_dose, p.interval_days, p.status
            FROM read_parquet('{file}') d JOIN panel p ON p.patient_id::VARCHAR = d.patient_id
            WHERE try_cast(d.next_due AS DATE) IS DISTINCT FROM p.target ORDER BY abs(days) DESC NULLS FIRST, p.patient_id"""
        )
    )


def csv_text(rows: Iterable[Mapping[str, Any]], columns: tuple[str, ...]) -> str:
    """Rows as CSV for a spreadsheet; a text that it would compute gets a leading apostrophe."""
    return csv_of(columns, ([_cell(row.get(column)) for column in columns] for row in rows))


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else value
