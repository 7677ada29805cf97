"""Random typed records over real protocols, for the laws of the review: as a strategy that shrinks, or named by a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cobalamin.amounts import Mass
from cobalamin.records import replace
from cobalamin.spans import Span
from cobalamin.therapy.case.case import AcceptedPlan, Case, Event, Fact, Patient, Quantity, ReferenceRange
from entries import entry

MANY = settings(max_examples=3 * settings.default.max_examples)
chances = st.randoms(use_true_random=False)
PLANS: tuple[tuple[str, dict[str, str]], ...] = (
    ("uk-bnf-noneuro", {"maintenance_interval": "3 mo"}),
    ("uk-bnf-noneuro", {"maintenance_interval": "2 mo"}),
    ("uk-bnf-neuro", {}),
    ("us-cn-pa", {"load_1_count": "7", "load_3_interval": "3 d", "load_3_duration": "2 wk"}),
    ("nl-ftk", {"maintenance_option": "1000-mcg-every-2-months"}),
    ("ca-bc-oral", {}),
    ("hk-cn", {}),
)
_KINDS = (
    *("administration",) * 12, "omission", "statement", "result", "result", "symptoms", "fact", "hold", "pause", "bridge",
    "history", "decision", "decision", "decision", "plan", "correction",
)  # fmt: skip
_DECISIONS = (
    "advance",
    "gate_met",
    "restart",
    "resume",
    "stop",
    "change_interval",
    "waive",
    "credit",
    "reject",
    "reviewed",
)
_CODES = ("POTASSIUM_LOW", "FACT_CONTRADICTED", "VALUE_IMPLAUSIBLE", "LOW_B12_UNTREATED", "REVIEW", "RED_FLAG_SYMPTOM")
_GAPS = (0, 0, 1, 1, 2, 2, 2, 3, 3, 5, 7, 14, 28, 31, 60, 75, 90, 91, 92, 105, 180, 365)


def cases(plans: tuple[tuple[str, dict[str, str]], ...] = PLANS) -> SearchStrategy[Case]:
    """People with a plan and up to 14 entries. Hypothesis draws every choice, so that what fails is made small."""
    return chances.map(lambda chance: a_case(chance, plans, 14))


def random_case(seed: int, plans: tuple[tuple[str, dict[str, str]], ...] = PLANS, events: int = 14) -> Case:
    """The person that a seed names."""
    return a_case(random.Random(seed), plans, events)


def a_case(chance: random.Random, plans: tuple[tuple[str, dict[str, str]], ...], events: int) -> Case:
    """A person with a plan and up to `events` entries, in the order of their dates."""
    protocol, choices = chance.choice(plans)
    start = date(2019, 1, 1) + timedelta(days=chance.randrange(1500))
    facts = [
        Fact("deficiency", "confirmed"),
        Fact("cause", chance.choice(("pernicious_anaemia", "dietary", "total_gastrectomy", "not_found"))),
        Fact("neurological_involvement", chance.choice(("absent", "present", "unknown"))),
    ]
    facts += [Fact("previous_treatment", chance.choice(("none", "none", "loading", "unknown")))] * chance.randrange(2)
    plan = _plan(protocol, choices, start)
    day, found = start - timedelta(days=chance.choice((0, 0, 0, 0, 10))), []
    for number in range(chance.randrange(events + 1)):
        day += timedelta(days=chance.choice(_GAPS))
        found.append(_event(chance, number, day, found, plan))
    return Case(Patient("somebody", date(1960, 5, 5), "female", "GB"), tuple(facts), plan, tuple(found))


def _plan(protocol: str, choices: dict[str, str], start: date) -> AcceptedPlan:
    return AcceptedPlan(protocol, 1, start, choices, "", "engineering-default", "Dr A", start, {}, {})


def _event(chance: random.Random, number: int, day: date, earlier: list[Event], plan: AcceptedPlan) -> Event:
    kind = chance.choice(_KINDS)
    source = chance.choice(("this_site", "this_site", "this_site", "other_site", "self", "reported"))
    data = _data(chance, kind, day, earlier, plan)
    month = f"{day:%Y-%m}" if kind == "administration" and chance.random() < 0.04 else ""
    return entry(f"e{number}", kind, None if month else day, month, source=source, data=data)


def _data(chance: random.Random, kind: str, day: date, earlier: list[Event], plan: AcceptedPlan) -> dict[str, object]:
    until = day + timedelta(days=chance.randrange(1, 90))
    if kind in ("omission", "statement", "fact"):
        return _simple(chance, kind)
    match kind:
        case "administration":
            return _dose(chance, day)
        case "result":
            return _result(chance)
        case "symptoms":
            return _symptoms(chance)
        case "hold" | "pause":
            return {"until": until} if chance.random() < 0.6 else {}
        case "bridge":
            told: dict[str, object] = {"substance": "cyanocobalamin", "dose": Mass(Decimal(1), "mg"), "route": "oral"}
            return told | ({"until": until} if chance.random() < 0.7 else {})
        case "history":
            last = chance.choice((day - timedelta(days=chance.randrange(200)), "unknown", f"{day:%Y-%m}"))
            return {
                "phase": chance.choice(("maintenance", "load", "load-1")),
                "last_dose": last,
                "doses": chance.randrange(7),
            }
        case "plan":
            protocol, choices = chance.choice(PLANS)
            going_on = {"continue": True} if chance.random() < 0.5 else {}
            return {"protocol": protocol, "version": 1, "start": day, "choices": choices, **going_on}
        case "correction":
            return {"withdraws": chance.choice(earlier).id if earlier else "e99"}
    return _decision(chance, earlier)


def _decision(chance: random.Random, earlier: list[Event]) -> dict[str, object]:
    decision = chance.choice(_DECISIONS)
    data: dict[str, object] = {"decision": decision, "by": "Dr A", "reason": "decided"}
    if decision == "change_interval":
        data["interval"] = chance.choice((Span(1, "mo"), Span(2, "mo"), Span(6, "wk"), Span(12, "d"), Span(1, "a")))
    if decision == "reviewed":
        data["answers"] = (chance.choice(_CODES),)
    if decision in ("credit", "reject"):
        doses = [event.id for event in earlier if event.kind == "administration"]
        data["event"] = chance.choice(doses) if doses else "e99"
    return data


def _simple(chance: random.Random, kind: str) -> dict[str, object]:
    return {
        "omission": {"reason": "did_not_attend"},
        "statement": {"taking": chance.choice(("yes", "partly", "no"))},
        "fact": chance.choice(
            (
                {"fact": "neurological_involvement", "value": chance.choice(("present", "absent"))},
                {"fact": "symptoms_response", "value": "better"},
                {"fact": "pregnancy", "value": "pregnant"},
            )
        ),
    }[kind]


def _symptoms(chance: random.Random) -> dict[str, object]:
    found: dict[str, object] = {
        "tiredness": chance.randrange(11),
        "red_flags": ["new_vision_loss"] * (chance.random() < 0.1),
    }
    return found | ({"balance": chance.randrange(11)} if chance.random() < 0.3 else {})


def _dose(chance: random.Random, day: date) -> dict[str, object]:
    if chance.random() < 0.6:
        return {"as_planned": True}
    data: dict[str, object] = {
        "substance": chance.choice(("hydroxocobalamin", "hydroxocobalamin", "cyanocobalamin", "mecobalamin")),
        "dose": Mass(Decimal(chance.choice(("1", "1", "0.5", "0.9", "0.89", "1.5", "1.51", "5"))), "mg"),
        "route": chance.choice(("intramuscular", "intramuscular", "subcutaneous", "intravenous", "oral")),
    }
    if chance.random() < 0.1:
        data["intent"] = "additional"
    if chance.random() < 0.1:
        data["expires_on"] = day - timedelta(days=chance.choice((-1, 0, 1)))
    return data


def _result(chance: random.Random) -> dict[str, object]:
    marker, low, high, unit = chance.choice(
        (
            ("serum_b12", 180, 900, "ng/L"), ("potassium", 3, 5, "mmol/L"), ("haemoglobin", 120, 160, "g/L"),
            ("mma", 50, 300, "nmol/L"), ("mcv", 80, 100, "fL"), ("haemoglobin", 12, 16, "g/dL"), ("platelets", 150, 400, "10*9/L"),
            ("egfr", 60, 120, "mL/min/1.73m2"), ("potassium", 30, 50, "mmol/L"),
        )
    )  # fmt: skip
    usual = ReferenceRange(Decimal(low), Decimal(high), unit)
    value = Quantity(
        chance.choice(("", "", "<", ">", "<=")), Decimal(chance.choice((low - 1, low, high, high * 4))), unit
    )
    return {"marker": marker, "value": value} | ({"reference_range": usual} if chance.random() < 0.8 else {})


def last_day(case: Case) -> date:
    days = [event.on for event in case.record if event.on]
    return max(days, default=case.plan.start if case.plan else date(2020, 1, 1))


def with_events(case: Case, events: tuple[Event, ...]) -> Case:
    return replace(case, record=events)
