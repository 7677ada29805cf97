"""Every parameter of every address and every field of every form, fed with garbage of its kind: one sentence, never a defect."""

from __future__ import annotations

import os
import random
import re
from functools import reduce
from html import unescape
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from fastapi.routing import APIRoute
from web_site import CHOSEN, DAY, FORMS, PLANNED, RUNNING, Visitor, fields_of, main_of, visitor_of, words_of

from cobalamin.app.web.server import ROUTERS

GARBAGE = (
    "", " ", "abc", "-1", "0", "1", "²", "१२", "1e9", "9" * 400, "NaN", "inf", "1.5", "0x10", "null", "true", "[]", "{}", "a=b", "=", "&", ";", "%", "%ff",
    "\x00", "\x1b[31m", "\n", "a\nb", "\u202e", "\U0001f600", "é" * 3_000, "<script>alert(1)</script>", "' OR 1=1 --", "../../etc/passwd", "/etc/passwd",
    "2026-02-30", "0001-01-01", "9999-12-31", "2026-9-1", "2026-09", "unknown", "today", "yesterday", "+2wk", "-9999mo", "13/11/2026", "9999 a", "10 a", "1 d", "0 d",
    "1,000 mcg", "1 mg", "1000", "1 mg every 12 weeks", "uk-bnf-noneuro", "us-cn-pa", "article-a1", "gb-hydroxocobalamin-1mg-1ml", "cyanokit-5g", "hydroxocobalamin",
    "intramuscular", "maintenance", "maintenance_interval", "3 mo", "cause", "weight", "62 kg", "boxes", "none_of_these", "cause=dietary", "cause=", "confirmed",
    "potassium", "3.9 mmol/L", "<2.5", "3.5-5.3 mmol/L", "dose", "GB", "gb", "XX", "professional", "huge", "treatment-running.yaml", "CON", ".", "..", "\ufffe",
)  # fmt: skip
TIMES = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 1
ALONE = ("\udcff", "\ud800")  # what no text holds and an address can
CASES = ("pernicious-anaemia.yaml", "treatment-running.yaml", "self-injecting.yaml", "child.yaml")
NAMED = (
    "on", "day", "day.day", "day.month", "day.year", "about", "event", "again", "fact", "all", "done", "protocol", "start", "start.day", "start.month", "start.year",
    "choose.maintenance_interval", "choose.", "other.maintenance_interval", "product", "change", "large", "words", "q", "country", "add", "drop", "keep", "scenario",
    "compare", "stop", "stop.day", "if_given", "as_recorded", "months", "cause", "weight", "gfr", "serum", "dose.1", "unit.1", "every.1", "dose.0", "dose.999999", "token", "nothing",
)  # fmt: skip


@pytest.fixture
def visitor(folder: Path) -> Visitor:
    return visitor_of(folder, DAY)


def routes(method: str) -> list[APIRoute]:
    every = (route for router in ROUTERS for route in router.routes)
    return [route for route in every if isinstance(route, APIRoute) and method in route.methods]


def addresses(method: str) -> list[str]:
    """Every address of this method, with something that exists in place of its names."""
    named = {"{kind}": FORMS, "{record}": ("uk-bnf-noneuro",), "{name}": CASES}
    found = set()
    for route in routes(method):
        own = {"/examples/{name}": ("vegan",), "/api/schema/{name}": ("plan",)}.get(route.path)
        choices = [own or values for name, values in named.items() if name in route.path]
        names = [name for name in named if name in route.path]
        for chosen in product(*choices):
            found.add(reduce(lambda path, pair: path.replace(*pair), zip(names, chosen, strict=True), route.path))
    return sorted(found)


def is_sound(answer: Any, what: object) -> None:
    """Answered, refused with a sentence, or led on; nothing of the inside and no defect."""
    assert answer.status_code in (200, 303, 400, 401, 404, 409, 413, 422), what
    said = words_of(answer.text)
    assert "defect of this program" not in said, what
    assert "Traceback" not in said, what
    if answer.status_code >= 400:
        assert len(said) > 20, what


# -- parameters ------------------------------------------------------------------------------------------------------


