"""The picture of a year: no two labels meet at any width, every mark is there once and leads to its reasons, and it stays small."""

from __future__ import annotations

import itertools
import re
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cobalamin.app.pictures.labels import LEVELS, MIDDLE, Label, Places, meet
from cobalamin.app.pictures.since import draw_since
from cobalamin.app.pictures.year import RUN_OF, Drawn, Look, draw, draw_years, runs_in
from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.year import AHEAD, GIVEN, PLANNED, Mark, Year, calendar_year, year_around

ROOT = Path(__file__).parents[3]
DAY = date(2026, 9, 1)
WIDTHS = (240, 264, 320, 343, 375, 480, 559, 560, 700, 768, 939, 940, 1130, 1280, 1400)


def look(letters: float = 1.0) -> Look:
    library = shipped.library()
    return Look(
        library.own_words,
        lambda about: f"/why?about={about}" if about else "",
        lambda name: str(library.markers[name]["name"]),
        letters=letters,
    )


def long_record(folder: Path, every: int = 30, doses: int = 300) -> Path:
    """A record of 25 years with a result each year."""
    head = (ROOT / "examples" / "treatment-running.yaml").read_text("utf-8").split("record:")[0]
    first, entries = date(2001, 9, 5), []
    for number in range(doses):
        on = first + timedelta(days=every * number)
        entries.append(f"  - {{date: {on}, kind: administration, as_planned: true}}")
        if number % 12 == 0:
            entries.append(
                f"  - {{date: {on}, kind: result, marker: haemoglobin, value: {105 + number % 40} g/L, reference_range: 120-160 g/L}}"
            )
            entries.append(f"  - {{date: {on}, kind: symptoms, tiredness: {number % 10}}}")
    path = folder / "long.yaml"
    path.write_text(f"{head.replace('2026-01-0', '2001-09-0')}record:\n" + "\n".join(entries) + "\n", "utf-8")
    return path


def shown_at(drawn: Drawn, width: float) -> list[Label]:
    level = max(number for number, least in enumerate(LEVELS) if width >= least)
    return [label for label in drawn.labels if label.level <= level]


def assert_apart(drawn: Drawn) -> None:
    for width in WIDTHS:
        boxes = [(label.text, label.box(width)) for label in shown_at(drawn, width)]
        for text, box in boxes:
            assert box[0] >= -0.01, (width, text)
            assert box[2] <= width + 0.01, (width, text)
        for (one, first), (other, second) in itertools.combinations(boxes, 2):
            assert not meet(first, second), (width, one, other)


def years_of(path: Path, on: date = DAY) -> list[Year]:
    seen = reviewing.review_of(open_case(path), on, ahead=AHEAD)
    return [year_around(seen), *(calendar_year(seen, year) for year, _ in year_around(seen).counts)]


@pytest.mark.parametrize("letters", [1.0, 1.32], ids=["usual", "large"])
@pytest.mark.parametrize("name", ["treatment-running", "self-injecting", "moved-here"])
def test_no_two_labels_meet_at_any_width(name: str, letters: float) -> None:
    for year in years_of(ROOT / "examples" / f"{name}.yaml"):
        assert_apart(draw(year, look(letters), "Year"))


@pytest.mark.parametrize("letters", [1.0, 1.32], ids=["usual", "large"])
def test_no_two_labels_meet_over_25_years(letters: float, tmp_path: Path) -> None:
    years = years_of(long_record(tmp_path))
    assert len(years) == 27
    for year in years:
        assert_apart(draw(year, look(letters), "Year"))
    strip = draw_years(years[0].counts, look(letters), 2010, "Years")
    assert_apart(strip)
    assert len(re.findall("<a ", strip.svg)) == 26


def test_three_hundred_doses_are_a_small_picture(tmp_path: Path) -> None:
    """Spread over 25 years, and all within a year and a half."""
    spread = draw(years_of(long_record(tmp_path))[0], look(), "Year")
    dense = draw(years_of(long_record(tmp_path, every=2), on=date(2003, 5, 1))[0], look(), "Year")
    assert len(spread.svg) < 20_000
    assert len(dense.svg) < 20_000


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(2, 98), st.text("abc 123,.", min_size=1, max_size=14)), max_size=25))
def test_whatever_is_put_on_one_line_stays_apart(words: list[tuple[float, str]]) -> None:
    places = Places()
    for at, text in words:
        places.put(Label(text, at, 20.0, 12.0, MIDDLE))
    assert_apart(Drawn("", tuple(places.taken), 0.0))


def test_the_picture_is_well_formed_and_each_mark_leads_to_its_reasons() -> None:
    year = years_of(ROOT / "examples" / "treatment-running.yaml")[0]
    drawn = draw(year, look(), "My year")
    tree = ElementTree.fromstring(drawn.svg)
    links = [each.get("href") for each in tree.iter("a")]
    wanted = [mark.about for mark in (*year.doses, *year.checks, *year.events)]
    wanted += [point.about for scale in year.results for point in scale.points] + [
        each[2] for scores in year.symptoms for each in scores.marks
    ]
    assert sorted(links) == sorted(f"/why?about={about}" for about in wanted)
    assert all((each.find("title") is not None and each.find("title").text) for each in tree.iter("a"))
    assert tree.get("aria-label") == "My year"


def test_a_bound_is_an_arrow_and_not_a_point() -> None:
    drawn = draw(years_of(ROOT / "examples" / "treatment-running.yaml")[0], look(), "Year")
    assert 'href="#shape-up"' in drawn.svg
    assert ">1500" in {label.text for label in drawn.labels}


def test_today_is_a_line_only_where_it_lies_in_the_picture(tmp_path: Path) -> None:
    now, *_years = years_of(ROOT / "examples" / "treatment-running.yaml")
    seen = reviewing.review_of(open_case(ROOT / "examples" / "treatment-running.yaml"), DAY, ahead=AHEAD)
    assert 'class="today"' in draw(now, look(), "Year").svg
    assert 'class="today"' not in draw(calendar_year(seen, 2027), look(), "Year").svg


def test_many_alike_close_together_are_one_bar() -> None:
    marks = [
        Mark(GIVEN, date(2026, 1, 1) + timedelta(days=2 * number), "given", str(number)) for number in range(RUN_OF)
    ]
    assert [len(run) for run in runs_in(marks)] == [RUN_OF]
    assert [len(run) for run in runs_in(marks[1:])] == [1] * (RUN_OF - 1)
    later = [Mark(PLANNED, date(2026, 6, 1), "planned", "x")]
    assert [len(run) for run in runs_in([*marks, *later])] == [RUN_OF, 1]


def test_what_a_person_typed_stays_text(tmp_path: Path) -> None:
    text = (ROOT / "examples" / "treatment-running.yaml").read_text("utf-8").rstrip()
    path = tmp_path / "case.yaml"
    path.write_text(f'{text}\n  - {{date: 2026-08-20, kind: symptoms, own: {{"<script>x</script>": 3}}}}\n', "utf-8")
    drawn = draw(years_of(path)[0], look(), 'a"b<c')
    assert "<script" not in drawn.svg
    ElementTree.fromstring(drawn.svg)


def test_scores_by_days_since_the_dose_are_points_over_their_day() -> None:
    drawn = draw_since([(2, 7), (2, 7), (80, 3), (0, 5)], "Tiredness", "days since the last dose")
    assert drawn.svg.count("<circle") == 3
    assert_apart(drawn)
