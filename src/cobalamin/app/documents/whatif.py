"""The facts that would change the answer as the JSON document of `whatif`."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.app.documents.compare import amounts_answer
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.types import compare as answers
from cobalamin.app.documents.types.base import UNSET, UnsetType
from cobalamin.knowledge.library import Library
from cobalamin.therapy.whatif.changes import Change, FirstDose, Leader
from cobalamin.therapy.whatif.whatif import KINDS, FactEffect, ValueEffect, WhatIf


class WhatIfRenderer(Renderer):
    """Renders against one library, for one day of assessment."""

    def __init__(self, library: Library, answer: WhatIf) -> None:
        super().__init__(library)
        self.answer = answer

    def document(self) -> answers.WhatIfAnswer:
        answer = self.answer
        options, leading = answer.proposal.options, answer.proposal.leading
        return answers.WhatIfAnswer(
            on=str(answer.on),
            library=self.library.edition,
            leading=leading.protocol.id if leading else None,
            options=len(options),
            order=list(KINDS),
            combinations=answer.combinations,
            facts=self._effects(answer.effects),
            without_effect=list(answer.without_effect),
            asked_not_known=self._effects(answer.asked_in_vain),
            asked_not_known_without_effect=list(answer.vain_without_effect),
            waiting=[answers.WaitingAnswer(facts=list(facts), protocols=list(ids)) for facts, ids in answer.waiting],
            sources=self.sources(),
        )

    def _effects(self, effects: Iterable[FactEffect]) -> list[answers.FactEffectAnswer]:
        return [
            answers.FactEffectAnswer(
                fact=effect.fact,
                question=self.text(effect.question),
                plain=self.text(effect.plain),
                why=self.text(effect.why),
                find_out=effect.find_out,
                strongest=effect.strongest,
                alone=effect.alone,
                together_with=[list(companions) for companions in effect.companions],
                effects=[self._effect(each) for each in effect.effects],
            )
            for effect in effects
        ]

    def _effect(self, effect: ValueEffect) -> answers.ValueEffectAnswer:
        change = effect.change
        return answers.ValueEffectAnswer(
            values=[self.text(value) for value in effect.values],
            given=[answers.GivenAnswer(fact=fact, value=self.text(value)) for fact, value in effect.given],
            leading=self._leading(change),
            first_dose=self._first_dose(change),
            plan=[
                answers.PlanChangeAnswer(
                    text=self.text(line.text), plain=self.text(line.plain), before=line.before, after=line.after
                )
                for line in change.plan
            ],
            options_added=list(change.added),
            options_removed=list(change.removed),
            issues=[
                answers.IssueChangeAnswer(code=issue.code, before=issue.before, after=issue.after)
                for issue in change.issues
            ],
        )

    def _leading(self, change: Change) -> answers.LeadingChange | UnsetType:
        if not change.leader:
            return UNSET
        before, after = (self._leader(leader) for leader in change.leader)
        changes = [
            answers.AspectChange(aspect=aspect, before=self.text(was), after=self.text(now))
            for aspect, was, now in change.aspects
        ]
        return answers.LeadingChange(before=before, after=after, changes=changes)

    def _first_dose(self, change: Change) -> answers.FirstDoseChange | UnsetType:
        if not change.first:
            return UNSET
        before, after = (self._first(dose) for dose in change.first)
        return answers.FirstDoseChange(before=before, after=after)

    def _leader(self, leader: Leader | None) -> answers.LeaderAnswer | None:
        if leader is None:
            return None
        content = self.library.content(self.library.protocol(leader.protocol))
        cites = tuple(dict.fromkeys(cite for phase in content.phases for cite in phase.cites))
        return answers.LeaderAnswer(
            protocol=leader.protocol,
            says={aspect: self.text(text) for aspect, text in leader.texts.items()},
            first_days=amounts_answer(leader.early) if leader.early else UNSET,
            maintenance_year=amounts_answer(leader.maintenance) if leader.maintenance else UNSET,
            citations=self.citations(cites),
        )

    def _first(self, dose: FirstDose | None) -> answers.FirstDoseAnswer | None:
        if dose is None:
            return None
        return answers.FirstDoseAnswer(
            on=str(self.answer.on),
            substance=self.text(dose.substance),
            dose=self.text(dose.dose),
            route=self.text(dose.route),
        )
