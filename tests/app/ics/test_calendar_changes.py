"""A calendar that is made again: events move, are cancelled, come back, and nothing else is overwritten."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from calendars import PLAN, Command, accept, by_uid, enter, events_of, refused
from command_line import DAY, example, settle

from cobalamin.app.services import cases, planning, shipped
from cobalamin.app.services.reviewing import review_of
from cobalamin.app.services.typed import pairs
from cobalamin.casefile.reader import read_case
from cobalamin.therapy.review.dated_lines import lines_of_plan, lines_of_review
from cobalamin.therapy.review.review import Ahead
from english import english
from hazards import hazard

# -- moving, cancelling, keeping -----------------------------------------------------------------------------------------


@hazard("H17")
def test_a_late_dose_moves_the_later_ones_and_they_stay_the_same_events(
    run: Command, treated: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = treated("given 2026-01-05", "given 2026-01-07")
    before = by_uid(write(case, on="2026-01-07"))
    enter(run, case, "given 2026-01-12")
    after = by_uid(write(case, on="2026-01-12"))
    moved = [uid for uid in after if uid in before and after[uid]["DTSTART"].dt != before[uid]["DTSTART"].dt]
    assert len(moved) == 6
    assert set(after) < set(before)
    for uid, event in after.items():
        assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + (uid in moved)
        assert event["STATUS"] == "CONFIRMED"
    reviews = [uid for uid, event in after.items() if event["SUMMARY"] == "Appointment to discuss"]
    assert [after[uid]["SEQUENCE"] for uid in reviews] == [0]


def test_nothing_changes_where_nothing_happened(treated: Callable[..., Path], write: Callable[..., Path]) -> None:
    case = treated()
    first = write(case).read_bytes()
    assert write(case).read_bytes() == first
    next_day = by_uid(write(case, on="2026-01-03"))
    assert {event["SEQUENCE"] for event in next_day.values()} == {0}
    assert {str(event["DTSTAMP"].dt.date()) for event in next_day.values()} == {"2026-01-03"}


def test_accepting_a_plan_keeps_its_events(
    run: Command, copy_of: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = copy_of()
    planned = by_uid(write(case, *PLAN))
    assert {event["STATUS"] for event in planned.values()} == {"TENTATIVE"}
    assert run("accept", case, *PLAN, *DAY, "--by", "Dr A").code == 0
    accepted = by_uid(write(case))
    assert list(accepted) == list(planned)
    injections = [event for event in accepted.values() if event["SUMMARY"] == "Injection due"]
    assert {(event["STATUS"], event["SEQUENCE"]) for event in injections} == {("CONFIRMED", 1)}


def test_what_fell_away_is_cancelled_once(
    run: Command, treated: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = treated("given 2026-01-05")
    before = by_uid(write(case, "--with-name", on="2026-01-05"))
    enter(run, case, "decision 2026-01-06 stop by=me reason=asked")
    cancelled = by_uid(write(case, on="2026-01-06"))
    gone = {uid: event for uid, event in cancelled.items() if event["STATUS"] == "CANCELLED"}
    assert [uid for uid, event in before.items() if event["SUMMARY"].startswith("Injection")] == list(gone)
    for uid, event in gone.items():
        assert event["SEQUENCE"] == before[uid]["SEQUENCE"] + 1
        assert event["DTSTART"].dt == before[uid]["DTSTART"].dt
        assert event["SUMMARY"] == "Injection due"  # the name is not carried over
        assert not event.walk("VALARM")
    assert not set(by_uid(write(case, on="2026-01-06"))) & set(gone)


@hazard("H36")
def test_what_comes_back_is_believed_by_readers_that_saw_it_cancelled(
    run: Command, treated: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = treated("given 2026-01-05")
    write(case, on="2026-01-05")
    enter(run, case, "hold 2026-01-06")
    cancelled = by_uid(write(case, on="2026-01-06"))
    write(case, on="2026-01-07")
    write(case, on="2026-01-08")
    enter(run, case, "decision 2026-01-09 resume by=me reason=better")
    again = by_uid(write(case, on="2026-01-09"))
    back = [uid for uid, event in cancelled.items() if event["STATUS"] == "CANCELLED" and uid in again]
    assert len(back) == 8
    for uid in back:
        assert again[uid]["STATUS"] == "CONFIRMED"
        assert again[uid]["SEQUENCE"] > cancelled[uid]["SEQUENCE"]


def test_a_dose_given_early_takes_its_later_event_away_and_one_given_in_time_leaves_it(
    run: Command, treated: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = treated(*(f"given 2026-01-{day:02}" for day in (5, 7, 9, 12, 14, 16)))
    first = by_uid(write(case, on="2026-01-16"))
    due = next(uid for uid, event in first.items() if str(event["DTSTART"].dt) == "2026-04-16")
    enter(run, case, "given 2026-04-10")
    early = by_uid(write(case, on="2026-04-10"))
    assert early[due]["STATUS"] == "CANCELLED"
    next_due = next(uid for uid, event in early.items() if str(event["DTSTART"].dt) == "2026-07-10")
    enter(run, case, "given 2026-07-10")
    assert next_due not in by_uid(write(case, on="2026-07-10"))


def test_a_course_that_is_begun_again_has_new_events(
    run: Command, treated: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = treated("given 2026-01-05")
    before = by_uid(write(case, on="2026-01-05"))
    enter(run, case, "decision 2026-01-06 restart by=me reason=gap")
    after = by_uid(write(case, on="2026-01-06"))
    doses = {
        uid for uid, event in after.items() if event["STATUS"] == "CONFIRMED" and event["SUMMARY"] == "Injection due"
    }
    assert not doses & set(before)


def test_a_check_that_was_answered_is_cancelled(
    run: Command, copy_of: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = copy_of("bariatric-planning-pregnancy")
    chosen, _ = settle(case, "uk-bomss-proph")
    accept(run, case, "uk-bomss-proph", *chosen)
    before = by_uid(write(case, on="2026-01-05"))
    check = next(
        uid
        for uid, event in before.items()
        if str(event["DTSTART"].dt) == "2026-04-05" and event["SUMMARY"] == "Blood test"
    )
    enter(run, case, "result 2026-04-03 serum_b12=400~ng/L")
    assert by_uid(write(case, on="2026-04-03"))[check]["STATUS"] == "CANCELLED"


@pytest.mark.parametrize(
    "protocol", [each.id for each in shipped.library().protocols() if not each.guidance and each.status != "withdrawn"]
)
def test_names_of_lines_are_unique_and_hold_no_date(protocol: str) -> None:
    """The same plan a day and a month later has the same names; only its horizon may differ at the end."""
    chosen, answer = settle(example("pernicious-anaemia"), protocol)
    if answer.code:
        assert answer.code in (1, 4)  # not for this patient, so it has no lines
        return
    case = cases.open_case(example("pernicious-anaemia"))

    def lines(start: date) -> list[str]:
        options = planning.PlanOptions(protocol, start, pairs(chosen[1::2], "--choose"), months=13)
        plan = planning.plan_for(case, options, date(2026, 1, 2))
        return [english(line.name) for line in lines_of_plan(plan) if line.on < start + timedelta(days=365)]

    first = lines(date(2026, 1, 5))
    assert len(set(first)) == len(first)
    for start in (date(2026, 1, 6), date(2026, 2, 5)):
        assert len(set(first) ^ set(lines(start))) <= 2
    assert not any(re.search(r"\d{4}-\d\d", name) for name in first)


@pytest.mark.parametrize("protocol", ["us-cn-pa", "uk-bnf-neuro", "fr-cn-malabs", "no-oral"])
def test_a_first_dose_a_day_late_changes_no_name(run: Command, copy_of: Callable[..., Path], protocol: str) -> None:
    case = copy_of()
    chosen, _ = settle(case, protocol)
    accept(run, case, protocol, *chosen)

    def lines(on: str) -> dict[str, date]:
        read = read_case(case.read_bytes(), "case", shipped.library())
        seen = review_of(read, date.fromisoformat(on), ahead=Ahead(6, 500))
        return {english(line.name): line.on for line in lines_of_review(seen)}

    before = lines("2026-01-05")
    enter(run, case, "given 2026-01-06" if "oral" not in protocol else "statement 2026-01-06 taking=yes")
    lost = {name for name, on in before.items() if date(2026, 1, 6) < on < date(2026, 6, 30)} - set(lines("2026-01-06"))
    assert lost == set()


# -- the same bytes, and what is never overwritten -----------------------------------------------------------------------


def test_the_same_bytes_in_every_time_zone(cobalamin: Command, tmp_path: Path) -> None:
    machines: list[Mapping[str, str]] = [
        {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8"},
        {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "2", "LC_ALL": "C"},
    ]
    contents = set()
    for number, machine in enumerate(machines):
        path = tmp_path / f"{number}.ics"
        answer = cobalamin(
            "calendar", example("treatment-running"), "-o", path, "--with-name", "--on", "2026-09-01", env=machine
        )
        assert answer.code == 0, answer.err
        contents.add(path.read_bytes())
    assert len(contents) == 1


def test_a_file_of_something_else_is_overwritten_only_by_force(
    run: Command, write: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "calendar.ics"
    other = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//somebody//else//EN\r\nEND:VCALENDAR\r\n"
    for content in ("my notes", other, "", other.replace("somebody//else", "cobalamin//x")):
        path.write_text(content, "utf-8", newline="")
        assert "no calendar of this case" in refused(run, example("treatment-running"), "-o", path, code=1)
        assert path.read_bytes() == content.encode()
    write(example("treatment-running"), "--force")
    assert {event["SEQUENCE"] for event in events_of(path)} == {0}


@hazard("H20")
def test_another_persons_calendar_is_not_overwritten(run: Command, write: Callable[..., Path]) -> None:
    path = write(example("treatment-running"))
    before = path.read_bytes()
    assert "no calendar of this case" in refused(run, example("self-injecting"), "-o", path, code=1)
    assert "no calendar of this case" in refused(
        run, example("self-injecting"), "-o", f"{path}2", "--previous", path, code=3
    )
    assert path.read_bytes() == before
    assert not Path(f"{path}2").exists()


ANNA = """cobalamin: 1
patient: {id: example, birth_date: 1958-03-02, sex: female, country: GB}
facts: {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, anaemia: mild, previous_treatment: none}
plan: {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}, policy: engineering-default, accepted_by: Dr A. Example, accepted_on: 2026-01-02}
record: []
"""


@hazard("H20")
@pytest.mark.parametrize(
    "other",
    [("1958-03-02", "1961-07-09"), ("start: 2026-01-05", "start: 2026-02-02"), ("uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}", "uk-bnf-neuro, version: 1, start: 2026-01-05, choices: {}"), ("accepted_on: 2026-01-02", "accepted_on: 2026-01-03"), ("id: example", "id: Example")],
    ids=["day of birth", "start", "protocol", "accepted", "id"],
)  # fmt: skip
def test_two_people_share_no_event_though_their_id_is_the_same(
    run: Command, case_file: Callable[..., Path], write: Callable[..., Path], other: tuple[str, str]
) -> None:
    """An id is typed by people: the calendars of both, imported into one program, must stay two."""
    one, two = case_file(ANNA, "one.yaml"), case_file(ANNA.replace(*other), "two.yaml")
    calendars = [write(case, name=f"{case.stem}.ics") for case in (one, two)]
    uids = [{str(event["UID"]) for event in events_of(path)} for path in calendars]
    assert uids[0]
    assert uids[0].isdisjoint(uids[1])
    assert "no calendar of this case" in refused(run, two, "-o", calendars[0], code=1)
    told = refused(run, two, "-o", calendars[1].with_name("new.ics"), "--previous", calendars[0], code=3)
    assert "--force" in told


def test_what_is_written_later_changes_no_identity(
    run: Command, case_file: Callable[..., Path], write: Callable[..., Path]
) -> None:
    """Facts, entries and another file of the same case: the events stay the same ones."""
    case = case_file(ANNA)
    first = {str(event["UID"]) for event in events_of(write(case, name="a.ics"))}
    enter(run, case, "given 2026-01-05", "fact 2026-01-05 fact=anaemia value=none")
    case.write_text(case.read_text("utf-8").replace("anaemia: mild", "anaemia: severe"), "utf-8")
    again = {str(event["UID"]) for event in events_of(write(case, name="b.ics", on="2026-01-05"))}
    assert len(first & again) > 5


def test_a_case_that_was_mended_by_hand_keeps_its_calendar_when_that_is_said(
    run: Command, case_file: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = case_file(ANNA)
    old = write(case, name="old.ics")
    case.write_text(ANNA.replace("1958-03-02", "1958-02-03"), "utf-8")
    new = write(case, "--previous", old, "--force", name="new.ics")
    assert {str(event["UID"]) for event in events_of(new)} == {str(event["UID"]) for event in events_of(old)}


def test_the_case_file_itself_is_never_overwritten(run: Command, treated: Callable[..., Path], tmp_path: Path) -> None:
    case = treated()
    before = case.read_bytes()
    (tmp_path / "link.yaml").symlink_to(case)
    for target in (case, tmp_path / "link.yaml", tmp_path / "." / "case.yaml"):
        assert "is read by this command" in refused(run, case, "-o", target, "--force", code=1)
    assert case.read_bytes() == before


def test_an_earlier_file_elsewhere_can_be_named(
    treated: Callable[..., Path], write: Callable[..., Path], run: Command
) -> None:
    case = treated("given 2026-01-05")
    old = write(case, on="2026-01-05", name="old.ics")
    kept = old.read_bytes()
    enter(run, case, "given 2026-01-09")
    new = write(case, "--previous", old, on="2026-01-09", name="new.ics")
    assert old.read_bytes() == kept
    assert {event["SEQUENCE"] for event in events_of(new)} == {0, 1}


@pytest.mark.parametrize(
    "damage",
    [("SEQUENCE:0", "SEQUENCE:-7"), ("SEQUENCE:0", "SEQUENCE:many"), ("UID:", "X-UID:"), ("DTSTART;VALUE=DATE:20260105", "DTSTART:20260105T090000"), ("END:VCALENDAR", ""), ("DTSTART;VALUE=DATE:20260105", "DTSTART;VALUE=DATE:20269999")],
    ids=["negative", "no number", "no uid", "a time", "cut off", "no day"],
)  # fmt: skip
def test_a_damaged_earlier_file_is_read_or_refused_in_one_sentence(
    run: Command, write: Callable[..., Path], damage: tuple[str, str]
) -> None:
    path = write(example("pernicious-anaemia"), *PLAN)
    path.write_bytes(path.read_bytes().replace(damage[0].encode(), damage[1].encode(), 1))
    answer = run("calendar", example("pernicious-anaemia"), "-o", path, *PLAN, *DAY)
    assert answer.code in (0, 1), answer.err
    assert len(answer.err.splitlines()) == (answer.code == 1)
