"""Reading the phases of a protocol: substance, routes, dose, spacing, end, gate, options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cobalamin.amounts import Mass
from cobalamin.knowledge.criteria import Context, read_citations, read_criterion
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.model import Citations, DoseRule, End, Gate, Phase, Spacing, best_level
from cobalamin.knowledge.reading import Reading
from cobalamin.knowledge.vocabulary import ENDS, LEVELS, NOT_STATED, ROUTES, SUBSTANCES
from cobalamin.spans import Span

_SPACINGS = ("interval", "per_week", "at_least")
_PHASE_KEYS = (
    "substance", "routes", "dose", "divided", *_SPACINGS, "ends", "gate", "options", "only_if", "about", "cites", "wording",
)  # fmt: skip
_VALUE_KEYS = (
    "value",
    "from",
    "to",
    "at_least",
    "at_most",
    "per_kg",
    "cites",
    "level",
    "from_level",
    "to_level",
    "wording",
)


class PhaseReader:
    """Reads the phases of one protocol; values without citations of their own take those of their phase."""

    def __init__(self, reading: Reading, context: Context) -> None:
        self.reading = reading
        self.context = context

    def read_phases(self, tree: Tree, path: str) -> tuple[Phase, ...]:
        phases = self.reading.each(tree, path, self._read_named)
        names = [phase.name for phase in phases]
        for name in {name for name in names if names.count(name) > 1}:
            self.reading.fault(path, f"two phases are called '{name}'")
        return phases

    def _read_named(self, tree: Tree, path: str) -> Phase | None:
        entry = self.reading.mapping(tree, path, ("name",), _PHASE_KEYS)
        return self._read(entry, path, "") if entry.get("name") else None

    def _read(self, entry: dict[str, Tree], path: str, option: str) -> Phase:
        reading = self.reading
        cites = read_citations(reading, self.context, entry.get("cites", []), f"{path}.cites")
        options: tuple[Phase, ...] = ()
        if "options" in entry and not option:
            options = tuple(
                self._read_option(entry, item, at) for at, item in reading.items(entry["options"], f"{path}.options")
            )
        substances, substance_cites = self._alternatives(entry, "substance", SUBSTANCES, path, cites, bool(options))
        routes, route_cites = self._alternatives(entry, "routes", ROUTES, path, cites, bool(options))
        gate = None
        if "gate" in entry:
            gate_entry = reading.mapping(entry["gate"], f"{path}.gate", ("wording",), ("cites",))
            gate_cites = self._cites(gate_entry, f"{path}.gate", cites)
            gate = Gate(reading.text(gate_entry.get("wording"), f"{path}.gate.wording"), gate_cites)
        return Phase(
            name=reading.text(entry.get("name"), f"{path}.name"),
            option=option,
            substances=substances,
            routes=routes,
            dose=self._dose(entry, path, cites),
            spacing=self._spacing(entry, path, cites, bool(options)),
            end=self._end(entry, path, cites, bool(options)),
            gate=gate,
            only_if=read_criterion(reading, self.context, entry["only_if"], f"{path}.only_if")
            if "only_if" in entry
            else None,
            about=reading.flag(entry, "about", path),
            options=options,
            cites=cites,
            levels={"substance": best_level(substance_cites), "routes": best_level(route_cites)},
        )

    def _read_option(self, phase: dict[str, Tree], tree: Tree, path: str) -> Phase:
        """An option is the phase with the keys that differ laid over it; a new spacing replaces the shared one."""
        entry = self.reading.mapping(tree, path, ("option",), _PHASE_KEYS)
        own = {key: value for key, value in entry.items() if key != "option"}
        shared = {key: value for key, value in phase.items() if key not in ("options", "gate", "only_if")}
        if any(key in own for key in _SPACINGS):
            shared = {key: value for key, value in shared.items() if key not in _SPACINGS}
        return self._read({**shared, **own}, path, self.reading.text(entry.get("option"), f"{path}.option"))

    def _cites(self, entry: dict[str, Tree], path: str, default: Citations) -> Citations:
        if "cites" not in entry:
            return default
        return read_citations(self.reading, self.context, entry["cites"], f"{path}.cites")

    def _alternatives(
        self, entry: dict[str, Tree], key: str, allowed: tuple[str, ...], path: str, cites: Citations, in_options: bool
    ) -> tuple[tuple[str, ...], Citations]:
        at = f"{path}.{key}"
        tree = entry.get(key)
        if tree is None:
            if not in_options:
                self.reading.fault(
                    path, f"the key '{key}' is missing; write {NOT_STATED} where the source does not say"
                )
            return (), cites
        if isinstance(tree, dict):
            value_entry = self.reading.mapping(tree, at, (), ("value", "one_of", "cites", "level"))
            cites = self._lowered(self._cites(value_entry, at, cites), value_entry, at)
            tree = value_entry.get("one_of", value_entry.get("value"))
        if tree == NOT_STATED:
            return (), cites
        return self.reading.words([tree] if isinstance(tree, str) else tree, at, allowed), cites

    def _lowered(self, cites: Citations, entry: dict[str, Tree], path: str) -> Citations:
        if "level" not in entry:
            return cites
        level = self.reading.word(entry["level"], f"{path}.level", LEVELS)
        if level is None:
            return cites
        return tuple(type(cite)(cite.source, max(level, cite.level, key=LEVELS.index), cite.place) for cite in cites)

    def _value(self, tree: Tree, path: str, cites: Citations) -> tuple[dict[str, Tree], Citations, tuple[str, str]]:
        """(entry, citations, levels of both ends) of a scalar or of a mapping with its own citations."""
        entry = (
            {"value": tree}
            if not isinstance(tree, dict)
            else self.reading.mapping(tree, path, (), (*_VALUE_KEYS, "by"))
        )
        cites = self._lowered(self._cites(entry, path, cites), entry, path)
        levels = [best_level(cites)] * 2
        for end, key in enumerate(("from_level", "to_level")):
            if key in entry and (level := self.reading.word(entry[key], f"{path}.{key}", LEVELS)):
                levels[end] = max(level, levels[end], key=LEVELS.index)
        return entry, cites, (levels[0], levels[1])

    def _bounds(self, entry: dict[str, Tree], path: str, read: Callable[[Tree, str], Any]) -> tuple[Any, Any]:
        """(least, most) from value, from/to, at_least or at_most."""
        if "value" in entry:
            value = read(entry["value"], f"{path}.value" if len(entry) > 1 else path)
            return value, value
        least_key = "from" if "from" in entry else "at_least"
        most_key = "to" if "to" in entry else "at_most"
        if least_key not in entry and most_key not in entry:
            self.reading.fault(path, "needs a value, or from and to")
        least = read(entry[least_key], f"{path}.{least_key}") if least_key in entry else None
        most = read(entry[most_key], f"{path}.{most_key}") if most_key in entry else None
        return least, most

    def _dose(self, phase: dict[str, Tree], path: str, cites: Citations) -> DoseRule:
        tree, at = phase.get("dose"), f"{path}.dose"
        divided = self.reading.whole(phase["divided"], f"{path}.divided", 2, 6) or 1 if "divided" in phase else 1
        if tree is None and "options" not in phase:
            self.reading.fault(path, f"the key 'dose' is missing; write {NOT_STATED} where the source does not say")
        entry, cites, levels = self._value(tree, at, cites)
        if tree is None or entry.get("value") == NOT_STATED:
            return DoseRule(None, None, None, divided, cites, levels)
        if "per_kg" in entry:
            return DoseRule(None, None, self.reading.mass(entry["per_kg"], f"{at}.per_kg"), divided, cites, levels)
        least, most = self._bounds(entry, at, self.reading.mass)
        self._ordered(least, most, at, lambda mass: mass.nanograms)
        return DoseRule(least, most, None, divided, cites, levels)

    def _spacing(self, phase: dict[str, Tree], path: str, cites: Citations, in_options: bool) -> Spacing:
        kinds = [key for key in _SPACINGS if key in phase]
        if len(kinds) != 1:
            if not in_options or kinds:
                self.reading.fault(path, f"needs exactly one of {', '.join(_SPACINGS)} (they are different things)")
            return Spacing(NOT_STATED, None, None, cites, ("recalled", "recalled"))
        kind, at = kinds[0], f"{path}.{kinds[0]}"
        entry, cites, levels = self._value(phase[kind], at, cites)
        if entry.get("value") == NOT_STATED:
            return Spacing(NOT_STATED, None, None, cites, levels)
        if kind == "per_week":
            least, most = self._bounds(entry, at, lambda tree, where: self.reading.whole(tree, where, 1, 7))
            self._ordered(least, most, at, int)
        else:
            least, most = self._bounds(entry, at, self._length)
            self._ordered(least, most, at, lambda span: span.day_bounds[0])
        return Spacing(kind, least, most, cites, levels)

    def _length(self, tree: Tree, path: str) -> Span | None:
        return self.reading.span(tree, path, positive=True)

    def _end(self, phase: dict[str, Tree], path: str, cites: Citations, in_options: bool) -> End:
        tree, at = phase.get("ends"), f"{path}.ends"
        if tree is None:
            if not in_options:
                self.reading.fault(
                    path, "the key 'ends' is missing; write {by: not_stated} where the source does not say"
                )
            return End(NOT_STATED, None, None, "", cites, ("recalled", "recalled"))
        if not isinstance(tree, dict) or "by" not in tree:
            self.reading.fault(at, f"must be a mapping with the key 'by': {', '.join(ENDS)}")
            return End(NOT_STATED, None, None, "", cites, ("recalled", "recalled"))
        by = self.reading.word(tree["by"], f"{at}.by", ENDS) or NOT_STATED
        entry, cites, levels = self._value(tree, at, cites)
        wording = self.reading.text(entry["wording"], f"{at}.wording") if "wording" in entry else ""
        readers: dict[str, Callable[[Tree, str], Any]] = {
            "doses": lambda item, where: self.reading.whole(item, where, 1, 1000),
            "duration": self._length,
            "total": self.reading.mass,
        }
        if by not in readers:
            return End(by, None, None, wording, cites, levels)
        least, most = self._bounds({key: value for key, value in entry.items() if key != "by"}, at, readers[by])
        self._ordered(least, most, at, _size)
        return End(by, least, most, wording, cites, levels)

    def _ordered(self, least: Any, most: Any, path: str, size: Callable[[Any], int]) -> None:
        if least is not None and most is not None and size(least) > size(most):
            self.reading.fault(path, f"the range runs backwards: from {least} to {most}")


def _size(value: int | Span | Mass) -> int:
    if isinstance(value, Span):
        return value.day_bounds[0]
    return value.nanograms if isinstance(value, Mass) else value
