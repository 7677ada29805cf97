"""`due`, `explain` and `record` as JSON documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from cobalamin.app.documents.entries import entry_answer
from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.app.documents.types import review as answers
from cobalamin.app.services.confirming import Asked
from cobalamin.app.services.ended import ended
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.reviewing import Due, Entered, Explanation
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.events import decides
from cobalamin.therapy.review.due import due_sentence, if_given_sentence, interval_cited
from cobalamin.therapy.review.explain import Explained
from cobalamin.therapy.review.if_given import IfGiven
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words.leading import leading_sentence


def country_of(review: Review) -> str:
    return review.case.patient.country or (review.plan.content.country if review.plan else "")


def _led(seen: Review, sentence: str, plain: bool = False) -> str:
    """What is due, after the worst that is open: whoever shows this one text shows that first."""
    return f"{leading_sentence(seen.issues, plain)} {sentence}".strip()


class DueRenderer(ReviewRenderer):
    def due(self, due: Due) -> answers.DueAnswer:
        seen, country = due.review, country_of(due.review)
        document: dict[str, Any] = {
            "on": str(seen.on),
            "valid_until": str(seen.valid_until) if seen.valid_until else None,
            "sentence": _led(seen, due_sentence(seen.outlook, country)),
            "plain": _led(seen, due_sentence(seen.outlook, country, plain=True), plain=True),
            "forecast": self.forecast(seen),
            "issues": [self.issue(issue) for issue in seen.issues if issue.interrupts],
        }
        interval, cites = interval_cited(seen)
        document |= {"interval": interval} if interval else {}
        document["citations"] = self.citations(cites)
        if waiting := waiting_for(seen):
            document["waits_for"] = [
                {"code": each.code, "text": each.text, "command": each.command} for each in waiting
            ]
        document |= {"if_given": self._if_given(due.given)} if due.given else {}
        return cast(answers.DueAnswer, document | {"sources": self.sources(), "signed_off": False})

    def _if_given(self, given: IfGiven) -> dict[str, Any]:
        document: dict[str, Any] = {
            "on": str(given.on), "sentence": if_given_sentence(given), "credit": given.evaluation.credit,
            "timing": given.evaluation.timing, "flags": list(given.evaluation.flags),
        }  # fmt: skip
        document |= {"days_from_target": given.days_from_target} if given.days_from_target is not None else {}
        document |= {"share_of_interval": f"{given.share} %"} if given.share is not None else {}
        if given.other is not None:
            document["either"] = [self._if_given(each) for each in (given.other, replace(given, other=None))]
        document["sources_say"] = [self.reason(reason) for reason in given.sources_say]
        document |= {"window_basis": given.window_basis, "policy": given.policy}
        return document | ({"next_target": str(given.next_target)} if given.next_target else {})

    def explanation(self, answer: Explanation) -> answers.ExplainAnswer:
        found = [self._explained(each) for each in answer.found]
        document = {"asked": answer.asked, "on": str(answer.review.on), "found": found}
        return cast(answers.ExplainAnswer, document | {"sources": self.sources(), "signed_off": False})

    def _explained(self, each: Explained) -> dict[str, Any]:
        document: dict[str, Any] = {
            "what": each.what, "on": each.on, "facts": [{"fact": name, "value": value} for name, value in each.facts],
        }  # fmt: skip
        document |= {"plan": each.plan} if each.plan else {}
        document["rule"] = each.rule
        document |= {"arithmetic": each.arithmetic} if each.arithmetic else {}
        document |= {"window": each.window} if each.window else {}
        reasons = [self.reason(reason) for reason in each.reasons]
        return document | {"reasons": reasons, "citations": self.citations(each.cites)}

    def entered(self, entered: Entered) -> answers.RecordAnswer:
        event, after = entered.recorded.event, entered.after
        document: dict[str, Any] = {
            "event": event.id, "kind": event.kind, "date": event.month or str(event.on), "repeated": entered.recorded.repeated,
        }  # fmt: skip
        words = EntryWords(self.library, entered.recorded.before, country_of(after), doses=after.evaluations)
        document["entry"] = entry_answer(event, words)
        document |= written_past(entered)
        if decides(event, REVIEWED):
            document["ended"] = list(ended(self.library, entered.before, after, plain=False))
        document |= {"evaluation": self.evaluation(entered.evaluation)} if entered.evaluation else {}
        document |= {"before": self.forecast(entered.before), "after": self.forecast(after)}
        document["sentence"] = _led(after, due_sentence(after.outlook, country_of(after)))
        document["issues"] = [self.issue(issue) for issue in after.issues if issue.interrupts]
        document["new_issues"] = [self.issue(issue) for issue in entered.new_issues]
        document["standing"] = entered.standing
        return cast(answers.RecordAnswer, document | {"sources": self.sources(), "signed_off": False})


def written_past(entered: Entered) -> dict[str, list[answers.DoubtAnswer]]:
    """What looked wrong and was confirmed; nothing where nothing did."""
    return {"written_past": doubt_answers(entered.past)} if entered.past and entered.past.doubts else {}


def doubt_answers(asked: Asked) -> list[answers.DoubtAnswer]:
    """What looks wrong, a code and a sentence each."""
    return [
        answers.DoubtAnswer(code=doubt.code, text=text)
        for doubt, text in zip(asked.doubts, asked.sentences(), strict=True)
    ]
