"""What was found on a question as its JSON document."""

from __future__ import annotations

from typing import Any, cast

from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.types import ask as answers
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.words import ENGLISH
from cobalamin.search.answer import Answer, RedFlag, SearchResult


class AskRenderer(Renderer):
    def found(self, found: SearchResult) -> answers.AskAnswer:
        document: dict[str, Any] = {
            "question": found.question,
            "library": self.library.edition,
            "urgent": [self._urgent(flag) for flag in found.urgent],
            "answers": [self._statement(answer) for answer in found.answers],
            "disagreements": [self._dispute(entry) for entry in found.disagreements],
            "unknown_words": list(found.unknown),
        }
        document |= {"nothing_found": self.library.words(ENGLISH).text("ask.nothing")} if found.empty else {}
        return cast(answers.AskAnswer, document | {"sources": self.sources(), "signed_off": False})

    def _urgent(self, flag: RedFlag) -> answers.UrgentAnswer:
        return {
            "id": flag.id,
            "text": flag.text,
            "plain": flag.plain,
            "action": flag.action,
            "plain_action": flag.plain_action,
            "citations": self.citations(flag.cites),
        }

    def _statement(self, answer: Answer) -> answers.StatementAnswer:
        passage = answer.passage
        document: dict[str, Any] = {
            "id": passage.id,
            "kind": passage.kind,
            "text": passage.text,
            "plain": passage.plain,
            "level": answer.level,
            "citations": self.citations(answer.cites),
            "against": self.citations(answer.against),
        }
        return cast(answers.StatementAnswer, document)

    def _dispute(self, entry: Disagreement) -> answers.DisputeAnswer:
        sides: list[answers.PositionAnswer] = [
            {
                "position": side.position,
                "plain": side.plain,
                "protocols": list(side.protocols),
                "citations": self.citations(side.cites),
            }
            for side in entry.sides
        ]
        return cast(answers.DisputeAnswer, {"id": entry.id, "topic": entry.topic, "cause": entry.cause, "sides": sides})
