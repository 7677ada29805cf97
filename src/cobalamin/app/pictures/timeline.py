"""The time axes of a comparison as one printed page: A4 landscape, told by shape and pattern and not by colour.

Two panels stand side by side: the first stretch magnified, then two years. Dates come from the ways of the comparison.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from cobalamin.app.pictures.axes import TimeAxis, with_room
from cobalamin.app.pictures.svg import element, line, lines_of, text_at, width_of, written
from cobalamin.app.services.compared import given_words, marks_of, mass_words, standing_words, why_undated
from cobalamin.app.views.compare import shown_of
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations
from cobalamin.spans import Span, add
from cobalamin.text.days import date_words
from cobalamin.text.messages import length
from cobalamin.therapy.comparison.aspects import aspect_text
from cobalamin.therapy.comparison.causes import Side
from cobalamin.therapy.comparison.comparison import Compared, Comparison, Figures
from cobalamin.therapy.comparison.ways import ONLY, Way
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.schedule import Scheduled

WIDE, HIGH, MARGIN = 297.0, 210.0, 9.0
LABELS, LANES = 92.0, 11.0  # width of the words at the left, and of the names of two lanes
GAP = 7.0
MOST_ROWS, HIGHEST_ROW = 10, 19.0
_SPACED = 2.9  # between the lines of a row
GREY, LIGHT = "#555", "#ccc"
TWO_YEARS = Span(2, "a")


def timeline(library: Library, comparison: Comparison, patient: str, everything: bool = False) -> str:
    """The picture. At most `MOST_ROWS` protocols are drawn; the page names those that are not."""
    drawn = shown_of(comparison, everything)
    drawn = drawn.among([each.id for each in drawn.compared[:MOST_ROWS]])
    return _Page(library, comparison, drawn, patient).svg()


class _Page:
    def __init__(self, library: Library, whole: Comparison, drawn: Comparison, patient: str) -> None:
        self.library, self.whole, self.drawn, self.patient = library, whole, drawn, patient
        self.words = library.own_words
        self.say = library.own_words.text
        self.numbers: dict[str, int] = {}
        self.parts: list[str] = []
        left = MARGIN + LABELS + LANES
        middle = left + (WIDE - MARGIN - left - GAP) * 0.56
        start = drawn.start
        self.early = TimeAxis(start, drawn.days, left, middle)
        self.years = TimeAxis.between(start, add(start, TWO_YEARS), middle + GAP, WIDE - MARGIN)

    def svg(self) -> str:
        for side in self.drawn.sides:
            self._marks(side.regimen.content.phases[0].cites if side.regimen.content.phases else ())
        sources = self._sources()
        top, bottom = self._head(), HIGH - MARGIN - 12.0 - 2.9 * len(sources)
        number = max(len(self.drawn.compared), 1)
        high = min((bottom - top) / number, HIGHEST_ROW)
        self._axes(top, top + high * number)
        for place, (each, side) in enumerate(zip(self.drawn.compared, self.drawn.sides, strict=True)):
            self._row(place, each, side, top + high * place, high)
        self._foot(sources, HIGH - MARGIN - 2.9 * len(sources) - 3.6)
        return self._document()

    def _document(self) -> str:
        number, start = len(self.drawn.compared), date_words(self.drawn.start, self.words)
        name = self.say("timeline.name", number=number, date=start)
        body = (
            element("title", written(name), id="title"),
            element("desc", written(self._description()), id="desc"),
            element("defs", _HATCHED),
            element("rect", width=WIDE, height=HIGH, fill="#fff"),
            *self.parts,
        )
        attributes = {
            "xmlns": "http://www.w3.org/2000/svg",
            "width": "297mm",
            "height": "210mm",
            "viewBox": "0 0 297 210",
            "role": "img",
        }
        marks = {"aria_labelledby": "title desc", "font_family": "DejaVu Sans, Verdana, Arial, sans-serif"}
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            + element("svg", "\n", "\n".join(body), "\n", **attributes, **marks)
            + "\n"
        )

    def _description(self) -> str:
        told = "; ".join(self._described(each) for each in self.drawn.compared)
        return f"{told}. {self.say('screen.not_signed_off')}"

    def _described(self, each: Compared) -> str:
        if each.figures is None:
            return f"{each.protocol.title}: {why_undated(each, self.say)}"
        given, mass = self._given(each.figures)
        return self.say(
            "timeline.described", protocol=each.protocol.title, days=self.drawn.days, given=given, mass=mass
        )

    def _given(self, figures: Figures) -> tuple[str, str]:
        """What is given in the first days, and how much."""
        return given_words(figures.early, self.say), mass_words(figures.early, self.drawn.country, self.say)

    def _marks(self, cites: Citations) -> str:
        human = [cite for cite in cites if not self.library.sources[cite.source].ai_written]
        names = dict.fromkeys(cite.source for cite in human) or ({"recalled": None} if cites else {})
        return ", ".join(str(self.numbers.setdefault(name, len(self.numbers) + 1)) for name in names)

    # -- head and foot -----------------------------------------------------------------------------------------------

    def _head(self) -> float:
        drawn, room = self.drawn, WIDE - 2 * MARGIN
        left = [each.id for each in self.whole.compared if each.id not in {one.id for one in drawn.compared}]
        title = self.say("timeline.title", date=date_words(drawn.start, self.words))
        self.parts.append(text_at(MARGIN, MARGIN + 4.2, title, 4.6, room * 0.7, bold=True))
        self.parts.append(text_at(WIDE - MARGIN, MARGIN + 4.2, self.patient, 3.4, room * 0.29, anchor="end"))
        rule = self.say("timeline.ranges")
        self.parts.append(text_at(MARGIN, MARGIN + 9.2, rule, 2.7, room, tone=GREY))
        if left:
            told = self.say("timeline.not_drawn", protocols=", ".join(left))
            self.parts.append(text_at(MARGIN, MARGIN + 13.0, told, 2.3, room, tone=GREY))
        return MARGIN + (23.0 if left else 20.0)

    def _sources(self) -> list[tuple[str, str]]:
        """The numbered sources in two columns."""
        told = []
        for name, number in self.numbers.items():
            source = self.library.sources[name]
            dated = "" if source.date in ("", "not stated") else f", {source.date}"
            checked = "" if source.level == "primary" else f" ({source.level})"
            told.append(f"[{number}] {source.title}. {source.issuer}{dated}{checked}")
        half = -(-len(told) // 2)
        return [(told[row], told[row + half] if row + half < len(told) else "") for row in range(half)]

    def _foot(self, sources: list[tuple[str, str]], y: float) -> None:
        self._legend(y - 3.2)
        room = (WIDE - 2 * MARGIN - 6) / 2
        for row, pair in enumerate(sources):
            for column, words in enumerate(pair):
                if words:
                    self.parts.append(text_at(MARGIN + column * (room + 6), y + 2.0 + 2.9 * row, words, 2.2, room))
        closing = self.say(
            "timeline.closing", note=self.say("screen.not_signed_off"), edition=self.library.edition,
            span=length(self.drawn.policy.decision_after), policy=self.drawn.policy.name,
        )  # fmt: skip
        self.parts.append(text_at(MARGIN, HIGH - MARGIN + 0.5, closing, 2.4, WIDE - 2 * MARGIN, bold=True))

    def _legend(self, y: float) -> None:
        x = MARGIN
        for name, draw in _LEGEND.items():
            words = self.say(f"timeline.legend__{name}")
            self.parts.append(draw(x + 2.0, y - 0.9))
            self.parts.append(text_at(x + 5.2, y, words, 2.4, WIDE - MARGIN - x))
            x += 9.0 + width_of(words, 2.4)

    # -- axes --------------------------------------------------------------------------------------------------------

    def _axes(self, top: float, bottom: float) -> None:
        for panel, title, ticks in (
            (self.early, self.say("timeline.early", days=self.drawn.days), self.early.days_on()),
            (self.years, self.say("timeline.years"), self.years.months_on(3)),
        ):
            self.parts.append(text_at(panel.start, top - 5.6, title, 2.7, panel.end - panel.start, bold=True))
            shown = with_room(ticks, panel.at, 2.2, panel.start, panel.end + GAP / 2)
            for tick in ticks:
                x = panel.at(tick[0])
                self.parts.append(line(x, top, x, bottom, 0.15, LIGHT))
                if tick in shown:
                    self.parts.append(text_at(x, top - 1.6, tick[1], 2.2, 20, tone=GREY))
            self.parts.append(line(panel.start, top, panel.end, top, 0.3))

    # -- one protocol ------------------------------------------------------------------------------------------------

    def _row(self, place: int, each: Compared, side: Side, top: float, high: float) -> None:
        self.parts.append(line(MARGIN, top + high, WIDE - MARGIN, top + high, 0.15, GREY))
        self._words(place, each, side, top, high)
        if each.figures is None:
            room = WIDE - MARGIN - self.early.start
            self.parts.append(
                text_at(self.early.start, top + high / 2 + 1, f"{why_undated(each, self.say)}.", 2.8, room, bold=True)
            )
            return
        lanes = each.ways
        for number, way in enumerate(lanes):
            y = top + high * (number + 1) / (len(lanes) + 1)
            if way.end != ONLY:
                end = self.say(f"compare.end__{way.end}")
                self.parts.append(text_at(self.early.start - 1.5, y + 0.8, end, 2.2, LANES, anchor="end", tone=GREY))
            for panel in (self.early, self.years):
                self._lane(way, panel, y)

    def _words(self, place: int, each: Compared, side: Side, top: float, high: float) -> None:
        country, room = self.drawn.country, LABELS - 2
        numbers = self._marks(side.regimen.content.phases[0].cites)
        named = lines_of(f"{place + 1}. {each.protocol.title}", 2.8, room - width_of(f" [{numbers}]", 2.8), 1)[0]
        self.parts.append(text_at(MARGIN, top + 3.5, f"{named} [{numbers}]", 2.8, room, bold=True))
        told = self._about(each, room)
        marks = marks_of(each, self.say)
        fit = max(int((high - 4.0) / _SPACED), 1) - len(told) - bool(marks)
        told += lines_of(self._regimen(side), 2.3, room, min(max(fit, 1), 2))
        y = top + 3.5
        for words in ([marks] if marks else []) + told[: int((high - 4.0) / _SPACED) - bool(marks)]:
            y += _SPACED
            words = self.library.spelled(words, country)
            self.parts.append(
                text_at(MARGIN, y, words, 2.3, room, bold=words == marks, tone="#000" if words == marks else GREY)
            )

    def _about(self, each: Compared, room: float) -> list[str]:
        protocol, standing = each.protocol, standing_words(each, self.say, brief=True)
        kind = protocol.kind.replace("_", " ")
        about = self.say("timeline.about", country=protocol.country, kind=kind, level=each.level, standing=standing)
        if not each.figures:
            return [about]
        given, mass = self._given(each.figures)
        given = self.say("timeline.given", given=given, days=self.drawn.days)
        joined = f"{given}, {mass}"
        return [about, *([joined] if width_of(joined, 2.3) <= room else [given, mass])]

    def _regimen(self, side: Side) -> str:
        aspects = ("substance", "loading", "maintenance")
        substance, loading, after = (aspect_text(side.regimen, each, self.drawn.country) for each in aspects)
        return self.say("timeline.regimen", substance=substance, loading=loading, after=after)

    def _lane(self, way: Way, panel: TimeAxis, y: float) -> None:
        self.parts.append(line(panel.start, y, panel.end, y, 0.15, GREY))
        given_first = sorted(
            way.entries, key=lambda entry: entry.kind == schedule.OPEN_END
        )  # no dose covers a decision
        for entry in given_first:
            if entry.on is not None and entry.on < panel.until:
                self.parts.append(_mark(entry, entry.on, panel, y))
        for _, day in way.decided:
            if day < panel.until:
                self.parts.append(_decision(panel.at(day), y))


# -- marks: told by shape, so that they survive a black-and-white printer -----------------------------------------------

_HATCHED = (
    '<pattern id="hatched" width="1.2" height="1.2" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="1.2" height="1.2" fill="#fff"/><rect width="0.45" height="1.2" fill="#000"/></pattern>'
)
_INJECTIONS = ("intramuscular", "subcutaneous", "intravenous", "")


def _mark(entry: Scheduled, on: date, panel: TimeAxis, y: float) -> str:
    x = panel.at(on)
    if entry.kind == schedule.COURSE:
        end = min(entry.until + timedelta(days=1), panel.until) if entry.until else panel.until
        return _course(x, y, panel.at(end) - x)
    if entry.kind == schedule.OPEN_END:
        return _decision(x, y)
    if entry.kind != schedule.DOSE:
        return ""
    if panel.day_width < 0.5:  # too narrow for shapes: a stroke a dose
        return line(x, y - 1.7, x, y + 1.7, 0.3)
    return _injection(x, y, panel.day_width) if entry.phase.route in _INJECTIONS else _other(x, y)


def _injection(x: float, y: float, day_width: float = 9.0) -> str:
    return element("circle", cx=x, cy=y, r=min(1.1, max(day_width * 0.62, 0.45)), fill="#000")


def _other(x: float, y: float) -> str:
    return element("rect", x=x - 0.9, y=y - 0.9, width=1.8, height=1.8, fill="#fff", stroke="#000", stroke_width=0.35)


def _course(x: float, y: float, wide: float) -> str:
    return element(
        "rect", x=x, y=y - 1.2, width=max(wide, 0.3), height=2.4, fill="url(#hatched)", stroke="#000", stroke_width=0.25
    )


def _decision(x: float, y: float) -> str:
    points = f"{x:.2f},{y - 2.6:.2f} {x + 1.3:.2f},{y - 1.3:.2f} {x:.2f},{y:.2f} {x - 1.3:.2f},{y - 1.3:.2f}"
    return element("polygon", points=points, fill="#fff", stroke="#000", stroke_width=0.35)


_LEGEND: dict[str, Callable[[float, float], str]] = {
    "injection": _injection,
    "other": _other,
    "course": lambda x, y: _course(x - 1.5, y, 4.0),
    "decision": lambda x, y: _decision(x, y + 1.3),
}
