"""Fit the kinetic model to the published group summaries and write the values with their doubt into the data.

    python tools/calibrate_kinetics.py [--write]

Least squares on the logarithm of every observation, each weighted by its own error and by the scatter between studies, which
is estimated from what remains (three rounds, from the median); every calibrated parameter has a weak prior (its plausible range is taken as two
standard deviations of a log-normal) and stays inside its range. The doubt is the inverse of the curvature. Needs scipy; runs for some minutes.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from cobalamin.kinetics.observations import Observation, packaged_observations
from cobalamin.kinetics.parameters import Parameters, packaged, read_parameters

TARGET = Path(__file__).parents[1] / "src" / "cobalamin" / "kinetics" / "data" / "calibrated.yaml"
Floats = NDArray[np.float64]
ROUNDS = 3
LEAST_BETWEEN = 0.08


class Fit:
    """The residuals: observations first, priors after them."""

    def __init__(self) -> None:
        self.start: Parameters = read_parameters(packaged("parameters.yaml"))
        self.names = [each.id for each in self.start.by_id.values() if each.calibrated]
        self.observations: tuple[Observation, ...] = packaged_observations()
        fitted = [self.start.by_id[name] for name in self.names]
        self.low, self.high = (np.log([getattr(each, end) for each in fitted]) for end in ("least", "most"))
        self.prior = np.log([each.prior for each in fitted])
        self.prior_width = np.maximum(self.high - self.low, 0.2) / 2
        self.between = 0.1

    def parameters(self, point: Floats) -> Parameters:
        return self.start.with_values(dict(zip(self.names, np.exp(point).tolist(), strict=True)))

    def misfits(self, point: Floats) -> Floats:
        parameters = self.parameters(point)
        return np.array([np.log(max(each.simulated(parameters), 1e-6) / each.value) for each in self.observations])

    def residuals(self, point: Floats) -> Floats:
        width = np.sqrt(np.array([each.error for each in self.observations]) ** 2 + self.between**2)
        return np.concatenate([self.misfits(point) / width, (point - self.prior) / self.prior_width])

    def run(self) -> tuple[Floats, Floats]:
        """(logarithms of the values, their covariance)"""
        point = np.clip(self.prior, self.low + 1e-6, self.high - 1e-6)
        for _ in range(ROUNDS):
            found = least_squares(
                self.residuals, point, bounds=(self.low, self.high), diff_step=1e-4, xtol=1e-5, ftol=1e-5, max_nfev=20
            )
            point = found.x
            self._rescale(point)
            told(f"  scatter between studies {self.between:.3f}, cost {found.cost:.2f}, {found.nfev} evaluations")
        curvature: Floats = found.jac.T @ found.jac
        return point, np.linalg.inv(curvature)

    def _rescale(self, point: Floats) -> None:
        """The scatter between studies is the median misfit, so that one figure that contradicts others loosens nothing else."""
        self.between = max(float(np.median(np.abs(self.misfits(point)))), LEAST_BETWEEN)


def text_of(names: list[str], point: Floats, covariance: Floats) -> str:
    doubt = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(doubt, doubt)
    lines = ["# Written by tools/calibrate_kinetics.py. Do not edit by hand.", "values:"]
    for place, name in enumerate(names):
        lines.append(f"- {{id: {name}, value: {np.exp(point[place]):.6g}, uncertainty: {doubt[place]:.3f}}}")
    lines.append("correlation: # of the logarithms, lower triangle, in the order above")
    for place in range(len(names)):
        lines.append(f"- [{', '.join(f'{cell:.4f}' for cell in correlation[place, : place + 1])}]")
    return "\n".join(lines) + "\n"


def told(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help="write the values into the data")
    write = asked.parse_args().write
    begin, fit = time.monotonic(), Fit()
    point, covariance = fit.run()
    parameters = fit.parameters(point)
    for each in fit.observations:
        simulated = each.simulated(parameters)
        told(f"  {each.id:20} observed {each.value:8.3g} simulated {simulated:8.3g} ratio {simulated / each.value:.2f}")
    for place, name in enumerate(fit.names):
        edge = " (at its bound)" if min(point[place] - fit.low[place], fit.high[place] - point[place]) < 1e-3 else ""
        told(f"  {name:12} {np.exp(point[place]):8.4g} from {np.exp(fit.prior[place]):8.4g}{edge}")
    if write:
        TARGET.write_text(text_of(fit.names, point, covariance), "utf-8")
    told(f"{time.monotonic() - begin:.0f} s; {'written into ' + str(TARGET) if write else 'nothing written (--write)'}")


if __name__ == "__main__":
    main()
