"""One batch of people followed through the fold: plain Python, in the subset that numba compiles.

Nothing is decided here that `therapy.fold` does not decide: this loop hands each event to `step` and writes down what a
panel shows of the last state. Arrays or lists of whole numbers go in; a row of whole numbers for each person comes out.
"""

from typing import NamedTuple

from cobalamin.population.stream import *
from cobalamin.therapy.fold.fold import *
from cobalamin.therapy.fold.status import *


# What is known of everybody with the same plan and the same facts. `first`: row of the first phase, -1 where no plan can be
# dated. `told`: earlier treatment is recorded, so a history is asked for. `decide_*`: when an open end is to be decided.
class Profile(NamedTuple):
    first: int
    contraindicated: int
    completes: int
    told: int
    decide_number: int
    decide_unit: int  # fmt: skip


LOADING, LATER = 0, 1  # the stage of a phase
GATE, OPEN_END, WHAT_NEXT, HISTORY_ASKED, LAST_DOSE_ASKED, NO_PLAN_DATED = 1, 2, 3, 4, 5, 6  # the open question

# The numbers of a person's row. Dates are days since 1970-01-01, NONE where there is none. The counts "in the period" are of
# doses after `since`: credited ones outside loading by their timing, and those of an amount that is not the ordered one. `own`: twice the person's own interval (as in
# `fold.Place`), one more where nobody stands for it.
PANEL = (
    "headers", "profile", "rung", "number", "status", "timeliness", "bookable_from", "target", "due_through", "overdue_from",
    "review_from", "until", "last_dose", "first_dose", "interval_days", "question", "question_since", "stopped_on", "courses",
    "credited", "extra", "not_credited", "excluded", "pending", "early", "late", "flags", "doses", "decisions", "period_doses",
    "period_on_time", "period_early", "period_late", "period_wrong_amount", "loading_from", "loading_late", "loading_done",
    "alternate_days", "left_on", "practice", "own",
)  # fmt: skip


# What is counted of one person while events pass: flags of all doses, doses, in the period (5), loading (3),
# alternate days (0 none, 1 with a counted end, 2 left only by a decision), since when a shut gate is waited at.
class Seen(NamedTuple):
    flags: int
    doses: int
    period_doses: int
    on_time: int
    early: int
    late: int
    wrong: int
    loading_from: int
    loading_late: int
    loading_done: int
    alternate: int
    waiting: int  # fmt: skip


# `started`: of the first plan. `left`: the day of death or of leaving. `told`: a history was read, 2 where
# nobody stands for its interval, which still holds; `last`: the last dose it tells.
class InForce(NamedTuple):
    number: int
    row: int
    began: int
    plans: int
    left: int
    practice: int
    started: int
    told: int
    last: int  # fmt: skip


def nothing_seen() -> Seen:
    return Seen(0, 0, 0, 0, 0, 0, 0, NONE, 0, NONE, 0, NONE)


def noticed(s: Seen, event: Event, was: Place, state: State, since: int, rung: Rung, stage: int) -> Seen:
    """The counts with one more event."""
    if event.kind == ADMINISTRATION:
        s = with_dose(s, event.day, state.verdict, since, rung, stage)
    reached = state.place.marks & (REACHED | DONE)
    done, waiting = s.loading_done, s.waiting
    if reached and not was.marks & (REACHED | DONE):
        waiting = event.day
    if stage == LOADING and done == NONE and s.loading_from != NONE and (reached or state.place.rung != was.rung):
        done = event.day
    return Seen(s.flags, s.doses, s.period_doses, s.on_time, s.early, s.late, s.wrong, s.loading_from,
                s.loading_late, done, s.alternate, waiting)  # fmt: skip


def with_dose(s: Seen, day: int, verdict: Verdict, since: int, rung: Rung, stage: int) -> Seen:
    """The counts with one more dose."""
    (
        flags,
        doses,
        given,
        on_time,
        early,
        late,
        wrong,
        loading_from,
        loading_late,
        done,
        alternate,
        waiting,
    ) = s
    in_period, timing = 1 if day > since else 0, verdict.timing
    given += in_period
    wrong += in_period if verdict.flags & (BELOW_DOSE | OVER_DOSE) else 0
    if verdict.credit == CREDITED and stage == LOADING:
        loading_from = day if loading_from == NONE else loading_from
        loading_late += 1 if timing == LATE else 0
        alternate = max(alternate, alternate_days(rung))
    elif verdict.credit == CREDITED and in_period:
        on_time += 1 if timing == ON_TIME else 0
        early += 1 if timing == EARLY else 0
        late += 1 if timing == LATE else 0
    return Seen(flags | verdict.flags, doses + 1, given, on_time, early, late, wrong, loading_from, loading_late,
                done, alternate, waiting)  # fmt: skip


