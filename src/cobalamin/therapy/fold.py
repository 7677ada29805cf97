"""The fold: what a record of events means, one event at a time. This file is the definition; there is no second one.

Everything is an integer: days since 1970-01-01, nanograms, small codes. No field can carry a laboratory value or a
symptom, so no blood result can move a date (hazard H11). It imports nothing of ours and stays inside what numba
compiles: tuples are built by position, without `_replace` and without default arguments.
"""

from typing import NamedTuple

NONE = -1_000_000  # "no date"
DAY, WEEK, MONTH, YEAR = 0, 1, 2, 3
BY_DOSES, BY_TOTAL, BY_CALENDAR, BY_DECISION, BY_NEVER = 0, 1, 2, 3, 4
PLAN, ADMINISTRATION, GATE_MET, ADVANCE = 0, 1, 2, 3
CREDITED, EXTRA, NOT_CREDITED = 1, 2, 3
EARLY, ON_TIME, LATE = 1, 2, 3
INTRAVENOUS = 4  # the bit of this route in `routes`
ADDITIONAL, EXPIRED = 1, 2  # flags of an event
GATE_OPEN, REACHED, DONE = 1, 2, 4  # marks of a place: gate behind the phase open; its end reached; ladder run out
EARLY_OUT_OF_WINDOW, LATE_AFTER_REVIEW, ROUTE_ACCEPTED, PRODUCT_SWITCHED = 1, 2, 4, 8  # flags of a verdict
OVER_DOSE, BELOW_DOSE, INEFFECTIVE_ROUTE, EXPIRED_PRODUCT, BEFORE_NUMBER = 16, 32, 64, 128, 256

# Of a rung: `gaps` are days between doses in octal digits, first gap lowest (`gap_count` 0: the interval counts); `gate` 1:
# the next phase begins only when its condition is recorded as met; `review_cap`: months from target after which a review is
# due at latest (0: none); `substitutes`: bits of the other cobalamins that shorten the next interval. Of a place: `wanted`
# is the day of the month the anchor stands for; `switched` 1: another cobalamin was given last.
Rung = NamedTuple("Rung", [
    ("substance", int), ("dose", int), ("least", int), ("most", int), ("routes", int), ("gaps", int), ("gap_count", int),
    ("number", int), ("unit", int), ("minimum_gap", int), ("end", int), ("end_number", int), ("end_unit", int), ("gate", int),
    ("review_cap", int), ("substitutes", int), ("substitute_number", int), ("substitute_unit", int), ("continuous", int),
    ("final", int),
])  # fmt: skip
WindowRow = NamedTuple("WindowRow", [
    ("through", int), ("half", int), ("early", int), ("late", int), ("lapse", int), ("lapse_unit", int), ("lapse_from_target", int),
])  # fmt: skip
Event = NamedTuple("Event", [
    ("day", int), ("kind", int), ("code", int), ("amount", int), ("substance", int), ("route", int), ("flags", int),
])  # fmt: skip
Place = NamedTuple("Place", [
    ("rung", int), ("number", int), ("anchor", int), ("wanted", int), ("began", int), ("total", int), ("floor", int),
    ("switched", int), ("marks", int),
])  # fmt: skip
Tally = NamedTuple("Tally", [("first", int), ("credited", int), ("extra", int), ("not_credited", int)])
Verdict = NamedTuple("Verdict", [("credit", int), ("timing", int), ("flags", int)])
State = NamedTuple("State", [("place", Place), ("tally", Tally), ("verdict", Verdict)])
Dates = NamedTuple("Dates", [
    ("count_from", int), ("bookable_from", int), ("target", int), ("due_through", int), ("overdue_from", int), ("review_from", int),
])  # fmt: skip


def start() -> State:
    """Nothing planned, nothing given."""
    return State(Place(0, 0, NONE, 0, NONE, 0, NONE, 0, DONE), Tally(NONE, 0, 0, 0), Verdict(0, 0, 0))


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar, counted in years that begin in March."""
    shifted = year - 1 if month <= 2 else year
    era = shifted // 400
    year_of_era = shifted - era * 400
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """(year, month, day); the inverse of days_from_civil."""
    era = (days + 719468) // 146097
    day_of_era = days + 719468 - era * 146097
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    march_month = (5 * day_of_year + 2) // 153
    month = march_month + 3 if march_month < 10 else march_month - 9
    return (year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * march_month + 2) // 5 + 1)


def last_day(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


def add_span(days: int, number: int, unit: int, wanted: int) -> int:
    """The day `number` units later, in one step; a day the month lacks becomes its last. `wanted` 0: the day's own."""
    if unit <= WEEK:
        return days + number * (7 if unit == WEEK else 1)
    year, month, day = civil_from_days(days)
    months = month - 1 + (number * 12 if unit == YEAR else number)
    year, month = year + months // 12, months % 12 + 1
    return days_from_civil(year, month, min(wanted if wanted > 0 else day, last_day(year, month)))


