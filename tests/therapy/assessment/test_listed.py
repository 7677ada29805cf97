"""Symptoms, signs and risk factors that guidelines name: what of them is recorded is shown, cited and decides nothing.

The expected entries were written from the sources' texts: the digest of NG239 for general practitioners (its box of risk factors), the
chapter on context of NG239, the key points of the BMJ summary, and the abstract of the American review of 2017.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from command_line import in_process

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder, reading_faults
from cobalamin.therapy.assessment.assessment import Assessment, assess
from cobalamin.therapy.vetting.vetting import vet
from hazards import hazard

ON = date(2026, 1, 5)
TIRED = "{date: 2025-12-01, kind: symptoms, tiredness: 6}"
LARGE = "{date: 2025-12-02, kind: result, marker: mcv, value: 104 fL, reference_range: 80-100 fL}"
LEVEL = "{date: 2025-12-02, kind: result, marker: serum_b12, value: 240 ng/L}"


def text_of(facts: str, *record: str, country: str = "GB", born: str = "1960-01-15") -> str:
    events = "".join(f"\n  - {event}" for event in record)
    head = (
        f"cobalamin: 1\npatient: {{id: a, birth_date: {born}, sex: female, country: {country}}}\nfacts: {{{facts}}}\n"
    )
    return head + (f"record:{events}\n" if events else "")


def assessed(library: Library, *args: str, **more: str) -> Assessment:
    return assess(library, read_case(text_of(*args, **more), "case.yaml", library), ON)


def found(assessment: Assessment) -> set[str]:
    return {entry.entry.id for each in assessment.listed.lists for entry in each.found}


@pytest.mark.parametrize(
    ("facts", "record", "entries"),
    [
        ("medicines: [metformin, ppi]", (), {"ng239-metformin", "ng239-ppi"}),
        ("vegan: present", (), {"ng239-diet"}),
        ("cause: bariatric_surgery", (), {"ng239-bariatric"}),
        ("nitrous_oxide_exposure: present", (), {"ng239-nitrous-oxide"}),
        ("anaemia: mild, neurological_involvement: present", (), {"ng239-anaemia", "ng239-nerves"}),
        ("vegan: absent, anaemia: none, neurological_involvement: absent", (), set()),
        ("", (TIRED, LARGE), {"ng239-fatigue", "ng239-macrocytosis"}),
        ("", ("{date: 2025-12-01, kind: symptoms, tiredness: 2}",), set()),
        ("", (TIRED, "{date: 2025-12-20, kind: symptoms, tiredness: 1}"), set()),
        ("", ("{date: 2024-12-01, kind: symptoms, tiredness: 8}",), set()),
        ("", ("{date: 2025-12-01, kind: symptoms, red_flags: [new_vision_loss]}",), {"ng239-vision"}),
        ("", ("{date: 2025-12-02, kind: result, marker: mcv, value: 104 fL}",), set()),
        ("", ("{date: 2025-12-02, kind: result, marker: mcv, value: 95 fL, reference_range: 80-100 fL}",), set()),
    ],
)  # fmt: skip
def test_what_is_recorded_of_a_list_is_named(
    library: Library, facts: str, record: tuple[str, ...], entries: set[str]
) -> None:
    assert found(assessed(library, facts, *record)) == entries


def test_each_country_reads_its_own_list_and_one_without_reads_all(library: Library) -> None:
    def lists(**more: str) -> list[str]:
        return [each.source.id for each in assessed(library, "medicines: [metformin]", **more).listed.lists]

    assert lists() == ["ng239-symptoms", "ng239-risk-factors"]
    assert lists(country="IE") == lists()
    assert lists(country="US") == ["ng239-symptoms", "aafp17-risk-factors"]
    assert lists(country="JP") == ["ng239-symptoms", "ng239-risk-factors", "aafp17-risk-factors"]
    assert lists(born="2015-01-15") == ["aafp17-risk-factors"]  # NG239 is for people over 16


@hazard("H87")
def test_a_test_is_offered_by_both_and_left_to_judgement_by_symptoms_alone(library: Library) -> None:
    both = assessed(library, "medicines: [metformin]", TIRED).listed.says
    assert both is not None
    assert both.of == ("symptoms", "risks")
    assert {cite.source for cite in both.cites} == {"bmj-nice24", "ng239-nasgp", "aafp25"}
    alone = assessed(library, "", TIRED).listed.says
    assert alone is not None
    assert "clinical judgement" in alone.text
    assert assessed(library, "medicines: [metformin]").listed.says is None
    assert assessed(library, "medicines: [metformin]", TIRED, LEVEL).listed.says is None
    assert assessed(library, "medicines: [metformin], deficiency: confirmed", TIRED).listed.says is None
    assert assessed(library, "medicines: [metformin], previous_treatment: maintenance", TIRED).listed.says is None


@hazard("H87")
def test_a_list_changes_no_step(library: Library) -> None:
    with_symptoms, without = (assessed(library, "vegan: present", *record) for record in ((TIRED,), ()))
    assert with_symptoms.steps == without.steps
    assert with_symptoms.issues == without.issues


@hazard("H87")
def test_every_entry_has_a_source_that_was_read(library: Library) -> None:
    entries = [entry for each in library.guideline_lists.lists for entry in each.entries]
    assert len(entries) > 30
    assert all(cite.level in ("primary", "secondary") for entry in entries for cite in entry.cites)
    assert all(entry.cites and entry.plain for entry in entries)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("        text: metformin\n", "        text: metformin\n        sore: [x]\n", "unknown key 'sore'"),
        ("        cites: [aafp17]\n      - id: aafp17-acid", "        cites: []\n      - id: aafp17-acid", "has no citation"),
        ("scores: [mood]", "scores: [moood]", "'moood' can't be recorded"),
        ("signs: [new_vision_loss]", "signs: [vision]", "'vision' can't be recorded"),
        ("id: aafp17-age", "id: aafp17-acid", "stands twice"),
        ("marker: mcv, side: above", "marker: mcv, side: large", "is not one of the allowed words"),
        ("when: {fact: vegan, is: [present]}\n        cites: [aafp17]", "when: {not: {fact: vegan, is: [never]}}\n        cites: [aafp17]", "allowed"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_refused_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = tmp_path / "library"
    shutil.copytree(data_folder(), folder)
    file = folder / "assessment" / "lists.yaml"
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), "utf-8")
    held = from_folder(folder)
    faults = reading_faults(held) or vet(held)[0]
    assert any(told in fault.message and fault.file == "assessment/lists.yaml" and fault.line for fault in faults)


def test_the_terminal_and_the_document_show_it(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(text_of("medicines: [metformin]", TIRED))
    short = in_process("assess", str(path), "--on", "2026-01-05").out
    said = " ".join(short.split())
    assert "Recorded of the risk factors that NICE NG239 names: metformin." in said
    assert "unexplained fatigue (tiredness 6 of 10 on Mon 1 December 2025)" in said
    assert "Not recorded: coeliac disease" not in said
    whole = " ".join(in_process("assess", str(path), "--on", "2026-01-05", "--all").out.split())
    assert "Not recorded: coeliac disease" in whole
    assert "Not recorded: radiotherapy of the abdomen or pelvis" in whole
    answer = json.loads(in_process("assess", str(path), "--on", "2026-01-05", "--json").out)
    assert [each["entry"] for each in answer["listed"]["lists"][1]["found"]] == ["ng239-metformin"]
    cited = {
        cite["source"] for each in answer["listed"]["lists"] for entry in each["found"] for cite in entry["citations"]
    }
    assert cited <= {source["id"] for source in answer["sources"]}


def test_a_list_opens_by_its_id() -> None:
    shown = in_process("library", "show", "ng239-risk-factors")
    assert shown.code == 0
    assert "family history" in shown.out
    assert "was not read" in shown.out
