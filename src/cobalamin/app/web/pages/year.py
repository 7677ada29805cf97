"""A person's year on a page: the band of what is due now, the picture on one axis of time, and a table of the same content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request

from cobalamin.app.pictures.year import Look, draw, draw_years, runs_in, usual_words
from cobalamin.app.services import shipped
from cobalamin.app.services import year as years
from cobalamin.app.services.scales import Scale
from cobalamin.app.services.taking_back import is_taking_back
from cobalamin.app.services.year import Mark, Stretch, Year
from cobalamin.app.views.builder import Builder
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.preferences import look_of
from cobalamin.app.web.frame.site import Opened
from cobalamin.spans import FIRST_YEAR, LAST_YEAR
from cobalamin.text.days import date_words, day_short, days_words, range_words
from cobalamin.text.messages import Text, in_words
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.record import withdrawn_ids
from cobalamin.therapy.review.review import Review

_LARGE = 1.32  # how much larger the words of a picture are where a reader wants large text
_DATED = frozenset({"not_yet_due", "bookable", "due", "overdue", "perhaps_overdue"})
_SAMPLES = (
    "given",
    "extra",
    "not_counted",
    "waiting",
    "missed",
    "next",
    "overdue",
    "tried",
    "ghost",
    "planned",
    "done",
    "not_done",
    "to_come",
    "warning",
    "told",
)


@dataclass(frozen=True)
class Band:
    """What is due now, as large figures: the day, and how far away it is."""

    day: str
    away: str
    moves: bool  # the day is not certain yet


def band_of(screen: Builder, seen: Review) -> Band | None:
    """The band of a dated dose that nothing keeps back; None where a sentence must say how it is."""
    outlook = seen.outlook
    if outlook.status not in _DATED or outlook.target is None or outlook.emergency or outlook.ask_first:
        return None
    words, target, early = screen.words, outlook.target, outlook.early_target
    if early is not None and early != target:
        shown = range_words(early, target, words)
    else:
        shown = date_words(target, words)
        shown = shown.removesuffix(f" {target.year}") if target.year == seen.on.year else shown
    return Band(kept(shown), kept(_away(screen, seen, target)), bool(outlook.provisional))


def _away(screen: Builder, seen: Review, target: date) -> str:
    """ "in 38 days", "today", "12 days late" """
    number = (target - seen.on).days
    days = days_words(abs(number), screen.words)
    if number >= 0:
        return screen.say("web.band__ahead", days=days) if number else screen.say("web.band__today")
    if seen.outlook.status == "overdue":
        return screen.say("web.band__late_at_least" if seen.outlook.between else "web.band__late", days=days)
    return screen.say("web.band__in_time", days=days)


def just_recorded(screen: Builder, this: Opened, on: date) -> dict[str, str] | None:
    """The entry that was written last, where that was today and it still stands: it can be taken back from here."""
    last: Event | None = this.case.record[-1] if this.case.record else None
    if last is None or is_taking_back(last) or last.recorded_at[:10] != on.isoformat():
        return None
    if last.id in withdrawn_ids(this.case, on):
        return None
    kind = screen.words.text(f"entries.kind__{last.kind}")
    when = day_short(last.on, screen.words) if last.on else last.month
    return {"id": last.id, "text": kept(screen.say("web.band__recorded", entry=kind, date=when))}


# -- the picture and its table ---------------------------------------------------------------------------------------


def year_shown(request: Request, seen: Review) -> Year:
    """The calendar year that the address asks for, else twelve months each way."""
    asked = request.query_params.get("year", "")
    if asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked) <= LAST_YEAR:
        return years.calendar_year(seen, int(asked))
    return years.year_around(seen)


def look_for(request: Request, this: Opened, screen: Builder) -> Look:
    """How the picture of this reader is drawn."""

    def leads_to(about: str) -> str:
        on = request.query_params.get("on", "")
        query = urlencode({"about": about, **({"on": on} if on else {})})
        return f"{this.address}/why?{query}" if about else ""

    letters = _LARGE if look_of(request).large else 1.0
    return Look(screen.words, leads_to, partial(marker_name, screen), lambda text: kept(screen.spelled(text)), letters)


def marker_name(screen: Builder, marker: str) -> str:
    """The name of what was measured, short enough for a heading."""
    return screen.words.find("year", f"marker__{marker}", screen.text(str(shipped.library().markers[marker]["name"])))


def picture(request: Request, this: Opened, screen: Builder, seen: Review) -> dict[str, Any]:
    """What a page needs to show the year: picture, table, the marks to explain, and the years of a long record."""
    shown, look = year_shown(request, seen), look_for(request, this, screen)
    asked = shown.first.year if shown.first.month == shown.first.day == 1 and shown.last.month == 12 else 0
    title = kept(screen.say("web.year__of", first=_month(shown.first, screen), last=_month(shown.last, screen)))
    strip = ""
    if len(shown.counts) > 1:
        of_years = Look(
            look.words, lambda year: f"{this.address}?year={year}#year", look.name_of, look.spelled, look.letters
        )
        strip = draw_years(shown.counts, of_years, asked, screen.say("web.year__by_year")).svg
    return {
        "year": shown, "svg": draw(shown, look, title).svg, "years_svg": strip, "asked_year": asked,
        "rows": list(rows_of(shown, look, screen)), "states": states_in(shown), "year_title": title,
    }  # fmt: skip


def _month(on: date, screen: Builder) -> str:
    return f"{screen.words.months[on.month - 1]} {on.year}"


def states_in(year: Year) -> list[str]:
    """The kinds of marks that the picture shows, for its legend."""
    found = {mark.state for mark in (*year.doses, *year.checks, *year.events)}
    return [state for state in _SAMPLES if state in found]


def rows_of(year: Year, look: Look, screen: Builder, whole: bool = False) -> Iterator[dict[str, str]]:
    """The content of the picture as rows in the order of days, each with its reasons. `whole`: each dose of a bar has its own."""
    rows = [*_dose_rows(year, look, screen, whole), *(_mark_row(mark, look) for mark in (*year.checks, *year.events))]
    rows += [_stretch_row(each, look) for each in year.stretches]
    for scale in year.results:
        rows += _result_rows(scale, look)
    for scores in year.symptoms:
        name = look.spelled(in_words(scores.name, look.words))
        rows += [
            _row(on, date_words(on, look.words), f"{name}: {score}", about, look) for on, score, about in scores.marks
        ]
    yield from sorted(rows, key=lambda row: row["day"])


def _row(on: date, when: Text, what: Text, about: str, look: Look) -> dict[str, str]:
    said = look.spelled(in_words(what, look.words))
    return {
        "day": on.isoformat(), "when": kept(in_words(when, look.words)), "what": kept(said), "href": look.leads_to(about),
    }  # fmt: skip


def _mark_row(mark: Mark, look: Look) -> dict[str, str]:
    return _row(mark.on, mark.when, mark.label, mark.about, look)


def _dose_rows(year: Year, look: Look, screen: Builder, whole: bool) -> Iterator[dict[str, str]]:
    for marks in ((mark,) for mark in year.doses) if whole else runs_in(year.doses):
        if len(marks) == 1:
            yield _mark_row(marks[0], look)
            continue
        first, last = marks[0], marks[-1]
        when = range_words(first.on, last.on, look.words)
        said = look.spelled(in_words(first.label, look.words))
        number = screen.words.text("year.run_short", number=len(marks))
        yield _row(first.on, when, f"{number}: {said}", first.about, look)


def _stretch_row(each: Stretch, look: Look) -> dict[str, str]:
    when = range_words(each.on, each.until, look.words) if each.until else date_words(each.on, look.words)
    return _row(each.on, when, each.label, each.about, look)


def _result_rows(scale: Scale, look: Look) -> Iterator[dict[str, str]]:
    usual = usual_words(scale.usual, look.words)
    for point in scale.points:
        told = f"{look.name_of(scale.marker)}: {point.told}{f' ({usual})' if usual else ''}"
        yield _row(point.on, date_words(point.on, look.words), told, point.about, look)


def address_of(this: Opened, page: str, **query: str) -> str:
    """A page of this person with a query."""
    told = urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
    return f"{this.address}/{page}{f'?{told}' if told else ''}"
