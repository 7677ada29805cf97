"""What a case file may hold, however unusual: it is accepted, and it reads back as it was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from command_line import DAY, EXAMPLES, Run, nothing_written, quoted

CASE = "cobalamin: 1\npatient: {id: x, birth_date: 1958-03-02, country: GB}\n"
FACTS = "facts: {deficiency: confirmed, neurological_involvement: absent, previous_treatment: none}\n"

EVERY_KIND = """record:
  - {date: 2026-01-05, kind: administration, as_planned: true}
  - {on: 2026-01-07, kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im, product: gb-hydroxocobalamin-1mg-1ml,
     batch: A1, expires_on: 2027-01-31, site: deltoid, side: left, intent: additional, source: other_site,
     authority: {by: Dr A, from: 2026-01-01, through: 2026-12-31, product: gb-hydroxocobalamin-1mg-1ml}}
  - {date: 2026-01-08, kind: statement, taking: partly, substance: cyanocobalamin, dose: 1000 micrograms, route: oral, from: 2025-12-01}
  - {date: 2026-01-09, kind: omission, reason: did_not_attend, by: Nurse B, recorded_at: 2026-01-10}
  - {date: 2026-01-12, kind: result, marker: potassium, value: 3.90 mmol/L, reference_range: 3.5-5.3 mmol/L, laboratory: Here}
  - {date: 2026-01-12, kind: result, marker: serum_b12, value: "> 2000 ng/L", reference_range: ">180 ng/L"}
  - {date: 2026-01-13, kind: symptoms, tiredness: 0, balance: 10, own: {Kribbeln: 4}, red_flags: [new_vision_loss]}
  - {date: 2026-01-14, kind: decision, decision: change_interval, interval: 8 wk, by: Dr A, reason: returns early}
  - {date: 2026-01-15, kind: hold}
  - {date: 2026-01-16, kind: pause, until: 2026-02-01}
  - {date: 2026-01-17, kind: bridge, substance: cyanocobalamin, dose: 1 mg, route: sublingual, until: 2026-02-01}
  - {date: 2026-01-18, kind: history, phase: maintenance, last_dose: 2025-11, doses: 6, interval: 12 wk}
  - {date: 2026-01-19, kind: history, phase: load, last_dose: unknown, asserted_by: the patient}
  - {date: 2026-01-20, kind: fact, fact: pregnancy, value: planning}
  - {date: 2026-01-21, kind: plan, protocol: uk-bnf-neuro, version: 1, start: 2026-02-02, continue: true}
  - {id: c-1, date: 2026-01-22, kind: correction, withdraws: x-1, replaced_by: {date: 2026-01-05, kind: omission, reason: declined}}
