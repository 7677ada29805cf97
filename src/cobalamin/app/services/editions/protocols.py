"""What changed in each protocol and guidance document: status, whom it is for, doses, level, sources, caveats, checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cobalamin.app.services.editions.regimens import Said, Tellers, option_of, phase_changes, sources_of
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Document
from cobalamin.knowledge.library import NEWEST, Library
from cobalamin.knowledge.model import Note, Protocol
from cobalamin.knowledge.protocols import read_as_far_as_it_goes
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.text.messages import in_words
from cobalamin.text.safe import upper_first
from cobalamin.therapy.case.criteria import describe
from cobalamin.therapy.proposal.offers import all_phases, not_offerable
from cobalamin.therapy.words.published import alternatives

NEW, GONE, CHANGED = "new", "gone", "changed"


@dataclass(frozen=True)
class ProtocolChange:
    """One protocol that differs. `old` and `new` are its versions, 0 where an edition lacks it or it can't be read."""

    id: str
    title: str
    country: str
    change: str
    old: int
    new: int
    said: tuple[Said, ...]


def protocol_changes(old: Library, new: Library) -> list[ProtocolChange]:
    """By country and id; a protocol that is the same in both editions is not told."""
    old.__dict__["own_words"] = new.own_words  # both are told in the words of the newer
    found = (_change(old, new, name) for name in sorted({*old.ids, *new.ids}) if _tree(old, name) != _tree(new, name))
    return sorted(found, key=lambda change: (change.country, change.id))


def _document(library: Library, name: str) -> Document | None:
    files = (f"{folder}{name}.yaml" for folder in NEWEST)
    return next((library.documents[file] for file in files if file in library.documents), None)


def _tree(library: Library, name: str) -> object:
    document = _document(library, name)
    return document.tree if document else None


def _change(old: Library, new: Library, name: str) -> ProtocolChange:
    one, two = _read(old, name), _read(new, name)
    newest = two or one
    what = NEW if name not in old.ids else GONE if name not in new.ids else CHANGED
    teller = _Teller(old, new)
    said = tuple(teller.sentences(what, one, two))
    return ProtocolChange(
        id=name,
        title=newest.title if newest else name,
        country=newest.country if newest else "",
        change=what,
        old=one.version if one else 0,
        new=two.version if two else 0,
        said=said,
    )


def _read(library: Library, name: str) -> Protocol | None:
    """The protocol as far as this program reads its form; None where the edition lacks it or nothing can be read."""
    document = _document(library, name)
    if document is None:
        return None
    try:
        return library.protocol(name)
    except (InputError, KeyError):
        pass
    try:
        return read_as_far_as_it_goes(document, library.context, frozenset(library.markers))
    except (InputError, KeyError, TypeError, AttributeError, ValueError):
        return None


