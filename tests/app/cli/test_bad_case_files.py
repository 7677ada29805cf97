"""A case file with a fault: one sentence with file, line, path, value and what is allowed; nothing is written."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from case_schemas import agree_about
from command_line import DAY, START, Run, nothing_written, quoted

from processes import BOUND

CASE = "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\n"
PLANNED = CASE + "plan: {protocol: uk-bnf-noneuro, version: 1, start: %s}\n"

Refuse = Callable[..., None]


@pytest.fixture
def refuse(run: Callable[..., Run], case_file: Callable[..., Path]) -> Refuse:
    """Every command refuses the content with exit 3, for one fault at this place that shows these words."""

    def check(content: str | bytes, line: int, path: str, *shown: str) -> None:
        file = case_file(content)
        agree_about(content)
        with nothing_written(file.parent):
            checked = run("check", file, "--json")
            proposed = run("propose", file, *DAY)
        assert (checked.code, proposed.code) == (3, 3), f"check {checked.code}, propose {proposed.code}: {checked.out}"
        fault = checked.faults[0]
        assert len(checked.faults) == 1 or not path, checked.faults  # without its top, a file lacks more than one thing
        assert fault["file"] == str(file)
        assert (fault["line"], fault["path"]) == (line, path), fault["message"]
        message = fault["message"]
        assert message, "a fault says what is wrong"
        assert "\n" not in message, "a fault is one sentence"
        for part in shown:
            assert part in message, f"{part!r} is not in {message!r}"
        place = f"{file}:{line}" if line else str(file)
        assert proposed.err.startswith(f"{place}: {path}: {message}\n" if path else f"{place}: {message}\n")
        assert proposed.out == ""

    return check


# -- dates that do not exist -----------------------------------------------------------------------------------------

NO_DATES = [
    "2026-02-30", "2025-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-01-00", "31/01/2026",
    "01/02/2026", "1.2.2026", "2026-1-5", "2026/01/05", "20260105", "26-01-05", "2026-01-05T10:00", "2026-01-05Z",
    "5 Jan 2026", "today", "2026-01", "0000-00-00", "9999-12-31", "２０２６-01-05", "-2026-01-05", "2026-01-05 ",
]  # fmt: skip


@pytest.mark.parametrize("day", NO_DATES)
def test_a_date_of_birth_that_is_no_date_is_refused_with_its_line(refuse: Refuse, day: str) -> None:
    content = f"cobalamin: 1\npatient:\n  id: x\n  birth_date: {quoted(day)}\n"
    refuse(content, 4, "patient.birth_date", day)


@pytest.mark.parametrize("day", NO_DATES)
def test_a_start_that_is_no_date_is_refused_with_its_line(refuse: Refuse, day: str) -> None:
    refuse(PLANNED % quoted(day), 3, "plan.start", day)


@pytest.mark.parametrize("day", [day for day in NO_DATES if day != "2026-01"])
@pytest.mark.parametrize("key", ["date", "on"])
def test_an_event_on_a_day_that_is_no_date_is_refused_with_its_line(refuse: Refuse, key: str, day: str) -> None:
    event = f"  - {key}: {quoted(day)}\n    kind: omission\n    reason: declined\n"
    refuse(f"{CASE}record:\n{event}", 4, f"record[0].{key}", day)


@pytest.mark.parametrize("day", ["2026-02-30", "31/01/2026", "2026-1-5"])
@pytest.mark.parametrize(
    ("content", "line", "path"),
    [
        ("facts:\n  deficiency: {value: confirmed, on: %s}\n", 4, "facts.deficiency.on"),
        ("record:\n  - {date: 2026-01-05, kind: hold, until: %s}\n", 4, "record[0].until"),
        ("record:\n  - {date: 2026-01-05, kind: history, phase: load, last_dose: %s}\n", 4, "record[0].last_dose"),
        (
            "record:\n  - {date: 2026-01-05, kind: administration, as_planned: true, expires_on: %s}\n",
            4,
            "record[0].expires_on",
        ),
        (
            "plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, accepted_on: %s}\n",
            3,
            "plan.accepted_on",
        ),
        (
            "plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, calendar: {closed: [%s]}}\n",
            3,
            "plan.calendar.closed[0]",
        ),
    ],
)
def test_every_other_date_is_read_as_strictly(refuse: Refuse, content: str, line: int, path: str, day: str) -> None:
    refuse(CASE + content % quoted(day), line, path, day, "write")


def test_a_plan_that_starts_before_birth_is_refused(refuse: Refuse) -> None:
    refuse(PLANNED % "1958-03-01", 3, "plan.start", "1958-03-01", "1958-03-02", "before")


# -- files that are no case at all -----------------------------------------------------------------------------------

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "line", "path", "shown"),
    [
        pytest.param(b"", 0, "", ["empty"], id="empty"),
        pytest.param(b"# nothing but a comment\n\n", 0, "", ["empty"], id="only a comment"),
        pytest.param(b"\xff\xfe" + CASE.encode("utf-16-le"), 1, "", ["UTF-8"], id="UTF-16 with its mark"),
        pytest.param(CASE.encode("utf-16-le"), 1, "", ["text"], id="UTF-16 without a mark"),
        pytest.param(CASE.replace("id: x", "id: José").encode("latin-1"), 2, "", ["UTF-8"], id="Latin-1"),
        pytest.param(CASE.replace("id: x", "id: x\x00").encode(), 2, "", ["text"], id="NUL"),
        pytest.param(b"cobalamin: 1\npatient: {id: a\x07b}\n", 2, "", ["control character"], id="control character"),
        pytest.param(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n", 2, "", ["UTF-8"], id="a PDF"),
        pytest.param(CASE + "---\n" + CASE, 3, "", ["second document"], id="two documents"),
        pytest.param("cobalamin: 1\npatient: {id: x\n", 3, "", ["YAML"], id="an open brace"),
        pytest.param("cobalamin: 1\n\tpatient: {id: x}\n", 2, "", ["YAML"], id="a tab for indentation"),
        pytest.param('{"cobalamin": 1,\n "patient": {"id": "x"\n', 3, "", ["JSON"], id="JSON cut short"),
        pytest.param(f"cobalamin: 1\nfacts: {'[' * 100}{']' * 100}\n", 2, None, ["deep"], id="deep nesting"),
        pytest.param(f"cobalamin: 1\nfacts: {'[' * 200_000}", 2, None, ["deep"], id="very deep nesting"),
        pytest.param(f"cobalamin: 1\nfacts: {'{a: ' * 5_000}", 2, None, ["deep"], id="very deep mappings"),
        pytest.param(BOMB, 1, "a", ["anchors", "&"], id="a billion laughs"),
        pytest.param("cobalamin: 1\npatient: &p {id: x}\n", 2, "patient", ["anchors"], id="an anchor"),
        pytest.param("cobalamin: 1\npatient: {id: *p}\n", 2, "patient.id", ["aliases"], id="an alias"),
        pytest.param(
            "cobalamin: 1\npatient: !!python/object/apply:os.system ['true']\n",
            2,
            "patient",
            ["tags", "python/object/apply:os.system"],
            id="a tag that runs a command",
        ),
        pytest.param(
            "cobalamin: 1\npatient:\n  id: !!python/object:cobalamin.therapy.case.Patient {id: x}\n",
            3,
            "patient.id",
            ["tags"],
            id="a tag that builds an object",
        ),
        pytest.param("cobalamin: !!int 1\npatient: {id: x}\n", 1, "cobalamin", ["tags"], id="a plain tag"),
        pytest.param("- cobalamin: 1\n", 1, "", ["mapping", "cobalamin", "patient"], id="a list at the top"),
        pytest.param("only words\n", 1, "", ["mapping", "cobalamin", "patient"], id="words at the top"),
    ],
)
def test_a_file_that_is_no_case_is_refused(
    refuse: Refuse,
    run: Callable[..., Run],
    case_file: Callable[..., Path],
    content: str | bytes,
    line: int,
    path: str | None,
    shown: list[str],
) -> None:
    if path is None:  # how deep the reader went is its own affair
        found = run("check", case_file(content), "--json").faults
        path = found[0]["path"]
    refuse(content, line, path, *shown)


def test_a_file_of_ten_megabytes_is_refused_without_reading_it(refuse: Refuse) -> None:
    refuse(CASE.encode() + b"#" * 10_000_000, 0, "", "bytes", "at most")


@pytest.mark.parametrize("name", ["nowhere.yaml", "nowhere/case.yaml", "."])
def test_a_file_that_can_not_be_opened_is_refused(run: Callable[..., Run], tmp_path: Path, name: str) -> None:
    for command in (["check"], ["propose", *DAY], ["plan", "--protocol", "uk-bnf-noneuro", *START, *DAY]):
        answer = run(command[0], tmp_path / name, *command[1:])
        assert answer.code == 3
        assert str(tmp_path / name) in answer.err
        assert answer.out == ""


@pytest.mark.parametrize("content", ["", "cobalamin: 1\npatient: {id: [}\n"])
def test_the_text_of_check_has_no_empty_places(
    run: Callable[..., Run], case_file: Callable[..., Path], content: str
) -> None:
    """The sentence of `check` reads like that of every other command: no line 0, no empty path between two colons."""
    file = case_file(content)
    assert run("check", file).err == run("propose", file, *DAY).err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_source_without_an_end_is_read_only_up_to_the_limit(run: Callable[..., Run], tmp_path: Path) -> None:
    """A pipe or a device (/dev/zero) says that it has no bytes, and never stops giving some."""
    pipe, written = tmp_path / "pipe.yaml", [0]
    os.mkfifo(pipe)

    def pour() -> None:
        with contextlib.suppress(BrokenPipeError), open(pipe, "wb", buffering=0) as mouth:
            while written[0] < 40_000_000:
                written[0] += mouth.write(b"#" * 65_536)

    source = threading.Thread(target=pour, daemon=True)
    source.start()
    assert run("check", pipe).code == 3
    source.join(BOUND)
    assert written[0] < 10_000_000


# -- keys and words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "line", "path", "shown"),
    [
        pytest.param(CASE + "patient: {id: y}\n", 3, "patient", ["twice", "2"], id="a key twice"),
        pytest.param(CASE + "facts:\n  vegan: present\n  vegan: absent\n", 5, "facts.vegan", ["twice", "4"], id="a fact twice"),
        pytest.param('{"cobalamin": 1,\n"patient": {"id": "x",\n"id": "y"}}', 3, "patient.id", ["twice"], id="a key twice in JSON"),
        pytest.param(CASE + "fatcs: {}\n", 3, "fatcs", ["'fatcs'", "did you mean 'facts'", "record"], id="an unknown key"),
        pytest.param("cobalamin: 1\npatient: {id: x, birthdate: 1958-03-02}\n", 2, "patient.birthdate", ["did you mean 'birth_date'"], id="an unknown key of the patient"),
        pytest.param(CASE + "facts:\n  neuropathy: present\n", 4, "facts.neuropathy", ["'neuropathy'", "neurological_involvement"], id="an unknown fact"),
        pytest.param(CASE + "facts:\n  neurological_involvment: present\n", 4, "facts.neurological_involvment", ["did you mean 'neurological_involvement'"], id="a fact with a slip"),
        pytest.param(CASE + "facts:\n  inborn_error_kind: cblC\n", 4, "facts.inborn_error_kind", ["did you mean 'cblc'"], id="a word in other capitals"),
        pytest.param(CASE + "facts:\n  Vegan: present\n", 4, "facts.Vegan", ["did you mean 'vegan'"], id="a fact in other capitals"),
        pytest.param(CASE + "facts:\n  deficiency: {value: confirmed, when: 2026-01-01}\n", 4, "facts.deficiency.when", ["'when'", "on", "source"], id="an unknown key of a fact"),
        pytest.param(CASE + "record:\n  - {date: 2026-01-05, kind: omission, reason: declined, dose: 1 mg}\n", 4, "record[0].dose", ["'dose'", "reason"], id="a key of another kind of event"),
        pytest.param(CASE + "record:\n  - {date: 2026-01-05, on: 2026-01-05, kind: omission, reason: declined}\n", 4, "record[0].date", ["'date'"], id="date and on"),
        pytest.param("cobalamin: 2\npatient: {id: x}\n", 1, "cobalamin", ["'2'", "1"], id="a format of the future"),
        pytest.param("patient: {id: x}\n", 1, "", ["'cobalamin'", "missing"], id="no format"),
        pytest.param("cobalamin: 1\n", 1, "", ["'patient'", "missing"], id="no patient"),
        pytest.param("cobalamin: 1\npatient: {sex: female}\n", 2, "patient", ["'id'", "missing"], id="no id"),
        pytest.param("cobalamin: 1\npatient: [x]\n", 2, "patient", ["mapping", "id"], id="a list for the patient"),
        pytest.param(CASE + "facts: [vegan]\n", 3, "facts", ["mapping"], id="a list for facts"),
        pytest.param(CASE + "facts:\n  none_of: allergies\n", 4, "facts.none_of", ["list"], id="a word for a list"),
        pytest.param(CASE + "record: {date: 2026-01-05}\n", 3, "record", ["list"], id="a mapping for the record"),
        pytest.param(CASE + "plan: uk-bnf-noneuro\n", 3, "plan", ["mapping", "protocol", "version", "start"], id="a word for a plan"),
        pytest.param(CASE + "record:\n  - given\n", 4, "record[0]", ["mapping", "kind"], id="a word for an event"),
        pytest.param("cobalamin: 1\npatient: {id: x, country: gb}\n", 2, "patient.country", ["'gb'", "capital", "GB"], id="country in lower case"),
        pytest.param("cobalamin: 1\npatient: {id: x, country: England}\n", 2, "patient.country", ["'England'", "GB"], id="country as a name"),
        pytest.param("cobalamin: 1\npatient: {id: x, sex: f}\n", 2, "patient.sex", ["'f'", "female"], id="sex as a letter"),
        pytest.param("cobalamin: 1\npatient: {id: ''}\n", 2, "patient.id", ["text"], id="an empty id"),
        pytest.param(f"cobalamin: 1\npatient: {{id: {'x' * 301}}}\n", 2, "patient.id", ["300"], id="an id of 301 characters"),
        pytest.param(PLANNED.replace("uk-bnf-noneuro", "uk-bnf-nonero") % "2026-01-05", 3, "plan.protocol", ["did you mean 'uk-bnf-noneuro'"], id="an unknown protocol"),
        pytest.param(PLANNED.replace("version: 1", "version: newest") % "2026-01-05", 3, "plan.version", ["'newest'", "whole number"], id="a version in words"),
        pytest.param(CASE + "plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, calendar: {open: [monday]}}\n", 3, "plan.calendar.open[0]", ["'monday'", "mon"], id="an unknown weekday"),
    ],
)  # fmt: skip
def test_keys_that_are_wrong_missing_or_twice_are_refused(
    refuse: Refuse, content: str, line: int, path: str, shown: list[str]
) -> None:
    refuse(content, line, path, *shown)


@pytest.mark.parametrize(
    ("fact", "value", "shown"),
    [
        ("cause", "perncious_anaemia", ["did you mean 'pernicious_anaemia'"]),
        ("cause", "pernicious anaemia", ["did you mean 'pernicious_anaemia'"]),
        ("cause", "pernicious_anemia", ["did you mean 'pernicious_anaemia'"]),
        ("cause", "dietry", ["did you mean 'dietary'"]),
        ("deficiency", "Confirmed", ["did you mean 'confirmed'"]),
        ("deficiency", "maybe", ["confirmed, suspected, indeterminate, excluded"]),
        ("neurological_involvement", "yes", ["present, absent", "unknown"]),
        ("neurological_involvement", "true", ["present, absent"]),
        ("vegan", "no", ["present, absent"]),
        ("anaemia", "present", ["none, mild, severe"]),
        ("optic_disease", "leber", ["leber_hereditary_optic_neuropathy"]),
        ("previous_treatment", "finished", ["none, loading, maintenance, unknown"]),
        ("ileal_resection_length", "30", ["30 cm"]),
        ("ileal_resection_length", "0.3 m", ["30 cm"]),
        ("weight", "62", ["62 kg"]),
        ("weight", "9 st 10 lb", ["62 kg"]),
        ("weight", "62,5 kg", ["62 kg"]),
    ],
)
def test_an_unknown_word_of_a_fact_is_refused_with_the_allowed_ones(
    refuse: Refuse, fact: str, value: str, shown: list[str]
) -> None:
    refuse(f"{CASE}facts:\n  {fact}: {value}\n", 4, f"facts.{fact}", f"'{value}'", *shown)


@pytest.mark.parametrize(
    ("fact", "value", "box"),
    [
        ("allergy_cobalt", "present", "allergies"),
        ("optic_disease", "leber_hereditary_optic_neuropathy", "optic_disease"),
        ("renal_impairment", "present", "kidney_disease"),
        ("anticoagulation", "present", "bleeding_risk"),
        ("thrombocytopenia", "present", "bleeding_risk"),
        ("nitrous_oxide_exposure", "present", "nitrous_oxide"),
        ("pregnancy", "planning", "pregnancy"),
        ("folic_acid", "concomitant", "folic_acid"),
        ("polycythaemia_vera", "present", "polycythaemia"),
        ("renal_impairment", "unknown", "kidney_disease"),
    ],
)
def test_a_fact_that_contradicts_none_of_is_refused(refuse: Refuse, fact: str, value: str, box: str) -> None:
    content = f"{CASE}facts:\n  {fact}: {value}\n  none_of:\n    - {box}\n"
    refuse(content, 6, "facts.none_of[0]", fact, f"'{value}'")


def test_an_unknown_box_of_none_of_is_refused(refuse: Refuse) -> None:
    refuse(f"{CASE}facts:\n  none_of: [alergies]\n", 4, "facts.none_of[0]", "'alergies'", "did you mean 'allergies'")


@pytest.mark.parametrize(
    ("changes", "path", "shown"),
    [
        pytest.param({"version: 1": "version: 99"}, "plan.version", "99", id="a version that was never published"),
        pytest.param({"uk-bnf-noneuro": "uk-ng239"}, "plan.protocol", "guidance", id="guidance"),
        pytest.param({"}": ", product: nonsense}"}, "plan.product", "'nonsense'", id="a product nobody knows"),
        pytest.param({"}": ", choices: {favourite: 3 mo}}"}, "plan.choices.favourite", "maintenance_interval", id="a choice that is none"),
        pytest.param({"}": ", choices: {maintenance_interval: 9 mo}}"}, "plan.choices.maintenance_interval", "9 mo", id="a choice out of range"),
    ],
)  # fmt: skip
def test_a_plan_that_could_never_have_been_accepted_is_refused(
    refuse: Refuse, changes: dict[str, str], path: str, shown: str
) -> None:
    content = (PLANNED % "2026-01-05").rstrip("\n")
    for old, new in changes.items():
        content = content[: content.rindex(old)] + new + content[content.rindex(old) + len(old) :]
    refuse(content + "\n", 3, path, shown)


@pytest.mark.parametrize("protocol", ["uk-bsh14-noneuro", "uk-bshcov-nondiet"])
def test_a_plan_of_an_earlier_or_withdrawn_edition_is_still_read(
    run: Callable[..., Run], case_file: Callable[..., Path], protocol: str
) -> None:
    """It was accepted once; what is in force can always be read."""
    assert run("check", case_file(PLANNED.replace("uk-bnf-noneuro", protocol) % "2026-01-05")).code == 0


# -- all faults at once ----------------------------------------------------------------------------------------------


def test_all_faults_are_told_at_once_in_the_order_of_the_lines(
    run: Callable[..., Run], case_file: Callable[..., Path]
) -> None:
    file = case_file(
        "cobalamin: 2\n"
        "patient: {id: x, birth_date: 1958-02-30, country: gb}\n"
        "facts:\n"
        "  cause: nobody_knows\n"
        "  favourite: chocolate\n"
        "plan: {protocol: nonsense, version: 0, start: 31/01/2026}\n"
        "record:\n"
        "  - {date: 2026-01-05, kind: administration, substance: water, dose: '1,000 mcg', route: ear}\n"
        "  - {date: 2026-13-05, kind: party}\n"
        "  - {kind: result, marker: potassium, value: '3,9 mmol/L'}\n"
    )
    with nothing_written(file.parent):
        answer = run("check", file, "--json")
        text = run("check", file)
    assert (answer.code, text.code) == (3, 3)
    assert [(fault["line"], fault["path"]) for fault in answer.faults] == [
        (1, "cobalamin"),
        (2, "patient.birth_date"),
        (2, "patient.country"),
        (4, "facts.cause"),
        (5, "facts.favourite"),
        (6, "plan.protocol"),
        (6, "plan.start"),
        (6, "plan.version"),
        (8, "record[0].dose"),
        (8, "record[0].route"),
        (8, "record[0].substance"),
        (9, "record[1].kind"),
        (10, "record[2]"),
        (10, "record[2].value"),
    ]
    assert len(text.err.splitlines()) == 14
    assert text.out == ""


def test_a_key_that_stands_twice_does_not_hide_the_other_faults(
    run: Callable[..., Run], case_file: Callable[..., Path]
) -> None:
    file = case_file(CASE + "facts:\n  vegan: present\n  vegan: absent\n  cause: nobody_knows\nfatcs: {}\n")
    assert {fault["path"] for fault in run("check", file, "--json").faults} == {"facts.vegan", "facts.cause", "fatcs"}
