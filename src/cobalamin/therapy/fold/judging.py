"""What a dose counts for (contract, section 5): part of the definition that `fold` is."""

from cobalamin.therapy.fold.values import *
from cobalamin.therapy.fold.windows import *


def judge(place: Place, last: Last, cover: Cover, event: Event, rung: Rung, edges: Bounds) -> Verdict:
    """What a dose counts for, but for LATE_AFTER_REVIEW. Timing never makes it not credited: it is in the body."""
    day, said = event.day, event.flags
    if said & REJECT:
        return Verdict(NOT_CREDITED, 0, OVERRIDDEN)
    _, count_from, bookable, target, due_through, _ = edges
    flags, same_day = findings(event, rung), False
    if day <= last.day + 1:
        same_day = day == last.day and not (rung.continuous and day >= place.began)
        if event.source != last.source:
            if same_day and alike(event, last) and not said & (CREDIT | ADDITIONAL):
                return Verdict(EXCLUDED, 0, DUPLICATE)
            # One day apart it is perhaps the same dose; but doses of a loading phase are a day apart too.
            flags |= DUPLICATE_SUSPECTED if day == last.day + 1 else 0
    unscheduled = cover.stopped != NONE or place.marks & DONE
    if not said & COUNTED_ANYWAY:
        twice = same_day and last.credit == CREDITED
        too_early = day < count_from and not unscheduled and not rung.continuous
        credit = uncounted(place, event, flags, twice, too_early)
        if credit == EXTRA:
            flags |= DUPLICATE_SUSPECTED if same_day and not said & ADDITIONAL else 0
            return Verdict(EXTRA, 0, flags & DUPLICATE_SUSPECTED)
        if credit != CREDITED:
            return Verdict(credit, 0, flags & FAULTS | (UNSCHEDULED if unscheduled else 0))
    if unscheduled or rung.continuous or said & COVERED or target == NONE:
        return Verdict(CREDITED, 0, flags | UNSCHEDULED if unscheduled else flags)
    if day > due_through:
        return Verdict(CREDITED, LATE, flags) if flags else BEHIND
    if day < target and last.early + 1 >= RATCHET and ahead(place, day, target):
        flags |= EARLY_RATCHET
    if day < bookable:
        return Verdict(CREDITED, EARLY, flags | EARLY_OUT_OF_WINDOW)
    return Verdict(CREDITED, ON_TIME, flags) if flags else PUNCTUAL


def findings(event: Event, rung: Rung) -> int:
    """What is to be said about a dose whenever it is given; FAULTS keep it from counting."""
    amount, route, flags = event.amount, event.route, 0
    if event.flags & UNKNOWN:  # nothing of it can be held against the plan
        return OVERRIDDEN if event.flags & CREDIT else 0
    if amount < rung.least:
        flags = BELOW_DOSE
    elif amount > rung.most and rung.most:
        flags = OVER_DOSE
    if route != rung.route and rung.route:
        flags |= ROUTE_ACCEPTED
    if route == INTRAVENOUS and not rung.routes & INTRAVENOUS:
        flags |= INEFFECTIVE_ROUTE
    if event.substance != rung.substance and rung.substance:
        flags |= PRODUCT_SWITCHED
    if event.flags & (EXPIRED | CREDIT):
        flags |= (EXPIRED_PRODUCT if event.flags & EXPIRED else 0) | (OVERRIDDEN if event.flags & CREDIT else 0)
    return flags


def alike(event: Event, last: Last) -> bool:
    """The same substance, amount, route and, where both tell it, product, batch and place; an additional dose is another."""
    same = event.amount == last.amount and event.substance == last.substance and event.route == last.route
    return same and last.credit != MEANT and (event.batch == last.batch or event.batch == 0 or last.batch == 0)


def ahead(place: Place, day: int, target: int) -> bool:
    """Before its target, at an interval of a month or more: one of a run in which the interval shrinks undecided."""
    return day < target and place.anchor != NONE and target - place.anchor >= RATCHET_DAYS


def uncounted(place: Place, event: Event, flags: int, twice: bool, too_early: bool) -> int:
    """The first reason that keeps a dose from being credited; CREDITED where there is none."""
    if event.flags & ADDITIONAL:
        return EXTRA
    if event.flags & UNKNOWN or place.marks & HISTORY_NEEDED or (event.day < place.floor and place.anchor == NONE):
        return PENDING
    if twice:
        return EXTRA
    if flags & FAULTS:
        return NOT_CREDITED
    return EXTRA if too_early else CREDITED


def counted(t: Tally, v: Verdict, day: int) -> Tally:
    """The counts with one more dose."""
    courses, first, credited, extra, not_credited, excluded, pending, early, late = t
    credit = v.credit
    if credit == CREDITED:
        timing = v.timing
        if timing == EARLY:
            early += 1
        elif timing == LATE:
            late += 1
        first = day if first == NONE else first
        return Tally(courses, first, credited + 1, extra, not_credited, excluded, pending, early, late)
    return Tally(
        courses, first, credited, extra + (credit == EXTRA), not_credited + (credit == NOT_CREDITED),
        excluded + (credit == EXCLUDED), pending + (credit == PENDING), early, late,
    )  # fmt: skip


def as_ordered(e: Event, rung: Rung) -> Event:
    """A dose given as planned has the phase's own amount, substance and route."""
    if not e.flags & AS_PLANNED:
        return e
    return a_dose(e.day, e.batch, rung.dose, rung.substance, rung.route, e.interval, e.source, e.flags)


def last_of(e: Event, credit: int, early: int) -> Last:
    """A dose as the last one."""
    return Last(e.day, credit, e.amount, e.substance, e.route, e.source, e.batch, early)


def outside(day: int, edges: Bounds) -> int:
    """By how many days a dose lies outside its window."""
    _, _, bookable, _, due_through, _ = edges
    return max(bookable - day, day - due_through, 0)
