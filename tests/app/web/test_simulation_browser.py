"""The simulation page in Debian's Chromium: the curves follow what is typed, and without script the button does the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from browsing import by_enter, expect, focused, follow, new_page_of, press, says, tab_to
from test_browser import LOOK, RULES, axe
from web_site import RUNNING, let_in

pytest.importorskip("numpy", reason="simulations need the extra 'kinetics'")
pytestmark = pytest.mark.browser
CASE = f"{RUNNING}/simulate"
FIGURES = "() => [...document.querySelectorAll('svg.readable')].map(each => each.outerHTML).join('')"


def figures_of(page: Any) -> str:
    return str(page.evaluate(FIGURES))


def wait_for_other_figures(page: Any, before: str) -> None:
    page.wait_for_function(
        "before => { const now = [...document.querySelectorAll('svg.readable')].map(each => each.outerHTML).join('');"
        " return now !== '' && now !== before && !document.body.classList.contains('drawing') }",
        arg=before,
    )


@pytest.mark.parametrize("address", ["/simulate", CASE])
def test_the_curves_follow_what_is_typed_and_focus_stays(visit: Callable[..., Any], server: str, address: str) -> None:
    page = visit(f"{server}{address}")
    before, told = figures_of(page), page.inner_text("#answer")
    page.fill("#every-1", "")
    page.type("#every-1", "5")
    wait_for_other_figures(page, before)
    focused(page, "#every-1")
    assert page.inner_text("#answer") != told
    assert page.get_attribute("#answer", "role") == "status"
    expect(page).to_have_url(re.compile(r"every\.1=5"))
    after = figures_of(page)
    page.reload()
    assert figures_of(page) == after  # the address is the page


def test_without_script_the_button_does_the_same(visit: Callable[..., Any], server: str) -> None:
    followed = visit(f"{server}{CASE}")
    before = figures_of(followed)
    followed.fill("#every-1", "5")
    wait_for_other_figures(followed, before)
    page = visit(f"{server}{CASE}", script=False)
    page.fill("#every-1", "5")
    press(page, "Draw", exact=True)
    expect(page).to_have_url(re.compile(r"every\.1=5"))
    drawn = [re.sub(r"<title>.*?</title>", "", made) for made in (page.content(), followed.content())]
    curves = [re.findall(r'<path d="M1[^"]+" class="(?:middle|band90|other other1)"', made) for made in drawn]
    assert curves[0] == curves[1]
    assert len(curves[0]) == 6


def test_what_is_wrong_is_said_while_typing_and_goes_when_it_is_mended(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/simulate")
    page.fill("#dose-1", "1,000")
    expect(page.locator("#dose-1-fault")).not_to_be_empty()
    expect(page.locator("#dose-1")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#dose-1")).to_have_value("1,000")
    expect(page.locator("svg.readable")).to_have_count(0)
    says(page, "Nothing is drawn yet", where="#answer")
    expect(page).to_have_title(re.compile("^Please check"))
    page.fill("#dose-1", "0.5")
    expect(page.locator("svg.readable").first).to_be_visible()
    expect(page.locator("#dose-1-fault")).to_be_empty()
    expect(page.locator("#dose-1")).not_to_have_attribute("aria-invalid", "true")
    expect(page).not_to_have_title(re.compile("^Please check"))


FOREIGN = """() => {
    window.refused = [];
    document.addEventListener("securitypolicyviolation", told => window.refused.push(`${told.effectiveDirective} ${told.blockedURI}`));
    const made = document.createElement("script"); made.textContent = "window.ran = 1"; document.body.append(made);
    const on = document.createElement("div"); on.innerHTML = '<img src=x onerror="window.ran = 2">'; document.body.append(on);
    setTimeout("window.ran = 3", 0);
    fetch("http://127.0.0.1:1234/").then(() => { window.ran = 4 }, () => {});
}"""
REFUSED = [
    "connect-src http://127.0.0.1:1234/", "script-src eval", "script-src-attr inline", "script-src-elem inline",
]  # fmt: skip


def test_the_pages_of_the_script_run_no_other_script(browser: Any, server: str) -> None:
    """What would stand in the page itself does not run, text is never run, and nothing is fetched from elsewhere."""
    context = browser.new_context()
    let_in(context, server)
    page = context.new_page()
    page.goto(f"{server}/simulate")
    page.evaluate(FOREIGN)
    page.wait_for_function("most => new Set(window.refused).size >= most", arg=len(REFUSED))
    assert page.evaluate("() => [...new Set(window.refused)].sort()") == REFUSED
    assert page.evaluate("() => window.ran || 0") == 0
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_schedule_is_edited_with_the_keyboard_alone(visit: Callable[..., Any], server: str, script: bool) -> None:
    page = visit(f"{server}/simulate", script=script)
    tab_to(page, "Add a part")
    by_enter(page)
    focused(page, "#dose-3")
    page.keyboard.type("1")
    by_enter(page)  # Enter in a field draws; it takes no row away
    expect(page.locator("#faults .fault-box")).to_be_visible()
    expect(page.locator("#dose-3")).to_have_value("1")
    says(page, "another part follows", where="#length-2-fault")
    page.locator("#measure-3").focus()
    tab_to(page, "Take away", 1)
    by_enter(page)
    focused(page, "#dose-2")
    expect(page.locator("#dose-3")).to_have_count(0)
    expect(page.locator("figure svg.readable")).to_have_count(2)


def test_a_question_fills_the_table_and_a_second_tab_is_its_own(
    visit: Callable[..., Any], server: str, folder: Path
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    one, two = visit(f"{server}{CASE}"), visit(f"{server}{CASE}")
    planned = figures_of(two)
    follow(one, "Stop today")
    expect(one.locator("#dose-1")).to_have_value("")
    says(one, "as planned", where="#answer")
    two.evaluate("() => document.querySelector('details.more').open = true")
    two.fill("#weight", "100")
    wait_for_other_figures(two, planned)
    expect(one.locator("#weight")).to_have_value("")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_that_is_gone_or_broken_meanwhile_is_said(visit: Callable[..., Any], server: str, folder: Path) -> None:
    page = visit(f"{server}{CASE}")
    (folder / "treatment-running.yaml").write_text("cobalamin: 2\n", "utf-8")
    with new_page_of(page):
        page.fill("#every-1", "5")
    says(page, "be read as a case", where="h1")


def test_a_server_that_is_gone_is_said(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/simulate")
    page.route("**/simulate?**", lambda route: route.abort())
    page.fill("#every-1", "5")
    expect(page.locator("#lost")).to_be_visible()
    says(page, "cobalamin serve", where="#lost")
    page.unroute("**/simulate?**")
    page.fill("#every-1", "6")
    expect(page.locator("#lost")).to_be_hidden()


TYPED_AT_ONCE = """typed => {
    const field = document.getElementById("dose-1");
    for (const text of typed) { field.value = text; field.dispatchEvent(new Event("input", {bubbles: true})); }
}"""


def test_only_the_last_of_what_is_typed_quickly_is_asked(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/simulate")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if "/simulate?" in asked.url else None)
    before = figures_of(page)
    page.evaluate(TYPED_AT_ONCE, ["0", "0.", "0.2", "0.25"])
    wait_for_other_figures(page, before)
    assert len(sent) == 1
    assert "dose.1=0.25" in sent[0]


@pytest.mark.parametrize("mode", ["plain", "large"])
def test_axe_finds_nothing_while_editing(visit: Callable[..., Any], server: str, mode: str) -> None:
    with axe() as script:
        for wide, address in (
            (1280, "/simulate"),
            (320, "/simulate?dose.1=1,000&every.1=x&weight=z"),
            (375, f"{CASE}?scenario=1+mg+every+8+weeks"),
        ):
            page = visit(f"{server}{address}", wide=wide, mode=mode)
            page.evaluate("() => document.querySelectorAll('details').forEach(each => { each.open = true })")
            page.evaluate(script)
            assert page.evaluate(LOOK, RULES) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= wide, address
            page.context.close()


def test_every_field_says_its_part_and_has_room(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/simulate", wide=320)
    for name in ("Dose", "Substance", "How", "How often", "How long"):
        assert page.get_by_label(f"{name}, part 2", exact=True).is_visible()
    small = page.evaluate(
        "() => [...document.querySelectorAll('main button:not(.unseen), main .ready a, main select, main input:not([type=hidden]), main summary')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 24).map(e => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('.readable .scale')].map(e => e.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 9  # pixels on a narrow phone


@pytest.mark.parametrize("wide", [360, 768, 1183, 1184, 1200, 1400])
def test_the_table_is_there_at_every_width(visit: Callable[..., Any], server: str, wide: int) -> None:
    """A browser lost the whole table at some widths when its room was asked for how wide it is."""
    for address in ("/simulate", f"{CASE}?scenario=1+mg+every+8+weeks"):
        page = visit(f"{server}{address}", wide=wide)
        seen = page.locator("#dose-1").bounding_box()
        assert seen is not None, address
        assert seen["height"] > 30, address
        assert page.evaluate("document.documentElement.scrollWidth") <= wide, address
        page.context.close()


# -- the curve stays in sight, and is read ---------------------------------------------------------------------------------


@pytest.mark.parametrize("wide", [375, 768, 1280])
def test_the_curve_is_in_sight_while_the_schedule_is_edited(visit: Callable[..., Any], server: str, wide: int) -> None:
    page = visit(f"{server}/simulate", wide=wide)
    for field in ("#dose-1", "#length-2"):
        page.focus(field)
        figure, edited = page.locator("#in-sight svg").bounding_box(), page.locator(field).bounding_box()
        assert figure is not None
        assert edited is not None
        assert figure["y"] >= 0
        assert figure["y"] + figure["height"] <= 900
        below = figure["y"] + figure["height"] <= edited["y"]
        assert below or figure["x"] + figure["width"] <= edited["x"], field  # and nothing is hidden under it


@pytest.mark.parametrize("address", ["/simulate", CASE])
def test_a_day_is_read_by_keys_and_by_pointer(visit: Callable[..., Any], server: str, address: str) -> None:
    page = visit(f"{server}{address}")
    says(page, "Point at the curve", where="#read-out")
    page.locator("#reader").focus()
    page.keyboard.press("End")
    rows = page.locator("#readings tbody tr")
    last = [cell.strip() for cell in rows.last.locator("td").all_text_contents()]
    says(page, *last, where="#read-out")
    expect(page.locator("#reader")).to_have_attribute("aria-valuetext", last[0])
    expect(page.locator("#read-out")).to_have_attribute("aria-live", "polite")
    page.keyboard.press("ArrowLeft")
    says(page, (rows.nth(rows.count() - 2).locator("td").first.text_content() or "").strip(), where="#read-out")
    page.locator("#in-sight svg").scroll_into_view_if_needed()
    box = page.locator("#in-sight svg").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.11, box["y"] + box["height"] / 2)
    says(page, (rows.first.locator("td").first.text_content() or "").strip(), where="#read-out")
    expect(page.locator("#in-sight .reader")).to_have_attribute(
        "transform", f"translate({rows.first.get_attribute('data-x')})"
    )


def test_what_was_read_stays_chosen_after_an_edit(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/simulate")
    page.locator("#reader").focus()
    page.keyboard.press("End")
    before, told = figures_of(page), page.inner_text("#read-out")
    page.fill("#every-2", "6")
    wait_for_other_figures(page, before)
    expect(page.locator("#read-out")).not_to_have_text(told)
    says(
        page,
        (page.locator("#readings tbody tr").last.locator("td").first.text_content() or "").strip(),
        where="#read-out",
    )
    expect(page.locator("#read-out")).to_have_attribute("aria-live", "off")  # the answer above says what is new


def test_without_script_there_is_no_reader_and_the_table_holds_the_days(visit: Callable[..., Any], server: str) -> None:
    page = visit(f"{server}/simulate", script=False)
    expect(page.locator("#reader")).to_be_hidden()
    expect(page.locator("#read-out")).to_be_hidden()
    assert page.locator("#readings tbody tr").count() > 40
