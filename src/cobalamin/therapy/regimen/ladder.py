"""A protocol version with its choices, the policy and the facts that shape it, compiled to the rungs of the fold.

For injections a published duration becomes a number of doses, shown as derived: in the first phase the doses that fall
in [start, start + duration), later those in (last dose, last dose + duration]. So a missed dose never shortens a course.
Phases by mouth end by the calendar.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from cobalamin.amounts import Mass
from cobalamin.knowledge.model import Policy
from cobalamin.knowledge.vocabulary import COURSE_ROUTES, ROUTES, SUBSTANCES
from cobalamin.spans import Span
from cobalamin.therapy import fold
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.regimen.choices import SettledPhase

EPOCH = date(1970, 1, 1)
UNITS = {"d": fold.DAY, "wk": fold.WEEK, "mo": fold.MONTH, "a": fold.YEAR}
UNIT_NAMES = {number: unit for unit, number in UNITS.items()}
_LONGEST_COURSE = 2000


class Ladder(Struct, frozen=True):
    """Rungs with the settled phase of each, and the phase that could not be compiled because its spacing is not stated."""

    rungs: tuple[fold.Rung, ...]
    phases: tuple[SettledPhase, ...]
    derived_counts: tuple[int, ...]  # doses derived from a duration; 0 where the source counts itself
    unstated_next: SettledPhase | None
    windows: tuple[fold.WindowRow, ...]


def to_days(day: date) -> int:
    return day.toordinal() - EPOCH.toordinal()


def to_date(days: int) -> date:
    return date.fromordinal(days + EPOCH.toordinal())


def window_rows(policy: Policy) -> tuple[fold.WindowRow, ...]:
    return tuple(
        fold.WindowRow(
            row.through_days, int(row.count_half), row.early, row.late, row.lapse.number, UNITS[row.lapse.unit],
            int(row.lapse_from == "target"),
        )
        for row in policy.windows
    )  # fmt: skip


def route_bit(route: str) -> int:
    return 1 << ROUTES.index(route) if route else 0


def substance_bit(substance: str) -> int:
    return 1 << SUBSTANCES.index(substance) if substance else 0


def is_course(phase: SettledPhase) -> bool:
    """Whether doses are not recorded one by one: by mouth or under the tongue, more often than weekly."""
    if phase.route not in COURSE_ROUTES:
        return False
    if isinstance(phase.spacing, int):
        return phase.spacing > 1
    return phase.spacing is not None and phase.spacing.day_bounds[1] < 7


def compile_ladder(phases: tuple[SettledPhase, ...], start: date, policy: Policy, facts: Facts) -> Ladder:
    """The rungs for settled phases; `start` is needed because a month's number of weekly doses depends on the month."""
    rungs: list[fold.Rung] = []
    counts: list[int] = []
    unstated: SettledPhase | None = None
    place = fold.Place(0, 0, fold.NONE, 0, fold.NONE, 0, to_days(start), 0, 0)
    for index, phase in enumerate(phases):
        one_dose = phase.end_by == "doses" and phase.end == 1
        if phase.spacing is None and not one_dose:
            unstated = phase
            break
        following = phases[index + 1] if index + 1 < len(phases) else None
        rung = _rung(phase, following, policy, facts)
        derived = _derived_count(rung, place) if phase.end_by == "duration" and phase.route not in COURSE_ROUTES else 0
        if derived:
            rung = rung._replace(end=fold.BY_DOSES, end_number=derived)
        rungs.append(rung)
        counts.append(derived)
        place = _nominal_end(rung, place, policy)
    if rungs:
        rungs[-1] = rungs[-1]._replace(final=1)
    return Ladder(tuple(rungs), phases[: len(rungs)], tuple(counts), unstated, window_rows(policy))


