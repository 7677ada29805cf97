"""A library with a wrong statement in it is refused; so is one that cannot be trusted for another reason."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cobalamin.app.documents import library as library_documents
from cobalamin.knowledge import loading as library_module
from cobalamin.knowledge.document import Document, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import COMPILED, compile_text, data_folder, from_folder, read_compiled, reading_faults
from cobalamin.knowledge.model import AllOf
from cobalamin.records import replace
from cobalamin.therapy.vetting.populations import caveat_faults
from cobalamin.therapy.vetting.vetting import vet
from hazards import hazard

# (what the secondary page says, file, right text, wrong text): the errors of misstatements.yaml.
WRONG = [
    ("drugs.com: first phase 1000 mcg", "protocols/us-cn-pa.yaml", "dose: 100 mcg", "dose: 1000 mcg"),
    ("drugs.com: maintenance 100-1000", "protocols/us-cn-pa.yaml", "dose: 100 mcg", "dose: {from: 100 mcg, to: 1000 mcg}"),
    ("drugs.com: every other day for 7 days", "protocols/us-cn-pa.yaml", "ends: {by: doses, value: 7}", "ends: {by: duration, value: 7 d}"),
    ("medicinenet: third phase 2-3 months", "protocols/us-cn-pa.yaml", "from: 2 wk, to: 3 wk", "from: 2 mo, to: 3 mo"),
    ("medicinenet: iron deficiency", "protocols/us-oh-def.yaml", "population: ", "population: for iron deficiency, "),
    ("medicinous: nerve damage 1 mcg", "protocols/cz-leciva-neuro.yaml", "dose: 1000 mcg", "dose: 1 mcg"),
    ("medicinous: transcobalamin deficiency 1 mcg", "protocols/cz-leciva-tc2.yaml", "dose: 1000 mcg", "dose: 1 mcg"),
    ("medicoreinc: every 2-3 weeks", "protocols/uk-oh-smpc-noneuro.yaml", "from: 2 mo, to: 3 mo", "from: 2 wk, to: 3 wk"),
    ("medicoreinc: every 8 weeks", "protocols/uk-oh-smpc-neuro.yaml", "interval: 2 mo", "interval: 8 wk"),
    ("medicoreinc: multitude", "protocols/uk-oh-smpc-neuro.yaml", "population: ", "population: a multitude of micrograms for "),
    ("droracle: 1000 mg", "protocols/uk-bnf-neuro.yaml", "dose: 1000 mcg", "dose: 1000 mg"),
    ("droracle: 1000 mg every other day", "protocols/eu-espen-def.yaml", "dose: 1000 mcg", "dose: 1000 mg"),
    ("droracle: MMA over 270 uM", "thresholds.yaml", "thresholds:\n", "thresholds:\n  - {id: wrong, laboratory: x, country: US, marker: mma, unit: umol/L, bands: [{above: 270, means: deficient}], cites: [aafp25]}\n"),
    ("droracle: breastfeeding 2.8 mg", "statements/ledger-a2.yaml", "text: ", "text: the need in breastfeeding is 2.8 mg a day; "),
    ("droracle: FDA schedule with 1000-2000", "protocols/us-cn-pa.yaml", "dose: 100 mcg", "dose: {from: 1000 mcg, to: 2000 mcg}"),
    ("droracle: 1000 mg in words", "protocols/uk-bnf-neuro.yaml", "population: ", "population: given 1000 mg every month, "),
    ("guidelinecentral: 350-500 mg daily", "protocols/asmbs-maintenance.yaml", "from: 350 mcg, to: 500 mcg", "from: 350 mg, to: 500 mg"),
    ("guidelinecentral: 1000 mg monthly", "protocols/asmbs-maintenance.yaml", "1000 mcg", "1000 mg"),
    ("SPS: over 12s", "guidance/uk-ng239.yaml", "over 16s", "over 12s"),
    ("lay page: stores of 3 grams", "statements/ledger-a1.yaml", "text: ", "text: the liver stores up to 3 grams; "),
    ("MIMS: UK and US schedules merged", "protocols/uk-oh-smpc-noneuro.yaml", "country: GB", "country: INT"),
    ("MIMS: US source in a UK label", "protocols/uk-oh-smpc-neuro.yaml", "cites: [emc31182", "cites: [us-oh, emc31182"),
    ("alpfmedical: doses in pg", "protocols/uk-bnf-neuro.yaml", "dose: 1000 mcg", "dose: 1000 pg"),
    ("metabolicum: 500 pg/mL in AAFP 2017", "thresholds.yaml", "thresholds:\n", "thresholds:\n  - {id: wrong, laboratory: x, country: US, marker: serum_b12, unit: pg/mL, bands: [{below: 500, means: deficient}], cites: [aafp17]}\n"),
    ("public code: 14685-2 as reticulocytes", "markers.yaml", '"14196-0"', '"14685-2"'),
    ("public code: 16695-9 as molar B12", "markers.yaml", '"14685-2"', '"16695-9"'),
    ("public code: 190634004 as folate deficiency", "codes.yaml", "name: vitamin B12 (cobalamin) deficiency", "name: folate deficiency"),
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def each_text_read_once() -> Iterator[None]:
    """All files of a copy but one are those of the library: what was read of them is shared, and nothing may change it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library_module, "read_document", cache(read_document))
        before = from_folder(data_folder()).digest
        yield
        assert from_folder(data_folder()).digest == before


