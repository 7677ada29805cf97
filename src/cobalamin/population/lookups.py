"""The small lookups that all rows of a register share: every distinct dose, interval, value and profile, each read once.

What a word means is asked of the readers of case files, never of SQL, so that a register and a case file read the same text alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from cobalamin.amounts import AmountRefused, read_dose
from cobalamin.casefile.rows import is_result
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Policy
from cobalamin.population import leaving_days, tables
from cobalamin.population.leaving import LEAVING, has_left, is_read
from cobalamin.population.profiles import Ladders, ReadCase, compile_profiles, short, start_shapes_ladder
from cobalamin.population.register import Register
from cobalamin.population.tables import ADMINISTRATION, CONDITION, DECISION, PATIENT, RESULT
from cobalamin.spans import SpanRefused, add, read_typed_span
from cobalamin.therapy import fold
from cobalamin.therapy.regimen.ladder import UNITS
from cobalamin.therapy.review.issues import ages_of

LOOKUPS = (
    "doses",
    "spans",
    "overrides",
    "practices",
    "profiles",
    "profile_cells",
    "learned",
    "readable",
    "leavings",
    "stays",
)


@dataclass
class Lookups:
    """What all rows share: ladders, and the small relations kept in `folder` as Parquet files."""

    ladders: Ladders
    folder: Path
    practices: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    cutoffs: tuple[date, ...] = ()
    shaping: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)


def make_lookups(
    con: duckdb.DuckDBPyConnection, register: Register, library: Library, read: ReadCase, on: date, policy: Policy, folder: Path
) -> Lookups:  # fmt: skip
    """Read every distinct dose, interval, practice and profile once, and keep what they mean beside the register."""
    folder.mkdir(parents=True, exist_ok=True)
    _keep(con, folder, "doses", ("text VARCHAR", "ng BIGINT"), _doses(con, register))
    _keep(con, folder, "spans", ("text VARCHAR", "own INTEGER"), _spans(con, register))
    _keep(
        con,
        folder,
        "overrides",
        ("patient_id VARCHAR", "event_id VARCHAR", "flags SMALLINT"),
        _overrides(con, register, on),
    )
    practices = _distinct(con, register, PATIENT, "practice")
    numbered = [(name, number) for number, name in enumerate(practices, 1)]
    _keep(con, folder, "practices", ("practice VARCHAR", "number INTEGER"), numbered)
    phases = _distinct(con, register, DECISION, "phase")
    _keep(con, folder, "learned", ("fact VARCHAR", "value VARCHAR"), _learned(con, register, read))
    _keep(con, folder, "readable", ("marker VARCHAR", "value VARCHAR"), _results(con, register, library))
    _keep(
        con,
        folder,
        "leavings",
        ("cell VARCHAR", "told VARCHAR", "gone BOOLEAN", "plain BOOLEAN"),
        _leavings(con, register),
    )
    _keep(con, folder, "stays", leaving_days.COLUMNS, leaving_days.contradicted(con, register, on))
    conditions = tuple(fact for fact in _distinct(con, register, CONDITION, "fact") if fact in register.facts)
    cutoffs, shaping = _shaping(con, register, library, on)
    lookups = Lookups(Ladders(on, policy), folder, practices, phases, cutoffs, shaping, conditions)
    rows = profile_rows(con, register, lookups, on)
    lookups.ladders = compile_profiles(library, [row for _, row in rows], read, on, policy, phases)
    words = lookups.ladders.words
    kept = [(key, number, words[number].plan_unread) for number, (key, _) in enumerate(rows, 1)]
    _keep(con, folder, "profiles", PROFILE_COLUMNS, kept)
    unread = [(number, cell, short(told, 60)) for number, each in enumerate(words) for cell, told in each.unread]
    _keep(con, folder, "profile_cells", ("profile INTEGER", "cell VARCHAR", "told VARCHAR"), unread)
    return lookups


PROFILE_COLUMNS = ("profile_key UBIGINT", "profile INTEGER", "profile_fault BOOLEAN")


def _shaping(
    con: duckdb.DuckDBPyConnection, register: Register, library: Library, on: date
) -> tuple[tuple[date, ...], tuple[str, ...]]:
    """The days of birth at which a rule of a protocol in use changes its answer, and the protocols whose start shapes them."""
    protocols = {name for table in (PATIENT, DECISION) for name in _distinct(con, register, table, "protocol")}
    versions = (*library.protocols(), *library.earlier)
    used = [(version.id, library.content(version)) for version in versions if version.id in protocols]
    ages = {span for _, content in used for span in ages_of(library, content)}
    cutoffs = tuple(sorted({_latest_birth(on, span) for span in ages}))
    return cutoffs, tuple(sorted({name for name, content in used if start_shapes_ladder(content)}))


def _latest_birth(on: date, span: Any) -> date:
    """The latest day of birth at which the age `span` is reached on `on`."""
    day = on.toordinal() - 367 * 130
    low, high = max(day, 1), on.toordinal()
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if add(date.fromordinal(middle), span) <= on else (low, middle - 1)
    return date.fromordinal(low)


def _keep(
    con: duckdb.DuckDBPyConnection, folder: Path, name: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE lookup_{name} ({', '.join(columns)})")
    if rows:
        con.executemany(f"INSERT INTO lookup_{name} VALUES ({', '.join('?' * len(columns))})", rows)
    con.execute(f"COPY lookup_{name} TO '{folder / name}.parquet' (FORMAT parquet)")


def _distinct(con: duckdb.DuckDBPyConnection, register: Register, table: str, column: str) -> tuple[str, ...]:
    """The distinct texts of a column, in order."""
    if not register.has(table, column):
        return ()
    query = f'SELECT DISTINCT "{column}" FROM ({register.rows(table)}) WHERE "{column}" IS NOT NULL ORDER BY 1'
    return tuple(str(row[0]) for row in con.execute(query).fetchall())


def _doses(con: duckdb.DuckDBPyConnection, register: Register) -> list[tuple[str, int]]:
    found = []
    for text in _distinct(con, register, ADMINISTRATION, "dose"):
        try:
            found.append((text, read_dose(text).nanograms))
        except AmountRefused:
            continue
    return found


def _spans(con: duckdb.DuckDBPyConnection, register: Register) -> list[tuple[str, int]]:
    found = []
    for text in _distinct(con, register, DECISION, "interval"):
        try:
            span = read_typed_span(text)
        except SpanRefused:
            continue
        found.append((text, span.number * 4 + UNITS[span.unit]))
    return found


def _results(con: duckdb.DuckDBPyConnection, register: Register, library: Library) -> list[tuple[str, str]]:
    """The values of results that can be read, by the reader of case files: the same text is the same in both."""
    if RESULT not in register.files:
        return []
    query = f"SELECT DISTINCT marker, value FROM ({register.rows(RESULT)}) WHERE marker IS NOT NULL AND value IS NOT NULL ORDER BY ALL"
    found = con.execute(query).fetchall()
    return [(marker, value) for marker, value in found if is_result(str(marker), str(value), library)]


def _leavings(con: duckdb.DuckDBPyConnection, register: Register) -> list[tuple[str, str, bool, bool]]:
    """What stands where the day of death or of leaving should be and is no day: whether it says so, and whether it is a plain word."""
    found = []
    for column in LEAVING:
        if register.has(PATIENT, column):
            query = f"SELECT DISTINCT {column}_told::VARCHAR FROM ({register.rows(PATIENT)}) WHERE {column} IS NULL AND {column}_told IS NOT NULL ORDER BY 1"
            told = [str(row[0]) for row in con.execute(query).fetchall()]
            found += [(column, text, has_left(column, text) is True, is_read(text)) for text in told]
    return found


def _overrides(con: duckdb.DuckDBPyConnection, register: Register, on: date) -> list[tuple[str, str, int]]:
    """What people decided about single doses; of several decisions about one dose the last counts."""
    if not (register.has(DECISION, "event") and register.has(ADMINISTRATION, "event_id")):
        return []
    query = f"""
        SELECT patient_id::VARCHAR, event, arg_max(decision, (date, decision = 'reject', coalesce(event_id, ''))) FROM ({register.rows(DECISION)})
        WHERE decision IN ('credit', 'reject') AND patient_id IS NOT NULL AND event IS NOT NULL AND date <= ? AND "by" IS NOT NULL AND reason IS NOT NULL
        GROUP BY ALL ORDER BY ALL"""
    flags = {"credit": fold.CREDIT, "reject": fold.REJECT}
    return [(who, str(event), flags[word]) for who, event, word in con.execute(query, [on]).fetchall()]


def _learned(con: duckdb.DuckDBPyConnection, register: Register, read: ReadCase) -> list[tuple[str, str]]:
    """The facts of the table condition that can be read; another row is set aside, and its patient keeps the plan."""
    if CONDITION not in register.files:
        return []
    query = f"SELECT DISTINCT fact, value FROM ({register.rows(CONDITION)}) WHERE fact IS NOT NULL AND value IS NOT NULL ORDER BY ALL"
    found = []
    for fact, value in con.execute(query).fetchall():
        try:
            read({str(fact): str(value)})
        except InputError:
            continue
        if fact in register.facts:
            found.append((str(fact), str(value)))
    return found


# -- profiles ----------------------------------------------------------------------------------------------------------


def with_profile_key(query: str, register: Register, lookups: Lookups, on: date) -> str:
    """The rows of a query on patients with the number that names what they share. A person's age counts by its bracket."""
    bracket = " + ".join(f"(birth_date <= DATE '{day}')::INTEGER" for day in lookups.cutoffs) or "0"
    shaping = ", ".join(f"'{name}'" for name in lookups.shaping) or "''"
    shared = ", ".join(f"coalesce({column}, '')" for column in shared_columns(register, lookups))
    return f"""
        SELECT *, coalesce(birth_date > DATE '{on}', false) AS birth_fault,
            hash(concat_ws(chr(31), {shared}, birth_fault, protocol IS NOT NULL AND start IS NULL, CASE WHEN birth_date IS NULL THEN coalesce(birth_date_told::VARCHAR, '') ELSE ({bracket})::VARCHAR || coalesce(start < birth_date, false) END,
            CASE WHEN protocol IN ({shaping}) THEN start::VARCHAR ELSE '' END)) AS profile_key
        FROM ({query})"""


