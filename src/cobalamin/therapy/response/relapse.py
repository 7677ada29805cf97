"""Relapse: a value that has fallen from the best one reached since treatment first began, not from the first ever.

Two results, on two days, comparable: the same method, and the same laboratory where both name one. A result of which a
clinician said that its unit is wrong, or that can't be right, is neither (hazard H42).
"""

from __future__ import annotations

from functools import reduce

from cobalamin.therapy.response.values import ABOVE, BELOW, FALLEN, RISEN, Result, comparable, direction_of

# Which way is better. A level of the vitamin is left out: it is highest after an injection, and says nothing of a relapse.
_BETTER = {
    "haemoglobin": RISEN, "haematocrit": RISEN, "platelets": RISEN, "mcv": FALLEN, "mma": FALLEN, "homocysteine": FALLEN,
}  # fmt: skip


def worse_side(marker: str) -> str:
    """On which side of its range a deficiency puts a marker; empty where it is no sign of one."""
    return {RISEN: BELOW, FALLEN: ABOVE}.get(_BETTER.get(marker, ""), "")


def best_before(result: Result, since: tuple[Result, ...]) -> Result | None:
    """The best comparable result on an earlier day, of those since treatment first began; of equal ones the first."""
    better = _BETTER.get(result.marker)
    earlier = [
        entry
        for entry in since
        if entry.marker == result.marker and entry.on < result.days[0] and comparable(entry, result)
    ]
    if better is None or not earlier:
        return None
    return reduce(lambda best, entry: entry if direction_of(best.value, entry.value) == better else best, earlier)


def has_fallen(best: Result, result: Result) -> bool:
    """Whether a result is certainly worse than the best one."""
    change = direction_of(best.value, result.value)
    return change in (RISEN, FALLEN) and change != _BETTER[result.marker]
