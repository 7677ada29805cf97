"""The facts that would change the answer as the JSON document of `whatif`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from cobalamin.app.documents.compare import amounts_answer
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.types import compare as answers
from cobalamin.knowledge.library import Library
from cobalamin.therapy.whatif.changes import FirstDose, Leader
from cobalamin.therapy.whatif.whatif import KINDS, FactEffect, ValueEffect, WhatIf


class WhatIfRenderer(Renderer):
    """Renders against one library, for one day of assessment."""

    def __init__(self, library: Library, answer: WhatIf) -> None:
        super().__init__(library)
        self.answer = answer

    def document(self) -> answers.WhatIfAnswer:
        answer = self.answer
        options, leading = answer.proposal.options, answer.proposal.leading
        document: dict[str, Any] = {
            "on": str(answer.on),
            "library": self.library.edition,
            "leading": leading.protocol.id if leading else None,
            "options": len(options),
            "order": list(KINDS),
            "combinations": answer.combinations,
            "facts": self._effects(answer.effects),
            "without_effect": list(answer.without_effect),
            "asked_not_known": self._effects(answer.asked_in_vain),
            "asked_not_known_without_effect": list(answer.vain_without_effect),
            "waiting": [{"facts": list(facts), "protocols": list(ids)} for facts, ids in answer.waiting],
        }
        return cast(answers.WhatIfAnswer, document | {"sources": self.sources(), "signed_off": False})

    def _effects(self, effects: Iterable[FactEffect]) -> list[dict[str, Any]]:
        return [
            {
                "fact": effect.fact,
                "question": effect.question,
                "plain": effect.plain,
                "why": effect.why,
                "find_out": effect.find_out,
                "strongest": effect.strongest,
                "alone": effect.alone,
                "together_with": [list(companions) for companions in effect.companions],
                "effects": [self._effect(each) for each in effect.effects],
            }
            for effect in effects
        ]

    def _effect(self, effect: ValueEffect) -> dict[str, Any]:
        change = effect.change
        entry: dict[str, Any] = {
            "values": list(effect.values),
            "given": [{"fact": fact, "value": value} for fact, value in effect.given],
        }
        if change.leader:
            before, after = (self._leader(leader) for leader in change.leader)
            changes = [{"aspect": aspect, "before": was, "after": now} for aspect, was, now in change.aspects]
            entry["leading"] = {"before": before, "after": after, "changes": changes}
        if change.first:
            before, after = (self._first(dose) for dose in change.first)
            entry["first_dose"] = {"before": before, "after": after}
        entry["plan"] = [
            {"text": line.text, "plain": line.plain, "before": line.before, "after": line.after} for line in change.plan
        ]
        entry["options_added"], entry["options_removed"] = list(change.added), list(change.removed)
        entry["issues"] = [
            {"code": issue.code, "before": issue.before, "after": issue.after} for issue in change.issues
        ]
        return entry

    def _leader(self, leader: Leader | None) -> dict[str, Any] | None:
        if leader is None:
            return None
        content = self.library.content(self.library.protocol(leader.protocol))
        entry: dict[str, Any] = {"protocol": leader.protocol, "says": leader.words}
        entry |= {"first_days": amounts_answer(leader.early)} if leader.early else {}
        entry |= {"maintenance_year": amounts_answer(leader.maintenance)} if leader.maintenance else {}
        cites = tuple(dict.fromkeys(cite for phase in content.phases for cite in phase.cites))
        return entry | {"citations": self.citations(cites)}

    def _first(self, dose: FirstDose | None) -> dict[str, str] | None:
        if dose is None:
            return None
        return {"on": str(self.answer.on), "substance": dose.substance, "dose": dose.dose, "route": dose.route}
