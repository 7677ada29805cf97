"""`assess`: confirm, cause, severity, treat, for a case file and for what is proposed to a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cobalamin.app.services import shipped
from cobalamin.app.services.cases import open_case
from cobalamin.therapy.assessment.assessment import Assessment, Step, assess, steps_of
from cobalamin.therapy.proposal.proposal import Proposal


def assess_case(path: Path, on: date) -> Assessment:
    """The assessment of the case in a file, as known on a day. Raises InputError."""
    return assess(shipped.library(), open_case(path), on)


def steps_beside(proposal: Proposal) -> tuple[Step, ...]:
    """The four steps of the person to whom something is proposed, of the same day and library."""
    return steps_of(proposal.library, proposal.case, proposal.on)
