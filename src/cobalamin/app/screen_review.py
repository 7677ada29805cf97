"""A review as text: first what is due, then what is open, then what happened and what comes."""

from __future__ import annotations

from collections import Counter

from cobalamin.amounts import mass_text
from cobalamin.app.render_due import country_of
from cobalamin.app.screen import Screen
from cobalamin.app.screen_plan import columns, show_items
from cobalamin.app.services import library
from cobalamin.therapy import wording
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.due_words import due_sentence
from cobalamin.therapy.evaluations import Evaluation
from cobalamin.therapy.items import Item
from cobalamin.therapy.review import Review

SHOWN_DOSES, SHOWN_CHECKS = 12, 12
_CREDIT = {
    "credited": "counted", "extra": "extra", "not_credited": "not counted", "excluded": "left out", "pending": "waiting",
}  # fmt: skip
_UNREMARKABLE = frozenset({"ON_TIME", "EARLY", "LATE", "FIRST_DOSE", "COUNTED", "NOT_COUNTED"})
_ROUTE_SHORT = {"intramuscular": "im", "subcutaneous": "sc", "intravenous": "iv"}
_STATES = {"done": "done", "late": "done late", "due": "due", "missing": "MISSING"}
_VERDICTS = {
    "as_expected": "As expected", "below_expected": "Below what is expected", "above_expected": "Above what is expected",
    "too_early": "Too early to tell", "overdue_check": "Check overdue", "not_interpretable": "Can't be judged",
    "expected_high": "High, as expected on treatment",
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
        screen.indented(f"{len(earlier)} earlier doses since {earlier[0].on}: {told}.", indent=0)
    lines = [_dose_line(screen, entry) for entry in shown]
    columns(screen, ("Date", "Given", "Counts", "What"), lines, [entry.credit != "credited" for entry in shown])


def _dose_line(screen: Screen, entry: Evaluation) -> tuple[str, ...]:
    """Date, what was given, what it counts for, and what there is to say about it."""
    day = date_words(entry.event.on) if entry.event.on and not entry.event.month else f"in {entry.on}"
    dose = mass_text(entry.dose, screen.country) if entry.dose else ""
    given = f"{dose} {_ROUTE_SHORT.get(entry.route, entry.route)}".strip()
    counts = (
        f"{wording.phase_words(entry.phase)} {entry.number}" if entry.number and entry.phase else _CREDIT[entry.credit]
    )
    remarks = [entry.timing.replace("_", " ")] if entry.timing in ("early", "late") else []
    remarks += [reason.text for reason in entry.reasons if reason.code not in _UNREMARKABLE]
    marks = "".join(f" {screen.marks(reason.cites)}" for reason in entry.reasons if reason.cites)
    return day, given, counts, f"{'; '.join(remarks)}{marks}" or "on time"


def _coming(screen: Screen, items: tuple[Item, ...]) -> None:
    if items:
        screen.heading("What comes")
        show_items(screen, items, None)


def _marker(screen: Screen, marker: str) -> str:
    if not marker:
        return ""
    record = screen.library.markers[marker]
    return str(record["plain"] if screen.plain else record["name"])


def _checks(screen: Screen, seen: Review) -> None:
    past = [check for check in seen.checks if check.due <= seen.on or check.state != "due"]
    if not past:
        return
    screen.heading("Checks so far")
    lines: list[tuple[str, ...]] = []
    for check in past[-SHOWN_CHECKS:]:
        name = _marker(screen, check.item.marker) or "Review"
        done = f" {date_words(check.done_on)}" if check.done_on else f", through {date_words(check.through)}"
        state = f"{_STATES[check.state]}{done}"
        lines.append((date_words(check.due), state, f"{name}", screen.marks(check.item.cites)))
    columns(
        screen, ("Due", "State", "What", "Sources"), lines, [check.state == "missing" for check in past[-SHOWN_CHECKS:]]
    )


def _response(screen: Screen, seen: Review) -> None:
    if not seen.response:
        return
    screen.heading("How the blood answers")
    for verdict in seen.response:
        text = verdict.plain if screen.plain else verdict.text
        screen.indented(f"{_VERDICTS[verdict.verdict]}: {text} {screen.marks(verdict.cites)}")


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
