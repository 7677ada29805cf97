"""One row or more for each command: what is typed, what the answer must hold, and which extra it is nothing without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cobalamin.app.services.extras import MODULES

PLANNED, RUNNING = "pernicious-anaemia.yaml", "treatment-running.yaml"
DAY, LATER = ("--on", "2026-01-02"), ("--on", "2026-09-01")
PLAN = ("--protocol", "uk-bnf-noneuro", "--start", "2026-01-05", "--choose", "maintenance_interval=3 mo")
OVER = ("--protocol", "uk-bnf-noneuro", "--last-dose", "2025-11-10", "--interval", "3 mo", "--by", "Dr Ash", *DAY)
GENERATE = ("panel", "generate", "register", "--people", "30", *LATER)
BUILD = ("panel", "build", "register", "--into", "built", "--workers", "1", "--months", "3", *LATER)

LIST_DAY = ("--on", "2026-12-01")
WEEK = ("practice/list.csv", "--mapping", "practice/mapping.yaml", *LIST_DAY)


@dataclass(frozen=True)
class Row:
    """`steps`: what is typed, the last is judged. `extra` and `modules`: what it is nothing without.

    `holds`: what standard output must hold; `writes`: the files of the folder that are new or changed.
    """

    steps: tuple[tuple[str, ...], ...]
    holds: str
    writes: tuple[str, ...] = ()
    extra: str = ""
    modules: tuple[str, ...] = ()
    code: int = 0

    @property
    def typed(self) -> tuple[str, ...]:
        return self.steps[-1]

    @property
    def name(self) -> str:
        return " ".join(self.typed)

    @property
    def needs(self) -> tuple[str, ...]:
        """The modules without which it refuses."""
        population = MODULES["population"] if self.typed[0].startswith("panel") else ()
        return tuple(dict.fromkeys((*population, *(self.modules or MODULES.get(self.extra, ())))))


def row(*typed: str, holds: str, before: tuple[tuple[str, ...], ...] = (), **more: Any) -> Row:
    return Row((*before, typed), holds, **more)


CORE = (
    row("new", "somebody.yaml", holds="is written", writes=("somebody.yaml",)),
    row("check", RUNNING, holds="no faults"),
    row("check", RUNNING, "--json", holds='"readable": true'),
    row("propose", PLANNED, *DAY, holds="uk-bnf-noneuro"),
    row("propose", PLANNED, *DAY, "--json", holds='"options"'),
    row("assess", PLANNED, *DAY, holds="Confirm (done)"),
    row("assess", PLANNED, *DAY, "--json", holds='"steps"'),
    row("plan", PLANNED, *PLAN, *DAY, holds="5 Jan 2026"),
    row("plan", PLANNED, *PLAN, *DAY, "--plain", "--lang", "nl", holds="5 jan 2026"),
    row("plan", PLANNED, *PLAN, *DAY, "--json", holds='"items"'),
    row("accept", PLANNED, *PLAN, *DAY, "--by", "Dr Ash", holds="uk-bnf-noneuro", writes=(PLANNED,)),
    row("record", RUNNING, "given", "2026-08-31", *LATER, holds="This dose", writes=(RUNNING,)),
    row("record", RUNNING, "given", "2026-08-31", *LATER, "--json", holds='"evaluation"', writes=(RUNNING,)),
    row("take-over", PLANNED, *OVER, holds="Taken over", writes=(PLANNED,)),
    row("take-over", PLANNED, *OVER, "--json", holds='"written"', writes=(PLANNED,)),
    row("set", RUNNING, "pregnancy=none", "weight=62 kg", *LATER, holds="weight: it was not asked", writes=(RUNNING,)),
    row("set", RUNNING, "weight=62 kg", *LATER, "--json", holds='"changes"', writes=(RUNNING,)),
    row("undo", RUNNING, "--yes", *LATER, holds="Taken back", writes=(RUNNING,)),
    row("undo", RUNNING, "--yes", *LATER, "--json", holds='"taken_back"', writes=(RUNNING,)),
    row("review", RUNNING, *LATER, holds="is due"),
    row("review", RUNNING, *LATER, "--json", holds='"forecast"'),
    row("due", RUNNING, *LATER, holds="is due"),
    row("due", RUNNING, *LATER, "--if-given", "2026-09-30", "--json", holds='"if_given"'),
    row("due", RUNNING, *LATER, "--ampoules", "3", "--away", "2026-10-01..2026-10-20", holds="order by"),
    row("today", ".", *LATER, holds="Overdue, the longest first:"),
    row("today", ".", *LATER, "--json", holds='"may_be_missing": 0'),
    row("settings", holds="cobalamin settings country=GB"),
    row("explain", RUNNING, "2026-10-09", *LATER, holds="9 October 2026"),
    row("explain", RUNNING, "2026-10-09", *LATER, "--json", holds='"found"'),
    row("compare", PLANNED, *DAY, holds="uk-bnf-noneuro"),
    row("compare", PLANNED, *DAY, "--json", "--svg", "axis.svg", holds='"protocols"', writes=("axis.svg",)),
    row("whatif", PLANNED, *DAY, holds="would"),
    row("whatif", PLANNED, *DAY, "--json", holds='"facts"'),
    row("ask", "how often is hydroxocobalamin given", holds="hydroxocobalamin"),
    row("ask", "how often is hydroxocobalamin given", "--json", holds='"sources"'),
    row("dose", "--dose", "250 mcg", "--strength", "1000 mcg/mL", holds="0.25 mL"),
    row("dose", "--dose", "250 mcg", "--strength", "1000 mcg/mL", "--json", holds='"volume'),
    row("schema", "simulate", holds='"$schema"'),
    row("demo", holds="cobalamin record anna.yaml given"),
    row("library list", holds="uk-bnf-noneuro"),
    row("library list", "--json", holds='"protocols"'),
    row("library list", "--countries", holds="249 countries of ISO 3166-1"),
    row("library list", "--aging", holds="Newer:"),
    row("library show", "uk-bnf-noneuro", holds="uk-bnf-noneuro"),
    row("library show", "uk-bnf-noneuro", "--json", holds='"uk-bnf-noneuro"'),
    row("library check", holds="0 faults"),
    row("library check", "--json", holds='"faults": []'),
    row("library diff", "{package}/knowledge/data", holds="0 changes"),
    row("library diff", "{package}/knowledge/data", "--json", holds='"changes": []'),
    row("library compile", holds="is written"),
    row("library signatures", "uk-bnf-neuro", holds="signed"),
)  # fmt: skip

PANEL: dict[str, Any] = {"before": (GENERATE, BUILD), "extra": "population"}
EXTRAS = (
    row("sheet", RUNNING, "-o", "sheet.pdf", *LATER, holds="is written", writes=("sheet.pdf",), extra="paper", modules=("typst",)),
    row("letter", RUNNING, "-o", "letter.pdf", *LATER, holds="is written", writes=("letter.pdf",), extra="paper", modules=("typst",)),
    row("library review-sheet", "--country", "NZ", "-o", "sheet.xlsx", holds="is written", writes=("sheet.xlsx",), extra="workbook"),
    row("library sign", "not-there.xlsx", "-o", "signature.json", holds="", extra="workbook", code=3),
    row("calendar", RUNNING, "-o", "days.ics", *LATER, holds="days.ics", writes=("days.ics",), extra="paper", modules=("icalendar",)),
    row("simulate", "--scenario", "1 mg every 12 weeks", "--months", "6", "--people", "20", *LATER, holds="A simulation of vitamin B12", extra="kinetics"),
    row("simulate", RUNNING, "--months", "6", "--people", "20", *LATER, "--json", "--csv", "a.csv", "--picture", "a.svg", holds='"bands"', writes=("a.csv", "a.svg"), extra="kinetics"),
    row("panel look", "practice/list.csv", "--write", "draft.yaml", *LIST_DAY, holds="separated by commas", writes=("draft.yaml",), code=5, extra="population"),
    row("panel today", *WEEK, "--mail-merge", "letters.csv", holds="This week: 2", writes=("letters.csv",), code=5, extra="population"),
    row("panel today", *WEEK, "--json", holds='"parts"', code=5, extra="population"),
    row("panel today", *WEEK, "--print", "week.pdf", holds="This week: 2", writes=("week.pdf",), code=5, extra="paper", modules=("typst",)),
    row("panel today", *WEEK, "--xlsx", "week.xlsx", holds="This week: 2", writes=("week.xlsx",), code=5, extra="workbook"),
    row("panel generate", *GENERATE[2:], holds="is written", writes=("register/administration.parquet",), extra="population"),
    row("panel build", *BUILD[2:], before=(GENERATE,), holds="people", writes=("built/manifest.json",), extra="population"),
    row("panel build", *BUILD[2:], "--engine", "spark", before=(GENERATE,), holds="people", writes=("built/manifest.json",), extra="spark"),
    row("panel recall", "built", "--csv", "list.csv", holds="Recall list", writes=("list.csv",), **PANEL),
    row("panel measures", "built", holds="M1", **PANEL),
    row("panel timeline", "built", "--picture", "late.svg", holds="By month end", writes=("late.svg",), **PANEL),
    row("panel reconcile", "built", holds="Rows set aside: 0", **PANEL),
    row("panel demo", "--people", "60", holds="panel recall", extra="population"),
)  # fmt: skip
SERVE = row("serve", "--no-open", "--port", "0", holds="http", extra="web")  # goes on until it is ended
ROWS = (*CORE, *EXTRAS, SERVE)


def steps_of(one: Row) -> list[list[str]]:
    """The steps as a command line has them: a command of a group is two words."""
    return [[*step[0].split(), *step[1:]] for step in one.steps]
