"""Amounts that must be refused wherever one is typed (contract, section 1)."""

from __future__ import annotations

# The amount, and its two readings.
TWO_READINGS = [
    ("1,000 mcg", "1000 mcg", "1.000 mcg"),
    ("1,5 mg", "1.5 mg", "15 mg"),
    ("0,5 mg", "0.5 mg", "05 mg"),
    ("1,000,000 mcg", "1", "mcg"),
    ("1.000 mcg", "1 mcg", "1000 mcg"),
    ("1.000 mg", "1 mg", "1000 mg"),
    ("1000", "1000 mg", "1000 micrograms"),
    ("1", "1 mg", "1 micrograms"),
    ("0.5", "0.5 mg", "0.5 micrograms"),
]

# One reading at most, and that one must not be guessed.
REFUSED = [
    ".5 mg", "5. mg", "1. mg", "1e3 mcg", "1E3 mcg", "1e-3 g", "1.5e3mcg", "1 mg 500 mcg", "1 mg 1 mg", "1 mg/mL", "1mg1",
    "１ mg", "１０００ mcg", "٣ mg", "१ mg", "500 units", "500 Units", "1 unit", "1000 IU", "1000 iu", "1 ml", "1 mL",
    "1 pg", "500 pg", "1 ng", "1000 ng", "1 kg", "mg", "one mg", "½ mg", "1/2 mg", "1-2 mg", "~1 mg", "<1 mg", "1 ampoule",
    "1 000 mcg", "1'000 mcg", "1_000 mcg", "-1 mg", "+1 mg", "0 mg", "0.0 mg", "01 mg", "1 Mg", "1 mG", "1 Mcg", "1 mcg.",
    "1 mgs", "nan mg", "inf mg", "1 mg (IM)", "1 mg im", "1 γ", "1 m g", "0.0000000001 g", "1\tmg", "10000000000 mg",
]  # fmt: skip
