"""Why do they say different things? Two or more published texts are chosen, without a person, and stand side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.services import comparing, shipped
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.figures import Bar, Bars, Topics
from cobalamin.app.views.side_by_side import ARTICLE, add_side_by_side, article_of, kind_words, title_of
from cobalamin.app.views.tree import Heading
from cobalamin.app.web.frame.blocks import blocks, kept
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.site import page, site_of, told
from cobalamin.knowledge.model import Protocol

routes = APIRouter(include_in_schema=False)
MOST, LONGEST_SEARCH = 6, 100
COUNTRY = "GB"  # whose units and spelling, where there is no person


@routes.get("/compare")
def compare(request: Request, q: str = "") -> Response:
    """The texts to choose from, and from two of them on what they say, side by side."""
    screen, named = told(request, COUNTRY), _named(request)
    adding = bool(request.query_params.get("add"))
    if len(named) < 2 or adding:
        return _choose(request, screen, named, q.strip()[:LONGEST_SEARCH])
    comparison = comparing.compare_texts(named, site_of(request).today(), COUNTRY)
    add_side_by_side(screen, comparison)
    texts = [_chosen(screen, named, name) for name in named]
    return page(
        request, "texts", screen=screen, texts=texts, removable=len(named) > 2, add=_address([*named], add="1"),
        full=len(named) >= MOST, **side_by_side(screen),
    )  # fmt: skip


def _named(request: Request) -> list[str]:
    """The texts that are chosen. Raises NoSuchCase for one that the library does not have."""
    found = list(dict.fromkeys(name for name in request.query_params.getlist("protocol") if name))[:MOST]
    for name in found:
        if name not in shipped.library().ids:
            raise NoSuchCase(name)
    return found


def _address(named: Sequence[str], **others: str) -> str:
    return f"/compare?{urlencode([*(('protocol', name) for name in named), *others.items()])}"


def _chosen(screen: Builder, named: Sequence[str], name: str) -> dict[str, str]:
    """A chosen text, and the address without it."""
    rest = _address([each for each in named if each != name])
    return {"id": name, "title": _title(screen, shipped.library().protocol(name)), "without": rest}


def _title(screen: Builder, protocol: Protocol) -> str:
    return str(kept(title_of(screen, protocol)))


# -- side by side ----------------------------------------------------------------------------------------------------


def side_by_side(screen: Builder) -> dict[str, Any]:
    """What a page shows of the view: the bars, remarks, and the topics."""
    nodes = screen.nodes
    bars = next(node for node in nodes if isinstance(node, Bars))
    topics = next(node for node in nodes if isinstance(node, Topics))
    screen.nodes = [node for node in nodes if not isinstance(node, Bars | Topics)]
    return {
        "bars": bars,
        "drawn": [_drawn(bar, bars.widest) for bar in bars.bars],
        "topics": topics,
        "differ": next(node.text for node in nodes if isinstance(node, Heading) and node.name == "differ"),
        "remarks": blocks(screen),
    }


def _drawn(bar: Bar, widest: int) -> dict[str, float]:
    """The parts of a bar on an axis from 0 to 100."""
    scale = 100 / widest if widest else 0
    most = widest if bar.most is None else bar.most
    least = bar.before + bar.later
    return {
        "before": round(bar.before * scale, 2),
        "later": round(bar.later * scale, 2),
        "most": round(max(most - least, 0) * scale, 2),
    }


# -- choosing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Texts that belong together: of one article, or of one country."""

    title: str
    texts: tuple[dict[str, str], ...]


def _choose(request: Request, screen: Builder, named: Sequence[str], q: str) -> Response:
    texts = [each for each in shipped.library().protocols() if each.id not in named]
    found = [each for each in texts if _has(screen, each, q.casefold().split())] if q else []
    values: dict[str, Any] = {
        "q": q,
        "found": [_entry(screen, named, each, _title(screen, each), kind_words(screen, each)) for each in found],
        "articles": _articles(screen, named, texts),
        "countries": sorted(_countries(screen, named, texts), key=lambda group: group.title),
        "chosen": [_chosen(screen, named, name) for name in named],
        "named": named,
    }
    return page(request, "texts_choose", **values)


def _has(screen: Builder, protocol: Protocol, wanted: Sequence[str]) -> bool:
    """Whether every word stands in the name of a text, whom it is for, its country or its kind."""
    told = " ".join(
        (title_of(screen, protocol), screen.text(protocol.population), kind_words(screen, protocol), protocol.country)
    )
    return all(word in told.casefold() for word in wanted)


def _entry(screen: Builder, named: Sequence[str], protocol: Protocol, title: str, about: str = "") -> dict[str, str]:
    told = screen.say("why.no_schedule") if protocol.guidance else about
    return {"address": _address([*named, protocol.id]), "title": title, "about": str(kept(screen.spelled(told)))}


def _articles(screen: Builder, named: Sequence[str], texts: Sequence[Protocol]) -> list[Group]:
    """The web articles by their own titles, each with the parts of it that say something of their own."""
    groups: dict[str, list[dict[str, str]]] = {}
    for protocol in (each for each in texts if each.kind == ARTICLE):
        article = article_of(screen.library, protocol)
        groups.setdefault(article, []).append(_entry(screen, named, protocol, _part(screen, protocol, article)))
    return [Group(screen.words.quoted(title), tuple(each)) for title, each in groups.items()]


def _part(screen: Builder, protocol: Protocol, article: str) -> str:
    """What of an article is meant, without the title that it stands under."""
    part = protocol.title.partition(article)[2].lstrip(" ,:")
    return str(kept(screen.spelled(screen.words.quoted(part)))) if part else screen.say("why.general")


def _countries(screen: Builder, named: Sequence[str], texts: Sequence[Protocol]) -> Iterator[Group]:
    """All others by country; within it by kind, then by name."""
    groups: dict[str, list[Protocol]] = {}
    for protocol in (each for each in texts if each.kind != ARTICLE):
        groups.setdefault(protocol.country, []).append(protocol)
    for code, of_country in groups.items():
        country = screen.words.find("web", f"country__{code}", "") or screen.say("why.no_country")
        key = "why.of_country_one" if len(of_country) == 1 else "why.of_country"
        ordered = sorted(of_country, key=lambda protocol: (protocol.kind, protocol.title))
        yield Group(
            screen.say(key, country=country, number=len(of_country)),
            tuple(_entry(screen, named, each, _title(screen, each), _kind(screen, each)) for each in ordered),
        )


def _kind(screen: Builder, protocol: Protocol) -> str:
    return screen.words.find("why", f"kind__{protocol.kind}", "")
