"""The fold: what a record of events means, one event at a time. This file is the definition; there is no second one.

`step` takes a state and one event, `forecast` says what is due on a day. Everything is a whole number (`values`); the dates of
the open dose are `windows`, what a dose counts for is `judging`. They import nothing else of ours and stay inside what numba
compiles: tuples are built by position, without `_replace` and without default arguments; a test compiles them.
"""

from cobalamin.therapy.fold.judging import *
from cobalamin.therapy.fold.values import *
from cobalamin.therapy.fold.windows import *


def enter(place: Place, rungs: tuple[Rung, ...]) -> Place:
    """The next phase, keeping the anchor; after the last one, done. A changed interval belongs to the phase it was made in."""
    if rungs[place.rung].final:
        return put(place, place.floor, 0, DONE | REACHED | place.marks & HISTORY_NEEDED)
    rung = rungs[place.rung + 1]
    floor = place.floor if place.anchor == NONE else NONE  # a phase left before any dose leaves its start
    marks = kept(place, rungs[place.rung], rung)
    following = Place(place.rung + 1, 0, place.anchor, place.wanted, NONE, 0, floor, 0, marks)
    if not rung.continuous:
        return following
    began = floor if place.anchor == NONE else next_due(following, rung)
    return Place(place.rung + 1, 0, place.anchor, place.wanted, began, 0, floor, 0, marks & ~LAST_DOSE_NEEDED)


def kept(place: Place, rung: Rung, following: Rung) -> int:
    """The marks that outlive a phase: what must still be told, and that the last dose was another cobalamin."""
    return place.marks & (
        HISTORY_NEEDED | LAST_DOSE_NEEDED | (SWITCHED if rung.substance == following.substance else 0)
    )


def begins(p: Place, rung: Rung, day: int) -> Place:
    """A course entered by a decision or a history begins on its day at the earliest."""
    if not rung.continuous:
        return p
    floor = max(p.floor, day) if p.anchor == NONE else p.floor
    return Place(p.rung, p.number, p.anchor, p.wanted, max(p.began, day), p.total, floor, p.own, p.marks)


def taken_until(p: Place, rungs: tuple[Rung, ...], day: int) -> Place:
    """A course has no single doses: whatever ends it, its last day is that day."""
    if not rungs[p.rung].continuous or day < p.began:
        return p
    return Place(p.rung, p.number, day, civil_from_days(day)[2], p.began, p.total, NONE, p.own, p.marks)


def ended(place: Place, rung: Rung) -> bool:
    """Whether the phase has had all it asks for."""
    end = rung.end
    if end == BY_DOSES:
        return place.number >= rung.end_number
    if end == BY_TOTAL:
        return place.total >= rung.end_number
    if end != BY_CALENDAR or place.anchor == NONE or place.began == NONE:
        return False
    return next_due(place, rung) >= add_span(place.began, rung.end_number, rung.end_unit, 0)


def moved(place: Place, rungs: tuple[Rung, ...]) -> Place:
    """The place after its phase may have ended: the phase goes on while the gate behind it is shut."""
    rung, marks = rungs[place.rung], place.marks
    if marks & DONE or not (marks & REACHED or ended(place, rung)):
        return place
    if rung.gate and not marks & GATE_OPEN:
        return put(place, place.floor, place.own, marks | REACHED)
    return enter(place, rungs)


def settle(place: Place, cover: Cover, rungs: tuple[Rung, ...], on: int) -> Place:
    """The place on a day: a course whose end has passed leaves the next phase; a bridge that has ended, its last day."""
    if cover.bridge == NONE and not rungs[place.rung].continuous:
        return place
    while not place.marks & DONE and rungs[place.rung].continuous and rungs[place.rung].end == BY_CALENDAR:
        rung = rungs[place.rung]
        end = add_span(place.began, rung.end_number, rung.end_unit, 0)
        if on < end or place.marks & REACHED:  # not over yet, or over and waiting at a shut gate
            break
        place = taken_until(place, rungs, end - 1)
        place = moved(put(place, place.floor, place.own, place.marks | REACHED), rungs)
    if cover.bridge == NONE or on < cover.bridge:
        return place
    bridged = floored(place, rungs[place.rung], cover.bridge)
    return place if bridged.floor == place.floor else put(bridged, bridged.floor, bridged.own, bridged.marks | BRIDGED)