def next_due(place: Place, rung: Rung) -> int:
    """Anchor plus the governing interval, before any floor; after another cobalamin the earlier of both intervals."""
    # A pattern repeats by dose number; before the first dose of a later phase stands the gap that ends its week.
    if rung.gap_count > 0:
        due = place.anchor + ((rung.gaps >> (3 * ((place.number - 1) % rung.gap_count))) & 7)
    else:
        due = add_span(place.anchor, rung.number, rung.unit, place.wanted)
    if place.switched:
        return min(due, add_span(place.anchor, rung.substitute_number, rung.substitute_unit, place.wanted))
    return due


def wanted_after(place: Place, rung: Rung, day: int) -> int:
    """The day of the month a dose stands for: on a clamped target the wanted one (31), so that a kept plan never moves."""
    own = civil_from_days(day)[2]
    if place.anchor == NONE or rung.gap_count > 0 or rung.unit < MONTH or day != next_due(place, rung):
        return own
    return max(own, place.wanted)


def window_row(days: int, windows: tuple[WindowRow, ...]) -> WindowRow:
    index = 0
    while index < len(windows) - 1 and days > windows[index].through:
        index += 1
    return windows[index]


def dates(place: Place, rung: Rung, windows: tuple[WindowRow, ...]) -> Dates:
    """The dates of the open dose (contract, section 5)."""
    if place.anchor == NONE:
        target = place.floor
        own = rung.gaps & 7 if rung.gap_count > 0 else add_span(target, rung.number, rung.unit, 0) - target
        due_through = target + window_row(own, windows).late
        return Dates(target, target, target, due_through, due_through + 1, max(target + 14, due_through + 1))
    due = max(next_due(place, rung), place.anchor + rung.minimum_gap)
    row = window_row(due - place.anchor, windows)
    target = max(due, place.floor)
    count_from = place.anchor + max((due - place.anchor + 1) // 2 if row.half else 1, rung.minimum_gap)
    earliest = max(target - row.early, place.anchor + rung.minimum_gap) if row.half else count_from
    due_through = target + row.late
    review = add_span(target if row.lapse_from_target else place.anchor, row.lapse, row.lapse_unit, 0)
    if rung.review_cap > 0:
        review = min(review, add_span(target, rung.review_cap, MONTH, 0))
    review = max(review, due_through + 1)
    return Dates(count_from, max(earliest, place.floor), target, due_through, due_through + 1, review)


def marked(p: Place, marks: int) -> Place:
    return Place(p.rung, p.number, p.anchor, p.wanted, p.began, p.total, p.floor, p.switched, marks)


def enter(place: Place, rungs: tuple[Rung, ...]) -> Place:
    """The next phase, keeping the anchor; after the last one, done."""
    if rungs[place.rung].final:
        return marked(place, DONE | REACHED)
    rung = rungs[place.rung + 1]
    floor = place.floor if place.anchor == NONE else NONE  # a phase left before any dose leaves its start
    following = Place(place.rung + 1, 0, place.anchor, place.wanted, NONE, 0, floor, 0, 0)
    if not rung.continuous:
        return following
    began = floor if place.anchor == NONE else next_due(following, rung)
    return Place(place.rung + 1, 0, place.anchor, place.wanted, began, 0, floor, 0, 0)


def taken_until(p: Place, rungs: tuple[Rung, ...], day: int) -> Place:
    """A course has no single doses: when the calendar or a decision ends it, its last day is that day."""
    if not rungs[p.rung].continuous or day < p.began:
        return p
    return Place(p.rung, p.number, day, civil_from_days(day)[2], p.began, p.total, NONE, p.switched, p.marks)


def ended(place: Place, rung: Rung) -> bool:
    """Whether the phase has had all it asks for."""
    if rung.end == BY_DOSES:
        return place.number >= rung.end_number
    if rung.end == BY_TOTAL:
        return place.total >= rung.end_number
    if rung.end == BY_CALENDAR and place.anchor != NONE and place.began != NONE:
        return next_due(place, rung) >= add_span(place.began, rung.end_number, rung.end_unit, 0)
    return False


def moved(place: Place, rungs: tuple[Rung, ...]) -> Place:
    """The place after its phase may have ended: the phase goes on while the gate behind it is shut."""
    rung = rungs[place.rung]
    if not ended(place, rung) and not place.marks & REACHED:
        return place
    return marked(place, place.marks | REACHED) if rung.gate and not place.marks & GATE_OPEN else enter(place, rungs)


def settle(place: Place, rungs: tuple[Rung, ...], on: int) -> Place:
    """The place on a day: a course whose calendar end has passed gives way to the next phase."""
    while not place.marks & DONE and rungs[place.rung].continuous and rungs[place.rung].end == BY_CALENDAR:
        rung = rungs[place.rung]
        end = add_span(place.began, rung.end_number, rung.end_unit, 0)
        if on < end or place.marks & REACHED:  # not over yet, or over and waiting at a shut gate
            return place
        place = marked(taken_until(place, rungs, end - 1), place.marks | REACHED)
        if rung.gate and not place.marks & GATE_OPEN:
            return place
        place = enter(place, rungs)
    return place


def forecast(state: State, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...], on: int) -> tuple[Place, Dates]:
    """The place on day `on` and the dates of what is open; all dates NONE where nothing is."""
    place = settle(state.place, rungs, on)
    if place.marks & DONE:
        return (place, Dates(NONE, NONE, NONE, NONE, NONE, NONE))
    return (place, dates(place, rungs[place.rung], windows))


