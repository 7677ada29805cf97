"""The worst open matter on the pages, by where it is rendered on a phone: above everything, in a tone of its own (promise 12)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import follow, press, says
from test_browser import AXE, AXE_MISSING, RULES
from web_site import DAY, ROOT, Visitor, running_server, visitor_of, words_of

from cobalamin.app.services import shipped
from cobalamin.app.web.pages.people import MOST_IN_FULL
from cobalamin.therapy.case.event_words import RED_FLAGS
from hazards import hazard

CHOSEN = "protocol=uk-bnf-noneuro&start=2026-10-05&choose.maintenance_interval=3+mo"
SURFACES = {
    "due": "", "review": "/review", "record": "/record", "record a dose": "/record/dose", "print": "/print", "share": "/share",
    "plan": f"/plan?{CHOSEN}", "compare": "/compare", "simulate": "/simulate", "options": "/options", "reviewed": "/record/reviewed",
    "month": "/month", "another day": "/try", "card": "/card", "summary": "/summary",
}  # fmt: skip
WIDE, TALL, WITHIN = 375, 700, 300  # a phone; how far down the last line of what to do may end


def action_of(flag: str) -> str:
    flags = {each["id"]: each for each in shipped.library().records("red_flags.yaml", "red_flags")}
    return str(flags[flag]["plain_action"])


def with_sign(folder: Path, flag: str) -> str:
    """A running treatment with this warning sign, under its own name."""
    text = (ROOT / "examples" / "treatment-running.yaml").read_text("utf-8").rstrip()
    name = f"{flag.replace('_', '-')}.yaml"
    (folder / name).write_text(f"{text}\n  - {{date: {DAY}, kind: symptoms, red_flags: [{flag}]}}\n", "utf-8")
    return f"/case/{name}"


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """One server with a case for each warning sign."""
    folder = tmp_path_factory.mktemp("signs")
    for flag in RED_FLAGS:
        with_sign(folder, flag)
    with running_server(folder, DAY) as address:
        yield address, folder


@pytest.fixture(scope="module")
def phone(browser: Any, signs: tuple[str, Path]) -> Iterator[Any]:
    from web_site import let_in

    context = browser.new_context(viewport={"width": WIDE, "height": TALL}, reduced_motion="reduce")
    let_in(context, signs[0])
    yield context.new_page()
    context.close()


# Of everything that can be seen: its words, where it begins and ends, its ground.
_FIRST = """() => {
    const alarm = document.querySelector('.alarm');
    const box = each => each.getBoundingClientRect();
    const shown = [...document.querySelectorAll('body *')].filter(each => {
        const own = [...each.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
        const place = box(each);
        return own && place.width > 1 && place.height > 1 && place.right > 0 && getComputedStyle(each).visibility === 'visible';
    });
    const above = shown.filter(each => !alarm.contains(each) && box(each).top < box(alarm).bottom).map(each => each.innerText);
    return {
        told: alarm.querySelector('.alarm-do').innerText, top: box(alarm).top, ends: box(alarm.querySelector('.alarm-do')).bottom,
        ground: getComputedStyle(alarm).backgroundColor, above,
        main: [...document.querySelectorAll('a.button:not(.second), button.button:not(.second)')].filter(each => box(each).width > 1)
            .map(each => [each.innerText, each.getAttribute('href') || '']),
    };
}"""


@pytest.mark.browser
@hazard("H79")
@pytest.mark.parametrize("flag", RED_FLAGS)
def test_a_warning_sign_is_the_first_thing_seen_on_every_page(flag: str, phone: Any, signs: tuple[str, Path]) -> None:
    for surface, path in SURFACES.items():
        phone.goto(f"{signs[0]}/case/{flag.replace('_', '-')}.yaml{path}")
        seen = phone.evaluate(_FIRST)
        assert "WARNING SIGN" in seen["told"], surface
        assert action_of(flag) in " ".join(seen["told"].split()), surface
        assert (seen["top"], seen["above"]) == (0, []), surface
        assert seen["ends"] <= WITHIN, surface
        assert seen["ground"] == "rgb(163, 22, 31)", surface  # the tone of alarm, as ground
        assert [each for each in seen["main"] if "/record/dose" in each[1] or "dose" in each[0].lower()] == [], surface
        offered = phone.locator(".alarm a[href*='/record/reviewed']").count()
        assert offered == (surface != "reviewed"), surface


LAST = "{date: 2026-07-09, kind: administration, id: last, as_planned: true, batch: HX9}"
ALARMS = {  # what is entered, the mark that leads, what a patient does first
    "potassium-emergency": (["{date: DAY, kind: result, marker: potassium, value: 2.4 mmol/L}"], "LOW POTASSIUM", "Go to an emergency department now"),
    "potassium-today": (["{date: DAY, kind: result, marker: potassium, value: 2.8 mmol/L}"], "LOW POTASSIUM", "Speak to the person who prescribes"),
    "potassium-low": (["{date: DAY, kind: result, marker: potassium, value: 3.2 mmol/L}"], "LOW POTASSIUM", "Tell your doctor or nurse today"),
    "potassium-by-range": (["{date: DAY, kind: result, marker: potassium, value: 3.6 mmol/L, reference_range: 3.7-5.3 mmol/L}"], "LOW POTASSIUM",
                           "Tell your doctor or nurse today"),
    "reaction": ([LAST.replace("2026-07-09", "DAY"), "{date: DAY, kind: reaction, to: last, signs: [site_reaction, itching hands]}"],
                 "REACTION TO A DOSE", "Ask your doctor or nurse about this reaction"),
    "pregnant": (["{date: DAY, kind: fact, fact: pregnancy, value: pregnant}"], "URGENT", "Call your doctor today."),
    "contradicted": (["{date: DAY, kind: symptoms, balance: 6}"], "DOES NOT FIT", "Tell your doctor or nurse before the next dose"),
    "allergy": (["{date: DAY, kind: fact, fact: allergy_cobalamin, value: present}"], "STOP", "Ask your doctor before the next dose"),
}  # fmt: skip
KEPT_BACK = {  # nothing of the record is an alarm, and yet no dose is the next thing to do
    "lapse": ["{date: 2026-07-10, kind: symptoms, tiredness: 2}"],
    "last-dose-unknown": [
        "{date: 2026-07-10, kind: history, phase: maintenance, last_dose: unknown}",
        "{date: 2026-07-10, kind: fact, fact: previous_treatment, value: maintenance}",
    ],
    "plan-incomplete": [],
}


def with_entries(folder: Path, name: str, entries: list[str]) -> None:
    text = (ROOT / "examples" / "treatment-running.yaml").read_text("utf-8").rstrip()
    if name == "plan-incomplete":
        text = re.sub(r"choices: \{.*?\}", "choices: {}", text)
    lines = [f"  - {entry.replace('DAY', str(DAY))}" for entry in entries]
    (folder / f"{name}.yaml").write_text("\n".join([text, *lines, ""]), "utf-8")


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server with a case for each other alarm, on the day of the entries."""
    folder = tmp_path_factory.mktemp("alarms")
    for name, (entries, _, _) in ALARMS.items():
        with_entries(folder, name, entries)
    with running_server(folder, DAY) as address:
        yield address


@pytest.fixture
def small(browser: Any, others: str) -> Iterator[Any]:
    from web_site import let_in

    context = browser.new_context(viewport={"width": WIDE, "height": TALL}, reduced_motion="reduce")
    let_in(context, others)
    yield context.new_page()
    context.close()


@pytest.mark.browser
@hazard("H79")
@pytest.mark.parametrize("name", sorted(ALARMS))
def test_every_other_alarm_is_the_first_thing_seen_on_every_page(name: str, small: Any, others: str) -> None:
    _, mark, action = ALARMS[name]
    for surface, path in SURFACES.items():
        small.goto(f"{others}/case/{name}.yaml{path}")
        seen = small.evaluate(_FIRST)
        told = " ".join(seen["told"].split())
        assert told.startswith(mark), (surface, told)
        assert action in told, (surface, told)
        assert (seen["top"], seen["above"]) == (0, []), surface
        assert seen["ends"] <= WITHIN, surface
        assert [each for each in seen["main"] if "/record/dose" in each[1] or "dose" in each[0].lower()] == [], surface


@pytest.mark.browser
@hazard("H79")
@pytest.mark.parametrize("name", sorted(KEPT_BACK))
def test_a_question_that_keeps_a_dose_back_stands_in_sight_and_above_its_button(
    name: str, browser: Any, tmp_path: Path
) -> None:
    """After a long gap, and where no date can be given: what to do first leads, and the dose is not the main button."""
    from datetime import date

    from web_site import let_in

    with_entries(tmp_path, name, KEPT_BACK[name])
    with running_server(tmp_path, date(2027, 9, 1)) as address:
        context = browser.new_context(viewport={"width": WIDE, "height": TALL}, reduced_motion="reduce")
        let_in(context, address)
        page = context.new_page()
        page.goto(f"{address}/case/{name}.yaml")
        main = page.evaluate(_MAIN)
        asked = page.locator("[data-first]").first
        place = asked.bounding_box()
        assert place["y"] + place["height"] <= TALL, place
        assert place["y"] < page.locator(".hero .sentence").bounding_box()["y"]
        assert "is due now" not in page.locator("main").inner_text()
        assert [each for each in main if "/record/dose" in each[1]] == []
        context.close()


_MAIN = """() => [...document.querySelectorAll('a.button:not(.second), button.button:not(.second)')]
    .map(each => [each.innerText, each.getAttribute('href') || ''])"""


@pytest.mark.browser
@hazard("H79")
def test_the_first_page_names_everybody_with_an_alarm_first(phone: Any, signs: tuple[str, Path]) -> None:
    phone.goto(f"{signs[0]}/")
    seen = phone.evaluate(_FIRST)
    assert (seen["top"], seen["above"]) == (0, [])
    assert phone.locator(".alarm-do").count() == MOST_IN_FULL
    assert phone.locator('.alarm.no-print a[href^="/case/"]').count() == len(RED_FLAGS)
    assert phone.locator(".alarm-do a").first.get_attribute("href").startswith("/case/")
    assert "is due" not in phone.locator(".files").inner_text()


@pytest.mark.browser
@hazard("H79")
@hazard("H82")
def test_a_clinician_has_looked_ends_it_and_the_page_is_calm_again(
    browser: Any, tmp_path: Path, visit: Callable[..., Any]
) -> None:
    address = with_sign(tmp_path, "facial_swelling")
    with running_server(tmp_path, DAY) as server:
        page = visit(f"{server}{address}", wide=WIDE)
        follow(page, "A clinician has looked")
        page.get_by_label("Facial swelling").check()
        page.get_by_label("What was found").fill("an insect sting, treated")
        page.get_by_label("Who has looked").fill("Dr A")
        press(page, "Record")
        says(page, "It is recorded")
        assert page.locator(".alarm").count() == 0
        follow(page, "What is due")
        says(page, "Your next dose")
        assert page.locator("a.button:not(.second)", has_text="Record a dose").count() == 1
    text = (tmp_path / "facial-swelling.yaml").read_text("utf-8")
    assert "decision: reviewed" in text
    assert "RED_FLAG_SYMPTOM" in text


@pytest.mark.browser
@pytest.mark.parametrize("tone", ["light", "dark"])
@pytest.mark.parametrize("mode", ["plain", "professional", "large"])
def test_a_page_with_an_alarm_is_accessible(tone: str, mode: str, tmp_path: Path, visit: Callable[..., Any]) -> None:
    if not AXE.exists():
        pytest.skip(AXE_MISSING)
    address = with_sign(tmp_path, "new_walking_difficulty")
    with running_server(tmp_path, DAY) as server:
        for path in ("", "/record/reviewed"):
            page = visit(f"{server}{address}{path}", wide=WIDE, tone=tone, mode=mode)
            page.evaluate(AXE.read_text("utf-8"))
            found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
            assert [each["id"] for each in found["violations"]] == [], path
            assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), path


