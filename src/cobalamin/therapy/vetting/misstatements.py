"""Known wrong statements of secondary pages, looked for in a library (its records: misstatements.yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from cobalamin.amounts import read_mass
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import FactIs, Phase, Protocol
from cobalamin.spans import Span, read_span
from cobalamin.therapy.case.case import Quantity
from cobalamin.therapy.case.criteria import leaves
from cobalamin.therapy.response.plausible import implausible

FILE = "misstatements.yaml"
LIMITS = (("thresholds.yaml", "thresholds"), ("assessment/bands.yaml", "bands"))
LARGEST_MG = 10
_MILLIGRAMS = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?) ?mg\b(?!/)")
Found = tuple[str, str, str]  # file, path, message


def misstatements_in(library: Library) -> Iterator[Found]:
    """(file, path, message) of every known misstatement that the library repeats, and of implausible thresholds."""
    for known in library.records(FILE, "misstatements"):
        message = f"a known error of secondary pages ({known['id']}): {known['truth']}"
        if "regimen" in known:
            yield from ((file, path, message) for file, path in _regimens(library, known["regimen"]))
        if "text" in known:
            yield from ((file, path, message) for file, path in _texts(library, known["text"]))
        if "code" in known:
            yield from ((file, path, message) for file, path in _codes(library, known["code"]))
        if "threshold" in known:
            yield from ((file, path, message) for file, path in _thresholds(library, known["threshold"]))
    yield from _implausible_thresholds(library)
    yield from _implausible_amounts(library)


def _regimens(library: Library, wanted: dict[str, Tree]) -> Iterator[tuple[str, str]]:
    for protocol in library.protocols():
        if ("country" in wanted and protocol.country != wanted["country"]) or (
            "kind" in wanted and protocol.kind != wanted["kind"]
        ):
            continue
        if "cause" in wanted and not _only_cause(protocol, wanted["cause"]):
            continue
        for index, phase in enumerate(protocol.phases):
            if any(_phase_matches(option, wanted) for option in phase.options or (phase,)):
                yield f"protocols/{protocol.id}.yaml", f"phases[{index}]"


def _only_cause(protocol: Protocol, cause: str) -> bool:
    return any(
        isinstance(leaf, FactIs) and leaf.fact == "cause" and leaf.values == (cause,)
        for leaf in leaves(protocol.indication)
    )


def _phase_matches(phase: Phase, wanted: dict[str, Tree]) -> bool:
    checks = []
    if "substance" in wanted:
        checks.append(wanted["substance"] in phase.substances)
    if "route" in wanted:
        checks.append(wanted["route"] in phase.routes)
    if "phase" in wanted:
        checks.append(phase.name == wanted["phase"])
    ends = [mass.nanograms for mass in (phase.dose.least, phase.dose.most) if mass]
    if "dose_other_than" in wanted:
        checks.append(any(end != read_mass(wanted["dose_other_than"]).nanograms for end in ends))
    if "dose" in wanted:
        checks.append(read_mass(wanted["dose"]).nanograms in ends)
    if "interval" in wanted:
        checks.append(phase.spacing.least == read_span(wanted["interval"]))
    if "lasts" in wanted:
        lasts = {read_span(text) for text in wanted["lasts"]}
        checks.append(
            phase.end.by == "duration"
            and bool(lasts & {end for end in (phase.end.least, phase.end.most) if isinstance(end, Span)})
        )
    return all(checks)


def _texts(library: Library, wanted: str) -> Iterator[tuple[str, str]]:
    for file, document in library.documents.items():
        if file.startswith(("protocols/", "guidance/", "statements/", "assessment/")) or file in (
            "sources.yaml",
            "cautions.yaml",
            "response.yaml",
        ):
            # A note on a source may quote the error that it warns of; its title may not.
            texts = ((path, text) for path, text in _all_texts(document.tree, "") if not path.endswith(".note"))
            yield from ((file, path) for path, text in texts if wanted.lower() in text.lower())


def _all_texts(tree: Tree, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _all_texts(value, f"{path}.{key}" if path else key)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _all_texts(value, f"{path}[{index}]")
    elif isinstance(tree, str):
        yield path, tree


def _implausible_amounts(library: Library) -> Iterator[Found]:
    """Words that speak of more than 10 mg: vitamin B12 by mouth or needle never is; is it micrograms (hazard H01)?"""
    for file, document in library.documents.items():
        if not file.startswith(("protocols/", "guidance/", "statements/", "assessment/")):
            continue
        for path, text in _all_texts(document.tree, ""):
            for amount in _MILLIGRAMS.findall(text):
                # A text that names the same figure in micrograms warns of the confusion itself.
                if Decimal(amount.replace(",", "")) > LARGEST_MG and f"{amount} mcg" not in text:
                    yield (
                        file,
                        path,
                        f"'{amount} mg' is over 10 mg: no amount of vitamin B12 replacement; is it micrograms?",
                    )


def _codes(library: Library, wanted: dict[str, Tree]) -> Iterator[tuple[str, str]]:
    for index, record in enumerate(library.records("markers.yaml", "markers")):
        codes = {entry["code"] for entry in record.get("loinc", [])}
        if wanted["code"] in codes and record["id"] != wanted.get("marker"):
            yield "markers.yaml", f"markers[{index}].loinc"
    for index, record in enumerate(library.records("codes.yaml", "codes")):
        if record["code"] == wanted["code"] and str(wanted.get("name_has", "")).lower() not in record["name"].lower():
            yield "codes.yaml", f"codes[{index}]"


def _thresholds(library: Library, wanted: dict[str, Tree]) -> Iterator[tuple[str, str]]:
    for file, path, record in _limits(library):
        cites = [cite if isinstance(cite, str) else cite["source"] for cite in record.get("cites", [])]
        limits = [str(value) for band in record.get("bands", []) for key, value in band.items() if key != "means"]
        if wanted["source"] in cites and wanted["value"] in limits:
            yield file, path


def _implausible_thresholds(library: Library) -> Iterator[Found]:
    """A limit outside what the marker can be is a unit error: MMA over 270 umol/L would be a thousandfold."""
    for file, path, record in _limits(library):
        for band in record.get("bands", []):
            for key, value in band.items():
                told = Quantity("", Decimal(value), record["unit"]) if key != "means" else None
                found = implausible(library, record["marker"], told) if told else None
                if found is not None:
                    yield file, path, f"{told} is outside the plausible {found.range}; is the unit right?"


def _limits(library: Library) -> Iterator[tuple[str, str, dict[str, Tree]]]:
    """(file, path, record) of every band of results."""
    for file, key in LIMITS:
        for index, record in enumerate(library.records(file, key)):
            yield file, f"{key}[{index}]", record
