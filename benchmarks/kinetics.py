"""Kinetics: people a second at a measured error, peers at the same error in the same run, percentiles, a million people.

    python benchmarks/kinetics.py [--million]

Peers are optional: libRoadRunner (`pip install libroadrunner`), diffrax (`pip install jax diffrax`) and SciPy, each as a user would first
write it. Each is run at tolerances from loose to tight, and the
loosest whose median error is no larger than ours counts. The error is that of serum B12 against SciPy at 1e-11 (a few people).
"""

from __future__ import annotations

import ast
import resource
import subprocess
import sys
import time
from itertools import pairwise
from typing import Any

import numpy as np
from measure import ROOT, table

from cobalamin.kinetics.compiled import has_compiler
from cobalamin.kinetics.disposition import HELD, KA, KB, KES, KM, KOUT, KR, KUP, VMAX
from cobalamin.kinetics.doses import Body, Dose, Regimen
from cobalamin.kinetics.engine import amounts
from cobalamin.kinetics.markers import serum
from cobalamin.kinetics.parameters import packaged_parameters
from cobalamin.kinetics.people import RETAINED, People, draw
from cobalamin.kinetics.simulation import SERUM, STORE, Asked, simulate
from cobalamin.kinetics.timetable import timetable

sys.path.insert(0, str(ROOT / "tests" / "kinetics"))
YEARS = 5 * 365.25
SEEN = tuple(float(day) for day in np.linspace(YEARS / 60, YEARS, 60))
DAYS = [0.0, 2.0, 4.0, 7.0, 9.0, 11.0, *(11.0 + 91.0 * number for number in range(1, 20))]
BODY = Body(absorption=0.0, diet=0.0, serum=95.0)
CHECKED, CROWD = 24, 10_000
FORMS = ("cyanocobalamin", "hydroxocobalamin")


def regimen(form: str) -> Regimen:
    return Regimen(tuple(Dose(day, 1000.0, form, "intramuscular") for day in DAYS))


def people(count: int) -> People:
    return draw(packaged_parameters(), BODY, RETAINED, 1, 0, count)


def only(crowd: People, place: int) -> People:
    one = {name: values[place : place + 1] for name, values in crowd.values.items()}
    return People(one, crowd.body, crowd.reading, crowd.level[place : place + 1], 1)


def by_scipy(form: str, crowd: People, tight: float) -> np.ndarray:
    from slow_twin import slow_amounts

    return np.array([
        serum(only(crowd, place), np.concatenate([held, np.zeros((len(held), 2))], axis=1)[:, :, None])[:, 0]
        for place in range(crowd.count)
        for held in (slow_amounts(only(crowd, place), regimen(form), SEEN, 0.15, "LSODA", tight),)
    ]).T  # fmt: skip


