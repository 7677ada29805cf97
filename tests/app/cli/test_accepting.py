"""`accept` writes into a case file: the plan, who accepted it, what was acknowledged, and nothing else; or nothing at all."""

from __future__ import annotations

import fcntl
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import DAY, START, Run, nothing_written, settle

from hazards import hazard
from processes import BOUND, line_of, started

Command = Callable[..., Run]
BNF = ("--protocol", "uk-bnf-noneuro", *START, *DAY, "--choose", "maintenance_interval=3 mo")
BY = ("--by", "Dr A. Example")
ASKED = "none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]"
NOTED = """# kept: the first line
cobalamin: 1   # kept: beside a value
patient: {id: "0042", birth_date: 1958-03-02, country: GB}

facts:
  # kept: above a fact
  deficiency: confirmed
  cause:   pernicious_anaemia      # kept: with its spaces
  neurological_involvement: absent
  anaemia: severe
  previous_treatment: none
  """ + ASKED + """

record:
  - {date: 2025-12-29, kind: result, marker: potassium, value: 3.90 mmol/L}   # kept: the zero
# kept: the last line
"""  # fmt: skip
POTASSIUM = ("--acknowledge", "HYPOKALAEMIA_WATCH=potassium is checked on days 1, 2 and 5")


@pytest.fixture
def noted(case_file: Callable[..., Path]) -> Path:
    """A case whose plan must be acknowledged: severe anaemia."""
    return case_file(NOTED)


def accept(run: Command, case: Path, *options: str, **more: Any) -> Run:
    return run("accept", case, *BNF, *BY, *options, **more)


def test_a_plan_with_an_open_warning_is_not_accepted_and_says_how(cobalamin: Command, noted: Path) -> None:
    with nothing_written(noted.parent):
        answer = accept(cobalamin, noted)
    assert answer.code == 1
    assert answer.out == ""
    assert "HYPOKALAEMIA_WATCH" in answer.err
    assert "--acknowledge HYPOKALAEMIA_WATCH=" in answer.err


