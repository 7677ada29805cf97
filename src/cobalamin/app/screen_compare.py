"""A comparison as text: a table of figures, a small time axis for each protocol, the differences with their causes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from cobalamin.app.compare_words import (
    CHECKED,
    WHY,
    cause_words,
    given_parts,
    given_words,
    marks_of,
    mass_words,
    standing_words,
    why_undated,
)
from cobalamin.app.render_compare import assumption_words
from cobalamin.app.screen import Screen, shown
from cobalamin.app.text_axis import LEGEND, early_axis, months_axis, ruler
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case import Case
from cobalamin.therapy.comparison import Compared, Comparison
from cobalamin.therapy.comparison_causes import CHECKS, TITLES, Cause, Difference, days_words
from cobalamin.therapy.comparison_checks import Check
from cobalamin.therapy.comparison_ways import ONLY
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.published_words import either

SHOWN = 8
PLAIN_TITLES = {
    "substance": "Form of vitamin B12",
    "dose": "Dose",
    "loading": "At the start",
    "maintenance": "How often after that",
    "route": "How it is given",
    "end": "How long",
    CHECKS: "Blood tests and reviews",
}
_WHOLE = re.compile(r"(?<=\d) (?=(?:mg|mcg|microgram|dose|day|month|week|to \d)s?)|(?<=to) (?=\d)")
_KEPT = "\ue000"  # stands for a space that must not break


def paragraph(screen: Screen, text: str, indent: int = 2, style: str = "") -> None:
    """A paragraph in which no number is parted from its unit (hazard H34)."""
    lines = textwrap.wrap(
        _WHOLE.sub(_KEPT, screen.spelled(text)),
        max(screen.out.width, 40),
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    shown_lines = shown("\n".join(lines).replace(_KEPT, " "))
    screen.out.print(shown_lines, style=style or None, markup=False, soft_wrap=True)


def shown_of(comparison: Comparison, everything: bool, most: int = SHOWN) -> Comparison:
    """The comparison of what is shown: all, or what was named and then the first in order."""
    if everything:
        return comparison
    named = [each.id for each in comparison.compared if each.named]
    ids = [*named, *(each.id for each in comparison.compared if each.id not in named)]
    return comparison.among(ids[: max(most, len(named))])


def show_comparison(comparison: Comparison, case: Case, library: Library, plain: bool, everything: bool) -> None:
    """Print the comparison."""
    screen = Screen(library, plain, comparison.country)
    shown = shown_of(comparison, everything)
    number, total = len(shown.compared), len(comparison.compared)
    screen.print(
        f"{case.patient.id}: {total} protocol{'' if total == 1 else 's'} compared from {date_words(comparison.start)}",
        style="bold",
    )
    if number < total:
        drawn = {each.id for each in shown.compared}
        left = [each.id for each in comparison.compared if each.id not in drawn]
        paragraph(screen, f"Shown are {number}; not shown (--all): {', '.join(left)}", indent=0)
    if not shown.compared:
        _nothing(screen, comparison)
        return
    paragraph(
        screen,
        "A range from which nobody has chosen is told at both ends. Where loading ends by a decision, the fewest doses leave "
        "it on the first decision date and the most go on with it.",
        indent=0,
    )
    _table(screen, shown)
    _each(screen, shown)
    _common(screen, comparison)
    _differences(screen, shown, everything)
    _other_disagreements(screen, shown, everything)
    _remarks(screen, comparison)
    screen.sources()
    screen.closing()


def _nothing(screen: Screen, comparison: Comparison) -> None:
    needs = comparison.proposal.needs
    paragraph(
        screen, "Nothing can be compared yet." if comparison.waits else "No protocol of the library fits this patient."
    )
    for number, need in enumerate(needs[:5], 1):
        paragraph(screen, f"{number}. {need.plain if screen.plain else need.question} ({need.fact})")
    screen.closing()


# -- the table -------------------------------------------------------------------------------------------------------


def _table(screen: Screen, shown: Comparison) -> None:
    """Figures side by side; what has no room here stands beneath as well."""
    from rich.table import Table

    for later_mass, year in ((True, True), (False, True), (True, False), (False, False)):
        rows = [_row(number, each, shown.country, year, later_mass) for number, each in enumerate(shown.compared, 1)]
        titles = ["", "Protocol", f"First {shown.days} days", *(["First year"] if year else []), "A year after loading"]
        wide = [max(_widest(cell) for cell in cells) for cells in zip(titles, *rows, strict=True)]
        if sum(wide) + 2 * len(wide) <= screen.out.width:
            break
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    for title, width in zip(titles, wide, strict=True):
        table.add_column(title, no_wrap=True, min_width=width)
    for row in rows:
        table.add_row(*row)
    screen.print()
    screen.out.print(table, markup=False, soft_wrap=True)


def _widest(cell: str) -> int:
    return max(len(line) for line in cell.split("\n"))


def _row(number: int, each: Compared, country: str, year: bool, later_mass: bool) -> list[str]:
    figures = each.figures
    if figures is None:
        return [f"{number}", each.id, "no dates, see below", *([""] if year else []), ""]
    told = (figures.early, figures.year)[: 1 + year]
    cells = ["\n".join([*given_parts(part), mass_words(part, country)]) for part in told]
    after = figures.maintenance
    later = "\n".join(given_parts(after)) if after else "not described"
    return [f"{number}", each.id, *cells, f"{later}\n{mass_words(after, country)}" if after and later_mass else later]


# -- one protocol ----------------------------------------------------------------------------------------------------

_AXIS_AT = 14  # characters before an axis


def _each(screen: Screen, shown: Comparison) -> None:
    screen.heading("One by one")
    paragraph(screen, LEGEND, indent=0, style="dim")
    screen.print()
    screen.print(f"{' ' * _AXIS_AT}{ruler(shown.start, shown.days)}", style="dim")
    for number, (each, side) in enumerate(zip(shown.compared, shown.sides, strict=True), 1):
        marks = marks_of(each)
        paragraph(screen, f"{number}. {each.id}  {each.protocol.title}{f'  [{marks}]' if marks else ''}", style="bold")
        _axes(screen, each, shown)
        paragraph(
            screen,
            f"{standing_words(each)}; {each.protocol.country}, {each.protocol.kind.replace('_', ' ')}, "
            f"{CHECKED[each.level] if screen.plain else f'checked: {each.level}'} "
            f"{screen.marks(side.regimen.content.phases[0].cites)}",
            indent=5,
        )
        paragraph(screen, f"For: {each.content.population}", indent=5)
        _figures(screen, each, shown)
        _left_open(screen, each, shown)
        _checks(screen, [check for check in each.checks if check not in shown.common_checks])
        screen.print()


def _axes(screen: Screen, each: Compared, shown: Comparison) -> None:
    if each.figures is None:
        paragraph(screen, f"{why_undated(each, screen.plain)}.", indent=5, style="bold")
        return
    for way in each.ways:
        name = "" if way.end == ONLY else way.end
        early, months = early_axis(way, shown.start, shown.days), months_axis(way, shown.start, shown.days)
        screen.print(f"     {name:<{_AXIS_AT - 5}}{early}  {months}".rstrip())


def _figures(screen: Screen, each: Compared, shown: Comparison) -> None:
    if each.figures is None:
        return
    parts = [(f"first {shown.days} days", each.figures.early), ("first year", each.figures.year)]
    parts += [("a year after loading", each.figures.maintenance)] if each.figures.maintenance else []
    told = "; ".join(f"{name} {given_words(part)}, {mass_words(part, shown.country)}" for name, part in parts)
    paragraph(screen, f"{told[:1].upper()}{told[1:]}.", indent=5)


def _left_open(screen: Screen, each: Compared, shown: Comparison) -> None:
    if each.choices:
        chosen = ", ".join(f"{key} = {value}" for key, value in sorted(each.choices.items()))
        paragraph(screen, f"Chosen: {chosen}", indent=5)
    if each.open_choices and each.figures:
        keys = [key.replace("_", " ") if screen.plain else key for key in each.open_choices]
        paragraph(screen, f"Told at both ends: {', '.join(keys)}", indent=5)
    if each.undated and each.figures:
        paragraph(screen, f"Without dates, because no interval is stated: {either(each.undated)}", indent=5)
    for phase, _ in each.ways[0].decided if each.ways else ():
        paragraph(screen, f"Fewest: {assumption_words(phase, shown)}", indent=5)


def _checks(screen: Screen, checks: Iterable[Check]) -> None:
    """Checks of the same days for the same reason stand in one line."""
    groups: dict[tuple[tuple[int, ...], str], list[Check]] = {}
    for check in checks:
        groups.setdefault((check.days, check.text), []).append(check)
    for (days, text), group in sorted(groups.items()):
        names = [_marker(screen, check.marker) for check in group if check.marker]
        cites = tuple(dict.fromkeys(cite for check in group for cite in check.cites))
        what = (
            f"{'Blood test' if screen.plain else 'Check'}, {days_words(days)}: {', '.join(names)}"
            if names
            else f"Review, {days_words(days)}"
        )
        paragraph(screen, f"{what}: {text} {screen.marks(cites)}", indent=5)


def _marker(screen: Screen, marker: str) -> str:
    record = screen.library.markers[marker]
    return str(record["plain"] if screen.plain and "plain" in record else record["name"])


def _common(screen: Screen, comparison: Comparison) -> None:
    if comparison.common_checks:
        screen.heading("The same checks with all of them")
        _checks(screen, comparison.common_checks)


# -- differences -----------------------------------------------------------------------------------------------------


def _differences(screen: Screen, shown: Comparison, everything: bool) -> None:
    screen.heading("Where they differ, and why" if shown.differences else "They do not differ")
    for difference in shown.differences:
        screen.print()
        titles = PLAIN_TITLES if screen.plain else TITLES
        paragraph(screen, titles[difference.aspect], style="bold")
        for position in difference.positions:
            text = position.plain if screen.plain else position.text
            paragraph(screen, f"- {text}: {', '.join(position.protocols)} {screen.marks(position.cites)}", indent=4)
        for cause in difference.causes:
            _cause(screen, cause, difference, everything)


def _cause(screen: Screen, cause: Cause, difference: Difference, everything: bool) -> None:
    why = f"Why: {cause_words(cause, difference.aspect, screen.plain)}"
    entry = cause.disagreement
    if entry is None:
        paragraph(screen, f"{why}{_between(cause)}", indent=4)
        return
    paragraph(screen, f"{why} {entry.topic[:1].upper()}{entry.topic[1:]} [{entry.id}]:", indent=4)
    held = {protocol for position in difference.positions for protocol in position.protocols}
    for side in entry.sides:
        if not held.isdisjoint(side.protocols) or everything:
            paragraph(screen, f"{side.plain if screen.plain else side.position} {screen.marks(side.cites)}", indent=8)


def _between(cause: Cause) -> str:
    """The pairs, where they are few enough to read."""
    if len(cause.pairs) > 3:
        return ""
    return " Between " + "; ".join(f"{one} and {other}" for one, other in cause.pairs) + "."


def _other_disagreements(screen: Screen, shown: Comparison, everything: bool) -> None:
    """What sources dispute about this patient beyond the regimens above."""
    told = {cause.disagreement.id for entry in shown.differences for cause in entry.causes if cause.disagreement}
    rest = [entry for entry in shown.disagreements if entry.id not in told]
    listed = rest if everything else [entry for entry in rest if entry.id.startswith("c-")]
    if not rest:
        return
    screen.heading("Sources also disagree about")
    for entry in listed:
        word = WHY[entry.cause] if screen.plain else entry.cause
        paragraph(screen, f"{entry.topic} (why: {word}) [{entry.id}]")
        for side in entry.sides:
            paragraph(screen, f"- {side.plain if screen.plain else side.position} {screen.marks(side.cites)}", indent=4)
    if len(rest) > len(listed):
        left = ", ".join(entry.topic for entry in rest if entry not in listed)
        paragraph(screen, f"and (--all): {left}", style="dim")


def _remarks(screen: Screen, comparison: Comparison) -> None:
    for entry in comparison.guidance:
        paragraph(screen, f"{entry.id} is guidance: it has no schedule of its own ({entry.title}).", indent=0)
    for key, protocol in comparison.not_applied:
        paragraph(
            screen, f"{key}: the value chosen lies outside the range of {protocol}; it is told at both ends.", indent=0
        )
