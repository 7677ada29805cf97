"""Rules of the assessment (confirm, cause, severity, treat) and bands of results, read from the library into typed values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from msgspec import Struct

from cobalamin.knowledge.criteria import Context, read_citations, read_criterion
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import Citations, Criterion, best_level
from cobalamin.knowledge.reading import Reading
from cobalamin.spans import Span

FOLDER = "assessment/"
RULES, BANDS, THRESHOLDS = f"{FOLDER}rules.yaml", f"{FOLDER}bands.yaml", "thresholds.yaml"
STEPS = ("confirm", "cause", "severity", "treat")
SPEAKS = ("for", "against", "unclear", "asks", "adds")
KIDNEYS = ("normal", "mild", "low", "unknown")
# `under`: below the lowest part of a band, which its source does not class.
MEANS = ("deficient", "indeterminate", "unlikely", "possible", "high", "normal", "low", "under", "mild")
READS = (
    "deficient", "low", "indeterminate", "within", "unlikely", "high", "normal", "positive", "negative", "equivocal",
    "no_range", "low_unread",
)  # fmt: skip
WAYS = ("oral", "injection")
_NUMBER = re.compile(r"(?:0|[1-9][0-9]{0,5})(?:\.[0-9]{1,4})?")
_COUNTRY = re.compile("[A-Z]{2}")
_ENDS = ("below", "above", "from", "to")
_ASKED = ("test", "panel", "range")


class Part(Struct, frozen=True):
    """One part of a band: `below` and `above` leave their limit out, `least` and `most` take it in."""

    means: str
    below: Decimal | None = None
    above: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None


class Band(Struct, frozen=True):
    """How one source, for one country or one laboratory, reads the results of a marker."""

    id: str
    owner: str
    laboratory: bool
    country: str
    marker: str
    unit: str
    parts: tuple[Part, ...]
    ages_from: Span | None
    note: str
    cites: Citations


class Reads(Struct, frozen=True):
    """A condition on results: one of these markers reads as one of these words."""

    markers: tuple[str, ...]
    reads: tuple[str, ...]


class Next(Struct, frozen=True):
    """What comes next: the first of `tests` that can be had (with `panel` all of them), or the question about a fact."""

    tests: tuple[str, ...]
    ask: str
    text: str
    plain: str
    cites: Citations
    panel: bool = False
    of_range: bool = False  # the test was done: what is asked for is its laboratory's range
    first: bool = False  # it comes before what the other steps ask for


class Rule(Struct, frozen=True):
    """When it holds, what it says, which fact it suggests, and what comes next (the words at the head of the file)."""

    id: str
    step: str
    speaks: str
    results: tuple[Reads, ...]
    bands: tuple[str, ...]
    lacks: tuple[str, ...]
    lacks_fact: str
    kidneys: tuple[str, ...]
    countries: tuple[str, ...]
    treated: bool | None
    urgent: bool
    settled: bool
    open: bool  # what it suggests leaves the search open
    by_band: bool  # it says no more than the band by which the result reads, whose source alone is cited
    when: Criterion | None
    unless: Criterion | None
    suggests: tuple[str, str] | None
    beside: tuple[str, ...]
    next: tuple[Next, ...]
    text: str
    plain: str
    cites: Citations

    @property
    def leaves_open(self) -> bool:
        """Whether its step goes on asking although it leads."""
        return bool(self.next) or self.open or self.speaks == "against"


class FollowUp(Struct, frozen=True):
    """What an answer to the follow-up question leads to, by a source; no date changes by it."""

    id: str
    by: str
    answers: tuple[str, ...]
    when: Criterion | None
    unless: Criterion | None
    text: str
    plain: str
    cites: Citations


class AssessmentRules(Struct, frozen=True):
    """`not_after`: a result older than this is shown and not read."""

    bands: tuple[Band, ...]
    not_after: Span
    rules: tuple[Rule, ...]
    follow_up: tuple[FollowUp, ...]

    def of_step(self, step: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.step == step)


NONE = AssessmentRules((), Span(12, "mo"), (), ())


def read_assessment(
    documents: Mapping[str, Document], context: Context, markers: dict[str, dict[str, Tree]]
) -> AssessmentRules:
    """The rules of a library; none where it has no such file. Raises InputError with every fault of the three files."""
    if RULES not in documents:
        return NONE
    units = {name: tuple(record.get("units", ())) for name, record in markers.items()}
    bands: dict[str, Band] = {}
    faults = []
    for file, key in ((THRESHOLDS, "thresholds"), (BANDS, "bands")):
        if file in documents:
            reader = _BandReader(Reading(documents[file]), context, units)
            bands |= {band.id: band for band in reader.read(key)}
            faults += reader.reading.faults
    rules = _RuleReader(Reading(documents[RULES]), context, tuple(units), bands)
    found = rules.read()
    rules.reading.faults[:0] = faults
    rules.reading.finish()
    return found


class _BandReader:
    def __init__(self, reading: Reading, context: Context, units: dict[str, tuple[str, ...]]) -> None:
        self.reading, self.context, self.units = reading, context, units

    def read(self, key: str) -> tuple[Band, ...]:
        root = self.reading.mapping(self.reading.document.tree, "", (key,))
        return self.reading.each(root.get(key, []), key, self._band)

    def _band(self, tree: Tree, path: str) -> Band | None:
        reading = self.reading
        entry = reading.mapping(
            tree,
            path,
            ("id", "country", "marker", "unit", "bands", "cites"),
            ("issuer", "laboratory", "ages_from", "note"),
        )
        marker = reading.word(entry.get("marker"), f"{path}.marker", tuple(self.units))
        unit = reading.word(entry.get("unit"), f"{path}.unit", self.units.get(marker or "", ()))
        owner = entry.get("laboratory") or entry.get("issuer")
        if not owner:
            reading.fault(path, "a band needs its owner: 'issuer' or 'laboratory'")
        cites = read_citations(reading, self.context, entry.get("cites", []), f"{path}.cites")
        if not cites:
            reading.fault(path, "has no citation")
        parts = reading.each(entry.get("bands", []), f"{path}.bands", self._part)
        if not (marker and unit and owner):
            return None
        return Band(
            id=reading.text(entry.get("id"), f"{path}.id"),
            owner=str(owner),
            laboratory="laboratory" in entry,
            country=str(entry.get("country", "")),
            marker=marker,
            unit=unit,
            parts=parts,
            ages_from=reading.span(entry["ages_from"], f"{path}.ages_from") if "ages_from" in entry else None,
            note=str(entry.get("note", "")),
            cites=cites,
        )

    def _part(self, tree: Tree, path: str) -> Part | None:
        entry = self.reading.mapping(tree, path, ("means",), _ENDS)
        means = self.reading.word(entry.get("means"), f"{path}.means", MEANS)
        if not set(_ENDS) & set(entry):
            self.reading.fault(path, f"needs a limit: {', '.join(_ENDS)}")
        below, above, least, most = (self._number(entry, end, path) for end in _ENDS)
        return Part(means, below, above, least, most) if means else None

    def _number(self, entry: dict[str, Tree], end: str, path: str) -> Decimal | None:
        if end not in entry:
            return None
        if not _NUMBER.fullmatch(str(entry[end])):
            self.reading.fault(f"{path}.{end}", f"'{entry[end]}' must be a number such as 35 or 0.35")
            return None
        return Decimal(str(entry[end]))


_RULE_OPTIONAL = (
    "results", "bands", "lacks", "lacks_fact", "kidneys", "countries", "treated", "urgent", "settled", "open", "by_band", "when", "unless",
    "suggests", "beside", "next", "text", "plain",
)  # fmt: skip


class _RuleReader:
    def __init__(
        self, reading: Reading, context: Context, markers: tuple[str, ...], bands: dict[str, Band]
    ) -> None:  # fmt: skip
        self.reading, self.context, self.markers, self.bands = reading, context, markers, bands

    def read(self) -> AssessmentRules:
        root = self.reading.mapping(self.reading.document.tree, "", ("reading", "rules", "follow_up"))
        told = self.reading.mapping(root.get("reading", {}), "reading", ("bands", "not_after"))
        named = self.reading.words(told.get("bands", []), "reading.bands", tuple(self.bands))
        span = self.reading.span(told.get("not_after"), "reading.not_after", positive=True)
        return AssessmentRules(
            bands=tuple(self.bands[name] for name in named),
            not_after=span or NONE.not_after,
            rules=self.reading.each(root.get("rules", []), "rules", self._rule),
            follow_up=self.reading.each(root.get("follow_up", []), "follow_up", self._follow_up),
        )

    def _cited(self, entry: dict[str, Tree], path: str) -> Citations:
        cites = read_citations(self.reading, self.context, entry.get("cites", []), f"{path}.cites")
        if not cites:
            self.reading.fault(path, "has no citation")
        return cites

    def _when(self, entry: dict[str, Tree], path: str, key: str = "when") -> Criterion | None:
        return read_criterion(self.reading, self.context, entry[key], f"{path}.{key}") if key in entry else None

    def _rule(self, tree: Tree, path: str) -> Rule | None:
        reading = self.reading
        entry = reading.mapping(tree, path, ("id", "step", "speaks", "cites"), _RULE_OPTIONAL)
        step = reading.word(entry.get("step"), f"{path}.step", STEPS)
        speaks = reading.word(entry.get("speaks"), f"{path}.speaks", SPEAKS)
        cites = self._cited(entry, path)
        suggests = self._suggests(entry, path, cites)
        if speaks and speaks != "asks":
            reading.text(entry.get("text"), f"{path}.text")
            reading.text(entry.get("plain"), f"{path}.plain")
        if not step or not speaks:
            return None
        return Rule(
            id=reading.text(entry.get("id"), f"{path}.id"),
            step=step,
            speaks=speaks,
            results=reading.each(entry.get("results", []), f"{path}.results", self._reads),
            bands=reading.words(entry.get("bands", []), f"{path}.bands", tuple(self.bands)),
            lacks=reading.words(entry.get("lacks", []), f"{path}.lacks", self.markers),
            lacks_fact=self._fact(entry, "lacks_fact", path),
            kidneys=reading.words(entry.get("kidneys", []), f"{path}.kidneys", KIDNEYS),
            countries=reading.each(entry.get("countries", []), f"{path}.countries", self._country),
            treated=self._yes_or_no(entry, "treated", path),
            urgent=reading.flag(entry, "urgent", path),
            settled=reading.flag(entry, "settled", path),
            open=reading.flag(entry, "open", path),
            by_band=reading.flag(entry, "by_band", path),
            when=self._when(entry, path),
            unless=self._when(entry, path, "unless"),
            suggests=suggests,
            beside=reading.words(entry.get("beside", []), f"{path}.beside", self._values(suggests)),
            next=reading.each(entry.get("next", []), f"{path}.next", self._next),
            text=str(entry.get("text", "")),
            plain=str(entry.get("plain", "")),
            cites=cites,
        )

    def _country(self, tree: Tree, path: str) -> str | None:
        if isinstance(tree, str) and _COUNTRY.fullmatch(tree):
            return tree
        self.reading.fault(path, f"'{tree}' must be a country code of two capital letters")
        return None

    def _fact(self, entry: dict[str, Tree], key: str, path: str) -> str:
        if key not in entry:
            return ""
        return self.reading.word(entry[key], f"{path}.{key}", tuple(self.context.facts)) or ""

    def _yes_or_no(self, entry: dict[str, Tree], key: str, path: str) -> bool | None:
        if key not in entry:
            return None
        return self.reading.word(entry[key], f"{path}.{key}", ("true", "false")) == "true"

    def _values(self, suggests: tuple[str, str] | None) -> tuple[str, ...]:
        return self.context.facts[suggests[0]].values if suggests else ()

    def _suggests(self, entry: dict[str, Tree], path: str, cites: Citations) -> tuple[str, str] | None:
        if "suggests" not in entry:
            return None
        told = self.reading.mapping(entry["suggests"], f"{path}.suggests", ("fact", "value"))
        fact = self.reading.word(told.get("fact"), f"{path}.suggests.fact", tuple(self.context.facts))
        if fact is None:
            return None
        value = self.reading.word(told.get("value"), f"{path}.suggests.value", self.context.facts[fact].values)
        if cites and best_level(cites) == "recalled":
            self.reading.fault(path, "suggests a fact and rests on nothing but 'recalled'; read the source first")
        return (fact, value) if value else None

    def _reads(self, tree: Tree, path: str) -> Reads:
        entry = self.reading.mapping(tree, path, ("markers", "reads"))
        return Reads(
            self.reading.words(entry.get("markers", []), f"{path}.markers", self.markers),
            self.reading.words(entry.get("reads", []), f"{path}.reads", READS),
        )

    def _next(self, tree: Tree, path: str) -> Next:
        entry = self.reading.mapping(tree, path, ("text", "plain", "cites"), (*_ASKED, "ask", "first"))
        named = [key for key in (*_ASKED, "ask") if key in entry]
        if len(named) != 1:
            self.reading.fault(path, "needs one of 'test', 'panel', 'range' and 'ask'")
        key = next((key for key in _ASKED if key in entry), "test")
        return Next(
            tests=self.reading.words(entry.get(key, []), f"{path}.{key}", self.markers),
            ask=self._fact(entry, "ask", path),
            text=self.reading.text(entry.get("text"), f"{path}.text"),
            plain=self.reading.text(entry.get("plain"), f"{path}.plain"),
            cites=self._cited(entry, path),
            panel="panel" in entry,
            of_range="range" in entry,
            first=self.reading.flag(entry, "first", path),
        )

    def _follow_up(self, tree: Tree, path: str) -> FollowUp | None:
        entry = self.reading.mapping(tree, path, ("id", "by", "answers", "text", "plain", "cites"), ("when", "unless"))
        by = self.reading.word(entry.get("by"), f"{path}.by", WAYS)
        answer = self.context.facts["symptoms_response"]
        return None if by is None else FollowUp(
            id=self.reading.text(entry.get("id"), f"{path}.id"),
            by=by,
            answers=self.reading.words(entry.get("answers", []), f"{path}.answers", answer.values),
            when=self._when(entry, path),
            unless=self._when(entry, path, "unless"),
            text=self.reading.text(entry.get("text"), f"{path}.text"),
            plain=self.reading.text(entry.get("plain"), f"{path}.plain"),
            cites=self._cited(entry, path),
        )  # fmt: skip
