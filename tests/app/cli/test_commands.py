"""The commands as people and programs use them: exit codes, one JSON document, schemas, words for what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, EXAMPLES, START, Run, everything_in, example, nothing_written, settle

from hazards import hazard

PA = example("pernicious-anaemia")
QUARTERLY = ("--choose", "maintenance_interval=3 mo")
BNF = ("--protocol", "uk-bnf-noneuro")
ALLERGIC = (
    "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\n"
    "facts: {deficiency: confirmed, cause: not_found, neurological_involvement: absent, previous_treatment: none,\n"
    "  anaemia: none, vegan: absent, absorption: normal, allergy_cobalamin: present, allergy_cobalt: present,\n"
    "  none_of: [optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]}\n"
)

Command = Callable[..., Run]


def codes(answer: Run) -> dict[str, str]:
    """Code and severity of each issue of a document."""
    return {issue["code"]: issue["severity"] for issue in answer.document["issues"]}


def plan(run: Command, case: Path, *options: object) -> Run:
    return run("plan", case, *START, *DAY, *options)


# -- new, check, propose ---------------------------------------------------------------------------------------------


def test_a_new_case_is_checked_and_proposed_for(cobalamin: Command, tmp_path: Path) -> None:
    file = tmp_path / "anna.yaml"
    made = cobalamin("new", file, "--id", "anna", "--birth-date", "1958-03-02", "--sex", "female", "--country", "GB")
    assert (made.code, made.err) == (0, "")
    assert str(file) in made.out
    assert [path.name for path in tmp_path.iterdir()] == ["anna.yaml"]
    assert file.stat().st_mode & 0o077 == 0, "a case file is for its owner only"
    checked = cobalamin("check", file)
    assert (checked.code, checked.out, checked.err) == (0, f"{file}: no faults\n", "")
    proposed = cobalamin("propose", file, *DAY, "--json")
    assert proposed.code == 4
    assert proposed.document["options"] == []
    assert {"deficiency", "cause", "neurological_involvement"} <= {need["fact"] for need in proposed.document["needs"]}


def test_a_new_case_shows_every_fact_with_its_words_and_answers_none(run: Command, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    run("new", file)
    text = file.read_text("utf-8")
    facts = run("schema", "case").document["properties"]["facts"]["properties"]
    for name in facts:
        assert f"  # {name}: " in text, f"{name} is not offered, or it is answered before anybody asked"
    assert "country: GB" not in text.replace("# ", "")


@pytest.mark.parametrize("content", ["cobalamin: 1\npatient: {id: mine}\n", "", "no case at all\n"])
def test_new_never_overwrites(run: Command, case_file: Callable[..., Path], content: str) -> None:
    file = case_file(content)
    with nothing_written(file.parent):
        answer = run("new", file, "--id", "other")
    assert answer.code == 1
    assert "not overwritten" in answer.err


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        (["--birth-date", "1958-02-30"], "1958-02-30"),
        (["--birth-date", "02/03/1958"], "02/03/1958"),
        (["--country", "gb"], "'gb'"),
        (["--country", "GB\nfacts: {deficiency: confirmed}"], "two"),
        (["--sex", "woman"], "'woman'"),
        (["--id", "x" * 301], "300"),
    ],
)
def test_new_writes_nothing_that_check_refuses(run: Command, tmp_path: Path, options: list[str], shown: str) -> None:
    answer = run("new", tmp_path / "case.yaml", *options)
    assert everything_in(tmp_path) == {}
    assert answer.code in (2, 3)
    assert shown in answer.err


def test_new_needs_a_folder(run: Command, tmp_path: Path) -> None:
    answer = run("new", tmp_path / "nowhere" / "case.yaml")
    assert answer.code == 3
    assert everything_in(tmp_path) == {}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_has_options_and_fits_the_schema(
    run: Command, fits_schema: Callable[[str, Any], None], path: Path
) -> None:
    answer = run("propose", path, *DAY, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert answer.document["options"]
    assert answer.document["on"] == "2026-01-02"
    fits_schema("propose", answer.document)
    for flags in ([], ["--plain"], ["--all"], ["--plain", "--all"]):
        assert run("propose", path, *DAY, *flags).code == 0


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        pytest.param("", 4, id="nothing is known"),
        pytest.param("facts: {deficiency: confirmed, cause: dietary}\n", None, id="neurological signs are not known"),
        pytest.param("facts: {neurological_involvement: present, deficiency: suspected}\n", None, id="urgent"),
    ],
)
def test_propose_ends_with_4_exactly_when_there_is_no_option_and_something_to_ask(
    run: Command, case_file: Callable[..., Path], fits_schema: Callable[[str, Any], None], facts: str, code: int | None
) -> None:
    answer = run("propose", case_file(f"cobalamin: 1\npatient: {{id: x, country: GB}}\n{facts}"), *DAY, "--json")
    fits_schema("propose", answer.document)
    assert answer.code == (0 if answer.document["options"] else 4)
    assert code is None or answer.code == code
    assert answer.document["needs"]


@hazard("H07")
def test_propose_ends_with_1_when_no_protocol_fits_and_nothing_is_missing(
    run: Command, case_file: Callable[..., Path], fits_schema: Callable[[str, Any], None]
) -> None:
    answer = run("propose", case_file(ALLERGIC), *DAY, "--json")
    fits_schema("propose", answer.document)
    assert answer.code == 1
    assert answer.document["options"] == answer.document["needs"] == []
    assert codes(answer)["ALLERGY_COBALAMIN"] == "block"


# -- plan ------------------------------------------------------------------------------------------------------------


def test_a_plan_without_its_choices_says_which_are_missing(
    cobalamin: Command, fits_schema: Callable[[str, Any], None]
) -> None:
    answer = plan(cobalamin, PA, *BNF, "--json")
    assert answer.code == 4
    fits_schema("plan", answer.document)
    assert answer.document["needs"] == [{"choice": "maintenance_interval", "from": "2 mo", "to": "3 mo"}]
    assert answer.document["items"] == []


def test_a_choice_between_regimens_lists_its_options(run: Command, fits_schema: Callable[[str, Any], None]) -> None:
    answer = plan(run, PA, "--protocol", "nl-ftk", "--json")
    assert answer.code == 4
    fits_schema("plan", answer.document)
    needs = {need["choice"]: need for need in answer.document["needs"]}
    assert len(needs["maintenance_option"]["options"]) == 2
    assert set(needs["maintenance_option"]) == {"choice", "options"}


def test_a_plan_with_its_choices_has_dated_items(cobalamin: Command, fits_schema: Callable[[str, Any], None]) -> None:
    answer = plan(cobalamin, PA, *BNF, *QUARTERLY, "--json")
    assert (answer.code, answer.err) == (0, "")
    fits_schema("plan", answer.document)
    assert "needs" not in answer.document
    doses = [item["on"] for item in answer.document["items"] if item["kind"] == "dose"]
    assert doses[:7] == [
        "2026-01-05", "2026-01-07", "2026-01-09", "2026-01-12", "2026-01-14", "2026-01-16", "2026-04-16",
    ]  # fmt: skip
    assert answer.document["choices"] == {"maintenance_interval": "3 mo"}


def test_every_protocol_answers_a_plan_as_the_schema_says(
    run: Command, fits_schema: Callable[[str, Any], None]
) -> None:
    """Without its choices and with them; only guidance and what was withdrawn is refused."""
    for row in run("library", "list", "--json").document["protocols"]:
        if row["kind"] == "guidance" or row["status"] == "withdrawn":
            continue
        first = plan(run, PA, "--protocol", row["id"], "--json")
        chosen, settled = settle(PA, row["id"])
        for answer in (first, settled):
            fits_schema("plan", answer.document)
            assert answer.code == (4 if answer.document.get("needs") else 0), row["id"]
        assert bool(chosen) == any("choice" in need for need in first.document.get("needs", [])), row["id"]
        assert bool(settled.document["items"]) == (settled.code == 0), row["id"]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ([*BNF, "--choose", "maintenance_interval=6 mo"], ["'6 mo'", "2 mo", "3 mo"]),
        ([*BNF, "--choose", "maintenance_interval=1 mo"], ["'1 mo'", "2 mo", "3 mo"]),
        ([*BNF, "--choose", "maintenance_interval=bi-monthly"], ["bi-monthly", "12 wk"]),
        ([*BNF, "--choose", "maintenance_interval=3"], ["'3'"]),
        ([*BNF, "--choose", "maintenance_interval="], ["maintenance_interval="]),
        ([*BNF, *QUARTERLY, "--choose", "maintenance_interval=2 mo"], ["maintenance_interval", "twice"]),
        ([*BNF, "--choose", "maintenance_dose=1 mg"], ["maintenance_dose", "maintenance_interval"]),
        ([*BNF, "--choose", "favourite=3 mo"], ["favourite", "maintenance_interval"]),
        (["--protocol", "nl-ftk", "--choose", "maintenance_option=weekly"], ["'weekly'", "maintenance_option"]),
        (["--protocol", "uk-oh-smpc-noneuro", "--choose", "load_1_dose=2 mg"], ["'2 mg'", "load_1_dose"]),
        (["--protocol", "uk-oh-smpc-noneuro", "--choose", "load_1_dose=1,000 mcg"], ["1,000 mcg", "1000 mcg"]),
        (["--protocol", "uk-oh-smpc-noneuro", "--choose", "load_1_dose=250"], ["250"]),
        (["--protocol", "uk-bshcov-diet"], ["uk-bshcov-diet", "withdrawn"]),
        (["--protocol", "uk-ng239"], ["uk-ng239", "guidance"]),
        (["--protocol", "article-a4"], ["article-a4", "guidance"]),
        (["--protocol", "uk-bnf-nonero"], ["uk-bnf-nonero"]),
        ([*BNF, *QUARTERLY, "--start", "1958-03-01"], ["1958-03-01", "1958-03-02", "before"]),
        ([*BNF, *QUARTERLY, "--start", "2026-02-30"], ["--start", "2026-02-30"]),
        ([*BNF, *QUARTERLY, "--on", "1/2/26"], ["--on", "1/2/26"]),
        ([*BNF, *QUARTERLY, "--product", "hydroxocobalamin"], ["hydroxocobalamin", "gb-hydroxocobalamin-1mg-1ml"]),
        ([*BNF, *QUARTERLY, "--policy", "nowhere.yaml"], ["nowhere.yaml"]),
        ([*BNF, *QUARTERLY, "--policy", str(PA)], [str(PA)]),
    ],
)
def test_a_plan_that_can_not_be_asked_for_is_refused_with_what_is_allowed(
    run: Command, options: list[str], shown: list[str]
) -> None:
    answer = plan(run, PA, *options)
    assert answer.code == 3
    assert answer.out == ""
    for part in shown:
        assert part in answer.err
    as_json = plan(run, PA, *options, "--json")
    assert as_json.code == 3
    assert as_json.err == answer.err
    assert [set(fault) for fault in as_json.faults] == [{"file", "line", "path", "message"}] * len(as_json.faults)


def test_an_earlier_edition_can_be_planned_and_says_so(run: Command, fits_schema: Callable[[str, Any], None]) -> None:
    _, answer = settle(PA, "uk-bsh14-noneuro")
    assert answer.code == 0
    fits_schema("plan", answer.document)
    assert codes(answer)["EDITION_SUPERSEDED"] == "note"
    assert answer.document["status"] == "superseded"


@pytest.mark.parametrize(
    ("case", "protocol", "product", "code"),
    [
        pytest.param("pernicious-anaemia", "uk-bnf-noneuro", "cyanokit-5g", "ANTIDOTE_PRODUCT", marks=hazard("H04")),
        pytest.param("pernicious-anaemia", "jp-me-megalo", "au-mecobalamin-10mg-2ml", "DOSE_IMPLAUSIBLE", marks=hazard("H03")),
        pytest.param("pernicious-anaemia", "uk-bnf-noneuro", "au-mecobalamin-10mg-2ml", "DOSE_IMPLAUSIBLE", marks=hazard("H03")),
        pytest.param("leber-us", "us-cn-pa", "", "LEBER_CYANOCOBALAMIN", marks=hazard("H22")),
        pytest.param("leber-gb", "us-cn-pa", "", "LEBER_CYANOCOBALAMIN", marks=hazard("H22")),
    ],
)  # fmt: skip
def test_what_must_not_be_given_blocks_the_plan(
    run: Command,
    fits_schema: Callable[[str, Any], None],
    case: str,
    protocol: str,
    product: str,
    code: str,
) -> None:
    options = ["--product", product] if product else []
    chosen, answer = settle(example(case), protocol, *options)
    assert answer.code == 1
    fits_schema("plan", answer.document)
    assert codes(answer)[code] == "block"
    assert answer.document["items"] == [], "a blocked plan shows no dates to follow"
    text = plan(run, example(case), "--protocol", protocol, *options, *chosen)
    assert text.code == 1
    assert text.out.startswith("STOP: ")
    assert f"({code})" in text.out
    assert "2026-01-05" not in text.out


@hazard("H22")
def test_a_missing_choice_wins_over_a_block_and_the_block_is_shown_too(run: Command) -> None:
    answer = plan(run, example("leber-us"), "--protocol", "us-cn-pa", "--json")
    assert answer.code == 4
    assert answer.document["needs"]
    assert codes(answer)["LEBER_CYANOCOBALAMIN"] == "block"


@pytest.mark.parametrize(
    ("months", "code"), [("1", 0), ("480", 0), ("0", 2), ("481", 2), ("-3", 2), ("1.5", 2), ("a", 2)]
)
def test_a_plan_reaches_as_far_as_asked(run: Command, months: str, code: int) -> None:
    answer = plan(run, PA, *BNF, *QUARTERLY, "--months", months, "--json")
    assert answer.code == code
    if code == 0:
        last = max(item["on"] for item in answer.document["items"] if item["kind"] == "dose")
        assert last <= {"1": "2026-02-05", "480": "2066-01-05"}[months]
        assert last >= {"1": "2026-01-16", "480": "2065-10-01"}[months]


# -- usage -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        [], ["library"], ["cure"], ["--colour"], ["new"], ["check"], ["propose"], ["plan", "x.yaml"], ["plan", "x.yaml", "--start", "2026-01-05"],
        ["accept", "x.yaml", "--protocol", "a", "--start", "2026-01-05"], ["dose"], ["schema"], ["library", "show"], ["library", "burn"],
        ["propose", "x.yaml", "--loud"], ["propose", "x.yaml", "y.yaml"], ["plan", "x.yaml", "--protocol"], ["demo", "--json"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_with_2_and_writes_nothing(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = run(*arguments)
    assert answer.code == 2
    assert everything_in(tmp_path) == {}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["propose", "--help"], ["library", "--help"], ["library", "diff", "--help"]]
)
def test_help_is_an_answer(run: Command, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert (answer.code, answer.err) == (0, "")
    assert "Usage: cobalamin" in answer.out


# -- schema, library, demo -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["case", "propose", "plan", "dose", "check"])
def test_each_schema_is_a_schema_of_its_document(
    run: Command, fits_schema: Callable[[str, Any], None], case_file: Callable[..., Path], name: str
) -> None:
    answer = run("schema", name)
    assert (answer.code, answer.err) == (0, "")
    assert answer.document["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    with pytest.raises(AssertionError):
        fits_schema(name, {"what": "ever"})
    if name == "check":
        fits_schema(name, run("check", PA, "--json").document)
        fits_schema(name, run("check", case_file("cobalamin: 3\n"), "--json").document)


@pytest.mark.parametrize("name", ["nothing", "", "Case", "case ", "../case"])
def test_an_unknown_schema_is_refused_with_the_known_ones(run: Command, name: str) -> None:
    answer = run("schema", name)
    assert (answer.code, answer.out) == (3, "")
    for known in ("case", "propose", "plan", "dose", "check"):
        assert known in answer.err


def test_the_demonstration_plays_to_its_end(cobalamin: Command, tmp_path: Path) -> None:
    for flags in ([], ["--plain"]):
        answer = cobalamin("demo", *flags, folder=tmp_path)
        assert (answer.code, answer.err) == (0, "")
        for part in (
            "$ cobalamin propose",
            "$ cobalamin accept",
            "Mon 5 January 2026",
            "1 mg (1,000 micrograms)",
            "credited, late",
        ):
            assert part in answer.out
        assert "reason to stop" in answer.out.split("$ cobalamin record")[-1]
        assert 50 <= len(answer.out.splitlines()) <= 65
    assert everything_in(tmp_path) == {}


def test_every_json_document_is_the_only_thing_on_standard_output(run: Command, case_file: Callable[..., Path]) -> None:
    bad = case_file("cobalamin: 7\n")
    for arguments in (
        ["check", PA], ["check", bad], ["propose", PA, *DAY], ["propose", bad, *DAY], ["plan", PA, *BNF, *START, *DAY],
        ["plan", bad, *BNF, *START, *DAY], ["plan", PA, *BNF, *START, "--on", "x"], ["dose", "--dose", "1 mg", "--strength", "1 mg/mL"],
        ["dose", "--dose", "1", "--strength", "1 mg/mL"], ["library", "list"], ["library", "show", "uk-bnf-noneuro"], ["library", "show", "x"],
        ["library", "check"], ["library", "diff", bad.parent / "nowhere"], ["accept", bad, *BNF, *START, *DAY, "--by", "me"],
    ):  # fmt: skip
        answer = run(*arguments, "--json")
        assert answer.out.endswith("}\n"), arguments
        assert isinstance(json.loads(answer.out), dict), arguments
        assert bool(answer.err) == (answer.code == 3 and arguments[0] != "check"), arguments
