"""Typed regimens such as `1 mg every 8 weeks x 6 then every 12 weeks`, read strictly and dated by the fold as any plan is.

A part says what differs from the part before it: substance, dose, route, how often, and how long (`x 6`, `for 2 weeks`). Other
ways to write the same are turned into these by `spelling`.
A substance that nobody typed is assumed by the route, and the part says so (hazard H134).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cobalamin.amounts import AmountRefused, Mass, read_mass
from cobalamin.errors import InputError, InvariantBroken
from cobalamin.kinetics.doses import MOST_DOSES
from cobalamin.kinetics.spelling import listed_days, plainly
from cobalamin.knowledge.model import DoseRule, End, Phase, Policy, Spacing
from cobalamin.knowledge.vocabulary import COURSE_ROUTES, INJECTIONS
from cobalamin.spans import Span
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.plan.plan import forward
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import compile_ladder
from cobalamin.therapy.regimen.schedule import Scheduled

EXAMPLE = "1 mg hydroxocobalamin im every 2 days x 6 then every 12 weeks"
_SUBSTANCES = {
    "hydroxocobalamin": "hydroxocobalamin", "cyanocobalamin": "cyanocobalamin", "mecobalamin": "mecobalamin",
    "methylcobalamin": "mecobalamin",
}  # fmt: skip
_ROUTES = {
    "intramuscular": "intramuscular", "im": "intramuscular", "subcutaneous": "subcutaneous", "sc": "subcutaneous",
    "intravenous": "intravenous", "iv": "intravenous", "oral": "oral", "by mouth": "oral", "nasal": "nasal",
    "sublingual": "sublingual",
}  # fmt: skip
_UNITS = {"day": "d", "week": "wk", "month": "mo", "year": "a"}
_AMOUNT = re.compile(r"[-+]?[0-9][0-9.,]* ?(?:mg|mcg|micrograms?|ug|\u00b5g|\u03bcg|g|iu|ml|ng|units?)\b")
_EVERY = re.compile(r"every (?:([0-9]{1,4}) )?(day|week|month|year)s?\b")
_ALTERNATE = re.compile(r"every (?:other|second) day\b|(?:on )?alternate days\b")
_PLAIN = re.compile(r"\b(daily|weekly|monthly|yearly)\b")
_WEEKLY = {
    "once": 1,
    "twice": 2,
    "two times": 2,
    "three times": 3,
    "four times": 4,
    "five times": 5,
    "six times": 6,
    "seven times": 7,
}
_A_WEEK = re.compile(rf"\b(?:([1-7]) times|({'|'.join(_WEEKLY)})) a week\b")
_COUNT = re.compile(r"\bx ?([0-9]{1,12})\b|\b(once)\b(?! a week)")
_LIFELONG = re.compile(r"\bfor life\b")
_LENGTH = re.compile(r"\bfor ([0-9]{1,4}) (day|week|month|year)s?\b")
_SPLIT = re.compile(
    r"\s*[,;]?\s+(?:and\s+)?then(?:\s*,)?\s+|\s*;\s*"
)  # parts are joined as people write: ", then", ";", "and then"
NOTHING = ("nothing", "none", "no treatment")
INJECTED, NOT_INJECTED = "hydroxocobalamin", "cyanocobalamin"  # assumed where no substance is typed


@dataclass(frozen=True)
class Part:
    """One part of a typed regimen. `spacing`: a Span or a number of doses a week; `end`: a number of doses, a Span, None.

    `assumed`: nobody typed its substance.
    """

    substance: str
    dose: Mass
    route: str
    spacing: Span | int
    end: int | Span | None
    assumed: bool = False


def read_scenario(text: str, substance: str = "", route: str = "intramuscular") -> tuple[Part, ...]:
    """The parts of a typed regimen; `substance` and `route` hold where it names none. Raises InputError naming what could not be read."""
    if text.strip().lower() in NOTHING:
        return ()
    parts: list[Part] = []
    said: dict[str, object] = {"substance": substance, "route": route, "typed_for": ""}
    pieces = _SPLIT.split(plainly(text))
    ends = len(pieces) > 1 and pieces[-1].strip() in NOTHING
    pieces = pieces[:-1] if ends else pieces
    pieces = [part for place, piece in enumerate(pieces) for part in listed_days(piece, place, text)]
    for place, piece in enumerate(pieces):
        told = _read(piece, text)
        said = {**said, "end": None, **told}
        said["typed_for"] = said["route"] if "substance" in told else said["typed_for"]
        for key, what in (("dose", "a dose such as 1 mg"), ("spacing", "how often, such as every 12 weeks")):
            if key not in said:
                raise _refused(text, f"'{piece}' lacks {what}")
        if said["end"] is None and (ends or place < len(pieces) - 1):
            raise _refused(text, f"'{piece}' lacks how long, such as x 6 or for 2 weeks, and another part follows it")
        parts.append(_part(said))
    return tuple(parts)


def _part(said: dict[str, object]) -> Part:
    """A part as it was said; hydroxocobalamin that was typed for an injection is none that was typed for a tablet after it."""
    typed_for, injected = said["typed_for"], said["route"] in INJECTIONS
    carried_over = said["substance"] == INJECTED and typed_for in INJECTIONS and not injected
    told = {key: value for key, value in said.items() if key != "typed_for"}
    if not said["substance"] or carried_over:
        told |= {"substance": INJECTED if injected else NOT_INJECTED, "assumed": True}
    return Part(**told)  # type: ignore[arg-type]  # the keys are those of a part, each read by its own pattern


def _refused(text: str, why: str) -> InputError:
    return InputError.one("--scenario", "", f"'{text}' can't be read: {why}; write it as '{EXAMPLE}'")


def _read(piece: str, text: str) -> dict[str, object]:
    """What one part says; every word must be understood."""
    if not piece.strip() and text.strip():
        raise _refused(text, "nothing stands before or after a semicolon or 'then'")
    if re.search(r"^\s*,|,\s*(,|$)", piece):
        raise _refused(text, f"nothing stands before or after a comma of '{piece}'")
    reader = _Reader(piece, text)
    reader.word("substance", _SUBSTANCES)
    reader.word("route", _ROUTES)
    reader.dose()
    reader.spacing()
    reader.end()
    left = re.sub(r"[\s,]+", " ", reader.left).strip()
    if left:
        known = ", ".join(reader.understood)
        raise _refused(text, f"'{left}' is not understood{f' (understood: {known})' if known else ''}")
    return reader.found


class _Reader:
    def __init__(self, piece: str, text: str) -> None:
        self.left, self.text = f" {piece} ", text
        self.found: dict[str, object] = {}
        self.understood: list[str] = []

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.search(self.left)
        if match:
            self.understood.append(match.group().strip())
            self.left = f"{self.left[: match.start()]} {self.left[match.end() :]}"
        return match

    def word(self, key: str, words: dict[str, str]) -> None:
        match = self._take(re.compile(rf"\b({'|'.join(words)})\b"))
        if match:
            self.found[key] = words[match.group(1)]

    def dose(self) -> None:
        match = self._take(_AMOUNT)
        if match:
            try:
                self.found["dose"] = read_mass(match.group())
            except AmountRefused as error:
                raise InputError.one("--scenario", "", str(error)) from None

    def spacing(self) -> None:
        if self._take(_ALTERNATE):
            self.found["spacing"] = Span(2, "d")
        elif match := self._take(_EVERY):
            self.found["spacing"] = self._span(match.group(1) or "1", match.group(2))
        elif match := self._take(_A_WEEK):
            self.found["spacing"] = int(match.group(1) or _WEEKLY[match.group(2)])
        elif match := self._take(_PLAIN):
            unit = {"daily": "d", "weekly": "wk", "monthly": "mo", "yearly": "a"}[match.group(1)]
            self.found["spacing"] = Span(1, unit)

    def end(self) -> None:
        if match := self._take(_COUNT):
            count = int(match.group(1) or 1)
            if not 1 <= count <= MOST_DOSES:
                raise _refused(self.text, f"{count:,} doses; 1 to {MOST_DOSES:,} are simulated")
            self.found["end"] = count
            if match.group(2):
                self.found.setdefault("spacing", Span(1, "d"))
        elif match := self._take(_LENGTH):
            self.found["end"] = self._span(match.group(1), match.group(2), 40)
        elif self._take(_LIFELONG):
            self.found["end"] = None

    def _span(self, number: str, unit: str, most: int = 10) -> Span:
        span = Span(int(number), _UNITS[unit])
        if not 0 < span.day_bounds[0] <= most * 366:
            raise _refused(self.text, f"a time of {number} {unit}s; it must be more than zero and at most {most} years")
        return span


def dated(parts: tuple[Part, ...], start: date, until: date, policy: Policy, facts: Facts) -> list[Scheduled]:
    """The doses and courses of a typed regimen, dated by the same function as a plan."""
    if not parts:
        return []
    phases = tuple(_phase(place, part) for place, part in enumerate(parts))
    try:
        return forward(compile_ladder(phases, start, policy, facts), start, until, policy)
    except InvariantBroken:
        message = f"this regimen has thousands of doses before {until}; at most {MOST_DOSES:,} are simulated one by one"
        raise InputError.one("--scenario", "", message) from None


def _phase(place: int, part: Part) -> SettledPhase:
    end, levels = _end(part), ("primary", "primary")
    by = "never" if end is None else "doses" if isinstance(end, int) else "duration"
    kind = "per_week" if isinstance(part.spacing, int) else "interval"
    raw = Phase(
        name=f"part-{place + 1}", option="", substances=(part.substance,), routes=(part.route,),
        dose=DoseRule(part.dose, part.dose, None, 1, (), levels),
        spacing=Spacing(kind, part.spacing, part.spacing, (), levels),
        end=End(by, end, end, "", (), levels), gate=None, only_if=None, about=False, options=(), cites=(), levels={},
    )  # fmt: skip
    return SettledPhase(raw, part.substance, part.route, part.dose, kind, part.spacing, by, end, ())


def _end(part: Part) -> int | Span | None:
    """By mouth a number of doses is the days they take, because such phases end by the calendar."""
    if not isinstance(part.end, int) or part.route not in COURSE_ROUTES:
        return part.end
    days = 7 / part.spacing if isinstance(part.spacing, int) else part.spacing.day_bounds[1]
    return Span(max(round(part.end * days), 1), "d") if days < 7 else part.end
