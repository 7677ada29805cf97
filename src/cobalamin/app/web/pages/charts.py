"""Results and symptoms over time as pictures drawn by the server, each with a table of the same numbers beside it.

Told by shape and words, not by colour: a filled point within the laboratory's range, an open one outside it, a triangle where
only a bound is known, short strokes for the doses below.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cobalamin.amounts import exact_value
from cobalamin.app.pictures.svg import element, written
from cobalamin.app.web.frame.blocks import Told, kept
from cobalamin.knowledge.library import Library
from cobalamin.text.days import date_words
from cobalamin.text.safe import entered
from cobalamin.therapy.case.case import Quantity, ReferenceRange
from cobalamin.therapy.case.record import record_on
from cobalamin.therapy.response.values import Result, position, range_words, results_of
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words.wording import month_short

WIDE, HIGH = 640.0, 230.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 14.0, 16.0, 46.0


@dataclass(frozen=True)
class Point:
    """One value of one day; `shape`: within, outside, bound."""

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


def result_charts(library: Library, seen: Review, screen: Told) -> list[Chart]:
    """One chart for each marker; another unit or another method begins another chart, another notation of a unit does not."""
    groups: dict[tuple[str, str, str], list[Result]] = {}
    for result in results_of(record_on(seen.case, seen.on).events):
        if isinstance(result.value, Quantity):
            unit = _notation(library.markers[result.marker]["units"], result.value.unit)
            groups.setdefault((result.marker, unit, result.method), []).append(result)
    return [_result_chart(library, seen, screen, *key, results) for key, results in sorted(groups.items())]


def _notation(units: list[str], unit: str) -> str:
    """The first notation of a unit: all results in one of them are drawn in this one."""
    return next((each for each in units if exact_value(Decimal(1), unit, each) is not None), unit)


def _result_chart(
    library: Library, seen: Review, screen: Told, marker: str, unit: str, method: str, results: list[Result]
) -> Chart:
    record = library.markers[marker]
    name = str(record["plain"] if screen.plain else record["name"])
    results = sorted(results, key=lambda result: result.on)
    points = [_result_point(result, unit) for result in results]
    bounds = [found for result in results if (found := _in_notation(result.usual, unit)) is not None]
    titles = tuple(screen.say(f"web.chart__{each}") for each in ("day", "value", "range"))
    rows = tuple(
        (date_words(point.on), point.told, _range_words(result.usual))
        for point, result in zip(points, results, strict=True)
    )
    title = f"{_upper(name)}, {unit}{f', {entered(method)}' if method else ''}"
    summary = screen.say(
        "web.chart__results", name=name, number=len(points), last=points[-1].told, date=date_words(points[-1].on)
    )
    return Chart(
        kept(title),
        kept(summary),
        _svg(title, summary, points, _doses(seen), bounds[-1] if bounds else None),
        titles,
        rows,
    )


def _result_point(result: Result, unit: str) -> Point:
    value = result.value
    number = exact_value(value.value, value.unit, unit) if isinstance(value, Quantity) else None
    if not isinstance(value, Quantity) or number is None:
        raise TypeError("a chart holds quantities of one unit")
    if value.comparator:
        return Point(result.on, float(number), str(value), "bound")
    outside = position(result) in ("below", "above")
    return Point(result.on, float(number), str(value), "outside" if outside else "within")


def _in_notation(usual: ReferenceRange | None, unit: str) -> ReferenceRange | None:
    if usual is None or exact_value(Decimal(1), usual.unit, unit) is None:
        return None
    low, high = (None if end is None else exact_value(end, usual.unit, unit) for end in (usual.low, usual.high))
    return ReferenceRange(low, high, unit, usual.closed)


def _range_words(bounds: ReferenceRange | None) -> str:
    if bounds is None:
        return ""
    if bounds.low is None or bounds.high is None:
        return range_words(bounds)
    return f"{bounds.low} to {bounds.high} {bounds.unit}"


def symptom_charts(seen: Review, screen: Told) -> list[Chart]:
    """One chart for each symptom, from 0 to 10."""
    charts = []
    for symptom in seen.diary.symptoms:
        points = [Point(each.on, each.score, f"{each.score}") for each in symptom.readings]
        name = (
            entered(symptom.name)
            if symptom.own
            else screen.words.find("web", f"symptom__{symptom.name}", symptom.name.replace("_", " "))
        )
        summary = symptom.plain if screen.plain else symptom.text
        titles = tuple(screen.say(f"web.chart__{each}") for each in ("day", "score", "since"))
        rows = tuple(
            (date_words(each.on), str(each.score), "" if each.days_since is None else str(each.days_since))
            for each in symptom.readings
        )
        title = screen.say("web.chart__symptom", name=_upper(name))
        charts.append(
            Chart(
                title,
                screen.spelled(summary),
                _svg(title, summary, points, _doses(seen), None, (0.0, 10.0)),
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


@dataclass(frozen=True)
class _Plot:
    first: date
    last: date
    low: float
    high: float

    def x(self, day: date) -> float:
        whole = max((self.last - self.first).days, 1)
        return LEFT + (WIDE - LEFT - RIGHT) * (day - self.first).days / whole

    def y(self, value: float) -> float:
        return TOP + (HIGH - TOP - BOTTOM) * (1 - (value - self.low) / (self.high - self.low))


def _svg(
    title: str, summary: str, points: list[Point], doses: list[date], bounds: ReferenceRange | None, span: tuple[float, float] | None = None
) -> str:  # fmt: skip
    ends = [float(each) for each in ((bounds.low, bounds.high) if bounds else ()) if each is not None]
    low, high = span or _span([*(point.value for point in points), *ends])
    days = [point.on for point in points] + doses
    plot = _Plot(min(days), max(days), low, high)
    parts = [
        element("title", written(f"{title}. {summary}")),
        *_band(plot, bounds), *_scale(plot), *_months(plot), *(_dose(plot, each) for each in doses), _line(plot, points),
        *(_point(plot, point) for point in points),
    ]  # fmt: skip
    return element("svg", *parts, viewBox=f"0 0 {WIDE:.0f} {HIGH:.0f}", role="img", class_="chart", aria_label=title)


def _span(values: Iterable[float]) -> tuple[float, float]:
    found = list(values)
    room = (max(found) - min(found)) * 0.12 or abs(found[0]) * 0.2 or 1.0
    return max(min(found) - room, 0.0), max(found) + room


def _band(plot: _Plot, bounds: ReferenceRange | None) -> list[str]:
    """The laboratory's range, where the last result told one."""
    if bounds is None:
        return []
    top = plot.y(float(bounds.high)) if bounds.high is not None else TOP
    bottom = plot.y(float(bounds.low)) if bounds.low is not None else HIGH - BOTTOM
    return [element("rect", x=LEFT, y=top, width=WIDE - LEFT - RIGHT, height=max(bottom - top, 0.0), class_="band")]


