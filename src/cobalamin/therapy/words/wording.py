"""What is said of doses, days and phases: professional and plain, in the units of the reader's country.

No sentence decides anything. Every text stands in the words files of the library.
"""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.amounts import Mass
from cobalamin.spans import Span
from cobalamin.text.messages import Text, capital, day, days, every, joined, length, listed, mass, message, word
from cobalamin.therapy.regimen.choices import SettledPhase, ValueLevel
from cobalamin.therapy.regimen.schedule import Scheduled


def phase_name(name: str) -> Text:
    """ "loading", "loading 2" for `loading-2`"""
    stem, _, number = name.partition("-")
    phase = word("phases", stem, stem)
    return message("phases.numbered", phase=phase, number=number) if number else phase


def route_name(route: str, plain: bool = False) -> Text:
    return message(f"{'routes_plain' if plain else 'routes'}.{route or 'not_stated'}")


def substance_name(substance: str) -> Text:
    """ "hydroxocobalamin", also in the middle of a sentence"""
    return message(f"substances.{substance or 'not_stated'}")


def dose_of(dose: Mass | None, country: str) -> Text:
    return mass(dose, country) if dose else message("doses.not_stated")


def spacing_of(kind: str, spacing: Span | int | None) -> Text:
    """ "every 3 months", "3 times a week", "at least 3 days apart" """
    if isinstance(spacing, int):
        return message("spacing.once_a_week" if spacing == 1 else "spacing.times_a_week", number=spacing)
    if spacing is None:
        return message("spacing.not_stated")
    if kind == "at_least":
        return message("spacing.at_least", span=length(spacing))
    return message("spacing.alternate_days") if spacing == Span(2, "d") else every(spacing)


def end_of(by: str, end: int | Span | Mass | None, wording: str, country: str, about: bool = False) -> Text:
    match by, end:
        case "doses", int(count):
            text = message("ends.dose" if count == 1 else "ends.doses", number=count)
        case "duration", Span() as span:
            text = message("ends.about" if about else "ends.duration", span=length(span))
        case "total", Mass() as total:
            text = message("ends.total", dose=mass(total, country))
        case "decision", _:
            return message("ends.decision_worded" if wording else "ends.decision", wording=wording)
        case "never", _:
            return wording or message("ends.never")
        case _:
            return message("ends.not_stated")
    return message("ends.worded", end=text, wording=wording) if wording else text


def regimen_text(phase: SettledPhase, country: str, plain: bool = False) -> Text:
    """ "Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular" """
    return message(
        "doses.regimen",
        substance=capital(substance_name(phase.substance)),
        dose=dose_of(phase.dose, country),
        route=route_name(phase.route, plain),
    )


def dose_text(item: Scheduled, country: str, plain: bool = False) -> Text:
    return joined(regimen_text(item.phase, country, plain), _of_how_many(item), between="")


def _of_how_many(item: Scheduled) -> Text:
    phase = item.phase
    if item.on is None:
        return ""
    if item.derived_count:
        return message("doses.of", number=item.number, count=item.derived_count)
    if phase.end_by == "doses" and isinstance(phase.end, int):
        return message("doses.of", number=item.number, count=phase.end)
    return message("doses.number", number=item.number) if phase.end_by in ("total", "decision", "not_stated") else ""


def why_text(item: Scheduled) -> Text:
    """Which rule gives this day, with the arithmetic's own words."""
    if item.on is None:
        return message("why.after_decision", span=offset_of(item.offset))
    if item.anchor is None:
        return message("why.start")
    since = day(item.anchor)
    if item.changed is not None:
        return message("why.changed", every=every(item.changed), span=length(item.changed), date=since)
    spacing = item.phase.spacing
    gap = length(spacing) if isinstance(spacing, Span) else days((item.on - item.anchor).days)
    rule = spacing_of(item.phase.spacing_kind, spacing)
    return message("why.rule", rule=rule, span=gap, date=since, derived=_derived(item))


def _derived(item: Scheduled) -> Text:
    if not item.derived_count or item.number != 1:
        return ""
    end = end_of("duration", item.phase.end, "", "")
    return message("why.derived", count=item.derived_count, end=end)


def offset_of(offset: str) -> Text:
    number, unit = offset.split(" ")
    return length(Span(int(number), unit))


def course_text(item: Scheduled, country: str, plain: bool = False) -> Text:
    phase = item.phase
    divided = phase.phase.dose.divided
    return message(
        "doses.course",
        regimen=regimen_text(phase, country, plain),
        divided=message("doses.divided", number=divided) if divided > 1 else "",
        spacing=spacing_of(phase.spacing_kind, phase.spacing),
        until=message("doses.until", date=day(item.until)) if item.until else "",
    )


def open_end_text(phase: SettledPhase, decision_after: Span) -> Text:
    return message(
        "decisions.open_end",
        wording=phase.phase.end.wording or message("decisions.open_end_not_stated"),
        spacing=spacing_of(phase.spacing_kind, phase.spacing),
        span=length(decision_after),
    )


def open_end_plain(phase: SettledPhase) -> Text:
    wording = phase.phase.end.wording or message("decisions.open_end_plain_not_stated")
    return message("decisions.open_end_plain", wording=wording)


def gate_text(phase: SettledPhase) -> Text:
    wording = phase.phase.gate.wording if phase.phase.gate else ""
    return message("decisions.gate", phase=phase_name(phase.phase.name), wording=wording)


def unread(levels: Iterable[ValueLevel]) -> Text:
    """ "Loading: substance, dose (secondary); loading: interval (recalled)" """
    groups: dict[tuple[str, str], list[Text]] = {}
    for level in dict.fromkeys(levels):
        phase, _, value = level.path.partition(".")
        groups.setdefault((phase, level.level), []).append(message(f"published.value__{value}"))
    each = (_unread_values(*group, values) for group, values in groups.items())
    return capital(listed(each, between="; "))


def _unread_values(phase: str, level: str, values: Iterable[Text]) -> Text:
    read = message(f"paper.read__{level}")
    return joined(phase_name(phase), ": ", listed(dict.fromkeys(values)), " (", read, ")", between="")


def over_text(lifelong: bool) -> Text:
    over = message("decisions.over")
    return message("decisions.over_lasting", over=over) if lifelong else over


def not_stated_text(phase: SettledPhase) -> Text:
    key = "decisions.no_dose" if phase.dose is None else "decisions.no_interval"
    return message(key, phase=phase_name(phase.phase.name), route=route_name(phase.route))
