"""Results and symptoms over time as pictures drawn by the server, each with a table of the same numbers beside it.

Builder by shape and words, not by colour: a filled point within the laboratory's range, an open one outside it, a triangle with
words where only a bound is known, short strokes for the doses below, a broken line for today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cobalamin.amounts import exact_value
from cobalamin.app.pictures.axes import Axis, TimeAxis, around, room_of, with_room
from cobalamin.app.pictures.svg import element, width_of, written
from cobalamin.app.services import shipped
from cobalamin.app.services.scales import in_notation, notation
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.knowledge.library import Library
from cobalamin.text.days import date_words
from cobalamin.text.safe import entered
from cobalamin.therapy.case.case import Quantity, ReferenceRange
from cobalamin.therapy.case.record import record_on
from cobalamin.therapy.response.values import Result, position, range_words, results_of
from cobalamin.therapy.review.review import Review

WIDE, HIGH = 640.0, 246.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 14.0, 32.0, 46.0
MOST_TICKS = 5
_BOUND = {">": "more_than", ">=": "at_least", "<": "less_than", "<=": "at_most"}
LARGEST = 22.0  # letters of an axis on a telephone, see `.chart .scale` in the style sheet


@dataclass(frozen=True)
class Point:
    """One value of one day; `shape`: within, outside, or `more` and `less` where the laboratory told a bound only."""

    on: date
    value: float
    told: str
    shape: str = "within"


@dataclass(frozen=True)
class Chart:
    """A picture and the same numbers as rows."""

    title: str
    summary: str
    svg: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def result_charts(library: Library, seen: Review, screen: Builder) -> list[Chart]:
    """One chart for each marker; another unit or another method begins another chart, another notation of a unit does not."""
    groups: dict[tuple[str, str, str], list[Result]] = {}
    for result in results_of(record_on(seen.case, seen.on).events):
        if isinstance(result.value, Quantity):
            unit = notation(library, result.marker, result.value.unit)
            groups.setdefault((result.marker, unit, result.method), []).append(result)
    return [_result_chart(library, seen, screen, *key, results) for key, results in sorted(groups.items())]


def _result_chart(
    library: Library, seen: Review, screen: Builder, marker: str, unit: str, method: str, results: list[Result]
) -> Chart:
    record = library.markers[marker]
    name = screen.text(str(record["plain"] if screen.plain else record["name"]))
    results = sorted(results, key=lambda result: result.on)
    points = [_result_point(result, unit) for result in results]
    bounds = [found for result in results if (found := in_notation(result.usual, unit)) is not None]
    titles = tuple(screen.say(f"web.chart__{each}") for each in ("day", "value", "range"))
    rows = tuple(
        (date_words(point.on, screen.words), point.told, _range_words(result.usual))
        for point, result in zip(points, results, strict=True)
    )
    title = f"{_upper(name)}, {unit}{f', {entered(method, screen.words)}' if method else ''}"
    summary = screen.say(
        "web.chart__results",
        name=name,
        number=len(points),
        last=points[-1].told,
        date=date_words(points[-1].on, screen.words),
    )
    return Chart(
        kept(title),
        kept(summary),
        _svg(title, summary, points, _doses(seen), seen.on, bounds[-1] if bounds else None),
        titles,
        rows,
    )


def _result_point(result: Result, unit: str) -> Point:
    value = result.value
    number = exact_value(value.value, value.unit, unit) if isinstance(value, Quantity) else None
    if not isinstance(value, Quantity) or number is None:
        raise TypeError("a chart holds quantities of one unit")
    if value.comparator:
        words, amount = shipped.library().own_words, f"{value.value} {value.unit}"
        shape = "more" if value.comparator.startswith(">") else "less"
        return Point(
            result.on, float(number), words.text(f"web.chart__{_BOUND[value.comparator]}", value=amount), shape
        )
    outside = position(result) in ("below", "above")
    return Point(result.on, float(number), str(value), "outside" if outside else "within")


def _range_words(bounds: ReferenceRange | None) -> str:
    if bounds is None:
        return ""
    if bounds.low is None or bounds.high is None:
        return range_words(bounds)
    say = shipped.library().own_words.text
    return say("web.chart__between", low=bounds.low, high=bounds.high, unit=bounds.unit)


def symptom_charts(seen: Review, screen: Builder) -> list[Chart]:
    """One chart for each symptom, from 0 to 10."""
    charts = []
    for symptom in seen.diary.symptoms:
        points = [Point(each.on, each.score, f"{each.score}") for each in symptom.readings]
        name = (
            entered(symptom.name, screen.words)
            if symptom.own
            else screen.words.find("web", f"symptom__{symptom.name}", symptom.name.replace("_", " "))
        )
        summary = screen.text(symptom.plain if screen.plain else symptom.text)
        titles = tuple(screen.say(f"web.chart__{each}") for each in ("day", "score", "since"))
        rows = tuple(
            (
                date_words(each.on, screen.words),
                str(each.score),
                "" if each.days_since is None else str(each.days_since),
            )
            for each in symptom.readings
        )
        title = screen.say("web.chart__symptom", name=_upper(name))
        charts.append(
            Chart(
                title,
                screen.spelled(summary),
                _svg(title, summary, points, _doses(seen), seen.on, None, (0.0, 10.0)),
                titles,
                rows,
            )
        )
    return charts


def _doses(seen: Review) -> list[date]:
    return [entry.event.on for entry in seen.evaluations if entry.event.on and entry.credit in ("credited", "extra")]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


# -- drawing ---------------------------------------------------------------------------------------------------------


class _Plot(NamedTuple):
    days: TimeAxis
    values: Axis


def _svg(
    title: str, summary: str, points: list[Point], doses: list[date], today: date, bounds: ReferenceRange | None,
    span: tuple[float, float] | None = None,
) -> str:  # fmt: skip
    ends = [float(each) for each in ((bounds.low, bounds.high) if bounds else ()) if each is not None]
    low, high = span or around([*(point.value for point in points), *ends])
    days = [point.on for point in points] + [*doses, today]
    values = Axis(low, high, start=HIGH - BOTTOM, end=TOP)
    left = max(LEFT, 8 + room_of((f"{value:g}" for value in values.ticks(MOST_TICKS)), LARGEST))
    plot = _Plot(TimeAxis.between(min(days), max(days), left, WIDE - RIGHT), values)
    parts = [
        element("title", written(f"{title}. {summary}")),
        *_band(plot, bounds), *_scale(plot), *_months(plot), *_today(plot, today), *(_dose(plot, each) for each in doses), _line(plot, points),
        *(_point(plot, point) for point in points), *_bounds_told(plot, points),
    ]  # fmt: skip
    return element("svg", *parts, viewBox=f"0 0 {WIDE:.0f} {HIGH:.0f}", role="img", class_="chart", aria_label=title)


def _band(plot: _Plot, bounds: ReferenceRange | None) -> list[str]:
    """The laboratory's range, where the last result told one."""
    if bounds is None:
        return []
    low, high = (None if each is None else float(each) for each in (bounds.low, bounds.high))
    top, height = plot.values.band(low, high)
    return [
        element("rect", x=plot.days.start, y=top, width=plot.days.end - plot.days.start, height=height, class_="band")
    ]


