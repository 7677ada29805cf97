"""The words of one language: sentences about days, doses and phases from `words/<language>.yaml`, all others from `texts/`.

`texts/<language>/<page>.yaml` holds the sentences of one part of the program by name; "page.name" is the key. Which there are, and
with which fields, English says; a page that a translation lacks stays English. A sentence is a template with named fields, so that a language keeps its own word order. A dose is no template: its form is
locked (`amounts.mass_text`), and only its unit words come from here (hazards H01, H33; docs/adr/0010).
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cobalamin.amounts import UnitWords
from cobalamin.errors import Fault
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.quoting import QUOTE, UNQUOTE, Quoting
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.words_shape import TEXTS

FOLDER, PAGES = "words/", "texts/"
ENGLISH = "en"
NOT_REVIEWED = "not reviewed"
_LISTS = {"weekdays": 7, "months": 12, "months_short": 12}
_FIELD = re.compile(r"\{([a-z_]+)\}")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_DECIMAL_COMMA = re.compile(r"[0-9],[0-9]")
_MICROGRAM = re.compile(r"mi[ck]ro[a-z]+")  # a word for milligrams here would be wrong by 1,000
_GROUPED = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MICRO_SIGNS = "\u00b5\u03bc"


class Worded(ABC):
    """Something that can be said in the words of a language. Until then it is no text: it can't be printed by mistake."""

    __slots__ = ()

    @abstractmethod
    def in_words(self, words: Words) -> str:
        """Say it in the language of `words`. Raises KeyError where the language lacks the text."""

    def __str__(self) -> str:
        raise TypeError(f"{self!r} has no words yet; say it with `in_words`")


class Parts(str):
    """A text that was put together of others, each of which can be said in another language."""

    parts: tuple[str, ...]
    between: str

    __slots__ = ("between", "parts")

    @classmethod
    def of(cls, parts: Sequence[str], between: str) -> Parts:
        """The texts one after the other."""
        made = cls(between.join(parts))
        made.parts, made.between = tuple(parts), between
        return made


@dataclass(
    frozen=True, eq=False
)  # one value a language and library: compared as itself, and a key of what is remembered
class Words:
    """The words of a language. `texts` are templates by "section.name"."""

    language: str
    name: str
    reviewed_by: str
    units: UnitWords
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    texts: Mapping[str, str]
    quoting: Quoting | None = None  # what a language other than English says of records

    def text(self, key: str, /, **fields: object) -> str:
        """The text of this key with its fields filled in; what has no words yet is said in this language."""
        return self.filled(self.texts[key], fields)

    def filled(self, template: str, fields: Mapping[str, object]) -> str:
        """A template with its fields filled in, for a text that was changed before."""
        typed = "cobalamin " in template  # a command is typed as it stands, in every language
        return template.format_map({name: self._said(each, typed) for name, each in fields.items()})

    def _said(self, value: object, typed: bool) -> object:
        if isinstance(value, Worded):
            return value.in_words(self)
        if not isinstance(value, str) or typed:
            return value
        return self.number(value) if _GROUPED.fullmatch(value) else self.of_record(value)

    def number(self, text: str) -> str:
        """A number written as in English, "1,351": where a comma is read as a decimal, without it (hazard H01)."""
        return text.replace(",", self.units.thousands)

    def of_record(self, text: str) -> str:
        """A text with what it has of records in this language: translated, else quoted in English; all else stays as it is."""
        if self.quoting is None:
            return str(text)  # a document takes no `Parts`
        if isinstance(text, Parts):
            return self.of_record(text.between).join(self.of_record(part) for part in text.parts)
        return self.quoting.said(text)

    def quoted(self, text: str) -> str:
        """An English text as it stands in a text of this language."""
        return text if self.is_english else f"{QUOTE}{text}{UNQUOTE}"

    def find(self, section: str, name: str, otherwise: str) -> str:
        """A single word of a section; `otherwise` where the section has none, as for the code of a new remark."""
        return self.texts.get(f"{section}.{name}", otherwise)

    @property
    def about_itself(self) -> str:
        """For a translation: who has read it, and what is quoted in English; empty for English."""
        if self.is_english:
            return ""
        reviewed = "" if self.is_reviewed else f"{self.text('notes.not_reviewed')} "
        return f"{reviewed}{self.text('notes.stays_english')}"

    @property
    def is_english(self) -> bool:
        return self.language == ENGLISH

    @property
    def is_reviewed(self) -> bool:
        return self.reviewed_by != NOT_REVIEWED


def file_of(language: str) -> str:
    return f"{FOLDER}{language}.yaml"


def read_words(document: Document) -> Words:
    """The words in a document. Raises InputError with every fault."""
    reader = _Reader(document)
    words = reader.words()
    reader.reading.finish()
    return words


