"""The year in Debian's Chromium: what stands above the fold, labels that never meet, the arrow keys, no script, and axe."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from browsing import at_width, expect, follow, in_media, new_page_of
from test_browser import AXE, AXE_MISSING, RULES
from web_site import DAY, EXAMPLES, RUNNING, let_in, running_server

pytestmark = pytest.mark.browser
WIDTHS = (320, 375, 768, 1280)
PAGES = (
    "",
    "?year=2026",
    "/month?month=2026-10",
    "/try?day=2026-10-16",
    "/card",
    "/show",
    "/summary",
    "/ahead?from=2026-10-01&to=2026-10-12",
    "/record/dose",
)
FOLD, BUTTON, MOST_WORDS = 700, 560, 20


def long_record(folder: Path) -> None:
    head = next(path for path in EXAMPLES if path.stem == "treatment-running").read_text("utf-8").split("record:")[0]
    entries = []
    for number in range(300):
        on = date(2001, 9, 5) + timedelta(days=30 * number)
        entries.append(f"  - {{date: {on}, kind: administration, as_planned: true}}")
        if number % 6 == 0:
            entries.append(
                f"  - {{date: {on}, kind: result, marker: haemoglobin, value: {105 + number % 40} g/L, reference_range: 120-160 g/L}}"
            )
            entries.append(f"  - {{date: {on}, kind: symptoms, tiredness: {number % 6}}}")
    (folder / "long.yaml").write_text(
        f"{head.replace('2026-01-0', '2001-09-0')}record:\n" + "\n".join(entries) + "\n", "utf-8"
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("cases")
    for example in EXAMPLES:
        shutil.copy(example, folder)
    long_record(folder)
    with running_server(folder, DAY) as address:
        yield address


_BOXES = """() => [...document.querySelectorAll('svg.year text')].filter(each => each.getBoundingClientRect().width > 0).map(each => {
    const box = each.getBoundingClientRect(), picture = each.closest('svg').getBoundingClientRect();
    return [each.textContent, box.left, box.top, box.right, box.bottom, picture.left, picture.right];
})"""


@pytest.mark.parametrize("mode", ["plain", "large"])
@pytest.mark.parametrize(
    "address", [RUNNING, f"{RUNNING}?year=2026", "/case/self-injecting.yaml", "/case/long.yaml", "/case/long.yaml?year=2013", f"{RUNNING}/try?day=2026-10-16", f"{RUNNING}/summary"],
)  # fmt: skip
def test_no_two_labels_overlap_at_any_width(address: str, mode: str, visit: Callable[..., Any], shared: str) -> None:
    page = visit(f"{shared}{address}", mode=mode)
    for wide in WIDTHS:
        at_width(page, wide)
        boxes = page.evaluate(_BOXES)
        assert boxes
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        for number, (text, left, top, right, bottom, begin, end) in enumerate(boxes):
            assert begin - 1 <= left, (wide, text)
            assert right <= end + 1, (wide, text)
            for other in boxes[:number]:
                apart = right <= other[1] or other[3] <= left or bottom <= other[2] + 2 or other[4] <= top + 2
                assert apart, (wide, text, other[0])


_ABOVE = """fold => {
    const found = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode, range = document.createRange();
        if (node.parentElement.closest('svg, .unseen')) continue;
        range.selectNodeContents(node);
        const box = range.getBoundingClientRect();
        if (box.width > 1 && box.height > 0 && box.top < fold) found.push(...node.textContent.trim().split(/\\s+/).filter(Boolean));
    }
    return found;
}"""


def test_on_a_phone_state_day_and_button_stand_in_few_words_above_the_fold(browser: Any, shared: str) -> None:
    context = browser.new_context(viewport={"width": 375, "height": FOLD}, reduced_motion="reduce")
    let_in(context, shared)
    page = context.new_page()
    page.goto(f"{shared}{RUNNING}")
    button = page.get_by_role("link", name="Record a dose").bounding_box()
    words = page.evaluate(_ABOVE, FOLD)
    context.close()
    assert button["y"] + button["height"] < BUTTON
    assert len(words) <= MOST_WORDS, words


DUE = date(2026, 10, 9)


def test_from_the_address_to_a_recorded_dose_of_today(browser: Any, tmp_path: Path) -> None:
    """One press, nothing typed, and at most 40 words on the way; benchmarks/README.md has the figures."""
    for example in EXAMPLES:
        shutil.copy(example, tmp_path)
    with running_server(tmp_path, DUE) as origin:
        context = browser.new_context(
            viewport={"width": 375, "height": FOLD}, reduced_motion="reduce", java_script_enabled=True
        )
        let_in(context, origin)
        page = context.new_page()
        page.goto(f"{origin}{RUNNING}")
        button = page.get_by_role("button", name="Record 1 mg today")
        box = button.bounding_box()
        above, before = page.evaluate(_ABOVE, FOLD), page.evaluate(_ABOVE, box["y"] + box["height"])
        with new_page_of(page):
            button.click()
        told = page.locator(".done").inner_text().split()
        expect(page.get_by_role("button", name="Take it back")).to_be_visible()
        context.close()
    assert box["y"] + box["height"] < BUTTON
    assert len(above) <= MOST_WORDS, above
    assert len(before) + len(told) <= 40, (before, told)


def test_the_arrow_keys_move_the_dose_and_stay_where_they_are(visit: Callable[..., Any], shared: str) -> None:
    page = visit(f"{shared}{RUNNING}/try")
    page.locator("#day").focus()
    for key, told in (
        ("ArrowRight", "Sat 10 October 2026"),
        ("ArrowDown", "Sat 17 October 2026"),
        ("ArrowLeft", "Fri 16 October 2026"),
    ):
        with new_page_of(page):
            page.keyboard.press(key)
        expect(page.locator("#day")).to_have_text(told)
        expect(page.locator("#day")).to_be_focused()


def test_without_script_the_links_move_it(visit: Callable[..., Any], shared: str) -> None:
    page = visit(f"{shared}{RUNNING}/try", script=False)
    follow(page, "1 week later")
    expect(page.locator("#day")).to_contain_text("16")
    expect(page.locator("main")).to_contain_text("7 days later")


def test_a_mark_opens_its_reasons(visit: Callable[..., Any], shared: str) -> None:
    page = visit(f"{shared}{RUNNING}")
    with new_page_of(page):
        page.locator("svg.year a", has=page.locator(".is-next")).click()
    expect(page.locator("h1")).to_contain_text("9 October 2026")


@pytest.mark.parametrize("tone", ["light", "dark"])
@pytest.mark.parametrize("mode", ["plain", "professional", "large"])
def test_every_page_of_the_year_is_accessible(tone: str, mode: str, visit: Callable[..., Any], shared: str) -> None:
    if not AXE.exists():
        pytest.skip(AXE_MISSING)
    page = visit(f"{shared}{RUNNING}", wide=375, tone=tone, mode=mode)
    for path in PAGES:
        page.goto(f"{shared}{RUNNING}{path}")
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found["violations"]] == [], path
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path


def test_on_paper_the_card_and_the_summary_stand_alone(visit: Callable[..., Any], shared: str) -> None:
    page = visit(f"{shared}{RUNNING}/card")
    in_media(page, media="print")
    expect(page.locator("nav >> visible=true")).to_have_count(0)
    assert page.locator(".wallet").bounding_box()["width"] < 400
