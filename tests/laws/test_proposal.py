"""Proposals: every protocol in one place, nothing offered on what nobody asked, and the same answer every time."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from cobalamin.app.documents import plain
from cobalamin.app.documents.plan import Renderer
from cobalamin.knowledge.loading import data_folder, from_folder
from cobalamin.knowledge.model import AllOf, Criterion, FactIs, Protocol
from cobalamin.records import replace
from cobalamin.therapy.case.case import Case, Fact
from cobalamin.therapy.case.criteria import is_question, missing_facts
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.proposal.needs import worth_asking
from cobalamin.therapy.proposal.offers import all_phases
from cobalamin.therapy.proposal.proposal import Proposal, propose
from entries import entry
from hazards import hazard

from .people import BIRTHS, TODAY, births, case_of, countries, facts_about, shipped, values_of

NEUROLOGICAL = "neurological_involvement"
TREATING = tuple(protocol for protocol in shipped().protocols() if not protocol.guidance)
ANY_FACTS = facts_about()
# Enough to be offered something, so that the laws about options speak of more than nothing.
LIKELY_FACTS = facts_about(
    deficiency=st.sampled_from(["confirmed", "suspected", "excluded"]),
    cause=st.sampled_from(values_of(shipped().facts["cause"])),
    neurological_involvement=st.sampled_from(["present", "absent"]),
    optic_disease=st.sampled_from(["none", "none", "leber_hereditary_optic_neuropathy", "tobacco_amblyopia"]),
    allergy_cobalamin=st.sampled_from(["absent", "absent", "absent", "present"]),
)
any_person = ANY_FACTS | LIKELY_FACTS


def proposed(case: Case) -> Proposal:
    return propose(shipped(), case, TODAY)


def option_ids(proposal: Proposal) -> set[str]:
    return {option.protocol.id for option in proposal.options}


def excluded_ids(proposal: Proposal) -> set[str]:
    return {excluded.protocol.id for excluded in proposal.excluded}


def text_of(proposal: Proposal) -> str:
    """The whole answer as it leaves the program."""
    return json.dumps(plain(Renderer(shipped()).propose(proposal)), ensure_ascii=False)


# -- every protocol has one place ------------------------------------------------------------------------------------


@hazard("H10")
def test_a_person_of_whom_nothing_is_known_is_offered_nothing_and_asked_about_the_nerves_first() -> None:
    proposal = proposed(case_of({}))
    assert proposal.options == ()
    assert proposal.needs[0].fact == NEUROLOGICAL
    assert len(proposal.pending) + len(proposal.excluded) == len(TREATING)


@given(any_person, births, countries)
def test_every_protocol_is_offered_or_pending_or_excluded(
    facts: dict[str, str], born: date | None, country: str
) -> None:
    proposal = proposed(case_of(facts, born, country))
    places = [option.protocol.id for option in proposal.options]
    places += proposal.pending
    places += [excluded.protocol.id for excluded in proposal.excluded]
    assert sorted(places) == sorted(protocol.id for protocol in TREATING)
    assert all(excluded.reasons for excluded in proposal.excluded)


@given(any_person, births)
def test_what_keeps_a_protocol_pending_is_asked(facts: dict[str, str], born: date | None) -> None:
    proposal = proposed(case_of({name: value for name, value in facts.items() if value != "unknown"}, born))
    waiting = {protocol_id for need in proposal.needs for protocol_id in need.changes}
    assert {name for name in proposal.pending if _is_asked_about(name, facts, born)} <= waiting


def _is_asked_about(name: str, facts: dict[str, str], born: date | None) -> bool:
    """Whether a protocol waits for a question to this person: nerve signs leave out prevention (H104), a newborn pregnancy."""
    case = case_of({fact: value for fact, value in facts.items() if value != "unknown"}, born)
    known, protocol = facts_of(case, TODAY, case.record), shipped().protocol(name)
    if not list(worth_asking(shipped(), [protocol], known)):
        return False
    missing = missing_facts(shipped().content(shipped().protocol(name)).indication, known)
    return any(is_question(fact, known, shipped().facts) for fact in missing)


@given(any_person, births)
def test_what_was_answered_or_asked_in_vain_is_not_asked_again(facts: dict[str, str], born: date | None) -> None:
    asked = {need.fact for need in proposed(case_of(facts, born)).needs}
    assert not asked & set(facts)
    assert born is None or "birth_date" not in asked


@given(any_person, births, countries)
def test_only_current_protocols_are_offered(facts: dict[str, str], born: date | None, country: str) -> None:
    assert {option.protocol.status for option in proposed(case_of(facts, born, country)).options} <= {"current"}


# -- what must not be offered ----------------------------------------------------------------------------------------


def demands_absence(criterion: Criterion) -> bool:
    """Whether an indication can hold only without neurological involvement."""
    if isinstance(criterion, AllOf):
        return any(demands_absence(item) for item in criterion.items)
    return isinstance(criterion, FactIs) and criterion.fact == NEUROLOGICAL and criterion.values == ("absent",)


WITHOUT_NERVES = {protocol.id for protocol in TREATING if demands_absence(shipped().content(protocol).indication)}


@hazard("H10")
@given(LIKELY_FACTS, births, countries, st.sampled_from([None, "unknown", "present"]))
def test_no_protocol_for_healthy_nerves_is_offered_until_the_nerves_are_known_to_be_healthy(
    facts: dict[str, str], born: date | None, country: str, nerves: str | None
) -> None:
    told = {name: value for name, value in facts.items() if name != NEUROLOGICAL}
    proposal = proposed(case_of({**told, NEUROLOGICAL: nerves} if nerves else told, born, country))
    assert len(WITHOUT_NERVES) > 5
    assert not option_ids(proposal) & WITHOUT_NERVES


def can_be(protocol: Protocol) -> set[str]:
    """The substances a protocol can come to."""
    return {name for phase in all_phases(shipped().content(protocol).phases) for name in phase.substances}


CYANOCOBALAMIN_ONLY = {protocol.id for protocol in TREATING if can_be(protocol) == {"cyanocobalamin"}}


@hazard("H07")
@given(LIKELY_FACTS, births, countries)
def test_with_leber_disease_no_protocol_of_cyanocobalamin_alone_is_offered(
    facts: dict[str, str], born: date | None, country: str
) -> None:
    leber = {**facts, "optic_disease": "leber_hereditary_optic_neuropathy"}
    assert len(CYANOCOBALAMIN_ONLY) > 5
    assert not option_ids(proposed(case_of(leber, born, country))) & CYANOCOBALAMIN_ONLY


@hazard("H07")
@given(LIKELY_FACTS, births, countries)
def test_with_an_allergy_to_cobalamins_nothing_is_offered(
    facts: dict[str, str], born: date | None, country: str
) -> None:
    assert not proposed(case_of({**facts, "allergy_cobalamin": "present"}, born, country)).options


# -- learning --------------------------------------------------------------------------------------------------------

names = st.sampled_from([*shipped().facts, "birth_date"])


def with_one_more(facts: dict[str, str], born: date | None, name: str, data: st.DataObject) -> Case:
    if name == "birth_date":
        return case_of(facts, born or data.draw(st.sampled_from(BIRTHS)))
    value = data.draw(st.sampled_from(values_of(shipped().facts[name])))
    known = facts.get(name, "unknown") != "unknown"
    return case_of(facts if known else {**facts, name: value}, born)


@hazard("H10")
@given(any_person, births, names, st.data())
def test_learning_a_fact_never_offers_what_was_excluded_before(
    facts: dict[str, str], born: date | None, name: str, data: st.DataObject
) -> None:
    before, after = proposed(case_of(facts, born)), proposed(with_one_more(facts, born, name, data))
    assert not excluded_ids(before) & option_ids(after)
    assert excluded_ids(before) <= excluded_ids(after)


@given(any_person, births, names, st.data())
def test_learning_a_fact_leaves_an_option_offered_or_excludes_it(
    facts: dict[str, str], born: date | None, name: str, data: st.DataObject
) -> None:
    before, after = proposed(case_of(facts, born)), proposed(with_one_more(facts, born, name, data))
    assert option_ids(before) <= option_ids(after) | excluded_ids(after)


# -- the same answer -------------------------------------------------------------------------------------------------


@given(any_person, births, countries)
def test_the_same_person_gets_the_same_answer_twice(facts: dict[str, str], born: date | None, country: str) -> None:
    case = case_of(facts, born, country)
    assert text_of(proposed(case)) == text_of(proposed(case))


@given(any_person, births, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_never_changes_the_answer(facts: dict[str, str], born: date | None, random) -> None:  # type: ignore[no-untyped-def]  # because `random` is Hypothesis's own
    other = list(facts.items())
    random.shuffle(other)
    assert text_of(proposed(case_of(facts, born))) == text_of(proposed(case_of(dict(other), born)))


@given(any_person, births)
def test_the_name_in_the_file_never_changes_the_answer(facts: dict[str, str], born: date | None) -> None:
    one, other = case_of(facts, born), case_of(facts, born, patient_id="somebody else")
    assert text_of(proposed(one)) == text_of(proposed(other))


@given(any_person, births, st.integers(0, 9))
def test_facts_learned_one_by_one_say_the_same_as_facts_written_at_once(
    facts: dict[str, str], born: date | None, cut: int
) -> None:
    told = list(facts.items())
    later = [entry(name, "fact", TODAY, data={"fact": name, "value": value}) for name, value in told[cut:]]
    case = replace(case_of(dict(told[:cut]), born), record=tuple(later))
    assert text_of(proposed(case)) == text_of(proposed(case_of(facts, born)))


@given(any_person, births)
def test_what_will_be_learned_tomorrow_changes_nothing_today(facts: dict[str, str], born: date | None) -> None:
    known = case_of(facts, born)
    tomorrow = tuple(
        Fact(name, values_of(shipped().facts[name])[0], date(2026, 1, 6)) for name in ("cause", NEUROLOGICAL, "anaemia")
    )
    assert text_of(proposed(replace(known, facts=(*known.facts, *tomorrow)))) == text_of(proposed(known))


def test_a_library_read_again_gives_the_same_answer() -> None:
    again = from_folder(data_folder())
    case = case_of({"deficiency": "confirmed", "cause": "pernicious_anaemia", NEUROLOGICAL: "absent"}, BIRTHS[4], "GB")
    document = plain(Renderer(again).propose(propose(again, case, TODAY)))
    assert json.dumps(document, ensure_ascii=False) == text_of(proposed(case))
