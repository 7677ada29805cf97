"""What the tests of the calendar share: reading a file, and building the cases whose calendars are written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import DAY, ROOT, START, Run

Command = Callable[..., Run]
READER = ROOT / "tests" / "node" / "read_calendar.mjs"
PLAN = ("--protocol", "uk-bnf-noneuro", *START, "--choose", "maintenance_interval=3 mo")


def events_of(path: Path) -> list[Any]:
    from icalendar import Calendar  # here, because every test of the doors reads this file

    return list(Calendar.from_ical(path.read_bytes()).walk("VEVENT"))


def by_uid(path: Path) -> dict[str, Any]:
    return {str(event["UID"]): event for event in events_of(path)}


def dates_of(path: Path, *titles: str) -> list[str]:
    """Days of the events that were not cancelled and have one of these titles."""
    return sorted(
        str(event["DTSTART"].dt)
        for event in events_of(path)
        if event["STATUS"] != "CANCELLED" and str(event["SUMMARY"]).split(":")[0] in titles
    )


def read_by_ical_js(*paths: Path, zone: str = "UTC") -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", str(READER), *map(str, paths)], capture_output=True, check=True, env={**os.environ, "TZ": zone}
    )
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer


def skip_without_ical_js() -> None:
    """Skipped where it is not installed, by name; never in CI."""
    missing = "node" if shutil.which("node") is None else ""
    if not missing and not (READER.parent / "node_modules" / "ical.js").is_dir():
        missing = "ical.js (npm ci --prefix tests/node)"
    if missing:
        message = f"SKIPPED: the calendar is not read back by ical.js, because {missing} is missing"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)  # a reader from npm that a machine may lack; in CI it fails above


def enter(run: Command, path: Path, *entries: str) -> None:
    """Record these entries, each on its own day; `~` stands for a space inside a value."""
    for entry in entries:
        words = [word.replace("~", " ") for word in entry.split()]
        answer = run("record", path, *words, "--on", re.findall(r"\d{4}-\d\d-\d\d", entry)[0])
        assert answer.code == 0, answer.err


def accept(run: Command, case: Path, protocol: str, *chosen: str) -> None:
    """Accept a plan, acknowledging whatever interrupts."""
    options = ("--protocol", protocol, *START, *chosen, *DAY, "--by", "me")
    answer = run("accept", case, *options)
    if answer.code:
        codes = re.findall(r"--acknowledge ([A-Z_0-9]+)=", answer.err)
        answer = run("accept", case, *options, *(part for code in codes for part in ("--acknowledge", f"{code}=seen")))
    assert answer.code == 0, answer.err


def refused(run: Command, *arguments: object, code: int = 3) -> str:
    """The one sentence of a calendar that was not written."""
    answer = run("calendar", *arguments, *DAY)
    assert answer.code == code, answer.out + answer.err
    assert len(answer.err.splitlines()) == 1, answer.err
    return answer.err
