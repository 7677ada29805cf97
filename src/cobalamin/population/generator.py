"""A made-up register of any size, the same for a seed on every machine: for trying the panel out and for its figures.

Nobody in it exists, and its shares are no statement about real care. On-time doses come from the schedule, the fold run
forward; then life happens: late and early doses, long gaps, wrong amounts, doses written down twice, decisions too soon,
people who lapse, move or die. Each block of people has its own random numbers, so a register of 10,000 begins one of a million.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.population.profiles import ReadCase
from cobalamin.population.tables import ADMINISTRATION, DECISION, PATIENT
from cobalamin.therapy import fold
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.ladder import to_date, to_days
from cobalamin.therapy.review.course import PlanInForce, in_force

Progress = Callable[[int, int], None]
BLOCK, BLOCKS_AT_ONCE, ROW_GROUP = 10_000, 9, 122_880
STARTS, YEARS = 90, 3
PRACTICES = ("Ash Lane", "Bridge Street", "Cedar House", "Dale View", "Elm Park", "Ferry Road", "Grange", "Hill Top")
COLUMNS = {
    PATIENT: (
        ("patient_id", pa.int64()), ("protocol", pa.string()), ("start", pa.date32()), ("choices", pa.string()), ("practice", pa.string()),
        ("country", pa.string()), ("birth_date", pa.date32()), ("deficiency", pa.string()), ("cause", pa.string()),
        ("neurological_involvement", pa.string()), ("previous_treatment", pa.string()), ("registered_to", pa.date32()),
        ("died_on", pa.date32()),
    ),
    ADMINISTRATION: (
        ("patient_id", pa.int64()), ("date", pa.date32()), ("substance", pa.string()), ("dose_ug", pa.int32()), ("route", pa.string()),
        ("source", pa.string()),
    ),
    DECISION: (
        ("patient_id", pa.int64()), ("date", pa.date32()), ("decision", pa.string()), ("by", pa.string()), ("reason", pa.string()),
        ("interval", pa.string()), ("until", pa.date32()), ("phase", pa.string()), ("last_dose", pa.string()), ("doses", pa.string()),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """People treated alike: a share of the register, their plan, and what is known of them."""

    share: float
    protocol: str
    choices: str
    country: str
    cause: str
    neurological: str
    previous: str = "none"
    decided_after: int = 0  # days to the decision that ends an open loading phase


KINDS = (
    Kind(0.34, "uk-bnf-noneuro", "maintenance_interval=3 mo", "GB", "pernicious_anaemia", "absent"),
    Kind(0.16, "uk-bnf-noneuro", "maintenance_interval=3 mo", "GB", "not_found", "absent"),
    Kind(0.08, "uk-bnf-noneuro", "maintenance_interval=2 mo", "GB", "total_gastrectomy", "unknown"),
    Kind(0.10, "uk-bnf-noneuro", "maintenance_interval=3 mo", "GB", "pernicious_anaemia", "absent", "maintenance"),
    Kind(0.10, "uk-bnf-neuro", "", "GB", "pernicious_anaemia", "present", "none", 24),
    Kind(0.05, "uk-bnf-neuro", "", "GB", "medicine_induced", "present", "", 38),
    Kind(
        0.09,
        "us-cn-pa",
        "load_1_count=7; load_3_interval=4 d; load_3_duration=3 wk",
        "US",
        "pernicious_anaemia",
        "absent",
    ),
    Kind(0.08, "uk-cks-diet-im", "", "GB", "dietary", "absent"),
)


@dataclass(frozen=True)
class Template:
    """The on-time course of a plan begun on a day: its doses, and the decision that ended its open phase."""

    kind: int
    start: int
    days: Any
    amounts: Any
    substance: int
    route: int
    decided_on: int


def templates(library: Library, read: ReadCase, policy: Policy, on: date) -> list[Template]:
    """The schedule of every kind of people for every starting day, through `on`."""
    first = to_days(on) - YEARS * 365
    starts = np.unique(np.linspace(first, to_days(on) - 10, STARTS).astype(int))
    return [
        _template(library, read, policy, number, int(start), on) for number in range(len(KINDS)) for start in starts
    ]


def _template(library: Library, read: ReadCase, policy: Policy, number: int, start: int, on: date) -> Template:
    kind = KINDS[number]
    row = {
        "protocol": kind.protocol, "start": str(to_date(start)), "choices": kind.choices, "country": kind.country, "cause": kind.cause,
        "deficiency": "confirmed", "neurological_involvement": kind.neurological,
    }  # fmt: skip
    case = read(row)
    if case.plan is None:
        raise ValueError(f"{kind.protocol} has no plan")
    plan = in_force(library, case.plan, None, facts_of(case, on), policy)
    doses = _on_time(plan, start, kind.decided_after, on)
    rung = plan.ladder.rungs[0]
    decided = (
        start + kind.decided_after if kind.decided_after and start + kind.decided_after <= to_days(on) else fold.NONE
    )
    days, amounts = np.array([day for day, _ in doses]), np.array([amount for _, amount in doses])
    return Template(number, start, days, amounts, rung.substance, rung.route, decided)


def _on_time(plan: PlanInForce, start: int, decided_after: int, on: date) -> list[tuple[int, int]]:
    """(day, micrograms) of every dose given on its target through `on`; an open phase ends on its decision."""
    ladder, rungs, windows = plan.ladder, plan.ladder.rungs, plan.ladder.windows
    state = fold.step(fold.start(), fold.a_plan(start, 0, start, 0), rungs, windows)
    begun, found = start, []
    if decided_after:
        until = min(to_date(start + decided_after), on)
        for item in schedule.run_forward(
            ladder, state, to_date(start), until, plan.policy, schedule.Running(True, 1000)
        ):
            if item.kind == schedule.DOSE and item.on is not None:
                found.append((to_days(item.on), rungs[0].dose // 1000))
                first = rungs[0]
                event = fold.a_dose(to_days(item.on), 0, first.dose, first.substance, first.route, 0, 0, 0)
                state = fold.step(state, event, rungs, windows)
        begun = start + decided_after
        state = fold.step(state, fold.a_decision(begun, fold.ADVANCE, 0, 0), rungs, windows)
    if begun > to_days(on):
        return found
    later = schedule.run_forward(ladder, state, to_date(begun), on, plan.policy, schedule.Running(True, 1000))
    doses = [item for item in later if item.kind == schedule.DOSE and item.on is not None and item.phase.dose]
    return found + [
        (to_days(item.on), item.phase.dose.nanograms // 1000) for item in doses if item.on and item.phase.dose
    ]


def generate(
    folder: Path, people: int, seed: int, on: date, library: Library, read: ReadCase, policy: Policy,
    progress: Progress | None = None,
) -> None:  # fmt: skip
    """Write the tables patient, administration and decision as Parquet into `folder`, rows of one patient together."""
    folder.mkdir(parents=True, exist_ok=True)
    made = templates(library, read, policy, on)
    schemas = {table: pa.schema(list(columns)) for table, columns in COLUMNS.items()}
    writers = {
        table: pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd")
        for table, schema in schemas.items()
    }
    blocks = -(-people // BLOCK)
    for first in range(0, blocks, BLOCKS_AT_ONCE):
        last = min(first + BLOCKS_AT_ONCE, blocks)
        made_up = [
            _Block(seed, block, min(BLOCK, people - block * BLOCK), made, to_days(on)).tables()
            for block in range(first, last)
        ]
        for table, schema in schemas.items():
            whole = pa.concat_tables([pa.table(block[table], schema=schema) for block in made_up])
            writers[table].write_table(whole, row_group_size=ROW_GROUP)
        if progress:
            progress(last, blocks)
    for writer in writers.values():
        writer.close()


class _Block:
    """One block of people with its own random numbers. A shorter block has the first people of a whole one."""

    def __init__(self, seed: int, block: int, number: int, made: list[Template], on: int) -> None:
        self.random, self.made, self.on, self.number = np.random.default_rng([seed, block]), made, on, number
        self.first = block * BLOCK
        shares = np.array([KINDS[template.kind].share for template in made])
        self.template = self.random.choice(len(made), BLOCK, p=shares / shares.sum())
        self.starts = np.array([template.start for template in made])[self.template]
        self.lapsed = self.random.random(BLOCK) < 0.12
        self.share_kept = self.random.random(BLOCK)
        self.died = np.where(self.random.random(BLOCK) < 0.03, on - self.random.integers(0, 900, BLOCK), fold.NONE)
        self.moved = np.where(self.random.random(BLOCK) < 0.03, on - self.random.integers(0, 900, BLOCK), fold.NONE)
        self.ids = self.first + np.arange(BLOCK) + 1

    def tables(self) -> dict[str, dict[str, Any]]:
        return {PATIENT: self._patients(), ADMINISTRATION: self._doses(), DECISION: self._decisions()}

    def _patients(self) -> dict[str, Any]:
        kinds = [KINDS[self.made[number].kind] for number in self.template[: self.number]]
        born = self.on - self.random.integers(20 * 365, 95 * 365, BLOCK)[: self.number]
        return {
            "patient_id": self.ids[: self.number], "protocol": [kind.protocol for kind in kinds], "start": _days(self.starts[: self.number]),
            "choices": [kind.choices for kind in kinds], "practice": np.array(PRACTICES)[self.ids[: self.number] % len(PRACTICES)],
            "country": [kind.country for kind in kinds], "birth_date": _days(born), "deficiency": ["confirmed"] * self.number,
            "cause": [kind.cause for kind in kinds], "neurological_involvement": [kind.neurological for kind in kinds],
            "previous_treatment": [kind.previous for kind in kinds], "registered_to": _days(self.moved[: self.number]),
            "died_on": _days(self.died[: self.number]),
        }  # fmt: skip

    def _doses(self) -> dict[str, Any]:
        """Every dose of the template, moved as life moves it: a delay moves what follows, because the next is counted from it."""
        random, made = self.random, self.made
        lengths = np.array([len(template.days) for template in made])
        person = np.repeat(np.arange(BLOCK), lengths[self.template])
        at = np.concatenate([np.arange(lengths[number]) for number in self.template]) if len(person) else person
        offsets = np.cumsum(np.concatenate(([0], lengths)))
        place = offsets[self.template][person] + at
        days = np.concatenate([template.days for template in made])[place]
        amounts = np.concatenate([template.amounts for template in made])[place]
        gap = np.where(at > 0, days - np.roll(days, 1), 0)
        chance = random.random(len(person))
        moved = np.where(chance < 0.10, random.integers(1, 8, len(person)), 0)
        moved = np.where((chance >= 0.10) & (chance < 0.16), gap * random.uniform(0.3, 2.0, len(person)), moved)
        moved = np.where(
            (chance >= 0.16) & (chance < 0.20), -gap * random.uniform(0.05, 0.7, len(person)), moved
        ).astype(int)
        total = np.cumsum(moved)
        before = np.concatenate(([0], np.cumsum(lengths[self.template])))[:-1]
        days = days + total - (total[before.clip(max=len(total) - 1)] - moved[before.clip(max=len(moved) - 1)])[person]
        kept = at < np.maximum(1, np.where(self.lapsed, lengths[self.template] * self.share_kept, 10_000))[person]
        end = np.where(self.died > fold.NONE, self.died, self.on)
        kept &= (days <= np.minimum(end, self.on)[person]) & (person < self.number)
        wrong = random.random(len(person))
        amounts = np.where(wrong < 0.03, amounts // 10, np.where(wrong < 0.05, amounts * 2, amounts))
        twice = kept & (random.random(len(person)) < 0.015)
        elsewhere = np.concatenate([np.zeros(kept.sum(), bool), np.ones(twice.sum(), bool)])
        chosen = np.concatenate([np.flatnonzero(kept), np.flatnonzero(twice)])
        order = np.lexsort((elsewhere, days[chosen], person[chosen]))
        chosen, elsewhere = chosen[order], elsewhere[order]
        whose = self.template[person[chosen]]
        return {
            "patient_id": self.ids[person[chosen]], "date": _days(days[chosen]),
            "substance": _named([SUBSTANCES[template.substance.bit_length() - 1] for template in made], whose),
            "dose_ug": amounts[chosen].astype(np.int32),
            "route": _named([ROUTES[template.route.bit_length() - 1] for template in made], whose),
            "source": _named(["this_site", "other_site"], elsewhere.astype(int)),
        }  # fmt: skip

    def _decided(self, write: _Rows, person: int, chance: Any, soon: int, spread: int) -> None:
        """Decisions that end open phases, some too soon, and the rest of what happens to a person."""
        template = self.made[self.template[person]]
        kind, later = KINDS[template.kind], template.start + 120 + spread
        if template.decided_on > fold.NONE and chance[0] < 0.9:
            write(template.decided_on - (soon if chance[0] < 0.12 else 0), "advance", "no further improvement")
        elif not kind.decided_after and chance[0] < 0.02:
            write(template.start + soon, "advance", "loading cut short")
        if kind.previous == "maintenance":
            write(template.start, "history", "", phase="maintenance", last=template.start - 60)
        if chance[1] < 0.02:
            write(later, "stop", "moved to tablets elsewhere")
        if chance[2] < 0.03:
            write(
                later,
                "change_interval",
                "symptoms return before the dose",
                interval="2 mo" if chance[3] < 0.5 else "10 wk",
            )
        if chance[3] < 0.02:
            write(later, "pause", "", until=later + 60)
        if chance[4] < 0.01:
            write(later + 5, "waive", "abroad")
        if chance[5] < 0.005:
            write(later + 9, "restart", "long gap")

    def _decisions(self) -> dict[str, Any]:
        rows: list[tuple[int, int, str, str, str, int, str, str, str]] = []
        random, chance = self.random, self.random.random((6, BLOCK))
        soon = random.integers(1, 20, BLOCK)
        spread = random.integers(0, 700, BLOCK)
        for person in range(self.number):
            self._decided(
                _Rows(rows, person, self.on), person, chance[:, person], int(soon[person]), int(spread[person])
            )
        columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[]] * 9
        people, day, decision, by, reason, until, interval, phase, last = columns
        empty = [None] * len(rows)
        return {
            "patient_id": self.ids[np.array(people, int)] if rows else np.array([], np.int64), "date": _days(np.array(day, int)),
            "decision": decision, "by": [each or None for each in by], "reason": [each or None for each in reason],
            "interval": [each or None for each in interval], "until": _days(np.array(until, int)), "phase": [each or None for each in phase],
            "last_dose": [each or None for each in last], "doses": pa.array(empty, pa.string()),
        }  # fmt: skip


class _Rows:
    """Adds rows of one person to a block's decisions; none after the day of assessment."""

    def __init__(self, rows: list[Any], person: int, on: int) -> None:
        self.rows, self.person, self.on = rows, person, on

    def __call__(self, day: int, decision: str, reason: str, interval: str = "", until: int = fold.NONE, phase: str = "", last: int = fold.NONE) -> None:  # fmt: skip
        if day > self.on:
            return
        told = str(to_date(last)) if last > fold.NONE else ""
        by = "Dr A. Example" if reason else ""
        self.rows.append((self.person, day, decision, by, reason, until, interval, phase, told))


def _days(days: Any) -> Any:
    days = np.asarray(days)
    return pa.array(days.astype(np.int32), mask=days <= fold.NONE).cast(pa.date32())


def _named(names: list[str], numbers: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), pa.array(names)).cast(pa.string())
