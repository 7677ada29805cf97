"""Sheets and letters of the examples, each set once, and how to read what stands on them."""

from __future__ import annotations

import functools
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from command_line import example
from pypdf import PdfReader

from cobalamin.app.paper import typesetting
from cobalamin.app.paper.letter import letter_of
from cobalamin.app.paper.lines import Look
from cobalamin.app.paper.running import sheet_of_review
from cobalamin.app.paper.schedule import sheet_of_plan
from cobalamin.app.services import cases, planning, reviewing, shipped

START, ON = date(2026, 1, 5), date(2026, 1, 2)
AMPOULE = "gb-hydroxocobalamin-1mg-1ml"
PLANNED: dict[str, tuple[str, dict[str, str], str]] = {
    "bariatric-planning-pregnancy": ("uk-bomss-proph", {}, ""),
    "child": (
        "us-ped-def",
        {
            "load_2_duration": "7 d",
            "load_3_duration": "7 d",
            **{f"{phase}_route": "im" for phase in ("load_1", "load_2", "load_3", "load_4", "maintenance")},
        },
        "",
    ),
    "ileal-resection-30cm": ("uk-bnf-proph", {"maintenance_interval": "3 mo"}, AMPOULE),
    "kidney-disease": ("nl-ftk", {"maintenance_option": "1000-mcg-every-2-months"}, ""),
    "leber-gb": ("uk-bnf-optic", {"maintenance_interval": "3 mo"}, AMPOULE),
    "leber-us": ("us-oh-def", {"initial_duration": "10 d", "maintenance_dose": "200 mcg"}, ""),
    "metformin": ("no-oral", {}, ""),
    "nitrous-oxide": ("uk-bnf-neuro", {}, AMPOULE),
    "pernicious-anaemia": ("uk-bnf-noneuro", {"maintenance_interval": "3 mo"}, AMPOULE),
    "pernicious-anaemia-neurological": ("uk-bnf-neuro", {}, AMPOULE),
    "vegan": ("uk-bnf-oral-diet", {"maintenance_dose": "50 micrograms"}, ""),
}
RUNNING = {
    "moved-here": date(2026, 6, 10),
    "self-injecting": date(2026, 3, 23),
    "treatment-running": date(2026, 9, 1),
}
ALL = [*PLANNED, *RUNNING]
PLAIN, PRO, LARGE = Look(), Look(professional=True), Look(large=True)
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Sheet:
    """A PDF as a reader of paper and a reader of its structure find it."""

    page: dict[str, Any]
    content: bytes

    @functools.cached_property
    def reader(self) -> PdfReader:
        return PdfReader(io.BytesIO(self.content))

    @functools.cached_property
    def pages(self) -> list[str]:
        return [even(page.extract_text()) for page in self.reader.pages]

    @property
    def text(self) -> str:
        return " ".join(self.pages)

    @functools.cached_property
    def pieces(self) -> list[tuple[int, str, float, float, float]]:
        """(page, text, size in points, x, y) of everything printed."""
        found: list[tuple[int, str, float, float, float]] = []
        for number, page in enumerate(self.reader.pages):

            def visit(
                text: str, cm: list[float], tm: list[float], _font: Any, size: float, number: int = number
            ) -> None:
                if text.strip():
                    found.append((number, text, abs(size * tm[3] * cm[3]), cm[4] + tm[4], cm[5] + tm[5]))

            page.extract_text(visitor_text=visit)
        return found


def even(text: str) -> str:
    """The text with every kind of space as one, and without the places where a line may end inside a word."""
    return re.sub(r"(?<=\w-) ", "", " ".join(re.sub("[\u200b\u2060\u2068\u2069]", "", text).split()))


def plan_page(path: Path, name: str, look: Look) -> dict[str, Any]:
    protocol, choices, product = PLANNED[name]
    case = cases.open_case(path)
    made = planning.plan_for(case, planning.PlanOptions(protocol, START, choices, product), ON)
    return sheet_of_plan(shipped.library(), case, made, ON, look)


def running_page(path: Path, on: date, look: Look) -> dict[str, Any]:
    return sheet_of_review(shipped.library(), reviewing.review_case(path, on), look)


@functools.cache
def sheet(name: str, look: Look = PLAIN) -> Sheet:
    path = example(name)
    page = plan_page(path, name, look) if name in PLANNED else running_page(path, RUNNING[name], look)
    return Sheet(page, typesetting.pdf_of("sheet.typ", page))


@functools.cache
def letter(name: str) -> Sheet:
    page = letter_of(shipped.library(), reviewing.review_case(example(name), RUNNING[name]), PRO)
    return Sheet(page, typesetting.pdf_of("letter.typ", page))


def row_text(row: dict[str, Any]) -> str:
    """A dated line as it stands on paper: the day, its mark, what, and how."""
    marked = f"{row['when']} {row['mark']}".strip()
    return even(f"{marked} {''.join(row['main'])} {row['rest']}")


def sheet_command(name: str, *options: object) -> tuple[object, ...]:
    """`sheet` for an example, as a user types it."""
    if name in RUNNING:
        return ("sheet", example(name), "--on", RUNNING[name], *options)
    protocol, choices, product = PLANNED[name]
    chosen = [part for key, value in choices.items() for part in ("--choose", f"{key}={value}")]
    named = ("--product", product) if product else ()
    return ("sheet", example(name), "--protocol", protocol, "--start", START, "--on", ON, *chosen, *named, *options)


def inside_the_page(found: Sheet) -> None:
    for number, text, size, x, y in found.pieces:
        box = found.reader.pages[number].mediabox
        edge = 7 * POINTS_PER_MM
        assert edge <= x <= float(box.width) - edge, text
        assert edge <= y <= float(box.height) - edge - size / 2, text
