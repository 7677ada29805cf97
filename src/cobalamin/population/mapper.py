"""Sorted Arrow batches of events in, Arrow batches of panel rows out: the one mapper of every engine.

A person may stretch over batches: the rows of the last one are carried to the next batch, so memory is a batch and a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cobalamin.population import following
from cobalamin.population.compiled import compiled_loop
from cobalamin.population.events_sql import STREAM
from cobalamin.population.following import AT_FIRST, HEADER, PANEL, SKIPPED, Profile
from cobalamin.population.profiles import Ladders
from cobalamin.population.tables import ADMINISTRATION, DECISION, PATIENT, REASONS, TABLES
from cobalamin.therapy import fold
from cobalamin.therapy.fold.status import STATUSES

SET_ASIDE = "rows_set_aside"
PANEL_COLUMNS = (*PANEL, SET_ASIDE)


@dataclass
class Counts:
    """What a mapper has seen: rows used by table, rows set aside by table and reason, months by stage and status."""

    months: np.ndarray[Any, Any]
    used: dict[str, int] = field(default_factory=lambda: dict.fromkeys((PATIENT, ADMINISTRATION, DECISION), 0))
    aside: dict[tuple[str, int], int] = field(default_factory=dict)
    people: int = 0


@dataclass(frozen=True)
class Mapping:
    """What every batch is folded with. `months`: month ends at which everybody is counted, as days since 1970-01-01."""

    ladders: Ladders
    on: int
    since: int
    months: tuple[int, ...] = ()
    compiled: bool = False

    def no_counts(self) -> Counts:
        return Counts(np.zeros((len(self.months), 2, len(STATUSES)), np.int64))


def panel_schema(patient_id: pa.DataType) -> pa.Schema:
    return pa.schema([("patient_id", patient_id), *((name, pa.int32()) for name in PANEL_COLUMNS)])


def map_batches(batches: Iterable[pa.RecordBatch], mapping: Mapping, counts: Counts) -> Iterator[pa.RecordBatch]:
    """A panel batch for each batch of events sorted by patient and key."""
    folder = _Folder(mapping, counts)
    carried: pa.Table | None = None
    for batch in batches:
        if not batch.num_rows:
            continue
        table = pa.Table.from_batches([batch])
        table = pa.concat_tables([carried, table]) if carried is not None else table
        begins = _begins(table)
        last = int(begins[-1])
        carried = table.slice(last)
        if last:
            yield folder.fold(table.slice(0, last), begins)
    if carried is not None and carried.num_rows:
        yield folder.fold(carried, np.array([0]))


def _begins(table: pa.Table) -> np.ndarray[Any, Any]:
    """The number of each person's first row."""
    ids = table.column("patient_id").combine_chunks()
    other = pc.not_equal(ids.slice(1), ids.slice(0, len(ids) - 1))
    return np.concatenate(([0], np.flatnonzero(other.to_numpy(zero_copy_only=False)) + 1))


