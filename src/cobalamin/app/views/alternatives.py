"""Which two options stand beside the first, and how each differs from it: route, substance, how often, whose text it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cobalamin.app.views.builder import Builder
from cobalamin.knowledge.model import Phase
from cobalamin.text.messages import Text, listed
from cobalamin.therapy.proposal.proposal import Option
from cobalamin.therapy.words import published, wording
from cobalamin.therapy.words.published import alternatives, either

ALTERNATIVES = 2
_COUNTED = ("doses", "duration", "total")  # ends that are a number; others are told by the whole answer


def real_alternatives(options: Iterable[Option]) -> tuple[Option, ...]:
    """At most two that are not the same treatment as the first or as each other; where one has another route, one of them has."""
    first, *others = options
    found: dict[Any, Option] = {}
    for option in others:
        if _regimen(option) != _regimen(first) and option.for_the_cause >= first.for_the_cause:
            found.setdefault(_regimen(option), option)
    distinct = list(found.values())
    other_route = next((option for option in distinct if _routes(option) != _routes(first)), None)
    chosen = distinct[:ALTERNATIVES]
    if other_route and other_route not in chosen:
        chosen[-1] = other_route
    return tuple(chosen)


def differences(screen: Builder, first: Option, other: Option) -> str:
    """What a person would notice: "by mouth; every day; general guidance (US)"."""
    return "; ".join(_differences(screen, first, other)) or screen.say("first.differs_same")


def _differences(screen: Builder, first: Option, other: Option) -> Iterator[str]:
    if _routes(first) != _routes(other):
        yield screen.text(either(wording.route_name(route, screen.plain) for route in _routes(other)))
    if _substances(first) != _substances(other):
        yield screen.text(either(wording.substance_name(each) for each in _substances(other)))
    loading, own = _loading(other), _loading(first)
    if own and not loading:
        yield screen.say("first.no_loading")
    elif _said(loading) != _said(own):
        yield screen.say("first.begins", rhythm=_rhythm(screen, loading[0], own[:1], first))
    last, own_last = _going_on(other), _going_on(first)
    if _said(last) != _said(own_last):
        rhythm = _rhythm(screen, last[0], own_last, first) if last else ""
        yield screen.say("first.goes_on" if last else "first.no_more", rhythm=rhythm)
    yield from _whose(screen, first, other)


def whose_lead(screen: Builder, option: Option) -> str:
    """Whose text leads, where it is not one of the person's own country (hazard H153)."""
    return "" if option.place == "own" or not screen.country else _place(screen, option)


def _place(screen: Builder, option: Option) -> str:
    return screen.say(f"offers.place_{option.place}", country=option.protocol.country)


def _whose(screen: Builder, first: Option, other: Option) -> Iterator[str]:
    alike = (other.place, other.protocol.country) == (first.place, first.protocol.country)
    if other.place not in ("own", "article") and not alike:
        yield _place(screen, other)
    if other.content.older:
        yield screen.say("offers.practice_older")
    elif other.said:
        yield screen.say("offers.practice_second")


def _rhythm(screen: Builder, phase: Phase, own: Sequence[Phase], first: Option) -> str:
    """How often and how long; the dose only where the first option has none like it."""
    doses = {dose_of(each) for known in first.phases for each in alternatives(known)}
    told = (listed(_parts(screen, each, dose_of(each) not in doses or not own)) for each in alternatives(phase))
    return screen.text(either(told))


def _parts(screen: Builder, phase: Phase, with_dose: bool) -> Iterator[Text]:
    yield published.dose_of(phase.dose, screen.country) if with_dose else ""
    yield published.spacing_of(phase.spacing)
    if phase.end.by in _COUNTED:
        yield published.end_of(phase.end, screen.country, phase.about)


# -- what is compared ------------------------------------------------------------------------------------------------


def _every(option: Option) -> list[Phase]:
    return [each for phase in option.phases if phase not in option.begins_anew for each in alternatives(phase)]


def _routes(option: Option) -> tuple[str, ...]:
    return tuple(sorted({route for phase in _every(option) for route in phase.routes or ("",)}))


def _substances(option: Option) -> tuple[str, ...]:
    return tuple(sorted({substance for phase in _every(option) for substance in phase.substances or ("",)}))


def _loading(option: Option) -> list[Phase]:
    return [phase for phase in option.phases if phase not in option.begins_anew and begins(phase)]


def begins(phase: Phase) -> bool:
    return phase.name.startswith(("load", "initial"))


def _going_on(option: Option) -> list[Phase]:
    """The last phase, where it is not how treatment begins."""
    return [phase for phase in option.phases[-1:] if not begins(phase)]


def dose_of(phase: Phase) -> tuple[Any, ...]:
    """The amount, without who states it."""
    return phase.dose.least, phase.dose.most, phase.dose.per_kg


def _said(phases: Iterable[Phase]) -> tuple[Any, ...]:
    """Doses, spacing and counted ends, without who states them."""
    return tuple(
        (dose_of(each), each.spacing.kind, each.spacing.least, each.spacing.most, _end(each))
        for phase in phases
        for each in alternatives(phase)
    )


def _end(phase: Phase) -> tuple[Any, ...]:
    return (phase.end.by, phase.end.least, phase.end.most) if phase.end.by in _COUNTED else ()


def _regimen(option: Option) -> tuple[Any, ...]:
    return _routes(option), _substances(option), _said(_loading(option)), _said(_going_on(option))
