"""What an entry changed, what is due, and why a date stands where it stands, as text."""

from __future__ import annotations

from pathlib import Path

from cobalamin.app.documents.due import country_of
from cobalamin.app.services.reviewing import Due, Entered, Explanation
from cobalamin.app.services.shipped import library
from cobalamin.app.terminal.review import result_line
from cobalamin.app.terminal.screen import Screen, typed
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words
from cobalamin.text.safe import upper_first
from cobalamin.therapy.case.issues import CONTRAINDICATIONS
from cobalamin.therapy.review.due import due_sentence, if_given_sentence
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.if_given import IfGiven


def show_entered(entered: Entered, path: Path, plain: bool) -> None:
    """The entry, its verdict, and the next date before and after."""
    event, after = entered.recorded.event, entered.after
    screen = Screen(library(), plain, country_of(after))
    screen.alarms(after.issues)
    when = date_words(event.on) if event.on else event.month
    recorded = screen.say(
        "record.recorded", path=typed(path), kind=screen.say(f"entries.{event.kind}"), date=when, id=event.id
    )
    screen.print(recorded, style="bold")
    if entered.recorded.repeated:
        screen.indented(screen.say("record.repeated", path=typed(path), id=event.id), indent=0)
    if entered.evaluation is not None:
        screen.indented(_verdict(screen, entered.evaluation), indent=0)
    for entry in after.results:
        if entry.event == event.id:
            screen.indented(result_line(screen, entry, reasons=True), indent=0)
    before = due_sentence(entered.before.outlook, screen.country, plain)
    now = due_sentence(after.outlook, screen.country, plain)
    if before == now:
        screen.indented(screen.say("record.unchanged", due=now), indent=0)
    else:
        screen.indented(screen.say("record.before", due=before), indent=0)
        screen.indented(screen.say("record.now", due=now), indent=0, style="bold")
    _new_issues(screen, entered)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _verdict(screen: Screen, verdict: Evaluation) -> str:
    credit, timing = (word.replace("_", " ") for word in (verdict.credit, verdict.timing))
    reasons = "; ".join(reason.text for reason in verdict.reasons)
    told = f", {timing}" if timing != "none" else ""
    return screen.say("record.this_dose", credit=credit, timing=told, reasons=reasons)


def _new_issues(screen: Screen, entered: Entered) -> None:
    """What this entry raised, and the questions it opened."""
    known = {(issue.code, issue.text) for issue in entered.before.issues}
    raised = [
        issue
        for issue in entered.after.issues
        if (issue.code, issue.text) not in known or issue.code in CONTRAINDICATIONS
    ]
    screen.issues(raised)
    for question in entered.after.questions:
        if question not in entered.before.questions:
            told = screen.say("record.question", question=question.text, default=question.default)
            screen.indented(told, indent=0)


def show_due(due: Due, plain: bool, words: Words | None = None) -> None:
    """One sentence; with a day, what a dose on that day would count for."""
    tell_due(Screen(library(), plain, country_of(due.review), words), due)


def tell_due(screen: Screen, due: Due) -> None:
    """What is due, on any screen."""
    seen = due.review
    screen.alarms(seen.issues)
    marks = f" {screen.marks(seen.open_node.cites)}" if seen.outlook.dates and seen.open_node.cites else ""
    sentence = due_sentence(seen.outlook, screen.country, screen.plain, screen.words)
    screen.indented(f"{sentence}{marks}", indent=0, style="bold")
    if due.given is not None:
        _if_given(screen, due.given)
    urgent = tuple(issue for issue in seen.issues if issue.interrupts)
    screen.issues(urgent)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _if_given(screen: Screen, given: IfGiven) -> None:
    screen.indented(if_given_sentence(given, screen.words), indent=0)
    for reason in given.evaluation.reasons[1:]:
        told = upper_first(screen.words.find("flags", reason.code, reason.text))
        screen.indented(f"{told}." if screen.plain else f"{told} ({reason.code}).")
    for said in given.sources_say:
        screen.indented(f"{said.text} {screen.marks(said.cites)}")
    screen.indented(screen.say("if_given.not_refused"))


def show_explanation(answer: Explanation) -> None:
    """Each thing that stands on the day, with the chain that leads to it."""
    tell_explanation(Screen(library(), False, country_of(answer.review)), answer)


def tell_explanation(screen: Screen, answer: Explanation) -> None:
    """The chains, on any screen."""
    for each in answer.found:
        screen.heading(f"{each.what} ({each.on})")
        facts = ", ".join(f"{name.replace('_', ' ')}: {value.replace('_', ' ')}" for name, value in each.facts)
        rule = f"{each.rule} {screen.marks(each.cites)}" if each.rule else ""
        told = {"facts": facts, "plan": each.plan, "rule": rule, "arithmetic": each.arithmetic, "window": each.window}
        for name, text in told.items():
            if text:
                screen.indented(screen.say(f"record.{name}", text=text))
        for reason in each.reasons:
            why = reason.text if screen.plain else f"{reason.text} ({reason.code})"
            screen.indented(f"{upper_first(why)} {screen.marks(reason.cites) if reason.cites else ''}".rstrip())
    if screen.numbers:
        screen.sources()
    screen.closing()
