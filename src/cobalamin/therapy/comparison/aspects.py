"""What a protocol says about one patient's treatment, aspect by aspect, with its sources.

Two protocols say the same about an aspect where these texts are the same; no span is converted and no range collapsed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from cobalamin.knowledge.model import Citations, Phase, Protocol
from cobalamin.text.messages import Text, listed, message
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE
from cobalamin.therapy.words import published, wording

# In the order in which they are told.
ASPECTS = ("substance", "dose", "loading", "maintenance", "route", "end")
_LOADING = ("load", "initial")


class Regimen(Struct, frozen=True):
    """The phases of a protocol that may belong to a patient; `ongoing` is the one that goes on, where there is one."""

    content: Protocol
    loading: tuple[Phase, ...]
    ongoing: Phase | None

    @property
    def phases(self) -> tuple[Phase, ...]:
        return (*self.loading, self.ongoing) if self.ongoing else self.loading


def is_loading(name: str) -> bool:
    return name.startswith(_LOADING)


def regimen_of(content: Protocol, facts: Facts) -> Regimen:
    """The phases that are not ruled out for this patient."""
    phases = [phase for phase in content.phases if evaluate(phase.only_if, facts) is not FALSE]
    ongoing = phases.pop() if phases and not is_loading(phases[-1].name) else None
    return Regimen(content, tuple(phases), ongoing)


def aspect_text(regimen: Regimen, aspect: str, country: str, plain: bool = False) -> Text:
    """What the protocol says about one of ASPECTS."""
    match aspect:
        case "loading":
            return _loading(regimen, country)
        case "maintenance":
            return _maintenance(regimen)
        case "end":
            return _end(regimen, country)
        case "substance":
            return _by_part(regimen, published.substances_of)
        case "dose":
            return _by_part(regimen, lambda phase: published.dose_of(phase.dose, country))
        case _:
            return _by_part(regimen, lambda phase: published.routes_of(phase, plain))


def aspect_cites(regimen: Regimen, aspect: str) -> Citations:
    """The sources of what `aspect_text` says."""
    phases: Iterable[Phase] = regimen.phases
    if aspect == "loading" and regimen.loading:
        phases = regimen.loading
    elif aspect in ("maintenance", "end") and regimen.ongoing:
        phases = (regimen.ongoing,)
    told = (option for phase in phases for option in published.alternatives(phase))
    cites = [cite for option in told for cite in _told_by(option, aspect)]
    return tuple(dict.fromkeys(cites or [cite for phase in phases for cite in phase.cites]))


def _told_by(phase: Phase, aspect: str) -> Citations:
    if aspect in ("substance", "route"):
        return ()
    return {"dose": phase.dose.cites, "end": phase.end.cites}.get(aspect, phase.spacing.cites)


def _loading(regimen: Regimen, country: str) -> Text:
    rhythms = (published.rhythm_of(phase, country) for phase in regimen.loading)
    return listed(rhythms, between=message("published.then_phase")) or message("published.no_loading")


def _maintenance(regimen: Regimen) -> Text:
    if regimen.ongoing is None:
        return message("published.not_described")
    return published.either(published.spacing_of(option.spacing) for option in published.alternatives(regimen.ongoing))


def _end(regimen: Regimen, country: str) -> Text:
    last = regimen.ongoing
    if last is None:
        return message("published.nothing_after_loading")
    if last.end.by == "never" and not last.end.wording and regimen.content.lifelong == "yes":
        return message("published.for_life")
    options = published.alternatives(last)
    return published.either(published.end_of(option.end, country, option.about) for option in options)


def _by_part(regimen: Regimen, tell: Callable[[Phase], Text]) -> Text:
    """ "X" where loading and maintenance say the same, else "loading X, then Y; maintenance Z" """
    each = dict.fromkeys(_alternatives(phase, tell) for phase in regimen.loading)
    loading = listed(each, between=message("published.then"))
    ongoing = _alternatives(regimen.ongoing, tell) if regimen.ongoing else ""
    if not loading or not ongoing or loading == ongoing:
        return loading or ongoing
    phase = wording.phase_name(regimen.ongoing.name if regimen.ongoing else "")
    return message("published.parts", loading=loading, phase=phase, ongoing=ongoing)


def _alternatives(phase: Phase, tell: Callable[[Phase], Text]) -> Text:
    return published.either(tell(option) for option in published.alternatives(phase))