@hazard("H23")
def test_a_library_past_its_date_is_acknowledged_with_a_new_plan(run: Command, copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    late = (
        "--protocol",
        "uk-bnf-noneuro",
        "--start",
        "2031-01-05",
        "--on",
        "2031-01-01",
        "--choose",
        "maintenance_interval=3 mo",
    )
    with nothing_written(case.parent):
        answer = run("accept", case, *late, *BY)
    assert answer.code == 1
    assert "This edition was due for checking by " in answer.err
    assert "--acknowledge LIBRARY_REVIEW_DUE=" in answer.err
    assert "Next: Update the program, or check the sources" in answer.err
    assert run("accept", case, *late, *BY, "--acknowledge", "LIBRARY_REVIEW_DUE=sources read again").code == 0
    issues = {issue["code"]: issue for issue in run("review", case, "--on", "2031-01-06", "--json").document["issues"]}
    assert issues["LIBRARY_REVIEW_DUE"]["severity"] == "note", "a treatment that runs is told, and not held up"


@hazard("H28")
def test_what_is_only_listed_is_acknowledged_too(run: Command, case_file: Callable[..., Path]) -> None:
    """At most three interrupt; a fourth is asked all the same, or it would be accepted unread."""
    case = case_file(
        "cobalamin: 1\npatient: {id: a, birth_date: 1958-03-02, country: GB}\nfacts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: severe, "
        "previous_treatment: none, anticoagulation: present, thrombocytopenia: present, nitrous_oxide_exposure: present, folic_acid: started_before_b12}\n"
    )
    planned = run("plan", case, *BNF, "--json").document["issues"]
    asked = [issue["code"] for issue in planned if issue["severity"] == "acknowledge"]
    assert len(asked) > len([issue for issue in planned if issue["interrupts"]]) == 3
    some = [part for code in asked[:3] for part in ("--acknowledge", f"{code}=read")]
    with nothing_written(case.parent):
        answer = accept(run, case, *some)
    assert answer.code == 1
    assert re.findall(r"--acknowledge ([A-Z0-9_]+)=", answer.err) == asked[3:]
    assert (
        accept(run, case, *some, *(part for code in asked[3:] for part in ("--acknowledge", f"{code}=read"))).code == 0
    )


@pytest.mark.parametrize(
    "given",
    ["HYPOKALAEMIA_WATCH=", "HYPOKALAEMIA_WATCH", "=because", "RENAL_CYANOCOBALAMIN=other", "hypokalaemia_watch=x"],
)
def test_a_warning_is_acknowledged_only_by_its_code_and_a_reason(run: Command, noted: Path, given: str) -> None:
    before = noted.read_bytes()
    assert accept(run, noted, "--acknowledge", given).code in (1, 3)
    assert noted.read_bytes() == before


def test_an_accepted_plan_is_added_and_everything_else_stays_as_it_was(cobalamin: Command, noted: Path) -> None:
    answer = accept(cobalamin, noted, *POTASSIUM)
    assert answer.code == 0, answer.err
    text = noted.read_text("utf-8")
    kept = iter(text.splitlines())
    assert all(line in kept for line in NOTED.splitlines()), "a line is lost, changed or moved"
    assert sorted(path.name for path in noted.parent.iterdir()) == ["case.yaml"], "something is left behind"
    assert cobalamin("check", noted).code == 0
    case = yaml.load(text, Loader=yaml.BaseLoader)
    assert case["plan"].pop("written_after").startswith("2025-12-29-result-")
    assert case["plan"] == {
        "protocol": "uk-bnf-noneuro",
        "version": "1",
        "start": "2026-01-05",
        "choices": {"maintenance_interval": "3 mo"},
        "policy": "engineering-default",
        "accepted_by": "Dr A. Example",
        "accepted_on": "2026-01-02",
        "acknowledged": {"HYPOKALAEMIA_WATCH": "potassium is checked on days 1, 2 and 5"},
    }
    assert {key: value for key, value in case.items() if key != "plan"} == yaml.load(NOTED, Loader=yaml.BaseLoader)


def test_the_accepted_plan_is_the_plan_that_was_shown(
    run: Command, copy_of: Callable[..., Path], fits_schema: Callable[[str, Any], None]
) -> None:
    case = copy_of()
    shown = run("plan", case, *BNF, "--json")
    accepted = accept(run, case, "--json")
    assert accepted.code == 0
    fits_schema("plan", accepted.document)
    assert accepted.document == shown.document
    assert run("plan", case, "--protocol", "uk-bnf-noneuro", *START, *DAY, "--json").document == shown.document
    fits_schema("case", yaml.load(case.read_text("utf-8"), Loader=yaml.BaseLoader))


def test_a_plan_is_accepted_once(run: Command, copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    assert accept(run, case).code == 0
    with nothing_written(case.parent):
        again = accept(run, case)
    assert again.code == 3
    assert "already has a plan" in again.err


def test_a_plan_with_an_open_choice_is_not_accepted(run: Command, copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    with nothing_written(case.parent):
        answer = run("accept", case, *BNF[:6], *BY, "--json")
    assert answer.code == 4
    assert answer.document["needs"] == [{"choice": "maintenance_interval", "from": "2 mo", "to": "3 mo"}]


@pytest.mark.parametrize("extra", [("--product", "cyanokit-5g"), ("--product", "au-mecobalamin-10mg-2ml")])
def test_a_blocked_plan_can_not_be_acknowledged_away(
    run: Command, copy_of: Callable[..., Path], extra: tuple[str, str]
) -> None:
    case = copy_of()
    codes = [
        f"{code}=I insist"
        for code in ("ANTIDOTE_PRODUCT", "DOSE_IMPLAUSIBLE", "ROUTE_NOT_LABELLED", "DOSE_DIFFERS_FROM_PROTOCOL")
    ]
    with nothing_written(case.parent):
        answer = accept(run, case, *extra, *(part for code in codes for part in ("--acknowledge", code)))
    assert answer.code == 1
    assert "block" in answer.err


@pytest.mark.parametrize("name", ["", "   ", "\n"])
def test_a_plan_is_accepted_by_somebody(run: Command, copy_of: Callable[..., Path], name: str) -> None:
    case = copy_of()
    with nothing_written(case.parent):
        answer = run("accept", case, *BNF, "--by", name)
    assert answer.code in (2, 3)


@pytest.mark.parametrize(
    "name",
    ['Dr O\'Neil: "B12" # clinic', "د. أمل", "null", "- x", "[bold]x", "a\\b", "😀", "line\nbreak", "  "[:1] + "x"],
)
def test_any_name_reads_back_from_the_plan(run: Command, copy_of: Callable[..., Path], name: str) -> None:
    case = copy_of()
    assert run("accept", case, *BNF, "--by", name).code == 0
    assert yaml.load(case.read_text("utf-8"), Loader=yaml.BaseLoader)["plan"]["accepted_by"] == name


def test_a_refusal_is_one_json_document_too(run: Command, noted: Path) -> None:
    answer = accept(run, noted, "--json")
    assert answer.code == 1
    issues = {issue["code"]: issue["severity"] for issue in answer.document["issues"]}
    assert issues["HYPOKALAEMIA_WATCH"] == "acknowledge"


# -- forms of the file -----------------------------------------------------------------------------------------------


def test_a_plan_is_written_into_json(run: Command, case_file: Callable[..., Path]) -> None:
    before = {
        "cobalamin": 1,
        "patient": {"id": "Zoë 😀", "birth_date": "1958-03-02", "country": "GB"},
        "facts": {
            "deficiency": "confirmed", "cause": "pernicious_anaemia", "neurological_involvement": "absent", "anaemia": "mild",
            "previous_treatment": "none", "none_of": ["allergies", "optic_disease", "kidney_disease", "bleeding_risk", "nitrous_oxide",
            "pregnancy", "folic_acid", "polycythaemia"],
        },
        "record": [{"date": "2025-12-29", "kind": "symptoms", "tiredness": 7}],
    }  # fmt: skip
    case = case_file(json.dumps(before, ensure_ascii=False), "case.json")
    assert accept(run, case).code == 0
    after = json.loads(case.read_text("utf-8"))
    assert after.pop("plan")["protocol"] == "uk-bnf-noneuro"
    assert after == before
    assert run("check", case).code == 0


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="line ends of an old Macintosh"),
        pytest.param(lambda text: text.rstrip("\n").replace("\n", "\r"), id="and no last line end"),
        pytest.param(lambda text: "\ufeff" + text, id="a byte-order mark"),
        pytest.param(lambda text: text.rstrip("\n"), id="no last line end"),
        pytest.param(lambda text: "---\n" + text, id="a document mark"),
        pytest.param(lambda text: text + "plan:\n", id="an empty plan"),
        pytest.param(lambda text: text + "plan:   # none yet\n", id="a plan with only a comment"),
        pytest.param(lambda text: text + "record: []\n", id="an empty record"),
        pytest.param(lambda text: json.dumps(yaml.load(text, Loader=yaml.BaseLoader), indent="\t"), id="JSON with tabs"),
    ],
)  # fmt: skip
def test_a_plan_can_be_accepted_into_every_usual_form_of_the_file(
    run: Command, copy_of: Callable[..., Path], form: Callable[[str], str]
) -> None:
    case = copy_of()
    text = form(case.read_text("utf-8"))
    case.write_bytes(text.encode())
    answer = accept(run, case)
    assert answer.code == 0, answer.err
    assert run("check", case).code == 0
    added = case.read_bytes().decode()
    assert added.startswith("\ufeff") == text.startswith("\ufeff")
    assert ("\r\n" in text) == (added.count("\n") == added.count("\r\n") > 0), "line ends of two kinds"
    assert added.count("\n") == 0 or "\r" not in text or "\r\n" in text, "line ends of two kinds"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda text: "---\n" + text + "...\n", id="an end mark"),
        pytest.param(lambda text: "".join(f"  {line}\n" for line in text.splitlines()), id="indented as a whole"),
        pytest.param(lambda text: str(yaml.load(text, Loader=yaml.BaseLoader)).replace("'", ""), id="YAML on one line"),
    ],
)  # fmt: skip
def test_an_unusual_form_gets_its_plan_or_a_sentence_that_does_not_blame_the_file(
    run: Command, copy_of: Callable[..., Path], form: Callable[[str], str]
) -> None:
    case = copy_of()
    case.write_text(form(case.read_text("utf-8")), "utf-8")
    before = case.read_bytes()
    assert run("check", case).code == 0, "the form itself"
    answer = accept(run, case)
    assert answer.code in (0, 3)
    assert run("check", case).code == 0
    if answer.code == 3:
        assert case.read_bytes() == before
        assert "nothing was written" in answer.err
        assert "not readable" not in answer.err


