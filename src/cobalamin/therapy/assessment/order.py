"""What to test or ask next, of all steps in the order in which it is done: what is urgent, then what confirms, then the cause."""

from __future__ import annotations

from cobalamin.therapy.assessment.steps import DONE, Coming, Step

_CALM = ("confirm", "severity", "treat", "cause")
_URGENT = ("severity", "confirm", "treat", "cause")  # treatment begins at once: the samples before it do not wait


def what_comes_next(steps: tuple[Step, ...]) -> tuple[Coming, ...]:
    """Signs of the nerves and potassium before everything else, and a search for the cause last."""
    names = _URGENT if any(step.urgent for step in steps) else _CALM
    ordered = sorted(steps, key=lambda step: names.index(step.step))
    found = [each for step in ordered for each in step.next]
    return tuple(sorted(found, key=lambda each: not each.first))


def comes_first(step: Step) -> bool:
    """Whether what a step asks for first goes before what the others ask for."""
    return step.state != DONE and any(each.first for each in step.next[:1])
