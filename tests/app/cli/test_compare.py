"""`compare` and `whatif` at the door: schema, exit codes, the same numbers in both words, the picture, bad input."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, EXAMPLES, START, Run, example, nothing_written, quoted

from cobalamin.app.terminal import console
from hazards import hazard

SVG = "{http://www.w3.org/2000/svg}"
BLANK = "cobalamin: 1\npatient: {id: x, country: GB}\n"
HEALTHY = """cobalamin: 1
patient: {id: x, country: GB, birth_date: 1958-03-02, sex: female}
facts:
  {deficiency: excluded, cause: not_found, vegan: absent, neurological_involvement: absent, anaemia: none, previous_treatment: none,
   none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]}
"""
BOTH_UK_LABELS = ("--only", "--protocol", "uk-oh-smpc-neuro", "--protocol", "uk-oh-smpc-neuro-min5014")
NEUROLOGICAL = example("pernicious-anaemia-neurological")
LATER = {
    "moved-here",
    "self-injecting",
    "treatment-running",
}  # examples of a treatment that began after the others' day


def day_of(path: Path) -> tuple[str, str]:
    return ("--on", "2026-06-02") if path.stem in LATER else DAY


def start_of(path: Path) -> tuple[str, str]:
    return ("--start", "2026-06-02") if path.stem in LATER else START


# -- documents -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_both_documents_fit_their_schema(
    run: Callable[..., Run], fits_schema: Callable[[str, Any], None], path: Path
) -> None:
    compared = run("compare", path, *day_of(path), *start_of(path), "--json")
    assert (compared.code, compared.err) == (0, "")
    fits_schema("compare", compared.document)
    asked = run("whatif", path, *day_of(path), "--json")
    assert (asked.code, asked.err) == (0, "")
    fits_schema("whatif", asked.document)
    for document in (compared.document, asked.document):
        cited = {cite["source"] for cite in citations(document)}
        assert cited == {source["id"] for source in document["sources"]}
        assert document["signed_off"] is False


def citations(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, dict):
        found = list(tree["citations"]) if "citations" in tree else []
        return found + [cite for key, value in tree.items() if key != "citations" for cite in citations(value)]
    return [cite for item in tree for cite in citations(item)] if isinstance(tree, list) else []


def test_a_document_names_both_ends_and_every_assumption(run: Callable[..., Run]) -> None:
    document = run("compare", NEUROLOGICAL, *BOTH_UK_LABELS, *START, *DAY, "--json").document
    first, second = document["protocols"]
    assert first["figures"]["first_days"]["doses"] == {"from": 12, "to": 45}
    assert second["figures"]["maintenance_year"]["doses"] == {"from": 4, "to": 6}
    assert first["figures"]["first_days"]["mass"]["to"] == {"value": "45", "unit": "mg", "ug": 45000}
    fewest, most = first["ways"]
    assert (fewest["end"], most["end"], most["assumed"]) == ("fewest", "most", [])
    (assumed,) = fewest["assumed"]
    assert (assumed["phase"], assumed["on"]) == ("load", "2026-01-26")
    assert "this program's assumption" in assumed["text"]
    (difference,) = document["differences"]
    (cause,) = difference["causes"]
    assert (difference["aspect"], cause["cause"], cause["basis"], cause["disagreement"]) == (
        "maintenance",
        "product",
        "library",
        "d3",
    )
    assert len(cause["sides"]) == 2
    assert cause["between"] == [{"protocol": "uk-oh-smpc-neuro", "against": ["uk-oh-smpc-neuro-min5014"]}]


def test_the_picture_changes_nothing_in_the_document(run: Callable[..., Run], tmp_path: Path) -> None:
    plain = run("compare", NEUROLOGICAL, *START, *DAY, "--json")
    drawn = run("compare", NEUROLOGICAL, *START, *DAY, "--json", "--svg", tmp_path / "a.svg")
    assert (drawn.out, drawn.code) == (plain.out, 0)


def test_without_a_start_the_day_of_assessment_is_the_start(run: Callable[..., Run]) -> None:
    assert run("compare", example("vegan"), *DAY, "--json").document["start"] == DAY[1]


# -- exit codes and bad input ----------------------------------------------------------------------------------------


def test_exit_codes(run: Callable[..., Run], case_file: Callable[..., Path]) -> None:
    blank = case_file(BLANK)
    assert run("compare", blank, *DAY).code == 0  # what waits is compared
    assert run("compare", blank, *DAY, "--only", "--protocol", "hk-cn").code == 4
    assert run("compare", example("leber-us"), *DAY, "--only", "--protocol", "us-cn-pa").code == 1
    assert run("compare", example("leber-us"), *DAY, "--only", "--protocol", "article-a1").code == 1
    assert run("whatif", blank, *DAY).code == 0
    healthy = case_file(HEALTHY)
    assert run("compare", healthy, *DAY).code == 1
    assert run("whatif", healthy, *DAY).code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--protocol", "uk-nothing"], "there is no protocol"),
        (["--only"], "needs at least one --protocol"),
        (["--start", "1950-01-01"], "before the date of birth"),
        (["--start", "1.2.2026"], "not a date"),
        (["--choose", "maintenance_interval"], "must be KEY=VALUE"),
        (["--choose", "load_9_count=3"], "leaves this open"),
        (["--only", "--protocol", "uk-bnf-noneuro", "--choose", "maintenance_interval=9 mo"], "published range"),
        (["--policy", "/no/such/file"], "can't be read"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(run: Callable[..., Run], options: list[str], said: str) -> None:
    answer = run("compare", example("pernicious-anaemia"), *DAY, *options)
    assert (answer.code, answer.out) == (3, "")
    assert said in answer.err


@pytest.mark.parametrize("days", ["0", "6", "731", "-1", "many"])
def test_days_out_of_range_are_a_usage_error(run: Callable[..., Run], days: str) -> None:
    assert run("compare", example("vegan"), *DAY, "--days", days).code == 2


def test_the_picture_overwrites_nothing(run: Callable[..., Run], copy_of: Callable[..., Path], tmp_path: Path) -> None:
    case, there = copy_of(), tmp_path / "there.svg"
    there.write_text("mine", encoding="utf-8")
    with nothing_written(tmp_path):
        assert run("compare", case, *DAY, "--svg", there).code == 1
        assert run("compare", case, *DAY, "--svg", case, "--force").code == 1
        assert run("compare", case, *DAY, "--svg", tmp_path / "no" / "folder.svg").code == 3
    assert run("compare", case, *DAY, "--svg", there, "--force").code == 0
    assert there.read_text("utf-8").startswith("<?xml")


def test_neither_command_writes_into_the_case(
    run: Callable[..., Run], copy_of: Callable[..., Path], tmp_path: Path
) -> None:
    case = copy_of("kidney-disease")
    with nothing_written(tmp_path):
        run("compare", case, *DAY)
        run("whatif", case, *DAY)


# -- text ------------------------------------------------------------------------------------------------------------


def told(text: str) -> tuple[list[str], list[str]]:
    """The lines with figures and axes, and the numbers of sources in the order they are told."""
    figures = re.findall(
        r"^\d+  \S.*|^ {5}(?:fewest|most|  ).*[.\d=]{20}.*|First \d+ days .*|first \d+ days: .*", text, re.MULTILINE
    )
    return figures, re.findall(r"\[[\d, ?]+\]", text)


@pytest.mark.parametrize(
    "path", [NEUROLOGICAL, example("vegan"), example("leber-us"), example("kidney-disease")], ids=lambda path: path.stem
)
@pytest.mark.parametrize("command", ["compare", "whatif"])
def test_plain_words_have_the_same_numbers_and_sources(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, command: str, path: Path
) -> None:
    monkeypatch.setattr(console, "UNKNOWN_WIDTH", 600)
    professional, plain = run(command, path, *DAY).out, run(command, path, *DAY, "--plain").out
    assert told(professional) == told(plain)
    assert professional.split("\nSources\n")[1:] == plain.split("\nSources\n")[1:]
    assert professional != plain or "No fact that nobody asked for would change the answer" in professional


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize("command", ["compare", "whatif"])
def test_the_text_keeps_to_the_width(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, command: str, width: int
) -> None:
    monkeypatch.setattr(console, "UNKNOWN_WIDTH", width)
    for path in (example("pernicious-anaemia"), NEUROLOGICAL, example("child")):
        lines = run(command, path, *DAY).out.split("\nSources\n")[0].splitlines()
        assert [line for line in lines if len(line.rstrip()) > width] == []


@hazard("H34")
@pytest.mark.parametrize("command", ["compare", "whatif"])
def test_no_number_is_parted_from_its_unit(
    run: Callable[..., Run], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for width in (60, 77, 95):
        monkeypatch.setattr(console, "UNKNOWN_WIDTH", width)
        lines = run(command, NEUROLOGICAL, *DAY).out.split("\nSources\n")[0].splitlines()
        assert [line for line in lines if re.match(r"\s*(?:mg|mcg|micrograms?)\b", line)] == []


@hazard("H22")
def test_a_protocol_that_must_not_be_given_says_stop(run: Callable[..., Run]) -> None:
    text = run("compare", example("leber-us"), *DAY, "--protocol", "us-cn-pa").out
    assert "[STOP]" in text
    assert "a safety check forbids it for this patient (LEBER_CYANOCOBALAMIN)" in " ".join(text.split())
    plain = run("compare", example("leber-us"), *DAY, "--protocol", "us-cn-pa", "--plain").out
    assert "a safety check forbids it for this patient" in plain


@hazard("H10")
def test_neurological_involvement_is_asked_before_other_changes_of_the_treatment(run: Callable[..., Run]) -> None:
    text = run("whatif", example("kidney-disease"), *DAY).out
    assert text.index("neurological involvement; examine") < text.index("oral not possible; ask")
    told = " ".join(text.split())
    assert re.search(
        r"-> [^>]*\(be-sterop-complicated\)", told
    )  # the country's own text, once nerves are known to be involved


def test_what_is_superseded_or_unchecked_is_marked(run: Callable[..., Run]) -> None:
    text = run("compare", example("pernicious-anaemia"), *DAY, "--only", "--protocol", "uk-bsh14-noneuro").out
    assert "SUPERSEDED" in text
    assert "NOT CHECKED against a source" in text


def test_the_units_are_those_of_the_country(run: Callable[..., Run]) -> None:
    british, american = (
        run("compare", example(name), *DAY).out.split("Where they differ")[0] for name in ("metformin", "child")
    )
    assert re.search(r"\d mg", british)
    assert not re.search(r"First 90 days .*(micrograms|mcg)", " ".join(british.split()).split("One by one")[0])
    assert "mcg" not in british
    assert " mcg" in american
    assert "microgram" not in american


@pytest.mark.parametrize("name", ["pernicious-anaemia", "metformin", "vegan", "child"])
def test_a_column_has_one_unit_and_no_two_rows_one_heading(run: Callable[..., Run], name: str) -> None:
    table = run("compare", example(name), *DAY).out.split("A year after loading")[1].split("One by one")[0]
    assert len(set(re.findall(r"\d (mg|mcg|micrograms)\b", table))) == 1
    headings = re.findall(r"^\d+  (.*?)  ", table, re.MULTILINE)
    assert len(headings) > 3
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("command", ["compare", "whatif"])
def test_nobody_forgets_that_it_is_not_signed_off(run: Callable[..., Run], command: str) -> None:
    for flags in ([], ["--plain"]):
        text = run(command, example("vegan"), *DAY, *flags).out
        assert re.search(r"Library\s+20", text)
        assert "signed off" in text


# -- the picture -----------------------------------------------------------------------------------------------------


def drawn(run: Callable[..., Run], case: Path, target: Path, *options: object) -> tuple[str, ElementTree.Element]:
    assert run("compare", case, *day_of(case), *start_of(case), *options, "--svg", target, "--force").code == 0
    text = target.read_text("utf-8")
    return text, ElementTree.fromstring(text)


@pytest.mark.parametrize("path", EXAMPLES[::2], ids=lambda path: path.stem)
def test_the_picture_is_the_same_well_formed_page_each_time(
    run: Callable[..., Run], tmp_path: Path, path: Path
) -> None:
    text, page = drawn(run, path, tmp_path / "a.svg")
    assert drawn(run, path, tmp_path / "b.svg")[0] == text
    assert (page.get("width"), page.get("height"), page.get("viewBox")) == ("297mm", "210mm", "0 0 297 210")
    assert page.get("aria-labelledby") == "title desc"
    assert page.findtext(f"{SVG}title")
    assert "Not clinically signed off" in (page.findtext(f"{SVG}desc") or "")
    words = [part.text or "" for part in page.iter(f"{SVG}text")]
    assert any(line.startswith("Not clinically signed off") and "Library 20" in line for line in words)
    assert any(line.startswith("[1] ") for line in words)
    assert {part.tag for part in page.iter()} <= {
        f"{SVG}{tag}"
        for tag in ("svg", "title", "desc", "defs", "pattern", "rect", "line", "circle", "polygon", "text")
    }


def boxes(page: ElementTree.Element) -> list[tuple[float, float, float, float, str]]:
    """(left, top, right, bottom, text) of each text, by the estimate its room was cut to."""
    from cobalamin.app.pictures.svg import width_of

    found = []
    for part in page.iter(f"{SVG}text"):
        size, x, y, words = (
            float(part.get("font-size", 0)),
            float(part.get("x", 0)),
            float(part.get("y", 0)),
            part.text or "",
        )
        wide = width_of(words, size) * 0.9  # the estimate errs on the wide side
        left = x - wide if part.get("text-anchor") == "end" else x
        found.append((left, y - size * 0.75, left + wide, y + size * 0.2, words))
    return found


@pytest.mark.parametrize("options", [(), ("--days", "7"), ("--days", "365"), ("--days", "730"), ("--all",)], ids=str)
def test_no_label_overlaps_another_or_leaves_the_page(
    run: Callable[..., Run], tmp_path: Path, options: tuple[str, ...]
) -> None:
    for path in (
        example("pernicious-anaemia"),
        NEUROLOGICAL,
        example("vegan"),
        example("bariatric-planning-pregnancy"),
    ):
        _, page = drawn(run, path, tmp_path / "a.svg", *options)
        found = boxes(page)
        for number, (left, top, right, bottom, words) in enumerate(found):
            assert left >= 0, words
            assert right <= 297, words
            assert 0 <= top < bottom <= 210, words
            for other in found[number + 1 :]:
                apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
                assert apart, (words, other[4])


@hazard("H01")
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_no_amount_is_cut(run: Callable[..., Run], tmp_path: Path, path: Path) -> None:
    """47,000 m... could be read as milligrams."""
    _, page = drawn(run, path, tmp_path / "a.svg", "--all")
    cut = [part.text or "" for part in page.iter(f"{SVG}text") if (part.text or "").endswith("\u2026")]
    part_of_a_unit = r"(?:(?<![\w-])|\d )(?:[(]?[\d.,]+|m|mc|mi|mic|micr|micro|microg\w{0,3})\u2026$"
    assert [words for words in cut if re.search(part_of_a_unit, words)] == []


def test_every_dose_of_the_first_days_is_drawn(run: Callable[..., Run], tmp_path: Path) -> None:
    _, page = drawn(run, example("pernicious-anaemia"), tmp_path / "a.svg", "--only", "--protocol", "uk-bnf-noneuro")
    dots = list(page.iter(f"{SVG}circle"))
    assert len(dots) == 6 + 7 + 1  # the fewest, the most, and the one of the legend


def test_what_is_not_drawn_is_named(run: Callable[..., Run], tmp_path: Path) -> None:
    _, page = drawn(run, example("pernicious-anaemia"), tmp_path / "a.svg")
    (left,) = [part.text for part in page.iter(f"{SVG}text") if (part.text or "").startswith("Not drawn")]
    assert left is not None
    assert "nl-nhg21" in left


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>", "]]> & \"quoted\" 'single'", "x" * 300, "W" * 300, "\u05d0\u05d1\u05d2 \u202e\u0627\u0644\u0639", "\U0001f600" * 40, "\u6f22\u5b57" * 100,
        "a\u0301" * 60, "tab\there", "\u200b\u200e\u2066x\u2069",
    ],
    ids=lambda name: ascii(name)[:24],
)  # fmt: skip
def test_no_name_breaks_the_picture(
    run: Callable[..., Run], case_file: Callable[..., Path], tmp_path: Path, name: str
) -> None:
    text = example("vegan").read_text("utf-8").replace("id: example-vegan", f"id: {quoted(name)}")
    case = case_file(text)
    assert run("check", case).code == 0
    page = drawn(run, case, tmp_path / "a.svg")[1]
    assert [box for box in boxes(page) if box[2] > 297 or box[0] < 0] == []
    raw = (tmp_path / "a.svg").read_text("utf-8")
    assert "<script" not in raw
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", raw)
    assert run("compare", case, *DAY).code == 0


def test_the_commands_give_the_same_bytes_on_every_machine(
    cobalamin: Callable[..., Run], run: Callable[..., Run], tmp_path: Path
) -> None:
    here, there = tmp_path / "here.svg", tmp_path / "there.svg"
    machine = {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "1",
        "COLUMNS": "40",
        "TERM": "dumb",
    }
    command = ["compare", example("child"), *DAY, *START, "--svg"]
    assert cobalamin(*command, there, env=machine).out == run(*command, here).out
    assert there.read_bytes() == here.read_bytes()
    command = ["whatif", example("kidney-disease"), *DAY, "--json"]
    assert cobalamin(*command, env=machine).out == run(*command).out


def test_two_texts_stand_side_by_side_without_a_case(run: Callable[..., Run]) -> None:
    answer = run("compare", "--protocol", "article-a0-4", "--protocol", "article-a2-1", *DAY)
    lines = answer.out.splitlines()
    assert answer.code == 0
    assert len(lines) <= 45
    assert lines[0] == "Why do they say different things?"
    assert "21 mg, 21 doses" in answer.out
    assert "9 to 11 mg, 9 to 11 doses" in answer.out
    assert "How often later. Why: Written for other people" in answer.out
    assert not re.search(r"article-a\d", answer.out)
    whole = run("compare", "--protocol", "article-a0-4", "--protocol", "article-a2-1", "--all", *DAY)
    assert len(whole.out.splitlines()) > len(lines)


@hazard("H118")
def test_texts_without_a_case_are_no_plan_for_anybody(run: Callable[..., Run]) -> None:
    out = " ".join(run("compare", "--protocol", "us-cn-pa", "--protocol", "uk-bnf-noneuro", *DAY).out.split())
    assert "Nobody's allergies, tests or medicines were looked at, so this is a plan for nobody." in out


@hazard("H119")
def test_amounts_by_mouth_are_not_held_against_injections(run: Callable[..., Run]) -> None:
    out = " ".join(run("compare", "--protocol", "us-aafp-oral", "--protocol", "uk-bnf-noneuro", *DAY).out.split())
    assert "Amounts by mouth and by injection can't be held against each other." in out


def test_without_a_case_the_document_is_that_of_any_comparison(
    run: Callable[..., Run], fits_schema: Callable[[str, Any], None]
) -> None:
    document = run("compare", "--protocol", "article-a0-4", "--protocol", "uk-bnf-noneuro", "--json", *DAY).document
    fits_schema("compare", document)
    assert [each["protocol"] for each in document["protocols"]] == ["article-a0-4", "uk-bnf-noneuro"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--protocol", "us-cn-pa"),
        ("--protocol", "us-cn-pa", "--protocol", "uk-bnf-noneuro", "--start", "2026-01-05"),
    ],
)
def test_without_a_case_two_texts_are_needed_and_nothing_of_a_case_is_taken(
    run: Callable[..., Run], words: tuple[str, ...]
) -> None:
    answer = run("compare", *words, *DAY)
    assert answer.code == 3
    assert answer.out == ""
    assert "case" in answer.err
