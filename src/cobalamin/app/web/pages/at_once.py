"""The dose of today at one press: offered where it is due as planned and nothing about it is odd (hazard H97)."""

from __future__ import annotations

from starlette.requests import Request

from cobalamin.amounts import mass_text
from cobalamin.app.services import shipped
from cobalamin.app.services.confirming import Unconfirmed, refuse_unconfirmed
from cobalamin.app.services.recording import recorded_in
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.site import Opened
from cobalamin.errors import InputError
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.issues import alarms_among
from cobalamin.therapy.review.review import Review

_GIVEN_NOW = ("bookable", "due", "overdue")


def dose_at_once(request: Request, this: Opened, seen: Review) -> str:
    """The amount on the button; empty where the dose is not for one press."""
    outlook = seen.outlook
    dose = outlook.phase.dose if outlook.phase else None
    is_calm = not (outlook.emergency or outlook.ask_first or outlook.provisional or alarms_among(seen.issues))
    if outlook.status not in _GIVEN_NOW or dose is None or not is_calm or request.query_params.get("on"):
        return ""
    if _is_odd(this.case, seen):
        return ""
    return str(kept(mass_text(dose, this.country, seen.library.own_words.units).partition(" (")[0]))


def _is_odd(case: Case, seen: Review) -> bool:
    """Whether anything would be asked about the dose of today, given as planned."""
    entry = {"date": seen.on.isoformat(), "kind": "administration", "as_planned": "true"}
    try:
        _, recorded = recorded_in(case, dict(entry), seen.on, shipped.library())
        refuse_unconfirmed(shipped.library(), recorded, seen.on, confirmed=False)
    except (Unconfirmed, InputError):
        return True
    return recorded.repeated
