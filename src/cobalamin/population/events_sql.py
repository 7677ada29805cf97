"""Rows of the canonical tables as the fold's whole numbers, in SQL: one row in, one row out, whatever it holds.

SQL does what is set-shaped: it names what can't be read and packs the order of events into one number. It decides nothing about
treatment. A row that can't be used comes out as kind SKIPPED with the number of its reason, so nothing is lost silently (H19).
Each query reads the relation `rows` (`tables.readable_rows`) and small lookups: `doses` (text, ng), `spans` (text, own),
`overrides` (event_id, flags), `profiles` (profile_key, profile, fault), `profile_cells` (profile, cell, told), `practices` (practice, number),
`readable` (marker, value), `learned` (fact, value), `leavings` (cell, told, gone, plain), `stays` (patient_id, cell, day, why).
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from cobalamin.amounts import MOST_NANOGRAMS
from cobalamin.casefile.events import GIVEN, REPORTED
from cobalamin.knowledge.vocabulary import ROUTE_SHORT, ROUTES, SUBSTANCES
from cobalamin.population import tables
from cobalamin.population.empty_days import EMPTY_DAYS
from cobalamin.population.following import AT_FIRST, AT_LAST, HEADER, LEFT_SOME_DAY, OVERRIDE, SKIPPED, UNCLAIMED
from cobalamin.population.leaving import LEAVING
from cobalamin.spans import FIRST_YEAR
from cobalamin.therapy import fold
from cobalamin.therapy.case.event_words import INTENTS
from cobalamin.therapy.case.record import PLACE_OF_DECISION, PLACE_OF_KIND, SOURCE_ORDER
from cobalamin.therapy.regimen.ladder import to_days
from cobalamin.therapy.review.course import COVERS, DECIDED, TAKING, TELL_APART

# (kind of the fold, place among the events of one day) of each word of the decision table, as a case file has them. That a
# clinician has looked is used and counted like a decision about one dose, and moves nothing.
_KINDS = {
    "plan": fold.PLAN,
    "history": fold.HISTORY,
    "statement": fold.STATEMENT,
    **DECIDED,
    "reviewed": OVERRIDE,
    **COVERS,
}
DECISIONS = {word: (kind, (PLACE_OF_KIND | PLACE_OF_DECISION)[word]) for word, kind in _KINDS.items()}
WITH_AUTHOR = tuple(DECIDED)
STREAM = ("key", "bits", "code", "until")
OLDEST = to_days(date(FIRST_YEAR, 1, 1))  # the first day that a case file may name

# A row of the stream is four whole numbers, so that sorting and carrying it costs little; `following.event_at` unpacks them.
# key: day (from 1846), place among the kinds of a day (4 bits), source (2 bits), amount (37 bits): the order in which events count.
# bits: kind (5 bits, from -3), table (3), substance (3), flags (12), route or own interval. code: profile, phase, taking or batch. until: start of a
# plan, last dose of a history, end of a cover; `stream.event_at` gives each its field of `fold.Event`.
# A history has the day from which it speaks; its amount in the key is its last dose and its own date, and the doses it tells stand
# above the interval (16 bits).
# A row with a fault has any key that fits: it is only counted.
_KEY = "(((least(greatest({day}, -44999), 900000) + 45000)::BIGINT << 43) + ({rank}::BIGINT << 39) + ({source}::BIGINT << 37) + least(greatest({amount}, 0), 137438953471))"
# Of a row with a fault only kind, table and code are read; its other numbers are there, whatever they are.
_STREAM = """
SELECT patient_id, {tie} AS tie, coalesce({key}, 0)::BIGINT AS key,
    (CASE WHEN fault = 0 THEN {kind} ELSE {skipped} END)::BIGINT + 3 + ({table} << 5) + (({substance})::BIGINT << 8) + (({flags})::BIGINT << 11)
        + (({route})::BIGINT << 23) AS bits,
    (CASE WHEN fault = 0 THEN {code} ELSE fault END)::BIGINT AS code, ({until})::BIGINT AS until
