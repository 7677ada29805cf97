"""What the clinical audit of the library found encoded otherwise than its sources say, row by row, and the versions before.

A published version never changes: the earlier one stays in the library, because plans pin it and are judged by it.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import EARLIER, Library
from cobalamin.knowledge.model import Phase
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN
from cobalamin.therapy.proposal.proposal import propose
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.review import review
from hazards import hazard

ON = date(2026, 1, 5)
CHILD, ADULT = date(2020, 1, 1), date(1958, 3, 2)
Build = Callable[..., Case]
PROPHYLAXIS = {"deficiency": "excluded", "neurological_involvement": "absent", "anaemia": "none"}
TREATED = {"deficiency": "confirmed", "neurological_involvement": "absent", "anaemia": "mild"}
NERVES = {"deficiency": "confirmed", "neurological_involvement": "present", "anaemia": "mild"}


def truths(library: Library, name: str, case: Case) -> list[str]:
    """Whether version 1 and the newest are for this person."""
    facts = facts_of(case, ON)
    return [evaluate(each.indication, facts).value for each in (library.pinned(name, 1), library.protocol(name))]


def phase_of(library: Library, name: str, phase: str, version: int) -> Phase:
    return next(each for each in library.pinned(name, version).phases if each.name == phase)


# -- whom it is for --------------------------------------------------------------------------------------------------


@hazard("H52")
@pytest.mark.parametrize(
    ("extent", "then_and_now"),
    [("total", ["true", "true"]), ("partial", ["true", "false"]), (None, ["true", "unknown"])],
)
@pytest.mark.parametrize(("name", "born"), [("uk-bnf-proph", ADULT), ("uk-bnfc-proph", CHILD)])
def test_prevention_after_total_resection_of_the_ileum_is_for_just_that(
    library: Library, patient: Build, name: str, born: date, extent: str | None, then_and_now: list[str]
) -> None:
    known = {"ileal_resection_extent": extent} if extent else {}
    case = patient(born=born, cause="ileal_resection", **PROPHYLAXIS, **known)
    assert truths(library, name, case) == then_and_now


@pytest.mark.parametrize("name", ["au-vitab12-proph", "nz-pan-proph", "hk-cn"])
def test_labels_that_do_not_name_ileal_resection_no_longer_count_it_in(
    library: Library, patient: Build, name: str
) -> None:
    resected = patient(cause="ileal_resection", vegan="absent", **PROPHYLAXIS)
    assert truths(library, name, resected) == ["true", "false"]
    for cause in ("total_gastrectomy", "dietary", "other_malabsorption"):
        assert truths(library, name, patient(cause=cause, **PROPHYLAXIS)) == ["true", "true"]


@hazard("H52")
@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("nl-ftk", TREATED), ("be-sterop-uncomplicated", TREATED), ("be-sterop-complicated", NERVES),
        ("be-sterop-oral", {**TREATED, "cause": "dietary"}), ("be-sterop-prevention", {**PROPHYLAXIS, "cause": "dietary"}),
        ("jp-me-megalo", TREATED), ("jp-me-neuropathy", NERVES), ("jp-me-oral", NERVES),
    ],
)  # fmt: skip
def test_texts_for_adults_are_no_longer_offered_to_children(
    library: Library, patient: Build, name: str, facts: dict[str, str]
) -> None:
    assert truths(library, name, patient(born=CHILD, **facts)) == ["true", "false"]
    assert truths(library, name, patient(born=ADULT, **facts)) == ["true", "true"]
    assert truths(library, name, patient(born=None, **facts)) == ["true", "unknown"]


def test_the_nasal_form_also_prevents_where_the_need_is_raised(library: Library, patient: Build) -> None:
    pregnant = patient(**{**PROPHYLAXIS, "pregnancy": "pregnant"}, cause="dietary")
    assert truths(library, "us-cn-nasal", pregnant) == ["false", "true"]
    assert truths(library, "us-cn-nasal", patient(**PROPHYLAXIS, cause="dietary")) == ["false", "false"]
    assert phase_of(library, "us-cn-nasal", "maintenance", 2).end.wording == "for life unless the cause is corrected"


def test_imerslund_disease_is_asked_by_its_name(library: Library, patient: Build) -> None:
    imerslund = patient(born=CHILD, cause="inborn_error", inborn_error_kind="imerslund_grasbeck", **TREATED)
    assert truths(library, "fr-cn-malabs", imerslund) == ["false", "true"]
    assert truths(library, "fr-cn-malabs", patient(cause="other_malabsorption", **TREATED)) == ["true", "false"]


def test_beta_synthase_deficiency_is_asked_by_its_name(library: Library, patient: Build) -> None:
    for kind, now in (("cbs", "true"), ("cblc", "false")):
        case = patient(born=CHILD, cause="inborn_error", inborn_error_kind=kind)
        assert truths(library, "nl-kf-cbs", case) == ["true", now]


# -- when the maintenance applies ------------------------------------------------------------------------------------

MALABSORPTION = {"cause": "coeliac_disease"}
PERNICIOUS = {"cause": "pernicious_anaemia"}
DIET = {"cause": "dietary", "absorption": "normal"}


@hazard("H52")
@pytest.mark.parametrize(
    ("name", "facts", "holds"),
    [
        *((name, facts, holds) for name in ("de-cn-1500", "ch-cn-noneuro", "ch-cn-neuro")
          for facts, holds in ((MALABSORPTION, TRUE), (PERNICIOUS, TRUE), (DIET, FALSE), ({"absorption": "impaired"}, TRUE), ({}, UNKNOWN))),
        *((name, facts, holds) for name in ("ch-cn-amino-noneuro", "ch-cn-amino-neuro")
          for facts, holds in ((PERNICIOUS, TRUE), (MALABSORPTION, FALSE), (DIET, FALSE), ({}, UNKNOWN))),
    ],
)  # fmt: skip
def test_the_monthly_doses_are_for_those_for_whom_the_label_gives_them(
    library: Library, patient: Build, name: str, facts: dict[str, str], holds: object
) -> None:
    facts_known = facts_of(patient(**TREATED, **facts), ON)
    assert phase_of(library, name, "maintenance", 1).only_if is None
    assert evaluate(phase_of(library, name, "maintenance", 2).only_if, facts_known) is holds


def test_labels_of_one_family_have_the_same_condition(library: Library, patient: Build) -> None:
    """de-cn-1000 had it right; its sister did not."""
    for facts in (MALABSORPTION, PERNICIOUS, DIET, {}):
        known = facts_of(patient(**TREATED, **facts), ON)
        one, other = (
            phase_of(library, name, "maintenance", library.protocol(name).version)
            for name in ("de-cn-1000", "de-cn-1500")
        )
        assert evaluate(one.only_if, known) is evaluate(other.only_if, known)


# -- substance and route ---------------------------------------------------------------------------------------------


@hazard("H53")
def test_the_norwegian_depot_doses_are_never_given_as_plain_cyanocobalamin(library: Library, patient: Build) -> None:
    assert phase_of(library, "no-inj", "maintenance", 1).options[0].substances == ("cyanocobalamin",)
    newest = library.protocol("no-inj")
    assert newest.status == "superseded"
    assert [phase.substances for phase in newest.phases] == [(), ("hydroxocobalamin",)]
    assert any("off the market since 1 March 2014" in note.text for note in newest.notes if note.kind == "availability")
    answer = propose(library, patient(country="NO", **PERNICIOUS, **TREATED), ON)
    assert "no-inj" not in [option.protocol.id for option in answer.options]
    assert answer.options[0].protocol.id == "no-oral"


def test_the_australian_notes_name_substance_and_route(library: Library, patient: Build) -> None:
    assert all(phase.substances == () for phase in library.pinned("au-gp", 1).phases)
    assert all(
        (phase.substances, phase.routes) == (("hydroxocobalamin",), ("intramuscular",))
        for phase in library.protocol("au-gp").phases
    )
    answer = propose(library, patient(country="AU", **PERNICIOUS, **NERVES), ON)
    assert "au-gp" in [option.protocol.id for option in answer.options]


def test_what_only_a_machine_written_page_quotes_stays_not_stated(library: Library) -> None:
    for name in ("uk-bomss-neuro", "uk-bomss-noneuro"):
        protocol = library.protocol(name)
        assert all(not phase.dose.stated and not phase.substances for phase in protocol.phases)
        assert any("machine-written page" in note.text for note in protocol.notes)


# -- the versions before ---------------------------------------------------------------------------------------------


def _meaning(tree: Tree) -> str:
    """The digest of a version without the kinds of its notes: to type a note is no new version."""
    notes = [{key: note[key] for key in ("text", "plain", "cites") if key in note} for note in tree.get("notes", [])]
    canonical = json.dumps({**tree, "notes": notes}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@hazard("H54")
def test_a_published_version_never_changes(library: Library) -> None:
    with (Path(__file__).parent / "earlier.csv").open(newline="", encoding="utf-8") as handle:
        published = {
            f"{EARLIER}{row['protocol']}-{row['version']}.yaml": row["digest"] for row in csv.DictReader(handle)
        }
    stored = {file: document.tree for file, document in library.documents.items() if file.startswith(EARLIER)}
    assert {file: _meaning(tree) for file, tree in stored.items()} == published


PINNED = """
cobalamin: 1
patient: {{id: pinned, birth_date: 1958-03-02, sex: female, country: "NO"}}
facts: {{deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none}}
plan:
  protocol: no-inj
  version: {version}
  start: 2026-01-05
  choices: {{{choices}}}
  policy: engineering-default
