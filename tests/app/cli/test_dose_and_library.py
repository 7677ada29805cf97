"""`dose`: mass to volume and whole ampoules. `library`: lists, records, checks, differences."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from command_line import Run, example, in_process
from refused_amounts import REFUSED, TWO_READINGS

from cobalamin.knowledge.loading import data_folder
from hazards import hazard

Command = Callable[..., Run]
AMPOULE = "gb-hydroxocobalamin-1mg-1ml"

# -- dose ------------------------------------------------------------------------------------------------------------


@hazard("H05")
@pytest.mark.parametrize(
    ("dose", "strength", "volume"),
    [
        ("250 mcg", "1000 mcg/mL", "0.25"), ("1 mg", "10 mg/2 mL", "0.2"), ("1 mg", "1 mg/mL", "1"), ("1000 micrograms", "1mg/1 mL", "1"),
        ("1 mg", "5000 mcg/mL", "0.2"), ("1 mg", "10000 mcg/mL", "0.1"), ("1500 mcg", "3000 mcg/2 mL", "1"), ("100 mcg", "1 mg / mL", "0.1"),
        ("500 mcg", "500 mcg/0.1 mL", "0.1"), ("30 µg", "1000 µg/ml", "0.03"), ("2 mg", "1 mg/mL", "2"), ("0.5 mg", "1 mg/2 ml", "1"),
    ],
)  # fmt: skip
def test_a_dose_is_turned_into_the_volume_to_draw_up(
    run: Command, fits_schema: Callable[[str, Any], None], dose: str, strength: str, volume: str
) -> None:
    answer = run("dose", "--dose", dose, "--strength", strength, "--json")
    assert (answer.code, answer.err) == (0, "")
    fits_schema("dose", answer.document)
    assert answer.document["volume_ml"] == volume
    assert f"= {volume} mL of " in run("dose", "--dose", dose, "--strength", strength).out


@hazard("H05")
@pytest.mark.parametrize(
    ("volume", "strength", "mcg", "told"),
    [
        ("1 mL", "1000 mcg/mL", 1000, "1 mL of 1,000 micrograms/mL = 1 mg (1,000 micrograms)"), ("0.25 mL", "1 mg/mL", 250, "= 250 micrograms"),
        ("2 ml", "10 mg/2 mL", 10000, "= 10 mg (10,000 micrograms)"), ("0.5 millilitres", "1 mg/mL", 500, "= 500 micrograms"),
        ("1 mL", "10 mg/3 mL", 3333.333, "= 3,333.333 micrograms"),
    ],
)  # fmt: skip
def test_a_volume_is_turned_into_the_dose_it_holds(
    run: Command, fits_schema: Callable[[str, Any], None], volume: str, strength: str, mcg: float, told: str
) -> None:
    answer = run("dose", "--volume", volume, "--strength", strength, "--json")
    assert (answer.code, answer.err) == (0, "")
    fits_schema("dose", answer.document)
    assert answer.document["dose"]["ug"] == mcg
    assert told in run("dose", "--volume", volume, "--strength", strength).out


@hazard("H05")
@pytest.mark.parametrize("dose", ["250 mcg", "1 mg", "30 mcg", "5 mg"])
def test_both_ways_agree(run: Command, dose: str) -> None:
    there = run("dose", "--dose", dose, "--product", AMPOULE, "--json").document
    back = run("dose", "--volume", f"{there['volume_ml']} mL", "--product", AMPOULE, "--json").document
    assert back["dose"]["ug"] == there["dose"]["ug"]
    assert {key: back[key] for key in back if key != "dose"} == {key: there[key] for key in there if key != "dose"}


@hazard("H05")
@pytest.mark.parametrize(
    ("volume", "strength", "said"),
    [
        ("1", "1 mg/mL", "can't be read as a volume"), ("1,5 mL", "1 mg/mL", "can't be read as a volume"), ("1 mg", "1 mg/mL", "can't be read as a volume"),
        ("0 mL", "1 mg/mL", "can't be read as a volume"), (".5 mL", "1 mg/mL", "can't be read as a volume"), ("1.000 mL", "1 mg/mL", "1 mL or as 1000 mL"),
        ("-1 mL", "1 mg/mL", "can't be read as a volume"), ("１ mL", "1 mg/mL", "can't be read as a volume"), ("1 mL", "1,000 mcg/mL", "can be read as"),
        ("999999 mL", "1 g/mL", "more than 100 g"), ("0.000000001 mL", "1 mcg/mL", "less than a nanogram"), ("1 mL", "", "give either --product ID"),
    ],
)  # fmt: skip
def test_a_volume_with_two_readings_or_none_is_refused(run: Command, volume: str, strength: str, said: str) -> None:
    answer = run("dose", f"--volume={volume}", *(["--strength", strength] if strength else []))
    assert answer.code == 3
    assert said in answer.err


def test_a_dose_and_a_volume_are_not_asked_at_once(run: Command) -> None:
    assert run("dose", "--dose", "1 mg", "--volume", "1 mL", "--strength", "1 mg/mL").code == 2


def test_a_volume_given_as_a_dose_is_told_the_way(run: Command) -> None:
    assert "cobalamin dose --volume '1 mL' --strength '1 mg/mL'" in run("dose", "1 mL", "--strength", "1 mg/mL").err


def test_a_thousand_of_a_us_label_is_read_in_the_us(run: Command) -> None:
    answer = run("dose", "--volume", "1 mL", "--strength", "1,000 mcg/mL", "--country", "US", "--json")
    assert answer.document["dose"]["ug"] == 1000


@hazard("H01")
@pytest.mark.parametrize(
    ("dose", "gb", "us"),
    [
        ("1 mg", "1 mg (1,000 micrograms)", "1,000 mcg (1 mg)"),
        ("1000 mcg", "1 mg (1,000 micrograms)", "1,000 mcg (1 mg)"),
        ("1.0 mg", "1 mg (1,000 micrograms)", "1,000 mcg (1 mg)"),
        ("250 µg", "250 micrograms", "250 mcg"),
        ("0.25 mg", "250 micrograms", "250 mcg"),
        ("1 mcg", "1 microgram", "1 mcg"),
        ("1.5 mg", "1,500 micrograms", "1,500 mcg"),
        ("10 mg", "10 mg (10,000 micrograms)", "10,000 mcg (10 mg)"),
    ],
)
def test_a_dose_is_told_in_the_words_of_both_countries(run: Command, dose: str, gb: str, us: str) -> None:
    arguments = ["dose", "--dose", dose, "--strength", "10 mg/mL"]
    assert run(*arguments, "--json").document["texts"] == {"GB": gb, "US": us}
    for country, text in (("GB", gb), ("US", us)):
        shown = run(*arguments, "--country", country).out
        assert shown.startswith(f"{text} = ")
        assert f"On a UK label: {gb}. On a US label: {us}." in shown


def test_a_dose_of_a_product_counts_its_ampoules(run: Command, fits_schema: Callable[[str, Any], None]) -> None:
    whole = run("dose", "--dose", "2 mg", "--product", AMPOULE, "--json").document
    fits_schema("dose", whole)
    assert (whole["volume_ml"], whole["containers"], whole["whole_containers"]) == ("2", "2", True)
    part = run("dose", "--dose", "250 micrograms", "--product", AMPOULE, "--json").document
    assert (part["volume_ml"], part["containers"], part["whole_containers"]) == ("0.25", "0.25", False)
    assert "Not a whole ampoule" in run("dose", "--dose", "250 micrograms", "--product", AMPOULE).out


def test_a_share_of_a_container_is_rounded_to_what_a_person_can_read(run: Command) -> None:
    for product in ("de-cyanocobalamin-3mg-2ml", "us-cyanocobalamin-30mg-30ml"):
        shown = run("dose", "--dose", "1 mg", "--product", product).out
        assert "3333333" not in shown


def test_a_volume_too_small_to_measure_is_never_told_as_nothing(run: Command) -> None:
    """1 microgram of 1 g/mL is not "0 mL": that reads as if nothing had to be given."""
    answer = run("dose", "--dose", "1 mcg", "--strength", "1 g/mL", "--json")
    assert answer.code in (1, 3) or Decimal(answer.document["volume_ml"]) > 0
    assert "= 0 mL" not in run("dose", "--dose", "1 mcg", "--strength", "1 g/mL").out


def test_a_dose_is_kept_as_text_without_an_exponent(run: Command) -> None:
    answer = run("dose", "--dose", "0.0000001 g", "--strength", "1 mcg/mL", "--json")
    assert answer.document["dose"] == {"value": "0.0000001", "unit": "g", "ug": 0.1}


@hazard("H01")
@pytest.mark.parametrize("dose", [*REFUSED, *(dose for dose, _, _ in TWO_READINGS)])
def test_a_dose_that_must_not_be_guessed_is_refused(run: Command, dose: str) -> None:
    for options in (["--strength", "1000 mcg/mL"], ["--product", AMPOULE]):
        answer = run("dose", f"--dose={dose}", *options)
        assert answer.code == 3
        assert answer.out == ""
        assert dose.strip() in answer.err


@hazard("H05")
@pytest.mark.parametrize(
    "strength",
    ["1000", "1000 mcg", "1,000 mcg/mL", "1.000 mcg/mL", "1000 mcg per mL", "1000/mL", "1 mg/ampoule", "1 mg/0 mL", "1 mg/", "/mL",
     "1000 IU/mL", "100 units/mL", "1 %", "0 mg/mL", "1 mg/1,5 mL", "1 mg/mL/mL", "1 mg/L", "0,1 %", ""],
)  # fmt: skip
def test_a_strength_that_must_not_be_guessed_is_refused(run: Command, strength: str) -> None:
    answer = run("dose", "--dose", "1 mg", f"--strength={strength}")
    assert answer.code == 3
    assert answer.out == ""


@pytest.mark.parametrize(
    "options", [[], ["--product", AMPOULE, "--strength", "1 mg/mL"], ["--product", "", "--strength", ""]]
)
def test_a_dose_needs_either_a_product_or_a_strength(run: Command, options: list[str]) -> None:
    answer = run("dose", "--dose", "1 mg", *options)
    assert answer.code in (2, 3)
    assert answer.out == ""
    assert "--product" in answer.err
    assert "--strength" in answer.err


@hazard("H04")
@pytest.mark.parametrize("dose", ["1 mg", "5 mg", "5 g"])
def test_the_antidote_is_blocked_and_named_as_what_it_is(run: Command, dose: str) -> None:
    answer = run("dose", "--dose", dose, "--product", "cyanokit-5g")
    assert answer.code == 1, "the antidote is no product for a deficiency, whatever its strength"
    assert "ANTIDOTE_PRODUCT" in answer.out + answer.err
    assert "give --strength" not in answer.err


@hazard("H03")
@pytest.mark.parametrize(
    ("dose", "options"),
    [
        ("1 mg", ["--product", "au-mecobalamin-10mg-2ml"]),
        ("2 mg", ["--product", "au-mecobalamin-10mg-2ml"]),
        ("200 micrograms", ["--product", AMPOULE]),
        ("5 mg", ["--product", AMPOULE]),
        ("11 mg", ["--strength", "10 mg/mL"]),
        ("10.01 mg", ["--strength", "10 mg/mL"]),
        ("1000 mg", ["--strength", "1 mg/mL"]),
    ],
)
def test_an_implausible_dose_is_blocked(
    run: Command, fits_schema: Callable[[str, Any], None], dose: str, options: list[str]
) -> None:
    answer = run("dose", "--dose", dose, *options, "--json")
    assert answer.code == 1
    fits_schema("dose", answer.document)
    assert [(issue["code"], issue["severity"]) for issue in answer.document["issues"]] == [
        ("DOSE_IMPLAUSIBLE", "block")
    ]
    told = run("dose", "--dose", dose, *options).out
    assert told.startswith("STOP: ")
    assert "(DOSE_IMPLAUSIBLE)" in told


@pytest.mark.parametrize(
    ("dose", "options"),
    [("2.5 mg", ["--product", "au-mecobalamin-10mg-2ml"]), ("10 mg", ["--strength", "10 mg/mL"]), ("250 mcg", ["--product", AMPOULE]),
     ("100 mcg", ["--product", "us-cyanocobalamin-30mg-30ml"])],
)  # fmt: skip
def test_an_unusual_dose_is_answered(run: Command, dose: str, options: list[str]) -> None:
    assert run("dose", "--dose", dose, *options).code == 0


# -- library ---------------------------------------------------------------------------------------------------------


def test_the_list_holds_every_protocol_of_the_contract(run: Command) -> None:
    rows = {row["id"]: row for row in run("library", "list", "--json").document["protocols"]}
    expected = {
        "us-cn-pa", "us-oh-def", "us-bari-programme", "uk-bnf-noneuro", "uk-bnf-neuro", "uk-oh-smpc-neuro-min5014", "uk-ng239-oral",
        "uk-cks-diet-im", "uk-bshcov-diet", "ca-bc-oral", "au-gp", "nz-pan-optic", "eu-espen-ileum", "nl-ftk", "be-sterop-oral",
        "fr-infant-oral", "de-cn-1500", "ch-cn-amino-neuro", "no-inj", "hk-cn", "jp-me-oral", "in-iap22-par", "kr-gastrectomy",
        "asmbs-repletion", "article-a0-4", "article-a3-7", "uk-ng239", "se-upp24", "article-a4",
    }  # fmt: skip
    assert expected <= set(rows)
    assert {row["status"] for row in rows.values()} == {"current", "superseded", "withdrawn"}
    assert not rows["uk-ng239"]["offered"]
    british = run("library", "list", "--country", "GB", "--json").document["protocols"]
    assert {row["country"] for row in british} == {"GB"}
    text = run("library", "list").out
    assert all(row_id in text for row_id in rows)


OTHER_RECORDS = (AMPOULE, "us-cyanocobalamin-1mg-1ml", "cyanokit-5g", "ng239", "potassium", "neurological_involvement")


def test_every_record_can_be_shown(run: Command) -> None:
    ids = [row["id"] for row in run("library", "list", "--json").document["protocols"]]
    for record_id in (*ids, *OTHER_RECORDS):
        as_json = run("library", "show", record_id, "--json")
        assert as_json.code == 0, record_id
        assert as_json.document["id"] == record_id
        text = run("library", "show", record_id)
        assert (text.code, text.err) == (0, "")
        assert record_id in text.out


@pytest.mark.parametrize("record_id", OTHER_RECORDS)
def test_a_record_is_shown_in_words(run: Command, record_id: str) -> None:
    assert "{'" not in run("library", "show", record_id).out, "the program's own notation"


@pytest.mark.parametrize("record_id", ["nothing", "", "uk-bnf", "UK-BNF-NONEURO", "../protocols/uk-bnf-noneuro"])
def test_an_unknown_record_is_refused(run: Command, record_id: str) -> None:
    answer = run("library", "show", record_id)
    assert (answer.code, answer.out) == (3, "")
    assert "there is no such record" in answer.err


def test_the_shipped_library_has_no_faults(cobalamin: Command) -> None:
    answer = cobalamin("library", "check", "--json")
    assert answer.code == 0
    assert answer.document["faults"] == []


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of the library's YAML, to be changed."""
    return Path(shutil.copytree(data_folder(), tmp_path / "edition"))


