"""A panel as text: what was read, who is to be called and why, the audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from cobalamin.app.services import shipped
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.figures import Audit, Measure, Month, Months
from cobalamin.app.views.tree import ALARM, QUIET, STRONG, Depth
from cobalamin.errors import visible
from cobalamin.population import measures
from cobalamin.population.measures import Result, disclosed
from cobalamin.population.panel import Panel
from cobalamin.population.recall import Recall
from cobalamin.text.days import date_words, day_short

SHOWN, LONGEST_ID = 40, 24
_QUESTIONS = ("GATE", "OPEN_END", "WHAT_NEXT", "HISTORY_NEEDED", "LAST_DOSE_UNKNOWN", "NO_PLAN")

_OWN_NAMES: Mapping[str, str] = {}


def screen_of() -> Builder:
    return Builder(shipped.library(), False, "GB")


def view_of_built(manifest: dict[str, Any], folder: Path) -> View:
    """What was read, used and set aside; counts that do not add up are said, not hidden."""
    screen = screen_of()
    on = date_words(date.fromisoformat(manifest["on"]), shipped.library().own_words)
    screen.print(
        screen.say("panel.built", people=f"{manifest['people']:,}", date=on, folder=typed(folder)), style=STRONG
    )
    add_missing(screen, manifest["may_be_missing"])
    add_files(screen, manifest)
    add_counts(screen, manifest)
    aside = manifest["set_aside"] or manifest["cells"]
    note = screen.say("panel.aside_note", folder=typed(folder)) if aside else screen.say("panel.aside_none")
    screen.indented(note, depth=Depth.FLUSH, style=QUIET)
    screen.closing()
    return screen.view()


def add_missing(screen: Builder, number: int) -> None:
    """How many people may be on no list, before anything that looks complete."""
    if number:
        text = screen.say("panel.missing", number=f"{number:,}") if number > 1 else screen.say("panel.missing_one")
        screen.indented(text, depth=Depth.FLUSH, style=ALARM)


def add_files(screen: Builder, manifest: Mapping[str, Any]) -> None:
    """How each file was read, and what else is to be said of its numbers."""
    for file in manifest["files"]:
        add_file(screen, file)
    for note in manifest["notes"]:
        told = {name: f"{number:,}" for name, number in note.items() if name != "note"}
        screen.indented(screen.say(f"panel.{note['note']}", **told), depth=Depth.FLUSH)


def add_file(screen: Builder, file: dict[str, Any]) -> None:
    key = "panel.file_read_below" if file["heading_line"] > 1 else "panel.file_read"
    told = {"file": typed(file["file"]), "encoding": file["encoding"], "separator": file["separator"]}
    screen.indented(screen.say(key, **told, line=file["heading_line"]), depth=Depth.FLUSH)


def add_counts(screen: Builder, manifest: dict[str, Any]) -> None:
    screen.heading(screen.say("panel.counts_title"))
    for table, counts in manifest["rows"].items():
        row = screen.say(
            "panel.counts_row",
            table=table,
            rows=f"{counts['in']:,}",
            used=f"{counts['used']:,}",
            aside=f"{counts['set_aside']:,}",
        )
        cells = manifest["cells"].get(table, 0)
        screen.indented(screen.say("panel.counts_cells", row=row, cells=f"{cells:,}") if cells else row)
    faults = manifest["faults"]
    if faults:
        screen.heading(screen.say("panel.faults"))
        for fault in faults[:SHOWN]:
            screen.indented(typed(fault))
        if len(faults) > SHOWN:
            screen.indented(screen.say("panel.more_faults", number=len(faults) - SHOWN))


def view_of_recall(found: Recall, practice: str) -> View:
    """The list, with how many people may be missing above it."""
    screen = screen_of()
    title = screen.say(
        "panel.recall_title",
        date=date_words(found.on, shipped.library().own_words),
        through=date_words(found.through, shipped.library().own_words),
    )
    screen.print(
        screen.say("panel.recall_practice", title=title, practice=typed(practice)) if practice else title, style=STRONG
    )
    add_missing(screen, found.may_be_missing)
    if not found.rows:
        screen.print(screen.say("panel.recall_none"))
    lines = [_recall_line(screen, row, practice) for row in found.rows[:SHOWN]]
    titles = tuple(screen.say(f"panel.title_{name}") for name in ("patient", "due", "late", "last", "practice"))
    if lines:
        screen.columns((*titles, screen.say("columns.what")), lines, [row["part"] == 0 for row in found.rows[:SHOWN]])
    _more(screen, len(found.rows))
    others = ", ".join(
        f"{number} {screen.words.find('statuses', status, status)}" for status, number in found.left_out.items()
    )
    screen.print()
    screen.indented(
        screen.say("panel.recall_count", listed=len(found.rows), people=found.people, others=others or "0"),
        depth=Depth.FLUSH,
    )
    screen.indented(screen.say("panel.recall_order"), depth=Depth.FLUSH, style=QUIET)
    screen.closing()
    return screen.view()


def _recall_line(screen: Builder, row: dict[str, Any], practice: str) -> tuple[str, ...]:
    day = day_short(row["target"], screen.words, with_year=True) if row["target"] else screen.say("panel.no_date")
    late = str(row["days_late"] or "")
    last = day_short(row["last_dose"], screen.words, with_year=True) if row["last_dose"] else ""
    return _id(row), day, late, last, "" if practice else row["practice"] or "", why(screen, row)


def _id(row: dict[str, Any]) -> str:
    """A patient id that fits a column; a longer one is cut here and whole in the file of --csv."""
    text = visible(str(row["patient_id"]))
    return text if len(text) <= LONGEST_ID else text[: LONGEST_ID - 1] + "…"


def _more(screen: Builder, number: int) -> None:
    if number > SHOWN:
        screen.indented(screen.say("panel.more", number=number - SHOWN))


def why(screen: Builder, row: Mapping[str, Any], names: Mapping[str, str] = _OWN_NAMES) -> str:
    """Why somebody stands on the list, in words. `names`: what the list calls the columns."""
    parts = [screen.say(f"panel.reason_{row['status']}")]
    if row["question"] in _QUESTIONS:
        parts.append(_question(screen, row))
    if row["interval_asked"]:
        told = {"own": row["own_interval"], "published": row["published_interval"]}
        parts.append(screen.say("panel.why_interval_outside", **told))
    if row["neurological_involvement"] == "present":
        parts.append(screen.say("panel.why_neurological"))
    if row["lifelong"]:
        parts.append(screen.say("panel.why_lifelong"))
    if row["left_on"]:
        parts.append(screen.say("panel.why_leaves", date=date_words(row["left_on"], screen.words)))
    if row["rows_set_aside"]:
        parts.append(screen.say("panel.why_aside", number=row["rows_set_aside"]))
    if row["unread_cells"]:
        parts.append(
            screen.say("panel.why_cells", cells=", ".join(names.get(each, each) for each in row["unread_cells"]))
        )
        if {"died_on", "registered_to"} & set(row["unread_cells"]):
            parts.append(screen.say("panel.why_leaving"))
    return "; ".join(part for part in parts if part)


def _question(screen: Builder, row: Mapping[str, Any]) -> str:
    return screen.say(f"panel.why_{row['question'].lower()}")


def view_of_decisions(rows: list[dict[str, Any]]) -> View:
    screen = screen_of()
    screen.heading(screen.say("panel.decisions_title", number=len(rows)))
    lines: list[tuple[str, ...]] = []
    for row in rows[:SHOWN]:
        since = (
            day_short(row["question_since"], shipped.library().own_words, with_year=True)
            if row["question_since"]
            else screen.say("panel.no_date")
        )
        lines.append((_id(row), since, str(row["days_waiting"] or ""), _question(screen, row)))
    if lines:
        titles = tuple(screen.say(f"panel.title_{name}") for name in ("patient", "since", "waiting"))
        screen.columns((*titles, screen.say("columns.what")), lines, [False] * len(lines))
    _more(screen, len(rows))
    return screen.view()


def view_of_measures(panel: Panel, results: list[Result], shared: bool) -> View:
    """The audit, a measure a line."""
    screen = screen_of()
    screen.print(screen.say("panel.audit_title", date=date_words(panel.on, shipped.library().own_words)), style=STRONG)
    add_missing(screen, panel.may_be_missing)
    shown = [disclosed(result) for result in results] if shared else results
    screen.nodes.append(Audit(tuple(_measure(screen, result) for result in shown)))
    screen.print()
    screen.indented(
        screen.say("panel.audit_assumed", loading=measures.LOADING_DAYS, waiting=measures.WAITING_DAYS),
        depth=Depth.FLUSH,
        style=QUIET,
    )
    if shared:
        note = screen.say("panel.audit_shared", limit=measures.SUPPRESSED_UP_TO, rounding=measures.ROUNDED_TO)
        screen.indented(note, depth=Depth.FLUSH, style=QUIET)
    screen.closing()
    return screen.view()


def _measure(screen: Builder, result: Result) -> Measure:
    share = "" if result.share is None else f"{result.share:.0%}"
    counts = screen.say(
        "panel.audit_row",
        numerator=f"{result.numerator:,}",
        denominator=f"{result.denominator:,}",
        unit=result.measure.unit,
    )
    notes = []
    if result.excluded:
        notes.append(screen.say("panel.audit_excluded", number=f"{result.excluded:,}", why=result.measure.excluded))
    if result.median_days is not None:
        notes.append(screen.say("panel.audit_median", days=f"{result.median_days:.0f}"))
    return Measure(result.measure.id, name_of(screen, result), share, counts, tuple(notes))


def name_of(screen: Builder, result: Result) -> str:
    key = f"panel.measure_{result.measure.id.lower()}"
    name = screen.say(key, **({"days": measures.WAITING_DAYS} if result.measure.id == "M8" else {}))
    return screen.say("panel.audit_group", name=name, group=result.group) if result.group else name


def view_of_people(panel: Panel, measure_id: str, rows: list[dict[str, Any]]) -> View:
    screen = screen_of()
    key = f"panel.measure_{measure_id.lower()}"
    name = screen.say(key, **({"days": measures.WAITING_DAYS} if measure_id == "M8" else {}))
    screen.print(screen.say("panel.people_title", id=measure_id, name=name), style=STRONG)
    add_missing(screen, panel.may_be_missing)
    for row in rows[:SHOWN]:
        counts = screen.say("panel.counted" if row["counted"] else "panel.not_counted")
        screen.indented(
            f"{typed(row['patient_id'])}  {counts}  {screen.words.find('statuses', row['status'], row['status'])}"
        )
    _more(screen, len(rows))
    screen.closing()
    return screen.view()


def view_of_timeline(panel: Panel, months: list[dict[str, Any]]) -> View:
    screen = screen_of()
    screen.print(screen.say("panel.timeline_title"), style=STRONG)
    add_missing(screen, panel.may_be_missing)
    if not months:
        screen.print(screen.say("panel.timeline_none"))
        return screen.view()
    rows = (Month(each["month"], each["dated"], each["late"], each["late_share"]) for each in months)
    screen.nodes.append(Months(tuple(rows)))
    screen.indented(
        screen.say("panel.timeline_facts", date=date_words(panel.on, shipped.library().own_words)),
        depth=Depth.FLUSH,
        style=QUIET,
    )
    screen.closing()
    return screen.view()


def _detail(row: dict[str, Any]) -> str:
    return f": {typed(row['detail'])}" if row["detail"] else ""


def view_of_reconciled(panel: Panel, aside: list[dict[str, Any]], differing: list[dict[str, Any]]) -> View:
    """Rows in = used + set aside, every row set aside with its place, and where the list's own dates differ."""
    screen = screen_of()
    add_missing(screen, panel.may_be_missing)
    add_counts(screen, panel.manifest)
    screen.heading(screen.say("panel.reconcile_title", number=f"{len(aside):,}"))
    if not aside:
        screen.indented(screen.say("panel.reconcile_none"))
    for row in aside[:SHOWN]:
        place = screen.say(
            "panel.reconcile_place", table=row["table"], file=typed(Path(row["file"]).name), line=row["line"]
        )
        cell = f"{row['cell']}: " if row["cell"] else ""
        screen.indented(f"{place}  {typed(row['patient_id'] or '')}  {cell}{row['reason']}{_detail(row)}")
    _more(screen, len(aside))
    if differing:
        screen.heading(screen.say("panel.differ_title", number=f"{len(differing):,}"))
        for row in differing[:SHOWN]:
            target = (
                date_words(row["target"], shipped.library().own_words) if row["target"] else screen.say("panel.no_date")
            )
            said = date_words(row["told"], shipped.library().own_words) if row["told"] else typed(row["as_written"])
            screen.indented(f"{typed(row['patient_id'])}  {screen.say('panel.differ_row', told=said, target=target)}")
        _more(screen, len(differing))
    screen.closing()
    return screen.view()
