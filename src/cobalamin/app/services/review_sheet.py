"""What a clinician looks through: each number and condition of a protocol as a row, with the place where its source says it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from msgspec import Struct

from cobalamin.app.services.cited import phase_cites
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations, Criterion, Phase, Protocol, best_level
from cobalamin.knowledge.words import Words
from cobalamin.text.messages import in_words
from cobalamin.therapy.case.criteria import describe
from cobalamin.therapy.words import published
from cobalamin.therapy.words.wording import phase_name


class Row(Struct, frozen=True):
    """One thing to agree with or not. Its digest changes with every word of it, its source and its level."""

    protocol: str
    version: int
    rule: str
    says: str
    where: str
    level: str

    @property
    def digest(self) -> str:
        told = "\x1f".join((self.protocol, str(self.version), self.rule, self.says, self.where, self.level))
        return hashlib.sha256(told.encode("utf-8")).hexdigest()[:32]


def rows_of(library: Library, country: str) -> list[Row]:
    """The rows of every current protocol and guidance document of a country; of all without one. Raises InputError where there is none."""
    chosen = (each for each in library.protocols() if each.status == "current")
    rows = [row for each in chosen if country in ("", each.country) for row in protocol_rows(library, each)]
    if not rows:
        raise InputError.one("--country", "", library.own_words.text("signing.no_rows", country=country))
    return rows


def protocol_rows(library: Library, protocol: Protocol) -> list[Row]:
    return list(_Rows(library, protocol).all())


class _Rows:
    def __init__(self, library: Library, protocol: Protocol) -> None:
        self.library, self.protocol, self.words = library, protocol, library.own_words
        self.content = library.content(protocol)

    def all(self) -> Iterator[Row]:
        yield self._row(self._say("whom"), self.protocol.population, self._whom_cites())
        for phase in self.content.phases:
            for each in phase.options or (phase,):
                yield from self._phase(phase, each)
        for check in self.content.monitoring:
            yield self._row(self._say("check"), self._where_it_holds(check.text, check.when), check.cites)
        for advice in self.protocol.advice:
            yield self._row(self._say("advice"), self._where_it_holds(advice.text, advice.when), advice.cites)
        own = self.protocol.notes if self.protocol.same_as else ()
        for note in (*self.content.notes, *own):
            yield self._row(self._say("caveat", kind=note.kind), note.text, note.cites)
        yield from self._differing()

    def _whom_cites(self) -> Citations:
        """Of a protocol the sources of its doses; a guidance document has none, so those of what it advises and checks."""
        cites = [cite for phase in self.content.phases for cite in phase_cites(phase)]
        if not cites:
            advised = [each.cites for each in self.protocol.advice] + [each.cites for each in self.content.monitoring]
            cites = [cite for each in advised or [note.cites for note in self.content.notes] for cite in each]
        return tuple(dict.fromkeys(cites))

    def _where_it_holds(self, text: str, when: Criterion | None) -> str:
        """A check or an advice with the condition under which it is given: to agree with one is to agree with both."""
        if when is None:
            return text
        return self._say("only_where", text=text, when=in_words(describe(when, self.library), self.words))

    def _phase(self, phase: Phase, each: Phase) -> Iterator[Row]:
        named = in_words(phase_name(phase.name), self.words) + (f" ({each.option})" if each.option else "")
        cites = phase_cites(each) or phase_cites(phase)
        what = f"{in_words(published.substances_of(each), self.words)} {in_words(published.dose_of(each.dose, self.protocol.country), self.words)}"
        yield self._row(
            self._say("dose", phase=named), f"{what}, {in_words(published.routes_of(each), self.words)}", cites
        )
        yield self._row(
            self._say("often", phase=named), in_words(published.spacing_of(each.spacing), self.words), cites
        )
        until = in_words(published.end_of(each.end, self.protocol.country, each.about), self.words)
        yield self._row(self._say("until", phase=named), until, cites)
        before = list(self._before(phase, self.words))
        if before:
            gate = phase.gate.cites if phase.gate else cites
            yield self._row(self._say("before", phase=named), "; ".join(before), gate)

    def _before(self, phase: Phase, words: Words) -> Iterator[str]:
        if phase.gate:
            yield phase.gate.wording
        if phase.only_if:
            yield in_words(describe(phase.only_if, self.library), words)

    def _differing(self) -> Iterator[Row]:
        for entry in self.library.disagreements:
            if any(self.protocol.id in side.protocols for side in entry.sides):
                told = " / ".join(side.position for side in entry.sides)
                cites = tuple(cite for side in entry.sides for cite in side.cites)
                yield self._row(self._say("differs", topic=entry.topic), told, cites)

    def _row(self, rule: str, says: str, cites: Citations) -> Row:
        where = "; ".join(dict.fromkeys(map(self._where, cites)))
        return Row(self.protocol.id, self.protocol.version, rule, says, where, best_level(cites) if cites else "")

    def _where(self, cite: Citation) -> str:
        """Title, issuer, the place in it and its address; nothing of its text."""
        source = self.library.sources[cite.source]
        place = self._say("place", place=cite.place) if cite.place else ""
        address = source.address or next(iter(source.read_at), "")
        return f"{source.title}, {source.issuer}{place} ({cite.level}) {address}".strip()

    def _say(self, key: str, **fields: object) -> str:
        return self.words.text(f"signing.{key}", **fields)


def digest_of_rows(rows: Iterable[Row]) -> str:
    return hashlib.sha256("\n".join(row.digest for row in rows).encode("utf-8")).hexdigest()
