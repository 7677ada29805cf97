"""Fit the kinetic model to the published group summaries and write the values with their doubt into the data.

    python tools/calibrate_kinetics.py [--write] [--predict [SOURCE ...]]

Least squares on the logarithm of every observation. Errors within a study follow one rule (`observations.yaml`). Two more are
estimated from what remains, by maximum likelihood in three rounds: what a study moves all its figures of one kind by, and what
the model can't follow. Every calibrated parameter has a weak prior (its plausible range is two standard deviations of a
log-normal either way) and stays in its range; the bands of the targets marked `bounds` are kept to. The doubt is the inverse of
the curvature of observations and priors; the bands add nothing to it. `--predict`: every source is left out in turn, with its
bands, and its figures are predicted by a fit to the rest. Needs scipy; the fit runs for some minutes, `--predict` for half an hour.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares, minimize

from cobalamin.kinetics.evidence.observations import (
    EXPERIMENTS,
    Observation,
    Predicted,
    packaged_observations,
    packaged_predictions,
)
from cobalamin.kinetics.evidence.validation import Target, packaged_targets
from cobalamin.kinetics.parameters import Parameters, packaged, read_parameters

DATA = Path(__file__).parents[1] / "src" / "cobalamin" / "kinetics" / "data"
Floats = NDArray[np.float64]
ROUNDS = 3
NEAR, HARD = (
    0.02,
    0.01,
)  # a band is kept to from inside by so much; a hundredth beyond that weighs as one standard error
SCATTERS = (0.03, 1.0)  # between which the two estimated ones are looked for
BLOOD = "red_"  # its parameters and observations know nothing of the others, which saves most of the work
STEP = 1e-4


class Fit:
    """Residuals and slopes: observations first, then priors, then bands."""

    def __init__(self, without: str = "", scatters: tuple[float, float] = (0.1, 0.15)) -> None:
        self.start: Parameters = read_parameters(packaged("parameters.yaml"))
        fitted = [each for each in self.start.by_id.values() if each.calibrated]
        self.names = [each.id for each in fitted]
        self.observations = [each for each in packaged_observations() if each.source != without]
        self.bands = [each for each in packaged_targets("targets") if each.bounds and without not in each.sources]
        self.low, self.high = (np.log([getattr(each, end) for each in fitted]) for end in ("least", "most"))
        self.prior = np.log([each.prior for each in fitted])
        self.prior_width = np.maximum(self.high - self.low, 0.2) / 2
        self.errors = np.array([each.error for each in self.observations])
        studies = [each.study for each in self.observations]
        self.together = np.array([[one == other for other in studies] for one in studies], float)
        self.scatters = scatters

    @property
    def whitening(self) -> Floats:
        """What makes the misfits independent with a variance of one."""
        return np.asarray(np.linalg.inv(np.linalg.cholesky(self._covariance(*self.scatters))))

    def _covariance(self, study: float, model: float) -> Floats:
        return np.diag(self.errors**2 + model**2) + study**2 * self.together

    def parameters(self, point: Floats) -> Parameters:
        return self.start.with_values(dict(zip(self.names, np.exp(point).tolist(), strict=True)))

    def figures(self, point: Floats, blood: bool | None = None) -> Floats:
        """Misfits of the observations, then excesses over the bands. `blood`: of these alone, or of the others; the rest is 0."""
        parameters = self.parameters(point)
        wanted: list[tuple[bool, Callable[[], float]]] = [
            *((each.id.startswith("blood"), lambda each=each: misfit(each, parameters)) for each in self.observations),
            *((is_blood(each), lambda each=each: excess(each, parameters)) for each in self.bands),
        ]
        return np.array([work() if blood is None or blood == own else 0.0 for own, work in wanted])

    def slopes(self, point: Floats) -> Floats:
        """How `figures` change with each parameter."""
        found = np.zeros((len(self.observations) + len(self.bands), len(self.names)))
        middle = {blood: self.figures(point, blood) for blood in (True, False)}
        for place, name in enumerate(self.names):
            blood, moved = name.startswith(BLOOD), point.copy()
            moved[place] += STEP if point[place] + STEP < self.high[place] else -STEP
            found[:, place] = (self.figures(moved, blood) - middle[blood]) / (moved[place] - point[place])
        return found

    def run(self, point: Floats | None = None, rounds: int = ROUNDS) -> tuple[Floats, Floats]:
        """(logarithms of the values, their covariance)"""
        inside = 1e-6
        found = np.clip(self.prior if point is None else point, self.low + inside, self.high - inside)
        for _ in range(rounds):
            solved = least_squares(
                self.residuals, found, self.jacobian, (self.low, self.high), xtol=1e-5, ftol=1e-5, max_nfev=40
            )
            found = solved.x
            if rounds > 1:
                self.scatters = self._likeliest(self.figures(found)[: len(self.observations)])
            told(
                f"  cost {solved.cost:.2f}, {solved.nfev} evaluations, studies {self.scatters[0]:.3f}, model {self.scatters[1]:.3f}"
            )
        free = self.jacobian(found)[: len(self.observations) + len(self.names)]
        return found, np.linalg.inv(free.T @ free)

    def residuals(self, point: Floats) -> Floats:
        """Observations whitened, priors, excesses over the bands: what the fit makes small."""
        figures, count = self.figures(point), len(self.observations)
        return np.concatenate(
            [self.whitening @ figures[:count], (point - self.prior) / self.prior_width, figures[count:] / HARD]
        )

    def jacobian(self, point: Floats) -> Floats:
        slopes, count = self.slopes(point), len(self.observations)
        return np.concatenate([self.whitening @ slopes[:count], np.diag(1.0 / self.prior_width), slopes[count:] / HARD])

    def _likeliest(self, misfits: Floats) -> tuple[float, float]:
        def unlikely(point: Floats) -> float:
            whole = self._covariance(*np.exp(point))
            return float(np.linalg.slogdet(whole)[1] + misfits @ np.linalg.solve(whole, misfits))

        limits = [tuple(np.log(SCATTERS))] * 2
        study, model = np.exp(minimize(unlikely, np.log(self.scatters), method="Nelder-Mead", bounds=limits).x)
        return float(study), float(model)

    def spread(self, each: Observation, point: Floats, covariance: Floats) -> float:
        """Standard deviation of the logarithm of a figure that was not fitted, at the place of its prediction."""
        middle, slopes = misfit(each, self.parameters(point)), []
        for place in range(len(point)):
            moved = point.copy()
            moved[place] += STEP
            slopes.append((misfit(each, self.parameters(moved)) - middle) / STEP)
        slope = np.array(slopes)
        study, model = self.scatters
        return float(np.sqrt(slope @ covariance @ slope + each.error**2 + study**2 + model**2))


def misfit(each: Observation, parameters: Parameters) -> float:
    return float(np.log(min(max(each.simulated(parameters), 1e-6), 1e6) / each.value))


def is_blood(target: Target) -> bool:
    return target.what in ("peak_day", "weeks_to")


def excess(target: Target, parameters: Parameters) -> float:
    """By how much a figure leaves its band, narrowed a little, on the log scale."""
    value = min(max(EXPERIMENTS[target.what](parameters, *target.arguments), 1e-6), 1e6)
    under = np.log(target.least * (1 + NEAR) / value) if target.least else 0.0
    over = np.log(value / (target.most * (1 - NEAR))) if target.most else 0.0
    return float(max(over, 0.0) - max(under, 0.0))


# -- what is written -----------------------------------------------------------------------------------------------------


def calibrated_text(fit: Fit, point: Floats, covariance: Floats) -> str:
    doubt = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(doubt, doubt)
    lines = [
        "# Written by tools/calibrate_kinetics.py. Do not edit by hand.",
        "scatter: # standard deviations of the logarithm",
    ]
    lines += [
        f"  {what}: {value:.3f}" for what, value in zip(("between_studies", "of_the_model"), fit.scatters, strict=True)
    ]
    lines.append("values:")
    for place, name in enumerate(fit.names):
        lines.append(f"- {{id: {name}, value: {np.exp(point[place]):.6g}, uncertainty: {doubt[place]:.3f}}}")
    lines.append("correlation: # of the logarithms, lower triangle, in the order above")
    for place in range(len(fit.names)):
        lines.append(f"- [{', '.join(f'{cell + 0.0:.4f}' for cell in correlation[place, : place + 1])}]")
    return "\n".join(lines) + "\n"


def predicted_text(whole: Fit, point: Floats, only: list[str]) -> str:
    """Every observation as a fit without its source predicts it; of sources that are not in `only` (if it names any) as before."""
    lines = ["# Written by tools/calibrate_kinetics.py. Do not edit by hand.", "predicted:"]
    found = {} if not only else dict(packaged_predictions())
    for source in dict.fromkeys(each.source for each in whole.observations):
        if only and source not in only:
            continue
        told(f"without {source}")
        fit = Fit(source, whole.scatters)
        without, covariance = fit.run(point, rounds=1)
        for each in whole.observations:
            if each.source == source:
                value, spread = each.simulated(fit.parameters(without)), fit.spread(each, without, covariance)
                found[each.id] = Predicted(value, spread)
                told(f"  {each.id:20} observed {each.value:8.3g} predicted {value:8.3g}, spread {spread:.2f}")
    lines += [f"- {{id: {name}, value: {each.value:.4g}, spread: {each.spread:.3f}}}" for name, each in found.items()]
    return "\n".join(lines) + "\n"


def told(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def tell_fit(fit: Fit, point: Floats) -> None:
    for each, found in zip(fit.observations, fit.figures(point)[: len(fit.observations)], strict=True):
        told(
            f"  {each.id:20} observed {each.value:8.3g} fitted {each.value * np.exp(found):8.3g} ratio {np.exp(found):.2f}"
        )
    for place, name in enumerate(fit.names):
        edge = " (at its bound)" if min(point[place] - fit.low[place], fit.high[place] - point[place]) < 1e-3 else ""
        told(f"  {name:18} {np.exp(point[place]):8.4g} from {np.exp(fit.prior[place]):8.4g}{edge}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--write", action="store_true", help="write the values into the data")
    asked.add_argument(
        "--predict", nargs="*", metavar="SOURCE", help="also leave every source out in turn, or these only"
    )
    chosen = asked.parse_args()
    begin, fit = time.monotonic(), Fit()
    point, covariance = fit.run()
    tell_fit(fit, point)
    texts = {"calibrated.yaml": lambda: calibrated_text(fit, point, covariance)}
    if chosen.predict is not None:
        texts["predicted.yaml"] = lambda: predicted_text(fit, point, chosen.predict)
    for name, text in texts.items():
        made = text()
        if chosen.write:
            (DATA / name).write_text(made, "utf-8")
    told(
        f"{time.monotonic() - begin:.0f} s; {', '.join(texts)} {'written' if chosen.write else 'not written (--write)'}"
    )


if __name__ == "__main__":
    main()
