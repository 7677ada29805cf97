"""Tests a library: what must hold of every protocol before anybody is helped by it.

The empty patient satisfies no indication and clears no contraindication; no phase stands behind one that never ends; everything is
cited; nothing implausible and none of the known misstatements of secondary pages is in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cobalamin.errors import Fault
from cobalamin.knowledge.library import EARLIER, Library
from cobalamin.knowledge.model import Phase, Protocol, Spacing
from cobalamin.spans import Span
from cobalamin.therapy.case.criteria import evaluate, leaves
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN
from cobalamin.therapy.proposal.offers import all_phases
from cobalamin.therapy.vetting.editions import edition_faults
from cobalamin.therapy.vetting.lists import list_faults
from cobalamin.therapy.vetting.misstatements import misstatements_in
from cobalamin.therapy.vetting.populations import NOBODY, caveat_faults, population_faults

LARGEST_NG, QUESTIONABLE_NG = 10_000_000, 5_000_000
_SHORTEST_MAINTENANCE, _LONGEST_MAINTENANCE = (
    14,
    184,
)  # a common slip of copies is weeks for months (misstatements.yaml): under 14 days or over 6 months is asked about


def vet(library: Library) -> tuple[list[Fault], list[Fault]]:
    """(faults, remarks): what makes a library unfit, and what a person should look at."""
    faults: list[Fault] = []
    remarks: list[Fault] = []
    for protocol in (*library.protocols(), *library.earlier):
        for path, message in _protocol_faults(library, protocol):
            faults.append(_fault(library, protocol, path, message))
    for protocol in library.protocols():
        found = (
            *population_faults(library, protocol),
            *_version_faults(library, protocol),
            *edition_faults(library, protocol),
        )
        faults += [_fault(library, protocol, path, message) for path, message in found]
        for path, message in _protocol_remarks(protocol):
            remarks.append(_fault(library, protocol, path, message))
    faults += _precaution_faults(library)
    faults += list_faults(library)
    faults += [
        Fault(file, library.documents[file].line(path), path, message)
        for file, path, message in misstatements_in(library)
    ]
    return faults, remarks


def _fault(library: Library, protocol: Protocol, path: str, message: str) -> Fault:
    file = library.file_of(protocol)
    return Fault(file, library.documents[file].line(path), path, message)


def _protocol_faults(library: Library, protocol: Protocol) -> Iterator[tuple[str, str]]:
    if protocol.same_as:
        yield from _alias_faults(library, protocol)
        return
    yield from _indication_faults(protocol)
    yield from _criterion_faults(protocol)
    yield from caveat_faults(protocol)
    for index, phase in enumerate(protocol.phases):
        yield from _phase_faults(library, protocol, phase, f"phases[{index}]", index == len(protocol.phases) - 1)
    if protocol.kind == "label" and protocol.country == "INT":
        yield "country", "a label belongs to one country; schedules of several countries are never merged"
    parts = {
        "monitoring": [row.cites for row in protocol.monitoring],
        "notes": [note.cites for note in protocol.notes],
        "advice": [advice.cites for advice in protocol.advice],
        "precautions": [precaution.cites for precaution in protocol.precautions],
    }
    for key, cites in parts.items():
        yield from ((f"{key}[{index}]", "has no citation") for index, cited in enumerate(cites) if not cited)


def _version_faults(library: Library, protocol: Protocol) -> Iterator[tuple[str, str]]:
    """A plan pins a version, so every version up to the newest is in the library."""
    stored = {earlier.version for earlier in library.earlier if earlier.id == protocol.id}
    missing = [str(version) for version in range(1, protocol.version) if version not in stored]
    if missing:
        yield "version", f"version {', '.join(missing)} is not in {EARLIER}; a published version stays in the library"


def _alias_faults(library: Library, protocol: Protocol) -> Iterator[tuple[str, str]]:
    if protocol.same_as not in library.ids:
        yield "same_as", f"there is no protocol '{protocol.same_as}'"
    elif library.protocol(protocol.same_as).version != protocol.version:
        yield "version", f"an alias has the version of what it equals, {library.protocol(protocol.same_as).version}"
    elif library.protocol(protocol.same_as).same_as:
        yield "same_as", f"'{protocol.same_as}' is itself an alias; name the protocol that holds the phases"
    if protocol.phases or protocol.monitoring or any(note.is_caveat for note in protocol.notes):
        yield "same_as", "an alias has the phases and caveats of what it equals and none of its own"


def _indication_faults(protocol: Protocol) -> Iterator[tuple[str, str]]:
    if evaluate(protocol.indication, NOBODY) is TRUE:
        yield "indication", "is true of a patient about whom nothing is known; name the facts that make it apply"
    for leaf in leaves(protocol.indication):
        if not leaf.cites:
            yield "indication", f"the criterion on '{getattr(leaf, 'fact', 'age')}' has no citation"


def _criterion_faults(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Every leaf of every criterion is cited, and a precaution is neither certain nor cleared for nobody known."""
    places = [(f"phases[{index}].only_if", phase.only_if) for index, phase in enumerate(protocol.phases)]
    places += [(f"monitoring[{index}].when", row.when) for index, row in enumerate(protocol.monitoring)]
    places += [(f"advice[{index}].when", advice.when) for index, advice in enumerate(protocol.advice)]
    places += [(f"precautions[{index}].when", precaution.when) for index, precaution in enumerate(protocol.precautions)]
    for path, criterion in places:
        yield from ((path, "a criterion has no citation") for leaf in leaves(criterion) if not leaf.cites)
    for index, precaution in enumerate(protocol.precautions):
        if precaution.when is None or evaluate(precaution.when, NOBODY) is not UNKNOWN:
            yield (
                f"precautions[{index}]",
                "must be unknown of a patient about whom nothing is known; name the facts that raise it",
            )


