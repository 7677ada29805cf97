"""`settings`: shown and changed, said wherever it fills something in, and nothing decides by it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import in_process, in_subprocess

from cobalamin.app.services.cases import open_case
from cobalamin.app.services.settings import Settings, read_settings, settings_file
from hazards import hazard

PLAN = ("--protocol", "uk-bnf-noneuro", "--start", "2026-01-05", "--choose", "maintenance_interval=3 mo")
DAY = ("--on", "2026-01-02")


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings of this test alone."""
    folder = tmp_path / "own"
    monkeypatch.setenv("COBALAMIN_SETTINGS", str(folder))
    return folder


def test_nothing_is_set_at_first_and_showing_writes_nothing(own: Path) -> None:
    shown = in_process("settings")
    assert (shown.code, shown.err) == (0, "")
    assert "Nothing is set." in shown.out
    assert not own.exists()


def test_a_setting_is_changed_shown_and_taken_out_and_other_lines_stay() -> None:
    in_process("settings", "country=GB", "name=Nurse B")
    settings_file().write_text("# mine\n" + settings_file().read_text())
    changed = in_process("settings", "name=", "words=patient")
    assert changed.code == 0
    assert "country: GB" in changed.out
    assert "name:" not in changed.out
    assert read_settings() == Settings(country="GB", words="patient")
    assert settings_file().read_text().startswith("# mine\n")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("country=UK", "GB (not UK)"),
        ("county=GB", "did you mean 'country'"),
        ("words=nurse", "must be patient or professional"),
        ("product=no such thing", "there is no such product"),
        ("country", "must be KEY=VALUE"),
        ("name=" + "x" * 300, "at most 200 characters"),
    ],
)
def test_what_is_no_setting_is_refused_in_a_sentence_and_nothing_is_written(typed: str, said: str, own: Path) -> None:
    refused = in_process("settings", typed)
    assert (refused.code, refused.out) == (3, "")
    assert said in refused.err
    assert len(refused.err.splitlines()) == 1
    assert not settings_file().exists()


@pytest.mark.parametrize(
    "content", ["country: [GB", "county: GB\n", "- GB\n", "country: {a: b}\n", "country: GB\ncountry: NL\n", "\xff"]
)
def test_a_broken_file_is_named_never_replaced_and_holds_no_answer_back(
    content: str, own: Path, copy_of: Callable[..., Path]
) -> None:
    own.mkdir()
    settings_file().write_bytes(content.encode("latin-1"))
    for typed in ([], ["name=Nurse B"]):
        refused = in_process("settings", *typed)
        assert refused.code == 3
        assert str(settings_file()) in refused.err
    assert settings_file().read_bytes() == content.encode("latin-1")
    answer = in_process("due", copy_of("treatment-running"), "--on", "2026-09-01")
    assert answer.code == 0
    assert answer.err.count("can't be read, so nothing comes from them") == 1


def test_the_country_is_taken_by_new_and_offered_by_the_interview(tmp_path: Path) -> None:
    in_process("settings", "country=NL")
    made = in_process("new", tmp_path / "a.yaml")
    assert made.err == "country: NL, from your settings\n"
    assert open_case(tmp_path / "a.yaml").patient.country == "NL"
    in_process("new", tmp_path / "b.yaml", "--country", "GB")
    assert open_case(tmp_path / "b.yaml").patient.country == "GB"
    asked = in_process("propose", tmp_path / "c.yaml", "--ask", *DAY, answers="\n1958-03-02\n")
    assert "empty: NL, from your settings" in asked.out
    assert open_case(tmp_path / "c.yaml").patient.country == "NL"
    in_process("propose", tmp_path / "d.yaml", "--ask", *DAY, answers="IE\n1958-03-02\n")
    assert open_case(tmp_path / "d.yaml").patient.country == "IE"


def test_the_name_stands_for_by_and_is_said(copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    missing = in_process("accept", case, *PLAN, *DAY)
    assert (missing.code, missing.out) == (2, "")
    assert "Missing option '--by'" in missing.err
    in_process("settings", "name=Dr Set")
    taken = in_process("accept", case, *PLAN, *DAY)
    assert taken.code == 0, taken.err
    assert "name: Dr Set, from your settings" in taken.err
    assert open_case(case).plan.accepted_by == "Dr Set"  # type: ignore[union-attr]  # it has one now
    given = in_process("record", case, "given", "2026-01-05", "--on", "2026-01-05")
    assert "(by Dr Set)" in " ".join(given.out.split())
    in_process("record", case, "given", "2026-01-07", "by=Nurse C", "--on", "2026-01-07")
    assert [event.by for event in open_case(case).record] == ["Dr Set", "Nurse C"]


def test_a_dose_of_another_place_is_not_said_to_be_given_by_whoever_types(copy_of: Callable[..., Path]) -> None:
    in_process("settings", "name=Nurse B")
    case = copy_of("treatment-running")
    done = in_process("record", case, "given", "2026-08-31", "source=other_site", "--on", "2026-09-01", "--yes")
    assert done.code == 0, done.err
    assert open_case(case).record[-1].by == ""


@hazard("H151")
def test_the_usual_product_is_taken_only_where_it_fits(copy_of: Callable[..., Path]) -> None:
    in_process("settings", "product=gb-hydroxocobalamin-1mg-1ml")
    case = copy_of()
    taken = in_process("accept", case, *PLAN, "--by", "Dr A", *DAY)
    assert "product: gb-hydroxocobalamin-1mg-1ml, from your settings" in taken.err
    assert open_case(case).plan.product == "gb-hydroxocobalamin-1mg-1ml"  # type: ignore[union-attr]  # it has one now
    for product, why in (
        ("us-cyanocobalamin-1mg-1ml", "it is sold in US"),
        ("gb-cyanocobalamin-1mg", "the plan gives hydroxocobalamin"),
    ):
        assert in_process("settings", f"product={product}").code == 0
        case = copy_of()
        left = in_process("accept", case, *PLAN, "--by", "Dr A", *DAY)
        assert left.code == 0
        assert f"{product}, is not taken: {why}" in left.err
        assert open_case(case).plan.product == ""  # type: ignore[union-attr]  # it has one now


def test_words_of_a_patient_are_the_usual_ones_where_they_are_set(copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    due = ("due", case, "--on", "2026-09-01")
    plain, full = in_process(*due, "--plain"), in_process(*due)
    assert plain.out != full.out
    in_process("settings", "words=patient")
    usual = in_process(*due)
    assert (usual.out, usual.err) == (plain.out, "words: patient, from your settings (--professional leaves them)\n")
    assert in_process(*due, "--professional") == full
    in_process("settings", "words=professional")
    assert in_process(*due) == full


@pytest.mark.parametrize("command", ["due", "review", "propose", "assess", "whatif"])
def test_no_document_depends_on_a_setting(command: str, copy_of: Callable[..., Path]) -> None:
    case = copy_of("treatment-running")
    before = in_process(command, case, "--on", "2026-09-01", "--json")
    in_process(
        "settings",
        "country=US",
        "name=Nurse B",
        "product=us-cyanocobalamin-1mg-1ml",
        "words=patient",
        "practice=Ash Lane",
    )
    assert in_process(command, case, "--on", "2026-09-01", "--json") == before


def test_a_program_reads_the_folder_that_its_surroundings_name(own: Path) -> None:
    assert in_process("settings", "country=GB").code == 0
    shown = in_subprocess("settings")
    assert "country: GB" in shown.out
    other = in_subprocess("settings", env={"COBALAMIN_SETTINGS": str(own / "other")})
    assert "Nothing is set." in other.out
