"""What is not known is refused with the word that is meant and the few nearest, never with a list of hundreds."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import in_process

from cobalamin.app.services.planning import find_product
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


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("library", "show", "uk-bnf-nuro"), "there is no such record (did you mean 'uk-bnf-neuro'?); see "),
        (("schema", "reviews"), "there is no such schema (did you mean 'review'?); known are case, "),
    ],
)
def test_what_is_asked_for_by_a_near_name_is_named(typed: tuple[str, ...], said: str) -> None:
    assert said in in_process(*typed).err


def test_an_unknown_fact_or_product_is_answered_with_the_nearest(tmp_path: Path) -> None:
    case = tmp_path / "a.yaml"
    case.write_text("cobalamin: 1\npatient: {id: a}\n", "utf-8")
    fact = in_process("set", str(case), "anemia_kind=mild", "--on", "2026-12-01").err
    assert "facts are anaemia, " in fact
    assert fact.rstrip().endswith(" more")
    product = find_refused("zzzzz")
    assert product.endswith(" more")
    assert len(product) < 350


def find_refused(told: str) -> str:
    with pytest.raises(InputError) as refusal:
        find_product(told)
    return refusal.value.faults[0].message
