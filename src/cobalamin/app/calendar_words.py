"""What a calendar says about a dated line: titles that give nothing away, and a description with window, sources, validity."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from cobalamin.app.render import Renderer
from cobalamin.app.render_due import country_of
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Source
from cobalamin.knowledge.spelling import spelled
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.therapy.case import Patient
from cobalamin.therapy.dated_lines import CHECK, COURSE_BEGINS, COURSE_ENDS, DECISION, DOSE, REVIEW, DatedLine
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.items import Item
from cobalamin.therapy.plan import Plan
from cobalamin.therapy.review import Review

# Titles show on locked screens and in shared calendars: no name, no medicine, no illness (hazard H31).
INJECTION, OTHER_DOSE = "Injection due", "Dose due"
TITLES = {
    COURSE_BEGINS: "Doses by mouth begin",
    COURSE_ENDS: "Last day of doses by mouth",
    CHECK: "Blood test",
    REVIEW: "Appointment to discuss",
    DECISION: "Appointment to discuss",
}
NEUTRAL_TITLES = (INJECTION, OTHER_DOSE, *dict.fromkeys(TITLES.values()))
MADE = "Made on "  # begins the one line that changes with the day and is no change of the event
NOT_SIGNED_OFF = "Not clinically signed off: published guidance to discuss with a prescriber."
_COVERS = {"paused": "Treatment is paused", "bridged": "Treatment is bridged by another form"}
_ROUNDS = 100_000  # slow on purpose: a health-service number must not be found by trying them all
_LONGEST_NAME, _LONGEST_TITLE = 80, 70
_AMOUNT = re.compile(r"\s\d[\d.,]*\s?(?:mg|mcg|micrograms?)\b\S*(?:\s\d\s?mL)?")


@dataclass(frozen=True)
class About:
    """Whose calendar this is, as of which day, and what may be said in it."""

    case: str  # a mark made from the case id, from which the id can't be read
    name: str  # the case id, cleaned; empty where no name may be shown
    on: date
    country: str
    valid: str
    accepted: bool


@dataclass(frozen=True)
class Entry:
    """One event before its sequence number is known. `made` is the only line that changes with the day alone."""

    uid: str
    on: date
    title: str
    text: tuple[str, ...]
    made: str
    tentative: bool


def case_mark(case_id: str) -> str:
    """Sixteen hexadecimal digits that stand for a case id and do not give it away."""
    content = case_id.encode("utf-8", "replace")
    return hashlib.pbkdf2_hmac("sha256", content, b"cobalamin calendar", _ROUNDS, 8).hex()


def cleaned(text: str) -> str:
    """One line without characters that steer a reader or a parser: a name can't end a line or turn it around."""
    kept = "".join("\ufffd" if _steers(character) else character for character in text)
    return kept if len(kept) <= _LONGEST_NAME else kept[: _LONGEST_NAME - 1] + "…"


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character != "\u200d"


def about_review(library: Library, seen: Review, with_name: bool) -> About:
    accepted = bool(seen.plan and seen.plan.accepted.accepted_by)
    valid = _valid(seen.on, seen.valid_until, library.review_by)
    return _about(seen.case.patient, seen.on, country_of(seen), valid, accepted, with_name)


def about_plan(library: Library, patient: Patient, plan: Plan, on: date, with_name: bool) -> About:
    country = patient.country or plan.protocol.country
    return _about(patient, on, country, _valid(on, library.review_by, library.review_by), False, with_name)


def _about(patient: Patient, on: date, country: str, valid: str, accepted: bool, with_name: bool) -> About:
    return About(case_mark(patient.id), cleaned(patient.id) if with_name else "", on, country, valid, accepted)


def _valid(on: date, until: date | None, review_by: date) -> str:
    if on > review_by:
        return f"not valid without a check: the library was to be reviewed by {date_words(review_by)}"
    return f"valid {f'until {date_words(until)} ' if until else ''}unless something new is recorded"


