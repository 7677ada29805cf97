"""A story of one made-up person, played with the real use cases on a copy of an example in a folder that is given up afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct

from cobalamin.app.services import cases, shipped
from cobalamin.app.services.accepting import accept_plan
from cobalamin.app.services.examples import examples_folder
from cobalamin.app.services.planning import PlanOptions, propose_for
from cobalamin.app.services.recording import event_from_options
from cobalamin.app.services.reviewing import Due, Entered, due_for, record_for
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.proposal import Proposal

EXAMPLE, FILE = "pernicious-anaemia.yaml", "anna.yaml"
BEFORE, START = date(2026, 1, 2), date(2026, 1, 5)
INTERVAL, PRODUCT = "3 mo", "gb-hydroxocobalamin-1mg-1ml"
# Days on which the six loading doses and the first two of maintenance were given; the second of these came late.
GIVEN = ("2026-01-05", "2026-01-07", "2026-01-09", "2026-01-12", "2026-01-14", "2026-01-16", "2026-04-16")
LATE = date(2026, 8, 20)
RESULT = ("result", "2026-08-31", "serum_b12=>1500 ng/L", "reference_range=180-900 ng/L")
ASKED = (date(2026, 9, 1), date(2026, 11, 13))


class Story(Struct, frozen=True):
    """What each command of the story answers."""

    proposal: Proposal
    plan: Plan
    first: Entered
    late: Entered
    high: Entered
    next: Due


def play(folder: Path) -> Story:
    """Play it on a copy of the example in this folder."""
    path = folder / FILE
    path.write_bytes((examples_folder() / EXAMPLE).read_bytes())
    proposal = propose_for(cases.open_case(path), BEFORE)
    lead = proposal.options[0].protocol.id
    options = PlanOptions(lead, START, {"maintenance_interval": INTERVAL}, PRODUCT)
    plan = accept_plan(path, options, "Dr A", {}, BEFORE)
    given = [_entered(path, ("given", day), date.fromisoformat(day)) for day in GIVEN]
    late = _entered(path, ("given", LATE.isoformat()), LATE)
    high = _entered(path, RESULT, date.fromisoformat(RESULT[1]))
    return Story(
        proposal, plan, given[0], late, high, due_for(cases.open_case(path), *ASKED, library=shipped.library())
    )


def _entered(path: Path, words: Sequence[str], on: date) -> Entered:
    return record_for(path, event_from_options(list(words), on), on, confirmed=True)
