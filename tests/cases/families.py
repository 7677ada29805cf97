"""Families of scenarios: one file holds cases that differ in a few events (README.md, "Families"). Reading only.

What a family leaves out of a case is written once at its head. Nothing is computed: every expected date stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scenarios import Scenario, Tree, Unusable, checked_scenario, scenario_of

from cobalamin.knowledge.document import read_document

HERE = Path(__file__).parent
_HEAD = {"head", "further_dose", "scenarios"}
_FURTHER = {"first", "table"}
NOTHING = "-"  # in a table: the column says nothing here
_SHARED = {"patient", "facts", "plan", "record", "dose"}
_OWN = {"why", "patient", "facts", "plan", "record", "expect"}
LEFT_OUT = "left_out"  # in place of a value: the head's key is not in this case
_FLAGS = ("flags", "has_flags", "lacks_flags")
_JUDGED = ("on", "credit", "timing")


def named_scenarios(group: str) -> list[tuple[str, Scenario]]:
    """Each scenario of a folder of `tests/cases` with its name, by name. Raises Unusable, also where two have one name."""
    found: dict[str, Scenario] = {}
    for path in sorted((HERE / group).glob("*.yaml")):
        for name, scenario in _of_file(path):
            if name in found:
                raise Unusable(f"{path.name}: {name} is the name of two scenarios")
            found[name] = scenario
    return sorted(found.items())


def every_scenario() -> list[tuple[str, Scenario]]:
    """The scenarios of all folders, each named `folder/name`."""
    groups = sorted(path.name for path in HERE.iterdir() if any(path.glob("*.yaml")))
    return [(f"{group}/{name}", one) for group in groups for name, one in named_scenarios(group)]


def _of_file(path: Path) -> Iterator[tuple[str, Scenario]]:
    tree = read_document(path.read_bytes(), path.name).tree
    if isinstance(tree, dict) and "scenarios" in tree:
        yield from family(tree, path.name)
    else:
        yield path.stem, scenario_of(path)


def family(tree: Any, file: str) -> Iterator[tuple[str, Scenario]]:
    """The scenarios of a family, written out. Raises Unusable with file and name."""
    _only(tree, _HEAD, file)
    head = tree.get("head", {})
    _only(head, _SHARED, f"{file}: head")
    for name, own in {**_further_doses(tree.get("further_dose"), head, file), **tree["scenarios"]}.items():
        where = f"{file}: {name}"
        _only(own, _OWN, where)
        record = [*head.get("record", []), *own.get("record", [])]
        case = {
            "cobalamin": "1",
            "patient": {"id": name, **_with(head.get("patient", {}), own.get("patient", {}))},
            "facts": _with(head.get("facts", {}), own.get("facts", {})),
            "plan": _with(head.get("plan", {}), own.get("plan", {})),
            "record": [_event(entry, head.get("dose", {}), where) for entry in record],
        }
        expect = [_expectation(each, where) for each in _rows(own.get("expect", []), where)]
        written = {key: value for key, value in case.items() if value}
        yield name, checked_scenario({"why": own.get("why"), "case": written, "expect": expect}, where)


def _further_doses(further: Any, head: dict[str, Any], file: str) -> dict[str, Any]:
    """A scenario for each line of the table: the head's doses, then one on `on`, and what is said on that day."""
    if further is None:
        return {}
    _only(further, _FURTHER, f"{file}: further_dose")
    made = {}
    for row in table(further["table"], f"{file}: further_dose"):
        judged: dict[str, Tree] = {key: row.pop(key) for key in ("credit", "timing") if key in row}
        judged |= {key: row.pop(key).replace("none", "").split() for key in _FLAGS if key in row}
        name, why, on = row.pop("scenario"), row.pop("why"), row["on"]
        expected = {"on": on, "evaluations": [*further["first"], {"on": on, **judged}], **_of_row(row)}
        made[name] = {"why": why, "record": [on], "expect": [expected]}
    return made


def table(text: str, where: str) -> list[dict[str, str]]:
    """The lines of a table by its headings, columns apart by ` | `; a cell that is `-` says nothing."""
    headings, *lines = ([cell.strip() for cell in line.split(" | ")] for line in text.strip().splitlines())
    for line in lines:
        if len(line) != len(headings):
            raise Unusable(f"{where}: the line {' | '.join(line)} has {len(line)} columns, not {len(headings)}")
    return [{key: cell for key, cell in zip(headings, line, strict=True) if cell != NOTHING} for line in lines]


def _rows(expect: Any, where: str) -> Any:
    """What is expected, written as a table or as a list."""
    return [_of_row(row) for row in table(expect, where)] if isinstance(expect, str) else expect


def _of_row(row: dict[str, str]) -> dict[str, Tree]:
    """A line of a table as an expectation: its status is the timeliness too, and what is not named here is of the forecast."""
    beside = {key: row.pop(key) for key in ("on", "as_recorded", "valid_until") if key in row}
    if "status" in row:
        row = {"status": row["status"], "timeliness": row["status"], **row}
    last = {"valid_until": beside.pop("valid_until")} if "valid_until" in beside else {}
    return {**beside, "forecast": row, **last}


def _only(tree: Any, allowed: set[str], where: str) -> None:
    if not isinstance(tree, dict) or (unknown := set(tree) - allowed):
        raise Unusable(
            f"{where}: unknown keys {', '.join(sorted(unknown))}" if isinstance(tree, dict) else f"{where}: no mapping"
        )


def _with(shared: dict[str, Tree], own: dict[str, Tree]) -> dict[str, Tree]:
    """The shared keys with a case's own in their place; `left_out` takes one away. A plan with a protocol of its own is whole."""
    if "protocol" in own:
        return own
    return {key: value for key, value in {**shared, **own}.items() if value != LEFT_OUT}


def _event(entry: Tree, dose: dict[str, Tree], where: str) -> Tree:
    """A bare day is the family's dose on that day."""
    if not isinstance(entry, str):
        return entry
    if not dose:
        raise Unusable(f"{where}: {entry} is a bare day, and the head names no dose")
    return {"date": entry, "kind": "administration", **dose}


def _expectation(entry: Any, where: str) -> Any:
    """The doses in short: `2026-01-05 credited on_time FLAG`, with exactly these flags."""
    if not isinstance(entry, dict) or not isinstance(entry.get("evaluations"), list):
        return entry
    return {**entry, "evaluations": [_evaluation(each, where) for each in entry["evaluations"]]}


def _evaluation(entry: Tree, where: str) -> Tree:
    if not isinstance(entry, str):
        return entry
    words = entry.split()
    if len(words) < len(_JUDGED):
        raise Unusable(f"{where}: '{entry}' must be a day, a credit, a timing and flags")
    return {**dict(zip(_JUDGED, words, strict=False)), "flags": words[len(_JUDGED) :]}
