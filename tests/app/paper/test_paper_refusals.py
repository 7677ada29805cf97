"""Paper: names that try to break a page, files that can't be written, plans that can't be printed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import PYTHON_FAILURE, Run, example, in_process, nothing_written, quoted
from paper_sheets import PLAIN, PRO, RUNNING, Sheet, even, inside_the_page, row_text, running_page, sheet, sheet_command

from cobalamin.app.paper import typesetting
from cobalamin.app.paper.letter import letter_of
from cobalamin.app.services import reviewing, shipped
from cobalamin.knowledge.loading import compiled
from cobalamin.text.safe import entered, named_by_number, printable, told_apart
from hazards import hazard

ENGLISH = compiled().own_words

# -- hostile input ---------------------------------------------------------------------------------------------------

HOSTILE = {
    "markup": '#import "x": * #panic() *bold* _it_ $x^2$ \\ `raw` <script>alert(1)</script> @ref [#sys.inputs] // x',
    "arabic": "محمد بن عبد الله",
    "hebrew and digits": "דוד כהן 1000",
    "emoji": "Zoë \U0001f600 O’Neil",
    "combining": "Z" + "\u0301\u0323\u0300" * 60 + "e\u0301",
    "one word of 300": "A" * 300,
    "300 of a script no font has": "\u674e" * 300,
    "300 in words": "word " * 60,
    "direction signs": "abc\u202e 0001 esod\u202c \u2066x",
    "unseen signs": "a\u0007b\u00adc\u200ed",
}


def hostile_case(tmp_path: Path, name: str, word: str) -> Path:
    text = example(name).read_text("utf-8")
    for old in (f"id: example-{name}", "accepted_by: Dr A. Example", "batch: HX3", "by: Nurse B"):
        text = text.replace(old, f"{old.split(':')[0]}: {quoted(word)}")
    path = tmp_path / "case.yaml"
    path.write_text(text, "utf-8")
    return path


@hazard("H34")
@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_name_breaks_a_sheet(tmp_path: Path, word: str) -> None:
    usual = sheet("treatment-running")
    path = hostile_case(tmp_path, "treatment-running", word)
    page = running_page(path, RUNNING["treatment-running"], PLAIN)
    found = Sheet(page, typesetting.pdf_of("sheet.typ", page))
    assert len(found.pages) <= 2
    assert [row_text(row) for row in page["rows"]] == [row_text(row) for row in usual.page["rows"]]
    for row in page["rows"]:
        assert row_text(row) in found.text
    assert "born Sun 2 March 1958" in found.pages[0]
    assert all("Not clinically signed off" in text for text in found.pages)
    inside_the_page(found)


@pytest.mark.parametrize("word", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_name_breaks_a_letter(tmp_path: Path, word: str) -> None:
    path = hostile_case(tmp_path, "treatment-running", word)
    page = letter_of(shipped.library(), reviewing.review_case(path, RUNNING["treatment-running"]), PRO)
    found = Sheet(page, typesetting.pdf_of("letter.typ", page))
    assert len(found.pages) <= 5
    assert "is due Fri 9 October 2026" in found.text
    inside_the_page(found)


def test_markup_is_printed_as_it_was_typed(tmp_path: Path) -> None:
    path = hostile_case(tmp_path, "treatment-running", HOSTILE["markup"])
    page = running_page(path, RUNNING["treatment-running"], PLAIN)
    assert even(HOSTILE["markup"]) in Sheet(page, typesetting.pdf_of("sheet.typ", page)).text


def test_a_sign_that_no_font_has_stands_by_its_number(tmp_path: Path) -> None:
    path = hostile_case(tmp_path, "treatment-running", "李 Zoë \U0001f600")
    page = running_page(path, RUNNING["treatment-running"], PLAIN)
    assert "[U+674E] Zoë [U+1F600]" in Sheet(page, typesetting.pdf_of("sheet.typ", page)).text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\u202eb", "a\ufffdb"),
        ("e\u0301", "\u00e9"),
        ("a\nb\tc", "a b c"),
        ("\u05d0\u2069", "\u2068\u05d0\u2069"),
        ("x" * 401, "x" * 399 + "… (cut here: 401 characters in the case file)"),
    ],
)
def test_what_a_person_typed_steers_nothing(typed: str, shown: str) -> None:
    assert entered(typed, ENGLISH) == shown


def test_a_dose_is_never_parted_from_its_unit() -> None:
    assert printable(["1 mg (1,000 micrograms)", {"a": "for 2 weeks"}], ENGLISH) == [
        "1\u00a0mg\u00a0(1,000\u00a0micrograms)",
        {"a": "for 2\u00a0weeks"},
    ]


def test_hundreds_of_unknown_signs_leave_room_for_the_rest() -> None:
    text = named_by_number("\u674e" * 300 + " on Friday", frozenset("\u674e"), ENGLISH)
    assert text.count("[U+674E]") == 8
    assert text.endswith("[and 292 more signs] on Friday")


@pytest.mark.parametrize("substance", ["Hydroxocobalamin", "cyanocobalamin", "Mecobalamin"])
def test_names_that_look_alike_are_told_apart(substance: str) -> None:
    assert told_apart(f"{substance} 1 mg") == [substance.removesuffix("cobalamin"), "cobalamin", " 1 mg"]


# -- files and refusals ----------------------------------------------------------------------------------------------


def refused(run: Run, code: int) -> str:
    """One sentence, no PDF and no traceback."""
    assert run.code == code
    assert len(run.err.splitlines()) == 1
    assert PYTHON_FAILURE not in run.err
    return run.err


@pytest.mark.parametrize("name", ["sheet", "letter"])
def test_an_output_that_can_not_be_written_is_one_sentence(tmp_path: Path, name: str) -> None:
    case, on = example("treatment-running"), ("--on", "2026-09-01")
    (tmp_path / "folder.pdf").mkdir()
    with nothing_written(tmp_path):
        assert "no folder" in refused(in_process(name, case, "-o", tmp_path / "no" / "f.pdf", *on), 3)
        assert "is a folder" in refused(in_process(name, case, "-o", tmp_path / "folder.pdf", *on, "--force"), 3)
        assert ".pdf" in refused(in_process(name, case, "-o", tmp_path / "sheet.txt", *on), 3)


def test_an_existing_file_is_overwritten_only_with_force(tmp_path: Path) -> None:
    written = tmp_path / "sheet.pdf"
    written.write_text("old")
    assert "--force" in refused(in_process(*sheet_command("vegan", "-o", written)), 1)
    assert written.read_text() == "old"
    assert in_process(*sheet_command("vegan", "-o", written, "--force")).code == 0
    assert written.read_bytes() == sheet("vegan").content


def test_a_case_file_is_never_overwritten(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    with nothing_written(case.parent):
        for name in ("sheet", "letter"):
            refused(in_process(name, case, "-o", case, "--force", "--on", "2026-09-01"), 3)  # no .pdf


def test_without_the_extra_one_sentence_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    typesetting._compiler.cache_clear()
    with nothing_written(tmp_path):
        told = refused(in_process(*sheet_command("vegan", "-o", tmp_path / "sheet.pdf")), 3)
    assert "pip install 'cobalamin[paper]'" in told


def test_other_commands_do_not_load_the_typesetter() -> None:
    code = (
        "import sys; import cobalamin.app.cli.main; print({'typst', 'cobalamin.app.paper.schedule'} & set(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "set()"


def test_a_case_without_a_plan_needs_one(tmp_path: Path) -> None:
    with nothing_written(tmp_path):
        assert "--protocol and --start" in refused(in_process("sheet", example("vegan"), "-o", tmp_path / "f.pdf"), 4)
        assert "no plan is accepted" in refused(in_process("letter", example("vegan"), "-o", tmp_path / "f.pdf"), 4)


def test_a_case_with_a_plan_takes_no_other(tmp_path: Path) -> None:
    options = ("--protocol", "uk-bnf-neuro", "--start", "2026-01-05")
    with nothing_written(tmp_path):
        run = in_process("sheet", example("treatment-running"), "-o", tmp_path / "f.pdf", *options)
        assert "leave out --protocol" in refused(run, 3)


def test_a_plan_that_can_not_be_made_says_why_and_prints_nothing(tmp_path: Path) -> None:
    common = ("--start", "2026-01-05", "--on", "2026-01-02", "-o", tmp_path / "f.pdf")
    with nothing_written(tmp_path):
        needs = in_process("sheet", example("vegan"), "--protocol", "uk-bnf-noneuro", *common)
        assert needs.code == 4
        assert "maintenance_interval" in needs.out
        choices = [f"--choose={key}" for key in ("load_1_count=7", "load_3_interval=3 d", "load_3_duration=2 wk")]
        blocked = in_process("sheet", example("leber-us"), "--protocol", "us-cn-pa", *common, *choices)
        assert blocked.code == 1
        assert "STOP" in blocked.out


def test_an_accepted_plan_that_leaves_something_open_prints_nothing(
    copy_of: Callable[..., Path], tmp_path: Path
) -> None:
    case = copy_of("treatment-running")
    case.write_text(case.read_text("utf-8").replace("  choices: {maintenance_interval: 3 mo}\n", ""), "utf-8")
    run = in_process("sheet", case, "-o", tmp_path / "f.pdf", "--on", "2026-09-01")
    assert run.code == 4
    assert "maintenance interval" in " ".join(run.out.split())
    assert not (tmp_path / "f.pdf").exists()
