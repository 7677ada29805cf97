"""Every measure on the worked row that docs/population.md gives for it, and on its neighbour that does not count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from cobalamin.app.services import panels
from cobalamin.population import measures, recall
from cobalamin.population.panel import Panel
from hazards import hazard

ON = date(2026, 11, 24)
NONEURO = "uk-bnf-noneuro,2026-01-05,maintenance_interval=3 mo"
PATIENTS = f"""patient_id,protocol,start,choices,practice,cause,neurological_involvement,deficiency,previous_treatment,died_on,registered_to
m1-kept,{NONEURO},Ash,not_found,absent,confirmed,none,,
m1-late,{NONEURO},Ash,not_found,absent,confirmed,none,,
m2-left,{NONEURO},Ash,not_found,absent,confirmed,none,,
m5-lapsed,uk-bnf-noneuro,2025-12-01,maintenance_interval=3 mo,Bridge,pernicious_anaemia,absent,confirmed,maintenance,,
m6-stopped,uk-bnf-noneuro,2025-12-01,maintenance_interval=3 mo,Bridge,not_found,absent,confirmed,maintenance,,
m3-kept,uk-bnf-noneuro,2025-12-01,maintenance_interval=3 mo,Bridge,not_found,absent,confirmed,maintenance,,
m7-path,uk-bnf-neuro,2026-01-05,,Ash,pernicious_anaemia,present,confirmed,none,,
m7-not,{NONEURO},Ash,pernicious_anaemia,present,confirmed,none,,
m10-low,{NONEURO},Ash,not_found,absent,confirmed,none,,
dead,uk-bnf-noneuro,2025-12-01,maintenance_interval=3 mo,Bridge,pernicious_anaemia,absent,confirmed,maintenance,2026-10-01,
moved,uk-bnf-noneuro,2025-12-01,maintenance_interval=3 mo,Bridge,pernicious_anaemia,absent,confirmed,maintenance,,2026-10-01
"""
LOADING = ("01-05", "01-07", "01-09", "01-12", "01-14", "01-16")
DOSES = {
    "m1-kept": [f"2026-{day}" for day in LOADING],
    "m1-late": [*(f"2026-{day}" for day in LOADING[:5]), "2026-01-25"],
    "m2-left": ["2026-01-05", "2026-01-07"],
    "m5-lapsed": ["2026-03-01"],
    "m6-stopped": ["2026-03-01"],
    "m3-kept": ["2026-06-01", "2026-09-01"],
    "m7-path": ["2026-01-05", "2026-01-07"],
    "m7-not": [f"2026-{day}" for day in LOADING],
    "dead": ["2026-03-01"],
    "moved": ["2026-03-01"],
}  # fmt: skip
HISTORY = ("m5-lapsed", "m6-stopped", "m3-kept", "dead", "moved")


def written(folder: Path, stop: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    doses = [f"{who},{day},hydroxocobalamin,1 mg,im" for who, days in DOSES.items() for day in days]
    doses.append("m10-low,2026-01-05,hydroxocobalamin,100 micrograms,im")
    told = [f"{who},2025-12-01,history,maintenance,2025-12-01,," for who in HISTORY]
    told += ["m6-stopped,2026-04-01,stop,,,Dr A,at own wish"] if stop else []
    (folder / "patient.csv").write_text(PATIENTS)
    (folder / "administration.csv").write_text("\n".join(["patient_id,date,substance,dose,route", *doses]) + "\n")
    (folder / "decision.csv").write_text(
        "\n".join(["patient_id,date,decision,phase,last_dose,by,reason", *told]) + "\n"
    )
    return folder


def built(folder: Path, stop: bool = False, months: int = 0) -> Panel:
    options = panels.BuildOptions(months=months, workers=1, compiled=False)
    panels.build_panel(written(folder / "register", stop), folder / "panel", ON, options, panels.unwatched)
    panel: Panel = panels.open_panel(folder / "panel")
    return panel


@pytest.fixture(scope="module")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Panel]:
    opened = built(tmp_path_factory.mktemp("measures"), months=24)
    yield opened
    opened.con.close()


def behind(panel: Panel, measure: str) -> dict[str, bool]:
    """Who is in the denominator, and whether they count."""
    return {row["patient_id"]: bool(row["counted"]) for row in measures.people_behind(panel, measure)}


def test_the_worked_rows_of_loading(panel: Panel) -> None:
    on_time, abandoned = behind(panel, "M1"), behind(panel, "M2")
    assert on_time["m1-kept"]
    assert not on_time["m1-late"]
    assert "m7-path" not in on_time  # loading that a decision ends
    assert abandoned["m2-left"]
    assert not abandoned["m1-kept"]


def test_the_worked_rows_of_maintenance(panel: Panel) -> None:
    on_time = behind(panel, "M3")
    assert on_time["m3-kept"]
    assert not on_time["m5-lapsed"]


@hazard("H19")
def test_lapsed_and_stopped_without_a_decision_are_people_let_down(panel: Panel) -> None:
    assert behind(panel, "M5")["m5-lapsed"]
    assert "m6-stopped" not in behind(panel, "M5")  # no cause for life is known
    assert behind(panel, "M6")["m6-stopped"]
    assert not {"dead", "moved"} & set(behind(panel, "M5")) | {"dead", "moved"} & set(behind(panel, "M6"))


def test_a_recorded_stop_is_a_decision(tmp_path: Path) -> None:
    panel = built(tmp_path, stop=True)
    assert behind(panel, "M6")["m6-stopped"] is False
    assert "m6-stopped" not in {row["patient_id"] for row in recall.recall(panel, 30).rows}
    panel.con.close()


def test_the_worked_rows_of_the_neurological_pathway_and_of_waiting(panel: Panel) -> None:
    assert behind(panel, "M7") == {"m7-path": True, "m7-not": False}
    waiting = behind(panel, "M8")
    assert waiting["m7-path"]
    result = next(result for result in measures.measure_all(panel) if result.measure.id == "M8")
    assert result.denominator == len(waiting)
    assert result.median_days is not None


def test_doses_are_counted_by_their_window_and_their_amount(panel: Panel) -> None:
    results = {result.measure.id: result for result in measures.measure_all(panel)}
    assert results["M10"].numerator == 1
    assert (
        results["M10"].denominator == sum(len(days) for who, days in DOSES.items() if who not in ("dead", "moved")) + 1
    )
    assert results["M4"].denominator + results["M4"].excluded == results["M10"].denominator


def test_numerator_denominator_and_people_behind_agree(panel: Panel) -> None:
    for result in measures.measure_all(panel):
        people = behind(panel, result.measure.id)
        if result.measure.unit == "people":
            assert (result.numerator, result.denominator) == (sum(people.values()), len(people))


def test_practices_add_up_to_the_whole(panel: Panel) -> None:
    whole = {result.measure.id: result for result in measures.measure_all(panel)}
    parts = measures.measure_all(panel, by_practice=True)
    for measure_id, result in whole.items():
        mine = [part for part in parts if part.measure.id == measure_id]
        assert sum(part.numerator for part in mine) == result.numerator
        assert sum(part.denominator for part in mine) == result.denominator
        assert sum(part.excluded for part in mine) == result.excluded


def test_shared_figures_hide_small_counts_and_their_shares_follow() -> None:
    measure = measures.MEASURES[0]
    for numerator, denominator, shown in ((7, 103, (0, 105)), (8, 103, (10, 105)), (0, 3, (0, 0))):
        told = measures.disclosed(measures.Result(measure, "", numerator, denominator, 0))
        assert (told.numerator, told.denominator) == shown
        assert told.share == (shown[0] / shown[1] if shown[1] else None)


@hazard("H19")
def test_everybody_is_listed_or_counted_by_the_reason_why_not(panel: Panel) -> None:
    for within in (0, 14, 400):
        found = recall.recall(panel, within)
        assert len(found.rows) + sum(found.left_out.values()) == found.people == 11
        assert all(recall.reasons(row) for row in found.rows)
    assert found.left_out["left"] == 2


def test_the_most_urgent_come_first(panel: Panel) -> None:
    rows = recall.recall(panel, 14).rows
    late = [row for row in rows if row["part"] == 0]
    assert rows[: len(late)] == late
    assert [row["weight"] for row in late] == sorted((row["weight"] for row in late), reverse=True)
    assert late[0]["patient_id"] == "m7-path"  # neurological involvement


def test_decisions_are_listed_longest_wait_first(panel: Panel) -> None:
    waits = [row["days_waiting"] for row in recall.decisions(panel)]
    assert waits == sorted(waits, reverse=True)
    assert "m7-path" in {row["patient_id"] for row in recall.decisions(panel)}


def test_a_month_of_the_timeline_is_the_panel_of_that_day(panel: Panel, tmp_path: Path) -> None:
    months = {month["month"]: month for month in measures.timeline(panel)}
    assert len(months) == 24
    day = date(2026, 9, 30)
    options = panels.BuildOptions(workers=1, compiled=False)
    panels.build_panel(panel.folder.parents[1] / "register", tmp_path, day, options, panels.unwatched)
    then = panels.open_panel(tmp_path)
    counted = dict(then.con.execute("SELECT status, count(*) FROM panel WHERE patient_rows = 1 GROUP BY 1").fetchall())
    then.con.close()
    assert {name: months[str(day)][name] for name in counted} == counted
