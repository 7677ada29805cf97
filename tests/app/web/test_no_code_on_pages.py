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
from web_site import Visitor, visitor_of, words_of

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


@hazard("H81")
@pytest.mark.parametrize(
    ("form", "told", "says"),
    [
        ("dose", {"given": "other"}, "nothing is filled in"),
        ("dose", {"date.day": "99", "date.month": "11", "date.year": "2026"}, "There is no such day"),
        ("result", {"marker": "serum_b12", "value": "9 g/dL"}, "is not a unit for Vitamin B12 in serum"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_in_its_own_words(
    form: str, told: dict[str, str], says: str, visitor: Visitor
) -> None:
    answer = visitor.send(f"/case/treatment-running.yaml/record/{form}", **told)
    assert answer.status_code == 422
    box = words_of(answer.text[answer.text.index("fault-title") :].partition("</ul>")[0])
    assert says in box
    assert list(alone(box, plain=True)) == []
    assert "YYYY" not in box
    assert "DD" not in box


@hazard("H81")
@pytest.mark.parametrize("address", ["?day=2026-99-01", "/recorded?event=nothing", "/question?fact=x"])
def test_a_look_that_fails_speaks_of_no_writing_and_no_file(address: str, visitor: Visitor) -> None:
    told = words_of(visitor.get(f"/case/treatment-running.yaml{address}").text)
    assert "Nothing was written" not in told
    assert "case file" not in told