def test_a_linked_case_file_stays_a_link(run: Command, copy_of: Callable[..., Path], tmp_path: Path) -> None:
    case = copy_of()
    link = tmp_path / "link.yaml"
    link.symlink_to(case)
    assert accept(run, link).code == 0
    assert link.is_symlink()
    assert "accepted_by" in case.read_text("utf-8")


def test_a_case_file_keeps_its_permissions(run: Command, copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    case.chmod(0o640)
    assert accept(run, case).code == 0
    assert case.stat().st_mode & 0o777 == 0o640


# -- when the file can't be written ----------------------------------------------------------------------------------


def test_a_folder_in_the_way_of_writing_is_refused_and_nothing_is_changed(
    run: Command, copy_of: Callable[..., Path]
) -> None:
    case = copy_of()
    (case.parent / ".case.yaml.lock").mkdir()
    with nothing_written(case.parent):
        answer = accept(run, case)
    assert answer.code == 3
    assert "can't be written" in answer.err


def test_a_folder_instead_of_a_case_is_refused(run: Command, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").mkdir()
    with nothing_written(tmp_path):
        assert accept(run, tmp_path / "case.yaml").code == 3
        assert run("new", tmp_path / "case.yaml").code == 3


def test_a_second_writer_is_refused_while_the_first_one_writes(
    cobalamin: Command, copy_of: Callable[..., Path]
) -> None:
    case = copy_of()
    with open(case.parent / ".case.yaml.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with nothing_written(case.parent):
            answer = accept(cobalamin, case)
    assert answer.code == 3
    assert "another program is writing it" in answer.err
    assert accept(cobalamin, case).code == 0


def test_a_refused_writer_leaves_no_lock_behind(run: Command, noted: Path) -> None:
    assert accept(run, noted).code == 1
    assert run("new", noted).code == 1
    assert [path.name for path in noted.parent.iterdir()] == ["case.yaml"]


def test_a_killed_writer_blocks_nobody(cobalamin: Command, copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    hold = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    holding = [sys.executable, "-c", hold, str(case.parent / ".case.yaml.lock")]
    with started(holding, stdin=subprocess.PIPE) as writer:
        assert line_of(writer) == "held"
        writer.kill()
    (case.parent / ".case.yaml.a1b2c3d4.new").write_text("cobalamin: 1\npatient: {id: ha", "utf-8")
    assert accept(cobalamin, case).code == 0
    assert cobalamin("check", case).code == 0
    assert [path.name for path in case.parent.iterdir()] == ["case.yaml"]


def test_of_many_writers_at_once_one_wins(copy_of: Callable[..., Path], run: Command) -> None:
    case = copy_of()
    command = [sys.executable, "-m", "cobalamin", "accept", str(case), *BNF, "--by"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    writers = [subprocess.Popen([*command, f"Dr {number}"], **quiet) for number in range(4)]  # type: ignore[call-overload]  # because the keywords are spread
    assert sorted(writer.wait(BOUND) for writer in writers) == [0, 3, 3, 3]
    assert run("check", case).code == 0
    assert case.read_text("utf-8").count("plan:") == 1


def test_every_protocol_that_is_offered_can_be_accepted(run: Command, copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    before = case.read_bytes()
    for option in run("propose", case, *DAY, "--json").document["options"]:
        chosen, planned = settle(case, option["protocol"])
        if planned.code != 0:
            continue
        reasons = [
            f"{issue['code']}=seen" for issue in planned.document["issues"] if issue["severity"] == "acknowledge"
        ]
        acknowledged = [part for reason in reasons for part in ("--acknowledge", reason)]
        answer = run("accept", case, "--protocol", option["protocol"], *START, *DAY, *BY, *chosen, *acknowledged)
        assert answer.code == 0, (option["protocol"], answer.err)
        assert run("check", case).code == 0
        case.write_bytes(before)
