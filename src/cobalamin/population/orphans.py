"""Numbers in the other tables that no row of the patient table has: some are a patient's, written otherwise, and nobody guesses that."""

from __future__ import annotations

from typing import NamedTuple

import duckdb

from cobalamin.population.register import Register
from cobalamin.population.tables import FLOATS, INTEGERS, OTHER_NUMBER, PATIENT, TABLES

# Without spaces, hyphens, quotes, capitals, the .0 of a data frame and zeros before it two spellings of one number are alike.
_SOUND = r"""ltrim(lower(regexp_replace(regexp_replace(trim(patient_id::VARCHAR), '[.]0+$', ''), '[\s"''_-]', '', 'g')), '0')"""


class Orphans(NamedTuple):
    """How many numbers have no row in the patient table, and how many of them may be a patient's that is written otherwise."""

    numbers: int
    alike: int


def add_orphans(con: duckdb.DuckDBPyConnection, register: Register) -> Orphans:
    """Count them, and add to the table `aside` where each that may be a patient's stands first."""
    own = f"SELECT DISTINCT patient_id FROM ({register.rows(PATIENT)}) WHERE patient_id IS NOT NULL"
    others = [table for table in TABLES if table != PATIENT and table in register.files]
    told = " UNION ".join(
        f"SELECT patient_id FROM ({register.rows(table)}) WHERE patient_id IS NOT NULL" for table in others
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE orphans AS SELECT patient_id FROM ({told}) EXCEPT ({own})")
    numbers = _number(con, "SELECT count(*) FROM orphans")
    kind = register.types[PATIENT]["patient_id"]
    if not numbers or kind in (*INTEGERS, *FLOATS):
        return Orphans(numbers, 0)
    con.execute(f"""CREATE OR REPLACE TEMP TABLE orphans_alike AS
        SELECT o.patient_id AS patient_id, min(p.patient_id) AS other
        FROM (SELECT patient_id, {_SOUND} AS sound FROM orphans) o JOIN (SELECT patient_id, {_SOUND} AS sound FROM ({own})) p USING (sound)
        GROUP BY 1""")
    alike = _number(con, "SELECT count(*) FROM orphans_alike")
    for table in others if alike else ():
        con.execute(f"""INSERT INTO aside SELECT '{table}', patient_id::VARCHAR, min(_file), min(_line), {OTHER_NUMBER}, 'patient_id',
                count(*) || CASE WHEN count(*) = 1 THEN ' row' ELSE ' rows' END || '; may be the same person as ' || any_value(other)
            FROM ({register.rows(table, places=True)}) JOIN orphans_alike USING (patient_id) GROUP BY patient_id""")
    return Orphans(numbers, alike)


def _number(con: duckdb.DuckDBPyConnection, query: str) -> int:
    [number] = con.execute(query).fetchone() or (0,)
    return int(number)
