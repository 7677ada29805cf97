"""`library=` is used all the way: with a library of one's own no function looks at the shipped one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest
from command_line import example
from sessions import PAGE

import cobalamin as b12
from cobalamin.app.services import shipped
from cobalamin.knowledge.loading import compile_text, data_folder, from_folder

NEW, START = date(2026, 1, 2), date(2026, 1, 5)
OWN, EDITION = "own-clinic", "our edition"
QUESTION = "Can our nurse give nothing by mouth?"
ISSUE = "Our words about tablets that are not enough."
STATEMENT = "Our clinic answers this with a sentence about zeppelins."
SOURCE = "Our source"
WHY = "the day our clinic chose"


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, (file.name, old)
    file.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library's files with a protocol of our own, other windows, and other words."""
    into = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(data_folder(), into)
    protocols = into / "protocols"
    shutil.copy(protocols / "uk-bnf-noneuro.yaml", protocols / f"{OWN}.yaml")
    changed(protocols / f"{OWN}.yaml", "protocol: uk-bnf-noneuro", f"protocol: {OWN}")
    changed(protocols / f"{OWN}.yaml", "per_week: 3", "per_week: 2")
    changed(into / "library.yaml", "edition: 2026.11", f"edition: {EDITION}")
    changed(into / "sources.yaml", "title: BNF dose change notice for hydroxocobalamin", f"title: {SOURCE}")
    changed(into / "words" / "en.yaml", "the start that was chosen", WHY)
    changed(into / "facts.yaml", "Is treatment by mouth impossible?", QUESTION)
    changed(into / "policies" / "engineering-default.yaml", "early: 14 d", "early: 20 d")
    precautions = (into / "precautions.yaml").read_text("utf-8")
    block = precautions.partition("- code: ORAL_INSUFFICIENT")[2].partition("- code: ")[0]
    text = next(line for line in block.splitlines() if line.lstrip().startswith("text: "))
    changed(into / "precautions.yaml", text, f'{text.partition("text: ")[0]}text: "{ISSUE}"')
    statement = next(
        file for file in sorted((into / "statements").glob("*.yaml")) if "- id: " in file.read_text("utf-8")
    )
    first = next(line for line in statement.read_text("utf-8").splitlines() if line.lstrip().startswith("text: "))
    changed(statement, first, f'{first.partition("text: ")[0]}text: "{STATEMENT}"')
    return into


@pytest.fixture(scope="module")
def own(folder: Path) -> b12.Library:
    return b12.library(folder)


@pytest.fixture
def not_the_shipped_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> NoReturn:
        raise AssertionError("the shipped library was looked at")

    monkeypatch.setattr(shipped, "library", refused)


def plan_of(protocol: str) -> dict[str, object]:
    choices = {"maintenance_interval": "3 mo"}
    return {
        "protocol": protocol,
        "version": 1,
        "start": START,
        "choices": choices,
        "accepted_by": "Dr A",
        "accepted_on": NEW,
    }


def case_tree(**parts: object) -> dict[str, object]:
    facts = {
        "deficiency": "confirmed",
        "cause": "pernicious_anaemia",
        "neurological_involvement": "absent",
        "previous_treatment": "none",
    }
    patient = {"id": "x", "birth_date": date(1958, 3, 2), "country": "GB"}
    return {"cobalamin": 1, "patient": patient, "facts": facts, **parts}


def running(own: b12.Library) -> b12.Case:
    doses = [
        {"date": day, "kind": "administration", "as_planned": True}
        for day in ("2026-01-05", "2026-01-08", "2026-01-12", "2026-01-15")
    ]
    return b12.read_case(case_tree(plan=plan_of(OWN), record=doses), library=own)


def document(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b12.to_json(answer))
    return found


def titles(answer: Any) -> list[str]:
    return [source["title"] for source in document(answer)["sources"]]