class _Folder:
    """Folds whole people; holds the ladders in the form that the loop takes."""

    def __init__(self, mapping: Mapping, counts: Counts) -> None:
        self.mapping, self.counts = mapping, counts
        ladders = mapping.ladders
        rungs, windows = tuple(ladders.rungs), ladders.windows
        self.loop: Any = following.follow_people
        self.fixed: tuple[Any, ...] = (tuple(ladders.profiles), ladders.phase_rows, ladders.stages, rungs, windows)
        self.months: Any = list(mapping.months)
        if mapping.compiled:
            self.loop = compiled_loop()
            phase_rows = np.array(ladders.phase_rows or [()], np.int64).reshape(len(ladders.profiles), -1)
            stages = np.array(ladders.stages, np.int64)
            self.fixed = (
                _records(ladders.profiles, Profile),
                phase_rows,
                stages,
                _records(rungs, fold.Rung),
                _records(windows, fold.WindowRow),
            )
            self.months = np.array(mapping.months, np.int64)

    def fold(self, table: pa.Table, begins: np.ndarray[Any, Any]) -> pa.RecordBatch:
        table = table.combine_chunks()
        columns = tuple(table.column(name).to_numpy().astype(np.int64, copy=False) for name in STREAM)
        firsts = begins[begins < table.num_rows]
        columns = in_order_of_ids(table, columns, firsts)
        edges = np.append(firsts, table.num_rows)
        panel = np.zeros((len(firsts), len(PANEL)), np.int64)
        plain = not self.mapping.compiled
        arrays = tuple(column.tolist() for column in columns) if plain else columns
        ends = edges.tolist() if plain else edges.astype(np.int64)
        self.loop(
            ends, arrays, *self.fixed, self.mapping.on, self.mapping.since, panel, self.months, self.counts.months
        )
        aside = self._count(columns, firsts, panel)
        numbers = [pa.array(panel[:, number].astype(np.int32)) for number in range(len(PANEL))]
        ids = table.column("patient_id").combine_chunks().take(pa.array(firsts))
        return pa.RecordBatch.from_arrays(
            [ids, *numbers, pa.array(aside.astype(np.int32))], names=["patient_id", *PANEL_COLUMNS]
        )

    def _count(
        self, columns: tuple[np.ndarray[Any, Any], ...], firsts: np.ndarray[Any, Any], panel: np.ndarray[Any, Any]
    ) -> np.ndarray[Any, Any]:
        """Count what is used and what is set aside; returns the rows set aside of each person."""
        _, bits, code, _ = columns
        kind, table, said = (bits & 31) - 3, (bits >> 5) & 7, bits >> 11
        out = kind == SKIPPED
        header = (kind == fold.PLAN) & (said & HEADER != 0)
        once = said & AT_FIRST == 0  # what is known by its month stands twice
        doses = (kind == fold.ADMINISTRATION) & once
        twice = int(panel[:, 0][panel[:, 0] > 1].sum())  # rows of the patient table whose id stands there again
        counts = self.counts
        counts.people += len(firsts)
        counts.used[PATIENT] += int(header.sum()) - twice
        counts.used[ADMINISTRATION] += int(doses.sum())
        counts.used[DECISION] += int(once.sum() - out.sum() - header.sum() - doses.sum())
        if twice:
            _add(counts.aside, (PATIENT, REASONS.index("two rows of the patient table have this patient_id")), twice)
        if out.any():
            for pair, number in zip(
                *np.unique(np.stack([table[out], code[out]], 1), axis=0, return_counts=True), strict=True
            ):
                _add(counts.aside, (TABLES[pair[0]], int(pair[1])), int(number))
        aside = np.add.reduceat(out.astype(np.int64), firsts) if len(firsts) else np.zeros(0, np.int64)
        return aside + np.where(panel[:, 0] > 1, panel[:, 0], 0)


def in_order_of_ids(
    table: pa.Table, columns: tuple[np.ndarray[Any, Any], ...], firsts: np.ndarray[Any, Any]
) -> tuple[np.ndarray[Any, Any], ...]:  # fmt: skip
    """The columns with the place of its id as `until` of each dose of a day on which one was given as planned.

    Only then the order of the stream, which compares ids last, does not tell the order of ids. A dose has no `until` of its own.
    """
    keys, bits, code, until = columns
    planned = np.flatnonzero(((bits >> 11) & fold.AS_PLANNED != 0) & ((bits & 31) - 3 == fold.ADMINISTRATION))
    if "tie" not in table.column_names or not len(planned):
        return columns
    until = until.copy()
    for at in planned.tolist():
        person = int(np.searchsorted(firsts, at, "right")) - 1
        end = int(firsts[person + 1]) if person + 1 < len(firsts) else table.num_rows
        same = np.flatnonzero(keys[int(firsts[person]) : end] >> 39 == keys[at] >> 39) + int(firsts[person])
        ids = table.column("tie").slice(int(same[0]), len(same)).to_pylist()
        until[same] = np.argsort(np.argsort(np.array(ids, object), kind="stable"), kind="stable")
    return keys, bits, code, until


def _add(counts: dict[tuple[str, int], int], key: tuple[str, int], number: int) -> None:
    counts[key] = counts.get(key, 0) + number


def _records(rows: Iterable[tuple[int, ...]], shape: Any) -> np.ndarray[Any, Any]:
    return np.array([tuple(row) for row in rows], dtype=[(name, np.int64) for name in shape._fields])


def warm(mapping: Mapping) -> None:
    """Have the loop compiled once, before several processes would each wait for the compiler."""
    if mapping.compiled:
        nothing = pa.table(
            {"patient_id": pa.array([], pa.int64()), **{name: pa.array([], pa.int64()) for name in STREAM}}
        )
        _Folder(mapping, mapping.no_counts()).fold(nothing, np.array([0]))
