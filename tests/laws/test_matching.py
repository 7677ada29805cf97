"""Criteria over facts: more knowledge settles answers and never turns one around."""

from __future__ import annotations

from datetime import date, timedelta
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from cobalamin.knowledge.model import Age, AllOf, AnyOf, Criterion, FactIs, FactOver, Not
from cobalamin.spans import Span
from cobalamin.therapy.case.case import Case, Fact, Patient
from cobalamin.therapy.case.criteria import evaluate, fact_name, failures, leaves, missing_facts
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.logic import FALSE, TRUE, UNKNOWN, negated
from english import english
from hazards import hazard

from .people import BIRTHS, TODAY, case_of, shipped, values_of

WORDS = ("deficiency", "cause", "neurological_involvement", "optic_disease", "absorption", "anaemia")
LENGTH = "ileal_resection_length"
NAMES = (*WORDS, LENGTH)
# An indeterminate result counts as a suspected deficiency where one of these is found, so they are asked for then.
BEHIND_INDETERMINATE = {"neurological_involvement", "anaemia"}


def fact_is(name: str) -> st.SearchStrategy[Criterion]:
    values = st.lists(st.sampled_from(shipped().facts[name].values), min_size=1, max_size=3, unique=True)
    return values.map(lambda chosen: FactIs(name, tuple(chosen)))


ages = st.none() | st.builds(Span, st.integers(0, 90), st.sampled_from(["a", "mo"]))
single = st.one_of(
    *(fact_is(name) for name in WORDS),
    st.integers(0, 40).map(lambda limit: FactOver(LENGTH, limit, "cm")),
    st.builds(Age, ages, ages),
)


def grown(inner: st.SearchStrategy[Criterion]) -> st.SearchStrategy[Criterion]:
    several = st.lists(inner, min_size=1, max_size=4).map(tuple)
    return several.map(AllOf) | several.map(AnyOf) | inner.map(Not)


criteria: st.SearchStrategy[Criterion] = st.recursive(single, grown, max_leaves=10)
values = {name: st.sampled_from(values_of(shipped().facts[name])) for name in NAMES}
everything = st.fixed_dictionaries(values)
some_of = st.fixed_dictionaries({}, optional={name: st.sampled_from(["told", "unknown"]) for name in NAMES})
births = st.sampled_from(BIRTHS)


def known_so_far(full: dict[str, str], told: dict[str, str], born: date | None) -> Facts:
    """What is known when only some facts were told; some were asked in vain."""
    return facts_of(case_of({name: full[name] if how == "told" else how for name, how in told.items()}, born), TODAY)


def learned(facts: Facts, names: tuple[str, ...], full: dict[str, str], born: date) -> Facts:
    """The same person after the answers to `names`."""
    now = {**facts.values, **{name: full[name] for name in names if name in full}}
    return facts_of(case_of(now, born if "birth_date" in names else facts.patient.birth_date), TODAY)


@hazard("H10")
@given(criteria, everything, some_of, births, st.booleans())
def test_more_knowledge_settles_an_answer_and_never_turns_it_around(
    criterion: Criterion, full: dict[str, str], told: dict[str, str], born: date, age_told: bool
) -> None:
    before = evaluate(criterion, known_so_far(full, told, born if age_told else None))
    after = evaluate(criterion, facts_of(case_of(full, born), TODAY))
    assert before in (UNKNOWN, after)


@hazard("H10")
@given(criteria, everything, some_of, st.sampled_from(NAMES))
def test_one_fact_more_never_turns_an_answer_around(
    criterion: Criterion, full: dict[str, str], told: dict[str, str], name: str
) -> None:
    told = {key: how for key, how in told.items() if key != name}
    before = evaluate(criterion, known_so_far(full, told, None))
    after = evaluate(criterion, known_so_far(full, {**told, name: "told"}, None))
    assert before in (UNKNOWN, after)


@given(criteria, everything, some_of, st.sampled_from(NAMES))
def test_a_fact_asked_in_vain_counts_as_one_never_asked(
    criterion: Criterion, full: dict[str, str], told: dict[str, str], name: str
) -> None:
    told = {key: how for key, how in told.items() if key != name}
    never, in_vain = known_so_far(full, told, None), known_so_far(full, {**told, name: "unknown"}, None)
    assert evaluate(criterion, never) is evaluate(criterion, in_vain)
    assert missing_facts(criterion, never) == missing_facts(criterion, in_vain)


