"""What `due` says on request beside the date: how long what is at home lasts, and what a journey moves."""

from __future__ import annotations

from pathlib import Path

from cobalamin.app.cli.days import day
from cobalamin.app.cli.lines import Lines
from cobalamin.app.services.ampoules import at_home
from cobalamin.app.services.away import Days, ahead_of, away_of, away_words, journey
from cobalamin.app.services.cases import CaseRead
from cobalamin.app.services.reviewing import Due, country_of, review_of
from cobalamin.app.services.supply import ahead_for, supply_of, supply_words
from cobalamin.errors import InputError
from cobalamin.records import replace


def looked_ahead(due: Due, read: CaseRead, ampoules: int | None, away: str, policy: Path | None) -> Due:
    """The answer with what was asked beside it. Raises InputError."""
    on, library = due.review.on, due.review.library
    if away:
        days = _journey(away, read, due)
        seen = review_of(read.case, on, None, policy, ahead_of(days, on), library)
        due = replace(due, away=away_of(seen, days))
    outlook = due.review.outlook
    if ampoules is None and not (outlook.ask_first or outlook.emergency):
        home = at_home(read.case, due.review)
        return replace(due, supply=home.supply) if home else due
    if ampoules is not None:
        seen = review_of(read.case, on, None, policy, ahead_for(ampoules), library)
        due = replace(due, supply=supply_of(seen, ampoules))
    return due


def _journey(typed: str, read: CaseRead, due: Due) -> Days:
    first, dots, last = typed.partition("..")
    if not dots or not first.strip() or not last.strip():
        message = f"'{typed}' must be two days with two points between, for example 2026-12-20..2027-01-04"
        raise InputError.one("--away", "", message)
    on = due.review.on
    begins, ends = (day(each, "--away", read, on) for each in (first, last))
    return journey(begins, ends, on)


def show_ahead(due: Due, plain: bool) -> None:
    """Supply and journey, below what is due."""
    seen = due.review
    lines = Lines(seen.library, plain, country_of(seen))
    told = supply_words(due.supply, lines.words) if due.supply else []
    told += away_words(due.away, lines.words, seen.policy.name, seen.policy.basis) if due.away else []
    lines.print()
    for sentence in told:
        lines.print(lines.spelled(sentence))
