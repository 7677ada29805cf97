"""`accept CASE NUMBER`: only of the list last shown, read back, asked for what is open, and nothing else is ever written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command_line import in_process

from app.cli.test_asked_before_written import on_a_terminal
from cobalamin.app.services import accepting
from cobalamin.app.services.cases import open_case
from cobalamin.therapy.case.case import AcceptedPlan
from hazards import hazard

DAY = ("--on", "2026-01-02")
BY = ("--by", "Dr A")


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COBALAMIN_SETTINGS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def listed(copy_of: Callable[..., Path]) -> Path:
    """A case whose options were shown."""
    case = copy_of()
    assert in_process("propose", case, *DAY).code == 0
    return case


def plan_of(case: Path) -> AcceptedPlan | None:
    return open_case(case).plan


def test_an_option_of_the_list_is_written_from_today(listed: Path) -> None:
    done = in_process("accept", listed, "1", "--every", "3 mo", *BY, *DAY, "--yes")
    assert done.code == 0, done.err
    plan = plan_of(listed)
    assert plan is not None
    assert (plan.protocol, plan.start, plan.accepted_by) == ("uk-bnf-noneuro", date(2026, 1, 2), "Dr A")
    assert plan.choices == {"maintenance_interval": "3 mo"}


@hazard("H148")
def test_each_number_is_the_option_that_stood_beside_it(copy_of: Callable[..., Path]) -> None:
    shown = in_process("propose", copy_of(), *DAY).out
    for number in (1, 2, 3):
        case = copy_of()
        in_process("propose", case, *DAY)
        left = in_process("accept", case, str(number), *BY, *DAY, "--json")
        assert f"  {number}. {left.document['protocol']}  " in shown


@hazard("H148")
@pytest.mark.parametrize("what", ["never shown", "file", "day", "another file"])
def test_where_the_list_is_another_it_is_shown_again_and_nothing_written(
    copy_of: Callable[..., Path], what: str, tmp_path: Path
) -> None:
    case = copy_of()
    if what != "never shown":
        in_process("propose", case, *DAY)
    if what == "file":
        case.write_text(case.read_text() + "# a word more\n")
    if what == "another file":
        case = case.rename(tmp_path / "other.yaml")
    before, on = case.read_bytes(), ("--on", "2026-01-03") if what == "day" else DAY
    refused = in_process("accept", case, "1", "--every", "3 mo", *BY, *on, "--yes")
    assert refused.code == 1
    assert "1. uk-bnf-noneuro" in refused.out
    assert refused.err.count("\n") == 1
    assert "holds only for the list that was last shown" in refused.err
    assert case.read_bytes() == before
    assert (
        in_process("accept", case, "1", "--every", "3 mo", *BY, *on, "--yes").code == 0
    )  # of the list that was shown now


@hazard("H148")
def test_a_file_that_changes_while_it_is_read_back_is_not_written(
    listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept = accepting.accept_plan

    def changed_first(*arguments: object, **options: object) -> object:
        listed.write_text(listed.read_text() + "# somebody else\n")
        return accept(*arguments, **options)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(accepting, "accept_plan", changed_first)
    refused = in_process("accept", listed, "1", "--every", "3 mo", *BY, *DAY, "--yes")
    assert refused.code == 3
    assert "another program has changed the file" in refused.err
    assert plan_of(listed) is None


@pytest.mark.parametrize("number", ["0", "5", "99"])
def test_a_number_that_is_not_in_the_list_is_refused(listed: Path, number: str) -> None:
    refused = in_process("accept", listed, number, *BY, *DAY, "--yes")
    assert refused.code == 1
    assert f"There is no option {number} in the list last shown: it has 4." in refused.err
    assert plan_of(listed) is None


@hazard("H148")
def test_without_a_terminal_it_is_read_back_and_nothing_is_written(listed: Path) -> None:
    before = listed.read_bytes()
    refused = in_process("accept", listed, "1", "--every", "3 mo", *BY, *DAY, answers="y\n")
    assert (refused.code, refused.out) == (1, "")
    for told in (
        "Hydroxocobalamin injection, BNF, no neurological involvement (uk-bnf-noneuro)",
        "Maintenance: Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, every 3 months",
        "Product: none named",
        "First dose: Fri 2 January 2026",
        "Accepted by: Dr A",
        "do it again with --yes",
    ):
        assert told in refused.err
    assert listed.read_bytes() == before


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_only_a_yes_writes(listed: Path, answer: str, code: int) -> None:
    ended, screen = on_a_terminal(["accept", listed, "1", "--every", "3 mo", *BY, *DAY], [answer])
    assert ended == code, screen
    assert "Write this plan? y/N" in screen
    assert (plan_of(listed) is not None) is (code == 0)


def test_open_choices_are_asked_by_number_on_a_terminal(listed: Path) -> None:
    ended, screen = on_a_terminal(["accept", listed, "1", *BY, *DAY], ["5 mo", "2", "y"], ("stop):", "y/N"))
    assert ended == 0, screen
    assert "maintenance interval:" in screen
    assert "1  2 months" in screen
    assert "outside the published range" in screen
    plan = plan_of(listed)
    assert plan is not None
    assert plan.choices == {"maintenance_interval": "3 mo"}


def test_elsewhere_open_choices_end_with_what_is_needed(listed: Path) -> None:
    left = in_process("accept", listed, "1", *BY, *DAY, "--yes", "--json")
    assert left.code == 4
    assert [need["choice"] for need in left.document["needs"]] == ["maintenance_interval"]
    assert plan_of(listed) is None


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--every", "often"), "is not a span of time"),
        (("--every", "5 mo"), "outside the published range 2 mo to 3 mo"),
        (("--every", "3 mo", "--choose", "maintenance_interval=2 mo"), "chosen twice"),
    ],
)
def test_an_interval_that_can_not_be_is_refused_in_a_sentence(listed: Path, options: tuple[str, ...], why: str) -> None:
    refused = in_process("accept", listed, "1", *options, *BY, *DAY, "--yes")
    assert (refused.code, refused.out) == (3, "")
    assert why in refused.err
    assert plan_of(listed) is None


def test_a_protocol_with_one_interval_takes_that_and_no_other(copy_of: Callable[..., Path]) -> None:
    case = copy_of()
    form = ("accept", case, "--protocol", "uk-bnf-neuro", "--start", "2026-01-05", *BY, *DAY)
    refused = in_process(*form, "--every", "3 mo")
    assert refused.code == 3
    assert "leaves no interval open; its own is every 2 months" in refused.err
    assert in_process(*form, "--every", "2 mo").code != 3


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ((), "Missing option '--protocol'"),
        (("--protocol", "uk-bnf-noneuro"), "Missing option '--start'"),
        (("1", "--protocol", "uk-bnf-noneuro"), "not both"),
    ],
)
def test_a_plan_is_named_in_one_way(listed: Path, typed: tuple[str, ...], why: str) -> None:
    refused = in_process("accept", listed, *typed, *BY, *DAY)
    assert (refused.code, refused.out) == (2, "")
    assert why in refused.err


def test_what_is_remembered_names_nobody_and_stays_small(
    own: Path, copy_of: Callable[..., Path], tmp_path: Path
) -> None:
    case = copy_of()
    for number in range(3):
        other = tmp_path / f"anna-{number}.yaml"
        other.write_bytes(case.read_bytes())
        in_process("propose", other, *DAY)
        in_process("propose", other, *DAY)
    (kept,) = own.iterdir()
    assert "anna" not in kept.read_text()
    assert len(kept.read_text().splitlines()) == 3