"""


def accepted(run: Callable[..., Run], file: Path) -> Any:
    """The proposal for a file that `check` and `propose` accept and leave as it is."""
    with nothing_written(file.parent):
        checked = run("check", file)
        assert (checked.code, checked.err) == (0, ""), checked.err
        answer = run("propose", file, *DAY, "--json")
    assert answer.code in (0, 1, 4), answer.err
    return answer.document


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(CASE.encode(), id="YAML"),
        pytest.param(b"\xef\xbb\xbf" + CASE.encode(), id="a byte-order mark"),
        pytest.param(CASE.replace("\n", "\r\n").encode(), id="line ends of Windows"),
        pytest.param(CASE.rstrip().encode(), id="no last line end"),
        pytest.param(b"---\n" + CASE.encode() + b"...\n", id="document marks"),
        pytest.param("".join(f"  {line}\n" for line in CASE.splitlines()).encode(), id="indented as a whole"),
        pytest.param((CASE + "facts:\n  # nothing yet\n").encode(), id="facts with only a comment"),
        pytest.param((CASE + "plan:\nrecord:\n").encode(), id="a plan and a record with nothing below"),
        pytest.param(b"{cobalamin: 1, patient: {id: x}}", id="one line of YAML"),
        pytest.param(b'{"cobalamin": 1, "patient": {"id": "x"}}', id="JSON"),
        pytest.param(b'{"cobalamin":1,"patient":{"id":"x"},"facts":{}}', id="JSON without spaces"),
        pytest.param(b'{\n\t"cobalamin": 1,\n\t"patient": {"id": "x"}\n}', id="JSON with tabs"),
        pytest.param(b'\xef\xbb\xbf{"cobalamin": 1, "patient": {"id": "a\\/b \\u00e9"}}', id="JSON with escapes"),
        pytest.param(json.dumps({"cobalamin": 1, "patient": {"id": "😀"}}).encode(), id="JSON with an escaped emoji"),
    ],
)
def test_every_usual_form_of_the_file_is_read(
    run: Callable[..., Run], case_file: Callable[..., Path], content: bytes
) -> None:
    accepted(run, case_file(content, "case.json" if content.lstrip(b"\xef\xbb\xbf").startswith(b'{"') else "case.yaml"))


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O'Brien-Łukasz", "[bold]Anna[/bold]", "<b>Anna</b> & co", "[/]", "{{ 7 * 7 }}", "%s %d", "$(true) `true`", "'; DROP",
        "מרים כהן", "مريم", "例え 花子", "👩🏽‍⚕️ Ada", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "x" * 300, "😀" * 300, "a: b # c", "- a", "'quoted'", '"', "\\n", "NO", "null",
        "1e5", "3.90", "0x1F", "2026-01-05", "~", "a\u00a0b", "e\u0301",
    ],
)  # fmt: skip
def test_any_name_is_kept_as_it_is(run: Callable[..., Run], tmp_path: Path, name: str) -> None:
    """In YAML written by hand, in JSON, and in a file that `new` writes: the first line of a proposal shows the name."""
    by_hand, as_json, by_new = (tmp_path / file for file in ("hand.yaml", "case.json", "new.yaml"))
    by_hand.write_text(f"cobalamin: 1\npatient: {{id: {quoted(name)}}}\n", "utf-8")
    as_json.write_text(json.dumps({"cobalamin": 1, "patient": {"id": name}}, ensure_ascii=False), "utf-8")
    assert run("new", by_new, "--id", name).code == 0
    for file in (by_hand, as_json, by_new):
        assert run("check", file).code == 0
        shown = run("propose", file, *DAY).out
        first = shown[: shown.index("assessed on")].replace("\n", "").replace(" ", "")
        assert first == f"{name}:".replace(" ", ""), file.name
        assert run("propose", file, *DAY, "--json").code == 4


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\x9b31mb"])
def test_a_name_can_not_take_over_the_terminal(
    run: Callable[..., Run], case_file: Callable[..., Path], name: str
) -> None:
    """Control sequences are shown as text or left out, never sent."""
    escaped = "".join(f"\\u{ord(character):04x}" for character in name)
    answer = run("propose", case_file(f'cobalamin: 1\npatient: {{id: "{escaped}"}}\n'), *DAY)
    assert not {"\x1b", "\x9b"} & set(answer.out + answer.err)


def test_norway_is_a_country(run: Callable[..., Run], case_file: Callable[..., Path]) -> None:
    document = accepted(run, case_file(CASE.replace("GB", "NO") + FACTS))
    nearest = [option for option in document["options"] if "the patient's country" in option["rank_reason"]]
    assert {option["country"] for option in nearest} == {"NO"}


def test_unknown_previous_treatment_was_asked_and_is_not_asked_again(
    run: Callable[..., Run], case_file: Callable[..., Path]
) -> None:
    document = accepted(run, case_file(CASE + FACTS.replace("previous_treatment: none", "previous_treatment: unknown")))
    assert "previous_treatment" not in {need["fact"] for need in document["needs"]}


def test_every_fact_may_be_unknown(run: Callable[..., Run], case_file: Callable[..., Path]) -> None:
    facts = [name for name in run("schema", "case").document["properties"]["facts"]["properties"] if name != "none_of"]
    assert "previous_treatment" in facts
    document = accepted(run, case_file(CASE + "facts:\n" + "".join(f"  {name}: unknown\n" for name in facts)))
    assert document["needs"] == []
    assert document["options"] == []


def test_a_fact_may_carry_its_day_and_source(run: Callable[..., Run], case_file: Callable[..., Path]) -> None:
    fact = "facts:\n  deficiency: {value: confirmed, on: 2025-12-29, source: serum B12}\n  none_of: [allergies, pregnancy]\n"
    needs = {need["fact"] for need in accepted(run, case_file(CASE + fact))["needs"]}
    assert not {"deficiency", "allergy_cobalt", "pregnancy"} & needs


def test_every_kind_of_event_is_read(
    run: Callable[..., Run], case_file: Callable[..., Path], fits_schema: Callable[[str, Any], None]
) -> None:
    accepted(run, case_file(CASE + EVERY_KIND))
    fits_schema("case", yaml.load(CASE + EVERY_KIND.replace("{on: ", "{date: "), Loader=yaml.BaseLoader))


def test_the_same_event_may_stand_twice_without_an_id(run: Callable[..., Run], case_file: Callable[..., Path]) -> None:
    """Two identical doses on one day are for `review` to judge, not a fault of the file."""
    accepted(
        run, case_file(CASE + "record:\n" + "  - {date: 2026-01-05, kind: administration, as_planned: true}\n" * 2)
    )


@pytest.mark.parametrize(
    "dose",
    ["1 mg", "1mg", "0.5 mg", "1000 mcg", "1000 micrograms", "250 µg", "250 μg", "1 microgram", "1\u00a0mg", "1.25 mg"],
)
def test_an_amount_of_the_contract_is_read(run: Callable[..., Run], case_file: Callable[..., Path], dose: str) -> None:
    event = f"record:\n  - {{date: 2026-01-05, kind: administration, substance: hydroxocobalamin, route: sc, dose: {dose}}}\n"
    accepted(run, case_file(CASE + event))


@pytest.mark.parametrize(
    "route", ["intramuscular", "im", "subcutaneous", "sc", "intravenous", "iv", "oral", "nasal", "sublingual"]
)
def test_every_route_can_be_recorded(run: Callable[..., Run], case_file: Callable[..., Path], route: str) -> None:
    event = (
        f"record:\n  - {{date: 2026-01-05, kind: administration, substance: mecobalamin, dose: 1 mg, route: {route}}}\n"
    )
    accepted(run, case_file(CASE + event))


def test_a_dose_that_should_not_have_been_given_can_be_recorded(
    run: Callable[..., Run], case_file: Callable[..., Path]
) -> None:
    """What happened can always be recorded (promise 6): a 100-fold dose, into a vein, with Leber's disease."""
    events = (
        "record:\n  - {date: 2026-01-05, kind: administration, substance: cyanocobalamin, dose: 100 mg, route: iv}\n"
    )
    accepted(run, case_file(CASE + "facts: {optic_disease: leber_hereditary_optic_neuropathy}\n" + events))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_each_example_is_a_case_as_the_schema_says(
    run: Callable[..., Run], fits_schema: Callable[[str, Any], None], path: Path
) -> None:
    assert run("check", path).code == 0
    fits_schema("case", yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader))
