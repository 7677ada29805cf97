"""What is in a practice's list before anybody has described it: read once by a draft of its mapping. Nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from cobalamin.app.services import shipped
from cobalamin.app.services.settings import read_settings
from cobalamin.app.services.week_list import opened_panel, refuse_no_file

ROWS = 10
_OPEN = ': "?"'
_WORDS_OF = ("cause", "neurological_involvement", "sex", "interval", "died_on", "registered_to")


class Look(Struct, frozen=True):
    """A list as a draft of its mapping reads it. `how`: encoding, separator and heading; `columns`: as `population.draft.Column`.

    `unread`: (our column, its own name, what is wrong, how often); `lost`: (reason, how often, first line); `rows`: the first ones, by
    our columns, with the cells that can't be read.
    """

    how: Mapping[str, Any]
    lines: int
    columns: tuple[Any, ...]
    lacking: tuple[str, ...]
    unread: tuple[tuple[str, str, str, int], ...]
    lost: tuple[tuple[str, int, int], ...]
    rows: tuple[tuple[int, Mapping[str, str], tuple[str, ...]], ...]
    open: tuple[str, ...]
    draft: str

    @property
    def lost_number(self) -> int:
        return sum(number for _, number, _ in self.lost)


def look_at(file: Path, on: date) -> Look:
    """What is in the list. Raises InputError for a file that is none."""
    from cobalamin.population import draft as drafts
    from cobalamin.population.csv_files import CsvTable

    refuse_no_file(file)
    library = shipped.library()
    units = tuple(library.markers["serum_b12"]["units"])
    table = CsvTable(file, (), likeness=drafts.likeness)
    records = list(table.rows())
    line = table.how["heading_line"]
    draft = drafts.draft_of(
        table.columns, [cells for _, cells in records], line, {unit.casefold(): unit for unit in units}
    )
    read = _Read() if draft.lacking else _read(file, draft.mapping(units), on)
    by_line = {number: dict(zip(table.columns, cells, strict=True)) for number, cells in records}
    words = _unread_words(read, draft.used, by_line)
    allowed: dict[str, Sequence[str]] = {
        "interval": ("12 wk", "3 mo", "and so on"),
        **dict.fromkeys(("died_on", "registered_to"), ("yes", "no")),
        **{name: library.facts[name].values for name in ("cause", "neurological_involvement") if name in library.facts},
    }
    text = drafts.mapping_text(draft, words, allowed, read_settings().country)
    unread = tuple((cell, draft.used.get(cell, cell), detail, number) for cell, detail, number in read.cells)
    return Look(
        table.how, len(records) + len(table.unreadable), draft.columns, draft.lacking, unread, read.lost, read.rows, _open(text), text
    )  # fmt: skip


class _Read(Struct, frozen=True):
    cells: tuple[tuple[str, str, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()  # (our column, line) of each cell that can't be read
    lost: tuple[tuple[str, int, int], ...] = ()
    rows: tuple[tuple[int, Mapping[str, str], tuple[str, ...]], ...] = ()


def _read(file: Path, mapping: Any, on: date) -> _Read:
    """The list as `panel today` reads it, by a mapping under which nobody has a plan."""
    from cobalamin.population.csv_list import read_list
    from cobalamin.population.week import unread_cells

    read = read_list(file, mapping, on)
    with opened_panel(read, mapping, on, None) as panel:
        cells = unread_cells(panel)
        places = panel.rows("SELECT cell, line FROM aside WHERE \"table\" = 'patient' AND cell <> ''")
        lost = panel.rows(
            """SELECT reason, count(*) AS number, min(line) AS first FROM aside WHERE "table" = 'patient' AND cell = ''
            GROUP BY 1 ORDER BY 2 DESC, 1"""
        )
    wrong: dict[int, list[str]] = {}
    for each in places:
        wrong.setdefault(each["line"], []).append(each["cell"])
    first = sorted(read.people, key=lambda line: line.number)[:ROWS]
    rows = tuple(
        (line.number, {name: line.row.get(name, "") for name in mapping.columns}, tuple(wrong.get(line.number, ())))
        for line in first
    )
    return _Read(
        cells, tuple((each["cell"], each["line"]) for each in places),
        tuple((each["reason"], each["number"], each["first"]) for each in lost), rows,
    )  # fmt: skip


def _unread_words(
    read: _Read, used: Mapping[str, str], by_line: Mapping[int, Mapping[str, str]]
) -> dict[str, Sequence[tuple[str, int]]]:
    """By column, the words as they stand in the cells that can't be read, the most frequent first; of days only whole words."""
    from cobalamin.population.csv_mapping import small

    found: dict[str, Counter[str]] = {}
    for cell, line in read.places:
        text = by_line.get(line, {}).get(used.get(cell, ""), "")
        is_day = cell in ("died_on", "registered_to") and any(sign.isdigit() for sign in text)
        if cell in _WORDS_OF and text and not is_day:
            found.setdefault(cell, Counter())[small(text)] += 1
    return {name: words.most_common() for name, words in sorted(found.items())}


def _open(text: str) -> tuple[str, ...]:
    """The keys of the draft that are left open."""
    keys = (line.split(_OPEN)[0].strip() for line in text.splitlines() if _OPEN in line and not line.startswith("#"))
    return tuple(dict.fromkeys(keys))