def test_an_edition_with_a_changed_value_is_told_value_by_value(run: Command, edition: Path) -> None:
    shipped = data_folder()
    same = run("library", "diff", shipped, edition)
    assert (same.code, same.out) == (0, "0 changes\n")
    protocol = edition / "protocols" / "de-cn-1500.yaml"
    protocol.write_text(
        protocol.read_text("utf-8").replace("1500 ug", "1000 ug", 1).replace("1500 mcg", "1000 mcg", 1), "utf-8"
    )
    changes = run("library", "diff", edition, "--json").document["changes"]
    assert len(changes) >= 1
    assert {change["file"] for change in changes} == {"protocols/de-cn-1500.yaml"}
    assert {(change["old"][:4], change["new"][:4]) for change in changes} == {("1000", "1500")}


def test_an_edition_with_faults_is_refused_with_file_line_and_path(run: Command, edition: Path) -> None:
    protocol = edition / "protocols" / "uk-bnf-noneuro.yaml"
    protocol.write_text(protocol.read_text("utf-8") + "colour: blue\n", "utf-8")
    answer = run("library", "check", edition, "--json")
    assert answer.code == 3
    (fault,) = answer.document["faults"]
    assert fault["file"].endswith("protocols/uk-bnf-noneuro.yaml")
    assert fault["line"] == len(protocol.read_text("utf-8").splitlines())
    assert (fault["path"], "'colour'" in fault["message"]) == ("colour", True)
    assert f"{fault['file']}:{fault['line']}: colour: " in run("library", "check", edition).err


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"not JSON", b"\xff\xfe", b'{"documents": 7}', b'{"documents": {"a.yaml": {}}}']
)
def test_a_file_that_is_no_library_is_refused(run: Command, case_file: Callable[..., Path], content: bytes) -> None:
    file = case_file(content, "old.json")
    for arguments in (["diff", file], ["diff", data_folder(), file]):
        answer = run("library", *arguments)
        assert (answer.code, answer.out) == (3, "")
        assert str(file) in answer.err


