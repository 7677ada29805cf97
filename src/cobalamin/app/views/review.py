"""A review as text: first what is due, then what is open, then what happened and what comes."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from cobalamin.amounts import mass_text
from cobalamin.app.services.assessing import follow_up_of
from cobalamin.app.services.questions import options_of
from cobalamin.app.services.reviewing import country_of, no_appointment
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.plan import add_items, titled
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words, month_words
from cobalamin.text.messages import Text, in_words, joined, word
from cobalamin.text.safe import upper_first
from cobalamin.therapy.assessment.follow_up import RESPONSE
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.criteria import value_words
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.response.diary import Reading
from cobalamin.therapy.response.listing import ListedResult
from cobalamin.therapy.response.rules import NOT_INTERPRETABLE
from cobalamin.therapy.review.checks import CheckState
from cobalamin.therapy.review.due import due_sentence, interval_cited
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.questions import Question
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.words import wording

SHOWN_DOSES, SHOWN_CHECKS = 12, 12
_UNREMARKABLE = frozenset({"ON_TIME", "EARLY", "LATE", "FIRST_DOSE", "COUNTED", "NOT_COUNTED"})


def view_of_review(seen: Review, plain: bool) -> View:
    """The review."""
    screen = Builder(seen.library, plain, country_of(seen))
    add_review(screen, seen)
    return screen.view()


def add_review(screen: Builder, seen: Review) -> None:
    screen.alarms(seen.issues)
    _head(screen, seen)
    apart = no_appointment(seen)  # stands where the appointment would
    screen.issues([issue for issue in seen.issues if issue is not apart])
    _questions(screen, seen)
    _follow_up(screen, seen)
    _response(screen, seen)
    _results(screen, seen)
    _doses(screen, seen)
    _coming(screen, seen.upcoming)
    _checks(screen, seen)
    _symptoms(screen, seen)
    _footnotes(screen, seen)
    if screen.numbers:
        screen.sources()
    screen.closing()


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
    screen.indented(due_sentence(seen.outlook, screen.country, screen.plain), depth=Depth.FLUSH, style=STRONG)
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
    told = (_COMMAND.sub("", _CODED.sub("", option)) for option in options_of(question, screen.words))
    return list(dict.fromkeys(_WORDS_OF.get(option, option.replace("_", " ")) for option in told))


def option_commands(screen: Builder, question: Question) -> list[str]:
    """The answers that are a command, each on a line of its own, so that it can be typed as it stands."""
    return [upper_first(option) for option in options_of(question, screen.words) if _COMMAND.search(option)]


_COMMAND = re.compile(r": cobalamin .*$")
_CODED = re.compile(r"(?<=^reviewed by a clinician): [A-Z0-9_]+$|(?<=unit wrong) \(event [^)]*\)$")
_WORDS_OF = {
    "gate_met": "it is met", "advance": "leave this phase now", "move on: advance": "move on to the next phase",
    "change_interval": "the interval was changed",
}  # fmt: skip


def _doses(screen: Builder, seen: Review) -> None:
    found = seen.evaluations
    if not found:
        return
    screen.heading(screen.say("review.doses"))
    earlier, shown = found[:-SHOWN_DOSES], found[-SHOWN_DOSES:]
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


def _checks(screen: Builder, seen: Review) -> None:
    past = [check for check in seen.checks if check.due <= seen.on or check.state != "due"]
    if not past:
        return
    screen.heading(screen.say("review.checks"))
    shown = past[-SHOWN_CHECKS:]
    lines = [_check_line(screen, check) for check in shown]
    screen.columns(
        titled(screen, "due", "state", "what", "sources"), lines, [check.state == "missing" for check in shown]
    )


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


def _follow_up(screen: Builder, seen: Review) -> None:
    """What the answer leads to by a source: of the one that was recorded, or of each while a review is open."""
    found = follow_up_of(seen)
    told = [each for each in found if each.answered]
    asked = any(check.item.kind == "review" and check.state in ("due", "late", "missing") for check in seen.checks)
    if not told and not asked:
        return
    shown = told or list(found)
    if not shown:
        return
    screen.heading(screen.say("assess.follow_up_told" if told else "assess.follow_up"))
    for each in shown:
        answers = ", ".join(value_words(RESPONSE, answer, screen.library.facts) for answer in each.rule.answers)
        text = each.rule.plain if screen.plain else each.rule.text
        screen.indented(
            screen.say("assess.follow_up_line", answers=answers, text=f"{text} {screen.marks(each.rule.cites)}")
        )


def _response(screen: Builder, seen: Review) -> None:
    if not seen.response:
        return
    screen.heading(screen.say("review.response"))
    for verdict in seen.response:
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
        screen.indented(f"{typed(symptom.name.replace('_', ' '))}: {readings}")
        screen.indented(symptom.plain if screen.plain else symptom.text, depth=Depth.DETAIL)


def _reading(screen: Builder, reading: Reading) -> str:
    text = f"{reading.on}: {reading.score}"
    if reading.days_since is None:
        return text
    return screen.say("review.after_dose", reading=text, number=reading.days_since)


def _footnotes(screen: Builder, seen: Review) -> None:
    policy, window = seen.policy, seen.open_node.window
    moves = any(item.determinacy == "provisional" for item in seen.upcoming)
    notes = [screen.say("notes.provisional")] if moves else []
    if window is not None and window.basis == "software_default":
        notes.append(screen.say("review.window_assumed", policy=policy.name))
    elif window is not None:
        local = {"policy": typed(policy.name), "owner": typed(policy.owner), "date": typed(policy.date)}
        notes.append(screen.say("review.window_local", **local))
    screen.print()
    for note in notes:
        screen.indented(note, depth=Depth.FLUSH)
    how = screen.say("review.no_date_moved")
    screen.indented(screen.say("record.no_date_moved"), depth=Depth.FLUSH, command=how)
