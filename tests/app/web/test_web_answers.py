"""The pages and /api say what the command line says, and everyday words have the numbers of professional ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from command_line import Run
from web_site import CHOSEN, DAY, EXAMPLES, PLANNED, RUNNING, Visitor, main_of, words_of

from hazards import hazard

ON = ("--on", str(DAY))
DATES = re.compile(r"\b\d{1,2} [A-Z][a-z]+ 20\d\d\b|\b20\d\d-\d\d-\d\d\b")
DOSES = re.compile(r"\b\d[\d,.]* (?:mg|mcg|micrograms?|mL)\b")


def days(text: str) -> set[str]:
    """The days of a text, those that stand as in a file too."""
    return {found if " " in found else f"{date.fromisoformat(found):%-d %B %Y}" for found in DATES.findall(text)}


def told(visitor: Visitor, address: str, words: str) -> str:
    """The content of a page above its list of sources."""
    return words_of(main_of(visitor.get(address, words=words).text).split('class="sources"')[0])


PLAN = ["--protocol", "uk-bnf-noneuro", "--start", "2026-10-05", "--choose", "maintenance_interval=3 mo"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("command", ["propose", "assess", "whatif", "compare", "review", "due"])
def test_api_is_the_command_line(visitor: Visitor, run: Callable[..., Run], example: Path, command: str) -> None:
    answer = visitor.get(f"/api/cases/{example.name}/{command}")
    answered = run(command, example, *ON, "--json")
    assert answer.status_code == 200
    assert answer.text == answered.out


def test_api_plans_explains_asks_and_shows_what_the_command_line_does(
    visitor: Visitor, run: Callable[..., Run]
) -> None:
    planned, running = (visitor.folder / f"{name}.yaml" for name in ("pernicious-anaemia", "treatment-running"))
    chosen = "protocol=uk-bnf-noneuro&start=2026-10-05&choose=" + quote("maintenance_interval=3 mo")
    pairs: list[tuple[str, list[Any]]] = [
        (f"/api{PLANNED.replace('case', 'cases')}/plan?{chosen}", ["plan", planned, *PLAN, *ON]),
        (f"/api{PLANNED.replace('case', 'cases')}/plan?protocol=uk-bnf-noneuro&start=2026-10-05", ["plan", planned, *PLAN[:4], *ON]),
        (f"/api{RUNNING.replace('case', 'cases')}/explain?about=2026-10-09", ["explain", running, "2026-10-09", *ON]),
        (f"/api{RUNNING.replace('case', 'cases')}/due?if_given=2026-09-10", ["due", running, "--if-given", "2026-09-10", *ON]),
        ("/api/ask?q=how+often", ["ask", "how often"]),
        ("/api/ask?q=my+tongue+is+swelling", ["ask", "my tongue is swelling"]),
        (f"/api{RUNNING.replace('case', 'cases')}/ask?q=have+my+injection+early", ["ask", "have my injection early", "--case", running, *ON]),
        ("/api/dose?dose=250+mcg&product=gb-hydroxocobalamin-1mg-1ml", ["dose", "--dose", "250 mcg", "--product", "gb-hydroxocobalamin-1mg-1ml"]),
        ("/api/library", ["library", "list"]), ("/api/library/us-cn-pa", ["library", "show", "us-cn-pa"]), ("/api/schema/plan", ["schema", "plan"]),
    ]  # fmt: skip
    for address, command in pairs:
        flags = [] if command[0] == "schema" else ["--json"]
        assert visitor.get(address).text == run(*command, *flags).out, address


def test_the_page_says_what_the_command_line_says(visitor: Visitor, run: Callable[..., Run]) -> None:
    running = visitor.folder / "treatment-running.yaml"
    own = run("ask", "have my injection early", "--case", running, *ON, "--json").document["timing"]["own_dates"]
    timed = " ".join(visitor.get(f"/ask?q=have+my+injection+early&case={running.name}").text.split())
    assert own["plain"].split(" is due")[0][:30] in timed
    assert "Call the emergency number now for trouble breathing" in timed
    alarmed = visitor.get("/ask?q=my+tongue+is+swelling").text
    assert alarmed.index("If this is happening now") < alarmed.index(
        "Call the emergency number now for trouble breathing"
    )


def test_api_records_as_the_command_line_does(visitor: Visitor, run: Callable[..., Run], tmp_path: Path) -> None:
    copy = tmp_path / "copy.yaml"
    copy.write_text(visitor.text(), "utf-8")
    event = {"date": "2026-09-01", "kind": "result", "marker": "potassium", "value": "3.90 mmol/L"}
    answer = visitor.site.post("/api/cases/treatment-running.yaml/record", json=event)
    answered = run("record", copy, "result", "2026-09-01", "potassium=3.90 mmol/L", *ON, "--json")
    assert answer.json() == answered.document
    assert visitor.text() == copy.read_text("utf-8")


@pytest.mark.parametrize("address", [
    RUNNING, f"{RUNNING}?day=2026-09-10", f"{RUNNING}/review", f"{RUNNING}/print", f"{PLANNED}/plan?{CHOSEN}", f"{PLANNED}/print?{CHOSEN}", f"{PLANNED}/options",
    "/case/self-injecting.yaml", "/case/self-injecting.yaml/review", "/case/moved-here.yaml", "/case/bariatric-planning-pregnancy.yaml/options",
])  # fmt: skip
def test_dates_and_doses_are_the_same_in_everyday_and_professional_words(visitor: Visitor, address: str) -> None:
    plain, professional = (told(visitor, address, words) for words in ("plain", "professional"))
    assert plain != professional
    doses = set(DOSES.findall(plain)), set(DOSES.findall(professional))
    # What a source holds against an option names more amounts to a professional than to a patient.
    assert doses[0] <= doses[1] if address.endswith("/options") else doses[0] == doses[1]
    more = days(professional) - days(plain)
    assert not days(plain) - days(professional)
    assert not more or address.endswith("/print"), more  # a professional reads when a result was taken as well


@pytest.mark.parametrize(
    "address",
    [
        RUNNING,
        f"{RUNNING}/review",
        f"{PLANNED}/plan?{CHOSEN}",
        f"{PLANNED}/options",
        f"{PLANNED}/compare",
        f"{PLANNED}/whatif",
    ],
)
def test_a_source_has_the_same_number_in_both_words(visitor: Visitor, address: str) -> None:
    def numbers(words: str) -> dict[str, str]:
        page = visitor.get(address, words=words).text
        found = re.findall(r'<li value="(\d+)" id="source-\d+">([^<]*)', page)
        return {number: text.strip() for number, text in found}

    plain, professional = numbers("plain"), numbers("professional")
    assert plain
    shared = plain.keys() & professional.keys()
    assert {number: plain[number] for number in shared} == {number: professional[number] for number in shared}


def test_doses_are_told_as_on_the_labels_of_the_country(visitor: Visitor) -> None:
    british = words_of(main_of(visitor.get(f"{PLANNED}/options").text))
    american = words_of(main_of(visitor.get("/case/leber-us.yaml/options").text))
    assert "1 mg (1,000 micrograms)" in british
    assert "1,000 mcg (1 mg)" in american
    assert "micrograms" not in american.split("Sources")[0]


@hazard("H68")
def test_a_danger_in_a_question_is_answered_above_the_form(visitor: Visitor) -> None:
    urgent, calm = (
        visitor.get(f"/ask?q={words}").text for words in ("my+throat+is+swelling+up+after+the+jab", "how+often")
    )
    assert urgent.index('class="answers"') < urgent.index('role="search"')
    assert calm.index('class="answers"') > calm.index('role="search"')
