"""Issues and questions that results and symptoms raise whatever the plan is: in `propose` and `plan` as in `review`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.records import replace
from cobalamin.spans import Span
from cobalamin.text.messages import Text, day, day_or_month, joined, listed, message, word
from cobalamin.therapy.case.answered import is_answered, is_looked_at, review_command, unit_wrong
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.criteria import fact_words, value_words
from cobalamin.therapy.case.events import FactLearned
from cobalamin.therapy.case.events import Result as ResultEntry
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import ACKNOWLEDGE, NOTE, Gate, Issue
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response import after_end, potassium, scored, worse
from cobalamin.therapy.response import contradictions as contradicted
from cobalamin.therapy.response.contradictions import Contradiction, Entry
from cobalamin.therapy.response.plausible import implausible
from cobalamin.therapy.response.potassium import low_potassium, potassium_issue, whose
from cobalamin.therapy.response.spells import Cover
from cobalamin.therapy.response.values import Result, results_of

INFANT = Span(1, "a")  # below this age, as in INFANT_AND_MOTHER
IMPLAUSIBLE, PREGNANCY = "VALUE_IMPLAUSIBLE", "PREGNANCY_ON_TREATMENT"


class Ask(Struct, frozen=True):
    """A question as a message: its code and the fields of its words."""

    code: str
    fields: dict[str, object]


class Alarm(Struct, frozen=True):
    """What is raised, and what is asked with it."""

    issues: tuple[Issue, ...]
    asks: tuple[Ask, ...]


def judgeable(library: Library, record: tuple[Event, ...]) -> tuple[Result, ...]:
    """The results that can be judged: none with an implausible value, none of which a clinician said that its unit is wrong."""
    wrong = unit_wrong(record)
    return tuple(
        result
        for result in results_of(record)
        if result.event not in wrong and implausible(library, result.marker, result.value) is None
    )


def is_implausible(library: Library, event: Event) -> bool:
    """Whether an event is a result that can't be right as entered."""
    return isinstance(event, ResultEntry) and implausible(library, event.marker, event.value) is not None


def alarms(library: Library, facts: Facts, record: tuple[Event, ...], policy: Policy) -> Alarm:
    """A low potassium, facts that were contradicted, and values that can't be right."""
    results = judgeable(library, record)
    gate = Gate(library, facts.patient.country)
    issues: list[Issue] = []
    asks: list[Ask] = []
    low = low_potassium(results, record, policy.results)
    if low is not None:
        issues.append(potassium_issue(library, facts.patient.country, low, policy))
        asks.append(
            Ask(potassium.CODE, {"value": low.lowest.value, "date": day_or_month(low.lowest.on, low.lowest.month)})
        )
    several = contradicted.contradictions(library, facts, record, results, policy.results)
    for found in several:
        infant = found.fact == "deficiency" and is_infant(facts)
        issues.append(_contradicted(gate, found, policy, infant, alone=len(several) == 1))
        definition = library.facts[found.fact]
        options = " | ".join(value_words(found.fact, value, library.facts) for value in definition.values)
        asks.append(Ask(contradicted.CODE, {"entries": _entries(found.entries), "question": definition.question, "values": options}))  # fmt: skip
    return Alarm(tuple(issues), (*asks, *_implausible_values(library, record)))


def _entries(entries: tuple[Entry, ...]) -> Text:
    return listed((entry.text for entry in entries), "; ")


def is_infant(facts: Facts) -> bool:
    """Whether it is a child of an age at which an inborn error and the mother are thought of first."""
    return facts.age_between(None, INFANT) is TRUE


def _contradicted(gate: Gate, found: Contradiction, policy: Policy, infant: bool, alone: bool) -> Issue:
    definition = gate.library.facts[found.fact]
    told: dict[str, object] = {"entries": _entries(found.entries), "fact": fact_words(found.fact)}
    if found.value is None:
        detail = message("contradicted.unknown", **told)
    else:
        value = value_words(found.fact, found.value, gate.library.facts)
        detail = message("contradicted.against", **told, value=value)
    details: list[Text] = [detail, *(reason for entry in found.entries for reason in entry.reasons)]
    details += [_assumed(policy)] if any(entry.scored for entry in found.entries) else []
    severity = NOTE if found.value is None else ACKNOWLEDGE
    cites = tuple(cite for entry in found.entries for cite in entry.cites)
    issue = gate.issue(contradicted.CODE, severity, joined(*details), cites=cites)
    if cites:  # a source's number follows the source's sentence, not this program's
        own = gate.library.program_checks[contradicted.CODE].text
        issue = replace(issue, text=joined(own, *details))
    what = word("contradicted", f"do__{found.fact}{'_infant' if infant else ''}", issue.action)
    plain = message("contradicted.plain", entries=told["entries"], question=definition.plain)
    known = found.value is not None
    return replace(
        issue,
        action=joined(what, message("contradicted.answer", fact=fact_words(found.fact))) if known else "ask",
        plain=joined(plain, issue.plain),
        ask=() if known else (found.fact,),
        answer=f"{_record_fact(found.fact, definition.values)} or {_looked_at(found.entries, alone)}",
    )


def _looked_at(entries: tuple[Entry, ...], alone: bool) -> str:
    """The commands by which just these entries are looked at: where other facts are contradicted too, each is named."""
    named = () if alone else tuple(dict.fromkeys(event for entry in entries for event in entry.events))
    return " and ".join(review_command(contradicted.CODE, event) for event in named or ("",))


def _assumed(policy: Policy) -> Text:
    return message("contradicted.assumed", score=policy.results.symptom_score, whose=whose(policy))


