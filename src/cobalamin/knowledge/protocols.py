"""Reading protocols and guidance documents."""

from __future__ import annotations

from cobalamin.knowledge.criteria import Context, read_citations, read_criterion
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.model import (
    Advice,
    AllOf,
    Citations,
    Criterion,
    MonitoringRow,
    Note,
    Precaution,
    Protocol,
    Replacement,
    Standing,
)
from cobalamin.knowledge.phases import PhaseReader
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import (
    ANCHORS,
    CAVEAT_KINDS,
    NEXT_DOSE,
    NOTE_KINDS,
    PROTOCOL_KINDS,
    ROUTES,
    SEVERITIES,
    STATUSES,
    SUBSTANCES,
)
from cobalamin.spans import Span

_COMMON = ("version", "status", "title", "country", "kind", "population")
_PROTOCOL_OPTIONAL = (
    "purpose", "lifelong", "same_as", "indication", "phases", "monitoring", "precautions", "notes", "review_by",
    "older", "second_choice", "general", "replaced_by",
)  # fmt: skip
_CAVEAT_KEYS = ("when", "in_part", "affirms", "demands_proof")
_ROW_KEYS = (
    "markers", "routes", "review", "anchor", "phase", "at", "from", "to", "every", "through", "until", "on_restart", "when", "text", "plain", "cites",
)  # fmt: skip


def read_protocol(document: Document, context: Context, markers: frozenset[str]) -> Protocol:
    """One protocol or guidance document. Raises InputError listing every fault."""
    reading = Reading(document)
    reader = _ProtocolReader(reading, context, markers)
    protocol = reader.read(document.tree)
    reading.finish()
    return protocol


def read_as_far_as_it_goes(document: Document, context: Context, markers: frozenset[str]) -> Protocol:
    """A document of an earlier form, without what can't be read of it; only a comparison of editions may look at one."""
    return _ProtocolReader(Reading(document), context, markers).read(document.tree)


