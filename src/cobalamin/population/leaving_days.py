"""Days of death or of leaving that the rest of somebody's record contradicts: they count for nothing, and somebody is to ask."""

from __future__ import annotations

from datetime import date

import duckdb

from cobalamin.population import tables
from cobalamin.population.empty_days import EMPTY_DAYS
from cobalamin.population.leaving import LEAVING
from cobalamin.population.register import Register
from cobalamin.population.tables import ADMINISTRATION, DECISION, PATIENT, RESULT

COLUMNS = ("patient_id VARCHAR", "cell VARCHAR", "day DATE", "why VARCHAR")
_EMPTY = ", ".join(f"DATE '{day}'" for day in EMPTY_DAYS)


def contradicted(con: duckdb.DuckDBPyConnection, register: Register, on: date) -> list[tuple[str, str, date, str]]:
    """(patient, cell, day, what contradicts it) of every day of death or leaving on which its person can't have died or left."""
    cells = [name for name in LEAVING if register.has(PATIENT, name)]
    if not cells:
        return []
    people = f"SELECT * FROM ({register.rows(PATIENT)}) WHERE patient_id IS NOT NULL"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE leavers AS "
        + " UNION ALL ".join(
            f"SELECT patient_id, '{name}' AS cell, {name} AS day, birth_date, CASE WHEN protocol IS NOT NULL THEN start END AS start "
            f"FROM ({people}) WHERE {name} IS NOT NULL"
            for name in cells
        )
    )
    found = con.execute(f"""
        SELECT patient_id::VARCHAR, cell, day, arg_min(why, (place, why)) FROM ({" UNION ALL ".join(_doubts(register, on))})
        GROUP BY ALL ORDER BY ALL""").fetchall()
    con.execute("DROP TABLE leavers")
    return [(who, cell, day, why) for who, cell, day, why in found]


def _doubts(register: Register, on: date) -> list[str]:
    """Queries for (patient, cell, day, place, why), the plainest reason first.

    A list tells no start and often no day of a result: both are then the day of assessment, and prove nothing.
    """
    own = "SELECT patient_id, cell, day, {place} AS place, {why} AS why FROM leavers WHERE {where}"
    found = [
        own.format(place=0, why="'programs write it where there is none'", where=f"day IN ({_EMPTY})"),
        own.format(place=1, why="'it is after the day of assessment'", where=f"cell = 'died_on' AND day > DATE '{on}'"),
        own.format(place=2, why="'born ' || birth_date", where="day < birth_date"),
        own.format(place=6, why="'the plan starts ' || start", where=f"day < start AND start < DATE '{on}'"),
    ]
    given = f"coalesce(date, {tables.month_of('date_told')})"
    found.append(_later(register.rows(ADMINISTRATION), given, "dose", 3, f"{given} <= DATE '{on}'"))
    if register.has(DECISION, "last_dose"):
        last = f"coalesce({tables.day_of('last_dose')}, {tables.month_of('last_dose')})"
        found.append(
            _later(register.rows(DECISION), last, "last dose", 4, f"decision = 'history' AND {last} <= DATE '{on}'")
        )
    if RESULT in register.files:
        found.append(_later(register.rows(RESULT), "date", "result", 5, f"date < DATE '{on}'"))
    return found


def _later(rows: str, day: str, what: str, place: int, where: str) -> str:
    """The leavers of whom the newest such entry is later than the day on which they left."""
    entries = f"SELECT patient_id AS whose, {day} AS entered FROM ({rows}) WHERE {where} AND patient_id IN (SELECT patient_id FROM leavers)"
    return f"""
        SELECT patient_id, cell, day, {place} AS place, '{what} ' || max(entered) AS why
        FROM leavers JOIN ({entries}) ON whose = patient_id AND entered > day GROUP BY patient_id, cell, day"""
