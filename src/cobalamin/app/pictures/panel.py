"""The months of a panel as a picture: how many people are on treatment with an open date, and how many of them are late."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from cobalamin.app.services.shipped import library
from cobalamin.knowledge.library import english
from cobalamin.population.panel import Panel
from cobalamin.text.days import date_words

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 440, 80, 30, 80, 90
_LINES = (("dated", "#1f4e79", ""), ("late", "#a33b20", "6 4"))  # told apart without colour too


def timeline_picture(panel: Panel, months: list[dict[str, Any]]) -> str:
    """An SVG with both counts by month end; good enough to print in black and white."""
    words, most = english(), _round_up(max((month["dated"] for month in months), default=1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="14" role="img">',
        f'<title>{escape(words.text("panel.timeline_picture"))}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="30" font-size="17">{escape(words.text("panel.timeline_picture"))}</text>',
        *_axes(months, most),
    ]
    for place, (name, colour, dashes) in enumerate(_LINES):
        parts.append(_line(months, name, most, colour, dashes))
        parts += _legend(LEFT + 320 * place, words.text(f"panel.line_{name}"), colour, dashes)
    notes = (
        f"{words.text('notes.not_signed_off')} {library().edition}",
        words.text("panel.timeline_facts", date=date_words(panel.on)),
    )
    for line, note in enumerate(notes):
        parts.append(f'<text x="{LEFT}" y="{HEIGHT - 30 + 16 * line}" font-size="12">{escape(note)}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(x: int, text: str, colour: str, dashes: str) -> list[str]:
    return [
        f'<line x1="{x}" x2="{x + 36}" y1="52" y2="52" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dashes or "none"}"/>',
        f'<text x="{x + 44}" y="57">{escape(text)}</text>',
    ]


def _round_up(number: int) -> int:
    """The next number with one digit before its zeros."""
    step = 10 ** max(len(str(number)) - 1, 0)
    return max(int(-(-number // step) * step), 1)


def _x(place: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (place / max(count - 1, 1))


def _y(value: int, most: int) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most


def _axes(months: list[dict[str, Any]], most: int) -> list[str]:
    parts = []
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = _y(round(most * share), most)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 5:.1f}" text-anchor="end">{round(most * share):,}</text>')
    for place, month in enumerate(months):
        if month["month"][5:7] == "12" or len(months) <= 24:
            x = _x(place, len(months))
            parts.append(
                f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle" font-size="12">{month["month"][:7]}</text>'
            )
    return parts


def _line(months: list[dict[str, Any]], name: str, most: int, colour: str, dashes: str) -> str:
    points = " ".join(f"{_x(place, len(months)):.1f},{_y(month[name], most):.1f}" for place, month in enumerate(months))
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5"{dashed}/>'
