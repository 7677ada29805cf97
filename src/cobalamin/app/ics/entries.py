"""What a calendar says about a dated line: titles that give nothing away, and a description with window, sources, validity."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cobalamin.amounts import amounts_in_text
from cobalamin.app.services import shipped
from cobalamin.app.services.ampoules import at_home
from cobalamin.app.services.cited import citations_shown
from cobalamin.app.services.leading import leading
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.services.supply import supply_words
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Source
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.records import replace
from cobalamin.text.days import date_words
from cobalamin.text.messages import in_words
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.review.dated_lines import CHECK, COURSE_BEGINS, COURSE_ENDS, DECISION, DOSE, REVIEW, DatedLine
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review

INJECTION, OTHER_DOSE, DISCUSS, CANCELLED, ASK_FIRST = "injection", "dose", "discuss", "cancelled", "ask_first"
ORDER = "order"
LOOK = "look"  # something is open that holds no dose back
_OVERDUE = {INJECTION: "injection_overdue", OTHER_DOSE: "dose_overdue"}
_PERHAPS = {INJECTION: "injection_perhaps_overdue", OTHER_DOSE: "dose_perhaps_overdue"}
_FIRST_ASK = {
    INJECTION: "injection_ask_first",
    OTHER_DOSE: "dose_ask_first",
}  # in place of overdue while an alarm is open
_LATE = ("overdue", "review_needed")
_WAITS = (DOSE, CHECK, REVIEW, DECISION)  # what is still to be done does not pass with its day
_TITLES = (
    ASK_FIRST,
    LOOK,
    ORDER,
    *_OVERDUE.values(),
    *_FIRST_ASK.values(),
    INJECTION,
    OTHER_DOSE,
    COURSE_BEGINS,
    COURSE_ENDS,
    CHECK,
    DISCUSS,
    CANCELLED,
)
_ROUNDS = 100_000  # slow on purpose: a health-service number must not be found by trying them all
_LONGEST_NAME, _LONGEST_TITLE = 80, 70
_AMOUNT = re.compile(r"\s\d[\d.,]*\s?(?:mg|mcg|micrograms?)\b\S*(?:\s\d\s?mL)?")


@dataclass(frozen=True)
class About:
    """Whose calendar this is, as of which day, and what may be said in it."""

    case: str  # a mark of the person's case, from which nothing can be read
    before_plan: str  # the mark of the same case before a plan was accepted
    name: str  # the case id, cleaned; empty where no name may be shown
    on: date
    country: str
    valid: str
    accepted: bool

    def is_of(self, mark: str) -> bool:
        """Whether a calendar with this mark is one of this case."""
        return mark in (self.case, self.before_plan)


@dataclass(frozen=True)
class Entry:
    """One event before its sequence number is known. `made` is the only line that changes with the day alone."""

    uid: str
    on: date
    title: str
    text: tuple[str, ...]
    made: str
    tentative: bool


def case_marks(case: Case) -> tuple[str, str]:
    """The mark of a case, and its mark before a plan was accepted: sixteen hexadecimal digits that give nothing away.

    An id is typed by people, and two of them may get the same. So the day of birth counts too, and what the plan in the file's head
    says: it stays where later plans are entries.
    """
    person, plan = case.patient, case.plan
    first = _mark(person.id, person.birth_date)
    return (
        (_mark(person.id, person.birth_date, plan.protocol, plan.start, plan.accepted_on), first)
        if plan
        else (first, first)
    )


def _mark(*parts: object) -> str:
    content = "\n".join(map(str, parts)).encode("utf-8", "replace")
    return hashlib.pbkdf2_hmac("sha256", content, b"cobalamin calendar", _ROUNDS, 8).hex()


def cleaned(text: str) -> str:
    """One line without characters that steer a reader or a parser: a name can't end a line or turn it around."""
    kept = "".join("\ufffd" if _steers(character) else character for character in text)
    return kept if len(kept) <= _LONGEST_NAME else kept[: _LONGEST_NAME - 1] + "…"


