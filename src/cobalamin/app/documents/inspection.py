"""Answers about files and amounts: `check` and `dose`."""

from __future__ import annotations

from pathlib import Path

from cobalamin.amounts import mass_text
from cobalamin.app.documents.plan import Renderer, mass_answer
from cobalamin.app.documents.types import common
from cobalamin.app.documents.types.base import UNSET
from cobalamin.app.services import cases, shipped, volumes
from cobalamin.errors import Fault, InputError
from cobalamin.records import replace


def fault_answer(fault: Fault) -> common.FaultAnswer:
    return common.FaultAnswer(file=fault.file, line=fault.line, path=fault.path, message=fault.message)


def check_case(path: Path, named: str = "") -> common.CheckAnswer:
    """Every fault of a case file; `named`: what the file is called in the answer."""
    file = named or str(path)
    try:
        cases.open_case(path)
    except InputError as error:
        faults = [fault_answer(replace(fault, file=named or fault.file)) for fault in error.faults]
        return common.CheckAnswer(file=file, readable=False, faults=faults)
    return common.CheckAnswer(file=file, readable=True, faults=[])


def dose_answer(volume: volumes.Volume) -> common.DoseAnswer:
    renderer = Renderer(shipped.library())
    count, whole = volume.containers or (None, UNSET)
    return common.DoseAnswer(
        dose=mass_answer(volume.dose),
        strength=UNSET if volume.strength is None else str(volume.strength),
        volume_ml=UNSET if volume.strength is None else str(volume.volume_ml),
        whole_containers=whole,
        containers=UNSET if count is None else str(count),
        product=volume.product.id if volume.product else UNSET,
        texts={country: mass_text(volume.dose, country) for country in ("GB", "US")},
        issues=[renderer.issue(issue) for issue in volume.issues],
    )
