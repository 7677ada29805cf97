"""What an entry changed, what is due, and why a date stands where it stands, as text."""

from __future__ import annotations

from pathlib import Path

from cobalamin.app.render_due import country_of
from cobalamin.app.reviewing import Due, Entered, Explanation
from cobalamin.app.screen import Screen
from cobalamin.app.services import library
from cobalamin.knowledge.words import Words
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.due_words import due_sentence, if_given_sentence
from cobalamin.therapy.if_given import IfGiven
from cobalamin.therapy.review_issues import CONTRAINDICATIONS


def show_entered(entered: Entered, path: Path, plain: bool) -> None:
    """The entry, its verdict, and the next date before and after."""
    event, after = entered.recorded.event, entered.after
    screen = Screen(library(), plain, country_of(after))
    when = date_words(event.on) if event.on else event.month
    screen.print(f"Recorded in {path}: {event.kind} of {when} ({event.id}).", style="bold")
    if entered.recorded.repeated:
        screen.indented(
            "An entry that says the same is already there. If this was typed twice, record a correction: "
            f"cobalamin record {path} correction withdraws={event.id}",
            indent=0,
        )
    red_flags = tuple(issue for issue in after.issues if issue.code == "RED_FLAG_SYMPTOM")
    screen.issues(red_flags)
    if entered.evaluation is not None:
        verdict = entered.evaluation
        timing = f", {verdict.timing.replace('_', ' ')}" if verdict.timing != "none" else ""
        because = "; ".join(reason.text for reason in verdict.reasons)
        screen.indented(f"This dose: {verdict.credit.replace('_', ' ')}{timing}: {because}.", indent=0)
    before = due_sentence(entered.before.outlook, screen.country, plain)
    now = due_sentence(after.outlook, screen.country, plain)
    if before == now:
        screen.indented(f"What is due has not changed: {now}", indent=0)
    else:
        screen.indented(f"Before: {before}", indent=0)
        screen.indented(f"Now: {now}", indent=0, style="bold")
    _new_issues(screen, entered)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _new_issues(screen: Screen, entered: Entered) -> None:
    """What this entry raised, and the questions it opened."""
    known = {(issue.code, issue.text) for issue in entered.before.issues}
    raised = tuple(
        issue
        for issue in entered.after.issues
        if issue.code != "RED_FLAG_SYMPTOM"
        and ((issue.code, issue.text) not in known or issue.code in CONTRAINDICATIONS)
    )
    screen.issues(raised)
    for question in entered.after.questions:
        if question not in entered.before.questions:
            screen.indented(f"Question: {question.text} Until then: {question.default}.", indent=0)


def show_due(due: Due, plain: bool, words: Words | None = None) -> None:
    """One sentence; with a day, what a dose on that day would count for."""
    seen = due.review
    screen = Screen(library(), plain, country_of(seen), words)
    marks = f" {screen.marks(seen.open_node.cites)}" if seen.outlook.dates and seen.open_node.cites else ""
    sentence = due_sentence(seen.outlook, screen.country, plain, screen.words)
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
        screen.indented(f"{reason.code}: {screen.words.find('flags', reason.code, reason.text)}.")
    for said in given.sources_say:
        screen.indented(f"{said.text} {screen.marks(said.cites)}")
    screen.indented(screen.say("if_given.not_refused"))


def show_explanation(answer: Explanation) -> None:
    """Each thing that stands on the day, with the chain that leads to it."""
    screen = Screen(library(), False, country_of(answer.review))
    for each in answer.found:
        screen.heading(f"{each.what} ({each.on})")
        facts = ", ".join(f"{name.replace('_', ' ')}: {value.replace('_', ' ')}" for name, value in each.facts)
        for title, text in (
            ("Facts", facts), ("Plan", each.plan), ("Rule", each.rule), ("Arithmetic", each.arithmetic),
            ("Window", each.window),
        ):  # fmt: skip
            if text:
                marks = f" {screen.marks(each.cites)}" if title == "Rule" else ""
                screen.indented(f"{title}: {text}{marks}")
        for reason in each.reasons:
            screen.indented(
                f"{reason.code}: {reason.text} {screen.marks(reason.cites) if reason.cites else ''}".rstrip()
            )
    if screen.numbers:
        screen.sources()
    screen.closing()
