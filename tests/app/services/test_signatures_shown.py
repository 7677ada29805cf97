"""Who has signed an entry stands wherever it is shown; a changed entry has lost it. Signatures stand in libraries of the tests' own."""

from __future__ import annotations

import json
import shutil
from contextlib import redirect_stdout
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from command_line import in_process

import cobalamin
from cobalamin.app.documents import library as library_documents
from cobalamin.app.paper.letter import letter_of
from cobalamin.app.paper.lines import Look
from cobalamin.app.paper.running import sheet_of_review
from cobalamin.app.paper.schedule import sheet_of_plan
from cobalamin.app.services.review_sheet import protocol_rows
from cobalamin.app.services.shipped import library as shipped
from cobalamin.app.services.signatures import standing_of
from cobalamin.app.terminal.printing import print_view
from cobalamin.app.views.builder import Extent, View
from cobalamin.app.views.first_screen import view_of_first_screen
from cobalamin.app.views.library import view_of_record
from cobalamin.app.views.plan import view_of_plan
from cobalamin.app.views.propose import view_of_proposal
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder
from hazards import hazard

ON, PROTOCOL = date(2026, 1, 5), "uk-bnf-noneuro"
WHO = {"name": "Ada Example", "role": "haematologist", "register": "a register of this test", "number": "0", "day": "2026-11-30"}  # fmt: skip
CASE = """cobalamin: 1
patient: {id: a, birth_date: 1958-03-02, sex: female, country: GB}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: absent
  anaemia: mild
  previous_treatment: none
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
"""
ACCEPTED = f"plan: {{protocol: {PROTOCOL}, version: %d, start: 2026-01-05, choices: {{maintenance_interval: 3 mo}}}}\n"
ALL = "Signed by haematologist, a register of this test, Mon 30 November 2026: all {rows} rows agreed."
NOBODY = "No clinician has signed this entry."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of the test's own, in which one protocol is signed."""
    made = tmp_path / "library"
    shutil.copytree(data_folder(), made)
    (made / "signatures").mkdir()
    sign(made, lambda _: "yes")
    return made


def sign(folder: Path, answer: Any) -> None:
    rows = protocol_rows(shipped(), shipped().protocol(PROTOCOL))
    told = [
        {"protocol": row.protocol, "digest": row.digest, "agree": answer(number), "change": "", "why": ""}
        for number, row in enumerate(rows)
    ]
    content = {"signature": 1, "by": WHO, "library": shipped().edition, "sheet": "0", "rows": told}
    (folder / "signatures" / "ada.json").write_text(json.dumps(content), "utf-8")


def changed(folder: Path) -> Library:
    """The library with another dose in the signed protocol."""
    file = folder / "protocols" / f"{PROTOCOL}.yaml"
    text = file.read_text("utf-8")
    assert text.count("dose: 1000 mcg") + text.count("dose: 1 mg") > 0
    file.write_text(text.replace("dose: 1000 mcg", "dose: 900 mcg").replace("dose: 1 mg", "dose: 900 mcg"), "utf-8")
    return cobalamin.library(folder)


def shown(view: View) -> str:
    with redirect_stdout(StringIO()) as out:
        print_view(view)
    return " ".join(out.getvalue().split())


def everywhere(library: Library) -> dict[str, str]:
    """What each answer says, as a person reads it."""
    case = cobalamin.read_case(CASE.encode(), library=library)
    version = library.protocol(PROTOCOL).version
    treated = cobalamin.read_case((CASE + ACCEPTED % version).encode(), library=library)
    proposal = cobalamin.propose(case, on=ON, library=library)
    plan = cobalamin.plan(case, PROTOCOL, start=ON, choices={"maintenance_interval": "3 mo"}, on=ON, library=library)
    review = cobalamin.review(treated, on=ON, library=library)
    look = Look(professional=True)
    return {
        "propose": shown(view_of_first_screen(proposal, case, library, False, "a.yaml")),
        "propose --all": shown(view_of_proposal(proposal, case, library, False, True)),
        "plan": shown(view_of_plan(plan, case, False, Extent(short=True, sources=False))),
        "plan --all": shown(view_of_plan(plan, case, False)),
        "show": shown(view_of_record(library, PROTOCOL)),
        "sheet": str(sheet_of_plan(library, case, plan, ON, look)["below"]),
        "running sheet": str(sheet_of_review(library, review, look)["below"]),
        "letter": str(letter_of(library, review, look)["sections"]),
    }


