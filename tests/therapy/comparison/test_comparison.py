"""Protocols side by side: both ends of every range, dates from the fold alone, a cause for every difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product

import pytest

from cobalamin.errors import InputError
from cobalamin.knowledge.disagreements import ASPECTS
from cobalamin.knowledge.library import Library
from cobalamin.spans import Span, add
from cobalamin.therapy.case.case import AcceptedPlan, Case
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.comparison.amounts import Amounts, Bounds, amounts_of, days_taken, open_above, together
from cobalamin.therapy.comparison.causes import ALL_ASPECTS, EDITION, OPINION, POPULATION, PRODUCT
from cobalamin.therapy.comparison.comparison import (
    EXCLUDED,
    OPTION,
    PENDING,
    YEAR,
    Asked,
    Compared,
    Comparison,
    compare,
)
from cobalamin.therapy.comparison.ways import Stretch, open_ends, run, ways_of
from cobalamin.therapy.plan.items import Request
from cobalamin.therapy.plan.plan import make_plan
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.choices import Need, settle
from cobalamin.therapy.regimen.ladder import compile_ladder
from english import english
from hazards import hazard

ON, START = date(2026, 1, 2), date(2026, 1, 5)
MG = 1_000_000
EXAMPLES = (
    "pernicious-anaemia", "pernicious-anaemia-neurological", "vegan", "bariatric-planning-pregnancy", "ileal-resection-30cm",
    "metformin", "nitrous-oxide", "leber-gb", "leber-us", "child", "kidney-disease",
)  # fmt: skip
PART_C = ("c-loading", "c-dose-size", "c-maintenance", "c-titration", "c-folic-acid", "c-pa-by-mouth", "c-bariatric")

Compare = Callable[..., Comparison]


@pytest.fixture
def compared(library: Library, example: Callable[[str], Case]) -> Compare:
    """The comparison of an example; with names, of these alone."""

    def make(name: str, *named: str, **options: object) -> Comparison:
        asked = Asked(START, library.default_policy, named, bool(named) and not options.pop("beside", False), **options)
        return compare(library, example(name), asked, ON)

    return make


def one(comparison: Comparison, protocol: str) -> Compared:
    (found,) = [each for each in comparison.compared if each.id == protocol]
    return found


def ranges(amounts: Amounts | None) -> tuple[tuple[int | None, int | None], ...]:
    assert amounts is not None
    parts = (amounts.doses, amounts.course_days, *([amounts.mass] if amounts.mass else []))
    return tuple((part.least, part.most) for part in parts)


# -- figures, computed by hand ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("example_name", "protocol", "early", "year", "later"),
    [
        # 6 in two weeks, the last on day 12; with 2 months the next is on day 71, with 3 months on day 102.
        ("pernicious-anaemia", "uk-bnf-noneuro", (6, 7), (9, 11), (4, 6)),
        # 6 + 7 + every 4 days for 2 weeks (3) + 1 monthly; 7 + 7 + every 3 days for 3 weeks (7) + 1 monthly.
        ("pernicious-anaemia", "us-cn-pa", (17, 22), (26, 31), (12, 12)),
        # On alternate days: 11 to day 22, when the program reminds, then one on day 80; or on through day 89.
        ("pernicious-anaemia-neurological", "uk-bnf-neuro", (12, 45), (16, 183), (6, 6)),
        # 30 micrograms daily for 5 to 10 days, then monthly.
        ("pernicious-anaemia", "us-oh-def", (7, 12), (16, 21), (12, 12)),
        # 4 weekly, then every 2 months: days 0, 7, 14, 21, then one on day 82 (a month of 31 and one of 30 days later).
        ("pernicious-anaemia", "no-inj", (5, 5), (9, 9), (6, 6)),
    ],
)
def test_a_range_nobody_chose_from_is_told_at_both_ends(
    compared: Compare, example_name: str, protocol: str, early: tuple[int, int], year: tuple[int, int], later: tuple[int, int]
) -> None:  # fmt: skip
    figures = one(compared(example_name, protocol), protocol).figures
    assert figures is not None
    assert ranges(figures.early)[0] == early
    assert ranges(figures.year)[0] == year
    assert ranges(figures.maintenance)[0] == later


def test_masses_are_told_at_both_ends(compared: Compare) -> None:
    noneuro = one(compared("pernicious-anaemia", "uk-oh-smpc-noneuro"), "uk-oh-smpc-noneuro").figures
    assert noneuro is not None
    # 4 doses of 250 in a week, 4 weekly of 250; or 7 of 1000 in two weeks, 11 weekly of 250 through day 90
    assert ranges(noneuro.early)[2] == (4 * 250_000 + 4 * 250_000, 7 * MG + 11 * 250_000)
    mouth = one(compared("pernicious-anaemia", "ca-bc-oral"), "ca-bc-oral").figures
    assert mouth is not None
    assert ranges(mouth.early) == ((0, 0), (90, 90), (90 * MG, 180 * MG))
    assert ranges(mouth.maintenance)[1] == (365, 365)


def test_what_a_source_leaves_open_above_stays_open(compared: Compare) -> None:
    first = one(compared("pernicious-anaemia-neurological", "ca-bc-neuro"), "ca-bc-neuro").figures
    assert first is not None
    assert first.early.doses == Bounds(1, None)
    assert first.early.course_days == Bounds(None, 89)
    at_least = one(compared("bariatric-planning-pregnancy", "uk-ng239-oral"), "uk-ng239-oral").figures
    assert at_least is not None
    assert at_least.early.mass == Bounds(90 * MG, None)


def test_a_choice_narrows_the_range(compared: Compare, example: Callable[[str], Case], library: Library) -> None:
    chosen = compared("pernicious-anaemia", "uk-bnf-noneuro", choices={"maintenance_interval": "3 mo"})
    figures = one(chosen, "uk-bnf-noneuro").figures
    assert figures is not None
    assert ranges(figures.early)[0] == (6, 6)
    assert one(chosen, "uk-bnf-noneuro").open_choices == ()
    plan = AcceptedPlan(
        "uk-bnf-noneuro", 1, START, {"maintenance_interval": "2 mo"}, "", "engineering-default", "x", ON, {}, {}
    )
    case = example("pernicious-anaemia")
    running = Case(case.patient, case.facts, plan, ())
    accepted = compare(library, running, Asked(START, library.default_policy), ON).compared[0]
    assert (accepted.id, accepted.accepted, accepted.choices) == (
        "uk-bnf-noneuro",
        True,
        {"maintenance_interval": "2 mo"},
    )


def test_a_choice_that_one_protocol_cannot_take_leaves_it_at_both_ends(compared: Compare) -> None:
    both = compared("pernicious-anaemia", "uk-bnf-noneuro", "jp-me-megalo", choices={"maintenance_interval": "1 mo"})
    assert both.not_applied == (("maintenance_interval", "uk-bnf-noneuro"),)
    assert ranges(one(both, "uk-bnf-noneuro").figures.maintenance)[0] == (4, 6)  # type: ignore[union-attr]  # it has dates
    assert ranges(one(both, "jp-me-megalo").figures.maintenance)[0] == (12, 12)  # type: ignore[union-attr]  # it has dates


@pytest.mark.parametrize(
    "choice", [("load_9_count", "3"), ("maintenance_interval", "9 mo"), ("maintenance_interval", "soon")]
)
def test_a_choice_that_fits_nothing_is_refused(compared: Compare, choice: tuple[str, str]) -> None:
    with pytest.raises(InputError):
        compared("pernicious-anaemia", "uk-bnf-noneuro", choices=dict([choice]))


def test_the_number_of_days_of_the_first_stretch(compared: Compare) -> None:
    assert ranges(one(compared("pernicious-anaemia", "uk-bnf-noneuro", days=14), "uk-bnf-noneuro").figures.early)[
        0
    ] == (6, 6)  # type: ignore[union-attr]  # it has dates
    for days in (0, 731):
        with pytest.raises(InputError):
            compared("pernicious-anaemia", days=days)


def test_days_taken_of_a_course() -> None:
    assert [days_taken(Span(1, "d"), days) for days in (0, 1, 30)] == [0, 1, 30]
    assert [days_taken(Span(2, "d"), days) for days in (1, 2, 3, 4)] == [1, 1, 2, 2]
    assert [days_taken(3, days) for days in (1, 2, 3, 5, 7, 8)] == [1, 1, 2, 3, 3, 4]


def test_several_ways_span_a_range() -> None:
    low = Amounts(Bounds(1, 1), Bounds(0, 0), Bounds(MG, MG))
    high = Amounts(Bounds(3, 3), Bounds(9, 9), Bounds(5 * MG, 5 * MG))
    assert together([high, low]) == Amounts(Bounds(1, 3), Bounds(0, 9), Bounds(MG, 5 * MG))
    assert together([low, open_above(high)]) == Amounts(Bounds(1, None), Bounds(None, 9), Bounds(MG, None))
    assert together([low, Amounts(Bounds(2, 2), Bounds(0, 0), None)]).mass is None


# -- every end, and every date from the fold -------------------------------------------------------------------------


def stretch_of(library: Library, start: date) -> Stretch:
    until = add(start, YEAR)
    return Stretch(start, until - timedelta(days=1), library.default_policy, until)


def every_corner(library: Library, protocol: str, facts: Facts, start: date) -> Iterator[Amounts]:
    """What each combination of ends and alternatives comes to in 90 days, by compiling and running each on its own."""
    content = library.content(library.protocol(protocol))
    phases = [phase for phase in content.phases if evaluate(phase.only_if, facts) is TRUE]
    for picked in product(*(phase.options or (phase,) for phase in phases)):
        named = {f"{phase.name.replace('-', '_')}_option": phase.option for phase in picked if phase.option}
        ends = [[(key, end) for end in pair if end is not None] for phase in picked for key, pair in open_ends(phase)]
        for corner in product(*ends):
            settled = settle(content, {**named, **{key: str(end) for key, end in corner}}, facts)
            ladder = compile_ladder(settled.phases, start, library.default_policy, facts)
            for decide in (False, True):
                entries, _ = run(ladder, stretch_of(library, start), decide)
                yield amounts_of(entries, start, start + timedelta(days=90))


@pytest.mark.parametrize(
    ("start", "known"),
    [
        (
            date(2026, 1, 5),
            {"cause": "pernicious_anaemia", "neurological_involvement": "absent", "anaemia": "none", "weight": "60 kg"},
        ),
        (
            date(2027, 11, 30),
            {"cause": "dietary", "neurological_involvement": "present", "anaemia": "severe", "absorption": "impaired"},
        ),
    ],
)
def test_the_ends_that_are_followed_hold_all_corners_of_all_ranges(
    library: Library, patient: Callable[..., Case], start: date, known: dict[str, str]
) -> None:
    facts, told = facts_of(patient(deficiency="confirmed", **known), ON), 0
    for protocol in library.protocols():
        if protocol.guidance or protocol.same_as:
            continue
        ways, missing = ways_of(library.content(protocol), {}, facts, stretch_of(library, start))
        corners = [each for each in every_corner(library, protocol.id, facts, start) if not missing]
        if not corners or not any(way.entries for way in ways):
            continue
        followed = together(way.amounts(start, start + timedelta(days=90)) for way in ways)
        wanted = together(corners)
        for mine, theirs in ((followed.doses, wanted.doses), (followed.course_days, wanted.course_days)):
            assert mine.least in (theirs.least, None), protocol.id
            assert mine.most in (theirs.most, None), protocol.id
        told += 1
    assert told > 60


def settled(need: Need) -> str:
    """A value for a choice; a route that the source leaves open is compared as an injection."""
    if need.choice.endswith("_route"):
        return "intramuscular"
    return str(need.options[0] if need.options else need.least or need.most)


@pytest.mark.parametrize("name", ["pernicious-anaemia", "vegan", "bariatric-planning-pregnancy"])
def test_every_date_is_the_date_of_the_plan(
    library: Library, example: Callable[[str], Case], compared: Compare, name: str
) -> None:
    """A way without an assumed decision has the doses of `plan` with the same choices."""
    case, told = example(name), 0
    for each in compared(name).compared:
        for way in each.ways:
            if way.decided or any(entry.kind == schedule.OPEN_END for entry in way.entries):
                continue
            choices = way.choices
            for _ in range(3):
                plan = make_plan(library, case, Request(each.protocol, START, choices, library.default_policy), ON)
                more = {need.choice: settled(need) for need in plan.needs}
                choices = {**choices, **more}
            planned = [(item.kind, item.on, item.until) for item in plan.items if item.kind in ("dose", "course")]
            mine = [(entry.kind, entry.on, entry.until) for entry in way.entries if entry.kind in ("dose", "course")]
            assert mine == [entry for entry in planned if entry[1] and entry[1] < add(START, YEAR)], each.id
            told += 1
    assert told > 5


def test_loading_that_is_left_and_loading_that_goes_on_begin_alike(compared: Compare) -> None:
    fewest, most = one(compared("pernicious-anaemia-neurological", "uk-bnf-neuro"), "uk-bnf-neuro").ways
    assert fewest.decided == (("load", date(2026, 1, 26)),)
    assert most.decided == ()
    begin = [entry.on for entry in fewest.entries if entry.phase.phase.name == "load"]
    assert begin == [START + timedelta(days=2 * number) for number in range(11)]
    assert [entry.on for entry in most.entries if entry.kind == schedule.DOSE][:11] == begin
    assert [entry.on for entry in fewest.entries][11:13] == [date(2026, 3, 25), date(2026, 5, 25)]


# -- which protocols -------------------------------------------------------------------------------------------------


def test_the_options_are_compared_and_what_is_named_with_its_mark(compared: Compare) -> None:
    wide = compared("pernicious-anaemia", "uk-bsh14-noneuro", "uk-bshcov-nondiet", "article-a3-5", beside=True)
    assert [each.id for each in wide.compared][:4] == [
        "uk-bsh14-noneuro",
        "uk-bshcov-nondiet",
        "article-a3-5",
        "uk-bnf-noneuro",
    ]
    assert len(wide.compared) == 3 + len(wide.proposal.options)
    old = one(wide, "uk-bsh14-noneuro")
    assert (old.standing, old.protocol.status, old.level) == (EXCLUDED, "superseded", "recalled")
    assert [reason.code for reason in old.reasons] == ["EDITION_SUPERSEDED"]
    assert old.figures is not None
    assert one(wide, "uk-bshcov-nondiet").protocol.status == "withdrawn"
    assert one(wide, "uk-bnf-noneuro").standing == OPTION


@hazard("H10")
def test_with_few_options_the_nearest_that_wait_stand_beside_them(
    library: Library, patient: Callable[..., Case]
) -> None:
    case = patient(born=None, asked=False)
    comparison = compare(library, case, Asked(START, library.default_policy), ON)
    assert comparison.proposal.options == ()
    assert len(comparison.compared) == 4
    assert {each.standing for each in comparison.compared} == {PENDING}
    assert all(each.missing for each in comparison.compared)
    assert {"uk-bnf-neuro", "uk-bnf-noneuro"} <= {each.id for each in comparison.compared}


def test_what_cannot_be_dated_says_which_fact_is_missing(library: Library, patient: Callable[..., Case]) -> None:
    case = patient(born=None, asked=False)
    comparison = compare(library, case, Asked(START, library.default_policy, ("hk-cn",), only_named=True), ON)
    assert one(comparison, "hk-cn").figures is None
    assert {"deficiency", "neurological_involvement"} <= set(one(comparison, "hk-cn").missing)
    assert (comparison.dated, comparison.waits) == (False, True)


@hazard("H22")
def test_a_blocked_protocol_is_told_and_never_dated(compared: Compare) -> None:
    """Leber's disease: cyanocobalamin stops, hydroxocobalamin is on offer."""
    leber = compared("leber-us", "us-cn-pa", "uk-bnf-optic")
    stopped, offered = leber.compared
    assert stopped.blocks == ("LEBER_CYANOCOBALAMIN",)
    assert (stopped.standing, stopped.figures, stopped.ways, stopped.checks) == (EXCLUDED, None, (), ())
    assert (offered.standing, offered.blocks) == (OPTION, ())
    assert offered.figures is not None
    (difference,) = [entry for entry in leber.differences if entry.aspect == "substance"]
    (cause,) = difference.causes
    assert (cause.cause, cause.disagreement) == (PRODUCT, None)


