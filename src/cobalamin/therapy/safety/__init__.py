"""The safety gate: what must be looked at before a plan is used."""
