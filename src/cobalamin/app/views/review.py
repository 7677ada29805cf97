"""A review as text: first what is due, then what is open, then what happened and what comes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from cobalamin.amounts import mass_text
from cobalamin.app.services.assessing import follow_up_of
from cobalamin.app.services.questions import options_of
from cobalamin.app.services.reviewing import country_of, no_appointment
from cobalamin.app.views.builder import WHOLE, Builder, Extent, View, typed
from cobalamin.app.views.plan import add_items, titled
from cobalamin.app.views.tree import QUIET, STRONG, WARNING, Depth
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words, month_words
from cobalamin.text.messages import Text, in_words, joined, word
from cobalamin.text.safe import upper_first
from cobalamin.therapy.assessment.follow_up import RESPONSE, Answered
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.criteria import value_words
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.response.diary import Reading
from cobalamin.therapy.response.listing import ListedResult
from cobalamin.therapy.response.response import MarkerVerdict
from cobalamin.therapy.response.rules import AS_EXPECTED, NOT_INTERPRETABLE
from cobalamin.therapy.review.checks import CheckState
from cobalamin.therapy.review.due import due_sentence, interval_cited
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.questions import Question
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

SHOWN_DOSES, SHOWN_CHECKS = 12, 12
DOSES_IN_SHORT, DATES_IN_SHORT = 2, 3
_UNREMARKABLE = frozenset({"ON_TIME", "EARLY", "LATE", "FIRST_DOSE", "COUNTED", "NOT_COUNTED"})


def view_of_review(seen: Review, plain: bool, extent: Extent = WHOLE) -> View:
    """The review; in short what is due, what is open and what is wrong."""
    screen = Builder(seen.library, plain, country_of(seen), extent=extent)
    (add_review_in_short if extent.short else add_review)(screen, seen)
    return screen.view()


def add_review(screen: Builder, seen: Review) -> None:
    screen.alarms(seen.issues)
    _head(screen, seen)
    screen.issues(_issues(seen))
    _questions(screen, seen)
    _follow_up(screen, seen)
    _response(screen, seen.response)
    _results(screen, seen)
    _doses(screen, seen.evaluations)
    _coming(screen, seen.upcoming)
    _checks(screen, _past_checks(seen))
    _symptoms(screen, seen)
    _footnotes(screen, seen)
    if screen.numbers:
        screen.sources()
    screen.closing()


def add_review_in_short(screen: Builder, seen: Review) -> None:
    """What is due, what is open, what is wrong, the last doses and the next; the rest is counted."""
    screen.alarms(seen.issues)
    _head(screen, seen)
    notes = screen.issues_in_short(_issues(seen))
    _questions(screen, seen)
    unusual = [verdict for verdict in seen.response if verdict.verdict != AS_EXPECTED]
    _response(screen, unusual)
    open_checks = _open_checks(seen)
    _checks_in_short(screen, open_checks)
    _doses(screen, seen.evaluations, DOSES_IN_SHORT)
    _coming(screen, seen.upcoming[:DATES_IN_SHORT])
    counts = {
        "dates": len(seen.upcoming[DATES_IN_SHORT:]), "checks": len(_past_checks(seen)) - len(open_checks),
        "results": len(seen.results), "symptoms": len(seen.diary.symptoms), "follow_up": len(_followed(seen)), "notes": len(notes),
    }  # fmt: skip
    _provisional_note(screen, seen.upcoming[:DATES_IN_SHORT])
    _window_note(screen, seen)
    screen.also(counts)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _issues(seen: Review) -> list[Issue]:
    apart = no_appointment(seen)  # stands where the appointment would
    return [issue for issue in seen.issues if issue is not apart]


def _head(screen: Builder, seen: Review) -> None:
    words, patient = screen.words, seen.case.patient
    born = screen.say("review.born", date=date_words(patient.birth_date, words)) if patient.birth_date else ""
    reviewed = date_words(seen.on, words)
    screen.print(screen.say("review.head", patient=typed(patient.id), born=born, date=reviewed), style=STRONG)
    if seen.plan is not None:
        accepted = seen.plan.accepted
        by = screen.say("review.accepted", name=typed(accepted.accepted_by)) if accepted.accepted_by else ""
        screen.print(
            screen.say(
                "review.plan_plain" if screen.plain else "review.plan", title=seen.plan.protocol.title, protocol=accepted.protocol, version=accepted.version,
                date=date_words(accepted.start, words), accepted=by,
            )
        )  # fmt: skip
    screen.print()
    screen.indented(
        due_sentence(seen.outlook, screen.country, screen.plain), depth=Depth.FLUSH, style=due_style(screen, seen)
    )
    interval, cites = interval_cited(seen)
    if interval:
        screen.indented(joined(interval, screen.marks(cites)), depth=Depth.FLUSH)
    if seen.appointment is not None:
        key = "review.appointment" if seen.appointment.in_window else "review.appointment_late"
        screen.indented(screen.say(key, date=date_words(seen.appointment.on, words)), depth=Depth.FLUSH)
    lacking = no_appointment(seen)
    if lacking is not None:
        screen.indented(lacking_words(lacking, screen.plain), depth=Depth.FLUSH, style=QUIET)
    if seen.valid_until is not None:
        screen.indented(screen.say("review.stays", date=date_words(seen.valid_until, words)), depth=Depth.FLUSH)


def due_style(screen: Builder, seen: Review) -> str:
    """How the answer stands out; on a terminal amber where the dose is late or a review comes first."""
    late = seen.outlook.timeliness in ("overdue", "perhaps_overdue", "review_needed")
    return WARNING if screen.extent.short and late else STRONG


def lacking_words(lacking: Issue, plain: bool) -> Text:
    """Why no appointment is suggested; who looks after the computer also reads what to do."""
    return lacking.plain if plain else joined(lacking.text, lacking.action)


def _questions(screen: Builder, seen: Review) -> None:
    if not seen.questions:
        return
    screen.heading(screen.say("review.questions"), "questions")
    for question in seen.questions:
        screen.indented(question_line(screen, question))
        options = "; ".join(option_words(screen, question))
        screen.indented(screen.say("review.answers", answers=options), depth=Depth.DETAIL)
        for command in () if screen.plain else option_commands(screen, question):
            screen.indented("", depth=Depth.DETAIL, command=command, as_is=True)
        screen.indented(screen.say("review.default", default=question.default), depth=Depth.DETAIL)


def question_line(screen: Builder, question: Question) -> str:
    """A question; to a professional with the code by which it is answered."""
    text = screen.text(question.text)
    return text if screen.plain else f"{text} ({question.code})"


def option_words(screen: Builder, question: Question) -> list[str]:
    """The possible answers in words, without the codes and ids by which they are recorded."""
    return list(dict.fromkeys(option_in_words(option, screen.words) for option in options_of(question, screen.words)))


def option_in_words(option: str, words: Words) -> str:
    """One possible answer without the code, the id and the command by which it is recorded; a decision by what it means."""
    told = _COMMAND.sub("", _CODED.sub("", option))
    before, _, name = told.rpartition(": ")
    if name in _DECISIONS:
        return words.text("terms.answered__move_on" if before else f"terms.answered__{name}")
    if before in _GOING_ON and not words.is_english:
        return name  # what is typed stands before it in English
    return in_words(told.replace("_", " "), words)


def option_commands(screen: Builder, question: Question) -> list[str]:
    """The answers that are a command, each on a line of its own, so that it can be typed as it stands."""
    return [upper_first(option) for option in options_of(question, screen.words) if _COMMAND.search(option)]


_COMMAND = re.compile(r": cobalamin .*$")
_CODED = re.compile(r": [A-Z][A-Z0-9_]+$| \(event [^)]*\)$")
_DECISIONS, _GOING_ON = ("gate_met", "advance", "change_interval", "resume", "restart"), ("resume", "restart")


def _doses(screen: Builder, found: Sequence[Evaluation], most: int = SHOWN_DOSES) -> None:
    if not found:
        return
    screen.heading(screen.say("review.doses"))
    earlier, shown = found[:-most], found[-most:]
    if earlier:
        counts = Counter(screen.say(f"credits.{entry.credit}") for entry in earlier)
        told = ", ".join(f"{number} {word}" for word, number in counts.items())
        screen.indented(
            screen.say("review.earlier", number=len(earlier), date=earlier[0].on, counts=told), depth=Depth.FLUSH
        )  # fmt: skip
    lines = [_dose_line(screen, entry) for entry in shown]
    titles = titled(screen, "date", "given", "counts", "what")
    screen.columns(titles, lines, [entry.credit != "credited" for entry in shown])


def _dose_line(screen: Builder, entry: Evaluation) -> tuple[str, ...]:
    """Date, what was given, what it counts for, and what there is to say about it."""
    words = screen.words
    known = entry.event.on and not entry.event.month
    day = (
        date_words(entry.event.on, words) if known and entry.event.on else screen.say("review.in_month", month=entry.on)
    )
    dose = mass_text(entry.dose, screen.country, words.units) if entry.dose else ""
    given = f"{dose} {words.find('routes_short', entry.route, entry.route)}".strip()
    counts = screen.say(f"credits.{entry.credit}")
    if entry.number and entry.phase:
        counts = f"{in_words(wording.phase_name(entry.phase), words)} {entry.number}"
    remarks = [screen.say(f"timings.{entry.timing}")] if entry.timing in ("early", "late") else []
    remarks += [
        screen.text(word("flags", reason.code, reason.text))
        for reason in entry.reasons
        if reason.code not in _UNREMARKABLE
    ]
    marks = "".join(f" {screen.marks(reason.cites)}" for reason in entry.reasons if reason.cites)
    return day, given, counts, f"{'; '.join(remarks)}{marks}" or screen.say("timings.on_time")


def _coming(screen: Builder, items: tuple[Item, ...]) -> None:
    if items:
        screen.heading(screen.say("review.coming"), "coming")
        add_items(screen, items, None)


def _marker(screen: Builder, marker: str) -> str:
    if not marker:
        return ""
    record = screen.library.markers[marker]
    return str(record["plain"] if screen.plain else record["name"])


def _past_checks(seen: Review) -> list[CheckState]:
    return [check for check in seen.checks if check.due <= seen.on or check.state != "due"]


def _open_checks(seen: Review) -> list[CheckState]:
    """Those that nobody has done."""
    return [check for check in _past_checks(seen) if not check.done_on]


def _checks(screen: Builder, past: Sequence[CheckState]) -> None:
    if not past:
        return
    screen.heading(screen.say("review.checks"))
    shown = past[-SHOWN_CHECKS:]
    lines = [_check_line(screen, check) for check in shown]
    screen.columns(
        titled(screen, "due", "state", "what", "sources"), lines, [check.state == "missing" for check in shown]
    )


def _checks_in_short(screen: Builder, found: Sequence[CheckState]) -> None:
    """What nobody has done yet, a line each."""
    if found:
        screen.heading(screen.say("review.checks"))
    for check in found:
        due, state, name, sources = _check_line(screen, check)
        told = screen.say("also.open_check", name=name, state=state, due=due, sources=sources)
        screen.indented(told, style=WARNING if check.state in ("missing", "late") else "")


def _when(event: Event, words: Words) -> str:
    """The day of an entry, or its month where no day is known."""
    return month_words(event.month, words) if event.month else date_words(event.on or date.min, words)


def _check_line(screen: Builder, check: CheckState) -> tuple[str, ...]:
    words = screen.words
    name = _marker(screen, check.item.marker) or screen.say("review.check_review")
    if check.beside:
        days = ", ".join(dict.fromkeys(_when(event, words) for event in check.beside))
        name = screen.say("review.beside", review=name, days=days)
    key = "review.check_done" if check.done_on else "review.check_through"
    day = date_words(check.done_on or check.through, words)
    state = screen.say(key, state=screen.say(f"check_states.{check.state}"), date=day)
    between = check.item.on_range
    due = date_words(check.due, words)
    if between:
        first, last = (date_words(each, words) for each in between)
        due = words.text("due_parts.between", first=first, last=last)
    return due, state, name, screen.marks(check.item.cites)


def _followed(seen: Review) -> list[Answered]:
    """What was answered and leads somewhere, or while a review is open each answer."""
    found = follow_up_of(seen)
    asked = any(check.item.kind == "review" and check.state in ("due", "late", "missing") for check in seen.checks)
    return [each for each in found if each.answered] or (list(found) if asked else [])


def _follow_up(screen: Builder, seen: Review) -> None:
    """What the answer leads to by a source: of the one that was recorded, or of each while a review is open."""
    shown = _followed(seen)
    if not shown:
        return
    screen.heading(screen.say("assess.follow_up_told" if shown[0].answered else "assess.follow_up"))
    for each in shown:
        answers = ", ".join(value_words(RESPONSE, answer, screen.library.facts) for answer in each.rule.answers)
        text = each.rule.plain if screen.plain else each.rule.text
        screen.indented(
            screen.say("assess.follow_up_line", answers=answers, text=f"{text} {screen.marks(each.rule.cites)}")
        )


def _response(screen: Builder, found: Sequence[MarkerVerdict]) -> None:
    if not found:
        return
    screen.heading(screen.say("review.response"))
    for verdict in found:
        text = screen.text(verdict.plain if screen.plain else verdict.text)
        screen.indented(f"{screen.say(f'verdicts.{verdict.verdict}')}: {text} {screen.marks(verdict.cites)}")


def _results(screen: Builder, seen: Review) -> None:
    """All of them: what was measured is shown also where nothing judges it."""
    if not seen.results:
        return
    screen.heading(screen.say("review.results"))
    for entry in seen.results:
        screen.indented(result_line(screen, entry))


def result_line(screen: Builder, entry: ListedResult, reasons: bool = False) -> str:
    """A recorded result: its verdict in a word, or why it has none; with `reasons` also why it is judged so."""
    why = reasons or entry.verdict in ("", NOT_INTERPRETABLE)
    usual = screen.words.text("blood.usual_range", range=entry.range) if entry.range else ""
    text = entry.plain if screen.plain else entry.text
    return screen.say(
        "review.result",
        date=month_words(entry.month, screen.words) if entry.month else date_words(entry.on, screen.words),
        marker=_marker(screen, entry.marker),
        value=entry.value,
        range=usual,
        verdict=f"{screen.say(f'verdicts.{entry.verdict}')}.{' ' if why else ''}" if entry.verdict else "",
        text=text if why else "",
    )


def _symptoms(screen: Builder, seen: Review) -> None:
    if not seen.diary.symptoms:
        return
    screen.heading(screen.say("review.symptoms"))
    for symptom in seen.diary.symptoms:
        readings = ", ".join(_reading(screen, reading) for reading in symptom.readings[-6:])
        screen.indented(f"{typed(screen.text(symptom.name.replace('_', ' ')))}: {readings}")
        screen.indented(symptom.plain if screen.plain else symptom.text, depth=Depth.DETAIL)


def _reading(screen: Builder, reading: Reading) -> str:
    on = date_words(reading.on, screen.words) if screen.plain else str(reading.on)
    text = f"{on}: {reading.score}"
    if reading.days_since is None:
        return text
    return screen.say("review.after_dose", reading=text, number=reading.days_since)


def _footnotes(screen: Builder, seen: Review) -> None:
    screen.print()
    _provisional_note(screen, seen.upcoming)
    _window_note(screen, seen)
    how = screen.say("review.no_date_moved")
    screen.indented(screen.say("record.no_date_moved"), depth=Depth.FLUSH, command=how)


def _provisional_note(screen: Builder, items: Sequence[Item]) -> None:
    """What the mark at a date means, where one has it."""
    if any(item.determinacy == "provisional" for item in items):
        screen.indented(screen.say("notes.provisional"), depth=Depth.FLUSH)


def _window_note(screen: Builder, seen: Review) -> None:
    """Whose days in time, early and late are."""
    policy, window = seen.policy, seen.open_node.window
    if window is not None and window.basis == "software_default":
        screen.indented(screen.say("review.window_assumed", policy=policy.name), depth=Depth.FLUSH)
    elif window is not None:
        local = {"policy": typed(policy.name), "owner": typed(policy.owner), "date": typed(policy.date)}
        screen.indented(screen.say("review.window_local", **local), depth=Depth.FLUSH)
