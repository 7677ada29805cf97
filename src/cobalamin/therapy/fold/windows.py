"""The five dates of the open dose (contract, section 5), in whole numbers: part of the definition that `fold` is."""

from cobalamin.therapy.fold.values import *

Bounds = tuple[int, int, int, int, int, int]


def gap(rung: Rung, number: int) -> int:
    """Days after dose `number` of a pattern; before the first dose of a later phase stands the gap that ends its week."""
    return (rung.gaps >> (3 * ((number - 1) % rung.gap_count))) & 7


def next_due(place: Place, rung: Rung) -> int:
    """Anchor plus the governing interval, before any floor; after another cobalamin the earlier of both intervals."""
    _, number, anchor, wanted, _, _, _, own, marks = place
    times = 2 if marks & WAIVED else 1
    if own:
        due = add_span(anchor, own // 4 * times, own & 3, wanted)
    elif rung.gap_count:
        due = anchor + gap(rung, number) + (gap(rung, number + 1) if times == 2 else 0)
    else:
        due = add_span(anchor, rung.number * times, rung.unit, wanted)
    if marks & SWITCHED:
        sooner = add_span(anchor, rung.substitute_number * times, rung.substitute_unit, wanted)
        return sooner if sooner < due else due
    return due


def wanted_after(place: Place, rung: Rung, day: int) -> int:
    """The day of the month a dose stands for: on a clamped target the wanted one (31), so that a kept plan never moves."""
    return stands_for(place, rung, day, NONE if place.anchor == NONE else next_due(place, rung))


def stands_for(place: Place, rung: Rung, day: int, due: int) -> int:
    """The same, where the target before any floor is known to be `due`."""
    unit = place.own & 3 if place.own else DAY if rung.gap_count else rung.unit
    if day != due or unit < MONTH:
        return month_and_day(day)[1]
    if place.wanted and not place.marks & SWITCHED:
        return place.wanted  # months after the day it stands for lies that day again, or a clamped one
    return max(place.wanted, month_and_day(day)[1])


def first_days(place: Place, rung: Rung) -> int:
    """The interval of the phase in days, for the window of a first dose."""
    if rung.gap_count and not place.own:
        return rung.gaps & 7
    own = place.own // 4 if place.own else rung.number
    return add_span(place.floor, own, place.own & 3 if place.own else rung.unit, 0) - place.floor


def row_number(days: int, first: int, windows: tuple[WindowRow, ...]) -> int:
    """The row for so many days between anchor and target; the last row of each table has no end."""
    while days > windows[first].through:
        first += 1
    return first


def window_row(days: int, first: int, windows: tuple[WindowRow, ...]) -> WindowRow:
    return windows[row_number(days, first, windows)]


def bounds(place: Place, rung: Rung, windows: tuple[WindowRow, ...]) -> Bounds:
    """(target before any floor, count_from, bookable_from, target, due_through, number of the window row)"""
    anchor, floor = place.anchor, place.floor
    if anchor == NONE:
        number = row_number(first_days(place, rung), rung.windows, windows)
        return (NONE, floor, floor, floor, floor + windows[number].late, number)
    due, least = next_due(place, rung), rung.minimum_gap
    days = due - anchor
    if days < least:
        days = least
    number = row_number(days, rung.windows, windows)
    row, target, earliest = windows[number], anchor + days, anchor + least
    if target < floor:
        target = floor
    if row.half:
        count_from, bookable = anchor + (days + 1) // 2, target - row.early
        if count_from < earliest:
            count_from = earliest
        if bookable < earliest:
            bookable = earliest
    else:
        count_from = bookable = earliest if least > 1 else anchor + 1
    if bookable < floor and not place.marks & BRIDGED:
        bookable = floor
    return (due, count_from, bookable, target, target + row.late, number)


def review_from(place: Place, rung: Rung, target: int, due_through: int, row: WindowRow) -> int:
    """The last of the dates; apart, because a dose given in time needs it not."""
    if place.anchor == NONE:
        review = target + 14
    else:
        review = add_span(target if row.lapse_from_target else place.anchor, row.lapse, row.lapse_unit, 0)
        if rung.review_cap > 0:
            review = min(review, add_span(target, rung.review_cap, MONTH, 0))
    return max(review, due_through + 1)


def dates(place: Place, rung: Rung, windows: tuple[WindowRow, ...]) -> Dates:
    """The dates of the open dose (contract, section 5); all NONE where the last dose must be told first."""
    if place.marks & LAST_DOSE_NEEDED:
        return NO_DATES
    _, count_from, bookable, target, due_through, row = bounds(place, rung, windows)
    review = review_from(place, rung, target, due_through, windows[row])
    return Dates(count_from, bookable, target, due_through, due_through + 1, review)


def wanted_on(place: Place, rung: Rung) -> int:
    """The target of the open dose."""
    due = place.floor if place.anchor == NONE else max(next_due(place, rung), place.anchor + rung.minimum_gap)
    return max(due, place.floor)


def floored(place: Place, rung: Rung, day: int) -> Place:
    """A decision or the end of a bridge makes nothing overdue: what was due before that day is due on it."""
    if place.marks & (DONE | LAST_DOSE_NEEDED) or rung.continuous or wanted_on(place, rung) >= day:
        return place
    return put(place, day, place.own, place.marks & ~BRIDGED)


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
    return put(now, max(now.floor, day), now.own, now.marks & ~BRIDGED)
