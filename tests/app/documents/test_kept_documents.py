"""What the program answers in JSON stays the same bytes until somebody changes it on purpose."""

from __future__ import annotations

import pytest
from kept_documents import GROUPS, Answers, documents, hashed, kept

TOLD = (
    "{} is not as it was. If it is meant: python tools/write_kept_documents.py (with a folder it writes the documents)"
)


@pytest.mark.parametrize("group", GROUPS)
def test_every_document_is_the_same_bytes_as_before(group: str) -> None:
    if group == "simulated":
        pytest.importorskip("numpy", reason="simulations need the extra 'kinetics'")
    found = {name: hashed(answers) for name, answers in documents(group)}
    before = {name: told for name, told in kept().items() if name.startswith(f"{group}/")}
    changed = [
        f"{name}: {word.partition('=')[0]}"
        for name in sorted({*found, *before})
        for word in sorted({*found.get(name, "").split()} ^ {*before.get(name, "").split()})
    ]
    assert found, f"no document of {group} is compared"
    assert sorted(set(changed)) == [], TOLD.format(", ".join(sorted(set(changed))))


def test_one_changed_letter_in_one_document_changes_its_hash() -> None:
    answers: Answers = {"review": ['{"status": "due"}', '{"status": "due"}'], "check": ["{}"]}
    before = hashed(answers)
    answers["review"][1] = '{"status": "Due"}'
    assert [one == other for one, other in zip(before.split(), hashed(answers).split(), strict=True)] == [True, False]


def test_every_line_of_the_hashes_belongs_to_a_group() -> None:
    assert {name.partition("/")[0] for name in kept()} == set(GROUPS)
