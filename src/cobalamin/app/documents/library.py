"""The library as JSON: lists, records and checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from cobalamin.app.documents.inspection import fault_answer
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.types import library as answers
from cobalamin.app.documents.types.base import given
from cobalamin.app.documents.types.common import FaultAnswer, NoteAnswer
from cobalamin.app.services.library_work import _library_in, compiled_is_stale
from cobalamin.app.services.signatures import signature_faults
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import COMPILED, data_folder, reading_faults
from cobalamin.knowledge.model import Protocol
from cobalamin.knowledge.reading import did_you_mean
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.records import replace
from cobalamin.therapy.proposal.offers import all_phases, not_offerable
from cobalamin.therapy.vetting.vetting import vet


def listing(library: Library, country: str) -> list[answers.ListedAnswer]:
    """One row a document, by country and id."""
    rows = [listed(library, protocol) for protocol in library.protocols() if not country or protocol.country == country]
    return sorted(rows, key=lambda row: (row.country, row.id))


def coverage(library: Library) -> list[answers.CoverageAnswer]:
    """One row for each country of ISO 3166-1: how many texts of its own are held and may be offered, and which are near."""
    rows = listing(library, "")
    held, own = Counter(row.country for row in rows), Counter(row.country for row in rows if row.offered)
    return [
        answers.CoverageAnswer(
            country=code,
            name=country.name,
            own=own[code],
            held=held[code],
            near=sorted(library.practice.near.get(code, ())),
            known=country.known,
            looked_for=country.looked_for,
        )
        for code, country in library.countries.items()
    ]


def overview(library: Library, countries: bool) -> answers.OverviewAnswer:
    """Which countries have texts of their own; or which texts have a newer edition, were replaced, or have no day of checking."""
    if countries:
        return answers.OverviewAnswer(
            library=library.edition, countries=coverage(library), general=general_texts(library)
        )
    return answers.OverviewAnswer(
        library=library.edition,
        review_by=library.review_by.isoformat(),
        aging=aging(library),
        replaced=replaced(library),
        unchecked=unchecked(library),
    )


def replaced(library: Library) -> list[answers.ReplacedAnswer]:
    """Texts that are superseded or withdrawn, and what took their place."""
    found = (_replaced(Renderer(library), protocol) for protocol in library.protocols())
    return [each for each in found if each]


def _replaced(renderer: Renderer, protocol: Protocol) -> answers.ReplacedAnswer | None:
    by = protocol.replaced_by
    if by is None:
        return None
    return answers.ReplacedAnswer(
        protocol=protocol.id,
        title=protocol.title,
        status=protocol.status,
        replaced_by=by.protocol,
        text=by.text,
        citations=renderer.citations(by.cites),
    )


def unchecked(library: Library) -> list[answers.UncheckedAnswer]:
    """Sources that an offered protocol rests on, of which no day of reading was written down."""
    offered = [library.protocol(row.id) for row in listing(library, "") if row.offered]
    found = (
        (source, [each.id for each in offered if _rests_on(library, each, source.id)])
        for source in library.sources.values()
        if not source.checked_on
    )
    return [
        answers.UncheckedAnswer(source=each.id, title=each.title, protocols=rests) for each, rests in found if rests
    ]


def general_texts(library: Library) -> list[str]:
    """The texts that stand in for a country without one."""
    return [row.id for row in listing(library, "") if row.offered and library.protocol(row.id).general]


def aging(library: Library) -> list[answers.AgingAnswer]:
    """Sources of which a newer edition is known, with the current protocols that rest on them."""
    return [
        answers.AgingAnswer(
            source=source.id,
            title=source.title,
            edition=source.edition or source.date,
            newer_known=source.newer_known,
            protocols=[protocol.id for protocol in library.protocols() if _rests_on(library, protocol, source.id)],
        )
        for source in library.sources.values()
        if source.newer_known
    ]


def _rests_on(library: Library, protocol: Protocol, source: str) -> bool:
    """Whether a current protocol takes a phase from it; an edition that was replaced is no news."""
    cited = {cite.source for phase in library.content(protocol).phases for cite in phase.cites}
    return protocol.status == "current" and source in cited


def listed(library: Library, protocol: Protocol) -> answers.ListedAnswer:
    content = library.content(protocol)
    levels = [level for phase in all_phases(content.phases) for level in (*phase.dose.levels, *phase.spacing.levels)]
    offered = not protocol.guidance and protocol.status == "current" and not not_offerable(library, protocol, content)
    return answers.ListedAnswer(
        id=protocol.id,
        country=protocol.country,
        kind="guidance" if protocol.guidance else protocol.kind,
        status=protocol.status,
        level=max(levels, key=LEVELS.index, default=""),
        offered=offered,
        title=protocol.title,
        same_as=protocol.same_as,
    )


def record(library: Library, record_id: str) -> answers.ProtocolAnswer | dict[str, object]:
    """A record as written, with what it cites. Raises InputError."""
    record_id = library.meant(record_id)
    if record_id in library.ids:
        return _protocol_record(library, library.protocol(record_id))
    return as_written(library, record_id)


def as_written(library: Library, record_id: str) -> dict[str, object]:
    """A record that is no protocol, key by key as its file has it; `also`: others of the same id. Raises InputError."""
    first, *others = each_as_written(library, record_id)
    return {**first, "also": others} if others else first


def each_as_written(library: Library, record_id: str) -> list[dict[str, Tree]]:
    """Every record of this id that is no protocol, with the word for its kind. Raises InputError."""
    found = [{"kind": kind, **tree} for kind, tree in library.named(record_id)]
    if not found:
        near = did_you_mean(record_id, library.every_id)
        raise InputError.one("library", record_id, f"there is no such record{near}; see `cobalamin library list`")
    return found


def _protocol_record(library: Library, protocol: Protocol) -> answers.ProtocolAnswer:
    renderer, content, row = Renderer(library), library.content(protocol), listed(library, protocol)
    return answers.ProtocolAnswer(
        id=row.id,
        country=row.country,
        kind=row.kind,
        status=row.status,
        level=row.level,
        offered=row.offered,
        title=row.title,
        same_as=row.same_as,
        version=protocol.version,
        population=protocol.population,
        lifelong=content.lifelong,
        phases=[renderer.phase(phase) for phase in content.phases],
        monitoring=[
            answers.MonitoringAnswer(
                markers=list(row.markers), review=row.review, text=row.text, citations=renderer.citations(row.cites)
            )
            for row in content.monitoring
        ],
        notes=[renderer.note(note) for note in (*protocol.notes, *(content.notes if protocol.same_as else ()))],
        advice=[NoteAnswer(text=each.text, citations=renderer.citations(each.cites)) for each in protocol.advice],
        replaced_by=given(_replaced(renderer, protocol)),
        newer_editions=renderer.newer_editions(content),
        signed=renderer.signed(protocol),
        sources=renderer.sources(),
    )


def checked(folder: Path | None) -> answers.CheckedAnswer:
    """Faults and remarks of a library folder; for the shipped one also whether the compiled file is up to date."""
    where = folder or data_folder()
    if not where.is_dir():
        raise InputError.one(str(where), "", "is not a folder of a library")
    try:
        library = _library_in(where)
    except InputError as error:
        return answers.CheckedAnswer(faults=[fault_answer(fault) for fault in error.faults], remarks=[])
    faults = reading_faults(library)
    remarks: list[Fault] = []
    if not faults:
        faults, remarks = vet(library)
        faults = [*faults, *signature_faults(library)]
    if folder is None and not faults and compiled_is_stale(library):
        faults = [
            *faults,
            InputError.one(COMPILED, "", "differs from the YAML; run `cobalamin library compile`").faults[0],
        ]
    root = str(folder) if folder else "data"
    return answers.CheckedAnswer(faults=_in_folder(faults, root), remarks=_in_folder(remarks, root))


def _in_folder(faults: Iterable[Fault], root: str) -> list[FaultAnswer]:
    return [fault_answer(replace(fault, file=f"{root}/{fault.file}")) for fault in sorted(faults)]