FROM ({checked})
"""
_EMPTY = ", ".join(f"DATE '{day}'" for day in EMPTY_DAYS)
_DATE_FAULTS = f"""
    WHEN date_told IS NULL THEN {tables.NO_DATE} WHEN date IS NULL THEN {tables.BAD_DATE} WHEN date IN ({_EMPTY}) THEN {tables.EMPTY_DATE}
    WHEN day < {OLDEST} THEN {tables.OLD_DATE} WHEN day > {{on}} THEN {tables.FUTURE_DATE}"""
# Of a dose the month is enough; it counts from its first day.
_DOSE_DATE_FAULTS = f"""
    WHEN date_told IS NULL THEN {tables.NO_DATE} WHEN first_day IS NULL THEN {tables.BAD_DATE} WHEN date IN ({_EMPTY}) THEN {tables.EMPTY_DATE}
    WHEN first_day < {OLDEST} THEN {tables.OLD_DATE} WHEN first_day > {{on}} THEN {tables.FUTURE_DATE}"""
_FAULTS = """
SELECT '{table}' AS "table", coalesce(patient_id::VARCHAR, id_told) AS patient_id, _file, _line, CASE WHEN patient_id IS NULL THEN {no_patient} ELSE fault END AS fault,
    '' AS cell, {detail} AS detail
