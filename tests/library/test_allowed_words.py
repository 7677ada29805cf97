"""What is not known is refused with the word that is meant and the few nearest, never with a list of hundreds."""

from __future__ import annotations

import pytest

from cobalamin.errors import InputError
from cobalamin.knowledge.document import read_document
from cobalamin.knowledge.reading import MOST_LISTED, NEAREST, Reading

MANY = [f"schedule__{number:03}" for number in range(400)] + ["maintenance", "maintained"]


def refused(text: str, allowed: list[str]) -> str:
    reading = Reading(read_document(text, "a.yaml"))
    reading.mapping(reading.document.tree, "", (), allowed)
    with pytest.raises(InputError) as refusal:
        reading.finish()
    [fault] = refusal.value.faults
    return fault.message


def test_of_many_keys_only_the_nearest_are_named() -> None:
    said = refused("maintenence: 1\n", MANY)
    assert said.startswith(
        "unknown key 'maintenence' (did you mean 'maintenance'?); allowed are maintenance, maintained, "
    )
    assert said.endswith(f" and {len(MANY) - NEAREST} more")
    assert said.count("schedule__") == NEAREST - 2


def test_a_key_that_is_like_none_is_answered_as_shortly() -> None:
    said = refused("zzz: 1\n", MANY)
    assert said.endswith(f" and {len(MANY) - NEAREST} more")
    assert len(said) < 200


def test_a_few_words_are_all_named() -> None:
    few = MANY[:MOST_LISTED]
    assert refused("zzz: 1\n", few) == f"unknown key 'zzz'; allowed are {', '.join(few)}"


def test_a_text_that_is_no_mapping_is_answered_as_shortly() -> None:
    reading = Reading(read_document("a: text\n", "a.yaml"))
    reading.mapping("text", "a", (), MANY)
    reading.word("schedule", "a", MANY)
    assert [fault.message.endswith(f" and {len(MANY) - NEAREST} more") for fault in reading.faults] == [True, True]
