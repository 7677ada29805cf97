"""Symptoms, signs and risk factors that guidelines name, read from the library into typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cobalamin.knowledge.criteria import Context, read_citations, read_criterion
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import Citations, Criterion
from cobalamin.knowledge.reading import Reading
from cobalamin.spans import Span

FILE = "assessment/lists.yaml"
OF = ("symptoms", "risks")
SIDES = ("below", "above")


@dataclass(frozen=True)
class Entry:
    """One symptom, sign or risk factor, and what of a case meets it; nothing does where it can't be recorded."""

    id: str
    text: str
    plain: str
    when: Criterion | None
    scores: tuple[str, ...]
    signs: tuple[str, ...]
    results: tuple[tuple[str, str], ...]  # a marker, and on which side of its laboratory's range
    cites: Citations


@dataclass(frozen=True)
class GuidelineList:
    """What one source names, for one country; `note` says what of it was read."""

    id: str
    of: str
    issuer: str
    country: str
    ages_from: Span | None
    note: str
    entries: tuple[Entry, ...]
    cites: Citations


@dataclass(frozen=True)
class Together:
    """What sources say where something on a list of each of these kinds is recorded, and nothing on one of the others."""

    of: tuple[str, ...]
    text: str
    plain: str
    cites: Citations


@dataclass(frozen=True)
class GuidelineLists:
    lists: tuple[GuidelineList, ...] = ()
    together: tuple[Together, ...] = ()


def read_lists(documents: Mapping[str, Document], context: Context, markers: tuple[str, ...]) -> GuidelineLists:
    """The lists of a library; none where it has no such file. Raises InputError with every fault."""
    if FILE not in documents:
        return GuidelineLists()
    reader = _Reader(Reading(documents[FILE]), context, markers)
    found = reader.read()
    reader.reading.finish()
    return found


class _Reader:
    def __init__(self, reading: Reading, context: Context, markers: tuple[str, ...]) -> None:
        self.reading, self.context, self.markers = reading, context, markers
        self.ids: set[str] = set()

    def read(self) -> GuidelineLists:
        root = self.reading.mapping(self.reading.document.tree, "", ("lists", "together"))
        lists = self.reading.each(root.get("lists", []), "lists", self._list)
        return GuidelineLists(lists, self.reading.each(root.get("together", []), "together", self._together))

    def _list(self, tree: Tree, path: str) -> GuidelineList | None:
        reading = self.reading
        required = ("id", "of", "issuer", "country", "note", "entries", "cites")
        entry = reading.mapping(tree, path, required, ("ages_from",))
        of = reading.word(entry.get("of"), f"{path}.of", OF)
        entries = reading.each(entry.get("entries", []), f"{path}.entries", self._entry)
        return None if of is None else GuidelineList(
            id=self._id(entry, path),
            of=of,
            issuer=reading.text(entry.get("issuer"), f"{path}.issuer"),
            country=str(entry.get("country", "")),
            ages_from=reading.span(entry["ages_from"], f"{path}.ages_from") if "ages_from" in entry else None,
            note=reading.text(entry.get("note"), f"{path}.note"),
            entries=entries,
            cites=self._cited(entry, path),
        )  # fmt: skip

    def _entry(self, tree: Tree, path: str) -> Entry:
        reading = self.reading
        entry = reading.mapping(tree, path, ("id", "text", "plain", "cites"), ("when", "scores", "signs", "results"))
        when = read_criterion(reading, self.context, entry["when"], f"{path}.when") if "when" in entry else None
        return Entry(
            id=self._id(entry, path),
            text=reading.text(entry.get("text"), f"{path}.text"),
            plain=reading.text(entry.get("plain"), f"{path}.plain"),
            when=when,
            scores=reading.each(entry.get("scores", []), f"{path}.scores", reading.text),
            signs=reading.each(entry.get("signs", []), f"{path}.signs", reading.text),
            results=reading.each(entry.get("results", []), f"{path}.results", self._result),
            cites=self._cited(entry, path),
        )

    def _result(self, tree: Tree, path: str) -> tuple[str, str] | None:
        entry = self.reading.mapping(tree, path, ("marker", "side"))
        marker = self.reading.word(entry.get("marker"), f"{path}.marker", self.markers)
        side = self.reading.word(entry.get("side"), f"{path}.side", SIDES)
        return (marker, side) if marker and side else None

    def _together(self, tree: Tree, path: str) -> Together:
        entry = self.reading.mapping(tree, path, ("of", "text", "plain", "cites"))
        return Together(
            of=self.reading.words(entry.get("of", []), f"{path}.of", OF),
            text=self.reading.text(entry.get("text"), f"{path}.text"),
            plain=self.reading.text(entry.get("plain"), f"{path}.plain"),
            cites=self._cited(entry, path),
        )

    def _id(self, entry: dict[str, Tree], path: str) -> str:
        name = self.reading.text(entry.get("id"), f"{path}.id")
        if name in self.ids:
            self.reading.fault(f"{path}.id", f"the id '{name}' stands twice")
        self.ids.add(name)
        return name

    def _cited(self, entry: dict[str, Tree], path: str) -> Citations:
        cites = read_citations(self.reading, self.context, entry.get("cites", []), f"{path}.cites")
        if not cites:
            self.reading.fault(path, "has no citation")
        return cites