@hazard("H35")
def test_a_child_is_compared_with_what_was_written_for_a_child(compared: Compare) -> None:
    child = compared("child", "us-cn-pa", beside=True)
    adult = one(child, "us-cn-pa")
    assert adult.standing == EXCLUDED
    assert "INDICATION_NOT_MET" in {reason.code for reason in adult.reasons}
    own = [each for each in child.compared if each.standing == OPTION]
    assert own[0].id == "us-ped-def"
    by_weight = own[0].figures
    assert by_weight is not None
    assert by_weight.early.mass is not None  # two days by weight, and the weight is known


@hazard("H35")
def test_a_dose_by_weight_is_not_added_up_without_the_weight(library: Library, patient: Callable[..., Case]) -> None:
    child = patient(
        "US",
        date(2023, 9, 14),
        deficiency="confirmed",
        cause="dietary",
        neurological_involvement="absent",
        anaemia="severe",
    )
    comparison = compare(library, child, Asked(START, library.default_policy, ("us-ped-def",), only_named=True), ON)
    figures = one(comparison, "us-ped-def").figures
    assert figures is not None
    assert figures.early.mass is None
    assert figures.early.doses.least


def test_a_start_before_birth_and_an_unknown_protocol_are_refused(
    library: Library, patient: Callable[..., Case]
) -> None:
    for asked in (
        Asked(date(1950, 1, 1), library.default_policy),
        Asked(START, library.default_policy, ("uk-nothing",)),
        Asked(START, library.default_policy, only_named=True),
    ):
        with pytest.raises(InputError):
            compare(library, patient(deficiency="confirmed"), asked, ON)


