"""The parameters as data: value, range, spread between people, grade and source of each, and what the calibration made of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from cobalamin.knowledge.document import Document, Tree, read_document
from cobalamin.knowledge.reading import Reading
from cobalamin.records import replace

Floats = NDArray[np.float64]
GRADES, CHECKED = ("A", "B", "C"), ("seen", "recalled", "assumed")
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,12})?")
_PACKAGE = "cobalamin.kinetics"


@dataclass(frozen=True)
class Parameter:
    """One parameter. `spread` and `uncertainty` are standard deviations of the logarithm; `prior` is where its fit began."""

    id: str
    unit: str
    value: float
    least: float
    most: float
    spread: float
    grade: str
    checked: str
    calibrated: bool
    sources: tuple[str, ...]
    text: str
    prior: float
    uncertainty: float = 0.0


@dataclass(frozen=True)
class Parameters:
    """All parameters by id, and how the uncertainties of the calibrated ones go together (a lower triangle)."""

    by_id: dict[str, Parameter]
    calibrated: tuple[str, ...] = ()
    root: Floats | None = None  # Cholesky root of their covariance on the log scale
    between_studies: float = (
        0.0  # standard deviation of the logarithm by which a study moves all its figures of one kind
    )
    of_the_model: float = 0.0  # and of what the model can't follow

    def value(self, name: str) -> float:
        return self.by_id[name].value

    def with_values(self, values: dict[str, float]) -> Parameters:
        """The same with other values, as a calibration tries them."""
        changed = {name: replace(self.by_id[name], value=value) for name, value in values.items()}
        return replace(self, by_id={**self.by_id, **changed})


class Numbers(Reading):
    """Reading a document with decimal numbers."""

    def number(self, tree: Tree, path: str) -> float:
        if isinstance(tree, str) and _NUMBER.fullmatch(tree):
            return float(tree)
        self.fault(path, f"'{tree}' must be a number such as 0.25")
        return 0.0

    def sources_of(self, tree: Tree, path: str, known: tuple[str, ...]) -> tuple[str, ...]:
        return self.words(tree, path, known) if tree is not None else ()


def packaged(name: str) -> Document:
    """One of the data files of this room."""
    return read_document(resources.files(_PACKAGE).joinpath("data", name).read_bytes(), f"kinetics/{name}")


@cache
def sources() -> dict[str, str]:
    """What each source of the model is, by its id."""
    reading = Numbers(packaged("sources.yaml"))
    root = reading.mapping(reading.document.tree, "", ("sources",))
    found: dict[str, str] = {}
    for path, item in reading.items(root.get("sources"), "sources"):
        entry = reading.mapping(item, path, ("id", "text"))
        found[reading.text(entry.get("id"), f"{path}.id")] = reading.text(entry.get("text"), f"{path}.text")
    reading.finish()
    return found


@cache
def packaged_parameters() -> Parameters:
    """The shipped parameters with their calibrated values. Raises InputError with every fault."""
    return calibrated(read_parameters(packaged("parameters.yaml")), packaged("calibrated.yaml"))


def read_parameters(document: Document) -> Parameters:
    """The parameters of a document before any calibration. Raises InputError with every fault."""
    reading = Numbers(document)
    root = reading.mapping(document.tree, "", ("parameters",))
    found = [_parameter(reading, item, path) for path, item in reading.items(root.get("parameters"), "parameters")]
    reading.finish()
    return Parameters({parameter.id: parameter for parameter in found})


_KEYS = ("id", "unit", "value", "least", "most", "spread", "grade", "checked", "sources", "text")


def _parameter(reading: Numbers, tree: Tree, path: str) -> Parameter:
    entry = reading.mapping(tree, path, _KEYS, ("calibrated",))
    value, least, most, spread = (
        reading.number(entry.get(key), f"{path}.{key}") for key in ("value", "least", "most", "spread")
    )
    if not least <= value <= most:
        reading.fault(f"{path}.value", f"must lie in its range {least} to {most}")
    return Parameter(
        id=reading.text(entry.get("id"), f"{path}.id"),
        unit=reading.text(entry.get("unit"), f"{path}.unit"),
        value=value,
        least=least,
        most=most,
        spread=spread,
        grade=reading.word(entry.get("grade"), f"{path}.grade", GRADES) or "C",
        checked=reading.word(entry.get("checked"), f"{path}.checked", CHECKED) or "assumed",
        calibrated=reading.flag(entry, "calibrated", path),
        sources=reading.sources_of(entry.get("sources"), f"{path}.sources", tuple(sources())),
        text=reading.text(entry.get("text"), f"{path}.text"),
        prior=value,
    )


def calibrated(parameters: Parameters, document: Document) -> Parameters:
    """The parameters with the values and uncertainties that the calibration wrote. Raises InputError with every fault."""
    reading = Numbers(document)
    root = reading.mapping(document.tree, "", ("scatter", "values", "correlation"))
    names = ("between_studies", "of_the_model")
    scatter = reading.mapping(root.get("scatter"), "scatter", names)
    studies, model = (reading.number(scatter.get(name), f"scatter.{name}") for name in names)
    changed: dict[str, Parameter] = {}
    for path, item in reading.items(root.get("values"), "values"):
        entry = reading.mapping(item, path, ("id", "value", "uncertainty"))
        name = reading.word(entry.get("id"), f"{path}.id", tuple(parameters.by_id))
        value, doubt = (reading.number(entry.get(key), f"{path}.{key}") for key in ("value", "uncertainty"))
        if name:
            changed[name] = replace(parameters.by_id[name], value=value, uncertainty=doubt)
    rows = [
        [reading.number(cell, f"{path}[{place}]") for place, cell in enumerate(item)]
        for path, item in reading.items(root.get("correlation"), "correlation")
    ]
    if [len(row) for row in rows] != list(range(1, len(changed) + 1)):
        reading.fault("correlation", "must be a lower triangle with a row for each calibrated value")
    reading.finish()
    return Parameters({**parameters.by_id, **changed}, tuple(changed), _root(changed, rows), studies, model)


def _root(changed: dict[str, Parameter], rows: list[list[float]]) -> Floats:
    size = len(rows)
    lower = np.zeros((size, size))
    for place, row in enumerate(rows):
        lower[place, : len(row)] = row
    doubt = np.array([parameter.uncertainty for parameter in changed.values()])
    whole = (lower + lower.T - np.diag(np.diag(lower))) * np.outer(doubt, doubt)
    return np.asarray(np.linalg.cholesky(whole + 1e-9 * np.eye(size)) if size else np.zeros((0, 0)), np.float64)