FROM ({checked}) WHERE fault <> 0 OR patient_id IS NULL
"""


def _case(column: str, numbers: dict[str, int]) -> str:
    cases = " ".join(f"WHEN '{word}' THEN {number}" for word, number in numbers.items())
    return f"CASE {column} {cases} END"


def _any_of(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


SUBSTANCE = _case("substance", {word: 1 << number for number, word in enumerate(SUBSTANCES)})
ROUTE = _case(
    "route",
    {word: 1 << number for number, word in enumerate(ROUTES)}
    | {short: 1 << ROUTES.index(word) for short, word in ROUTE_SHORT.items()},
)
SOURCE = _case("source", {word: number for number, word in enumerate(SOURCE_ORDER)})
DAYS = "({column} - DATE '1970-01-01')"


def faults_of(checked: str, table: str) -> str:
    """The rows that are set aside, with where they stand; of a result also what stands there."""
    detail = (
        f"CASE WHEN fault = {tables.BAD_VALUE} THEN left(coalesce(value, ''), 80) ELSE '' END"
        if table == tables.RESULT
        else "''"
    )
    return _FAULTS.format(checked=checked, table=table, no_patient=tables.NO_PATIENT, detail=detail)


def _stream(checked: str, table: str, **numbers: str) -> str:
    return _STREAM.format(checked=checked, skipped=SKIPPED, table=tables.TABLES.index(table), **numbers)


def checked_administrations(on: int, columns: Container[str]) -> str:
    """The doses of the table, each with the number of its fault. `columns`: those that the table really has; what it lacks is neither checked nor computed, row by row."""
    by_id, by_text = "event_id" in columns, "dose" in columns
    read = f"""
        SELECT rows.*, least({DAYS.format(column=f"coalesce(date, last_day({tables.month_of('date_told')}))")}, {on}) AS placed,
            {DAYS.format(column=f"coalesce(date, {tables.month_of('date_told')})")} AS first_day, date IS NULL AS by_month,
            CASE WHEN date IS NULL THEN placed ELSE first_day END AS day, {_amount(columns)} AS ng, {SUBSTANCE} AS sub, {ROUTE} AS way,
            {SOURCE} AS src, as_planned = 'true' AS planned, {"coalesce(overrides.flags, 0)" if by_id else "0"} AS decided
        FROM rows {"LEFT JOIN doses ON doses.text = rows.dose" if by_text else ""}
        {"LEFT JOIN overrides ON overrides.patient_id = rows.patient_id::VARCHAR AND overrides.event_id = rows.event_id" if by_id else ""}"""
    return f"SELECT *, CASE {_DOSE_DATE_FAULTS.format(on=on)} {_dose_faults(columns)} ELSE 0 END AS fault FROM ({read})"


def doses_of_months(on: int, columns: Container[str]) -> str:
    """The doses known by their month once more, on its first day; in the month in which the plan starts (`first_start`), not before."""
    checked = f"SELECT * FROM ({checked_administrations(on, columns)}) WHERE by_month AND fault = 0"
    last = DAYS.format(column=f"last_day({tables.month_of('date_told')})")
    start = DAYS.format(column="first_start")
    early = f"CASE WHEN first_day < {start} AND {start} <= {last} THEN {start} ELSE first_day END"
    return administration_events(on, columns, f"SELECT * REPLACE ({early} AS day) FROM ({checked})", AT_FIRST)


def administration_events(on: int, columns: Container[str], checked: str = "", reading: int = AT_LAST) -> str:
    """The doses of the table as events; one known by its month on its last day, marked as of that reading."""
    by_id, checked = "event_id" in columns, checked or checked_administrations(on, columns)
    key = _KEY.format(
        day="day", rank=PLACE_OF_KIND["administration"], source="coalesce(src, 0)", amount="coalesce(ng, 0)"
    )
    return _stream(
        checked, tables.ADMINISTRATION, key=key, tie="coalesce(event_id, '')" if by_id else "''", kind=str(fold.ADMINISTRATION),
        code=_batch(columns), substance="coalesce(sub, 0)", route="coalesce(way, 0)", until=str(fold.NONE),
        flags=f"{_dose_flags(columns)} + CASE WHEN by_month THEN {reading} ELSE 0 END",
    )  # fmt: skip


def _amount(columns: Container[str]) -> str:
    most = MOST_NANOGRAMS // 1000
    by_number = f"least(greatest(dose_ug, 0), {most + 1}) * 1000" if "dose_ug" in columns else "NULL"
    return f"coalesce(doses.ng, {by_number})" if "dose" in columns else f"({by_number})::BIGINT"


def _batch(columns: Container[str]) -> str:
    """A number for product, batch and place, so that two doses of one day can be told apart; 0 where none is told."""
    if not any(column in columns for column in TELL_APART):
        return "0"
    told = " || '|' || ".join(f"coalesce({column}, '')" for column in TELL_APART)
    nothing = "|" * (len(TELL_APART) - 1)
    return f"CASE WHEN {told} = '{nothing}' THEN 0 ELSE (hash({told}) % 2147483646)::BIGINT + 1 END"


def _dose_flags(columns: Container[str]) -> str:
    flags = {
        "as_planned": f"CASE WHEN planned THEN {fold.AS_PLANNED} ELSE 0 END",
        "intent": f"CASE WHEN intent = 'additional' THEN {fold.ADDITIONAL} ELSE 0 END",
        "expires_on": f"CASE WHEN {DAYS.format(column='expires_on')} < day THEN {fold.EXPIRED} ELSE 0 END",
        "event_id": "decided",
    }
    unknown = " OR ".join(_not_known(column, columns) for column in GIVEN)
    planned = "planned IS NOT TRUE AND" if "as_planned" in columns else ""
    flags |= {"source": f"CASE WHEN {planned} ({unknown}) THEN {fold.UNKNOWN} ELSE 0 END"}
    return " + ".join(["0", *(sql for column, sql in flags.items() if column in columns)])


def _not_known(column: str, columns: Container[str]) -> str:
    """Whether a cell says that nobody knows it, as a dose that was only reported may."""
    if column not in columns or "source" not in columns:
        return "false"
    return f"(coalesce({column}, '') = 'unknown' AND coalesce(source, '') IN ({_any_of(REPORTED)}))"


def _dose_faults(columns: Container[str]) -> str:
    """The faults of a dose as lines of a CASE; the first that applies."""
    unknown = {column: _not_known(column, columns) for column in GIVEN}
    told = (
        " OR ".join(
            f"{column} IS NOT NULL" for column in ("dose", "dose_ug_told") if column.removesuffix("_told") in columns
        )
        or "false"
    )
    planned, given = [], ""
    if "as_planned" in columns:
        given = "planned IS NOT TRUE AND "
        planned = [
            f"WHEN as_planned NOT IN ('true', 'false') THEN {tables.BAD_PLANNED}",
            f"WHEN planned AND (substance IS NOT NULL OR route IS NOT NULL OR {told}) THEN {tables.PLANNED_TWICE}",
        ]
    both = " OR (dose IS NOT NULL AND dose_ug_told IS NOT NULL)" if "dose" in columns and "dose_ug" in columns else ""
    faults = [
        *planned,
        f"WHEN {given}sub IS NULL AND NOT {unknown['substance']} THEN {tables.BAD_SUBSTANCE}",
        f"WHEN {given}NOT ({told}) THEN {tables.NO_DOSE}",
        f"WHEN {given}(ng IS NULL AND NOT {unknown['dose']}{both}) THEN {tables.BAD_DOSE}",
        f"WHEN {given}NOT {unknown['dose']} AND (ng <= 0 OR ng > {MOST_NANOGRAMS}) THEN {tables.ODD_DOSE}",
        f"WHEN {given}way IS NULL AND NOT {unknown['route']} THEN {tables.BAD_ROUTE}",
    ]
    further = {
        "source": f"WHEN source IS NOT NULL AND src IS NULL THEN {tables.BAD_SOURCE}",
        "intent": f"WHEN intent NOT IN ({_any_of(INTENTS)}) THEN {tables.BAD_INTENT}",
        "expires_on": f"WHEN expires_on_told IS NOT NULL AND expires_on IS NULL THEN {tables.BAD_EXPIRY}",
    }
    return " ".join([*faults, *(sql for column, sql in further.items() if column in columns)])


def checked_decisions(on: int) -> str:
    """Decisions, hold, pause, bridge, statements, histories, later plans, each with the number of its fault."""
    read = f"""
        SELECT rows.*, {DAYS.format(column="date")} AS day, {DAYS.format(column="start")} AS begins, spans.own AS own,
            {_case("decision", {word: kind for word, (kind, _) in DECISIONS.items()})} AS kind_of,
            {_case("decision", {word: rank for word, (_, rank) in DECISIONS.items()})} AS rank,
            {_case("taking", {word: TAKING.index(word) for word in TAKING if word})} AS told, {SUBSTANCE} AS sub,
            {DAYS.format(column=f"({tables.day_of('last_dose')})")} AS last_day_told, {tables.month_of("last_dose")} AS last_month,
            last_month IS NOT NULL AND decision = 'history' AS by_month, {DAYS.format(column="last_month")} AS first_day,
            coalesce(last_day_told, CASE WHEN by_month THEN least({DAYS.format(column="last_day(last_month)")}, day) END) AS last,
            CASE WHEN regexp_full_match(doses, '[0-9]{{1,4}}') AND doses::INTEGER BETWEEN {tables.DOSES.least} AND {tables.DOSES.most} THEN doses::INTEGER END AS given
        FROM rows LEFT JOIN spans ON spans.text = rows.interval"""
    return f"""
        SELECT *, CASE {_DATE_FAULTS.format(on=on)}
            WHEN decision IN ({_any_of(tables.OVERRIDES)}) THEN CASE
                WHEN "by" IS NULL OR reason IS NULL THEN {tables.NO_AUTHOR} WHEN NOT known_event THEN {tables.NO_EVENT} ELSE 0 END
            WHEN kind_of IS NULL THEN {tables.BAD_DECISION}
            WHEN decision IN ({_any_of(WITH_AUTHOR)}) AND ("by" IS NULL OR reason IS NULL) THEN {tables.NO_AUTHOR}
            WHEN decision = 'reviewed' AND "by" IS NULL THEN {tables.NO_AUTHOR}
            WHEN decision = 'change_interval' AND own IS NULL THEN {tables.BAD_INTERVAL}
            WHEN until_told IS NOT NULL AND (until IS NULL OR until < date) THEN {tables.BAD_UNTIL}
            WHEN decision = 'history' AND phase IS NULL THEN {tables.NO_PHASE}
            WHEN decision = 'history' AND last IS NULL AND coalesce(last_dose, '') <> 'unknown' THEN {tables.BAD_LAST_DOSE}
            WHEN decision = 'history' AND last_dose IN ({_any_of(EMPTY_DAYS)}) THEN {tables.BAD_LAST_DOSE}
            WHEN decision = 'history' AND (coalesce(first_day, last) > day OR coalesce(first_day, last) < {OLDEST}) THEN {tables.BAD_LAST_DOSE}
            WHEN decision = 'statement' AND told IS NULL THEN {tables.BAD_TAKING}
            WHEN decision = 'plan' AND begins IS NULL THEN {tables.BAD_START}
            WHEN decision = 'plan' AND profile_fault THEN {tables.BAD_PLAN}
            ELSE 0 END AS fault
        FROM ({read})"""


def histories_of_months(on: int, phases: tuple[str, ...]) -> str:
    """The histories whose last dose is known by its month once more, with the month's first day; they speak from its last."""
    checked = f"SELECT * FROM ({checked_decisions(on)}) WHERE by_month AND fault = 0"
    return decision_events(on, phases, checked, AT_FIRST)