@hazard("H141")
def test_a_signature_stands_wherever_its_protocol_is_shown(folder: Path) -> None:
    library = cobalamin.library(folder)
    told = ALL.format(rows=len(protocol_rows(library, library.protocol(PROTOCOL))))
    for name, text in everywhere(library).items():
        assert told.replace("\u00a0", " ") in text.replace("\u00a0", " ").replace("\\xa0", " "), (name, text)
    assert "No clinician has signed off this software" in everywhere(library)["plan"]


@hazard("H141")
def test_a_changed_protocol_has_lost_it(folder: Path) -> None:
    for name, text in everywhere(changed(folder)).items():
        assert "Signed by haematologist" not in text, name
        said = "Signed by no clinician." if name == "propose" else NOBODY
        assert said in text.replace("\u00a0", " ").replace("\\xa0", " "), (name, text)


@hazard("H141")
def test_what_was_only_looked_through_is_not_called_signed(folder: Path) -> None:
    sign(folder, lambda number: "no" if number == 0 else "yes")
    library = cobalamin.library(folder)
    rows = len(protocol_rows(library, library.protocol(PROTOCOL)))
    for name, text in everywhere(library).items():
        flat = text.replace("\u00a0", " ").replace("\\xa0", " ")
        assert f"Looked through by haematologist, a register of this test, Mon 30 November 2026: {rows - 1} of {rows} rows agreed; not signed." in flat, name  # fmt: skip


@hazard("H141")
def test_documents_say_it_as_a_key(folder: Path) -> None:
    library = cobalamin.library(folder)
    case = cobalamin.read_case(CASE.encode(), library=library)
    proposal = json.loads(cobalamin.to_json(cobalamin.propose(case, on=ON, library=library)))
    signed = {option["protocol"]: option["signed"] for option in proposal["options"]}
    rows = len(protocol_rows(library, library.protocol(PROTOCOL)))
    expected = {"role": WHO["role"], "register": WHO["register"], "day": WHO["day"], "agreed": rows, "rows": rows, "in_force": True}  # fmt: skip
    assert signed.pop(PROTOCOL) == expected
    assert set(map(str, signed.values())) == {"None"}
    assert proposal["signed_off"] is False
    plan = cobalamin.plan(case, PROTOCOL, start=ON, choices={"maintenance_interval": "3 mo"}, on=ON, library=library)
    assert json.loads(cobalamin.to_json(plan))["signed"] == expected
    record = library_documents.record(library, PROTOCOL)
    assert not isinstance(record, dict)
    assert record.signed is not None
    after = changed(folder)
    assert standing_of(after, after.protocol(PROTOCOL)) is None


def test_a_file_among_the_signatures_that_is_none_is_refused(folder: Path) -> None:
    (folder / "signatures" / "ada.json").write_text("{}", "utf-8")
    run = in_process("library", "check", str(folder))
    assert run.code == 3
    assert "signatures/ada.json" in run.err
    assert "no signature file" in run.err


@hazard("H141")
def test_nothing_shipped_is_signed(tmp_path: Path) -> None:
    assert shipped().signatures == ()
    case = tmp_path / "a.yaml"
    case.write_text(CASE, "utf-8")
    proposal = in_process("propose", str(case), "--on", str(ON))
    assert "Signed by no clinician." in proposal.out
    assert len(proposal.out.splitlines()) <= 25
    assert in_process("propose", str(case), "--on", str(ON), "--all").out.count("clinician has") > 3
    options = in_process("propose", str(case), "--on", str(ON), "--json").document["options"]
    assert {option["signed"] for option in options} == {None}
