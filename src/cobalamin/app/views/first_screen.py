"""The first screen of a proposal: what must be done, one leading option, two others and why they differ, and what to type next.

The whole answer is `propose`; what this leaves out is counted beside the option that shows it. Nothing that may not wait, that
must be acknowledged, or that a source says against what is shown is ever left out (hazard H153).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from cobalamin.amounts import mass_text
from cobalamin.app.services import planning
from cobalamin.app.services.assessing import steps_beside
from cobalamin.app.services.cited import followed_editions
from cobalamin.app.views.alternatives import ALTERNATIVES, begins, differences, dose_of, real_alternatives, whose_lead
from cobalamin.app.views.assess import add_steps, comes_to
from cobalamin.app.views.builder import Builder, Extent, PhaseLine, View, one_or_many, typed
from cobalamin.app.views.caveats import lines_in_short
from cobalamin.app.views.newer import newer_lines
from cobalamin.app.views.propose import (
    beside_options,
    disagreements_about,
    head,
    option_head_lines,
    practice_lines,
    regimen_lines,
    shown_options,
)
from cobalamin.app.views.signed import signed_options
from cobalamin.app.views.tree import QUIET, STRONG, WARNING, Depth
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Phase
from cobalamin.text.messages import joined, listed
from cobalamin.therapy.assessment.assessment import CONTRADICTED, DONE, SUGGESTED, Step
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.conditions import MAINTAINED
from cobalamin.therapy.case.criteria import evaluate, fact_words, value_words
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.issues import ACKNOWLEDGE, URGENT
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.case.record import plan_on
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.proposal import Option, Proposal
from cobalamin.therapy.safety.caveats import CODE as CAVEAT
from cobalamin.therapy.safety.caveats import shown_at_option
from cobalamin.therapy.words import published, wording
from cobalamin.therapy.words.published import either

KNOWN_FIRST = ("deficiency", "cause", "neurological_involvement", "anaemia", "pregnancy")
UNKNOWN = "unknown"
NOT_SAID = {"cause": (UNKNOWN, "not_found"), "pregnancy": (UNKNOWN, "none")}
MOST_TO_TYPE = 3  # choices and acknowledgements in one command; more are shown by `plan` first


def view_of_first_screen(
    proposal: Proposal, case: Case, library: Library, plain: bool, file: str, sources: bool = False
) -> View:
    """At most a screen of a proposal; `file`: how the case was named where the command was typed."""
    screen = Builder(library, plain, case.patient.country, extent=Extent(short=True, sources=sources))
    screen.facts = facts_of(case, proposal.on)
    screen.alarms(proposal.issues)
    screen.print(head(screen, proposal, case), style=STRONG)
    _known(screen)
    notes = screen.issues_in_short(proposal.issues, beside_options(library))
    open_steps(screen, proposal)
    _ask_first(screen, proposal, file)
    shown = _options(screen, proposal)
    _more(screen, proposal, shown, len(notes))
    _disagreements(screen, proposal)
    if shown:
        _next(screen, proposal, shown[0], file)
    screen.sources(signed_options(screen, [option.protocol for option in shown]))
    screen.closing()
    return screen.view()


def _known(screen: Builder) -> None:
    """What is known of the facts that decide most."""
    facts = screen.facts
    values = {fact: facts.value(fact) for fact in KNOWN_FIRST} if facts else {}
    told = [
        screen.say("first.known_fact", fact=fact_words(fact), value=value_words(fact, value, screen.library.facts))
        for fact, value in values.items()
        if value and value not in NOT_SAID.get(fact, (UNKNOWN,))
    ]
    if told:
        screen.indented(screen.say("first.known", facts="; ".join(told)), depth=Depth.FLUSH)


def open_steps(screen: Builder, proposal: Proposal) -> None:
    """A line for each step that is open, below what is urgent: a test that is still open must not seem to hold back a dose that may not wait (hazard H153)."""
    for step in steps_beside(proposal):
        if step.state == CONTRADICTED or step.command:
            add_steps(screen, (step,))  # results speak for or against what is recorded: with the result and its day
        elif step.state != DONE and not _stands_elsewhere(step, proposal):
            named = screen.say(f"assess.step_{step.step}")
            key = "first.only_open" if screen.led else "first.open"  # beside an alarm `assess` says what comes next
            open_step = screen.say(key, step=named, text=comes_to(screen, step))
            screen.indented(open_step, depth=Depth.FLUSH)


def _stands_elsewhere(step: Step, proposal: Proposal) -> bool:
    """What treating comes to is what a proposal says, and what is urgent about it stands among the issues."""
    told = any(issue.code in URGENT for issue in proposal.issues)
    return step.step == "treat" and step.state == SUGGESTED and (told or not step.urgent)


def _ask_first(screen: Builder, proposal: Proposal, file: str) -> None:
    if not proposal.needs:
        return
    need = proposal.needs[0]
    question = need.plain if screen.plain else need.question
    how = screen.say("first.ask_first__typed", question=question, file=_named(file), fact=typed(need.fact))
    told = screen.say("first.ask_first", question=question)
    screen.indented(told, depth=Depth.FLUSH, style=WARNING, command=how)


# -- options ---------------------------------------------------------------------------------------------------------


def _options(screen: Builder, proposal: Proposal) -> tuple[Option, ...]:
    """The leading option and two others; returns those that are shown."""
    found = shown_options(proposal, screen.library, screen.country, everything=False)
    if not found.options:
        _common_start(screen, proposal)
    elif not proposal.issues:
        screen.print()
    option_head_lines(screen, proposal, found)
    if not found.options:
        return ()
    lead, *others = numbered(proposal, screen.library, screen.country)
    _leading(screen, lead, proposal)
    for number, option in enumerate(others, 2):
        _beside(screen, number, lead, option, proposal)
    return (lead, *others)


def numbered(proposal: Proposal, library: Library, country: str) -> tuple[Option, ...]:
    """The options of the screen in the order of their numbers, which `accept` takes (hazard H148); empty where none fits."""
    found = shown_options(proposal, library, country, everything=False)
    if not found.options:
        return ()
    nearer = (*found.options, *(option for option in found.counted if option.near_enough))
    far = (option for option in found.counted if option not in nearer and option.place != "article")
    beside = real_alternatives(nearer)
    return (found.options[0], *(beside if len(beside) == ALTERNATIVES else real_alternatives((*nearer, *far))))


def _common_start(screen: Builder, proposal: Proposal) -> None:
    start = proposal.common_start
    if start is not None:
        routes = screen.text(either(wording.route_name(route, screen.plain) for route in start.routes))
        dose = f"{mass_text(start.dose, screen.country, screen.words.units)}, {routes}"
        told = screen.say("propose.common_start_told", substance=start.substance.capitalize(), dose=dose)
        screen.indented(f"{told} {screen.marks(start.cites)}", style=STRONG)


def _title(screen: Builder, number: int, option: Option) -> str:
    return screen.say("first.option", number=number, id=option.protocol.id, title=option.protocol.title)


def _leading(screen: Builder, option: Option, proposal: Proposal) -> None:
    title, whose = _title(screen, 1, option), whose_lead(screen, option)
    led = screen.say("first.differs", title=title, differences=whose) if whose else title
    screen.indented(led, depth=Depth.FLUSH, style=STRONG)
    for line in regimen_in_short(screen, option):
        screen.indented(
            line.text, Depth.ENTRY_DETAIL if line.option else Depth.ENTRY, item=line.option and screen.plain
        )
    for told in lines_in_short(screen, option.caveats):
        screen.indented(told, depth=Depth.ENTRY)
    for told in (*practice_lines(screen, option), *newer_lines(screen, option.content)):
        screen.indented(told, depth=Depth.ENTRY)
    to_check(screen, option, proposal)


def _beside(screen: Builder, number: int, first: Option, option: Option, proposal: Proposal) -> None:
    """An alternative: its title, how it differs, and what speaks against it here."""
    cites = tuple(dict.fromkeys(cite for phase in option.phases for cite in phase.cites))
    differs = differences(screen, first, option)
    if followed_editions(screen.library, option.content):
        differs = screen.say("first.followed", differences=differs)
    told = screen.say("first.differs", title=_title(screen, number, option), differences=differs)
    screen.indented(f"{told} {screen.marks(cites)}", depth=Depth.FLUSH)
    for line in lines_in_short(screen, option.caveats, only_holding=True):
        screen.indented(line, depth=Depth.ENTRY)
    to_check(screen, option, proposal)


def to_check(screen: Builder, option: Option, proposal: Proposal) -> None:
    """What must be acknowledged for this option and does not stand above already; a caveat stands there in its own words."""
    above = {issue.code for issue in proposal.issues if issue.interrupts}
    for issue in option.precautions:
        if issue.severity == ACKNOWLEDGE and issue.code not in {CAVEAT, *above}:
            text = (
                issue.plain_whole
                if screen.plain
                else screen.say("first.check", text=issue.action or issue.text, code=issue.code)
            )
            told = f"{screen.say('propose.check_first', text=text)} {screen.marks(issue.cites)}"
            screen.indented(told, depth=Depth.ENTRY, style=WARNING)


def regimen_in_short(screen: Builder, option: Option) -> list[PhaseLine]:
    """The phases of an option; what they all share is said once, above them."""
    phases = [phase for phase in option.phases if phase not in option.begins_anew]
    alike = len({(phase.substances, phase.routes, phase.cites) for phase in phases}) == 1
    if len(phases) < 2 or not alike or any(phase.options for phase in phases):
        return regimen_lines(screen, option)
    one_dose = len({dose_of(phase) for phase in phases}) == 1
    first = phases[0]
    dose = published.dose_of(first.dose, screen.country) if one_dose else ""
    substance = joined(published.substances_of(first), dose)
    shared = joined(listed([substance, published.routes_of(first, screen.plain)]), screen.marks(first.cites))
    again = regimen_lines(screen, option)[: bool(option.begins_anew)]
    told = [(begins(phase), _phase(screen, phase, one_dose)) for phase in phases]
    loading = "; ".join(text for first, text in told if first)
    return [
        *again,
        PhaseLine(screen.text(shared)),
        *map(PhaseLine, filter(None, [loading])),
        *(PhaseLine(text) for first, text in told if not first),
    ]


def _phase(screen: Builder, phase: Phase, without_dose: bool) -> str:
    dose = "" if without_dose else published.dose_of(phase.dose, screen.country)
    end = published.end_of(phase.end, screen.country, phase.about)
    regimen = listed([dose, published.spacing_of(phase.spacing), end])
    return screen.say("first.phase", phase=wording.phase_name(phase.name), gate=screen.gate(phase), regimen=regimen)


# -- what is left out, and what is next ------------------------------------------------------------------------------


def _more(screen: Builder, proposal: Proposal, shown: tuple[Option, ...], notes: int) -> None:
    """One line that counts what `--all` shows besides."""
    speaking = sum(bool(entry.certain and entry.advice) for entry in proposal.guidance)
    counts = {
        "questions": len(proposal.needs[1:]),
        "options": len(proposal.options) - len(shown),
        "caveats": sum(_left_out(screen, option) for option in shown[:1]),
        "guidance": speaking,
        "notes": notes,
    }
    excluded = [screen.say("first.excluded", number=len(proposal.excluded))] if proposal.excluded else []
    screen.also(counts, excluded)


def _left_out(screen: Builder, option: Option) -> int:
    return len(shown_at_option(option.caveats)) - len([*lines_in_short(screen, option.caveats)])


def _disagreements(screen: Builder, proposal: Proposal) -> None:
    about = disagreements_about(screen, proposal, everything=False)
    if about:
        told = screen.say(f"first.disagree_{one_or_many(len(about))}", topic=about[0].topic, number=len(about) - 1)
        screen.indented("", Depth.FLUSH, style=QUIET, command=told)


def _next(screen: Builder, proposal: Proposal, option: Option, file: str) -> None:
    """The command that comes next: for a plan that runs its review, for a running treatment its plan, else to accept this one."""
    if any(issue.leads and issue.answer for issue in proposal.issues):
        return  # what leads names the command that answers it; nothing is accepted before
    key, parts = _command(screen, proposal, option)
    if key:
        on = proposal.on.isoformat()
        fields = {"file": shlex.quote(file), "protocol": option.protocol.id, "date": on, "number": len(parts)}
        told = screen.say(key, choices="".join(f" {part}" for part in parts), **fields)
        screen.indented("", Depth.FLUSH, style=STRONG, as_is=True, command=told)


def _command(screen: Builder, proposal: Proposal, option: Option) -> tuple[str, list[str]]:
    """The text that names the command, and what is typed into it; no text where the gate refuses this option as things stand."""
    if plan_on(proposal.case, proposal.on) is not None:
        return "first.review__typed", []
    wanted = planning.PlanOptions(option.protocol.id, proposal.on, {}, months=1)
    made = planning.plan_for(proposal.case, wanted, proposal.on, proposal.library)
    if made.blocked:
        return "", []
    parts = list(_to_type(made))
    if screen.facts is not None and evaluate(MAINTAINED, screen.facts) is TRUE:
        return "first.take_over__typed", parts
    return ("first.plan__typed" if len(parts) > MOST_TO_TYPE else "first.accept__typed"), parts


def _to_type(made: Plan) -> Iterator[str]:
    """What has to be chosen and acknowledged before this option is accepted, as the gate of a plan says it."""
    yield from (f"--choose {need.choice}=VALUE" for need in made.needs if need.choice)
    yield from (f"--acknowledge {issue.code}=REASON" for issue in made.issues if issue.severity == ACKNOWLEDGE)


def _named(file: str) -> str:
    """The file as it is typed in a command, kept from being respelt."""
    return typed(shlex.quote(file))
