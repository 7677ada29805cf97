"""Made-up people whose rows collide as often as can be: one day, one amount, several plans, histories, decisions about doses.

A seed names a person, so a difference can be seen again. Every row can be read; rows that can't are `garbage.py`.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from population.registers import Row, Rows

PLANS = (
    ("uk-bnf-noneuro", "maintenance_interval=3 mo"), ("uk-bnf-noneuro", "maintenance_interval=2 mo"), ("uk-bnf-neuro", ""),
    ("us-cn-pa", "load_1_count=7; load_3_interval=3 d; load_3_duration=2 wk"), ("nl-ftk", "maintenance_option=1000-mcg-every-2-months"),
    ("ca-bc-oral", ""), ("hk-cn", ""), ("uk-cks-diet-im", ""), ("uk-bnf-noneuro", ""),
)  # fmt: skip
GAPS = (0, 0, 0, 1, 1, 2, 2, 2, 3, 5, 7, 14, 28, 31, 60, 75, 90, 91, 92, 105, 180, 365)
FACTS = {
    "deficiency": ("confirmed", "suspected", "unknown"), "cause": ("pernicious_anaemia", "dietary", "total_gastrectomy", "not_found"),
    "neurological_involvement": ("absent", "present", "unknown"), "previous_treatment": (*("none",) * 6, "loading", "maintenance", "unknown"),
    "allergy_cobalamin": (*("absent",) * 9, "present"), "optic_disease": ("none", "unknown"), "cause_resolved": ("present", "absent"),
}  # fmt: skip
KINDS = (
    *("administration",) * 14, "hold", "pause", "bridge", "history", "statement", "plan", "fact",
    "advance", "advance", "gate_met", "restart", "resume", "stop", "change_interval", "waive", "credit", "reject",
)  # fmt: skip
BIRTHS = ("", "unknown", "1958-03-02", "1940-02-29", "2010-06-01", "2019-05-05")


def a_person(seed: int, most: int = 14, begin: date = date(2022, 1, 1)) -> Rows:
    """A person with a plan or none and up to `most` rows more."""
    chance = random.Random(seed)
    who = f"p{seed:06d}"
    patient: dict[str, str] = {"patient_id": who, "country": chance.choice(("GB", "US", ""))}
    patient |= {"birth_date": chance.choice(BIRTHS), "sex": chance.choice(("", "female", "male"))}
    patient |= {fact: chance.choice(words) for fact, words in FACTS.items() if chance.random() < 0.6}
    day = begin + timedelta(days=chance.randrange(1500))
    if chance.random() < 0.93:
        protocol, choices = chance.choice(PLANS)
        patient |= {"protocol": protocol, "choices": choices, "start": str(day)}
    rows = Rows(patient=[patient])
    day -= timedelta(days=chance.choice((0, 0, 0, 0, 10, 400)))
    doses: list[str] = []
    for number in range(chance.randrange(most + 1)):
        day += timedelta(days=chance.choice(GAPS))
        if day > date(2026, 11, 20):
            break
        event_id = f"{who}.{chance.randrange(1000):03d}{number:02d}"
        kind = chance.choice(KINDS)
        month = kind == "administration" and chance.random() < 0.05
        when = f"{day:%Y-%m}" if month else str(day)
        _one(chance, kind, {"patient_id": who, "date": when}, event_id, day, rows, doses)
    return rows


def _one(
    chance: random.Random, kind: str, row: dict[str, str], event_id: str, day: date, rows: Rows, doses: list[str]
) -> None:
    if kind == "administration":
        doses.append(event_id)
        rows.administration.append({**row, "event_id": event_id, **_dose(chance, day)})
    elif kind == "fact":
        fact = chance.choice(sorted(FACTS))
        rows.condition.append({**row, "fact": fact, "value": chance.choice(FACTS[fact])})
    else:
        rows.decision.append({**row, "event_id": event_id, "decision": kind, **_decision(chance, kind, day, doses)})


def _dose(chance: random.Random, day: date) -> Row:
    told = {"source": chance.choice(("this_site", "this_site", "", "other_site", "self", "reported"))}
    if chance.random() < 0.1:
        told["intent"] = chance.choice(("additional", "scheduled"))
    if chance.random() < 0.1:
        told["expires_on"] = str(day - timedelta(days=chance.choice((-1, 0, 1))))
    if chance.random() < 0.15:
        told |= {"product": chance.choice(("a", "b")), "batch": chance.choice(("", "1")), "side": chance.choice(("", "left"))}  # fmt: skip
    if chance.random() < 0.4:
        return {**told, "as_planned": "true"}
    unknown = told["source"] in ("self", "reported") and chance.random() < 0.3
    substance = chance.choice(("hydroxocobalamin", "hydroxocobalamin", "cyanocobalamin", "mecobalamin"))
    route = chance.choice(("intramuscular", "intramuscular", "im", "subcutaneous", "intravenous", "oral"))
    amount = chance.choice(("1 mg", "1 mg", "1000 mcg", "0.5 mg", "0.9 mg", "0.89 mg", "1.5 mg", "1.51 mg", "5 mg"))
    given = {"substance": substance, "dose": amount, "route": route}
    if unknown:
        given[chance.choice(sorted(given))] = "unknown"
    return {**told, **given}


def _decision(chance: random.Random, kind: str, day: date, doses: list[str]) -> Row:
    until = str(day + timedelta(days=chance.randrange(90)))
    told = {"by": "Dr A", "reason": chance.choice(("decided", "agreed"))}
    if kind in ("hold", "pause", "bridge"):
        ends = {"until": until} if chance.random() < 0.6 else {}
        return ends | ({"substance": "cyanocobalamin"} if kind == "bridge" else {})
    if kind == "history":
        last = chance.choice((str(day - timedelta(days=chance.randrange(200))), str(day), "unknown", f"{day:%Y-%m}"))
        more = {"doses": str(chance.randrange(8))} if chance.random() < 0.5 else {}
        more |= {"interval": chance.choice(("8 wk", "3 mo"))} if chance.random() < 0.3 else {}
        more |= {"substance": chance.choice(("cyanocobalamin", "hydroxocobalamin"))} if chance.random() < 0.3 else {}
        return {
            "phase": chance.choice(("maintenance", "load", "load-1", "loading", "elsewhere")),
            "last_dose": last,
            **more,
        }
    if kind == "statement":
        return {"taking": chance.choice(("yes", "partly", "no"))}
    if kind == "plan":
        protocol, choices = chance.choice(PLANS)
        start = str(day + timedelta(days=chance.choice((0, 0, 7, -7))))
        going_on = {"continue": chance.choice(("true", "false"))} if chance.random() < 0.7 else {}
        return {"protocol": protocol, "version": "1", "start": start, "choices": choices, **going_on}
    if kind == "change_interval":
        told["interval"] = chance.choice(("1 mo", "2 mo", "6 wk", "12 d", "1 a"))
    if kind in ("credit", "reject"):
        return {**told, "event": chance.choice(doses)} if doses else {**told, "event": "nowhere"}
    return told
