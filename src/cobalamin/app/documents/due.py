"""`due`, `explain` and `record` as JSON documents."""

from __future__ import annotations

from cobalamin.app.documents.ahead import away_answer, supply_answer
from cobalamin.app.documents.entries import entry_answer
from cobalamin.app.documents.plan import day_answer
from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.app.documents.types import review as answers
from cobalamin.app.documents.types.base import UNSET, UnsetType, given, known
from cobalamin.app.services.confirming import Asked
from cobalamin.app.services.ended import ended
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.leading import leading_sentence
from cobalamin.app.services.questions import command_of
from cobalamin.app.services.reviewing import Due, Entered, Explanation, country_of
from cobalamin.records import replace
from cobalamin.text.messages import Text, in_words, joined
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.events import decides
from cobalamin.therapy.review.due import due_sentence, if_given_sentence, interval_cited
from cobalamin.therapy.review.explain import Explained
from cobalamin.therapy.review.if_given import IfGiven
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review


def led(seen: Review, sentence: Text, plain: bool = False) -> str:
    """What is due, after the worst that is open: whoever shows this one text shows that first."""
    words = seen.library.own_words
    return in_words(joined(leading_sentence(seen.issues, plain, words), sentence), words)


class DueRenderer(ReviewRenderer):
    def due(self, due: Due) -> answers.DueAnswer:
        seen, country = due.review, country_of(due.review)
        interval, cites = interval_cited(seen)
        return answers.DueAnswer(
            on=str(seen.on),
            valid_until=str(seen.valid_until) if seen.valid_until else None,
            sentence=led(seen, due_sentence(seen.outlook, country)),
            plain=led(seen, due_sentence(seen.outlook, country, plain=True), plain=True),
            forecast=self.forecast(seen),
            issues=[self.issue(issue) for issue in seen.issues if issue.interrupts],
            interval=given(self.text(interval)),
            citations=self.citations(cites),
            waits_for=given(
                [
                    answers.WaitsForAnswer(
                        code=each.code, text=self.text(each.text), command=command_of(each, self.library.own_words)
                    )
                    for each in waiting_for(seen)
                ]
            ),
            if_given=self._if_given(due.given) if due.given else UNSET,
            supply=supply_answer(due.supply, self.library.own_words) if due.supply else UNSET,
            away=away_answer(due.away, self.library.own_words, seen.policy) if due.away else UNSET,
            sources=self.sources(),
        )

    def _if_given(self, given_on: IfGiven) -> answers.IfGivenAnswer:
        other, evaluation = given_on.other, given_on.evaluation
        either = () if other is None else (other, replace(given_on, other=None))
        return answers.IfGivenAnswer(
            on=str(given_on.on),
            sentence=self.text(if_given_sentence(given_on)),
            credit=evaluation.credit,
            timing=evaluation.timing,
            flags=list(evaluation.flags),
            days_from_target=known(given_on.days_from_target),
            share_of_interval=UNSET if given_on.share is None else f"{given_on.share} %",
            either=given([self._if_given(each) for each in either]),
            sources_say=[self.reason(reason) for reason in given_on.sources_say],
            window_basis=given_on.window_basis,
            policy=given_on.policy,
            next_target=day_answer(given_on.next_target),
        )

    def explanation(self, answer: Explanation) -> answers.ExplainAnswer:
        return answers.ExplainAnswer(
            asked=answer.asked,
            on=str(answer.review.on),
            found=[self._explained(each) for each in answer.found],
            sources=self.sources(),
        )

    def _explained(self, each: Explained) -> answers.ExplainedAnswer:
        return answers.ExplainedAnswer(
            what=self.text(each.what),
            on=each.on,
            facts=[answers.FactAnswer(fact=name, value=self.text(value)) for name, value in each.facts],
            plan=given(self.text(each.plan)),
            rule=self.text(each.rule),
            arithmetic=given(self.text(each.arithmetic)),
            window=given(self.text(each.window)),
            reasons=[self.reason(reason) for reason in each.reasons],
            citations=self.citations(each.cites),
        )

    def entered(self, entered: Entered) -> answers.RecordAnswer:
        event, after = entered.recorded.event, entered.after
        words = EntryWords(self.library, entered.recorded.before, country_of(after), doses=after.evaluations)
        looked = decides(event, REVIEWED)
        return answers.RecordAnswer(
            event=event.id,
            kind=event.kind,
            date=event.month or str(event.on),
            repeated=entered.recorded.repeated,
            entry=entry_answer(event, words),
            others=given([entry_answer(each, words) for each in entered.recorded.others]),
            written_past=written_past(entered),
            ended=list(ended(self.library, entered.before, after, plain=False)) if looked else UNSET,
            evaluation=self.evaluation(entered.evaluation) if entered.evaluation else UNSET,
            before=self.forecast(entered.before),
            after=self.forecast(after),
            sentence=led(after, due_sentence(after.outlook, country_of(after))),
            issues=[self.issue(issue) for issue in after.issues if issue.interrupts],
            new_issues=[self.issue(issue) for issue in entered.new_issues],
            standing=entered.standing,
            sources=self.sources(),
        )


def written_past(entered: Entered) -> list[answers.DoubtAnswer] | UnsetType:
    """What looked wrong and was confirmed; nothing where nothing did."""
    return doubt_answers(entered.past) if entered.past and entered.past.doubts else UNSET


def doubt_answers(asked: Asked) -> list[answers.DoubtAnswer]:
    """What looks wrong, a code and a sentence each."""
    return [
        answers.DoubtAnswer(code=doubt.code, text=text)
        for doubt, text in zip(asked.doubts, asked.sentences(), strict=True)
    ]
