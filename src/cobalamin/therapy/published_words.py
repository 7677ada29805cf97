"""A phase in words as its source publishes it: ranges stay ranges, alternatives stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.amounts import Mass, mass_text
from cobalamin.knowledge.model import DoseRule, End, Phase, Spacing
from cobalamin.spans import Span
from cobalamin.therapy import wording

NOT_DESCRIBED = "not described by the source"


def substances_words(phase: Phase) -> str:
    return " or ".join(phase.substances) if phase.substances else wording.NO_SUBSTANCE


def routes_words(phase: Phase, plain: bool = False) -> str:
    return either(wording.route_words(route, plain) for route in phase.routes) or wording.route_words("", plain)


def dose_words(rule: DoseRule, country: str) -> str:
    """ "1 mg (1,000 micrograms)", "from 250 micrograms to 1 mg (1,000 micrograms)", "at least ..." """
    if rule.per_kg:
        return f"{mass_text(rule.per_kg, country)} per kg of body weight"
    if not rule.stated or rule.fixed:
        return wording.dose_words(rule.fixed, country)
    return between(rule.least and mass_text(rule.least, country), rule.most and mass_text(rule.most, country))


def spacing_words(rule: Spacing) -> str:
    """ "every 2 to 3 months", "2 to 3 times a week" """
    least, most = rule.least, rule.most
    if rule.fixed or rule.kind == "not_stated":
        return wording.spacing_words(rule.kind, least)
    if rule.kind == "per_week":
        return f"{between(least, most)} times a week"
    if isinstance(least, Span) and isinstance(most, Span):
        if least.unit == most.unit:
            return f"every {least.number} to {most.words}"
        return f"{least.every} to {most.every}"
    return f"every {between(least, most)}"


def end_words(end: End, country: str, about: bool = False) -> str:
    """ "for 1 to 2 weeks", "6 to 7 doses", "until blood count normal" """
    if end.least == end.most or end.by in ("decision", "never", "not_stated"):
        return wording.end_words(end.by, end.least, end.wording.removeprefix("until "), country, about)
    unit = (" dose" if (end.most or end.least) == 1 else " doses") if end.by == "doses" else ""
    before = {"duration": "for ", "total": "until a total of "}.get(end.by, "")
    note = f" ({end.wording})" if end.wording else ""
    least, most = (_amount(value, country) for value in (end.least, end.most))
    if isinstance(end.least, Span) and isinstance(end.most, Span) and end.least.unit == end.most.unit:
        least = str(end.least.number)
    return before + between(least, most) + unit + note


def _amount(value: int | Span | Mass | None, country: str) -> str:
    if isinstance(value, Mass):
        return mass_text(value, country)
    return value.words if isinstance(value, Span) else "" if value is None else str(value)


def between(least: object, most: object) -> str:
    """ "2 to 3", "at least 2", "up to 3" """
    if least and most:
        return f"{_plain(least)} to {_plain(most)}"
    return f"at least {_plain(least)}" if least else f"up to {_plain(most)}"


def _plain(value: object) -> str:
    return value.words if isinstance(value, Span) else str(value)


def either(words: Iterable[str]) -> str:
    """Alternatives, each once, in the order of the source."""
    return " or ".join(dict.fromkeys(words))


def alternatives(phase: Phase) -> tuple[Phase, ...]:
    return phase.options or (phase,)


def rhythm_words(phase: Phase, country: str) -> str:
    """How often and for how long: "3 times a week, for 2 weeks", options joined by "or"."""
    gate = f"after {phase.gate.wording}, " if phase.gate else ""
    return gate + either(
        spacing_words(option.spacing)
        if option.end.by == "never"
        else f"{spacing_words(option.spacing)}, {end_words(option.end, country, option.about)}"
        for option in alternatives(phase)
    )
