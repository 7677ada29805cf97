"""The session of a clinic: it fills in the doses of its day, is shown back, and is over the next day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from command_line import in_process

from cobalamin.app.services.cases import open_case
from cobalamin.therapy.case.events import Administration
from hazards import hazard

DAY, NEXT = "2026-09-29", "2026-09-30"
SESSION = ("batch=HX1", "expires=2027-06", "by=Nurse B", "site=deltoid")


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COBALAMIN_SETTINGS", str(tmp_path / "own"))


def last(case: Path) -> Administration:
    event = open_case(case).record[-1]
    assert isinstance(event, Administration)
    return event


def test_it_fills_in_a_dose_of_its_day_and_is_shown_back(copy_of: Callable[..., Path]) -> None:
    told = in_process("settings", "session", *SESSION, "--on", DAY)
    assert told.code == 0, told.err
    assert "For Tue 29 September 2026 only" in told.out
    case = copy_of("treatment-running")
    given = in_process("record", case, "given", "--on", DAY)
    assert given.code == 0, given.err
    assert (
        "From the session of Tue 29 September 2026: batch HX1, expires 2027-06, by Nurse B, site deltoid" in given.err
    )
    saved = " ".join(given.out.split())
    assert "batch HX1, expires on Wed 30 June 2027, site deltoid (by Nurse B)" in saved
    dose = last(case)
    assert (dose.batch, dose.expires_on, dose.by, dose.site) == ("HX1", date(2027, 6, 30), "Nurse B", "deltoid")


@hazard("H151")
def test_the_next_day_it_is_gone_with_one_line(copy_of: Callable[..., Path]) -> None:
    in_process("settings", "session", *SESSION, "--on", DAY)
    case = copy_of("treatment-running")
    given = in_process("record", case, "given", "--on", NEXT)
    assert (
        given.err
        == "The session of Tue 29 September 2026 is over; its batch, expires, by, site are no longer filled in.\n"
    )
    assert (last(case).batch, last(case).by) == ("", "")
    again = in_process("record", case, "symptoms", "tiredness=3", "--on", NEXT)
    assert again.err == ""


@hazard("H151")
@pytest.mark.parametrize(
    ("typed", "batch", "expires"),
    [
        (("batch=HX2",), "HX2", None),
        (("expires_on=2027-01",), "", date(2027, 1, 31)),
        (("product=gb-hydroxocobalamin-1mg-1ml",), "", None),
        (("site=thigh",), "HX1", date(2027, 6, 30)),
    ],
)
def test_batch_and_expiry_belong_to_one_package(
    copy_of: Callable[..., Path], typed: tuple[str, ...], batch: str, expires: date | None
) -> None:
    in_process("settings", "session", *SESSION, "--on", DAY)
    case = copy_of("treatment-running")
    assert in_process("record", case, "given", *typed, "--on", DAY).code == 0
    assert (last(case).batch, last(case).expires_on) == (batch, expires)


@hazard("H151")
@pytest.mark.parametrize("typed", [("2026-09-28",), ("source=other_site",), ("source=self",)])
def test_a_dose_of_another_day_or_place_gets_nothing(copy_of: Callable[..., Path], typed: tuple[str, ...]) -> None:
    in_process("settings", "session", *SESSION, "--on", DAY)
    case = copy_of("treatment-running")
    done = in_process("record", case, "given", *typed, "--on", DAY, "--yes")
    assert done.code == 0, done.err
    assert (last(case).batch, last(case).site, last(case).by) == ("", "", "")


def test_it_is_changed_and_ended_by_its_words() -> None:
    in_process("settings", "session", *SESSION, "--on", DAY)
    changed = in_process("settings", "session", "site=", "batch=HX2", "--on", DAY)
    assert "batch: HX2" in changed.out
    assert "site" not in changed.out
    ended = in_process("settings", "session", "batch=", "expires=", "by=", "--on", DAY)
    assert "No session is set." in ended.out


@pytest.mark.parametrize(
    ("typed", "said"),
    [("bach=1", "did you mean 'batch'"), ("expires=soon", "expires"), ("expires=2026-06", "has expired on 2026-06-30")],
)
def test_what_no_dose_could_have_is_refused(typed: str, said: str) -> None:
    refused = in_process("settings", "session", typed, "--on", DAY)
    assert (refused.code, refused.out) == (3, "")
    assert said in refused.err
    assert "No session is set." in in_process("settings", "session", "--on", DAY).out
