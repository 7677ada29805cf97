"""The status and timeliness of a day (contract, section 4) in whole numbers, for one patient and for many alike."""

from cobalamin.therapy.fold.values import *

# The numbers of the words in STATUSES; 0: the timeliness is the status.
(
    DISCONTINUED, CONTRAINDICATED, DATA_REQUIRED, ON_HOLD, PAUSED, BRIDGED_STATUS, COMPLETE, ONGOING, NOT_YET_DUE, BOOKABLE, DUE,
    OVERDUE, REVIEW_NEEDED, PERHAPS_OVERDUE,
) = range(1, 15)  # fmt: skip
STATUSES = (
    "", "discontinued", "contraindicated", "data_required", "on_hold", "paused", "bridged", "complete", "ongoing", "not_yet_due",
    "bookable", "due", "overdue", "review_needed", "perhaps_overdue",
)  # fmt: skip

# The bits of `open_questions`: what was given before, the day of the last dose, what comes after the last phase, whether the
# condition behind a phase is met, and whether an open end has come.
ASKS_HISTORY, ASKS_LAST_DOSE, ASKS_NEXT, ASKS_GATE, ASKS_END = 1, 2, 4, 8, 16


def smaller(one: Dates, other: Dates) -> Dates:
    """The earlier of each date of two readings of a record."""
    return Dates(
        min(one.count_from, other.count_from), min(one.bookable_from, other.bookable_from), min(one.target, other.target),
        min(one.due_through, other.due_through), min(one.overdue_from, other.overdue_from), min(one.review_from, other.review_from),
    )  # fmt: skip


def larger(one: Dates, other: Dates) -> Dates:
    """The later of each date of two readings of a record."""
    return Dates(
        max(one.count_from, other.count_from), max(one.bookable_from, other.bookable_from), max(one.target, other.target),
        max(one.due_through, other.due_through), max(one.overdue_from, other.overdue_from), max(one.review_from, other.review_from),
    )  # fmt: skip


def single(earlier: Dates, later: Dates) -> Dates:
    """One value for each date: booking from the earlier day, the safe side; in time through the later, and what follows from it."""
    return Dates(
        earlier.count_from, earlier.bookable_from, later.target, later.due_through, later.overdue_from, later.review_from,
    )  # fmt: skip


def timeliness(earlier: Dates, later: Dates, day: int) -> int:
    """How the day stands to the open dose, of which each date lies between two (contract, section 5).

    Not yet due and overdue only where both readings say so; in between, the further one up to the day from which one says overdue.
    """
    if day >= later.overdue_from:
        return REVIEW_NEEDED if day >= later.review_from else OVERDUE
    if day >= earlier.overdue_from:
        return PERHAPS_OVERDUE
    if day >= earlier.target:
        return DUE
    return BOOKABLE if day >= earlier.bookable_from else NOT_YET_DUE


def lasts(until: int, day: int) -> bool:
    """Whether a hold, pause or bridge with this last day lies over `day`."""
    return until != NONE and day <= until


def status_of(place: Place, cover: Cover, continuous: int, day: int, contraindicated: int, completes: int) -> int:
    """The first that applies; 0 where the timeliness is the status. `completes`: nothing is asked for after the last phase."""
    if cover.stopped != NONE:
        return DISCONTINUED
    if contraindicated:
        return CONTRAINDICATED
    if place.marks & (HISTORY_NEEDED | LAST_DOSE_NEEDED):
        return DATA_REQUIRED
    if lasts(cover.hold, day):
        return ON_HOLD
    if lasts(cover.pause, day):
        return PAUSED
    if lasts(cover.bridge, day):
        return BRIDGED_STATUS
    if place.marks & DONE:
        return COMPLETE if completes else REVIEW_NEEDED
    if continuous:
        return NOT_YET_DUE if day < place.began else ONGOING
    return 0


def is_dated(place: Place, continuous: int) -> bool:
    """Whether an open dose has dates: not in a course, after the last phase, or while earlier treatment must be told."""
    return not (continuous or place.marks & (DONE | HISTORY_NEEDED | LAST_DOSE_NEEDED))


def decided_from(place: Place, rung: Rung, number: int, unit: int) -> int:
    """The first day on which an open end should be decided; NONE before the phase began or where it is not open."""
    if rung.end != BY_DECISION or place.began == NONE or place.marks & DONE:
        return NONE
    return add_span(place.began, number, unit, 0)


def open_questions(place: Place, rung: Rung, decide: int, day: int, completes: int) -> int:
    """What the place asks on a day, as bits (ASKS_HISTORY and the others). `decide`: `decided_from`."""
    asks = ASKS_HISTORY if place.marks & HISTORY_NEEDED else 0
    asks |= ASKS_LAST_DOSE if place.marks & LAST_DOSE_NEEDED else 0
    if place.marks & DONE:
        return asks if completes else asks | ASKS_NEXT
    asks |= ASKS_GATE if rung.gate and place.marks & REACHED else 0
    return asks | ASKS_END if decide != NONE and day >= decide else asks


def counted_by_history(day: int, said: int, start: int, asked_first: bool, through: int, told: int) -> bool:
    """Whether a history already counts this dose.

    `told`: the last dose that the history read last tells, which is this dose; `through`: the last day told by any history.
    """
    if said & ADDITIONAL:
        return False
    return day == told or ((day < start or asked_first) and day <= through)
