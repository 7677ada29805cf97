"""The library: documents in, typed values out, each read once when it is first asked for.

It knows no file: `loading` makes one of the YAML folder (with lines, for `library check`) or of the compiled JSON file (fast,
for everything else); compiled documents were checked when they were compiled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from copy import copy
from datetime import date
from functools import cached_property

from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.asked_questions import FILE as QUESTIONS
from cobalamin.knowledge.asked_questions import AskedQuestions, read_questions
from cobalamin.knowledge.asked_signs import EXAMPLES, AskedSigns, Example, read_asked_signs, read_examples
from cobalamin.knowledge.asked_signs import FOLDER as ASKED
from cobalamin.knowledge.asked_things import EVERYDAY, THINGS, AskedThings, read_everyday_stems, read_things
from cobalamin.knowledge.assessment import AssessmentRules, read_assessment
from cobalamin.knowledge.catalogue import read_facts, read_products, read_sources
from cobalamin.knowledge.countries import FILE as COUNTRIES
from cobalamin.knowledge.countries import Country, read_countries
from cobalamin.knowledge.criteria import Context
from cobalamin.knowledge.disagreements import Disagreement, read_disagreements
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.guideline_lists import GuidelineLists, read_lists
from cobalamin.knowledge.model import FactDefinition, MonitoringRow, Policy, Precaution, Product, Protocol, Source
from cobalamin.knowledge.policies import read_policy
from cobalamin.knowledge.population_words import FILE as POPULATION_WORDS
from cobalamin.knowledge.population_words import PopulationWords, read_population_words
from cobalamin.knowledge.practice import FILE as PRACTICE
from cobalamin.knowledge.practice import Practice, read_practice
from cobalamin.knowledge.protocols import read_monitoring, read_precautions, read_protocol
from cobalamin.knowledge.quoting import Quoting
from cobalamin.knowledge.reading import did_you_mean
from cobalamin.knowledge.spelling import spelled
from cobalamin.knowledge.synonyms import FILE as SYNONYMS
from cobalamin.knowledge.synonyms import AskedWords, read_asked_words
from cobalamin.knowledge.translations import read_terms, read_translations, record_texts
from cobalamin.knowledge.vocabulary import KINDS
from cobalamin.knowledge.words import ENGLISH, FOLDER, Words, file_of, read_pages, read_words
from cobalamin.records import replace
from cobalamin.spans import read_date

NEWEST = ("protocols/", "guidance/")
EARLIER = "earlier/"  # versions that were published before the newest: a plan pins one, and it never changes
SIGNATURES = "signatures/"  # who looked through which rows; `library sign` makes such a file
DEFAULT_POLICY = "policies/engineering-default.yaml"


class UnknownId(InputError):
    """An id that is not in the library."""


class Library:
    """All documents of one edition, and the language it speaks. Construct with `loading.compiled` or `loading.from_folder`."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.documents, self.language = documents, ENGLISH
        self._protocols: dict[str, Protocol] = {}
        self._words: dict[str, Words] = {}
        self._speaking: dict[str, Library] = {ENGLISH: self}

    def in_language(self, language: str) -> Library:
        """The same library, speaking one of `languages`: every sentence of a decision comes from its `own_words`."""
        if language not in self._speaking:
            other = copy(self)  # shares the documents and what is read of them
            other.__dict__.pop("own_words", None)
            other.language = language
            self._speaking[language] = other
        return self._speaking[language]

    @cached_property
    def own_words(self) -> Words:
        """The words of the language it speaks."""
        return self.words(self.language)

    @cached_property
    def edition(self) -> str:
        return str(self.documents["library.yaml"].tree["edition"])

    @cached_property
    def review_by(self) -> date:
        return read_date(self.documents["library.yaml"].tree["review_by"])

    @cached_property
    def sources(self) -> dict[str, Source]:
        return read_sources(self.documents["sources.yaml"])

    @cached_property
    def facts(self) -> dict[str, FactDefinition]:
        return read_facts(self.documents["facts.yaml"])

    @cached_property
    def population_words(self) -> PopulationWords:
        return read_population_words(self.documents[POPULATION_WORDS], self.facts["cause"].values, self.facts)

    @cached_property
    def practice(self) -> Practice:
        return read_practice(self.documents[PRACTICE], self.context)

    @cached_property
    def countries(self) -> dict[str, Country]:
        """Every country of ISO 3166-1 by its code."""
        return read_countries(self.documents[COUNTRIES], self.context)

    @cached_property
    def assessment(self) -> AssessmentRules:
        """Rules and bands of the assessment, read once."""
        return read_assessment(self.documents, self.context, self.markers)

    @cached_property
    def guideline_lists(self) -> GuidelineLists:
        """Symptoms, signs and risk factors that guidelines name."""
        return read_lists(self.documents, self.context, tuple(self.markers))

    @cached_property
    def context(self) -> Context:
        levels = {record["id"]: record["level"] for record in self.documents["sources.yaml"].tree["sources"]}
        return Context(levels, self.facts)

    @cached_property
    def markers(self) -> dict[str, dict[str, Tree]]:
        """Marker records by id, as written."""
        return {record["id"]: record for record in self.records("markers.yaml", "markers")}

    @cached_property
    def products(self) -> dict[str, Product]:
        return read_products(self.documents["products.yaml"], self.context)

    @cached_property
    def precautions(self) -> tuple[Precaution, ...]:
        """Checks over facts that hold for every protocol."""
        return read_precautions(self.documents["precautions.yaml"], "precautions", self.context)

    @cached_property
    def program_checks(self) -> dict[str, Precaution]:
        """Words and citations for the checks that the program computes itself, by code."""
        checks = read_precautions(self.documents["precautions.yaml"], "program_checks", self.context)
        return {check.code: check for check in checks}

    @cached_property
    def monitoring(self) -> tuple[MonitoringRow, ...]:
        """Checks that sources ask for across protocols."""
        return read_monitoring(self.documents["monitoring.yaml"], self.context, frozenset(self.markers))

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        return read_disagreements(self.documents["disagreements.yaml"], self.context, self.ids)

    @cached_property
    def spellings(self) -> dict[str, str]:
        """American words by British ones."""
        return {entry["gb"]: entry["us"] for entry in self.records("spelling.yaml", "spellings")}

    def spelled(self, text: str, country: str) -> str:
        """The text in the spelling of the reader's country; an id stays as `library show` takes it."""
        return spelled(text, country, self.spellings, self._joined_ids)

    @cached_property
    def _joined_ids(self) -> frozenset[str]:
        """Ids of several words; one of a single word can't be told from the word."""
        every = (*self.ids, *self._named)
        return frozenset(name for name in every if "-" in name)

    @cached_property
    def asked_words(self) -> AskedWords:
        return read_asked_words(self.documents[SYNONYMS])

    @cached_property
    def danger_signs(self) -> dict[str, dict[str, Tree]]:
        """Records of signs of danger by id: those of a `symptoms` event, and those that are only recognised in a question."""
        records = (*self.records("red_flags.yaml", "red_flags"), *self.records(f"{ASKED}signs.yaml", "signs"))
        return {str(record["id"]): record for record in records}

    @cached_property
    def asked_signs(self) -> AskedSigns:
        return read_asked_signs(self.documents, tuple(self.danger_signs))

    @cached_property
    def asked_questions(self) -> AskedQuestions:
        """Everyday questions that a record answers, by its id."""
        return read_questions(self.documents[QUESTIONS], self._named)

    @cached_property
    def asked_things(self) -> AskedThings:
        """What a question may be about beside B12 itself."""
        return read_things(self.documents[THINGS], self.asked_questions.questions)

    @cached_property
    def everyday_stems(self) -> frozenset[str]:
        """Stems of everyday English words, which name nothing that the library would have to know."""
        return read_everyday_stems(self.documents[EVERYDAY])

    @cached_property
    def asked_examples(self) -> tuple[Example, ...]:
        """Wordings with what must be recognised in them; nothing but tests reads them."""
        return read_examples(self.documents[EXAMPLES], tuple(self.danger_signs))

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(sorted(_stem(file) for file in self.documents if file.startswith(FOLDER)))

    def words(self, language: str) -> Words:
        """The words of one of `languages`."""
        if language not in self._words:
            words = read_words(self.documents[file_of(language)])
            texts = {**words.texts, **read_pages(self.documents, language)}
            self._words[language] = replace(words, texts=texts, quoting=self._quoting(language))
        return self._words[language]

    def _quoting(self, language: str) -> Quoting | None:
        """What a language other than English says of records: in its own words, or as a quotation."""
        if language == ENGLISH:
            return None
        return Quoting(
            record_texts(self.documents),
            read_terms(self.documents, language) | read_translations(self.documents, language),
        )

    @cached_property
    def default_policy(self) -> Policy:
        return read_policy(self.documents[DEFAULT_POLICY])

    def records(self, file: str, key: str) -> list[dict[str, Tree]]:
        """The records of a file that needs no typed form (markers, thresholds, statements)."""
        return list(self.documents[file].tree[key]) if file in self.documents else []

    @cached_property
    def signatures(self) -> tuple[Document, ...]:
        """Files of signatures that were put into the library; the shipped one holds none."""
        return tuple(self.documents[file] for file in sorted(self.documents) if file.startswith(SIGNATURES))

    def statements(self) -> Iterator[dict[str, Tree]]:
        for file in sorted(self.documents):
            if file.startswith("statements/"):
                yield from self.records(file, "statements")

    def named(self, record_id: str) -> list[tuple[str, dict[str, Tree]]]:
        """The records of this id or code that are no protocol, each with the word for its kind."""
        return self._named.get(record_id, [])

    def meant(self, record_id: str) -> str:
        """The id itself, or the one that is spelt so in the United States."""
        respelt = (name for name in self.every_id if spelled(name, "US", self.spellings) == record_id)
        return record_id if record_id in self.every_id else next(respelt, record_id)

    @property
    def every_id(self) -> tuple[str, ...]:
        """The ids of all records that can be shown."""
        return (*self.ids, *self._named)

    @cached_property
    def _named(self) -> dict[str, list[tuple[str, dict[str, Tree]]]]:
        files = [(file, key, kind) for file, key, kind in KINDS if file in self.documents]
        files += [
            (file, "statements", "statement") for file in sorted(self.documents) if file.startswith("statements/")
        ]
        table: dict[str, list[tuple[str, dict[str, Tree]]]] = {}
        for file, key, kind in files:
            for record in filter(_is_record, self.records(file, key)):
                table.setdefault(str(record.get("id", record.get("code"))), []).append((kind, record))
        for file in sorted(self.documents):
            if file.startswith("policies/"):
                table.setdefault(_stem(file), []).append(("policy", self.documents[file].tree))
        for name, file in self._files.items():
            for kind, key in (("note", "notes"), ("advice", "advice")):
                for number, record in enumerate(self.documents[file].tree.get(key, ()), 1):
                    table[f"{name}/{kind}-{number}"] = [(kind, {"of": name, **record})]
        return table

    @cached_property
    def _files(self) -> dict[str, str]:
        """File of each protocol and guidance id; the file's name is the id."""
        return {_stem(file): file for file in sorted(self.documents) if file.startswith(NEWEST)}

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def protocol(self, protocol_id: str) -> Protocol:
        """The protocol or guidance of this id; for an alias, `content` has what it equals. Raises UnknownId."""
        if protocol_id not in self._files:
            near = did_you_mean(protocol_id, self._files)
            message = f"there is no protocol '{protocol_id}'{near}; see `cobalamin library list`"
            if protocol_id.strip().isdecimal():  # its place in a list, which is another one as soon as more is known
                message = f"'{protocol_id}' is a place in a list; type the protocol's id, such as uk-bnf-noneuro"
            raise UnknownId([Fault("library", 0, protocol_id, message)])
        return self.version_in(self._files[protocol_id])

    def version_in(self, file: str) -> Protocol:
        """The version of a protocol that stands in a file. Raises UnknownId."""
        if file not in self._protocols:
            if file not in self.documents:
                raise UnknownId([Fault("library", 0, file, "this version is not in the library")])
            self._protocols[file] = read_protocol(self.documents[file], self.context, frozenset(self.markers))
        return self._protocols[file]

    def content(self, protocol: Protocol) -> Protocol:
        """The protocol that holds the phases: itself, or what it is an alias of, in the same version."""
        return self.pinned(protocol.same_as, protocol.version) if protocol.same_as else protocol

    def pinned(self, protocol_id: str, version: int) -> Protocol:
        """The version of a protocol that a plan pins, however old. Raises UnknownId."""
        newest = self.protocol(protocol_id)
        return newest if newest.version == version else self.version_in(f"{EARLIER}{protocol_id}-{version}.yaml")

    @property
    def earlier(self) -> tuple[Protocol, ...]:
        """Every version that was published before the newest of its protocol."""
        return tuple(self.version_in(file) for file in sorted(self.documents) if file.startswith(EARLIER))

    def file_of(self, protocol: Protocol) -> str:
        """The file in which this version of a protocol or guidance document stands."""
        newest = self._files.get(protocol.id, "")
        named = f"{EARLIER}{protocol.id}-{protocol.version}.yaml"
        return named if named in self.documents else newest

    def protocols(self) -> tuple[Protocol, ...]:
        """Every protocol and guidance document, by id."""
        return self._newest

    @cached_property
    def _newest(self) -> tuple[Protocol, ...]:
        return tuple(self.protocol(protocol_id) for protocol_id in self.ids)

    @cached_property
    def guidance(self) -> tuple[Protocol, ...]:
        """Every guidance document, by id. No protocol is read for it: one plan needs one of them, and all take long."""
        return tuple(self.protocol(name) for name, file in sorted(self._files.items()) if self._is_guidance(file))

    def _is_guidance(self, file: str) -> bool:
        tree = self.documents[file].tree
        return isinstance(tree, dict) and "guidance" in tree

    def aliases(self, protocol_id: str) -> tuple[str, ...]:
        return self._aliases.get(protocol_id, ())

    @cached_property
    def _aliases(self) -> dict[str, tuple[str, ...]]:
        table: dict[str, tuple[str, ...]] = {}
        for file in self._files.values():
            tree = self.documents[file].tree
            if "same_as" in tree:
                table[tree["same_as"]] = (*table.get(tree["same_as"], ()), tree["protocol"])
        return table

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all documents: two libraries with the same digest say the same."""
        return digest_of({file: document.tree for file, document in self.documents.items()})


def _stem(file: str) -> str:
    """ "nl" of "words/nl.yaml" """
    return file.rsplit("/", 1)[-1].removesuffix(".yaml")


def digest_of(trees: dict[str, Tree]) -> str:
    canonical = json.dumps(trees, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _is_record(tree: Tree) -> bool:
    """Whether it is a mapping; what is none is refused by the reader of its file."""
    return isinstance(tree, dict)
