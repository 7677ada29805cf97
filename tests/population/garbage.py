"""Rows that can't be read, of every kind: wrong units, odd dates, unknown words, nothing, text of any script."""

from __future__ import annotations

import random

from cobalamin.population.tables import OPTIONAL, PLAN_COLUMNS, REQUIRED
from population.random_people import FACTS, PLANS
from population.registers import Row, Rows

DATES = (
    "2026-01-05", "2026-01-05", "2025-06-30", "05/01/2026", "2026-13-01", "2026-02-30", "2026-1-5", "", "unknown", "2027-03-01", "1899-12-31",
    "1850-01-01", "1700-01-01", "0001-01-01", "9999-12-31", "0000-00-00", "99999-01-01", "-2026-01-05", "2026-01-05T10:00", " 2026-01-05", "２０２６-01-05", "NULL", "2026-01",
)  # fmt: skip
WORDS = (
    "", " ", "nan", "NULL", "true", "false", "TRUE", "1", "0", "-1", "1e9", "é", "日本", "💉", "'", "\"", "'; DROP TABLE rows; --", "{day}", "{}", "%s",
    "\x00", "a" * 300, "line\nbreak", "\u2028", "hydroxocobalamin", "Hydroxocobalamin", "vitamin c", "im", "IM", "intramuscular", "oral", "rectal",
    "this_site", "elsewhere", "additional", "maintenance", "load", "unknown", "present", "absent",
)  # fmt: skip
AMOUNTS = (
    "1 mg", "1mg", "1,5 mg", "1.000 mg", "1000 IU", "1 ml", "1000", "0 mg", "-1 mg", "100000 g", "999999999 g", "999999999.999999999 g", "1e3 mg",
    "0.0000001 mcg", "NaN mg", "", "1 mg/ml", "½ mg", "1 µg", "1 μg", "1 kg",
)  # fmt: skip
NUMBERS = (
    "1000", "1000.0", "999.5", "1e3", "-5", "0", "", "9223372036854775807", "92233720368547758070", "9300000000000000", "abc", "1_000", "0x10", " 1000",
)  # fmt: skip
SPANS = ("8 wk", "3 mo", "0 d", "9999 a", "10000 d", "3 months", "-3 mo", "", "1.5 mo", "8wk", "99999999999 d")
DECISIONS = (
    "advance", "stop", "hold", "pause", "bridge", "history", "statement", "plan", "change_interval", "credit", "reject", "resume", "restart", "waive",
    "gate_met", "Stop", "withdraw", "correction", "",
)  # fmt: skip
_OF = {
    "date": DATES, "until": DATES, "start": DATES, "birth_date": DATES, "expires_on": DATES, "last_dose": DATES, "died_on": DATES,
    "registered_to": DATES, "dose": AMOUNTS, "dose_ug": NUMBERS, "interval": SPANS, "decision": DECISIONS, "doses": ("3", "1001", "9999", "99999", "-1", "", "x"),
    "substance": ("hydroxocobalamin", "hydroxocobalamin", "cyanocobalamin", *WORDS), "route": ("intramuscular", "im", "oral", *WORDS),
    "as_planned": ("", "", "", "true", "false", "TRUE", "1"), "taking": ("yes", "partly", "no", "YES", ""), "by": ("Dr A", "Dr A", *WORDS),
    "protocol": (*(protocol for protocol, _ in PLANS), "uk-bnf-noneuro", "nowhere", "", "é"), "choices": (*(choices for _, choices in PLANS), "=", "a=b; c", "maintenance_interval=", ";"),
    "version": ("1", "1", "", "2", "0", "x", "99999999999999999999"), "source": ("", "this_site", *WORDS), "intent": ("", "scheduled", *WORDS),
    "country": ("GB", "US", "UK", "gb", "é", ""), "sex": ("female", "male", "F", ""), "marker": ("serum_b12", "B12", ""), "value": ("231 ng/L", "present", "x", ""),
    "fact": (*FACTS, "nothing", ""),
}  # fmt: skip
SPOILT = 0.25  # the share of rows of which everything is drawn; of the others one column is


def garbage(seed: int, people: int = 60) -> Rows:
    """A register of which hardly a row can be read."""
    chance = random.Random(seed)
    ids = [
        *(f"p{number}" for number in range(people)),
        None,
        None,
        "",
        " ",
        "é",
        "日本",
        "💉",
        "'",
        "p1 ",
        "P1",
        "\x00",
        "{}",
        "a" * 200,
    ]
    rows = Rows()
    for table, number in (
        ("patient", people),
        ("administration", 400),
        ("decision", 300),
        ("condition", 80),
        ("result", 40),
    ):
        names = (*REQUIRED[table], *OPTIONAL[table], *(FACTS if table == "patient" else ()))
        for _ in range(number):
            rows.of(table).append(_row(chance, table, names, chance.choice(ids)))
    return rows


def _row(chance: random.Random, table: str, names: tuple[str, ...], who: str | None) -> Row:
    row = dict(_GOOD[table])
    chosen = names if chance.random() < SPOILT else (chance.choice(names[1:]),)
    row |= {
        name: chance.choice(_OF.get(name, (*FACTS.get(name, WORDS), "", "💉")))
        for name in chosen
        if name != "patient_id"
    }
    if table == "decision" and row["decision"] != "plan" and chance.random() < 0.5:
        row = {name: value for name, value in row.items() if name not in PLAN_COLUMNS}
    return {**({} if who is None else {"patient_id": who}), **row}


_GOOD: dict[str, dict[str, str]] = {
    "patient": {"protocol": "uk-bnf-noneuro", "start": "2025-06-30", "choices": "maintenance_interval=3 mo"},
    "administration": {"date": "2026-01-05", "substance": "hydroxocobalamin", "dose": "1 mg", "route": "intramuscular"},
    "decision": {"date": "2026-01-05", "decision": "stop", "by": "Dr A", "reason": "moved"},
    "condition": {"date": "2026-01-05", "fact": "cause", "value": "dietary"},
    "result": {"date": "2026-01-05", "marker": "serum_b12", "value": "231 ng/L"},
}  # fmt: skip