def shared_columns(register: Register, lookups: Lookups) -> tuple[str, ...]:
    facts = tuple(dict.fromkeys((*register.told_facts(), *lookups.conditions)))
    return tuple(f'"{column}"' for column in ("protocol", "version", "choices", "product", "country", "sex", *facts))


def patients(
    register: Register,
    lookups: Lookups,
    on: date,
    within: str = "",
    places: bool = False,
) -> str:
    """Patient rows with their facts as known on the day: what was learned later counts over the row's own column."""
    base = register.rows(PATIENT, within, places)
    if lookups.conditions:
        own = register.told_facts()
        stated = ", ".join(
            f"any_value(value) FILTER (fact = '{fact}') AS learned_{fact}" for fact in lookups.conditions
        )
        before = {fact: f'"{fact}"' if fact in own else "NULL" for fact in lookups.conditions}
        columns = ", ".join(f'coalesce(learned_{fact}, {told}) AS "{fact}"' for fact, told in before.items())
        replaced = [fact for fact in lookups.conditions if fact in own]
        excluded = ", ".join(f'"{fact}"' for fact in replaced)
        learned = f"""
            SELECT patient_id, fact, CASE WHEN count(DISTINCT value) > 1 THEN 'unknown' ELSE any_value(value) END AS value
            FROM (SELECT *, rank() OVER (PARTITION BY patient_id, fact ORDER BY date DESC) AS place
                  FROM ({register.rows(CONDITION, within)}) WHERE date <= DATE '{on}' AND (fact, value) IN (SELECT (fact, value) FROM learned))
            WHERE place = 1 GROUP BY patient_id, fact"""
        base = f"""
            SELECT p.* EXCLUDE (patient_id{", " + excluded if excluded else ""}), p.patient_id, {columns} FROM ({base}) p LEFT JOIN
            (SELECT patient_id, {stated} FROM ({learned}) GROUP BY patient_id) l ON l.patient_id = p.patient_id"""
    return with_profile_key(base, register, lookups, on)


