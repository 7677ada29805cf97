"""Why do they say different things? Texts in the same first year and one unit, and below where they differ and why, in their names.

It shows what `compare` found and judges nothing anew. Without a person nothing was checked for anybody, and it says so (H118);
amounts by mouth beside injections stand with how little of a swallowed dose is taken up (H119).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from cobalamin.app.services.cited import followed_editions
from cobalamin.app.services.compared import given_words, marks_of, mass_words, why_undated
from cobalamin.app.views.builder import WHOLE, Builder, Extent, View
from cobalamin.app.views.compare import add_in_full
from cobalamin.app.views.figures import Bar, Bars, Says, Topic, Topics
from cobalamin.app.views.tree import QUIET, STRONG, WARNING, Depth
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.disagreements import Side as Stance
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations, Protocol
from cobalamin.spans import add
from cobalamin.text.messages import without_stop
from cobalamin.therapy.comparison.amounts import Amounts
from cobalamin.therapy.comparison.aspects import ASPECTS, aspect_cites
from cobalamin.therapy.comparison.causes import Cause, Difference, Position
from cobalamin.therapy.comparison.comparison import YEAR, Compared, Comparison
from cobalamin.therapy.comparison.ways import MOST, Way
from cobalamin.therapy.regimen import schedule

TAKEN_UP = "f8-passive-absorption"
ARTICLE = "article"
LONGEST_PARTED = 80  # letters of what a cause parts, beside it


class Shown(NamedTuple):
    """A comparison as it is shown, and the name of each text in it."""

    comparison: Comparison
    names: dict[str, str]


def view_of_texts(comparison: Comparison, library: Library, plain: bool, everything: bool) -> View:
    """Published texts side by side, without a person, at most a screen; with `everything` each of them in full below."""
    extent = WHOLE if everything else Extent(short=True, sources=False)
    screen = Builder(library, plain, comparison.country, extent=extent)
    screen.print(screen.say("why.title"), style=STRONG)
    screen.indented(screen.say("why.nobody"), Depth.FLUSH, WARNING)
    add_side_by_side(screen, comparison)
    if everything:
        add_in_full(screen, comparison)
    else:
        screen.indented("", Depth.FLUSH, QUIET, command=screen.say("why.more__typed"))
    screen.sources()
    screen.closing()
    return screen.view()


def add_side_by_side(screen: Builder, comparison: Comparison) -> None:
    """The bars of the first year, and where the texts differ and why."""
    shown = Shown(comparison, names_of(screen, [each.protocol for each in comparison.compared], comparison.guidance))
    own_first = sorted(comparison.compared, key=lambda each: not each.accepted)
    bars = tuple(_bar(screen, each, shown) for each in own_first)
    widest = max((max(bar.most or 0, bar.before + bar.later) for bar in bars), default=0)
    screen.nodes.append(Bars(bars, widest, screen.say("why.legend"), screen.say("why.legend__typed")))
    _routes_mixed(screen, comparison)
    _without_schedule(screen, shown)
    topics = (*_topics(screen, shown), *_disputed(screen, shown))
    screen.heading(screen.say(_heading(bool(topics), comparison)), "differ")
    screen.nodes.append(Topics(topics, screen.say("why.topic"), screen.say("why.why")))


def _heading(differ: bool, comparison: Comparison) -> str:
    """A text without a schedule is not alike to one that has one: nothing was held against it (hazard H160)."""
    if differ:
        return "compare.differ"
    return "compare.same" if len(comparison.compared) > 1 else "compare.not_held"


def names_of(screen: Builder, protocols: Iterable[Protocol], guidance: Iterable[Protocol] = ()) -> dict[str, str]:
    """Each text by the name that people know it by."""
    return {each.id: title_of(screen, each) for each in (*protocols, *guidance)}


def title_of(screen: Builder, protocol: Protocol) -> str:
    """The name of a text; of an article its own title and the part that is meant."""
    article = article_of(screen.library, protocol)
    if not article:
        return screen.spelled(screen.text(protocol.title))
    return screen.spelled(screen.words.quoted(protocol.title[protocol.title.index(article) :]))


def article_of(library: Library, protocol: Protocol) -> str:
    """The title under which an article was published; empty for other texts."""
    titles = (each.title for each in library.sources.values() if each.kind == ARTICLE and protocol.kind == ARTICLE)
    return max((title for title in titles if title in protocol.title), key=len, default="")


# -- the first year --------------------------------------------------------------------------------------------------


def _bar(screen: Builder, each: Compared, shown: Shown) -> Bar:
    protocol, say = each.protocol, screen.say
    about = say("why.for", population=each.content.population)
    head: dict[str, Any] = {
        "id": each.id,
        "name": shown.names[each.id],
        "about": screen.spelled(about),
        "level": listed_words(
            kind_words(screen, protocol), level_words(screen, protocol, each.level), _edition(screen, each)
        ),
        "mark": marks_of(each, say),
        "own": each.accepted,
    }
    if each.figures is None:
        return Bar(**head, given="", mass="", undated=screen.spelled(why_undated(each, say)))
    before, later = each.figures.parted
    year = each.figures.year
    return Bar(
        **head,
        given=given_words(year, say),
        mass=mass_words(year, screen.country, say),
        before=_least(before),
        later=_least(later),
        most=year.mass.most if year.mass else 0,
        **_days(each.ways, shown.comparison.start),
    )


def _edition(screen: Builder, each: Compared) -> str:
    return screen.say("compare.followed") if followed_editions(screen.library, each.content) else ""


def _least(amounts: Amounts) -> int:
    return (amounts.mass.least or 0) if amounts.mass else 0


def _days(ways: Sequence[Way], start: date) -> dict[str, Any]:
    """On which days of the first year something is given, by the way with the fewest doses and the one with the most."""
    fewest, others = ways[0], [way for way in ways[1:] if way.end == MOST]
    found = {"days": _single(fewest, start), "courses": _courses(fewest, start)}
    return {**found, "most_days": _single(others[0], start)} if others else found


def _single(way: Way, start: date) -> tuple[int, ...]:
    last = (add(start, YEAR) - start).days
    days = ((entry.on - start).days for entry in way.entries if entry.on and entry.kind == schedule.DOSE)
    return tuple(day for day in days if day < last)


def _courses(way: Way, start: date) -> tuple[tuple[int, int], ...]:
    last = (add(start, YEAR) - start).days
    found = (entry for entry in way.entries if entry.on and entry.kind == schedule.COURSE)
    ends = [
        ((entry.on - start).days, (entry.until - start).days if entry.until else last) for entry in found if entry.on
    ]
    return tuple((begin, min(end, last)) for begin, end in ends if begin < last)


def kind_words(screen: Builder, protocol: Protocol) -> str:
    """ "label, United Kingdom" """
    kind = screen.words.find("why", f"kind__{protocol.kind}", protocol.kind.replace("_", " "))
    country = screen.words.find("web", f"country__{protocol.country}", "")
    return screen.say("why.from", kind=kind, country=country) if country else kind


def level_words(screen: Builder, protocol: Protocol, level: str) -> str:
    """How a text was read, in words and never as a code alone; of one that repeats another, which."""
    if protocol.same_as:
        return screen.say("why.same_as", title=title_of(screen, screen.library.protocol(protocol.same_as)))
    return "" if level == protocol.kind else screen.words.find("why", f"level__{level}", "")


def listed_words(*words: str) -> str:
    return ", ".join(filter(None, words))


def _routes_mixed(screen: Builder, comparison: Comparison) -> None:
    """Milligrams by mouth and by injection don't stand for each other."""
    years = [each.figures.year for each in comparison.compared if each.figures]
    by_mouth = any(year.course_days.most != 0 for year in years)
    single = any(year.doses.most != 0 for year in years)
    if not (by_mouth and single):
        return
    entry = next(each for each in screen.library.statements() if each["id"] == TAKEN_UP)
    cites = _cites(screen.library, entry["cites"])
    told = f"{entry['plain' if screen.plain else 'text']} {screen.marks(cites)}"
    screen.indented(f"{screen.say('why.mixed')} {told}", Depth.FLUSH, WARNING)


