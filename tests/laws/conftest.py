"""Profiles of Hypothesis: `usual` for every run (the same examples each time), `long` for `./test --all`."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("usual", max_examples=100, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=2000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))
