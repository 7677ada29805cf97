"""One symptom by days since the last dose: every score is a point over its day, so that a pattern before the next dose can be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from cobalamin.app.pictures.axes import Axis, rounded_up
from cobalamin.app.pictures.labels import END, MIDDLE, START, Label, Places
from cobalamin.app.pictures.svg import element
from cobalamin.app.pictures.year import Drawn, text_of

_SIDE, _TOP, _TALL, _SIZE = 4.0, 10.0, 70.0, 12.0


def draw_since(scores: Iterable[tuple[int, int]], title: str, axis_words: str, letters: float = 1.0) -> Drawn:
    """Points for (days since the last dose, score from 0 to 10); the same score of the same day is one larger point."""
    counted = Counter(scores)
    longest = rounded_up(max(max((day for day, _ in counted), default=1), 10))
    days = Axis(0, longest, _SIDE, 100 - _SIDE)
    foot = (_TOP + _TALL) * letters
    heights = Axis(0, 10, foot, _TOP * letters)
    places, parts = Places(), []
    for score in (0, 5, 10):
        y = heights.at(score)
        parts.append(element("line", x1=f"{_SIDE}%", x2=f"{100 - _SIDE}%", y1=y, y2=y, class_="floor"))
        places.put(Label(str(score), _SIDE - 0.5, y + 4 * letters, _SIZE * letters, END, tone="soft"))
    for (day, score), number in sorted(counted.items()):
        x, radius = f"{days.at(day):.2f}%", (4 + min(number - 1, 4)) * letters
        parts.append(element("circle", cx=x, cy=heights.at(score), r=radius, class_="is-given"))
    line = foot + 16 * letters
    places.put(Label(axis_words, 100 - _SIDE, line, _SIZE * letters, END, tone="soft"))
    for tick in days.ticks(6, least=1):
        anchor = START if tick == 0 else MIDDLE
        places.put(Label(f"{tick:g}", days.at(tick), line, _SIZE * letters, anchor, tone="soft"))
    height = round(line + 5 * letters)
    svg = element(
        "svg", *parts, *(text_of(label) for label in places.taken), class_="year since", width="100%", height=height, role="img",
        aria_label=title,
    )  # fmt: skip
    return Drawn(svg, tuple(places.taken), height)
