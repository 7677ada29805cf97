"""Lists of symptoms and risk factors that guidelines name: what of them is recorded, and a whole list."""

from __future__ import annotations

from cobalamin.app.views.builder import Builder
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.knowledge.guideline_lists import Entry, GuidelineList
from cobalamin.text.messages import joined
from cobalamin.therapy.assessment.listed import Found, Listed
from cobalamin.therapy.assessment.steps import Step

_OF_STEP = {"symptoms": "confirm", "risks": "cause"}


def add_listed(screen: Builder, listed: Listed, step: Step) -> None:
    """Under a step what points that way by a list, and under the first what symptoms and risk factors come to together."""
    for each in listed.lists:
        if each.found and _OF_STEP[each.source.of] == step.step:
            entries = "; ".join(_found(screen, found) for found in each.found)
            told = screen.say(f"assess.listed_{each.source.of}", issuer=each.source.issuer, entries=entries)
            cites = tuple(dict.fromkeys(cite for found in each.found for cite in found.entry.cites))
            screen.indented(joined(told, screen.marks(cites)), depth=Depth.DETAIL)
    if listed.says and step.step == "confirm":
        says = listed.says.plain if screen.plain else listed.says.text
        screen.indented(joined(says, screen.marks(listed.says.cites)), depth=Depth.DETAIL)


def add_lists(screen: Builder, listed: Listed) -> None:
    """Every list for this person, each entry with what is recorded of it."""
    for each in listed.lists:
        recorded = {found.entry.id: found for found in each.found}
        screen.heading(screen.say(f"assess.list_{each.source.of}", issuer=each.source.issuer))
        _note(screen, each.source)
        for entry in each.source.entries:
            key = "assess.list_recorded" if entry.id in recorded else "assess.list_not_recorded"
            told = screen.say(
                key, entry=_found(screen, recorded[entry.id]) if entry.id in recorded else _name(screen, entry)
            )
            screen.indented(joined(told, screen.marks(entry.cites)), item=True)


def add_list(screen: Builder, source: GuidelineList) -> None:
    """One list, as its sources have it."""
    title = screen.say(f"assess.list_{source.of}", issuer=source.issuer)
    screen.print(f"{source.id}  {title} ({source.country})", style=STRONG)
    _note(screen, source)
    for entry in source.entries:
        screen.indented(joined(_name(screen, entry), screen.marks(entry.cites)), item=True)
    screen.sources()
    screen.closing()


def _note(screen: Builder, source: GuidelineList) -> None:
    screen.indented(joined(source.note, screen.marks(source.cites)), style=QUIET)


def _name(screen: Builder, entry: Entry) -> str:
    return entry.plain if screen.plain else entry.text


def _found(screen: Builder, found: Found) -> str:
    """An entry with what is recorded; not twice where that says the same."""
    name = _name(screen, found.entry)
    told = [text for text in map(screen.text, found.recorded) if text.rpartition(": ")[2] not in found.entry.text]
    return screen.say("assess.list_entry", entry=name, recorded="; ".join(told)) if told else name
