"""A comparison as text: a table of figures, a small time axis for each protocol, the differences with their causes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cobalamin.app.documents.compare import assumption_words
from cobalamin.app.services.compared import (
    given_parts,
    given_words,
    marks_of,
    mass_words,
    standing_words,
    why_undated,
)
from cobalamin.app.services.reviewing import open_matters
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.figures import Axis, Ruler
from cobalamin.app.views.plan import chosen_words
from cobalamin.app.views.tree import QUIET, STRONG, Depth, Table
from cobalamin.errors import visible
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.text.days import date_words
from cobalamin.text.messages import in_words, word
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.comparison.amounts import Amounts
from cobalamin.therapy.comparison.causes import OPINION, Cause, Difference, Side, days_text
from cobalamin.therapy.comparison.checks import Check
from cobalamin.therapy.comparison.comparison import Compared, Comparison
from cobalamin.therapy.comparison.ways import ONLY
from cobalamin.therapy.words.published import either

SHOWN, SHOWN_DISAGREEMENTS = 8, 6
_OF_ARTICLES = "c-"
_IN_BRACKETS = re.compile(r"\(([a-z0-9-]+(?:, [a-z0-9-]+)*)\)")


def shown_of(comparison: Comparison, everything: bool, most: int = SHOWN) -> Comparison:
    """The comparison of what is shown: all, or what was named and then the first in order."""
    if everything:
        return comparison
    named = [each.id for each in comparison.compared if each.named]
    ids = [*named, *(each.id for each in comparison.compared if each.id not in named)]
    return comparison.among(ids[: max(most, len(named))])


def view_of_comparison(comparison: Comparison, case: Case, library: Library, plain: bool, everything: bool) -> View:
    """The comparison."""
    screen = Builder(library, plain, comparison.country)
    screen.alarms(open_matters(case, comparison.on))
    add_comparison(screen, comparison, case, everything)
    return screen.view()


def add_comparison(screen: Builder, comparison: Comparison, case: Case, everything: bool) -> None:
    shown = shown_of(comparison, everything)
    _head(screen, comparison, shown, case)
    if not shown.compared:
        _nothing(screen, comparison)
        return
    screen.whole(screen.say("compare.ranges"), depth=Depth.FLUSH)
    _table(screen, shown)
    _whole(screen, comparison, shown, everything)
    screen.sources()
    screen.closing()


def add_in_full(screen: Builder, comparison: Comparison) -> None:
    """Each protocol with its axes and checks, every difference with its causes, every disagreement."""
    screen.whole(screen.say("compare.ranges"), depth=Depth.FLUSH)
    _whole(screen, comparison, comparison, True)


def _whole(screen: Builder, comparison: Comparison, shown: Comparison, everything: bool) -> None:
    _each(screen, shown)
    _common(screen, comparison)
    _differences(screen, shown, everything)
    _other_disagreements(screen, shown, everything)
    _remarks(screen, comparison)


def _head(screen: Builder, comparison: Comparison, shown: Comparison, case: Case) -> None:
    number, total, start = len(shown.compared), len(comparison.compared), date_words(comparison.start, screen.words)
    key = "compare.head_one" if total == 1 else "compare.head_many"
    screen.print(screen.say(key, patient=typed(case.patient.id), number=total, date=start), style=STRONG)
    drawn = {each.id for each in shown.compared}
    left = sum(each.id not in drawn for each in comparison.compared)
    if left:
        how = screen.say("compare.shown__typed", number=number, left=left)
        screen.whole(screen.say("compare.shown", number=number, left=left), depth=Depth.FLUSH, command=how)


def _nothing(screen: Builder, comparison: Comparison) -> None:
    screen.whole(screen.say("compare.nothing" if comparison.waits else "compare.none_fits"))
    for number, need in enumerate(comparison.proposal.needs[:5], 1):
        screen.whole(f"{number}. {screen.text(need.plain if screen.plain else need.question)} ")
    screen.closing()


# -- the table -------------------------------------------------------------------------------------------------------


def _table(screen: Builder, shown: Comparison) -> None:
    """Figures side by side; what has no room here stands beneath as well."""
    screen.print()
    full, *narrower = (
        _sized(screen, shown, *each) for each in ((True, True), (False, True), (True, False), (False, False))
    )
    screen.nodes.append(replace(full, narrower=tuple(narrower)))


def _sized(screen: Builder, shown: Comparison, later_mass: bool, year: bool) -> Table:
    rows = [_row(screen, number, each, year, later_mass) for number, each in enumerate(shown.compared, 1)]
    early, whole = screen.say("compare.first_days", days=shown.days), screen.say("compare.first_year")
    titles = ("", screen.say("compare.protocol"), early, *([whole] if year else []), screen.say("compare.later"))
    return Table(titles, tuple(rows), names=1)


def _row(screen: Builder, number: int, each: Compared, year: bool, later_mass: bool) -> tuple[str, ...]:
    figures, say = each.figures, screen.say
    name = visible(f"{each.protocol.country} {each.protocol.title}")
    if figures is None:
        return (f"{number}", name, say("compare.no_dates"), *([""] if year else []), "")
    told = (figures.early, figures.year)[: 1 + year]
    cells = ["\n".join([*given_parts(part, say), mass_words(part, screen.country, say)]) for part in told]
    after = figures.maintenance
    later = "\n".join(given_parts(after, say)) if after else say("compare.not_described")
    mass = f"\n{mass_words(after, screen.country, say)}" if after and later_mass else ""
    return (f"{number}", name, *cells, f"{later}{mass}")


# -- one protocol ----------------------------------------------------------------------------------------------------


def _each(screen: Builder, shown: Comparison) -> None:
    screen.heading(screen.say("compare.each"))
    screen.nodes.append(Ruler(shown.start, shown.days, screen.say("compare.axes")))
    for number, (each, side) in enumerate(zip(shown.compared, shown.sides, strict=True), 1):
        marks = marks_of(each, screen.say)
        named = each.protocol.title if screen.plain else f"{each.protocol.title} ({each.id})"
        screen.whole(f"{number}. {named}{f'  [{marks}]' if marks else ''}", style=STRONG)
        _axes(screen, each, shown)
        _about(screen, each, side)
        _figures(screen, each, shown)
        _left_open(screen, each, shown)
        _checks(screen, [check for check in each.checks if check not in shown.common_checks])
        screen.print()


def _about(screen: Builder, each: Compared, side: Side) -> None:
    about = screen.say(
        "compare.about", standing=standing_words(each, screen.say), country=each.protocol.country,
        kind=each.protocol.kind.replace("_", " "), level=screen.say(f"compare.level__{each.level}"),
        sources=screen.marks(side.regimen.content.phases[0].cites),
    )  # fmt: skip
    screen.whole(about, depth=Depth.ENTRY)
    screen.whole(screen.say("compare.for", population=each.content.population), depth=Depth.ENTRY)


def _axes(screen: Builder, each: Compared, shown: Comparison) -> None:
    if each.figures is None:
        screen.whole(f"{why_undated(each, screen.say)}.", depth=Depth.ENTRY, style=STRONG)
        return
    for way in each.ways:
        name = "" if way.end == ONLY else screen.say(f"compare.end__{way.end}")
        screen.nodes.append(Axis(name, way, shown.start, shown.days))


def _figures(screen: Builder, each: Compared, shown: Comparison) -> None:
    if each.figures is None:
        return
    parts = {"early": each.figures.early, "year": each.figures.year, "later": each.figures.maintenance}
    told = "; ".join(_figure(screen, name, part, shown.days) for name, part in parts.items() if part)
    screen.whole(f"{told[:1].upper()}{told[1:]}.", depth=Depth.ENTRY)


def _figure(screen: Builder, name: str, part: Amounts, days: int) -> str:
    given, mass = given_words(part, screen.say), mass_words(part, screen.country, screen.say)
    return screen.say(f"compare.figure__{name}", days=days, given=given, mass=mass)


def _left_open(screen: Builder, each: Compared, shown: Comparison) -> None:
    def told(key: str, **fields: str) -> None:
        screen.whole(screen.say(key, **fields), depth=Depth.ENTRY)

    if each.choices:
        told("compare.chosen", choices=chosen_words(screen, each.choices))
    if each.open_choices and each.figures:
        told("compare.both_ends", choices=", ".join(screen.key_words(key) for key in each.open_choices))
    if each.undated and each.figures:
        told("compare.undated", phases=in_words(either(each.undated), screen.words))
    for phase, _ in each.ways[0].decided if each.ways else ():
        told("compare.fewest", assumption=assumption_words(phase, shown, screen.say))


def _checks(screen: Builder, checks: Iterable[Check]) -> None:
    """Checks of the same days for the same reason stand in one line."""
    groups: dict[tuple[tuple[int, ...], str], list[Check]] = {}
    for check in checks:
        groups.setdefault((check.days, screen.text(check.text)), []).append(check)
    for (days, text), group in sorted(groups.items()):
        markers = ", ".join(_marker(screen, check.marker) for check in group if check.marker)
        cites = tuple(dict.fromkeys(cite for check in group for cite in check.cites))
        told = {"days": days_text(days), "text": text, "sources": screen.marks(cites)}
        screen.whole(
            screen.say("compare.check" if markers else "compare.review", markers=markers, **told), depth=Depth.ENTRY
        )


def _marker(screen: Builder, marker: str) -> str:
    record = screen.library.markers[marker]
    return str(record["plain"] if screen.plain and "plain" in record else record["name"])


def _common(screen: Builder, comparison: Comparison) -> None:
    if comparison.common_checks:
        screen.heading(screen.say("compare.common"))
        _checks(screen, comparison.common_checks)


# -- differences -----------------------------------------------------------------------------------------------------


def _differences(screen: Builder, shown: Comparison, everything: bool) -> None:
    screen.heading(screen.say("compare.differ" if shown.differences else "compare.same"))
    for difference in shown.differences:
        screen.print()
        screen.whole(screen.say(f"compare.aspect__{difference.aspect}"), style=STRONG)
        for position in difference.positions:
            text = screen.text(position.plain if screen.plain else position.text)
            told = _numbered(screen, shown, position.protocols)
            screen.whole(f"{text} ({told}) {screen.marks(position.cites)}", depth=Depth.DETAIL, item=True)
        for cause in difference.causes:
            _cause(screen, shown, cause, difference, everything)


def _numbered(screen: Builder, shown: Comparison, protocols: Iterable[str]) -> str:
    """ "number 1, 3": protocols by their place in the list above."""
    places = {each.id: number for number, each in enumerate(shown.compared, 1)}
    return screen.say("compare.numbered", numbers=", ".join(str(places[protocol]) for protocol in protocols))


def _cause(screen: Builder, shown: Comparison, cause: Cause, difference: Difference, everything: bool) -> None:
    why = screen.say("compare.why", cause=_with_places(screen, shown, _cause_words(screen, cause, difference.aspect)))
    entry = cause.disagreement
    if entry is None:
        screen.whole(f"{why}{_between(screen, shown, cause)}", depth=Depth.DETAIL)
        return
    screen.whole(f"{why} {entry.topic[:1].upper()}{entry.topic[1:]}:", depth=Depth.DETAIL)
    held = {protocol for position in difference.positions for protocol in position.protocols}
    for side in entry.sides:
        if not held.isdisjoint(side.protocols) or everything:
            screen.whole(
                f"{side.plain if screen.plain else side.position} {screen.marks(side.cites)}", depth=Depth.QUOTED
            )


def _with_places(screen: Builder, shown: Comparison, text: str) -> str:
    """The text with ids in brackets told by their place in the list above."""
    ids = {each.id for each in shown.compared}

    def placed(found: re.Match[str]) -> str:
        named = found.group(1).split(", ")
        return f"({_numbered(screen, shown, named)})" if ids.issuperset(named) else found.group(0)

    return _IN_BRACKETS.sub(placed, text)


def _cause_words(screen: Builder, cause: Cause, aspect: str) -> str:
    """Why protocols differ; what is the same for every aspect is told in full only where it belongs."""
    named = screen.say(f"compare.cause__{cause.cause}")
    if cause.disagreement is None and screen.plain and cause.cause == OPINION:
        return screen.say("compare.no_reason", cause=named)
    if cause.disagreement is not None or screen.plain:
        return screen.say("compare.cause", cause=named)
    brief = aspect != "substance"
    text = word("compare", f"cause_short__{cause.cause}", cause.text) if brief else cause.text
    return screen.say("compare.cause_told", cause=named, text=text)


def _between(screen: Builder, shown: Comparison, cause: Cause) -> str:
    """The pairs, where they are few enough to read."""
    if len(cause.pairs) > 3:
        return ""
    places = {each.id: number for number, each in enumerate(shown.compared, 1)}
    pairs = "; ".join(screen.say("compare.pair", one=places[one], other=places[other]) for one, other in cause.pairs)
    return screen.say("compare.between", pairs=pairs)


def _other_disagreements(screen: Builder, shown: Comparison, everything: bool) -> None:
    """What sources dispute about this patient beyond the regimens above."""
    told = {cause.disagreement.id for entry in shown.differences for cause in entry.causes if cause.disagreement}
    rest = [entry for entry in shown.disagreements if entry.id not in told]
    # What guidelines and labels dispute stands before what general articles do.
    rest.sort(key=lambda entry: entry.id.startswith(_OF_ARTICLES))
    listed = rest if everything else rest[:SHOWN_DISAGREEMENTS]
    if not rest:
        return
    screen.heading(screen.say("compare.disagreements"))
    for entry in listed:
        cause = screen.say(f"compare.cause__{entry.cause}")
        screen.whole(screen.say("compare.disagreement", topic=entry.topic, cause=cause))
        for side in entry.sides:
            screen.whole(
                f"{side.plain if screen.plain else side.position} {screen.marks(side.cites)}",
                depth=Depth.DETAIL,
                item=True,
            )
    left = ", ".join(entry.topic for entry in rest if entry not in listed)
    if left:
        how = screen.say("compare.more__typed", topics=left)
        screen.whole(screen.say("compare.more", topics=left), style=QUIET, command=how)


def _remarks(screen: Builder, comparison: Comparison) -> None:
    for entry in comparison.guidance:
        screen.whole(screen.say("compare.guidance", title=entry.title), depth=Depth.FLUSH)
    for key, protocol in comparison.not_applied:
        screen.whole(
            screen.say(
                "compare.not_applied", choice=screen.key_words(key), protocol=screen.library.protocol(protocol).title
            ),
            depth=Depth.FLUSH,
        )
