"""The canonical tables: their columns in the contract's words, and why a row of one may be set aside."""

from __future__ import annotations

from collections.abc import Mapping

from cobalamin.knowledge.vocabulary import ROUTES, SUBSTANCES
from cobalamin.spans import FIRST_YEAR, LAST_YEAR
from cobalamin.therapy.case.event_words import INTENTS, SOURCES
from cobalamin.therapy.case.events import key_of

PATIENT, ADMINISTRATION, DECISION, RESULT, CONDITION = "patient", "administration", "decision", "result", "condition"
TABLES = (PATIENT, ADMINISTRATION, DECISION, RESULT, CONDITION)

# Columns that must be there, and that may be; the patient table may also have a column for every fact of the contract.
REQUIRED: Mapping[str, tuple[str, ...]] = {
    PATIENT: ("patient_id",),
    ADMINISTRATION: ("patient_id", "date"),
    DECISION: ("patient_id", "date", "decision"),
    RESULT: ("patient_id", "date", "marker", "value"),
    CONDITION: ("patient_id", "date", "fact", "value"),
}
PLAN_COLUMNS = ("protocol", "version", "start", "choices", "product")
OPTIONAL: Mapping[str, tuple[str, ...]] = {
    PATIENT: (*PLAN_COLUMNS, "practice", "country", "birth_date", "sex", "registered_to", "died_on"),
    ADMINISTRATION: (
        "substance", "dose", "dose_ug", "route", "as_planned", "source", "intent", "product", "batch", "site", "side", "expires_on",
        "event_id",
    ),
    DECISION: (
        "by", "reason", "interval", "until", "event", "phase", "last_dose", "doses", "substance", "taking", "continue", "event_id",
        "answers", "finding", *PLAN_COLUMNS,
    ),
    RESULT: ("event_id",),
    CONDITION: ("event_id",),
}  # fmt: skip
LINE_COLUMNS = ("_file", "_line")  # where a row of a CSV stood

DOSES = key_of("history", "doses").value
# Why a row is set aside. A number is its place in this list, so it is only ever added to at the end.
REASONS = (
    "", "the date is missing", "the date is not a day written YYYY-MM-DD", "the date is before 1850",
    "the date is after the day of assessment", f"the substance is missing or not one of {', '.join(SUBSTANCES)}",
    "the dose is missing; write dose with its unit, or as_planned true where it was given as planned",
    "the dose can't be read; write a number and mg or micrograms, for example 1 mg", "the dose is not above 0 and at most 100 g",
    f"the route is missing or not one of {', '.join(ROUTES)}",
    f"the source is not one of {', '.join(SOURCES)}", f"the intent is not {' or '.join(INTENTS)}",
    "as_planned is not true or false", "as_planned is true and a substance, dose or route stands beside it; keep one of the two",
    "expires_on is not a day written YYYY-MM-DD", "the decision is not one that this table knows",
    "by and reason are missing; a decision has both", "the interval is missing, can't be read or is not from 1 d to 10 a; write it as 8 wk or 3 mo",
    "until is not a day written YYYY-MM-DD on or after the date", "last_dose is not a day written YYYY-MM-DD, not after the date, or unknown",
    f"doses is not a whole number from {DOSES.least} to {DOSES.most}", "taking is not yes, partly or no", "the decision names no administration of the table",
    "start is missing or not a day written YYYY-MM-DD", "registered_to or died_on is not a day written YYYY-MM-DD",
    "birth_date is not a day written YYYY-MM-DD up to the day of assessment", "the plan or a fact can't be read",
    "the phase is missing", "the row has no patient_id", "two rows of the patient table have this patient_id",
    "the row can't be read as a line of this table", "the marker is not one of the contract's",
    "the value is missing, or no number with a unit of its marker; write it as 231 ng/L", "the fact is not one of the contract's, or its value is missing",
    "no row of the tables patient, administration and decision has this patient_id", "the cell can't be read; the rest of the row is used",
    "another line has this number, and nothing shows that both are one person; map the column of the name or the birth date",
    "the patient's number is no NHS number: ten digits, the last of which checks the others",
    "another line has this number written with other spaces or hyphens; both may be one person",
    "nobody can have died or left on this day, so it does not count and the person stays on the list; ask",
    "the date is one that programs write for an empty cell",
    "no row of the table patient has this number; a patient's is much like it",
)  # fmt: skip
(
    NO_DATE, BAD_DATE, OLD_DATE, FUTURE_DATE, BAD_SUBSTANCE, NO_DOSE, BAD_DOSE, ODD_DOSE, BAD_ROUTE, BAD_SOURCE, BAD_INTENT,
    BAD_PLANNED, PLANNED_TWICE, BAD_EXPIRY, BAD_DECISION, NO_AUTHOR, BAD_INTERVAL, BAD_UNTIL, BAD_LAST_DOSE, BAD_DOSES, BAD_TAKING,
    NO_EVENT, BAD_START, BAD_LEAVING, BAD_BIRTH, BAD_PLAN, NO_PHASE, NO_PATIENT, TWO_PATIENTS, BAD_LINE, BAD_MARKER, BAD_VALUE, BAD_FACT, NOBODY,
    BAD_CELL, SHARED_NUMBER, DOUBTFUL_NUMBER, OTHER_SPELLING, CONTRADICTED, EMPTY_DATE, OTHER_NUMBER,
) = range(1, len(REASONS))  # fmt: skip


