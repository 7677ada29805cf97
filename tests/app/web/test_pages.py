"""Every page: answered, small, without script, signed off by nobody, and loading nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from web_site import CHOSEN, PAGES, PLANNED, RUNNING, Reader, Visitor, main_of, words_of

from cobalamin.app.services.shipped import library
from cobalamin.app.web.frame.site import HERE
from cobalamin.app.web.pages.start import countries
from cobalamin.knowledge.loading import compiled
from cobalamin.records import replace
from hazards import hazard

MISSING = ("/nothing-here", "/case/nobody.yaml")
LARGEST = 158_000  # the whole list of options is the longest page: it grows with the library
SENTENCE = "No clinician has signed off this software"
TEMPLATES = sorted((HERE / "templates").glob("*.html"))


@pytest.mark.parametrize("words", ["plain", "professional"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_answered_small_and_says_who_signed_it_off(reader: Reader, address: str, words: str) -> None:
    answer = reader.get(address, words=words)
    assert answer.status_code == (404 if address in MISSING else 200), answer.text[:400]
    assert SENTENCE in words_of(answer.text)
    assert len(answer.content) < LARGEST
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_script_or_style_or_loads_from_elsewhere(reader: Reader, address: str) -> None:
    page = reader.get(address).text
    if address.endswith("/simulate"):
        for name in ("follow", "read"):
            page = page.replace(f'<script src="/static/{name}.js" defer></script>', "", 1)
    if "/try" in address:
        page = page.replace('<script src="/static/try.js" defer></script>', "", 1)
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:|<iframe|<object|<embed|<base", page, re.I)
    loaded = re.findall(r'(?:src|action|formaction)="([^"]*)"', page) + re.findall(r'<link[^>]*href="([^"]*)"', page)
    assert loaded
    assert all(each.startswith("/") and not each.startswith("//") for each in loaded)


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_one_title_one_heading_and_a_name_for_every_field(reader: Reader, address: str) -> None:
    page = reader.get(address).text
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert re.search(r"<title>\S", page)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    for tag in re.findall(r"<(?:input|select)[^>]*>", main_of(page)):
        if 'type="hidden"' not in tag:
            named = re.search(r' id="([^"]*)"', tag)
            assert named, tag
            assert f'for="{named.group(1)}"' in page, tag


@pytest.mark.parametrize("address", PAGES)
def test_links_and_forms_of_a_page_lead_to_pages_that_there_are(reader: Reader, address: str) -> None:
    page = reader.get(address).text
    links = {link.replace("&amp;", "&") for link in re.findall(r'<a [^>]*href="(/[^"#]*)', page)}
    sample = sorted(links)[:12] + sorted(links)[-4:]
    for link in dict.fromkeys(sample):
        assert reader.get(link).status_code == 200, link


@pytest.mark.parametrize("kind", ["sheet.pdf", "letter.pdf", "sheet.pdf?large=1"])
def test_paper_is_a_pdf(visitor: Visitor, kind: str) -> None:
    pytest.importorskip("typst")
    answer = visitor.get(f"{RUNNING}/{kind}")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert "attachment" in answer.headers["content-disposition"]


def test_paper_of_a_plan_that_nobody_accepted(visitor: Visitor) -> None:
    pytest.importorskip("typst")
    assert visitor.get(f"{PLANNED}/sheet.pdf?{CHOSEN}").content.startswith(b"%PDF")
    assert visitor.get(f"{PLANNED}/sheet.pdf").status_code == 422
    assert visitor.get(f"{PLANNED}/letter.pdf").status_code == 422


def test_the_calendar_is_written_beside_the_file_and_moves_what_moved(visitor: Visitor) -> None:
    pytest.importorskip("icalendar")
    first = visitor.post(f"{RUNNING}/calendar", {})
    assert first.content.startswith(b"BEGIN:VCALENDAR")
    assert b"example-treatment-running" not in first.content
    assert (visitor.folder / "treatment-running.ics").exists()
    visitor.send(f"{RUNNING}/record/dose", given="planned")
    second = visitor.post(f"{RUNNING}/calendar", {})
    assert b"SEQUENCE:1" in second.content


def test_the_file_downloads_byte_for_byte(visitor: Visitor) -> None:
    answer = visitor.get(f"{RUNNING}/download")
    assert answer.content == (visitor.folder / "treatment-running.yaml").read_bytes()


@hazard("H20")
@pytest.mark.parametrize("address", [page for page in PAGES if page.startswith(RUNNING)])
def test_every_page_of_a_person_has_two_marks_of_that_person(reader: Reader, address: str) -> None:
    told = words_of(reader.get(address).text)
    assert "example-treatment-running" in told
    assert "2 March 1958" in told


@hazard("H34")
@pytest.mark.parametrize("words", ["plain", "professional"])
@pytest.mark.parametrize("address", PAGES)
def test_no_number_is_parted_from_its_unit(reader: Reader, address: str, words: str) -> None:
    page = re.sub(
        r"<option.*?</option>|<input[^>]*>|<title>.*?</title>|<pre.*?</pre>",
        "",
        main_of(reader.get(address, words=words).text),
        flags=re.S,
    )
    assert not re.search(r"\d (?:mg|mcg|micrograms?|mL)\b", page)


def test_every_text_of_the_pages_is_used_and_every_used_text_exists() -> None:
    """The test of texts in the code looks into Python only; templates ask for texts too."""
    texts = {key.removeprefix("web.") for key in compiled().own_words.texts if key.startswith("web.")}
    source = "\n".join(
        path.read_text("utf-8") for path in [*TEMPLATES, *sorted(HERE.rglob("*.py")), HERE.parent / "cli" / "serve.py"]
    )
    asked = set(re.findall(r"\bt\('([a-z_A-Z0-9]+)'[,)]", source))
    assert asked <= texts, asked - texts
    composed = re.findall(r"\bt\('([a-z_]+_)' ~", source)
    beginnings = (
        *composed,
        "answer__",
        "country__",
        "running__phase_",
        "running__unit_",
        "clinic__wrong_",
        "box__",
        "chart__",
        "symptom__",
    )
    named = set(re.findall(r"[a-z]+__\w+", source))
    own = {key for key in texts if not key.endswith("__plain")}
    assert not [key for key in own if key not in asked | named and not key.startswith(beginnings)]


def test_every_country_of_the_library_has_its_name_in_the_words_and_can_be_chosen(reader: Reader) -> None:
    kept = [*library().protocols(), *library().products.values()]
    codes = {each.country for each in kept if re.fullmatch("[A-Z]{2}", each.country)}
    assert len(codes) > 20
    assert codes - {code for code, _ in countries()} == set()
    shown = re.findall(r'<option value="([A-Z]{2})"[^>]*>([^<]+)<', reader.get("/new").text)
    assert codes <= {code for code, name in shown if name != code}


def test_a_country_without_a_name_is_not_offered_and_breaks_no_page(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {key: text for key, text in compiled().own_words.texts.items() if key != "web.country__AT"}
    monkeypatch.setitem(compiled().__dict__, "own_words", replace(compiled().own_words, texts=texts))
    page = visitor.get("/new")
    assert page.status_code == 200
    assert 'value="AT"' not in page.text
    assert 'value="GB"' in page.text


def test_templates_mark_nothing_as_safe_that_a_person_typed() -> None:
    marked = [
        (path.name, line.strip())
        for path in TEMPLATES
        for line in path.read_text("utf-8").splitlines()
        if "|safe" in line
    ]
    assert [name for name, _ in marked] == [
        "parts.html",
        "review.html",
        "simulate.html",
        "simulate.html",
        "simulate_figure.html",
        "year.html",
    ]  # attributes written in templates; pictures made by svg_parts


def test_the_style_sheet_and_the_mark_load_nothing() -> None:
    for path in sorted(Path(HERE / "static").iterdir()):
        text = path.read_text("utf-8")
        assert "url(" not in text
        assert "@import" not in text
        assert len(text) < 41_000


PERSON = """cobalamin: 1
patient: {id: ID, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: none, previous_treatment: maintenance}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}, accepted_by: Dr A, accepted_on: 2026-01-05}
record:
  - {date: LAST, kind: history, phase: maintenance, last_dose: LAST}