def forecast(state: State, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...], on: int) -> tuple[Place, Dates]:
    """The place on day `on` and the dates of what is open; all dates NONE where nothing is."""
    place = settle(state.place, state.cover, rungs, on)
    if place.marks & DONE:
        return (place, NO_DATES)
    return (place, dates(place, rungs[place.rung], windows))


def judged_at(place: Place, last: Last, cover: Cover, e: Event, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...]) -> Place:  # fmt: skip
    """The place by whose interval a dose is judged on the day on which the interval is changed (contract, section 1).

    The one that credits it, then the one nearer to its window, then the old one.
    """
    if place.marks & DONE:
        return place
    rung = rungs[place.rung]
    changed = decided(place, a_decision(e.day, CHANGE_INTERVAL, 0, e.interval), rungs)
    old, new = bounds(place, rung, windows), bounds(changed, rung, windows)
    if judge(changed, last, cover, e, rung, new).credit != CREDITED:
        return place
    if judge(place, last, cover, e, rung, old).credit != CREDITED:
        return changed
    return changed if outside(e.day, new) < outside(e.day, old) else place


def administer(
    place: Place, last: Last, cover: Cover, tally: Tally, e: Event, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...]
) -> State:  # fmt: skip
    """A dose: its verdict, and where the treatment stands after it."""
    rung = rungs[place.rung]
    e = as_ordered(e, rung)
    judged = place if e.interval == 0 else judged_at(place, last, cover, e, rungs, windows)
    edges = bounds(judged, rung, windows)
    v = judge(judged, last, cover, e, rung, edges)
    due, _, _, target, due_through, row = edges
    day, substance, said, credit = e.day, e.substance, e.flags, v.credit
    if v.timing == LATE and day >= review_from(judged, rung, target, due_through, windows[row]):
        v = Verdict(credit, LATE, v.flags | LATE_AFTER_REVIEW)
    tally = counted(tally, v, day)
    if credit != CREDITED or said & COVERED:  # what a history counts already is not counted again
        if credit == CREDITED or day != last.day or last.credit == NOT_CREDITED:
            last = last_of(e, MEANT if said & ADDITIONAL else credit, last.early)
        return State(place, last, cover, tally, v)
    running = last.early + 1 if day < target and ahead(judged, day, target) else 0
    last = last_of(e, CREDITED, running)
    wanted = stands_for(judged, rung, day, due)
    phase, number, _, _, began, total, _, own, marks = place
    marks &= LASTING
    if substance != rung.substance and substance & rung.substitutes:
        marks |= SWITCHED
    place = Place(phase, number + 1, day, wanted, day if began == NONE else began, total + e.amount, NONE, own, marks)
    if rung.end < BY_DECISION or marks & REACHED:
        place = moved(place, rungs)
    return State(place, last, cover, tally, v)


def begun(state: State, place: Place, event: Event, rungs: tuple[Rung, ...]) -> State:
    """A plan, or a new course of the same plan; it ends a stop, hold, pause and bridge."""
    rung, t, c = rungs[event.row], state.tally, state.cover
    starts = event.starts if event.kind == PLAN else event.day
    began = starts if rung.continuous else NONE
    if event.flags & CONTINUE and place.anchor != NONE:
        marks = kept(place, rungs[place.rung], rung)
        place = floored(Place(event.row, 0, place.anchor, place.wanted, began, 0, NONE, 0, marks), rung, starts)
    else:
        marks = HISTORY_NEEDED if event.flags & ASK_FIRST else 0
        place = Place(event.row, 0, NONE, 0, began, 0, starts, 0, marks)
        t = Tally(t.courses + 1, t.first, t.credited, t.extra, t.not_credited, t.excluded, t.pending, t.early, t.late)
    return State(place, state.last, Cover(NONE, NONE, NONE, NONE, NONE, c.told, c.taking), t, SILENT)


def covered(c: Cover, event: Event) -> Cover:
    """Hold, pause, bridge and stop lie over the dates, which run on beneath; a statement moves nothing."""
    if event.kind == HOLD:
        return Cover(c.stopped, event.until, event.day, c.pause, c.bridge, c.told, c.taking)
    if event.kind == PAUSE:
        return Cover(c.stopped, c.hold, c.held, event.until, c.bridge, c.told, c.taking)
    if event.kind == BRIDGE:
        return Cover(c.stopped, c.hold, c.held, c.pause, event.until, c.told, c.taking)
    if event.kind == STOP:
        return Cover(event.day, c.hold, c.held, c.pause, c.bridge, c.told, c.taking)
    return Cover(c.stopped, c.hold, c.held, c.pause, c.bridge, event.day, event.taking)