def administer(state: State, event: Event, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...]) -> State:
    """Judge a dose. Timing never makes it not credited: an early dose is still in the body."""
    place, tally = settle(state.place, rungs, event.day), state.tally
    rung = rungs[place.rung]
    fault = BELOW_DOSE if event.amount < rung.least else 0
    if event.flags & EXPIRED or (event.route == INTRAVENOUS and not rung.routes & INTRAVENOUS):
        fault = EXPIRED_PRODUCT if event.flags & EXPIRED else INEFFECTIVE_ROUTE
    if fault and not place.marks & DONE:
        refused = Tally(tally.first, tally.credited, tally.extra, tally.not_credited + 1)
        return State(place, refused, Verdict(NOT_CREDITED, 0, fault))
    window = dates(place, rung, windows)
    if place.marks & DONE or event.flags & ADDITIONAL or event.day < window.count_from:
        extra = Tally(tally.first, tally.credited, tally.extra + 1, tally.not_credited)
        return State(place, extra, Verdict(EXTRA, 0, 0))
    timing = EARLY if event.day < window.bookable_from else LATE if event.day > window.due_through else ON_TIME
    flags = EARLY_OUT_OF_WINDOW if timing == EARLY else 0
    flags |= LATE_AFTER_REVIEW if timing == LATE and event.day >= window.review_from else 0
    flags |= 0 if event.route & rung.routes else ROUTE_ACCEPTED
    flags |= PRODUCT_SWITCHED if event.substance != rung.substance else 0
    flags |= OVER_DOSE if rung.most and event.amount > rung.most else 0
    began = event.day if place.began == NONE else place.began
    switched = 1 if event.substance & rung.substitutes and event.substance != rung.substance else 0
    wanted = wanted_after(place, rung, event.day)
    number, total = place.number + 1, place.total + event.amount
    given = Place(place.rung, number, event.day, wanted, began, total, NONE, switched, place.marks)
    first = event.day if tally.first == NONE else tally.first
    counted = Tally(first, tally.credited + 1, tally.extra, tally.not_credited)
    return State(moved(given, rungs), counted, Verdict(CREDITED, timing, flags))


def step(state: State, event: Event, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...]) -> State:
    """The state after one event."""
    if event.kind == ADMINISTRATION:
        return administer(state, event, rungs, windows)
    if event.kind == PLAN:
        began = event.day if rungs[event.code].continuous else NONE
        return State(Place(event.code, 0, NONE, 0, began, 0, event.day, 0, 0), state.tally, Verdict(0, 0, 0))
    place, flags = settle(state.place, rungs, event.day), 0
    if event.kind == GATE_MET and not place.marks & DONE:
        place = taken_until(place, rungs, event.day) if place.marks & REACHED else place
        place = moved(marked(place, place.marks | GATE_OPEN), rungs)
    elif event.kind == ADVANCE and not place.marks & DONE:
        flags = BEFORE_NUMBER if rungs[place.rung].end <= BY_CALENDAR and not place.marks & REACHED else 0
        # There is nothing to advance to from a last phase without an end: only `stop` ends a treatment for life.
        if not (rungs[place.rung].final and rungs[place.rung].end == BY_NEVER):
            place = enter(taken_until(place, rungs, event.day), rungs)
    return State(place, state.tally, Verdict(0, 0, flags))
