"""Sentences for people: professional and plain, in the units of the reader's country and the words of a language.

No sentence decides anything. Every text stands in the words files of the library; without `words` it is English.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cobalamin.amounts import Mass, mass_text
from cobalamin.knowledge.words import Words
from cobalamin.spans import Span
from cobalamin.text import days
from cobalamin.text.days import date_words, days_words, every_words, span_words
from cobalamin.text.safe import upper_first
from cobalamin.therapy.regimen.choices import SettledPhase, ValueLevel
from cobalamin.therapy.regimen.schedule import Scheduled


def month_short(day: date, words: Words) -> str:
    return days.month_short(day, words)


def phase_words(name: str, words: Words) -> str:
    stem, _, number = name.partition("-")
    phase = words.find("phases", stem, stem)
    return words.text("phases.numbered", phase=phase, number=number) if number else phase


def route_words(route: str, words: Words, plain: bool = False) -> str:
    return words.text(f"{'routes_plain' if plain else 'routes'}.{route or 'not_stated'}")


def substance_name(substance: str, words: Words) -> str:
    """ "hydroxocobalamin", also in the middle of a sentence"""
    return words.text(f"substances.{substance or 'not_stated'}")


def substance_words(substance: str, words: Words) -> str:
    name = substance_name(substance, words)
    return name[:1].upper() + name[1:]


def dose_words(dose: Mass | None, country: str, words: Words) -> str:
    return mass_text(dose, country, words.units) if dose else words.text("doses.not_stated")


def spacing_words(kind: str, spacing: Span | int | None, words: Words) -> str:
    """ "every 3 months", "3 times a week", "at least 3 days apart" """
    if isinstance(spacing, int):
        return words.text("spacing.once_a_week" if spacing == 1 else "spacing.times_a_week", number=spacing)
    if spacing is None:
        return words.text("spacing.not_stated")
    if kind == "at_least":
        return words.text("spacing.at_least", span=span_words(spacing, words))
    return words.text("spacing.alternate_days") if spacing == Span(2, "d") else every_words(spacing, words)


def end_words(
    by: str, end: int | Span | Mass | None, wording: str, country: str, words: Words, about: bool = False
) -> str:
    match by, end:
        case "doses", int(count):
            text = words.text("ends.dose" if count == 1 else "ends.doses", number=count)
        case "duration", Span() as span:
            text = words.text("ends.about" if about else "ends.duration", span=span_words(span, words))
        case "total", Mass() as total:
            text = words.text("ends.total", dose=mass_text(total, country, words.units))
        case "decision", _:
            return words.text("ends.decision_worded" if wording else "ends.decision", wording=wording)
        case "never", _:
            return wording or words.text("ends.never")
        case _:
            return words.text("ends.not_stated")
    return words.text("ends.worded", end=text, wording=wording) if wording else text


def regimen_words(phase: SettledPhase, country: str, words: Words, plain: bool = False) -> str:
    """ "Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular" """
    return words.text(
        "doses.regimen",
        substance=substance_words(phase.substance, words),
        dose=dose_words(phase.dose, country, words),
        route=route_words(phase.route, words, plain),
    )


def dose_text(item: Scheduled, country: str, words: Words, plain: bool = False) -> str:
    return regimen_words(item.phase, country, words, plain) + _of_how_many(item, words)


def _of_how_many(item: Scheduled, words: Words) -> str:
    phase = item.phase
    if item.on is None:
        return ""
    if item.derived_count:
        return words.text("doses.of", number=item.number, count=item.derived_count)
    if phase.end_by == "doses" and isinstance(phase.end, int):
        return words.text("doses.of", number=item.number, count=phase.end)
    return words.text("doses.number", number=item.number) if phase.end_by in ("total", "decision", "not_stated") else ""


def why_text(item: Scheduled, words: Words) -> str:
    """Which rule gives this day, with the arithmetic's own words."""
    if item.on is None:
        return words.text("why.after_decision", span=offset_words(item.offset, words))
    if item.anchor is None:
        return words.text("why.start")
    since = date_words(item.anchor, words)
    if item.changed is not None:
        every, span = every_words(item.changed, words), span_words(item.changed, words)
        return words.text("why.changed", every=every, span=span, date=since)
    spacing = item.phase.spacing
    gap = span_words(spacing, words) if isinstance(spacing, Span) else days_words((item.on - item.anchor).days, words)
    rule = spacing_words(item.phase.spacing_kind, spacing, words)
    return words.text("why.rule", rule=rule, span=gap, date=since, derived=_derived(item, words))


def _derived(item: Scheduled, words: Words) -> str:
    if not item.derived_count or item.number != 1:
        return ""
    end = end_words("duration", item.phase.end, "", "", words=words)
    return words.text("why.derived", count=item.derived_count, end=end)


def offset_words(offset: str, words: Words) -> str:
    number, unit = offset.split(" ")
    return span_words(Span(int(number), unit), words)


def course_text(item: Scheduled, country: str, words: Words, plain: bool = False) -> str:
    phase = item.phase
    divided = phase.phase.dose.divided
    return words.text(
        "doses.course",
        regimen=regimen_words(phase, country, words, plain),
        divided=words.text("doses.divided", number=divided) if divided > 1 else "",
        spacing=spacing_words(phase.spacing_kind, phase.spacing, words),
        until=words.text("doses.until", date=date_words(item.until, words)) if item.until else "",
    )


def open_end_text(phase: SettledPhase, decision_after: Span, words: Words) -> str:
    return words.text(
        "decisions.open_end",
        wording=phase.phase.end.wording or words.text("decisions.open_end_not_stated"),
        spacing=spacing_words(phase.spacing_kind, phase.spacing, words),
        span=span_words(decision_after, words),
    )


def open_end_plain(phase: SettledPhase, words: Words) -> str:
    wording = phase.phase.end.wording or words.text("decisions.open_end_plain_not_stated")
    return words.text("decisions.open_end_plain", wording=wording)


def gate_text(phase: SettledPhase, words: Words) -> str:
    wording = phase.phase.gate.wording if phase.phase.gate else ""
    name = phase_words(phase.phase.name, words)
    return words.text("decisions.gate", phase=name, wording=wording)


def unread_words(levels: Iterable[ValueLevel], words: Words) -> str:
    """ "Loading: substance, dose (secondary); loading: interval (recalled)" """
    groups: dict[tuple[str, str], list[str]] = {}
    for level in dict.fromkeys(levels):
        phase, _, value = level.path.partition(".")
        groups.setdefault((phase, level.level), []).append(words.text(f"published.value__{value}"))
    told = "; ".join(
        f"{phase_words(phase, words)}: {', '.join(dict.fromkeys(values))} ({words.text(f'paper.read__{level}')})"
        for (phase, level), values in groups.items()
    )
    return upper_first(told)


def over_text(lifelong: bool, words: Words) -> str:
    over = words.text("decisions.over")
    return words.text("decisions.over_lasting", over=over) if lifelong else over


def not_stated_text(phase: SettledPhase, words: Words) -> str:
    key = "decisions.no_dose" if phase.dose is None else "decisions.no_interval"
    name, route = phase_words(phase.phase.name, words), route_words(phase.route, words=words)
    return words.text(key, phase=name, route=route)
