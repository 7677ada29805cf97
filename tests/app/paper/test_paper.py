"""Paper: the sheet as PDF. The same bytes everywhere, every dated line whole, everything on it that must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command_line import EXAMPLES, ROOT, example, in_process, in_subprocess
from paper_sheets import (
    ALL,
    LARGE,
    ON,
    PLAIN,
    PLANNED,
    PRO,
    RUNNING,
    START,
    Sheet,
    even,
    inside_the_page,
    letter,
    plan_page,
    row_text,
    running_page,
    sheet,
    sheet_command,
)
from pypdf import PdfReader

from cobalamin import __version__
from cobalamin.app.paper import typesetting
from cobalamin.app.paper.lines import Look
from cobalamin.app.services import cases, shipped
from hazards import hazard


def test_every_example_has_a_sheet_here() -> None:
    assert set(ALL) == {path.stem for path in EXAMPLES}


# -- the same bytes everywhere ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pernicious-anaemia", "treatment-running"])
def test_a_sheet_is_the_same_bytes_in_another_place_and_language(tmp_path: Path, name: str) -> None:
    here, there = tmp_path / "here.pdf", tmp_path / "there.pdf"
    assert in_process(*sheet_command(name, "-o", here)).code == 0
    around = {"TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "7"}
    (tmp_path / "elsewhere").mkdir()
    far = in_subprocess(*sheet_command(name, "-o", there), env=around, folder=tmp_path / "elsewhere")
    assert (far.code, far.err) == (0, "")
    assert here.read_bytes() == there.read_bytes() == sheet(name).content
    assert str(ROOT).encode() not in here.read_bytes()


def test_a_letter_is_the_same_bytes_twice(tmp_path: Path) -> None:
    written = tmp_path / "letter.pdf"
    assert in_process("letter", example("treatment-running"), "-o", written, "--on", "2026-09-01").code == 0
    assert written.read_bytes() == letter("treatment-running").content


def test_bytes_do_not_depend_on_what_was_set_before() -> None:
    before = sheet("vegan").content
    for look in (PRO, LARGE, Look(paper="letter")):
        typesetting.pdf_of("sheet.typ", plan_page(example("child"), "child", look))
    assert typesetting.pdf_of("sheet.typ", plan_page(example("vegan"), "vegan", PLAIN)) == before


@pytest.mark.parametrize("on", ["1851-03-01", "1969-12-31", "2399-02-28"])
def test_a_day_far_away_is_printed_like_any_other(case_file: Callable[..., Path], tmp_path: Path, on: str) -> None:
    case = case_file(example("vegan").read_text("utf-8").replace("birth_date: 1996-05-11, ", ""))
    options = ("--protocol", "uk-bnf-noneuro", "--start", on, "--on", on, "--choose", "maintenance_interval=3 mo")
    run = in_process("sheet", case, "-o", tmp_path / "far.pdf", *options)
    assert (run.code, run.err) == (0, "")
    reader = PdfReader(tmp_path / "far.pdf")
    assert f"date of birth not recorded Page 1 of {len(reader.pages)}" in even(reader.pages[0].extract_text())
    assert reader.metadata["/CreationDate"].startswith(f"D:{on.replace('-', '')}")


# -- structure -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [sheet, letter], ids=["sheet", "letter"])
def test_the_pdf_is_tagged_and_says_what_it_is(made: Callable[[str], Sheet]) -> None:
    reader = made("treatment-running").reader
    catalog = reader.trailer["/Root"]
    assert bool(catalog["/MarkInfo"]["/Marked"])
    assert catalog["/StructTreeRoot"]["/K"]
    assert catalog["/Lang"] == "en-GB"
    assert bool(catalog["/ViewerPreferences"]["/DisplayDocTitle"])
    assert catalog["/PageLabels"]["/Nums"]
    assert "itamin B12 treatment" in reader.metadata["/Title"]
    assert "pdfuaid:part>1<" in catalog["/Metadata"].get_data().decode()
    assert "example" not in reader.metadata["/Title"]


def test_tables_have_head_cells_in_the_structure() -> None:
    kinds = structure_kinds(sheet("pernicious-anaemia").reader)
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= kinds


def structure_kinds(reader: PdfReader) -> set[str]:
    found: set[str] = set()
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        for each in node if isinstance(node, list) else [node]:
            entry = each.get_object()
            if isinstance(entry, dict):
                found.add(str(entry.get("/S", "")))
                waiting += [entry["/K"]] if "/K" in entry else []
    return found


def test_every_font_is_embedded_and_comes_with_typst() -> None:
    names = set()
    for page in sheet("pernicious-anaemia").reader.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            names.add(str(descriptor["/FontName"]).split("+")[1].split("-")[0])
    assert names <= {"LibertinusSerif", "DejaVuSansMono", "NewCMMath"}


# -- what must be there ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_every_dated_line_is_printed_whole(name: str) -> None:
    found = sheet(name)
    assert found.page["rows"]
    for row in found.page["rows"]:
        assert row_text(row) in found.text
        assert row["window"] in found.text


@hazard("H01")
@pytest.mark.parametrize("name", list(PLANNED))
def test_every_dose_of_the_plan_is_printed_with_its_day_and_both_units(name: str) -> None:
    """Held against the plan's own JSON, not against what the sheet was made from."""
    protocol, choices, product = PLANNED[name]
    chosen = [part for key, value in choices.items() for part in ("--choose", f"{key}={value}")]
    named = ["--product", product] if product else []
    asked = ("--protocol", protocol, "--start", START, "--on", ON, *chosen, *named, "--plain", "--json")
    items = in_process("plan", example(name), *asked).document["items"]
    text = without_marks(sheet(name).text)
    days = [item for item in items if item["kind"] in ("dose", "course") and "on" in item]
    assert days
    country = "US" if name in ("child", "leber-us") else ""
    for item in days:
        day = date.fromisoformat(item["on"])
        both = amount_words(item["dose"]["ug"], country)
        written = f"{day:%a} {day.day} {day:%B} {day.year} {item['substance'].capitalize()} {both}"
        assert written in text


