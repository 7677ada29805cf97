"""A simulation as one printed page: stores above, serum below, on one time axis; told by shape and shade, not by colour.

What lies ahead of the day of assessment is dashed. Under the plots stands what the picture can't say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cobalamin.app.documents.simulate import NOTES, first_sentences, low_after, other_remarks
from cobalamin.app.pictures.axes import Axis, TimeAxis, with_room
from cobalamin.app.pictures.simulation_marks import (
    MOST_COMPARED,
    SECOND,
    bead,
    dose_mark,
    result_mark,
    scaled,
    value_axis,
)
from cobalamin.app.pictures.svg import element, fitting, line, lines_of, text_at, width_of, written
from cobalamin.app.services import shipped
from cobalamin.app.services.simulation.answer import AS_PLANNED, Simulation
from cobalamin.app.views.simulate import MOST_STORE, beyond, body_words, low_words, start_words, what_key
from cobalamin.kinetics.simulation import LOW_SERUM, SERUM, STORE, Simulated
from cobalamin.text.days import date_words

Floats = NDArray[np.float64]
WIDE, HIGH, MARGIN = 297.0, 210.0, 10.0
LEFT, RIGHT = 26.0, 287.0
STORE_TOP, STORE_FOOT, SERUM_TOP, SERUM_FOOT = 35.0, 82.0, 95.5, 150.0
PALE, SHADE, GREY, LIGHT, FIRST = "#dbe7f3", "#aac7e4", "#555", "#ccc", "#1f4e79"
DASHES = "1.6 1.1"
FALLEN = (5.0, 50.0, 95.0)  # of 100 people
BEADS = 16.0  # millimetres between the beads on the line of the second reading, which tell it from the first in print
OTHERS = ("0.5 0.9", "3 0.8 0.5 0.8", "2.2 0.6")  # of what is compared


def picture_of(answer: Simulation) -> str:
    """The SVG document."""
    return _Page(answer).svg()


@dataclass(frozen=True)
class Plot:
    """One of the two plots: where it lies and up to which value it goes."""

    marker: str
    top: float
    foot: float
    axis: Axis

    def y(self, value: float) -> float:
        return self.axis.at(scaled(value, self.marker))


class _Page:
    def __init__(self, answer: Simulation) -> None:
        self.answer, self.say = answer, shipped.library().own_words.text
        self.days = TimeAxis(answer.begin, float(answer.asked.times[-1]), LEFT, RIGHT)
        self.main = answer.simulated[0]
        self.others = answer.compared[:MOST_COMPARED]
        self.plots = tuple(
            Plot(marker, top, foot, value_axis(answer, marker, foot, top, most=1.6))
            for marker, top, foot in ((STORE, STORE_TOP, STORE_FOOT), (SERUM, SERUM_TOP, SERUM_FOOT))
        )
        self.parts: list[str] = []

    def svg(self) -> str:
        self._head()
        for plot in self.plots:
            self._axes(plot)
            self._curves(plot)
        self._verticals()
        self._doses()
        self._results()
        self._foot()
        return self._document()

    def _document(self) -> str:
        name = self.say("simulate.picture_title", what=told_plainly(self.answer))
        clips = (
            element(
                "clipPath",
                element("rect", x=LEFT, y=each.top, width=RIGHT - LEFT, height=each.foot - each.top),
                id=each.marker,
            )
            for each in self.plots
        )
        body = (
            element("title", written(name), id="title"),
            element("desc", written(self._description()), id="desc"),
            element("defs", *clips),
            element("rect", width=WIDE, height=HIGH, fill="#fff"),
            *self.parts,
        )
        attributes = {
            "xmlns": "http://www.w3.org/2000/svg", "width": "297mm", "height": "210mm", "viewBox": "0 0 297 210", "role": "img",
            "aria_labelledby": "title desc", "font_family": "DejaVu Sans, Verdana, Arial, sans-serif",
        }  # fmt: skip
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            + element("svg", "\n", "\n".join(body), "\n", **attributes)
            + "\n"
        )

    def _description(self) -> str:
        answer, bands = self.answer, self.main.bands
        return self.say(
            "simulate.description", people=answer.options.people, begin=date_words(answer.begin, shipped.library().own_words), until=date_words(answer.until, shipped.library().own_words),
            store=f"{bands[STORE][2, -1] / 1000:.1f}", serum=f"{bands[SERUM][2, -1]:.0f}", low=f"{bands[SERUM][0, -1]:.0f}",
            high=f"{bands[SERUM][4, -1]:.0f}", note=self.say("notes.not_signed_off"),
        )  # fmt: skip

    # -- head and foot -----------------------------------------------------------------------------------------------

    def _head(self) -> None:
        answer, room = self.answer, WIDE - 2 * MARGIN
        title = self.say("simulate.picture_title", what=told_plainly(answer))
        first = " ".join(first_sentences(answer))
        self.parts.append(text_at(MARGIN, MARGIN + (1.2 if first else 3.5), title, 4.4, room, bold=True))
        if first:
            self.parts.append(text_at(MARGIN, MARGIN + 5.4, first, 2.9, room, bold=True))
        begin, until = (
            date_words(answer.begin, shipped.library().own_words),
            date_words(answer.until, shipped.library().own_words),
        )
        told = self.say(
            "simulate.people", people=f"{answer.options.people:,}", seed=answer.options.seed, begin=begin, until=until
        )
        self.parts.append(text_at(MARGIN, MARGIN + (8.9 if first else 8.3), told, 2.7, room, tone=GREY))
        self._legend(self._legend_entries(MARGIN + 11.7), MARGIN + 12.6)
        self._legend(self._compared_entries(MARGIN + 16.1), MARGIN + 17.0)

    def _legend(self, entries: Iterable[tuple[list[str], str]], y: float) -> None:
        x = MARGIN
        for draw, words in entries:
            self.parts.append(element("g", *draw, transform=f"translate({x:.2f} 0)"))
            self.parts.append(text_at(x + 8.0, y, words, 2.4, WIDE - MARGIN - x - 8.0))
            x += 12.5 + width_of(words, 2.4)

    def _legend_entries(self, y: float) -> Iterable[tuple[list[str], str]]:
        say, two = self.say, len(self.answer.simulated) > 1
        wide = say("simulate.legend__band90_first" if two else "simulate.legend__band90")
        yield [element("rect", x=0.0, y=y - 1.5, width=7.0, height=3.0, fill=PALE)], wide
        yield [element("rect", x=0.0, y=y - 1.5, width=7.0, height=3.0, fill=SHADE)], say("simulate.legend__band50")
        solid = [line(0.0, y, 3.5, y, 0.6, FIRST), line(3.5, y, 7.0, y, 0.6, FIRST, DASHES)]
        yield solid, say("simulate.legend__middle")
        if two:
            second = [line(0.0, y, 3.5, y, 0.35, SECOND), line(3.5, y, 7.0, y, 0.35, SECOND, DASHES), bead(3.5, y)]
            yield second, say("simulate.legend__second")
        if any(each.recorded for each in self.answer.given):
            yield [self._mark(y, True)], say("simulate.legend__dose")
        if any(not each.recorded or each.last > self.answer.on for each in self.answer.given):
            key = (
                "simulate.legend__planned"
                if self.answer.case and not self.answer.scenario
                else "simulate.legend__simulated"
            )
            yield [self._mark(y, False)], say(key)
        if self.answer.marks:
            yield [result_mark(3.5, y)], say("simulate.legend__result")

    def _mark(self, y: float, given: bool) -> str:
        """How a dose is drawn here: a triangle, or where all are courses a bar."""
        if any(each.until is None for each in self.answer.given):
            return dose_mark(3.5, y + 1.3, given)
        bar = {"fill": "#000" if given else "#fff", "stroke": "#000", "stroke_width": 0.25}
        return element("rect", x=0.0, y=y - 0.8, width=7.0, height=1.6, **bar)

    def _compared_entries(self, y: float) -> Iterable[tuple[list[str], str]]:
        for other, dashes in zip(self.others, OTHERS, strict=False):
            key = "simulate.legend__compared_first" if len(other.simulated) > 1 else "simulate.legend__compared"
            words = fitting(self.say(key, scenario=_plainly(other.scenario)), 2.4, 80.0)
            yield [line(0.0, y, 7.0, y, 0.7, "#000", dashes)], words
        if len(self.answer.compared) > len(self.others):
            yield [], self.say("simulate.not_drawn", count=len(self.answer.compared) - len(self.others))

    def _foot(self) -> None:
        y, room = SERUM_FOOT + 11.6, WIDE - 2 * MARGIN
        for words, bold in self._foot_lines(room):
            self.parts.append(text_at(MARGIN, y, words, 2.6, room, bold=bold))
            y += 3.45
        closing = self.say("notes.not_signed_off")
        self.parts.append(text_at(MARGIN, HIGH - 4.5, closing, 2.6, WIDE - 2 * MARGIN, bold=True))

    def _foot_lines(self, room: float) -> Iterable[tuple[str, bool]]:
        """The lines under the plots, and which are bold."""
        answer, say = self.answer, self.say
        if answer.stop:
            told = low_words(answer, self.main, say)
            two = len(answer.simulated) > 1
            for words in lines_of(say("simulate.picture_low_first", told=told) if two else told, 2.6, room, 2):
                yield words, False
        yield fitting(say("simulate.body", facts="; ".join(body_words(answer.asked.body, say))), 2.6, room), False
        for name in NOTES:
            for words in lines_of(say(f"simulate.{name}"), 2.6, room, 2):
                yield words, name == NOTES[0]
        if beyond(answer):
            yield say("simulate.beyond", most=f"{MOST_STORE / 1000:.0f}"), True
        if len(answer.simulated) > 1:
            for words in lines_of(self._readings_words(), 2.6, room, 2):
                yield words, False
        if others := other_remarks(answer):
            yield say("simulate.picture_remarks", count=len(others)), False

    def _readings_words(self) -> str:
        both = ". ".join(self.say(f"simulate.reading_{each.reading}") for each in self.answer.simulated)
        return f"{both}. {self.say('simulate.readings_why')}"

    # -- plots -------------------------------------------------------------------------------------------------------

    def _axes(self, plot: Plot) -> None:
        key = {STORE: "simulate.picture_store", SERUM: "simulate.picture_serum"}[plot.marker]
        self.parts.append(text_at(LEFT, plot.top - 2.6, self.say(key), 3.0, 120, bold=True))
        note = self.say("simulate.picture_store_note", examples=len(self.main.examples[STORE][0]))
        told = note if plot.marker == STORE else self.say("simulate.picture_cut") if self._is_cut(plot) else ""
        if told:
            self.parts.append(text_at(RIGHT, plot.top - 2.6, told, 2.4, 150, anchor="end", tone=GREY))
        for value in plot.axis.ticks():
            y = plot.axis.at(value)
            self.parts.append(line(LEFT, y, RIGHT, y, 0.12, LIGHT))
            mark = shipped.library().own_words.number(f"{value:,g}")
            self.parts.append(text_at(LEFT - 1.5, y + 0.9, mark, 2.6, 14, anchor="end", tone=GREY))
        dates = self.days.dates()
        shown = with_room(dates, self.days.at, 2.5, 0.0, RIGHT + 6, middle=True)
        for tick in dates:
            x = self.days.at(tick[0])
            self.parts.append(line(x, plot.foot, x, plot.foot + 1.0, 0.2))
            if plot.marker == SERUM and tick in shown:
                self.parts.append(text_at(x, plot.foot + 7.2, tick[1], 2.5, 30, anchor="middle", tone=GREY))
        self.parts.append(line(LEFT, plot.foot, RIGHT, plot.foot, 0.3))
        self.parts.append(line(LEFT, plot.top, LEFT, plot.foot, 0.3))

    def _is_cut(self, plot: Plot) -> bool:
        return plot.axis.cuts(scaled(float(self.main.bands[plot.marker][4].max()), plot.marker))

    def _curves(self, plot: Plot) -> None:
        bands = self.main.bands[plot.marker]
        inside = [self._band(plot, bands[0], bands[4], PALE), self._band(plot, bands[1], bands[3], SHADE)]
        inside += [self._line(plot, row, 0.18, "#6b7f94") for row in self.main.examples[plot.marker].T]
        if plot.marker == SERUM:
            low = plot.y(LOW_SERUM)
            inside.append(line(LEFT, low, RIGHT, low, 0.3, "#000", "0.4 1"))
        for other, dashes in zip(self.others, OTHERS, strict=False):
            inside.append(self._line(plot, other.simulated[0].bands[plot.marker][2], 0.7, "#000", dashes))
        for second in self.answer.simulated[1:]:
            inside += self._middle(plot, second, 0.35, SECOND)
            inside += self._beads(plot, second)
        inside += self._middle(plot, self.main, 0.6, FIRST)
        if plot.marker == SERUM:
            inside += self._low_words(plot.y(LOW_SERUM))
            inside += self._fallen(plot.y(LOW_SERUM))
        self.parts.append(element("g", *inside, clip_path=f"url(#{plot.marker})"))

    def _low_words(self, y: float) -> list[str]:
        """What the line of low levels is, on a pale ground over the curves."""
        words = self.say("simulate.picture_low", level=f"{LOW_SERUM:.0f}")
        wide = width_of(words, 2.3)
        ground = element(
            "rect", x=RIGHT - 1.5 - wide, y=y - 3.0, width=wide + 1.0, height=2.8, fill="#fff", opacity=0.8
        )
        return [ground, text_at(RIGHT - 1, y - 0.9, words, 2.3, 60, anchor="end")]

    def _fallen(self, y: float) -> list[str]:
        """Ticks on the line of low levels where 5, 50 and 95 of 100 people have fallen below it since the stop."""
        if self.answer.stop is None:
            return []
        parts, stop, free = list[str](), self.answer.day(self.answer.stop), -1.0
        for share in FALLEN:
            after = low_after(self.main, share)
            if not 0 < after < np.inf:
                continue
            x, words = self.days.after(stop + after), self.say("simulate.picture_fallen", share=f"{share:.0f}")
            parts.append(line(x, y - 1.6, x, y + 1.6, 0.5))
            wide = width_of(words, 2.3)
            if x - wide / 2 > free:
                parts.append(
                    element(
                        "rect", x=x - wide / 2 - 0.3, y=y + 1.9, width=wide + 0.6, height=2.7, fill="#fff", opacity=0.8
                    )
                )
                parts.append(text_at(x, y + 4.0, words, 2.3, 40, anchor="middle"))
                free = x + wide / 2 + 1
        return parts

    def _beads(self, plot: Plot, each: Simulated) -> list[str]:
        row, days = (
            each.bands[plot.marker][2],
            np.arange(BEADS / 2, RIGHT - LEFT, BEADS) / (RIGHT - LEFT) * self.days.days,
        )
        return [
            bead(self.days.after(day), plot.y(value))
            for day, value in zip(days, np.interp(days, each.times, row), strict=True)
        ]

    def _middle(self, plot: Plot, each: Simulated, width: float, tone: str) -> list[str]:
        """The middle person: solid up to today, dashed after."""
        row, today = each.bands[plot.marker][2], self.answer.day(self.answer.on)
        past = each.times <= today
        whole = [self._line(plot, row, width, tone, times=each.times, keep=past)] if past.sum() > 1 else []
        later = each.times >= (each.times[past][-1] if past.any() else 0.0)
        return whole + ([self._line(plot, row, width, tone, DASHES, each.times, later)] if later.sum() > 1 else [])

    def _line(
        self, plot: Plot, row: Floats, width: float, tone: str, dashes: str = "", times: Floats | None = None,
        keep: NDArray[np.bool_] | None = None,
    ) -> str:  # fmt: skip
        chosen = np.ones(len(row), bool) if keep is None else keep
        days = (self.main.times if times is None else times)[chosen]
        points = " ".join(
            f"{self.days.after(day):.2f},{plot.y(value):.2f}" for day, value in zip(days, row[chosen], strict=True)
        )
        more = {"stroke_dasharray": dashes} if dashes else {}
        return element("polyline", points=points, fill="none", stroke=tone, stroke_width=width, **more)

    def _band(self, plot: Plot, low: Floats, high: Floats, tone: str) -> str:
        there = [
            f"{self.days.after(day):.2f},{plot.y(value):.2f}" for day, value in zip(self.main.times, high, strict=True)
        ]
        back = [
            f"{self.days.after(day):.2f},{plot.y(value):.2f}" for day, value in zip(self.main.times, low, strict=True)
        ]
        return element("polygon", points=" ".join([*there, *reversed(back)]), fill=tone)

    # -- marks -------------------------------------------------------------------------------------------------------

    def _verticals(self) -> None:
        answer = self.answer
        for on, key, dashes in (
            (answer.on, "simulate.picture_today", ""),
            (answer.stop, "simulate.picture_stop", "1 1"),
        ):
            if on is None or not 0 < answer.day(on) < self.days.days:
                continue
            x = self.days.at(on)
            self.parts.append(line(x, STORE_TOP, x, STORE_FOOT, 0.35, "#000", dashes))
            self.parts.append(line(x, SERUM_TOP, x, SERUM_FOOT, 0.35, "#000", dashes))
            left = x > (LEFT + RIGHT) / 2
            place, anchor = (x - 1.0, "end") if left else (x + 1.0, "start")
            y = STORE_TOP + (2.6 if on == answer.on else 6.0)  # the two days may be close to each other
            self.parts.append(text_at(place, y, self.say(key), 2.5, 50, anchor=anchor, bold=True))

    def _doses(self) -> None:
        """A mark for each dose on the line between the plots, a bar for a course."""
        y, free = STORE_FOOT + 4.6, -1.0
        for each in self.answer.given:
            x = self.days.at(each.on)
            if each.until is not None:
                self._course(x, self.days.after(min(self.answer.day(each.until) + 1, self.days.days)), y, each.recorded)
            elif x >= free:
                self.parts.append(dose_mark(x, y, each.recorded))
                free = x + 0.35

    def _course(self, begin: float, end: float, y: float, recorded: bool) -> None:
        """A bar, where the record tells the course filled up to today."""
        today = min(max(self.days.at(self.answer.on), begin), end) if recorded else begin
        for left, right, fill in ((begin, today, "#000"), (today, end, "#fff")):
            if right > left:
                bar = {"fill": fill, "stroke": "#000", "stroke_width": 0.25}
                self.parts.append(element("rect", x=left, y=y - 2.0, width=right - left, height=1.6, **bar))

    def _results(self) -> None:
        plot = self.plots[1]
        for mark in self.answer.marks:
            if mark.marker != SERUM:
                continue
            x, y = self.days.at(mark.on), plot.axis.held(scaled(mark.value, SERUM))
            words = f"{mark.comparator}{mark.value:.0f}"
            self.parts.append(result_mark(x, y))
            place, anchor = (
                (x - 2, "end") if x > RIGHT - 20 or self._crosses(x, width_of(words, 2.6)) else (x + 2, "start")
            )
            self.parts.append(text_at(place, max(y + 1.0, plot.top + 2.6), words, 2.6, 24, anchor=anchor, bold=True))

    def _crosses(self, x: float, wide: float) -> bool:
        """Whether words to the right of x would be crossed by the line of today or of the stop."""
        days = (on for on in (self.answer.on, self.answer.stop) if on is not None)
        return x - wide > LEFT and any(x < self.days.at(day) < x + 3 + wide for day in days)


def told_plainly(answer: Simulation) -> str:
    """What is simulated, without the marks that keep a terminal from respelling it."""
    patient = answer.case.patient.id if answer.case else ""
    say, start = shipped.library().own_words.text, start_words(answer)
    return say(what_key(answer), patient=patient, scenario=answer.scenario, start=start)


def _plainly(scenario: str) -> str:
    return shipped.library().own_words.text("simulate.as_planned") if scenario == AS_PLANNED else scenario
