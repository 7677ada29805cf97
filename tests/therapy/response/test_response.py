"""The response: when there is a verdict, vitamin B12, what no laboratory value may ever lead to, and the library behind it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from blood_results import (
    FORBIDDEN,
    INJECTED,
    MARKERS,
    ON,
    ONE_DOSE,
    START,
    Judging,
    codes,
    decision,
    high,
    issue,
    low,
    normal,
    only,
    result,
    sources,
)

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder, reading_faults
from cobalamin.knowledge.responses import expectations
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.response.response import GivenDose, judge_response
from english import english
from entries import entry
from hazards import hazard

# -- when there is a verdict at all ----------------------------------------------------------------------------------


def test_before_the_first_dose_there_is_no_response(respond: Judging) -> None:
    nothing = respond(high("mcv", 100), doses=())
    assert (nothing.verdicts, nothing.issues, nothing.changes, nothing.asks) == ((), (), (), ())
    assert respond(high("mcv", 0)).verdicts == ()
    assert respond(high("mcv", -3)).verdicts == ()
    assert only(respond(high("mcv", 1)), "mcv").verdict == "too_early"


def test_a_dose_dated_after_the_assessment_does_not_count(respond: Judging) -> None:
    doses = (*ONE_DOSE, GivenDose(START + timedelta(days=30), "intramuscular"))
    record = (decision("restart", 10), high("mcv", 15))
    assert len(respond(*record, doses=doses, on=START + timedelta(days=20)).verdicts) == 1
    assert respond(*record, doses=doses, on=START + timedelta(days=30)).verdicts == ()


@pytest.mark.parametrize("marker", sorted(MARKERS))
def test_without_a_reference_range_nothing_is_judged_and_the_range_is_asked_for(respond: Judging, marker: str) -> None:
    response = respond(result(marker, 100, MARKERS[marker][3], usual=None))
    verdict = only(response, marker)
    assert verdict.verdict == "not_interpretable"
    assert "reference range" in english(verdict.text)
    assert "range is missing" in english(verdict.plain)
    assert codes(response) == ({"POTASSIUM_LOW"} if marker == "potassium" else set())


@pytest.mark.parametrize("marker", ["creatinine", "egfr", "intrinsic_factor_antibody", "parietal_cell_antibody"])
def test_these_markers_have_no_verdict(respond: Judging, marker: str) -> None:
    assert respond(result(marker, 100, "5", usual=("1", "2"))).verdicts == ()


def test_only_the_latest_result_of_each_marker_is_judged(respond: Judging) -> None:
    response = respond(high("mcv", 70), normal("mcv", 90), low("ferritin", 10), normal("ferritin", 12))
    assert [(entry.marker, entry.verdict) for entry in response.verdicts] == [
        ("mcv", "as_expected"),
        ("ferritin", "as_expected"),
    ]
    assert response.issues == ()


def test_a_range_is_taken_as_its_laboratory_means_it(respond: Judging) -> None:
    assert only(respond(result("mma", 100, "280", usual=("50", "280"))), "mma").verdict == "as_expected"
    assert only(respond(result("mma", 100, "280", usual=(None, "280"))), "mma").verdict == "above_expected"
    assert only(respond(result("mma", 100, "279", usual=(None, "280"))), "mma").verdict == "as_expected"
    assert only(respond(result("ferritin", 9, "15", usual=("15", "150"))), "ferritin").verdict == "as_expected"
    assert only(respond(result("ferritin", 9, "15", usual=("15", None))), "ferritin").verdict == "below_expected"


@pytest.mark.parametrize("marker", sorted(MARKERS))
@pytest.mark.parametrize("days", [2, 30, 100])
def test_every_verdict_has_date_value_and_reason_for_both_readers(respond: Judging, marker: str, days: int) -> None:
    for built in (low, normal, high):
        event = built(marker, days)
        response = respond(event)
        verdict = only(response, marker)
        assert verdict.value == str(event.value)
        assert verdict.on == event.on
        for text in (english(verdict.text), english(verdict.plain)):
            assert verdict.value in text
            assert str(event.on.year) in text
            assert str(event.on.day) in text
            assert text.count(".") >= 2
        for text in [
            english(verdict.text),
            english(verdict.plain),
            *(f"{english(each.text)} {english(each.plain)} {english(each.action)}" for each in response.issues),
        ]:
            assert not [word for word in FORBIDDEN if word in text.lower()], text
        if marker != "potassium" and verdict.verdict not in ("as_expected", "expected_high"):
            assert "treatment goes on as planned" in english(verdict.plain)


# -- vitamin B12 -----------------------------------------------------------------------------------------------------


@hazard("H11")
@pytest.mark.parametrize("marker", ["serum_b12", "holotranscobalamin"])
@pytest.mark.parametrize("value", ["901", "2000", "20000", ">900", ">2000"])
def test_a_high_b12_on_treatment_is_expected_and_no_reason_for_anything(
    respond: Judging, marker: str, value: str
) -> None:
    response = respond(result(marker, 40, value, usual=("180", "900")))
    verdict = only(response, marker)
    assert verdict.verdict == "expected_high"
    assert "never a reason to stop or to give less often" in english(verdict.text)
    assert "no reason to stop" in english(verdict.plain)
    assert codes(response) == {"B12_HIGH_ON_TREATMENT"}
    assert issue(response, "B12_HIGH_ON_TREATMENT").severity == "note"
    assert sources(verdict.cites) == sources(issue(response, "B12_HIGH_ON_TREATMENT").cites)
    assert "bmj23" in sources(verdict.cites)


@hazard("H11")
def test_no_laboratory_value_can_reach_the_dates() -> None:
    script = (
        "import sys; import cobalamin.therapy.response.response, cobalamin.therapy.response.diary;"
        "print([name for name in sys.modules if name.startswith('cobalamin.therapy.') "
        "and name.split('.')[2] in ('fold', 'regimen', 'plan', 'review', 'words')])"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_b12_within_the_range_is_as_expected_and_below_it_asks_why(respond: Judging) -> None:
    within = respond(normal("serum_b12", 40))
    assert (only(within, "serum_b12").verdict, codes(within)) == ("as_expected", set())
    below = respond(low("serum_b12", 40))
    assert only(below, "serum_b12").verdict == "below_expected"
    assert issue(below, "NO_RESPONSE_REASSESS").severity == "note"
    for word in ("taken", "interference", "route"):
        assert word in english(issue(below, "NO_RESPONSE_REASSESS").text)


@hazard("H27")
@pytest.mark.parametrize(
    ("days", "verdict", "raised"),
    [(1, "not_interpretable", True), (13, "not_interpretable", True), (14, "as_expected", False)],
)
def test_b12_is_not_read_within_two_weeks_of_an_injection(
    respond: Judging, days: int, verdict: str, raised: bool
) -> None:
    response = respond(normal("serum_b12", days))
    assert only(response, "serum_b12").verdict == verdict
    assert ("SAMPLE_AFTER_INJECTION" in codes(response)) is raised
    if raised:
        assert "Mon 5 January 2026" in english(issue(response, "SAMPLE_AFTER_INJECTION").text)
        assert "lab-mayo" in sources(only(response, "serum_b12").cites)


@hazard("H27")
def test_a_high_or_low_b12_soon_after_an_injection_keeps_its_verdict_and_gets_the_note(respond: Judging) -> None:
    for built, verdict in ((high, "expected_high"), (low, "below_expected")):
        response = respond(built("serum_b12", 5))
        assert only(response, "serum_b12").verdict == verdict
        assert "SAMPLE_AFTER_INJECTION" in codes(response)


def test_a_tablet_does_not_spoil_a_sample(respond: Judging) -> None:
    response = respond(normal("serum_b12", 3), doses=(GivenDose(START, "oral"),), routes=frozenset({"oral"}))
    assert (only(response, "serum_b12").verdict, codes(response)) == ("as_expected", set())


def test_a_sample_of_the_day_of_an_injection_is_taken_to_come_before_it(respond: Judging) -> None:
    again = START + timedelta(days=90)
    response = respond(normal("serum_b12", 90), doses=(*ONE_DOSE, GivenDose(again, "subcutaneous")))
    assert only(response, "serum_b12").verdict == "as_expected"
    assert "drawn before the injection of that day" in english(only(response, "serum_b12").text)
    month = normal("serum_b12", 90, month="2026-04")
    assert "of that day" not in english(
        only(respond(month, doses=(*ONE_DOSE, GivenDose(again, "intramuscular"))), "serum_b12").text
    )
    after = respond(normal("serum_b12", 91), doses=(*ONE_DOSE, GivenDose(again, "subcutaneous")))
    assert only(after, "serum_b12").verdict == "not_interpretable"


@hazard("H27")
@pytest.mark.parametrize(("days", "raised"), [(1, True), (7, True), (13, True), (14, False)])
def test_an_antibody_sampled_too_soon_raises_the_note_and_has_no_verdict(
    respond: Judging, days: int, raised: bool
) -> None:
    response = respond(result("intrinsic_factor_antibody", days, "5"))
    assert response.verdicts == ()
    assert codes(response) == ({"SAMPLE_AFTER_INJECTION"} if raised else set())
    if raised:  # the longest waiting time counts, and both sources are cited
        assert {"lab-mayo", "lab-lc"} <= sources(issue(response, "SAMPLE_AFTER_INJECTION").cites)


# -- no response -----------------------------------------------------------------------------------------------------


def test_reassessing_is_asked_for_once_and_names_every_marker(respond: Judging) -> None:
    response = respond(high("mcv", 70), high("mma", 80), low("serum_b12", 90))
    text = english(issue(response, "NO_RESPONSE_REASSESS").text)
    for word in (
        "115 fL",
        "900 nmol/L",
        "150 ng/L",
        "iron",
        "folate",
        "thyroid",
        "neuropathy",
        "taken",
        "interference",
        "route",
    ):
        assert word in text


@hazard("H11")
def test_reassessing_never_speaks_of_another_dose(respond: Judging) -> None:
    for routes in (INJECTED, frozenset({"oral"})):
        found = issue(respond(high("mcv", 70), low("serum_b12", 90), routes=routes), "NO_RESPONSE_REASSESS")
        for text in (english(found.text), english(found.plain), english(found.action)):
            assert "dose" not in text.lower()


@pytest.mark.parametrize(
    ("routes", "cited"),
    [({"oral"}, True), ({"intramuscular"}, False), ({"oral", "intramuscular"}, False), (set(), False)],
)
def test_oral_treatment_has_the_failure_rule_of_norway(respond: Judging, routes: set[str], cited: bool) -> None:
    found = issue(respond(high("mcv", 70), routes=frozenset(routes)), "NO_RESPONSE_REASSESS")
    assert ("no-pf" in sources(found.cites)) is cited
    assert ("Norway" in english(found.text)) is cited


# -- what counts as treatment ----------------------------------------------------------------------------------------


def test_a_restart_begins_the_response_anew(respond: Judging) -> None:
    again = START + timedelta(days=400)
    doses = (*ONE_DOSE, GivenDose(again, "intramuscular"))
    record = (high("mcv", 350), decision("restart", 398))
    assert respond(*record, doses=ONE_DOSE, on=again).verdicts[0].verdict == "above_expected"
    assert respond(*record, doses=doses, on=again).verdicts == ()
    assert only(respond(*record, high("mcv", 430), doses=doses, on=date(2028, 1, 1)), "mcv").verdict == "too_early"
    without = respond(high("mcv", 350), high("mcv", 430), doses=doses, on=date(2028, 1, 1))
    assert only(without, "mcv").verdict == "above_expected"


def test_an_earlier_treatment_that_was_told_counts_as_treatment(respond: Judging) -> None:
    told = START - timedelta(days=5)
    for last in (date(2025, 11, 1), "2025-10"):
        history = entry("h", "history", told, data={"phase": "maintenance", "last_dose": last})
        assert only(respond(history, high("mcv", 10)), "mcv").verdict == "above_expected"
    unknown = entry("h", "history", told, data={"phase": "maintenance", "last_dose": "unknown"})
    assert only(respond(unknown, high("mcv", 10)), "mcv").verdict == "too_early"


def test_tablets_said_to_be_taken_count_where_no_dose_is_recorded(respond: Judging) -> None:
    def taking(word: str) -> Event:
        return entry("s", "statement", START, data={"taking": word, "from": START, "route": "oral"})

    oral = {"doses": (), "routes": frozenset({"oral"})}
    assert only(respond(taking("yes"), high("mcv", 70), **oral), "mcv").verdict == "above_expected"
    assert respond(taking("no"), high("mcv", 70), **oral).verdicts == ()
    assert respond(taking("yes"), high("mcv", 70), doses=(), routes=INJECTED).verdicts == ()


# -- the library behind it -------------------------------------------------------------------------------------------


def altered(tmp_path: Path, file: str, right: str, wrong: str) -> Library:
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    text = (folder / file).read_text("utf-8")
    assert right in text
    (folder / file).write_text(text.replace(right, wrong, 1), "utf-8")
    return from_folder(folder)


def test_spans_and_limits_come_from_the_library(tmp_path: Path, facts: Facts) -> None:
    library = altered(
        tmp_path,
        "response.yaml",
        "role: normal_by\n    marker: mcv\n    from: 6 wk\n    to: 8 wk",
        "role: normal_by\n    marker: mcv\n    from: 6 wk\n    to: 20 wk",
    )
    record = (high("mcv", 139), high("platelets", 139))
    found = judge_response(library, facts, record, ONE_DOSE, INJECTED, ON)
    assert [entry.verdict for entry in found.verdicts] == ["too_early", "above_expected"]


def test_without_a_time_in_the_library_there_is_no_verdict(tmp_path: Path, facts: Facts) -> None:
    library = altered(
        tmp_path,
        "response.yaml",
        "role: failure\n    markers: [reticulocytes, reticulocyte_fraction]",
        "markers: [reticulocytes, reticulocyte_fraction]",
    )
    found = judge_response(library, facts, (normal("reticulocytes", 9),), ONE_DOSE, INJECTED, ON)
    assert only(found, "reticulocytes").verdict == "not_interpretable"


FORM = [
    ("an unknown role", "response.yaml", "role: rises_from", "role: rises"),
    ("a role without its span", "response.yaml", "    from: 1 wk\n    text: \"Haemoglobin and red", "    text: \"Haemoglobin and red"),
    ("a role of no marker", "response.yaml", "    role: overshoot\n    marker: platelets\n", "    role: overshoot\n"),
    ("an unknown marker", "response.yaml", "markers: [ferritin, mcv]", "markers: [ferritin, iron]"),
    ("a limit that is no number", "response.yaml", 'value: "35"', "value: low"),
    ("a limit of no marker", "response.yaml", "while: {marker: haematocrit", "while: {marker: blood"),
    ("an unknown route", "response.yaml", "routes: [oral]", "routes: [swallowed]"),
    ("a multiple that is no number", "response.yaml", "times_upper: 2", "times_upper: twice"),
    ("an unknown fact", "interference.yaml", "raised_by: renal_impairment", "raised_by: kidneys"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "file", "right", "wrong"), FORM, ids=[entry[0] for entry in FORM])
def test_a_fault_in_what_judges_results_is_reported(
    tmp_path: Path, what: str, file: str, right: str, wrong: str
) -> None:
    faults = reading_faults(altered(tmp_path, file, right, wrong))
    assert [fault for fault in faults if fault.file == file and fault.line > 0], what


def test_every_role_is_cited_and_every_figure_that_is_only_recalled_says_so(library: Library) -> None:
    for record in expectations(library).responses:
        assert record.cites, record.id
        if all(cite.level == "recalled" for cite in record.cites):
            assert "not yet checked" in english(record.text)
