"""The group summaries that the calibration fits, as data, and the experiment of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from cobalamin.kinetics import experiments, experiments_more
from cobalamin.kinetics.parameters import Numbers, Parameters, packaged, sources
from cobalamin.knowledge.document import Tree


def _experiments(module: ModuleType) -> dict[str, Callable[..., float]]:
    """The experiments that a module defines, by name."""
    return {name: value for name, value in vars(module).items() if getattr(value, "__module__", "") == module.__name__}


EXPERIMENTS = {**_experiments(experiments), **_experiments(experiments_more)}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Observation:
    """One published figure; `error` is the standard deviation of its logarithm within the study."""

    id: str
    what: str
    arguments: tuple[str | float, ...]
    value: float
    error: float
    sources: tuple[str, ...]

    def simulated(self, parameters: Parameters) -> float:
        return EXPERIMENTS[self.what](parameters, *self.arguments)


@cache
def packaged_observations() -> tuple[Observation, ...]:
    """The shipped observations. Raises InputError with every fault."""
    reading = Numbers(packaged("observations.yaml"))
    root = reading.mapping(reading.document.tree, "", ("observations",))
    found = [
        _observation(reading, item, path) for path, item in reading.items(root.get("observations"), "observations")
    ]
    reading.finish()
    return tuple(found)


def _observation(reading: Numbers, tree: Tree, path: str) -> Observation:
    entry = reading.mapping(tree, path, ("id", "what", "arguments", "value", "error", "sources"))
    return Observation(
        id=reading.text(entry.get("id"), f"{path}.id"),
        what=reading.word(entry.get("what"), f"{path}.what", tuple(EXPERIMENTS)) or "",
        arguments=arguments_of(reading, entry.get("arguments"), f"{path}.arguments"),
        value=reading.number(entry.get("value"), f"{path}.value"),
        error=reading.number(entry.get("error"), f"{path}.error"),
        sources=reading.sources_of(entry.get("sources"), f"{path}.sources", tuple(sources())),
    )


def arguments_of(reading: Numbers, tree: Tree, path: str) -> tuple[str | float, ...]:
    """Numbers as numbers, words as words."""
    return tuple(float(item) if _NUMBER.fullmatch(item) else item for _, item in reading.items(tree, path))
