"""How well `ask` understands words that nobody wrote down: each stored everyday question is taken out, asked, and must find its record.

    .venv/bin/python benchmarks/asked_left_out.py
    .venv/bin/python benchmarks/asked_left_out.py --wrong

Of records with few wordings a good share is taken out, and wordings of one record are written to differ, so the figure is the lower
end of what is to be expected of unseen words. In the first round the first wording of every record is left out at once, in the second the second, and so on, so that no
question is asked while it is stored. Wordings that name a record stay. The second table asks about
things that the library holds nothing on, in the frames in which people ask.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product

from measure import table

from cobalamin.app.services.shipped import library
from cobalamin.knowledge.asked_questions import AskedQuestions
from cobalamin.records import replace
from cobalamin.search.answer import SearchResult, asked_of
from cobalamin.search.reading import Reader

RIGHT, AMONG, FURTHER, MISSED = "right first", "right among the first three", "right further down", "missed"
FRAMES = {
    "a medicine": (
        "Can I take {} with B12?", "I am on {}, does it affect my injection?", "What is the dose of {}?", "Is {} safe with B12 injections?",
    ),
    "an illness": ("Does B12 help with {}?", "Can B12 injections cure {}?", "I have {}, will the injection make it worse?"),
    "something to do": ("Can I go {} after my B12 injection?", "How long after the jab can I start {}?", "Is {} allowed with B12 tablets?"),
}  # fmt: skip
UNHELD = {
    "a medicine": ("amoxicillin", "sertraline", "ozempic", "prednisone", "bisoprolol", "mounjaro", "tamoxifen", "lithium", "viagra", "paracetamol", "creatine", "turmeric", "humira"),
    "an illness": ("vertigo", "lupus", "baldness", "glaucoma", "asthma", "menopause", "arthritis", "ADHD", "snoring", "gallstones", "fibromyalgia", "endometriosis"),
    "something to do": ("skiing", "yoga", "waxing", "horse riding", "weightlifting", "fasting", "smoking", "vaping", "diving", "gardening", "dancing", "acupuncture"),
}  # fmt: skip


def left_out(asked: AskedQuestions) -> Iterator[tuple[Reader, list[tuple[str, str]]]]:
    """Readers without the first, second, ... wording of every record, and the (record, wording) that each of them lacks."""
    for number in range(max(map(len, asked.questions.values()))):
        missing = [(name, texts[number]) for name, texts in asked.questions.items() if number < len(texts)]
        kept = {name: texts[:number] + texts[number + 1 :] for name, texts in asked.questions.items()}
        yield Reader(library(), replace(asked, questions=kept)), missing


def judged(found: SearchResult, right: str) -> str:
    ids = [answer.passage.id for answer in found.answers]
    same = {right}
    first = [f"timing:{found.timing.kind}"] if found.timing else []
    for name, some in ((RIGHT, ids[:1]), (AMONG, ids[:3]), (FURTHER, ids)):
        if same & {*some, *first}:
            return name
    return MISSED


def held(wrong: bool) -> None:
    results: list[tuple[str, str, str, str]] = []
    for reader, missing in left_out(library().asked_questions):
        for right, question in missing:
            found = asked_of(library(), question, "GB", reader)
            first = found.answers[0].passage.id if found.answers else "nothing"
            results.append((judged(found, right), right, question, first))
    of = len(results)
    counts = {name: sum(result == name for result, *_ in results) for name in (RIGHT, AMONG, FURTHER, MISSED)}
    table(
        f"ask, {of} everyday questions left out in turn",
        [(name, f"{n}", f"{n / of:.0%}") for name, n in counts.items()],
    )
    for result, right, question, first in results:
        if wrong and result != RIGHT:
            sys.stdout.write(f"{result}: {question} -> {first} for {right}\n")


def unheld(wrong: bool) -> None:
    reader = Reader(library())
    rows = []
    for kind, frames in FRAMES.items():
        asked = [frame.format(thing) for thing, frame in product(UNHELD[kind], frames)]
        shown = [(each, found) for each in asked if not (found := asked_of(library(), each, "GB", reader)).empty]
        rows.append((kind, f"{len(asked) - len(shown)} of {len(asked)}", "nothing shown"))
        for question, found in shown if wrong else ():
            first = [answer.passage.id for answer in found.answers[:1]] or [entry.id for entry in found.disagreements]
            sys.stdout.write(f"shown: {question} -> {' '.join(first)}{' held' if found.held else ''}\n")
    table("ask, things on which nothing is held", rows)


if __name__ == "__main__":
    held("--wrong" in sys.argv)
    unheld("--wrong" in sys.argv)
