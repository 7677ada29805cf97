"""What `simulate` answers. Needs no numpy, so that the types have a name in every install."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from cobalamin.therapy.case.case import Case

if TYPE_CHECKING:  # their modules load numpy
    from cobalamin.app.services.simulation.body import Mark, SimulateOptions
    from cobalamin.app.services.simulation.given import Given, Remark
    from cobalamin.app.services.simulation.moments import Moment
    from cobalamin.kinetics.simulation import Asked, Simulated

AS_PLANNED = "plan"  # what `--compare` names the plan as it is


@dataclass(frozen=True)
class Compared:
    scenario: str
    given: tuple[Given, ...]
    simulated: tuple[Simulated, ...]


@dataclass(frozen=True)
class Simulation:
    """What `simulate` answers."""

    case: Case | None
    scenario: str
    on: date
    begin: date
    until: date
    stop: date | None
    options: SimulateOptions
    asked: Asked
    given: tuple[Given, ...]
    simulated: tuple[Simulated, ...]
    marks: tuple[Mark, ...] = ()
    compared: tuple[Compared, ...] = field(default=())
    remarks: tuple[Remark, ...] = ()
    at: tuple[Moment, ...] = ()

    def day(self, on: date) -> float:
        return float((on - self.begin).days)

    def date_of(self, day: float) -> date:
        """The date of a day of the simulation; hours after midnight are still that day."""
        return self.begin + timedelta(days=int(day + 1e-9))
