"""The four steps: each done, suggested, missing or contradicted, with the results behind it and what comes next (hazard H96).

A step says what a rule of the library suggests. It never sets the fact: it names the command that does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from msgspec import Struct

from cobalamin.knowledge.assessment import Next, Rule
from cobalamin.knowledge.model import Citations, FactDefinition
from cobalamin.records import replace
from cobalamin.text.messages import Text, capital, day_or_month, joined, listed, message
from cobalamin.therapy.assessment.readings import LEVELS, MARKERS, METABOLITES, Reading, current, kidneys
from cobalamin.therapy.case.criteria import evaluate, fact_words, value_words
from cobalamin.therapy.case.facts import Facts
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.response.contradictions import Contradiction
from cobalamin.therapy.response.values import Result

Pair: TypeAlias = tuple[Text, Text]  # for a professional, and for a patient
DONE, SUGGESTED, MISSING, CONTRADICTED = "done", "suggested", "missing", "contradicted"
FOR, AGAINST, ASKS, ADDS = "for", "against", "asks", "adds"
# Values of a fact that leave its step open.
_OPEN = {"deficiency": ("indeterminate", "suspected"), "cause": ("not_found", "unknown")}
LOOKED_AT = {
    "confirm": (*LEVELS, *METABOLITES),
    "cause": ("intrinsic_factor_antibody", "parietal_cell_antibody", "tissue_transglutaminase_iga"),
}


class Because(Struct, frozen=True):
    """One entry behind a step; `band` is empty where it is not read, and `text` says why. `used`: whether the line rests on it."""

    event: str
    marker: str
    value: str
    on: str
    band: Text
    text: Text
    cites: Citations
    used: bool = False


class Coming(Struct, frozen=True):
    """What comes next for one person: what is left of a rule's `Next`.

    `of_range`: the test was done, and what is asked for is the laboratory's range. `first`: it comes before what
    the other steps ask for.
    """

    tests: tuple[str, ...]
    ask: str
    text: Text
    plain: Text
    cites: Citations
    panel: bool = False
    of_range: bool = False
    first: bool = False


class Step(Struct, frozen=True):
    """`value` is a word of the fact: what is recorded, or where the step is suggested what may be recorded."""

    step: str
    state: str
    fact: str
    value: str | None
    text: Text
    plain: Text
    cites: Citations
    because: tuple[Because, ...] = ()
    next: tuple[Coming, ...] = ()
    command: str = ""
    urgent: bool = False


class Treatment(Struct, frozen=True):
    """What the last step looks at besides results. `runs`: a plan or a recorded treatment goes on; `ended`: one is over.

    `changes`: what a proposal says of earlier treatment that does not simply go on. Of what is `raised` before anything is
    given `stopping` must be settled first, and `restricted` forbids some substances or products.
    """

    runs: bool
    ended: bool
    changes: Issue | None
    raised: tuple[Issue, ...]
    stopping: tuple[Issue, ...]
    restricted: tuple[Issue, ...]


class Known(Struct, frozen=True):
    """What the steps look at: facts, readings, and whether treatment was or is given."""

    facts: Facts
    readings: tuple[Reading, ...]
    rules: tuple[Rule, ...]
    names: dict[str, str]  # of markers
    definitions: dict[str, FactDefinition]
    treated: bool
    treatment: Treatment
    contradictions: tuple[Contradiction, ...]
    blood: Reading | None  # the latest haemoglobin, where the laboratory's range is not recorded with it
    recorded: frozenset[str]  # the markers of which any result is recorded
    answered: Callable[[str, tuple[str, ...]], bool]  # whether a fact was stated, or looked at, after these entries

    def holding(self, step: str) -> list[tuple[Rule, tuple[Reading, ...]]]:
        """The rules of a step that hold, in order, each with the results it rests on."""
        latest = current(self.readings)
        found = []
        for rule in self.rules:
            if rule.step == step and self._holds(rule, latest):
                found.append((rule, tuple(dict.fromkeys(self._met_by(rule, latest)))))
        return found

    def _met_by(self, rule: Rule, latest: dict[str, Reading]) -> Iterator[Reading]:
        for each in rule.results:
            for name in each.markers:
                if _reads(latest, name, each.reads):
                    yield latest[name]
                elif "low_unread" in each.reads and (low := self.low_unread(name)):
                    yield low

    def _holds(self, rule: Rule, latest: dict[str, Reading]) -> bool:
        facts = self.facts
        met = all(any(self._meets(latest, name, each.reads) for name in each.markers) for each in rule.results)
        if not met or any(name in latest for name in rule.lacks):
            return False
        if rule.bands and not any(each.by in rule.bands for each in latest.values()):
            return False
        if rule.kidneys and kidneys(facts, self.readings) not in rule.kidneys:
            return False
        if rule.countries and facts.patient.country not in rule.countries:
            return False
        if rule.treated is not None and rule.treated is not self.treated:
            return False
        if (rule.urgent and facts.urgent is not TRUE) or (rule.lacks_fact and facts.value(rule.lacks_fact)):
            return False
        if rule.unless is not None and evaluate(rule.unless, facts) is TRUE:
            return False
        return rule.when is None or evaluate(rule.when, facts) is TRUE

    def _meets(self, latest: dict[str, Reading], marker: str, reads: tuple[str, ...]) -> bool:
        unread = {"no_range": self.without_range, "low_unread": self.low_unread}
        return _reads(latest, marker, reads) or any(unread[name](marker) for name in reads if name in unread)

    def low_unread(self, marker: str) -> Reading | None:
        """The latest result of a marker that is low and is not read: in pregnancy, or after doses."""
        found = [each for each in self.readings if each.result.marker == marker]
        last = max(found, key=lambda each: each.result.on, default=None)
        return last if last is not None and last.low else None

    def without_range(self, marker: str) -> Reading | None:
        """The latest result of a marker where none can be read, and this one only for want of the laboratory's range."""
        if marker in current(self.readings):
            return None
        found = [each for each in self.readings if each.result.marker == marker and each.lacks_range]
        return max(found, key=lambda each: each.result.on, default=None)

    def is_had(self, marker: str) -> bool:
        """Whether there is a result of it: of those that are read here one that can be read."""
        return marker in (current(self.readings) if marker in MARKERS else self.recorded)

    def as_recorded(self, fact: str, value: str | None) -> Text:
        if value is None:
            return message("assess.not_recorded", fact=capital(fact_words(fact)))
        told = value_words(fact, value, self.definitions)
        return message("assess.recorded", fact=capital(fact_words(fact)), value=told)

    def named(self, reading: Reading) -> Text:
        told = self.told(reading.result)
        if reading.reads and reading.band:
            return message("assess.named_read", **told, band=reading.band)
        return message("assess.named", **told)

    def told(self, result: Result) -> dict[str, object]:
        """The fields of a sentence about a result."""
        on = day_or_month(result.on, result.month)
        return {"marker": self.names[result.marker], "value": result.value, "date": on}


