"""A proposal as text: what to ask first, the options with their reasons, what is excluded and why."""

from __future__ import annotations

from cobalamin.amounts import mass_text
from cobalamin.app.screen import Screen
from cobalamin.knowledge.library import Library
from cobalamin.therapy import wording
from cobalamin.therapy.case import Case
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.proposal import Option, Proposal

SHOWN_OPTIONS, SHOWN_NEEDS = 4, 5


def show_proposal(proposal: Proposal, case: Case, library: Library, plain: bool, everything: bool) -> None:
    """Print the proposal; `everything` shows every option, exclusion and disagreement."""
    country = case.patient.country
    screen = Screen(library, plain, country)
    born = f", born {case.patient.birth_date}" if case.patient.birth_date else ""
    screen.print(
        f"{case.patient.id}{born}{', ' + country if country else ''}: assessed on {date_words(proposal.on)}",
        style="bold",
    )
    _needs(screen, proposal, everything)
    _common_start(screen, proposal, country)
    # What concerns one route only is told beside the options that use it.
    injections = {"intramuscular", "subcutaneous", "intravenous"}
    aside = frozenset(
        precaution.code
        for precaution in library.precautions
        if precaution.routes and not injections & set(precaution.routes)
    )
    screen.issues(proposal.issues, aside)
    _options(screen, proposal, everything)
    _guidance(screen, proposal)
    _disagreements(screen, proposal, everything)
    _excluded(screen, proposal, everything)
    screen.sources()
    screen.closing()


def _needs(screen: Screen, proposal: Proposal, everything: bool) -> None:
    if not proposal.needs:
        return
    screen.heading("Ask first" if not screen.plain else "Questions to answer first")
    shown = proposal.needs if everything else proposal.needs[:SHOWN_NEEDS]
    for number, need in enumerate(shown, 1):
        question = need.plain if screen.plain else need.question
        screen.indented(f"{number}. {question}")
        screen.indented(
            f"{need.why} It decides about {len(need.changes)} protocol{'' if len(need.changes) == 1 else 's'} ({screen.key_words(need.fact)}).",
            indent=5,
            style="dim",
        )
    if len(shown) < len(proposal.needs):
        screen.indented(
            f"and {len(proposal.needs) - len(shown)} more: {', '.join(screen.key_words(need.fact) for need in proposal.needs[len(shown) :])}",
            style="dim",
        )


def _common_start(screen: Screen, proposal: Proposal, country: str) -> None:
    start = proposal.common_start
    if start is None:
        return
    screen.heading("The first dose is the same whatever the answers are")
    routes = " or ".join(wording.route_words(route, screen.plain) for route in start.routes)
    screen.indented(
        f"{start.substance.capitalize()} {mass_text(start.dose, country)}, {routes} {screen.marks(start.cites)}"
    )
    screen.indented(f"Shared by {', '.join(start.protocols)}. An urgent start need not wait.", style="dim")


def _options(screen: Screen, proposal: Proposal, everything: bool) -> None:
    options = proposal.options
    screen.heading("Options" if options else "No option yet")
    if not options:
        screen.indented(
            "What is known does not settle any protocol."
            if proposal.needs or proposal.pending
            else "No protocol of the library fits this patient."
        )
    waiting = [name for name in proposal.pending if screen.library.protocol(name).country == screen.country]
    if waiting:
        screen.indented(f"Waiting for the answers above, of {screen.country}: {', '.join(waiting)}")
        if options:
            screen.indented("What follows makes no difference by those answers, or comes from elsewhere:")
    shown = options if everything else options[:SHOWN_OPTIONS]
    for number, option in enumerate(shown, 1):
        _option(screen, number, option)
    if len(shown) < len(options):
        rest = ", ".join(option.protocol.id for option in options[len(shown) :])
        screen.indented(f"and {len(options) - len(shown)} more (--all): {rest}", style="dim")


def _option(screen: Screen, number: int, option: Option) -> None:
    screen.indented(f"{number}. {option.protocol.id}  {option.protocol.title}", style="bold")
    for phase in option.content.phases:
        for line in screen.phase_lines(phase):
            screen.indented(line, indent=5)
    screen.indented(f"Why here: {option.rank_reason}", indent=5, style="dim")
    if option.same_as:
        screen.indented(f"The same as: {', '.join(option.same_as)}", indent=5, style="dim")
    checks = [issue.code for issue in option.precautions if issue.severity != "note"]
    if checks:
        screen.indented(f"Check first: {', '.join(checks)}", indent=5, style="dim")


def _guidance(screen: Screen, proposal: Proposal) -> None:
    speaking = [entry for entry in proposal.guidance if entry.certain and entry.advice]
    if not speaking:
        return
    screen.heading("Guidance that applies")
    for entry in speaking:
        screen.indented(f"{entry.document.title}:")
        for advice in entry.advice:
            screen.indented(
                f"{advice.plain if screen.plain and advice.plain else advice.text} {screen.marks(advice.cites)}",
                indent=4,
            )


def _disagreements(screen: Screen, proposal: Proposal, everything: bool) -> None:
    if not proposal.disagreements:
        return
    screen.heading("Where sources disagree")
    entries = (
        proposal.disagreements
        if everything
        else [entry for entry in proposal.disagreements if entry.id.startswith("c-")]
    )
    for entry in entries:
        screen.indented(f"{entry.topic} (why: {entry.cause})")
        for side in entry.sides:
            screen.indented(f"- {side.plain if screen.plain else side.position} {screen.marks(side.cites)}", indent=4)
    left = len(proposal.disagreements) - len(entries)
    if left:
        screen.indented(f"and {left} more (--all)", style="dim")


def _excluded(screen: Screen, proposal: Proposal, everything: bool) -> None:
    screen.heading("Excluded")
    if everything:
        for excluded in proposal.excluded:
            reasons = "; ".join(f"{reason.text} {screen.marks(reason.cites)}" for reason in excluded.reasons)
            screen.indented(f"{excluded.protocol.id}: {reasons}")
        return
    groups: dict[str, list[str]] = {}
    for excluded in proposal.excluded:
        groups.setdefault(excluded.reasons[0].code, []).append(excluded.protocol.id)
    for code, ids in groups.items():
        shown = ", ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else "")
        screen.indented(f"{code}: {shown}")
    screen.indented("Reasons for each: --all", style="dim")
