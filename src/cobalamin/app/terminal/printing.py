"""A view printed on a terminal: paragraphs broken at its width, tables in columns or stacked, figures in letters."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from cobalamin.app.terminal import columns, console, figures, paging
from cobalamin.app.views import callouts, tree
from cobalamin.app.views.builder import View
from cobalamin.app.views.tree import ALARM, ASIDE, QUIET, STRONG, WARNING, Depth, Paragraph
from cobalamin.records import replace

LEAST_WIDTH = 40
_INDENTS = {
    Depth.FLUSH: 0,
    Depth.BODY: 2,
    Depth.DETAIL: 4,
    Depth.ENTRY: 5,
    Depth.ENTRY_DETAIL: 7,
    Depth.QUOTED: 8,
}
STYLES = {"": "", STRONG: "bold", ALARM: "bold red", WARNING: "bold yellow", QUIET: "dim", ASIDE: "italic"}


def print_view(view: View, error: bool = False) -> None:
    """Print the view on standard output, by screens where it is long, or on standard error what is no answer yet."""
    out = console.way_out(error)
    with nullcontext() if error else paging.by_screens(out):
        printer = Printer(view, out)
        for node in view.nodes:
            printer.show(node)


class Printer:
    """Prints the nodes of one view, one after the other."""

    def __init__(self, view: View, out: Any) -> None:
        self.view, self.out = view, out

    def show(self, node: tree.Node) -> None:
        if isinstance(node, tree.Figure):
            figures.draw(self, node)
            return
        _PRINTED[type(node)](self, node)

    # -- nodes -------------------------------------------------------------------------------------------------------

    def heading(self, node: tree.Heading) -> None:
        self.line()
        self.line(node.text, STRONG)

    def paragraph(self, node: Paragraph) -> None:
        text = f"{'- ' if node.item else ''}{node.command or node.text}"
        space = " " * _INDENTS[node.depth]
        lines = textwrap.wrap(
            columns.KEPT_WHOLE.sub(columns.NO_BREAK, text) if node.whole else text,
            max(self.out.width, LEAST_WIDTH),
            initial_indent=space,
            subsequent_indent=space,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self.straight("\n".join(lines).replace(columns.NO_BREAK, " "), node.emphasis)

    def table(self, node: tree.Table) -> None:
        columns.show(self, node)

    def callout(self, node: tree.Callout) -> None:
        first, *others = callouts.paragraphs(node, self.view.say, self.view.plain)
        self.paragraph(replace(first, emphasis=WARNING) if node.kind == WARNING else first)
        for each in others:
            self.paragraph(each)

    def alarms(self, node: tree.Alarms) -> None:
        for each in callouts.leading_paragraphs(node, self.view.say, self.view.plain):
            self.paragraph(each)
        self.line()

    def sources(self, node: tree.Sources) -> None:
        self.line()
        self.line(node.heading, STRONG)
        for each in node.sources:
            self.paragraph(Paragraph(f"[{each.number}] {each.text} {each.address}".rstrip()))

    def closing(self, node: tree.Closing) -> None:
        if not node.joined:
            self.line()
        if node.translation:
            self.paragraph(Paragraph(node.translation, Depth.FLUSH, ASIDE))
        self.line(node.note, ASIDE)

    # -- lines -------------------------------------------------------------------------------------------------------

    def line(self, text: str = "", emphasis: str = "") -> None:
        """A line, broken where it is wider than the terminal."""
        broken = console.broken(text, self.out.width)
        if broken is None:
            self.out.print(text, style=STYLES[emphasis] or None, markup=False)
        else:
            self.straight(broken, emphasis)

    def straight(self, text: str, emphasis: str = "") -> None:
        """Lines as long as they are; straight to the stream where nothing is coloured: to lay them out costs more than all else."""
        if emphasis and self.out.color_system:
            self.out.print(text, style=STYLES[emphasis], markup=False, soft_wrap=True)
            return
        self.out.file.write(f"{text}\n")
        self.out.file.flush()


_PRINTED: dict[type, Callable[[Printer, Any], None]] = {
    tree.Heading: Printer.heading,
    tree.Line: lambda printer, node: printer.line(node.text, node.emphasis),
    tree.Paragraph: Printer.paragraph,
    tree.Gap: lambda printer, _: printer.line(),
    tree.Table: Printer.table,
    tree.Callout: Printer.callout,
    tree.Alarms: Printer.alarms,
    tree.Sources: Printer.sources,
    tree.Closing: Printer.closing,
}
