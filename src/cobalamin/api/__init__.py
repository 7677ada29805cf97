"""The public functions: `import cobalamin` gives these names and no others.

Each takes plain values and gives a frozen value; none writes a file. The clock is read only where a day is left out
(`on=`). What can't be read is refused with InputError: one sentence a fault, with its place in `.faults`.
"""

from cobalamin.api.arguments import Day, Readable
from cobalamin.api.cases import library, read_case, with_event
from cobalamin.api.decisions import assess, compare, plan, propose, what_if
from cobalamin.api.documents import schema, to_json
from cobalamin.api.panel import Panel, open_panel
from cobalamin.api.search import ask
from cobalamin.api.simulation import simulate
from cobalamin.api.treatment import due, explain, review
from cobalamin.api.words import in_words
from cobalamin.app.services.confirming import Unconfirmed
from cobalamin.app.services.reviewing import Due, Explanation
from cobalamin.app.services.simulation.answer import Simulation
from cobalamin.errors import CobalaminError, Fault, InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.search.answer import SearchResult
from cobalamin.therapy.assessment.assessment import Assessment
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.comparison.comparison import Comparison
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.whatif.whatif import WhatIf

__all__ = [
    "Assessment", "Case", "CobalaminError", "Comparison", "Day", "Due", "Evaluation", "Explanation", "Fault", "InputError", "Issue", "Item",
    "Library", "Panel", "Plan", "Policy", "Proposal", "Readable", "Review", "SearchResult", "Simulation", "Unconfirmed", "WhatIf", "ask", "assess",
    "compare", "due", "explain", "in_words", "library", "open_panel", "plan", "propose", "read_case", "review", "schema", "simulate",
    "to_json", "what_if", "with_event",
]  # fmt: skip
