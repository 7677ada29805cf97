"""Severity: nerves and anaemia, with what speaks against them."""

from __future__ import annotations

from cobalamin.knowledge.assessment import Rule
from cobalamin.records import replace
from cobalamin.text.messages import Text, joined, listed, message
from cobalamin.therapy.assessment.readings import Reading
from cobalamin.therapy.assessment.steps import (
    CONTRADICTED,
    DONE,
    FOR,
    MISSING,
    Because,
    Known,
    Step,
    asking,
    because,
    following,
    next_first,
    range_of,
)
from cobalamin.therapy.case.criteria import fact_words, value_words
from cobalamin.therapy.response.contradictions import NERVES, Contradiction

_GRADED = (NERVES, "anaemia")


def severity(known: Known) -> Step:
    """Nerves and anaemia: both recorded, or what is still to ask; an entry against one of them stands first."""
    facts = known.facts
    holding = known.holding("severity")
    missing = [fact for fact in _GRADED if facts.value(fact) is None]
    found = [each for each in known.contradictions if each.fact in _GRADED]
    against = next((each for each in found if each.value is not None), None)
    leading = [rule for rule, _ in holding if rule.speaks == FOR]
    blood = _asked(known)
    missing += ["anaemia"] if blood and "anaemia" not in missing else []
    state = CONTRADICTED if against else MISSING if missing else DONE
    fact = against.fact if against else (*missing, NERVES)[0]
    coming = tuple(following(known, leading, asking(holding), state == DONE))
    coming = (replace(range_of(known, blood.result, "next_range_anaemia"), first=True), *coming) if blood else coming
    lines = [_graded(known, leading, found, part) for part in ("text", "plain")]
    if state == MISSING and coming:
        firsts = (coming[0].text, coming[0].plain)
        lines = [next_first(first, line) for first, line in zip(firsts, lines, strict=True)]
    return Step(
        step="severity",
        state=state,
        fact=fact,
        value=facts.value(fact),
        text=lines[0],
        plain=lines[1],
        cites=tuple(dict.fromkeys(cite for rule in leading for cite in rule.cites)),
        because=(*_entries(found), *([because(known, known.blood, False, {})] if known.blood else [])),
        next=coming,
        command=f"cobalamin set CASE {fact}=VALUE" if against else "",
    )


def _asked(known: Known) -> Reading | None:
    """A haemoglobin without a range that asks how severe the anaemia is: nobody said so since, and it is not the worst already."""
    blood = known.blood
    if blood is None or known.facts.value("anaemia") == "severe" or known.answered("anaemia", (blood.result.event,)):
        return None
    return blood


def _graded(known: Known, leading: list[Rule], found: list[Contradiction], part: str) -> Text:
    """What the rules say, before it what was recorded against a fact or asks for it, after it what is recorded."""
    facts = known.facts
    told: list[Text] = []
    for each in found:
        entries = listed((entry.text for entry in each.entries), "; ")
        fact = fact_words(each.fact)
        if each.value is None:
            told.append(message("assess.entries_asked", entries=entries, fact=fact))
        else:
            value = value_words(each.fact, each.value, known.definitions)
            told.append(message("assess.entries", entries=entries, fact=fact, value=value))
    told += [getattr(rule, part) for rule in leading]
    told += [known.as_recorded(name, facts.value(name)) for name in _GRADED if facts.value(name)]
    return joined(*told)


def _entries(found: list[Contradiction]) -> tuple[Because, ...]:
    return tuple(
        Because(event, "", "", str(entry.on), "", entry.text, entry.cites, True)
        for each in found
        for entry in each.entries
        for event in (entry.events or ("",))
    )
