"""A phase in words as its source publishes it: ranges stay ranges, alternatives stand beside each other."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.amounts import Mass, mass_text
from cobalamin.knowledge.model import DoseRule, End, Phase, Spacing
from cobalamin.knowledge.words import Words
from cobalamin.spans import Span
from cobalamin.text.days import every_words, span_words
from cobalamin.therapy.words import wording


def substances_words(phase: Phase, words: Words) -> str:
    return either((wording.substance_name(each, words) for each in phase.substances), words) or wording.substance_name(
        "", words
    )


def routes_words(phase: Phase, words: Words, plain: bool = False) -> str:
    return either((wording.route_words(route, words, plain) for route in phase.routes), words) or wording.route_words(
        "", words, plain
    )


def dose_words(rule: DoseRule, country: str, words: Words) -> str:
    """ "1 mg (1,000 micrograms)", "from 250 micrograms to 1 mg (1,000 micrograms)", "at least ..." """
    if rule.per_kg:
        return words.text("published.per_kg", dose=mass_text(rule.per_kg, country, words.units))
    if not rule.stated or rule.fixed:
        return wording.dose_words(rule.fixed, country, words)
    least, most = (each and mass_text(each, country, words.units) for each in (rule.least, rule.most))
    return between(least, most, words)


def spacing_words(rule: Spacing, words: Words) -> str:
    """ "every 2 to 3 months", "2 to 3 times a week" """
    least, most = rule.least, rule.most
    if rule.fixed or rule.kind == "not_stated":
        return wording.spacing_words(rule.kind, least, words)
    if rule.kind == "per_week":
        return words.text("spacing.times_a_week", number=between(least, most, words))
    if isinstance(least, Span) and isinstance(most, Span):
        if least.unit == most.unit:
            return words.text("published.every", least=least.number, most=span_words(most, words))
        return words.text("published.range", least=every_words(least, words), most=every_words(most, words))
    return words.text("published.every_range", range=between(least, most, words))


def end_words(end: End, country: str, words: Words, about: bool = False) -> str:
    """ "for 1 to 2 weeks", "6 to 7 doses", "until blood count normal" """
    if end.least == end.most or end.by in ("decision", "never", "not_stated"):
        return wording.end_words(end.by, end.least, end.wording.removeprefix("until "), country, words, about)
    one_dose = (end.most or end.least) == 1
    key = {"doses": "ends.dose" if one_dose else "ends.doses", "duration": "ends.duration", "total": "published.total"}
    least, most = (_amount(value, country, words) for value in (end.least, end.most))
    if isinstance(end.least, Span) and isinstance(end.most, Span) and end.least.unit == end.most.unit:
        least = str(end.least.number)
    range_told = between(least, most, words)
    text = words.text(key[end.by], number=range_told, span=range_told, dose=range_told)
    return words.text("ends.worded", end=text, wording=end.wording) if end.wording else text


def _amount(value: int | Span | Mass | None, country: str, words: Words) -> str:
    if isinstance(value, Mass):
        return mass_text(value, country, words.units)
    return "" if value is None else _plain(value, words)


def between(least: object, most: object, words: Words) -> str:
    """ "2 to 3", "at least 2", "up to 3" """
    key = "published.range" if least and most else "published.at_least" if least else "published.up_to"
    return words.text(key, least=_plain(least, words), most=_plain(most, words))


def _plain(value: object, words: Words) -> str:
    return span_words(value, words) if isinstance(value, Span) else str(value)


def either(each: Iterable[str], words: Words) -> str:
    """Alternatives, each once, in the order of the source."""
    return words.text("joined.or").join(dict.fromkeys(each))


def alternatives(phase: Phase) -> tuple[Phase, ...]:
    return phase.options or (phase,)


def rhythm_words(phase: Phase, country: str, words: Words) -> str:
    """How often and for how long: "3 times a week, for 2 weeks", options joined by "or"."""
    rhythm = either(
        (
            spacing_words(option.spacing, words)
            if option.end.by == "never"
            else f"{spacing_words(option.spacing, words)}, {end_words(option.end, country, words, option.about)}"
            for option in alternatives(phase)
        ),
        words,
    )
    return words.text("published.after_gate", wording=phase.gate.wording, rhythm=rhythm) if phase.gate else rhythm
