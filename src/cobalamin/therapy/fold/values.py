"""The whole numbers of the fold: its codes, its tuples and the calendar in days since 1970-01-01. Imports nothing of ours.

Masses are nanograms, dates are days, words are small codes. No field can carry a laboratory value or a symptom, so no
blood result can move a date (hazard H11).
"""

from typing import NamedTuple

NONE, FOREVER = -1_000_000, 1_000_000  # "no date", and a cover without an end
DAY, WEEK, MONTH, YEAR = 0, 1, 2, 3
BY_DOSES, BY_TOTAL, BY_CALENDAR, BY_DECISION, BY_NEVER = 0, 1, 2, 3, 4
PLAN, HISTORY, RESUME, RESTART, CHANGE_INTERVAL, ADMINISTRATION, STATEMENT, GATE_MET = 0, 1, 2, 3, 4, 5, 6, 7
ADVANCE, WAIVE, HOLD, PAUSE, BRIDGE, STOP = 8, 9, 10, 11, 12, 13
CREDITED, EXTRA, NOT_CREDITED, EXCLUDED, PENDING = 1, 2, 3, 4, 5
MEANT = 6  # of the last dose: extra because it was meant as additional, so it is no duplicate of the planned one
EARLY, ON_TIME, LATE = 1, 2, 3
INTRAVENOUS = 4  # the bit of this route in `routes`
# Flags of an event. COVERED: a history already counts this dose. CONTINUE: a new plan keeps the anchor. ASK_FIRST: doses are
# pending until a history tells what was given before. UNKNOWN: what was given is not known.
ADDITIONAL, EXPIRED, AS_PLANNED, CREDIT, REJECT, COVERED, CONTINUE, ASK_FIRST, UNKNOWN = (
    1,
    2,
    4,
    8,
    16,
    32,
    64,
    128,
    256,
)
# Marks of a place: gate behind the phase open; its end reached; ladder run out; another cobalamin given last; next dose waived;
# a history or the day of the last dose is needed; the floor is the end of a bridge, which binds the target only.
GATE_OPEN, REACHED, DONE, SWITCHED, WAIVED, HISTORY_NEEDED, LAST_DOSE_NEEDED, BRIDGED = 1, 2, 4, 8, 16, 32, 64, 128
EARLY_OUT_OF_WINDOW, LATE_AFTER_REVIEW, ROUTE_ACCEPTED, PRODUCT_SWITCHED = 1, 2, 4, 8  # flags of a verdict
OVER_DOSE, BELOW_DOSE, INEFFECTIVE_ROUTE, EXPIRED_PRODUCT, BEFORE_NUMBER = 16, 32, 64, 128, 256
DUPLICATE, DUPLICATE_SUSPECTED, EARLY_RATCHET, OVERRIDDEN, UNSCHEDULED, NO_EFFECT = 512, 1024, 2048, 4096, 8192, 16384
COUNTED_ANYWAY, LASTING = CREDIT | COVERED, GATE_OPEN | REACHED | DONE | HISTORY_NEEDED
FAULTS = BELOW_DOSE | INEFFECTIVE_ROUTE | EXPIRED_PRODUCT  # what keeps a dose from counting
RATCHET, RATCHET_DAYS = 3, 28  # this many early doses running, at intervals of a month or more

# Of a rung: `gaps` are days between doses in octal digits, first gap lowest (`gap_count` 0: the interval counts); `gate` 1: the
# next phase begins only when its condition is recorded as met; `review_cap`: months from target after which a review is due at
# latest (0: none); `substitutes`: bits of the other cobalamins that shorten the next interval; `windows`: first row of its table.
Rung = NamedTuple("Rung", [
    ("substance", int), ("dose", int), ("least", int), ("most", int), ("route", int), ("routes", int), ("gaps", int),
    ("gap_count", int), ("number", int), ("unit", int), ("minimum_gap", int), ("end", int), ("end_number", int), ("end_unit", int),
    ("gate", int), ("review_cap", int), ("substitutes", int), ("substitute_number", int), ("substitute_unit", int),
    ("continuous", int), ("final", int), ("windows", int),
])  # fmt: skip
WindowRow = NamedTuple("WindowRow", [
    ("through", int), ("half", int), ("early", int), ("late", int), ("lapse", int), ("lapse_unit", int), ("lapse_from_target", int),
])  # fmt: skip
# An event is made by `a_plan`, `a_history`, `a_dose`, `a_statement`, `a_cover` or `a_decision`, which say what each kind has; what
# it has not is 0, a day NONE. `row`: of the ladder, where a plan, a history or a new course stands. `batch`: tells product and
# batch apart. `amount`: nanograms of a dose. `doses`: already given, by a history. `interval`: as in `own` of a place; of a dose
# the one to which that very day changed it.
Event = NamedTuple("Event", [
    ("day", int), ("kind", int), ("row", int), ("taking", int), ("batch", int), ("amount", int), ("doses", int), ("substance", int),
    ("route", int), ("interval", int), ("starts", int), ("last_dose", int), ("until", int), ("source", int), ("flags", int),
])  # fmt: skip
# `wanted`: the day of the month the anchor stands for. `own`: four times the number of a changed interval, plus its unit; 0: none.
Place = NamedTuple("Place", [
    ("rung", int), ("number", int), ("anchor", int), ("wanted", int), ("began", int), ("total", int), ("floor", int), ("own", int),
    ("marks", int),
])  # fmt: skip
Last = NamedTuple("Last", [
    ("day", int), ("credit", int), ("amount", int), ("substance", int), ("route", int), ("source", int), ("batch", int), ("early", int),
])  # fmt: skip
Cover = NamedTuple("Cover", [
    ("stopped", int), ("hold", int), ("held", int), ("pause", int), ("bridge", int), ("told", int), ("taking", int),
])  # fmt: skip
Tally = NamedTuple("Tally", [
    ("courses", int), ("first", int), ("credited", int), ("extra", int), ("not_credited", int), ("excluded", int), ("pending", int),
    ("early", int), ("late", int),
])  # fmt: skip
Verdict = NamedTuple("Verdict", [("credit", int), ("timing", int), ("flags", int)])
State = NamedTuple(
    "State", [("place", Place), ("last", Last), ("cover", Cover), ("tally", Tally), ("verdict", Verdict)]
)
Dates = NamedTuple("Dates", [
    ("count_from", int), ("bookable_from", int), ("target", int), ("due_through", int), ("overdue_from", int), ("review_from", int),
])  # fmt: skip
SILENT, PUNCTUAL, BEHIND = Verdict(0, 0, 0), Verdict(CREDITED, ON_TIME, 0), Verdict(CREDITED, LATE, 0)
NO_DATES = Dates(NONE, NONE, NONE, NONE, NONE, NONE)


