"""Issues as callouts, and callouts as paragraphs for a printer that has no box for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from cobalamin.app.services.leading import Leading
from cobalamin.app.views.tree import ALARM, NOTE, QUIET, WARNING, Alarms, Callout, Depth, Mark, Paragraph
from cobalamin.errors import visible
from cobalamin.records import replace
from cobalamin.text.messages import Text
from cobalamin.therapy.case.issues import BLOCK, CAVEAT, Issue

if TYPE_CHECKING:
    from cobalamin.app.views.builder import Builder

Say = Callable[..., str]


def cited(marks: Sequence[Mark], say: Say, uncited: str = "this_program") -> str:
    """ "[1, 4?]"; without a source, whose word it is."""
    parts = [f"{mark.number}{'' if mark.checked else '?'}" for mark in marks]
    return f"[{', '.join(parts)}]" if parts else f"[{say(f'notes.{uncited}')}]"


# -- made of issues --------------------------------------------------------------------------------------------------


def alarms(screen: Builder, found: Sequence[Leading]) -> Alarms:
    """What leads an answer."""
    made = tuple(alarm(screen, each) for each in found)
    return Alarms(made, screen.say("alarms.ends") if screen.plain and any(each.answer for each in found) else "")


def alarm(screen: Builder, each: Leading) -> Callout:
    """One alarm, its parts apart."""
    in_english = screen.say("alarms.in_english", text=each.in_english) if each.in_english else ""
    return Callout(
        ALARM, each.mark, each.code, _spelled(screen, each.text), screen.numbered(each.cites), _spelled(screen, each.action),
        answer=visible(each.answer), line=_spelled(screen, each.line), in_english=_spelled(screen, in_english),
    )  # fmt: skip


def in_full(screen: Builder, issue: Issue) -> Callout:
    """What interrupts, with its sources and, for a professional, what is done next; that is no advice for a patient."""
    ask = ", ".join(wording_of(issue.ask))
    kind, mark = ALARM if issue.severity == BLOCK else WARNING, screen.say(f"notes.{issue.label}")
    text, cites = issue.plain_whole if screen.plain else issue.text, screen.numbered(issue.cites)
    if screen.plain:
        return Callout(kind, mark, issue.code, _spelled(screen, text), cites)
    action = screen.say("notes.ask", facts=ask) if ask else issue.action
    return Callout(
        kind, mark, issue.code, _spelled(screen, text), cites, _spelled(screen, action), ask, visible(issue.answer)
    )


def in_short(screen: Builder, issue: Issue) -> Callout:
    """What interrupts, in a form of a line or two: what is done about it; where it is not known to apply, what is asked."""
    whole = in_full(screen, issue)
    if screen.plain:
        return whole
    asked = screen.say("screen.asked_in_short", text=issue.plain, facts=whole.ask) if issue.ask else ""
    done = issue.text if issue.label == NOTE or issue.code == CAVEAT else issue.action
    text = _spelled(screen, asked or done or issue.text)
    return replace(whole, text=text, action="", answer="")


def in_brief(screen: Builder, issue: Issue) -> Callout:
    """One sentence that does not interrupt.

    It does not cite for a patient, nor in what a professional reads beside it, so that a source has the same number in
    both and the two can talk about "[4]".
    """
    text = issue.plain_whole if screen.plain else issue.text
    ask = screen.say("notes.to_ask", facts=", ".join(wording_of(issue.ask))) if issue.ask and not screen.plain else ""
    return Callout(NOTE, "", issue.code, _spelled(screen, text), ask=_spelled(screen, ask))


def wording_of(facts: tuple[str, ...]) -> list[str]:
    return [fact.replace("_", " ") for fact in facts]


def _spelled(screen: Builder, text: Text) -> str:
    return visible(screen.spelled(text))


# -- as paragraphs ---------------------------------------------------------------------------------------------------


def paragraphs(callout: Callout, say: Say, plain: bool) -> Iterator[Paragraph]:
    """A callout in the order in which it is read: mark and text with its sources, what is done next, how a look is recorded."""
    if callout.kind == NOTE:
        brief = say("notes.brief", text=callout.text, ask=callout.ask, code=callout.code)
        yield Paragraph(callout.text if plain else brief, emphasis=QUIET, item=True)
        return
    text = say("screen.issue", mark=callout.mark, code=callout.code, text=callout.text)
    yield Paragraph(f"{text} {cited(callout.cites, say)}", emphasis=ALARM if callout.kind == ALARM else "")
    if callout.action:
        yield Paragraph(say("notes.next", action=callout.action), Depth.DETAIL)
    if callout.answer:
        yield Paragraph(_reviewed(callout.answer, say), Depth.DETAIL)


def leading_paragraphs(found: Alarms, say: Say, plain: bool) -> Iterator[Paragraph]:
    """What leads: each with what to do and why, then how a clinician's look at them is recorded."""
    for each in found.callouts:
        yield Paragraph(each.line, Depth.FLUSH, ALARM)
        yield Paragraph(f"{each.text}{'' if plain else f' ({each.code})'} {cited(each.cites, say)}")
        if each.in_english:
            yield Paragraph(each.in_english, emphasis=QUIET)
    if found.ends:
        yield Paragraph(found.ends)
    for each in found.callouts if not plain else ():
        if each.answer:
            yield Paragraph(_reviewed(each.answer, say))


def _reviewed(typed: str, say: Say) -> str:
    """How a clinician's look is recorded: one command, or one of two."""
    return say("alarms.reviewed", command=typed.replace(" or cobalamin ", f"{say('joined.or')}cobalamin "))