class _Reader:
    def __init__(self, document: Document) -> None:
        self.reading = Reading(document)

    def words(self) -> Words:
        keys = ("language", "name", "reviewed_by", "units", *_LISTS, *TEXTS)
        root = self.reading.mapping(self.reading.document.tree, "", keys)
        language = self.reading.text(root.get("language"), "language")
        if file_of(language) != self.reading.document.file:
            self.reading.fault("language", f"the file holds '{language}'; call it {file_of(language)}")
        texts = {
            f"{section}.{name}": text
            for section in TEXTS
            if section in root
            for name, text in self._section(root[section], section).items()
        }
        weekdays, months, months_short = (self._list(root.get(name), name, count) for name, count in _LISTS.items())
        return Words(
            language, self.reading.text(root.get("name"), "name"), self.reading.text(root.get("reviewed_by"), "reviewed_by"),
            self._units(root.get("units", {})), weekdays, months, months_short, texts,
        )  # fmt: skip

    def _list(self, tree: Tree, path: str, count: int) -> tuple[str, ...]:
        found = self.reading.each(tree, path, lambda item, at: self.reading.text(item, at))
        if len(set(found)) != count:
            self.reading.fault(path, f"must be {count} different words, so that no day is taken for another")
        return found

    def _units(self, tree: Tree) -> UnitWords:
        entry = self.reading.mapping(tree, "units", ("microgram", "micrograms", "comma"))
        one, many = (self._unit(entry, name) for name in ("microgram", "micrograms"))
        comma = self.reading.word(entry.get("comma"), "units.comma", ("thousands", "decimal"))
        return UnitWords(one, many, "," if comma == "thousands" else "")

    def _unit(self, entry: dict[str, Tree], name: str) -> str:
        word = self.reading.text(entry.get(name), f"units.{name}")
        if word and not _MICROGRAM.fullmatch(word):
            self.reading.fault(
                f"units.{name}", f"'{word}' must be the full word for micrograms, such as micrograms or mikrogram"
            )
        return word

    def _section(self, tree: Tree, section: str) -> dict[str, str]:
        shape = TEXTS[section]
        entry = self.reading.mapping(tree, section, optional=shape)
        for name in (name for name in shape if name not in entry):
            self.reading.fault(
                f"{section}.{name}", f"is missing; write it with {_braced(shape[name])}, see {file_of(ENGLISH)}"
            )
        found = {name: self.reading.text(entry[name], f"{section}.{name}") for name in shape if name in entry}
        for name, text in found.items():
            self._template(text, f"{section}.{name}", shape[name])
        return found

    def _template(self, text: str, path: str, fields: tuple[str, ...]) -> None:
        found = tuple(sorted(_FIELD.findall(text)))
        if found != fields:
            self.reading.fault(path, f"has the fields {_braced(found)}; it must have {_braced(fields)}, each once")
        _check_template(self.reading, text, path)


def read_pages(documents: Mapping[str, Document], language: str) -> dict[str, str]:
    """The texts of every page by "page.name", as they are in English where `language` lacks a page."""
    found: dict[str, str] = {}
    for chosen in dict.fromkeys((ENGLISH, language)):
        folder = f"{PAGES}{chosen}/"
        for file, document in documents.items():
            if file.startswith(folder):
                page = file.removeprefix(folder).removesuffix(".yaml")
                found.update({f"{page}.{name}": text for name, text in document.tree.items()})
    return found


def page_faults(documents: Mapping[str, Document]) -> list[Fault]:
    """Pages with something else than texts, a template that can't be filled, or a translation that says something else."""
    faults: list[Fault] = []
    for file, document in documents.items():
        if not file.startswith(PAGES):
            continue
        reading = Reading(document)
        english = documents.get(f"{PAGES}{ENGLISH}/{file.rsplit('/', 1)[-1]}", document).tree
        page = reading.mapping(document.tree, "", tuple(english))
        for name, tree in page.items():
            text = reading.text(tree, name)
            _check_template(reading, text, name)
            if text != english.get(name, text):
                fields, own = (sorted(_FIELD.findall(each)) for each in (english[name], text))
                if fields != own:
                    reading.fault(name, f"has the fields {_braced(own)}; it must have {_braced(fields)}, as in English")
                compare_translation(reading, name, english[name], text)
        faults += reading.faults
    return faults


def _check_template(reading: Reading, text: str, path: str) -> None:
    if set("{}") & set(_FIELD.sub("", text)):
        reading.fault(path, "has a brace that belongs to no field; write a field as {name}")
    if _DECIMAL_COMMA.search(text):
        reading.fault(path, "has a comma inside a number, which is read in two ways; write it without")
    if set(_MICRO_SIGNS) & set(text):
        reading.fault(path, "has the micro sign, which is easily misread; write the word out")


def _braced(fields: Sequence[str]) -> str:
    return ", ".join(f"{{{field}}}" for field in fields) or "no field"


def translation_faults(documents: Mapping[str, Document]) -> list[Fault]:
    """Where a translation says a number that English does not, lacks one, or loses a space at a seam between two texts."""
    english = documents[file_of(ENGLISH)].tree
    faults: list[Fault] = []
    for file, document in documents.items():
        if file.startswith(FOLDER) and file != file_of(ENGLISH):
            reading = Reading(document)
            for section, shape in TEXTS.items():
                for name in shape:
                    pair = [_text(tree, section, name) for tree in (english, document.tree)]
                    compare_translation(reading, f"{section}.{name}", *pair)
            faults += reading.faults
    return faults


def _text(tree: Tree, section: str, name: str) -> str:
    """A text; "" where it is missing, which is told elsewhere."""
    part = tree.get(section) if isinstance(tree, dict) else None
    text = part.get(name) if isinstance(part, dict) else None
    return text if isinstance(text, str) else ""


def compare_translation(reading: Reading, path: str, english: str, translated: str) -> None:
    """A fault where a translation has other numbers, or lacks a space at a seam between two texts."""
    if not english or not translated:
        return
    numbers, own = (sorted(_NUMBER.findall(_FIELD.sub(" ", text))) for text in (english, translated))
    if numbers != own:
        told = ", ".join(numbers) or "no number"
        reading.fault(
            path, f"says the numbers {', '.join(own) or 'none'} where English says {told}; make them the same"
        )
    for edge, index in (("begin", 0), ("end", -1)):
        if english[index].isspace() != translated[index].isspace():
            need = "with" if english[index].isspace() else "without"
            reading.fault(path, f"must {edge} {need} a space, as in English, because it is joined to other words")
