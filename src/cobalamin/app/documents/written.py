"""What a command wrote, or would write, as JSON: each entry with its content in words, and what it changes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

from cobalamin.app.documents.due import DueRenderer, doubt_answers, written_past
from cobalamin.app.documents.entries import entry_answer
from cobalamin.app.documents.types import review as answers
from cobalamin.app.documents.types.base import UNSET, UnsetType
from cobalamin.app.documents.types.common import IssueAnswer, SourceAnswer
from cobalamin.app.services.confirming import Asked
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.reviewing import Entered, country_of
from cobalamin.app.services.setting import FactsSet
from cobalamin.app.services.taking_back import Taken
from cobalamin.app.services.taking_over import TakenOver
from cobalamin.errors import InvariantBroken
from cobalamin.text.messages import in_words
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.review.due import due_sentence


def asked_answer(asked: Asked) -> answers.AskedAnswer:
    """What looks wrong and what would be written; nothing was."""
    return answers.AskedAnswer(asked=doubt_answers(asked), entries=_entries(asked.events, asked.words()))


def _entries(events: Iterable[Event], words: EntryWords) -> list[answers.EntryAnswer]:
    return [entry_answer(event, words) for event in events]


class WrittenRenderer(DueRenderer):
    """The answers of `set`, `undo` and `take-over`."""

    def facts_set(self, done: FactsSet) -> answers.SetAnswer:
        return answers.SetAnswer(
            written=self._written(done.entered),
            changes=[
                answers.ChangeAnswer(fact=each.fact, before=each.before or None, after=each.after or None)
                for each in done.changes
            ],
            options=UNSET if done.proposals is None else _offered(*done.proposals),
            **self._changed(done.entered),
        )

    def taken_back(self, taken: Taken, entered: Entered) -> answers.TakenBackAnswer:
        return answers.TakenBackAnswer(
            taken_back=_entries(taken.events, self._words(entered)),
            plan=taken.plan.protocol if taken.plan else UNSET,
            written=self._written(entered),
            **self._changed(entered),
        )

    def taken_over(self, done: TakenOver) -> answers.TakeOverAnswer:
        """Of a treatment that was written down."""
        plan, entered = done.accepted, done.entered
        if plan is None or entered is None:
            raise InvariantBroken("a treatment that was not written down has no such answer")
        told = answers.TakenOverPlanAnswer(
            protocol=plan.protocol,
            version=plan.version,
            start=str(plan.start),
            choices=plan.choices,
            assumed=list(done.assumed),
        )
        return answers.TakeOverAnswer(plan=told, written=self._written(entered), **self._changed(entered))

    def _words(self, entered: Entered) -> EntryWords:
        before, after = entered.before, entered.after
        doses = (*after.evaluations, *before.evaluations)
        return EntryWords(self.library, entered.recorded.before, country_of(after), doses=doses)

    def _written(self, entered: Entered) -> list[answers.EntryAnswer]:
        return _entries(entered.recorded.events, self._words(entered))

    def _changed(self, entered: Entered) -> _Changed:
        after = entered.after
        return {
            "written_past": written_past(entered),
            "before": self.forecast(entered.before),
            "after": self.forecast(after),
            "sentence": in_words(due_sentence(after.outlook, country_of(after)), entered.after.library.own_words),
            "new_issues": [self.issue(issue) for issue in entered.new_issues],
            "gone_issues": [self.issue(issue) for issue in entered.gone_issues],
            "standing": entered.standing,
            "sources": self.sources(),
        }


class _Changed(TypedDict):
    """What the three answers have in common."""

    written_past: list[answers.DoubtAnswer] | UnsetType
    before: answers.ForecastAnswer
    after: answers.ForecastAnswer
    sentence: str
    new_issues: list[IssueAnswer]
    gone_issues: list[IssueAnswer]
    standing: int
    sources: list[SourceAnswer]


def _offered(before: Proposal, after: Proposal) -> answers.OfferedAnswer:
    names = ([option.protocol.id for option in proposal.options] for proposal in (before, after))
    return answers.OfferedAnswer(before=next(names), after=next(names))
