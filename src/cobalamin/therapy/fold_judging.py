"""What a dose counts for (contract, section 5): part of the definition that `fold` is."""

from cobalamin.therapy.fold_dates import *
from cobalamin.therapy.fold_values import *


def judge(place: Place, last: Last, cover: Cover, event: Event, rung: Rung, window: Dates) -> Verdict:
    """What a dose counts for. Timing never makes it not credited: an early dose is still in the body."""
    if event.flags & REJECT:
        return Verdict(NOT_CREDITED, 0, OVERRIDDEN)
    same_day = event.day == last.day and not (rung.continuous and event.day >= place.began)
    if same_day and event.source != last.source and alike(event, last) and not event.flags & CREDIT:
        return Verdict(EXCLUDED, 0, DUPLICATE)
    flags = faults(event, rung)
    # One day apart from another source it is perhaps the same dose; but doses of a loading phase are a day apart too.
    near = DUPLICATE_SUSPECTED if event.day == last.day + 1 and event.source != last.source else 0
    unscheduled = cover.stopped != NONE or place.marks & DONE
    if not event.flags & (CREDIT | COVERED):
        too_early = event.day < window.count_from and not unscheduled and not rung.continuous
        credit = uncounted(place, event, flags, same_day and last.credit == CREDITED, too_early)
        if credit == EXTRA and same_day:
            return Verdict(EXTRA, 0, 0 if event.flags & ADDITIONAL else DUPLICATE_SUSPECTED)
        if credit != CREDITED:
            return Verdict(credit, 0, flags if credit != EXTRA else near)
    flags |= near | (OVERRIDDEN if event.flags & CREDIT else 0)
    flags |= ROUTE_ACCEPTED if rung.route and event.route != rung.route else 0
    flags |= PRODUCT_SWITCHED if event.substance != rung.substance else 0
    flags |= OVER_DOSE if rung.most and event.amount > rung.most else 0
    if unscheduled:
        return Verdict(CREDITED, 0, flags | UNSCHEDULED)
    if rung.continuous or event.flags & COVERED or window.target == NONE:
        return Verdict(CREDITED, 0, flags)
    if event.day > window.due_through:
        return Verdict(CREDITED, LATE, flags | (LATE_AFTER_REVIEW if event.day >= window.review_from else 0))
    flags |= EARLY_RATCHET if ahead(place, event, window) and last.early + 1 >= RATCHET else 0
    if event.day < window.bookable_from:
        return Verdict(CREDITED, EARLY, flags | EARLY_OUT_OF_WINDOW)
    return Verdict(CREDITED, ON_TIME, flags)


def faults(event: Event, rung: Rung) -> int:
    """What keeps a dose from counting."""
    flags = EXPIRED_PRODUCT if event.flags & EXPIRED else 0
    flags |= INEFFECTIVE_ROUTE if event.route == INTRAVENOUS and not rung.routes & INTRAVENOUS else 0
    return flags | (BELOW_DOSE if event.amount < rung.least else 0)


def alike(event: Event, last: Last) -> bool:
    """The same substance, amount, route and, where both tell it, product and batch."""
    same = event.amount == last.amount and event.substance == last.substance and event.route == last.route
    return same and (event.code == last.code or event.code == 0 or last.code == 0)


def ahead(place: Place, event: Event, window: Dates) -> bool:
    """Before its target, at an interval of a month or more: one of a run in which the interval shrinks undecided."""
    return place.anchor != NONE and event.day < window.target and window.target - place.anchor >= RATCHET_DAYS


def uncounted(place: Place, event: Event, faults: int, twice: bool, too_early: bool) -> int:
    """The first reason that keeps a dose from being credited; CREDITED where there is none."""
    if place.marks & HISTORY_NEEDED or (place.anchor == NONE and event.day < place.floor):
        return PENDING
    if event.flags & ADDITIONAL:
        return EXTRA
    if faults:
        return NOT_CREDITED
    return EXTRA if twice or too_early else CREDITED
