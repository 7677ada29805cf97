"""What a sheet and a letter share: dated lines, the medicine in words, warning signs, who and when, all as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cobalamin import __version__
from cobalamin.amounts import containers_for, mass_text, strength_text, volume_text
from cobalamin.app.paper.own_interval import OwnInterval
from cobalamin.app.paper.sources import listed, mark_words
from cobalamin.app.services import shipped
from cobalamin.app.views.builder import Builder, containers_words, window_words
from cobalamin.app.views.plan import together
from cobalamin.app.views.tree import Mark
from cobalamin.knowledge.criteria import read_citations
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.model import Citations, Policy, Product
from cobalamin.knowledge.reading import Reading
from cobalamin.text.days import date_words, range_words
from cobalamin.text.messages import Text, capital, in_words, joined
from cobalamin.text.safe import LONGEST_IN_FOOTER, entered, told_apart, upper_first
from cobalamin.therapy.case.case import Patient
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.regimen.choices import SettledPhase
from cobalamin.therapy.review.appointment import OpenDays
from cobalamin.therapy.review.stays import Holds
from cobalamin.therapy.words import wording

Pair = list[Any]

A4, LETTER = "a4", "letter"
_LETTER_COUNTRIES = frozenset({"US", "CA"})
_RED_FLAGS = "red_flags.yaml"
_ALL_DOSES = ("dose", "course")
PROVISIONAL, OURS, DECIDED = "*", "†", "‡"
_MARKS = {PROVISIONAL: "provisional", OURS: "ours", DECIDED: "decided"}
_HEADINGS = (
    "medicine", "dates", "doses", "warnings", "sign", "action", "watch", "questions", "own_questions", "done", "date_and_what",
)  # fmt: skip


@dataclass(frozen=True)
class Days:
    """What is known of the days of a page: `on`, what is overdue on it says so; `in_doubt`, the day of a dose that perhaps is;
    `now`, whether an overdue dose is to be given now; `opens`, when the clinic is open.
    """

    on: date | None = None
    in_doubt: date | None = None
    now: bool = False
    opens: OpenDays | None = None

    def late(self, item: Item) -> bool:
        return self.on is not None and item.overdue_from is not None and item.overdue_from <= self.on

    def closed(self, item: Item) -> bool:
        """Whether nobody is there on the day of a line."""
        return self.opens is not None and item.on is not None and item.on_range is None and not self.opens(item.on)


_NO_DAYS = Days()


@dataclass(frozen=True)
class Look:
    """How a page is wanted: its size ("" for that of the country), large print, and whose words."""

    paper: str = ""
    large: bool = False
    professional: bool = False
    practice: str = ""  # whose page it is, as it was set once; no decision reads it

    def size(self, country: str) -> str:
        return self.paper or (LETTER if country in _LETTER_COUNTRIES else A4)


class Lines:
    """Words of one page beside its view: in the units of a country, with the numbers of the sources they cite."""

    def __init__(self, view: Builder, product: Product | None) -> None:
        self.view, self.product = view, product
        self.library, self.country, self.professional = view.library, view.country, not view.plain
        self.words = self.library.own_words
        self.say = self.library.own_words.text
        self.marks: dict[str, None] = {}

    def spelled(self, text: Text) -> str:
        """The library's words in the units and the spelling of the country; never what a person typed, no title of a source."""
        return self.view.spelled(text)

    def said(self, text: Text, cites: Citations) -> str:
        """The library's words with their sources behind them."""
        return self.cited(self.spelled(text), self.view.numbered(cites))

    def cited(self, text: str, marks: Iterable[Mark]) -> str:
        """A text of a view with its sources behind it."""
        numbers = mark_words(marks)
        return f"{text}\u00a0[{numbers}]" if numbers else text

    # -- dated lines -------------------------------------------------------------------------------------------------

    def rows(self, items: Iterable[Item], days: Days = _NO_DAYS) -> list[dict[str, Any]]:
        """One row a line."""
        return [self._row(group, days) for group in together(items)]

    def _row(self, group: list[Item], days: Days) -> dict[str, Any]:
        item = group[0]
        perhaps = days.in_doubt is not None and item.kind == "dose" and item.on == days.in_doubt
        if item.kind in _ALL_DOSES:
            main, rest = self._dose(item)
        else:
            names = ", ".join(self.marker(each.marker) for each in group if each.marker)
            text = self._text(item).rstrip(".")
            main, rest = (
                self.say(f"paper.kind__{item.kind}"),
                f"{names}: {text}." if names and not _named(group, text) else f"{text}.",
            )
        if item.on is None and item.offset:
            rest = self.say("paper.after_last_dose", text=rest, span=wording.offset_of(item.offset))
        window = window_words(item.bookable_from or item.on, item.due_through, self.words)
        return {
            "when": range_words(*(item.on_range or (item.on, item.on)), words=self.words)
            if item.on
            else self.say("plan.after_decision"),
            "before": self.say("paper.now") if days.now and item.kind == "dose" and days.late(item) else "",
            "mark": self._mark(item),
            "main": told_apart(main),
            "rest": upper_first(self.spelled(rest)),
            "window": self._timely(window, item, days, perhaps),
            "cites": mark_words(self.view.numbered(item.cites)) or self.say(f"notes.{item.uncited}"),
        }

    def _timely(self, window: str, item: Item, days: Days, perhaps: bool) -> str:
        if days.late(item):
            return self.say("paper.overdue", window=window)
        if perhaps:
            return self.say("paper.perhaps_overdue", window=window)
        if item.on is not None and days.closed(item):
            return self.say("paper.closed", window=window, weekday=self.words.weekdays[item.on.weekday()])
        return window

    def _text(self, item: Item) -> str:
        return in_words(item.text if self.professional else item.plain, self.words)

    def _dose(self, item: Item) -> tuple[str, str]:
        """The dose by itself, so that nothing stands between it and the reader, and how it is given."""
        text = self._text(item)
        substance, dose = capital(wording.substance_name(item.substance)), wording.dose_of(item.dose, self.country)
        main = in_words(joined(substance, dose), self.words)
        rest, volume = text.removeprefix(main).lstrip(", "), self._volume(item)
        return main, f"{volume}; {rest}" if volume and rest else volume or upper_first(rest)

    def _volume(self, item: Item) -> str:
        """Mass, volume and count always together: "= 1 mL = 1 ampoule"."""
        volume = f"= {volume_text(item.volume_ml)}" if item.volume_ml is not None else ""
        product = self.product
        if not volume or product is None or product.amount is None or item.dose is None or product.form == "not_stated":
            return volume
        count, whole = containers_for(item.dose, product.amount)
        if not whole:
            return self.say("paper.not_whole", volume=volume, form=product.form)
        return f"{volume} = {containers_words(count, product.form, self.words)}"

    def _mark(self, item: Item) -> str:
        found = PROVISIONAL if item.determinacy == "provisional" and item.on else ""
        found += {"software_default": OURS, "local_policy": DECIDED}.get(item.basis, "") if item.on else ""
        self.marks |= dict.fromkeys(found)
        return found

    def marker(self, marker: str) -> str:
        record = self.library.markers[marker]
        return self.spelled(str(record["name"] if self.professional else record["plain"]))

    def below_rows(self, policy: Policy) -> list[str]:
        """What the marks mean, whose windows these are, and how months are counted."""
        marks = [self.say(f"paper.mark__{name}", mark=mark) for mark, name in _MARKS.items() if mark in self.marks]
        return [*marks, window_owner(policy), self.say("plan.months")]

    # -- the medicine ------------------------------------------------------------------------------------------------

    def medicine(self, phases: Iterable[SettledPhase], own: OwnInterval | None = None) -> list[Pair]:
        """The product and each phase, in words; one of them may have an interval of its own."""
        named = [
            (in_words(capital(wording.phase_name(phase.phase.name)), self.words), self.phase(phase, own))
            for phase in phases
        ]
        return [pair(self.say("paper.product"), self._product()), *(pair(*each) for each in named)]

    def _product(self) -> str:
        product = self.product
        if product is None:
            return self.say("paper.no_product")
        amount = self._amount(product)
        return self.say("paper.named_product", product=product.name, amount=amount) if amount else f"{product.name}."

    def _amount(self, product: Product) -> str:
        """What a container holds and how strong that is; where both are told in one, the strength is left out."""
        strength = strength_text(product.strength, self.country, self.words.units) if product.strength else ""
        told = self.say("paper.strength", strength=strength) if strength else ""
        if not product.amount:
            return told
        form = self.say("paper.container") if product.form == "not_stated" else product.form
        dose, key = (
            mass_text(product.amount, self.country, self.words.units),
            "paper.holds_volume" if product.volume_ml else "paper.holds",
        )
        holds = self.say(key, form=form, dose=dose, volume=product.volume_ml)
        return holds if product.volume_ml or not told else f"{holds}; {told}"

    def phase(self, phase: SettledPhase, own: OwnInterval | None = None) -> str:
        """ "Hydroxocobalamin 1 mg (1,000 micrograms), intramuscular, every 3 months, with no end stated" """
        raw = phase.phase
        told = self.say(
            "paper.phase_divided" if raw.dose.divided > 1 else "paper.phase",
            regimen=wording.regimen_text(phase, self.country, plain=not self.professional),
            number=raw.dose.divided,
            spacing=own.words
            if own and own.phase == phase.phase.name
            else wording.spacing_of(phase.spacing_kind, phase.spacing),
            end=wording.end_of(phase.end_by, phase.end, raw.end.wording, self.country, raw.about),
        )
        return self.spelled(told)

    # -- warning signs, sources, the foot ----------------------------------------------------------------------------

    def red_flags(self) -> list[dict[str, Any]]:
        """Every warning sign of the library with what to do, those with one answer together."""
        rows: dict[str, list[str]] = {}
        for flag in self.library.records(_RED_FLAGS, "red_flags"):
            if self.professional:
                sign, answer = self.said(str(flag["text"]), self._flag_cites(flag)), str(flag["action"])
            else:
                sign, answer = self.spelled(str(flag["plain"])), str(flag["plain_action"])
            rows.setdefault(self.spelled(answer), []).append(sign)
        return [{"signs": signs, "action": answer} for answer, signs in rows.items()]

    def _flag_cites(self, flag: dict[str, Tree]) -> Citations:
        reading = Reading(self.library.documents[_RED_FLAGS])
        return read_citations(reading, self.library.context, flag["cites"], str(flag["id"]))

    def source_list(self) -> dict[str, Any]:
        return {
            "entries": listed(self.library, self.view.cited_sources(), self.professional),
            "legend": self.say("paper.legend"),
        }

    def foot(self, patient: Patient, on: date, valid_until: str) -> dict[str, str]:
        name = entered(patient.id, self.words, LONGEST_IN_FOOTER)
        return {
            "who": f"{name}, {born_words(patient)}",
            "valid": valid_until,
            "made": " ".join(filter(None, (self._made(on), self.words.about_itself))),
        }

    def _made(self, on: date) -> str:
        fields = {"version": __version__, "edition": self.library.edition}
        return self.say("paper.made", date=date_words(on, self.words), **fields)


