"""The site: its folder, its clock and its templates, and the frame that every page shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse

from cobalamin import __version__
from cobalamin.app.services import reviewing, shipped
from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.leading import Leading, leading
from cobalamin.app.services.typed import day
from cobalamin.app.views import callouts
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.answering import answered_at
from cobalamin.app.web.frame.blocks import kept, source_list
from cobalamin.app.web.frame.cited import linked, quoted
from cobalamin.app.web.frame.field_words import label_in
from cobalamin.app.web.frame.folder import CaseFolder, mark_of
from cobalamin.app.web.frame.preferences import Look, Voice, look_of
from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.words import ENGLISH, Worded
from cobalamin.records import replace
from cobalamin.text.days import date_words
from cobalamin.text.safe import entered
from cobalamin.therapy.case.case import AcceptedPlan, Case
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.case.record import plan_on
from cobalamin.therapy.review.review import Review

HERE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Site:
    """What all pages of one server share. `writing`: one page saves at a time."""

    folder: CaseFolder
    today: Callable[[], date]
    writing: Lock


@dataclass(frozen=True)
class Opened:
    """A case file as one page sees it. `mark` tells whether the file has changed since."""

    name: str
    path: Path
    mark: str
    case: Case
    plan: AcceptedPlan | None = None  # of the head of the file; None also where it was taken back

    @property
    def address(self) -> str:
        return f"/case/{quote(self.name, safe='')}"

    @property
    def country(self) -> str:
        return self.case.patient.country


@cache
def environment() -> Environment:
    """The templates; whatever a person typed is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        finalize=_said,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["typed"] = lambda text: entered(text, shipped.library().own_words)
    made.filters["words"] = _named
    made.filters["day"] = lambda on: date_words(on, shipped.library().own_words) if on else ""
    made.filters["as_options"] = lambda names: [(name, _named(name.replace("-", "_"))) for name in names]
    made.filters["label_in"] = label_in
    made.filters["visible"] = _visible
    made.filters["kept"] = kept
    made.filters["answered_at"] = answered_at
    return made


def _said(value: object) -> object:
    """What a decision says, in the words of the pages."""
    return value.in_words(shipped.library().own_words) if isinstance(value, Worded) else value


def _fault(message: str) -> str:
    """What is wrong, in the language of the page, or quoted: what a reader of files and forms says is English."""
    words = shipped.library().own_words
    return message if message in words.texts.values() else words.quoted(message)


def _named(name: object) -> str:
    """An id of a form in words: the name of a fact, a choice, a reason."""
    words, said = shipped.library().own_words, str(name).replace("_", " ")
    if words.is_english:
        return said
    phase, _, rest = str(name).partition("_")
    of_phase = words.find("phases", phase, "")
    named = f"{of_phase} {words.of_record(rest.replace('_', ' '))}".strip() if of_phase else words.of_record(said)
    return words.find("substances", str(name), named)


def _visible(text: str) -> str:
    """A text of several lines in which no sign is hidden and none turns the direction of others."""
    return "".join(sign if sign in "\n\t" or sign.isprintable() else "\ufffd" for sign in text)


def site_of(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def opened(request: Request, name: str) -> Opened:
    """The case file of this name. Raises NoSuchCase, and InputError with every fault."""
    path = site_of(request).folder.path(name)
    content = read_bytes(path)
    case = read_case(content, name, shipped.library())
    return Opened(name, path, mark_of(content), case, plan_on(case, today(request)))


def today(request: Request) -> date:
    """The day of assessment: the one that is asked for, else today. Raises InputError."""
    asked = request.query_params.get("on", "")
    return day(asked, "on") if asked else site_of(request).today()


def told(request: Request, country: str) -> Builder:
    return Builder(shipped.library(), look_of(request).plain, country)


def page(
    request: Request, template: str, this: Opened | None = None, code: int = 200, screen: Builder | None = None, **values: Any
) -> HTMLResponse:  # fmt: skip
    """A page of the site as HTML, in its frame. What is open and may not wait stands above everything (hazard H79).

    `led_by`: the issues of the page itself, where it knows more than the review of the case; `people`: those of a list.
    """
    look = look_of(request)
    voice = Voice(look.plain, this.country if this else screen.country if screen else "")
    frame = _frame(request, look, this)
    if frame["language"] != ENGLISH and "faults" in values:
        values["faults"] = [replace(each, message=_fault(each.message)) for each in values["faults"]]
    alarms = values.pop("people", None) or _alarms(request, this, screen, values)
    sources = source_list(screen) if screen else []
    content = environment().get_template(f"{template}.html")
    made = content.render(t=voice, this=this, template=template, sources=sources, alarms=alarms, **frame, **values)
    cited = linked(made, {source["number"] for source in sources})
    return HTMLResponse(cited if frame["language"] == ENGLISH else quoted(cited), code)


def _alarms(
    request: Request, this: Opened | None, screen: Builder | None, values: dict[str, Any]
) -> list[dict[str, str]]:
    """What leads the page of a person: what to do, why, and whether a clinician's look ends it."""
    issues = values.pop("led_by", None)
    if issues is None:
        issues = _issues(request, this, values.get("seen"))
    words = screen or told(request, this.country if this else "")
    found = leading(issues, words.plain, shipped.library().own_words)
    return [alarm_words(words, each, screen is not None) for each in found]


def alarm_words(words: Builder, each: Leading, numbered: bool, **who: str) -> dict[str, str]:
    """An alarm as a page tells it; `numbered`: the page lists its sources."""
    made = callouts.alarm(words, each)
    cites = callouts.cited(made.cites, words.say) if numbered else ""
    told = {"action": kept(made.action), "text": kept(made.text), "cites": cites, "answer": made.answer}
    return {"code": made.code, "mark": made.mark, **told, "who": "", "short": "", **who}


def _issues(request: Request, this: Opened | None, seen: object) -> tuple[Issue, ...]:
    if isinstance(seen, Review):
        return seen.issues
    return reviewing.open_matters(this.case, today(request)) if this else ()


def _frame(request: Request, look: Look, this: Opened | None) -> dict[str, Any]:
    library, words = shipped.library(), shipped.library().own_words
    on = request.query_params.get("on", "")
    return {
        "look": look,
        "here": f"{request.url.path}{f'?{request.url.query}' if request.url.query else ''}",
        "version": __version__,
        "note": words.text("notes.library", note=words.text("notes.not_signed_off"), edition=library.edition),
        "translated": words.about_itself,
        "language": words.language,
        "languages": [(each, library.words(each).name) for each in library.languages],
        "born": date_words(this.case.patient.birth_date, words) if this and this.case.patient.birth_date else "",
        "on_query": f"?{urlencode({'on': on})}" if on else "",
        "shown_on": on,
        "months": words.months,
    }


_RETURNS = {"due": "", "review": "/review"}  # pages on which a question is asked


def back_to(this: Opened, name: str) -> str:
    """The page on which a question was asked; empty for any other name."""
    return f"{this.address}{_RETURNS[name]}" if name in _RETURNS else ""


def onward(address: str, **query: str) -> RedirectResponse:
    """To another page of the site after something was sent, so that going back or again sends nothing twice."""
    kept = urlencode({key: value for key, value in query.items() if value})
    return RedirectResponse(f"{address}{f'?{kept}' if kept else ''}", 303)
