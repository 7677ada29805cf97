"""The story of `demo` as text: each command that is typed, and in short what it answers."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.app.services.reviewing import Entered
from cobalamin.app.services.shipped import library
from cobalamin.app.services.story import ASKED, BEFORE, FILE, GIVEN, INTERVAL, LATE, PRODUCT, RESULT, START, Story
from cobalamin.app.views.builder import Builder, Extent, View
from cobalamin.app.views.first_screen import regimen_in_short
from cobalamin.app.views.plan import add_items
from cobalamin.app.views.record import interval_line, verdict_line
from cobalamin.app.views.review import result_line
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.text.messages import Text
from cobalamin.therapy.review.due import due_sentence, if_given_sentence

SHOWN_DATES = 9


def view_of_story(story: Story, plain: bool) -> View:
    """The whole story, in about sixty lines."""
    screen = Builder(library(), plain, story.proposal.case.patient.country, extent=Extent(short=True))
    screen.print(screen.say("demo.title"), style=STRONG)
    screen.indented(screen.say("demo.about"), depth=Depth.FLUSH)
    _proposal(screen, story)
    _plan(screen, story)
    _first_dose(screen, story.first)
    _late(screen, story.late)
    _high(screen, story.high)
    _next(screen, story)
    screen.print()
    screen.indented(screen.say("demo.end"), depth=Depth.FLUSH)
    screen.closing()
    return screen.view()


def _told(screen: Builder, name: str, command: str, answer: Iterable[Text] = ()) -> None:
    """One step: what happens, the command, the first lines of its answer."""
    screen.print()
    screen.indented(screen.say(f"demo.{name}"), depth=Depth.FLUSH, style=STRONG)
    screen.indented(f"$ cobalamin {command}", depth=Depth.FLUSH, style=QUIET, as_is=True)
    for line in answer:
        screen.indented(line)


def _proposal(screen: Builder, story: Story) -> None:
    lead, *others = story.proposal.options
    told: list[Text] = [lead.protocol.title, *(line.text for line in regimen_in_short(screen, lead))]
    told.append(screen.say("demo.others", number=len(others)))
    _told(screen, "somebody_new", f"propose {FILE} --on {BEFORE}", told)


def _plan(screen: Builder, story: Story) -> None:
    plan = story.plan
    screen.product = plan.product
    choice = f"--choose maintenance_interval='{INTERVAL}'"
    protocol = f"--protocol {plan.protocol.id} --start {START} {choice} --product {PRODUCT}"
    _told(screen, "plan", f"accept {FILE} {protocol} --by 'Dr A' --on {BEFORE}")
    add_items(screen, plan.items[:SHOWN_DATES], plan.start)


def _first_dose(screen: Builder, entered: Entered) -> None:
    _told(screen, "first_dose", f"record {FILE} given {GIVEN[0]} --on {GIVEN[0]}", _answer(screen, entered))


def _late(screen: Builder, entered: Entered) -> None:
    _told(screen, "late_dose", f"record {FILE} given {LATE} --on {LATE}", _answer(screen, entered))


def _answer(screen: Builder, entered: Entered) -> list[Text]:
    verdict = [verdict_line(screen, entered.evaluation)] if entered.evaluation else []
    due = due_sentence(entered.after.outlook, screen.country, screen.plain)
    return [*verdict, screen.say("record.now", due=due)]


def _high(screen: Builder, entered: Entered) -> None:
    kind, on, value, reference = RESULT
    command = f"record {FILE} {kind} {on} '{value}' '{reference}' --on {on}"
    written = entered.recorded.event.id
    told = [result_line(screen, each, reasons=True) for each in entered.after.results if each.event == written]
    _told(screen, "high_result", command, told)


def _next(screen: Builder, story: Story) -> None:
    on, day = ASKED
    seen, given = story.next.review, story.next.given
    told: list[Text] = [due_sentence(seen.outlook, screen.country, screen.plain), interval_line(screen, seen)]
    told += [if_given_sentence(given)] if given else []
    _told(screen, "too_early", f"due {FILE} --if-given {day} --on {on}", told)
