"""Events with a fault: refused amounts, results that can't be read, kinds and keys that are not there, ids twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from case_schemas import agree_about
from command_line import DAY, START, Run, nothing_written, quoted
from refused_amounts import REFUSED, TWO_READINGS

from hazards import hazard

CASE = "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\nrecord:\n"
FaultsOf = Callable[[str], list[tuple[int, str, str]]]
GIVEN = "  - {date: 2026-01-05, kind: administration, substance: hydroxocobalamin, route: im, dose: %s}\n"


@pytest.fixture
def faults_of(run: Callable[..., Run], case_file: Callable[..., Path]) -> FaultsOf:
    """(line, path, message) of each fault of a case with these events; nothing is written, and no command goes on."""

    def check(events: str) -> list[tuple[int, str, str]]:
        file = case_file(CASE + events)
        agree_about(CASE + events)
        with nothing_written(file.parent):
            answer = run("check", file, "--json")
            assert (answer.code, run("propose", file, *DAY).code) == (3, 3), answer.out
        return [(fault["line"], fault["path"], fault["message"]) for fault in answer.faults]

    return check


# -- refused amounts (contract, section 1) ---------------------------------------------------------------------------


@hazard("H01")
@pytest.mark.parametrize(("dose", "one", "other"), TWO_READINGS)
def test_a_dose_with_two_readings_is_refused_and_both_are_named(
    faults_of: FaultsOf, dose: str, one: str, other: str
) -> None:
    ((line, path, message),) = faults_of(GIVEN % quoted(dose))
    assert (line, path) == (4, "record[0].dose")
    for part in (f"'{dose}'", one, other, "for example 1 mg or 250 micrograms"):
        assert part in message


@hazard("H01")
@pytest.mark.parametrize("dose", REFUSED)
def test_a_dose_that_must_not_be_guessed_is_refused_with_what_is_allowed(faults_of: FaultsOf, dose: str) -> None:
    ((line, path, message),) = faults_of(GIVEN % quoted(dose))
    assert (line, path) == (4, "record[0].dose")
    assert dose in message
    assert "write a number, a space and mg or micrograms" in message


@pytest.mark.parametrize("dose", ["''", "[1 mg]", "{value: 1, unit: mg}"])
def test_a_dose_that_is_no_text_is_refused(faults_of: FaultsOf, dose: str) -> None:
    ((line, path, _),) = faults_of(GIVEN % dose)
    assert (line, path) == (4, "record[0].dose")


@pytest.mark.parametrize(
    "event",
    [
        "kind: bridge, substance: cyanocobalamin, route: oral, dose: %s",
        "kind: statement, taking: yes, substance: cyanocobalamin, route: oral, dose: %s",
        "kind: correction, withdraws: a, replaced_by: {date: 2026-01-05, kind: administration, substance: cyanocobalamin, route: im, dose: %s}",
    ],
)
def test_amounts_of_other_events_are_read_as_strictly(faults_of: FaultsOf, event: str) -> None:
    ((line, path, message),) = faults_of(f"  - {{date: 2026-01-05, {event % quoted('1,000 mcg')}}}\n")
    assert line == 4
    assert path.endswith(".dose")
    assert "1000 mcg" in message


# -- results ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marker", "value", "shown"),
    [
        ("potassium", "3,9 mmol/L", "'3,9 mmol/L'"),
        ("serum_b12", "1,200 ng/L", "'1,200 ng/L'"),
        ("potassium", "3.9", "unit"),
        ("potassium", "mmol/L", "number"),
        ("potassium", "", "number"),
        ("potassium", "low", "number"),
        ("potassium", ".9 mmol/L", "number"),
        ("potassium", "3. mmol/L", "'3. mmol/L'"),
        ("potassium", "3.9e0 mmol/L", "'3.9e0 mmol/L'"),
        ("potassium", "３.９ mmol/L", "number"),
        ("potassium", "-3.9 mmol/L", "number"),
        ("potassium", "=3.9 mmol/L", "number"),
        ("potassium", "3.9 mmol", "mmol/L"),
        ("potassium", "positive", "number"),
        ("intrinsic_factor_antibody", "weakly positive", "positive, negative, equivocal"),
        ("potassium", "about 3.9 mmol/L", "number"),
        ("potassium", "3.9 to 4 mmol/L", "mmol/L"),
        ("potassium", "3.9 ng/L", "mmol/L"),
        ("potassium", "3.9 mg/dL", "mmol/L"),
        ("serum_b12", "150 mmol/L", "ng/L"),
        ("serum_b12", "150 mcg", "ng/L"),
        ("haematocrit", "33 mmol/L", "allowed"),
        ("mma", "0.5 ng/L", "allowed"),
    ],
)
def test_a_result_with_a_wrong_number_or_unit_is_refused(
    faults_of: FaultsOf, marker: str, value: str, shown: str
) -> None:
    ((line, path, message),) = faults_of(
        f"  - {{date: 2026-01-12, kind: result, marker: {marker}, value: {quoted(value)}}}\n"
    )
    assert (line, path) == (4, "record[0].value")
    assert shown in message


@pytest.mark.parametrize(
    "usual",
    [
        "3,5-5,3 mmol/L", "3.5 to 5.3 mmol/L", "3.5-5.3", "3.5-10", "35-53", "180-900", ">180", "<10", "10 umol/L", "normal",
        "5.3 - mmol/L", "3.5-5.3 mg/dL",
    ],
)  # fmt: skip
def test_a_reference_range_that_can_not_be_read_is_refused(faults_of: FaultsOf, usual: str) -> None:
    event = f"kind: result, marker: potassium, value: 3.9 mmol/L, reference_range: {quoted(usual)}"
    ((line, path, message),) = faults_of(f"  - {{date: 2026-01-12, {event}}}\n")
    assert (line, path) == (4, "record[0].reference_range")
    assert usual in message
    assert "mmol/L" in message


def test_a_reference_range_whose_low_end_is_above_its_high_end_is_refused(
    faults_of: FaultsOf,
) -> None:
    """Read as it stands, every value would be both too low and too high."""
    event = "kind: result, marker: potassium, value: 4.0 mmol/L, reference_range: 5.3-3.5 mmol/L"
    ((line, path, _),) = faults_of(f"  - {{date: 2026-01-12, {event}}}\n")
    assert (line, path) == (4, "record[0].reference_range")


@hazard("H09")
@pytest.mark.parametrize("usual", ["3.5-5.3 mmol/L", "3.5-5.3 meq/L", ">3.5 meq/L"])
def test_a_low_potassium_is_not_overlooked_for_the_unit_of_its_range(
    run: Callable[..., Run], copy_of: Callable[..., Path], usual: str
) -> None:
    """A range in another unit than its value is refused or compared; it never makes the warning go away."""
    file = copy_of()
    event = f"  - {{date: 2026-01-01, kind: result, marker: potassium, value: 3.0 mmol/L, reference_range: {quoted(usual)}}}\n"
    file.write_text(f"{file.read_text('utf-8')}record:\n{event}", "utf-8")
    answer = run("plan", file, "--protocol", "uk-bnf-noneuro", *START, *DAY, "--json")
    if answer.code == 3:
        assert answer.faults[0]["path"] == "record[0].reference_range"
    else:
        assert "POTASSIUM_LOW" in {issue["code"] for issue in answer.document["issues"]}


# -- kinds, keys and words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "path", "shown"),
    [
        ("kind: injection", "record[0].kind", ["'injection'", "administration", "omission", "correction"]),
        ("kind: administraton", "record[0].kind", ["did you mean 'administration'"]),
        ("kind: symptom, tiredness: 3", "record[0].kind", ["did you mean 'symptoms'"]),
        ("kind: [administration]", "record[0].kind", ["administration"]),
        ("kind: ''", "record[0].kind", ["administration"]),
        ("reason: declined", "record[0]", ["'kind'", "missing"]),
        ("kind: administration, dose: 1 mg, route: im", "record[0]", ["'substance'", "as_planned"]),
        ("kind: administration, substance: cyanocobalamin, route: im", "record[0]", ["'dose'", "as_planned"]),
        ("kind: administration, substance: cyanocobalamin, dose: 1 mg", "record[0]", ["'route'", "as_planned"]),
        ("kind: administration, as_planned: yes", "record[0].as_planned", ["'yes'", "true"]),
        ("kind: administration, as_planned: true, intent: extra", "record[0].intent", ["scheduled, additional"]),
        ("kind: administration, as_planned: true, source: home", "record[0].source", ["this_site", "self"]),
        ("kind: administration, as_planned: true, authority: {through: 2026-12-31}", "record[0].authority", ["'by'"]),
        (
            "kind: administration, substance: methylcobalamin, dose: 1 mg, route: im",
            "record[0].substance",
            ["'methylcobalamin'", "did you mean 'mecobalamin'"],
        ),
        (
            "kind: administration, substance: cyanocobalamin, dose: 1 mg, route: IM",
            "record[0].route",
            ["'IM'", "intramuscular", "im"],
        ),
        ("kind: statement", "record[0]", ["'taking'"]),
        ("kind: statement, taking: sometimes", "record[0].taking", ["yes, partly, no"]),
        ("kind: omission", "record[0]", ["'reason'"]),
        (
            "kind: omission, reason: forgot",
            "record[0].reason",
            ["did_not_attend", "declined", "clinic_cancelled", "in_hospital", "did you mean 'forgotten'"],
        ),
        ("kind: result, marker: potassium", "record[0]", ["'value'"]),
        ("kind: result, value: 3.9 mmol/L", "record[0]", ["'marker'"]),
        ("kind: result, marker: b12, value: 150 ng/L", "record[0].marker", ["serum_b12"]),
        ("kind: symptoms", "record[0]", ["tiredness", "red_flags"]),
        ("kind: symptoms, tiredness: 11", "record[0].tiredness", ["'11'", "0 to 10"]),
        ("kind: symptoms, tiredness: 3.5", "record[0].tiredness", ["'3.5'", "0 to 10"]),
        ("kind: symptoms, own: {pins and needles: -1}", "record[0].own.pins and needles", ["'-1'", "0 to 10"]),
        ("kind: symptoms, own: itch", "record[0].own", ["mapping"]),
        ("kind: symptoms, red_flags: [breathing]", "record[0].red_flags[0]", ["breathing_difficulty"]),
        ("kind: symptoms, red_flags: breathing_difficulty", "record[0].red_flags", ["list"]),
        ("kind: decision, by: Dr A, reason: why", "record[0]", ["'decision'"]),
        ("kind: decision, decision: stop, reason: why", "record[0]", ["'by'"]),
        ("kind: decision, decision: stop, by: Dr A", "record[0]", ["'reason'"]),
        ("kind: decision, decision: stop, by: Dr A, reason: ''", "record[0].reason", ["text"]),
        ("kind: decision, decision: finish, by: Dr A, reason: why", "record[0].decision", ["stop", "advance"]),
        ("kind: decision, decision: change_interval, by: Dr A, reason: why", "record[0]", ["'interval'", "8 wk"]),
        (
            "kind: decision, decision: change_interval, interval: bi-monthly, by: Dr A, reason: why",
            "record[0].interval",
            ["'bi-monthly'", "12 wk", "3 mo"],
        ),
        (
            "kind: decision, decision: change_interval, interval: 8 fortnights, by: Dr A, reason: why",
            "record[0].interval",
            ["'8 fortnights'", "wk"],
        ),
        ("kind: decision, decision: credit, by: Dr A, reason: why", "record[0]", ["'event'", "id"]),
        ("kind: decision, decision: reject, by: Dr A, reason: why", "record[0]", ["'event'", "id"]),
        ("kind: bridge, substance: cyanocobalamin, dose: 1 mg", "record[0]", ["'route'"]),
        ("kind: history, phase: load", "record[0]", ["'last_dose'"]),
        ("kind: history, last_dose: 2025-11", "record[0]", ["'phase'"]),
        ("kind: history, phase: load, last_dose: last winter", "record[0].last_dose", ["'last winter'"]),
        ("kind: history, phase: load, last_dose: unknown, doses: six", "record[0].doses", ["'six'", "whole number"]),
        ("kind: fact, value: present", "record[0]", ["'fact'"]),
        ("kind: fact, fact: vegan", "record[0]", ["'value'"]),
        ("kind: fact, fact: vegan, value: yes", "record[0]", ["'yes'", "present, absent"]),
        ("kind: fact, fact: diabetes, value: present", "record[0]", ["'diabetes'"]),
        ("kind: plan, protocol: uk-bnf-noneuro, version: 1", "record[0]", ["'start'"]),
        ("kind: correction", "record[0]", ["'withdraws'"]),
        ("kind: correction, withdraws: a, replaced_by: {date: 2026-01-05}", "record[0].replaced_by", ["'kind'"]),
        ("kind: hold, id: 'two words'", "record[0].id", ["'two words'", "letters"]),
        ("kind: hold, id: [a]", "record[0].id", ["letters"]),
    ],
)
def test_an_event_with_a_wrong_word_or_without_a_key_is_refused(
    faults_of: FaultsOf, event: str, path: str, shown: list[str]
) -> None:
    found = faults_of(f"  - {{date: 2026-01-05, {event}}}\n")
    line, at, message = found[0]
    assert (line, at) == (4, path), message
    for part in shown:
        assert part in message


@pytest.mark.parametrize("kind", ["hold", "pause", "administration, as_planned: true", "omission, reason: declined"])
def test_an_event_without_a_date_is_refused(faults_of: FaultsOf, kind: str) -> None:
    ((line, path, message),) = faults_of(f"  - {{kind: {kind}}}\n")
    assert (line, path) == (4, "record[0]")
    assert "'date'" in message


@pytest.mark.parametrize(
    ("key", "value"), [("recorded_at", "[2026-01-05]"), ("by", "{name: me}"), ("time", "[8]"), ("note", "[a, b]")]
)
def test_a_list_where_a_text_belongs_is_refused(faults_of: FaultsOf, key: str, value: str) -> None:
    ((line, path, _),) = faults_of(f"  - {{date: 2026-01-05, kind: hold, {key}: {value}}}\n")
    assert (line, path) == (4, f"record[0].{key}")


@pytest.mark.parametrize(
    "plan",
    [
        "acknowledged: [a]",
        "calendar: {holidays: [GB]}",
        "product: [a]",
        "policy: {a: b}",
        "accepted_by: [me, you]",
        "choices: [a]",
        "choices: {a: [b]}",
        "calendar: [mon]",
    ],
)
def test_a_list_where_a_text_of_the_plan_belongs_is_refused(
    run: Callable[..., Run], case_file: Callable[..., Path], plan: str
) -> None:
    head = "cobalamin: 1\npatient: {id: x}\n"
    file = case_file(f"{head}plan: {{protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, {plan}}}\n")
    answer = run("check", file, "--json")
    assert answer.code == 3, "the file is read as if nothing were wrong"
    assert answer.faults[0]["line"] == 3
    assert answer.faults[0]["path"].startswith(f"plan.{plan.partition(':')[0]}")


@pytest.mark.parametrize("day", ["2026-02-30", "31/01/2026", "yesterday"])
def test_the_day_of_recording_is_a_day_that_exists(faults_of: FaultsOf, day: str) -> None:
    """`--as-recorded` will compare it."""
    ((line, path, message),) = faults_of(f"  - {{date: 2026-01-05, kind: hold, recorded_at: {day}}}\n")
    assert (line, path) == (4, "record[0].recorded_at")
    assert day in message


# -- ids -------------------------------------------------------------------------------------------------------------

HOLD = "  - {id: a, date: 2026-01-05, kind: hold}\n"


def test_an_id_that_stands_twice_is_refused(faults_of: FaultsOf) -> None:
    ((line, path, message),) = faults_of(HOLD + HOLD.replace("hold", "pause"))
    assert (line, path) == (5, "record[1].id")
    assert "'a'" in message


@pytest.mark.parametrize(
    "broken",
    ["  - just words\n", "  - {date: 2026-01-06}\n", "  - {date: 2026-01-06, kind: party}\n"],
    ids=["no event", "no kind", "no such kind"],
)
@pytest.mark.parametrize("before", ["", HOLD], ids=["before both", "between them"])
def test_an_id_that_stands_twice_is_told_beside_an_event_that_can_not_be_read(
    faults_of: FaultsOf, before: str, broken: str
) -> None:
    events = f"{before}{broken}{HOLD}" if before else f"{broken}{HOLD}{HOLD}"
    found = {(line, path) for line, path, _ in faults_of(events)}
    assert (6, "record[2].id") in found


@pytest.mark.parametrize("name", ["[", "[]", "a[b", "]", ".", "..", "[0]", "a.b", "=", "own", "", "record[0]"])
def test_a_symptom_of_any_name_with_a_wrong_score_is_refused_on_its_line(faults_of: FaultsOf, name: str) -> None:
    """Looking for the line of a place whose name holds a bracket never ended."""
    faults = faults_of(f"  - {{date: 2026-01-05, kind: symptoms, own: {{{quoted(name)}: 11}}}}\n")
    assert {line for line, _, _ in faults} == {4}