def test_guidance_is_named_without_dates(compared: Compare) -> None:
    comparison = compared("pernicious-anaemia", "article-a1", "uk-bnf-noneuro")
    assert [entry.id for entry in comparison.guidance] == ["article-a1"]
    assert [each.id for each in comparison.compared] == ["uk-bnf-noneuro"]


# -- differences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_two_that_differ_are_parted_by_a_cause(compared: Compare, name: str) -> None:
    for difference in compared(name).differences:
        assert difference.aspect in ALL_ASPECTS
        place = {
            protocol: number for number, position in enumerate(difference.positions) for protocol in position.protocols
        }
        told = {frozenset(pair) for cause in difference.causes for pair in cause.pairs}
        apart = {frozenset((one_id, other)) for one_id in place for other in place if place[one_id] != place[other]}
        assert told == apart
        assert len({position.text for position in difference.positions}) == len(difference.positions)
        assert all(cause.text and cause.cause for cause in difference.causes)
        assert all(position.cites for position in difference.positions if difference.aspect != "checks")


def test_the_two_uk_labels_differ_on_neurological_maintenance_by_product(compared: Compare) -> None:
    labels = compared("pernicious-anaemia-neurological", "uk-oh-smpc-neuro", "uk-oh-smpc-neuro-min5014")
    (difference,) = labels.differences
    assert difference.aspect == "maintenance"
    assert [english(position.text) for position in difference.positions] == ["every 2 months", "every 2 to 3 months"]
    (cause,) = difference.causes
    assert cause.disagreement is not None
    assert (cause.cause, cause.disagreement.id) == (PRODUCT, "d3")
    assert len(cause.disagreement.sides) == 2
    assert all(side.cites for side in cause.disagreement.sides)


