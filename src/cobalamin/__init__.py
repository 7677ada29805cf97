"""cobalamin: published vitamin B12 replacement protocols as a patient's dated, cited schedule.

The names of `__all__` are the public interface (docs/python.md); everything else may change without notice. They are
loaded when the first of them is asked for, so `import cobalamin` alone reads no library and loads no other package.
"""

from importlib import import_module as _import_module

__version__ = "0.1.0"

__all__ = [
    "Assessment",
    "Case",
    "CobalaminError",
    "Comparison",
    "Due",
    "Evaluation",
    "Explanation",
    "Fault",
    "InputError",
    "Issue",
    "Item",
    "Library",
    "Panel",
    "Plan",
    "Policy",
    "Proposal",
    "Review",
    "SearchResult",
    "Simulation",
    "Unconfirmed",
    "WhatIf",
    "__version__",
    "ask",
    "assess",
    "compare",
    "due",
    "explain",
    "in_words",
    "library",
    "open_panel",
    "plan",
    "propose",
    "read_case",
    "review",
    "schema",
    "simulate",
    "to_json",
    "what_if",
    "with_event",
]

TYPE_CHECKING = False  # as `typing` has it, without loading it: until Ctrl+C has a quiet end nothing is loaded
if TYPE_CHECKING:  # what mypy and editors see; the same names are loaded below
    from cobalamin.api import (
        Assessment,
        Case,
        CobalaminError,
        Comparison,
        Due,
        Evaluation,
        Explanation,
        Fault,
        InputError,
        Issue,
        Item,
        Library,
        Panel,
        Plan,
        Policy,
        Proposal,
        Review,
        SearchResult,
        Simulation,
        Unconfirmed,
        WhatIf,
        ask,
        assess,
        compare,
        due,
        explain,
        in_words,
        library,
        open_panel,
        plan,
        propose,
        read_case,
        review,
        schema,
        simulate,
        to_json,
        what_if,
        with_event,
    )
else:

    def __getattr__(name):
        if name not in __all__:
            raise AttributeError(f"module 'cobalamin' has no attribute {name!r}")
        globals()[name] = value = getattr(_import_module("cobalamin.api"), name)
        return value

    def __dir__():
        return list(__all__)

    del TYPE_CHECKING  # no name of the interface
