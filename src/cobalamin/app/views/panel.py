"""A panel as text: what was read, who is to be called and why, the audit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from cobalamin.app.services import shipped
from cobalamin.app.views.builder import Screen, shown, typed
from cobalamin.app.views.plan import columns
from cobalamin.population import measures
from cobalamin.population.measures import Result, disclosed
from cobalamin.population.panel import Panel
from cobalamin.population.recall import Recall
from cobalamin.text.days import date_words, day_short

SHOWN, LONGEST_ID = 40, 24
_QUESTIONS = ("GATE", "OPEN_END", "WHAT_NEXT", "HISTORY_NEEDED", "LAST_DOSE_UNKNOWN", "NO_PLAN")


def screen_of() -> Screen:
    return Screen(shipped.library(), False, "GB")


def show_built(manifest: dict[str, Any], folder: Path) -> None:
    """What was read, used and set aside; counts that do not add up are said, not hidden."""
    screen = screen_of()
    on = date_words(date.fromisoformat(manifest["on"]), shipped.library().own_words)
    screen.print(
        screen.say("panel.built", people=f"{manifest['people']:,}", date=on, folder=typed(folder)), style="bold"
    )
    show_missing(screen, manifest["may_be_missing"])
    for file in manifest["files"]:
        _show_file(screen, file)
    for note in manifest["notes"]:
        told = {name: f"{number:,}" for name, number in note.items() if name != "note"}
        screen.indented(screen.say(f"panel.{note['note']}", **told), indent=0)
    show_counts(screen, manifest)
    aside = manifest["set_aside"] or manifest["cells"]
    note = screen.say("panel.aside_note", folder=typed(folder)) if aside else screen.say("panel.aside_none")
    screen.indented(note, indent=0, style="dim")
    screen.closing()


def show_missing(screen: Screen, number: int) -> None:
    """How many people may be on no list, before anything that looks complete."""
    if number:
        text = screen.say("panel.missing", number=f"{number:,}") if number > 1 else screen.say("panel.missing_one")
        screen.indented(text, indent=0, style="bold red")


def _show_file(screen: Screen, file: dict[str, Any]) -> None:
    key = "panel.file_read_below" if file["heading_line"] > 1 else "panel.file_read"
    told = {"file": typed(file["file"]), "encoding": file["encoding"], "separator": file["separator"]}
    screen.indented(screen.say(key, **told, line=file["heading_line"]), indent=0)


def show_counts(screen: Screen, manifest: dict[str, Any]) -> None:
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


def show_recall(found: Recall, practice: str) -> None:
    """The list, with how many people may be missing above it."""
    screen = screen_of()
    title = screen.say(
        "panel.recall_title",
        date=date_words(found.on, shipped.library().own_words),
        through=date_words(found.through, shipped.library().own_words),
    )
    screen.print(
        screen.say("panel.recall_practice", title=title, practice=typed(practice)) if practice else title, style="bold"
    )
    show_missing(screen, found.may_be_missing)
    if not found.rows:
        screen.print(screen.say("panel.recall_none"))
    lines = [_recall_line(screen, row, practice) for row in found.rows[:SHOWN]]
    titles = tuple(screen.say(f"panel.title_{name}") for name in ("patient", "due", "late", "last", "practice"))
    if lines:
        columns(screen, (*titles, screen.say("columns.what")), lines, [row["part"] == 0 for row in found.rows[:SHOWN]])
    _more(screen, len(found.rows))
    others = ", ".join(
        f"{number} {screen.words.find('statuses', status, status)}" for status, number in found.left_out.items()
    )
    screen.print()
    screen.indented(
        screen.say("panel.recall_count", listed=len(found.rows), people=found.people, others=others or "0"), indent=0
    )
    screen.indented(screen.say("panel.recall_order"), indent=0, style="dim")
    screen.closing()


def _recall_line(screen: Screen, row: dict[str, Any], practice: str) -> tuple[str, ...]:
    day = day_short(row["target"], screen.words, with_year=True) if row["target"] else screen.say("panel.no_date")
    late = str(row["days_late"] or "")
    last = day_short(row["last_dose"], screen.words, with_year=True) if row["last_dose"] else ""
    return _id(row), day, late, last, "" if practice else shown(row["practice"] or ""), why(screen, row)


def _id(row: dict[str, Any]) -> str:
    """A patient id that fits a column; a longer one is cut here and whole in the file of --csv."""
    text = shown(str(row["patient_id"]))
    return text if len(text) <= LONGEST_ID else text[: LONGEST_ID - 1] + "…"


def _more(screen: Screen, number: int) -> None:
    if number > SHOWN:
        screen.indented(screen.say("panel.more", number=number - SHOWN))


def why(screen: Screen, row: dict[str, Any]) -> str:
    """Why somebody stands on the list, in words."""
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
        parts.append(screen.say("panel.why_cells", cells=", ".join(row["unread_cells"])))
        if {"died_on", "registered_to"} & set(row["unread_cells"]):
            parts.append(screen.say("panel.why_leaving"))
    return "; ".join(part for part in parts if part)


def _question(screen: Screen, row: dict[str, Any]) -> str:
    return screen.say(f"panel.why_{row['question'].lower()}")


def show_decisions(rows: list[dict[str, Any]]) -> None:
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
        columns(screen, (*titles, screen.say("columns.what")), lines, [False] * len(lines))
    _more(screen, len(rows))


def show_measures(panel: Panel, results: list[Result], shared: bool) -> None:
    """The audit, a measure a line."""
    screen = screen_of()
    screen.print(screen.say("panel.audit_title", date=date_words(panel.on, shipped.library().own_words)), style="bold")
    show_missing(screen, panel.may_be_missing)
    shown = [disclosed(result) for result in results] if shared else results
    names = [name_of(screen, result) for result in shown]
    width = max(map(len, names), default=0)
    for result, name in zip(shown, names, strict=True):
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
        screen.print(f"  {result.measure.id:<4}{name:<{width}}  {share:>5}  {counts}")
        for note in notes:
            screen.indented(note, indent=8, style="dim")
    screen.print()
    screen.indented(
        screen.say("panel.audit_assumed", loading=measures.LOADING_DAYS, waiting=measures.WAITING_DAYS),
        indent=0,
        style="dim",
    )
    if shared:
        note = screen.say("panel.audit_shared", limit=measures.SUPPRESSED_UP_TO, rounding=measures.ROUNDED_TO)
        screen.indented(note, indent=0, style="dim")
    screen.closing()


def name_of(screen: Screen, result: Result) -> str:
    key = f"panel.measure_{result.measure.id.lower()}"
    name = screen.say(key, **({"days": measures.WAITING_DAYS} if result.measure.id == "M8" else {}))
    return screen.say("panel.audit_group", name=name, group=result.group) if result.group else name


def show_people(panel: Panel, measure_id: str, rows: list[dict[str, Any]]) -> None:
    screen = screen_of()
    key = f"panel.measure_{measure_id.lower()}"
    name = screen.say(key, **({"days": measures.WAITING_DAYS} if measure_id == "M8" else {}))
    screen.print(screen.say("panel.people_title", id=measure_id, name=name), style="bold")
    show_missing(screen, panel.may_be_missing)
    for row in rows[:SHOWN]:
        counts = screen.say("panel.counted" if row["counted"] else "panel.not_counted")
        screen.indented(
            f"{typed(row['patient_id'])}  {counts}  {screen.words.find('statuses', row['status'], row['status'])}"
        )
    _more(screen, len(rows))
    screen.closing()


def show_timeline(panel: Panel, months: list[dict[str, Any]]) -> None:
    screen = screen_of()
    screen.print(screen.say("panel.timeline_title"), style="bold")
    show_missing(screen, panel.may_be_missing)
    if not months:
        screen.print(screen.say("panel.timeline_none"))
        return
    for month in months:
        share = "" if month["late_share"] is None else f"{month['late_share']:.0%}"
        bar = "#" * round(40 * (month["late_share"] or 0))
        screen.print(f"  {month['month']}  {month['dated']:>9,}  {month['late']:>8,}  {share:>5}  {bar}")
    screen.indented(
        screen.say("panel.timeline_facts", date=date_words(panel.on, shipped.library().own_words)),
        indent=0,
        style="dim",
    )
    screen.closing()


def _detail(row: dict[str, Any]) -> str:
    return f": {typed(row['detail'])}" if row["detail"] else ""


def show_reconciled(panel: Panel, aside: list[dict[str, Any]], differing: list[dict[str, Any]]) -> None:
    """Rows in = used + set aside, every row set aside with its place, and where the list's own dates differ."""
    screen = screen_of()
    show_missing(screen, panel.may_be_missing)
    show_counts(screen, panel.manifest)
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