def _record_fact(fact: str, values: tuple[str, ...]) -> str:
    return f"cobalamin record CASE fact fact={fact} value={'|'.join(values)}"


# -- values that can't be right --------------------------------------------------------------------------------------


def _implausible_values(library: Library, record: tuple[Event, ...]) -> Iterator[Ask]:
    """Each is asked about until it is withdrawn, its unit is said to be wrong, or a clinician has looked (hazard H45)."""
    wrong = unit_wrong(record)
    for result in results_of(record):
        found = implausible(library, result.marker, result.value)
        if found is None or result.event in wrong or is_answered(record, IMPLAUSIBLE, result.event):
            continue
        likely = " or ".join(found.likely)
        told = {
            "marker": library.markers[result.marker]["name"],
            "value": result.value,
            "date": day_or_month(result.on, result.month),
            "meant": message("questions.VALUE_IMPLAUSIBLE__meant", values=likely) if likely else "",
        }
        yield Ask(IMPLAUSIBLE, {**told, "range": found.range, "event": result.event})


# -- on treatment ----------------------------------------------------------------------------------------------------


def treatment_alarms(library: Library, facts: Facts, record: tuple[Event, ...], cover: Cover, policy: Policy) -> Alarm:
    """Symptoms worse or new, or high, on treatment and after it; and a pregnancy that was recorded while it ran."""
    gate = Gate(library, facts.patient.country)
    issues: list[Issue] = []
    asks: list[Ask] = []
    entries = worse.worse_or_new(facts, record, cover.responds, cover.first_day, policy.results)
    if entries:
        issues.append(_worse(gate, entries, policy, facts.value(worse.RESPONSE) == worse.WORSE))
        asks.append(Ask(worse.CODE, {"entries": _entries(entries)}))
    high = () if entries else scored.high_scores(facts, record, cover.responds, policy.results)
    if high:
        issues.append(_high(gate, high, policy))
        asks.append(Ask(scored.CODE, {"entries": _entries(high)}))
    late = after_end.symptoms_after(facts, record, cover, policy.results)
    if late:
        last = cover.last_day(max(entry.on for entry in late))
        told: dict[str, object] = {"entries": _entries(late), "last": day(last) if last else ""}
        issues.append(_after_the_end(gate, told, policy, any(entry.scored for entry in late)))
        asks.append(Ask(after_end.SYMPTOMS, told))
    since = facts.since.get("pregnancy")
    pregnant = facts.is_one_of("pregnancy", ("pregnant",)) is TRUE
    begun = since is not None and cover.spell(since) is not None and not cover.stopped(since)
    if pregnant and since is not None and begun and not _pregnancy_answered(record, since):
        detail = message("contradicted.pregnancy", date=day(since))
        issue = gate.issue(PREGNANCY, NOTE, detail)
        action = joined(issue.action, message("contradicted.pregnancy_answer"))
        issues.append(replace(issue, action=action, answer=review_command(PREGNANCY)))
        asks.append(Ask(PREGNANCY, {"date": day(since)}))
    return Alarm(tuple(issues), tuple(asks))


def _high(gate: Gate, entries: tuple[Entry, ...], policy: Policy) -> Issue:
    high = message("contradicted.high", entries=_entries(entries))
    assumed = message("contradicted.high_assumed", score=policy.results.symptom_high, whose=whose(policy))
    issue = gate.issue(scored.CODE, NOTE, joined(high, assumed))
    values = gate.library.facts[worse.RESPONSE].values
    return replace(
        issue,
        plain=joined(high, issue.plain),
        answer=f"{_record_fact(worse.RESPONSE, values)} or {review_command(scored.CODE)}",
    )


def _after_the_end(gate: Gate, told: dict[str, object], policy: Policy, scored: bool) -> Issue:
    limits = {"score": policy.results.symptom_high, "rise": policy.results.symptom_rise}
    assumed = message("contradicted.after_end_assumed", **limits, whose=whose(policy)) if scored else ""
    issue = gate.issue(after_end.SYMPTOMS, NOTE, joined(message("contradicted.after_end", **told), assumed))
    values = gate.library.facts[worse.RESPONSE].values
    return replace(
        issue,
        plain=joined(message("contradicted.worse__plain", **told), issue.plain),
        answer=f"{_record_fact(worse.RESPONSE, values)} or {review_command(after_end.SYMPTOMS)}",
    )


def _pregnancy_answered(record: tuple[Event, ...], since: date) -> bool:
    """Whether somebody looked at the pregnancy: at the entry of its day, or, where the file begins with it, since that day."""
    told = [
        event for event in record if isinstance(event, FactLearned) and event.fact == "pregnancy" and event.on == since
    ]
    if told:
        return all(is_answered(record, PREGNANCY, event) for event in told)
    return is_looked_at(record, PREGNANCY, since)


def _worse(gate: Gate, entries: tuple[Entry, ...], policy: Policy, said: bool) -> Issue:
    """`said`: somebody recorded that symptoms are worse or new, so that only a look answers it."""
    told = {"entries": _entries(entries), "rise": policy.results.symptom_rise, "whose": whose(policy)}
    rise = message("contradicted.worse_rise", **told) if any(entry.scored for entry in entries) else ""
    issue = gate.issue(worse.CODE, NOTE, joined(message("contradicted.worse", **told), rise))
    values = gate.library.facts[worse.RESPONSE].values
    plain = message("contradicted.worse__plain", entries=told["entries"])
    return replace(
        issue,
        action=joined(issue.action, message("contradicted.worse_answer")),
        plain=joined(plain, issue.plain),
        answer=review_command(worse.CODE)
        if said
        else f"{_record_fact(worse.RESPONSE, values)} or {review_command(worse.CODE)}",
    )
