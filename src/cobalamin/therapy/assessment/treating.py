"""The last step: whether treatment runs, may begin now, or waits, and for what. What stops it goes before what allows it."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.knowledge.assessment import Rule
from cobalamin.knowledge.model import Citations
from cobalamin.records import replace
from cobalamin.text.messages import joined, message, word
from cobalamin.therapy.assessment.steps import (
    ADDS,
    ASKS,
    CONTRADICTED,
    DONE,
    FOR,
    MISSING,
    SUGGESTED,
    Known,
    Step,
    asking,
    following,
    with_more,
)
from cobalamin.therapy.case.issues import CALL_FIRST, Issue
from cobalamin.therapy.case.logic import TRUE


def treat(known: Known, confirm: Step) -> Step:
    """Whether treatment runs, may begin now, or waits for the steps above; what is urgent waits for no proof."""
    step = _decided(known, confirm)
    return with_more(step, [rule for rule, _ in known.holding("treat") if rule.speaks == ADDS])


def _decided(known: Known, confirm: Step) -> Step:
    holding = known.holding("treat")
    lead = next((rule for rule, _ in holding if rule.speaks not in (ASKS, ADDS)), None)
    coming = tuple(following(known, (), asking(holding), known.treatment.runs))
    made = Step("treat", DONE, "previous_treatment", known.facts.value("previous_treatment"), "", "", (), next=coming)
    excluded = known.facts.value("deficiency") == "excluded"
    changes = known.treatment.changes
    if changes is not None and not (excluded and known.treatment.ended):
        return _changing(known, made, changes, lead)
    if known.treatment.runs:
        return _running(known, made)
    if excluded and known.facts.urgent is TRUE:
        return _urgent_though_excluded(known, made)
    if excluded and confirm.state != CONTRADICTED:
        return _said(made, DONE, "nothing_to_treat")
    step = _beginning(made, confirm, lead)
    return _first(known, step) if known.treatment.stopping else _restricted(known, step)


def _running(known: Known, made: Step) -> Step:
    """That it runs; under an allergy, a warning sign or a substance that is forbidden with what must be settled first."""
    step = _said(made, DONE, "treated")
    holding = [issue for issue in known.treatment.stopping if issue.code not in CALL_FIRST]
    return _told_first(replace(step, state=MISSING, urgent=True), holding) if holding else step


def _beginning(made: Step, confirm: Step, lead: Rule | None) -> Step:
    """Whether it may begin, by what is known of a deficiency."""
    if lead is not None and lead.urgent:
        return replace(_by(made, SUGGESTED, lead), urgent=True)
    if confirm.state == CONTRADICTED:
        return _said(made, MISSING, "treat_after")
    if confirm.state == SUGGESTED and confirm.value is None:
        return _said(made, MISSING, "treat_against")
    if lead is not None and lead.speaks == FOR:
        return _by(made, SUGGESTED, lead)
    if confirm.state == SUGGESTED and confirm.value in ("confirmed", "suspected"):
        return replace(_said(made, SUGGESTED, "treat_record"), cites=confirm.cites)
    return _said(made, MISSING, "treat_open") if lead is None else _by(made, MISSING, lead)


def _changing(known: Known, made: Step, issue: Issue, lead: Rule | None) -> Step:
    """What was given so far ended or does not simply go on: the words are those of the proposal."""
    begins = known.treatment.ended and lead is not None and lead.urgent and not known.treatment.stopping
    step = replace(
        made,
        state=SUGGESTED if begins else MISSING,
        text=joined(issue.text, issue.action),
        plain=issue.plain,
        cites=_all_cites(lead.cites if lead and begins else (), issue.cites),
        urgent=known.facts.urgent is TRUE or bool(issue.about),
    )
    return _told_first(step, known.treatment.stopping)


def _urgent_though_excluded(known: Known, made: Step) -> Step:
    """Nerve signs or severe anaemia where a deficiency is recorded as excluded: no reason to call treatment done."""
    urgent = next((issue for issue in known.treatment.raised if issue.code == "URGENT_START" and not issue.ask), None)
    if urgent is None:
        return replace(_said(made, MISSING, "treat_excluded_anaemia"), urgent=True)
    step = _said(made, MISSING, "treat_excluded_nerves")
    step = replace(step, text=joined(step.text, urgent.action), plain=joined(step.plain, urgent.plain), urgent=True)
    return _told_first(replace(step, cites=urgent.cites), known.treatment.stopping)


def _first(known: Known, step: Step) -> Step:
    """What must be settled first, in place of what could begin; what is urgent stays so."""
    if not step.urgent:
        step = replace(step, state=MISSING, text="", plain="", urgent=True)
        return _told_first(step, known.treatment.stopping)
    urgent = next((issue for issue in known.treatment.raised if issue.code == "URGENT_START" and not issue.ask), None)
    if urgent is not None and any(issue.code not in CALL_FIRST for issue in known.treatment.stopping):
        step = replace(step, state=MISSING, text=urgent.action, plain=urgent.plain)
    return _told_first(step, known.treatment.stopping)


def _told_first(step: Step, stopping: Iterable[Issue]) -> Step:
    stopping = tuple(stopping)
    if not stopping:
        return step
    actions = joined(*(issue.action for issue in stopping))
    plain = joined(*(issue.plain_whole for issue in stopping))
    return replace(
        step,
        text=joined(message("assess.treat_first", actions=actions), step.text),
        plain=joined(message("assess.treat_first__plain", actions=plain), step.plain),
        cites=_all_cites(*(issue.cites for issue in stopping), step.cites),
    )


def _restricted(known: Known, step: Step) -> Step:
    """With what it must not be treated, where some substances or products are forbidden."""
    if step.state != SUGGESTED or not known.treatment.restricted:
        return step
    return replace(
        step,
        text=joined(step.text, *(issue.action for issue in known.treatment.restricted)),
        plain=joined(step.plain, *(issue.plain_whole for issue in known.treatment.restricted)),
        cites=_all_cites(step.cites, *(issue.cites for issue in known.treatment.restricted)),
    )


def _all_cites(*several: Citations) -> Citations:
    return tuple(dict.fromkeys(cite for cites in several for cite in cites))


def _said(step: Step, state: str, name: str) -> Step:
    text = message(f"assess.{name}")
    return replace(step, state=state, text=text, plain=word("assess", f"{name}__plain", text))


def _by(step: Step, state: str, rule: Rule) -> Step:
    return replace(step, state=state, text=rule.text, plain=rule.plain, cites=rule.cites)
