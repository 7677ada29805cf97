"""What the simulation page asks, as it was typed: read field by field, so that each fault stands at its field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from starlette.datastructures import QueryParams

from cobalamin.amounts import laboratory_value
from cobalamin.app.services.simulation.answer import AS_PLANNED
from cobalamin.app.services.simulation.body import CAUSES, SimulateOptions
from cobalamin.app.services.typed import day
from cobalamin.app.web.frame.forms import told_day
from cobalamin.app.web.simulation.address import rows_of_query
from cobalamin.app.web.simulation.table import NAMES as CELLS
from cobalamin.app.web.simulation.table import Coming, Row, parts_of, query_of, rows_of_text, text_of
from cobalamin.errors import Fault, InputError
from cobalamin.kinetics.doses import Body, check_body

PEOPLE = 200  # of a page: enough for steady bands, few enough to follow what is typed
YEARS_AROUND = 20
MONTHS = ("12", "24", "36", "60", "120", "240")
LONGEST_TEXT = 600
DAYS = ("start", "stop")
NAMES = (*DAYS, "months", "cause", "weight", "gfr", "serum", "compare")
EXAMPLE = "1 mg hydroxocobalamin intramuscular every 2 days x 6 then every 3 months"
_NUMBER = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,3})?) ?([A-Za-z/]*)")
_MEASURES = {"weight": ("kg", "62 kg"), "gfr": ("mL/min", "45 mL/min"), "serum": ("pg/mL", "110 ng/L or 81 pmol/L")}


@dataclass
class Wanted:
    """The fields of the page as they were typed, and what is wrong with them."""

    rows: list[Row]
    start: str = ""
    stop: str = ""
    months: str = ""
    cause: str = ""
    weight: str = ""
    gfr: str = ""
    serum: str = ""
    compare: str = ""
    is_plan: bool = False  # the table is untouched: the plan itself
    unclear: bool = False  # the address holds what no table holds, so that an edited table would lose it
    faults: list[Fault] = field(default_factory=list)

    def query(self) -> dict[str, str]:
        """What an address holds of it."""
        told = {name: getattr(self, name) for name in NAMES}
        return {**query_of(self.rows), **{name: value for name, value in told.items() if value}}

    @property
    def more(self) -> bool:
        """Whether something beside the table was typed, so that it is seen."""
        told = [name for name in NAMES if name != "start" and getattr(self, name)]
        return bool(told) or any(fault.path in NAMES for fault in self.faults)

    @property
    def faults_in_order(self) -> list[Fault]:
        """The faults as the page has their fields from top to bottom."""
        order = [f"{name}-{row}" for row in range(1, len(self.rows) + 1) for name in CELLS]
        places = {name: place for place, name in enumerate(("parts", *order, *NAMES))}
        return sorted(self.faults, key=lambda fault: places.get(fault.path, len(places)))

    def fault(self, name: str) -> str:
        """What is wrong with one field."""
        return next((fault.message for fault in self.faults if fault.path == name), "")

    def add_faults(self, error: InputError) -> None:
        """Faults that a service found, at the field they belong to."""
        for fault in error.faults:
            name = fault.file.removeprefix("--") if fault.file.startswith("--") else fault.path.removeprefix("facts.")
            known = name.split("-")[0] in (*CELLS, *NAMES)
            self.faults.append(Fault("", 0, name if known else "parts", fault.message))


def read_wanted(query: QueryParams, coming: Coming | None) -> Wanted:
    """What an address asks. A page that was just opened begins with what the plan has to come, or with an example."""
    wanted = Wanted([])
    wanted.rows = rows_of_query(query, wanted.faults)
    for name in NAMES:
        _refuse_unclear(query, name, wanted)
        typed = told_day(lambda key: query.get(key, ""), name) if name in DAYS else query.get(name, "").strip()
        setattr(wanted, name, typed[:LONGEST_TEXT])
    _read_typed(query, wanted)
    wanted.unclear = bool(wanted.faults)
    if not wanted.rows:
        wanted.rows = list(coming.rows) if coming else rows_of_text(EXAMPLE)
    if coming and not wanted.start:
        wanted.start = str(coming.start)
    if coming and tuple(wanted.rows) == coming.rows and wanted.start == str(coming.start):
        wanted.is_plan = True
    return wanted


def _read_typed(query: QueryParams, wanted: Wanted) -> None:
    """A regimen that was typed as on the command line, as rows."""
    typed = query.get("scenario", "").strip()[:LONGEST_TEXT]
    if not typed:
        return
    _refuse_unclear(query, "scenario", wanted)
    if wanted.rows:
        message = f"the address holds a table and '{typed}' as well; send one of them"
        wanted.faults.append(Fault("", 0, "parts", message))
        return
    try:
        wanted.rows = rows_of_text(typed)
    except InputError as error:
        wanted.rows = [Row()]
        wanted.add_faults(error)


def _refuse_unclear(query: QueryParams, name: str, wanted: Wanted) -> None:
    """A fault where a field was sent several times and differs, or is longer than what is read of it."""
    at = name if name in NAMES else "parts"
    parts = [f"{name}.{part}" for part in ("day", "month", "year")] if name in DAYS else []
    for key in (name, *parts):
        several = [value.strip() for value in query.getlist(key)] or [""]
        if len(set(several)) > 1:
            message = f"was sent {len(several)} times with different values; send one of them"
            wanted.faults.append(Fault("", 0, at, message))
        elif len(several[0]) > LONGEST_TEXT:
            message = f"is too long; at most {LONGEST_TEXT} characters can be taken"
            wanted.faults.append(Fault("", 0, at, message))


def options_of(wanted: Wanted, on: date, has_plan: bool, has_record: bool) -> SimulateOptions | None:
    """The options of the command that say the same; None, with the faults in `wanted`, where a field can't be taken."""
    found = _Reading(wanted, on, has_record)
    text = found.scenario()
    others = found.compared()
    beside = (AS_PLANNED,) if has_plan and (wanted.stop or not wanted.is_plan) else ()
    options = SimulateOptions(
        scenario="" if wanted.is_plan else text, start=None if wanted.is_plan else found.on_day("start"), stop=found.on_day("stop"),
        months=found.months(), people=PEOPLE, compare=(*beside, *others), weight=found.number("weight"), gfr=found.number("gfr"),
        serum=found.number("serum"), cause=found.cause(),
    )  # fmt: skip
    return None if wanted.faults else options


