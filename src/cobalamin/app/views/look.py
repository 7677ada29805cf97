"""What is in a practice's list, in words: how it is read, its columns, what can't be read, and its first rows."""

from __future__ import annotations

from pathlib import Path

from cobalamin.app.services.look import Look
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.panel import add_file, screen_of
from cobalamin.app.views.tree import ALARM, STRONG, Depth

_KINDS, _EXAMPLE = 25, 24


def view_of_look(found: Look, file: Path, mapping: Path | None) -> View:
    """How the list is read and by which draft; `mapping`: where the draft is written."""
    screen = screen_of()
    screen.print(screen.say("week.look_title", file=typed(file)), style=STRONG)
    add_file(screen, dict(found.how))
    if found.lost_number:
        told = screen.say("week.look_lost", number=f"{found.lost_number:,}", total=f"{found.lines:,}")
        screen.indented(told, depth=Depth.FLUSH, style=ALARM)
        for reason, number, first in found.lost:
            screen.indented(screen.say("week.look_lost_row", reason=reason, number=f"{number:,}", line=first))
    _add_columns(screen, found)
    if found.lacking:
        screen.indented(screen.say("week.look_no_patient", names=", ".join(found.lacking)), style=ALARM)
    else:
        _add_unread(screen, found)
        _add_rows(screen, found)
    screen.print()
    if found.open:
        names = typed(", ".join(found.open))
        screen.indented(screen.say("week.look_open", names=names), depth=Depth.FLUSH)
    key = "week.look_next" if mapping else "week.look_write"
    screen.indented(screen.say(key, file=typed(file), mapping=typed(mapping)), depth=Depth.FLUSH)
    return screen.view()


def _add_columns(screen: Builder, found: Look) -> None:
    screen.heading(screen.say("week.look_columns"))
    lines = []
    for column in found.columns:
        carried = screen.say("week.look_carried") if column.carried else ""
        taken = ", ".join(filter(None, (column.taken_for, carried))) or screen.say("week.look_not_used")
        examples = " | ".join(_cut(each) for each in column.examples)
        key = "week.look_cells" if column.filled else "week.look_empty"
        lines.append((column.name, taken, screen.say(key, filled=f"{column.filled:,}", examples=typed(examples))))
    titles = tuple(screen.say(f"week.look_column_{name}") for name in ("name", "taken"))
    screen.columns((*titles, screen.say("columns.what")), lines, [bool(column.taken_for) for column in found.columns])


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _EXAMPLE else f"{line[: _EXAMPLE - 1]}…"


def _add_unread(screen: Builder, found: Look) -> None:
    screen.heading(screen.say("week.look_unread_title"))
    if not found.unread:
        screen.indented(screen.say("week.look_unread_none"))
    for _, name, detail, number in found.unread[:_KINDS]:
        screen.indented(typed(screen.say("week.cells_row", column=name, detail=detail, number=f"{number:,}")))
    if len(found.unread) > _KINDS:
        screen.indented(screen.say("week.cells_more", number=len(found.unread) - _KINDS))


def _add_rows(screen: Builder, found: Look) -> None:
    """Each row with what it says, and what of it can't be read."""
    screen.heading(screen.say("week.look_rows_title"))
    for line, row, unread in found.rows:
        cells = ", ".join(f"{name} {value}" for name, value in row.items() if value and name not in unread)
        wrong = screen.say("panel.why_cells", cells=", ".join(unread)) if unread else ""
        told = screen.say("week.look_row", line=line, cells=typed("; ".join(filter(None, (cells, wrong)))))
        screen.indented(told)
