"""What changed in the phases of a protocol: dose, interval, route, end, condition, level, source, phase by phase."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Phase, Protocol
from cobalamin.knowledge.words import Words
from cobalamin.records import replace
from cobalamin.text.messages import in_words
from cobalamin.text.safe import upper_first
from cobalamin.therapy.case.criteria import describe
from cobalamin.therapy.words import published
from cobalamin.therapy.words.published import alternatives
from cobalamin.therapy.words.wording import phase_name

AS_WRITTEN = "GB"  # amounts are told in milligrams and micrograms
Part = Callable[[Phase], str]


class Said(Struct, frozen=True):
    """One sentence about a change, and what it is about."""

    part: str
    text: str


class Tellers(Struct, frozen=True):
    """How the parts of a phase are told; both editions in the words of the newer one."""

    library: Library

    @property
    def words(self) -> Words:
        return self.library.own_words

    def parts(self) -> dict[str, Part]:
        words = self.words
        return {
            "substance": lambda phase: in_words(published.substances_of(phase), words),
            "dose": lambda phase: in_words(published.dose_of(phase.dose, AS_WRITTEN), words),
            "route": lambda phase: in_words(published.routes_of(phase), words),
            "interval": lambda phase: in_words(published.spacing_of(phase.spacing), words),
            "end": lambda phase: in_words(published.end_of(phase.end, AS_WRITTEN, phase.about), words),
            "gate": lambda phase: phase.gate.wording if phase.gate else words.text("editions.no_gate"),
            "only_if": lambda phase: in_words(describe(phase.only_if, self.library), words),
            "level": lambda phase: _levels(phase, words),
        }

    def regimen(self, phase: Phase) -> str:
        parts = self.parts()
        told = f"{parts['substance'](phase)} {parts['dose'](phase)}"
        return ", ".join((told, *(parts[name](phase) for name in ("route", "interval", "end"))))

    def name(self, phase: Phase) -> str:
        named = in_words(phase_name(phase.name), self.words)
        return f"{named} ({phase.option})" if phase.option else named

    def changed(self, part: str, where: str, old: str, new: str) -> Said:
        told = self.words.text(f"editions.part__{part}")
        text = self.words.text("editions.phase_changed", phase=where, part=told, old=old, new=new)
        return Said(part, upper_first(text))


def sources_of(cites: Citations) -> list[str]:
    return sorted({cite.source for cite in cites})


def _levels(phase: Phase, words: Words) -> str:
    dose, interval = (" to ".join(dict.fromkeys(each)) for each in (phase.dose.levels, phase.spacing.levels))
    return words.text("editions.levels", dose=dose, interval=interval)


def _by_name(protocol: Protocol) -> dict[tuple[str, str], Phase]:
    return {
        (phase.name, option.option): option_of(phase, option)
        for phase in protocol.phases
        for option in alternatives(phase)
    }


def option_of(phase: Phase, option: Phase) -> Phase:
    """An alternative under the name of its phase."""
    return replace(option, name=phase.name, gate=option.gate or phase.gate, only_if=option.only_if or phase.only_if)


def phase_changes(old: Protocol, new: Protocol, tellers: Tellers) -> Iterator[Said]:
    """Each phase that is new or gone, and each part of the others that differs."""
    before, after, words = _by_name(old), _by_name(new), tellers.words
    for key, phase in after.items():
        if key not in before:
            told = words.text("editions.phase_new", phase=tellers.name(phase), regimen=tellers.regimen(phase))
            yield Said("phase", told)
        else:
            yield from _within(before[key], phase, tellers)
    for key, phase in before.items():
        if key not in after:
            told = words.text("editions.phase_gone", phase=tellers.name(phase), regimen=tellers.regimen(phase))
            yield Said("phase", told)
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Said("phase", words.text("editions.phase_order"))


def _within(old: Phase, new: Phase, tellers: Tellers) -> Iterator[Said]:
    for part, tell in tellers.parts().items():
        one, two = tell(old), tell(new)
        if one != two:
            yield tellers.changed(part, tellers.name(new), one, two)