def later_plans(
    register: Register,
    lookups: Lookups,
    on: date,
    within: str = "",
    places: bool = False,
) -> str:
    """Rows of the decision table; those that put a later plan in force with the patient's facts and their profile's number."""
    rows = register.rows(DECISION, within, places)
    if not register.has(DECISION, "protocol"):
        return f"SELECT *, 0 AS profile, false AS profile_fault FROM ({rows})"
    plan = ", ".join(f"d.{column}" for column in tables.PLAN_COLUMNS)
    facts = ", ".join(f"p.{column}" for column in shared_columns(register, lookups)[4:])
    people = patients(register, lookups, on, within)
    joined = f"""
        SELECT d.* EXCLUDE ({", ".join(tables.PLAN_COLUMNS)}), {plan}, {facts}, p.birth_date, p.birth_date_told
        FROM ({rows}) d LEFT JOIN (SELECT * FROM ({people}) QUALIFY row_number() OVER (PARTITION BY patient_id) = 1) p ON p.patient_id = d.patient_id"""
    keyed = with_profile_key(joined, register, lookups, on)
    return f"""
        SELECT k.*, CASE WHEN k.decision = 'plan' THEN coalesce(profiles.profile, 0) ELSE 0 END AS profile,
            coalesce(profiles.profile_fault, false) AS profile_fault
        FROM ({keyed}) k LEFT JOIN profiles ON profiles.profile_key = k.profile_key AND k.decision = 'plan'"""


def profile_rows(
    con: duckdb.DuckDBPyConnection, register: Register, lookups: Lookups, on: date
) -> list[tuple[int, dict[str, str]]]:
    """(number, columns as text) of every distinct profile, in an order that does not depend on how rows are stored."""
    names = [column.strip('"') for column in shared_columns(register, lookups)]
    columns = ", ".join(f'any_value("{name}")' for name in names)
    chosen = f"profile_key, {columns}, min(birth_date_told::VARCHAR), min(start)::VARCHAR"
    con.execute("CREATE OR REPLACE TEMP TABLE learned AS SELECT * FROM lookup_learned")
    con.execute(f"CREATE OR REPLACE TEMP TABLE profiles ({', '.join(PROFILE_COLUMNS)})")
    found = con.execute(f"SELECT {chosen} FROM ({patients(register, lookups, on)}) GROUP BY profile_key").fetchall()
    if register.has(DECISION, "protocol"):
        later = later_plans(register, lookups, on)
        found += con.execute(f"SELECT {chosen} FROM ({later}) WHERE decision = 'plan' GROUP BY profile_key").fetchall()
    rows: dict[int, dict[str, str]] = {}
    for key, *values in found:
        rows.setdefault(
            key, {name: value or "" for name, value in zip((*names, "birth_date", "start"), values, strict=True)}
        )
    return sorted(rows.items(), key=lambda item: (tuple(item[1].values()), item[0]))