@pytest.mark.parametrize("command", ["check", "diff"])
@pytest.mark.parametrize("folder", ["nowhere", "empty", "cases"])
def test_a_folder_that_is_no_library_is_refused(run: Command, tmp_path: Path, command: str, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "cases").mkdir()
    shutil.copy(example("vegan"), tmp_path / "cases")
    answer = run("library", command, tmp_path / folder)
    assert answer.code == 3
    assert "folder of a library" in answer.err or "can't be read" in answer.err or "missing" in answer.err


def test_a_compiled_library_can_be_compared(run: Command) -> None:
    compiled = data_folder().parent / "library.json"
    json.loads(compiled.read_text("utf-8"))
    assert run("library", "diff", compiled).out == "0 changes\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--strength", "1000 MCG/ML", "--dose", "1 MG"),
        ("--strength", "1000 mcg/mL", "--dose", "1000 MCG"),
        ("--strength", "1 MG/ML", "--dose", "1000 MICROGRAMS"),
    ],
)
def test_capitals_are_read(words: tuple[str, ...]) -> None:
    told = in_process("dose", *words)
    assert told.code == 0, told.err
    assert "1 mL" in told.out


@pytest.mark.parametrize(
    "text", ["1 mg every week, , ,", "1 mg every week,", ", 1 mg every week", "1 mg,, weekly", "1 mg weekly x 6; ; 1 mg monthly", "1 mg weekly x 6; "]
)  # fmt: skip
def test_a_regimen_with_an_empty_part_is_refused(text: str) -> None:
    told = in_process("simulate", "--scenario", text)
    assert told.code == 3
    assert "nothing stands before or after a" in told.err


def test_a_file_with_very_many_unknown_keys_is_told_in_a_hundred_lines(tmp_path: Path) -> None:
    keys = "".join(f"key{number}: 1\n" for number in range(5_000))
    (tmp_path / "case.yaml").write_text(f"cobalamin: 1\npatient: {{id: a}}\n{keys}")
    told = in_process("check", tmp_path / "case.yaml")
    assert told.code == 3
    lines = (told.out + told.err).splitlines()
    assert len(lines) < 110
    assert sum("4,900 more unknown keys" in line for line in lines) == 1


def test_very_many_faults_of_any_kind_end_with_how_many_more(tmp_path: Path) -> None:
    entries = "".join("  - {date: 2026-02-31, kind: hold}\n" for _ in range(150))
    (tmp_path / "case.yaml").write_text(f"cobalamin: 1\npatient: {{id: a}}\nrecord:\n{entries}")
    told = in_process("review", tmp_path / "case.yaml")
    assert told.code == 3
    assert "and 50 more faults" in told.err
    assert len(told.err.splitlines()) == 101
