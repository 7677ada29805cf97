"""What was recorded: shown back with what it changed, and taken back where it was wrong."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.services import extras, reviewing, shipped, taking_back
from cobalamin.app.services.changing import CHANGED
from cobalamin.app.services.ended import ended
from cobalamin.app.services.entries import EntryWords
from cobalamin.app.services.recording import Recorded
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.web.frame.answers import asked
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Form, Sent
from cobalamin.app.web.frame.saving import looked_at_again, undone
from cobalamin.app.web.frame.site import Opened, onward, opened, page, site_of, today, told
from cobalamin.app.web.pages.planning import issue_words
from cobalamin.records import replace
from cobalamin.text.safe import entered
from cobalamin.therapy.case.answered import REVIEWED
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.events import Correction, decides
from cobalamin.therapy.case.record import withdrawn_ids
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.improbable import replacement_in

routes = APIRouter(include_in_schema=False)


@routes.get("/case/{name}/recorded")
def recorded(request: Request, name: str, event: str = "", again: str = "") -> Response:
    """What an entry says and what it changed: its verdict, and what is due before and after."""
    this, on = opened(request, name), today(request)
    found = next((each for each in this.case.record if each.id == event), None)
    if found is None:
        raise NoSuchCase(event)
    before = replace(this.case, record=tuple(each for each in this.case.record if each is not found))
    seen = reviewing.entered_of(Recorded(before, this.case, found), on)
    country = country_of(seen.after)
    screen = told(request, country)
    sentences = [kept(due_sentence(each.outlook, country, screen.plain)) for each in (seen.before, seen.after)]
    later = found.on is not None and found.on > on
    words = EntryWords(
        shipped.library(),
        this.case,
        country,
        partial(entered, words=shipped.library().own_words),
        (*seen.after.evaluations, *seen.before.evaluations),
    )
    gone = withdrawn_ids(this.case, max(on, found.on or on))
    entry = replacement_in(found) or found
    return page(
        request, "recorded", this, screen=screen, interrupting=_interrupting(screen, seen), entry=found, again=bool(again),
        verdict=_verdict(screen, seen), content=kept(words.line(_shown(this, found))), changed=_was(this, found, words), before=sentences[0], after=sentences[1], later=later,
        ended=_ended(screen, seen), withdrawn=found.id in gone, standing=seen.standing, taken=taking_back.is_taking_back(found), to_change=_to_change(entry),
        calendar=bool(seen.after.plan and not seen.after.plan.needs) and not extras.missing("paper", "icalendar"),
        questions=[asked(each, seen.after, this.address, request.query_params.get("on", "")) for each in seen.after.questions if each not in seen.before.questions],
    )  # fmt: skip


def _shown(this: Opened, found: Event) -> Event:
    """What the page is about: what was put in, what was taken back, or the entry itself."""
    if taking_back.is_taking_back(found) and isinstance(found, Correction):
        return next((each for each in this.case.record if each.id == found.withdraws), found)
    return replacement_in(found) or found


def _was(this: Opened, found: Event, words: EntryWords) -> str:
    """The entry in whose place another was put; empty where it is no change."""
    if replacement_in(found) is None or not isinstance(found, Correction):
        return ""
    return str(kept(next((words.line(each) for each in this.case.record if each.id == found.withdraws), "")))


def _to_change(entry: Event) -> str:
    """The id by which its form is opened; empty where no form holds it."""
    return entry.id if entry.kind in CHANGED and not decides(entry, REVIEWED) else ""


def _ended(screen: Any, seen: reviewing.Entered) -> list[str] | None:
    """What a look of a clinician ended; None for any other entry."""
    if not decides(seen.recorded.event, REVIEWED):
        return None
    return [kept(screen.spelled(text)) for text in ended(shipped.library(), seen.before, seen.after, screen.plain)]


def _interrupting(screen: Any, seen: reviewing.Entered) -> list[dict[str, Any]]:
    """What this entry raised; what may not wait stands above everything else already."""
    new = seen.new_issues
    return [
        issue_words(screen, issue)
        for issue in seen.after.issues
        if issue.interrupts and issue in new and not issue.leads
    ]


@routes.post("/case/{name}/undo")
def take_back(request: Request, name: str, sent: Sent) -> Response:
    """Take back the entry that the page showed, with what was written together with it."""
    return looked_at_again(lambda: _take_back(request, name, sent))


def _take_back(request: Request, name: str, sent: Form) -> Response:
    this, on = opened(request, name), today(request)
    query = request.query_params.get("on", "")
    try:
        done = undone(site_of(request), this, sent.text("event"), on, sent.text("mark"))
    except taking_back.NothingToTakeBack:  # the button was pressed twice: the page says that it is withdrawn
        return onward(f"{this.address}/recorded", event=sent.text("event"), on=query)
    return onward(f"{this.address}/recorded", event=done.recorded.event.id, on=query)


def _verdict(screen: Any, entered: reviewing.Entered) -> list[str]:
    """What a dose counts for and why, in sentences of the library."""
    entry = entered.evaluation
    if entry is None:
        return []
    return [
        kept(screen.spelled(f"{screen.text(reason.text)} {screen.marks(reason.cites) if reason.cites else ''}".strip()))
        for reason in entry.reasons
    ]