def decision_events(on: int, phases: tuple[str, ...], checked: str = "", reading: int = AT_LAST) -> str:
    """Everything of the record that is no dose as events.

    `phases`: the phase names that histories tell; their place is the code of the event. Rows of `plan` come with a `profile`, those of
    `history` with the day on which their plan came into force (`plan_begins`).
    """
    checked = checked or checked_decisions(on)
    told = "first_day" if reading == AT_FIRST else "last"
    phase = _case("phase", {name.replace("'", "''"): number for number, name in enumerate(phases)}) if phases else "-1"
    # Of a decision the code is no number of the fold: it tells two decisions of one day apart, so that one is not counted twice.
    author = "(hash(coalesce(\"by\", '') || '|' || coalesce(reason, '') || '|' || coalesce(event_id, '')) % 2147483647)::BIGINT"
    code = f"CASE decision WHEN 'plan' THEN profile WHEN 'history' THEN {phase} WHEN 'statement' THEN told ELSE {author} END"
    ends = f"coalesce({DAYS.format(column='until')}, {fold.FOREVER})"
    until = (
        f"CASE WHEN decision = 'plan' THEN coalesce(begins, 0) WHEN decision = 'history' THEN coalesce({told}, {fold.NONE}) "
        f"WHEN decision IN ('hold', 'pause', 'bridge') THEN {ends} ELSE {fold.NONE} END"
    )
    override, history = f"decision IN ({_any_of(tables.OVERRIDES)})", "decision = 'history'"
    speaks = f"CASE WHEN {history} THEN greatest(coalesce(last, day), {DAYS.format(column='plan_begins')}) ELSE day END"
    turn = f"CASE WHEN {history} THEN (coalesce({told}, day) + 45000)::BIGINT * 262144 + day + 45000 ELSE 0 END"
    return _stream(
        checked, tables.DECISION, key=_KEY.format(day=f"({speaks})", rank="coalesce(rank, 15)", source=0, amount=turn),
        tie="coalesce(event_id, '')", kind=f"CASE WHEN {override} THEN {OVERRIDE} ELSE kind_of END", code=code,
        substance=f"CASE WHEN {history} THEN coalesce(sub, 0) ELSE 0 END",
        route=f"coalesce(own, 0) + CASE WHEN {history} THEN coalesce(given, 0) << 16 ELSE 0 END", until=until,
        flags=f"CASE WHEN decision = 'plan' AND \"continue\" = 'true' THEN {fold.CONTINUE} ELSE 0 END "
        f"+ CASE WHEN {history} AND own IS NOT NULL AND \"by\" IS NULL THEN {UNCLAIMED} ELSE 0 END "
        f"+ CASE WHEN by_month THEN {reading} ELSE 0 END",
    )  # fmt: skip


