"""The charts of a record: months with ticks that do not collide, today, and marks that say "more than"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from web_site import DAY, ROOT, RUNNING, Reader, running_server, visitor_of, words_of

RUNNING_CASE = ROOT / "examples" / "treatment-running.yaml"
BOXES = "texts => texts.map(t => { const r = t.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] })"


def charts_of(page: str) -> list[str]:
    return re.findall(r'<svg[^>]*class="chart".*?</svg>', page, re.S)


def number(name: str, element: str) -> float:
    found = re.search(rf' {name}="([-\d.]+)"', element)
    assert found is not None
    return float(found[1])


def test_each_month_has_its_tick_and_the_last_stroke_is_today(reader: Reader) -> None:
    charts = charts_of(reader.get(f"{RUNNING}/review").text)
    assert len(charts) == 5
    for chart in charts:
        months = re.findall(r"<text[^>]*>\w{3} \d{4}</text>", chart.replace("\u00a0", " "))
        ticks = [number("x1", tick) for tick in re.findall(r'<line[^>]*class="axis tick"[^>]*>', chart)]
        assert len(months) >= 3
        assert [number("x", month) for month in months] == ticks
        assert all('text-anchor="middle"' in month for month in months)
        (today,) = re.findall(r'<line[^>]*class="today"[^>]*>', chart)
        doses = [number("x1", dose) for dose in re.findall(r'<line[^>]*class="dose"[^>]*>', chart)]
        assert number("x1", today) > max(doses)
        assert ">today</text>" in chart


@pytest.mark.parametrize(
    ("value", "words", "points_up"),
    [
        (">1500 ng/L", "more than 1500 ng/L", True),
        ("<150 ng/L", "less than 150 ng/L", False),
        ("300 ng/L", "", False),
    ],
)
@pytest.mark.parametrize("day", ["2026-01-02", "2026-08-03"])
def test_a_bound_says_more_or_less_beside_its_mark(
    value: str, words: str, points_up: bool, day: str, tmp_path: Path
) -> None:
    text = re.sub(r"\n.*serum_b12.*", "", RUNNING_CASE.read_text("utf-8")).rstrip()
    entry = f'  - {{date: {day}, kind: result, marker: serum_b12, value: "{value}"}}\n'
    (tmp_path / "p.yaml").write_text(f"{text}\n{entry}", "utf-8")
    page = visitor_of(tmp_path, DAY).get("/case/p.yaml/review").text
    (chart,) = (each for each in charts_of(page) if "B12" in each)
    said = [words_of(each) for each in re.findall(r'<text[^>]*class="scale"[^>]*>(.*?)</text>', chart)]
    marks = re.findall(r'<polygon[^>]*points="([^"]*)"', chart)
    if not words:
        assert not marks
        assert not [each for each in said if "than" in each]
        return
    assert said.count(words) == 1
    ((first, *others),) = ([float(corner.split(",")[1]) for corner in mark.split()] for mark in marks)
    assert all((first < other) is points_up for other in others)


@pytest.mark.browser
@pytest.mark.parametrize("wide", [320, 375, 1280])
def test_no_two_words_of_a_chart_overlap(wide: int, tmp_path: Path, visit: Callable[..., Any]) -> None:
    text = RUNNING_CASE.read_text("utf-8")
    (tmp_path / "short.yaml").write_text(text, "utf-8")
    far = date(2051, 9, 1)
    with running_server(tmp_path, DAY) as server:
        for on in (DAY, far):
            page = visit(f"{server}/case/short.yaml/review?on={on}", wide)
            for chart in page.locator("svg.chart").all():
                boxes = chart.locator("text").evaluate_all(BOXES)
                assert len(boxes) > 4
                for place, (left, top, right, bottom) in enumerate(boxes):
                    for other in boxes[place + 1 :]:
                        apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
                        assert apart, (wide, on, boxes)
                frame = chart.bounding_box()
                assert max(box[2] for box in boxes) <= frame["x"] + frame["width"] + 1
                assert min(box[0] for box in boxes) >= frame["x"] - 1
