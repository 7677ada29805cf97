"""What the benchmark scripts share: timing by medians, and a table with machine, versions and date."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "pernicious-anaemia.yaml"


def seconds(work: Callable[[], object], runs: int = 30, warm: int = 3) -> float:
    """Median seconds of one call, after warm-up calls."""
    for _ in range(warm):
        work()
    taken = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def process_seconds(command: list[str], beside: list[str], runs: int = 15) -> tuple[float, float]:
    """Median wall seconds of two commands as whole processes, run in turn so that a drifting machine hits both."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(runs + 1):
        for which, line in enumerate((command, beside)):
            begin = time.perf_counter()
            subprocess.run(line, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if number:
                times[which].append(time.perf_counter() - begin)
    return statistics.median(times[0]), statistics.median(times[1])


def table(title: str, rows: list[tuple[str, str, str]]) -> None:
    """Print what was measured, the figure and what it is held against."""
    today = datetime.now().astimezone().date()
    print(f"{title}: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {today}")
    width = max(len(row[0]) for row in rows)
    for what, figure, beside in rows:
        print(f"  {what:<{width}}  {figure:>14}  {beside}")


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]
