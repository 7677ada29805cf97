"""Every text a words file must hold, by section, each with the fields it is given: `share(share)`, `next(dose substance)`.

A words file with another key, or with other fields in a text, is a fault of the library (hazard H33).
"""

from __future__ import annotations

import re

_ROUTES = "intramuscular subcutaneous intravenous oral nasal sublingual"
_STATUSES = "discontinued contraindicated data_required complete ongoing on_hold paused bridged"
_DUE = """
    not_yet_due(next target first provisional) bookable(next target through provisional) due(next target through provisional)
    overdue(next target late provisional) perhaps_overdue(next target provisional) review_needed(next target late provisional)
    discontinued(until) contraindicated(until) data_required(until) complete(until) ongoing(until) begins(date) run_out
    discontinued__returns(until) complete__returns(until)
    on_hold(until beneath) paused(until beneath) bridged(until beneath)
"""
_SPAN = "{0}_one(number) {0}_many(number) {0}_every_one {0}_every(number)"

_SECTIONS = {
    "dates": "day(weekday day month year) month_only(month year) short(day month) short_year(day month year) range(first last) not_known",
    "spans": " ".join(_SPAN.format(unit) for unit in ("d", "wk", "mo", "a")),
    "routes": f"{_ROUTES} not_stated",
    "routes_plain": f"{_ROUTES} not_stated",
    "routes_short": _ROUTES,
    "substances": "hydroxocobalamin cyanocobalamin mecobalamin not_stated",
    "phases": "load maintenance initial chronic prophylaxis numbered(phase number)",
    "doses": """
        not_stated regimen(substance dose route) of(number count) number(number) divided(number) until(date)
        course(regimen divided spacing until)
    """,
    "spacing": "once_a_week times_a_week(number) at_least(span) alternate_days not_stated",
    "ends": """
        dose(number) doses(number) duration(span) about(span) total(dose) decision decision_worded(wording) never not_stated
        worded(end wording)
    """,
    "why": "start after_decision(span) changed(every span date) rule(rule span date derived) derived(count end)",
    "decisions": """
        open_end(wording spacing span) open_end_not_stated open_end_plain(wording) open_end_plain_not_stated
        gate(phase wording) over over_lasting(over) no_interval(phase route) no_dose(phase route)
    """,
    "due": f"{_DUE} next(regimen phase number) provisional(codes)",
    "due_plain": f"{_DUE} next(dose substance) provisional",
    "due_parts": "target(date) between(first last) next_unknown until(date) no_end beneath(target) at_least(late) interval(spacing) interval_chosen(spacing published)",
    "if_given": """
        on(date) off_day(date away) on_its_day late(span) early(span) share(share) credited extra not_credited excluded pending either(first second)
        timing(credit timing whose) assumption local_policy(policy) next(date) not_refused
    """,
    "statuses": f"not_yet_due bookable due overdue perhaps_overdue review_needed {_STATUSES}",
    "timings": "early on_time late",
    "credits": "credited extra not_credited excluded pending",
    "check_states": "done late due missing",
    "verdicts": "as_expected below_expected above_expected too_early overdue_check not_interpretable expected_high",
    "flags": """
        EARLY_OUT_OF_WINDOW LATE_AFTER_REVIEW ROUTE_ACCEPTED PRODUCT_SWITCHED OVER_DOSE BELOW_DOSE DUPLICATE
        DUPLICATE_SUSPECTED EARLY_RATCHET OVERRIDDEN INEFFECTIVE_ROUTE EXPIRED_PRODUCT UNSCHEDULED DATE_PARTIAL
        SOURCE_UNVERIFIED AUTHORITY_CHECK PRODUCT_CONTRADICTS PRODUCT_UNKNOWN FUTURE RETRACTED
    """,
    "kinds": "dose course check review decision",
    "columns": "day date what in_time sources given counts due state",
    "notes": """
        not_signed_off library(note edition) not_reviewed stays_english sources this_program own_interval issues issues_plain block
        acknowledge urgent note next(action) ask(facts) brief(text code ask) to_ask(facts) provisional
    """,
    "plan": """
        head(patient protocol version status date) head_plain(patient version status date) chosen(choices) needs need_fact(fact question) need_option(options)
        need_least(least) need_most(most) after_decision after_last_dose(span) then not_whole(form) window_assumed(policy)
        window_local(policy owner date) months not_verified(values)
    """,
    "review": """
        head(patient born date) born(date) plan(title protocol version date accepted) plan_plain(title version date accepted) accepted(name) appointment(date)
        appointment_late(date) stays(date) questions answers(answers) default(default) doses earlier(number date counts)
        in_month(month) coming checks check_review check_done(state date) check_through(state date) response results
        result(date marker value range verdict text) beside(review days) symptoms
        after_dose(reading number) window_assumed(policy) window_local(policy owner date) no_date_moved
    """,
}
_SIGNATURE = re.compile(r"(\w+)(?:\(([\w ]+)\))?")


def _fields(signatures: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(fields.split())) for name, fields in _SIGNATURE.findall(signatures)}


TEXTS = {section: _fields(signatures) for section, signatures in _SECTIONS.items()}
