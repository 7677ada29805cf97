"""What in the plan of a protocol depends on facts, beside which phases there are: its checks, its dates, how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import AllOf, AnyOf, Criterion, FactIs, FactOver, MonitoringRow, Protocol
from cobalamin.knowledge.vocabulary import LIFELONG_CAUSES
from cobalamin.text.messages import Text, message
from cobalamin.therapy.case.conditions import NERVES, TREATED

LIFELONG = AnyOf(
    (
        FactIs("cause", LIFELONG_CAUSES),
        AllOf((FactIs("cause", ("ileal_resection",)), FactOver("ileal_resection_length", 20, "cm"))),
    )
)


class Dependence(Struct, frozen=True):
    """One thing that stands in the plan where a criterion holds, as professionals and as patients read it."""

    criterion: Criterion
    text: Text
    plain: Text


def dependences(library: Library, content: Protocol, country: str) -> tuple[Dependence, ...]:
    """What the plan of a protocol for somebody in this country depends on, each once."""
    return _kept(library, content.id, content.version, country)


@lru_cache(maxsize=1024)
def _kept(library: Library, name: str, version: int, country: str) -> tuple[Dependence, ...]:
    content = library.pinned(name, version)
    found = [*_of_rows(library, content, country), *_of_the_course(library, content)]
    return tuple({(each.text, each.criterion): each for each in found}.values())


def _of_rows(library: Library, content: Protocol, country: str) -> Iterator[Dependence]:
    routes = {route for phase in content.phases for each in phase.options or (phase,) for route in each.routes}
    for row, criterion in _rows(library, content, country):
        if criterion is not None and (not row.routes or not routes or routes & set(row.routes)):
            yield Dependence(criterion, row.text, row.plain or row.text)


def _rows(library: Library, content: Protocol, country: str) -> Iterator[tuple[MonitoringRow, Criterion | None]]:
    for row in (*content.monitoring, *library.monitoring):
        yield row, row.when
    for document in library.protocols():
        if document.guidance and document.country == country and document.status == "current":
            for row in document.monitoring:
                yield row, AllOf((document.indication, row.when)) if row.when else document.indication


def _of_the_course(library: Library, content: Protocol) -> Iterator[Dependence]:
    cap = library.default_policy.neurological_review_months
    yield _told(NERVES, "depends.nerves", months=cap)
    if content.phases and content.phases[-1].end.by not in ("never", "not_stated"):
        yield _told(LIFELONG, "depends.lifelong")
    if content.phases and content.phases[0].name.startswith(("load", "initial")):
        yield _told(TREATED, "depends.treated")


def _told(criterion: Criterion, key: str, **fields: object) -> Dependence:
    return Dependence(criterion, message(key, **fields), message(f"{key}__plain", **fields))
