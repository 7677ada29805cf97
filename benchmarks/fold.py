"""The fold in plain Python: events a second over four ladders, 60 % doses, every dose judged against its five dates."""

from __future__ import annotations

import random
import time
from datetime import date

from measure import table

from cobalamin.app.services import library
from cobalamin.therapy import fold
from cobalamin.therapy.case import Case, Patient
from cobalamin.therapy.choices import settle
from cobalamin.therapy.facts import facts_of
from cobalamin.therapy.ladder import Ladder, compile_ladder, to_days

LADDERS = {
    "uk-bnf-noneuro": {"maintenance_interval": "3 mo"},
    "uk-bnf-neuro": {},
    "us-cn-pa": {"load_1_count": "7", "load_3_interval": "3 d", "load_3_duration": "2 wk"},
    "nl-ftk": {"maintenance_option": "1000-mcg-every-2-months"},
}
START = date(2020, 1, 6)
PATIENTS, EVENTS = 4000, 20
DOSES = 0.6


def ladders() -> list[Ladder]:
    shipped = library()
    facts = facts_of(Case(Patient("bench")), START)
    return [
        compile_ladder(
            settle(shipped.content(shipped.protocol(name)), choices, facts).phases, START, shipped.default_policy, facts
        )
        for name, choices in LADDERS.items()
    ]


def histories(made: list[Ladder], seed: int = 12) -> list[tuple[Ladder, list[fold.Event]]]:
    """Patients with doses around their dates; the other events are gates, advances and changes of plan."""
    chance = random.Random(seed)
    found = []
    for number in range(PATIENTS):
        ladder = made[number % len(made)]
        rung = ladder.rungs[0]
        day = to_days(START) + chance.randrange(365)
        events = [fold.Event(day, fold.PLAN, 0, 0, 0, 0, 0)]
        while len(events) < EVENTS:
            day += chance.choice((1, 2, 3, 7, 30, 60, 90))
            kind = (
                fold.ADMINISTRATION
                if chance.random() < DOSES
                else chance.choice((fold.GATE_MET, fold.ADVANCE, fold.PLAN))
            )
            events.append(fold.Event(day, kind, 0, rung.dose, rung.substance, rung.routes & -rung.routes, 0))
        found.append((ladder, events))
    return found


def main() -> None:
    work = histories(ladders())
    total = sum(len(events) for _, events in work)
    best = None
    for _ in range(5):
        begin = time.perf_counter()
        for ladder, events in work:
            state = fold.start()
            for event in events:
                state = fold.step(state, event, ladder.rungs, ladder.windows)
        taken = time.perf_counter() - begin
        best = taken if best is None else min(best, taken)
    assert best is not None
    begin = time.perf_counter()
    for _ in range(5):
        for _, events in work:
            for event in events:
                event.day  # noqa: B018 -- the physical limit: walking the same events and doing nothing
    bare = (time.perf_counter() - begin) / 5
    share = sum(event.kind == fold.ADMINISTRATION for _, events in work for event in events) / total
    table(
        "fold, plain Python, one core",
        [
            ("events a second", f"{total / best:,.0f}", f"{len(LADDERS)} ladders, {share:.0%} doses, {total:,} events"),
            ("beside a bare walk", f"{best / bare:.0f} x", f"walking the same events takes {bare * 1000:.0f} ms"),
        ],
    )


if __name__ == "__main__":
    main()
