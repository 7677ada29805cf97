"""The pages in Debian's Chromium: first-use paths, the keyboard alone, narrow screens, and axe-core on every page in every mode."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browsing import at_width, by_enter, expect, focused, follow, in_media, press, says, tab_to
from web_site import CHOSEN, DAY, EXAMPLES, MODES, PAGES, PLANNED, RUNNING, running_server

from cobalamin.app.services import cases

pytestmark = pytest.mark.browser
AXE = Path(__file__).parent / "node" / "node_modules" / "axe-core" / "axe.min.js"
AXE_MISSING = (
    "SKIPPED LOUDLY: axe-core is not installed (npm ci --prefix tests/app/web/node); accessibility was not looked at"
)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKED_AT = [page for page in PAGES if page not in ("/library?country=GB", f"{PLANNED}/options?all=1")]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for the pages that are only looked at."""
    folder = tmp_path_factory.mktemp("cases")
    for example in EXAMPLES:
        shutil.copy(example, folder)
    with running_server(folder, DAY) as address:
        yield address


def fill_day(page: Any, name: str, day: str, month: str, year: str) -> None:
    page.fill(f"#{name}-day", day)
    page.select_option(f"#{name}-month", label=month)
    page.fill(f"#{name}-year", year)


# -- first-use paths (reference, product 5.3) ------------------------------------------------------------------------


def answer_questions(page: Any, answers: dict[str, str]) -> int:
    """Answer until the options stand there; how many questions there were."""
    number = 0
    while "/question" in page.url:
        number += 1
        assert number <= 8
        heading = page.inner_text("h1")
        if page.locator("#box-none").count():
            page.check("#box-none")
        else:
            told = next((answer for begin, answer in answers.items() if begin in heading), "I don't know")
            page.get_by_label(told, exact=True).check()
        press(page, "Continue")
    return number


ANSWERS = {
    "lack vitamin B12, or": "Yes, it was found", "why you lack": "Pernicious anaemia", "numbness": "No", "anaemia": "Anaemia, not called severe",
    "injections before": "No, never",
}  # fmt: skip


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_newcomer_reaches_a_printed_plan(visit: Callable[..., Any], server: str, folder: Path, script: bool) -> None:
    page = visit(server, script=script)
    follow(page, "New plan")
    page.fill("#id", "Anna B")
    fill_day(page, "birth_date", "2", "March", "1958")
    page.select_option("#country", label="United Kingdom")
    press(page, "Continue")
    assert answer_questions(page, ANSWERS) + 1 <= 8
    follow(page, "See the dates")
    page.get_by_label("3 months", exact=True).check()
    page.select_option("#product", "gb-hydroxocobalamin-1mg-1ml")
    press(page, "Show the dates")
    expect(page.locator("main")).to_contain_text("hydroxocobalamin", ignore_case=True)
    page.fill("#by", "Dr A. Example")
    press(page, "Keep this plan")
    says(page, "The plan is kept in the file")
    follow(page, "Print and share")
    follow(page, "Print view")
    says(page, "Dr A. Example", where="article")
    assert cases.open_case(folder / "anna-b.yaml").plan is not None


def test_somebody_at_home_sees_what_is_due_records_and_takes_a_calendar(
    visit: Callable[..., Any], server: str, folder: Path
) -> None:
    pytest.importorskip("icalendar")
    page = visit(f"{server}/case/self-injecting.yaml", wide=360)
    expect(page.locator(".hero .sentence")).to_be_visible()
    follow(page, "Record a dose")
    press(page, "Record this dose")
    says(page, "It is recorded", where="h1")
    follow(page, "What is due")
    follow(page, "Print and share")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Make the calendar file").click()
    assert taken.value.suggested_filename == "self-injecting.ics"
    assert cases.open_case(folder / "self-injecting.yaml").record[-1].on == DAY


def test_somebody_with_a_prescription_tells_how_far_it_has_got(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}{PLANNED}/plan?{CHOSEN.replace('2026-10-05', '2026-09-01')}")
    page.fill("#by", "Dr A. Example")
    press(page, "Keep this plan")
    follow(page, "Record something else")
    follow(page, "Treatment before this plan")
    page.select_option("#phase", "maintenance")
    page.fill("#last_dose", "2026-07-20")
    page.fill("#interval", "3 mo")
    page.fill("#asserted_by", "letter of Dr A")
    press(page, "Record", exact=True)
    says(page, "20 October 2026")


def test_a_prescriber_compares_weighs_and_hands_over(visit: Callable[..., Any], server: str) -> None:
    pytest.importorskip("typst")
    page = visit(f"{server}{RUNNING}", mode="professional")
    follow(page, "What matters")
    expect(page.locator("h1")).to_have_text("What matters")
    follow(page, "Compare sources")
    page.wait_for_function("() => document.querySelector('img.axes').naturalWidth > 0")
    follow(page, "What is due")
    follow(page, "Why this day?")
    says(page, "Arithmetic")
    follow(page, "Print and share")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Letter to another practice").click()
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")


def test_a_second_press_of_the_button_records_once(visit: Callable[..., Any], server: str, folder: Path) -> None:
    page = visit(f"{server}{RUNNING}/record/dose")
    page.get_by_role("button", name="Record this dose").dblclick()
    page.wait_for_url("**/recorded?**")
    assert [event.on for event in cases.open_case(folder / "treatment-running.yaml").record].count(DAY) == 1


