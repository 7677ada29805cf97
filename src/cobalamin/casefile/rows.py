"""Rows of the canonical tables as a case: read by the reader of case files, so a word means the same in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cobalamin.casefile.events import read_event
from cobalamin.casefile.reader import FORMAT, case_of
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Document, Tree
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.events import own_keys
from cobalamin.therapy.case.keys import Key, Kind

_PATIENT = ("birth_date", "sex", "country")
_PLAN = ("protocol", "version", "start", "product", "policy")
SOURCE = "patient table"


def case_of_row(
    row: Mapping[str, str], library: Library, patient_id: str = "a patient", events: Iterable[Tree] = ()
) -> Case:
    """The case that a row of the patient table tells, with these entries as its record. Empty columns were not asked.

    Raises InputError where the row holds a word or value that a case file could not hold.
    """
    told = {key: value for key, value in row.items() if value}
    patient = {"id": patient_id, **{key: told[key] for key in _PATIENT if key in told}}
    facts = {key: told[key] for key in library.facts if key in told}
    tree: dict[str, Tree] = {"cobalamin": FORMAT, "patient": patient, "facts": facts, "record": list(events)}
    if "protocol" in told:
        plan: dict[str, Tree] = {key: told[key] for key in _PLAN if key in told}
        plan.setdefault("version", str(_latest_version(library, told["protocol"])))
        plan["choices"] = choices_of(told.get("choices", ""))
        tree["plan"] = plan
    places = {f"facts.{key}": 0 for key in facts}  # so that a fault names its column
    return case_of(Document(SOURCE, tree, places), library)


def is_result(marker: str, value: str, library: Library) -> bool:
    """Whether a case file could hold this value of this marker."""
    try:
        read_event({"date": "2000-01-01", "kind": "result", "marker": marker, "value": value}, library)
    except InputError:
        return False
    return True


def _latest_version(library: Library, protocol: str) -> int:
    return library.protocol(protocol).version if protocol in library.ids else 1


def choices_of(text: str) -> dict[str, str]:
    """The choices written `maintenance_interval=3 mo; load_dose=1 mg`. Raises InputError for anything else."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        key, sign, value = part.partition("=")
        if not sign or not key.strip() or not value.strip():
            raise InputError.one(
                SOURCE, "choices", f"'{part}' is no choice; write them as maintenance_interval=3 mo; load_dose=1 mg"
            )
        found[key.strip()] = value.strip()
    return found


_OWN_KIND = (
    "hold",
    "pause",
    "bridge",
    "history",
    "statement",
    "plan",
)  # words of the table decision that are kinds of event


def entries_of(administrations: Iterable[Mapping[str, str]], decisions: Iterable[Mapping[str, str]]) -> list[Tree]:
    """Rows of the tables administration and decision, in the order in which they count, as entries of a case file."""
    entries = [_dose_entry(row) for row in administrations]
    entries += [_decision_entry(row) for row in decisions]
    return [{"id": f"row-{number:06d}", **entry} for number, entry in enumerate(entries)]


def _dose_entry(row: Mapping[str, str]) -> dict[str, Tree]:
    entry = _entry("administration", row)
    entry |= {"source": row["source"]} if row.get("source") else {}
    if "dose" not in entry and row.get("dose_ug"):
        entry["dose"] = f"{row['dose_ug']} mcg"
    if entry.get("as_planned") == "false":
        del entry["as_planned"]
    return entry


def _decision_entry(row: Mapping[str, str]) -> dict[str, Tree]:
    return _entry(row["decision"] if row["decision"] in _OWN_KIND else "decision", row)


def _entry(kind: str, row: Mapping[str, str]) -> dict[str, Tree]:
    """The cells of a row that stand in columns called like the keys of a kind."""
    told = {key.name: _cell(key, row[key.name]) for key in own_keys(kind) if row.get(key.name)}
    return {"date": row["date"], "kind": kind, **told}


def _cell(key: Key, text: str) -> Tree:
    """A list stands in a cell with commas; choices have their own form."""
    if key.value.kind is Kind.CODES:
        return [part.strip() for part in text.split(",")]
    return dict(choices_of(text)) if key.value.kind is Kind.TEXTS else text
