"""The loops of `disposition` compiled by numba, where it is installed; the same text, so there is no second meaning."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any

from cobalamin.kinetics import disposition

Follow = Callable[..., None]


@cache
def has_compiler() -> bool:
    """Whether numba (the extra `fast`) can be used: one that does not fit the NumPy beside it is as good as none."""
    try:
        importlib.import_module("numba")
    except (ImportError, OSError):  # OSError: its compiler is a library that can't be loaded
        return False
    return True


def _either(condition: Any, yes: Any, no: Any) -> Any:
    return yes if condition else no


@cache
def compiled_follow() -> Follow:
    """`disposition.follow`, compiled; the machine code is kept by numba where it can write. Raises ImportError."""
    import numba

    functions: dict[str, FunctionType] = {
        name: value for name, value in vars(disposition).items() if isinstance(value, FunctionType)
    }
    functions["select"] = FunctionType(_either.__code__, {}, "select")
    names: dict[str, Any] = dict(vars(disposition))
    for name, function in functions.items():
        own = FunctionType(function.__code__, names, function.__name__)
        names[name] = _decorated(numba, own, name == "follow")
    follow: Follow = names["follow"]
    return follow


def _decorated(numba: Any, function: FunctionType, kept: bool) -> Any:
    """Only the outermost is kept: numba puts the others inside it. Without a place to keep it, it is compiled each time.

    A call inside a loop over people would keep the compiler from doing several of them at once, so all others are inlined.
    """
    try:
        return numba.njit(cache=kept, error_model="numpy", nogil=True, forceinline=not kept)(function)
    except RuntimeError:
        return numba.njit(error_model="numpy", nogil=True)(function)
