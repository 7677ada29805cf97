"""The facts that would change the answer as text, the most decisive first."""

from __future__ import annotations

from collections.abc import Iterable

from cobalamin.app.compare_words import given_words, mass_words
from cobalamin.app.screen import Screen
from cobalamin.app.screen_compare import PLAIN_TITLES, paragraph
from cobalamin.knowledge.library import Library
from cobalamin.therapy.case import Case
from cobalamin.therapy.comparison import FIRST_DAYS
from cobalamin.therapy.comparison_causes import TITLES
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.whatif import ALL_COMBINATIONS, FactEffect, ValueEffect, WhatIf
from cobalamin.therapy.whatif_changes import FirstDose, IssueChange, Leader

NAMED = 8
_HEADINGS = {
    "block": ("Could forbid a treatment", "Could mean that a treatment must not be given"),
    "regimen": ("Would change the leading option", "Would change the treatment that comes first"),
    "first_dose": ("Would change the first dose", "Would change the first dose"),
    "options": ("Would add or remove options", "Would add or remove treatments"),
    "issues": ("Would raise or settle a check", "Would raise or settle a warning"),
}
_FIND_OUT = {
    "ask": ("ask", "you may know this yourself"),
    "examine": ("examine", "a doctor or nurse can find out by examining you"),
    "test": ("test", "a test can show this"),
}
_SEVERITY = {"block": "STOP", "acknowledge": "CHECK"}


def show_what_if(answer: WhatIf, case: Case, library: Library, plain: bool) -> None:
    """Print the facts that matter, or that none does."""
    screen = Screen(library, plain, case.patient.country)
    screen.print(
        f"{case.patient.id}: what the missing answers would change, assessed on {date_words(answer.on)}", style="bold"
    )
    _now(screen, answer)
    asked = len(answer.effects) + len(answer.without_effect)
    if not answer.effects:
        paragraph(screen, "None of the facts that nobody asked would change the answer.", indent=0)
    elif answer.combinations == ALL_COMBINATIONS:
        paragraph(
            screen,
            f"{len(answer.effects)} of {asked} facts that nobody asked would; all combinations were looked at.",
            indent=0,
        )
    else:
        text = f"{len(answer.effects)} of {asked} facts that nobody asked would; each was looked at alone and beside each other one."
        paragraph(screen, text, indent=0)
    _effects(screen, answer.effects)
    if answer.asked_in_vain:
        screen.heading("Asked and not known; it would change the answer if it were learnt")
        for effect in answer.asked_in_vain:
            _effect(screen, 0, effect)
    _rest(screen, answer)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _now(screen: Screen, answer: WhatIf) -> None:
    options = answer.proposal.options
    if not options:
        paragraph(screen, "Now: no option yet.", indent=0)
        return
    first = options[0]
    cites = screen.marks(first.content.phases[0].cites)
    paragraph(
        screen, f"Now: {len(options)} options; first {first.protocol.id}, {first.protocol.title} {cites}", indent=0
    )


def _effects(screen: Screen, effects: Iterable[FactEffect]) -> None:
    kind = ""
    for number, effect in enumerate(effects, 1):
        if effect.strongest != kind:
            kind = effect.strongest
            screen.heading(_HEADINGS[kind][screen.plain])
        _effect(screen, number, effect)


def _effect(screen: Screen, number: int, effect: FactEffect) -> None:
    name = f"{number}. " if number else "- "
    paragraph(screen, f"{name}{effect.plain if screen.plain else effect.question}", style="bold")
    paragraph(screen, f"{effect.fact}; {_FIND_OUT[effect.find_out][screen.plain]}. {effect.why}", indent=5, style="dim")
    if not effect.alone:
        sets = " or ".join(" and ".join(_words(fact) for fact in companions) for companions in effect.companions[:3])
        paragraph(screen, f"Alone it changes nothing; it matters together with {sets}.", indent=5)
    for each in effect.effects:
        _value(screen, each)


