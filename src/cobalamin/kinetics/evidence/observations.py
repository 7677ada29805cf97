"""The group summaries that the calibration fits, as data, and the experiment of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import exp
from types import ModuleType

from cobalamin.kinetics.evidence import cohorts, experiments, trials
from cobalamin.kinetics.parameters import Numbers, Parameters, packaged, sources
from cobalamin.knowledge.document import Tree


def _experiments(module: ModuleType) -> dict[str, Callable[..., float]]:
    """The experiments that a module defines, by name."""
    return {name: value for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}


EXPERIMENTS = {
    **_experiments(experiments),
    **_experiments(cohorts),
    **_experiments(trials),
}
FEW = 5  # people a figure is counted as where its source does not tell their number
SEEN, RECALLED = "seen", "recalled"
NINETY = 1.6449  # of the normal distribution
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Observation:
    """One published figure. `people` 0: not told. `scatter`: between people, the standard deviation of the logarithm."""

    id: str
    text: str
    what: str
    arguments: tuple[str | float, ...]
    value: float
    kind: str
    scatter: float
    people: int
    checked: str
    sources: tuple[str, ...]

    @property
    def error(self) -> float:
        """Standard error of the logarithm; twice as large for a figure that was not read in its source."""
        return self.scatter / float((self.people or FEW) ** 0.5) * (1.0 if self.checked == SEEN else 2.0)

    @property
    def study(self) -> str:
        """Where it comes from, with its kind: what a study's own way of measuring would move together."""
        return f"{self.source}, {self.kind}"

    @property
    def source(self) -> str:
        return self.sources[0] if self.sources else RECALLED

    def simulated(self, parameters: Parameters) -> float:
        return EXPERIMENTS[self.what](parameters, *self.arguments)


@cache
def packaged_observations() -> tuple[Observation, ...]:
    """The shipped observations. Raises InputError with every fault."""
    reading = Numbers(packaged("observations.yaml"))
    root = reading.mapping(reading.document.tree, "", ("kinds", "observations"))
    scatter: dict[str, float] = {}
    for path, item in reading.items(root.get("kinds"), "kinds"):
        entry = reading.mapping(item, path, ("id", "scatter"))
        scatter[reading.text(entry.get("id"), f"{path}.id")] = reading.number(entry.get("scatter"), f"{path}.scatter")
    found = [
        _observation(reading, item, path, scatter)
        for path, item in reading.items(root.get("observations"), "observations")
    ]
    reading.finish()
    return tuple(found)


_KEYS = ("id", "text", "what", "arguments", "value", "kind", "people", "checked", "sources")


def _observation(reading: Numbers, tree: Tree, path: str, scatter: dict[str, float]) -> Observation:
    entry = reading.mapping(tree, path, _KEYS)
    kind = reading.word(entry.get("kind"), f"{path}.kind", tuple(scatter)) or ""
    return Observation(
        id=reading.text(entry.get("id"), f"{path}.id"),
        text=reading.text(entry.get("text"), f"{path}.text"),
        what=reading.word(entry.get("what"), f"{path}.what", tuple(EXPERIMENTS)) or "",
        arguments=arguments_of(reading, entry.get("arguments"), f"{path}.arguments"),
        value=reading.number(entry.get("value"), f"{path}.value"),
        kind=kind,
        scatter=scatter.get(kind, 1.0),
        people=int(reading.number(entry.get("people"), f"{path}.people")),
        checked=reading.word(entry.get("checked"), f"{path}.checked", (SEEN, RECALLED)) or RECALLED,
        sources=reading.sources_of(entry.get("sources"), f"{path}.sources", tuple(sources())),
    )


@dataclass(frozen=True)
class Predicted:
    """What a fit without the study of an observation makes of it: the value, and the standard deviation of its logarithm."""

    value: float
    spread: float

    @property
    def ends(self) -> tuple[float, float]:
        """Between which 90 of 100 such figures are expected."""
        return self.value * exp(-NINETY * self.spread), self.value * exp(NINETY * self.spread)

    def holds(self, observed: float) -> bool:
        low, high = self.ends
        return low <= observed <= high


@cache
def packaged_predictions() -> dict[str, Predicted]:
    """The shipped predictions by the id of their observation. Raises InputError with every fault."""
    reading = Numbers(packaged("predicted.yaml"))
    root = reading.mapping(reading.document.tree, "", ("predicted",))
    known = tuple(each.id for each in packaged_observations())
    found: dict[str, Predicted] = {}
    for path, item in reading.items(root.get("predicted"), "predicted"):
        entry = reading.mapping(item, path, ("id", "value", "spread"))
        value, spread = (reading.number(entry.get(key), f"{path}.{key}") for key in ("value", "spread"))
        found[reading.word(entry.get("id"), f"{path}.id", known) or ""] = Predicted(value, spread)
    reading.finish()
    return found


def arguments_of(reading: Numbers, tree: Tree, path: str) -> tuple[str | float, ...]:
    """Numbers as numbers, words as words."""
    return tuple(float(item) if _NUMBER.fullmatch(item) else item for _, item in reading.items(tree, path))
