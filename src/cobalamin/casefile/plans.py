"""What no plan can hold, in the `plan:` block and in an event of kind `plan` alike."""

from __future__ import annotations

from datetime import date

from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Protocol
from cobalamin.knowledge.reading import Reading
from cobalamin.therapy.case.case import Patient
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.regimen.choices import settle


def refuse_never_accepted(
    reading: Reading, library: Library, protocol_id: str, version: int, entry: dict[str, Tree], path: str
) -> None:
    """Faults for guidance, a version that was never published, unknown products, and choices that are none."""
    protocol = library.protocol(protocol_id)
    if protocol.guidance:
        reading.fault(f"{path}.protocol", f"{protocol_id} is guidance and can't be planned; name a protocol")
        return
    if version > protocol.version:
        message = f"version {version} of {protocol_id} is not in this library; its newest is {protocol.version}"
        reading.fault(f"{path}.version", message)
        version = protocol.version
    product = entry.get("product", "")
    if isinstance(product, str) and product and product not in library.products:
        reading.word(product, f"{path}.product", tuple(library.products))
    choices = entry.get("choices", {})
    if isinstance(choices, dict) and all(isinstance(value, str) for value in choices.values()):
        _refuse_choices(reading, library.content(library.pinned(protocol_id, version)), choices, f"{path}.choices")


def refuse_before_birth(reading: Reading, born: date | None, day: date | None, path: str) -> None:
    """A fault where a day lies before the date of birth."""
    if born is not None and day is not None and day < born:
        reading.fault(path, f"{day} is before the date of birth {born}; check both dates")


def _refuse_choices(reading: Reading, protocol: Protocol, choices: dict[str, str], path: str) -> None:
    nobody = Facts(Patient(""), date(2000, 1, 1), {}, frozenset())
    try:
        settle(protocol, choices, nobody)
    except InputError as error:
        for fault in error.faults:
            reading.fault(f"{path}.{fault.path}", fault.message)
