"""A phase as its source publishes it: ranges stay ranges, alternatives stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.amounts import Mass
from cobalamin.knowledge.model import DoseRule, End, Phase, Spacing
from cobalamin.spans import Span
from cobalamin.text.messages import Text, every, joined, length, listed, mass, message
from cobalamin.therapy.words import wording


def substances_of(phase: Phase) -> Text:
    return either(map(wording.substance_name, phase.substances)) or wording.substance_name("")


def routes_of(phase: Phase, plain: bool = False) -> Text:
    return either(wording.route_name(route, plain) for route in phase.routes) or wording.route_name("", plain)


def dose_of(rule: DoseRule, country: str) -> Text:
    """ "1 mg (1,000 micrograms)", "from 250 micrograms to 1 mg (1,000 micrograms)", "at least ..." """
    if rule.per_kg:
        return message("published.per_kg", dose=mass(rule.per_kg, country))
    if not rule.stated or rule.fixed:
        return wording.dose_of(rule.fixed, country)
    least, most = (each and mass(each, country) for each in (rule.least, rule.most))
    return between(least, most)


def spacing_of(rule: Spacing) -> Text:
    """ "every 2 to 3 months", "2 to 3 times a week" """
    least, most = rule.least, rule.most
    if rule.fixed or rule.kind == "not_stated":
        return wording.spacing_of(rule.kind, least)
    if rule.kind == "per_week":
        return message("spacing.times_a_week", number=between(least, most))
    if isinstance(least, Span) and isinstance(most, Span):
        if least.unit == most.unit:
            return message("published.every", least=least.number, most=length(most))
        return message("published.range", least=every(least), most=every(most))
    return message("published.every_range", range=between(least, most))


def end_of(end: End, country: str, about: bool = False) -> Text:
    """ "for 1 to 2 weeks", "6 to 7 doses", "until blood count normal" """
    if end.least == end.most or end.by in ("decision", "never", "not_stated"):
        return wording.end_of(end.by, end.least, end.wording.removeprefix("until "), country, about)
    one_dose = (end.most or end.least) == 1
    key = {"doses": "ends.dose" if one_dose else "ends.doses", "duration": "ends.duration", "total": "published.total"}
    least, most = (_amount(value, country) for value in (end.least, end.most))
    if isinstance(end.least, Span) and isinstance(end.most, Span) and end.least.unit == end.most.unit:
        least = str(end.least.number)
    stated = between(least, most)
    text = message(key[end.by], **{_FIELD[end.by]: stated})
    return message("ends.worded", end=text, wording=end.wording) if end.wording else text


_FIELD = {"doses": "number", "duration": "span", "total": "dose"}


def _amount(value: int | Span | Mass | None, country: str) -> Text:
    if isinstance(value, Mass):
        return mass(value, country)
    return "" if value is None else _plain(value)


def between(least: object, most: object) -> Text:
    """ "2 to 3", "at least 2", "up to 3" """
    key = "published.range" if least and most else "published.at_least" if least else "published.up_to"
    return message(key, least=_plain(least), most=_plain(most))


def _plain(value: object) -> Text:
    return length(value) if isinstance(value, Span) else value if isinstance(value, Text) else str(value)


def either(each: Iterable[Text]) -> Text:
    """Alternatives, each once, in the order of the source."""
    return listed(dict.fromkeys(each), between=message("joined.or"))


def alternatives(phase: Phase) -> tuple[Phase, ...]:
    return phase.options or (phase,)


def rhythm_of(phase: Phase, country: str) -> Text:
    """How often and for how long: "3 times a week, for 2 weeks", options joined by "or"."""
    rhythm = either(
        spacing_of(option.spacing)
        if option.end.by == "never"
        else joined(spacing_of(option.spacing), end_of(option.end, country, option.about), between=", ")
        for option in alternatives(phase)
    )
    return message("published.after_gate", wording=phase.gate.wording, rhythm=rhythm) if phase.gate else rhythm
