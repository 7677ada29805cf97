"""Scenarios: one YAML file holds a case and what `review` must say of it (README.md). Reading and comparing only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cobalamin.knowledge.document import read_document

Tree = Any  # str | list[Tree] | dict[str, Tree]

SCENARIO_KEYS = {"why", "case", "expect"}
FORECAST_KEYS = {
    "status", "timeliness", "phase", "number", "bookable_from", "target", "target_range", "due_through", "overdue_from",
    "review_from", "bookable_from_range", "due_through_range", "overdue_from_range", "review_from_range", "appointment", "dose", "route", "substance", "determinacy", "basis", "window_basis", "policy",
}  # fmt: skip
EVALUATION_KEYS = {"event", "on", "credit", "timing", "flags", "has_flags", "lacks_flags"}
CHECK_KEYS = {"marker", "due", "state", "appointment"}
ABSENT = "absent"  # the key isn't there, or is null


class Unusable(Exception):
    """A scenario that proves nothing: the message says why."""


@dataclass(frozen=True)
class Scenario:
    why: str
    case: dict[str, Tree]
    expect: list[dict[str, Tree]]


def read_scenario(content: bytes, file: str) -> Scenario:
    """The scenario of a file. Raises Unusable where it would pass without proving anything."""
    return checked_scenario(read_document(content, file).tree, file)


def checked_scenario(tree: Tree, file: str) -> Scenario:
    """The scenario of a tree as a file holds it. Raises Unusable where it would pass without proving anything."""
    if not isinstance(tree, dict) or set(tree) != SCENARIO_KEYS:
        raise Unusable(f"{file}: must have exactly the keys {', '.join(sorted(SCENARIO_KEYS))}")
    if not isinstance(tree["why"], str) or not tree["why"].strip():
        raise Unusable(f"{file}: 'why' must cite a sentence of the contract or a worked case")
    case = tree["case"]
    if not isinstance(case, dict) or not (case.get("plan") or case.get("record")):
        raise Unusable(f"{file}: the case has no plan and no events")
    if not isinstance(tree["expect"], list) or not tree["expect"]:
        raise Unusable(f"{file}: nothing is expected")
    for number, expectation in enumerate(tree["expect"]):
        _refuse_empty(expectation, f"{file}: expect[{number}]")
    return Scenario(tree["why"], case, tree["expect"])


def _refuse_empty(expectation: Tree, where: str) -> None:
    if not isinstance(expectation, dict) or not isinstance(expectation.get("on"), str):
        raise Unusable(f"{where}: needs 'on', the day of assessment")
    _refuse_unknown(expectation, {"on", "as_recorded", *COMPARED}, where)
    if not COMPARED.keys() & expectation.keys():
        raise Unusable(f"{where}: says nothing beyond the day")
    entries = [(entry, EVALUATION_KEYS, "evaluations") for entry in expectation.get("evaluations", [])]
    entries += [(expectation[key], EVALUATION_KEYS, key) for key in _ONE_EVALUATION if key in expectation]
    entries += [(entry, CHECK_KEYS, "checks") for entry in expectation.get("checks", [])]
    entries += [(expectation["forecast"], FORECAST_KEYS, "forecast")] if "forecast" in expectation else []
    for entry, allowed, part in entries:
        if not isinstance(entry, dict) or not entry:
            raise Unusable(f"{where}.{part}: must be a mapping that is not empty")
        _refuse_unknown(entry, allowed, f"{where}.{part}")


def _refuse_unknown(entry: dict[str, Tree], allowed: set[str], where: str) -> None:
    if unknown := set(entry) - allowed:
        raise Unusable(f"{where}: unknown keys {', '.join(sorted(unknown))}")


# -- comparing -------------------------------------------------------------------------------------------------------


def mismatches(expectation: dict[str, Tree], review: dict[str, Any]) -> list[str]:
    """Every place where the review is other than expected: path, expected, seen."""
    found: list[str] = []
    for key, compare in COMPARED.items():
        if key in expectation:
            found += compare(expectation[key], review, key)
    return found


def _differs(path: str, expected: object, seen: object) -> list[str]:
    return [f"{path}: expected {expected}, seen {seen}"]


def _subset(expected: Tree, seen: Any, path: str) -> list[str]:
    """Mappings by the keys that are named, lists exactly and in order, all else by its text."""
    if isinstance(expected, dict) and isinstance(seen, dict):
        return [line for key, value in expected.items() for line in _subset(value, seen.get(key), f"{path}.{key}")]
    if isinstance(expected, list) and isinstance(seen, list) and len(expected) == len(seen):
        pairs = enumerate(zip(expected, seen, strict=True))
        return [line for number, (value, other) in pairs for line in _subset(value, other, f"{path}[{number}]")]
    text = ABSENT if seen is None else str(seen)
    return [] if expected == text else _differs(path, expected, text)


def _evaluation(expected: dict[str, Tree], seen: dict[str, Any], path: str) -> list[str]:
    sets = {"flags", "has_flags", "lacks_flags"}
    found = _subset({key: value for key, value in expected.items() if key not in sets}, seen, path)
    flags = set(seen.get("flags", []))
    where, shown = f"{path} ({seen.get('on')}).flags", sorted(flags)
    if "flags" in expected and flags != set(expected["flags"]):
        found += _differs(where, sorted(expected["flags"]), shown)
    if missing := set(expected.get("has_flags", [])) - flags:
        found += _differs(where, f"{sorted(missing)} among them", shown)
    if unwanted := set(expected.get("lacks_flags", [])) & flags:
        found += _differs(where, f"without {sorted(unwanted)}", shown)
    return found


def _evaluations(expected: list[Tree], review: dict[str, Any], path: str) -> list[str]:
    seen = review.get("evaluations", [])
    if len(expected) != len(seen):
        shown = [f"{entry.get('on')} {entry.get('credit')} {entry.get('flags')}" for entry in seen]
        return _differs(path, f"{len(expected)} of them", f"{len(seen)}: {shown}")
    pairs = enumerate(zip(expected, seen, strict=True))
    return [line for number, (entry, other) in pairs for line in _evaluation(entry, other, f"{path}[{number}]")]


def _every_evaluation(expected: dict[str, Tree], review: dict[str, Any], path: str) -> list[str]:
    seen = review.get("evaluations", [])
    found = [line for number, entry in enumerate(seen) for line in _evaluation(expected, entry, f"{path}[{number}]")]
    return found if seen else _differs(path, "at least one", "none")


def _last_evaluation(expected: dict[str, Tree], review: dict[str, Any], path: str) -> list[str]:
    seen = review.get("evaluations", [])
    return _evaluation(expected, seen[-1], path) if seen else _differs(path, expected, "no evaluation")


def _plainly(expected: Tree, review: dict[str, Any], path: str) -> list[str]:
    return _subset(expected, review.get(path), path)


def _checks(expected: list[Tree], review: dict[str, Any], path: str) -> list[str]:
    seen = review.get("checks", [])
    return [
        line
        for entry in expected
        if not any(_subset(entry, other, path) == [] for other in seen)
        for line in _differs(path, f"{entry} among them", seen)
    ]


def _codes(key: str, wanted: bool) -> Callable[[Tree, dict[str, Any], str], list[str]]:
    def compare(expected: list[str], review: dict[str, Any], path: str) -> list[str]:
        seen = [entry["code"] for entry in review.get(key, [])]
        wrong = [code for code in expected if (code in seen) != wanted]
        return _differs(path, f"{wrong} {'among' if wanted else 'not among'} them", seen) if wrong else []

    return compare


def _asks(expected: str, review: dict[str, Any], path: str) -> list[str]:
    seen = [entry["code"] for entry in review.get("questions", [])]
    return [] if (expected == "yes") == bool(seen) else _differs(path, expected, seen)


def _upcoming(expected: list[str], review: dict[str, Any], path: str) -> list[str]:
    """The dates of the next doses, from the first one on; items that are no doses stand between them."""
    seen = [item.get("on") for item in review.get("upcoming", []) if item.get("kind") == "dose"]
    return [] if seen[: len(expected)] == expected else _differs(path, expected, seen)


def _number_of_evaluations(expected: str, review: dict[str, Any], path: str) -> list[str]:
    return _subset(expected, len(review.get("evaluations", [])), path)


_ONE_EVALUATION = ("every_evaluation", "last_evaluation")
COMPARED: dict[str, Callable[[Any, dict[str, Any], str], list[str]]] = {
    "phase": _plainly,
    "evaluations": _evaluations,
    "every_evaluation": _every_evaluation,
    "last_evaluation": _last_evaluation,
    "number_of_evaluations": _number_of_evaluations,
    "forecast": _plainly,
    "upcoming": _upcoming,
    "checks": _checks,
    "questions": _codes("questions", wanted=True),
    "no_questions": _codes("questions", wanted=False),
    "asks": _asks,
    "issues": _codes("issues", wanted=True),
    "no_issues": _codes("issues", wanted=False),
    "valid_until": _plainly,
}


def scenario_of(path: Path) -> Scenario:
    return read_scenario(path.read_bytes(), path.name)
