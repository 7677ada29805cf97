"""The fold compiled by numba says what the fold in Python says: the same functions, in one namespace where all are compiled."""

from __future__ import annotations

import random
from types import FunctionType
from typing import Any

import numba
import numpy as np

from cobalamin.therapy import fold

from .histories import a_history
from .ladders import WINDOWS, plan_event

HISTORIES = 600
LATER = (0, 1, 15, 90, 900)


def one_namespace() -> dict[str, Any]:
    """Every name of the fold, its functions compiled when they are first called."""
    space = dict(vars(fold))
    for name, value in vars(fold).items():
        if isinstance(value, FunctionType):
            space[name] = numba.njit(FunctionType(value.__code__, space, name))
    return space


def records(rows: tuple[Any, ...]) -> np.ndarray:
    shape = np.dtype([(field, np.int64) for field in rows[0]._fields])
    return np.array([tuple(row) for row in rows], dtype=shape)


def test_the_compiled_fold_says_the_same_as_the_fold() -> None:
    compiled, pick = one_namespace(), random.Random(20).choice
    windows, kinds = records(WINDOWS), set()
    for _ in range(HISTORIES):
        history = a_history(pick)
        rungs, state = records(history.rungs), compiled["start"]()
        events = (plan_event(history.start), *history.events)
        for event, expected in zip(events, history.states, strict=True):
            state = compiled["step"](state, event, rungs, windows)
            assert state == expected
            for days in LATER:
                found = compiled["forecast"](state, rungs, windows, event.day + days)
                assert found == fold.forecast(expected, history.rungs, WINDOWS, event.day + days)
            kinds.add(event.kind)
    assert kinds == set(range(fold.STOP + 1))