def _scale(plot: _Plot) -> list[str]:
    step = _step(plot.high - plot.low)
    number, parts = -(-plot.low // step), []
    while number * step <= plot.high:
        y = plot.y(number * step)
        parts.append(element("line", x1=LEFT, y1=y, x2=WIDE - RIGHT, y2=y, class_="grid"))
        parts.append(element("text", f"{number * step:g}", x=LEFT - 8, y=y + 4, text_anchor="end", class_="scale"))
        number += 1
    return parts


def _step(whole: float) -> float:
    size = 10.0 ** (len(f"{int(whole)}") - 1) if whole >= 1 else 0.1
    return next(size * factor for factor in (0.2, 0.5, 1.0, 2.0, 5.0) if whole / (size * factor) <= 5)


def _months(plot: _Plot) -> list[str]:
    """The first of a month, as many as have room."""
    months = [date(year, month, 1) for year in range(plot.first.year, plot.last.year + 1) for month in range(1, 13)]
    shown = [month for month in months if plot.first <= month <= plot.last]
    every = max(-(-len(shown) // 6), 1)
    marks = shown[::every] or [plot.first]
    return [
        element("text", written(f"{month_short(each)} {each.year}"), x=min(plot.x(each), WIDE - RIGHT - 50), y=HIGH - 6, class_="scale")
        for each in marks
    ]  # fmt: skip


def _dose(plot: _Plot, on: date) -> str:
    x = plot.x(on)
    return element("line", x1=x, y1=HIGH - BOTTOM + 6, x2=x, y2=HIGH - BOTTOM + 18, class_="dose")


def _line(plot: _Plot, points: list[Point]) -> str:
    told = " ".join(f"{plot.x(point.on):.1f},{plot.y(point.value):.1f}" for point in points)
    return element("polyline", points=told, class_="line") if len(points) > 1 else ""


def _point(plot: _Plot, point: Point) -> str:
    x, y = plot.x(point.on), plot.y(point.value)
    tip = element("title", written(f"{date_words(point.on)}: {point.told}"))
    if point.shape == "bound":
        return element(
            "polygon", tip, points=f"{x:.1f},{y - 6:.1f} {x + 6:.1f},{y + 5:.1f} {x - 6:.1f},{y + 5:.1f}", class_="open"
        )
    return element("circle", tip, cx=x, cy=y, r=5, class_="open" if point.shape == "outside" else "point")