def _reads(latest: dict[str, Reading], marker: str, reads: tuple[str, ...]) -> bool:
    return marker in latest and latest[marker].reads in reads


# -- confirm and cause -----------------------------------------------------------------------------------------------


def by_rules(known: Known, step: str, fact: str) -> Step:
    """A step about one fact: the leading rule against what is recorded."""
    holding = known.holding(step)
    lead, used = next(((rule, met) for rule, met in holding if rule.speaks not in (ASKS, ADDS)), (None, ()))
    value = known.facts.value(fact)
    state, suggested = _state(lead, fact, value)
    if state == CONTRADICTED and known.answered(fact, tuple(each.result.event for each in used)):
        state = DONE
    leads = [lead] if lead else []
    settled = state == DONE or (state == SUGGESTED and not any(rule.leaves_open for rule in leads))
    adding = [rule for rule, _ in holding if rule.speaks == ADDS]
    coming = tuple(following(known, (*leads, *adding), asking(holding), settled))
    made = Step(
        step=step,
        state=state,
        fact=fact,
        value=suggested if state == SUGGESTED else value,
        text="",
        plain="",
        cites=_cites(lead, used),
        because=tuple(_because(known, step, used)),
        next=coming,
        command=_command(lead, state, fact, suggested),
    )
    text, plain = _told(known, made, lead, used, value)
    return with_more(replace(made, text=text, plain=plain), () if state == DONE else adding)