def _value(screen: Screen, each: ValueEffect) -> None:
    given = ", ".join(f"{_words(fact)} {_value_words(screen, value)}" for fact, value in each.given)
    beside = f" (if {given})" if given else ""
    values = " or ".join(_value_words(screen, value) for value in each.values)
    paragraph(screen, f"If {values}{beside}:", indent=5)
    change = each.change
    if change.leader:
        _leading(screen, *change.leader)
        titles = PLAIN_TITLES if screen.plain else TITLES
        for aspect, before, after in change.aspects_in(screen.plain) if change.leader[1] else ():
            paragraph(screen, f"- {titles[aspect]}: {f'{before} -> ' if before else ''}{after}", indent=7)
        _figures(screen, *change.leader)
    elif change.first:
        before, after = (_first_words(dose) for dose in change.first)
        paragraph(screen, f"- first dose: {before} -> {after}", indent=7)
    if change.added:
        paragraph(screen, f"- {_counted(change.added)} more: {_named(change.added)}", indent=7)
    if change.removed:
        paragraph(screen, f"- {_counted(change.removed)} fewer: {_named(change.removed)}", indent=7)
    for issue in change.issues:
        paragraph(screen, f"- {_issue(screen, issue)}", indent=7)


def _value_words(screen: Screen, value: str) -> str:
    """A plain question is answered with yes or no."""
    return {"present": "yes", "absent": "no"}.get(value, value) if screen.plain else value


def _leading(screen: Screen, before: Leader | None, after: Leader | None) -> None:
    names = []
    for leader in (before, after):
        phases = screen.library.content(screen.library.protocol(leader.protocol)).phases if leader else ()
        names.append(f"{leader.protocol} {screen.marks(phases[0].cites)}" if leader else "none")
    paragraph(screen, f"- first option: {names[0]} -> {names[1]}", indent=7)


def _figures(screen: Screen, before: Leader | None, after: Leader | None) -> None:
    if after is None or after.early is None:
        return
    told = [
        f"{given_words(leader.early)}, {mass_words(leader.early, screen.country)}"
        if leader and leader.early
        else "no dates yet"
        for leader in (before, after)
    ]
    if told[0] != told[1]:
        paragraph(screen, f"- first {FIRST_DAYS} days: {told[0]} -> {told[1]}", indent=7)


def _first_words(dose: FirstDose | None) -> str:
    return f"{dose.substance} {dose.dose}, {dose.route}, today" if dose else "none yet"


def _issue(screen: Screen, issue: IssueChange) -> str:
    name = _issue_words(screen, issue.code)
    if not issue.before:
        return f"{_SEVERITY[issue.after]} appears: {name}"
    if not issue.after:
        return f"{_SEVERITY[issue.before]} is settled: {name}"
    return f"{_SEVERITY[issue.before]} becomes {_SEVERITY[issue.after]}: {name}"


def _issue_words(screen: Screen, code: str) -> str:
    """A professional knows the codes; a patient gets the sentence."""
    owner, _, own = code.rpartition(": ")
    if not screen.plain:
        return code
    general = {entry.code: entry for entry in screen.library.precautions}
    words = general.get(own) or screen.library.program_checks.get(own)
    sentence = words.plain if words else own.replace("_", " ").lower()
    return f"{owner}: {sentence}" if owner else sentence


def _rest(screen: Screen, answer: WhatIf) -> None:
    if answer.waiting:
        screen.heading("Wait until this is known")
        for facts, ids in answer.waiting:
            paragraph(screen, f"{', '.join(_words(fact) for fact in facts)}: {_named(ids)}")
    without = [*answer.without_effect, *answer.vain_without_effect]
    if without:
        screen.print()
        paragraph(
            screen, f"Changes nothing here: {', '.join(_words(fact) for fact in without)}.", indent=0, style="dim"
        )


def _counted(ids: tuple[str, ...]) -> str:
    return f"{len(ids)} option{'' if len(ids) == 1 else 's'}"


def _named(ids: tuple[str, ...]) -> str:
    return ", ".join(ids[:NAMED]) + (f" and {len(ids) - NAMED} more" if len(ids) > NAMED else "")


def _words(fact: str) -> str:
    return fact.replace("_", " ")