class _Reading:
    def __init__(self, wanted: Wanted, on: date, has_record: bool) -> None:
        self.wanted, self.on, self.has_record = wanted, on, has_record

    def _wrong(self, name: str, message: str) -> None:
        self.wanted.faults.append(Fault("", 0, name, message))

    def scenario(self) -> str:
        try:
            text = text_of(self.wanted.rows)
            parts_of(text)
        except InputError as error:
            self.wanted.add_faults(error)
            return ""
        return text

    def compared(self) -> tuple[str, ...]:
        text = self.wanted.compare
        try:
            parts_of(text) if text else None
        except InputError as error:
            self._wrong("compare", error.faults[0].message)
        return (text,) if text else ()

    def on_day(self, name: str) -> date | None:
        text = getattr(self.wanted, name)
        if not text:
            return None
        try:
            found = day(text, name)
        except InputError as error:
            self._wrong(name, error.faults[0].message)
            return None
        if abs(found.year - self.on.year) > YEARS_AROUND:
            self._wrong(
                name, f"{found} is too far away; days up to {YEARS_AROUND} years from {self.on} can be simulated"
            )
        if name == "start" and self.has_record and found < self.on:  # else the table would stand for recorded doses
            self._wrong(name, f"{found} lies before {self.on}; what was given until then is in the record")
        return found

    def months(self) -> int:
        if self.wanted.months and self.wanted.months not in MONTHS:
            self._wrong("months", f"choose one of {', '.join(MONTHS)} months")
        return int(self.wanted.months) if self.wanted.months in MONTHS else 0

    def cause(self) -> str:
        if self.wanted.cause and self.wanted.cause not in CAUSES:
            self._wrong("cause", "choose one of the list")
        return self.wanted.cause

    def number(self, name: str) -> float | None:
        text = getattr(self.wanted, name)
        if not text:
            return None
        unit, example = _MEASURES[name]
        match = _NUMBER.fullmatch(text)
        value = laboratory_value(Decimal(match.group(1)), match.group(2) or unit, unit) if match else None
        if value is None:
            self._wrong(name, f"'{text}' can't be read; write a number, for example {example}")
            return None
        try:
            check_body(
                {"weight": Body(weight=float(value)), "gfr": Body(gfr=float(value)), "serum": Body(serum=float(value))}[
                    name
                ]
            )
        except InputError as error:
            self._wrong(name, error.faults[0].message)
        return float(value)
