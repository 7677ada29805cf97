"""What a command wrote, or would write, as JSON: each entry with its content in words, and what it changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from cobalamin.app.documents.due import DueRenderer, country_of, doubt_answers, written_past
from cobalamin.app.documents.entries import entry_answer
from cobalamin.app.documents.types import review as answers
from cobalamin.app.services.confirming import Asked
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.reviewing import Entered
from cobalamin.app.services.setting import FactsSet
from cobalamin.app.services.taking_back import Taken
from cobalamin.app.services.taking_over import TakenOver
from cobalamin.errors import InvariantBroken
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.review.due import due_sentence


def asked_answer(asked: Asked) -> answers.AskedAnswer:
    """What looks wrong and what would be written; nothing was."""
    return {"written": False, "asked": doubt_answers(asked), "entries": _entries(asked.events, asked.words())}


def _entries(events: Iterable[Event], words: EntryWords) -> list[answers.EntryAnswer]:
    return [entry_answer(event, words) for event in events]


class WrittenRenderer(DueRenderer):
    """The answers of `set`, `undo` and `take-over`."""

    def facts_set(self, done: FactsSet) -> answers.SetAnswer:
        changes = [
            {"fact": each.fact, "before": each.before or None, "after": each.after or None} for each in done.changes
        ]
        document: dict[str, Any] = {"written": self._written(done.entered), "changes": changes}
        if done.proposals is not None:
            before, after = (_offered(each) for each in done.proposals)
            document["options"] = {"before": before, "after": after}
        return cast(answers.SetAnswer, document | self._changed(done.entered))

    def taken_back(self, taken: Taken, entered: Entered) -> answers.TakenBackAnswer:
        words = self._words(entered)
        document: dict[str, Any] = {"taken_back": _entries(taken.events, words)}
        document |= {"plan": taken.plan.protocol} if taken.plan else {}
        document["written"] = self._written(entered)
        return cast(answers.TakenBackAnswer, document | self._changed(entered))

    def taken_over(self, done: TakenOver) -> answers.TakeOverAnswer:
        """Of a treatment that was written down."""
        plan, entered = done.accepted, done.entered
        if plan is None or entered is None:
            raise InvariantBroken("a treatment that was not written down has no such answer")
        document: dict[str, Any] = {
            "plan": {
                "protocol": plan.protocol, "version": plan.version, "start": str(plan.start), "choices": plan.choices,
                "assumed": list(done.assumed),
            },
            "written": self._written(entered),
        }  # fmt: skip
        return cast(answers.TakeOverAnswer, document | self._changed(entered))

    def _words(self, entered: Entered) -> EntryWords:
        before, after = entered.before, entered.after
        doses = (*after.evaluations, *before.evaluations)
        return EntryWords(self.library, entered.recorded.before, country_of(after), doses=doses)

    def _written(self, entered: Entered) -> list[answers.EntryAnswer]:
        return _entries(entered.recorded.events, self._words(entered))

    def _changed(self, entered: Entered) -> dict[str, Any]:
        after = entered.after
        return {
            **written_past(entered),
            "before": self.forecast(entered.before),
            "after": self.forecast(after),
            "sentence": due_sentence(after.outlook, country_of(after)),
            "new_issues": [self.issue(issue) for issue in entered.new_issues],
            "gone_issues": [self.issue(issue) for issue in entered.gone_issues],
            "standing": entered.standing,
            "sources": self.sources(),
            "signed_off": False,
        }


def _offered(proposal: Proposal) -> list[str]:
    return [option.protocol.id for option in proposal.options]
