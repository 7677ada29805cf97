"""A review as text: first what is due, then what is open, then what happened and what comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from cobalamin.amounts import mass_text
from cobalamin.app.render_due import country_of
from cobalamin.app.screen import Screen, window_words
from cobalamin.app.services import library
from cobalamin.therapy import wording
from cobalamin.therapy.due_words import due_sentence
from cobalamin.therapy.evaluations import Evaluation
from cobalamin.therapy.items import Item
from cobalamin.therapy.review import Review
from cobalamin.therapy.wording import date_words

SHOWN_DOSES, SHOWN_CHECKS = 12, 12
_CREDIT = {
    "credited": "counted", "extra": "extra", "not_credited": "not counted", "excluded": "left out", "pending": "waiting",
}  # fmt: skip
_STATES = {"done": "done", "late": "done late", "due": "due", "missing": "MISSING"}
_VERDICTS = {
    "as_expected": "as expected", "below_expected": "below what is expected", "above_expected": "above what is expected",
    "too_early": "too early to tell", "overdue_check": "check overdue", "not_interpretable": "can't be judged",
    "expected_high": "high, as expected on treatment",
}  # fmt: skip


def show_review(seen: Review, plain: bool) -> None:
    """Print the review."""
    screen = Screen(library(), plain, country_of(seen))
    _head(screen, seen)
    screen.issues(seen.issues)
    _questions(screen, seen)
    _response(screen, seen)
    _doses(screen, seen)
    _coming(screen, seen.upcoming)
    _checks(screen, seen)
    _symptoms(screen, seen)
    _footnotes(screen, seen)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _head(screen: Screen, seen: Review) -> None:
    patient = seen.case.patient
    born = f", born {date_words(patient.birth_date)}" if patient.birth_date else ""
    screen.print(f"{patient.id}{born}: reviewed on {date_words(seen.on)}", style="bold")
    if seen.plan is not None:
        accepted = seen.plan.accepted
        by = f", accepted by {accepted.accepted_by}" if accepted.accepted_by else ""
        screen.print(
            f"{seen.plan.protocol.title} ({accepted.protocol} version {accepted.version}), from {date_words(accepted.start)}{by}"
        )
    screen.print()
    marks = f" {screen.marks(seen.open_node.cites)}" if seen.open_node.cites and seen.outlook.dates else ""
    screen.indented(f"{due_sentence(seen.outlook, screen.country, screen.plain)}{marks}", indent=0, style="bold")
    if seen.appointment is not None:
        note = "" if seen.appointment.in_window else ", the first open day after the window"
        screen.indented(f"Suggested appointment: {date_words(seen.appointment.on)}{note}.", indent=0)
    if seen.valid_until is not None:
        screen.indented(
            f"This stays so until {date_words(seen.valid_until)}, unless something new is recorded.", indent=0
        )


def _questions(screen: Screen, seen: Review) -> None:
    if not seen.questions:
        return
    screen.heading("Open questions")
    for question in seen.questions:
        screen.indented(f"{question.code}: {question.text}" if not screen.plain else question.text)
        screen.indented(f"Possible answers: {'; '.join(question.options)}.", indent=4)
        screen.indented(f"Until then: {question.default}.", indent=4)


def _doses(screen: Screen, seen: Review) -> None:
    found = seen.evaluations
    if not found:
        return
    screen.heading("Doses so far")
    earlier, shown = found[:-SHOWN_DOSES], found[-SHOWN_DOSES:]
    if earlier:
        counts = Counter(_CREDIT[entry.credit] for entry in earlier)
        told = ", ".join(f"{number} {word}" for word, number in counts.items())
        screen.indented(f"{len(earlier)} earlier doses since {earlier[0].on}: {told}.")
    for entry in shown:
        screen.indented(_dose_line(screen, entry))


def _dose_line(screen: Screen, entry: Evaluation) -> str:
    day = date_words(entry.event.on) if entry.event.on and not entry.event.month else f"in {entry.on}"
    what = f"{entry.substance} {mass_text(entry.dose, screen.country)}" if entry.dose else entry.substance
    route = f", {wording.route_words(entry.route, screen.plain)}" if entry.route else ""
    timing = f", {entry.timing.replace('_', ' ')}" if entry.timing != "none" else ""
    number = f" as dose {entry.number} of {wording.phase_words(entry.phase)}" if entry.number and entry.phase else ""
    plain_reasons = [
        reason for reason in entry.reasons if reason.code not in ("ON_TIME", "FIRST_DOSE", "COUNTED", "NOT_COUNTED")
    ]
    because = "; ".join(reason.text for reason in plain_reasons)
    marks = "".join(f" {screen.marks(reason.cites)}" for reason in plain_reasons if reason.cites)
    return f"{day}  {what}{route}: {_CREDIT[entry.credit]}{number}{timing}{': ' + because if because else ''}{marks}"


def _coming(screen: Screen, items: Sequence[Item]) -> None:
    if not items:
        return
    screen.heading("What comes")
    for item in items:
        text = item.plain if screen.plain else item.text
        marker = _marker(screen, item.marker)
        what = f"{marker}: {text}" if marker and marker.lower() not in text.lower() else text
        window = window_words(item.bookable_from or item.on, item.due_through) if item.on else ""
        when = date_words(item.on) if item.on else "after the decision"
        star = " *" if item.determinacy == "provisional" and item.on else ""
        screen.indented(f"{when}{star}  {what}{'; in time ' + window if window else ''} {screen.marks(item.cites)}")


def _marker(screen: Screen, marker: str) -> str:
    if not marker:
        return ""
    record = screen.library.markers[marker]
    return str(record["plain"] if screen.plain else record["name"])


def _checks(screen: Screen, seen: Review) -> None:
    open_or_late = [check for check in seen.checks if check.due <= seen.on or check.state != "due"]
    if not open_or_late:
        return
    screen.heading("Checks so far")
    for check in open_or_late[-SHOWN_CHECKS:]:
        name = _marker(screen, check.item.marker) or "review"
        done = f" on {date_words(check.done_on)}" if check.done_on else ""
        screen.indented(
            f"{date_words(check.due)}  {name}: {_STATES[check.state]}{done} (through {date_words(check.through)}) {screen.marks(check.item.cites)}"
        )


def _response(screen: Screen, seen: Review) -> None:
    if not seen.response:
        return
    screen.heading("How the blood answers")
    for verdict in seen.response:
        text = verdict.plain if screen.plain else verdict.text
        name = _marker(screen, verdict.marker)
        screen.indented(f"{name}: {_VERDICTS[verdict.verdict]}. {text} {screen.marks(verdict.cites)}")


def _symptoms(screen: Screen, seen: Review) -> None:
    if not seen.diary.symptoms:
        return
    screen.heading("Symptoms (0 none, 10 worst)")
    for symptom in seen.diary.symptoms:
        readings = ", ".join(
            f"{reading.on}: {reading.score}{f' (day {reading.days_since} after a dose)' if reading.days_since is not None else ''}"
            for reading in symptom.readings[-6:]
        )
        screen.indented(f"{symptom.name.replace('_', ' ')}: {readings}")
        screen.indented(symptom.plain if screen.plain else symptom.text, indent=4)


def _footnotes(screen: Screen, seen: Review) -> None:
    screen.print()
    if any(item.determinacy == "provisional" for item in seen.upcoming):
        screen.indented(
            "* provisional: it moves with what happens before it, or rests on an answer that is not known yet.",
            indent=0,
        )
    if seen.open_node.window is not None:
        if seen.open_node.window.basis == "software_default":
            whose = f"this program's assumption ({seen.policy.name}); no source states a window for vitamin B12"
        else:
            whose = f"the local policy {seen.policy.name}, {seen.policy.owner}, {seen.policy.date}"
        screen.indented(f"Early, in time and late are {whose}. They are never a reason to refuse a dose.", indent=0)
    screen.indented(
        "Blood results and symptoms move no date of treatment. Why a date stands: cobalamin explain CASE DATE.",
        indent=0,
    )
