"""Case files as rows of the canonical tables, where the tables can hold all that the case tells."""

from __future__ import annotations

import re
from typing import Any

from cobalamin.casefile.reader import case_of
from cobalamin.knowledge.document import Document
from population.registers import Rows, shipped

Tree = Any
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IGNORED_KINDS = ("omission", "result", "symptoms")  # judged beside the fold; no table of the stream
_IGNORED_KEYS = ("id", "kind", "recorded_at", "note", "time", "zone", "asserted_by", "accepted_by", "accepted_on", "acknowledged", "calendar")  # fmt: skip
_KEYS = {
    "administration": ("substance", "dose", "route", "as_planned", "source", "intent", "product", "batch", "site", "side", "expires_on"),
    "decision": ("decision", "by", "reason", "interval", "event"),
    "hold": ("until", "reason", "by"), "pause": ("until", "reason", "by"),
    "bridge": ("until", "reason", "substance", "dose", "route", "by"),
    "history": ("phase", "last_dose", "doses", "interval", "substance", "by"),
    "statement": ("taking", "by", "source", "from", "until", "substance", "dose", "route"),
    "plan": ("protocol", "version", "start", "choices", "product", "policy", "continue", "reason", "by"),
    "fact": ("fact", "value", "source"),
}  # fmt: skip
_NO_COLUMN = {"bridge": ("dose", "route"), "statement": ("from", "until", "substance", "dose", "route", "source"), "fact": ("source",)}  # fmt: skip


class NotInTables(Exception):
    """The case tells what the tables have no place for; the message says what."""


def rows_of(case: dict[str, Tree], who: str) -> Rows:
    """The rows of a case. Raises NotInTables."""
    facts = case_of(Document(who, case), shipped()).facts
    rows = Rows(patient=[_patient(case, who) | {fact.name: fact.value for fact in facts if fact.on is None}])
    rows.condition += [
        {"patient_id": who, "date": str(fact.on), "fact": fact.name, "value": fact.value} for fact in facts if fact.on
    ]
    for number, entry in enumerate(case.get("record") or []):
        kind = entry["kind"]
        if kind in _IGNORED_KINDS and "month" not in entry:
            continue
        if kind not in _KEYS:
            raise NotInTables(kind)
        row = _event(entry, kind, who, f"{who[:70]}.{number:03d}")
        if kind == "administration":
            rows.administration.append(row)
        elif kind == "fact":
            rows.condition.append({key: row[key] for key in ("patient_id", "date", "fact", "value")})
        else:
            rows.decision.append({"decision": kind, **row})
    _number_events(case, rows)
    return rows


def _patient(case: dict[str, Tree], who: str) -> dict[str, str]:
    patient, plan = case["patient"], case.get("plan") or {}
    if left := set(plan) - {"protocol", "version", "start", "choices", "product", "policy", *_IGNORED_KEYS}:
        raise NotInTables(f"plan with {', '.join(sorted(left))}")
    if plan.get("policy", "engineering-default") != "engineering-default":
        raise NotInTables("another policy")
    told = {key: plan[key] for key in ("protocol", "version", "start", "product") if key in plan}
    told |= {"choices": _choices(plan["choices"])} if plan.get("choices") else {}
    told |= {key: patient[key] for key in ("birth_date", "sex", "country") if key in patient}
    return {"patient_id": who, **told}


def _choices(choices: dict[str, str]) -> str:
    return "; ".join(f"{key}={value}" for key, value in choices.items())


def _event(entry: dict[str, Tree], kind: str, who: str, event_id: str) -> dict[str, str]:
    day = entry.get("date", entry.get("on", ""))
    if not _DAY.fullmatch(day):
        raise NotInTables("a date that is no full day")
    for key in ("last_dose", "expires_on"):
        if key in entry and entry[key] != "unknown" and not _DAY.fullmatch(entry[key]):
            raise NotInTables(f"{key} that is no full day")
    if left := set(entry) - {*_KEYS[kind], *_IGNORED_KEYS, "date", "on", "by"}:
        raise NotInTables(f"{kind} with {', '.join(sorted(left))}")
    if entry.get("policy", "engineering-default") != "engineering-default":
        raise NotInTables("another policy")
    kept = {key: entry[key] for key in _KEYS[kind] if key in entry and key not in (*_NO_COLUMN.get(kind, ()), "policy")}
    if "choices" in kept:
        kept["choices"] = _choices(kept["choices"])
    return {"patient_id": who, "date": day, "event_id": event_id, **kept}


def _number_events(case: dict[str, Tree], rows: Rows) -> None:
    """Ids that no two people share; what credits or rejects a dose names it by the new one."""
    record = case.get("record") or []
    who = rows.patient[0]["patient_id"]
    new = {entry.get("id"): f"{who[:70]}.{number:03d}" for number, entry in enumerate(record)}
    for at, row in enumerate(rows.decision):
        if "event" in row:
            rows.decision[at] = {**row, "event": new.get(row["event"], f"{who[:70]}.none")}
