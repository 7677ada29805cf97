"""The fold compiled by numba: its four files copied into one module, with a loop over a sorted batch of events."""

from __future__ import annotations

import importlib.util
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numba
import numpy as np

from cobalamin.therapy import fold
from cobalamin.therapy.fold import fold as definition
from cobalamin.therapy.fold import judging, values, windows

# Inlined by force: numba hands a tuple over as one argument a field, and a state has 36.
DECORATED = "\n@numba.njit(cache=True, forceinline=True, error_model='numpy')\ndef "
LOOP = """

def run(events, ends, rungs, windows):
    credited, at = 0, 0
    for end in ends:
        state = start()
        while at < end:
            e = events[at]
            event = Event(e.day, e.kind, e.row, e.taking, e.batch, e.amount, e.doses, e.substance, e.route,
                          e.interval, e.starts, e.last_dose, e.until, e.source, e.flags)
            state = step(state, event, rungs, windows)
            at += 1
        credited += state.tally.credited
    return credited
"""


def one_module() -> str:
    """The text of the fold without its imports of itself, every function compiled."""
    lines = ["import numba"]
    for part in (values, windows, judging, definition):
        text = Path(part.__file__).read_text("utf-8")
        lines += [line for line in text.splitlines() if not line.startswith("from cobalamin")]
    return ("\n".join(lines) + LOOP).replace("\ndef ", DECORATED)


def loaded(file: Path) -> Callable[..., int]:
    made = importlib.util.spec_from_file_location(file.stem, file)
    assert made is not None
    assert made.loader is not None
    module = importlib.util.module_from_spec(made)
    made.loader.exec_module(module)
    return module.run


def records(rows: Sequence[tuple[int, ...]], fields: tuple[str, ...]) -> np.ndarray:
    return np.array([tuple(row) for row in rows], dtype=[(field, np.int64) for field in fields])


def figures(
    people: list[list[fold.Event]], rungs: Sequence[fold.Rung], windows: Sequence[fold.WindowRow]
) -> list[tuple[str, str, str]]:
    """Rows of the table: events a second on one thread, and what compiling costs, new and from the cache."""
    events = records([event for events in people for event in events], fold.Event._fields)
    ends = np.cumsum([len(events) for events in people])
    tables = (records(rungs, fold.Rung._fields), records(windows, fold.WindowRow._fields))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NUMBA_CACHE_DIR"] = numba.config.CACHE_DIR = folder
        file = Path(folder) / "one_fold.py"
        file.write_text(one_module(), "utf-8")
        waits = []
        for _ in ("new", "cached"):
            run, begin = loaded(file), time.process_time()
            run(events[:0], ends[:0], *tables)
            waits.append(time.process_time() - begin)
    taken = []
    for _ in range(15):
        begin = time.process_time()
        run(events, ends, *tables)
        taken.append(time.process_time() - begin)
    begin = time.process_time()
    events["amount"].sum()
    summed = time.process_time() - begin
    return [
        ("compiled, events a second", f"{len(events) / min(taken):,.0f}", f"one thread, numba {numba.__version__}"),
        ("beside summing a column", f"{min(taken) / summed:.0f} x", f"{summed * 1000:.2f} ms"),
        ("compiling, new", f"{waits[0]:.1f} s", "every function of the fold and the loop over a batch"),
        ("compiling, cached", f"{waits[1]:.2f} s", "reading the machine code of the run before"),
    ]
