"""How many everyday questions `ask` answers: right first, right among three, missed though held, rightly said that nothing is held.

    .venv/bin/python benchmarks/asked_questions.py benchmarks/data/asked_92.csv
    .venv/bin/python benchmarks/asked_questions.py benchmarks/data/asked_60.csv --wrong

Columns: number, who, question, right. `right`: ids of the records that answer it, judged by reading; `timing:early` and the like for
what this program itself says of the time of a dose, `alarm` for a sign of danger, `disagreement:id`; `nothing` where nothing is held.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from measure import table

from cobalamin.app.services.shipped import library
from cobalamin.search.answer import SearchResult, ask

RIGHT, AMONG, MISSED, SAID, SHOWN = (
    "right first", "right among the first three", "missed though held", "nothing held, rightly said", "nothing held, passages shown",
)  # fmt: skip


def shown(found: SearchResult) -> list[str]:
    """What a reader meets, in its order: a sign of danger, what is said of the time of a dose, then the answers."""
    first = ["alarm"] if found.urgent else []
    first += [f"timing:{found.timing.kind}"] if found.timing else []
    return [*first, *(answer.passage.id for answer in found.answers)]


def judged(question: str, right: set[str]) -> str:
    found = ask(library(), question, "GB")
    ids = shown(found)
    if right == {"nothing"}:
        return SHOWN if ids else SAID
    if right & set(ids[:1]) or right & {f"disagreement:{entry.id}" for entry in found.disagreements}:
        return RIGHT
    return AMONG if right & set(ids[:3]) else MISSED


def main(file: Path, wrong: bool) -> None:
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    results = [(row, judged(row["question"], set(row["right"].split()))) for row in rows]
    counts = Counter((row["who"], result) for row, result in results)
    people = sorted({row["who"] for row in rows})
    lines = [
        (name, str(sum(counts[who, name] for who in people)), ", ".join(f"{who} {counts[who, name]}" for who in people))
        for name in (RIGHT, AMONG, MISSED, SAID, SHOWN)
    ]
    held = sum(result in (RIGHT, AMONG, MISSED) for _, result in results)
    right = sum(result == RIGHT for _, result in results)
    lines.append((f"right first of those held ({held})", f"{right / held:.0%}", ""))
    table(f"ask, {len(rows)} questions of {file.name}", lines)
    if wrong:
        for row, result in results:
            if result not in (RIGHT, SAID):
                first = ", ".join(shown(ask(library(), row["question"], "GB"))[:3])
                sys.stdout.write(f"{row['number']} {result}: {row['question']} -> {first or 'nothing'}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--wrong" in sys.argv)