def with_more(step: Step, adding: Iterable[Rule]) -> Step:
    """The step with what further rules add to it."""
    rules = tuple(adding)
    return replace(
        step,
        text=joined(step.text, *(rule.text for rule in rules)),
        plain=joined(step.plain, *(rule.plain for rule in rules)),
        cites=tuple(dict.fromkeys((*step.cites, *(cite for rule in rules for cite in rule.cites)))),
    )


def _state(lead: Rule | None, fact: str, value: str | None) -> tuple[str, str | None]:
    """The state, and the value that is suggested."""
    suggests = lead.suggests[1] if lead and lead.suggests else None
    speaks = lead.speaks if lead else ""
    if value is not None and value not in _OPEN[fact]:
        return (CONTRADICTED if _contradicts(lead, fact, value) else DONE), None
    if speaks == FOR:
        return (MISSING, None) if suggests == value else (SUGGESTED, suggests)
    if speaks == AGAINST:
        return SUGGESTED, None
    return (SUGGESTED, suggests) if suggests and value is None else (MISSING, None)


def _cites(lead: Rule | None, used: tuple[Reading, ...]) -> Citations:
    """Who says it: the sources of the bands by which the results read, and of the rule where it says more than they do."""
    bands = tuple(dict.fromkeys(cite for each in used if each.by and each.by != "laboratory" for cite in each.cites))
    ruled = lead.cites if lead and not (bands and lead.by_band) else ()
    return tuple(dict.fromkeys((*bands, *ruled)))


def _command(lead: Rule | None, state: str, fact: str, suggested: str | None) -> str:
    """What records the fact: the value that is suggested, or where an entry contradicts it, what is right."""
    if state == CONTRADICTED:
        told = lead.suggests[1] if lead and lead.speaks == FOR and lead.suggests else "VALUE"
        return f"cobalamin set CASE {fact}={told}"
    return f"cobalamin set CASE {fact}={suggested}" if state == SUGGESTED and suggested else ""


def _contradicts(lead: Rule | None, fact: str, value: str) -> bool:
    """Whether the leading rule can't go with the recorded value. A cause may stand beside another (`beside`)."""
    if lead is None:
        return False
    if fact == "deficiency":
        return (value == "excluded" and lead.speaks == FOR) or (value == "confirmed" and lead.speaks == AGAINST)
    return lead.speaks == FOR and bool(lead.suggests) and lead.suggests != (fact, value) and value not in lead.beside


def following(known: Known, leads: Iterable[Rule], asking: Iterable[Rule], settled: bool) -> Iterator[Coming]:
    """What comes next: of the leading rules, then of those that only ask; of a settled step what it still asks for."""
    told: list[Coming] = []
    for rule in (*leads, *asking):
        for each in rule.next if rule.settled or not settled else ():
            left = _left_of(known, each)
            if left is not None and not any(_same(left, other) for other in told):
                told.append(left)
                yield left


def _same(one: Coming, other: Coming) -> bool:
    """Whether it is asked for already, perhaps in other words."""
    first, second = set(one.tests), set(other.tests)
    alike = (one.panel, one.of_range) == (other.panel, other.of_range)
    return one == other or (alike and bool(first and second) and (first <= second or second <= first))


def asking(holding: list[tuple[Rule, tuple[Reading, ...]]]) -> list[Rule]:
    """The rules that only add to what comes next."""
    return [rule for rule, _ in holding if rule.speaks == ASKS]


def _left_of(known: Known, each: Next) -> Coming | None:
    """What is left of it: nothing of a test that was done or a fact that is known, of a panel what is not recorded."""
    if each.of_range:
        return _as_stated(each) if known.is_had(each.tests[0]) else None
    if each.ask:
        return None if each.ask not in _OPEN and known.facts.value(each.ask) else _as_stated(each)
    if not each.panel:
        return None if any(known.is_had(name) for name in each.tests) else _range_or_test(known, each)
    left = tuple(name for name in each.tests if name not in known.recorded)
    named = ", ".join(known.names[name] for name in left)
    text = message("assess.panel", text=each.text, markers=named)
    return replace(_as_stated(each), tests=left, text=text) if left else None


