"""What was found on a question as its JSON document."""

from __future__ import annotations

from cobalamin.app.documents.due import DueRenderer, led
from cobalamin.app.documents.types import ask as answers
from cobalamin.app.documents.types.base import UNSET, given
from cobalamin.app.services.asking import Asked
from cobalamin.app.services.reviewing import Due, country_of
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.search.answer import Answer, RedFlag, SearchResult, Timing
from cobalamin.therapy.review.due import due_sentence, if_given_sentence


class AskRenderer(DueRenderer):
    def found(self, found: SearchResult) -> answers.AskAnswer:
        words = self.library.own_words
        return answers.AskAnswer(
            question=found.question,
            library=self.library.edition,
            issues=given([self.issue(issue) for issue in found.issues] if isinstance(found, Asked) else []),
            urgent=[self._urgent(flag) for flag in found.urgent],
            timing=self._timing(found.timing, found) if found.timing else UNSET,
            answers=[self._statement(answer) for answer in found.answers],
            disagreements=[self._dispute(entry) for entry in found.disagreements],
            unknown_words=list(found.unknown),
            read_as=given([answers.ReadAsAnswer(word=word, read_as=other) for word, other in found.read_as]),
            nothing_found=words.text(
                found.not_held, about=found.not_held_about, whom=found.whom_to_ask, question=found.nearest
            )
            if found.not_held
            else UNSET,
            danger_line=words.text("ask.danger"),
            sources=self.sources(),
        )

    def _timing(self, timing: Timing, found: SearchResult) -> answers.TimingAnswer:
        due = found.due if isinstance(found, Asked) else None
        return answers.TimingAnswer(
            kind=timing.kind,
            text=timing.text,
            plain=timing.plain,
            basis="software_default",
            own_dates=self._own_dates(due) if due else UNSET,
        )

    def _own_dates(self, due: Due) -> answers.OwnDatesAnswer:
        seen = due.review
        country = country_of(seen)
        return answers.OwnDatesAnswer(
            patient=seen.case.patient.id,
            on=str(seen.on),
            sentence=led(seen, due_sentence(seen.outlook, country)),
            plain=led(seen, due_sentence(seen.outlook, country, plain=True), plain=True),
            if_given=self.text(if_given_sentence(due.given)) if due.given else UNSET,
            forecast=self.forecast(seen),
            citations=self.citations(seen.open_node.cites),
        )

    def _urgent(self, flag: RedFlag) -> answers.UrgentAnswer:
        return answers.UrgentAnswer(
            id=flag.id,
            text=flag.text,
            plain=flag.plain,
            action=flag.action,
            plain_action=flag.plain_action,
            citations=self.citations(flag.cites),
        )

    def _statement(self, answer: Answer) -> answers.StatementAnswer:
        passage = answer.passage
        return answers.StatementAnswer(
            id=passage.id,
            kind=passage.kind,
            text=passage.text,
            plain=passage.plain,
            level=answer.level,
            citations=self.citations(answer.cites),
            against=self.citations(answer.against),
        )

    def _dispute(self, entry: Disagreement) -> answers.DisputeAnswer:
        sides = [
            answers.PositionAnswer(
                position=side.position,
                plain=side.plain,
                protocols=list(side.protocols),
                citations=self.citations(side.cites),
            )
            for side in entry.sides
        ]
        return answers.DisputeAnswer(id=entry.id, topic=entry.topic, cause=entry.cause, sides=sides)