SCHEDULE = {"dose.1": "1", "unit.1": "mg", "every.1": "12", "spacing.1": "weeks"}
BASE = {  # by the end of an address, what it is asked with before garbage takes a place
    "plan": dict(parse_qsl(CHOSEN)), "print": dict(parse_qsl(CHOSEN)), "sheet.pdf": dict(parse_qsl(CHOSEN)),
    "simulate": SCHEDULE, "simulate.svg": SCHEDULE, "simulate.csv": SCHEDULE,
}  # fmt: skip


def queries(address: str, chance: random.Random) -> dict[str, str]:
    """Parameters that belong to this address, one or two of them garbage."""
    end = address.rsplit("/", 1)[1]
    own = {
        each.alias for route in routes("GET") if route.path.endswith(f"/{end}") for each in route.dependant.query_params
    }
    query = dict(BASE.get(end, {}))
    names = sorted(own | set(query)) or list(NAMED)
    for _ in range(chance.choice((1, 1, 2))):
        query[chance.choice(names if chance.random() < 0.6 else NAMED)] = chance.choice((*GARBAGE, *ALONE))
    return query


def test_no_parameter_of_any_address_makes_a_defect(visitor: Visitor) -> None:
    chance = random.Random(20260901)
    for address in addresses("GET") * TIMES:
        query = urlencode(queries(address, chance), errors="surrogatepass")
        is_sound(visitor.site.get(f"{address}?{query}", follow_redirects=False), f"{address}?{query}")


# -- forms -----------------------------------------------------------------------------------------------------------


def pages_of(address: str) -> list[str]:
    """The pages whose forms are sent to this address."""
    if address.endswith("/accept"):
        return [address.replace("/accept", f"/plan?{CHOSEN}")]
    if address.endswith("/question"):
        return [f"{address}?fact={fact}" for fact in ("cause", "weight", "boxes")]
    return (
        []
        if address.startswith(("/api", "/examples")) or address.endswith(("/calendar", "/look", "/open"))
        else [address]
    )


def filled(visitor: Visitor, page: str, chance: random.Random) -> dict[str, Any]:
    """The form of a page as it stands, with garbage in up to three of its fields, and sometimes without one."""
    text = visitor.get(page).text
    names = {unescape(name) for name in re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', text)}
    form = fields_of(text) if '<form method="post"' in main_of(text) else {}
    for _ in range(chance.choice((1, 1, 2, 3))):
        name = chance.choice(sorted(names | set(form)))
        form |= {name: chance.choice(GARBAGE)}
        if chance.random() < 0.1:
            del form[name]
    return form


def test_no_field_of_any_form_makes_a_defect(visitor: Visitor) -> None:
    chance = random.Random(20260902)
    for address in addresses("POST") * TIMES:
        for page in pages_of(address):
            form = filled(visitor, page, chance)
            answer = visitor.post(address, form)
            is_sound(answer, (address, form))
            if answer.status_code == 303:
                is_sound(visitor.get(answer.headers["location"]), (address, form, "what it leads to"))


@pytest.mark.parametrize("address", ["/look", "/open", "/examples/vegan", "/examples/nobody"])
def test_forms_that_hold_little(visitor: Visitor, address: str) -> None:
    for value in GARBAGE:
        is_sound(visitor.post(address, {"words": value, "size": value, "back": value, "file": value}), (address, value))
        is_sound(
            visitor.site.post(address, files={"file": (value, value.encode())}, follow_redirects=False),
            (address, value),
        )


@pytest.mark.parametrize("number", ["abc", "-1", "²", "१", "1e9", "9" * 5_000, "", "3"])
def test_the_number_of_a_question_is_nobodys_answer(visitor: Visitor, number: str) -> None:
    form = {**visitor.form(f"{PLANNED}/question?fact=cause"), "number": number}
    answer = visitor.post(f"{PLANNED}/question", form | {"answer": ""})
    assert answer.status_code == 422
    assert "choose an answer" in words_of(answer.text)
    assert ("Question 3 of at most 8" in words_of(answer.text)) is (number == "3")


def test_boxes_of_somebody_of_whom_all_is_known_lead_on(visitor: Visitor) -> None:
    assert visitor.send(f"{RUNNING}/question?fact=boxes", box=["none_of_these"]).status_code == 303
    form = visitor.form(f"{RUNNING}/record/dose")
    answer = visitor.post(f"{RUNNING}/question", {"mark": form["mark"], "fact": "boxes", "number": "0"})
    assert answer.status_code == 303
