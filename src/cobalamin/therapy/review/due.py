"""What is due, in one sentence, for a professional and for a patient. The words say who sets a day and never decide."""

from __future__ import annotations

from datetime import date

from cobalamin.knowledge.model import Citations
from cobalamin.records import replace
from cobalamin.text.messages import Text, day, days, joined, listed, message
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.if_given import IfGiven
from cobalamin.therapy.review.outlook import Outlook
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

_UNDATED = frozenset({"discontinued", "contraindicated", "data_required", "complete", "ongoing"})
_COVERED = frozenset({"on_hold", "paused", "bridged"})
_DATED = frozenset({"not_yet_due", "bookable", "due", "overdue", "perhaps_overdue"})


def due_sentence(seen: Outlook, country: str, plain: bool = False) -> Text:
    """One sentence about the open dose on a day. What is open and worse stands above it: `words.leading`."""
    section = "due_plain" if plain else "due"
    until = message("due_parts.until", date=day(seen.until)) if seen.until else ""
    if seen.status in _UNDATED:
        ended = "__returns" if seen.returns and seen.status in ("discontinued", "complete") else ""
        return message(f"{section}.{seen.status}{ended}", until=until)
    if seen.status in _COVERED:
        until = until or message("due_parts.no_end")
        return message(f"{section}.{seen.status}", until=until, beneath=_beneath(seen))
    if seen.begins is not None:
        return message(f"{section}.begins", date=day(seen.begins))
    if seen.dates is None:
        return message(f"{section}.run_out")
    status = seen.status if seen.status in _DATED else "review_needed"
    beside = _beside_an_alarm(seen, status)
    if beside:
        key = f"alarms.{beside}__plain" if plain else f"alarms.{beside}"
        return message(key, next=_next(seen, country, section), target=_target(seen))
    return message(
        f"{section}.{status}",
        next=_next(seen, country, section),
        target=_target(seen),
        first=day(to_date(seen.dates.bookable_from)),
        through=day(to_date(seen.dates.due_through)),
        late=_late(seen, to_date(seen.dates.target)),
        provisional=message(f"{section}.provisional", codes=_why(seen)) if seen.provisional else "",
    )


def _beside_an_alarm(seen: Outlook, status: str) -> str:
    """Which words tell of a dose below an alarm; empty where the usual ones do.

    Where the alarm is to be acted on at once, no dose matters beside it, due or not (hazard H110).
    """
    if seen.emergency:
        return "due_emergency_waits" if seen.ask_first else "due_emergency"
    return "due" if seen.ask_first and status != "not_yet_due" else ""


def _late(seen: Outlook, target: date) -> Text:
    """The days since the target; with two readings since the later one, so that nobody is called later than they are."""
    late = days((seen.on - target).days)
    return message("due_parts.at_least", late=late) if seen.between else late


def interval_cited(seen: Review) -> tuple[Text, Citations]:
    """What the sources themselves say about the open dose: its interval. All else of the sentence is this program's reading.

    Empty where nothing is dated or treatment was stopped, or where a recorded decision or a history set the interval.
    """
    phase = None if seen.outlook.status == "discontinued" else seen.outlook.phase
    own = seen.outlook.place is not None and bool(seen.outlook.place.own)
    if phase is None or seen.outlook.dates is None or own or not seen.open_node.cites or phase.spacing is None:
        return "", ()
    spacing = wording.spacing_of(phase.spacing_kind, phase.spacing)
    stated = [each for each in (phase.phase.spacing.least, phase.phase.spacing.most) if each is not None]
    if phase.spacing in stated or not stated:
        return message("due_parts.interval", spacing=spacing), seen.open_node.cites
    published = listed((wording.spacing_of(phase.spacing_kind, each) for each in stated), between=" / ")
    return message("due_parts.interval_chosen", spacing=spacing, published=published), seen.open_node.cites


def _next(seen: Outlook, country: str, section: str) -> Text:
    """The open dose; the two sections tell different things about it."""
    phase = seen.phase
    if phase is None:
        return message("due_parts.next_unknown")
    return message(
        f"{section}.next",
        regimen=wording.regimen_text(phase, country),
        phase=wording.phase_name(phase.phase.name),
        number=seen.number,
        dose=wording.dose_of(phase.dose, country),
        substance=wording.substance_name(phase.substance),
    )


def _why(seen: Outlook) -> Text:
    """Why the dates may still move."""
    return listed((message(f"provisional.{code}") for code in seen.provisional), "; ")


def _target(seen: Outlook) -> Text:
    if seen.target is None:
        return ""
    last = day(seen.target)
    if seen.early_target and seen.early_target != seen.target:
        return message("due_parts.between", first=day(seen.early_target), last=last)
    return message("due_parts.target", date=last)


def _beneath(seen: Outlook) -> Text:
    return message("due_parts.beneath", target=_target(seen)) if seen.dates else ""


def if_given_sentence(answer: IfGiven) -> Text:
    """One sentence with the facts about a dose on that day, or one for each reading of a month; it allows and forbids nothing."""
    if answer.other is not None:
        first, second = (if_given_sentence(each) for each in (answer.other, replace(answer, other=None)))
        return message("if_given.either", first=first, second=second) if first != second else first
    on = day(answer.on)
    away = _away(answer.days_from_target) if answer.days_from_target is not None else ""
    parts: list[Text] = [message("if_given.off_day" if away else "if_given.on", date=on, away=away)]
    if answer.share is not None:
        parts.append(message("if_given.share", share=answer.share))
    parts.append(_credit(answer))
    if answer.next_target:
        parts.append(message("if_given.next", date=day(answer.next_target)))
    if len(parts) == 2 and not away:
        return joined(joined(*parts), ".", between="")  # "On Mon 30 November 2026 it would be pending."
    return joined(listed(parts, "; "), ".", between="")


def _credit(answer: IfGiven) -> Text:
    credit, timing = answer.evaluation.credit, answer.evaluation.timing
    text = message(f"if_given.{credit}")
    if credit != "credited" or timing == "none":
        return text
    return message("if_given.timing", credit=text, timing=message(f"timings.{timing}"), whose=_whose(answer))


def _away(number: int) -> Text:
    if number == 0:
        return message("if_given.on_its_day")
    return message("if_given.late" if number > 0 else "if_given.early", span=days(abs(number)))


def _whose(answer: IfGiven) -> Text:
    if answer.window_basis == "software_default":
        return message("if_given.assumption")
    return message("if_given.local_policy", policy=answer.policy)
