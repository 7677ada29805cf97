"""Load a library: from a folder of YAML files, or from the compiled JSON file that the program ships.

Everything that reads a file stands here; the values stand in `library`. What decides takes a `Library` and never imports this
module (docs/adr/0018).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from importlib import resources
from pathlib import Path

import msgspec
from msgspec import Struct

from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.countries import unknown_countries
from cobalamin.knowledge.document import Document, read_document
from cobalamin.knowledge.library import EARLIER, NEWEST, SIGNATURES, Library, digest_of
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.records import record_faults
from cobalamin.knowledge.translations import translated_record_faults
from cobalamin.knowledge.words import page_faults, translation_faults

COMPILED = "library.json"


def from_folder(folder: Path) -> Library:
    """The library in a folder of YAML files, with lines. Raises InputError for files that can't be read at all."""
    documents: dict[str, Document] = {}
    faults: list[Fault] = []
    for path in sorted([*folder.rglob("*.yaml"), *folder.glob(f"{SIGNATURES}*.json")]):
        file = path.relative_to(folder).as_posix()
        try:
            documents[file] = read_document(path.read_bytes(), file)
        except InputError as error:
            faults.extend(error.faults)
    if faults:
        raise InputError(faults)
    return Library(documents)


def compile_text(library: Library) -> str:
    """The compiled form: all documents and their digest in one JSON text, the same bytes on every platform."""
    trees = {file: document.tree for file, document in sorted(library.documents.items())}
    content = {"digest": digest_of(trees), "documents": trees}
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_compiled(text: str) -> Library:
    """The library of a compiled JSON text."""
    content = json.loads(text)
    library = Library({file: Document(file, tree) for file, tree in content["documents"].items()})
    library.__dict__["digest"] = content["digest"]
    return library


class _Compiled(Struct):
    """The compiled form with its documents unread: a command needs a few of some three hundred."""

    digest: str
    documents: dict[str, msgspec.Raw]


class _Unread(Mapping[str, Document]):
    """Documents that are read when somebody asks for them."""

    def __init__(self, texts: dict[str, msgspec.Raw]) -> None:
        self._texts, self._read = texts, dict[str, Document]()

    def __getitem__(self, file: str) -> Document:
        if file not in self._read:
            self._read[file] = Document(file, msgspec.json.decode(self._texts[file]))
        return self._read[file]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __contains__(self, file: object) -> bool:
        return file in self._texts


@cache
def compiled() -> Library:
    """The library this program ships, read once, and each of its documents when it is needed."""
    content = msgspec.json.decode((resources.files("cobalamin.knowledge") / COMPILED).read_bytes(), type=_Compiled)
    library = Library(_Unread(content.documents))
    library.__dict__["digest"] = content.digest
    return library


def data_folder() -> Path:
    """The YAML originals beside this module."""
    return Path(__file__).parent / "data"


_READ_AT_ONCE = (
    "sources", "facts", "products", "precautions", "program_checks", "monitoring", "disagreements", "asked_words", "asked_signs", "asked_questions",
    "asked_things", "everyday_stems", "asked_examples", "population_words", "default_policy", "practice", "countries", "assessment",
    "guideline_lists",
)  # fmt: skip


def reading_faults(library: Library) -> list[Fault]:
    """Every fault of form in every document, all at once."""
    faults = [fault for document in library.documents.values() for fault in document.faults]

    def attempt(read: Callable[[], object]) -> None:
        try:
            read()
        except InputError as error:
            faults.extend(error.faults)
        except KeyError as error:
            faults.append(Fault("library", 0, "", f"the file or key {error} is missing"))

    for part in _READ_AT_ONCE:
        attempt(partial(getattr, library, part))
    attempt(lambda: faults.extend(record_faults(library.documents, library.context, frozenset(library.markers))))
    for language in library.languages:
        attempt(partial(library.words, language))
    attempt(lambda: faults.extend(translation_faults(library.documents)))
    attempt(lambda: faults.extend(page_faults(library.documents)))
    attempt(lambda: faults.extend(translated_record_faults(library.documents)))
    attempt(lambda: faults.extend(unknown_countries(library.documents.values(), frozenset(library.countries))))
    for file in (file for file in library.documents if file.startswith((*NEWEST, EARLIER))):
        attempt(partial(library.version_in, file))
        faults.extend(_name_faults(file, library.documents[file]))
    return faults


def _name_faults(file: str, document: Document) -> list[Fault]:
    """A file is named after the protocol it holds; one of an earlier version after protocol and version."""
    tree = document.tree if isinstance(document.tree, dict) else {}
    named = tree.get("protocol", tree.get("guidance"))
    named = f"{named}-{tree.get('version')}" if file.startswith(EARLIER) else named
    reading = Reading(document)
    if named != Path(file).stem:
        reading.fault("protocol", f"the file is called {Path(file).name} but holds '{named}'; both must be the same")
    return reading.faults
