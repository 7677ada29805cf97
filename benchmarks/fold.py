"""The fold: events a second over four ladders, 60 % doses, all other kinds of event, every dose judged against its dates.

In plain Python on one core, and the same functions compiled by numba on one thread.
"""

from __future__ import annotations

import random
import time
from datetime import date

import compiled_fold
from measure import table

from cobalamin.app.services.shipped import library
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case, Patient
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.regimen.choices import settle
from cobalamin.therapy.regimen.ladder import compile_ladder, to_days

LADDERS = {
    "uk-bnf-noneuro": {"maintenance_interval": "3 mo"},
    "uk-bnf-neuro": {},
    "us-cn-pa": {"load_1_count": "7", "load_3_interval": "3 d", "load_3_duration": "2 wk"},
    "nl-ftk": {"maintenance_option": "1000-mcg-every-2-months"},
}
START = date(2020, 1, 6)
PATIENTS, EVENTS = 4000, 20
DOSES = 0.635  # beside the plan that every record begins with: 60 % of all
OTHER_KINDS = tuple(kind for kind in range(fold.STOP + 1) if kind != fold.ADMINISTRATION)
COVERS = (fold.HOLD, fold.PAUSE, fold.BRIDGE)

Rungs = tuple[fold.Rung, ...]
Windows = tuple[fold.WindowRow, ...]


def one_table() -> tuple[Rungs, Windows, list[int]]:
    """The rungs of all ladders in one table, and the first row of each."""
    shipped = library()
    facts = facts_of(Case(Patient("bench")), START)
    rungs: Rungs = ()
    firsts = []
    for name, choices in LADDERS.items():
        phases = settle(shipped.content(shipped.protocol(name)), choices, facts).phases
        ladder = compile_ladder(phases, START, shipped.default_policy, facts)
        firsts.append(len(rungs))
        rungs += ladder.rungs
    return rungs, ladder.windows, firsts


def an_event(chance: random.Random, kind: int, day: int, rung: fold.Rung, firsts: list[int], first: int) -> fold.Event:
    if kind == fold.ADMINISTRATION:
        amount = rung.dose * chance.choice((100, 100, 100, 100, 50, 200)) // 100
        source = chance.choice((0, 0, 0, 1))
        return fold.a_dose(day, 0, amount, rung.substance, rung.route, 0, source, 0)
    if kind == fold.PLAN:
        return fold.a_plan(day, chance.choice(firsts), day, chance.choice((0, fold.CONTINUE)))
    if kind == fold.HISTORY:
        return fold.a_history(day, first, chance.randrange(4), 0, 0, chance.choice((fold.NONE, day - 30)), 0)
    if kind == fold.CHANGE_INTERVAL:
        return fold.a_decision(day, kind, 0, 4 * chance.randrange(1, 4) + fold.MONTH)
    if kind in COVERS:
        return fold.a_cover(day, kind, chance.choice((day + 20, fold.FOREVER)))
    return fold.a_statement(day, 1) if kind == fold.STATEMENT else fold.a_decision(day, kind, first, 0)


def histories(rungs: Rungs, windows: Windows, firsts: list[int], seed: int = 12) -> list[list[fold.Event]]:
    """Patients with a plan, doses around their dates and everything else at any time."""
    chance = random.Random(seed)
    found = []
    for number in range(PATIENTS):
        first = firsts[number % len(firsts)]
        day = to_days(START) + chance.randrange(365)
        events = [fold.a_plan(day, first, day, 0)]
        state = fold.step(fold.start(), events[0], rungs, windows)
        for _ in range(1, EVENTS):
            kind = fold.ADMINISTRATION if chance.random() < DOSES else chance.choice(OTHER_KINDS)
            target = fold.forecast(state, rungs, windows, day)[1].target
            wait = chance.choice((-3, 0, 0, 0, 1, 2, 10)) + (target - day if target != fold.NONE else 30)
            day += max(wait, 0) if kind == fold.ADMINISTRATION else chance.choice((0, 1, 5, 20))
            events.append(an_event(chance, kind, day, rungs[state.place.rung], firsts, first))
            state = fold.step(state, events[-1], rungs, windows)
        found.append(events)
    return found


def best(work, times: int = 7) -> float:
    """Least processor seconds of several runs: other work on the machine only adds."""
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return min(taken)


def main() -> None:
    rungs, windows, firsts = one_table()
    people = histories(rungs, windows, firsts)
    total = sum(len(events) for events in people)
    share = sum(event.kind == fold.ADMINISTRATION for events in people for event in events) / total

    def folded() -> None:
        step, start = fold.step, fold.start
        for events in people:
            state = start()
            for event in events:
                state = step(state, event, rungs, windows)

    def walked() -> None:
        for events in people:
            for event in events:
                event.day  # noqa: B018 -- the physical limit: walking the same events and doing nothing

    plain, bare = best(folded), best(walked)
    told = f"{len(LADDERS)} ladders in {len(rungs)} rungs, {share:.0%} doses, {total:,} events"
    rows = [
        ("plain Python, events a second", f"{total / plain:,.0f}", told),
        ("beside a bare walk", f"{plain / bare:.0f} x", f"walking the same events takes {bare * 1000:.1f} ms"),
    ]
    table("fold, one core", rows + compiled_fold.figures(people, rungs, windows))


if __name__ == "__main__":
    main()
