"""The mark that ties a test to a hazard of the hazard log: `@hazard("H11")`."""

from __future__ import annotations

import pytest

KNOWN = frozenset(f"H{number:02d}" for number in (*range(1, 39), *range(50, 55)))


def hazard(hazard_id: str) -> pytest.MarkDecorator:
    """Marks a test that must fail if the control against this hazard is removed."""
    if hazard_id not in KNOWN:
        raise ValueError(f"there is no hazard {hazard_id}")
    return pytest.mark.hazard(hazard_id)
