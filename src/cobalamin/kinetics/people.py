"""The people of a simulation: one random draw is one person for the whole history, the same in every regimen and reading.

A person is drawn from the parameters' doubt (what the calibration left open) and from the spread between people. A parameter
that stands for each form (`ka_cn`, `ka_oh`) deviates in a person by one factor.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cobalamin.kinetics import disposition
from cobalamin.kinetics.chance import normals
from cobalamin.kinetics.doses import Body, Course
from cobalamin.kinetics.parameters import Parameters
from cobalamin.kinetics.timetable import Carried, Timetable, Way
from cobalamin.records import replace

Floats = NDArray[np.float64]
RETAINED, LATE_LOSS = "retained", "late_loss"
READINGS = (RETAINED, LATE_LOSS)  # of how much hydroxocobalamin stays: both fit a part of the evidence (reference, 3.4)
WEIGHT = 70.0  # kg, to which the volume refers
LITRES_A_DAY = 1.44  # of 1 mL/min
FOOD = "cyanocobalamin"  # whose disposition what is eaten follows, whatever is given: of all forms it loses least
LEAST_STORE = 20.0  # micrograms; below it no level is read
_SUFFIX = {"cyanocobalamin": "cn", "hydroxocobalamin": "oh", "mecobalamin": "me"}
_EACH = ("_cn", "_oh", "_me", "_present", "_absent")


@dataclass(frozen=True)
class People:
    """Parameters of each person by name, what is known of the body, and the reading."""

    values: dict[str, Floats]
    body: Body
    reading: str
    level: Floats  # factor by which the level at the start was misread
    count: int

    def __getitem__(self, name: str) -> Floats:
        return self.values[name]

    @property
    def gfr(self) -> Floats:
        return self["gfr_normal"] if self.body.gfr is None else np.full(self.count, self.body.gfr)

    @property
    def volume(self) -> Floats:
        return self["volume"] * ((self.body.weight or WEIGHT) / WEIGHT)

    @property
    def store_loss(self) -> Floats:
        present, absent, kept = self["ks_present"], self["ks_absent"], self.body.absorption
        return absent + (present - absent) * kept

    @property
    def eaten(self) -> Floats:
        """Micrograms of food's vitamin that enter in a day: the usual amount, but never more than holds the level at the start.

        Whoever has a low level while nothing is given takes in no more than keeps it there; else the level would heal by
        itself (hazard H55). The usual amount, with absorption and diet whole, keeps a healthy person's store even. It does not
        depend on what is going to be given: one person is the same in every regimen and reading.
        """
        usual = self.body.absorption * self.body.diet * self["ks_present"] * self["store_healthy"]
        return np.minimum(usual, self._balanced_pool * self._emptying)

    @property
    def _balanced_pool(self) -> Floats:
        """Micrograms in the exchangeable pool that refill what the store loses, at the level or the store of the start."""
        into_store = self["kes"] / self.store_loss
        if self.body.serum is None:
            return self._stored / into_store
        per_pool = self["theta_e"] + self["theta_s"] * into_store + self._free_share * 1000.0 / self.volume
        return self.body.serum * self.level / per_pool

    @property
    def _stored(self) -> Floats:
        return self["store_deficient"] if self.body.deficient else self["store_healthy"]

    @property
    def _emptying(self) -> Floats:
        """The rate a day by which the exchangeable pool loses for good what food brings."""
        lost, _, out, back, _ = self.returning(FOOD)
        return out - back * (1.0 - lost)

    @property
    def _free_share(self) -> Floats:
        """Micrograms free for each microgram of food's vitamin in the exchangeable pool."""
        _, quick, _, back, _ = self.returning(FOOD)
        return back / quick

    def lane(self, form: str) -> Floats:
        """The rows of `disposition` for one form."""
        own, disposed = _SUFFIX[form], "oh" if form == "hydroxocobalamin" else "cn"
        extra = self["extra_oh"] if self.reading == LATE_LOSS and disposed == "oh" else 0.0
        back = self[f"kb_{disposed}"]
        rows = [
            self[f"ka_{disposed}"],
            self[f"fu_{own}"] * self.gfr * LITRES_A_DAY / self.volume,
            self["held_share"] * self["km"],
            self[f"kup_{disposed}"],
            self["vmax"],
            self["km"],
            back,
            self["kes"],
            back + self["kes"] + extra,
        ]
        return np.array(rows)

    def returning(self, form: str) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """While little is free: the part of what returns to the free pool that the urine takes, and the rate by which the free
        pool empties; then KOUT, KB and KES of the form."""
        lane = self.lane(form)
        kept = lane[disposition.KUP] + lane[disposition.VMAX] / self["km"]
        lost = lane[disposition.KR] * (1.0 - lane[disposition.HELD] / self["km"])
        return lost / (lost + kept), lost + kept, lane[disposition.KOUT], lane[disposition.KB], lane[disposition.KES]

    def start(self) -> tuple[Floats, Floats, Floats]:
        """(free, exchangeable, store) in micrograms before anything is given: the small pools even with what is eaten, the
        store what the level leaves for it; where that is more than what is eaten refills, the level falls."""
        pool = self.eaten / self._emptying
        free = self._free_share * pool
        if self.body.serum is None:
            return free, pool, np.maximum(self._stored, LEAST_STORE)
        level = self.body.serum * self.level - self["theta_e"] * pool - 1000.0 * free / self.volume
        return free, pool, np.maximum(level / self["theta_s"], LEAST_STORE)

    def only(self, chosen: NDArray[np.bool_]) -> People:
        """Some of the people."""
        values = {name: each[chosen] for name, each in self.values.items()}
        return replace(self, values=values, level=self.level[chosen], count=int(chosen.sum()))