def _rung(phase: SettledPhase, following: SettledPhase | None, policy: Policy, facts: Facts) -> fold.Rung:
    dose = phase.dose.nanograms if phase.dose else 0
    gaps, gap_count, number, unit = _spacing(phase)
    own_gap = phase.spacing.day_bounds[0] if phase.spacing_kind == "at_least" and isinstance(phase.spacing, Span) else 0
    end, end_number, end_unit = _end(phase)
    substitutes = policy.substitute_interval.get(phase.substance, {})
    interval = next(iter(substitutes.values()), Span(0, "d"))
    cap = policy.neurological_review_months if facts.neurological is TRUE else 0
    return fold.Rung(
        substance=substance_bit(phase.substance),
        dose=dose,
        least=dose * policy.below_percent // 100,
        most=dose * policy.over_percent // 100,
        route=route_bit(phase.route),
        # A route that was chosen has passed the safety gate, so doses by it count.
        routes=sum(route_bit(route) for route in {*phase.phase.routes, phase.route}),
        gaps=gaps,
        gap_count=gap_count,
        number=number,
        unit=unit,
        minimum_gap=max(policy.minimum_gap_days, own_gap),
        end=end,
        end_number=end_number,
        end_unit=end_unit,
        gate=int(following is not None and following.phase.gate is not None),
        review_cap=cap,
        substitutes=sum(substance_bit(given) for given in substitutes),
        substitute_number=interval.number,
        substitute_unit=UNITS[interval.unit],
        continuous=int(is_course(phase)),
        final=0,
        windows=0,
    )


# Gaps in days that spread a weekly number of doses over the week; together they are 7.
WEEK_PATTERNS = {
    1: (7,),
    2: (3, 4),
    3: (2, 2, 3),
    4: (2, 2, 2, 1),
    5: (1, 2, 1, 2, 1),
    6: (1, 1, 1, 1, 1, 2),
    7: (1,) * 7,
}


def _spacing(phase: SettledPhase) -> tuple[int, int, int, int]:
    """(gaps, gap_count, number, unit)"""
    if isinstance(phase.spacing, int):
        pattern = WEEK_PATTERNS[phase.spacing]
        return sum(gap << (3 * index) for index, gap in enumerate(pattern)), len(pattern), 0, fold.DAY
    span = phase.spacing or Span(1, "d")
    return 0, 0, span.number, UNITS[span.unit]


def _end(phase: SettledPhase) -> tuple[int, int, int]:
    match phase.end_by, phase.end:
        case "doses", int(count):
            return fold.BY_DOSES, count, 0
        case "total", Mass() as total:
            return fold.BY_TOTAL, total.nanograms, 0
        case "duration", Span() as span:
            return fold.BY_CALENDAR, span.number, UNITS[span.unit]
        case "never", _:
            return fold.BY_NEVER, 0, 0
    return fold.BY_DECISION, 0, 0  # a decision, or an end the source does not state


def _derived_count(rung: fold.Rung, place: fold.Place) -> int:
    """How many doses a published duration holds, counted along the nominal dates of this plan."""
    first = place.anchor == fold.NONE
    begins = place.floor if first else place.anchor
    limit = fold.add_span(begins, rung.end_number, rung.end_unit, 0)
    count = 0
    while count < _LONGEST_COURSE:
        due = place.floor if place.anchor == fold.NONE else fold.next_due(place, rung)
        if due >= limit if first else due > limit:
            break
        count += 1
        place = _given(place, rung, due)
    return max(count, 1)


def _given(place: fold.Place, rung: fold.Rung, due: int) -> fold.Place:
    wanted = fold.wanted_after(place, rung, due)
    return fold.Place(0, place.number + 1, due, wanted, fold.NONE, 0, due, 0, 0)


def _nominal_end(rung: fold.Rung, place: fold.Place, policy: Policy) -> fold.Place:
    """Where the next phase starts counting if every dose is given on its day; open ends are taken at the first decision."""
    place = place._replace(number=0)
    begins = place.floor if place.anchor == fold.NONE else place.anchor
    if rung.end == fold.BY_CALENDAR:
        last = fold.add_span(begins, rung.end_number, rung.end_unit, 0) - 1
        return _given(place, rung, last)._replace(number=0)
    if rung.end == fold.BY_DECISION:
        decided = fold.add_span(begins, policy.decision_after.number, UNITS[policy.decision_after.unit], 0)
        return _given(place, rung, decided)._replace(number=0)
    doses = rung.end_number if rung.end == fold.BY_DOSES else -(-rung.end_number // rung.dose) if rung.dose else 1
    for _ in range(min(doses, _LONGEST_COURSE)):
        place = _given(place, rung, place.floor if place.anchor == fold.NONE else fold.next_due(place, rung))
    return place._replace(number=0)