class CalendarWords:
    """Words for the lines of one case, in the spelling and units of its country."""

    def __init__(self, library: Library, about: About, seen: Review | None = None) -> None:
        self.library, self.about, self.seen = library, about, seen
        self.renderer = Renderer(library)

    def entry(self, line: DatedLine) -> Entry:
        about = self.about
        digest = hashlib.sha256(f"{about.case}/{line.name}".encode()).hexdigest()[:20]
        title = title_of(line)
        return Entry(
            uid=f"{about.case}-{digest}@cobalamin",
            on=line.on,
            title=f"{title}: {about.name}" if about.name else title,
            text=tuple(spelled(text, about.country, self.library.spellings) for text in self._text(line)),
            made=f"{MADE}{date_words(about.on)}, {about.valid}; make this calendar again after every entry.",
            tentative=not line.firm or not about.accepted,
        )

    def _text(self, line: DatedLine) -> list[str]:
        found = [self._detail(item) for item in line.items] if self.about.name else []
        found += ["What it is stands in your written plan."] if not found else []
        found += [*self._windows(line), *self._cover(line)]
        found += ["This date may still move."] if not line.firm else []
        found += ["No prescriber has accepted this plan yet."] if not self.about.accepted else []
        cites = tuple(dict.fromkeys(cite for item in line.items for cite in item.cites))
        return [*dict.fromkeys(found), f"Sources: {self._sources(cites)}.", NOT_SIGNED_OFF]

    def _detail(self, item: Item) -> str:
        if not item.marker:
            return f"{item.plain}."
        marker = str(self.library.markers[item.marker]["plain"])
        return f"{marker[0].upper()}{marker[1:]}: {item.plain}."

    def _windows(self, line: DatedLine) -> list[str]:
        if line.kind in (COURSE_BEGINS, COURSE_ENDS, DECISION):
            return []
        return [words for item in line.items if (words := _window(item))]

    def _cover(self, line: DatedLine) -> list[str]:
        """A pause or a bridge over this day, and a clinic day near the open dose."""
        if self.seen is None or line.kind != DOSE:
            return []
        seen, found = self.seen.outlook, []
        if seen.status in _COVERS and (seen.until is None or line.on <= seen.until):
            until = f" until {date_words(seen.until)}" if seen.until else ""
            found.append(f"{_COVERS[seen.status]}{until}: ask whether this date still stands.")
        if self.seen.appointment is not None and seen.target == line.on:
            found.append(f"A day near it on which the clinic is open: {date_words(self.seen.appointment.on)}.")
        return found

    def _sources(self, cites: Citations) -> str:
        shown = self.renderer.citations(cites)
        titles = dict.fromkeys(short_title(self.library.sources[cite["source"]]) for cite in shown)
        return "; ".join(titles) or "this program"


def title_of(line: DatedLine) -> str:
    if line.kind == DOSE:
        return INJECTION if line.item.route in INJECTIONS else OTHER_DOSE
    return TITLES[line.kind]


def short_title(source: Source) -> str:
    """A title up to its first comma, without strengths, with its year."""
    title = _AMOUNT.sub("", source.title.split(",")[0]).strip()
    short = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    year = source.date[:4]
    return f"{short} ({year})" if year.isdigit() else short


_BASES = {
    "published": "as the source says",
    "borrowed": "borrowed from another source",
    "software_default": "this program's assumption; no source states a window",
}


def _window(item: Item) -> str:
    """ "In time from Fri 25 September 2026 to Fri 23 October 2026 (...)." """
    if item.on is None or item.due_through is None:
        return ""
    first, last = item.bookable_from or item.on, item.due_through
    days = f"on {date_words(first)} only" if first == last else f"from {date_words(first)} to {date_words(last)}"
    basis = _BASES.get(item.window_basis, f"local policy {cleaned(item.policy)}")
    return f"In time {days} ({basis})."