def _cites(library: Library, names: Any) -> Citations:
    return tuple(Citation(str(name), library.sources[str(name)].level) for name in names)


def _without_schedule(screen: Builder, shown: Shown) -> None:
    for entry in shown.comparison.guidance:
        screen.indented(screen.say("compare.guidance", title=shown.names[entry.id]), Depth.FLUSH)


# -- where they differ -----------------------------------------------------------------------------------------------


def _topics(screen: Builder, shown: Shown) -> Iterator[Topic]:
    regimens = {side.id: side.regimen for side in shown.comparison.sides}
    for difference in shown.comparison.differences:
        if difference.aspect in ASPECTS:
            says = tuple(
                Says(
                    _text(screen, position),
                    tuple(shown.names[each] for each in position.protocols),
                    screen.marks(position.cites),
                    tuple(screen.marks(aspect_cites(regimens[each], difference.aspect)) for each in position.protocols),
                )
                for position in difference.positions
            )
            yield Topic(screen.say(f"why.topic__{difference.aspect}"), says, tuple(_why(screen, difference)))


def _why(screen: Builder, difference: Difference) -> Iterator[str]:
    """Each cause once; what it parts only where that is not everything and short enough to read beside it."""
    parted: dict[str, set[int]] = {}
    for cause in difference.causes:
        parted.setdefault(cause.cause, set()).update(_places(difference, cause))
    for name, places in parted.items():
        told = screen.say(f"why.cause__{name}")
        texts = [_text(screen, difference.positions[at]) for at in sorted(places)]
        every = len(places) == len(difference.positions)
        if every or sum(map(len, texts)) > LONGEST_PARTED:
            yield told
        else:
            yield screen.say("why.between", cause=without_stop(told), sides=screen.say("why.against").join(texts))


