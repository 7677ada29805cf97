"""No code, id or word of the file stands alone on a page, over the cases in which every word of the contract occurs (hazard H81)."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from command_line import in_process
from vocabulary_cases import Written, written
from web_site import visitor_of, words_of

from hazards import hazard

sys.path.append(str(Path(__file__).parents[1] / "terminal"))
from test_no_code_alone import alone

EACH = ("", "/review", "/options", "/print")
FORMS = ("/whatif", "/compare", "/share", "/question", *(f"/record{form}" for form in (
    "", "/dose", "/reviewed", "/result", "/symptoms", "/omission", "/history", "/decision", "/pause", "/correction")))  # fmt: skip
NO_TEXT = re.compile(r"<(code|script|style|select|option)\b.*?</\1>", re.S)
ADDRESS = re.compile(r"https?://\S+")


def pages_of(case: Written, first: bool) -> Iterator[str]:
    """What is looked at of each case: its pages, why a dose counts as it does, what an entry changed; of one case also every form."""
    yield from EACH
    doses = in_process("review", case.path, *case.day, "--json").document["evaluations"]
    for dose in doses[-1:]:
        yield f"/why?about={dose['event']}"
        yield f"/recorded?event={dose['event']}"
    yield from FORMS if first else ()


@hazard("H81")
@pytest.mark.parametrize("words", ["plain", "professional"])
def test_no_code_stands_alone_on_a_page(words: str, tmp_path: Path) -> None:
    faults = {}
    for number, case in enumerate(written(tmp_path)):
        visitor = visitor_of(tmp_path, date.fromisoformat(case.on))
        for page in pages_of(case, first=number == 0):
            text = visitor.get(f"/case/{case.path.name}{page}", words=words).text
            told = ADDRESS.sub("", words_of(NO_TEXT.sub(" ", text[text.find("<body") :])))
            for found in alone(told, plain=words == "plain"):
                place = max(told.find(found) - 80, 0)
                faults.setdefault(found, f"{case.name}{page}: {told[place : place + 160]}")
    assert faults == {}
