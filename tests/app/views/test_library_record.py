"""A record of the library as a person reads it: a text that is not current says first what took its place."""

from __future__ import annotations

import pytest

from app.command_line import in_process
from cobalamin.app.services.shipped import library

OF_OLD = [protocol.id for protocol in library().protocols() if protocol.replaced_by]


@pytest.mark.parametrize("name", OF_OLD)
def test_what_took_the_place_of_a_text_stands_above_its_doses(name: str) -> None:
    by = library().protocol(name).replaced_by
    assert by is not None
    said = " ".join(in_process("library", "show", name).out.split())
    assert f"Replaced: {by.text}" in said
    assert said.index("Replaced:") < said.index("loading" if "loading" in said else "maintenance")


def test_there_are_texts_that_were_replaced() -> None:
    assert len(OF_OLD) >= 6