def typical(parameters: Parameters, body: Body, reading: str = RETAINED) -> People:
    """One person with the value of every parameter."""
    values = {name: np.array([each.value]) for name, each in parameters.by_id.items()}
    return People(values, body, reading, np.ones(1), 1)


def draw(
    parameters: Parameters, body: Body, reading: str, seed: int, first: int, count: int, doubt: bool = True
) -> People:
    """`count` people from number `first`. Without `doubt`, people differ but the typical values are taken as known."""
    names = list(parameters.by_id)
    deviating = list(dict.fromkeys(_shared(name) for name in names))
    chance = normals(seed, first, count, len(deviating) + len(parameters.calibrated) + 1)
    own = dict(zip(deviating, chance, strict=False))
    open_ = _together(parameters.root, chance[len(deviating) : -1])
    values: dict[str, Floats] = {}
    for name, each in parameters.by_id.items():
        middle = np.full(count, each.value)
        if doubt and name in parameters.calibrated:
            fitted = each.value * np.exp(open_[parameters.calibrated.index(name)])
            middle = np.clip(fitted, each.least, each.most)  # the fit can't tell beyond the plausible range either
        values[name] = middle * np.exp(each.spread * own[_shared(name)])
    level = np.exp(parameters.value("assay") * chance[-1])
    return People(values, body, reading, level, count)


def _together(root: Floats | None, chance: Floats) -> list[Floats]:
    """root times chance, added in one order: a library's product rounds otherwise for another number of people."""
    if root is None:
        return []
    found = []
    for row in root:
        total = np.zeros(chance.shape[1])
        for weight, each in zip(row, chance, strict=True):
            total = total + weight * each
        found.append(total)
    return found


def _shared(name: str) -> str:
    """Which deviation of a person a parameter follows."""
    return next((name.removesuffix(end) for end in _EACH if name.endswith(end)), name)


# -- what of a dose enters -----------------------------------------------------------------------------------------------


def absorbed_parts(people: People, table: Timetable) -> Floats:
    """The part of a dose that enters each person, a row for each way; for what is carried, micrograms."""
    carried = carried_amounts(people, table.carried)
    rows = [carried[way.carried] if way.kind == "carried" else _part(people, way) for way in table.ways]
    return np.array(rows).reshape(len(rows), people.count)


def _part(people: People, way: Way) -> Floats:
    match way.kind:
        case "passive":
            return passive_part(people, way.with_food)
        case "nasal":
            return np.minimum(people["f_nasal"], 1.0)
    return np.ones(people.count)


def passive_part(people: People, with_food: bool) -> Floats:
    return np.minimum(people["f_passive"] * (people["with_food"] if with_food else 1.0), 1.0)


def carried_amounts(people: People, carried: tuple[Carried, ...]) -> list[Floats]:
    """Micrograms that intrinsic factor carries from each dose; what one dose took recovers until the next."""
    found: list[Floats] = []
    ready = np.ones(people.count)
    for dose in carried:
        ready = 1.0 - (1.0 - ready) * _not_yet(people, dose.since) if found else ready
        full = dose.amount / (people["d50"] + dose.amount)
        found.append(np.minimum(people.body.absorption * people["amax"] * full * ready, dose.amount))
        ready = ready * (1.0 - full)
    return found


def _not_yet(people: People, days: float) -> Floats:
    return np.asarray(np.exp2(-days * 24.0 / people["recovery"]))


def streams(people: People, table: Timetable, even: dict[Course, Floats]) -> Floats:
    """Micrograms a day into the free pool and the exchangeable pool: rows of the timetable, pools, lanes, people.

    `even`: of each course, what its even stream brings into the free pool. Without what is eaten (`engine.with_untreated`).
    """
    found = np.zeros((len(table.running), 2, len(table.forms), people.count))
    for row, running in enumerate(table.running):
        for stream in running:
            pool = carried_stream(people, stream.course)
            found[row, 0, stream.lane] += even[stream.course]
            found[row, 1, stream.lane] += pool
    return found


def absorbed(people: People, course: Course) -> Floats:
    """Micrograms of one dose of a course that reach the free pool by passive diffusion, or through the nose."""
    part = np.minimum(people["f_nasal"], 1.0) if course.route == "nasal" else passive_part(people, course.with_food)
    return course.amount * part


def carried_stream(people: People, course: Course) -> Floats:
    """Micrograms a day that intrinsic factor carries of a course that has gone on for a while."""
    if course.route == "nasal":
        return np.zeros(people.count)
    full = course.amount / (people["d50"] + course.amount)
    not_yet = _not_yet(people, course.every)
    ready = (1.0 - not_yet) / (1.0 - not_yet * (1.0 - full))
    return np.minimum(people.body.absorption * people["amax"] * full * ready, course.amount) / course.every
