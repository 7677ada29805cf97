"""Every sentence of the library that can answer a question, with the words it is found by. Pure; nothing is written anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.words import Words

# How much a passage counts beside another that fits as well: what was written as an answer comes first.
_FOR_FEW = 0.85
_LEDGER, _STATEMENT, _CAUTION, _NOTE, _TABLE, _TITLE = 1.3, 1.0, 0.95, 0.75, 0.8, 0.55


@dataclass(frozen=True)
class Passage:
    """One answer of the library: its professional and plain words, and who says so and who says otherwise."""

    id: str
    kind: str
    topic: str
    text: str
    plain: str
    cites: Tree
    against: Tree
    country: str
    weight: float


def passages(library: Library) -> list[Passage]:
    """All of them, in the library's order."""
    return [
        *_statements(library),
        *_records(library, "cautions.yaml", "cautions", "caution", _CAUTION),
        *_records(library, "interference.yaml", "interferences", "interference", _CAUTION),
        *_records(library, "response.yaml", "responses", "response", _NOTE),
        *_records(library, "red_flags.yaml", "red_flags", "red_flag", _CAUTION),
        *_records(library, "asked/signs.yaml", "signs", "red_flag", _CAUTION),
        *_checks(library),
        *_disagreements(library),
        *_misstatements(library),
        *_thresholds(library),
        *_products(library),
        *_documents(library),
    ]


def _statements(library: Library) -> Iterator[Passage]:
    for entry in library.statements():
        weight = _LEDGER if "ledger" in entry else _STATEMENT
        weight = _FOR_FEW if entry["kind"] == "F" or "codes" in entry["topics"] else weight
        yield _passage(entry, "statement", _words(*entry["topics"]), weight)


def _records(library: Library, file: str, key: str, kind: str, weight: float) -> Iterator[Passage]:
    for entry in library.records(file, key):
        named = (entry.get("topic", ""), entry.get("event", ""), *entry.get("markers", ()))
        yield _passage(entry, kind, _words(*named), weight)


def _passage(entry: dict[str, Tree], kind: str, topic: str, weight: float) -> Passage:
    against = entry.get("against", [])
    return Passage(entry["id"], kind, topic, entry["text"], entry["plain"], entry["cites"], against, "", weight)


_CHECKS = ("B12_HIGH_ON_TREATMENT", "URGENT_START")  # those whose words speak to anybody


def _checks(library: Library) -> Iterator[Passage]:
    for key in ("precautions", "program_checks"):
        for entry in library.records("precautions.yaml", key):
            if entry["code"] in _CHECKS:
                plain = entry["plain"]
                yield Passage(entry["code"], "check", "", entry["text"], plain, entry["cites"], [], "", _LEDGER)


def _disagreements(library: Library) -> Iterator[Passage]:
    """Found by all of their sides; shown as a whole, never as one side."""
    for entry in library.records("disagreements.yaml", "disagreements"):
        text = " ".join(side["position"] for side in entry["sides"])
        plain = " ".join(side["plain"] for side in entry["sides"])
        yield Passage(entry["id"], "disagreement", entry["topic"], text, plain, [], [], "", _STATEMENT)


def _misstatements(library: Library) -> Iterator[Passage]:
    for entry in library.records("misstatements.yaml", "misstatements"):
        truth = f"{entry['truth'][0].upper()}{entry['truth'][1:]}."
        yield Passage(entry["id"], "correction", "", truth, truth, entry["cites"], [], "", _TABLE)


def _thresholds(library: Library) -> Iterator[Passage]:
    words = library.own_words
    for entry in library.records("thresholds.yaml", "thresholds"):
        name = str(library.markers[entry["marker"]]["name"])
        owner = f"{name}, {entry.get('issuer') or entry.get('laboratory', '')}"
        text, plain = (f"{owner}: {_bands(entry, form, words)}." for form in ("", "__plain"))
        told = f"{text} {entry['note']}" if "note" in entry else text
        topic = "level limits threshold deficient range blood test result"
        yield Passage(entry["id"], "threshold", topic, told, plain, entry["cites"], [], entry["country"], _TABLE)


def _bands(entry: dict[str, Tree], form: str, words: Words) -> str:
    """ "below 180 ng/L deficient; 180 to 350 ng/L indeterminate" """
    means = (words.text(f"ask.means__{band['means']}{form}") for band in entry["bands"])
    return "; ".join(
        f"{_band(band, words)} {entry['unit']} {told}" for band, told in zip(entry["bands"], means, strict=True)
    )


def _band(band: dict[str, Tree], words: Words) -> str:
    if "from" in band and "to" in band:
        return words.text("ask.band", least=band["from"], most=band["to"])
    word = next(iter(set(band) - {"means"}))
    return words.text(f"ask.band__{word}", limit=band[word])


def _products(library: Library) -> Iterator[Passage]:
    for entry in library.records("products.yaml", "products"):
        name = f"{entry['name']}."
        told = f"{name} {entry['note']}" if "note" in entry else name
        topic = _words(entry["substance"], entry["form"])
        yield Passage(entry["id"], "product", topic, told, name, entry["cites"], [], entry["country"], _TITLE)


def _documents(library: Library) -> Iterator[Passage]:
    """Titles of protocols and guidance with their status; notes and advice of those that are current."""
    titled = _Titles(library)
    for file, document in sorted(library.documents.items()):
        if not file.startswith(("protocols/", "guidance/")):
            continue
        tree = document.tree
        name, country, status = tree.get("protocol", tree.get("guidance")), tree["country"], tree["status"]
        title = library.own_words.text("ask.titled", title=tree["title"], population=tree["population"], status=status)
        yield Passage(name, "protocol", "", title, title, _all_cites(tree), [], country, _TITLE)
        if status == "current":
            yield from _remarks(name, tree, titled)


def _remarks(name: str, tree: dict[str, Tree], titled: _Titles) -> Iterator[Passage]:
    for kind, key in (("note", "notes"), ("advice", "advice")):
        for number, entry in enumerate(tree.get(key, []), 1):
            text, title = entry["text"], tree["title"]
            plain = titled.named_in(entry.get("plain", text))
            yield Passage(
                f"{name}/{kind}-{number}", kind, title, text, plain, entry["cites"], [], tree["country"], _NOTE
            )


class _Titles:
    """What a patient reads where a note names another text by its id (hazard H81)."""

    def __init__(self, library: Library) -> None:
        documents = (document.tree for document in library.documents.values() if isinstance(document.tree, dict))
        named = ((tree.get("protocol", tree.get("guidance")), tree) for tree in documents)
        self._titles = {str(name): str(tree["title"]) for name, tree in named if name and "title" in tree}
        longest_first = sorted(self._titles, key=len, reverse=True)
        self._id = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, longest_first))})(?![\w-])")

    def named_in(self, text: str) -> str:
        return self._id.sub(lambda found: f'"{self._titles[found[0]]}"', text)


def _all_cites(tree: dict[str, Tree]) -> list[Tree]:
    """The sources of a protocol's phases, each once; those of its notes where it is an alias."""
    parts = [*tree.get("phases", []), *tree.get("advice", []), *tree.get("notes", [])]
    found: list[Tree] = []
    for cite in (cite for part in parts for cite in part.get("cites", [])):
        if cite not in found:
            found.append(cite)
    return found


def _words(*codes: str) -> str:
    return " ".join(codes).replace("_", " ").strip()
