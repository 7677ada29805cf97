"""Where on the pages of a person a question is answered, so that none stands there without its form."""

from __future__ import annotations

_FORMS = {
    "/record/reviewed": (
        "POTASSIUM_LOW", "ALLERGY_SUSPECTED", "FACT_CONTRADICTED", "WORSE_OR_NEW", "SYMPTOMS_HIGH", "PREGNANCY_ON_TREATMENT",
        "RELAPSE_SUSPECTED", "VALUE_IMPLAUSIBLE",
    ),
    "/record/decision": (
        "LAPSE", "WHAT_NEXT", "GATE", "OPEN_END", "HOLD_OPEN", "NOT_TAKING", "DOSE_AFTER_STOP", "EARLY_DOSE", "TWO_DOSES", "TWO_DECISIONS",
        "ADVANCED_EARLY", "LONGER_IN_LOADING", "DECISION_UNMATCHED", "DECISION_WITHOUT_EFFECT",
    ),
    "/record/history": ("HISTORY_NEEDED", "LAST_DOSE_UNKNOWN", "HISTORY_PHASE_UNKNOWN"),
    "/record/pause": ("PAUSE_OPEN", "BRIDGE_OPEN"),
    "/record/correction": ("SAME_DOSE", "DATE_PARTIAL", "DOSE_NOT_KNOWN", "PRODUCT_CONTRADICTS", "PRODUCT_UNKNOWN", "TWO_HISTORIES", "TWO_INTERVALS"),
    "/question?fact=previous_treatment": ("PREVIOUS_TREATMENT",),
    "/question?fact=symptoms_response": ("REVIEW_OPEN",),
    "/options": ("NO_PLAN", "PLAN_INCOMPLETE", "INTERVAL_NOT_STATED"),
}  # fmt: skip
_AT = {code: form for form, codes in _FORMS.items() for code in codes}


def answered_at(code: str) -> str:
    """The form that answers a question of this code; where none is its own, all of them."""
    return _AT.get(code, "/record")