def test_the_us_hydroxocobalamin_label_differs_by_mass(compared: Compare) -> None:
    labels = compared("pernicious-anaemia", "us-oh-def", "us-cn-pa", "uk-bnf-noneuro")
    (dose,) = [entry for entry in labels.differences if entry.aspect == "dose"]
    (known,) = [cause for cause in dose.causes if cause.disagreement and cause.disagreement.id == "d1"]
    assert {frozenset(pair) for pair in known.pairs} == {
        frozenset(pair)
        for pair in (("us-oh-def", "us-cn-pa"), ("us-oh-def", "uk-bnf-noneuro"), ("us-cn-pa", "uk-bnf-noneuro"))
    }


@pytest.mark.parametrize(
    ("example_name", "pair", "aspect", "cause"),
    [
        ("pernicious-anaemia", ("uk-bnf-noneuro", "uk-bsh14-noneuro"), "maintenance", EDITION),
        ("pernicious-anaemia", ("us-aafp11-im", "us-stabler13-im"), "loading", OPINION),
        ("pernicious-anaemia", ("us-aafp11-im", "jp-me-megalo"), "loading", PRODUCT),
        ("pernicious-anaemia", ("uk-bnf-noneuro", "us-oh-def"), "loading", POPULATION),
    ],
)
def test_what_no_disagreement_covers_is_only_what_is_plain_to_see(
    compared: Compare, example_name: str, pair: tuple[str, str], aspect: str, cause: str
) -> None:
    (difference,) = [entry for entry in compared(example_name, *pair).differences if entry.aspect == aspect]
    (found,) = difference.causes
    assert (found.cause, found.disagreement, found.pairs) == (cause, None, (pair,))
    assert "no reason is stated" in english(found.text) or all(name in english(found.text) for name in pair)


