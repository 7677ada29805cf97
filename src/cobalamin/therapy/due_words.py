"""What is due, in one sentence, for a professional and for a patient. The words say who sets a day and never decide."""

from __future__ import annotations

from datetime import date

from cobalamin.therapy import wording
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.if_given import IfGiven
from cobalamin.therapy.ladder import to_date
from cobalamin.therapy.outlook import Outlook

_STATUS = {
    "discontinued": "Treatment was stopped by a recorded decision; nothing is due",
    "contraindicated": "A recorded contraindication speaks against this plan; ask the prescriber before any dose",
    "data_required": "What is due can't be said until a question is answered",
    "complete": "The published course is complete; nothing more is due",
    "ongoing": "The course goes on as planned",
}
_PLAIN_STATUS = {
    "discontinued": "Your treatment was stopped. Nothing is due. If you did not expect that, ask your doctor or nurse",
    "contraindicated": "Something written down speaks against this treatment. Ask your doctor before the next dose",
    "data_required": "When your next dose is due can't be said yet: a question is still open. Ask your doctor or nurse",
    "complete": "Your course is complete. Nothing more is due",
    "ongoing": "Keep taking your vitamin B12 as planned",
}
_OVER = {"on_hold": "on hold", "paused": "paused", "bridged": "bridged by another form"}


def due_sentence(seen: Outlook, country: str, plain: bool = False) -> str:
    """One sentence about the open dose on a day."""
    base = (_PLAIN_STATUS if plain else _STATUS).get(seen.status)
    if base is not None:
        until = f" until {date_words(seen.until)}" if seen.until else ""
        return f"{base}{until}."
    if seen.status in _OVER:
        return f"{_covered(seen, plain)}."
    if seen.dates is None:
        over = "The published course has run out; what comes next must be decided now"
        return f"{'Your planned course is over. Ask your doctor or nurse what comes next' if plain else over}."
    return f"{_dose(seen, country, plain)} {_when(seen, plain)}{_provisional(seen, plain)}."


def _dose(seen: Outlook, country: str, plain: bool) -> str:
    phase = seen.phase
    if phase is None:
        return "The next dose"
    if plain:
        return f"Your next dose ({wording.dose_words(phase.dose, country)} {phase.substance}) is"
    return f"{wording.regimen_words(phase, country)} ({wording.phase_words(phase.phase.name)}, dose {seen.number}), is"


def _when(seen: Outlook, plain: bool) -> str:
    target = _target(seen)
    if seen.dates is None:
        return ""
    through, first = to_date(seen.dates.due_through), to_date(seen.dates.bookable_from)
    days = (seen.on - to_date(seen.dates.target)).days
    late = "1 day" if days == 1 else f"{days} days"
    match seen.status:
        case "not_yet_due":
            return f"due {target}; it can be booked from {date_words(first)}"
        case "bookable":
            return f"due {target}; it can be given now, until {date_words(through)} it is in time"
        case "due":
            return f"due now: its day is {target}, until {date_words(through)} it is in time"
        case "overdue":
            return f"overdue: it was due {target}, {late} ago; {'have it soon' if plain else 'give it now'}"
    ask = "ask your doctor or nurse today" if plain else "give it now, and look at the treatment again"
    return f"long overdue: it was due {target}, {late} ago; {ask}"


def _target(seen: Outlook) -> str:
    target = seen.target
    if target is None:
        return ""
    return (
        f"between {date_words(seen.early_target)} and {date_words(target)}" if seen.early_target else date_words(target)
    )


def _provisional(seen: Outlook, plain: bool) -> str:
    if not seen.provisional:
        return ""
    return (
        "; this is not certain yet, a question is open" if plain else f" (provisional: {', '.join(seen.provisional)})"
    )


def _covered(seen: Outlook, plain: bool) -> str:
    until = f" until {date_words(seen.until)}" if seen.until else ", with no end recorded"
    beneath = f"; beneath it the next dose is due {_target(seen)}" if seen.dates else ""
    treatment = "Your treatment is" if plain else "Treatment is"
    return f"{treatment} {_OVER[seen.status]}{until}{beneath}"


def if_given_sentence(answer: IfGiven) -> str:
    """One sentence with the facts about a dose on that day; it allows and forbids nothing."""
    parts = [f"On {date_words(answer.on)}"]
    if answer.days_from_target is not None:
        parts[0] += f" it would be {_away(answer.days_from_target)}"
    if answer.share is not None:
        parts.append(f"after {answer.share} % of the interval")
    counted = {"credited": "it would count", "extra": "it would be an extra dose and leave the next date as it is"}
    parts.append(counted.get(answer.evaluation.credit, f"it would be {answer.evaluation.credit.replace('_', ' ')}"))
    if answer.evaluation.credit == "credited" and answer.evaluation.timing != "none":
        parts[-1] += f" as {answer.evaluation.timing.replace('_', ' ')} ({_whose(answer)})"
    if answer.next_text:
        parts.append(answer.next_text)
    return "; ".join(parts) + "."


def _away(days: int) -> str:
    if days == 0:
        return "exactly on its day"
    number = abs(days)
    return f"{number} day{'' if number == 1 else 's'} {'late' if days > 0 else 'early'}"


def _whose(answer: IfGiven) -> str:
    return "this program's assumption" if answer.window_basis == "software_default" else f"local policy {answer.policy}"


def status_words(status: str) -> str:
    """ "review needed" """
    return status.replace("_", " ")


def day_or_month(day: date | None) -> str:
    return date_words(day) if day else "not known"