OVERRIDES = ("credit", "reject")
LOST_PEOPLE = (
    BAD_LINE,
    NO_PATIENT,
    SHARED_NUMBER,
    DOUBTFUL_NUMBER,
)  # of a row set aside for one of these nobody knows whose it is
INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
IDS = (*INTEGERS, "VARCHAR")
FLOATS = ("FLOAT", "DOUBLE")  # as data frames write whole numbers of which some are blank
DATES = ("date", "start", "birth_date", "registered_to", "died_on", "expires_on", "until")


# The days that a case file may name too (`spans.read_date`); one outside is no day, for the fold as for a person.
FIRST_DAY, LAST_DAY = f"DATE '{FIRST_YEAR}-01-01'", f"DATE '{LAST_YEAR}-12-31'"
_A_DAY = "'[0-9]{4}-[0-9]{2}-[0-9]{2}'"


def readable_rows(
    table: str, types: Mapping[str, str], relation: str, facts: tuple[str, ...] = (), nobodys: tuple[str, ...] = ()
) -> str:
    """A query for the rows of `relation` with every column of the table: text, dates as DATE beside what was told.

    `types`: the columns it has, with their DuckDB types. A column it lacks is empty, and so is a patient_id that is blank or one of
    `nobodys`, with what was told beside it as `id_told`; `start` has
    `start_told` beside it, the text of what stood there, so that a date that can't be read differs from none.
    """
    extra = facts if table == PATIENT else ()
    columns = [
        _readable(column, types) for column in (*REQUIRED[table], *OPTIONAL[table], *extra) if column != "patient_id"
    ]
    places = [f'"{column}"' if column in types else f"NULL AS {column}" for column in LINE_COLUMNS]
    told = "CASE WHEN trim(patient_id::VARCHAR) <> '' THEN patient_id::VARCHAR END AS id_told"
    return f"SELECT {_who(types['patient_id'], nobodys)}, {told}, {', '.join([*columns, *places])} FROM {relation}"


def _who(own: str, nobodys: tuple[str, ...]) -> str:
    """The patient's number; NULL where a blank, a word or no whole number stands in its place."""
    if own in FLOATS:
        exact = 1 << (24 if own == "FLOAT" else 53)  # beyond it the last digits may be others
        whole = f"isfinite(patient_id) AND patient_id = trunc(patient_id) AND abs(patient_id) < {exact}"
        return f"CASE WHEN {whole} THEN patient_id::BIGINT END AS patient_id"
    if own != "VARCHAR":
        return "patient_id"
    words = ", ".join("'" + each.replace("'", "''") + "'" for each in nobodys)
    is_one = "trim(patient_id) <> ''" + (f" AND patient_id NOT IN ({words})" if words else "")
    return f"CASE WHEN {is_one} THEN patient_id END AS patient_id"


def day_of(text: str) -> str:
    """The day that a text names, in SQL; NULL where it names none."""
    return f"CASE WHEN regexp_full_match({text}, {_A_DAY}) THEN try_cast({text} AS DATE) END"


def month_of(text: str) -> str:
    """The first day of the month that a text names, in SQL; NULL where it names none."""
    return f"CASE WHEN regexp_full_match({text}::VARCHAR, '[0-9]{{4}}-[0-9]{{2}}') THEN try_cast({text}::VARCHAR || '-01' AS DATE) END"


def _readable(column: str, types: Mapping[str, str]) -> str:
    own = types.get(column, "")
    text = f"nullif(\"{column}\"{'' if own == 'VARCHAR' else '::VARCHAR'}, '')" if own else "NULL::VARCHAR"
    if column == "dose_ug":
        whole = own in INTEGERS
        return (
            "dose_ug::BIGINT AS dose_ug, dose_ug AS dose_ug_told"
            if whole
            else f"CASE WHEN regexp_full_match({text}, '[0-9]{{1,12}}([.]0+)?') THEN try_cast({text} AS DOUBLE)::BIGINT END AS dose_ug, {text} AS dose_ug_told"
        )
    if column not in DATES:
        return f'{text} AS "{column}"'
    return f'{_date(column, own, text)} AS "{column}", {text} AS {column}_told'


def _date(column: str, own: str, text: str) -> str:
    """A column as a DATE. Of the table's own `date` one outside the range is told apart from none, so it stays."""
    day = day_of(text)
    if own == "DATE":
        day = f'CASE WHEN isfinite("{column}") THEN "{column}" END'
    elif own.startswith("TIMESTAMP") and "ZONE" not in own:  # as data frames write a day
        day = (
            f'CASE WHEN isfinite("{column}") AND "{column}" = date_trunc(\'day\', "{column}") THEN "{column}"::DATE END'
        )
    if column == "date":
        return f"CASE WHEN {day} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {day} END"
    return f"CASE WHEN {day} BETWEEN {FIRST_DAY} AND {LAST_DAY} THEN {day} END"
