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
EARLY, ON_TIME, LATE = 1, 2, 3
INTRAVENOUS = 4  # the bit of this route in `routes`
# Flags of an event. COVERED: a history already counts this dose. CONTINUE: a new plan keeps the anchor. ASK_FIRST: doses are
# pending until a history tells what was given before. UNKNOWN_LAST: of a history whose last dose nobody knows.
ADDITIONAL, EXPIRED, AS_PLANNED, CREDIT, REJECT, COVERED, CONTINUE, ASK_FIRST, UNKNOWN_LAST = (
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
# Marks of a place: gate behind the phase open; its end reached; ladder run out; another cobalamin given last; next dose waived.
GATE_OPEN, REACHED, DONE, SWITCHED, WAIVED, HISTORY_NEEDED, LAST_DOSE_NEEDED = 1, 2, 4, 8, 16, 32, 64
EARLY_OUT_OF_WINDOW, LATE_AFTER_REVIEW, ROUTE_ACCEPTED, PRODUCT_SWITCHED = 1, 2, 4, 8  # flags of a verdict
OVER_DOSE, BELOW_DOSE, INEFFECTIVE_ROUTE, EXPIRED_PRODUCT, BEFORE_NUMBER = 16, 32, 64, 128, 256
DUPLICATE, DUPLICATE_SUSPECTED, EARLY_RATCHET, OVERRIDDEN, UNSCHEDULED, NO_EFFECT = 512, 1024, 2048, 4096, 8192, 16384
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
# `code`: row of the ladder, taking of a statement, or a number for product and batch. `amount`: nanograms, doses already given,
# or the number of an interval whose unit is in `route`. `until`: start of a plan, last dose of a history, end of a cover.
Event = NamedTuple("Event", [
    ("day", int), ("kind", int), ("code", int), ("amount", int), ("substance", int), ("route", int), ("until", int), ("source", int),
    ("flags", int),
])  # fmt: skip
# `wanted`: the day of the month the anchor stands for. `own`: four times the number of a changed interval, plus its unit; 0: none.
Place = NamedTuple("Place", [
    ("rung", int), ("number", int), ("anchor", int), ("wanted", int), ("began", int), ("total", int), ("floor", int), ("own", int),
    ("marks", int),
])  # fmt: skip
Last = NamedTuple("Last", [
    ("day", int), ("credit", int), ("amount", int), ("substance", int), ("route", int), ("source", int), ("code", int), ("early", int),
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


def add_span(days: int, number: int, unit: int, wanted: int) -> int:
    """The day `number` units later, in one step; a day the month lacks becomes its last. `wanted` 0: the day's own."""
    if unit <= WEEK:
        return days + number * (7 if unit == WEEK else 1)
    year, month, day = civil_from_days(days)
    months = month - 1 + (number * 12 if unit == YEAR else number)
    year, month = year + months // 12, months % 12 + 1
    next_month = days_from_civil(year + month // 12, month % 12 + 1, 1)
    return min(days_from_civil(year, month, wanted if wanted > 0 else day), next_month - 1)


def start() -> State:
    """Nothing planned, nothing given."""
    cover, tally = Cover(NONE, NONE, NONE, NONE, NONE, NONE, 0), Tally(0, NONE, 0, 0, 0, 0, 0, 0, 0)
    return State(
        Place(0, 0, NONE, 0, NONE, 0, NONE, 0, DONE), Last(NONE, 0, 0, 0, 0, 0, 0, 0), cover, tally, Verdict(0, 0, 0)
    )


def put(p: Place, floor: int, own: int, marks: int) -> Place:
    return Place(p.rung, p.number, p.anchor, p.wanted, p.began, p.total, floor, own, marks)
