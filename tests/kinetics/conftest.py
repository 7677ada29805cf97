"""What the tests of the model share; without numpy there is nothing to test."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")

from cobalamin.kinetics.parameters import Parameters, packaged_parameters


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    return packaged_parameters()
