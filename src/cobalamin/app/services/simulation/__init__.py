"""`simulate`: from a case or typed regimens to curves."""

from __future__ import annotations

from importlib.util import find_spec

from cobalamin.errors import InputError


def needs_numpy() -> None:
    """Raise InputError where the extra that computes is not installed."""
    if find_spec("numpy") is None:
        message = "numpy is not installed; install it with: pip install 'cobalamin[kinetics]'"
        raise InputError.one("simulate", "", message)
