"""Sentences for people: professional and plain, in the units of the reader's country. No sentence decides anything."""

from __future__ import annotations

from datetime import date

from cobalamin.amounts import Mass, mass_text
from cobalamin.spans import Span
from cobalamin.therapy.choices import SettledPhase
from cobalamin.therapy.day_words import MONTHS, date_words
from cobalamin.therapy.schedule import Scheduled

_ROUTES = {
    "intramuscular": ("intramuscular", "injection into a muscle"),
    "subcutaneous": ("subcutaneous", "injection under the skin"),
    "intravenous": ("intravenous", "injection into a vein"),
    "oral": ("by mouth", "by mouth"),
    "nasal": ("nasal", "spray into the nose"),
    "sublingual": ("sublingual", "under the tongue"),
    "": ("route not stated by the source", "ask how it is given: the source does not say"),
}
_PHASES = {
    "load": "loading",
    "maintenance": "maintenance",
    "initial": "initial",
    "chronic": "long-term",
    "prophylaxis": "prevention",
}
NO_SUBSTANCE = "vitamin B12 (the source names no substance)"


def month_short(day: date) -> str:
    return MONTHS[day.month - 1][:3]


def phase_words(name: str) -> str:
    stem, _, number = name.partition("-")
    return f"{_PHASES.get(stem, stem)} {number}".strip()


def route_words(route: str, plain: bool = False) -> str:
    return _ROUTES[route][plain]


def substance_words(substance: str) -> str:
    return substance.capitalize() if substance else f"V{NO_SUBSTANCE[1:]}"


def dose_words(dose: Mass | None, country: str) -> str:
    return mass_text(dose, country) if dose else "dose not stated by the source"


def spacing_words(kind: str, spacing: Span | int | None) -> str:
    """ "every 3 months", "3 times a week", "at least 3 days apart" """
    if isinstance(spacing, int):
        return "once a week" if spacing == 1 else f"{spacing} times a week"
    if spacing is None:
        return "interval not stated by the source"
    if kind == "at_least":
        return f"at least {spacing.words} apart"
    return "on alternate days" if spacing == Span(2, "d") else spacing.every


def end_words(by: str, end: int | Span | Mass | None, wording: str, country: str, about: bool = False) -> str:
    match by, end:
        case "doses", int(count):
            text = f"{count} dose{'' if count == 1 else 's'}"
        case "duration", Span() as span:
            text = f"for {'about ' if about else ''}{span.words}"
        case "total", Mass() as total:
            text = f"until {mass_text(total, country)} in all"
        case "decision", _:
            return f"until {wording}" if wording else "until a decision"
        case "never", _:
            return wording or "with no end stated"
        case _:
            return "end not stated by the source"
    return f"{text} ({wording})" if wording else text


def regimen_words(phase: SettledPhase, country: str, plain: bool = False) -> str:
    """ "Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular" """
    return f"{substance_words(phase.substance)} {dose_words(phase.dose, country)}, {route_words(phase.route, plain)}"


def dose_text(item: Scheduled, country: str, plain: bool = False) -> str:
    return regimen_words(item.phase, country, plain) + _of_how_many(item)


def _of_how_many(item: Scheduled) -> str:
    phase = item.phase
    if item.on is None:
        return ""
    if item.derived_count:
        return f"; dose {item.number} of {item.derived_count}"
    if phase.end_by == "doses" and isinstance(phase.end, int):
        return f"; dose {item.number} of {phase.end}"
    return f"; dose {item.number}" if phase.end_by in ("total", "decision", "not_stated") else ""


def why_text(item: Scheduled) -> str:
    """Which rule gives this day, with the arithmetic's own words."""
    phase = item.phase
    rule = spacing_words(phase.spacing_kind, phase.spacing)
    if item.on is None:
        return f"{offset_words(item.offset)} after the last dose before the decision"
    if item.anchor is None:
        return "the start that was chosen"
    if item.changed is not None:
        return f"changed by a decision to {item.changed.every}: {item.changed.words} after the dose of {date_words(item.anchor)}"
    gap = (item.on - item.anchor).days
    counted = (
        f"{phase.spacing.words} after"
        if isinstance(phase.spacing, Span)
        else f"{gap} day{'' if gap == 1 else 's'} after"
    )
    derived = (
        f"; {item.derived_count} doses are derived from the published {end_words('duration', phase.end, '', '')}"
        if item.derived_count and item.number == 1
        else ""
    )
    return f"{rule}: {counted} the dose of {date_words(item.anchor)}{derived}"


def offset_words(offset: str) -> str:
    number, unit = offset.split(" ")
    return Span(int(number), unit).words


def course_text(item: Scheduled, country: str, plain: bool = False) -> str:
    phase = item.phase
    until = f" until {date_words(item.until)}" if item.until else ""
    divided = phase.phase.dose.divided
    parts = f", in {divided} divided doses" if divided > 1 else ""
    return f"{regimen_words(phase, country, plain)}{parts}, {spacing_words(phase.spacing_kind, phase.spacing)}{until}"


def open_end_text(phase: SettledPhase, decision_after: Span) -> str:
    wording = phase.phase.end.wording or "the source does not say when this phase ends"
    going = f"until then the same dose goes on {spacing_words(phase.spacing_kind, phase.spacing)}"
    return f"Decide whether this phase is over ({wording}); {going}. The source sets no day: {decision_after.words} is this program's reminder"


def open_end_plain(phase: SettledPhase) -> str:
    return f"Talk with your doctor or nurse about whether this part is over ({phase.phase.end.wording or 'your source does not say when'}). Until then nothing changes"


def gate_text(phase: SettledPhase) -> str:
    wording = phase.phase.gate.wording if phase.phase.gate else ""
    return f"Go on to {phase_words(phase.phase.name)} only when this is seen: {wording}. Until it is recorded, the same dose goes on"


def over_text(lifelong: bool) -> str:
    base = "The published course ends here and the source does not say what follows; decide what comes next"
    return base + ". The cause is lasting: treatment must not simply stop" if lifelong else base


def not_stated_text(phase: SettledPhase) -> str:
    return (
        f"The source continues with {phase_words(phase.phase.name)} treatment ({route_words(phase.route)}) "
        f"but states no {'dose and ' if phase.dose is None else ''}interval; choose a protocol for it"
    )