def checked_patients(on: int) -> str:
    """The row of each patient; nothing in it sets the row aside, because its person would lose the plan and the facts with it.

    `gone`: the day of death or of leaving; somebody of whom only that is told has left on a day that nobody knows. A day that the
    person's own record contradicts is none.
    """
    days = (
        f"CASE WHEN {name} IS NULL OR {_stays(name)} THEN {fold.FOREVER} ELSE {DAYS.format(column=name)} END"
        for name in LEAVING
    )
    first = f"least({', '.join(days)})"
    marked = " OR ".join(f"({name} IS NULL AND {_leaving(name, 'gone')})" for name in LEAVING)
    return f"""
        SELECT *, CASE WHEN ({marked}) AND {first} > {on} THEN {LEFT_SOME_DAY} ELSE {first} END AS gone, 0 AS fault FROM rows"""


def _leaving(column: str, answer: str) -> str:
    """What the lookup `leavings` answers of a cell that names no day."""
    return f"('{column}', {column}_told::VARCHAR) IN (SELECT (cell, told) FROM leavings WHERE {answer})"


def _stays(column: str) -> str:
    """Whether the lookup `stays` has the day of death or of leaving as one on which its person can't have died or left."""
    return f"(patient_id::VARCHAR, '{column}', {column}) IN (SELECT (patient_id, cell, day) FROM stays)"