def a_plan(day: int, row: int, starts: int, flags: int) -> Event:
    return Event(day, PLAN, row, 0, 0, 0, 0, 0, 0, 0, starts, NONE, NONE, 0, flags)


def a_history(day: int, row: int, doses: int, substance: int, interval: int, last_dose: int, flags: int) -> Event:
    """`last_dose` NONE: nobody knows it."""
    return Event(day, HISTORY, row, 0, 0, 0, doses, substance, 0, interval, NONE, last_dose, NONE, 0, flags)


def a_dose(
    day: int, batch: int, amount: int, substance: int, route: int, interval: int, source: int, flags: int
) -> Event:  # fmt: skip
    return Event(
        day, ADMINISTRATION, 0, 0, batch, amount, 0, substance, route, interval, NONE, NONE, NONE, source, flags
    )  # fmt: skip


def a_statement(day: int, taking: int) -> Event:
    return Event(day, STATEMENT, 0, taking, 0, 0, 0, 0, 0, 0, NONE, NONE, NONE, 0, 0)


def a_cover(day: int, kind: int, until: int) -> Event:
    """A hold, a pause or a bridge."""
    return Event(day, kind, 0, 0, 0, 0, 0, 0, 0, 0, NONE, NONE, until, 0, 0)


def a_decision(day: int, kind: int, row: int, interval: int) -> Event:
    """`row`: where a new course begins; `interval`: to which it is changed, else 0."""
    return Event(day, kind, row, 0, 0, 0, 0, 0, 0, interval, NONE, NONE, NONE, 0, 0)


def first_of_month(months: int) -> int:
    """The first day of a month counted from March of the year 0, in days since 1970-01-01."""
    year = months // 12
    century = year // 100
    return (1461 * year >> 2) - century + (century >> 2) + (153 * (months - 12 * year) + 2) // 5 - 719468


def month_and_day(days: int) -> tuple[int, int]:
    """(months since March of the year 0, day of the month)"""
    quarters = 4 * days + 2877875
    century = quarters // 146097
    of_century = quarters - 146097 * century | 3
    year = of_century // 1461
    fifths = (of_century - 1461 * year >> 2) * 5 + 2
    month = fifths // 153
    return (12 * (100 * century + year) + month, (fifths - 153 * month) // 5 + 1)


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar."""
    return first_of_month(12 * year + month - 3) + day - 1


def civil_from_days(days: int) -> tuple[int, int, int]:
    """(year, month, day); the inverse of days_from_civil."""
    months, day = month_and_day(days)
    return ((months + 2) // 12, (months + 2) % 12 + 1, day)


def add_span(days: int, number: int, unit: int, wanted: int) -> int:
    """The day `number` units later, in one step; a day the month lacks becomes its last. `wanted` 0: the day's own."""
    if unit == DAY:
        return days + number
    if unit == WEEK:
        return days + number * 7
    months, day = month_and_day(days)
    months += number * 12 if unit == YEAR else number
    if wanted > 0:
        day = wanted
    found = first_of_month(months) + day - 1
    if day <= 28:
        return found
    last = first_of_month(months + 1) - 1
    return found if found < last else last


def start() -> State:
    """Nothing planned, nothing given."""
    cover, tally = Cover(NONE, NONE, NONE, NONE, NONE, NONE, 0), Tally(0, NONE, 0, 0, 0, 0, 0, 0, 0)
    return State(Place(0, 0, NONE, 0, NONE, 0, NONE, 0, DONE), Last(NONE, 0, 0, 0, 0, 0, 0, 0), cover, tally, SILENT)


def put(p: Place, floor: int, own: int, marks: int) -> Place:
    return Place(p.rung, p.number, p.anchor, p.wanted, p.began, p.total, floor, own, marks)
