"""The shapes of marks: each state has its own, so that colour tells nothing alone. They sit at a share of the width."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cobalamin.app.pictures.svg import element

Glyph = Callable[[str, float, float, str], str]  # place along the picture, its line, its size, its state

# What a shape without a place of its own is made of once: it is put where it belongs by `use`.
DEFINED = element(
    "defs",
    element("path", id="shape-cross", d="M-1,-1 L1,1 M-1,1 L1,-1", vector_effect="non-scaling-stroke"),
    element("path", id="shape-up", d="M0,-1.1 L1,0.8 L-1,0.8 Z"),
    element("path", id="shape-down", d="M0,1.1 L1,-0.8 L-1,-0.8 Z"),
    element("path", id="shape-diamond", d="M0,-1.1 L1.1,0 L0,1.1 L-1.1,0 Z"),
    element("path", id="shape-square", d="M-0.9,-0.9 H0.9 V0.9 H-0.9 Z"),
    element(
        "pattern", element("path", d="M0,7 L7,0 M-1,1 L1,-1 M6,8 L8,6", class_="hatch"), id="shape-hatch", width=7, height=7,
        patternUnits="userSpaceOnUse",
    ),
)  # fmt: skip


def _circle(x: str, y: float, size: float, state: str) -> str:
    return element("circle", cx=x, cy=round(y, 1), r=round(size, 1), class_=f"is-{state}")


def _dotted(x: str, y: float, size: float, state: str) -> str:
    """A circle with a point inside."""
    return _circle(x, y, size, state) + _circle(x, y, size * 0.35, f"{state} dot")


def _used(shape: str) -> Glyph:
    def glyph(x: str, y: float, size: float, state: str) -> str:
        inner = element("use", href=f"#shape-{shape}", transform=f"scale({size:.3g})", class_=f"is-{state}")
        return element("svg", inner, x=x, y=round(y, 1), overflow="visible")

    return glyph


GLYPHS: Mapping[str, Glyph] = {
    "given": _circle, "extra": _dotted, "not_counted": _dotted, "waiting": _circle, "missed": _used("cross"),
    "next": _circle, "overdue": _dotted, "planned": _circle,
    "tried": _dotted, "ghost": _circle,
    "done": _used("square"), "not_done": _used("cross"), "to_come": _used("square"),
    "warning": _used("up"), "told": _used("diamond"),
    "within": _circle, "outside": _circle, "more": _used("up"), "less": _used("down"),
}  # fmt: skip
