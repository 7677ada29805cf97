"""A practice's list in, everybody in parts out: read, folded and listed in one go. Between two runs nothing of it stays on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct

from cobalamin.app.services import panels, planning, shipped
from cobalamin.app.services.files import read_bytes
from cobalamin.errors import InputError
from cobalamin.therapy.case.event_words import MARKERS


class WeekOptions(Struct, frozen=True):
    """`mapping`: which column is which; `outcomes`: what came of earlier calls; `slots`: appointments of this week."""

    mapping: Path
    policy: Path | None = None
    outcomes: Path | None = None
    slots: int = 0


def week_of(file: Path, on: date, options: WeekOptions, progress: panels.Progress = panels.unwatched) -> Any:
    """The `Week` of a list. Raises InputError."""
    from cobalamin.population import csv_list, csv_mapping
    from cobalamin.population.outcomes import Outcomes, read_outcomes
    from cobalamin.population.week import week

    refuse_no_file(file)
    mapping = csv_mapping.read_mapping(read_bytes(options.mapping), str(options.mapping), shipped.library())
    read = csv_list.read_list(file, mapping, on)
    ids = frozenset(line.row["patient_id"] for line in read.people)
    outcomes = read_outcomes(options.outcomes, mapping, ids, on) if options.outcomes else Outcomes()
    with opened_panel(read, mapping, on, options.policy, progress) as panel:
        return week(panel, read, mapping, outcomes, options.slots)


def refuse_no_file(file: Path) -> None:
    """Raise InputError where the list is no file."""
    if not file.is_file():
        raise InputError.one(str(file), "", "can't be read as a list; give a CSV file with one line a person")


@contextmanager
def opened_panel(
    read: Any, mapping: Any, on: date, policy: Path | None, progress: panels.Progress = panels.unwatched
) -> Iterator[Any]:
    """The panel of a list that was read, in a folder that only its owner can look into and that is removed afterwards."""
    from cobalamin.population import csv_list
    from cobalamin.population.panel import Building, build, open_panel

    library = shipped.library()
    with TemporaryDirectory(prefix="cobalamin-") as name:
        folder = Path(name)
        tables = folder / panels.TABLES
        tables.mkdir()
        kept = csv_list.keep_list(read, mapping, on, tables)
        building = Building(
            library, panels.reader(library), on, planning.policy_from(policy), MARKERS, workers=1, compiled=False,
            unread=tuple(kept.unread), files=tuple(kept.files), notes=tuple(kept.notes),
        )  # fmt: skip
        build((tables,), folder, building, progress)
        panel = open_panel(folder)
        with closing(panel.con):
            yield panel
