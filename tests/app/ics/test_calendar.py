"""`calendar`: dated all-day events that other programs read and that give nothing away."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from calendars import PLAN, READER, Command, by_uid, dates_of, enter, events_of, refused
from command_line import DAY, START, example, quoted, settle

from cobalamin.app.ics import calendars, file
from cobalamin.app.services import cases, planning
from cobalamin.records import replace
from hazards import hazard

NEUTRAL = {
    "Injection due", "Dose due", "Doses by mouth begin", "Last day of doses by mouth", "Blood test", "Appointment to discuss",
    "Cancelled",
}  # fmt: skip
CLINICAL = re.compile(r"(?i)b12|cobalamin|vitamin|an(a|e)emia|deficien|micro|mcg|\bmg\b|potassium|blood count|neuro")


# -- the same dates as the plan and the review ---------------------------------------------------------------------------

CASES = {
    "pernicious-anaemia": ("uk-bnf-noneuro", "us-cn-pa", "us-cdc-im", "fr-cn-malabs", "no-oral", "nl-ftk"),
    "pernicious-anaemia-neurological": ("uk-bnf-neuro", "au-vitab12-neuro"),
    "child": ("us-ped-pa", "uk-bnfc-noneuro"),
    "bariatric-planning-pregnancy": ("uk-bomss-proph", "asmbs-maintenance"),
    "vegan": ("uk-bnf-oral-diet", "fr-cn-diet-oral"),
}


@pytest.mark.parametrize(("name", "protocol"), [(name, each) for name, all_of in CASES.items() for each in all_of])
def test_a_plan_and_its_calendar_have_the_same_dates(write: Callable[..., Path], name: str, protocol: str) -> None:
    chosen, answer = settle(example(name), protocol)
    items = [item for item in answer.document["items"] if "on" in item]
    path = write(example(name), "--protocol", protocol, *START, *chosen)
    assert dates_of(path, "Injection due", "Dose due") == sorted(item["on"] for item in items if item["kind"] == "dose")
    assert set(dates_of(path, "Blood test")) == {item["on"] for item in items if item["kind"] == "check"}
    discussed = {item["on"] for item in items if item["kind"] in ("review", "decision")}
    assert set(dates_of(path, "Appointment to discuss")) == discussed
    courses = [item for item in items if item["kind"] == "course"]
    assert dates_of(path, "Doses by mouth begin") == sorted(item["on"] for item in courses)
    assert dates_of(path, "Last day of doses by mouth") == sorted(item["until"] for item in courses if "until" in item)


@pytest.mark.parametrize("name", ["treatment-running", "self-injecting", "moved-here"])
@pytest.mark.parametrize("on", ["2026-03-10", "2026-09-01"])
def test_a_running_treatment_has_the_dates_of_its_review(
    run: Command, write: Callable[..., Path], name: str, on: str
) -> None:
    upcoming = run("review", example(name), "--on", on, "--json").document["upcoming"]
    path = write(example(name), "--months", "24", on=on)
    doses = [max(item["on"], on) for item in upcoming if item["kind"] == "dose" and "on" in item]
    assert dates_of(path, "Injection due", "Injection overdue")[: len(doses)] == doses
    last = max(item["on"] for item in upcoming if "on" in item)
    checks = {item["on"] for item in upcoming if item["kind"] == "check" and item.get("on", last) < last}
    assert checks <= set(dates_of(path, "Blood test"))


@hazard("H16")
def test_months_say_how_far_ahead(treated: Callable[..., Path], write: Callable[..., Path]) -> None:
    case = treated()
    near, far = write(case, "--months", "3", name="near.ics"), write(case, "--months", "24", name="far.ics")
    assert set(by_uid(near)) < set(by_uid(far))
    assert max(dates_of(near, "Injection due")) <= "2026-04-02"
    assert max(dates_of(far, "Injection due")) > "2027-10-01"


# -- read back by others -------------------------------------------------------------------------------------------------


@hazard("H14")
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize("flags", [(), ("--with-name",)], ids=["neutral", "with name"])
def test_an_unrelated_reader_finds_the_same_events_on_the_same_days(
    write: Callable[..., Path], read_by_node: Callable[..., list[dict[str, Any]]], zone: str, flags: tuple[str, ...]
) -> None:
    path = write(example("pernicious-anaemia"), "--protocol", "us-cn-pa", *START, "--choose", "load_1_count=7", "--choose", "load_3_duration=3 wk", "--choose", "load_3_interval=3 d", *flags)  # fmt: skip
    ours, (theirs,) = by_uid(path), read_by_node(path, zone=zone)
    assert theirs["method"] == "PUBLISH"
    assert [event["uid"] for event in theirs["events"]] == list(ours)
    for event in theirs["events"]:
        same = ours[event["uid"]]
        day: date = same["DTSTART"].dt
        assert (event["start"], event["localDay"]) == (str(day), [day.year, day.month, day.day])
        assert event["end"] == str(day + timedelta(days=1)) == str(same["DTEND"].dt)
        assert (event["allDay"], event["recurring"]) == (True, False)
        assert (event["summary"], event["description"]) == (str(same["SUMMARY"]), str(same["DESCRIPTION"]))
        assert event["sequence"] == same["SEQUENCE"] == 0
        assert (event["visibility"], event["transparency"]) == ("PRIVATE", "TRANSPARENT")
        assert event["stamp"] == "2026-01-02T00:00:00Z"
        assert event["alarms"] == [-15 * 3600]


def test_nothing_repeats_by_a_rule_and_every_event_is_a_date(write: Callable[..., Path]) -> None:
    content = write(example("pernicious-anaemia"), *PLAN).read_text("utf-8")
    assert not re.search("RRULE|RDATE|EXDATE|DTSTART:|DTEND:|TZID", content)
    assert content.count("DTSTART;VALUE=DATE:") == content.count("BEGIN:VEVENT") == content.count("UID:")


NAMES = [
    "Anna; Müller, née \\O'Brien\\ 💉💉💉 Łódź ﷽ 漢字" * 3,
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged",
    "x\nSUMMARY:forged",
    "\u202egnihton\u2028SUMMARY:forged\u2029\x85\x0b\x0c\x1b[31m",
    'quote " colon : semicolon ; equals = percent %',
    "é" * 300,
    "👩‍⚕️" * 60,
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_hostile_name_stays_inside_its_line(
    tmp_path: Path, read_by_node: Callable[..., list[dict[str, Any]]], name: str
) -> None:
    """Case files refuse most of these names; the calendar does not rely on it."""
    case = cases.open_case(example("pernicious-anaemia"))
    case = replace(case, patient=replace(case.patient, id=name))
    options = planning.PlanOptions("uk-bnf-noneuro", date(2026, 1, 5), {"maintenance_interval": "3 mo"})
    plan = planning.plan_for(case, options, date(2026, 1, 2))
    plain, named = tmp_path / "plain.ics", tmp_path / "named.ics"
    for path in (plain, named):
        wanted = calendars.Wanted(path, with_name=path == named, alarm=timedelta(hours=-15))
        calendars.write_plan(tmp_path / "case.yaml", case, plan, date(2026, 1, 2), wanted)
    lines = named.read_bytes().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not set(b"".join(lines)) & set(b"\r\n\x0b\x0c\x1b")
    assert all(line.decode("utf-8") or True for line in lines)  # folded between characters, never inside one
    assert list(by_uid(named)) == list(by_uid(plain))
    for event in read_by_node(named)[0]["events"]:
        assert event["summary"].startswith(tuple(f"{title}: " for title in NEUTRAL))
        assert not set(event["summary"] + event["description"]) & set("\r\u2028\u2029\u202e\x85\x0b\x0c\x1b")
        assert "\n" not in event["summary"]
    assert not any(line.startswith((b"SUMMARY:forged", b" SUMMARY:forged")) for line in lines)
    assert "forged" not in plain.read_text("utf-8")
    assert name[:6] not in plain.read_text("utf-8")


# -- what it gives away, and what it says ---------------------------------------------------------------------------------


@hazard("H31")
@pytest.mark.parametrize("name", CASES)
def test_titles_and_alarms_give_nothing_away(write: Callable[..., Path], name: str) -> None:
    protocol = CASES[name][0]
    chosen, _ = settle(example(name), protocol)
    path = write(example(name), "--protocol", protocol, *START, *chosen, name=f"{name}.ics")
    content = path.read_text("utf-8")
    for event in events_of(path):
        assert str(event["SUMMARY"]) in NEUTRAL
        assert [str(alarm["DESCRIPTION"]) for alarm in event.walk("VALARM")] == [str(event["SUMMARY"])]
        assert not re.search(r"\d ?(mg|mcg|microgram)", str(event["DESCRIPTION"]))
    assert "example-" not in content
    assert not CLINICAL.search(re.findall(r"X-WR-CALNAME:(.*)", content)[0])


@hazard("H31")
def test_the_mark_of_a_case_does_not_give_its_id_away(
    write: Callable[..., Path], case_file: Callable[..., Path]
) -> None:
    text = example("pernicious-anaemia").read_text("utf-8")
    marks = set()
    for patient in ("9434765919", "9434765870"):
        case = case_file(text.replace("example-pernicious-anaemia", quoted(patient)), name=f"{patient}.yaml")
        content = write(case, *PLAN, name=f"{patient}.ics").read_text("utf-8")
        assert patient not in content
        marks |= {uid.split("-")[0] for uid in re.findall(r"UID:(\S+)", content)}
    assert len(marks) == 2


@hazard("H13")
def test_each_description_tells_window_sources_validity_and_that_nobody_signed(
    treated: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = treated()
    for flags in ((), ("--with-name",)):
        for event in events_of(write(case, *flags, name=f"{len(flags)}.ics")):
            text = str(event["DESCRIPTION"])
            assert "Not clinically signed off" in text
            assert re.search(r"Sources: \S.*\.", text)
            assert "Made on Fri 2 January 2026, valid until " in text
            assert ("1 mg (1,000 micrograms)" in text) == bool(flags and event["SUMMARY"].startswith("Injection"))
            if event["SUMMARY"].startswith("Injection"):
                assert re.search(
                    r"In time from \w{3} \d+ \w+ 2026 to .*\(this program's assumption; no source states a window\)",
                    text,
                )


@hazard("H01")
def test_with_a_name_it_shows_id_dose_and_tests(write: Callable[..., Path]) -> None:
    case = example("bariatric-planning-pregnancy")
    chosen, _ = settle(case, "uk-bomss-proph")
    path = write(case, "--protocol", "uk-bomss-proph", *START, *chosen, "--with-name")
    assert all(str(event["SUMMARY"]).endswith(": example-bariatric") for event in events_of(path))
    blood = next(event for event in events_of(path) if str(event["SUMMARY"]).startswith("Blood test"))
    assert "Vitamin B12 in the blood" in str(blood["DESCRIPTION"])


def test_us_words_for_a_us_patient(write: Callable[..., Path]) -> None:
    chosen, _ = settle(example("child"), "us-ped-pa")
    path = write(example("child"), "--protocol", "us-ped-pa", *START, *chosen, "--with-name")
    text = " ".join(str(event["DESCRIPTION"]) for event in events_of(path))
    assert re.search(r"\d mcg", text)
    assert "microgram" not in text


def test_a_paused_treatment_says_so_on_the_days_it_covers(
    run: Command, treated: Callable[..., Path], write: Callable[..., Path]
) -> None:
    case = treated("given 2026-01-05", "pause 2026-01-06 until=2026-01-20")
    texts = {str(event["DTSTART"].dt): str(event["DESCRIPTION"]) for event in events_of(write(case, on="2026-01-06"))}
    assert "Treatment is paused until Tue 20 January 2026" in texts["2026-01-07"]
    assert not any("paused" in text for day, text in texts.items() if day > "2026-01-20")


# -- alarms -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "hours"), [("1 d", -15), ("2 d", -39), ("1 wk", -159), ("0 d", 9)])
def test_an_alarm_comes_at_nine_in_the_morning_so_many_days_before(
    write: Callable[..., Path], asked: str, hours: int
) -> None:
    """All-day events begin at midnight; an alarm a whole day before would ring then."""
    path = write(example("pernicious-anaemia"), *PLAN, "--alarm", asked)
    triggers = {alarm["TRIGGER"].dt for event in events_of(path) for alarm in event.walk("VALARM")}
    assert triggers == {timedelta(hours=hours)}


def test_no_alarm_on_demand_and_a_changed_alarm_is_a_change(write: Callable[..., Path]) -> None:
    write(example("pernicious-anaemia"), *PLAN)
    silent = events_of(write(example("pernicious-anaemia"), *PLAN, "--alarm", "none"))
    assert not any(event.walk("VALARM") for event in silent)
    assert {event["SEQUENCE"] for event in silent} == {1}


@pytest.mark.parametrize("asked", ["", "soon", "1 mo", "1 a", "29 d", "-1 d", "5 wk", "1.5 d"])
def test_an_alarm_that_can_not_be_is_refused(run: Command, tmp_path: Path, asked: str) -> None:
    path = tmp_path / "x.ics"
    answer = run("calendar", example("treatment-running"), "-o", path, "--alarm", asked, *DAY)
    assert answer.code == 3
    assert answer.err.startswith("--alarm: ")
    assert len(answer.err.splitlines()) == 1
    assert not path.exists()


# -- where there is nothing to write -------------------------------------------------------------------------------------


def test_without_a_plan_or_with_open_choices_nothing_is_written(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "x.ics"
    assert "no plan is accepted" in refused(run, example("pernicious-anaemia"), "-o", path, code=4)
    answer = run("calendar", example("pernicious-anaemia"), "-o", path, *PLAN[:4], *DAY)
    assert answer.code == 4
    assert "maintenance_interval" in answer.out
    assert run("calendar", example("leber-us"), "-o", path, "--protocol", "us-cn-normabs", *START, *DAY).code in (1, 4)
    assert "both --protocol and --start" in refused(
        run, example("pernicious-anaemia"), "-o", path, "--protocol", "us-cn-pa"
    )
    assert "a plan is accepted" in refused(run, example("treatment-running"), "-o", path, *PLAN)
    assert not path.exists()


def test_a_plan_that_came_by_an_event_is_an_accepted_plan(
    run: Command, copy_of: Callable[..., Path], tmp_path: Path
) -> None:
    case = copy_of()
    event = {
        "kind": "plan", "date": "2026-01-02", "protocol": "uk-bnf-noneuro", "version": 1, "start": "2026-01-05",
        "choices": {"maintenance_interval": "3 mo"}, "accepted_by": "Dr A",
    }  # fmt: skip
    assert run("record", case, json.dumps(event), *DAY).code == 0
    assert run("calendar", case, "-o", tmp_path / "x.ics", *DAY).code == 0
    assert "a plan is accepted" in refused(run, case, "-o", tmp_path / "y.ics", *PLAN)


def test_a_folder_that_is_not_there_is_told(run: Command, tmp_path: Path) -> None:
    assert "can't be written" in refused(run, example("treatment-running"), "-o", tmp_path / "nowhere" / "x.ics")
    refused(run, example("treatment-running"), "-o", tmp_path)


def test_without_the_package_one_sentence_says_how_to_get_it(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    assert "pip install 'cobalamin[paper]'" in refused(run, example("treatment-running"), "-o", tmp_path / "x.ics")


def test_a_treatment_on_hold_writes_what_is_left_and_says_so(
    run: Command, treated: Callable[..., Path], tmp_path: Path
) -> None:
    case = treated("given 2026-01-05", "hold 2026-01-06")
    answer = run("calendar", case, "-o", tmp_path / "x.ics", "--on", "2026-01-06")
    assert answer.code == 0
    assert "on hold" in answer.out
    assert "injection" not in answer.out.splitlines()[0]


def test_very_many_lines_are_cut_and_it_is_told(run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendars, "MOST_LINES", 5)
    answer = run("calendar", example("pernicious-anaemia"), "-o", tmp_path / "x.ics", *PLAN, *DAY)
    assert "Only the first 5 events are in it" in answer.out
    assert len(events_of(tmp_path / "x.ics")) == 5
    answer = run("calendar", example("treatment-running"), "-o", tmp_path / "y.ics", "--on", "2026-01-08")
    assert "Only the first 5 events are in it" in answer.out


def test_what_is_printed_counts_what_is_in_the_file(run: Command, treated: Callable[..., Path], tmp_path: Path) -> None:
    case, path = treated("given 2026-01-05"), tmp_path / "x.ics"
    first = run("calendar", case, "-o", path, "--on", "2026-01-05").out
    assert "8 injections, 1 appointment to discuss" in " ".join(first.split())
    assert "Since the calendar before" not in first
    enter(run, case, "given 2026-01-09")
    again = " ".join(run("calendar", case, "-o", path, "--on", "2026-01-09").out.split())
    assert "0 new, 7 moved or changed, 0 cancelled, 1 as they were" in again
    assert "No clinician has signed off" in again
    assert file.read_earlier(path.read_bytes()) is not None


def test_the_reader_is_pinned_and_its_lock_file_records_no_address() -> None:
    folder = READER.parent
    assert "omit-lockfile-registry-resolved=true" in (folder / ".npmrc").read_text("utf-8")
    lock = (folder / "package-lock.json").read_text("utf-8")
    assert "://" not in lock
    wanted = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]
    locked = json.loads(lock)["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all(package["integrity"] for path, package in locked.items() if path)
