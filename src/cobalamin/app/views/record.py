"""What an entry changed, what is due, and why a date stands where it stands, as text."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from cobalamin.app.services.confirming import Asked
from cobalamin.app.services.ended import ended
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.reviewing import Due, Entered, Explanation, country_of, review_case
from cobalamin.app.services.shipped import library
from cobalamin.app.views.builder import WHOLE, Builder, Extent, View, typed
from cobalamin.app.views.review import due_style, option_commands, result_line
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.text.days import date_words
from cobalamin.text.messages import Text, capital, joined, listed, word
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.events import Correction, decides
from cobalamin.therapy.case.issues import CONTRAINDICATIONS
from cobalamin.therapy.review.due import due_sentence, if_given_sentence, interval_cited
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.if_given import IfGiven
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review

_DAY = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-])")


def view_of_entered(entered: Entered, path: Path, plain: bool) -> View:
    """The entry with its content, its verdict, the next date before and after, and what is new."""
    screen = Builder(entered.after.library, plain, country_of(entered.after))
    screen.alarms(entered.after.issues)
    screen.print(screen.say("record.recorded", path=typed(path)), style=STRONG)
    add_entries(screen, entered)
    add_ended(screen, entered)
    if entered.recorded.repeated:
        screen.indented(screen.say("record.repeated", path=typed(path)), depth=Depth.FLUSH)
    elif not isinstance(entered.recorded.event, Correction):
        add_take_back(screen, path)
    add_changes(screen, entered, path)
    return screen.view()


def add_take_back(screen: Builder, path: Path) -> None:
    """How what was written is taken back, for whoever reads here that it was wrong (hazard H128)."""
    screen.indented(screen.say("record.take_back", path=typed(path)), depth=Depth.FLUSH, style=QUIET)


def add_entries(screen: Builder, entered: Entered) -> None:
    """What was written, each entry with its content and its id."""
    words = EntryWords(screen.library, entered.recorded.before, screen.country, typed, entered.after.evaluations)
    for event in entered.recorded.events:
        screen.indented(screen.say("record.entry", entry=words.line(event), id=typed(event.id)))
    for sentence in entered.past.sentences(typed) if entered.past else ():
        screen.indented(screen.say("record.past", doubt=sentence), depth=Depth.FLUSH, style=STRONG)


def add_ended(screen: Builder, entered: Entered) -> None:
    """What a look of a clinician ended, each by itself; that it ended nothing is said too."""
    if not decides(entered.recorded.event, REVIEWED):
        return
    found = ended(screen.library, entered.before, entered.after, screen.plain)
    for text in found:
        screen.indented(screen.say("record.ended", text=text), depth=Depth.FLUSH)
    if not found:
        screen.indented(screen.say("record.ended_nothing"), depth=Depth.FLUSH)


def add_changes(screen: Builder, entered: Entered, path: Path) -> None:
    """The verdict, what is due before and after, and what is new; what stood before is only counted."""
    after = entered.after
    if entered.evaluation is not None:
        screen.indented(verdict_line(screen, entered.evaluation), depth=Depth.FLUSH)
    written = {event.id for event in entered.recorded.events}
    for entry in after.results:
        if entry.event in written:
            screen.indented(result_line(screen, entry, reasons=True), depth=Depth.FLUSH)
    before, now = (due_sentence(each.outlook, screen.country, screen.plain) for each in (entered.before, after))
    if before == now:
        screen.indented(screen.say("record.unchanged", due=now), depth=Depth.FLUSH)
    else:
        screen.indented(screen.say("record.before", due=before), depth=Depth.FLUSH)
        screen.indented(screen.say("record.now", due=now), depth=Depth.FLUSH, style=STRONG)
    _new_issues(screen, entered)
    if entered.standing:
        key = "record.standing_one" if entered.standing == 1 else "record.standing"
        screen.indented(screen.say(key, number=entered.standing, path=typed(path)), depth=Depth.FLUSH)
    if screen.numbers:
        screen.sources()
    screen.closing()


def view_of_asked(asked: Asked) -> View:
    """What looks wrong with an entry and what would be saved: it is no answer yet."""
    screen = Builder(asked.library, False, asked.country)
    screen.print(screen.say("improbable.looks_wrong"), style=STRONG)
    for sentence in asked.sentences(typed):
        screen.indented(sentence, item=True)
    for entry in asked.entries(typed):
        screen.indented(screen.say("improbable.would_save", entry=entry), depth=Depth.FLUSH)
    if any(code.startswith("ID_") for code in asked.codes):
        _list(screen, asked.words(typed))
    return screen.view()


def view_of_entries(path: Path, on: date, kind: str = "") -> View:
    """The entries of a case with their ids and what they say."""
    seen = review_case(path, on)
    screen = Builder(library(), False, country_of(seen))
    _list(screen, EntryWords(library(), seen.case, screen.country, typed, seen.evaluations), kind)
    return screen.view()


def _list(screen: Builder, words: EntryWords, kind: str = "") -> None:
    first, *lines = words.listed(kind)
    screen.print(first)
    for line in lines:
        screen.indented(line)


def verdict_line(screen: Builder, verdict: Evaluation) -> str:
    credit = screen.say(f"explain.credit__{verdict.credit}")
    timing = screen.words.find("timings", verdict.timing, verdict.timing)
    reasons = listed((reason.text for reason in verdict.reasons), "; ")
    told = f", {timing}" if timing != "none" else ""
    return screen.say("record.this_dose", credit=credit, timing=told, reasons=reasons)


def _new_issues(screen: Builder, entered: Entered) -> None:
    """What this entry raised, and the questions it opened; a contraindication is said each time."""
    new = entered.new_issues
    raised = tuple(issue for issue in entered.after.issues if issue in new or issue.code in CONTRAINDICATIONS)
    screen.issues(raised)
    for question in entered.after.questions:
        if question not in entered.before.questions:
            told = screen.say("record.question", question=question.text, default=question.default)
            screen.indented(told, depth=Depth.FLUSH)


def view_of_due(due: Due, plain: bool, extent: Extent = WHOLE) -> View:
    """One sentence; with a day, what a dose on that day would count for."""
    screen = Builder(due.review.library, plain, country_of(due.review), extent=extent)
    add_due(screen, due)
    return screen.view()


def add_due(screen: Builder, due: Due) -> None:
    """What is due: first the sentence, then the interval by its sources where it has one."""
    seen = due.review
    screen.alarms(seen.issues)
    screen.indented(
        due_sentence(seen.outlook, screen.country, screen.plain), depth=Depth.FLUSH, style=due_style(screen, seen)
    )
    interval = interval_line(screen, seen)
    if interval:
        screen.indented(interval, depth=Depth.FLUSH)
    for question in waiting_for(seen):  # a page has its own links to what answers them
        screen.indented("", command=question.text)
        answer_with = screen.say("record.answer_with", command=question.command)
        for command in option_commands(screen, question) or [answer_with]:
            screen.indented("", depth=Depth.DETAIL, command=command, as_is=True)
    if due.given is not None:
        add_if_given(screen, due.given)
    add_urgent(screen, seen)
    if screen.numbers:
        screen.sources()
    screen.closing()


def add_urgent(screen: Builder, seen: Review) -> None:
    interrupting = [issue for issue in seen.issues if issue.interrupts]
    if screen.extent.short:
        screen.issues_in_short(interrupting)
    else:
        screen.issues(interrupting)


def interval_line(screen: Builder, seen: Review) -> Text:
    """What the sources say, apart from what this program makes of it: a number stands behind nothing else."""
    interval, cites = interval_cited(seen)
    return joined(interval, screen.marks(cites)) if interval else ""


def add_if_given(screen: Builder, given: IfGiven) -> None:
    screen.indented(if_given_sentence(given), depth=Depth.FLUSH)
    for reason in given.evaluation.reasons[1:]:
        told = screen.text(capital(word("flags", reason.code, reason.text)))
        screen.indented(f"{told}." if screen.plain else f"{told} ({reason.code}).")
    for said in given.sources_say:
        screen.indented(joined(said.text, screen.marks(said.cites)))
    screen.indented(screen.say("if_given.not_refused"))


def view_of_explanation(answer: Explanation) -> View:
    """Each thing that stands on the day, with the chain that leads to it."""
    screen = Builder(answer.review.library, False, country_of(answer.review))
    screen.alarms(answer.review.issues)
    add_explanation(screen, answer)
    return screen.view()


def _days_in_words(screen: Builder, text: str) -> str:
    """To a patient a day as people say it; a professional reads it as it stands in the file."""
    return (
        _DAY.sub(lambda found: date_words(date.fromisoformat(found[0]), screen.words), text) if screen.plain else text
    )


def add_explanation(screen: Builder, answer: Explanation) -> None:
    for each in answer.found:
        screen.heading(_days_in_words(screen, f"{screen.text(each.what)} ({each.on})"))
        facts = ", ".join(
            f"{screen.text(name.replace('_', ' '))}: {screen.text(value).replace('_', ' ')}"
            for name, value in each.facts
        )
        rule = f"{screen.text(each.rule)} {screen.marks(each.cites)}" if each.rule else ""
        told = {"facts": facts, "plan": each.plan, "rule": rule, "arithmetic": each.arithmetic, "window": each.window}
        for name, text in told.items():
            if text:
                screen.indented(_days_in_words(screen, screen.say(f"record.{name}", text=text)))
        for reason in each.reasons:
            code, marks = "" if screen.plain else f"({reason.code})", screen.marks(reason.cites) if reason.cites else ""
            screen.indented(joined(capital(reason.text), code, marks))
    if screen.numbers:
        screen.sources()
    screen.closing()