def altered(tmp_path: Path, file: str, right: str, wrong: str) -> Path:
    """A copy of the library in which one text is replaced."""
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    text = (folder / file).read_text("utf-8")
    assert right in text, f"{file} no longer holds '{right}'"
    (folder / file).write_text(text.replace(right, wrong), "utf-8")
    return folder


@hazard("H01")
@hazard("H24")
@pytest.mark.parametrize(("said", "file", "right", "wrong"), WRONG, ids=[entry[0] for entry in WRONG])
def test_a_wrong_statement_of_a_secondary_page_is_refused(
    tmp_path: Path, said: str, file: str, right: str, wrong: str
) -> None:
    faults = library_documents.checked(altered(tmp_path, file, right, wrong)).faults
    assert [fault for fault in faults if fault.file.endswith(file)], said
    assert all(fault.message for fault in faults)


FORM = [
    ("a dead source id", "protocols/uk-bnf-neuro.yaml", "cites: [{source: erf", "cites: [nobody, {source: erf"),
    ("a raised level", "protocols/uk-bnf-neuro.yaml", "{source: erf, level: secondary}", "{source: bnf-pas, level: primary}"),
    ("an unknown key", "protocols/uk-bnf-neuro.yaml", "lifelong:", "life_long:"),
    ("a range that runs backwards", "protocols/uk-bnf-noneuro.yaml", "from: 2 mo, to: 3 mo", "from: 3 mo, to: 2 mo"),
    ("two spacings", "protocols/uk-bnf-noneuro.yaml", "per_week: 3", "per_week: 3\n    interval: 2 d"),
    ("an indication true of nobody known", "protocols/uk-bnf-noneuro.yaml", "indication:\n  all:", "indication:\n  not:\n   all:\n    - {all: [{fact: vegan, is: [present], cites: [erf]}, {fact: vegan, is: [absent], cites: [erf]}]}\nnotes_:\n  all:"),
    ("a phase behind one that never ends", "protocols/uk-bnf-noneuro.yaml", "ends: {by: duration, value: 2 wk}", "ends: {by: never}"),
    ("an alias of nothing", "protocols/article-a2-2.yaml", "same_as: uk-bnf-neuro", "same_as: uk-bnf-nothing"),
    ("a file under a wrong name", "protocols/uk-bnf-neuro.yaml", "protocol: uk-bnf-neuro", "protocol: uk-bnf-nervous"),
    ("a dead source of a statement", "statements/ledger-a2.yaml", "cites: [article-a2", "cites: [nobody, article-a2"),
    ("a threshold of no marker", "thresholds.yaml", "marker: serum_b12", "marker: vitamin_b12"),
    ("a response without a source", "response.yaml", "cites: [", "cites_: ["),
    ("a note without a kind", "protocols/us-oh-def.yaml", "  - kind: practice\n    text: In seriously", "  - text: In seriously"),
    ("a condition on a note that is no caveat", "protocols/us-oh-def.yaml", "  - kind: practice\n    text: In seriously", "  - kind: practice\n    when: {fact: anaemia, is: [severe]}\n    text: In seriously"),
    ("a part of no condition", "protocols/us-ped-pa.yaml", "  - kind: dose\n", "  - kind: dose\n    in_part: true\n"),
    ("adults without an age", "protocols/jp-me-oral.yaml", "    - {age: {from: 18 a}, cites: [jp-methy]}\n", ""),
    ("a cause that the population does not name", "protocols/uk-bnf-oral-diet.yaml", "is: [dietary]", "is: [dietary, coeliac_disease]"),
    ("a cause that the population may or may not mean", "protocols/nz-pan-proph.yaml", "kind: population, when: {fact: cause, is: [pernicious_anaemia, ", "kind: population, when: {fact: cause, is: ["),
    ("total resection without its fact", "protocols/uk-bnf-proph.yaml", "            - {fact: ileal_resection_extent, is: [total], cites: [{source: erf, level: secondary}]}\n", ""),
    ("a version that was not stored", "protocols/uk-bnf-proph.yaml", "version: 2", "version: 3"),
    ("an earlier version under a wrong name", "earlier/uk-bnf-proph-1.yaml", "version: 1", "version: 2"),
    ("an alias of another version", "protocols/article-a2-2.yaml", "version: 1", "version: 2"),
    ("a cause without words", "population_words.yaml", "  - {id: coeliac_disease, words: [coeliac]}\n", ""),
    ("a rule of the assessment without a citation", "assessment/rules.yaml", "    plain: \"This test supports a lack of vitamin B12.\"\n    cites: [holotc-mma, aafp25]\n", "    plain: \"This test supports a lack of vitamin B12.\"\n    cites: []\n"),
    ("a rule that suggests from memory", "assessment/rules.yaml", "    plain: \"This test supports a lack of vitamin B12.\"\n    cites: [holotc-mma, aafp25]\n", "    plain: \"This test supports a lack of vitamin B12.\"\n    cites: [recalled]\n"),
    ("a rule that suggests a value of no fact", "assessment/rules.yaml", "value: pernicious_anaemia", "value: pernicious"),
    ("a next test without a source", "assessment/rules.yaml", "{panel: [haemoglobin", "{panel_: [haemoglobin"),
    ("a band of MMA without its unit", "assessment/bands.yaml", "    unit: \"nmol/L\"\n", ""),
    ("a band in a unit of another marker", "assessment/bands.yaml", "nmol/L", "mmol/L"),
    ("a band without its owner", "assessment/bands.yaml", "    issuer: Herrmann and Obeid 2013, an algorithm of two steps\n", ""),
    ("a band without a citation", "assessment/bands.yaml", "    cites: [holotc-mma]\n", "    cites: []\n"),
    ("a threshold without its owner", "thresholds.yaml", "    issuer: NICE NG239\n    country: GB\n    ages_from: 16 a\n    marker: holotranscobalamin", "    country: GB\n    marker: holotranscobalamin"),
    ("a threshold without its unit", "thresholds.yaml", "    marker: holotranscobalamin\n    unit: \"pmol/L\"\n", "    marker: holotranscobalamin\n"),
    ("a follow-up without a citation", "assessment/rules.yaml", "they go on.\"\n    cites: [ng239-sps]", "they go on.\"\n    cites: []"),
    ("a next test without a citation", "assessment/rules.yaml", "plain: \"A test of the kidneys.\", cites: [mma-egfr, holotc-mma]", "plain: \"A test of the kidneys.\", cites: []"),
    ("a rule on a band that is not there", "assessment/rules.yaml", "bands: [nhg14-total-b12]", "bands: [nhg12-total-b12]"),
    ("a band of MMA without its owner", "assessment/bands.yaml", "    issuer: Notes for Danish doctors (laegenoter.dk)\n", ""),
    ("a band of homocysteine without its unit", "assessment/bands.yaml", "    marker: homocysteine\n    unit: \"umol/L\"\n", "    marker: homocysteine\n"),
    ("a laboratory's band without its laboratory", "assessment/bands.yaml", "    laboratory: Medlon\n", ""),
    ("a band a thousandfold", "assessment/bands.yaml", "above: 0.75, means: high", "above: 750, means: high"),
    ("words for children alone, and an adult's age", "protocols/za-stg.yaml", "population: adults with", "population: children with"),
    ("adults, with an age they must be below", "protocols/za-stg.yaml", "age: {from: 18 a}", "age: {below: 18 a}"),
    ("children, without an age", "protocols/us-ped-pa.yaml", "    - {age: {below: 18 a}, cites: [medsc-ref, medsc]}\n", ""),
    ("an age that the words do not have", "protocols/es-ob12-im.yaml", "of 65 years", "of 60 years"),
    ("an age of a range that the words do not have", "protocols/nl-vegan-child.yaml", "from 4 to 10 years", "from 5 to 10 years"),
    ("no nerves in the words, nerves in the criteria", "protocols/uk-bnf-noneuro.yaml", "neurological_involvement, is: [absent]", "neurological_involvement, is: [present]"),
    ("nerves in the words, none in the criteria", "protocols/uk-bnf-neuro.yaml", "neurological_involvement, is: [present]", "neurological_involvement, is: [absent]"),
    ("no deficiency in the words, a deficiency in the criteria", "protocols/uk-vegan-oral.yaml", "is: [excluded, indeterminate]", "is: [confirmed]"),
    ("a superseded text without what replaced it", "protocols/ca-bc-oral.yaml", "status: current", "status: superseded"),
    ("a current text that was replaced", "protocols/nl-nhg14.yaml", "status: superseded", "status: current"),
    ("a replacement that is not there", "protocols/nl-nhg14.yaml", "protocol: nl-nhg21", "protocol: nl-nhg31"),
    ("a replacement without a citation", "protocols/nl-nhg14.yaml", "  cites: [ftk-cy]\nindication", "  cites: []\nindication"),
    ("an old edition whose title is silent", "protocols/uk-bnfc-neuro.yaml", "BNF for Children 2011-2012", "BNF for Children"),
    ("a country of no list", "protocols/uk-bnf-neuro.yaml", "country: GB", "country: UK"),
    ("a source of no country", "sources.yaml", "country: SE\n", "country: SW\n"),
    ("a near country of no list", "practice.yaml", "country: IE", "country: EI"),
    ("a country twice", "countries.yaml", "code: AE", "code: AD"),
    ("a country with a known text and no citation", "countries.yaml", "    cites: [ru-kr536]\n", ""),
    ("an anchor", "protocols/uk-bnf-neuro.yaml", "version: 1", "version: &v 1"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "file", "right", "wrong"), FORM, ids=[entry[0] for entry in FORM])