def test_two_tabs(visit: Callable[..., Any], server: str, folder: Path) -> None:
    one, two = (visit(f"{server}{RUNNING}/record/{kind}") for kind in ("dose", "result"))
    press(one, "Record this dose")
    two.select_option("#marker", "potassium")
    two.fill("#value", "3.9 mmol/L")
    press(two, "Record this result")
    says(two, "The file has changed", where="h1")
    press(two, "Send it again")
    says(two, "It is recorded", where="h1")
    assert len(cases.open_case(folder / "treatment-running.yaml").record) == 17


# -- the keyboard alone ----------------------------------------------------------------------------------------------


def test_a_dose_is_recorded_with_the_keyboard_alone(visit: Callable[..., Any], server: str, folder: Path) -> None:
    page = visit(f"{server}{RUNNING}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    focused(page, "#main")
    tab_to(page, "Record a dose")
    by_enter(page)
    tab_to(page, "The planned dose")
    tab_to(page, "Batch, expiry")
    page.keyboard.press("Enter")
    tab_to(page, "Batch number")
    page.keyboard.type("HX44")
    tab_to(page, "Record this dose")
    by_enter(page)
    says(page, "It is recorded", where="h1")
    assert cases.open_case(folder / "treatment-running.yaml").record[-1].batch == "HX44"


def test_a_question_is_answered_with_the_keyboard_alone(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/new")
    tab_to(page, "Name, initials")
    page.keyboard.type("Keys")
    by_enter(page)
    says(page, "Question 2 of at most 8")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    tab_to(page, "Continue")
    by_enter(page)
    says(page, "Question 3 of at most 8")


# -- every page in every mode ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_no_page_scrolls_sideways(visit: Callable[..., Any], shared: str, mode: str) -> None:
    page = visit(shared, mode=mode)
    for address in LOOKED_AT:
        page.goto(f"{shared}{address}")
        for wide in (320, 375, 768, 1280):
            at_width(page, wide)
            assert page.evaluate("document.documentElement.scrollWidth") <= wide, (address, wide)


@contextmanager
def axe() -> Iterator[str]:
    if not AXE.is_file():
        if os.environ.get("CI") == "true":
            pytest.fail(AXE_MISSING)
        pytest.skip(AXE_MISSING)  # a package from npm that a machine may lack; in CI it fails above
    yield AXE.read_text("utf-8")


SHOWN = ".map(each => [each.id, each.nodes[0].html, each.nodes[0].failureSummary])"
LOOK = f"rules => axe.run(document, {{runOnly: {{type: 'tag', values: rules}}}}).then(found => found.violations{SHOWN})"
COLOURS = f"() => axe.run(document, {{runOnly: {{type: 'rule', values: ['color-contrast']}}}}).then(found => found.violations{SHOWN})"


@pytest.mark.parametrize("mode", ["plain", "professional"])
def test_axe_finds_nothing_on_any_page_light_or_dark(visit: Callable[..., Any], shared: str, mode: str) -> None:
    with axe() as script:
        page = visit(shared, mode=mode)
        found = {}
        for address in LOOKED_AT:
            in_media(page, color_scheme="light")
            page.goto(f"{shared}{address}")
            page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
            page.evaluate(script)
            light = page.evaluate(LOOK, RULES)
            in_media(page, color_scheme="dark")  # only colours change
            dark = page.evaluate(COLOURS)
            found |= {address: light + dark} if light + dark else {}
        assert found == {}


def test_axe_finds_nothing_on_pages_about_faults_and_on_narrow_screens(visit: Callable[..., Any], server: str) -> None:
    with axe() as script:
        page = visit(f"{server}{RUNNING}/record/result", wide=320, mode="large")
        press(page, "Record this result")
        for address in ("", RUNNING, f"{RUNNING}/review", f"{PLANNED}/plan?{CHOSEN}", f"{PLANNED}/compare"):
            if address:
                page.goto(f"{server}{address}")
            page.evaluate(script)
            assert page.evaluate(LOOK, RULES) == [], address


def test_targets_are_large_enough(visit: Callable[..., Any], shared: str) -> None:
    """Links in running text apart, what is pressed is at least 24 pixels high (WCAG 2.5.8)."""
    page = visit(shared, wide=320)
    for address in (RUNNING, f"{RUNNING}/record/dose", f"{PLANNED}/options", "/", f"{RUNNING}/share"):
        page.goto(f"{shared}{address}")
        small = page.evaluate(
            "() => [...document.querySelectorAll('button, .button, select, input:not([type=hidden]), summary, nav a')]"
            ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML.slice(0, 80))"
        )
        assert small == [], address


# -- paper -----------------------------------------------------------------------------------------------------------


def test_what_is_printed_has_no_controls_and_says_who_signed_it_off(visit: Callable[..., Any], shared: str) -> None:
    page = visit(f"{shared}{RUNNING}/print")
    in_media(page, media="print")
    expect(page.locator("nav >> visible=true")).to_have_count(0)
    expect(page.locator("button >> visible=true")).to_have_count(0)
    told = page.inner_text("body")
    for part in ("example-treatment-running", "No clinician has signed off", "Your dates", "Sources"):
        assert part in told
