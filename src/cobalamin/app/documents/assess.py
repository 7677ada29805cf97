"""The assessment as JSON: the four steps, and what guidelines list of what is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cobalamin.app.documents.types import common as answers
from cobalamin.app.documents.types.base import UNSET, given
from cobalamin.therapy.assessment.assessment import Assessment
from cobalamin.therapy.assessment.listed import Found, Listed
from cobalamin.therapy.assessment.steps import Because, Coming, Step

if TYPE_CHECKING:
    from cobalamin.app.documents.plan import Renderer


def assess_answer(renderer: Renderer, assessment: Assessment) -> answers.AssessAnswer:
    lead = assessment.leading
    return answers.AssessAnswer(
        on=str(assessment.on),
        library=renderer.library.edition,
        leads=lead.step if lead else None,
        steps=steps_answer(renderer, assessment.steps),
        listed=_listed(renderer, assessment.listed),
        issues=[renderer.issue(issue) for issue in assessment.issues],
        sources=renderer.sources(),
    )


def steps_answer(renderer: Renderer, steps: tuple[Step, ...]) -> list[answers.StepAnswer]:
    return [_step(renderer, step) for step in steps]


def _step(renderer: Renderer, step: Step) -> answers.StepAnswer:
    return answers.StepAnswer(
        step=step.step,
        state=step.state,
        fact=step.fact,
        value=step.value,
        text=renderer.text(step.text),
        plain=renderer.text(step.plain),
        command=given(step.command),
        because=[_because(renderer, each) for each in step.because],
        next=[_next(renderer, each) for each in step.next],
        citations=renderer.citations(step.cites),
    )


def _because(renderer: Renderer, each: Because) -> answers.BecauseAnswer:
    return answers.BecauseAnswer(
        event=each.event,
        marker=each.marker,
        value=each.value,
        on=each.on,
        band=renderer.text(each.band),
        text=renderer.text(each.text),
        used=each.used,
        citations=renderer.citations(each.cites),
    )


def _next(renderer: Renderer, each: Coming) -> answers.NextAnswer:
    return answers.NextAnswer(
        test=UNSET if each.ask or each.of_range else list(each.tests),
        range=list(each.tests) if each.of_range and not each.ask else UNSET,
        ask=given(each.ask),
        panel=given(each.panel),
        text=renderer.text(each.text),
        plain=renderer.text(each.plain),
        citations=renderer.citations(each.cites),
    )


def _listed(renderer: Renderer, listed: Listed) -> answers.ListsAnswer:
    says = listed.says
    return answers.ListsAnswer(
        lists=[
            answers.GuidelineListAnswer(
                id=each.source.id,
                of=each.source.of,
                issuer=each.source.issuer,
                country=each.source.country,
                found=[_entry(renderer, found) for found in each.found],
            )
            for each in listed.lists
        ],
        says=answers.NoteAnswer(text=says.text, citations=renderer.citations(says.cites)) if says else None,
    )


def _entry(renderer: Renderer, found: Found) -> answers.ListedEntry:
    return answers.ListedEntry(
        entry=found.entry.id,
        text=found.entry.text,
        plain=found.entry.plain,
        recorded=[renderer.text(text) for text in found.recorded],
        events=list(found.events),
        citations=renderer.citations(found.entry.cites),
    )