def pair(label: str, text: str) -> Pair:
    """A label and what stands beside it."""
    return [label, told_apart(text)]


def head(title: str, on: date, country: str, look: Look) -> dict[str, Any]:
    """What the page itself needs to know."""
    return {
        "title": title,
        "words": template_words(look.professional),
        "language": shipped.library().own_words.language,
        "region": country.lower() or "gb",
        "paper": {A4: "a4", LETTER: "us-letter"}[look.size(country)],
        "large": look.large,
        "practice": entered(look.practice, shipped.library().own_words) if look.practice else "",
        "professional": look.professional,
        "on": {"year": on.year, "month": on.month, "day": on.day},
    }


def template_words(professional: bool) -> dict[str, Any]:
    """The fixed words of the templates; "{number}" and the like are filled in there."""
    say, issues = shipped.library().own_words.text, "notes.issues" if professional else "notes.issues_plain"
    return {name: say(f"paper.{name}") for name in _HEADINGS} | {
        "important": say(issues),
        "sources": say("notes.sources"),
        "between": say("dates.range", first="", last=""),
        "page": say("paper.page", number="{number}", count="{count}"),
        "in_time": say("paper.in_time", window="{window}"),
        "columns": {name: say(f"columns.{name}") for name in ("date", "what", "in_time", "sources")},
    }


def born_words(patient: Patient) -> str:
    words = shipped.library().own_words
    born = patient.birth_date
    return words.text("paper.born", date=date_words(born, words)) if born else words.text("paper.not_born")


def valid_until(holds: Holds, review_by: date, on: date) -> str:
    """Until when the dates of a page hold, and what ends that; past the review of the library, that they need a check."""
    words = shipped.library().own_words
    say = words.text
    if on > review_by:
        return say("paper.not_valid", date=date_words(review_by, words))
    why = say(f"paper.ends_{holds.why}")
    return say("paper.valid_until", date=date_words(holds.until or review_by, words), why=why)


def window_owner(policy: Policy) -> str:
    """Who says how early and late."""
    words = shipped.library().own_words
    if policy.basis == "software_default":
        return words.text("paper.window_ours")
    owner = ", ".join(entered(part, words) for part in (policy.name, policy.owner, policy.date))
    return words.text("paper.window_local", policy=owner)


def _named(group: list[Item], text: str) -> bool:
    """Whether the text itself says what is measured."""
    return any(each.marker.split("_")[-1] in text.lower() for each in group if each.marker)
