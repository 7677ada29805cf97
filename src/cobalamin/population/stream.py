"""The rows of a person out of the stream of four numbers, in the order in which they count; in the subset that numba compiles.

The order is that of the sorted stream but for doses of one day of which one was given as planned: its amount, by which doses are
ordered, is known only when the plan of that day is.
"""

from typing import NamedTuple

from cobalamin.therapy.fold.fold import *

DAY_ZERO, MOST_AMOUNT = 45_000, (1 << 37) - 1  # how a row of the stream is packed
MOST_SIZE, DOSES_OF_DAY = (1 << 39) - 1, 4  # source and amount of a key; the place of doses among the kinds of a day
AT_FIRST, AT_LAST = (
    1024,
    2048,
)  # flags of the two rows of what is known by its month: one for each reading of the record
LEFT_SOME_DAY = NONE + 1  # the day of leaving of somebody of whom only that is known: before every other
UNCLAIMED = 512  # flag of a history whose interval is told without who stands for it; of that kind alone
HEADER = 512  # flag of the event that carries the row of the patient table
SKIPPED = -1  # (below PLAN: not for the fold) the kind of a row that is set aside, and of an event without effect
OVERRIDE = -2  # the kind of a decision about one dose: used, because it stands in that dose's flags


# Of all events of a person: whether a history is among them, the last day whose doses one counts, rows of the patient table,
# changes of the interval, rows of what is known by its month.
class Known(NamedTuple):
    history: int
    through: int
    headers: int
    changes: int
    by_month: int


# Rows that count in an order known only on the day: doses of which one was given as planned. `size`, `place`, `at`: of the one taken last;
# the place of a dose is that of its id where the stream tells it (`mapper.in_order_of_ids`), else its row.
class Day(NamedTuple):
    begin: int
    stop: int
    planned: int
    size: int
    place: int
    at: int


def known_of(columns, first, end):
    """What has to be known of all events of a person before the first is read."""
    history, through, headers, changes, by_month = 0, NONE, 0, 0, 0
    for at in range(first, end):
        kind = kind_at(columns, at)
        changes += 1 if kind == CHANGE_INTERVAL else 0
        by_month += 1 if (columns[1][at] >> 11) & AT_FIRST else 0
        if kind in (HISTORY, PLAN):
            event = event_at(columns, at)
            if kind == HISTORY:
                history = 1
                through = max(through, event.last_dose if event.last_dose != NONE else event.day)
            elif event.flags & HEADER:
                headers += 1
    return Known(history, through, headers, changes, by_month)


NO_PHASE = 2  # of Known.history: there are histories, and none names a phase of the plan


def with_phases(known, columns, first, end, rows):
    """What is known, with whether a history names a phase of the plan. `rows`: the row of each phase in it, -1 for none."""
    if known.history == 0:
        return known
    history = NO_PHASE
    for at in range(first, end):
        if kind_at(columns, at) == HISTORY and rows[event_at(columns, at).row] >= 0:
            history = 1
    return Known(history, known.through, known.headers, known.changes, known.by_month)


def kind_at(columns, at):
    return (columns[1][at] & 31) - 3


def event_at(columns, at):
    """An event out of the four numbers of a row of the stream (`events_sql`).

    The row of a plan is still the number of its profile, that of a history the number of its phase (`following.read_event`).
    """
    keys, bits, codes, untils = columns
    key, packed = keys[at], bits[at]
    kind, said, route = (packed & 31) - 3, (packed >> 11) & 4095, packed >> 23
    if kind == PLAN and said & HEADER:
        return a_plan(untils[at], codes[at], untils[at], said)
    day, amount, source = (key >> 43) - DAY_ZERO, key & MOST_AMOUNT, (key >> 37) & 3
    if kind == HISTORY:  # the place of its amount in the key tells which of two speaks first
        return a_history(day, codes[at], route >> 16, (packed >> 8) & 7, route & 65535, untils[at], said)
    if kind == ADMINISTRATION:
        return a_dose(day, codes[at], amount, (packed >> 8) & 7, route, 0, source, said)
    if kind == PLAN:
        return a_plan(day, codes[at], untils[at], said)
    if kind == STATEMENT:
        return a_statement(day, codes[at])
    if kind in (HOLD, PAUSE, BRIDGE):
        return a_cover(day, kind, untils[at])
    return a_decision(day, kind, codes[at], route)


def header_at(columns, at):
    """(practice, day of leaving) of the row that carries the row of the patient table."""
    keys, bits, _, _ = columns
    return (-1 - keys[at], (bits[at] >> 23) + NONE)


def change_of_day(columns, at, end):
    """The interval to which the day of this row changes the old one; the last of several, 0 where there is none."""
    keys, _, _, _ = columns
    day, changed = keys[at] >> 43, 0
    while at < end and keys[at] >> 43 == day:
        if kind_at(columns, at) == CHANGE_INTERVAL:
            changed = event_at(columns, at).interval
        at += 1
    return changed


def doses_of_day(columns, at, end):
    """The end of the day's doses where one of several was given as planned, else the next row."""
    keys, bits, _, _ = columns
    stop, planned = at, 0
    while stop < end and keys[stop] >> 39 == keys[at] >> 39 and (keys[at] >> 39) & 15 == DOSES_OF_DAY:
        planned |= (bits[stop] >> 11) & AS_PLANNED
        stop += 1
    return stop if planned and stop > at + 1 else at + 1


def day_begun(columns, at, end, state, row, rungs, windows):
    """The row's day of doses; the amount that one given as planned has, known only now."""
    stop, planned = doses_of_day(columns, at, end), 0
    if stop > at + 1 and row >= 0:
        day = (columns[0][at] >> 43) - DAY_ZERO
        planned = rungs[forecast(state, rungs, windows, day)[0].rung].dose
    return Day(at, stop, planned, -1, NONE, -1)


def next_in_turn(columns, today, other):
    """The day with the dose that follows the one taken last, by source, amount and place; `at` -1 after the last.

    `other`: the flag of rows that belong to the other reading.

    After the last one the day keeps what was taken last: the rows set aside of that day ask again, and must find nothing again.
    """
    begin, stop, planned, size, last, _ = today
    if stop == begin + 1:
        return Day(begin, stop, planned, size, last, begin)
    keys, bits, _, untils = columns
    found, least, first = -1, 0, 0
    for at in range(begin, stop):
        own = keys[at] & MOST_SIZE
        own += planned if (bits[at] >> 11) & AS_PLANNED else 0
        place = untils[at] if untils[at] != NONE else at
        after = own > size or (own == size and place > last)
        sooner = found < 0 or own < least or (own == least and place < first)
        if kind_at(columns, at) == ADMINISTRATION and after and sooner and not (bits[at] >> 11) & other:
            found, least, first = at, own, place
    if found < 0:
        return Day(begin, stop, planned, size, last, found)
    return Day(begin, stop, planned, least, first, found)