def _places(difference: Difference, cause: Cause) -> Iterator[int]:
    """Which positions a cause parts."""
    place = {protocol: at for at, position in enumerate(difference.positions) for protocol in position.protocols}
    return (place[protocol] for pair in cause.pairs for protocol in pair)


def _text(screen: Builder, position: Position) -> str:
    return screen.spelled(position.plain if screen.plain else position.text)


def _disputed(screen: Builder, shown: Shown) -> Iterator[Topic]:
    """What the texts themselves stand on different sides of, beyond their schedules."""
    comparison = shown.comparison
    told = {cause.disagreement.id for each in comparison.differences for cause in each.causes if cause.disagreement}
    for entry in comparison.disagreements:
        sides = [(side, names) for side in entry.sides if (names := _standing(side, shown))]
        if entry.id in told or len(sides) < 2 or _agree(sides) or _is_of_schedule(entry, comparison):
            continue
        says = tuple(
            Says(screen.spelled(side.plain if screen.plain else side.position), names, screen.marks(side.cites))
            for side, names in sides
        )
        topic = screen.spelled(f"{entry.topic[:1].upper()}{entry.topic[1:]}")
        yield Topic(topic, says, (screen.say(f"why.cause__{entry.cause}"),))


def _standing(side: Stance, shown: Shown) -> tuple[str, ...]:
    """The names of the texts that stand on this side, an article that only repeats a text under its own name."""
    comparison = shown.comparison
    content = {each.id: each.content.id for each in comparison.compared}
    return tuple(
        name
        for each, name in shown.names.items()
        if each in side.protocols or content.get(each, each) in side.protocols
    )


def _agree(sides: Sequence[tuple[Stance, tuple[str, ...]]]) -> bool:
    """Whether the same texts stand on every side."""
    return len({names for _, names in sides}) < 2


def _is_of_schedule(entry: Disagreement, comparison: Comparison) -> bool:
    """Whether the schedules show the topic already: then it is a difference there, or none."""
    return bool(entry.about) and not comparison.guidance
