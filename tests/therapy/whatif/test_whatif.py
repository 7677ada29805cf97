"""Which unset fact matters: against brute force over every combination of values, with the real proposal for each."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from itertools import combinations, product
from math import prod

import pytest
from seen_in_proposal import outcome_of

from cobalamin.errors import InputError
from cobalamin.knowledge.catalogue import read_facts
from cobalamin.knowledge.document import Document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Age, FactIs
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.therapy.case.case import Case, Fact
from cobalamin.therapy.case.criteria import evaluate, is_question
from cobalamin.therapy.case.events import Administration
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.issues import ACKNOWLEDGE, BLOCK
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.proposal.proposal import propose
from cobalamin.therapy.whatif.outcomes import Outcome
from cobalamin.therapy.whatif.whatif import ALL_COMBINATIONS, IN_PAIRS, KINDS, FactEffect, WhatIf, decisiveness, what_if
from cobalamin.therapy.whatif.worlds import BIRTH, Value, Worlds, possible_values
from english import english
from hazards import hazard

ON = date(2026, 1, 2)
BIRTHS = ("2026-01-01", "2025-12-04", "2025-11-20", "2024-06-01", "2020-06-01", "2008-06-01", "1960-06-01")
LENGTHS = ("20 cm", "21 cm", "5 cm", "60 cm")
FULL = {
    "deficiency": "confirmed", "cause": "pernicious_anaemia", "neurological_involvement": "absent", "anaemia": "none", "vegan": "absent",
    "previous_treatment": "none", "absorption": "impaired", "swallowing_difficulty": "absent", "adherence_concern": "absent",
    "preferred_route": "injection", "oral_not_possible": "absent", "preterm": "absent", "folate_status": "normal",
    "b12_before_folate": "tested", "cause_resolved": "absent", "mother_deficient": "absent", "weight": "60 kg", "ileal_resection_length": "10 cm",
}  # fmt: skip
# (what is known beside a full history, unset facts): at most six, small enough for every combination
GROUPS: list[tuple[dict[str, str], tuple[str, ...]]] = [
    ({}, ("neurological_involvement", "oral_not_possible", "preferred_route")),
    ({"deficiency": "indeterminate"}, ("neurological_involvement", "anaemia", "optic_disease", "allergy_cobalt")),
    ({"cause": "dietary"}, ("deficiency", "vegan", "absorption", "preferred_route")),
    ({"folic_acid": "started_before_b12"}, ("b12_before_folate", "pregnancy", "deficiency", "renal_impairment")),
    ({"cause": "bariatric_surgery"}, ("previous_treatment", "deficiency", "adherence_concern", "allergy_cobalamin")),
    ({"cause": "ileal_resection", "ileal_resection_extent": "partial"}, ("ileal_resection_length", "deficiency", "neurological_involvement")),
    ({}, ("preterm", "thrombocytopenia", "anticoagulation", "allergy_parabens", "swallowing_difficulty")),
]  # fmt: skip


@cache
def values_of(library: Library, fact: str) -> tuple[str, ...]:
    if fact == BIRTH:
        return BIRTHS
    definition = library.facts[fact]
    if definition.kind == "length":
        return LENGTHS
    return (
        ("10 kg", "70 kg")
        if definition.kind == "mass"
        else tuple(value for value in definition.values if value != "unknown")
    )


def knowing(case: Case, values: Mapping[str, str]) -> Case:
    patient = replace(case.patient, birth_date=date.fromisoformat(values[BIRTH])) if BIRTH in values else case.patient
    return replace(
        case,
        patient=patient,
        facts=(*case.facts, *(Fact(name, value) for name, value in values.items() if name != BIRTH)),
    )


class Brute:
    """The outcome of the real proposal for every combination of values, and what follows from comparing them all."""

    def __init__(self, library: Library, case: Case, unset: tuple[str, ...]) -> None:
        self.library, self.case, self.unset = library, case, unset
        self.outcomes = {tuple(sorted(world.items())): self._outcome(world) for world in self._worlds(unset)}

    def _worlds(self, names: tuple[str, ...]) -> Iterator[dict[str, str]]:
        for size in range(len(names) + 1):
            for known in combinations(names, size):
                for values in product(*(values_of(self.library, name) for name in known)):
                    yield dict(zip(known, values, strict=True))

    def _outcome(self, world: dict[str, str]) -> Outcome:
        case = knowing(self.case, world)
        return outcome_of(self.library, facts_of(case, ON), propose(self.library, case, ON))

    def at(self, world: Mapping[str, str]) -> Outcome:
        return self.outcomes[tuple(sorted(world.items()))]

    def effects(self, fact: str) -> Iterator[tuple[tuple[str, ...], frozenset[str]]]:
        """(the other facts known, kinds of effect) of every step from a world without the fact to one with it."""
        others = tuple(name for name in self.unset if name != fact)
        for world in self._worlds(others):
            for value in values_of(self.library, fact):
                kinds = kinds_between(self.at(world), self.at({**world, fact: value}))
                if kinds:
                    yield tuple(sorted(world)), kinds


def kinds_between(one: Outcome, other: Outcome) -> frozenset[str]:
    def of(outcome: Outcome, severity: str) -> set[tuple[str, str]]:
        return {issue for issue in outcome.issues if issue[1] == severity}

    found = {
        "block": of(one, BLOCK) != of(other, BLOCK),
        "regimen": one.regimen != other.regimen,
        "first_dose": not one.leading and not other.leading and one.first != other.first,
        "plan": one.plan != other.plan,
        "options": one.options != other.options,
        "issues": of(one, ACKNOWLEDGE) != of(other, ACKNOWLEDGE),
    }
    return frozenset(kind for kind, differs in found.items() if differs)


def effect_on(answer: WhatIf, fact: str) -> FactEffect:
    (found,) = [effect for effect in answer.effects if effect.fact == fact]
    return found


@pytest.fixture
def person(library: Library, patient: Callable[..., Case]) -> Callable[..., Case]:
    """A patient of whom everything is known but these facts: what `FULL` does not say is absent."""
    absent = {name: definition.absent for name, definition in library.facts.items() if definition.absent}

    def build(*unset: str, born: date | None = date(1958, 3, 2), country: str = "GB", **known: str) -> Case:
        case = patient(country, None if BIRTH in unset else born, **{**absent, **FULL, **known})
        return replace(case, facts=tuple(fact for fact in case.facts if fact.name not in unset))

    return build


def random_groups(library: Library, number: int) -> list[tuple[dict[str, str], tuple[str, ...]]]:
    """Up to six unset facts of a random patient, as many as all their combinations allow in a test."""
    groups = []
    for seed in range(number):
        chance = random.Random(seed)
        known = {
            name: chance.choice(values_of(library, name))
            for name in ("deficiency", "cause", "neurological_involvement", "anaemia")
        }
        # A fact that is a question only once another is known is none of these: `what_if` does not ask for it yet.
        questions = [name for name, fact in library.facts.items() if fact.asked_when is None and not fact.at_review]
        names, unset = chance.sample([*questions, BIRTH], len(questions)), []
        for name in names:
            if len(unset) < 6 and prod(len(values_of(library, each)) + 1 for each in (*unset, name)) <= 150:
                unset.append(name)
        groups.append(({name: value for name, value in known.items() if name not in unset}, tuple(sorted(unset))))
    return groups


def assert_equal_to_brute_force(library: Library, case: Case, unset: tuple[str, ...]) -> None:
    facts = facts_of(case, ON)
    unset = tuple(
        name for name in unset if is_question(name, facts, library.facts)
    )  # nobody asks an adult for a preterm birth
    brute, answer = Brute(library, case, unset), what_if(library, case, ON)
    assert answer.combinations == ALL_COMBINATIONS
    wanted = {fact: list(brute.effects(fact)) for fact in unset}
    assert {effect.fact for effect in answer.effects} == {fact for fact, found in wanted.items() if found}
    assert set(answer.without_effect) == {fact for fact, found in wanted.items() if not found}
    for effect in answer.effects:
        found = wanted[effect.fact]
        least = min(len(beside) for beside, _ in found)
        smallest = {beside for beside, _ in found if len(beside) == least}
        assert {tuple(sorted(beside)) for beside in effect.companions} == (smallest if least else set()), effect.fact
        assert effect.strongest == min((kind for _, kinds in found for kind in kinds), key=KINDS.index), effect.fact
        assert_values_equal(brute, effect)


def assert_values_equal(brute: Brute, effect: FactEffect) -> None:
    """Every value that is told as having an effect has just this one, alone; and every other has none."""
    base, told = brute.at({}), {}
    for each in effect.effects:
        if not each.given:
            told |= dict.fromkeys(map(english, each.values), each.change)
    typed = dict(zip(values_of(brute.library, effect.fact), words_of(brute, effect.fact, told), strict=True))
    for value, words in typed.items():
        outcome = brute.at({effect.fact: value})
        change = told.get(words)
        if change is None:
            assert kinds_between(base, outcome) == frozenset(), (effect.fact, value)
            continue
        assert set(change.added) == outcome.options - base.options
        assert set(change.removed) == base.options - outcome.options
        before, after = dict(base.issues), dict(outcome.issues)
        assert {(issue.code, issue.before, issue.after) for issue in change.issues} == {
            (code, before.get(code, ""), after.get(code, ""))
            for code in before.keys() | after.keys()
            if before.get(code) != after.get(code)
        }
        same_leader = base.leading == outcome.leading
        assert bool(change.plan) is (same_leader and base.plan != outcome.plan)
        assert (change.leader is not None) is (base.regimen != outcome.regimen)
        if change.leader:
            assert [leader.protocol if leader else "" for leader in change.leader] == [base.leading, outcome.leading]


def words_of(brute: Brute, fact: str, told: Iterable[str]) -> list[str]:
    """The words `whatif` has for each value; for a date of birth the band among those told, because only live limits part ages."""
    if fact == BIRTH:
        return [next((words for words in told if in_band(words, date.fromisoformat(born))), "") for born in BIRTHS]
    definition = brute.library.facts[fact]
    if definition.kind == "length":
        return ["20 cm or less", "more than 20 cm", "20 cm or less", "more than 20 cm"]
    if definition.kind == "mass":
        return ["known", "known"]
    return [definition.labels.get(value, value.replace("_", " ")) for value in values_of(brute.library, fact)]


def in_band(words: str, born: date) -> bool:
    """Whether somebody born on a day is of an age told as "under 28 days", "28 days to under 1 month" or "18 years or older"."""
    spans = re.findall(r"(\d+) (day|month|year)", words)
    ages = [
        add(born, Span(int(number), {"day": "d", "month": "mo", "year": "a"}[unit])) <= ON for number, unit in spans
    ]
    if words.startswith("under"):
        return not ages[0]
    return ages[0] if words.endswith("older") else ages[0] and not ages[1]


# -- against brute force ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(GROUPS)))
def test_the_effects_are_those_of_every_combination(library: Library, person: Callable[..., Case], number: int) -> None:
    known, unset = GROUPS[number]
    assert_equal_to_brute_force(library, person(*unset, **known), unset)


@pytest.mark.parametrize("number", range(6))
def test_the_effects_on_random_patients_are_those_of_every_combination(
    library: Library, person: Callable[..., Case], number: int
) -> None:
    known, unset = random_groups(library, 6)[number]
    country = ("GB", "US", "NL", "", "BE", "GB")[number]
    assert_equal_to_brute_force(library, person(*unset, country=country, **known), unset)


def test_the_age_alone(library: Library, person: Callable[..., Case]) -> None:
    unset = (BIRTH, "preterm", "weight")
    assert_equal_to_brute_force(library, person(*unset, country="US", cause="dietary", anaemia="severe"), unset)


def test_of_somebody_who_was_injected_the_effects_are_those_of_every_combination(
    library: Library, person: Callable[..., Case]
) -> None:
    unset = ("previous_treatment", "preferred_route", "absorption")
    given = Administration("e1", date(2025, 12, 1), substance="hydroxocobalamin", route="intramuscular")
    for country in ("GB", "CH"):
        case = replace(person(*unset, country=country, cause="dietary"), record=(given,))
        assert_equal_to_brute_force(library, case, unset)
    case = replace(person(unset[0], cause="dietary", absorption="normal", preferred_route=""), record=(given,))
    leads = {each.values: each.change.leader for each in effect_on(what_if(library, case, ON), unset[0]).effects}
    leader = leads["maintenance",]
    assert leader is not None
    assert [each.protocol for each in leader if each] == ["uk-bnf-oral-diet", "uk-cks-diet-im"]


@hazard("H111")
def test_where_the_inborn_error_has_no_text_nothing_leads(library: Library, person: Callable[..., Case]) -> None:
    unset = ("cause", "inborn_error_kind", "neurological_involvement")
    case = person(*unset, anaemia="mild", born=date(2022, 10, 1), weight="14 kg")
    assert_equal_to_brute_force(library, case, unset)
    told = knowing(case, {"cause": "inborn_error", "inborn_error_kind": "cblc", "neurological_involvement": "absent"})
    outcome = outcome_of(library, facts_of(told, ON), propose(library, told, ON))
    assert outcome.options
    assert (outcome.leading, outcome.first) == ("", None)


@hazard("H65")
def test_where_the_gut_takes_up_too_little_a_small_dose_by_mouth_stands_lower(
    library: Library, person: Callable[..., Case]
) -> None:
    unset = ("cause", "absorption", "neurological_involvement")
    case = person(*unset, born=date(2016, 6, 1), country="IN", weight="28 kg", anaemia="mild", preferred_route="")
    assert_equal_to_brute_force(library, case, unset)


def test_random_worlds_of_somebody_about_whom_nothing_is_known(library: Library, patient: Callable[..., Case]) -> None:
    """Far more unset facts than six: the outcome in any one world is that of the real proposal."""
    from cobalamin.therapy.whatif.outcomes import Outcomes
    from cobalamin.therapy.whatif.whatif import _Asking

    case = patient(born=None, asked=False)
    asking, chance = _Asking(library, facts_of(case, ON)), random.Random(7)
    for _ in range(5):
        names = chance.sample([BIRTH, *library.facts], 3)
        values = {name: possible_values(asking.facts, name, asking.leaves, library.facts) for name in names}
        outcomes = Outcomes(library, Worlds(asking.facts, {name: found for name, found in values.items() if found}, 3))
        for block in outcomes.worlds.blocks:
            known = chance.choice(list(outcomes.worlds.worlds_of(block)))
            world = knowing(case, {name: outcomes.worlds.values[name][place].typed for name, place in known.items()})
            real = outcome_of(library, facts_of(world, ON), propose(library, world, ON))
            assert outcomes.seen(outcomes.worlds.index(known)) == real, known


# -- what is told ----------------------------------------------------------------------------------------------------


@hazard("H10")
def test_unknown_neurological_involvement_comes_before_everything_but_a_block(
    library: Library, patient: Callable[..., Case]
) -> None:
    """Never taken for absent: both answers change the leading regimen, and by how much is told."""
    case = patient(deficiency="confirmed", cause="pernicious_anaemia")
    answer = what_if(library, case, ON)
    assert answer.effects[0].fact == "neurological_involvement"
    effect = answer.effects[0]
    assert (effect.strongest, effect.alone, effect.find_out) == ("regimen", True, "examine")
    present, absent = effect.effects
    assert present.values == ("present",)
    assert present.change.leader is not None
    assert present.change.leader[1] is not None
    assert present.change.leader[1].protocol == "uk-bnf-neuro"
    assert present.change.leader[1].early is not None
    assert (present.change.leader[1].early.doses.least, present.change.leader[1].early.doses.most) == (12, 45)
    aspects = [tuple(english(each) for each in aspect) for aspect in present.change.aspects]
    assert ("maintenance", "every 2 to 3 months", "every 2 months") in aspects
    assert absent.change.leader is not None
    assert absent.change.leader[1] is not None
    assert absent.change.leader[1].protocol == "uk-bnf-noneuro"


def test_what_could_forbid_comes_first(library: Library, patient: Callable[..., Case]) -> None:
    case = patient(asked=False, deficiency="confirmed", cause="pernicious_anaemia")
    answer = what_if(library, case, ON)
    kinds = [effect.strongest for effect in answer.effects]
    assert kinds == sorted(kinds, key=KINDS.index)
    assert {effect.fact for effect in answer.effects if effect.strongest == "block"} == {
        "allergy_cobalamin",
        "allergy_cobalt",
        "optic_disease",
    }
    assert next(effect.fact for effect in answer.effects if effect.strongest == "regimen") == "neurological_involvement"
    assert list(answer.effects) == sorted(answer.effects, key=decisiveness)


def test_among_equals_what_matters_alone_comes_before_what_matters_together(
    library: Library, patient: Callable[..., Case]
) -> None:
    answer = what_if(library, patient(born=None, asked=False), ON)
    for kind in KINDS:
        alone = [effect.alone for effect in answer.effects if effect.strongest == kind]
        assert alone == sorted(alone, reverse=True)


@hazard("H22")
def test_the_optic_disease_stops_one_substance_and_leaves_the_choice_of_another(
    library: Library, person: Callable[..., Case]
) -> None:
    effect = effect_on(what_if(library, person("optic_disease", country="US"), ON), "optic_disease")
    (leber,) = [each for each in effect.effects if each.values == ("Leber hereditary optic neuropathy",)]
    assert ("LEBER_CYANOCOBALAMIN", "acknowledge", "block") in {
        (issue.code, issue.before, issue.after) for issue in leber.change.issues
    }
    assert leber.change.leader is not None
    assert [english(leader.texts["substance"]) for leader in leber.change.leader if leader] == [
        "cyanocobalamin",
        "hydroxocobalamin",
    ]
    assert "us-cn-pa" in leber.change.removed


@hazard("H35")
def test_an_unknown_age_is_a_fact_to_ask_for(library: Library, person: Callable[..., Case]) -> None:
    effect = effect_on(what_if(library, person(BIRTH, country="GB"), ON), BIRTH)
    assert effect.strongest == "regimen"
    bands = {english(text) for each in effect.effects for text in each.values}
    assert "under 28 days" in bands
    assert any(words.startswith("18 years") for words in bands)


def test_a_fact_that_matters_only_beside_another_says_so(library: Library, person: Callable[..., Case]) -> None:
    answer = what_if(library, person("folic_acid", "b12_before_folate"), ON)
    effect = effect_on(answer, "b12_before_folate")
    assert not effect.alone
    assert effect.companions == (("folic_acid",),)
    (told,) = effect.effects
    assert (told.values, told.given) == (("not tested",), (("folic_acid", "started before vitamin B12"),))
    assert effect_on(answer, "folic_acid").alone


def test_with_many_unset_facts_those_that_need_two_others_are_still_found(
    library: Library, patient: Callable[..., Case]
) -> None:
    answer = what_if(library, patient(born=None, asked=False), ON)
    assert answer.combinations == IN_PAIRS
    effect = effect_on(answer, "ileal_resection_length")
    assert effect.companions
    assert all(len(beside) >= 2 for beside in effect.companions)
    assert "cause" in effect.companions[0]


def test_what_was_asked_in_vain_stands_apart(library: Library, person: Callable[..., Case]) -> None:
    case = person("neurological_involvement", "vegan")
    case = replace(case, facts=(*case.facts, Fact("neurological_involvement", "unknown"), Fact("vegan", "unknown")))
    answer = what_if(library, case, ON)
    assert [effect.fact for effect in answer.asked_in_vain] == ["neurological_involvement"]
    assert answer.vain_without_effect == ("vegan",)
    assert not {"neurological_involvement", "vegan"} & {effect.fact for effect in answer.effects}


def test_a_fact_without_effect_is_no_question(library: Library, person: Callable[..., Case]) -> None:
    answer = what_if(
        library, person("cause_resolved", "folate_status", "polycythaemia_vera", "neurological_involvement"), ON
    )
    assert answer.without_effect == ("cause_resolved", "polycythaemia_vera", "folate_status")
    assert [effect.fact for effect in answer.effects] == ["neurological_involvement"]


def test_everything_known_leaves_nothing_to_ask(library: Library, person: Callable[..., Case]) -> None:
    answer = what_if(library, person(), ON)
    assert (answer.effects, answer.without_effect, answer.asked_in_vain) == ((), (), ())


def test_what_waits_for_a_fact_is_named_with_it(library: Library, person: Callable[..., Case]) -> None:
    answer = what_if(library, person("neurological_involvement"), ON)
    ((facts, protocols),) = answer.waiting
    assert facts == ("neurological_involvement",)
    assert {"uk-bnf-neuro", "uk-bnf-noneuro"} <= set(protocols)


def test_every_fact_says_how_it_is_found_out(library: Library) -> None:
    assert {fact.find_out for fact in library.facts.values()} == {"ask", "examine", "test"}
    assert library.facts["neurological_involvement"].find_out == "examine"


def test_a_way_of_finding_out_that_nobody_knows_is_refused(library: Library) -> None:
    record = {**library.records("facts.yaml", "facts")[0], "find_out": "guess"}
    with pytest.raises(InputError, match="find_out: 'guess' is not one of the allowed words"):
        read_facts(Document("facts.yaml", {"facts": [record]}))


# -- worlds ----------------------------------------------------------------------------------------------------------


def test_a_criterion_in_all_worlds_is_evaluate_in_each(library: Library, patient: Callable[..., Case]) -> None:
    facts = facts_of(patient(born=None, asked=False), ON)
    values = {
        "deficiency": tuple(Value(value, (value,)) for value in library.facts["deficiency"].values),
        "anaemia": (Value("none", ("none",)), Value("severe", ("severe",))),
        "neurological_involvement": (Value("present", ("present",)), Value("absent", ("absent",))),
        BIRTH: (Value("2020-01-01", ("child",)), Value("1960-01-01", ("adult",))),
    }
    worlds = Worlds(facts, values, 4)
    for protocol in library.protocols():
        if protocol.same_as:
            continue
        truth = worlds.truth(protocol.indication)
        for block in worlds.blocks:
            for known in worlds.worlds_of(block):
                world, real = worlds.index(known), evaluate(protocol.indication, worlds.facts_in(known))
                assert (truth.true >> world & 1, truth.false >> world & 1) == (real is TRUE, real is FALSE)
                assert worlds.known_in(block, world) == known
        if protocol.id > "c":
            break


def test_values_that_nothing_tells_apart_stand_together(library: Library, patient: Callable[..., Case]) -> None:
    facts = facts_of(patient(asked=False), ON)
    (severe, others) = sorted(
        possible_values(facts, "anaemia", [FactIs("anaemia", ("severe",))], library.facts),
        key=lambda value: len(value.said),
    )
    assert (severe.said, others.said) == (("severe",), ("none", "mild"))
    limits = [Age(Span(18, "a"), None), Age(None, Span(28, "d"))]
    for on in (date(2026, 3, 1), date(2026, 3, 31), date(2024, 2, 29), ON):
        bands = possible_values(replace(facts, on=on), BIRTH, limits, library.facts)
        assert [tuple(map(english, value.said)) for value in bands] == [
            ("under 28 days",),
            ("28 days to under 18 years",),
            ("18 years or older",),
        ]
        ages = [
            replace(facts, on=on, patient=replace(facts.patient, birth_date=date.fromisoformat(value.typed)))
            for value in bands
        ]
        assert [evaluate(limits[0], each) for each in ages] == [FALSE, FALSE, TRUE]
        assert [evaluate(limits[1], each) for each in ages] == [TRUE, FALSE, FALSE]


# -- the plan of what leads ------------------------------------------------------------------------------------------


@hazard("H67")
def test_a_fact_that_moves_a_check_of_the_plan_counts(library: Library, person: Callable[..., Case]) -> None:
    """The options stay as they are; the first review moves from three months to one."""
    effect = effect_on(what_if(library, person("pregnancy"), ON), "pregnancy")
    (pregnant,) = [each for each in effect.effects if "pregnant" in each.values]
    told = {(line.before, line.after): english(line.text) for line in pregnant.change.plan}
    assert told["may", "yes"].startswith("First review 1 month after")
    assert told["may", ""].startswith("First review 3 months after")
    assert pregnant.change.leader is None


@hazard("H67")
def test_earlier_treatment_changes_the_plan_alone(library: Library, person: Callable[..., Case]) -> None:
    effect = effect_on(what_if(library, person("previous_treatment"), ON), "previous_treatment")
    treated = next(each for each in effect.effects if "maintenance" in each.values)
    assert "loading is not begun again" in " ".join(english(line.text) for line in treated.change.plan)


@hazard("H67")
def test_what_changes_the_plan_of_the_first_option_is_asked(library: Library, person: Callable[..., Case]) -> None:
    """The interview asks what `propose` needs."""
    for fact, known in (("pregnancy", {}), ("anaemia", {}), ("previous_treatment", {})):
        case = person(fact, **known)
        assert fact in {need.fact for need in propose(library, case, ON).needs}
        assert fact in {effect.fact for effect in what_if(library, case, ON).effects}
    absorption = person("absorption", country="CH", cause="dietary")
    assert "absorption" in {need.fact for need in propose(library, absorption, ON).needs}
