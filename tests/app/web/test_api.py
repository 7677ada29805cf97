"""/api against its own description: schemathesis finds no undocumented answer, whatever is sent."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_site import API_TOKEN, BOUND, DAY, EXAMPLES, Visitor, running_server

from hazards import hazard

EACH = 25 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 8
CASES = "/api/cases/treatment-running.yaml"


def test_the_description_names_every_operation_and_is_sound(visitor: Visitor) -> None:
    described = visitor.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/api/cases", "/api/ask", "/api/dose", "/api/simulate", "/api/library", "/api/library/{record}", "/api/schema/{name}",
        *(f"/api/cases/{{name}}/{each}" for each in ("check", "propose", "assess", "whatif", "compare", "plan", "review", "due", "explain", "simulate", "record", "mark", "ask")),
    }  # fmt: skip
    text = visitor.get("/api/openapi.json").text
    for name in set(re.findall(r'"#/components/schemas/([^"]+)"', text)):
        assert name in described["components"]["schemas"]


@hazard("H01")
@pytest.mark.parametrize("event", [
    {}, [], {"kind": "nothing"}, {"kind": "administration"}, {"date": "2026-09-01", "kind": "administration", "substance": "hydroxocobalamin", "dose": "1000", "route": "im"},
    {"date": "2026-09-01", "kind": "result", "marker": "potassium", "value": 3.9}, {"date": None, "kind": "symptoms"}, {"date": "2026-09-01", "kind": "symptoms", "tiredness": 11},
])  # fmt: skip
def test_an_event_that_can_not_be_read_is_refused_with_faults(visitor: Visitor, event: Any) -> None:
    before = visitor.text()
    answer = visitor.site.post(f"{CASES}/record", json=event)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["message"]
    assert visitor.text() == before


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/api/cases/nobody.yaml/review", 404), ("/api/nothing", 404), (f"{CASES}/plan", 422), (f"{CASES}/plan?protocol=nobody&start=2026-01-01", 422),
        (f"{CASES}/review?on=never", 422), (f"{CASES}/explain?about=nothing", 422), ("/api/dose?dose=1000", 422), ("/api/library/nothing", 422), ("/api/schema/nothing", 422),
        ("/api/ask", 422),
    ],
)  # fmt: skip
def test_refusals_are_documents_of_one_shape(visitor: Visitor, address: str, code: int) -> None:
    answer = visitor.get(address)
    assert answer.status_code == code
    assert set(answer.json()) == {"faults"}
    assert set(answer.json()["faults"][0]) == {"file", "line", "path", "message"}


def test_a_file_that_can_not_be_read_is_a_document_of_faults(visitor: Visitor, folder: Path) -> None:
    (folder / "bad.yaml").write_text("cobalamin: 2\n", "utf-8")
    assert visitor.get("/api/cases/bad.yaml/review").status_code == 422
    checked = visitor.get("/api/cases/bad.yaml/check").json()
    assert checked["readable"] is False
    assert checked["faults"][0]["file"] == "bad.yaml"


# -- recording by many programs --------------------------------------------------------------------------------------

ENTRY = {"date": "2026-08-20", "kind": "symptoms", "tiredness": 4}


@hazard("H30")
def test_an_entry_without_a_mark_is_added_to_the_file_as_it_is(visitor: Visitor) -> None:
    """Who only reports what happened has seen no state of the file, so none is asked for."""
    before = visitor.text()
    first = visitor.site.post(f"{CASES}/record?on=2026-09-01", json=ENTRY)
    second = visitor.site.post(f"{CASES}/record?on=2026-09-01", json={**ENTRY, "tiredness": 5})
    assert (first.status_code, second.status_code) == (200, 200)
    assert visitor.text().startswith(before)
    assert visitor.text().count("tiredness: ") == before.count("tiredness: ") + 2


@hazard("H30")
def test_a_mark_is_what_the_entry_was_decided_upon(visitor: Visitor) -> None:
    mark = visitor.get(f"{CASES}/mark").json()["mark"]
    record = f"{CASES}/record?on=2026-09-01&mark="
    assert visitor.site.post(f"{record}{mark}", json=ENTRY).status_code == 200
    now = visitor.text()
    late = visitor.site.post(f"{record}{mark}", json={**ENTRY, "tiredness": 5})
    assert late.status_code == 409
    assert "has changed since" in late.json()["faults"][0]["message"]
    assert visitor.text() == now
    assert (
        visitor.site.post(
            f"{record}{visitor.get(f'{CASES}/mark').json()['mark']}", json={**ENTRY, "tiredness": 5}
        ).status_code
        == 200
    )
    assert visitor.site.post(f"{record}0", json=ENTRY).status_code == 409


@hazard("H30")
@hazard("H32")
def test_twenty_programs_at_once_record_twenty_entries(folder: Path) -> None:
    import concurrent.futures
    import json
    import urllib.request

    with running_server(folder, DAY) as server:

        def post(number: int) -> int:
            body = json.dumps(
                {"date": "2026-08-20", "kind": "symptoms", "own": {f"pain in place {number}": number % 10}}
            ).encode()
            request = urllib.request.Request(
                f"{server}{CASES}/record",
                body,
                {"content-type": "application/json", "origin": server, "authorization": f"Bearer {API_TOKEN}"},
            )
            with urllib.request.urlopen(request, timeout=60) as answer:
                return int(answer.status)

        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            assert list(pool.map(post, range(20))) == [200] * 20
    assert (folder / "treatment-running.yaml").read_text("utf-8").count("pain in place") == 20


def test_a_file_that_may_not_be_written_is_a_document_of_faults(visitor: Visitor) -> None:
    path = visitor.folder / "treatment-running.yaml"
    path.chmod(0o444)
    before = visitor.text()
    answer = visitor.site.post(f"{CASES}/record", json=ENTRY)
    assert answer.status_code == 422
    assert "read-only" in answer.json()["faults"][0]["message"]
    assert visitor.text() == before
    assert path.stat().st_mode & 0o777 == 0o444


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose folder schemathesis may fill with whatever it thinks of."""
    folder = tmp_path_factory.mktemp("cases")
    for example in EXAMPLES:
        (folder / example.name).write_bytes(example.read_bytes())
    with running_server(folder, DAY) as server:
        yield server


