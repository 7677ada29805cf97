"""What `set` and `undo` wrote, as text: what was there, what is there now, and what changes with it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.reviewing import Entered, country_of, review_of
from cobalamin.app.services.setting import Change, FactsSet
from cobalamin.app.services.shipped import library
from cobalamin.app.services.taking_back import Taken
from cobalamin.app.services.taking_over import TakenOver
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.plan import choice_words
from cobalamin.app.views.record import add_changes, add_entries, add_take_back
from cobalamin.app.views.tree import STRONG, Depth
from cobalamin.therapy.case.criteria import value_words
from cobalamin.therapy.case.events import Correction
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.review.review import Review


def view_of_facts_set(done: FactsSet, path: Path, plain: bool) -> View:
    """Each fact with its old and new value, then what that changes."""
    screen = Builder(library(), plain, country_of(done.entered.after))
    screen.alarms(done.entered.after.issues)
    screen.print(screen.say("written.set", path=typed(path)), style=STRONG)
    for change in done.changes:
        screen.indented(_change(screen, change))
    add_entries(screen, done.entered)
    add_take_back(screen, path)
    if done.proposals is not None:
        _offered(screen, *done.proposals)
    if _later(done.entered.before) != _later(done.entered.after):
        screen.indented(screen.say("written.later", path=typed(path)), depth=Depth.FLUSH)
    _gone(screen, done.entered)
    add_changes(screen, done.entered, path)
    return screen.view()


def _later(seen: Review) -> list[tuple[object, ...]]:
    """What comes, as far as a review lists it."""
    return [(item.kind, item.phase, item.on, item.dose, item.route, item.marker) for item in seen.upcoming]


def _change(screen: Builder, change: Change) -> str:
    definition = screen.library.facts[change.fact]
    name = change.fact.replace("_", " ")
    before, after = (_value(screen, change.fact, value) for value in (change.before, change.after))
    key = "written.same" if change.before == change.after else "written.changed"
    return screen.say(key, fact=name, before=before, after=after, question=definition.question)


def _value(screen: Builder, fact: str, value: str) -> str:
    if not value:
        return screen.say("written.not_asked")
    return screen.say("asking.not_known") if value == "unknown" else value_words(fact, value, screen.library.facts)


def _offered(screen: Builder, before: Proposal, after: Proposal) -> None:
    """What may be offered before and after, where no plan is in force."""
    first = [
        each.leading.protocol.title if each.leading else screen.say("written.nothing_offered")
        for each in (before, after)
    ]
    key = "written.offered_same" if first[0] == first[1] else "written.offered"
    numbers = {"number_before": len(before.options), "number_after": len(after.options)}
    screen.indented(screen.say(key, before=first[0], after=first[1], **numbers), depth=Depth.FLUSH)


def _gone(screen: Builder, entered: Entered) -> None:
    for issue in entered.gone_issues:
        screen.indented(screen.say("written.gone", text=issue.plain if screen.plain else issue.text), depth=Depth.FLUSH)


def view_of_taken_over(done: TakenOver, path: Path, plain: bool) -> View:
    """The plan, how far treatment had got, and what is due next; what nobody chose is said."""
    plan, entered = done.accepted, done.entered
    if plan is None or entered is None:
        raise ValueError("nothing was taken over")
    screen = Builder(library(), plain, country_of(entered.after))
    screen.alarms(entered.after.issues)
    screen.print(screen.say("written.taken_over", path=typed(path)), style=STRONG)
    words = EntryWords(screen.library, entered.recorded.after, screen.country, typed)
    if entered.recorded.event.kind != "plan":
        screen.indented(words.of_plan(plan))
    add_entries(screen, entered)
    for key in done.assumed:
        assumed = {
            "choice": screen.key_words(key),
            "value": choice_words(key, plan.choices[key], screen),
            "by": typed(plan.accepted_by),
        }
        screen.indented(screen.say("written.assumed", **assumed), depth=Depth.FLUSH)
    add_take_back(screen, path)
    add_changes(screen, entered, path)
    return screen.view()


def view_to_take_back(taken: Taken, on: date) -> View:
    """The entry that would be taken back, with its author: it is no answer yet."""
    seen = review_of(taken.case, on)
    screen = Builder(library(), False, country_of(seen))
    words = EntryWords(library(), taken.case, screen.country, typed, seen.evaluations)
    together = len(taken.ids) > 1
    screen.print(screen.say("written.last_together" if together else "written.last"), style=STRONG)
    if taken.plan is not None:
        screen.indented(words.of_plan(taken.plan))
    for event in taken.events:
        screen.indented(screen.say("record.entry", entry=words.line(event), id=typed(event.id)))
    return screen.view()


def view_of_taken_back(entered: Entered, path: Path, plain: bool) -> View:
    """What was taken back, and what is due before and after."""
    screen = Builder(library(), plain, country_of(entered.after))
    screen.alarms(entered.after.issues)
    screen.print(screen.say("written.taken_back", path=typed(path)), style=STRONG)
    words = EntryWords(screen.library, entered.recorded.before, screen.country, typed, entered.before.evaluations)
    for event in entered.recorded.events:
        if isinstance(event, Correction):
            screen.indented(words.of_id(event.withdraws))
    screen.indented(screen.say("written.stays"), depth=Depth.FLUSH)
    _gone(screen, entered)
    add_changes(screen, entered, path)
    return screen.view()