"""
SIGN = "  - {date: 2026-08-31, kind: symptoms, red_flags: [facial_swelling]}\n"
LOW = "  - {date: 2026-08-31, kind: result, marker: potassium, value: 2.4 mmol/L}\n"


@hazard("H36")
def test_the_first_page_has_the_worst_first_then_who_is_late_the_longest_then_who_is_due(visitor: Visitor) -> None:
    for path in visitor.folder.iterdir():
        if path.is_file():
            path.unlink()
    people = {
        "m-potassium": ("2026-08-01", LOW), "z-sign": ("2026-08-01", SIGN), "b-late": ("2026-05-01", ""), "y-later": ("2026-04-01", ""),
        "x-due": ("2026-06-01", ""), "c-early": ("2026-08-01", ""),
    }  # fmt: skip
    for name, (last, more) in people.items():
        (visitor.folder / f"{name}.yaml").write_text(PERSON.replace("ID", name).replace("LAST", last) + more, "utf-8")
    (visitor.folder / "a-no-plan.yaml").write_text(
        "cobalamin: 1\npatient: {id: a, birth_date: 1958-03-02, country: GB}\n", "utf-8"
    )
    page = main_of(visitor.get("/").text)
    names = list(re.findall(r'<li><a href="/case/([^"]*)\.yaml"', page))
    assert names == ["z-sign", "m-potassium", "y-later", "b-late", "x-due", "c-early", "a-no-plan"]
