"""Faults of what is simulated, told by date, and by the file or the option they come from, not by a day of the simulation."""

from __future__ import annotations

import re
from datetime import date, timedelta

from cobalamin.app.services.simulation.body import Mark, SimulateOptions
from cobalamin.app.services.simulation.given import Given
from cobalamin.errors import Fault, InputError
from cobalamin.kinetics.simulation import Asked, check

_DAY = re.compile(r"^(the dose on|the course from) day ([0-9]+)\b")
# Beginnings of the model's own sentences about the person: the option, the marker of a result, the field of a case file.
_KNOWN = {
    "the weight": ("weight", "", "facts.weight"),
    "the GFR": ("gfr", "egfr", "record"),
    "the serum B12": ("serum", "serum_b12", "record"),
    "the haemoglobin": ("haemoglobin", "haemoglobin", "record"),
}


def check_told(
    asked: Asked, given: tuple[Given, ...], begin: date, options: SimulateOptions, file: str,
    before: list[Mark], option: str = "--scenario",
) -> None:  # fmt: skip
    """Raises InputError naming every fault, before anything is computed. `option`: where a typed regimen stands."""
    try:
        check(asked)
    except InputError as error:
        faults = [_of_dose(each, given, begin, file, option) for each in error.faults]
        raise InputError([_of_person(each, options, file, before) for each in faults]) from None


def _of_dose(fault: Fault, given: tuple[Given, ...], begin: date, file: str, option: str) -> Fault:
    match = _DAY.match(fault.message)
    if match is None:
        return fault
    on = begin + timedelta(days=int(match.group(2)))
    typed = not any(each.on == on and each.of_case for each in given)
    return Fault(option if typed else file, 0, "", f"{match.group(1)} {on}{fault.message[match.end() :]}")


def _of_person(fault: Fault, options: SimulateOptions, file: str, before: list[Mark]) -> Fault:
    for words, (option, marker, place) in _KNOWN.items():
        if not fault.message.startswith(words):
            continue
        if getattr(options, option) is not None or not file:
            return Fault(f"--{option}", 0, "", fault.message)
        days = [mark.on for mark in before if mark.marker == marker and not mark.comparator]
        told = f"{fault.message} (the result of {days[-1]})" if days else fault.message
        return Fault(file, 0, place, told)
    return fault