def test_two_names_of_one_protocol_do_not_differ(compared: Compare) -> None:
    assert compared("pernicious-anaemia", "uk-bnf-noneuro", "article-a2-1").differences == ()


def test_each_disagreement_of_the_library_is_placed(library: Library) -> None:
    assert ASPECTS == ALL_ASPECTS
    assert any(entry.about for entry in library.disagreements)


def test_checks_that_all_share_are_told_once(compared: Compare) -> None:
    pair = compared("child", "us-ped-def", "nl-ftk")
    shared = {(check.marker, check.days) for check in pair.common_checks}
    assert {("potassium", (1,)), ("potassium", (2,))} <= shared
    label = one(compared("pernicious-anaemia", "us-cn-pa"), "us-cn-pa")
    assert ("potassium", (2,)) in {(check.marker, check.days) for check in label.checks}
    assert ("reticulocytes", (5, 6, 7)) in {(check.marker, check.days) for check in label.checks}


# -- part C of the ledger --------------------------------------------------------------------------------------------


def concerned(library: Library, example: Callable[[str], Case], row: str) -> str:
    """An example whom a row of part C concerns."""
    (entry,) = [entry for entry in library.disagreements if entry.id == row]
    return next(name for name in EXAMPLES if evaluate(entry.when, facts_of(example(name), ON)) is not FALSE)


@pytest.mark.parametrize("row", PART_C)
def test_every_contradiction_of_part_c_shows_with_its_cause_and_all_sides(
    library: Library, example: Callable[[str], Case], compared: Compare, row: str
) -> None:
    (entry,) = [entry for entry in library.disagreements if entry.id == row]
    case = concerned(library, example, row)
    (shown,) = [each for each in compared(case).disagreements if each.id == row]
    assert (shown.cause, shown.sides) == (entry.cause, entry.sides)
    assert all(side.position and side.cites for side in shown.sides)
    stands = [[name for name in side.protocols if not library.protocol(name).guidance] for side in entry.sides]
    for number, names in enumerate(stands):
        for others in stands[number + 1 :]:
            for one_id, other in product(names, others):
                pair = compared(case, one_id, other)
                causes = [(difference.aspect, cause) for difference in pair.differences for cause in difference.causes]
                covered = [aspect for aspect, cause in causes if cause.disagreement and cause.disagreement.id == row]
                differ = [difference.aspect for difference in pair.differences if difference.aspect in entry.about]
                assert covered == differ, (one_id, other)