def test_a_fault_of_form_is_named_with_file_line_and_path(
    tmp_path: Path, what: str, file: str, right: str, wrong: str
) -> None:
    faults = library_documents.checked(altered(tmp_path, file, right, wrong)).faults
    assert any(fault.file.endswith(file) and fault.line > 0 for fault in faults), what


def test_a_caveat_that_holds_for_nobody_known_is_refused(library: Library) -> None:
    """No criterion that can be written is true of nobody; the vetting does not rest on that."""
    protocol = library.protocol("us-oh-def")
    certain = replace(protocol, notes=(replace(protocol.notes[0], when=AllOf(())),))
    assert [path for path, _ in caveat_faults(certain)] == ["notes[0].when"]
    assert list(caveat_faults(protocol)) == []


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    folder = altered(tmp_path, "protocols/uk-bnf-neuro.yaml", "dose: 1000 mcg", "dose: 1000 pg")
    other = folder / "protocols/uk-bnf-proph.yaml"
    other.write_text(other.read_text("utf-8").replace("lifelong: cause", "lifelong: perhaps"), "utf-8")
    faults = library_documents.checked(folder).faults
    assert {Path(fault.file).name for fault in faults} >= {"uk-bnf-neuro.yaml", "uk-bnf-proph.yaml"}


def test_the_shipped_library_has_no_fault(library: Library) -> None:
    assert reading_faults(library) == []
    assert vet(library)[0] == []


def test_the_compiled_library_equals_the_yaml(library: Library) -> None:
    path = data_folder().parent / COMPILED
    assert path.read_text("utf-8") == compile_text(library), "run `cobalamin library compile`"


@hazard("H24")
def test_one_flipped_byte_changes_the_digest(library: Library) -> None:
    text = compile_text(library).replace('"1000 mcg"', '"1001 mcg"', 1)
    altered_documents = {file: document.tree for file, document in read_compiled(text).documents.items()}
    fresh = Library({file: Document(file, tree) for file, tree in altered_documents.items()})
    assert fresh.digest != library.digest


def test_the_library_is_read_in_any_folder(tmp_path: Path) -> None:
    shutil.copytree(data_folder(), tmp_path / "elsewhere")
    assert from_folder(tmp_path / "elsewhere").digest == from_folder(data_folder()).digest
