"""`library diff` reads as a change log for a clinician: what changed in dose, interval, people, status, level and source, in sentences."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Run

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder
from hazards import hazard

Command = Callable[..., Run]
Edit = Callable[..., None]


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """A copy of the library's YAML, to be changed: the newer edition."""
    return Path(shutil.copytree(data_folder(), tmp_path / "edition"))


@pytest.fixture
def edit(edition: Path) -> Edit:
    """Replace texts of a file of the newer edition; each must be there."""

    def replace(file: str, *pairs: tuple[str, str]) -> None:
        path = edition / file
        text = path.read_text("utf-8")
        for right, wrong in pairs:
            assert right in text, f"{file} no longer holds '{right}'"
            text = text.replace(right, wrong)
        path.write_text(text, "utf-8")

    return replace


@pytest.fixture
def says(run: Command, edition: Path, fits_schema: Callable[[str, Any], None]) -> Callable[[str], dict[str, list[str]]]:
    """The sentences about one protocol, by what they are about."""

    def of(name: str) -> dict[str, list[str]]:
        answer = run("library", "diff", data_folder(), edition, "--json").document
        fits_schema("library-diff", answer)
        (change,) = (each for each in answer["protocols"] if each["id"] == name)
        found: dict[str, list[str]] = {}
        for said in change["says"]:
            found.setdefault(said["part"], []).append(said["text"])
        return found

    return of


# (what changes, file, texts, what it is about, the sentence)
TOLD = [
    ("a dose", "uk-bnf-neuro", (("dose: 1000 mcg", "dose: 500 mcg"),), "dose",
     "Loading, dose was: 1 mg (1,000 micrograms). Now: 500 micrograms."),
    ("an interval", "uk-bnf-neuro", (("interval: 2 mo", "interval: 3 mo"),), "interval",
     "Maintenance, interval was: every 2 months. Now: every 3 months."),
    ("a range of an interval", "uk-bnf-noneuro", (("from: 2 mo, to: 3 mo", "from: 1 mo, to: 3 mo"),), "interval",
     "Maintenance, interval was: every 2 to 3 months. Now: every 1 to 3 months."),
    ("a substance", "uk-bnf-neuro", (("substance: hydroxocobalamin", "substance: cyanocobalamin"),), "substance",
     "Loading, substance was: hydroxocobalamin. Now: cyanocobalamin."),
    ("a route", "uk-bnf-neuro", (("routes: [intramuscular]", "routes: [intramuscular, subcutaneous]"),), "route",
     "Loading, route was: intramuscular. Now: intramuscular or subcutaneous."),
    ("an end", "uk-bnf-noneuro", (("ends: {by: duration, value: 2 wk}", "ends: {by: duration, value: 3 wk}"),), "end",
     "Loading, end was: for 2 weeks. Now: for 3 weeks."),
    ("for whom a phase is", "de-cn-1000", (("total_gastrectomy, ", ""),), "only_if", "Maintenance, for whom was: "),
    ("the people", "uk-bnf-oral-diet", (("population: adults with", "population: all adults with"),), "population",
     "Population was: adults with B12 deficiency from diet. Now: all adults with B12 deficiency from diet."),
    ("an age", "uk-bnf-oral-diet", (("from: 18 a", "from: 16 a"),), "for_whom", "Whom it is for was: "),
    ("the status", "ca-bc-oral", (("status: current", "status: withdrawn"),), "status", "Status was: current. Now: withdrawn."),
    ("whether it is offered", "ca-bc-oral", (("status: current", "status: withdrawn"),), "offered", "Offered was: yes. Now: no."),
    ("a level", "ca-bc-oral", (("cites: [mdedge]", "cites: [recalled]"),), "lowest_level",
     "Lowest level of checking was: secondary. Now: recalled."),
    ("a source", "za-stg", (("cites: [za-stg]", "cites: [za-stg, bmjbp]"),), "source", "Now also rests on: "),
    ("how long", "de-oral-1000", (("lifelong: cause", "lifelong: yes"),), "lifelong", "For life was: As long as the cause lasts. Now: yes."),
    ("a caveat", "us-oh-def", (("Considerably higher doses may be", "Much higher doses are"),), "caveat", "New caveat: Much higher doses are"),
    ("whom a caveat is for", "us-oh-def", (("when: {fact: cause, is: [pernicious_anaemia]}", "when: {fact: cause, is: [dietary]}"),), "caveat",
     "was for: cause pernicious anaemia. Now for: cause dietary."),
    ("a check", "us-oh-def", (("Potassium closely in the first 48 hours.", "Potassium daily for a week."),), "check",
     "New check: Potassium daily for a week."),
]  # fmt: skip


