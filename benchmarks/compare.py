"""`compare` and `whatif` in process, beside `propose` in the same run; their documents and the picture for themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from measure import EXAMPLE, seconds, table

from cobalamin.app.documents.compare import CompareRenderer
from cobalamin.app.documents.whatif import WhatIfRenderer
from cobalamin.app.pictures.timeline import TWO_YEARS, timeline
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.shipped import library
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case, Fact, Patient
from cobalamin.therapy.comparison.comparison import Asked, compare
from cobalamin.therapy.proposal.proposal import propose
from cobalamin.therapy.whatif.whatif import what_if

ON, START = date(2026, 1, 2), date(2026, 1, 5)
FOUR = ("uk-bnf-noneuro", "uk-oh-smpc-noneuro", "us-cn-pa", "us-oh-def")


def main() -> None:
    shipped, case = library(), open_case(EXAMPLE)
    nobody = Case(Patient("x", None, "", "GB"))
    unasked = {"neurological_involvement", "anaemia", "optic_disease", "allergy_cobalt", "folic_acid", "absorption"}
    six = replace(case, facts=(*(fact for fact in case.facts if fact.name not in unasked), *_answered(unasked, case)))
    all_options = Asked(START, shipped.default_policy)
    four = Asked(START, shipped.default_policy, FOUR, only_named=True)
    drawn = compare(shipped, case, replace(all_options, axis=TWO_YEARS), ON)

    def whole(asked: Asked) -> Callable[[], object]:
        return lambda: compare(shipped, case, asked, ON).differences

    once, nothing = seconds(lambda: propose(shipped, case, ON)), seconds(lambda: propose(shipped, nobody, ON))
    options = len(drawn.proposal.options)
    answer = what_if(shipped, nobody, ON)
    rows = [("propose, in process", f"{once * 1000:.2f} ms", f"about whom nothing is known {nothing * 1000:.2f} ms")]
    for what, work, beside in (
        ("compare, 4 protocols, with differences", whole(four), once),
        (f"compare, all {options} options, with differences", whole(all_options), once),
        ("its JSON document", lambda: CompareRenderer(shipped).compare(drawn), once),
        ("its picture", lambda: timeline(shipped, drawn, case.patient.id), once),
        ("whatif, the example", lambda: what_if(shipped, case, ON), once),
        ("whatif, six facts that matter, all combinations", lambda: what_if(shipped, six, ON), once),
        ("whatif, nothing known, 28 facts in pairs", lambda: what_if(shipped, nobody, ON), nothing),
        ("its JSON document", lambda: WhatIfRenderer(shipped, answer).document(), nothing),
    ):
        taken = seconds(work, runs=15)
        rows.append((what, f"{taken * 1000:.1f} ms", f"ratio to propose {taken / beside:.1f}"))
    table("compare and whatif", rows)


def _answered(unasked: set[str], case: Case) -> list[Fact]:
    """Everything else, so that just these facts are unset."""
    answers = {
        "preterm": "absent", "weight": "60 kg", "ileal_resection_length": "10 cm", "cause_resolved": "absent", "vegan": "absent",
        "swallowing_difficulty": "absent", "adherence_concern": "absent", "folate_status": "normal", "preferred_route": "injection",
        "oral_not_possible": "absent", "b12_before_folate": "tested",
    }  # fmt: skip
    known = {fact.name for fact in case.facts}
    return [Fact(name, value) for name, value in answers.items() if name not in known and name not in unasked]


if __name__ == "__main__":
    main()