def operations() -> list[tuple[str, str]]:
    from pathlib import Path as Folder

    from cobalamin.app.web.server import make_app

    described = make_app(Folder(), lambda: DAY).openapi()
    return [(method, path) for path, methods in described["paths"].items() for method in methods]


@pytest.mark.parametrize(("method", "path"), operations())
def test_no_answer_is_undocumented(address: str, method: str, path: str) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    from hypothesis import HealthCheck, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    held = {"Authorization": f"Bearer {API_TOKEN}"}
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json", headers=held)
    operation = schema[path][method.upper()]
    checks = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

    @settings(
        max_examples=EACH, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy())
    def conforms(case: Any) -> None:
        if "{name}/" in path and (case.path_parameters or {}).get("name") and len(str(case.query)) % 2:
            case.path_parameters["name"] = "treatment-running.yaml"
        case.call_and_validate(checks=checks, headers=held, timeout=BOUND / 1000)

    conforms()


@hazard("H73")
def test_an_improbable_event_is_asked_about_and_written_when_confirmed(visitor: Visitor) -> None:
    event = {"date": "2027-05-01", "kind": "administration", "as_planned": True}
    before = visitor.text()
    asked = visitor.site.post(f"{CASES}/record?on=2026-09-01", json=event)
    assert asked.status_code == 428
    assert [doubt["code"] for doubt in asked.json()["asked"]] == ["DAY_AHEAD"]
    assert visitor.text() == before
    assert visitor.site.post(f"{CASES}/record?on=2026-09-01&confirmed=true", json=event).status_code == 200
    assert visitor.text() != before
