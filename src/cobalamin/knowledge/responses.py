"""What sources expect of markers on treatment, and what disturbs a test: the records by which results are judged.

Only records with a role, a waiting time or a disturbing fact are here; all others are words to show.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from cobalamin.knowledge.criteria import read_citations
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.reading import Reading
from cobalamin.spans import Span, read_span


class Limit(Struct, frozen=True):
    """One limit of a marker, in each unit in which the library writes it."""

    marker: str
    values: tuple[tuple[Decimal, str], ...]


class ExpectedResponse(Struct, frozen=True):
    """What one source expects. `start` and `by` count from the first dose; `below` says while which marker is low."""

    id: str
    role: str
    markers: tuple[str, ...]
    routes: tuple[str, ...]
    start: Span | None
    by: Span | None
    below: Limit | None
    times_upper: int
    text: str
    plain: str
    cites: Citations


class Interference(Struct, frozen=True):
    """What disturbs a test: a dose less than `wait` ago, or a fact that raises the value by itself."""

    id: str
    markers: tuple[str, ...]
    wait: Span | None
    raised_by: str
    text: str
    plain: str
    cites: Citations


class Expectations(Struct, frozen=True):
    """The records of a library by which results are judged, in its order."""

    responses: tuple[ExpectedResponse, ...]
    interferences: tuple[Interference, ...]

    def of(self, role: str, marker: str) -> tuple[ExpectedResponse, ...]:
        return tuple(record for record in self.responses if record.role == role and marker in record.markers)

    def failures_by_route(self, route: str) -> tuple[ExpectedResponse, ...]:
        """The failure rules for treatment by this route, whatever the marker."""
        return tuple(record for record in self.responses if record.role == "failure" and route in record.routes)

    def waits(self, marker: str) -> tuple[Interference, ...]:
        return tuple(record for record in self.interferences if record.wait is not None and marker in record.markers)

    def raising(self, marker: str) -> tuple[Interference, ...]:
        return tuple(record for record in self.interferences if record.raised_by and marker in record.markers)


def expectations(library: Library) -> Expectations:
    """What this library expects. Raises InputError for a citation that leads nowhere."""
    response, interference = library.documents["response.yaml"], library.documents["interference.yaml"]
    return Expectations(
        tuple(
            _response(record, _cited(library, response, record))
            for record in response.tree["responses"]
            if "role" in record
        ),
        tuple(
            _interference(record, _cited(library, interference, record))
            for record in interference.tree["interferences"]
            if "wait" in record or "raised_by" in record
        ),
    )


def _cited(library: Library, document: Document, record: dict[str, Tree]) -> Citations:
    reading = Reading(document)
    cites = read_citations(reading, library.context, record["cites"], str(record["id"]))
    reading.finish()
    return cites


def _response(record: dict[str, Tree], cites: Citations) -> ExpectedResponse:
    condition = record.get("while")
    return ExpectedResponse(
        id=record["id"],
        role=record["role"],
        markers=(*record.get("markers", ()), *([record["marker"]] if "marker" in record else ())),
        routes=tuple(record.get("routes", ())),
        start=_span(record, "from"),
        by=_span(record, "to"),
        below=_limit(condition) if condition else None,
        times_upper=int(record.get("times_upper", 0)),
        text=record["text"],
        plain=record["plain"],
        cites=cites,
    )


def _limit(tree: dict[str, Tree]) -> Limit:
    return Limit(tree["marker"], tuple((Decimal(entry["value"]), entry["unit"]) for entry in tree["below"]))


def _interference(record: dict[str, Tree], cites: Citations) -> Interference:
    return Interference(
        id=record["id"],
        markers=tuple(record["markers"]),
        wait=_span(record, "wait"),
        raised_by=record.get("raised_by", ""),
        text=record["text"],
        plain=record["plain"],
        cites=cites,
    )


def _span(record: dict[str, Tree], key: str) -> Span | None:
    return read_span(record[key]) if key in record else None