ROWS = {"ka": KA, "kr": KR, "held": HELD, "kup": KUP, "vmax": VMAX, "km": KM, "kb": KB, "kes": KES, "kout": KOUT}
RULES = {
    "A": "-ka*A",
    "F": "ka*A - kr*(F - held*F/(km + F)) - kup*F - vmax*F/(km + F) + kb*E",
    "E": "kup*F + vmax*F/(km + F) - kout*E",
    "S": "kes*E - loss*S",
}
OPERATORS = {ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divide"}


def mathml(node: ast.expr) -> str:
    """A formula in the form that SBML has it."""
    if isinstance(node, ast.Name):
        return f"<ci>{node.id}</ci>"
    if isinstance(node, ast.UnaryOp):
        return f"<apply><minus/>{mathml(node.operand)}</apply>"
    assert isinstance(node, ast.BinOp)
    return f"<apply><{OPERATORS[type(node.op)]}/>{mathml(node.left)}{mathml(node.right)}</apply>"


def roadrunner() -> Any:
    """The model in libRoadRunner, compiled by it. Raises ImportError."""
    import roadrunner as peer

    held = "".join(f'<parameter id="{name}" value="1" constant="false"/>' for name in (*ROWS, "loss", *RULES))
    rules = "".join(
        f'<rateRule variable="{name}"><math xmlns="http://www.w3.org/1998/Math/MathML">{mathml(ast.parse(rule, mode="eval").body)}'
        "</math></rateRule>"
        for name, rule in RULES.items()
    )
    return peer.RoadRunner(
        '<?xml version="1.0" encoding="UTF-8"?><sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
        f'<model id="b12"><listOfParameters>{held}</listOfParameters><listOfRules>{rules}</listOfRules></model></sbml>'
    )


def by_roadrunner(form: str, crowd: People, tight: float, peer: Any) -> np.ndarray:
    """Driven from Python, a call for each stretch between two doses, the observed times inside it in one go."""
    peer.integrator.relative_tolerance, peer.integrator.absolute_tolerance = tight, tight * 1e-2
    peer.timeCourseSelections = ["time", "A", "F", "E", "S"]
    lanes, starts = crowd.lane(form), crowd.start()
    found = np.empty((len(SEEN), 7, crowd.count))
    for place in range(crowd.count):
        for name, row in ROWS.items():
            peer[name] = lanes[row, place]
        peer["loss"] = crowd.store_loss[place]
        state, row = [0.0, *(each[place] for each in starts)], 0
        for begin, end in pairwise([*DAYS, YEARS]):
            inside = [time for time in SEEN if begin < time <= end]
            times = sorted({begin, *inside, end})
            state[0] += 1000.0
            for name, value in zip("AFES", state, strict=True):
                peer[name] = value
            path = np.asarray(peer.simulate(times=times))
            state = path[-1, 1:].tolist()
            for moment in inside:
                found[row, :4, place] = path[times.index(moment), 1:]
                row += 1
    return serum(crowd, found)


def diffrax_solve() -> Any:
    """One stretch between two doses for all people at once, compiled by jax; compiling is not timed. Raises ImportError."""
    import jax

    jax.config.update("jax_enable_x64", True)
    import diffrax

    def slopes(_: Any, state: Any, own: Any) -> Any:
        a, f, e, s = state
        up = own["kup"] * f + own["vmax"] * f / (own["km"] + f)
        lost = own["kr"] * (f - own["held"] * f / (own["km"] + f))
        return (
            -own["ka"] * a, own["ka"] * a - lost - up + own["kb"] * e, up - own["kout"] * e, own["kes"] * e - own["loss"] * s,
        )  # fmt: skip

    def one(state: Any, own: Any, begin: float, times: Any, tight: float) -> Any:
        found = diffrax.diffeqsolve(
            diffrax.ODETerm(slopes), diffrax.Kvaerno5(), begin, times[-1], 1e-3, state, own, saveat=diffrax.SaveAt(ts=times),
            stepsize_controller=diffrax.PIDController(rtol=tight, atol=tight * 1e-2), max_steps=100_000,
        )  # fmt: skip
        return found.ys

    return jax.jit(jax.vmap(one, in_axes=(0, 0, None, None, None)))


def by_diffrax(form: str, crowd: People, tight: float, solve: Any) -> np.ndarray:
    """All people together, a call for each stretch; every stretch has as many times, so that it is compiled once."""
    lanes, starts = crowd.lane(form), crowd.start()
    own = {name: lanes[row] for name, row in ROWS.items()} | {"loss": crowd.store_loss}
    state = [np.zeros(crowd.count), *starts]
    found = np.empty((len(SEEN), 7, crowd.count))
    row = 0
    for begin, end in pairwise([*DAYS, YEARS]):
        inside = [time for time in SEEN if begin < time < end + 1e-9]
        times = [*inside, *np.linspace((inside or [begin])[-1], end, 6 - len(inside))[1:], end][:6]
        state[0] = state[0] + 1000.0
        path = [np.asarray(each) for each in solve(tuple(state), own, begin, np.array(times), tight)]
        for place in range(len(inside)):
            found[row, :4] = [each[:, place] for each in path]
            row += 1
        state = [each[:, -1] for each in path]
    return serum(crowd, found)


def matched(run: Any, reference: np.ndarray, wanted: float, count: int) -> tuple[float, float] | None:
    """(people a second, median error) of the loosest tolerance that is at least as exact."""
    for tight in (1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 1e-6, 1e-8):
        begin = time.process_time()
        try:
            levels = run(tight)
        except RuntimeError:  # a tolerance so loose that the peer gives up
            continue
        taken = time.process_time() - begin
        error = float(np.median(np.abs(levels / reference - 1)))
        if error <= wanted:
            return count / taken, error
    return None


def engine_rows(form: str) -> list[tuple[str, str, str]]:
    """Ours on one core, then each peer at no larger an error."""
    few, crowd = people(CHECKED), people(CROWD)
    schedule = timetable(regimen(form), SEEN, 0.15)
    reference = by_scipy(form, few, 1e-11)
    error = float(np.median(np.abs(serum(few, amounts(few, schedule)) / reference - 1)))
    amounts(few, schedule)
    taken = min(_seconds(lambda: amounts(crowd, schedule)) for _ in range(5))
    ours = CROWD / taken
    rows = [(f"{form}, people/s", f"{ours:,.0f}", f"median error {error:.3%}, {len(schedule.h)} steps, one core")]
    runs: dict[str, Any] = {"SciPy LSODA": lambda tight: by_scipy(form, few, tight)}
    try:
        peer = roadrunner()
        runs["libRoadRunner CVODE"] = lambda tight: by_roadrunner(form, few, tight, peer)
    except ImportError:
        rows.append(("  libRoadRunner", "not there", "pip install libroadrunner"))
    try:
        solve = diffrax_solve()
        by_diffrax(form, few, 1e-3, solve)  # compiles
        runs["diffrax Kvaerno5"] = lambda tight: by_diffrax(form, few, tight, solve)
    except ImportError:
        rows.append(("  diffrax", "not there", "pip install jax diffrax"))
    for name, run in runs.items():
        found = matched(run, reference, error, CHECKED)
        if found:
            rows.append(
                (f"  {name}", f"{found[0]:,.0f}", f"median error {found[1]:.3%}: ours is {ours / found[0]:,.0f} x")
            )
    return rows


def _seconds(work: Any) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def bands_row() -> tuple[str, str, str]:
    """500 people over 5 years with percentiles of stores and serum at every week, warm."""
    weeks = tuple(7.0 * week for week in range(261))
    asked = Asked(regimen("cyanocobalamin"), BODY, weeks, 500, markers=(STORE, SERUM))
    simulate(packaged_parameters(), asked)
    taken = sorted(_seconds(lambda: simulate(packaged_parameters(), asked)) for _ in range(15))
    return (
        "500 people, 5 years, percentiles",
        f"{taken[7] * 1000:.0f} ms",
        "processor time, warm, 261 times, stores and serum",
    )


def million() -> None:
    """A million people streamed; run as a process of its own, so that its memory is its own."""
    begin = time.perf_counter()
    simulate(packaged_parameters(), Asked(regimen("cyanocobalamin"), BODY, SEEN, 1_000_000, markers=(STORE, SERUM)))
    taken = time.perf_counter() - begin
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{most:.2f} GB|{taken:.0f} s, {1e6 / taken:,.0f} people/s with drawing and bands")


def main() -> None:
    if "--alone" in sys.argv:
        million()
        return
    rows = [row for form in FORMS for row in engine_rows(form)]
    rows.append(bands_row())
    if "--million" in sys.argv:
        told = subprocess.run([sys.executable, __file__, "--alone"], check=True, capture_output=True, text=True).stdout
        figure, _, beside = told.strip().partition("|")
        rows.append(("1 million people streamed", figure, beside))
    table(f"kinetics, 25 injections over 5 years, 60 times ({'numba' if has_compiler() else 'numpy'})", rows)


if __name__ == "__main__":
    main()