def _phase_faults(
    library: Library, protocol: Protocol, phase: Phase, path: str, last: bool
) -> Iterator[tuple[str, str]]:
    for option in phase.options or (phase,):
        if not option.cites:
            yield path, "has no citation"
        for mass in (option.dose.least, option.dose.most):
            if mass is not None and mass.nanograms > LARGEST_NG:
                yield f"{path}.dose", f"{mass} is over 10 mg: no dose of vitamin B12 replacement; is it micrograms?"
        foreign = {
            library.sources[cite.source].country
            for cite in option.cites
            if library.sources[cite.source].kind == "label"
        }
        for country in sorted(foreign - {protocol.country, "INT"}) if protocol.kind == "label" else ():
            if not _same_label_family(country, protocol.country):
                yield path, f"cites a label of {country}; labels of two countries are never merged"
    if not last and not phase.options and phase.only_if is None and phase.end.by == "never":
        yield f"{path}.ends", "this phase never ends, so the phases after it can't be reached"


def _same_label_family(one: str, other: str) -> bool:
    """Texts of the Eisai label were read in its Philippine and Nepalese editions; the library has them as one (source jp-methy)."""
    return {one, other} <= {"JP", "PH", "NP"}


def _protocol_remarks(protocol: Protocol) -> Iterator[tuple[str, str]]:
    for index, phase in enumerate(protocol.phases):
        path = f"phases[{index}]"
        for option in all_phases((phase,)):
            most = option.dose.most
            if most is not None and QUESTIONABLE_NG <= most.nanograms <= LARGEST_NG:
                yield f"{path}.dose", f"{most} is unusually much; metabolic disease and mecobalamin 10 mg exist"
            if phase.name == "maintenance" and "oral" not in option.routes and "nasal" not in option.routes:
                yield from ((f"{path}.interval", text) for text in _maintenance_remarks(option.spacing))


def _maintenance_remarks(spacing: Spacing) -> Iterator[str]:
    for end in {spacing.least, spacing.most}:
        days = round(7 / end) if isinstance(end, int) else end.day_bounds[1] if isinstance(end, Span) else None
        if days is not None and not _SHORTEST_MAINTENANCE <= days <= _LONGEST_MAINTENANCE:
            yield f"maintenance every {days} days is outside 14 days to 6 months; is the unit right?"


def _precaution_faults(library: Library) -> Iterator[Fault]:
    """No contraindication may be cleared, and none be certain, for a patient about whom nothing is known."""
    file = "precautions.yaml"
    for index, precaution in enumerate(library.precautions):
        path = f"precautions[{index}]"
        line = library.documents[file].line(path)
        if precaution.when is None or not precaution.cites:
            yield Fault(file, line, path, f"{precaution.code} needs 'when' and citations")
        elif evaluate(precaution.when, NOBODY) is FALSE:
            yield Fault(
                file,
                line,
                path,
                f"{precaution.code} is false of a patient about whom nothing is known, as if somebody had asked",
            )
        elif evaluate(precaution.when, NOBODY) is TRUE:
            yield Fault(file, line, path, f"{precaution.code} is true of everybody; name the facts that raise it")
