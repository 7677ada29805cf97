"""The five first-use paths of the pages, walked in a browser: clicks, keystrokes, fields chosen, words and seconds.

    .venv/bin/python benchmarks/first_use.py

Words are those that a reader sees in the content of each page: what is folded away, hidden or behind a closed list is not counted. "To the
button" are only those above what is pressed next. Seconds are the machine's, from the first page to the last; reading takes 220 words a minute.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from measure import ROOT

sys.path[:0] = [str(ROOT / "tests" / "app" / "web"), str(ROOT / "tests")]
from web_site import EXAMPLES, chromium, let_in, running_server  # noqa: E402

from cobalamin.app.services.accepting import accept_plan  # noqa: E402
from cobalamin.app.services.planning import PlanOptions  # noqa: E402

TODAY = date(2026, 10, 9)  # the day on which the next dose of the running example is due
A_MINUTE = 220  # words
RUNNING, PLANNED, NEW = "treatment-running", "pernicious-anaemia", "Anna"
AT_ONCE, OTHERWISE = re.compile(r"^Record .+ today$"), re.compile(r"^Record a dose$")
FACTS = {
    "Deficiency": "confirmed", "Cause": "pernicious_anaemia", "Neurological involvement": "absent", "Anaemia": "none",
    "Previous treatment": "none", "Vegan": "absent",
}  # fmt: skip

# The words that are seen in an element, up to another one: no closed list, nothing folded, nothing for screen readers alone.
SEEN = """([within, before]) => {
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (before && before.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING && !before.contains(node)) break;
    if (parent.closest('.unseen, script, style')) continue;
    const option = parent.closest('option');
    if (option ? !option.selected : !parent.checkVisibility()) continue;
    words += node.textContent.trim().split(/\\s+/).filter(Boolean).length;
  }
  return words;
}"""


@dataclass
class Walk:
    """One walk through the pages, counted."""

    page: Any
    clicks: int = 0
    keys: int = 0
    fields: int = 0
    screens: int = 0
    words: int = 0
    to_button: int = 0
    began: float = field(default_factory=time.perf_counter)

    def look(self, before: Any = None) -> int:
        main = self.page.locator("main").element_handle()
        return int(self.page.evaluate(SEEN, [main, before.element_handle() if before else None]))

    def press(self, control: Any) -> None:
        """Press what leads to another page, having read this one."""
        self.screens += 1
        self.words += self.look()
        self.to_button += self.look(control)
        self.clicks += 1
        with self.page.expect_event("load"):
            control.click()

    def open(self, control: Any) -> None:
        """Press what unfolds a part of this page."""
        self.clicks += 1
        control.click()

    def type(self, name: str, text: str) -> None:
        self.keys += len(text)
        self.page.get_by_label(name, exact=True).fill(text)

    def choose(self, control: Any, value: str | int) -> None:
        self.fields += 1
        control.select_option(**({"index": value} if isinstance(value, int) else {"value": value}))

    def row(self, name: str, before: str) -> list[object]:
        """The last page is read too."""
        words, seconds = self.words + self.look(), time.perf_counter() - self.began
        reading = f"{words / A_MINUTE:.1f} min"
        figures = [
            self.clicks,
            self.keys,
            self.fields,
            self.screens + 1,
            self.to_button,
            words,
            reading,
            f"{seconds:.1f}",
        ]
        return [name, *figures, before]


def record_today(walk: Walk) -> None:
    """From the person's page to a recorded dose of today; where one press is not enough, the form as it stands."""
    at_once = walk.page.get_by_role("button", name=AT_ONCE)
    if at_once.count():
        walk.press(at_once.first)
        return
    walk.press(walk.page.get_by_role("link", name=OTHERWISE).first)
    walk.press(walk.page.locator("main form[method=post] button.button").first)


def patient_records(walk: Walk, origin: str) -> None:
    walk.page.goto(f"{origin}/case/{RUNNING}.yaml")
    record_today(walk)


def nurse_gives_the_first(walk: Walk, origin: str) -> None:
    walk.page.goto(origin)
    walk.press(walk.page.locator(f'main a[href^="/case/{PLANNED}.yaml"]').last)
    record_today(walk)


