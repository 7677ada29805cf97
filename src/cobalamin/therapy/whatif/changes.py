"""What changes for a person between two worlds: options, the leading option's regimen and by how much, first dose, issues."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import timedelta
from decimal import Decimal

from msgspec import Struct

from cobalamin.amounts import Mass, plain
from cobalamin.knowledge.library import Library
from cobalamin.spans import add
from cobalamin.text.messages import Text, listed, mass, text_order
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import BLOCK
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.comparison.amounts import Amounts
from cobalamin.therapy.comparison.aspects import ASPECTS, Regimen, aspect_text, regimen_of
from cobalamin.therapy.comparison.comparison import FIRST_DAYS, YEAR, figures_of
from cobalamin.therapy.comparison.ways import Stretch, ways_of
from cobalamin.therapy.safety import caveats
from cobalamin.therapy.safety.gate import precaution_for
from cobalamin.therapy.whatif.outcomes import Outcomes, PlanLine
from cobalamin.therapy.words import published
from cobalamin.therapy.words.wording import route_name


class Leader(Struct, frozen=True):
    """The leading option in a world: what it says, and what it comes to (None: it can't be dated yet)."""

    protocol: str
    says: tuple[tuple[str, Text, Text], ...]  # (aspect, professional text, plain text)
    early: Amounts | None
    maintenance: Amounts | None

    @property
    def texts(self) -> dict[str, Text]:
        return {aspect: text for aspect, text, _ in self.says}

    @property
    def plain_texts(self) -> dict[str, Text]:
        return {aspect: plainly for aspect, _, plainly in self.says}


class FirstDose(Struct, frozen=True):
    """The dose that could be given on the day of assessment: of the leading option, or the one that all that wait share."""

    substance: Text
    dose: Text
    route: Text


class IssueChange(Struct, frozen=True):
    """An issue (a protocol's own with its name before it) that appears, goes, or changes its severity; "" is not there.

    The texts are those for the person as they would then be, or, where it goes, as they are: one code has other texts for others.
    """

    code: str
    before: str
    after: str
    text: Text = ""
    plain: Text = ""


class PlanChange(Struct, frozen=True):
    """Something in the plan of the same leading option; `before` and `after`: "" not there, "may", "yes"."""

    text: Text
    plain: Text
    before: str
    after: str


class Change(Struct, frozen=True):
    """The difference between two worlds; `leader` and `first` are (before, after) and stand only where they differ."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    leader: tuple[Leader | None, Leader | None] | None
    first: tuple[FirstDose | None, FirstDose | None] | None
    issues: tuple[IssueChange, ...]
    plan: tuple[PlanChange, ...] = ()

    @property
    def moved(self) -> int:
        """How many options appear and disappear."""
        return len(self.added) + len(self.removed)

    @property
    def nothing(self) -> bool:
        return not (self.added or self.removed or self.leader or self.first or self.issues or self.plan)

    @property
    def aspects(self) -> tuple[tuple[str, Text, Text], ...]:
        """(aspect, before, after) of what the leading regimen says otherwise; "" where there was or is none."""
        return self.aspects_in(plainly=False)

    def aspects_in(self, plainly: bool) -> tuple[tuple[str, Text, Text], ...]:
        """The same in professional or in plain words."""
        if self.leader is None:
            return ()
        before, after = ((each.plain_texts if plainly else each.texts) if each else {} for each in self.leader)
        told = ((aspect, before.get(aspect, ""), after.get(aspect, "")) for aspect in ASPECTS)
        return tuple(entry for entry in told if entry[1] != entry[2])


class Changes:
    """Tells changes between worlds; keeps the leaders it has told, because many worlds share one."""

    def __init__(self, library: Library, facts: Facts) -> None:
        self.library, self.country = library, facts.patient.country
        until = add(facts.on, YEAR)
        self.stretch = Stretch(facts.on, until - timedelta(days=1), library.default_policy, until)
        self.leaders: dict[Hashable, Leader] = {}

    def between(self, outcomes: Outcomes, before: Mapping[str, int], after: Mapping[str, int]) -> Change:
        """What changes from one world to another."""
        was, now = outcomes.seen(outcomes.worlds.index(before)), outcomes.seen(outcomes.worlds.index(after))
        leader = None
        if was.regimen != now.regimen:
            leader = (self._leader(outcomes, was.leading, before), self._leader(outcomes, now.leading, after))
        first = (
            self._first(outcomes, was.leading, was.first, before),
            self._first(outcomes, now.leading, now.first, after),
        )
        return Change(
            added=tuple(name for name in outcomes.options if name in now.options - was.options),
            removed=tuple(name for name in outcomes.options if name in was.options - now.options),
            leader=leader,
            first=first if first[0] != first[1] else None,
            issues=self._issues(dict(was.issues), dict(now.issues), *map(outcomes.worlds.facts_in, (before, after))),
            plan=_plan(was.plan, now.plan) if was.leading == now.leading else (),
        )

    def _issues(self, was: dict[str, str], now: dict[str, str], before: Facts, after: Facts) -> tuple[IssueChange, ...]:
        changed = sorted((code for code in was.keys() | now.keys() if was.get(code) != now.get(code)), key=str)
        changed.sort(key=lambda code: BLOCK not in (was.get(code), now.get(code)))
        texts = ((code, self._texts(code, after if code in now else before)) for code in changed)
        return tuple(IssueChange(code, was.get(code, ""), now.get(code, ""), *said) for code, said in texts)

    def _texts(self, name: str, facts: Facts) -> tuple[Text, Text]:
        """What an issue says to a person with these facts, professional and plain."""
        owner, _, code = name.rpartition(": ")
        content = self.library.content(self.library.protocol(owner)) if owner else None
        if code == caveats.CODE and content is not None:
            told = [each for each in caveats.caveats_of(content, facts, self.library.facts) if each.against]
            holding = [each for each in told if each.holds is TRUE]
            return listed((each.text for each in holding), " "), listed((each.plain for each in holding), " ")
        own = content.precautions if content else ()
        check = precaution_for((*own, *self.library.precautions), code, facts) or self.library.program_checks.get(code)
        return (check.text, check.plain) if check else ("", "")

    def _leader(self, outcomes: Outcomes, name: str, known: Mapping[str, int]) -> Leader | None:
        if not name:
            return None
        facts = outcomes.worlds.facts_in(known)
        content = self.library.content(self.library.protocol(name))
        regimen = regimen_of(content, facts)
        key = (name, tuple(phase.name for phase in regimen.phases), facts.weight_kg)
        if key not in self.leaders:
            found, _ = ways_of(content, {}, facts, self.stretch)
            dated = tuple(way for way in found if way.entries)
            figures = figures_of(dated, self.stretch, FIRST_DAYS, facts) if dated else None
            self.leaders[key] = Leader(
                name,
                tuple(
                    (
                        aspect,
                        aspect_text(regimen, aspect, self.country),
                        aspect_text(regimen, aspect, self.country, plain=True),
                    )
                    for aspect in ASPECTS
                ),
                figures.early if figures else None,
                figures.maintenance if figures else None,
            )
        return self.leaders[key]

    def _first(self, outcomes: Outcomes, leading: str, first: Hashable, known: Mapping[str, int]) -> FirstDose | None:
        """The first dose of the leading option; without one, what all that wait share."""
        if leading:
            content = self.library.content(self.library.protocol(leading))
            return self._first_of(regimen_of(content, outcomes.worlds.facts_in(known)))
        if not isinstance(first, tuple):
            return None
        substance, nanograms, routes = first
        dose = mass(Mass(plain(Decimal(nanograms) / 1000), "ug"), self.country)
        return FirstDose(
            substance,
            dose,
            published.either(map(route_name, routes)),
        )

    def _first_of(self, regimen: Regimen) -> FirstDose | None:
        if not regimen.phases:
            return None
        each = published.alternatives(regimen.phases[0])
        return FirstDose(
            published.either(map(published.substances_of, each)),
            published.either(published.dose_of(phase.dose, self.country) for phase in each),
            published.either(map(published.routes_of, each)),
        )


def _plan(before: frozenset[PlanLine], after: frozenset[PlanLine]) -> tuple[PlanChange, ...]:
    """What stands in the plan otherwise; "may" where it depends on a fact that is not known."""
    was, now = (
        {(text, plainly): "yes" if known else "may" for _, text, plainly, known in lines} for lines in (before, after)
    )
    changes = (
        PlanChange(*key, was.get(key, ""), now.get(key, "")) for key in sorted(was.keys() | now.keys(), key=_by_text)
    )
    return tuple(change for change in changes if change.before != change.after)


def _by_text(line: tuple[Text, Text]) -> list[tuple[bool, str]]:
    return [text_order(each) for each in line]
