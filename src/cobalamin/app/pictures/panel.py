"""The months of a panel as a picture: how many people are on treatment with an open date, and how many of them are late."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from cobalamin.app.pictures.axes import Axis, months_named, rounded_up, with_room
from cobalamin.app.services import shipped
from cobalamin.app.services.shipped import library
from cobalamin.population.panel import Panel
from cobalamin.text.days import date_words

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 440, 80, 30, 80, 90
_LINES = (("dated", "#1f4e79", ""), ("late", "#a33b20", "6 4"))  # told apart without colour too


def timeline_picture(panel: Panel, months: list[dict[str, Any]]) -> str:
    """An SVG with both counts by month end; good enough to print in black and white."""
    words, plot = shipped.library().own_words, _Plot.of(months)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="14" role="img">',
        f'<title>{escape(words.text("panel.timeline_picture"))}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="30" font-size="17">{escape(words.text("panel.timeline_picture"))}</text>',
        *_axes(plot),
    ]
    for place, (name, colour, dashes) in enumerate(_LINES):
        parts.append(_line(plot, months, name, colour, dashes))
        parts += _legend(LEFT + 320 * place, words.text(f"panel.line_{name}"), colour, dashes)
    notes = (
        f"{words.text('notes.not_signed_off')} {library().edition}",
        words.text("panel.timeline_facts", date=date_words(panel.on, words)),
    )
    for line, note in enumerate(notes):
        parts.append(f'<text x="{LEFT}" y="{HEIGHT - 30 + 16 * line}" font-size="12">{escape(note)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(x: int, text: str, colour: str, dashes: str) -> list[str]:
    return [
        f'<line x1="{x}" x2="{x + 36}" y1="52" y2="52" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dashes or "none"}"/>',
        f'<text x="{x + 44}" y="57">{escape(text)}</text>',
    ]


class _Plot(NamedTuple):
    places: dict[date, float]  # of the month ends, all as far from each other
    people: Axis

    @classmethod
    def of(cls, months: list[dict[str, Any]]) -> _Plot:
        ends = [date.fromisoformat(month["month"]) for month in months]
        row = Axis(0, max(len(ends) - 1, 1), LEFT, WIDTH - RIGHT)
        most = rounded_up(max([1, *(month["dated"] for month in months)]))
        return cls({day: row.at(place) for place, day in enumerate(ends)}, Axis(0, most, HEIGHT - BOTTOM, TOP))


def _axes(plot: _Plot) -> list[str]:
    parts = []
    for number in plot.people.ticks(least=1):
        y = plot.people.at(number)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{number:,.0f}</text>')
    for day, words in with_room(months_named([*plot.places]), plot.places.__getitem__, 12, 0, WIDTH, middle=True):
        x, y = plot.places[day], HEIGHT - BOTTOM + 20
        parts.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle" font-size="12">{escape(words)}</text>')
    return parts


def _line(plot: _Plot, months: list[dict[str, Any]], name: str, colour: str, dashes: str) -> str:
    heights = (plot.people.at(month[name]) for month in months)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(plot.places.values(), heights, strict=True))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{dashed}/>'
