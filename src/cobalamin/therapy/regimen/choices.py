"""Settling what a protocol leaves open: each range and alternative is a named person's choice, never a default.

The keys are phase and field (`load_1_count`, `maintenance_interval`); a value outside the published range is refused.
The route is the one thing with a default, the first the source lists, because sources list it as "or".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from cobalamin.amounts import AmountRefused, Mass, read_mass
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.model import Citations, End, Phase, Protocol
from cobalamin.knowledge.vocabulary import INJECTIONS, LEVELS, ROUTE_SHORT, ROUTES, SUBSTANCES
from cobalamin.records import replace
from cobalamin.spans import Span, SpanRefused, read_typed_span
from cobalamin.therapy.case.criteria import evaluate, missing_facts
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import FALSE, UNKNOWN
from cobalamin.therapy.regimen.market import Market

_END_FIELD = {"doses": "count", "duration": "duration", "total": "total"}


class Need(Struct, frozen=True):
    """A choice or fact without which there is no plan. For a choice: its range, or its options."""

    choice: str = ""
    fact: str = ""
    least: Any = None
    most: Any = None
    options: tuple[str, ...] = ()


class ValueLevel(Struct, frozen=True):
    """The level of checking of one value that the plan uses."""

    path: str
    level: str
    cites: Citations


class SettledPhase(Struct, frozen=True):
    """A phase with one substance, route, dose, spacing and end. What the source does not state is None or empty.

    `spacing` is a Span (interval or minimum) or an int (doses a week); `end` a number, Span, Mass or None.
    """

    phase: Phase
    substance: str
    route: str
    dose: Mass | None
    spacing_kind: str
    spacing: Span | int | None
    end_by: str
    end: int | Span | Mass | None
    levels: tuple[ValueLevel, ...]


class Settled(Struct, frozen=True):
    """All phases that belong to this plan, the choices in force, and what is still needed."""

    phases: tuple[SettledPhase, ...]
    choices: dict[str, str]
    needs: tuple[Need, ...]


def choice_keys(phase: Phase) -> tuple[str, ...]:
    """The choices a phase leaves open, in the order they are asked; the route only where it is not the only one."""
    keys = [f"{_key(phase)}_{field}" for field in _open_fields(phase)]
    for option in phase.options:
        keys += [key for key in choice_keys(option) if key not in keys]
    return tuple(keys)


def _open_fields(phase: Phase) -> list[str]:
    if phase.options:
        return ["option"]
    spacing_field = {"per_week": "per_week"}.get(phase.spacing.kind, "interval")
    end_field = _END_FIELD.get(phase.end.by, "")
    return [
        *(["substance"] if len(phase.substances) != 1 else []),
        *(["route"] if len(phase.routes) != 1 else []),
        *(["dose"] if phase.dose.stated and not phase.dose.per_kg and not phase.dose.fixed else []),
        *([spacing_field] if not phase.spacing.fixed else []),
        *([end_field] if end_field and phase.end.least != phase.end.most else []),
    ]


def _key(phase: Phase) -> str:
    return phase.name.replace("-", "_")


def settle(protocol: Protocol, chosen: Mapping[str, str], facts: Facts, market: Market | None = None) -> Settled:
    """The phases of `protocol` for this patient with these choices.

    With a market, a substance or route that the source leaves open must be chosen among the country's products; without
    one (a plan that was accepted, a comparison) it may stay open.
    Raises InputError for a key the protocol does not have and for a value outside its range.
    """
    settling = _Settling(protocol, chosen, facts, market)
    phases = tuple(phase for raw in protocol.phases if (phase := settling.phase(raw)) is not None)
    settling.refuse_unknown_keys()
    if settling.faults:
        raise InputError(settling.faults)
    return Settled(phases, settling.used, tuple(settling.needs))


class _Settling:
    def __init__(self, protocol: Protocol, chosen: Mapping[str, str], facts: Facts, market: Market | None) -> None:
        self.protocol, self.chosen, self.facts, self.market = protocol, chosen, facts, market
        self.used: dict[str, str] = {}
        self.needs: list[Need] = []
        self.faults: list[Fault] = []

    def refuse_unknown_keys(self) -> None:
        allowed = list(dict.fromkeys(key for phase in self.protocol.phases for key in choice_keys(phase)))
        routes = {f"{_key(phase)}_route" for phase in self.protocol.phases}
        for key in self.chosen:
            if key not in allowed and key not in routes:
                listed = ", ".join(allowed) or "none: nothing is left open"
                self._fault(key, f"{self.protocol.id} leaves no choice '{key}'; allowed are {listed}")

    def _fault(self, key: str, message: str) -> None:
        self.faults.append(Fault("choices", 0, key, message))

    def phase(self, phase: Phase) -> SettledPhase | None:
        belongs = evaluate(phase.only_if, self.facts)
        if belongs is FALSE:
            return None
        if belongs is UNKNOWN:
            self.needs += [Need(fact=fact) for fact in missing_facts(phase.only_if, self.facts)]
            return None
        if phase.options:
            key = f"{_key(phase)}_option"
            name = self._one_of(key, tuple(option.option for option in phase.options), required=True)
            picked = next((option for option in phase.options if option.option == name), None)
            return self._settled(phase, picked) if picked else None
        return self._settled(phase, phase)

    def _settled(self, whole: Phase, phase: Phase) -> SettledPhase:
        key = _key(phase)
        levels: list[ValueLevel] = []
        substance = self._substance(phase, key)
        route = self._route(phase, key)
        if phase.substances:
            levels.append(ValueLevel(f"{phase.name}.substance", phase.levels["substance"], phase.cites))
        if phase.routes:
            levels.append(ValueLevel(f"{phase.name}.routes", phase.levels["routes"], phase.cites))
        dose = self._dose(phase, key, levels)
        end = self._end(phase.end, f"{key}_", phase.name, levels)
        # One dose needs no interval, so that the number is asked first where one dose is possible.
        may_be_one = phase.end.by == "doses" and phase.end.least == 1 and not phase.spacing.fixed
        spacing = None if may_be_one and end in (None, 1) else self._spacing(phase, key, levels)
        gate_phase = phase if whole is phase else _with_gate(phase, whole)
        kind = phase.spacing.kind if spacing is not None else "not_stated"
        return SettledPhase(gate_phase, substance, route, dose, kind, spacing, phase.end.by, end, tuple(levels))

    def _substance(self, phase: Phase, key: str) -> str:
        if len(phase.substances) == 1:
            return phase.substances[0]
        key = f"{key}_substance"
        if phase.substances:
            return self._one_of(key, phase.substances, required=True) or ""
        told = self.market.substances(self._routes_chosen(phase)) if self.market else ()
        return self._one_of(key, SUBSTANCES, required=self.market is not None, told=told) or ""

    def _routes_chosen(self, phase: Phase) -> tuple[str, ...]:
        chosen = self.chosen.get(f"{_key(phase)}_route", "")
        return (ROUTE_SHORT.get(chosen, chosen),) if chosen else phase.routes

    def _route(self, phase: Phase, key: str) -> str:
        if not phase.routes:
            told = self.market.routes(self._substances_chosen(phase)) if self.market else ()
            return self._one_of(f"{key}_route", ROUTES, self.market is not None, ROUTE_SHORT, told) or ""
        # Another injection than the source lists can be asked for; whether it may be given is the safety gate's to say.
        allowed = [
            *phase.routes,
            *(route for route in ROUTES if route not in phase.routes and _other_injection(phase, route)),
        ]
        return self._one_of(f"{key}_route", tuple(allowed), required=False, words=ROUTE_SHORT) or phase.routes[0]

    def _substances_chosen(self, phase: Phase) -> tuple[str, ...]:
        chosen = self.chosen.get(f"{_key(phase)}_substance", "")
        return (chosen,) if chosen else phase.substances

    def _one_of(
        self, key: str, options: tuple[str, ...], required: bool, words: Mapping[str, str] | None = None,
        told: tuple[str, ...] = (),
    ) -> str | None:  # fmt: skip
        """The choice among the options; `told`: those of them that are named where it is missing, if not all."""
        text = self.chosen.get(key)
        if text is None:
            if required:
                self.needs.append(Need(choice=key, options=told or options))
            return None
        value = (words or {}).get(text, text)
        if value not in options:
            self._fault(key, f"'{text}' is not one of the options {', '.join(options)}")
            return None
        self.used[key] = value
        return value

    def _dose(self, phase: Phase, key: str, levels: list[ValueLevel]) -> Mass | None:
        rule = phase.dose
        if rule.per_kg is not None:
            levels.append(ValueLevel(f"{phase.name}.dose", rule.levels[0], rule.cites))
            if self.facts.weight_kg is None:
                self.needs.append(Need(fact="weight"))
            return self.facts.dose_per_kg(rule.per_kg)
        if not rule.stated:
            return None
        dose: Mass | None = self._in_range(
            f"{key}_dose", rule.least, rule.most, rule.levels, rule.cites, read_mass, f"{phase.name}.dose", levels
        )
        return dose

    def _spacing(self, phase: Phase, key: str, levels: list[ValueLevel]) -> Span | int | None:
        rule = phase.spacing
        if rule.kind == "not_stated":
            return None
        per_week = rule.kind == "per_week"
        read: Callable[[str], Any] = _whole if per_week else read_typed_span
        field = "per_week" if per_week else "interval"
        path = f"{phase.name}.{rule.kind}"
        spacing: Span | int | None = self._in_range(
            f"{key}_{field}", rule.least, rule.most, rule.levels, rule.cites, read, path, levels
        )
        return spacing

    def _end(self, end: End, prefix: str, name: str, levels: list[ValueLevel]) -> Any:
        field = _END_FIELD.get(end.by)
        if field is None:
            return None
        read: dict[str, Callable[[str], Any]] = {"count": _whole, "duration": read_typed_span, "total": read_mass}
        return self._in_range(
            prefix + field, end.least, end.most, end.levels, end.cites, read[field], f"{name}.{field}", levels
        )

    def _in_range(
        self, key: str, least: Any, most: Any, both: tuple[str, str], cites: Citations,
        read: Callable[[str], Any], path: str, levels: list[ValueLevel],
    ) -> Any:  # fmt: skip
        if least == most:
            levels.append(ValueLevel(path, both[0], cites))
            return least
        if key not in self.chosen:
            self.needs.append(Need(choice=key, least=least, most=most))
            return None
        text = self.chosen[key]
        try:
            value = read(text)
        except (AmountRefused, SpanRefused, ValueError) as error:
            self._fault(key, str(error))
            return None
        if not is_within(value, least, most):
            self._fault(key, f"'{text}' is outside the published range {_range_text(least, most)}")
            return None
        self.used[key] = text
        level = both[0] if value == least else both[1] if value == most else max(both, key=LEVELS.index)
        levels.append(ValueLevel(path, level, cites))
        return value


def _other_injection(phase: Phase, route: str) -> bool:
    return route in INJECTIONS and not INJECTIONS.isdisjoint(phase.routes)


def _with_gate(option: Phase, whole: Phase) -> Phase:
    """An option stands behind the gate of its phase."""
    return replace(option, gate=whole.gate)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise ValueError(f"'{text}' must be a whole number")
    return int(text)


def is_within(value: Any, least: Any, most: Any) -> bool:
    """Whether a value lies in the range; spans of other units only where all their possible lengths do."""
    if isinstance(value, Span):
        low, high = value.day_bounds
        same_as_end = value in (least, most)
        return same_as_end or (
            (least is None or low >= least.day_bounds[0]) and (most is None or high <= most.day_bounds[1])
        )
    size = _size(value)
    return (least is None or size >= _size(least)) and (most is None or size <= _size(most))


def _size(value: int | Mass) -> int:
    return value.nanograms if isinstance(value, Mass) else value


def _range_text(least: Any, most: Any) -> str:
    if least is None:
        return f"up to {most}"
    return f"from {least}" if most is None else f"{least} to {most}"
