"""The mark that ties a test to a hazard of the hazard log, safety/hazards.yaml: `@hazard("H11")`."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

LOG = Path(__file__).parents[1] / "safety" / "hazards.yaml"
KNOWN = frozenset(entry["id"] for entry in yaml.safe_load(LOG.read_text("utf-8")))


def hazard(hazard_id: str) -> pytest.MarkDecorator:
    """Mark a test that must fail if the control against this hazard is removed. Raises ValueError for an unknown id."""
    if hazard_id not in KNOWN:
        raise ValueError(f"there is no hazard {hazard_id} in {LOG.name}")
    return pytest.mark.hazard(hazard_id)
