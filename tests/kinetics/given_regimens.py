"""Regimens and people that the tests of the model share."""

from __future__ import annotations

from cobalamin.kinetics.doses import Body, Dose, Regimen

CN, OH, ME, IM = "cyanocobalamin", "hydroxocobalamin", "mecobalamin", "intramuscular"
LOADED = (0.0, 2.0, 4.0, 7.0, 9.0, 11.0, 95.0, 180.0)
PERNICIOUS = Body(absorption=0.0, serum=95.0)


def injected(form: str, amount: float = 1000.0, times: tuple[float, ...] = LOADED, route: str = IM) -> Regimen:
    return Regimen(tuple(Dose(time, amount, form, route) for time in times))