def without_marks(text: str) -> str:
    return re.sub(r"(\d{4}) [*†‡]+ ", r"\1 ", text)


def amount_words(micrograms: float, country: str) -> str:
    if micrograms % 1000 or micrograms < 1000:
        return f"{micrograms:,g} {'mcg' if country else 'micrograms'}"
    large, small = f"{micrograms / 1000:,g} mg", f"{micrograms:,g}"
    return f"{small} mcg ({large})" if country else f"{large} ({small} micrograms)"


@hazard("H02")
@pytest.mark.parametrize("name", ALL)
def test_no_micro_sign_and_no_code_in_a_dose(name: str) -> None:
    for found in (sheet(name), sheet(name, PRO)):
        for row in found.page["rows"]:
            line = row_text(row)
            assert not re.search(r"[µμ]|\d ?ug\b", line)
            assert ("mcg" in line) <= (name in ("child", "leber-us"))


@hazard("H33")
@pytest.mark.parametrize("name", ALL)
def test_plain_and_professional_words_hold_the_same_days_doses_and_source_numbers(name: str) -> None:
    plain, professional = sheet(name), sheet(name, PRO)
    kept = ("when", "mark", "main", "window", "cites")
    rows = [[{key: row[key] for key in kept} for row in each.page["rows"]] for each in (plain, professional)]
    assert rows[0] == rows[1]
    assert plain.page["foot"] == professional.page["foot"]
    numbered = [
        {entry["number"]: entry["text"] for entry in each.page["sources"]["entries"]} for each in (plain, professional)
    ]
    for number, text in numbered[0].items():
        assert numbered[1][number] == text
    for row in professional.page["rows"]:
        assert row_text(row) in professional.text


@hazard("H29")
@pytest.mark.parametrize("look", [PLAIN, PRO, LARGE], ids=["plain", "pro", "large"])
def test_every_warning_sign_is_there_with_what_to_do(look: Look) -> None:
    text = sheet("pernicious-anaemia", look).text
    flags = shipped.library().records("red_flags.yaml", "red_flags")
    assert len(flags) == 7
    for flag in flags:
        sign, answer = ("text", "action") if look.professional else ("plain", "plain_action")
        assert even(flag[sign]) in text
        assert even(flag[answer]) in text