# -- without a browser -----------------------------------------------------------------------------------------------


@pytest.fixture
def swollen(tmp_path: Path) -> Visitor:
    """Somebody at the pages of one person with a warning sign and a reaction to the last dose."""
    shutil.copy(ROOT / "examples" / "treatment-running.yaml", tmp_path)
    visitor = visitor_of(tmp_path, DAY)
    page = visitor.get("/case/treatment-running.yaml/review").text
    assert 'class="alarm' not in page
    path = tmp_path / "treatment-running.yaml"
    dose = path.read_text("utf-8").rstrip().splitlines()
    reaction = f"  - {{date: {DAY}, kind: reaction, to: last, signs: [facial_swelling]}}"
    path.write_text(
        "\n".join(
            [*dose, f"  - {{date: {DAY}, id: last, kind: administration, as_planned: true, batch: HX9}}", reaction, ""]
        ),
        "utf-8",
    )
    return visitor


@hazard("H80")
def test_print_names_product_and_batch_of_the_dose_that_was_reacted_to(swollen: Visitor) -> None:
    for page in ("/print", "/review", ""):
        told = words_of(swollen.get(f"/case/treatment-running.yaml{page}").text)
        assert "batch HX9" in told, page
        assert "product Hydroxocobalamin 1 mg in 1 mL ampoule" in told, page


@hazard("H82")
def test_that_a_clinician_has_looked_needs_what_by_whom_and_what_was_found(swollen: Visitor) -> None:
    address = "/case/treatment-running.yaml/record/reviewed"
    mark = swollen.form(address)["mark"]
    told = {"mark": mark, "answers": "RED_FLAG_SYMPTOM", "by": "Dr A", "finding": "a sting", "date": str(DAY)}
    for lacking, words in (
        ("answers", "tick what was looked at"),
        ("by", "write who has looked"),
        ("finding", "write what was found"),
    ):
        refused = swollen.post(address, {key: value for key, value in told.items() if key != lacking})
        assert refused.status_code == 422
        assert words in words_of(refused.text)
    assert swollen.post(address, told).status_code == 303
    again = swollen.post(address, told)
    assert again.headers["location"].endswith("again=1") or "again=1" in again.headers["location"]
    told_now = words_of(swollen.get("/case/treatment-running.yaml").text)
    assert "WARNING SIGN" not in told_now
    assert "REACTION TO A DOSE" in told_now
