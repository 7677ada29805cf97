"""Every dose of the record judged: what it counts for, when it came, and why, in codes and in words.

The verdicts are the fold's; this module names them and adds what only concerns the entry itself (a date known by its month,
an authority that does not cover the day).
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from cobalamin.amounts import Mass
from cobalamin.knowledge.library import Library
from cobalamin.text.messages import day, message
from cobalamin.therapy import fold
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.case.record import Record, in_order
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.course import Course, Step
from cobalamin.therapy.review.product_given import what_is_wrong
from cobalamin.therapy.review.reason import Reason as Reason

CREDITS = ("", "credited", "extra", "not_credited", "excluded", "pending")
TIMINGS = ("none", "early", "on_time", "late")
FLAG_NAMES = {
    fold.EARLY_OUT_OF_WINDOW: "EARLY_OUT_OF_WINDOW", fold.LATE_AFTER_REVIEW: "LATE_AFTER_REVIEW",
    fold.ROUTE_ACCEPTED: "ROUTE_ACCEPTED", fold.PRODUCT_SWITCHED: "PRODUCT_SWITCHED", fold.OVER_DOSE: "OVER_DOSE",
    fold.BELOW_DOSE: "BELOW_DOSE", fold.DUPLICATE: "DUPLICATE", fold.DUPLICATE_SUSPECTED: "DUPLICATE_SUSPECTED",
    fold.EARLY_RATCHET: "EARLY_RATCHET", fold.OVERRIDDEN: "OVERRIDDEN", fold.INEFFECTIVE_ROUTE: "INEFFECTIVE_ROUTE",
    fold.EXPIRED_PRODUCT: "EXPIRED_PRODUCT", fold.UNSCHEDULED: "UNSCHEDULED",
}  # fmt: skip
_OF_ITS_TIME = fold.EARLY_OUT_OF_WINDOW | fold.LATE_AFTER_REVIEW | fold.EARLY_RATCHET
ROUTE_CHECK = "ROUTE_INTRAVENOUS"  # its words in the library cite why the route is lost


class Evaluation(NamedTuple):
    """One administration of the record with its verdict (contract, section 4)."""

    event: Administration
    credit: str
    timing: str
    flags: tuple[str, ...]
    reasons: tuple[Reason, ...]
    phase: str = ""
    number: int = 0
    substance: str = ""
    dose: Mass | None = None
    route: str = ""

    @property
    def on(self) -> str:
        return self.event.month or str(self.event.on)


def evaluate_doses(library: Library, record: Record, late: Course, early: Course) -> tuple[Evaluation, ...]:
    """All administrations in order. `early` and `late` differ where a date is known by its month only."""
    other = {} if early is late else {step.event.id: step for step in early.doses}
    found = [evaluate_step(library, step, other.get(step.event.id)) for step in late.doses]
    for events, flag in ((record.withdrawn, "RETRACTED"), (record.future, "FUTURE")):
        found += [_left_out(event, flag) for event in events if isinstance(event, Administration)]
    return tuple(sorted(found, key=lambda evaluation: in_order(evaluation.event)))


def _left_out(event: Administration, flag: str) -> Evaluation:
    flags = (flag, *_entry_flags(event, ""))
    substance, dose, route = _given(event, None)
    reasons = tuple(Reason(code, message(f"flags.{code}")) for code in flags)
    return Evaluation(event, "excluded", "none", flags, reasons, "", 0, substance, dose, route)


def evaluate_step(library: Library, step: Step, other: Step | None) -> Evaluation:
    """One dose of a folded record; `other` is the same dose where a date known by its month counts as its other end."""
    verdict, event = step.verdict, step.dose
    timing = TIMINGS[verdict.timing]
    if other is not None and other.verdict.timing != verdict.timing:
        timing = "none"  # in time or not depends on the day, and the day is not known
    product = step.plan.product.id if step.plan and step.plan.product else ""
    flags = (*_verdict_flags(step, other), *_entry_flags(event, product))
    counts = CREDITS[verdict.credit]
    main = _main_reason(step, counts, timing, other)
    if other is not None and other.verdict.credit != verdict.credit:
        main = _either(main, counts, other)
    reasons = (main, *(_reason(library, code) for code in flags))
    phase = (
        step.plan.ladder.phases[step.before.rung - step.plan.first] if step.plan and step.plan.ladder.rungs else None
    )
    substance, dose, route = _given(event, phase)
    if wrong := what_is_wrong(library, event, substance, dose, route):
        flags, reasons = (*flags, wrong.code), (*reasons, wrong)
    number = step.before.number + 1 if counts == "credited" else 0
    return Evaluation(
        event, counts, timing, flags, reasons, phase.phase.name if phase else "", number, substance, dose, route
    )


def _verdict_flags(step: Step, other: Step | None) -> tuple[str, ...]:
    """What the fold remarks; of the time of a dose only what both readings of a month say."""
    flags = step.verdict.flags
    if other is not None:
        flags &= ~_OF_ITS_TIME | other.verdict.flags
    return tuple(name for bit, name in FLAG_NAMES.items() if flags & bit)


def _entry_flags(event: Administration, planned_product: str) -> tuple[str, ...]:
    """What concerns the entry itself."""
    flags = ["DATE_PARTIAL"] if event.month else []
    flags += ["SOURCE_UNVERIFIED"] if event.source == "reported" else []
    flags += ["AUTHORITY_CHECK"] if _outside_authority(event, planned_product) else []
    return tuple(flags)


def _outside_authority(event: Administration, planned_product: str) -> bool:
    told, on = event.authority, event.on or date.min
    if told is None:
        return False
    too_early = told.begins is not None and on < told.begins
    too_late = told.through is not None and on > told.through
    return too_early or too_late or (told.product != "" and told.product != (event.product or planned_product))


def _given(event: Administration, phase: SettledPhase | None) -> tuple[str, Mass | None, str]:
    """Substance, dose and route as given; `as_planned` means those of the plan that day."""
    if event.as_planned and phase is not None:
        return phase.substance, phase.dose, phase.route
    return event.substance, event.dose, event.route


def _reason(library: Library, code: str) -> Reason:
    cites = library.program_checks[ROUTE_CHECK].cites if code == "INEFFECTIVE_ROUTE" else ()
    return Reason(code, message(f"flags.{code}"), cites)


def _main_reason(step: Step, counts: str, timing: str, other: Step | None = None) -> Reason:
    """The one reason that decided, with the days it was decided by."""
    flags, dates = step.verdict.flags, step.dates
    if counts == "pending":
        return _pending(step)
    if counts == "extra":
        return _extra(step)
    if counts in ("not_credited", "excluded"):
        return _because("NOT_COUNTED")
    if flags & fold.UNSCHEDULED:
        return _because("COUNTED")
    if step.before.anchor == fold.NONE and timing == "on_time":
        return _because("FIRST_DOSE", date=day(to_date(dates.target)))
    if timing == "none" and step.verdict.timing:
        return Reason("COUNTED", message("evaluations.COUNTED__by_the_day"))
    if timing == "none":
        return Reason("COUNTED", message("evaluations.COUNTED__no_window"))
    if other is not None and other.dates.target != dates.target:
        ends = sorted(to_date(each.dates.target) for each in (step, other))
        between = message("evaluations.timing_between", first=day(ends[0]), last=day(ends[1]))
        return Reason(timing.upper(), between)
    due, first, last = (
        day(to_date(dates.target)),
        day(to_date(dates.bookable_from)),
        day(to_date(dates.due_through)),
    )
    return Reason(timing.upper(), message("evaluations.timing", date=due, first=first, last=last))


def _either(late: Reason, counts: str, other: Step) -> Reason:
    """What both ends of a month say of a dose that counts by one of them alone (hazard H112)."""
    says = CREDITS[other.verdict.credit]
    early = _main_reason(other, says, TIMINGS[other.verdict.timing])
    told = {"early_credit": message(f"credits.{says}"), "late_credit": message(f"credits.{counts}")}
    return Reason(late.code, message("evaluations.either", early=early.text, late=late.text, **told))


def _because(code: str, **fields: object) -> Reason:
    return Reason(code, message(f"evaluations.{code}", **fields))


def _pending(step: Step) -> Reason:
    if step.plan is None:
        return _because("NO_PLAN")
    if not step.plan.ladder.rungs:
        return _because("PLAN_NOT_DATED")
    if step.dose.not_known:
        return _because("DOSE_NOT_KNOWN")
    if step.before.marks & fold.HISTORY_NEEDED:
        return _because("HISTORY_NEEDED")
    return _because("BEFORE_PLAN", date=day(step.plan.accepted.start))


def _extra(step: Step) -> Reason:
    if step.dose.intent == "additional":
        return _because("ADDITIONAL")
    if step.event.on is not None and step.verdict.flags & fold.DUPLICATE_SUSPECTED:
        return _because("SECOND_OF_DAY")
    return _because("BEFORE_COUNT_FROM", date=day(to_date(step.dates.count_from)))
