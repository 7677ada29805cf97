"""The rank of every option in every world at once: the rules of `proposal.rank`, on whole numbers of worlds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import AllOf, AnyOf, Criterion, Not, Protocol
from cobalamin.therapy.proposal import rank
from cobalamin.therapy.proposal.offers import Offer
from cobalamin.therapy.regimen.running import MAINTAINED
from cobalamin.therapy.safety import caveats
from cobalamin.therapy.safety.gate import ages_not_stated
from cobalamin.therapy.whatif.worlds import BIRTH, Both, Worlds

_Parts = Iterable[tuple[object, int]]


class Ranking:
    """Asks `worlds` for what each rule says."""

    def __init__(self, library: Library, worlds: Worlds, urgent: Both) -> None:
        self.library, self.worlds, self.urgent = library, worlds, urgent

    def of(self, offer: Offer, where: int) -> Iterator[tuple[rank.Rank, int]]:
        """Every rank that an option has in some of these worlds, with those in which it has it (`rank.rank`)."""
        content, facts = offer.content, self.worlds.facts
        place = rank.place_of(self.library, offer.protocol, facts.patient.country)
        children = self.worlds.table([BIRTH], lambda each: ages_not_stated(content, each)).get(True, 0)
        slices: dict[tuple[object, ...], int] = {(): where}
        for parts in (
            [(offer.protocol.kind == "article", self.worlds.all)], self._whether(children), self._whether(self._by_mouth(offer)),
            self._whether(self._not_for_the_cause(content)), self._whether(self.reserved(offer)),
            [(place, self.worlds.all)], self._whether(self._any(offer.not_preferred)), self._whether(self._off_injections(offer)), self._practice(content),
            self._specific(content), *([(each, self.worlds.all)] for each in rank.standing(offer)),
            [(offer.protocol.id, self.worlds.all)],
        ):  # fmt: skip
            slices = dict(_split(slices, parts))
        yield from ((cast(rank.Rank, key), mask) for key, mask in slices.items())

    def _whether(self, mask: int) -> _Parts:
        return [(True, mask), (False, self.worlds.all & ~mask)]

    def _any(self, criteria: Iterable[Criterion]) -> int:
        return sum_of(self.worlds.truth(each).true for each in criteria)

    def _off_injections(self, offer: Offer) -> int:
        takes_off = offer.never_injected_on and self.worlds.facts.injected
        return self.worlds.truth(MAINTAINED).true if takes_off else 0

    def _not_for_the_cause(self, content: Protocol) -> int:
        """The worlds whose cause has texts of its own, of which this is none."""
        named = sum_of(self.worlds.truth(leaf).true for leaf in rank.naming(self.library, content))
        return self.worlds.truth(self.library.practice.own_texts_first).true & ~named

    def _unasked(self) -> int:
        """The worlds in which nobody knows of nerve signs or severe anaemia (`rank.by_mouth_unasked`)."""
        found = self.worlds.all
        for need in (rank.NERVES, rank.SEVERE):
            found &= ~self.worlds.truth(need).true & ~self.worlds.truth(need).false
        return found

    def _by_mouth(self, offer: Offer) -> int:
        if not offer.begins_without_injection:
            return 0
        found = self._unasked()
        for need in (rank.NERVES, rank.SEVERE):
            spoken = self.worlds.all if rank.asks_for(offer.content.indication, need) else 0
            for note in rank.speaking_for(offer.content):
                spoken |= self.worlds.truth(note.when).true if rank.asks_for(note.when, need) else 0
            found |= self.worlds.truth(need).true & ~spoken
        return found

    def reserved(self, offer: Offer) -> int:
        """Where a reservation of the source holds, nothing was loaded as far as is known, or the mouth takes up too little."""
        least = self.library.practice.least_by_mouth
        little = self.worlds.truth(least.when).true if offer.gives_less_by_mouth(least.dose) else 0
        starved = self.worlds.all & ~self.worlds.truth(offer.no_loading).false if offer.no_loading else 0
        return starved | little | self.caveats_against(offer.content)

    def caveats_against(self, content: Protocol) -> int:
        """The worlds in which a reservation of the protocol holds (`caveats.holds_against`)."""
        against = [note for note in content.notes if note.when and caveats.speaks_against(note)]
        return sum_of(
            self.worlds.truth(note.when).true & ~(self.urgent.true if note.demands_proof else 0) for note in against
        )

    def _practice(self, content: Protocol) -> _Parts:
        if content.older:
            return [(rank.OLDER, self.worlds.all)]
        second = self._any(each.when for each in content.second_choice if each.when)
        return [(rank.SECOND_CHOICE, second), (rank.USUAL, self.worlds.all & ~second)]

    # -- specific facts ----------------------------------------------------------------------------------------------

    def _specific(self, content: Protocol) -> _Parts:
        """(minus the weight of the facts a text was written for, worlds), as `rank.specific_facts`."""
        found = self._met(content.indication)
        for note in rank.speaking_for(content):
            holds = self.worlds.truth(note.when).true
            more = {met: mask & holds for met, mask in self._met(note.when).items()}
            more[frozenset()] = more.get(frozenset(), 0) | (self.worlds.all & ~holds)
            found = _both(found, more)
        return [(-rank.weight(met), mask) for met, mask in found.items()]

    def _met(self, criterion: Criterion | None) -> dict[rank.Met, int]:
        nothing: dict[rank.Met, int] = {frozenset(): self.worlds.all}
        match criterion:
            case AllOf(items):
                for item in items:
                    nothing = _both(nothing, self._met(item))
                return nothing
            case AnyOf(items):
                for item in items:
                    nothing = self._better(nothing, item)
                return nothing
            case None | Not():
                return nothing
            case leaf:
                holds = self.worlds.truth(leaf).true
                return {frozenset({rank.told_by(leaf)}): holds, frozenset(): self.worlds.all & ~holds}

    def _better(self, found: dict[rank.Met, int], item: Criterion) -> dict[rank.Met, int]:
        """The more telling of what was found and an alternative, where that holds; of two that tell the same the first."""
        holds, best = self.worlds.truth(item).true, dict[rank.Met, int]()
        for met, mask in found.items():
            best[met] = best.get(met, 0) | (mask & ~holds)
            for other, where in self._met(item).items():
                taken = other if rank.weight(other) > rank.weight(met) else met
                best[taken] = best.get(taken, 0) | (mask & holds & where)
        return {met: mask for met, mask in best.items() if mask}


def _both(found: dict[rank.Met, int], more: dict[rank.Met, int]) -> dict[rank.Met, int]:
    together: dict[rank.Met, int] = {}
    for met, mask in found.items():
        for other, where in more.items():
            if mask & where:
                together[met | other] = together.get(met | other, 0) | (mask & where)
    return together


def _split(slices: dict[tuple[object, ...], int], parts: _Parts) -> Iterator[tuple[tuple[object, ...], int]]:
    merged: dict[object, int] = {}
    for value, mask in parts:
        merged[value] = merged.get(value, 0) | mask
    for key, where in slices.items():
        for value, mask in merged.items():
            if where & mask:
                yield (*key, value), where & mask


def sum_of(masks: Iterable[int]) -> int:
    """The worlds of any of these."""
    union = 0
    for mask in masks:
        union |= mask
    return union
