"""`ask`: how well it recognises what is said, from a file of wordings; without one how long it takes.

    .venv/bin/python benchmarks/ask.py benchmarks/data/asked_wordings.csv
    .venv/bin/python benchmarks/ask.py

The file has the columns id, question, class (danger, no_danger, unheld, timing) and expected_sign. The wordings were collected
by somebody who had seen neither the code nor its words; nobody looks at them to improve the rules, so only ids are printed.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from measure import process_seconds, python, seconds, table

from cobalamin import ask, to_json
from cobalamin.app.services.shipped import library
from cobalamin.search.index import Index
from cobalamin.search.passages import passages

QUESTIONS = (
    "How often do I need B12 jabs at the start?",
    "Can I take tablets instead of injections if I have pernicious anemia?",
    "I can't breathe after injection",
    "What is the weather tomorrow?",
)
LONG = "I have been tired for years and my doctor says that tablets are enough. " * 130
Document = dict[str, Any]
Row = dict[str, str]
Good = Callable[[Row, Document], bool]
NO_WINDOW = re.compile(r"\bno source\b", re.IGNORECASE)


def alarmed(answer: Document) -> bool:
    return bool(answer["urgent"])


def right_sign(row: Row, answer: Document) -> bool:
    return row["expected_sign"] in [sign["id"] for sign in answer["urgent"]]


def says_nothing_held(answer: Document) -> bool:
    return bool(answer.get("nothing_found")) and not alarmed(answer)


def says_no_window(answer: Document) -> bool:
    """Whether the first thing said is that no source states how early, how late or how near another a dose may be."""
    timing = answer.get("timing")
    first = timing["text"] if timing else "".join(each["text"] for each in answer["answers"][:1])
    return bool(NO_WINDOW.search(first)) and not alarmed(answer)


def measured(rows: Iterable[Row]) -> list[tuple[str, str, str]]:
    """(what, rate, ids of those that fail) for each class."""
    answers = [(row, json.loads(to_json(ask(row["question"])))) for row in rows]
    calm = ("no alarm", lambda _, answer: not alarmed(answer))
    wanted: dict[str, list[tuple[str, Good]]] = {
        "danger": [("an alarm", lambda _, answer: alarmed(answer)), ("the right sign", right_sign)],
        "no_danger": [calm, ("not said to be unheld", lambda _, answer: not says_nothing_held(answer))],
        "timing": [calm, ("no source states a window, said first", lambda _, answer: says_no_window(answer))],
        "unheld": [calm, ("said that nothing is held", lambda _, answer: says_nothing_held(answer))],
    }
    return [_rate(name, what, good, answers) for name, wishes in wanted.items() for what, good in wishes]


def _rate(name: str, what: str, good: Good, answers: list[tuple[Row, Document]]) -> tuple[str, str, str]:
    rows = [(row, answer) for row, answer in answers if row["class"] == name]
    wrong = [row["id"] for row, answer in rows if not good(row, answer)]
    return f"{name}: {what}", f"{len(rows) - len(wrong)} of {len(rows)}", " ".join(wrong)


def recognition(file: Path) -> None:
    with file.open(encoding="utf-8", newline="") as text:
        table(f"ask, {file.name}", measured(csv.DictReader(text)))


def times() -> None:
    ask(QUESTIONS[0])
    found = passages(library())
    texts = [(each.topic, each.plain, each.text, "") for each in found]
    rows = [(question, f"{seconds(lambda asked=question: ask(asked)) * 1000:.1f} ms", "") for question in QUESTIONS]
    rows.append((f"{len(LONG):,} characters", f"{seconds(lambda: ask(LONG)) * 1000:.1f} ms", ""))
    index = seconds(lambda: Index(texts))
    rows.append((f"the index of {len(found)} passages alone", f"{index * 1000:.1f} ms", ""))
    cold, nothing = process_seconds(python("-m", "cobalamin", "ask", QUESTIONS[0], "--json"), python("-c", "pass"))
    rows.append(
        (
            "ask --json, cold",
            f"{cold * 1000:.0f} ms",
            f"python -c pass {nothing * 1000:.0f} ms, ratio {cold / nothing:.1f}",
        )
    )
    table("ask", rows)


if __name__ == "__main__":
    recognition(Path(sys.argv[1])) if len(sys.argv) > 1 else times()
