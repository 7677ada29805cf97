"""`ask` in process, index and all, beside the same search without building the index; and cold from the command line."""

from __future__ import annotations

from measure import process_seconds, python, seconds, table

from cobalamin.app.services.shipped import library
from cobalamin.search.answer import ask
from cobalamin.search.index import Index
from cobalamin.search.passages import passages

QUESTIONS = (
    "How often do I need B12 jabs at the start?",
    "Can I take tablets instead of injections if I have pernicious anemia?",
    "I can't breathe after injection",
    "What is the weather tomorrow?",
)
LONG = "I have been tired for years and my doctor says that tablets are enough. " * 130


def main() -> None:
    ask(library(), QUESTIONS[0])
    found = passages(library())
    texts = [(each.topic, each.plain, each.text) for each in found]
    rows = [
        (question, f"{seconds(lambda asked=question: ask(library(), asked)) * 1000:.1f} ms", "")
        for question in QUESTIONS
    ]
    rows.append((f"{len(LONG):,} characters", f"{seconds(lambda: ask(library(), LONG)) * 1000:.1f} ms", ""))
    index = seconds(lambda: Index(texts, QUESTIONS[0]).close())
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
    main()
