"""The facts that would change the answer as text, the most decisive first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cobalamin.app.services.compared import given_words, mass_words
from cobalamin.app.services.reviewing import open_matters
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.caveats import titles_for_ids
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.knowledge.library import Library
from cobalamin.records import replace
from cobalamin.text.days import date_words
from cobalamin.text.messages import Text
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.comparison.comparison import FIRST_DAYS
from cobalamin.therapy.whatif.changes import Change, FirstDose, IssueChange, Leader
from cobalamin.therapy.whatif.whatif import ALL_COMBINATIONS, FactEffect, ValueEffect, WhatIf

NAMED = 8


def view_of_what_if(answer: WhatIf, case: Case, library: Library, plain: bool) -> View:
    """The facts that matter, or that none does."""
    screen = Builder(library, plain, case.patient.country)
    screen.alarms(open_matters(case, answer.on))
    add_what_if(screen, answer, case)
    return screen.view()


def add_what_if(screen: Builder, answer: WhatIf, case: Case) -> None:
    head = screen.say("whatif.head", patient=typed(case.patient.id), date=date_words(answer.on, screen.words))
    screen.print(head, style=STRONG)
    _now(screen, answer)
    screen.whole(_how_many(screen, answer), depth=Depth.FLUSH)
    _effects(screen, answer.effects)
    if answer.asked_in_vain:
        screen.heading(screen.say("whatif.in_vain"))
        for effect in answer.asked_in_vain:
            _effect(screen, 0, effect)
    _rest(screen, answer)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _how_many(screen: Builder, answer: WhatIf) -> str:
    number = len(answer.effects)
    if not number:
        return screen.say("whatif.none")
    key = "whatif.all_combinations" if answer.combinations == ALL_COMBINATIONS else "whatif.pairs"
    return screen.say(key, number=number, asked=number + len(answer.without_effect))


def _now(screen: Builder, answer: WhatIf) -> None:
    options = answer.proposal.options
    first = answer.proposal.leading
    if first is None:
        screen.whole(screen.say("whatif.no_option"), depth=Depth.FLUSH)
        return
    sources = screen.marks(first.content.phases[0].cites)
    named = {"protocol": first.protocol.id, "title": first.protocol.title}
    screen.whole(screen.say("whatif.now", number=len(options), sources=sources, **named), depth=Depth.FLUSH)


def _effects(screen: Builder, effects: Iterable[FactEffect]) -> None:
    kind = ""
    for number, effect in enumerate(effects, 1):
        if effect.strongest != kind:
            kind = effect.strongest
            screen.heading(screen.say(f"whatif.strongest__{kind}"))
        _effect(screen, number, effect)


def _effect(screen: Builder, number: int, effect: FactEffect) -> None:
    name = f"{number}. " if number else ""
    screen.whole(
        f"{name}{screen.text(effect.plain if screen.plain else effect.question)}", style=STRONG, item=not number
    )
    find_out = screen.say(f"whatif.find_out__{effect.find_out}")
    why = screen.say("whatif.fact", fact=screen.key_words(effect.fact), find_out=find_out, why=effect.why)
    screen.whole(why, depth=Depth.ENTRY, style=QUIET)
    if not effect.alone:
        both, either = screen.say("screen.both"), screen.say("screen.either")
        sets = either.join(both.join(_words(fact) for fact in companions) for companions in effect.companions[:3])
        screen.whole(screen.say("whatif.together", facts=sets), depth=Depth.ENTRY)
    for each in effect.effects:
        _value(screen, each)


def _value(screen: Builder, each: ValueEffect) -> None:
    given = ", ".join(f"{_words(fact)} {_value_words(screen, value)}" for fact, value in each.given)
    values = screen.say("screen.either").join(_value_words(screen, value) for value in each.values)
    key = "whatif.value_beside" if given else "whatif.value"
    screen.whole(screen.say(key, values=values, given=given), depth=Depth.ENTRY)
    for line in _change(screen, each.change):
        screen.whole(line, depth=Depth.ENTRY_DETAIL, item=True)


def _change(screen: Builder, change: Change) -> Iterator[str]:
    if change.leader:
        yield from _leading(screen, change)
    elif change.first:
        before, after = (_first_words(screen, dose) for dose in change.first)
        yield screen.say("whatif.first_dose", before=before, after=after)
    for line in change.plan:
        key = "whatif.plan_may" if line.after == "may" else "whatif.plan_yes" if line.after else "whatif.plan_no"
        yield screen.say(key, line=line.plain if screen.plain else line.text)
    if change.added:
        key = "whatif.added_one" if len(change.added) == 1 else "whatif.added_many"
        yield screen.say(key, number=len(change.added), protocols=_named(screen, change.added))
    if change.removed:
        key = "whatif.removed_one" if len(change.removed) == 1 else "whatif.removed_many"
        yield screen.say(key, number=len(change.removed), protocols=_named(screen, change.removed))
    together: dict[IssueChange, list[str]] = {}
    for issue in change.issues:
        owner, _, code = issue.code.rpartition(": ")
        together.setdefault(replace(issue, code=code), []).append(owner)
    for issue, owners in together.items():
        yield _issue(screen, issue, tuple(filter(None, owners)))


def _value_words(screen: Builder, value: Text) -> str:
    """A plain question is answered with yes or no."""
    said = screen.text(value)
    return screen.words.find("whatif", f"answer__{value}", said) if screen.plain and isinstance(value, str) else said


def _leading(screen: Builder, change: Change) -> Iterator[str]:
    before, after = change.leader or (None, None)
    names = [_leader_words(screen, leader) for leader in (before, after)]
    yield screen.say("whatif.first_option", before=names[0], after=names[1])
    for aspect, old, new in change.aspects_in(screen.plain) if after else ():
        named = screen.say(f"compare.aspect__{aspect}")
        yield screen.say("whatif.aspect" if old else "whatif.aspect_new", aspect=named, before=old, after=new)
    told = [_figures(screen, leader) for leader in (before, after)]
    if after and after.early and told[0] != told[1]:
        yield screen.say("whatif.first_days", days=FIRST_DAYS, before=told[0], after=told[1])


def _leader_words(screen: Builder, leader: Leader | None) -> str:
    if leader is None:
        return screen.say("whatif.no_leader")
    phases = screen.library.content(screen.library.protocol(leader.protocol)).phases
    return f"{_titled(screen, leader.protocol)} {screen.marks(phases[0].cites)}"


def _figures(screen: Builder, leader: Leader | None) -> str:
    if leader is None or leader.early is None:
        return screen.say("whatif.no_dates")
    return f"{given_words(leader.early, screen.say)}, {mass_words(leader.early, screen.country, screen.say)}"


def _first_words(screen: Builder, dose: FirstDose | None) -> str:
    if dose is None:
        return screen.say("whatif.no_dose")
    return screen.say("whatif.dose", substance=dose.substance, dose=dose.dose, route=dose.route)


def _issue(screen: Builder, issue: IssueChange, owners: tuple[str, ...]) -> str:
    before, after = (screen.say(f"notes.{severity}") if severity else "" for severity in (issue.before, issue.after))
    key = "whatif.becomes" if before and after else "whatif.appears" if after else "whatif.settled"
    check = _issue_words(screen, issue)
    told = screen.say("whatif.check_of", check=check, protocols=_named(screen, owners)) if owners else check
    return screen.say(key, before=before, after=after, check=told)


def _issue_words(screen: Builder, issue: IssueChange) -> str:
    """The sentence of a check; a professional gets its code too."""
    if screen.plain:
        return titles_for_ids(screen, screen.text(issue.plain)) or issue.code.replace("_", " ").lower()
    return f"{screen.text(issue.text)} ({issue.code})".strip()


def _rest(screen: Builder, answer: WhatIf) -> None:
    if answer.waiting:
        screen.heading(screen.say("whatif.waiting"))
        for facts, ids in answer.waiting:
            screen.whole(f"{', '.join(_words(fact) for fact in facts)}: {_named(screen, ids)}")
    without = [*answer.without_effect, *answer.vain_without_effect]
    if without:
        screen.print()
        told = screen.say("whatif.without", facts=", ".join(_words(fact) for fact in without))
        screen.whole(told, depth=Depth.FLUSH, style=QUIET)


def _named(screen: Builder, ids: tuple[str, ...]) -> str:
    named, more = "; ".join(_titled(screen, name) for name in ids[:NAMED]), len(ids) - NAMED
    return screen.say("whatif.more", protocols=named, number=more) if more > 0 else named


def _titled(screen: Builder, name: str) -> str:
    """The title of a protocol; a professional gets its id too, to type it."""
    title = screen.library.protocol(name).title
    return title if screen.plain else f"{title} ({name})"


def _words(fact: str) -> str:
    return fact.replace("_", " ")
