"""The five dates of the open dose (contract, section 5), in whole numbers: part of the definition that `fold` is."""

from cobalamin.therapy.fold_values import *


def gap(rung: Rung, number: int) -> int:
    """Days after dose `number` of a pattern; before the first dose of a later phase stands the gap that ends its week."""
    return (rung.gaps >> (3 * ((number - 1) % rung.gap_count))) & 7


def next_due(place: Place, rung: Rung) -> int:
    """Anchor plus the governing interval, before any floor; after another cobalamin the earlier of both intervals."""
    times = 2 if place.marks & WAIVED else 1
    if place.own:
        due = add_span(place.anchor, place.own // 4 * times, place.own & 3, place.wanted)
    elif rung.gap_count:
        due = place.anchor + gap(rung, place.number) + (gap(rung, place.number + 1) if times == 2 else 0)
    else:
        due = add_span(place.anchor, rung.number * times, rung.unit, place.wanted)
    if place.marks & SWITCHED:
        return min(due, add_span(place.anchor, rung.substitute_number * times, rung.substitute_unit, place.wanted))
    return due


def wanted_after(place: Place, rung: Rung, day: int) -> int:
    """The day of the month a dose stands for: on a clamped target the wanted one (31), so that a kept plan never moves."""
    own = civil_from_days(day)[2]
    if own >= place.wanted or place.anchor == NONE or day != next_due(place, rung):
        return own
    unit = place.own & 3 if place.own else DAY if rung.gap_count else rung.unit
    return place.wanted if unit >= MONTH else own


def window_row(days: int, first: int, windows: tuple[WindowRow, ...]) -> WindowRow:
    """The row for so many days between anchor and target; the last row of each table has no end."""
    while days > windows[first].through:
        first += 1
    return windows[first]


def dates(place: Place, rung: Rung, windows: tuple[WindowRow, ...]) -> Dates:
    """The dates of the open dose (contract, section 5); all NONE where the last dose must be told first."""
    if place.marks & LAST_DOSE_NEEDED:
        return Dates(NONE, NONE, NONE, NONE, NONE, NONE)
    if place.anchor == NONE:
        target = place.floor
        own = place.own // 4 if place.own else rung.number
        unit = place.own & 3 if place.own else rung.unit
        days = rung.gaps & 7 if rung.gap_count and not place.own else add_span(target, own, unit, 0) - target
        due_through = target + window_row(days, rung.windows, windows).late
        return Dates(target, target, target, due_through, due_through + 1, max(target + 14, due_through + 1))
    due = max(next_due(place, rung), place.anchor + rung.minimum_gap)
    row = window_row(due - place.anchor, rung.windows, windows)
    target = max(due, place.floor)
    count_from = place.anchor + max((due - place.anchor + 1) // 2 if row.half else 1, rung.minimum_gap)
    earliest = max(target - row.early, place.anchor + rung.minimum_gap) if row.half else count_from
    due_through = target + row.late
    review = add_span(target if row.lapse_from_target else place.anchor, row.lapse, row.lapse_unit, 0)
    if rung.review_cap > 0:
        review = min(review, add_span(target, rung.review_cap, MONTH, 0))
    return Dates(
        count_from, max(earliest, place.floor), target, due_through, due_through + 1, max(review, due_through + 1)
    )


def wanted_on(place: Place, rung: Rung) -> int:
    """The target of the open dose."""
    due = place.floor if place.anchor == NONE else max(next_due(place, rung), place.anchor + rung.minimum_gap)
    return max(due, place.floor)


def floored(place: Place, rung: Rung, day: int) -> Place:
    """A decision or the end of a bridge makes nothing overdue: what was due before that day is due on it."""
    if place.marks & (DONE | LAST_DOSE_NEEDED) or rung.continuous or wanted_on(place, rung) >= day:
        return place
    return put(place, day, place.own, place.marks)


def floor_of_decision(was: Place, now: Place, rungs: tuple[Rung, ...], day: int) -> Place:
    """A decision that moved the target is a floor for it and for booking; a longer interval alone leaves overdue what was."""
    rung = rungs[now.rung]
    if now.marks & (DONE | LAST_DOSE_NEEDED) or rung.continuous:
        return now
    if now.anchor == NONE:  # a first dose that was due stays due, unless its phase was left
        return now if was.rung == now.rung else floored(now, rung, day)
    target = wanted_on(now, rung)
    if was.rung == now.rung:
        before = wanted_on(was, rung)
        if target == before or before < target < day:
            return now
    return put(now, max(now.floor, day), now.own, now.marks)
