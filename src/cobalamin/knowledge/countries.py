"""Every country of ISO 3166-1, with what is known of its texts beyond the protocols; the codes the library may use."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cobalamin.errors import Fault
from cobalamin.knowledge.criteria import Context, read_citations
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.reading import Reading

FILE = "countries.yaml"
NO_COUNTRY = "INT"  # a text or source of no single country
_SENTENCES = ("texts/", "words/")  # there `country` is the name of a sentence


class Country(Struct, frozen=True):
    """`known`: a text that is known and was not read or encoded. `looked_for`: a text was looked for and none was found."""

    code: str
    name: str
    known: str
    looked_for: bool
    cites: Citations


def read_countries(document: Document, context: Context) -> dict[str, Country]:
    """The countries by code, in the order of their codes. Raises InputError."""
    reading = Reading(document)

    def country(tree: Tree, path: str) -> Country:
        entry = reading.mapping(tree, path, ("code", "name"), ("known", "looked_for", "cites"))
        cites = read_citations(reading, context, entry.get("cites", []), f"{path}.cites")
        if "known" in entry and not cites:
            reading.fault(path, "has no citation")
        return Country(
            code=_code(reading, entry.get("code"), f"{path}.code"),
            name=reading.text(entry.get("name"), f"{path}.name"),
            known=reading.text(entry["known"], f"{path}.known") if "known" in entry else "",
            looked_for=reading.flag(entry, "looked_for", path),
            cites=cites,
        )

    root = reading.mapping(document.tree, "", ("countries",))
    found = reading.each(root.get("countries", []), "countries", country)
    codes = [each.code for each in found]
    if codes != sorted(set(codes)):
        reading.fault("countries", "must be in the order of their codes, each once")
    reading.finish()
    return {each.code: each for each in found}


def _code(reading: Reading, tree: Tree, path: str) -> str:
    code = reading.text(tree, path)
    if code and not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        reading.fault(path, f"'{code}' must be two capital letters")
    return code


def unknown_countries(documents: Iterable[Document], known: frozenset[str]) -> list[Fault]:
    """Every `country` of a document or of its records that is in no list, such as UK for GB."""
    faults: list[Fault] = []
    for document in (each for each in documents if not each.file.startswith(_SENTENCES)):
        reading = Reading(document)
        for path, code in _named(document.tree, ""):
            if code not in known and code != NO_COUNTRY:
                reading.fault(path, f"'{code}' is no country of {FILE}")
        faults += reading.faults[len(document.faults) :]
    return faults


def _named(tree: Tree, path: str) -> Iterable[tuple[str, str]]:
    """(path, code) of the document's own country and of that of each record in its lists."""
    if not isinstance(tree, dict):
        return
    if isinstance(tree.get("country"), str):
        yield f"{path}.country" if path else "country", tree["country"]
    for key, value in tree.items():
        if isinstance(value, list):
            for number, item in enumerate(value):
                yield from _named(item, f"{path}.{key}[{number}]" if path else f"{key}[{number}]")