class _ProtocolReader:
    def __init__(self, reading: Reading, context: Context, markers: frozenset[str]) -> None:
        self.reading, self.context, self.markers = reading, context, markers

    def read(self, tree: Tree) -> Protocol:
        reading = self.reading
        guidance = isinstance(tree, dict) and "guidance" in tree
        if guidance:
            entry = reading.mapping(
                tree, "", ("guidance", *_COMMON), ("indication", "monitoring", "notes", "advice", "review_by")
            )
        else:
            entry = reading.mapping(tree, "", ("protocol", *_COMMON), _PROTOCOL_OPTIONAL)
        alias = "same_as" in entry
        if not alias and not guidance:
            for key in ("indication", "phases", "lifelong"):
                if key not in entry:
                    reading.fault("", f"the key '{key}' is missing")
        return Protocol(
            id=reading.text(entry.get("guidance" if guidance else "protocol"), "protocol"),
            version=reading.whole(entry.get("version", ""), "version", 1) or 0,
            status=reading.word(entry.get("status"), "status", STATUSES) or "",
            title=reading.text(entry.get("title"), "title"),
            country=self._country(entry.get("country")),
            kind=reading.word(entry.get("kind"), "kind", PROTOCOL_KINDS) or "",
            purpose=reading.word(entry.get("purpose", "treatment"), "purpose", ("treatment", "prophylaxis")) or "",
            population=reading.text(entry.get("population"), "population"),
            lifelong=reading.word(entry.get("lifelong", "cause"), "lifelong", ("yes", "no", "cause")) or "",
            same_as=reading.text(entry["same_as"], "same_as") if alias else "",
            indication=self._criterion(entry, "indication") or AllOf(()),
            phases=PhaseReader(reading, self.context).read_phases(entry["phases"], "phases")
            if "phases" in entry
            else (),
            monitoring=reading.each(entry.get("monitoring", []), "monitoring", self.read_row),
            precautions=reading.each(entry.get("precautions", []), "precautions", self.read_precaution),
            notes=reading.each(entry.get("notes", []), "notes", self._note),
            advice=reading.each(entry.get("advice", []), "advice", self._advice),
            guidance=guidance,
            review_by=reading.date(entry["review_by"], "review_by") if "review_by" in entry else None,
            older=self._standing(entry["older"], "older") if "older" in entry else None,
            second_choice=reading.each(entry.get("second_choice", []), "second_choice", self._conditional),
            general=self._standing(entry["general"], "general") if "general" in entry else None,
            replaced_by=self._replacement(entry["replaced_by"], "replaced_by") if "replaced_by" in entry else None,
        )

    def _replacement(self, tree: Tree, path: str) -> Replacement:
        entry = self.reading.mapping(tree, path, ("text", "cites"), ("protocol",))
        return Replacement(
            protocol=self.reading.text(entry["protocol"], f"{path}.protocol") if "protocol" in entry else "",
            text=self.reading.text(entry.get("text"), f"{path}.text"),
            cites=self._cites(entry, path),
        )

    def _standing(self, tree: Tree, path: str, required: tuple[str, ...] = ()) -> Standing:
        entry = self.reading.mapping(tree, path, ("text", "plain", "cites", *required))
        cites = self._cites(entry, path)
        if not cites:
            self.reading.fault(f"{path}.cites", "must name the source that says so")
        return Standing(
            when=self._criterion(entry, "when", path),
            text=self.reading.text(entry.get("text"), f"{path}.text"),
            plain=self.reading.text(entry.get("plain"), f"{path}.plain"),
            cites=cites,
        )

    def _conditional(self, tree: Tree, path: str) -> Standing:
        return self._standing(tree, path, ("when",))

    def _country(self, tree: Tree) -> str:
        if (
            isinstance(tree, str)
            and tree.isascii()
            and tree.isupper()
            and len(tree) in (2, 3)
            and (len(tree) == 2 or tree == "INT")
        ):
            return tree
        self.reading.fault("country", f"'{tree}' must be a country code of two capital letters, or INT")
        return ""

    def _criterion(self, entry: dict[str, Tree], key: str, path: str = "") -> Criterion | None:
        at = f"{path}.{key}" if path else key
        return read_criterion(self.reading, self.context, entry[key], at) if key in entry else None

    def _cites(self, entry: dict[str, Tree], path: str) -> Citations:
        return read_citations(self.reading, self.context, entry.get("cites", []), f"{path}.cites")

    def read_row(self, tree: Tree, path: str) -> MonitoringRow:
        reading = self.reading
        entry = reading.mapping(tree, path, ("anchor", "text", "cites"), _ROW_KEYS)
        if ("markers" in entry) == ("review" in entry):
            reading.fault(path, "needs 'markers' (a check) or 'review: symptoms' (a review)")
        markers = reading.words(entry.get("markers", []), f"{path}.markers", tuple(sorted(self.markers)))
        start = reading.span(entry.get("at", entry.get("from", "")), f"{path}.{'at' if 'at' in entry else 'from'}")
        every = entry.get("every")
        if isinstance(every, dict):
            reading.mapping(every, f"{path}.every", ("from", "to"))
        if "review" in entry:
            reading.word(entry["review"], f"{path}.review", ("symptoms",))
        most = every.get("to") if isinstance(every, dict) else None
        least = every.get("from") if isinstance(every, dict) else every
        return MonitoringRow(
            markers=markers,
            routes=reading.words(entry.get("routes", []), f"{path}.routes", ROUTES),
            review="review" in entry,
            anchor=reading.word(entry.get("anchor"), f"{path}.anchor", ANCHORS) or "",
            phase=entry.get("phase", ""),
            start=start or Span(0, "d"),
            to=self._optional_span(entry.get("to"), f"{path}.to"),
            every=self._optional_span(least, f"{path}.every", positive=True),
            every_most=self._optional_span(most, f"{path}.every.to", positive=True),
            through=self._optional_span(entry.get("through"), f"{path}.through"),
            until=entry.get("until", ""),
            on_restart=reading.word(entry.get("on_restart", "once"), f"{path}.on_restart", ("repeat", "once")) or "",
            when=self._criterion(entry, "when", path),
            text=reading.text(entry.get("text"), f"{path}.text"),
            plain=entry.get("plain", ""),
            cites=self._cites(entry, path),
        )

    def _optional_span(self, tree: Tree, path: str, positive: bool = False) -> Span | None:
        return self.reading.span(tree, path, positive) if tree is not None else None

    def read_precaution(self, tree: Tree, path: str) -> Precaution:
        reading = self.reading
        keys = ("substances", "routes", "when", "plain", "demands_proof", "basis", "asked_of", "next_dose")
        entry = reading.mapping(tree, path, ("code", "severity", "text", "action", "cites"), keys)
        return Precaution(
            code=reading.text(entry.get("code"), f"{path}.code"),
            severity=reading.word(entry.get("severity"), f"{path}.severity", SEVERITIES) or "",
            when=self._criterion(entry, "when", path),
            substances=reading.words(entry.get("substances", []), f"{path}.substances", SUBSTANCES),
            routes=reading.words(entry.get("routes", []), f"{path}.routes", ROUTES),
            demands_proof=reading.flag(entry, "demands_proof", path),
            text=reading.text(entry.get("text"), f"{path}.text"),
            plain=entry.get("plain", ""),
            action=reading.text(entry.get("action"), f"{path}.action"),
            cites=self._cites(entry, path),
            asked_of=self._criterion(entry, "asked_of", path),
            next_dose=self._next_dose(entry, path),
        )

    def _next_dose(self, entry: dict[str, Tree], path: str) -> str:
        if "next_dose" not in entry:
            return ""
        return self.reading.word(entry["next_dose"], f"{path}.next_dose", NEXT_DOSE) or ""

    def _note(self, tree: Tree, path: str) -> Note:
        reading = self.reading
        entry = reading.mapping(tree, path, ("text", "kind", "cites"), ("plain", *_CAVEAT_KEYS))
        kind = reading.word(entry.get("kind"), f"{path}.kind", NOTE_KINDS) or ""
        unweighed = [key for key in _CAVEAT_KEYS if key in entry and kind not in CAVEAT_KINDS]
        for key in unweighed:
            reading.fault(f"{path}.{key}", f"belongs to a note of the kinds {', '.join(CAVEAT_KINDS)} only")
        if "in_part" in entry and "when" not in entry:
            reading.fault(f"{path}.in_part", "needs 'when': it says that 'when' states only a part of the text")
        return Note(
            text=reading.text(entry.get("text"), f"{path}.text"),
            plain=entry.get("plain", ""),
            kind=kind,
            when=self._criterion(entry, "when", path),
            in_part=reading.flag(entry, "in_part", path),
            affirms=reading.flag(entry, "affirms", path),
            demands_proof=reading.flag(entry, "demands_proof", path),
            cites=self._cites(entry, path),
        )

    def _advice(self, tree: Tree, path: str) -> Advice:
        entry = self.reading.mapping(tree, path, ("text", "cites"), ("when", "plain", "routes"))
        return Advice(
            when=self._criterion(entry, "when", path),
            text=self.reading.text(entry.get("text"), f"{path}.text"),
            plain=entry.get("plain", ""),
            routes=self.reading.words(entry.get("routes", []), f"{path}.routes", ROUTES),
            cites=self._cites(entry, path),
        )


def read_precautions(document: Document, key: str, context: Context) -> tuple[Precaution, ...]:
    """The precautions under `key`. Raises InputError."""
    reading = Reading(document)
    reader = _ProtocolReader(reading, context, frozenset())
    tree = reading.mapping(document.tree, "", ("precautions", "program_checks"))
    precautions = reading.each(tree.get(key, []), key, reader.read_precaution)
    reading.finish()
    return precautions


def read_monitoring(document: Document, context: Context, markers: frozenset[str]) -> tuple[MonitoringRow, ...]:
    """Monitoring rows that stand outside protocols. Raises InputError."""
    reading = Reading(document)
    reader = _ProtocolReader(reading, context, markers)
    rows = reading.each(
        reading.mapping(document.tree, "", ("monitoring",)).get("monitoring", []), "monitoring", reader.read_row
    )
    reading.finish()
    return rows