def alternate_days(rung: Rung) -> int:
    """2 where a phase of doses on alternate days or oftener ends by a decision, 1 where it is counted, else 0."""
    if rung.gap_count or rung.continuous or rung.unit != DAY or rung.number > 2:
        return 0
    return 2 if rung.end == BY_DECISION else 1


def question_of(place: Place, rung: Rung, profile: Profile, waiting: int, on: int) -> tuple[int, int]:
    """(the open question, the day since when it is open); the first that applies."""
    decide = decided_from(place, rung, profile.decide_number, profile.decide_unit)
    asks = open_questions(place, rung, decide, on, profile.completes)
    if asks & ASKS_HISTORY:
        return (HISTORY_ASKED, place.floor)
    if asks & ASKS_LAST_DOSE:
        return (LAST_DOSE_ASKED, NONE)
    if asks & ASKS_NEXT:
        return (WHAT_NEXT, waiting)
    if asks & ASKS_GATE:
        return (GATE, waiting if waiting != NONE else place.anchor)
    return (OPEN_END, decide) if asks & ASKS_END else (0, NONE)


def standing(
    state: State,
    other: State,
    by_month: int,
    rungs: tuple[Rung, ...],
    windows: tuple[WindowRow, ...],
    profile: Profile,
    on: int,
) -> tuple[int, int, Place, Dates]:
    """(status, timeliness, place, dates) on a day, as `therapy.outlook` tells them of one person.

    `other`: the state with every date known by its month at its early end, where there is one (`by_month`).
    """
    place, dates = forecast(state, rungs, windows, on)
    ongoing = 1 if rungs[place.rung].continuous and not place.marks & DONE else 0
    late = 0
    if is_dated(place, ongoing):
        earlier = other_dates(other, dates, rungs, windows, on) if by_month else dates
        late = timeliness(smaller(dates, earlier), larger(dates, earlier), on)
        dates = single(smaller(dates, earlier), larger(dates, earlier))
    else:
        dates = NO_DATES
    status = status_of(place, state.cover, ongoing, on, profile.contraindicated, profile.completes)
    return (status if status else late, late, place, dates)


def other_dates(other: State, dates: Dates, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...], on: int) -> Dates:
    """The dates of the other reading, or the same ones where it has none."""
    place, early = forecast(other, rungs, windows, on)
    ongoing = 1 if rungs[place.rung].continuous and not place.marks & DONE else 0
    return early if is_dated(place, ongoing) else dates


def undated(state: State, profile: Profile) -> int:
    """The status where no plan can be dated."""
    if state.cover.stopped != NONE:
        return DISCONTINUED
    return CONTRAINDICATED if profile.contraindicated else DATA_REQUIRED


def count_months(months, counts, begin, before, state, plan, profile, stages, rungs, windows):
    """The status at each month's end from number `begin` on that lies before the day `before`; returns the next number.

    `counts` by month, stage and status. Nobody is counted before the plan's start or after leaving.
    """
    month = begin
    while month < len(months) and months[month] < before:
        on = months[month]
        if plan.row >= 0 and on >= plan.started and (plan.left == NONE or on < plan.left):
            status, _, place, _ = standing(state, state, 0, rungs, windows, profile, on)
            counts[month, stages[place.rung], status] += 1
        month += 1
    return month


def put_in_force(plan, event, columns, at, profiles):
    """The plan of an event; the first one brings what else is known of the person."""
    number, starts = event.row, event.starts  # (the row that the stream tells is the number of a profile)
    left, practice, started = plan.left, plan.practice, starts if plan.started == NONE else plan.started
    if event.flags & HEADER:
        practice, left = header_at(columns, at)
        started = starts
    plans = plan.plans if starts == NONE else plan.plans + 1  # the row of somebody without a plan brings none
    return InForce(number, profiles[number].first, starts, plans, left, practice, started, plan.told, plan.last)