def _scale(plot: _Plot) -> list[str]:
    parts = []
    for value in plot.values.ticks(MOST_TICKS):
        y = plot.values.at(value)
        parts.append(element("line", x1=plot.days.start, y1=y, x2=plot.days.end, y2=y, class_="grid"))
        parts.append(element("text", f"{value:g}", x=plot.days.start - 8, y=y + 4, text_anchor="end", class_="scale"))
    return parts


def _months(plot: _Plot) -> list[str]:
    """The line of time, with a stroke and centred words at each month that has room for them."""
    foot = HIGH - BOTTOM
    parts = [element("line", x1=plot.days.start, y1=foot, x2=plot.days.end, y2=foot, class_="axis")]
    for day, words in with_room(plot.days.dates(most=6), plot.days.at, LARGEST, 0, WIDE, middle=True):
        x = plot.days.at(day)
        parts.append(element("line", x1=x, y1=TOP, x2=x, y2=foot, class_="grid"))
        parts.append(element("line", x1=x, y1=foot, x2=x, y2=foot + 6, class_="axis tick"))
        parts.append(element("text", written(words), x=x, y=HIGH - 6, text_anchor="middle", class_="scale"))
    return parts


def _today(plot: _Plot, on: date) -> list[str]:
    x, words = plot.days.at(on), shipped.library().own_words.text("web.chart__today")
    return [
        element("line", x1=x, y1=TOP - 6, x2=x, y2=HIGH - BOTTOM, class_="today"),
        element("text", written(words), x=x + RIGHT - 2, y=TOP - 10, text_anchor="end", class_="scale"),
    ]


def _dose(plot: _Plot, on: date) -> str:
    x = plot.days.at(on)
    return element("line", x1=x, y1=HIGH - BOTTOM + 8, x2=x, y2=HIGH - BOTTOM + 19, class_="dose")


def _line(plot: _Plot, points: list[Point]) -> str:
    told = " ".join(f"{plot.days.at(point.on):.1f},{plot.values.at(point.value):.1f}" for point in points)
    return element("polyline", points=told, class_="line") if len(points) > 1 else ""


def _point(plot: _Plot, point: Point) -> str:
    x, y = plot.days.at(point.on), plot.values.at(point.value)
    tip = element("title", written(f"{date_words(point.on, shipped.library().own_words)}: {point.told}"))
    if point.shape in ("more", "less"):
        up = -1 if point.shape == "more" else 1
        corners = f"{x:.1f},{y + 7 * up:.1f} {x + 6:.1f},{y - 5 * up:.1f} {x - 6:.1f},{y - 5 * up:.1f}"
        return element("polygon", tip, points=corners, class_="open")
    return element("circle", tip, cx=x, cy=y, r=5, class_="open" if point.shape == "outside" else "point")


def _bounds_told(plot: _Plot, points: list[Point]) -> list[str]:
    """The words of a value that is only a bound, beside its mark; of two that would meet, the later one's."""
    parts, free = list[str](), plot.days.end
    for point in reversed([each for each in points if each.shape in ("more", "less")]):
        wide, x, y = width_of(point.told, LARGEST), plot.days.at(point.on), plot.values.at(point.value) + 4
        if plot.days.start + wide <= x - 10 < free:
            parts.append(element("text", written(point.told), x=x - 10, y=y, text_anchor="end", class_="scale"))
            free = x - 10 - wide
        elif x + 10 + wide <= free:
            parts.append(element("text", written(point.told), x=x + 10, y=y, class_="scale"))
            free = x - 10
    return parts