def patient_events(on: int) -> str:
    """The row of each patient as the event that comes before all others; its key tells the practice, its route the day of leaving."""
    day, checked = DAYS.format(column="start"), checked_patients(on)
    left = f"CASE WHEN gone = {fold.FOREVER} THEN 0 ELSE gone - {fold.NONE} END"
    return _stream(
        checked, tables.PATIENT, key="-1 - practice_number", tie="''", kind=str(fold.PLAN), code="profile", substance="0", route=left,
        until=f"CASE WHEN protocol IS NULL THEN {fold.NONE} ELSE coalesce({day}, {fold.NONE}) END", flags=str(HEADER),
    )  # fmt: skip


def unread_cells(table: str, on: int) -> str:
    """The cells that can't be read of rows that are used without them: table, patient_id, file, line, fault, cell, what stands there."""
    if table == tables.PATIENT:
        return " UNION ALL ".join([
            _cells(table, "rows", tables.BAD_START, "start", "start IS NULL AND (protocol IS NOT NULL OR start_told IS NOT NULL)"),
            *(_cells(table, "rows", tables.BAD_LEAVING, name, f"{name} IS NULL AND {name}_told IS NOT NULL AND NOT {_leaving(name, 'plain')}") for name in LEAVING),
            *(f"""SELECT '{table}', r.patient_id::VARCHAR, _file, _line, {tables.CONTRADICTED}, '{name}', {name}_told::VARCHAR || ', but ' || why
                FROM rows r JOIN stays ON stays.patient_id = r.patient_id::VARCHAR AND stays.cell = '{name}' AND stays.day = {name}""" for name in LEAVING),
            f"SELECT '{table}', patient_id::VARCHAR, _file, _line, {tables.BAD_CELL}, cell, told FROM rows JOIN profile_cells USING (profile)",
        ])  # fmt: skip
    used = f"(SELECT * FROM ({checked_decisions(on)}) WHERE fault = 0)"
    return " UNION ALL ".join([
        _cells(table, used, tables.BAD_INTERVAL, "interval", "decision = 'history' AND interval IS NOT NULL AND own IS NULL"),
        _cells(table, used, tables.BAD_DOSES, "doses", "decision = 'history' AND doses IS NOT NULL AND given IS NULL"),
        _cells(table, used, tables.BAD_SUBSTANCE, "substance", "decision = 'history' AND substance IS NOT NULL AND sub IS NULL"),
    ])  # fmt: skip


def _cells(table: str, rows: str, fault: int, cell: str, where: str) -> str:
    told = f"{cell}_told" if cell in tables.DATES else cell
    return f"SELECT '{table}', patient_id::VARCHAR, _file, _line, {fault}, '{cell}', left(coalesce({told}::VARCHAR, ''), 80) FROM {rows} WHERE {where}"


def checked_results(on: int, markers: tuple[str, ...]) -> str:
    """The rows of the table result. The relation `readable` has the values that the reader of case files takes, with their markers."""
    return f"""
        SELECT *, CASE {_DATE_FAULTS.format(on=on)} WHEN marker IS NULL OR marker NOT IN ({_any_of(markers)}) THEN {tables.BAD_MARKER}
            WHEN value IS NULL OR (marker, value) NOT IN (SELECT (marker, value) FROM readable) THEN {tables.BAD_VALUE} ELSE 0 END AS fault
        FROM (SELECT *, {DAYS.format(column="date")} AS day FROM rows)"""


def checked_conditions(on: int) -> str:
    return f"""
        SELECT *, CASE {_DATE_FAULTS.format(on=on)}
            WHEN fact IS NULL OR value IS NULL OR (fact, value) NOT IN (SELECT (fact, value) FROM learned) THEN {tables.BAD_FACT} ELSE 0 END AS fault
        FROM (SELECT *, {DAYS.format(column="date")} AS day FROM rows)"""