def _as_stated(each: Next) -> Coming:
    return Coming(each.tests, each.ask, each.text, each.plain, each.cites, each.panel, each.of_range, each.first)


def _range_or_test(known: Known, each: Next) -> Coming:
    """The test; where it was done and only its range is missing, the range and not the same test again."""
    found = next((reading for name in each.tests if (reading := known.without_range(name))), None)
    return _as_stated(each) if found is None else range_of(known, found.result, "next_range")


def range_of(known: Known, result: Result, key: str) -> Coming:
    """The question for the range of the laboratory that belongs to a result."""
    text, plain = (message(f"assess.{name}", **known.told(result)) for name in (key, f"{key}__plain"))
    return Coming((result.marker,), "", text, plain, (), of_range=True)


def _because(known: Known, step: str, used: tuple[Reading, ...]) -> Iterator[Because]:
    """Every result that the step looks at: first those the line rests on, then the others, read or not."""
    latest = current(known.readings)
    mine = [each for each in known.readings if each.result.marker in LOOKED_AT[step] or each in used]
    first = [each for each in mine if each in used]
    for each in (*first, *(each for each in reversed(mine) if each not in used)):
        yield because(known, each, each in used, latest)


def because(known: Known, each: Reading, used: bool, latest: dict[str, Reading]) -> Because:
    """One result with how it reads; of an earlier one that reads otherwise also that."""
    result = each.result
    text = _reading(known, each)
    counts = latest.get(result.marker)
    if each.reads and counts is not None and counts is not each and counts.reads != each.reads:
        differs = message("assess.differs", marker=known.names[result.marker], named=known.named(counts))
        text = joined(text, differs, between=". ")
    band = each.band if each.reads else ""
    on = result.month or str(result.on)
    return Because(result.event, result.marker, str(result.value), on, band, text, each.cites, used)


def _reading(known: Known, each: Reading) -> Text:
    named = message("assess.named", **known.told(each.result))
    if not each.reads:
        return message("assess.result_unread", named=named, why=each.why)
    if each.beside and each.beside != each.band:
        return message("assess.result_beside", named=named, band=each.band, beside=each.beside)
    return message("assess.result", named=named, band=each.band)


# -- the line --------------------------------------------------------------------------------------------------------


def _told(known: Known, step: Step, lead: Rule | None, used: tuple[Reading, ...], value: str | None) -> Pair:
    recorded = known.as_recorded(step.fact, value)
    results = listed((known.named(each) for each in used), "; ")
    says: Pair = (lead.text, lead.plain) if lead else ("", "")
    rested = _pair(message("assess.both", result=results, text=text) if results else text for text in says)
    if step.state == CONTRADICTED:
        return _pair(_against(known, step.fact, value or "", results, text) for text in says)
    if step.state == DONE:
        return (joined(recorded, joined(results, ".", between="")) if results else recorded), recorded
    if step.state == SUGGESTED and not (step.next and lead is not None and lead.speaks != FOR):
        so_far = message("assess.so_far", so_far=_so_far(known, step.fact, value))
        return _pair(joined(text, so_far) for text in rested)
    if step.next:
        firsts = (step.next[0].text, step.next[0].plain)
        return _pair(next_first(each, text or _rest(step)) for each, text in zip(firsts, rested, strict=True))
    return _pair(joined(recorded, text or _rest(step)) for text in rested)


def _against(known: Known, fact: str, value: str, results: Text, text: Text) -> Text:
    told = {"fact": capital(fact_words(fact)), "value": value_words(fact, value, known.definitions)}
    return message("assess.against", **told, result=results or message("assess.no_test"), text=text)


def next_first(following: Text, rest: Text) -> Text:
    return joined(message("assess.next_first", next=following), rest)


def _rest(step: Step) -> Text:
    """Why nothing leads: the results that are not read, in words."""
    unread = [each.text for each in step.because if not each.band]
    return unread[0] if unread else ""


def _so_far(known: Known, fact: str, value: str | None) -> Text:
    return message("assess.not_yet") if value is None else value_words(fact, value, known.definitions)


def _pair(texts: Iterable[Text]) -> Pair:
    text, plain = texts
    return text, plain