@pytest.mark.usefixtures("not_the_shipped_one")
class TestOnlyTheOwnLibraryIsLookedAt:
    def test_read_case_and_with_event_know_its_protocols(self, own: b12.Library) -> None:
        case = running(own)
        assert case.plan
        assert case.plan.protocol == OWN
        event = {"date": "2026-03-01", "kind": "plan", "protocol": OWN, "version": 1, "start": "2026-03-01"}
        assert b12.with_event(case, event, on="2026-03-01", library=own).record[-1].protocol == OWN

    def test_propose(self, own: b12.Library) -> None:
        proposal = b12.propose(b12.read_case(example("pernicious-anaemia"), library=own), on=NEW, library=own)
        assert OWN in [option.protocol.id for option in proposal.options]
        assert document(proposal)["library"] == EDITION
        assert any(SOURCE in title for title in titles(proposal))
        assert proposal.issues == ()
        assert ISSUE in {
            b12.in_words(issue.text, library=own) for option in proposal.options for issue in option.precautions
        }

    def test_plan(self, own: b12.Library) -> None:
        case = b12.read_case(case_tree(), library=own)
        plan = b12.plan(case, OWN, start=START, choices={"maintenance_interval": "3 mo"}, on=NEW, library=own)
        assert [str(item.on) for item in plan.items if item.kind == "dose"][:4] == [
            "2026-01-05",
            "2026-01-08",
            "2026-01-12",
            "2026-01-15",
        ]
        late = next(item for item in plan.items if item.phase == "maintenance" and item.kind == "dose")
        assert late.on
        assert late.bookable_from
        assert (late.on - late.bookable_from).days == 20, "the windows of its policy"
        assert document(plan)["library"] == EDITION
        assert any(SOURCE in title for title in titles(plan))

    def test_review_due_and_explain(self, own: b12.Library) -> None:
        review = b12.review(running(own), on="2026-02-01", library=own)
        assert [dose.timing for dose in review.evaluations] == ["on_time"] * 4
        assert document(review)["forecast"]["target"] == "2026-04-15"
        assert document(review)["forecast"]["bookable_from"] == "2026-03-26", "20 days before, as its policy says"
        assert document(review)["versions"]["library"] == EDITION
        due = b12.due(running(own), on="2026-02-01", if_given="2026-03-26", library=own)
        assert due.given
        assert due.given.evaluation.timing == "on_time"
        explained = b12.explain(running(own), "2026-04-15", on="2026-02-01", library=own)
        assert any(SOURCE in title for title in titles(explained))

    def test_compare_and_what_if(self, own: b12.Library) -> None:
        case = b12.read_case(case_tree(), library=own)
        comparison = b12.compare(case, [OWN, "uk-bnf-noneuro"], only=True, on=NEW, library=own)
        assert [each.figures.early.doses.least for each in comparison.compared if each.figures] == [4, 6]
        assert document(comparison)["library"] == EDITION
        answer = b12.what_if(case, on=NEW, library=own)
        assert QUESTION in [effect.question for effect in answer.effects]
        assert document(answer)["library"] == EDITION

    def test_simulate(self, own: b12.Library) -> None:
        simulation = b12.simulate(running(own), people=20, on="2026-02-01", library=own)
        assert [str(given.on) for given in simulation.given][:5] == [
            "2026-01-05",
            "2026-01-08",
            "2026-01-12",
            "2026-01-15",
            "2026-04-15",
        ]
        assert b12.simulate("1 mg every 8 weeks x 6", people=20, on=NEW, library=own).given

    def test_ask_and_schema(self, own: b12.Library) -> None:
        found = b12.ask("zeppelins", library=own)
        assert found.answers[0].passage.text == STATEMENT
        assert document(found)["library"] == EDITION
        assert OWN in json.dumps(b12.schema("case", library=own))

    def test_a_compiled_file_is_the_same_library(self, folder: Path, own: b12.Library, tmp_path: Path) -> None:
        file = tmp_path / "library.json"
        file.write_text(compile_text(from_folder(folder)), "utf-8")
        compiled = b12.library(str(file))
        case = b12.read_case(case_tree(), library=compiled)
        assert b12.to_json(b12.propose(case, on=NEW, library=compiled)) == b12.to_json(
            b12.propose(case, on=NEW, library=own)
        )


def test_without_it_the_shipped_library_answers(own: b12.Library) -> None:
    case = b12.read_case(example("pernicious-anaemia"))
    assert OWN not in [option.protocol.id for option in b12.propose(case, on=NEW).options]
    assert b12.propose(case, on=NEW).library is b12.library()
    with pytest.raises(b12.InputError, match=OWN):
        b12.read_case(case_tree(plan=plan_of(OWN)))
    assert OWN not in json.dumps(b12.schema("case"))
    assert b12.ask("zeppelins").empty


def test_a_document_is_rendered_by_the_library_that_answered(own: b12.Library) -> None:
    """A value of another edition can't come out under the shipped one's name."""
    case = b12.read_case(example("pernicious-anaemia"))
    for library, edition in ((own, EDITION), (None, b12.library().edition)):
        answers: list[Any] = [
            b12.propose(case, on=NEW, library=library), b12.plan(case, "uk-bnf-noneuro", on=NEW, library=library),
            b12.compare(case, on=NEW, library=library), b12.what_if(case, on=NEW, library=library),
            b12.ask("How often?", library=library),
        ]  # fmt: skip
        assert {document(answer)["library"] for answer in answers} == {edition}


def test_sentences_that_are_put_together_are_those_of_the_library_that_is_given(own: b12.Library) -> None:
    """As `library` and docs/python.md say; the words of a simulation are the shipped library's until they say otherwise."""
    case = b12.read_case(case_tree(), library=own)
    plan = b12.plan(case, OWN, start=START, choices={"maintenance_interval": "3 mo"}, on=NEW, library=own)
    assert WHY in {b12.in_words(item.why, library=own) for item in plan.items}
    assert "words of a simulation are still those of the shipped library" in " ".join(
        (b12.library.__doc__ or "").split()
    )
    assert "those of the shipped library" in PAGE.read_text("utf-8")


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        (lambda folder: (folder / "facts.yaml").write_text("facts: 7\n", "utf-8"), "facts"),
        (lambda folder: (folder / "library.yaml").unlink(), "library.yaml or sources.yaml is missing"),
        (lambda folder: changed(folder / "protocols" / f"{OWN}.yaml", "title:", "titel:"), "unknown key 'titel'"),
    ],
)
def test_a_broken_library_is_refused_with_its_faults(
    folder: Path, tmp_path: Path, break_it: Callable[[Path], object], told: str
) -> None:
    broken = tmp_path / "data"
    shutil.copytree(folder, broken)
    break_it(broken)
    with pytest.raises(b12.InputError, match=told) as refusal:
        b12.library(broken)
    assert refusal.value.faults