def _steers(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character != "\u200d"


def about_review(library: Library, seen: Review, with_name: bool) -> About:
    accepted = bool(seen.plan and seen.plan.accepted.accepted_by)
    valid = _valid(seen.on, seen.holds.until, library.review_by)
    return _about(seen.case, seen.on, country_of(seen), valid, accepted, with_name)


def about_plan(library: Library, case: Case, plan: Plan, on: date, with_name: bool) -> About:
    country = case.patient.country or plan.protocol.country
    return _about(case, on, country, _valid(on, library.review_by, library.review_by), False, with_name)


def _about(case: Case, on: date, country: str, valid: str, accepted: bool, with_name: bool) -> About:
    mark, before_plan = case_marks(case)
    return About(mark, before_plan, cleaned(case.patient.id) if with_name else "", on, country, valid, accepted)


def _valid(on: date, until: date | None, review_by: date) -> str:
    words = shipped.library().own_words
    say = words.text
    if on > review_by:
        return say("calendar.not_valid", date=date_words(review_by, words))
    return say("calendar.valid_until", date=date_words(until, words)) if until else say("calendar.valid")


class CalendarWords:
    """Words for the lines of one case, in the spelling and units of its country."""

    def __init__(
        self, library: Library, about: About, seen: Review | None = None, issues: Iterable[Issue] = ()
    ) -> None:
        self.library, self.about, self.seen = library, about, seen
        self.words = library.own_words
        self.alarms = leading(seen.issues if seen else issues, plain=True, words=self.words)
        self.say = self.words.text

    def of_case(self, mark: str) -> CalendarWords:
        """The same words under the mark of a calendar that is there: its events keep their identity."""
        same = CalendarWords(self.library, replace(self.about, case=mark), self.seen)
        same.alarms = self.alarms
        return same

    def first(self) -> list[Entry]:
        """What is open and may not wait, on the day the calendar is made and above everything of that day.

        Its title and, without the name, its text give nothing away (hazard H31).
        """
        if not self.alarms:
            return []
        about = self.about
        told = [part for each in self.alarms for part in (each.line, each.text)] if about.name else []
        title = neutral_title(ASK_FIRST if self._held_back() else LOOK)
        text = [
            *(told or [self.say("alarms.shut" if self._held_back() else "alarms.looked_at")]),
            self.say("screen.not_signed_off"),
        ]
        return [
            Entry(
                uid=self._uid(ASK_FIRST),
                on=about.on,
                title=f"{title}: {about.name}" if about.name else title,
                text=tuple(map(self._spelled, text)),
                made=self._made(),
                tentative=False,
            )
        ]

    def order(self) -> list[Entry]:
        """The day by which ampoules are to be ordered, where they were counted and nothing holds a dose back."""
        seen = self.seen
        found = at_home(seen.case, seen) if seen is not None and not self._held_back() else None
        if found is None or found.supply.order_by is None:
            return []
        told = supply_words(found.supply, self.words)[:1] if self.about.name else [self.say("calendar.in_plan")]
        title = neutral_title(ORDER)
        return [
            Entry(
                uid=self._uid(ORDER),
                on=max(found.supply.order_by, self.about.on),
                title=f"{title}: {self.about.name}" if self.about.name else title,
                text=tuple(map(self._spelled, [*told, self.say("screen.not_signed_off")])),
                made=self._made(),
                tentative=False,
            )
        ]

    def _uid(self, name: str) -> str:
        digest = hashlib.sha256(f"{self.about.case}/{name}".encode()).hexdigest()[:20]
        return f"{self.about.case}-{digest}@cobalamin"

    def _made(self) -> str:
        made_on = self.say("calendar.made_on", date=date_words(self.about.on, self.words))
        return self.say("calendar.made", made_on=made_on, valid=self.about.valid)

    def entry(self, line: DatedLine) -> Entry:
        about = self.about
        name = title_of(line)
        title = neutral_title(self._late_title(line, name))
        return Entry(
            uid=self._uid(in_words(line.name, self.words)),
            on=event_day(line, self.seen),
            title=f"{title}: {about.name}" if about.name else title,
            text=tuple(map(self._spelled, self._text(line))),
            made=self._made(),
            tentative=not line.firm or not about.accepted,
        )

    def _spelled(self, text: str) -> str:
        country = self.about.country
        return self.library.spelled(amounts_in_text(text, country, self.library.own_words.units), country)

    def _late_title(self, line: DatedLine, name: str) -> str:
        """That a dose is late must not call for it while an alarm is open."""
        late, doubtful = self._is_late(line), self._in_doubt(line)
        if (late or doubtful) and self._must_wait(line):
            return _FIRST_ASK[name]
        if self._is_emergency():
            return name
        return _OVERDUE[name] if late else _PERHAPS[name] if doubtful else name

    def _is_late(self, line: DatedLine) -> bool:
        """Whether this is the open dose, and the review calls it overdue."""
        seen = self.seen.outlook if self.seen else None
        return bool(seen and line.kind == DOSE and seen.target == line.on and seen.status in _LATE)

    def _in_doubt(self, line: DatedLine) -> bool:
        """Whether this is the open dose, and one reading of a month alone calls it overdue."""
        seen = self.seen.outlook if self.seen else None
        return bool(seen and line.kind == DOSE and seen.target == line.on and seen.status == "perhaps_overdue")

    def _text(self, line: DatedLine) -> list[str]:
        told = [self._detail(item) for item in line.items] if self.about.name else []
        found = (
            [self.say("alarms.before_this", date=date_words(self.about.on, self.words))]
            if self._must_wait(line)
            else []
        )
        if not found and line.kind == DOSE and self._is_emergency():
            found = [self.say("alarms.emergency_before", date=date_words(self.about.on, self.words))]
        found += told or [self.say("calendar.in_plan")]
        found += [*self._resting(line), *self._waiting(line), *self._windows(line), *self._cover(line)]
        found += [self.say("calendar.may_move")] if not line.firm else []
        found += [self.say("calendar.not_accepted")] if not self.about.accepted else []
        cites = tuple(dict.fromkeys(cite for item in line.items for cite in item.cites))
        sources = self.say("calendar.sources", sources=self._sources(cites, line.items))
        return [*dict.fromkeys(found), sources, self.say("screen.not_signed_off")]

    def _must_wait(self, line: DatedLine) -> bool:
        return self._held_back() and line.kind in (DOSE, COURSE_BEGINS)

    def _held_back(self) -> bool:
        return any(each.issue.holds_back for each in self.alarms)

    def _is_emergency(self) -> bool:
        return any(each.issue.emergency for each in self.alarms)

    def _detail(self, item: Item) -> str:
        if not item.marker:
            return self.say("calendar.detail", text=item.plain)
        marker = str(self.library.markers[item.marker]["plain"])
        return self.say("calendar.detail_marker", marker=f"{marker[0].upper()}{marker[1:]}", text=item.plain)

    def _resting(self, line: DatedLine) -> list[str]:
        """What is open about the day of the open dose; without the name only that something is (hazard H31)."""
        seen = self.seen
        if seen is None or line.kind != DOSE or seen.outlook.target != line.on:
            return []
        told = [in_words(question.text, self.words) for question in waiting_for(seen)]
        return told if self.about.name or not told else [self.say("calendar.rests")]

    def _waiting(self, line: DatedLine) -> list[str]:
        """Why the event does not stand on its own day, or whether that day is in doubt."""
        if self._in_doubt(line):
            return [self.say("calendar.perhaps_overdue", date=date_words(line.on, self.words))]
        if event_day(line, self.seen) == line.on:
            return []
        word = "overdue" if self._is_late(line) else "waits"
        return [self.say(f"calendar.{word}", date=date_words(line.on, self.words))]

    def _windows(self, line: DatedLine) -> list[str]:
        if line.kind in (COURSE_BEGINS, COURSE_ENDS, DECISION):
            return []
        return [words for item in line.items if (words := self._window(item))]

    def _cover(self, line: DatedLine) -> list[str]:
        """A pause or a bridge over this day, and a clinic day near the open dose."""
        if self.seen is None or line.kind != DOSE:
            return []
        seen, found = self.seen.outlook, []
        if seen.status in ("paused", "bridged") and (seen.until is None or line.on <= seen.until):
            open_end = self.say(f"calendar.{seen.status}")
            until = seen.until and self.say(f"calendar.until__{seen.status}", date=date_words(seen.until, self.words))
            found.append(until or open_end)
        if self.seen.appointment is not None and seen.target == line.on:
            found.append(self.say("calendar.clinic_day", date=date_words(self.seen.appointment.on, self.words)))
        return found

    def _window(self, item: Item) -> str:
        """ "In time from Fri 25 September 2026 to Fri 23 October 2026 (...)." """
        if item.on is None or item.due_through is None:
            return ""
        local = self.say("calendar.basis__local", policy=cleaned(item.policy))
        basis = self.words.find("calendar", f"basis__{item.window_basis}", local)
        first, last = item.bookable_from or item.on, item.due_through
        key = "calendar.window_one_day" if first == last else "calendar.window"
        return self.say(
            key,
            first=date_words(first, self.words),
            last=date_words(last, self.words),
            basis=basis,
        )

    def _sources(self, cites: Citations, items: tuple[Item, ...]) -> str:
        shown = citations_shown(self.library, cites)
        titles = dict.fromkeys(short_title(self.library.sources[cite.source]) for cite in shown)
        return "; ".join(titles) or self.say(f"notes.{items[0].uncited if items else 'this_program'}")


def event_day(line: DatedLine, seen: Review | None) -> date:
    """The day of a line; that of the review for what should have been done before and is still to be done."""
    return max(line.on, seen.on) if seen and line.kind in _WAITS else line.on


def title_of(line: DatedLine) -> str:
    """The name of the title under which a line stands."""
    if line.kind == DOSE:
        return INJECTION if line.item.route in INJECTIONS else OTHER_DOSE
    return DISCUSS if line.kind in (REVIEW, DECISION) else line.kind


def neutral_title(name: str) -> str:
    """Titles show on locked screens and in shared calendars: no name, no medicine, no illness (hazard H31)."""
    return shipped.library().own_words.text(f"calendar.title__{name}")


def neutral_titles() -> tuple[str, ...]:
    return tuple(map(neutral_title, _TITLES))


def tells_of_what_waits(title: str) -> bool:
    """Whether an event stands on the day its calendar was made because it waits: it did not happen on that day."""
    return title.startswith(tuple(map(neutral_title, (ASK_FIRST, *_OVERDUE.values(), *_FIRST_ASK.values()))))


def short_title(source: Source) -> str:
    """A title up to its first comma, without strengths, with its year."""
    title = _AMOUNT.sub("", source.title.split(",")[0]).strip()
    short = title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    year = source.date[:4]
    return f"{short} ({year})" if year.isdigit() else short