def told_of(plan: InForce, event: Event) -> InForce:
    """The plan with what a history tells; a decision on the interval ends that nobody stands for it."""
    told, last = plan.told, plan.last
    if event.kind == HISTORY:
        told, last = 2 if event.flags & UNCLAIMED else 1, event.last_dose
    elif event.kind == CHANGE_INTERVAL and told == 2:
        told = 1
    return InForce(plan.number, plan.row, plan.began, plan.plans, plan.left, plan.practice, plan.started, told, last)


def plan_event(event: Event, plan: InForce, profile: Profile, known: Known) -> Event:
    """The plan as the fold takes it; earlier treatment that no history of its phases tells is asked for first."""
    flags = event.flags & CONTINUE
    if plan.plans == 1 and profile.told and known.history in (0, NO_PHASE):
        flags |= ASK_FIRST
    return a_plan(event.day, plan.row, plan.began, flags)


def read_event(event, plan, profile, known, changed, phase_rows, rungs):
    """The event as the fold takes it; its kind is SKIPPED where it has no effect. `changed`: the interval that its day sets."""
    if event.kind == PLAN:
        return plan_event(event, plan, profile, known)
    if event.kind == HISTORY:
        row = phase_rows[plan.number][event.row]
        if row < 0:
            return a_decision(event.day, SKIPPED, 0, 0)
        counts = rungs[row].end == BY_DOSES or rungs[row].end == BY_TOTAL
        doses = event.doses if counts else 0
        return a_history(event.day, row, doses, event.substance, event.interval, event.last_dose, event.flags)
    if event.kind == RESTART:
        return a_decision(event.day, RESTART, plan.row, 0)
    if event.kind == ADMINISTRATION:
        e, flags = event, event.flags
        asked = profile.told != 0 and plan.told == 0
        if known.through != NONE and counted_by_history(e.day, flags, plan.began, asked, known.through, plan.last):
            flags |= COVERED
        return a_dose(e.day, e.batch, e.amount, e.substance, e.route, changed, e.source, flags)
    return event


def without_plan(state: State, event: Event) -> State:
    """A dose waits for a plan that can be dated; a stop holds until treatment is taken up again."""
    if event.kind == ADMINISTRATION:
        tally = counted(state.tally, Verdict(PENDING, 0, 0), 0)
        return State(state.place, state.last, state.cover, tally, SILENT)
    if event.kind not in (PLAN, STOP, RESUME, RESTART):
        return state
    cover = Cover(event.day if event.kind == STOP else NONE, NONE, NONE, NONE, NONE, NONE, 0)
    return State(state.place, state.last, cover, state.tally, SILENT)


def follow_one(row, first, end, columns, profiles, phase_rows, stages, rungs, windows, on, since, panel, months, counts):  # fmt: skip
    """Fold the events of one person and write the person's row; what is known by its month at its last day, then at its first."""
    known = known_of(columns, first, end)
    state, seen, plan, decisions = read_person(known, first, end, AT_FIRST, columns, profiles, phase_rows, stages, rungs, windows,
                                               on, since, months, counts)  # fmt: skip
    other = state
    if known.by_month:
        other, _, _, _ = read_person(known, first, end, AT_LAST, columns, profiles, phase_rows, stages, rungs, windows, on, since,
                                     months[:0], counts)  # fmt: skip
    profile = profiles[plan.number]
    write_row(panel, row, known, decisions, state, other, seen, plan, profile, rungs, windows, on)


def read_person(known, first, end, other, columns, profiles, phase_rows, stages, rungs, windows, on, since, months, counts):  # fmt: skip
    """(state, what is counted, plan, decisions) after all events but those of the other reading (the flag `other`)."""
    state, seen, month, decisions = start(), nothing_seen(), 0, 0
    plan, event = InForce(0, -1, NONE, 0, NONE, 0, NONE, 0, NONE), a_decision(NONE, SKIPPED, 0, 0)
    today = Day(first, first, 0, -1, NONE, -1)
    for place in range(first, end):
        if place >= today.stop:
            today = day_begun(columns, place, end, state, plan.row, rungs, windows)
        today = next_in_turn(columns, today, other)
        # A row that is set aside, or that belongs to the other reading, stands among the day's doses.
        if today.at < 0 or (columns[1][today.at] >> 11) & other:
            continue
        event, before = event_at(columns, today.at), event
        decisions += is_decision(event)
        if event.kind < PLAN or (event == before and event.kind not in (PLAN, ADMINISTRATION)):
            continue  # the same decision written down twice is one decision
        profile = profiles[plan.number]
        month = count_months(months, counts, month, event.day, state, plan, profile, stages, rungs, windows)
        if event.kind == PLAN:  # after the months before it, which stood under the plan before it
            if known.headers > 1:
                continue  # two people with one id: nobody knows whose plan it is
            plan = put_in_force(plan, event, columns, today.at, profiles)
            known = with_phases(known, columns, first, end, phase_rows[plan.number])
        profile = profiles[plan.number]
        if plan.row < 0:
            state = without_plan(state, event)
            seen = noticed(seen, event, state.place, state, since, rungs[0], LATER)
            continue
        asked = known.changes and event.kind == ADMINISTRATION
        changed = change_of_day(columns, today.at, end) if asked else 0
        ready = read_event(event, plan, profile, known, changed, phase_rows, rungs)
        if ready.kind == SKIPPED:
            continue
        was = state.place
        state = step(state, ready, rungs, windows)
        seen = noticed(seen, ready, was, state, since, rungs[was.rung], stages[was.rung])
        plan = told_of(plan, event)
    if plan.row >= 0:
        count_months(months, counts, month, on + 1, state, plan, profiles[plan.number], stages, rungs, windows)
    return (state, seen, plan, decisions)


