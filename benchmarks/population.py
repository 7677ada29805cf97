"""A panel of many people: clustered and unsorted Parquet beside a DuckDB scan that sums the dose columns, a practice from CSV.

    .venv/bin/python benchmarks/population.py [PEOPLE ...]        # without a number: 1,000,000

Each build runs as a cold process of its own; its memory is the sum of its processes' resident sets, sampled every 50 ms. The
compiled loop is kept from an earlier run. Made-up registers are written into a temporary folder, or into COBALAMIN_REGISTERS.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import duckdb
from measure import python, seconds, table

ON = "2026-11-20"
SCAN = "SELECT sum(patient_id), sum(dose_ug), max(date), count(substance), count(route), count(source) FROM '{}'"
PRACTICE = 10_000


def panel(*arguments: object) -> list[str]:
    return python("-m", "cobalamin", "panel", *map(str, arguments))


def register(folder: Path, people: int) -> Path:
    """A made-up register, rows of one patient together."""
    target = folder / f"register-{people}"
    if not (target / "whole").exists():
        subprocess.run(panel("generate", target, "--people", people, "--on", ON), check=True, stdout=subprocess.DEVNULL)
        (target / "whole").touch()
    return target


def unsorted(source: Path) -> Path:
    """The same rows in the order of a hash of their patient and day."""
    target = source.with_name(source.name + "-unsorted")
    if not (target / "whole").exists():
        target.mkdir(exist_ok=True)
        con = duckdb.connect()
        con.execute("SET memory_limit = '6GB'")
        for name in ("patient", "administration", "decision"):
            order = "hash(patient_id)" if name == "patient" else "hash(patient_id, date)"
            con.execute(
                f"COPY (SELECT * FROM '{source / name}.parquet' ORDER BY {order}) TO '{target / name}.parquet' (COMPRESSION zstd)"
            )
        (target / "whole").touch()
    return target


def resident(pid: int) -> int:
    """Bytes in memory of a process and everything it started."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") + sum(resident(int(child)) for child in children)


def run(command: list[str]) -> tuple[float, float]:
    """(seconds, most gigabytes) of a cold process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            most[0] = max(most[0], resident(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        sys.exit(f"{' '.join(command)} ended with {code}")
    return time.perf_counter() - begin, most[0] / 1e9


def scan_seconds(source: Path) -> float:
    con = duckdb.connect()
    con.execute(f"SET threads = {os.cpu_count()}")
    return seconds(lambda: con.execute(SCAN.format(source / "administration.parquet")).fetchall(), runs=5, warm=1)


def figures(folder: Path, people: int) -> list[tuple[str, str, str]]:
    clustered, rows = register(folder, people), []
    scan = scan_seconds(clustered)
    doses = duckdb.sql(f"SELECT count(*) FROM '{clustered / 'administration.parquet'}'").fetchall()[0][0]
    rows.append(
        (f"{people:,} people, {doses:,} doses: scan", f"{scan:.2f} s", "DuckDB sums the dose columns, all cores")
    )
    for name, source in (("rows of a patient together", clustered), ("unsorted", unsorted(clustered))):
        into = folder / "panel"
        shutil.rmtree(into, ignore_errors=True)
        taken, memory = run(panel("build", source, "--into", into, "--on", ON, "--workers", os.cpu_count() or 1))
        rows.append((f"{people:,} people, {name}", f"{taken:.1f} s", f"{taken / scan:.0f} x the scan, {memory:.2f} GB"))
    into = folder / "months"
    taken, memory = run(
        panel("build", clustered, "--into", into, "--on", ON, "--months", 120, "--workers", os.cpu_count() or 1)
    )
    rows.append((f"{people:,} people, 120 month ends in the pass", f"{taken:.1f} s", f"{memory:.2f} GB"))
    shutil.rmtree(into, ignore_errors=True)
    return rows


def practice(folder: Path) -> list[tuple[str, str, str]]:
    """A practice's CSV to the printed recall list: two cold processes."""
    source, target, into = register(folder, PRACTICE), folder / "practice", folder / "practice-panel"
    target.mkdir(exist_ok=True)
    for name in ("patient", "administration", "decision"):
        duckdb.sql(f"COPY (SELECT * FROM '{source / name}.parquet') TO '{target / name}.csv' (HEADER)")
    taken = []
    for _ in range(5):
        shutil.rmtree(into, ignore_errors=True)
        built, _ = run(panel("build", target, "--into", into, "--on", ON, "--workers", 1))
        listed, _ = run(panel("recall", into))
        taken.append(built + listed)
    bare = run(python("-c", "pass"))[0]
    return [
        (
            f"practice of {PRACTICE:,}, CSV to recall list, cold",
            f"{sorted(taken)[2]:.2f} s",
            f"{sorted(taken)[2] / bare:.0f} x python -c pass",
        )
    ]


def main() -> None:
    kept = os.environ.get("COBALAMIN_REGISTERS")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(kept or name)
        folder.mkdir(parents=True, exist_ok=True)
        run(panel("build", register(folder, PRACTICE), "--into", Path(name) / "warm", "--on", ON))
        rows = practice(folder)
        for people in [int(argument) for argument in sys.argv[1:]] or [1_000_000]:
            rows += figures(folder, people)
        table("population", rows)


if __name__ == "__main__":
    main()