@hazard("H20")
@hazard("H34")
@pytest.mark.parametrize("name", ALL)
def test_what_nobody_may_forget_stands_on_every_page(name: str) -> None:
    """Two identifiers of the patient, the age of the page, and that nothing is signed off."""
    found, library = sheet(name), shipped.library()
    patient = cases.open_case(example(name)).patient
    on = RUNNING.get(name, ON)
    for number, text in enumerate(found.pages, 1):
        born = patient.birth_date
        assert born is not None
        assert f"{patient.id}, born {born:%a} {born.day} {born:%B} {born.year}" in text
        assert f"Page {number} of {len(found.pages)}" in text
        assert re.search(r"Valid until \w{3} \d{1,2} \w+ \d{4}, unless something new is recorded", text)
        assert f"Generated on {on:%a} {on.day} {on:%B} {on.year}" in text
        assert f"cobalamin {__version__}, library {library.edition}" in text
        assert "Not clinically signed off" in text


def test_a_plan_nobody_accepted_is_guidance_to_discuss() -> None:
    assert "Vitamin B12: published guidance to discuss" in sheet("vegan").text
    assert sheet("vegan").reader.metadata["/Title"] == "Vitamin B12: published guidance to discuss"
    assert "published guidance to discuss" not in sheet("treatment-running").text.lower()
    assert "Plan accepted by Dr A. Example on Fri 2 January 2026" in sheet("treatment-running").text


def test_a_plan_is_valid_until_its_first_decision_or_the_review_of_the_library() -> None:
    assert "Valid until Mon 26 January 2026," in sheet("nitrous-oxide").text
    day = shipped.library().review_by
    assert f"Valid until {day:%a} {day.day} {day:%B} {day.year}," in sheet("vegan").text


STARTS_TOMORROW = """cobalamin: 1
patient: {id: anna, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: none, previous_treatment: none}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-06, choices: {maintenance_interval: 3 mo}, accepted_by: Dr A, accepted_on: 2026-01-05}
"""


@pytest.mark.parametrize("command", ["sheet", "letter"])
def test_a_schedule_that_starts_tomorrow_holds_until_its_first_dose_is_late(command: str, tmp_path: Path) -> None:
    case, output = tmp_path / "anna.yaml", tmp_path / "anna.pdf"
    case.write_text(STARTS_TOMORROW, "utf-8")
    assert in_process(command, case, "-o", output, "--on", "2026-01-05").code == 0
    text = " ".join(PdfReader(output).pages[0].extract_text().replace("\u00a0", " ").split())
    # due through the target and one day (contract, section 5: an interval of 1 to 4 days)
    assert (
        "Valid until Wed 7 January 2026, unless something new is recorded. After that day the next dose is late" in text
    )


def test_a_running_treatment_says_what_is_due_what_was_given_and_what_is_open() -> None:
    text = sheet("self-injecting").text
    assert "is due Tue 24 March 2026" in text
    assert "11 doses recorded since Mon 2 March 2026, 11 counted" in text
    assert "Is loading over (no further improvement)?" in text
    assert "= 1 mL = 1 ampoule" in text
    assert "each ampoule holds 1 mg (1,000 micrograms) in 1 mL" in text


def test_an_overdue_dose_says_so_in_its_own_line(tmp_path: Path) -> None:
    page = running_page(example("treatment-running"), date(2026, 11, 10), PLAIN)
    text = Sheet(page, typesetting.pdf_of("sheet.typ", page)).text
    assert "25 Sep to 23 Oct 2026: overdue" in text
    assert text.count(": overdue") == 1
    assert "Later doses are counted as if the overdue one were given on Tue 10 November 2026" in text


def test_facts_nobody_knows_are_questions_for_the_next_visit() -> None:
    assert "Would it be hard to take a tablet every day? Not known yet." in sheet("metformin").text
    assert sheet("moved-here").text.count("On which day") == 1  # the record's own question says the same
    assert "On which day was the last dose?" in sheet("moved-here").text
    assert "Before this record: maintenance, last dose April 2026 (day not known)" in sheet("moved-here").text