def prescriber_prints(walk: Walk, origin: str) -> None:
    page = walk.page
    page.goto(origin)
    walk.press(page.locator('main a[href="/new"]').first)
    walk.type("Name, initials or number", NEW)
    walk.type("Day", "3")
    walk.choose(page.get_by_label("Month"), "05")
    walk.type("Year", "1958")
    walk.choose(page.get_by_label("Country"), "GB")
    walk.press(page.get_by_role("button", name="Continue"))
    for label, value in FACTS.items():
        walk.choose(page.get_by_label(label, exact=True), value)
    walk.choose(page.get_by_label("Allergies, eyes, kidneys"), "none_of_these")
    walk.press(page.get_by_role("button", name="Show what fits"))
    walk.choose(page.get_by_label("Maintenance interval").first, 2)
    walk.press(page.get_by_role("button", name="Choose this").first)
    walk.type("Who agreed to it", "Dr A")
    walk.press(page.get_by_role("button", name="Keep this plan"))
    walk.press(page.get_by_role("link", name="Print the plan"))
    walk.words -= walk.look()  # the sheet itself is paper


def reader_compares(walk: Walk, origin: str) -> None:
    walk.page.goto(origin)
    for name in ("Why do articles and labels say different things?", "deficiency", "Without neurological involvement"):
        walk.press(walk.page.get_by_role("link", name=name, exact=True).first)


def patient_sees_the_year(walk: Walk, origin: str) -> None:
    walk.page.goto(origin)
    walk.press(walk.page.locator(f'main a[href^="/case/{RUNNING}.yaml"]').last)
    assert walk.page.locator("#year svg").first.is_visible()


# Name, whose words, what it cost before, the walk.
PATHS: tuple[tuple[str, str, str, Callable[[Walk, str], None]], ...] = (
    ("patient: record today's dose, from their page", "plain", "2 clicks, 545 words", patient_records),
    (
        "nurse: first dose of an existing patient, from the start",
        "professional",
        "294 keystrokes (terminal)",
        nurse_gives_the_first,
    ),
    (
        "prescriber: from nothing to the printed plan",
        "professional",
        "18 clicks, 8 fields, 13 screens, 4,096 words",
        prescriber_prints,
    ),
    ("reader: from the start to why two articles differ", "plain", "no path; 2,670 words with a case", reader_compares),
    ("patient: see my year, from the start", "plain", "no picture", patient_sees_the_year),
)


def prepared(folder: Path) -> None:
    """The example files, one of them with a plan that is accepted and not begun."""
    for example in EXAMPLES:
        shutil.copy(example, folder)
    options = PlanOptions("uk-bnf-noneuro", TODAY, {"maintenance_interval": "3 mo"})
    accept_plan(folder / f"{PLANNED}.yaml", options, "Dr A", {}, TODAY, confirmed=True)


def walked(browser: Any, origin: str, words: str, path: Callable[[Walk, str], None]) -> Walk:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    let_in(context, origin)
    context.add_cookies([{"name": "words", "value": words, "url": origin}])
    walk = Walk(context.new_page())
    path(walk, origin)
    return walk


def main() -> None:
    rows = []
    with chromium() as browser:
        for name, words, before, path in PATHS:
            with tempfile.TemporaryDirectory() as made:
                if path is not prescriber_prints:  # who begins has no files
                    prepared(Path(made))
                with running_server(Path(made), TODAY) as origin:
                    rows.append(walked(browser, origin, words, path).row(name, before))
    titles = [
        "path",
        "clicks",
        "keys",
        "lists",
        "screens",
        "words to the button",
        "words in all",
        "reading",
        "seconds",
        "before (2026-11-30)",
    ]
    print(
        f"First use, {platform.machine()}, {os.cpu_count()} cores, {datetime.now().astimezone().date()}, day of the pages {TODAY}\n"
    )
    for row in (titles, ["---"] * len(titles), *rows):
        print(f"| {' | '.join(map(str, row))} |")


if __name__ == "__main__":
    main()