@given(criteria, everything, some_of, births, st.booleans())
def test_facts_are_missing_exactly_where_the_answer_is_unknown(
    criterion: Criterion, full: dict[str, str], told: dict[str, str], born: date, age_told: bool
) -> None:
    facts = known_so_far(full, told, born if age_told else None)
    missing = missing_facts(criterion, facts)
    assert bool(missing) == (evaluate(criterion, facts) is UNKNOWN)
    assert not set(missing) & set(facts.values)
    named = {fact_name(leaf) for leaf in leaves(criterion)}
    assert set(missing) <= named | (BEHIND_INDETERMINATE if "deficiency" in named else set())
    assert len(set(missing)) == len(missing)
    assert "birth_date" not in missing or not age_told


@given(criteria, everything, some_of, births)
def test_learning_what_is_missing_settles_the_answer(
    criterion: Criterion, full: dict[str, str], told: dict[str, str], born: date
) -> None:
    facts = known_so_far(full, told, None)
    for _ in range(len(NAMES) + 1):
        if evaluate(criterion, facts) is UNKNOWN:
            facts = learned(facts, missing_facts(criterion, facts), full, born)
    assert evaluate(criterion, facts) is evaluate(criterion, facts_of(case_of(full, born), TODAY)) is not UNKNOWN


@given(criteria, everything, some_of, births, st.data())
def test_learning_one_missing_fact_at_a_time_settles_the_answer(
    criterion: Criterion, full: dict[str, str], told: dict[str, str], born: date, data: st.DataObject
) -> None:
    facts = known_so_far(full, told, None)
    for _ in range(len(NAMES) + 1):
        if missing := missing_facts(criterion, facts):
            facts = learned(facts, (data.draw(st.sampled_from(missing)),), full, born)
    assert evaluate(criterion, facts) is not UNKNOWN


@given(criteria)
def test_of_a_person_of_whom_nothing_is_known_no_single_fact_is_true_or_false(criterion: Criterion) -> None:
    nothing = facts_of(case_of({}), TODAY)
    assert {evaluate(leaf, nothing) for leaf in leaves(criterion)} == {UNKNOWN}
    assert evaluate(criterion, nothing) is UNKNOWN


@given(criteria, everything, some_of)
def test_not_turns_the_answer_and_asks_the_same_questions(
    criterion: Criterion, full: dict[str, str], told: dict[str, str]
) -> None:
    facts = known_so_far(full, told, None)
    assert evaluate(Not(criterion), facts) is negated(evaluate(criterion, facts))
    assert missing_facts(Not(criterion), facts) == missing_facts(criterion, facts)


@given(criteria, everything, births)
def test_every_refusal_has_a_reason(criterion: Criterion, full: dict[str, str], born: date) -> None:
    facts = facts_of(case_of(full, born), TODAY)
    refused = criterion if evaluate(criterion, facts) is FALSE else Not(criterion)
    reasons = failures(refused, facts, shipped())
    assert reasons
    assert all(english(reason.text) for reason in reasons)


@given(st.dictionaries(st.sampled_from(NAMES), st.just("told")), everything)
def test_the_order_in_which_facts_were_written_down_never_matters(told: dict[str, str], full: dict[str, str]) -> None:
    there, back = case_of({name: full[name] for name in told}), case_of({name: full[name] for name in reversed(told)})
    assert facts_of(there, TODAY) == facts_of(back, TODAY)


@given(
    st.lists(
        st.tuples(st.sampled_from(["present", "absent", "unknown"]), st.integers(0, 400)), unique_by=lambda one: one[1]
    ),
    st.randoms(use_true_random=False),
)
def test_of_several_statements_about_one_fact_the_latest_counts(told: list[tuple[str, int]], random) -> None:  # type: ignore[no-untyped-def]  # because `random` is Hypothesis's own
    stated = [Fact(WORDS[2], value, TODAY - timedelta(days=days)) for value, days in told]
    random.shuffle(stated)
    latest = min(told, key=lambda one: one[1], default=("unknown", 0))[0]
    found = facts_of(Case(Patient("somebody"), tuple(stated)), TODAY)
    assert found.value(WORDS[2]) == (None if latest == "unknown" else latest)
    assert (WORDS[2] in found.asked_in_vain) == (bool(told) and latest == "unknown")


def test_a_criterion_that_is_missing_is_true_of_everybody() -> None:
    nothing = facts_of(case_of({}), TODAY)
    assert evaluate(None, nothing) is TRUE
    assert missing_facts(None, nothing) == ()
    assert evaluate(reduce(lambda inner, _: Not(inner), range(4), AllOf(())), nothing) is TRUE