def told(place: Place, event: Event, rungs: tuple[Rung, ...]) -> Place:
    """Where treatment stands by a history; a later dose of the record stays the anchor, an unknown day is never invented."""
    rung, last = rungs[event.row], max(event.last_dose, place.anchor)
    marks = SWITCHED if event.substance & rung.substitutes and event.substance != rung.substance else 0
    if rung.continuous:
        return Place(event.row, 0, NONE, 0, event.day if last == NONE else last, 0, event.day, 0, 0)
    total = event.doses * rung.dose
    if last == NONE:
        stands = Place(event.row, event.doses, NONE, 0, NONE, total, NONE, event.interval, marks | LAST_DOSE_NEEDED)
    else:
        wanted = place.wanted if place.anchor > event.last_dose else civil_from_days(last)[2]
        stands = Place(event.row, event.doses, last, wanted, last, total, NONE, event.interval, marks)
    stands = moved(stands, rungs) if event.doses else stands
    return begins(stands, rungs[stands.rung], event.day)


def resumed(state: State, place: Place, day: int, rung: Rung) -> State:
    """Ends stop, hold, pause and bridge; the anchor stays."""
    c = state.cover
    cover = Cover(NONE, NONE, NONE, NONE, NONE, c.told, c.taking)
    after = floored(place, rung, day)
    ended = c.stopped != NONE or max(c.hold, c.pause, c.bridge) >= day or after != place
    return State(after, state.last, cover, state.tally, SILENT if ended else Verdict(0, 0, NO_EFFECT))


def decided(place: Place, event: Event, rungs: tuple[Rung, ...]) -> Place:
    """The place after a decision; unchanged where there is nothing to decide."""
    rung = rungs[place.rung]
    if event.kind == CHANGE_INTERVAL:
        changed = put(place, place.floor, event.interval, place.marks)
        return floor_of_decision(place, changed, rungs, event.day)
    if event.kind == WAIVE:
        if rung.end == BY_DOSES or rung.end == BY_TOTAL or not rung.final:
            p = Place(place.rung, place.number + 1, place.anchor, place.wanted, place.began, place.total, place.floor, place.own,
                      place.marks)  # fmt: skip
            return floor_of_decision(place, moved(p, rungs), rungs, event.day)
        if place.anchor == NONE:
            return place
        return floor_of_decision(place, put(place, place.floor, place.own, place.marks | WAIVED), rungs, event.day)
    if event.kind == GATE_MET:
        left = taken_until(place, rungs, event.day) if place.marks & REACHED else place
        left = moved(put(left, left.floor, left.own, left.marks | GATE_OPEN), rungs)
    elif rung.final and rung.end == BY_NEVER:
        return place  # nothing follows a last phase without an end: only `stop` ends a treatment for life
    else:
        left = enter(taken_until(place, rungs, event.day), rungs)
    if left.rung == place.rung:
        return left
    return floor_of_decision(place, begins(left, rungs[left.rung], event.day), rungs, event.day)


def step(state: State, event: Event, rungs: tuple[Rung, ...], windows: tuple[WindowRow, ...]) -> State:
    """The state after one event."""
    place, last, cover, tally, _ = state
    rung, kind = rungs[place.rung], event.kind
    if rung.continuous or cover.bridge != NONE:
        place = settle(place, cover, rungs, event.day)
        rung = rungs[place.rung]
    if kind == ADMINISTRATION:
        return administer(place, last, cover, tally, event, rungs, windows)
    if kind >= HOLD or kind == STATEMENT:
        return State(place, last, covered(cover, event), tally, SILENT)
    if kind in (PLAN, RESTART):
        return begun(state, place, event, rungs)
    if kind == RESUME:
        return resumed(state, place, event.day, rung)
    if kind == HISTORY:
        return State(told(place, event, rungs), last, cover, tally, SILENT)
    after = place if place.marks & DONE else decided(place, event, rungs)
    flags = NO_EFFECT if after == place else 0
    if kind == ADVANCE and not flags and rung.end <= BY_CALENDAR and not place.marks & REACHED:
        flags = BEFORE_NUMBER
    return State(after, last, cover, tally, Verdict(0, 0, flags) if flags else SILENT)
