"""`simulate` of 300 doses over 25 years, in process and as a page, another page while it runs, and cold from the command line.

.venv/bin/python benchmarks/simulation.py          with the compiler where it is installed
.venv/bin/python benchmarks/simulation.py plain    as without it
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import uvicorn
from measure import process_seconds, python, table

from cobalamin.app.services.simulation.body import SimulateOptions
from cobalamin.app.services.simulation.simulate import simulate_for
from cobalamin.app.web.frame.access import Access
from cobalamin.app.web.server import config_of, listening_sockets, make_app
from cobalamin.app.web.simulation import page
from cobalamin.kinetics import compiled
from cobalamin.spans import Span, add

ON = date(2026, 1, 1)
HEAD = """cobalamin: 1
patient: {id: bench, birth_date: 1958-03-02, sex: female, country: GB}
facts:
  {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none}
plan:
  {protocol: uk-bnf-noneuro, version: 1, start: 2001-01-05, choices: {maintenance_interval: 2 mo}}
record:
"""
LOADING = [date(2001, 1, day) for day in (5, 7, 9, 12, 14, 16)]
TYPED = ["simulate", "--scenario", "1 mg hydroxocobalamin im every 2 days x 6 then every 3 months", "--json"]


def file_of_300_doses(folder: Path) -> Path:
    days = LOADING + [add(LOADING[-1], Span(1, "mo"), times) for times in range(1, 295)]
    lines = [f"  - {{date: {day}, kind: administration, as_planned: true}}\n" for day in days]
    path = folder / "bench.yaml"
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def both_seconds(work: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median wall and processor seconds; the second hardly drifts on a busy machine, and counts both processors."""
    taken: tuple[list[float], ...] = ([], [])
    for number in range(runs + 1):
        begin, used = time.perf_counter(), time.process_time()
        work()
        if number:
            taken[0].append(time.perf_counter() - begin)
            taken[1].append(time.process_time() - used)
    return statistics.median(taken[0]), statistics.median(taken[1])


def page_and_others(folder: Path, runs: int = 5) -> tuple[float, float, float]:
    """Median seconds of the page of 300 doses computed anew, and of another page and another simulation asked meanwhile."""
    access, sockets = Access(), listening_sockets(0)
    server = uvicorn.Server(config_of(make_app(folder, lambda: ON, access)))
    threading.Thread(target=server.run, kwargs={"sockets": sockets}, daemon=True).start()
    address = access.address(sockets[0].getsockname()[1])
    visitor = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    visitor.open(address).read()
    taken: tuple[list[float], ...] = ([], [], [])

    def visit(path: str, which: int) -> None:
        begin = time.perf_counter()
        visitor.open(urllib.parse.urljoin(address, path)).read()
        taken[which].append(time.perf_counter() - begin)

    for _ in range(runs):
        page._simulated.cache_clear()
        with ThreadPoolExecutor(3) as together:
            asked = [together.submit(visit, "/case/bench.yaml/simulate", 0)]
            time.sleep(0.1)
            asked += [together.submit(visit, "/about", 1), together.submit(visit, "/simulate", 2)]
        for each in asked:
            each.result()
    server.should_exit = True
    return tuple(map(statistics.median, taken))  # type: ignore[return-value]  # three of them


def main() -> None:
    if "plain" in sys.argv:
        compiled.has_compiler.cache_clear()
        sys.modules["numba"] = None  # type: ignore[assignment]  # as where it is not installed
    runs = 2 if "plain" in sys.argv else 5
    with tempfile.TemporaryDirectory() as name:
        path = file_of_300_doses(Path(name))
        long, long_used = both_seconds(lambda: simulate_for(path, SimulateOptions(), ON), runs)
        shown, other, short = page_and_others(Path(name), runs)
        usual, used = both_seconds(lambda: simulate_for(None, SimulateOptions(scenario=TYPED[2]), ON), runs)
    cold, empty = process_seconds(python("-m", "cobalamin", *TYPED), python("-c", "pass"), 5)
    table(
        f"simulate, {'compiled' if compiled.has_compiler() else 'plain NumPy'}",
        [
            ("300 doses over 25 years, in process", f"{long:.2f} s", f"processor time {long_used:.2f} s; target 1 s"),
            ("the same as a page, computed anew", f"{shown:.2f} s", "target 3 s"),
            ("another page asked meanwhile", f"{other * 1000:.0f} ms", ""),
            ("another simulation asked meanwhile", f"{short:.2f} s", ""),
            ("nine doses over two years, in process", f"{usual:.2f} s", f"processor time {used:.2f} s"),
            ("the same with --json, cold process", f"{cold:.2f} s", f"python -c pass {empty * 1000:.0f} ms, ratio {cold / empty:.0f}; target 0.5 s"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
