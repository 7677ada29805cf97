"""The assessment as text: what leads, the four lines, then the reasons and what comes next."""

from __future__ import annotations

from cobalamin.app.views.builder import WHOLE, Builder, Extent, View, typed
from cobalamin.app.views.listed import add_listed, add_lists
from cobalamin.app.views.tree import STRONG, Depth
from cobalamin.knowledge.library import Library
from cobalamin.text.days import date_words
from cobalamin.text.messages import joined
from cobalamin.therapy.assessment.assessment import CONTRADICTED, DONE, MISSING, Assessment, Because, Step
from cobalamin.therapy.assessment.listed import NOTHING_LISTED, Listed
from cobalamin.therapy.assessment.order import what_comes_next
from cobalamin.therapy.assessment.steps import Coming
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import fact_words, value_words
from cobalamin.therapy.case.facts import facts_of

NEXT_IN_SHORT, RESULTS_IN_SHORT = 3, 4


def view_of_assessment(
    assessment: Assessment, case: Case, library: Library, plain: bool, extent: Extent = WHOLE
) -> View:
    """The assessment: what leads a proposal leads here too."""
    screen = Builder(library, plain, case.patient.country, extent=extent)
    screen.facts = facts_of(case, assessment.on)
    screen.alarms(assessment.issues)
    lead = assessment.leading
    screen.print(_head(screen, assessment, case), style=STRONG)
    screen.indented(_leads(screen, lead), depth=Depth.FLUSH, style=STRONG)
    add_steps(screen, assessment.steps, assessment.listed)
    if extent.short:
        _in_short(screen, assessment)
    else:
        screen.issues(list(assessment.issues))
        _why(screen, _results(assessment.steps))
        _next(screen, what_comes_next(assessment.steps))
        add_lists(screen, assessment.listed)
    screen.sources()
    screen.closing()
    return screen.view()


def _head(screen: Builder, assessment: Assessment, case: Case) -> str:
    return screen.say("assess.head", patient=typed(case.patient.id), date=date_words(assessment.on, screen.words))


def _leads(screen: Builder, lead: Step | None) -> str:
    """The answer in one line: of the step to look at first what it comes to, or what comes next."""
    if lead is None:
        return screen.say("assess.nothing_next")
    told = comes_to(screen, lead)
    return screen.say("assess.leads_next", next=told) if _waits(lead) else told


def _waits(step: Step) -> bool:
    """Whether it waits for a test or an answer, which is then what there is to say of it."""
    return bool(step.next) and step.state == MISSING and not step.urgent


def comes_to(screen: Builder, lead: Step) -> str:
    """A step that is not done in one sentence: what results suggest, or what comes next."""
    if lead.state == CONTRADICTED:
        return screen.say("assess.leads_contradicted", fact=fact_words(lead.fact))
    if lead.command and lead.value:
        return screen.say(
            "assess.leads_suggested",
            fact=fact_words(lead.fact),
            value=_value(screen, lead, lead.value),
            so_far=_so_far(screen, lead),
        )
    if _waits(lead):
        following = lead.next[0]
        return screen.text(following.plain if screen.plain else following.text)
    return _said(screen, lead)


def _value(screen: Builder, step: Step, value: str) -> str:
    return value_words(step.fact, value, screen.library.facts)


def _so_far(screen: Builder, step: Step) -> str:
    recorded = screen.facts.value(step.fact) if screen.facts else None
    return _value(screen, step, recorded) if recorded else screen.say("assess.not_yet")


def _said(screen: Builder, step: Step) -> str:
    return screen.text(step.plain if screen.plain else step.text)


def add_steps(screen: Builder, steps: tuple[Step, ...], listed: Listed = NOTHING_LISTED) -> None:
    """One line a step, beneath one that may be recorded the command that does, and what guidelines list of what is recorded."""
    for step in steps:
        named = screen.say(f"assess.step_{step.step}")
        line = screen.say(
            "assess.line", step=named, state=screen.say(f"assess.state_{step.state}"), text=_said(screen, step)
        )
        screen.indented(f"{line} {_marks(screen, step)}".rstrip())
        if step.command:
            screen.indented(screen.say("assess.set"), depth=Depth.DETAIL, as_is=True, command=_record(screen, step))
        if step.state != DONE or not screen.extent.short:  # in short, what settles nothing any more is left out
            add_listed(screen, listed, step)


def _record(screen: Builder, step: Step) -> str:
    """How the fact is recorded by a person."""
    value = _value(screen, step, step.value) if step.value and step.state != CONTRADICTED else ""
    return screen.say("assess.set__typed", command=step.command, fact=fact_words(step.fact), value=value)


def _marks(screen: Builder, step: Step) -> str:
    """The sources of what it says; of what comes next they stand below."""
    following = step.next[0].cites if step.next and step.state != DONE else ()
    cites = tuple(dict.fromkeys((*following, *step.cites)))
    return screen.marks(cites) if cites else ""


def _in_short(screen: Builder, assessment: Assessment) -> None:
    """What the steps rest on and the first things to do; the rest is counted."""
    notes = screen.issues_in_short(assessment.issues)
    results, tests = _results(assessment.steps), what_comes_next(assessment.steps)
    used = [(each, step) for each, step in results if each.used][:RESULTS_IN_SHORT]
    if used:
        _why(screen, used)
    _next(screen, tests[:NEXT_IN_SHORT])
    counts = {"tests": len(tests[NEXT_IN_SHORT:]), "results": len(results) - len(used), "notes": len(notes)}
    screen.print()
    screen.also(counts)


def _results(steps: tuple[Step, ...]) -> list[tuple[Because, Step]]:
    return [(each, step) for step in steps for each in step.because]


def _why(screen: Builder, found: list[tuple[Because, Step]]) -> None:
    screen.heading(screen.say("assess.results"))
    if not found:
        screen.indented(screen.say("assess.no_result"))
    for each, _ in found:
        screen.indented(joined(each.text, screen.marks(each.cites) if each.cites else ""), item=True)


def _next(screen: Builder, found: tuple[Coming, ...]) -> None:
    if not found:
        return
    screen.heading(screen.say("assess.next"))
    for number, each in enumerate(found, 1):
        key = "assess.next_ask" if each.ask or each.of_range else "assess.next_test"
        told = screen.say(key, text=each.plain if screen.plain else each.text)
        screen.indented(f"{number}. {told} {screen.marks(each.cites)}".rstrip())
