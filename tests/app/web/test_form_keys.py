"""The forms that record an entry have a field for every key of its kind that one field can hold, laid out by hand or not."""

from __future__ import annotations

import pytest
from web_site import Visitor

from cobalamin.app.web.pages import entry_form
from cobalamin.therapy.case.events import own_keys
from cobalamin.therapy.case.keys import Kind


@pytest.mark.parametrize("kind", entry_form.LAID_OUT)
def test_what_a_template_lays_out_is_a_key(kind: str) -> None:
    assert entry_form.LAID_OUT[kind] <= {key.name for key in own_keys(entry_form.KINDS.get(kind, kind))}
    assert entry_form.further(kind) == []


@pytest.mark.parametrize("kind", entry_form.LAID_OUT)
def test_a_key_that_no_template_lays_out_has_a_field_with_its_line(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    address = f"/case/treatment-running.yaml/record/{kind}"
    before = visitor.get(address).text
    monkeypatch.setitem(entry_form.LAID_OUT, kind, set())
    shown = visitor.get(address).text
    assert entry_form.further(kind)
    for key in entry_form.further(kind):
        name = f"{key.name}.year" if key.value.kind is Kind.DAY else key.name
        assert shown.count(f'name="{name}"') == before.count(f'name="{name}"') + 1, key.name
        assert key.about.split(";")[0].replace("`", "") in shown.replace("`", "").replace("&#39;", "'"), key.name
