"""Figures drawn in letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cobalamin.app.terminal.axis import early_axis, months_axis, ruler
from cobalamin.app.views.figures import Audit, Axis, Months, Ruler
from cobalamin.app.views.tree import QUIET, Depth, Figure, Paragraph

if TYPE_CHECKING:
    from cobalamin.app.terminal.printing import Printer

_AXIS_AT = 14  # characters before an axis
_LONGEST_BAR = 40


def draw(printer: Printer, figure: Figure) -> None:
    _DRAWN[type(figure)](printer, figure)


def _ruler(printer: Printer, figure: Ruler) -> None:
    printer.paragraph(Paragraph(figure.legend, Depth.FLUSH, QUIET, whole=True))
    printer.line()
    printer.line(f"{' ' * _AXIS_AT}{ruler(figure.start, figure.days, printer.view.say)}", QUIET)


def _axis(printer: Printer, figure: Axis) -> None:
    drawn = (axis(figure.way, figure.start, figure.days) for axis in (early_axis, months_axis))
    printer.line(f"     {figure.name:<{_AXIS_AT - 5}}{'  '.join(drawn)}".rstrip())


def _audit(printer: Printer, figure: Audit) -> None:
    width = max((len(measure.name) for measure in figure.measures), default=0)
    for each in figure.measures:
        printer.line(f"  {each.id:<4}{each.name:<{width}}  {each.share:>5}  {each.counts}")
        for note in each.notes:
            printer.paragraph(Paragraph(note, Depth.QUOTED, QUIET))


def _months(printer: Printer, figure: Months) -> None:
    for each in figure.months:
        share, bar = "" if each.share is None else f"{each.share:.0%}", "#" * round(_LONGEST_BAR * (each.share or 0))
        printer.line(f"  {each.month}  {each.dated:>9,}  {each.late:>8,}  {share:>5}  {bar}")


_DRAWN: dict[type[Figure], Callable[[Printer, Any], None]] = {
    Ruler: _ruler,
    Axis: _axis,
    Audit: _audit,
    Months: _months,
}
