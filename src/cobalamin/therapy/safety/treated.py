"""How far treatment has got: loading is not begun again by mistake, and what fails is not gone on with (hazard H65)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cobalamin.knowledge.library import Library, english
from cobalamin.knowledge.model import Protocol
from cobalamin.text.days import date_words, every_words
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, NOTE, Gate, Issue
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, Truth
from cobalamin.therapy.case.record import record_as_of
from cobalamin.therapy.regimen.running import CODE, MAINTAINED, TREATED, Runs, names_phase, runs
from cobalamin.therapy.safety.by_mouth import inadequate
from cobalamin.therapy.words import wording

_ASKED = ("previous_treatment",)


@dataclass(frozen=True)
class Earlier:
    """What is known of earlier treatment. `runs`: what the record tells of it; `failing`: its dose by mouth can't work."""

    treated: Truth
    maintained: bool
    failing: bool
    runs: Runs | None

    @property
    def goes_on(self) -> bool:
        """Whether maintenance runs and works, so that loading is not begun again."""
        return self.maintained and not self.failing

    def told_for(self, protocol: Protocol) -> Runs | None:
        """What a plan of this protocol goes on from."""
        if self.failing or self.runs is None or not names_phase(protocol, self.runs.history.phase):
            return None
        return self.runs


def earlier_of(library: Library, case: Case, facts: Facts) -> Earlier:
    """What is known of earlier treatment on the day of assessment."""
    past = record_as_of(case, facts.on)
    treated, maintained = evaluate(TREATED, facts), evaluate(MAINTAINED, facts) is TRUE
    return Earlier(treated, maintained, treated is TRUE and inadequate(library, facts, past), runs(past))


def begins_with_loading(protocol: Protocol, facts: Facts) -> bool:
    """Whether a treatment begins with loading for this person."""
    if not protocol.phases or protocol.purpose != "treatment":
        return False
    first = next((phase for phase in protocol.phases if evaluate(phase.only_if, facts) is not FALSE), None)
    return first is not None and first.name.startswith(("load", "initial"))


def loading_again(gate: Gate, facts: Facts) -> Issue | None:
    """That a protocol begins with loading though somebody was treated before, or may have been."""
    treated = evaluate(TREATED, facts)
    if treated is FALSE:
        return None
    return gate.issue(CODE, NOTE, "") if treated is TRUE else _not_recorded(gate, "checks.treated_before")


def _not_recorded(gate: Gate, key: str) -> Issue:
    words = english()
    return replace(
        gate.issue(CODE, NOTE, "", _ASKED), text=words.text(key), plain=words.text("checks.treated_before__plain")
    )


def told(gate: Gate, earlier: Earlier) -> Issue:
    """What a proposal says of somebody who was treated before: how treatment goes on, or that it does not work as it is."""
    issue, words = gate.issue(CODE, NOTE, ""), english()
    if earlier.failing:
        return replace(
            issue,
            text=words.text("checks.treated_failing"),
            plain=words.text("checks.treated_failing__plain"),
            action=words.text("checks.treated_failing_action"),
        )
    if earlier.runs is None:
        return issue
    action = "checks.treated_known_action" if earlier.runs.interval else "checks.treated_interval_action"
    line = goes_on_words(gate, earlier.runs)
    return replace(
        issue,
        text=f"{line} {issue.text}",
        plain=f"{line} {words.text('checks.treated_known__plain')}",
        action=words.text(action),
    )


def goes_on_words(gate: Gate, told_of: Runs) -> str:
    """ "Goes on: hydroxocobalamin 1 mg, intramuscular, every week, as recorded; last dose Thu 1 January 2026." """
    parts = [wording.substance_name(told_of.substance)] if told_of.substance else []
    if told_of.dose:
        parts = [" ".join([*parts, gate.mass(told_of.dose)])]
    parts += [wording.route_words(told_of.route)] if told_of.route else []
    parts += [every_words(told_of.interval)] if told_of.interval else []
    what = ", ".join(parts) or english().text("checks.goes_on_treatment")
    return english().text("checks.goes_on", what=what, date=date_words(told_of.last_dose))


def at_the_gate(
    gate: Gate, earlier: Earlier, protocol: Protocol, issues: list[Issue], anew: bool, taken_over: bool
) -> list[Issue]:  # fmt: skip
    """The issues of a plan with what it says of earlier treatment: asked of every plan, and a new loading asks a reason."""
    loads = any(issue.code == CODE for issue in issues)
    others = [issue for issue in issues if issue.code != CODE]
    goes_on = not anew and earlier.told_for(protocol) is not None
    if earlier.treated is UNKNOWN and not goes_on:
        asked = "checks.treated_before" if loads else "checks.treated_before_any"
        return [*others, _not_recorded(gate, asked)] if protocol.phases else others
    if not loads:
        return others
    issue = told(gate, earlier)
    if taken_over or goes_on or not (earlier.maintained or earlier.failing or anew):
        return [*others, issue]
    return [*others, replace(issue if earlier.failing else _take_over(issue, protocol), severity=ACKNOWLEDGE)]


def _take_over(issue: Issue, protocol: Protocol) -> Issue:
    words = english()
    command = f"cobalamin take-over CASE --protocol {protocol.id} --last-dose DATE --by NAME"
    return replace(
        issue,
        text=words.text("checks.treated_runs"),
        action=words.text("checks.treated_runs_action", command=command),
    )
