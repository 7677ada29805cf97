"""What a country's products leave to choose where a source names no substance or no route."""

from __future__ import annotations

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES

_OPEN = tuple(route for route in ROUTES if route != "intravenous")


class Market(Struct, frozen=True):
    """(substance, routes of the label) of each replacement product of one country; no routes: the label was not read."""

    products: tuple[tuple[str, frozenset[str]], ...]

    def substances(self, routes: tuple[str, ...]) -> tuple[str, ...]:
        """The substances that the country has by one of these routes (any, where none is given); all where it has none."""
        wanted = frozenset(routes)
        found = {name for name, ways in self.products if not wanted or wanted & ways}
        return tuple(name for name in SUBSTANCES if name in found) or SUBSTANCES

    def routes(self, substances: tuple[str, ...]) -> tuple[str, ...]:
        """The routes that the country's products of these substances are labelled for; all where none says.

        Never a vein: a source that names no route does not list it, and the gate would block it (ROUTE_INTRAVENOUS).
        """
        found = {way for name, ways in self.products if not substances or name in substances for way in ways}
        return tuple(way for way in _OPEN if way in found) or _OPEN


def market_of(library: Library, country: str) -> Market:
    """The replacement products of a country; the antidote is none (hazard H04)."""
    here = (each for each in library.products.values() if each.replacement and each.country == country)
    return Market(tuple((each.substance, frozenset(each.routes)) for each in here))
