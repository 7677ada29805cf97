"""Every validation target: what was observed, what the model gives, the band, and a verdict where the figure was checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from cobalamin.kinetics.evidence.observations import EXPERIMENTS, arguments_of
from cobalamin.kinetics.parameters import Numbers, Parameters, packaged, sources
from cobalamin.knowledge.document import Tree

WITHIN, OUTSIDE, NO_VERDICT = "within", "outside", "no verdict"


@dataclass(frozen=True)
class Target:
    """One figure. `checked` recalled: its source was not read, so it is shown without a verdict. `bounds`: the calibration was
    kept inside its band."""

    number: int
    text: str
    what: str
    arguments: tuple[str | float, ...]
    unit: str
    observed: str
    least: float | None
    most: float | None
    checked: str
    provisional: bool
    bounds: bool
    sources: tuple[str, ...]

    def verdict(self, simulated: float) -> str:
        if self.checked != "seen":
            return NO_VERDICT
        low = self.least is not None and simulated < self.least
        high = self.most is not None and simulated > self.most
        return OUTSIDE if low or high else WITHIN

    @property
    def band(self) -> str:
        if self.least is None or self.most is None:
            if self.most is not None:
                return f"up to {self.most:g}"
            return f"from {self.least:g}" if self.least is not None else ""
        return f"{_short(self.least)} to {_short(self.most)}"


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


@dataclass(frozen=True)
class Judged:
    target: Target
    simulated: float
    verdict: str


def judged(parameters: Parameters) -> tuple[Judged, ...]:
    """Every target run on the model."""
    found = []
    for target in packaged_targets("targets"):
        simulated = EXPERIMENTS[target.what](parameters, *target.arguments)
        found.append(Judged(target, simulated, target.verdict(simulated)))
    return tuple(found)


@cache
def packaged_targets(section: str) -> tuple[Target, ...]:
    """The shipped targets, those of the second reading, or the others. Raises InputError with every fault."""
    reading = Numbers(packaged("targets.yaml"))
    root = reading.mapping(reading.document.tree, "", ("targets", "second_reading", "others"))
    found = [_target(reading, item, path) for path, item in reading.items(root.get(section), section)]
    reading.finish()
    return tuple(found)


_REQUIRED = ("number", "text", "what", "arguments", "unit", "observed", "sources")


def _target(reading: Numbers, tree: Tree, path: str) -> Target:
    entry = reading.mapping(tree, path, _REQUIRED, ("least", "most", "checked", "provisional", "bounds"))
    ends = [reading.number(entry[key], f"{path}.{key}") if key in entry else None for key in ("least", "most")]
    checked = reading.word(entry.get("checked", "recalled"), f"{path}.checked", ("seen", "recalled"))
    return Target(
        number=reading.whole(entry.get("number"), f"{path}.number") or 0,
        text=reading.text(entry.get("text"), f"{path}.text"),
        what=reading.word(entry.get("what"), f"{path}.what", tuple(EXPERIMENTS)) or "",
        arguments=arguments_of(reading, entry.get("arguments"), f"{path}.arguments"),
        unit=str(entry.get("unit", "")),
        observed=reading.text(entry.get("observed"), f"{path}.observed"),
        least=ends[0],
        most=ends[1],
        checked=checked or "recalled",
        provisional=reading.flag(entry, "provisional", path),
        bounds=reading.flag(entry, "bounds", path),
        sources=reading.sources_of(entry.get("sources"), f"{path}.sources", tuple(sources())),
    )
