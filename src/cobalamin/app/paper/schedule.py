"""A patient's written schedule as one JSON-able value for the template: a pure function of a plan nobody has accepted yet.

Plain and professional words hold the same dates, doses and source numbers, because both are built line by line from the
same values in the same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from cobalamin.app.paper.lines import Lines, Look, born_words, head, valid_until
from cobalamin.app.services import shipped
from cobalamin.app.services.leading import leading
from cobalamin.app.views import callouts
from cobalamin.app.views.builder import Builder
from cobalamin.app.views.signed import signed_words
from cobalamin.knowledge.library import Library
from cobalamin.text.days import date_words
from cobalamin.text.safe import entered, printable
from cobalamin.therapy.case.case import Case, Patient
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.needs import missing_fact
from cobalamin.therapy.review.stays import DECIDE, LIBRARY, Holds
from cobalamin.therapy.words import wording

URGENT = "URGENT_START"
BRIEF = 700  # letters of warnings that may stand beside the questions


def sheet_of_plan(library: Library, case: Case, plan: Plan, on: date, look: Look) -> dict[str, Any]:
    """The planned schedule of a case without an accepted plan. `plan` has items."""
    country = case.patient.country or plan.protocol.country
    lines = Lines(Builder(library, not look.professional, country), plan.product)
    decisions = [item.on for item in plan.items if item.kind == "decision" and item.on]
    decided = min(decisions, default=None)
    first = decided is not None and decided <= library.review_by
    valid = valid_until(Holds(decided, DECIDE) if first else Holds(library.review_by, LIBRARY), library.review_by, on)
    title, protocol = lines.say("paper.title_planned"), plan.protocol
    named = {"title": lines.spelled(protocol.title), "version": protocol.version}
    below = lines.say("paper.below_planned" if lines.professional else "paper.below_planned__plain", **named)
    page = head(title, on, country, look)
    page |= {
        "kicker": lines.say("paper.kicker_planned"),
        "heading": title,
        "below": f"{below} {lines.spelled(signed_words(lines.view, protocol))}",
        "who": who_words(case.patient),
        "alarms": alarm_lines(lines, plan.issues),
        "now": {"text": lines.say("paper.start", date=date_words(plan.start, library.own_words)), "more": []},
        "important": interrupting(lines, plan.issues),
        "rows": lines.rows(plan.items),
        "medicine": lines.medicine(plan.phases),
        "done": [],
        "questions": [*not_known(lines, plan.issues), *_decisions(lines, plan)],
        "under_rows": lines.below_rows(plan.policy),
    }
    return finished(page, lines, case.patient, plan.issues, on, valid)


def finished(
    page: dict[str, Any], lines: Lines, patient: Patient, issues: tuple[Issue, ...], on: date, valid: str
) -> dict[str, Any]:
    urgent = [issue for issue in issues if issue.code == URGENT and not issue.interrupts]
    issues = tuple(issue for issue in issues if not issue.leads)
    page["important"] = [*_quiet_words(lines, urgent), *page["important"]]
    page["watch"] = _quiet_words(lines, (issue for issue in issues if not stands_above(issue)))
    page["red_flags"] = lines.red_flags()
    page["brief"] = not (page["large"] or page["professional"]) and sum(map(len, page["watch"])) < BRIEF
    page |= {"sources": lines.source_list(), "foot": lines.foot(patient, on, valid)}
    shown: dict[str, Any] = printable(page, lines.library.own_words)
    return shown


def who_words(patient: Patient) -> dict[str, str]:
    return {"name": entered(patient.id, shipped.library().own_words), "born": born_words(patient)}


# -- what to know and what to ask ------------------------------------------------------------------------------------


def stands_above(issue: Issue) -> bool:
    """Whether it stands above everything that is dated."""
    return issue.interrupts or issue.code == URGENT


def alarm_lines(lines: Lines, issues: tuple[Issue, ...]) -> list[dict[str, str]]:
    """What leads the page: what to do, and why."""
    found = leading(issues, plain=not lines.professional, words=lines.library.own_words)
    made = callouts.alarms(lines.view, found).callouts
    return [{"line": each.line, "text": lines.cited(each.text, each.cites)} for each in made]


def interrupting(lines: Lines, issues: tuple[Issue, ...]) -> list[str]:
    return [issue_words(lines, issue) for issue in issues if issue.interrupts and not issue.leads]


def _quiet_words(lines: Lines, issues: Iterable[Issue]) -> list[str]:
    """What does not interrupt. Only professional words cite here, and last, so that a source has one number in both."""
    return [
        issue_words(lines, issue) if lines.professional else callouts.in_brief(lines.view, issue).text
        for issue in issues
    ]


def issue_words(lines: Lines, issue: Issue) -> str:
    made = callouts.in_full(lines.view, issue)
    text = lines.cited(made.text, made.cites)
    return f"{text} {lines.say('notes.next', action=made.action)}" if lines.professional else text


def not_known(lines: Lines, issues: tuple[Issue, ...]) -> Iterator[dict[str, str]]:
    """Facts that nobody has asked for or that are not known, and that would change what must be looked at."""
    for fact in dict.fromkeys(fact for issue in issues for fact in issue.ask):
        missing = missing_fact(lines.library, fact, ())
        asked = missing.question if lines.professional else missing.plain
        yield {"text": lines.spelled(asked), "until": lines.say("paper.not_known")}


def _decisions(lines: Lines, plan: Plan) -> Iterator[dict[str, str]]:
    """What has to be seen or decided before the next part begins."""
    words = plan.library.own_words
    phases = {phase.phase.name: phase for phase in plan.phases}
    for item in plan.items:
        if item.kind != "decision" or item.on is None:
            continue
        phase = phases.get(item.phase)
        if phase is not None and phase.phase.gate and item.text == wording.gate_text(phase):
            name, gate = wording.phase_name(item.phase), phase.phase.gate.wording
            text = lines.say("paper.gate", phase=name, wording=gate)
        elif phase is not None and item.text == wording.open_end_text(phase, plan.policy.decision_after):
            sign = phase.phase.end.wording or lines.say("paper.no_sign")
            text = lines.say("paper.over", phase=wording.phase_name(item.phase), sign=sign)
        else:
            text = lines.say("paper.what_next")
        yield {
            "text": lines.spelled(text),
            "until": lines.say("paper.decide_on", date=date_words(item.on, words)),
        }
