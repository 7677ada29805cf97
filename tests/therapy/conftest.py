"""What the tests of the response share: a patient who was asked everything, and a judge of records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from blood_results import INJECTED, ON, ONE_DOSE, Judging

from cobalamin.knowledge.library import Library
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.response.response import GivenDose, Response, judge_response


@pytest.fixture
def facts(patient: Callable[..., Case]) -> Facts:
    return facts_of(patient(), ON)


@pytest.fixture
def respond(library: Library, facts: Facts) -> Judging:
    def judge(
        *record: Event,
        doses: tuple[GivenDose, ...] = ONE_DOSE,
        routes: frozenset[str] = INJECTED,
        known: Facts = facts,
        on: date = ON,
    ) -> Response:
        return judge_response(library, known, record, doses, routes, on)

    return judge
