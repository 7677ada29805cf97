"""The checks of compared protocols: on which days of the plan, which all of them share, which are one protocol's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Policy, Protocol
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, text_order
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.comparison.causes import DatedCheck
from cobalamin.therapy.comparison.ways import Way
from cobalamin.therapy.plan.monitoring import monitoring_items, planned_anchors

_YEAR = Span(1, "a")


class Check(Struct, frozen=True):
    """A blood test (its marker) or a review (none) on days of the plan; day 1 is the start."""

    marker: str
    text: Text
    days: tuple[int, ...]
    cites: Citations
    conditional: bool = False


def checks_along(
    library: Library, facts: Facts, content: Protocol, policy: Policy, start: date, ways: Sequence[Way]
) -> tuple[Check, ...]:
    """The checks of a year along the ways; along the first alone where all are counted from what the ways share."""
    shared = all(row.anchor in ("plan_start", "first_dose") for row in content.monitoring)
    until = add(start, _YEAR) - timedelta(days=1)
    found: dict[tuple[str, Text, bool], tuple[set[int], Citations]] = {}
    for way in ways[:1] if shared else ways:
        anchors = planned_anchors(start, list(way.entries))
        for item in monitoring_items(library, facts, content, policy, anchors, until):
            if item.on is not None:
                key = (item.marker, item.text, item.conditional)
                days, cites = found.get(key, (set(), ()))
                days.add((item.on - start).days + 1)
                found[key] = (days, tuple(dict.fromkeys((*cites, *item.cites))))
    return tuple(
        Check(marker, text, tuple(sorted(days)), cites, conditional)
        for (marker, text, conditional), (days, cites) in sorted(
            found.items(), key=lambda each: (each[0][0], text_order(each[0][1]))
        )
    )


def shared_checks(several: Sequence[tuple[Check, ...]]) -> tuple[Check, ...]:
    """The checks that all of several protocols have."""
    if len(several) < 2:
        return ()
    shared = set.intersection(*(set(_places(checks)) for checks in several))
    return tuple(check for check in several[0] if set(_places((check,))) <= shared)


def own_checks(checks: Iterable[Check], common: Iterable[Check]) -> tuple[Check, ...]:
    """The checks of a protocol that not all share."""
    shared = set(_places(common))
    return tuple(check for check in checks if not set(_places((check,))) <= shared)


def _places(checks: Iterable[Check]) -> Iterator[tuple[str, Text, int]]:
    """What makes two checks the same: marker and day, and the text of a review or of what depends on an unknown fact."""
    for check in checks:
        for day in check.days:
            yield check.marker, "" if check.marker and not check.conditional else check.text, day


def dated_checks(checks: Iterable[Check]) -> tuple[DatedCheck, ...]:
    """Checks by marker, each with all its days."""
    found: dict[Text, tuple[set[int], Citations]] = {}
    for check in checks:
        name = check.text if check.conditional or not check.marker else check.marker.replace("_", " ")
        days, cites = found.get(name, (set(), ()))
        found[name] = (days | set(check.days), tuple(dict.fromkeys((*cites, *check.cites))))
    return tuple(DatedCheck(name, tuple(sorted(days)), cites) for name, (days, cites) in found.items())
