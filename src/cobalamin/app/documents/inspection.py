"""Answers about files and amounts: `check` and `dose`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from cobalamin.amounts import mass_text
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.types import common
from cobalamin.app.services import cases, shipped, volumes
from cobalamin.errors import Fault, InputError


def fault_answer(fault: Fault) -> common.FaultAnswer:
    return {"file": fault.file, "line": fault.line, "path": fault.path, "message": fault.message}


def check_case(path: Path) -> common.CheckAnswer:
    """Every fault of a case file."""
    try:
        cases.open_case(path)
    except InputError as error:
        return {"file": str(path), "readable": False, "faults": [fault_answer(fault) for fault in error.faults]}
    return {"file": str(path), "readable": True, "faults": []}


def dose_answer(volume: volumes.Volume) -> common.DoseAnswer:
    renderer = Renderer(shipped.library())
    document: dict[str, Any] = {"dose": volume.dose.as_json()}
    if volume.strength is not None:
        document |= {"strength": str(volume.strength), "volume_ml": str(volume.volume_ml)}
    if volume.containers is not None:
        document["whole_containers"] = volume.containers[1]
        document["containers"] = str(volume.containers[0])
    if volume.product is not None:
        document["product"] = volume.product.id
    document["texts"] = {country: mass_text(volume.dose, country) for country in ("GB", "US")}
    document["issues"] = [renderer.issue(issue) for issue in volume.issues]
    return cast(common.DoseAnswer, document)