@hazard("H135")
@pytest.mark.parametrize(("what", "name", "texts", "part", "sentence"), TOLD, ids=[entry[0] for entry in TOLD])
def test_each_change_is_a_sentence(
    edit: Edit, says: Callable[[str], dict[str, list[str]]], what: str, name: str, texts: Any, part: str, sentence: str
) -> None:
    edit(f"protocols/{name}.yaml", *texts)
    assert any(sentence in text for text in says(name)[part]), what


@hazard("H54")
@hazard("H135")
def test_a_dose_that_changed_under_the_same_version_is_told_as_that(
    edit: Edit, says: Callable[[str], dict[str, list[str]]]
) -> None:
    edit("protocols/uk-bnf-neuro.yaml", ("dose: 1000 mcg", "dose: 500 mcg"))
    assert says("uk-bnf-neuro")["version"][0].startswith(
        "Doses or the people it is for changed under the same version number 1"
    )
    edit("protocols/uk-bnf-neuro.yaml", ("version: 1", "version: 2"))
    assert says("uk-bnf-neuro")["version"] == [
        "Version 2 takes the place of version 1; a plan goes on with the version that it names."
    ]


def test_a_new_title_is_no_other_treatment(edit: Edit, says: Callable[[str], dict[str, list[str]]]) -> None:
    edit("protocols/uk-bnf-neuro.yaml", ("title: ", "title: New "))
    assert set(says("uk-bnf-neuro")) == {"title"}


def test_a_phase_that_is_new_and_one_that_is_gone_are_told_with_their_regimen(
    edit: Edit, says: Callable[[str], dict[str, list[str]]]
) -> None:
    edit("protocols/uk-bnf-neuro.yaml", ("name: load", "name: initial"))
    assert says("uk-bnf-neuro")["phase"] == [
        "New phase initial: hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, on alternate days, until no further improvement.",
        "The phase loading is gone; it was hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, on alternate days, until no further improvement.",
    ]  # fmt: skip


@hazard("H135")
def test_new_and_gone_protocols_head_the_text(run: Command, edition: Path) -> None:
    (edition / "protocols" / "za-stg.yaml").rename(edition.parent / "za-stg.yaml")
    gone = run("library", "diff", data_folder(), edition).out
    assert re.search(r"Protocols that are gone\n  za-stg \(ZA\): .*\n    No longer in the library\.", gone)
    new = run("library", "diff", edition, data_folder()).out
    assert re.search(
        r"New protocols\n  za-stg \(ZA\): .*\n    New: guideline, current; lowest level secondary; offered: yes\.\n    For: adults",
        new,
    )
    assert "Loading 1: " in new
    assert new.rstrip().endswith("In all: protocols 1, other records 0, values 1. --json has every value.")


