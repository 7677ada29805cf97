"""Cases in which each word of the contract's vocabularies occurs, and everything that is said about them to people."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from command_line import Run, example, in_process

from cobalamin.app.services import shipped
from cobalamin.knowledge.loading import compiled

CASES = Path(__file__).parent / "vocabulary" / "cases.yaml"
Vocabularies = dict[str, set[str]]


@dataclass(frozen=True)
class Written:
    """A case of the set as a file, its day, and the plans that are made of it."""

    name: str
    path: Path
    on: str
    plans: tuple[tuple[str, ...], ...]

    @property
    def day(self) -> tuple[str, str]:
        return ("--on", self.on)


def written(folder: Path) -> list[Written]:
    """The cases of the set as files of this folder."""
    entries = yaml.load(CASES.read_text("utf-8"), yaml.BaseLoader)
    return [_written(folder / f"v{number:02d}.yaml", entry) for number, entry in enumerate(entries)]


def _written(path: Path, entry: dict[str, Any]) -> Written:
    path.write_text(_text(entry), "utf-8")
    return Written(entry["name"], path, entry["on"], tuple(_plan(entry["on"], plan) for plan in entry.get("plans", [])))


def _text(entry: dict[str, Any]) -> str:
    record = entry.get("record", [])
    if "from" in entry:
        lines = [f"  - {json.dumps(event)}" for event in record]
        return "\n".join([example(entry["from"]).read_text("utf-8").rstrip(), *lines, ""])
    head = {key: entry[key] for key in ("patient", "facts", "plan") if key in entry}
    return json.dumps({"cobalamin": "1", **head, "record": record})


def _plan(on: str, plan: dict[str, Any]) -> tuple[str, ...]:
    chosen = [part for choice in plan["choices"] for part in ("--choose", choice)]
    product = ["--product", plan["product"]] if "product" in plan else []
    return ("--protocol", plan["protocol"], "--start", on, *chosen, *product)


# -- which words occur -----------------------------------------------------------------------------------------------


def vocabularies() -> Vocabularies:
    """Every word that an answer may hold."""
    library, texts = shipped.library(), compiled().own_words.texts
    named: Vocabularies = {"issue": {check.code for check in (*library.precautions, *library.program_checks.values())}}
    for name, section in SECTIONS.items():
        named[name] = {key.split(".")[1].split("__")[0] for key in texts if key.startswith(f"{section}.")}
    return named


SECTIONS = {
    "question": "questions", "flag": "flags", "status": "statuses", "verdict": "verdicts", "credit": "credits", "timing": "timings",
    "check": "check_states",
}  # fmt: skip


def occurring(cases: list[Written]) -> Vocabularies:
    """The words that the answers about these cases hold."""
    found: Vocabularies = defaultdict(set)
    for case in cases:
        for document in _documents(case):
            _gather(found, document)
    return found


def _documents(case: Written) -> Iterator[dict[str, Any]]:
    for words in (("review",), ("propose",), *(("plan", *plan) for plan in case.plans)):
        run = in_process(words[0], case.path, *words[1:], *case.day, "--json")
        document: dict[str, Any] = run.document
        assert "faults" not in document or "issues" in document, (case.name, document)
        yield document


def _gather(found: Vocabularies, document: dict[str, Any]) -> None:
    found["issue"] |= {issue["code"] for issue in document.get("issues", [])}
    found["issue"] |= {issue["code"] for option in document.get("options", []) for issue in option["precautions"]}
    if "evaluations" not in document:
        return
    found["question"] |= {question["code"] for question in document["questions"]}
    found["status"] |= {document["forecast"]["status"]}
    for entry in document["evaluations"]:
        found["flag"] |= set(entry["flags"])
        found["credit"] |= {entry["credit"]}
        found["timing"] |= {entry["timing"]} - {"none"}
    found["verdict"] |= {entry["verdict"] for entry in document["response"]}
    found["verdict"] |= {entry["verdict"] for entry in document["results"] if entry.get("verdict")}
    found["check"] |= {check["state"] for check in document["checks"]}


# -- what is said ----------------------------------------------------------------------------------------------------


def said(cases: list[Written]) -> Iterator[tuple[str, bool, str]]:
    """(what was asked of which case, whether in everyday words, what came): every command that speaks of a case."""
    for case in cases:
        for words in _questions(case):
            for plain in (True, False):
                run = in_process(words[0], case.path, *words[1:], *case.day, *["--plain"] * plain)
                yield f"{words[0]}: {case.name}", plain, _said(run, case)


def _questions(case: Written) -> Iterator[tuple[str, ...]]:
    yield ("propose",)
    yield ("propose", "--all")
    yield ("whatif",)
    yield ("compare",)
    yield ("review",)
    yield ("review", "--all")
    yield ("assess",)
    yield ("due",)
    yield ("due", "--if-given", case.on)
    yield from (("plan", *plan) for plan in case.plans)


def _said(run: Run, case: Written) -> str:
    return (run.out + run.err).replace(str(case.path), "CASE")
