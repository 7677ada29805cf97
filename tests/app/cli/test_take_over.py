"""`take-over`: a treatment that already runs is written down in one step, without loading and without a source for what is its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Run, in_process, nothing_written
from jsonschema import Draft202012Validator

from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.services.cases import open_case
from hazards import hazard

ON = "2026-11-30"
CASE = """cobalamin: 1
patient: {id: p, birth_date: 1951-09-30, sex: male, country: GB}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: absent
  anaemia: none
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
"""


def take_over(case: Path, *options: str, last: str = "2026-10-12", protocol: str = "uk-bnf-noneuro") -> Run:
    return in_process(
        "take-over", case, "--protocol", protocol, "--last-dose", last, "--by", "Dr Ash", "--on", ON, *options
    )


def due(case: Path) -> dict[str, object]:
    found: dict[str, object] = in_process("due", case, "--on", ON, "--json").document
    return found


@hazard("H75")
def test_plan_history_and_previous_treatment_are_one_write(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    run = take_over(case, "--interval", "3 mo", "--json")
    assert run.code == 0
    Draft202012Validator(schema_of("take-over")).validate(run.document)
    known = open_case(case)
    assert known.plan is not None
    assert (str(known.plan.start), known.plan.choices) == ("2026-10-12", {"maintenance_interval": "3 mo"})
    history, fact = known.record
    assert (history.kind, history.phase, str(history.last_dose)) == ("history", "maintenance", "2026-10-12")  # fmt: skip
    assert history.interval is None
    assert (fact.fact, fact.value) == ("previous_treatment", "maintenance")
    assert due(case)["forecast"]["target"] == "2027-01-12"  # type: ignore[index]


@hazard("H75")
@pytest.mark.parametrize("interval", ["12 wk", "13 wk", "84 d"])
def test_beside_one_published_interval_another_is_the_persons_own(
    interval: str, case_file: Callable[..., Path]
) -> None:
    """Twelve weeks are not three months; a list of people asks for them too."""
    case = case_file(CASE)
    run = take_over(
        case, "--interval", interval, "--acknowledge", "POPULATION_NOT_COVERED=seen", protocol="uk-bomss-proph"
    )
    assert run.code == 0, run.err
    assert str(open_case(case).record[0].interval) == interval


@hazard("H75")
def test_nothing_of_loading_is_scheduled(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    take_over(case, "--interval", "3 mo")
    doses = [item for item in in_process("review", case, "--on", ON, "--json").document["upcoming"] if item["kind"] == "dose"]  # fmt: skip
    assert doses
    assert {item["phase"] for item in doses} == {"maintenance"}


@hazard("H76")
def test_an_interval_of_ones_own_carries_no_number_of_a_source(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    run = take_over(case, "--interval", "5 wk")
    assert "The interval is the person's own, as Dr Ash says" in " ".join(run.out.split())
    known = open_case(case)
    assert (str(known.record[0].interval), known.record[0].asserted_by) == ("5 wk", "Dr Ash")
    answer = due(case)
    assert answer["forecast"]["target"] == "2026-11-16"  # type: ignore[index]
    assert answer["forecast"]["basis"] == "local_policy"  # type: ignore[index]
    assert answer["citations"] == []
    shown = in_process("due", case, "--on", ON).out
    assert "[" not in shown.split("Published guidance")[0]


def test_an_interval_of_the_source_becomes_the_choice(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    assert take_over(case, "--interval", "10 wk").code == 0
    known = open_case(case)
    assert known.plan is not None
    assert known.plan.choices == {"maintenance_interval": "10 wk"}
    assert due(case)["citations"]


def test_without_an_interval_the_open_choice_is_asked_for(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    with nothing_written(case.parent):
        run = take_over(case, "--json")
    assert run.code == 4
    assert run.document["needs"][0]["choice"] == "maintenance_interval"


@hazard("H75")
def test_the_gate_is_that_of_accept(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE.replace("allergies, ", ""))
    with nothing_written(case.parent):
        run = take_over(case, "--interval", "3 mo")
    assert run.code == 1
    assert "ALLERGY_COBALAMIN" in run.err
    reasons = [part for code in ("ALLERGY_COBALAMIN", "ALLERGY_COBALT") for part in ("--acknowledge", f"{code}=treated for years")]  # fmt: skip
    assert take_over(case, "--interval", "3 mo", *reasons).code == 0
    blocked = case_file(CASE.replace("allergies, ", "") + "  allergy_cobalamin: present\n", "blocked.yaml")
    run = take_over(blocked, "--interval", "3 mo", "--yes")
    assert (run.code, "This plan is blocked" in run.err) == (1, True)


@hazard("H75")
def test_a_last_dose_long_ago_is_a_question_first(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    with nothing_written(case.parent):
        run = take_over(case, "--interval", "3 mo", last="2025-10-12")
    assert run.code == 1
    assert "The last dose, Sun 12 October 2025, is so long ago" in " ".join(run.err.split())
    assert take_over(case, "--interval", "3 mo", "--yes", last="2025-10-12").code == 0


@hazard("H75")
@pytest.mark.parametrize(("doses", "asked"), [(["--doses", "3"], True), ([], True), (["--doses", "6"], False)])
def test_first_doses_left_unfinished_are_a_question_first(
    case_file: Callable[..., Path], doses: list[str], asked: bool
) -> None:
    case = case_file(CASE)
    run = take_over(case, "--choose", "maintenance_interval=3 mo", "--phase", "loading", *doses, last="2026-11-28")
    assert (run.code == 1, "is not finished" in run.err) == (asked, asked)
    run = take_over(case, "--choose", "maintenance_interval=3 mo", "--phase", "loading", *doses, "--yes", last="2026-11-28") if asked else run  # fmt: skip
    assert open_case(case).record[-1].value == "loading"


def test_a_later_dose_in_the_record_is_a_question_first(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE + "record:\n  - {date: 2026-11-12, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im}\n")  # fmt: skip
    run = take_over(case, "--interval", "3 mo")
    assert run.code == 1
    assert "the record has one of Thu 12 November 2026" in " ".join(run.err.split())


@pytest.mark.parametrize(("last", "start"), [("2026-10", "2026-10-01"), ("unknown", ON)])
def test_a_last_dose_may_be_a_month_or_not_known(case_file: Callable[..., Path], last: str, start: str) -> None:
    case = case_file(CASE)
    assert take_over(case, "--interval", "3 mo", last=last).code == 0
    known = open_case(case)
    assert known.plan is not None
    assert (str(known.plan.start), known.record[0].last_dose) == (start, last)


@pytest.mark.parametrize(
    ("options", "last", "words"),
    [
        (("--interval", "3 mo", "--phase", "mainte"), "2026-10-12", "its phases are load, maintenance"),
        (("--interval", "30 xx"), "2026-10-12", "--interval"),
        (("--interval", "0 d"), "2026-10-12", "--interval"),
        (("--interval", "3 mo"), "2027-01-01", "has not come yet"),
        (("--interval", "3 mo"), "2026-13", "must be a day"),
        (("--interval", "3 mo", "--doses", "many"), "2026-10-12", "doses"),
    ],
)
def test_what_can_not_be_read_is_refused(
    case_file: Callable[..., Path], options: tuple[str, ...], last: str, words: str
) -> None:
    case = case_file(CASE)
    with nothing_written(case.parent):
        run = take_over(case, *options, last=last)
    assert run.code == 3
    assert words in run.err


def test_guidance_and_a_second_plan_are_refused(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    assert take_over(case, protocol="uk-ng239").code == 3
    take_over(case, "--interval", "3 mo")
    run = take_over(case, "--interval", "3 mo")
    assert run.code == 3
    assert "undo CASE --id plan" in run.err


@hazard("H74")
def test_it_is_taken_back_together_and_can_be_done_again(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    take_over(case, "--interval", "3 mo")
    run = in_process("undo", case, "--on", ON, "--yes", "--json")
    assert run.document["plan"] == "uk-bnf-noneuro"
    assert [each["kind"] for each in run.document["taken_back"]] == ["history", "fact"]
    assert take_over(case, "--interval", "2 mo", last="2026-10-20").code == 0
    assert due(case)["forecast"]["target"] == "2026-12-20"  # type: ignore[index]
    again = in_process("undo", case, "--on", ON, "--yes", "--json").document
    assert [each["kind"] for each in again["taken_back"]] == ["plan", "history", "fact"]


def test_a_case_in_json_is_taken_over_too(case_file: Callable[..., Path]) -> None:
    case = case_file('{"cobalamin": 1, "patient": {"id": "p", "birth_date": "1951-09-30", "country": "GB"}, "facts": {"deficiency": "confirmed", "cause": "pernicious_anaemia", "neurological_involvement": "absent", "anaemia": "none", "none_of": ["allergies", "optic_disease", "kidney_disease", "bleeding_risk", "nitrous_oxide", "pregnancy", "folic_acid", "polycythaemia"]}}', "case.json")  # fmt: skip
    assert take_over(case, "--interval", "3 mo").code == 0
    assert due(case)["forecast"]["target"] == "2027-01-12"  # type: ignore[index]


@hazard("H75")
@pytest.mark.parametrize("treated", ["", "  previous_treatment: maintenance\n"])
def test_without_a_plan_both_ways_in_are_named_and_no_number_of_days(
    treated: str, case_file: Callable[..., Path]
) -> None:
    case = case_file(CASE + treated)
    for command in (["due"], ["due", "--if-given", "2026-11-30"], ["review"]):
        told = " ".join(in_process(command[0], case, *command[1:], "--on", ON).out.split())
        assert "ccept a plan" in told
        assert "ake over a treatment that runs already" in told
        assert "days late" not in told
        if command[0] == "due":
            assert "cobalamin propose CASE, then cobalamin accept CASE --protocol ID --start DATE --by NAME" in told
            assert "cobalamin take-over CASE --protocol ID --last-dose DATE --by NAME" in told
    question = in_process("due", case, "--on", ON, "--json").document["waits_for"][0]
    assert "cobalamin accept" in question["command"]
    assert "cobalamin take-over" in question["command"]


def test_the_clinics_days_are_told_as_accept_takes_them(case_file: Callable[..., Path]) -> None:
    case = case_file(CASE)
    run = take_over(case, "--interval", "3 mo", "--open", "mon,thu", "--closed", "2026-12-24,31 Dec 2026")
    assert run.code == 0, run.err
    plan = open_case(case).plan
    assert plan is not None
    assert plan.calendar == {"open": ["mon", "thu"], "closed": ["2026-12-24", "2026-12-31"]}
    assert "no opening days are recorded" not in run.err
    assert (
        in_process("review", case, "--on", "2027-01-05", "--json").document["forecast"]["appointment"] == "2027-01-11"
    )


@pytest.mark.parametrize(("option", "value"), [("--open", "someday"), ("--closed", "Christmas")])
def test_a_wrong_day_of_the_clinic_is_refused_before_anything_is_written(
    option: str, value: str, case_file: Callable[..., Path]
) -> None:
    case = case_file(CASE)
    run = take_over(case, "--interval", "3 mo", option, value)
    assert run.code == 3
    assert option in run.err
    assert case.read_text("utf-8") == CASE


def test_without_them_a_dose_on_a_day_it_is_closed_is_remarked_on(case_file: Callable[..., Path]) -> None:
    run = take_over(case_file(CASE), "--interval", "3 mo", last="2026-10-11")
    assert run.code == 0, run.err
    assert "cobalamin take-over ... --open mon,tue,wed,thu,fri" in run.err
