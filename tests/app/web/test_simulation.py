"""The simulation page without a browser: one schedule in table, address, command and document; nothing saved; every fault at its field."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from command_line import Run
from hypothesis import given, settings
from hypothesis import strategies as st
from web_site import DAY, RUNNING, Visitor, main_of, visitor_of, words_of

from hazards import hazard

pytest.importorskip("numpy", reason="simulations need the extra 'kinetics'")

from cobalamin.app.services.simulation.body import SimulateOptions
from cobalamin.app.web.simulation import page as simulation
from cobalamin.app.web.simulation.table import Row, parts_of, rows_of_text, text_of
from cobalamin.errors import InputError
from cobalamin.kinetics.scenario import read_scenario

CASE = f"{RUNNING}/simulate"
LOADED = "1 mg hydroxocobalamin intramuscular every 2 days x 6 then 1 mg hydroxocobalamin intramuscular every 3 months"
SCRIPTS = "".join(f'<script src="/static/{name}.js" defer></script>' for name in ("follow", "read"))
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u202e"
ORAL = """cobalamin: 1
patient: {id: oral-1, birth_date: 1970-01-01, country: GB}
facts: {deficiency: confirmed, cause: dietary, neurological_involvement: absent, anaemia: none, previous_treatment: none, none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid]}
plan: {protocol: uk-bnf-oral-diet, version: 1, start: 2026-08-01, choices: {maintenance_dose: 50 mcg}, policy: engineering-default, accepted_by: Dr A, accepted_on: 2026-08-01}
record: []
"""


def asked(**fields: str) -> str:
    return urlencode({name.replace("__", "."): value for name, value in fields.items()})


def row(number: int, **fields: str) -> dict[str, str]:
    usual = {"dose": "1", "unit": "mg", "substance": "hydroxocobalamin", "route": "intramuscular", "every": "12", "spacing": "weeks", "length": "", "measure": "times"}  # fmt: skip
    return {f"{name}.{number}": value for name, value in {**usual, **fields}.items()}


def values_of(page: str) -> dict[str, str]:
    """What the form of the page would send as it stands."""
    form = re.findall(r'<form method="get".*?</form>', main_of(page), re.S)[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        found[name.group(1) if name else ""] = html.unescape(value.group(1)) if value else ""
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside) or re.search(r'<option value="([^"]*)"', inside)
        found[name] = html.unescape(chosen.group(1)) if chosen else ""
    return found


def links_of(page: str) -> list[str]:
    return [html.unescape(link) for link in re.findall(r'<a [^>]*href="([^"#]+)"', main_of(page))]


def document_of(visitor: Visitor, page: str) -> dict[str, Any]:
    link = next(link for link in links_of(page) if link.startswith("/api/"))
    found: dict[str, Any] = visitor.site.get(link).json()
    return found


def fault_at(page: str, name: str) -> str:
    found = re.search(rf'<p class="field-fault" id="{name}-fault" data-follows>(.*?)</p>', page, re.S)
    assert found, name
    return html.unescape(found.group(1))


# -- one schedule in four forms ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    LOADED, "nothing", "1 mg im every 8 weeks", "1000 micrograms cyanocobalamin oral daily", "0.5 mg sublingual 3 times a week for 2 months then 1 mg im monthly x 3",
    "1.5 mg nasal weekly for 1 year then 250 micrograms sc every 2 years", "1 mg im alternate days for 2 weeks; every 3 months",
])  # fmt: skip
def test_a_typed_regimen_comes_back_from_the_table_with_the_same_meaning(text: str) -> None:
    there = parts_of(text_of(rows_of_text(text)))
    assert [(each.substance, each.dose.nanograms, each.route, each.spacing, each.end) for each in there] == [
        (each.substance, each.dose.nanograms, each.route, each.spacing, each.end) for each in read_scenario(text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "1 mg every 9999 years",
        "1 mg every 999 months",
        "1 mg daily for 9999 weeks then weekly",
        "1 mg daily x 1 then " * 9 + "weekly",
    ],
)
def test_what_the_model_or_the_table_has_no_room_for_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        rows_of_text(text)


@pytest.mark.parametrize("address", [
    "/simulate", f"/simulate?{urlencode({'scenario': LOADED, 'stop': '2027-09-01'})}", "/simulate?scenario=1+mg+cyanocobalamin+oral+daily&compare=nothing&weight=62&gfr=40&serum=81+pmol/L&cause=dietary&months=36",
    CASE, f"{CASE}?scenario=1+mg+every+8+weeks", f"{CASE}?scenario=nothing&start=2026-09-01", "/case/vegan.yaml/simulate", "/case/moved-here.yaml/simulate?scenario=1+mg+every+4+months",
])  # fmt: skip
def test_page_document_table_picture_and_command_have_the_same_numbers(
    visitor: Visitor, run: Callable[..., Run], address: str
) -> None:
    page = visitor.get(address).text
    told = document_of(visitor, page)
    command = html.unescape(re.search(r'<pre class="file">(.*?)</pre>', page, re.S).group(1))  # type: ignore[union-attr]  # it is there, or this fails
    program, *words = shlex.split(command)
    assert program == "cobalamin"
    at_home = [str(visitor.folder / word) if word.endswith(".yaml") else word for word in words]
    assert run(*at_home, "--json").document == told
    rows = list(
        csv.DictReader(io.StringIO(visitor.site.get(next(link for link in links_of(page) if ".csv?" in link)).text))
    )
    assert [float(each["serum_b12_50"]) for each in rows[: len(told["days"])]] == told["readings"][0]["bands"][
        "serum_b12"
    ][2]
    picture = visitor.site.get(next(link for link in links_of(page) if ".svg?" in link))
    assert picture.headers["content-type"].startswith("image/svg+xml")
    end = told["readings"][0]["bands"]["serum_b12"][2][-1]
    shown = {f"{end * part:,.0f}" for part in (0.9996, 1, 1.0004)}  # the document keeps four digits
    assert any(number in words_of(main_of(page)) for number in shown)


def test_the_table_begins_as_the_plan_and_an_untouched_table_is_the_plan(visitor: Visitor) -> None:
    page = visitor.get(CASE).text
    typed = values_of(page)
    assert (typed["dose.1"], typed["unit.1"], typed["every.1"], typed["spacing.1"], typed["length.1"]) == (
        "1",
        "mg",
        "3",
        "months",
        "",
    )
    assert (typed["start.day"], typed["start.month"], typed["start.year"]) == ("9", "10", "2026")
    sent = visitor.get(f"{CASE}?{urlencode(typed)}").text
    assert "scenario" not in document_of(visitor, sent)
    planned = [(each["date"], each["dose"]["ug"]) for each in document_of(visitor, sent)["doses"]]
    edited = visitor.get(f"{CASE}?{urlencode({**typed, 'every.1': '12', 'spacing.1': 'weeks'})}").text
    assert document_of(visitor, edited)["scenario"]
    written = visitor.site.get(
        "/api/cases/treatment-running.yaml/simulate?scenario=1+mg+im+every+3+months&start=2026-10-09&months=21&people=20"
    ).json()
    assert [(each["date"], each["dose"]["ug"]) for each in written["doses"]] == planned


def test_what_is_edited_is_drawn_beside_what_is_planned(visitor: Visitor) -> None:
    planned = document_of(visitor, visitor.get(CASE).text)
    page = visitor.get(
        f"{CASE}?{urlencode({**values_of(visitor.get(CASE).text), 'every.1': '8', 'spacing.1': 'weeks'})}"
    ).text
    told = document_of(visitor, page)
    assert [other["scenario"] for other in told["compared"]] == ["plan"]
    assert told["compared"][0]["doses"][: len(planned["doses"])] == planned["doses"]
    assert len(told["doses"]) > len(planned["doses"])
    assert "as planned" in words_of(main_of(page))
    assert page.count("other other1") == 3  # both pictures and the legend


def test_an_oral_plan_becomes_days_apart(visitor: Visitor) -> None:
    (visitor.folder / "oral.yaml").write_text(ORAL, "utf-8")
    answer = visitor.get("/case/oral.yaml/simulate")
    typed = values_of(answer.text)
    row = [typed[f"{name}.1"] for name in ("dose", "unit", "route", "every", "spacing", "length")]
    assert row == ["50", "micrograms", "oral", "1", "days", ""]
    assert "Injections of 1 mg every 3 months" in words_of(answer.text)
    planned = document_of(visitor, answer.text)["doses"]
    edited = visitor.get(f"/case/oral.yaml/simulate?{urlencode({**typed, 'dose.1': '100'})}").text
    beside = document_of(visitor, edited)["compared"][0]["doses"]
    assert [(each["date"], each["dose"]) for each in beside] == [(each["date"], each["dose"]) for each in planned]
    assert {each["dose"]["ug"] for each in document_of(visitor, edited)["doses"]} == {50, 100}


def test_a_case_without_a_plan_begins_with_an_example_and_one_whose_plan_is_over_with_nothing(visitor: Visitor) -> None:
    page = visitor.get("/case/vegan.yaml/simulate").text
    assert document_of(visitor, page)["compared"] == []
    assert (
        text_of(
            [
                Row(**{name: values_of(page)[f"{name}.{number}"] for name in Row.__dataclass_fields__})
                for number in (1, 2)
            ]
        )
        == LOADED
    )
    stopped = (
        visitor.text().rstrip() + "\n  - {date: 2026-08-01, kind: decision, decision: stop, by: Dr A, reason: moved}\n"
    )
    (visitor.folder / "stopped.yaml").write_text(stopped, "utf-8")
    over = visitor.get("/case/stopped.yaml/simulate")
    assert over.status_code == 200
    assert values_of(over.text)["dose.1"] == ""
    assert all(each["date"] < str(DAY) for each in document_of(visitor, over.text)["doses"])


@pytest.mark.parametrize(
    "address", ["/simulate", CASE, "/case/self-injecting.yaml/simulate", "/case/vegan.yaml/simulate"]
)
def test_every_ready_made_question_is_answered(visitor: Visitor, address: str) -> None:
    page = visitor.get(address).text
    ready = re.search(r'<nav class="ready".*?</nav>', page, re.S)
    assert ready
    links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', ready.group())]
    assert 4 <= len(links) <= 6
    for link in links:
        answer = visitor.site.get(link)
        assert answer.status_code == 200, link
        assert 'class="curves readable"' in answer.text


# -- the table -----------------------------------------------------------------------------------------------------------


def test_rows_are_added_and_taken_away_and_the_address_holds_them(visitor: Visitor) -> None:
    two = {**row(1, every="2", spacing="days", length="6"), **row(2)}
    added = visitor.site.get(f"/simulate?{urlencode({**two, 'add': '1'})}", follow_redirects=False)
    assert added.status_code == 303
    target = urlsplit(added.headers["location"])
    assert target.fragment == "dose-3"
    assert "add" not in parse_qs(target.query)
    page = visitor.get(f"/simulate?{target.query}").text
    assert values_of(page)["dose.3"] == ""
    assert 'class="curves readable"' in page  # a row left empty counts for nothing
    dropped = visitor.site.get(f"/simulate?{urlencode({**two, 'drop': '1'})}", follow_redirects=False)
    left = parse_qs(urlsplit(dropped.headers["location"]).query)
    assert left["every.1"] == ["12"]
    assert "every.2" not in left
    last = visitor.site.get(f"/simulate?{urlencode({**row(1), 'drop': '1'})}")
    assert document_of(visitor, last.text)["doses"] == []


def test_curves_are_kept_to_compare(visitor: Visitor) -> None:
    kept = visitor.site.get(f"/simulate?{urlencode({**row(1), 'keep': '1'})}", follow_redirects=False)
    assert parse_qs(urlsplit(kept.headers["location"]).query)["compare"] == [
        "1 mg hydroxocobalamin intramuscular every 12 weeks"
    ]
    page = visitor.site.get(kept.headers["location"].replace("every.1=12", "every.1=4")).text
    assert document_of(visitor, page)["compared"][0]["scenario"] == "1 mg hydroxocobalamin intramuscular every 12 weeks"


def test_no_more_rows_than_the_table_has_room_for(visitor: Visitor) -> None:
    many = {name: value for number in range(1, 9) for name, value in row(number, length="2").items()}
    page = visitor.get(f"/simulate?{urlencode(many)}").text
    assert 'name="add"' not in page
    assert visitor.site.get(f"/simulate?{urlencode({**many, 'add': '1'})}", follow_redirects=False).status_code == 200


@pytest.mark.parametrize(("fields", "at", "words"), [
    (row(1, dose="1,000", unit="micrograms"), "dose-1", "comma"), (row(1, dose="1000 iu"), "dose-1", "international units"), (row(1, dose="20"), "dose-1", "10 mg"),
    (row(1, dose=""), "dose-1", "write a dose"), (row(1, dose="0"), "dose-1", "more than zero"), (row(1, every=""), "every-1", "how often"), (row(1, every="x"), "every-1", "whole number"),
    (row(1, every="0"), "every-1", "1 to"), (row(1, every="99999", spacing="years"), "every-1", "1 to 40 years"), (row(1, every="9", spacing="times a week"), "every-1", "1 to 7"),
    ({**row(1), **row(2)}, "length-1", "another part follows"), (row(1, length="-3"), "length-1", "whole number"), (row(1, length="9999"), "length-1", "2,000"),
    ({**row(1), "weight": "62,5"}, "weight", "62 kg"), ({**row(1), "weight": "5"}, "weight", "30 to 250"), ({**row(1), "gfr": "1000"}, "gfr", "5 to 200"), ({**row(1), "serum": "9 mol"}, "serum", "pmol/L"),
    ({**row(1), "cause": "magic"}, "cause", "list"), ({**row(1), "months": "7"}, "months", "months"), ({**row(1), "stop": "2026-02-30"}, "stop", "2026-02-30"),
    ({**row(1), "stop": "2020-01-01"}, "stop", "after the first dose"), ({**row(1), "start.day": "5", "start.month": "", "start.year": "2026"}, "start", "date"), ({**row(1), "start": "1900-01-01"}, "start", "20 years"),
    ({**row(1), "compare": "a lot"}, "compare", "can't be read"), ({"scenario": "1 mg whenever"}, "parts", "can't be read"), (row(1, route="intravenous", every="1", spacing="days") | {"months": "240"}, "parts", "2,000"),
])  # fmt: skip
def test_what_can_not_be_taken_is_said_at_its_field_and_nothing_typed_is_lost(
    visitor: Visitor, fields: dict[str, str], at: str, words: str
) -> None:
    answer = visitor.get(f"/simulate?{urlencode(fields)}")
    assert answer.status_code == 422
    assert words in fault_at(answer.text, at)
    assert "Please check" in answer.text.split("</title>")[0]
    assert f'href="#{at}"' in answer.text
    assert f'id="{at}"' in answer.text
    assert 'class="curves readable"' not in answer.text
    kept = values_of(answer.text)
    whole = {name: value for name, value in fields.items() if name not in ("scenario", "stop", "start")}
    assert {name: kept[name] for name in whole} == whole
    if at not in ("parts", "start", "stop"):
        assert re.search(rf'id="{at}"[^>]*aria-invalid="true"', answer.text)


@pytest.mark.parametrize(
    "name",
    [
        "dose.1",
        "every.1",
        "length.1",
        "unit.1",
        "substance.1",
        "route.1",
        "spacing.1",
        "measure.1",
        "start",
        "start.day",
        "start.year",
        "stop",
        "months",
        "cause",
        "weight",
        "gfr",
        "serum",
        "compare",
        "scenario",
        "on",
        "add",
        "drop",
        "keep",
    ],
)
@pytest.mark.parametrize("address", ["/simulate", CASE])
def test_nothing_typed_becomes_markup(visitor: Visitor, address: str, name: str) -> None:
    fields = {name: HOSTILE} if name == "scenario" else {**row(1), name: HOSTILE}
    for suffix in ("", ".svg", ".csv"):
        answer = visitor.site.get(f"{address}{suffix}?{urlencode(fields)}")
        assert answer.status_code in (200, 422)
        told = answer.text.replace(SCRIPTS, "", 1)
        assert "<script" not in told
        assert "<img src=x" not in told
        assert "\u202e" not in re.sub(r'value="[^"]*"', "", told)  # a field keeps what was typed


def test_a_file_with_hostile_names_draws_them_as_text(visitor: Visitor) -> None:
    (visitor.folder / "evil.yaml").write_text(
        visitor.text().replace("example-treatment-running", "<script>alert(1)</script>"), "utf-8"
    )
    for suffix in ("", ".svg"):
        answer = visitor.site.get(f"/case/evil.yaml/simulate{suffix}").text.replace(SCRIPTS, "", 1)
        assert "<script" not in answer
        assert "&lt;script" in answer


# -- nothing is saved, nothing is old --------------------------------------------------------------------------------------


def test_a_simulation_writes_nothing_and_moves_no_date(visitor: Visitor) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in visitor.folder.iterdir()}
    due = words_of(main_of(visitor.get(RUNNING).text))
    for query in (
        "",
        "scenario=nothing&start=2026-09-01",
        "scenario=1+mg+daily",
        "stop=2026-12-01",
        f"{urlencode({**row(1), 'add': '1'})}",
    ):
        for suffix in ("", ".svg", ".csv"):
            assert visitor.site.get(f"{CASE}{suffix}?{query}").status_code == 200
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in visitor.folder.iterdir()} == before
    assert words_of(main_of(visitor.get(RUNNING).text)) == due


@pytest.mark.parametrize("address", ["/simulate", CASE, "/api/simulate", "/api/cases/treatment-running.yaml/simulate"])
def test_it_can_only_be_asked(visitor: Visitor, address: str) -> None:
    assert visitor.site.post(address, data={}).status_code == 405


def test_a_file_that_changed_is_simulated_anew(visitor: Visitor) -> None:
    first = document_of(visitor, visitor.get(CASE).text)
    visitor.send(f"{RUNNING}/record/dose", given="planned")
    second = document_of(visitor, visitor.get(CASE).text)
    assert (
        len([each for each in second["doses"] if each["date"] <= str(DAY)])
        == len([each for each in first["doses"] if each["date"] <= str(DAY)]) + 1
    )
    assert second["readings"] != first["readings"]
    (visitor.folder / "treatment-running.yaml").write_text("cobalamin: 2\n", "utf-8")
    assert visitor.get(CASE).status_code == 422
    (visitor.folder / "treatment-running.yaml").unlink()
    assert visitor.get(CASE).status_code == 404


def test_the_table_never_stands_for_recorded_doses(visitor: Visitor) -> None:
    answer = visitor.get(f"{CASE}?{urlencode({**row(1), 'start': '2026-02-01'})}")
    assert answer.status_code == 422
    assert "what was given until then is in the record" in fault_at(answer.text, "start")
    assert '<details class="more" open>' in answer.text
    assert visitor.get(f"/simulate?{urlencode({**row(1), 'start': '2026-02-01'})}").status_code == 200


def test_a_page_is_told_as_of_its_day(visitor: Visitor) -> None:
    page = visitor.get(f"{CASE}?on=2026-07-10").text
    assert document_of(visitor, page)["on"] == "2026-07-10"
    assert values_of(page)["on"] == "2026-07-10"
    assert all("on=2026-07-10" in link for link in links_of(page) if "/simulate" in link)


@pytest.mark.parametrize("words", ["plain", "professional"])
def test_the_page_says_what_it_can_not_tell(visitor: Visitor, words: str) -> None:
    told = words_of(main_of(visitor.get(CASE, words=words).text))
    for sentence in ("not a measurement of one", "It can't show symptoms", "No date of the schedule was moved"):
        assert sentence in told
    assert told.count("not a measurement of one") == 1


def test_plain_and_professional_words_have_the_same_numbers(visitor: Visitor) -> None:
    pages = [
        words_of(re.sub("<option.*?</option>", "", main_of(visitor.get(CASE, words=words).text)))
        for words in ("plain", "professional")
    ]
    plain, professional = (sorted(re.findall(r"\d[\d,.]*", page)) for page in pages)
    assert pages[0] != pages[1]
    assert plain == professional


def test_after_a_stop_it_says_when_levels_fall(visitor: Visitor) -> None:
    told = words_of(main_of(visitor.get(f"/simulate?{urlencode({'scenario': LOADED, 'stop': '2027-09-01'})}").text))
    assert re.search(r"After the stop 5 of 100 people are under 200 ng/L after \d+ months", told)
    now = words_of(main_of(visitor.get(f"{CASE}?scenario=nothing&start=2026-09-01").text))
    assert "falls under 200 ng/L, called low here, about" in now


# -- /api, cost, a missing package -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "words"), [
    ("/api/simulate?scenario=1+mg+every+8+weeks&people=50", ["--scenario", "1 mg every 8 weeks", "--people", "50"]),
    ("/api/simulate?scenario=1+mg+oral+daily&substance=cyanocobalamin&people=40&seed=7&compare=nothing&compare=1+mg+im+monthly&weight=60&gfr=50&serum=100&haemoglobin=90&cause=total_gastrectomy&start=2026-10-01&stop=2027-01-01&months=6&on=2026-08-01",
     ["--scenario", "1 mg oral daily", "--substance", "cyanocobalamin", "--people", "40", "--seed", "7", "--compare", "nothing", "--compare", "1 mg im monthly", "--weight", "60", "--gfr", "50", "--serum", "100",
      "--haemoglobin", "90", "--cause", "total_gastrectomy", "--start", "2026-10-01", "--stop", "2027-01-01", "--months", "6", "--on", "2026-08-01"]),
    ("/api/cases/treatment-running.yaml/simulate?people=50", ["CASE", "--people", "50"]),
    ("/api/cases/treatment-running.yaml/simulate?people=50&scenario=1+mg+monthly&compare=plan", ["CASE", "--people", "50", "--scenario", "1 mg monthly", "--compare", "plan"]),
])  # fmt: skip
def test_api_is_the_command(visitor: Visitor, run: Callable[..., Run], address: str, words: list[str]) -> None:
    command = [str(visitor.folder / "treatment-running.yaml") if word == "CASE" else word for word in words]
    on = [] if "--on" in words else ["--on", str(DAY)]
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert answer.text == run("simulate", *command, *on, "--json").out


@pytest.mark.parametrize("query", [
    "people=100000&scenario=1+mg+weekly", "people=0&scenario=1+mg+weekly", "months=1000&scenario=1+mg+weekly", "scenario=1+mg+every+9999+years", "scenario=", "scenario=1,000+mcg+weekly", "scenario=20+mg+weekly",
    "scenario=1+mg+weekly&weight=nan", "scenario=1+mg+weekly&weight=inf", "scenario=1+mg+weekly&weight=-1", "scenario=1+mg+weekly&start=0001-01-01", "scenario=1+mg+weekly&stop=9999-12-31", "scenario=1+mg+daily&months=240",
    "scenario=1+mg+weekly&cause=magic", "scenario=1+mg+weekly&compare=plan", "scenario=" + "1+mg+weekly+" * 100, "scenario=1+mg+weekly&" + "compare=nothing&" * 9, "scenario=1+mg+weekly&route=ear",
])  # fmt: skip
def test_api_refuses_with_faults_before_anything_is_computed(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"/api/simulate?{query}")
    assert answer.status_code == 422, answer.text[:300]
    assert answer.json()["faults"][0]["message"]


def test_a_page_draws_few_people_and_one_simulation_serves_picture_and_table(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cobalamin.app.services.simulation import simulate

    asked: list[int] = []
    really = simulate.simulate_for

    def counted(path: Path | None, options: SimulateOptions, on: date) -> simulate.Simulation:
        asked.append(options.people)
        return really(path, options, on)

    monkeypatch.setattr(simulate, "simulate_for", counted)
    page = visitor.get("/simulate?scenario=1+mg+every+5+weeks&people=1000000").text
    for link in links_of(page):
        if ("/simulate" in link and "every+5+weeks" in link) or ".svg" in link or ".csv" in link:
            visitor.site.get(link)
    assert asked
    assert set(asked) == {200}
    assert len(asked) == 1


@pytest.mark.parametrize("query", [
    "scenario=1+mg+every+4+days&months=240&compare=1+mg+every+5+days", "scenario=1+mg+weekly&months=60&compare=1+mg+every+3+days&stop=2030-01-01", "scenario=1+mg+oral+daily&months=240",
])  # fmt: skip
def test_the_page_stays_small_whatever_is_drawn(visitor: Visitor, query: str) -> None:
    answer = visitor.site.get(f"/simulate?{query}")
    assert answer.status_code == 200
    assert len(answer.content) < 100_000


@settings(max_examples=60, deadline=None)
@given(heights=st.lists(st.integers(0, 600), min_size=1, max_size=900), step=st.floats(0.2, 9))
def test_a_thinned_curve_keeps_its_ends_tops_and_feet(heights: list[int], step: float) -> None:
    from cobalamin.app.web.simulation.curves import COLUMN, STEP_Y, thinned

    points = [(round(place * step), height) for place, height in enumerate(heights)]
    kept = thinned(points)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert set(kept) <= set(points)
    assert [x for x, _ in kept] == sorted(x for x, _ in kept)
    for pick in (min, max):
        assert abs(pick(y for _, y in kept) - pick(y for _, y in points)) <= STEP_Y
    assert len(kept) <= 6 * (points[-1][0] // COLUMN + 1)


def test_without_numpy_the_page_and_api_say_what_to_install(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulation, "has_numpy", lambda: False)
    for address in ("/simulate", CASE):
        answer = visitor.get(address)
        assert answer.status_code == 200
        assert "cobalamin[kinetics]" in words_of(answer.text)
    answer = visitor.get("/api/simulate?scenario=1+mg+weekly")
    assert answer.status_code == 422
    assert "cobalamin[kinetics]" in answer.json()["faults"][0]["message"]
    assert json.loads(visitor.get("/api/cases").text)["cases"]


def test_the_other_pages_do_not_load_the_model(folder: Path) -> None:
    import subprocess
    import sys

    code = "import sys; from pathlib import Path; from cobalamin.app.web.server import make_app; make_app(Path(sys.argv[1])); print('numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_running_simulation_lets_another_pass(folder: Path) -> None:
    """A long one takes its turn for seconds; whoever asks for another meanwhile is answered."""
    visitor = visitor_of(folder, DAY)
    assert simulation._AT_ONCE.acquire(blocking=False)  # as a simulation that runs
    try:
        assert visitor.get("/simulate?scenario=1+mg+every+7+weeks").status_code == 200
    finally:
        simulation._AT_ONCE.release()


def test_two_readings_beside_each_other_are_those_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    from cobalamin.app.services.simulation.simulate import simulate_for
    from cobalamin.kinetics import simulation as model

    options = SimulateOptions(scenario="1 mg every 8 weeks", people=40)
    beside = simulate_for(None, options, DAY).simulated
    monkeypatch.setattr(model, "_in_turn_or_beside", lambda work, readings: tuple(map(work, readings)))
    in_turn = simulate_for(None, options, DAY).simulated
    assert len(in_turn) == 2
    for one, other in zip(beside, in_turn, strict=True):
        assert one.reading == other.reading
        assert all((one.bands[name] == other.bands[name]).all() for name in other.bands)


# -- the answer first, and every day of the curve in a table ---------------------------------------------------------------


def answer_of(page: str) -> str:
    found = re.search(r'<div id="answer".*?</div>', page, re.S)
    assert found
    return words_of(found.group())


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("scenario=1+mg+every+12+weeks&serum=400", "stays over 200 ng/L"),
        ("scenario=1+mg+every+12+weeks&stop=2027-01-01", "After the stop 5 of 100 people"),
        ("scenario=nothing&serum=400&months=60", "falls under 200 ng/L, called low here, about"),
        ("scenario=nothing&serum=100", "under 200 ng/L, called low here, all the time"),
        ("scenario=20+micrograms+cyanocobalamin+every+1+month&serum=120", "under 200 ng/L"),
        ("scenario=1+mg+oral+cyanocobalamin+daily&serum=90", "is over 200 ng/L, called low here, and has"),
    ],
)
def test_the_answer_stands_above_the_curve(visitor: Visitor, fields: str, told: str) -> None:
    page = visitor.get(f"/simulate?{fields}").text
    assert told in answer_of(page)
    assert "how you will feel" in answer_of(page)
    assert page.index('id="answer"') < page.index('class="in-sight"') < page.index("<form method")


@hazard("H136")
def test_a_calm_answer_names_those_who_fall_low(visitor: Visitor) -> None:
    """What is said of the middle one is followed by those who are low, and by the reading in which it is low."""
    calm = visitor.get("/simulate?scenario=1+mg+oral+cyanocobalamin+daily&serum=600&months=12").text
    assert "stays over" in answer_of(calm)
    assert "at least 5 of 100" not in answer_of(calm)
    assert min(low for _, (_, low, _) in rows_of(calm)) > 200
    loaded = visitor.get("/simulate?scenario=1+mg+every+8+months&serum=260").text
    assert "stays over" in answer_of(loaded)
    assert min(middle for _, (middle, _, _) in rows_of(loaded)) > 200 > min(low for _, (_, low, _) in rows_of(loaded))
    assert "at least 5 of 100 of them are under 200 ng/L" in answer_of(loaded)
    assert "if more of it is lost (reading 2)" in answer_of(loaded)
    rare = answer_of(visitor.get("/simulate?scenario=1+mg+every+9+months&months=60").text)
    assert "falls under 200 ng/L" in rare  # the level soon after the last dose is no answer


def test_every_row_that_is_read_off_the_curve_is_the_model(visitor: Visitor) -> None:
    page = visitor.get("/simulate?scenario=1+mg+oral+cyanocobalamin+daily&compare=nothing&months=12").text
    found = rows_of(page)
    places = [tuple(map(int, each)) for each in re.findall(r'<tr data-x="(\d+)" data-y="(\d+)"', page)]
    assert 40 < len(found) == len(places) <= 49
    assert [x for x, _ in places] == sorted({x for x, _ in places})
    document = document_of(visitor, page)
    bands = document["readings"][0]["bands"]["serum_b12"]
    assert found[0][1] == tuple(round(bands[place][0]) for place in (2, 0, 4))
    assert found[-1][1] == tuple(round(bands[place][-1]) for place in (2, 0, 4))


def rows_of(page: str) -> list[tuple[str, tuple[float, float, float]]]:
    """Day, and middle, low and high of the level, of each row of the table that is read off the curve."""
    table = re.search(r'<table class="stack" id="readings">.*?</table>', page, re.S)
    assert table
    found = []
    for each in re.findall(r"<tr data-x.*?</tr>", table.group(), re.S):
        cells = [words_of(cell) for cell in re.findall(r"<td.*?</td>", each, re.S)]
        middle, low, high = (float(number.replace(",", "")) for number in re.findall(r"[\d,]+", cells[1]))
        found.append((cells[0], (middle, low, high)))
    return found
