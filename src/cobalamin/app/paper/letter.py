"""A letter that hands a running treatment over to another practice, as one JSON-able value for the template.

What is not known is said as such: a fact that nobody asked for and one that was asked in vain are two answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from cobalamin.amounts import mass_text
from cobalamin.app.paper.lines import Lines, Look, Pair, head, pair, valid_until, window_owner
from cobalamin.app.paper.own_interval import own_interval, phases_ahead
from cobalamin.app.paper.running import LAST_DOSES, day_of, history_words
from cobalamin.app.paper.schedule import alarm_lines, issue_words, stands_above, who_words
from cobalamin.app.services.reviewing import country_of
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.signed import signed_words
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words
from cobalamin.text.messages import capital, in_words, listed
from cobalamin.text.safe import entered, printable, told_apart, upper_first
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.criteria import value_words
from cobalamin.therapy.case.events import Administration, FactLearned, History
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.case.record import record_on
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.course import PlanInForce
from cobalamin.therapy.review.due import due_sentence, interval_cited
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.safety.gate import precaution_for
from cobalamin.therapy.words import wording

ALLERGIES = ("allergy_cobalamin", "allergy_cobalt", "allergy_benzyl_alcohol", "allergy_parabens")
_ALWAYS = ("deficiency", "cause", "neurological_involvement", "previous_treatment", "anaemia")
NOT_ASKED, IN_VAIN, NOT_SO = "not_asked", "in_vain", "not_so"
_COLUMNS = ("date", "dose", "product", "batch", "given_by", "counts")

Section = dict[str, Any]


def letter_of(library: Library, seen: Review, look: Look) -> dict[str, Any]:
    """The hand-over as of the day of the review, in professional words. `seen` has a plan."""
    return _Letter(library, seen, look).page()


class _Letter:
    def __init__(self, library: Library, seen: Review, look: Look) -> None:
        if seen.plan is None:
            raise ValueError("a letter needs an accepted plan")
        self.library, self.seen, self.look = library, seen, look
        self.words = library.own_words
        self.plan: PlanInForce = seen.plan
        self.country = country_of(seen)
        self.lines = Lines(Builder(library, False, self.country), self.plan.product)
        self.say = self.lines.say
        self.events = record_on(seen.case, seen.on).events
        self.facts: Facts = facts_of(seen.case, seen.on, self.events)

    def page(self) -> dict[str, Any]:
        seen, patient = self.seen, self.seen.case.patient
        page = head(self.say("handover.title"), seen.on, self.country, self.look)
        page |= {
            "kicker": self.say("handover.kicker"),
            "heading": self.say("handover.title"),
            "below": self.say("handover.below", date=date_words(seen.on, self.words)),
            "who": who_words(patient),
            "alarms": alarm_lines(self.lines, seen.issues),
            "now": self._next(),
            "important": [issue_words(self.lines, issue) for issue in self._others_open() if stands_above(issue)],
            "sections": [section for section in self._sections() if section.get("rows") or section.get("lines")],
        }
        foot = self.lines.foot(patient, seen.on, valid_until(seen.holds, self.library.review_by, seen.on))
        shown: dict[str, Any] = printable(page | {"sources": self.lines.source_list(), "foot": foot}, self.words)
        return shown

    def _sections(self) -> Iterator[Section]:
        allergies = [
            pair(upper_first(self._name(name.removeprefix(_allergy(self.words)))), self._fact(name))
            for name in ALLERGIES
        ]
        response = [self.lines.said(each.text, each.cites) for each in self.seen.response]
        by_hand = [
            pair(self.say(f"handover.{each}"), self.say("handover.by_hand")) for each in ("sender_name", "sender_reach")
        ]
        yield {"heading": self.say("handover.sender"), "rows": by_hand}
        yield {"heading": self.say("handover.diagnosis"), "rows": list(self._diagnosis())}
        yield {"heading": self.say("handover.allergies"), "rows": allergies}
        yield {"heading": self.say("handover.agreed"), "rows": list(self._agreed())}
        yield {"heading": self.say("handover.doses"), "lines": list(self._doses_told()), "table": self._doses()}
        yield {"heading": self.say("handover.response"), "lines": response}
        yield {"heading": self.say("handover.questions"), "lines": list(self._questions())}
        yield {"heading": self.say("handover.noted"), "lines": list(self._issues())}

    def _questions(self) -> Iterator[str]:
        for each in self.seen.questions:
            yield self.lines.spelled(self.say("handover.question", question=each.text, default=each.default))

    # -- what is due -------------------------------------------------------------------------------------------------

    def _next(self) -> dict[str, Any]:
        seen = self.seen
        interval, cites = interval_cited(seen)
        more = [self.lines.said(interval, cites)] if interval else []
        if seen.outlook.dates is not None:
            more += [self._window(seen.outlook.dates, seen.outlook.between), window_owner(seen.policy)]
        more += [self.lines.spelled(question.text) for question in waiting_for(seen)]
        return {
            "text": self.lines.said(due_sentence(seen.outlook, self.country), ()),
            "more": more,
        }

    def _window(self, dates: fold.Dates, between: tuple[fold.Dates, fold.Dates] | None) -> str:
        """The window in words. Where only the month of the last dose is known, what holds whichever day it was."""
        day = {name: date_words(to_date(value), self.words) for name, value in dates._asdict().items()}
        if between is None:
            return self.say("handover.window", **day)
        perhaps = date_words(to_date(between[0].overdue_from), self.words)
        return self.say("handover.window_by_month", **{**day, "perhaps_from": perhaps})

    # -- what is known -----------------------------------------------------------------------------------------------

    def _diagnosis(self) -> Iterator[Pair]:
        for name in _ALWAYS:
            yield pair(upper_first(self._name(name)), self._fact(name))
            if name == "cause":
                yield pair(self.say("handover.proof"), self._stated("cause") or self.say("handover.no_proof"))
                if self.facts.lifelong_cause is TRUE:
                    yield pair("", self.say("handover.lasting"))
        yield from self._others()

    def _others(self) -> Iterator[Pair]:
        """What was found, then in one line each what was asked and is not so, asked in vain, and never asked."""
        apart: dict[str, list[str]] = {NOT_SO: [], IN_VAIN: [], NOT_ASKED: []}
        for name in self.library.facts:
            if name in (*_ALWAYS, *ALLERGIES):
                continue
            value = self.facts.value(name)
            if value is None:
                apart[IN_VAIN if name in self.facts.asked_in_vain else NOT_ASKED].append(self._name(name))
            elif value == self.library.facts[name].absent and not self._stated(name):
                apart[NOT_SO].append(self._name(name))
            else:
                yield pair(upper_first(self._name(name)), self._fact(name))
        for known, names in apart.items():
            if names:
                yield pair(upper_first(self.say(f"handover.{known}")), ", ".join(names))

    def _name(self, fact: str) -> str:
        return self.lines.spelled(fact.replace("_", " ")).replace("b12", "B12")

    def _fact(self, name: str) -> str:
        """The value with its day and source, or which way it is not known."""
        value = self.facts.value(name)
        if value is None:
            return self.say("handover.in_vain" if name in self.facts.asked_in_vain else "handover.not_asked")
        stated = "" if name == "cause" else self._stated(name)  # the proof of the cause has a line of its own
        words = self.lines.spelled(value_words(name, value, self.library.facts))
        if name in ALLERGIES and value == "absent":
            words = self.say("handover.not_so")
        return f"{words} ({stated})" if stated else words

    def _stated(self, name: str) -> str:
        """Who or what says so, and when, as the case file has it; the latest statement counts."""
        told = [(fact.on or date.min, fact.source) for fact in self.seen.case.facts if fact.name == name]
        told = [(day, source) for day, source in told if day <= self.seen.on]
        told += [(event.on or date.min, _teller(event)) for event in self.events if _tells(event, name)]
        if not told:
            return ""
        day, source = max(told, key=lambda each: each[0])
        return ", ".join(
            part
            for part in (
                entered(source, self.words),
                date_words(day, self.words) if day != date.min else "",
            )
            if part
        )

    # -- what was agreed ---------------------------------------------------------------------------------------------

    def _agreed(self) -> Iterator[Pair]:
        accepted, protocol = self.plan.accepted, self.plan.protocol
        named = {
            "title": self.lines.spelled(protocol.title),
            "version": accepted.version,
        }
        start = date_words(accepted.start, self.words)
        told = self.say("handover.protocol_named", **named, status=protocol.status, date=start)
        yield pair(
            self.say("handover.protocol"), f"{told}. {self.lines.spelled(signed_words(self.lines.view, protocol))}"
        )
        yield pair(self.say("handover.accepted"), self._accepted())
        yield pair(self.say("handover.interval"), self._interval())
        yield from self.lines.medicine(phases_ahead(self.seen), own_interval(self.seen))
        for event in self.events:
            if isinstance(event, History):
                yield pair(self.say("handover.before"), history_words(event))

    def _accepted(self) -> str:
        accepted = self.plan.accepted
        key = "handover.accepted_by" if accepted.accepted_by else "handover.nobody"
        by = self.say(key, name=entered(accepted.accepted_by, self.words))
        return f"{by}, {date_words(accepted.accepted_on, self.words)}" if accepted.accepted_on else by

    def _interval(self) -> str:
        """The interval in force and whose word it is: a later decision's, or the accepted plan's."""
        place, phase = self.seen.outlook.place, self.seen.outlook.phase
        if place is None or phase is None:
            return self.say("handover.no_interval")
        own = own_interval(self.seen)
        if own is not None:
            return own.words
        every = wording.spacing_of(phase.spacing_kind, phase.spacing)
        name = wording.phase_name(phase.phase.name)
        return self.say("handover.as_accepted", every=every, phase=name, accepted=self._accepted())

    # -- what was given ----------------------------------------------------------------------------------------------

    def _doses_told(self) -> Iterator[str]:
        found = self.seen.evaluations
        counted = sum(entry.credit == "credited" for entry in found)
        if not found:
            yield self.say("handover.no_dose")
            return
        shown = self.say("handover.first_and_last" if len(found) > LAST_DOSES + 1 else "handover.all")
        yield self.say("handover.recorded", number=len(found), date=day_of(found[0]), counted=counted, shown=shown)

    def _doses(self) -> dict[str, Any]:
        found = self.seen.evaluations
        shown = found if len(found) <= LAST_DOSES + 1 else (found[0], *found[-LAST_DOSES:])
        return {
            "columns": [self.say(f"handover.{name}") for name in _COLUMNS],
            "rows": [[told_apart(cell) for cell in self._dose(entry)] for entry in shown],
        }

    def _dose(self, entry: Evaluation) -> list[str]:
        nothing = self.say("handover.not_recorded")
        substance = in_words(capital(wording.substance_name(entry.substance)), self.words) if entry.substance else ""
        dose = f"{substance} {mass_text(entry.dose, self.country, self.words.units)}" if entry.dose else substance
        given = in_words(listed([dose, wording.route_name(entry.route) if entry.route else ""]), self.words)
        counts = (
            f"{in_words(wording.phase_name(entry.phase), self.words)} {entry.number}"
            if entry.number and entry.phase
            else self.say(f"credits.{entry.credit}")
        )
        return [
            day_of(entry), given or nothing, self._product(entry.event), entered(entry.event.batch or nothing, self.words),
            entered(entry.event.by, self.words) or nothing, f"{counts}, {self.say(f'timings.{entry.timing}')}" if entry.timing != "none" else counts,
        ]  # fmt: skip

    def _product(self, event: Administration) -> str:
        named = self.library.products.get(event.product)
        if named is None and event.as_planned:
            named = self.plan.product
        return named.name if named else self.say("handover.not_recorded")

    def _named(self, code: str) -> str:
        """The sentence of a code: as it stands here, else the library's."""
        found = next((issue.text for issue in self.seen.issues if issue.code == code), "")
        check = precaution_for((*self.plan.content.precautions, *self.library.precautions), code, self.facts)
        known = {code: check.text for code, check in self.library.program_checks.items()}
        return self.lines.spelled(found or (check.text if check else "") or known.get(code, ""))

    def _others_open(self) -> list[Issue]:
        """All but what leads the letter."""
        return [issue for issue in self.seen.issues if not issue.leads]

    # -- what to look at ---------------------------------------------------------------------------------------------

    def _issues(self) -> Iterator[str]:
        accepted = self.plan.accepted
        key = "handover.acknowledged_by" if accepted.accepted_by else "handover.acknowledged"
        for code, reason in accepted.acknowledged.items():
            yield self.say(
                key,
                text=self._named(code),
                name=entered(accepted.accepted_by, self.words),
                reason=entered(reason, self.words),
            )
        for issue in self._others_open():
            if issue.code not in accepted.acknowledged and not stands_above(issue):
                yield issue_words(self.lines, issue)


def _allergy(words: Words) -> str:
    """What stands in the heading already; other languages name an allergy as a whole."""
    return "allergy_" if words.is_english else ""


def _tells(event: Event, name: str) -> bool:
    return isinstance(event, FactLearned) and event.fact == name


def _teller(event: Event) -> str:
    return ", ".join(part for part in (event.note, event.by, event.source.replace("_", " ")) if part)
