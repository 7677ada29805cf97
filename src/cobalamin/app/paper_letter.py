"""A letter that hands a running treatment over to another practice, as one JSON-able value for the template.

What is not known is said as such: a fact that nobody asked for and one that was asked in vain are two answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from cobalamin.amounts import mass_text
from cobalamin.app.paper import issue_words, stands_above, who_words
from cobalamin.app.paper_lines import Lines, Look, Pair, head, pair, upper_first, valid_until, window_owner
from cobalamin.app.paper_running import CREDIT, LAST_DOSES, day_of, history_words
from cobalamin.app.paper_text import entered, printable, told_apart
from cobalamin.app.render_due import country_of
from cobalamin.knowledge.library import Library
from cobalamin.therapy import fold, wording
from cobalamin.therapy.case import Event
from cobalamin.therapy.course import PlanInForce
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.due_words import due_sentence
from cobalamin.therapy.evaluations import Evaluation
from cobalamin.therapy.facts import Facts, facts_of
from cobalamin.therapy.ladder import to_date
from cobalamin.therapy.matching import value_words
from cobalamin.therapy.record import record_on
from cobalamin.therapy.review import Review
from cobalamin.therapy.schedule import changed_interval
from cobalamin.therapy.truth import TRUE

ALLERGIES = ("allergy_cobalamin", "allergy_cobalt", "allergy_benzyl_alcohol", "allergy_parabens")
_ALWAYS = ("deficiency", "cause", "neurological_involvement", "previous_treatment", "anaemia")
NOT_ASKED, IN_VAIN, _NOT_SO = "not asked", "asked, not known", "asked, and none"
_NOT_RECORDED = "not recorded"

Section = dict[str, Any]


def letter_of(library: Library, seen: Review, look: Look) -> dict[str, Any]:
    """The hand-over as of the day of the review, in professional words. `seen` has a plan."""
    return _Letter(library, seen, look).page()


class _Letter:
    def __init__(self, library: Library, seen: Review, look: Look) -> None:
        if seen.plan is None:
            raise ValueError("a letter needs an accepted plan")
        self.library, self.seen, self.look = library, seen, look
        self.plan: PlanInForce = seen.plan
        self.country = country_of(seen)
        self.lines = Lines(library, self.country, True, self.plan.product)
        self.events = record_on(seen.case, seen.on).events
        self.facts: Facts = facts_of(seen.case, seen.on, self.events)

    def page(self) -> dict[str, Any]:
        seen, patient = self.seen, self.seen.case.patient
        page = head("Hand-over of a vitamin B12 treatment", seen.on, self.country, self.look)
        page |= {
            "kicker": "To the practice that takes over",
            "heading": "Hand-over of a vitamin B12 treatment",
            "below": f"The treatment as recorded up to {date_words(seen.on)}.",
            "who": who_words(patient),
            "now": self._next(),
            "important": [issue_words(self.lines, issue) for issue in seen.issues if stands_above(issue)],
            "sections": [section for section in self._sections() if section.get("rows") or section.get("lines")],
        }
        foot = self.lines.foot(patient, seen.on, valid_until(seen.valid_until or self.library.review_by))
        shown: dict[str, Any] = printable(page | {"sources": self.lines.source_list(), "foot": foot})
        return shown

    def _sections(self) -> Iterator[Section]:
        yield {"heading": "Diagnosis", "rows": list(self._diagnosis())}
        yield {"heading": "Allergies", "rows": [pair(_allergy(name), self._fact(name)) for name in ALLERGIES]}
        yield {"heading": "Treatment agreed", "rows": list(self._agreed())}
        yield {"heading": "Doses so far", "lines": list(self._doses_told()), "table": self._doses()}
        yield {
            "heading": "Response",
            "lines": [self.lines.said(each.text, each.cites) for each in self.seen.response],
        }
        yield {
            "heading": "Open questions",
            "lines": [self.lines.spelled(f"{each.text} Until then: {each.default}.") for each in self.seen.questions],
        }
        yield {"heading": "Acknowledged and noted", "lines": list(self._issues())}

    # -- what is due -------------------------------------------------------------------------------------------------

    def _next(self) -> dict[str, Any]:
        seen = self.seen
        cites = seen.open_node.cites if seen.outlook.dates else ()
        more = []
        if seen.outlook.dates is not None:
            more = [_window(seen.outlook.dates, seen.outlook.early_target is not None), window_owner(seen.policy)]
        return {"text": self.lines.said(due_sentence(seen.outlook, self.country), cites), "more": more}

    # -- what is known -----------------------------------------------------------------------------------------------

    def _diagnosis(self) -> Iterator[Pair]:
        for name in _ALWAYS:
            yield pair(upper_first(fact_words(name)), self._fact(name))
            if name == "cause":
                yield pair("Proof of the cause", self._stated("cause") or "no proof is recorded with the cause")
                if self.facts.lifelong_cause is TRUE:
                    yield pair(
                        "", "A lasting cause: treatment does not end without a recorded decision and its reason."
                    )
        yield from self._others()

    def _others(self) -> Iterator[Pair]:
        """What was found, then in one line each what was asked and is not so, asked in vain, and never asked."""
        apart: dict[str, list[str]] = {_NOT_SO: [], IN_VAIN: [], NOT_ASKED: []}
        for name in self.library.facts:
            if name in (*_ALWAYS, *ALLERGIES):
                continue
            value = self.facts.value(name)
            if value is None:
                apart[IN_VAIN if name in self.facts.asked_in_vain else NOT_ASKED].append(fact_words(name))
            elif value == self.library.facts[name].absent and not self._stated(name):
                apart[_NOT_SO].append(fact_words(name))
            else:
                yield pair(upper_first(fact_words(name)), self._fact(name))
        yield from (pair(upper_first(words), ", ".join(names)) for words, names in apart.items() if names)

    def _fact(self, name: str) -> str:
        """The value with its day and source, or which way it is not known."""
        value = self.facts.value(name)
        if value is None:
            return IN_VAIN if name in self.facts.asked_in_vain else NOT_ASKED
        stated = "" if name == "cause" else self._stated(name)  # the proof of the cause has a line of its own
        words = value_words(name, value, self.library.facts)
        if name in ALLERGIES and value == "absent":
            words = _NOT_SO
        return f"{words} ({stated})" if stated else words

    def _stated(self, name: str) -> str:
        """Who or what says so, and when, as the case file has it; the latest statement counts."""
        told = [(fact.on or date.min, fact.source) for fact in self.seen.case.facts if fact.name == name]
        told = [(day, source) for day, source in told if day <= self.seen.on]
        told += [(event.on or date.min, _teller(event)) for event in self.events if _tells(event, name)]
        if not told:
            return ""
        day, source = max(told, key=lambda each: each[0])
        return ", ".join(part for part in (entered(source), date_words(day) if day != date.min else "") if part)

    # -- what was agreed ---------------------------------------------------------------------------------------------

    def _agreed(self) -> Iterator[Pair]:
        accepted, protocol = self.plan.accepted, self.plan.protocol
        named = f"{accepted.protocol} version {accepted.version}, {protocol.status}"
        yield pair("Protocol", f"{protocol.title} ({named}), from {date_words(accepted.start)}")
        yield pair("Accepted", self._accepted())
        yield pair("Agreed interval", self._interval())
        yield from self.lines.medicine(self.plan.phases)
        for event in self.events:
            if event.kind == "history":
                yield pair("Treatment before", history_words(event))

    def _accepted(self) -> str:
        accepted = self.plan.accepted
        by = f"by {entered(accepted.accepted_by)}" if accepted.accepted_by else "by whom is not recorded"
        return f"{by}, {date_words(accepted.accepted_on)}" if accepted.accepted_on else by

    def _interval(self) -> str:
        """The interval in force and whose word it is: a later decision's, or the accepted plan's."""
        place, phase = self.seen.outlook.place, self.seen.outlook.phase
        if place is None or phase is None:
            return "nothing can be counted yet; see the open questions"
        own = changed_interval(place)
        if own is None:
            every = wording.spacing_words(phase.spacing_kind, phase.spacing)
            return f"{every} ({wording.phase_words(phase.phase.name)}), as accepted {self._accepted()}"
        teller = next((event for event in reversed(self.events) if _sets_interval(event)), None)
        return f"{own.every}, {_whose_interval(teller)}" if teller else own.every

    # -- what was given ----------------------------------------------------------------------------------------------

    def _doses_told(self) -> Iterator[str]:
        found = self.seen.evaluations
        counted = sum(entry.credit == "credited" for entry in found)
        if not found:
            yield "No dose is recorded."
            return
        shown = "the first and the last three" if len(found) > LAST_DOSES + 1 else "all"
        yield f"{len(found)} recorded since {day_of(found[0])}, {counted} counted; shown: {shown}."

    def _doses(self) -> dict[str, Any]:
        found = self.seen.evaluations
        shown = found if len(found) <= LAST_DOSES + 1 else (found[0], *found[-LAST_DOSES:])
        return {
            "columns": ["Date", "Dose", "Product", "Batch", "Given by", "Counts"],
            "rows": [[told_apart(cell) for cell in self._dose(entry)] for entry in shown],
        }

    def _dose(self, entry: Evaluation) -> list[str]:
        data = entry.event.data
        substance = wording.substance_words(entry.substance) if entry.substance else ""
        dose = f"{substance} {mass_text(entry.dose, self.country)}" if entry.dose else substance
        given = ", ".join(part for part in (dose, wording.route_words(entry.route) if entry.route else "") if part)
        counts = (
            f"{wording.phase_words(entry.phase)} {entry.number}"
            if entry.number and entry.phase
            else CREDIT[entry.credit]
        )
        return [
            day_of(entry), given or _NOT_RECORDED, self._product(entry.event), entered(str(data.get("batch", _NOT_RECORDED))),
            entered(entry.event.by) or _NOT_RECORDED, f"{counts}, {entry.timing.replace('_', ' ')}" if entry.timing != "none" else counts,
        ]  # fmt: skip

    def _product(self, event: Event) -> str:
        named = self.library.products.get(str(event.data.get("product", "")))
        if named is None and event.data.get("as_planned"):
            named = self.plan.product
        return named.name if named else _NOT_RECORDED

    # -- what to look at ---------------------------------------------------------------------------------------------

    def _issues(self) -> Iterator[str]:
        accepted = self.plan.accepted
        by = f" by {entered(accepted.accepted_by)}" if accepted.accepted_by else ""
        for code, reason in accepted.acknowledged.items():
            yield f"{code}: acknowledged with the plan{by}: {entered(reason)}"
        for issue in self.seen.issues:
            if issue.code not in accepted.acknowledged and not stands_above(issue):
                yield issue_words(self.lines, issue)


def _window(dates: fold.Dates, by_month: bool) -> str:
    """The window in words. Where only the month of the last dose is known, what holds whichever day it was."""
    day = {name: date_words(to_date(value)) for name, value in dates._asdict().items()}
    again = f"to be looked at again from {day['review_from']}"
    if by_month:
        return (
            f"Only the month of the last dose is known: on whichever day it was, the next can be booked from {day['bookable_from']}; "
            f"it may be overdue from {day['overdue_from']}; {again}."
        )
    return f"In time from {day['bookable_from']} to {day['due_through']}; overdue from {day['overdue_from']}; {again}."


def fact_words(name: str) -> str:
    return name.replace("_", " ").replace("b12", "B12")


def _allergy(name: str) -> str:
    return upper_first(fact_words(name.removeprefix("allergy_")))


def _sets_interval(event: Event) -> bool:
    return event.data.get("decision") == "change_interval" or (
        event.kind == "history" and bool(event.data.get("interval"))
    )


def _whose_interval(event: Event) -> str:
    dated = date_words(event.on) if event.on else "day not recorded"
    if event.kind == "history":
        told_by = entered(str(event.data.get("asserted_by") or event.by or _NOT_RECORDED))
        return f"as treated before, told by {told_by}, {dated}"
    return f"changed by {entered(str(event.data['by']))}, {dated}: {entered(str(event.data['reason']))}"


def _tells(event: Event, name: str) -> bool:
    return event.kind == "fact" and event.data.get("fact") == name


def _teller(event: Event) -> str:
    note = str(event.data.get("note", ""))
    return ", ".join(part for part in (note, event.by, event.source.replace("_", " ")) if part)
