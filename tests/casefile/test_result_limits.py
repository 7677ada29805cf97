"""The limits by which results and symptoms are read where no source says it: the program's own, and a local policy's."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cobalamin.app.services.shipped import library
from cobalamin.errors import InputError
from cobalamin.knowledge.document import read_document
from cobalamin.knowledge.model import Policy
from cobalamin.knowledge.policies import read_policy
from cobalamin.spans import Span
from hazards import hazard


def local(results: str) -> Policy:
    text = f"policy: elm-street\nowner: Dr A. Example\ndate: 2026-05-01\nresults: {results}\n"
    return read_policy(read_document(text, "local.yaml"), library().default_policy)


def test_what_a_local_policy_leaves_out_stays() -> None:
    own, base = local("{on_treatment: 4 mo, symptom_score: 2}").results, library().default_policy.results
    assert (own.on_treatment, own.symptom_score) == (Span(4, "mo"), 2)
    assert (own.after_dose, own.symptom_rise) == (base.after_dose, base.symptom_rise)
    assert own.potassium_low == base.potassium_low == Decimal("3.5")


@hazard("H43")
def test_a_local_policy_may_alarm_earlier_and_never_later() -> None:
    assert local("{potassium: {low: 3.8 mmol/L, today: 3.2 mmol/L}}").results.potassium_low == Decimal("3.8")
    for key, number in (("low", "3.4"), ("today", "2.9"), ("emergency", "2.4")):
        with pytest.raises(InputError, match=f"results.potassium.{key}"):
            local(f"{{potassium: {{{key}: {number} mmol/L}}}}")


@pytest.mark.parametrize(
    ("results", "path"),
    [
        ("{potassium: {low: low}}", "results.potassium.low"),
        ("{potassium: {low: 3.5}}", "results.potassium.low"),
        ("{potassium: {today: 3.6 mmol/L}}", "results.potassium"),
        ("{symptom_score: 11}", "results.symptom_score"),
        ("{on_treatment: 20 a}", "results.on_treatment"),
        ("{after_dose: soon}", "results.after_dose"),
        ("{unknown: 1}", "results.unknown"),
    ],
)
def test_a_limit_that_is_none_is_told_with_its_path(results: str, path: str) -> None:
    with pytest.raises(InputError) as refused:
        local(results)
    assert {fault.path for fault in refused.value.faults} == {path}