def test_a_band_a_rule_and_a_source_are_told_by_their_ids(
    run: Command, edition: Path, edit: Edit, fits_schema: Callable[[str, Any], None]
) -> None:
    edit("assessment/bands.yaml", ("{above: 300, means: high}", "{above: 350, means: high}"))
    edit("sources.yaml", ("Summary of NG239 for", "Digest of NG239 for"))
    answer = run("library", "diff", data_folder(), edition, "--json").document
    fits_schema("library-diff", answer)
    records = {row["id"]: row for row in answer["records"]}
    assert [row["old"] for row in records["mma-300"]["values"]] == ["300"]
    assert [row["path"] for row in records["ng239-nasgp"]["values"]] == ["title"]
    said = run("library", "diff", data_folder(), edition).out
    assert "Changed band mma-300: mma, INT, Herrmann and Obeid 2013" in said
    assert "bands[0].above was: 300. Now: 350." in said


def test_a_record_put_before_others_changes_none_of_them(run: Command, edition: Path, edit: Edit) -> None:
    edit(
        "thresholds.yaml",
        (
            "thresholds:\n",
            "thresholds:\n  - {id: first, laboratory: x, country: GB, marker: serum_b12, unit: ng/L, bands: [{below: 100, means: deficient}], cites: [ruh]}\n",
        ),
    )
    answer = run("library", "diff", data_folder(), edition, "--json").document
    assert [(row["id"], row["change"]) for row in answer["records"]] == [("first", "new")]
    assert [row["path"] for row in answer["changes"]] == ["thresholds[first]"]


@hazard("H135")
def test_an_edition_of_an_earlier_form_is_read_as_far_as_it_goes(run: Command, edition: Path) -> None:
    """Before its notes had kinds: doses are still told in sentences, and no note is told as new."""
    path = edition / "protocols" / "us-oh-def.yaml"
    text = re.sub(r"  - kind: \w+\n    text:", "  - text:", path.read_text("utf-8"))
    path.write_text(text.replace("dose: 30 mcg", "dose: 50 mcg"), "utf-8")
    (change,) = run("library", "diff", edition, "--json").document["protocols"]
    told = [said["text"] for said in change["says"]]
    assert "Initial, dose was: 50 micrograms. Now: 30 micrograms." in told
    assert not [text for text in told if "potassium" in text.lower()]


def test_a_protocol_that_cannot_be_read_is_told_value_by_value(run: Command, edition: Path) -> None:
    path = edition / "protocols" / "za-stg.yaml"
    path.write_text("protocol: za-stg\nphases: 7\n", "utf-8")
    said = run("library", "diff", edition).out
    assert "za-stg" in said
    assert run("library", "diff", edition).code == 0


def test_every_protocol_that_differs_has_a_sentence(run: Command, edition: Path, library: Library) -> None:
    for path in sorted((edition / "protocols").glob("*.yaml"))[::7]:
        path.write_text(path.read_text("utf-8").replace("1000 mcg", "900 mcg").replace("1 mo", "5 wk"), "utf-8")
    answer = run("library", "diff", data_folder(), edition, "--json").document
    changed = {Path(row["file"]).stem for row in answer["changes"] if row["file"].startswith("protocols/")}
    assert {row["id"] for row in answer["protocols"]} == changed
    assert changed
    assert all(row["says"] for row in answer["protocols"])


def test_windows_of_the_policy_and_checks_are_told(run: Command, edition: Path, edit: Edit) -> None:
    edit("policies/engineering-default.yaml", ("default", "usual"))
    said = run("library", "diff", data_folder(), edition).out
    assert "Windows, checks and rules of the program" in said
    assert "policies/engineering-default.yaml: " in said


def test_sentences_name_no_key_of_the_files(run: Command, edition: Path, edit: Edit) -> None:
    for name in ("uk-bnf-neuro", "de-cn-1000"):
        edit(f"protocols/{name}.yaml", ("1000 mcg", "900 mcg"))
    answer = run("library", "diff", data_folder(), edition, "--json").document
    told = [said["text"] for row in answer["protocols"] for said in row["says"]]
    assert told
    assert not [text for text in told if re.search(r"\w_\w|\[|\{", text)]
