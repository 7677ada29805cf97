"""What an entry changed, what is due, and why a date stands where it stands, as text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cobalamin.app.services.confirming import Asked
from cobalamin.app.services.ended import ended
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.reviewing import Due, Entered, Explanation, country_of, review_case
from cobalamin.app.services.shipped import library
from cobalamin.app.terminal.review import option_commands, result_line
from cobalamin.app.terminal.screen import Screen, typed, way_out
from cobalamin.text.messages import capital, joined, listed, word
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.events import Correction, decides
from cobalamin.therapy.case.issues import CONTRAINDICATIONS
from cobalamin.therapy.review.due import due_sentence, if_given_sentence, interval_cited
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.if_given import IfGiven
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review


def show_entered(entered: Entered, path: Path, plain: bool) -> None:
    """The entry with its content, its verdict, the next date before and after, and what is new."""
    screen = Screen(entered.after.library, plain, country_of(entered.after))
    screen.alarms(entered.after.issues)
    screen.print(screen.say("record.recorded", path=typed(path)), style="bold")
    tell_entries(screen, entered)
    tell_ended(screen, entered)
    if entered.recorded.repeated:
        screen.indented(screen.say("record.repeated", path=typed(path)), indent=0)
    elif not isinstance(entered.recorded.event, Correction):
        tell_take_back(screen, path)
    tell_changes(screen, entered, path)


def tell_take_back(screen: Screen, path: Path) -> None:
    """How what was written is taken back, for whoever reads here that it was wrong (hazard H128)."""
    screen.indented(screen.say("record.take_back", path=typed(path)), indent=0, style="dim")


def tell_entries(screen: Screen, entered: Entered) -> None:
    """What was written, each entry with its content and its id."""
    words = EntryWords(screen.library, entered.recorded.before, screen.country, typed, entered.after.evaluations)
    for event in entered.recorded.events:
        screen.indented(screen.say("record.entry", entry=words.line(event), id=typed(event.id)))
    for sentence in entered.past.sentences(typed) if entered.past else ():
        screen.indented(screen.say("record.past", doubt=sentence), indent=0, style="bold")


def tell_ended(screen: Screen, entered: Entered) -> None:
    """What a look of a clinician ended, each by itself; that it ended nothing is said too."""
    if not decides(entered.recorded.event, REVIEWED):
        return
    found = ended(screen.library, entered.before, entered.after, screen.plain)
    for text in found:
        screen.indented(screen.say("record.ended", text=text), indent=0)
    if not found:
        screen.indented(screen.say("record.ended_nothing"), indent=0)


def tell_changes(screen: Screen, entered: Entered, path: Path) -> None:
    """The verdict, what is due before and after, and what is new; what stood before is only counted."""
    after = entered.after
    if entered.evaluation is not None:
        screen.indented(_verdict(screen, entered.evaluation), indent=0)
    written = {event.id for event in entered.recorded.events}
    for entry in after.results:
        if entry.event in written:
            screen.indented(result_line(screen, entry, reasons=True), indent=0)
    before, now = (
        screen.text(due_sentence(each.outlook, screen.country, screen.plain)) for each in (entered.before, after)
    )
    if before == now:
        screen.indented(screen.say("record.unchanged", due=now), indent=0)
    else:
        screen.indented(screen.say("record.before", due=before), indent=0)
        screen.indented(screen.say("record.now", due=now), indent=0, style="bold")
    _new_issues(screen, entered)
    if entered.standing:
        key = "record.standing_one" if entered.standing == 1 else "record.standing"
        screen.indented(screen.say(key, number=entered.standing, path=typed(path)), indent=0)
    if screen.numbers:
        screen.sources()
    screen.closing()


def show_asked(asked: Asked) -> None:
    """What looks wrong with an entry and what would be saved, on standard error: it is no answer yet."""
    screen = Screen(asked.library, False, asked.country)
    screen.out = way_out(error=True)
    screen.print(screen.say("improbable.looks_wrong"), style="bold")
    for sentence in asked.sentences(typed):
        screen.indented(f"- {sentence}")
    for entry in asked.entries(typed):
        screen.indented(screen.say("improbable.would_save", entry=entry), indent=0)
    if any(code.startswith("ID_") for code in asked.codes):
        _list(screen, asked.words(typed))


def show_entries(path: Path, on: date, kind: str = "") -> None:
    """The entries of a case with their ids and what they say, on standard error."""
    seen = review_case(path, on)
    screen = Screen(library(), False, country_of(seen))
    screen.out = way_out(error=True)
    _list(screen, EntryWords(library(), seen.case, screen.country, typed, seen.evaluations), kind)


def _list(screen: Screen, words: EntryWords, kind: str = "") -> None:
    first, *lines = words.listed(kind)
    screen.print(first)
    for line in lines:
        screen.indented(line)


def _verdict(screen: Screen, verdict: Evaluation) -> str:
    credit, timing = (word.replace("_", " ") for word in (verdict.credit, verdict.timing))
    reasons = listed((reason.text for reason in verdict.reasons), "; ")
    told = f", {timing}" if timing != "none" else ""
    return screen.say("record.this_dose", credit=credit, timing=told, reasons=reasons)


def _new_issues(screen: Screen, entered: Entered) -> None:
    """What this entry raised, and the questions it opened; a contraindication is said each time."""
    new = entered.new_issues
    raised = tuple(issue for issue in entered.after.issues if issue in new or issue.code in CONTRAINDICATIONS)
    screen.issues(raised)
    for question in entered.after.questions:
        if question not in entered.before.questions:
            told = screen.say("record.question", question=question.text, default=question.default)
            screen.indented(told, indent=0)


def show_due(due: Due, plain: bool) -> None:
    """One sentence; with a day, what a dose on that day would count for."""
    tell_due(Screen(due.review.library, plain, country_of(due.review)), due, commands=True)


def tell_due(screen: Screen, due: Due, commands: bool = False) -> None:
    """What is due, on any screen; first the sentence, then the interval by its sources where it has one. `commands`: where somebody types."""
    seen = due.review
    screen.alarms(seen.issues)
    screen.indented(due_sentence(seen.outlook, screen.country, screen.plain), indent=0, style="bold")
    tell_interval(screen, seen)
    for question in waiting_for(seen) if commands else ():
        screen.indented(question.text)
        for command in option_commands(screen, question) or [
            screen.say("record.answer_with", command=question.command)
        ]:
            screen.indented(command, indent=4, as_is=True)
    if due.given is not None:
        _if_given(screen, due.given)
    urgent = tuple(issue for issue in seen.issues if issue.interrupts)
    screen.issues(urgent)
    if screen.numbers:
        screen.sources()
    screen.closing()


def tell_interval(screen: Screen, seen: Review) -> None:
    """What the sources say, apart from what this program makes of it: a number stands behind nothing else."""
    interval, cites = interval_cited(seen)
    if interval:
        screen.indented(f"{screen.text(interval)} {screen.marks(cites)}", indent=0)


def _if_given(screen: Screen, given: IfGiven) -> None:
    screen.indented(if_given_sentence(given), indent=0)
    for reason in given.evaluation.reasons[1:]:
        told = screen.text(capital(word("flags", reason.code, reason.text)))
        screen.indented(f"{told}." if screen.plain else f"{told} ({reason.code}).")
    for said in given.sources_say:
        screen.indented(joined(said.text, screen.marks(said.cites)))
    screen.indented(screen.say("if_given.not_refused"))


def show_explanation(answer: Explanation) -> None:
    """Each thing that stands on the day, with the chain that leads to it."""
    screen = Screen(answer.review.library, False, country_of(answer.review))
    screen.alarms(answer.review.issues)
    tell_explanation(screen, answer)


def tell_explanation(screen: Screen, answer: Explanation) -> None:
    """The chains, on any screen."""
    for each in answer.found:
        screen.heading(f"{screen.text(each.what)} ({each.on})")
        facts = ", ".join(
            f"{name.replace('_', ' ')}: {screen.text(value).replace('_', ' ')}" for name, value in each.facts
        )
        rule = f"{screen.text(each.rule)} {screen.marks(each.cites)}" if each.rule else ""
        told = {"facts": facts, "plan": each.plan, "rule": rule, "arithmetic": each.arithmetic, "window": each.window}
        for name, text in told.items():
            if text:
                screen.indented(screen.say(f"record.{name}", text=text))
        for reason in each.reasons:
            code, marks = "" if screen.plain else f"({reason.code})", screen.marks(reason.cites) if reason.cites else ""
            screen.indented(joined(capital(reason.text), code, marks))
    if screen.numbers:
        screen.sources()
    screen.closing()
