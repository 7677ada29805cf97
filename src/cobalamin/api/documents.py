"""Answers as the JSON documents of the command line, and their schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cobalamin.api.arguments import library_of, text_of, with_argument_names
from cobalamin.app.documents import json_text
from cobalamin.app.documents.ask import AskRenderer
from cobalamin.app.documents.assess import assess_answer
from cobalamin.app.documents.compare import CompareRenderer
from cobalamin.app.documents.due import DueRenderer
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.app.documents.schemas import schema_of
from cobalamin.app.documents.whatif import WhatIfRenderer
from cobalamin.app.services.reviewing import Due, Explanation
from cobalamin.app.services.simulation.answer import Simulation
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.search.answer import SearchResult
from cobalamin.therapy.assessment.assessment import Assessment
from cobalamin.therapy.comparison.comparison import Comparison
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.whatif.whatif import WhatIf

Answer = (
    Proposal
    | Assessment
    | Plan
    | Comparison
    | WhatIf
    | Review
    | Due
    | Explanation
    | SearchResult
    | Simulation
    | Mapping[str, object]
)


def _simulation(answer: Simulation) -> object:
    from cobalamin.app.documents.simulate import document  # loads numpy

    return document(answer)


_RENDER: dict[type, Callable[[Any], object]] = {
    Proposal: lambda answer: Renderer(answer.library).propose(answer),
    Assessment: lambda answer: assess_answer(Renderer(answer.library), answer),
    Plan: lambda answer: Renderer(answer.library).plan(answer),
    Comparison: lambda answer: CompareRenderer(answer.proposal.library).compare(answer),
    WhatIf: lambda answer: WhatIfRenderer(answer.proposal.library, answer).document(),
    Review: lambda answer: ReviewRenderer(answer.library).review(answer),
    Due: lambda answer: DueRenderer(answer.review.library).due(answer),
    Explanation: lambda answer: DueRenderer(answer.review.library).explanation(answer),
    SearchResult: lambda answer: AskRenderer(answer.library).found(answer),
    Simulation: _simulation,
    dict: dict,
}


@with_argument_names()
def to_json(answer: Answer) -> str:
    """Write an answer as its JSON document: exactly the text that the command with `--json` prints, its last line end too.

    `answer`: what propose, assess, plan, compare, what_if, review, due, explain, ask or simulate gave, or a document of a Panel.
    It is rendered by the library it was made from. Masses are `{"value", "unit", "ug"}`, dates are texts. `schema` gives
    the document's shape.

    Raises InputError for anything else.
    """
    render = next((render for kind, render in _RENDER.items() if isinstance(answer, kind)), None)
    if render is None:
        message = f"takes what propose, plan, review and the like gave, not a value of the type {type(answer).__name__}"
        raise InputError.one("to_json", "", message)
    try:
        return json_text(render(answer))
    except (TypeError, ValueError) as error:
        raise InputError.one("to_json", "", f"this mapping is no document of a Panel: {error}") from None


@with_argument_names()
def schema(name: str, *, library: Library | None = None) -> dict[str, object]:
    """Return the JSON Schema of a document: `"case"`, or `"propose"`, `"plan"`, `"review"` and the other commands.

    The facts and protocols of a case are those of the library. Raises InputError naming the schemas there are.
    """
    return schema_of(text_of(name, "name"), library_of(library))
