"""A treatment drawn on one axis of time: doses with their windows, what lay over them, tests, results in their ranges, symptoms.

The picture is as wide as its page and keeps the size of its words (`labels`). What is past is solid and what is planned pale; nothing is
told by colour alone. Every mark leads to its reasons, and the page has a table of the same content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise, zip_longest

from cobalamin.app.pictures.axes import Axis, TimeAxis, around
from cobalamin.app.pictures.labels import END, LEVELS, MIDDLE, START, Label, Places
from cobalamin.app.pictures.svg import element, fitting, width_of, written
from cobalamin.app.pictures.year_marks import DEFINED, GLYPHS
from cobalamin.app.services.scales import Scale, ScalePoint
from cobalamin.app.services.year import NEXT, OVERDUE, Mark, Scores, Stretch, Year
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words, day_short, range_words
from cobalamin.text.messages import Text, in_words
from cobalamin.text.safe import upper_first
from cobalamin.therapy.case.case import ReferenceRange

SIDE = 2.0  # left free at both ends of the axis, in hundredths of the width
SIZE, SMALL = 13.0, 12.0
RADIUS = 6.0
RUN_OF, RUN_GAP = 8, timedelta(days=8)  # so many doses so near to each other are one bar
_EACH_YEAR = 10  # so many years are all named; of more each fifth
MOST_LANES = 4  # of results, and of symptoms; the page of the record has all of them
_NAMED = frozenset({NEXT, OVERDUE, "tried"})  # doses with their day over them
_QUARTERS, _MONTHS, _HALVES = 8, 30, 4


@dataclass(frozen=True)
class Look:
    """Whose words, how large, and where a mark leads."""

    words: Words
    leads_to: Callable[[str], str]
    name_of: Callable[[str], str]  # of a marker
    spelled: Callable[[str], str] = str
    letters: float = 1.0


@dataclass(frozen=True)
class Drawn:
    """A picture with the labels that found room in it and its height."""

    svg: str
    labels: tuple[Label, ...]
    height: float


def draw(year: Year, look: Look, title: str) -> Drawn:
    """The picture of a year, or of any other time."""
    return _Picture(year, look).drawn(title)


def runs_in(marks: Iterable[Mark]) -> Iterator[tuple[Mark, ...]]:
    """The marks one by one; many alike that follow each other closely together."""
    run: list[Mark] = []
    for mark in marks:
        if run and (mark.state != run[-1].state or mark.on - run[-1].on > RUN_GAP):
            yield from _run(run)
            run = []
        run.append(mark)
    yield from _run(run)


def _run(marks: list[Mark]) -> Iterator[tuple[Mark, ...]]:
    if len(marks) >= RUN_OF:
        yield tuple(marks)
        return
    for mark in marks:
        yield (mark,)


def usual_words(usual: ReferenceRange | None, words: Words) -> str:
    """ "usual 120 to 160 g/L" """
    if usual is None:
        return ""
    if usual.low is None:
        return words.text("year.usual_under", high=usual.high, unit=usual.unit)
    if usual.high is None:
        return words.text("year.usual_over", low=usual.low, unit=usual.unit)
    return words.text("year.usual", low=usual.low, high=usual.high, unit=usual.unit)


@dataclass
class _Picture:
    year: Year
    look: Look
    y: float = 0.0
    parts: list[str] = field(default_factory=list)
    places: Places = field(default_factory=Places)

    def __post_init__(self) -> None:
        self.days = TimeAxis.between(self.year.first, self.year.last, SIDE, 100 - SIDE)
        self.top = self.y = self._px(20)

    def drawn(self, title: str) -> Drawn:
        self._doses()
        if self.year.checks or self.year.events:
            self._checks()
        for scale in self.year.results[:MOST_LANES]:
            self._results(scale)
        for scores in self.year.symptoms[:MOST_LANES]:
            self._symptoms(scores)
        behind, foot = self._behind(), self.y
        self._dates()
        height, now = round(self.y + self._px(4)), self._today(foot)
        inside = [DEFINED, *behind, *self.parts, *now, *(text_of(label) for label in self.places.taken)]
        svg = element(
            "svg", *inside, class_="year", width="100%", height=height, role="group", aria_label=title, font_size=self._px(SIZE)
        )  # fmt: skip
        return Drawn(svg, tuple(self.places.taken), height)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _px(self, pixels: float) -> float:
        return pixels * self.look.letters

    def _at(self, on: date) -> float:
        return self.days.at(min(max(on, self.year.first), self.year.last))

    def _label(
        self, text: str, at: float, y: float, anchor: str = MIDDLE, dx: float = 0.0, size: float = SMALL, bold: bool = False,
        tone: str = "",
    ) -> Label:  # fmt: skip
        return Label(text, at, y, self._px(size), anchor, self._px(dx), bold, tone)

    def _beside(self, text: str, at: float, y: float, bold: bool = False, tone: str = "") -> tuple[Label, ...]:
        """Words over a place: centred, else beginning or ending there."""
        anchors = ((MIDDLE, 0.0), (START, -RADIUS), (END, RADIUS))
        return tuple(self._label(text, at, y, anchor, dx, bold=bold, tone=tone) for anchor, dx in anchors)

    def _said(self, text: Text) -> str:
        return self.look.spelled(in_words(text, self.look.words))

    def _link(self, about: str, tip: str, *inside: str) -> str:
        """A mark that leads to its reasons; one that has none is only named."""
        href, title = self.look.leads_to(about), element("title", written(tip))
        return element("a", title, *inside, href=href) if href else element("g", title, *inside)

    def _lane(self, name: str, beside: str = "") -> None:
        """Begin a lane: its name, and beside it what its band means where there is room."""
        self.y += self._px(14)
        line = self.y + self._px(10)
        short = fitting(name, self._px(SIZE), LEVELS[0], bold=True)
        self.places.put(self._label(short, 0.0, line, START, size=SIZE, bold=True))
        if beside:
            after = width_of(short, SIZE, bold=True) + SIZE
            self.places.put(self._label(beside, 0.0, line, START, after, tone="soft"))
        self.y += self._px(17)

    def _rect(self, first: date, last: date, top: float, high: float, class_: str, **more: object) -> str:
        x, end = self._at(first), self._at(last)
        return element(
            "rect", x=f"{x:.2f}%", y=top, width=f"{max(end - x, 0.3):.2f}%", height=high, class_=class_, **more
        )

    # -- lanes -------------------------------------------------------------------------------------------------------

    def _doses(self) -> None:
        self._lane(self.look.words.text("year.lane__doses"))
        line = self.y + self._px(27)
        over = self.y + self._px(12)
        self._stretches(line)
        self.parts += self._along(line)
        for marks in runs_in(self.year.doses):
            self.parts.append(self._several(marks, line) if len(marks) > 1 else self._dose(marks[0], line))
        self._over_doses(over)
        self.y = line + self._px(14)

    def _along(self, line: float) -> Iterator[str]:
        """The line that the doses lie on, solid until today."""
        now = min(max(self.year.today, self.year.first), self.year.last)
        ends = ((self.year.first, now, "along"), (now, self.year.last, "along ahead-line"))
        for first, last, class_ in ends:
            if first < last:
                x1, x2 = f"{self._at(first):.2f}%", f"{self._at(last):.2f}%"
                yield element("line", x1=x1, x2=x2, y1=line, y2=line, class_=class_)

    def _stretches(self, line: float) -> None:
        high = self._px(24)
        for each in self.year.stretches:
            self.parts.append(self._stretch(each, line - high / 2, high))

    def _stretch(self, each: Stretch, top: float, high: float) -> str:
        last = each.until or self.year.last
        if each.kind != "course":
            tip = f"{self._when(each.on, each.until)}: {self._said(each.label)}"
            return self._link(
                each.about, tip, self._rect(each.on, last, top, high, "cover", rx=self._px(4), fill="url(#shape-hatch)")
            )
        now = min(max(self.year.today, each.on), last)
        bars = [self._rect(each.on, now, top + high / 4, high / 2, "course", rx=self._px(5))] if each.on < now else []
        bars += (
            [self._rect(now, last, top + high / 4, high / 2, "course to-come", rx=self._px(5))] if now < last else []
        )
        return self._link(each.about, self._said(each.label), *bars)

    def _when(self, first: date, last: date | None) -> str:
        words = self.look.words
        return range_words(first, last, words) if last else date_words(first, words)

    def _dose(self, mark: Mark, line: float) -> str:
        high, parts = self._px(20), []
        if mark.window is not None:
            parts.append(self._rect(*mark.window, line - high / 2, high, "window", rx=high / 2))
        radius = self._px(RADIUS + 2 if mark.state in _NAMED else RADIUS)
        parts.append(GLYPHS[mark.state](f"{self._at(mark.on):.2f}%", line, radius, mark.state))
        return self._link(mark.about, self._tip(mark), *parts)

    def _tip(self, mark: Mark) -> str:
        return f"{self._said(mark.when)}: {self._said(mark.label)}"

    def _several(self, marks: tuple[Mark, ...], line: float) -> str:
        """Many doses close to each other as one bar with its number; the table and the months have each of them."""
        high, state = self._px(RADIUS * 2), marks[0].state
        words = self.look.words
        days = [day_short(marks[place].on, words, with_year=True) for place in (0, -1)]
        tip = words.text("year.run", number=len(marks), first=days[0], last=days[1])
        bar = self._rect(marks[0].on, marks[-1].on, line - high / 2, high, f"run is-{state}", rx=high / 2)
        return self._link(marks[0].about, f"{tip}: {self._said(marks[0].label)}", bar)

    def _over_doses(self, y: float) -> None:
        """Words over the doses: the next day first, how far a first course has got, then the number in a bar."""
        words = self.look.words
        for mark in self.year.doses:
            if mark.state in _NAMED:
                self.places.put(*self._beside(day_short(mark.on, words), self._at(mark.on), y, bold=True))
        for each in self.year.progress:
            text = words.text("year.progress", given=each.given, of=each.of)
            self.places.put(*self._beside(text, self._at(each.on), y))
        for stretch in self.year.stretches:
            if stretch.kind == "cover":
                self.places.put(*self._beside(self._said(stretch.label), self._at(stretch.on), y, tone="soft"))
        for marks in runs_in(self.year.doses):
            if len(marks) > 1:
                middle = marks[len(marks) // 2].on
                text = words.text("year.run_short", number=len(marks))
                before = self._label(text, self._at(marks[0].on), y, END, tone="soft")
                self.places.put(*self._beside(text, self._at(middle), y, tone="soft"), before)

    def _checks(self) -> None:
        self._lane(self.look.words.text("year.lane__checks"))
        line = self.y + self._px(10)
        for mark in (*self.year.checks, *self.year.events):
            glyph = GLYPHS[mark.state](f"{self._at(mark.on):.2f}%", line, self._px(5.5), mark.state)
            self.parts.append(self._link(mark.about, self._tip(mark), glyph))
        self.y = line + self._px(10)

    def _results(self, scale: Scale) -> None:
        words, usual = self.look.words, scale.usual
        self._lane(f"{self.look.name_of(scale.marker)}, {scale.unit}", usual_words(usual, words))
        ends = [float(end) for end in ((usual.low, usual.high) if usual else ()) if end is not None]
        low, high = around([*(point.value for point in scale.points), *ends])
        values = Axis(low, high, start=self.y + self._px(50), end=self.y + self._px(8))
        if usual is not None:
            low_end, high_end = (None if end is None else float(end) for end in (usual.low, usual.high))
            top, tall = values.band(low_end, high_end)
            self.parts.append(element("rect", x=0, y=top, width="100%", height=tall, class_="band"))
        self.parts += self._joined(scale.points, values)
        for point in scale.points:
            self.places.mark(self._at(point.on), values.at(point.value), self._px(5))
        self.parts += [self._point(point, values) for point in scale.points]
        for point, following in reversed(list(zip_longest(scale.points, scale.points[1:]))):
            self._number(point, following, values)
        self.y += self._px(56)

    def _joined(self, points: tuple[ScalePoint, ...], values: Axis) -> Iterator[str]:
        for one, other in pairwise(points):
            x1, x2 = (f"{self._at(each.on):.2f}%" for each in (one, other))
            yield element("line", x1=x1, y1=values.at(one.value), x2=x2, y2=values.at(other.value), class_="joined")

    def _point(self, point: ScalePoint, values: Axis) -> str:
        tip = f"{date_words(point.on, self.look.words)}: {point.told}"
        kind = point.bound or ("outside" if point.outside else "within")
        glyph = GLYPHS[kind](f"{self._at(point.on):.2f}%", values.at(point.value), self._px(5), kind)
        return self._link(point.about, tip, glyph)

    def _number(self, point: ScalePoint, following: ScalePoint | None, values: Axis) -> None:
        """The number of a result, away from the line that leads on to the next one."""
        at, y, aside = self._at(point.on), values.at(point.value), RADIUS + 3
        text, middle = f"{point.told.comparator}{point.told.value}", y + self._px(4)
        ahead, behind = self._label(text, at, middle, START, aside), self._label(text, at, middle, END, -aside)
        above, below = self._label(text, at, y - self._px(9)), self._label(text, at, y + self._px(17))
        if following is None:
            self.places.put(ahead, behind, above, below)
        elif following.value > point.value:
            self.places.put(below, behind, above, ahead)
        else:
            self.places.put(above, behind, below, ahead)

    def _symptoms(self, scores: Scores) -> None:
        words = self.look.words
        self._lane(upper_first(self._said(scores.name)), words.text("year.scores"))
        foot, tall = self.y + self._px(38), self._px(26)
        self.parts.append(element("line", x1=0, x2="100%", y1=foot, y2=foot, class_="floor"))
        for on, score, about in scores.marks:
            high = max(tall * score / 10, self._px(1.5))
            bar = element(
                "rect", x=f"{self._at(on):.2f}%", y=foot - high, width=self._px(7), height=high, rx=self._px(2), class_="score",
                transform=f"translate({-self._px(3.5):g} 0)",
            )  # fmt: skip
            self.parts.append(self._link(about, f"{date_words(on, words)}: {score}", bar))
        for on, score, _ in reversed(scores.marks):
            self.places.put(self._label(str(score), self._at(on), foot - tall * score / 10 - self._px(4)))
        self.y = foot + self._px(4)

    # -- time --------------------------------------------------------------------------------------------------------

    def _behind(self) -> list[str]:
        """The months, and the ground of what is still to come."""
        foot, parts = self.y, []
        if self.year.today < self.year.last:
            first = max(self.year.today, self.year.first)
            parts.append(self._rect(first, self.year.last, self.top, foot - self.top, "ahead"))
        for on, _ in self.days.dates(most=_MONTHS):
            x = f"{self._at(on):.2f}%"
            class_ = "month turn" if on.month == 1 else "month"
            parts.append(element("line", x1=x, x2=x, y1=self.top, y2=foot, class_=class_))
        return parts

    def _dates(self) -> None:
        """Names of months under the picture: each half year first, then what has room."""
        line = self.y + self._px(15)
        for most in (_HALVES, _QUARTERS):
            for on, text in self.days.dates(most=most):
                if not any(label.text == text and label.y == line for label in self.places.taken):
                    self.places.put(*self._beside(text, self._at(on), line, tone="soft"))
        self.y = line

    def _today(self, foot: float) -> list[str]:
        if not self.year.first <= self.year.today <= self.year.last:
            return []
        x, line = self._at(self.year.today), self._px(12)
        self.places.put(*self._beside(self.look.words.text("year.today"), x, line, bold=True))
        return [element("line", x1=f"{x:.2f}%", x2=f"{x:.2f}%", y1=line + self._px(4), y2=foot, class_="today")]


def text_of(label: Label) -> str:
    """A label of the picture; its class says from which width on it is shown."""
    names = " ".join(
        filter(None, (label.tone, "strong" if label.bold else "", f"at{label.level}" if label.level else ""))
    )
    attributes: dict[str, object] = {"x": f"{label.at:.2f}%", "y": round(label.y, 1)}
    attributes |= {"dx": round(label.dx, 1)} if label.dx else {}
    attributes |= {"text_anchor": label.anchor} if label.anchor != START else {}
    attributes |= {"font_size": round(label.size, 2), "class_": names}
    return element("text", written(label.text), **attributes)


# -- all years at a glance -------------------------------------------------------------------------------------------


def draw_years(counts: tuple[tuple[int, int], ...], look: Look, shown: int, title: str) -> Drawn:
    """A bar for each calendar year with the number of doses that were given; each leads to its year."""
    places, parts = Places(), []
    wide, tall, top = (100 - 2 * SIDE) / max(len(counts), 12), 40 * look.letters, 18 * look.letters
    most = max((number for _, number in counts), default=1) or 1
    foot = top + tall
    for place, (year, number) in enumerate(counts):
        x, high = SIDE + wide * place, max(tall * number / most, 1.5)
        key = "year.year_of_one" if number == 1 else "year.year_of"
        tip = element("title", written(look.words.text(key, year=year, number=number)))
        room = element("rect", x=f"{x:.2f}%", y=0, width=f"{wide:.2f}%", height=foot, class_="room")
        class_ = "bar chosen" if year == shown else "bar"
        bar = element(
            "rect",
            x=f"{x + wide * 0.15:.2f}%",
            y=foot - high,
            width=f"{wide * 0.7:.2f}%",
            height=high,
            rx=2,
            class_=class_,
        )
        parts.append(element("a", tip, room, bar, href=look.leads_to(str(year))))
        places.put(Label(str(number), x + wide / 2, foot - high - 4, SMALL * look.letters, MIDDLE, bold=year == shown))
    told = [year for year, _ in reversed(counts) if len(counts) <= _EACH_YEAR or year % 5 == 0 or year == counts[-1][0]]
    for year in told:
        at = SIDE + wide * (year - counts[0][0] + 0.5)
        places.put(Label(str(year), at, foot + 15 * look.letters, SMALL * look.letters, MIDDLE, tone="soft"))
    height = round(foot + 20 * look.letters)
    svg = element(
        "svg", *parts, *(text_of(label) for label in places.taken), class_="year years", width="100%", height=height, role="group",
        aria_label=title, font_size=SIZE * look.letters,
    )  # fmt: skip
    return Drawn(svg, tuple(places.taken), height)
