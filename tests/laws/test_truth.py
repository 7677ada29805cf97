"""Kleene's three-valued logic, row by row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth, all_of, any_of, known, negated

# one, other, one and other, one or other
TABLE = [
    (TRUE, TRUE, TRUE, TRUE),
    (TRUE, UNKNOWN, UNKNOWN, TRUE),
    (TRUE, FALSE, FALSE, TRUE),
    (UNKNOWN, TRUE, UNKNOWN, TRUE),
    (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    (UNKNOWN, FALSE, FALSE, UNKNOWN),
    (FALSE, TRUE, FALSE, TRUE),
    (FALSE, UNKNOWN, FALSE, UNKNOWN),
    (FALSE, FALSE, FALSE, FALSE),
]
truths = st.sampled_from(list(Truth))


def test_the_table_has_every_pair_once() -> None:
    assert {(one, other) for one, other, _, _ in TABLE} == {(one, other) for one in Truth for other in Truth}
    assert len(TABLE) == 9


@pytest.mark.parametrize(("one", "other", "both", "either"), TABLE)
def test_and_and_or_follow_the_nine_rows(one: Truth, other: Truth, both: Truth, either: Truth) -> None:
    assert all_of([one, other]) is both
    assert any_of([one, other]) is either


@pytest.mark.parametrize(("one", "opposite"), [(TRUE, FALSE), (UNKNOWN, UNKNOWN), (FALSE, TRUE)])
def test_not_swaps_true_and_false_and_leaves_unknown(one: Truth, opposite: Truth) -> None:
    assert negated(one) is opposite


def test_nothing_to_fulfil_is_true_and_nothing_to_choose_from_is_false() -> None:
    assert all_of([]) is TRUE
    assert any_of([]) is FALSE


@pytest.mark.parametrize(("value", "truth"), [(True, TRUE), (False, FALSE), (None, UNKNOWN)])
def test_what_nobody_asked_is_unknown_and_never_false(value: bool | None, truth: Truth) -> None:
    assert known(value) is truth


@pytest.mark.parametrize("truth", list(Truth))
def test_a_truth_is_no_python_bool(truth: Truth) -> None:
    with pytest.raises(TypeError):
        bool(truth)
    with pytest.raises(TypeError):
        assert not truth


@given(st.lists(truths))
def test_or_is_and_seen_from_the_other_side(values: list[Truth]) -> None:
    assert any_of(values) is negated(all_of(negated(value) for value in values))


@given(st.lists(truths, min_size=1))
def test_many_statements_fold_pair_by_pair_in_any_order(values: list[Truth]) -> None:
    both, either = values[0], values[0]
    for value in reversed(values[1:]):
        both, either = all_of([both, value]), any_of([either, value])
    assert (all_of(values), any_of(values)) == (both, either)