record:
  - {{date: 2026-01-05, kind: administration, as_planned: true}}
  - {{date: 2026-01-12, kind: administration, as_planned: true}}
  - {{date: 2026-01-19, kind: administration, as_planned: true}}
  - {{date: 2026-01-26, kind: administration, as_planned: true}}
"""


@hazard("H54")
@pytest.mark.parametrize(
    ("version", "choices", "due", "codes"),
    [
        (
            1,
            "maintenance_option: cyanocobalamin",
            date(2026, 4, 26),
            {"EDITION_SUPERSEDED"},
        ),  # 3 months after the last dose
        (1, "maintenance_option: hydroxocobalamin", date(2026, 3, 26), {"EDITION_SUPERSEDED"}),
        (2, "load_substance: hydroxocobalamin", date(2026, 3, 26), {"EDITION_SUPERSEDED"}),
    ],
)
def test_a_plan_is_judged_by_the_version_it_pins(
    library: Library, version: int, choices: str, due: date, codes: set[str]
) -> None:
    case = read_case(PINNED.format(version=version, choices=choices).encode(), "pinned.yaml", library)
    answer = review(library, case, date(2026, 1, 27))
    assert answer.outlook.dates is not None
    assert to_date(answer.outlook.dates.target) == due
    assert codes <= {issue.code for issue in answer.issues}


def test_choices_are_checked_against_the_version_that_is_pinned(library: Library) -> None:
    with pytest.raises(InputError, match="maintenance_option"):
        read_case(
            PINNED.format(version=2, choices="maintenance_option: cyanocobalamin").encode(), "pinned.yaml", library
        )
