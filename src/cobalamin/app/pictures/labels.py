"""Words in a picture that is as wide as its page: each is shown from the width on at which it meets nothing.

Places along the picture are shares of its width, sizes are pixels, so words keep their size while the picture grows. Two words that are
apart at one width are apart at every greater one, because the shares between them grow and their own widths do not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cobalamin.app.pictures.svg import width_of
from cobalamin.records import replace

LEVELS = (
    240.0,
    560.0,
    940.0,
)  # the least widths of a picture; the style sheet shows `at1` and `at2` from the second and third on
WIDEST = 1400.0
START, MIDDLE, END = "start", "middle", "end"
_SHARES = {START: 0.0, MIDDLE: 0.5, END: 1.0}
_ASCENT, _DESCENT, _BESIDE = 0.8, 0.25, 3.0

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Label:
    """Words at a share of the width (0 to 100), moved by `dx`, with their line at `y`; a mark is a label of its own width."""

    text: str
    at: float
    y: float
    size: float
    anchor: str = START
    dx: float = 0.0
    bold: bool = False
    tone: str = ""
    level: int = 0
    radius: float = 0.0  # of a mark

    def box(self, width: float) -> Box:
        """What it covers in a picture of this width."""
        x = self.at * width / 100 + self.dx
        if self.radius:
            return x - self.radius, self.y - self.radius, x + self.radius, self.y + self.radius
        wide = width_of(self.text, self.size, self.bold)
        left = x - wide * _SHARES[self.anchor]
        return left, self.y - self.size * _ASCENT, left + wide, self.y + self.size * _DESCENT


def meet(one: Box, other: Box, apart: float = 0.0) -> bool:
    """Whether two boxes are nearer to each other than this, sideways."""
    return one[0] < other[2] + apart and other[0] < one[2] + apart and one[1] < other[3] and other[1] < one[3]


class Places:
    """The labels that have found room, and the marks that they keep clear of."""

    def __init__(self) -> None:
        self.taken: list[Label] = []
        self.marks: list[Label] = []

    def mark(self, at: float, y: float, radius: float, dx: float = 0.0) -> None:
        """Keep this place clear."""
        self.marks.append(Label("", at, y, 0.0, radius=radius, dx=dx))

    def put(self, *choices: Label) -> None:
        """Take the first of these places of one label that is free at the least width; else the one free soonest; else none."""
        for level in range(len(LEVELS)):
            for label in choices:
                if self._is_free(label, level):
                    self.taken.append(replace(label, level=level))
                    return

    def _is_free(self, label: Label, level: int) -> bool:
        return all(
            (box := label.box(width))[0] >= 0 and box[2] <= width and not self._meets(box, width, at)
            for at, width in enumerate((*LEVELS, WIDEST))
            if at >= level
        )

    def _meets(self, box: Box, width: float, level: int) -> bool:
        beside: Iterable[Label] = (each for each in self.taken if each.level <= level)
        return any(meet(box, each.box(width), _BESIDE) for each in beside) or any(
            meet(box, each.box(width)) for each in self.marks
        )