def test_neither_a_date_nor_a_name_nor_the_notes_under_the_table_are_parted() -> None:
    page = sheet("moved-here").page
    assert "Thu\u00a030\u00a0July 2026" in page["now"]["text"]
    assert "version\u00a01" in sheet("moved-here", PRO).page["below"]
    for name in (*PLANNED, *RUNNING):
        notes = [each for each in sheet(name, LARGE).pages if "Months are counted" in each]
        assert ["In time: no source" in each for each in notes] == [True], name


_FOR_MACHINES = re.compile(r"engineering-default|\b[A-Z]{2,}_[A-Z_]+|\((?:primary|secondary|recalled|article)\)")


@pytest.mark.parametrize("name", sorted((*PLANNED, *RUNNING)))
def test_paper_holds_words_for_people_and_no_names_of_a_machine(name: str) -> None:
    texts = [sheet(name).text, sheet(name, PRO).text, *([letter(name).text] if name in RUNNING else [])]
    for text in (each.replace("\u2060", "") for each in texts):
        assert not _FOR_MACHINES.search(text), _FOR_MACHINES.search(text)
        assert not [id for id in shipped.library().ids if re.search(rf"(?<![\w./-]){re.escape(id)}(?![\w./-])", text)]


def test_a_day_without_a_source_is_marked_as_this_programs_own() -> None:
    text = sheet("nitrous-oxide").text
    assert "Mon 26 January 2026 † To decide" in text
    assert "† no source sets this day: it is this program's assumption" in text
    assert "In time: no source sets these days; they are this program's assumption" in text


def test_american_readers_get_their_page_their_units_and_their_spelling() -> None:
    found = sheet("child")
    assert [float(side) for side in found.reader.pages[0].mediabox[2:]] == [612, 792]
    assert "1,000 mcg (1 mg)" in found.text
    assert "anemia" in found.text
    assert "microgram" not in " ".join(row_text(row) for row in found.page["rows"])


# -- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ALL)
def test_an_example_fits_on_two_pages_at_most(name: str) -> None:
    assert len(sheet(name).pages) <= 2


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("name", ["pernicious-anaemia", "treatment-running"])
def test_an_ordinary_sheet_is_one_page(name: str, paper: str) -> None:
    assert len(sheet(name, Look(paper=paper)).pages) == 1


@hazard("H34")
@pytest.mark.parametrize("look", [PLAIN, PRO, LARGE], ids=["plain", "pro", "large"])
@pytest.mark.parametrize("name", ["child", "leber-gb", "nitrous-oxide"])
def test_no_line_is_split_between_pages_and_its_head_stands_above_it(name: str, look: Look) -> None:
    found = sheet(name, look)
    assert len(found.pages) > 1
    places = [
        next(number for number, text in enumerate(found.pages) if row_text(row) in text) for row in found.page["rows"]
    ]
    assert places == sorted(places)
    for number in set(places):
        head = "Done Date and what" if look.large else "Done Date What In time Sources"
        assert head in found.pages[number]
    for flag in found.page["red_flags"]:
        whole = even(" ".join([*flag["signs"], flag["action"]]))
        assert any(whole in text for text in found.pages)


@hazard("H34")
@pytest.mark.parametrize("look", [PLAIN, PRO, LARGE, Look(paper="letter")], ids=["plain", "pro", "large", "letter"])
@pytest.mark.parametrize("name", ["child", "kidney-disease", "treatment-running"])
def test_nothing_is_cut_at_the_edge_of_the_page(name: str, look: Look) -> None:
    inside_the_page(sheet(name, look))


@pytest.mark.parametrize("name", ["pernicious-anaemia", "treatment-running", "child"])
def test_large_print_is_at_least_16_point(name: str) -> None:
    found = sheet(name, LARGE)
    assert min(size for _, _, size, _, _ in found.pieces) >= 15.99
    for row in found.page["rows"]:
        assert row_text(row) in found.text


@pytest.mark.parametrize("name", ALL)
def test_ordinary_print_can_be_read(name: str) -> None:
    assert min(size for _, _, size, _, _ in sheet(name).pieces) >= 7.8
