"""Every page of the site, on every example: whatever a link leads to is answered, and nothing of the inside is at fault."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from web_site import CHOSEN, EXAMPLES, FORMS, Reader

from cobalamin.app.services.shipped import library
from cobalamin.app.web.server import ROUTERS

ASKED = {
    "plan": CHOSEN,
    "check": CHOSEN,
    "compare.svg": "",
    "print": CHOSEN,
    "sheet.pdf": CHOSEN,
    "question": "fact=cause",
}
SKIPPED = re.compile(
    r"recorded$|taken-over$|change$|\{record\}|^/api|^/static|^/schema|simulate"
)  # those that need an entry, or have tests of their own
CASES = [example.name for example in EXAMPLES]


def addresses() -> Iterator[str]:
    """Every address that a page of the site has, but for the person: `{name}` stands there."""
    for route in (each for router in ROUTERS for each in router.routes):
        if "GET" not in (getattr(route, "methods", None) or ()) or SKIPPED.search(route.path):
            continue
        kinds = FORMS if "{kind}" in route.path else ("",)
        yield from (route.path.replace("{kind}", kind) for kind in kinds)


@pytest.mark.parametrize("case", CASES)
def test_every_page_of_every_example_is_answered(case: str, reader: Reader) -> None:
    found = sorted(addresses())
    assert "/case/{name}/options" in found
    for address in (each for each in found if "{name}" in each):
        query = ASKED.get(address.rsplit("/", 1)[-1], "")
        told = f"{address.replace('{name}', case)}?{query}"
        answer = reader.get(told)
        assert answer.status_code in ((200, 422) if "letter.pdf" in told else (200,)), (told, answer.text[:400])


def test_every_page_that_is_nobodys_is_answered(reader: Reader) -> None:
    for address in (each for each in addresses() if "{" not in each):
        assert reader.get(address).status_code == 200, address


def test_every_record_of_the_library_is_answered(reader: Reader) -> None:
    for record in library().ids:
        assert reader.get(f"/library/{record}").status_code == 200, record
