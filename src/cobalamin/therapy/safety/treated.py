"""How far treatment has got: loading is not begun again by mistake, and what fails is not gone on with (hazard H65).

What has ended runs no more: whether it begins again is a question, and with urgent signs loading is what is offered. Nerve
signs while it runs are a question too: what works goes on, and what does not work must not (hazards H102, H103). Nor does a
substance that is forbidden to the person go on because it was given so far (hazard H109).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import FactIs, Precaution, Protocol
from cobalamin.records import replace
from cobalamin.text.messages import Text, day, every, joined, listed, message, month
from cobalamin.therapy.case.case import Case, Event
from cobalamin.therapy.case.conditions import MAINTAINED, TREATED
from cobalamin.therapy.case.criteria import evaluate, leaves
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK, FORBIDDEN, NOTE, Gate, Issue
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth
from cobalamin.therapy.case.record import record_as_of
from cobalamin.therapy.regimen.running import CODE, Runs, names_phase, runs
from cobalamin.therapy.safety.by_mouth import inadequate
from cobalamin.therapy.words import wording

_ASKED = ("previous_treatment",)
_WORSE = FactIs("symptoms_response", ("worse_or_new",))


class Forbidden(Struct, frozen=True):
    """What forbids the treatment that runs. `known`: with certainty, the substance and what forbids it."""

    by: Precaution
    known: bool


class Earlier(Struct, frozen=True):
    """What is known of earlier treatment. `runs`: what the record tells of it; `failing`: its dose by mouth can't work.

    `ended`: it was stopped, or lapsed. `signs`: nerves are involved, or symptoms are worse or new, so that it may not work.
    """

    treated: Truth
    maintained: bool
    failing: bool
    runs: Runs | None
    ended: bool = False
    signs: bool = False
    urgent: bool = False
    substance: str = ""  # what was given last
    forbidden: Forbidden | None = None

    @property
    def goes_on(self) -> bool:
        """Whether maintenance runs, works and is not forbidden, so that loading is not begun again."""
        return self.maintained and not (self.failing or self.ended or self.signs or self.forbidden)

    @property
    def changes(self) -> bool:
        """Whether what was given does not simply go on: it ended, does not work, may not work, or is forbidden."""
        in_doubt = self.failing or self.ended or (self.signs and self.maintained)
        return self.is_known and (in_doubt or self.forbidden is not None)

    @property
    def is_known(self) -> bool:
        """Whether there was one, by the fact or by a record that tells of its end."""
        return self.treated is TRUE or (self.treated is UNKNOWN and self.ended)

    def told_for(self, protocol: Protocol, taken_over: bool = False) -> Runs | None:
        """What a plan of this protocol goes on from: what ended only where somebody takes it over.

        With nerve signs the interval that was merely reported does not govern; one that was decided does.
        """
        ended = self.ended and not taken_over
        forbidden = self.forbidden is not None and (self.forbidden.known or not taken_over)
        over = ended or forbidden or self._loads_again(protocol, taken_over)
        if over or self.failing or self.runs is None:
            return None
        if not names_phase(protocol, self.runs.history.phase):
            return None
        return replace(self.runs, interval=None) if self.signs and not self.runs.decided else self.runs

    def _loads_again(self, protocol: Protocol, taken_over: bool) -> bool:
        """Whether a plan loads from its start: urgent, beyond loading, and nobody decided to go on (hazard H112)."""
        if not self.urgent or taken_over or self.runs is None or self.runs.decided:
            return False
        return _is_loading(_first_of(protocol)) and not _is_loading(self.runs.history.phase)


def _first_of(protocol: Protocol) -> str:
    return protocol.phases[0].name if protocol.phases and protocol.purpose == "treatment" else ""


def _is_loading(phase: str) -> bool:
    return phase.startswith(("load", "initial"))


def earlier_of(library: Library, case: Case, facts: Facts) -> Earlier:
    """What is known of earlier treatment on the day of assessment."""
    past = record_as_of(case, facts.on)
    treated, maintained = evaluate(TREATED, facts), evaluate(MAINTAINED, facts) is TRUE
    told_of = runs(past)
    ended = told_of is not None and told_of.ended(library.default_policy, facts)
    substance = _substance(past, told_of)
    return Earlier(
        treated,
        maintained,
        treated is TRUE and inadequate(library, facts, past),
        told_of,
        ended=ended,
        signs=facts.neurological is TRUE or evaluate(_WORSE, facts) is TRUE,
        urgent=facts.urgent is TRUE,
        substance=substance,
        forbidden=_forbidden(library, facts, substance) if treated is TRUE and not ended else None,
    )


def _substance(past: Iterable[Event], told_of: Runs | None) -> str:
    """The substance that is given: of the last dose on record, or of a history with a later one; empty where nobody knows it."""
    doses = [event for event in past if isinstance(event, Administration) and event.on and event.substance]
    last = max(doses, key=lambda event: event.on or date.min, default=None)
    if last is None or last.on is None or (told_of is not None and told_of.substance and last.on <= told_of.last_dose):
        return told_of.substance if told_of else ""
    return last.substance


def _forbidden(library: Library, facts: Facts, substance: str) -> Forbidden | None:
    """The first contraindication of the substance that is given, or that may be given where none is recorded.

    One that is known in part counts for its own substance: in an inborn error of an unknown kind cyanocobalamin does not go on.
    """
    for each in library.precautions:
        named = not each.substances or substance in each.substances
        truth = evaluate(each.when, facts) if each.severity == BLOCK and (named or not substance) else FALSE
        if truth is TRUE:
            return Forbidden(each, named)
        in_part = any(evaluate(leaf, facts) is TRUE for leaf in leaves(each.when)) if truth is UNKNOWN else False
        if in_part and substance in each.substances:
            return Forbidden(each, False)
    return None


def begins_with_loading(protocol: Protocol, facts: Facts) -> bool:
    """Whether a treatment begins with loading for this person."""
    if not protocol.phases or protocol.purpose != "treatment":
        return False
    first = next((phase for phase in protocol.phases if evaluate(phase.only_if, facts) is not FALSE), None)
    return first is not None and _is_loading(first.name)


def loading_again(gate: Gate, facts: Facts) -> Issue | None:
    """That a protocol begins with loading though somebody was treated before, or may have been."""
    treated = evaluate(TREATED, facts)
    if treated is FALSE:
        return None
    return gate.issue(CODE, NOTE, "") if treated is TRUE else _not_recorded(gate, "checks.treated_before")


def _not_recorded(gate: Gate, key: str) -> Issue:
    plain = message("checks.treated_before__plain")
    return replace(gate.issue(CODE, NOTE, "", _ASKED), text=message(key), plain=plain)


def told(gate: Gate, earlier: Earlier) -> Issue:
    """What a proposal says of somebody who was treated before: how treatment goes on, or that it does not work as it is."""
    issue = gate.issue(CODE, NOTE, "")
    if earlier.forbidden is not None:
        return _with_forbidden(gate, issue, earlier.runs, earlier.forbidden)
    if earlier.failing:
        return replace(
            issue,
            text=message("checks.treated_failing"),
            plain=message("checks.treated_failing__plain"),
            action=message("checks.treated_failing_action"),
        )
    if earlier.ended and earlier.runs is not None:
        return _ended(gate, issue, earlier.runs, earlier.urgent)
    if earlier.signs and earlier.maintained:
        return _with_signs(gate, issue, earlier.runs)
    if earlier.runs is None:
        return issue
    action = "checks.treated_known_action" if earlier.runs.interval else "checks.treated_interval_action"
    line = going_on(gate, earlier.runs)
    return replace(
        issue,
        text=joined(line, issue.text),
        plain=joined(line, message("checks.treated_known__plain")),
        action=message(action),
    )


def _ended(gate: Gate, issue: Issue, told_of: Runs, urgent: bool) -> Issue:
    """That no treatment runs any more, and whether it begins again."""
    how = "urgent" if urgent else "asked"
    stopped = message("checks.stopped", date=day(told_of.stopped)) if told_of.stopped else ""
    line = joined(_running(gate, told_of, "checks.ended"), stopped)
    return replace(
        issue,
        text=joined(line, message(f"checks.ended_{how}")),
        plain=joined(line, message(f"checks.ended_{how}__plain")),
        action=message(f"checks.ended_{how}_action"),
    )


def _with_forbidden(gate: Gate, issue: Issue, told_of: Runs | None, forbidden: Forbidden) -> Issue:
    """That what runs is forbidden, or may be: it does not go on."""
    by, how = forbidden.by, "forbidden" if forbidden.known else "may_be_forbidden"
    line = _running(gate, told_of, "checks.runs") if told_of else ""
    return replace(
        issue,
        about=FORBIDDEN,
        text=joined(line, message(f"checks.treated_{how}", why=by.text)),
        plain=joined(line, message(f"checks.treated_{how}__plain", why=by.plain)),
        action=message(f"checks.treated_{how}_action", action=by.action),
        cites=tuple(dict.fromkeys((*issue.cites, *by.cites))),
    )


def _with_signs(gate: Gate, issue: Issue, told_of: Runs | None) -> Issue:
    """That nerves are involved while treatment runs: nobody knows yet whether it works."""
    line = _running(gate, told_of, "checks.runs") if told_of else ""
    return replace(
        issue,
        text=joined(line, message("checks.treated_signs")),
        plain=joined(line, message("checks.treated_signs__plain")),
        action=message("checks.treated_signs_action"),
    )


def going_on(gate: Gate, told_of: Runs) -> Text:
    """ "Goes on: hydroxocobalamin 1 mg, intramuscular, every week, as recorded; last dose Thu 1 January 2026." """
    return _running(gate, told_of, "checks.goes_on")


def _running(gate: Gate, told_of: Runs, key: str) -> Text:
    """What is or was given, in one of the sentences for it."""
    substance = wording.substance_name(told_of.substance) if told_of.substance else ""
    dose = gate.mass(told_of.dose) if told_of.dose else ""
    route = wording.route_name(told_of.route) if told_of.route else ""
    interval = every(told_of.interval) if told_of.interval else ""
    what = listed([joined(substance, dose), route, interval])
    return message(key, what=what or message("checks.goes_on_treatment"), date=_last_day(told_of))


def _last_day(told_of: Runs) -> Text:
    """The day of the last dose; only the month where the history tells no more."""
    told_day = str(told_of.history.last_dose)
    only_month = told_of.last_given == told_of.last_dose and len(told_day) == len("2026-01")
    return month(told_day) if only_month else day(told_of.last_given)


def at_the_gate(
    gate: Gate, earlier: Earlier, protocol: Protocol, issues: list[Issue], anew: bool, taken_over: bool
) -> list[Issue]:  # fmt: skip
    """The issues of a plan with what it says of earlier treatment: asked of every plan, and a new loading asks a reason."""
    loads = any(issue.code == CODE for issue in issues)
    others = [issue for issue in issues if issue.code != CODE]
    goes_on = not anew and earlier.told_for(protocol, taken_over) is not None
    if not goes_on and not earlier.is_known and earlier.treated is UNKNOWN:
        asked = "checks.treated_before" if loads else "checks.treated_before_any"
        return [*others, _not_recorded(gate, asked)] if protocol.phases else others
    if not loads:
        return others
    issue = told(gate, earlier)
    answered = taken_over or (earlier.goes_on and goes_on)
    if answered or not (earlier.maintained or earlier.failing or earlier.ended or anew):
        return [*others, issue]
    return [*others, replace(_asking(issue, earlier, protocol), severity=ACKNOWLEDGE)]


def _asking(issue: Issue, earlier: Earlier, protocol: Protocol) -> Issue:
    """The issue with the command that answers it in the other way than a new loading."""
    last = earlier.runs.history.last_dose if earlier.runs else "DATE"
    command = f"cobalamin take-over CASE --protocol {protocol.id} --last-dose {last} --by NAME"
    if earlier.failing or earlier.forbidden:
        return issue
    if earlier.ended or earlier.signs:
        begin = f"cobalamin accept CASE --protocol {protocol.id} --start DATE --by NAME --acknowledge {CODE}=REASON"
        ways = (
            message("checks.treated_begin", command=begin),
            message("checks.treated_take_over", command=command),
        )
        return replace(issue, action=joined(issue.action, *ways))
    return replace(
        issue,
        text=message("checks.treated_runs"),
        action=message("checks.treated_runs_action", command=command),
    )