@dataclass(frozen=True)
class _Teller:
    old: Library
    new: Library

    @property
    def phases(self) -> Tellers:
        return Tellers(self.new)

    def say(self, key: str, **fields: object) -> str:
        return upper_first(self.new.own_words.text(f"editions.{key}", **fields))

    def sentences(self, what: str, one: Protocol | None, two: Protocol | None) -> Iterator[Said]:
        if what == GONE:
            yield Said("status", self.say("gone"))
        elif two is None or (what == CHANGED and one is None):
            yield Said("form", self.say("unreadable"))
        elif one is None:
            yield from self._of_a_new(two)
        else:
            yield from self._differing(one, two)

    def _of_a_new(self, two: Protocol) -> Iterator[Said]:
        standing = self._standing(self.new, two)
        yield Said(
            "status", self.say("new_text", kind=two.kind, status=two.status, level=standing[0], offered=standing[1])
        )
        yield Said("population", self.say("for", population=two.population))
        if two.same_as:
            yield Said("same_as", self.say("same_as", id=two.same_as))
        for phase in two.phases:
            for option in alternatives(phase):
                told = self.phases.regimen(option)
                named = self.phases.name(option_of(phase, option))
                yield Said("phase", self.say("phase", phase=named, regimen=told))

    def _differing(self, one: Protocol, two: Protocol) -> Iterator[Said]:
        yield from self._version(one, two)
        yield from self._plain(one, two)
        yield from phase_changes(one, two, self.phases)
        yield from self._list("source", _sources(self.old, one), _sources(self.new, two))
        for part, tell in _LISTS.items():
            yield from self._list(part, tell(one), tell(two))
        yield from self._notes(one.notes, two.notes)

    def _version(self, one: Protocol, two: Protocol) -> Iterator[Said]:
        """A published version never changes: a plan that pins it is judged by it."""
        if two.version > one.version:
            yield Said("version", self.say("version", old=one.version, new=two.version))
        elif self._treats_otherwise(one, two):
            yield Said("version", self.say("same_version", version=two.version))

    def _treats_otherwise(self, one: Protocol, two: Protocol) -> bool:
        said = phase_changes(one, two, self.phases)
        return one.indication != two.indication or any(each.part != "level" for each in said)

    def _plain(self, one: Protocol, two: Protocol) -> Iterator[Said]:
        """What is one value of the document."""
        before, after = self._values(self.old, one), self._values(self.new, two)
        for part, value in after.items():
            if before[part] != value:
                told = self.say(f"part__{part}")
                yield Said(part, self.say("changed", part=told, old=before[part], new=value))
        if two.replaced_by and not one.replaced_by:
            yield Said("status", self.say("replaced_by", text=two.replaced_by.text))

    def _values(self, library: Library, protocol: Protocol) -> dict[str, str]:
        level, offered = self._standing(library, protocol)
        return {
            "status": protocol.status,
            "offered": offered,
            "title": protocol.title,
            "kind": protocol.kind,
            "purpose": protocol.purpose,
            "population": protocol.population,
            "for_whom": in_words(describe(protocol.indication, self.new), self.new.own_words),
            "lifelong": self.say("lifelong_cause") if protocol.lifelong == "cause" else protocol.lifelong,
            "same_as": protocol.same_as or "none",
            "lowest_level": level,
        }

    def _standing(self, library: Library, protocol: Protocol) -> tuple[str, str]:
        """The lowest level of its values, and whether it may be offered."""
        try:
            content = library.content(protocol)
        except InputError:  # it equals a text of an earlier form
            content = protocol
        levels = [
            level for phase in all_phases(content.phases) for level in (*phase.dose.levels, *phase.spacing.levels)
        ]
        shut = protocol.guidance or protocol.status != "current" or bool(not_offerable(library, protocol, content))
        return max(levels, key=LEVELS.index, default="none"), "no" if shut else "yes"

    def _list(self, part: str, before: list[str], after: list[str]) -> Iterator[Said]:
        for text in after:
            if text not in before:
                yield Said(part, self.say(f"added__{part}", text=text))
        for text in before:
            if text not in after:
                yield Said(part, self.say(f"dropped__{part}", text=text))

    def _notes(self, before: tuple[Note, ...], after: tuple[Note, ...]) -> Iterator[Said]:
        """Notes that are new, gone, or now a caveat or none; caveats with the same words that now bear on others."""
        earlier, words = {note.text: note for note in before}, self.new.own_words
        for note in after:
            was = earlier.pop(note.text, None)
            part = _part(note)
            if was is None or (was.kind and _part(was) != part):
                yield Said(part, self.say(f"added__{part}", text=note.text))
            elif was.kind and was.when != note.when:
                old, new = (in_words(describe(when, self.new), words) for when in (was.when, note.when))
                yield Said("caveat", self.say("bears", text=note.text, old=old, new=new))
        for note in earlier.values():
            yield Said(_part(note), self.say(f"dropped__{_part(note)}", text=note.text))


def _part(note: Note) -> str:
    return "caveat" if note.is_caveat else "note"


def _sources(library: Library, protocol: Protocol) -> list[str]:
    """The sources that its phases rest on, each by its title and id."""
    titles = {record["id"]: record["title"] for record in library.records("sources.yaml", "sources")}
    cited = sorted({source for phase in all_phases(protocol.phases) for source in sources_of(phase.cites)})
    return [f"{titles.get(source, source)} ({source})" for source in cited]


_LISTS: dict[str, Callable[[Protocol], list[str]]] = {
    "check": lambda protocol: [row.text for row in protocol.monitoring],
    "precaution": lambda protocol: [each.text for each in protocol.precautions],
    "advice": lambda protocol: [each.text for each in protocol.advice],
    "standing": lambda protocol: [
        each.text for each in (protocol.older, protocol.general, *protocol.second_choice) if each
    ],
}