def is_decision(event: Event) -> int:
    """1 for a row of the decision table, whether it moves anything or not."""
    if event.kind == SKIPPED or event.kind == ADMINISTRATION or (event.kind == PLAN and event.flags & HEADER):
        return 0
    return 1


def follow_people(begins, columns, profiles, phase_rows, stages, rungs, windows, on, since, panel, months, counts):
    """Fold every person of a batch and write a row for each into `panel`; with `months`, count statuses at their ends.

    begins: first event of each person, and the end of the last. columns: key, bits, code and until of all events, in order.
    phase_rows: by profile, the row of each phase a history may name; -1 for none. stages: LOADING or LATER for each row of the ladder. since: the period's last day that no longer counts.
    """
    for row in range(len(begins) - 1):
        follow_one(row, begins[row], begins[row + 1], columns, profiles, phase_rows, stages, rungs, windows, on, since, panel,
                   months, counts)  # fmt: skip


def covered_until(status: int, cover: Cover) -> int:
    """The last day of the hold, pause or bridge that the status names."""
    if status == ON_HOLD:
        return cover.hold
    if status == PAUSED:
        return cover.pause
    return cover.bridge if status == BRIDGED_STATUS else NONE


def interval_of(place: Place, rung: Rung) -> int:
    """Days from the last credited dose to the next, before any floor; 0 where there are none."""
    if place.marks & DONE or rung.continuous or place.anchor == NONE:
        return 0
    return next_due(place, rung) - place.anchor


def write_row(panel, row, known, decisions, state, other, seen, plan, profile, rungs, windows, on):
    """The panel's numbers of one person, in the order of PANEL."""
    tally, cover, place = state.tally, state.cover, state.place
    status, late, dates, phase, dose, interval = undated(state, profile), 0, NO_DATES, -1, 0, 0
    question, asked_since, own = NO_PLAN_DATED, NONE, 0
    if plan.row >= 0:
        status, late, place, dates = standing(state, other, known.by_month, rungs, windows, profile, on)
        phase, over = place.rung, place.marks & DONE
        dose = 0 if over else place.number + 1
        interval = interval_of(place, rungs[phase])
        own = 2 * place.own + (1 if place.own and plan.told == 2 else 0)
        question, asked_since = question_of(place, rungs[phase], profile, seen.waiting, on)
    numbers = (  # no tuple of more than 30: numba builds none
        known.headers, plan.number, phase, dose, status, late, dates.bookable_from, dates.target, dates.due_through,
        dates.overdue_from, dates.review_from, covered_until(status, cover), place.anchor, tally.first, interval,
        0 if cover.stopped != NONE else question, asked_since, cover.stopped, tally.courses,
    )  # fmt: skip
    counts = (
        tally.credited, tally.extra, tally.not_credited, tally.excluded, tally.pending, tally.early, tally.late, seen.flags, seen.doses, decisions,
        seen.period_doses, seen.on_time, seen.early, seen.late, seen.wrong, seen.loading_from, seen.loading_late,
        seen.loading_done, seen.alternate, plan.left, plan.practice, own,
    )  # fmt: skip
    for column in range(len(numbers)):
        panel[row, column] = numbers[column]
    for column in range(len(counts)):
        panel[row, len(numbers) + column] = counts[column]
