"""Figures drawn in letters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cobalamin.app.terminal.axis import early_axis, months_axis, ruler
from cobalamin.app.views.figures import Audit, Axis, Bar, Bars, Months, Ruler, Topics
from cobalamin.app.views.tree import QUIET, STRONG, Depth, Figure, Paragraph

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


def _bars(printer: Printer, figure: Bars) -> None:
    printer.paragraph(Paragraph(figure.typed, Depth.FLUSH, QUIET))
    for each in figure.bars:
        printer.line()
        printer.paragraph(Paragraph(f"{each.name}{f'  [{each.mark}]' if each.mark else ''}", Depth.FLUSH, STRONG))
        printer.paragraph(Paragraph(f"{each.about}; {each.level}", Depth.BODY, QUIET))
        told = each.undated or f"{bar_letters(each, figure.widest)}  {each.mass}, {each.given}"
        printer.paragraph(Paragraph(told, Depth.BODY, whole=True))


def bar_letters(bar: Bar, widest: int) -> str:
    """ "##====----": given first, later, and up to the most."""
    ends = [
        min(mass, widest) for mass in (bar.before, bar.before + bar.later, widest if bar.most is None else bar.most)
    ]
    first, least, most = (-(-end * _LONGEST_BAR // widest) if widest else 0 for end in ends)
    return "#" * first + "=" * (least - first) + "-" * (most - least)


def _topics(printer: Printer, figure: Topics) -> None:
    for topic in figure.topics:
        why = f"{figure.why}: {'; '.join(topic.why)}"
        printer.paragraph(Paragraph(f"{topic.name}. {why}", Depth.FLUSH, STRONG))
        for says in topic.says:
            printer.paragraph(Paragraph(f"{says.text} ({'; '.join(says.names)}) {says.cites}", Depth.BODY, item=True))


_DRAWN: dict[type[Figure], Callable[[Printer, Any], None]] = {
    Ruler: _ruler,
    Axis: _axis,
    Audit: _audit,
    Months: _months,
    Bars: _bars,
    Topics: _topics,
}
