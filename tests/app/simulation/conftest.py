"""The use case `simulate`; without numpy there is nothing to test."""

from __future__ import annotations

import pytest

pytest.importorskip("numpy")
