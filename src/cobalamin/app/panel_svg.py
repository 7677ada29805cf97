"""The months of a panel as a picture: how many people are on treatment with an open date, and how many of them are late."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from cobalamin.app.services import library
from cobalamin.knowledge.library import english
from cobalamin.population.panel import Panel

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 960, 420, 80, 30, 70, 70
_LINES = (("dated", "#1f4e79", ""), ("late", "#a33b20", "6 4"))  # told apart without colour too


def timeline_picture(panel: Panel, months: list[dict[str, Any]]) -> str:
    """An SVG with both counts by month end; good enough to print in black and white."""
    words, most = english(), _round_up(max((month["dated"] for month in months), default=1))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="14" role="img">',
        f'<title>{escape(words.text("panel.timeline_title"))}</title><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="30" font-size="17">{escape(words.text("panel.timeline_title"))}</text>',
        *_axes(months, most),
    ]
    for name, colour, dashes in _LINES:
        parts.append(_line(months, name, most, colour, dashes))
        y = _y(months[-1][name], most) if months else TOP
        parts.append(
            f'<text x="{LEFT + 8}" y="{y - 8:.0f}" fill="{colour}">{escape(words.text(f"panel.line_{name}"))}</text>'
        )
    note = f"{words.text('notes.not_signed_off')} {words.text('panel.timeline_facts', date=str(panel.on))} {library().edition}"
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 16}" font-size="11">{escape(note)}</text></svg>')
    return "\n".join(parts) + "\n"


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
