"""Tablets alone for a cause that does not go away: acknowledged where it is known, asked where it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import make_plan
from hazards import hazard

HEALTHY = {
    "deficiency": "confirmed",
    "neurological_involvement": "absent",
    "swallowing_difficulty": "absent",
    "adherence_concern": "absent",
    "oral_not_possible": "absent",
}


def tablets(library: Library, case: Case) -> Issue | None:
    """The issue that a plan of tablets for life raises, if any."""
    request = Request(library.protocol("no-oral"), date(2026, 1, 5), {}, library.default_policy, None)
    issues = make_plan(library, case, request, date(2026, 1, 2)).issues
    return next((issue for issue in issues if issue.code == "ORAL_INSUFFICIENT"), None)


@hazard("H12")
@pytest.mark.parametrize("cause", ["pernicious_anaemia", "total_gastrectomy", "ileal_resection"])
def test_tablets_for_a_cause_that_lasts_must_be_acknowledged(
    library: Library, patient: Callable[..., Case], cause: str
) -> None:
    issue = tablets(library, patient(**HEALTHY, cause=cause))
    assert issue is not None
    assert (issue.severity, issue.ask) == ("acknowledge", ())


@hazard("H12")
def test_tablets_without_a_known_cause_ask_for_it(library: Library, patient: Callable[..., Case]) -> None:
    issue = tablets(library, patient(**HEALTHY))
    assert issue is not None
    assert "cause" in issue.ask


def test_tablets_for_a_diet_raise_nothing(library: Library, patient: Callable[..., Case]) -> None:
    assert tablets(library, patient(**HEALTHY, cause="dietary")) is None
