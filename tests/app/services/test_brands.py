"""A product is found by its brand where its record states it; else the message names what is near."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import in_process

from cobalamin.app.services import shipped
from cobalamin.app.services.planning import find_product
from cobalamin.errors import InputError
from cobalamin.therapy.review.product_given import product_of

CASE = """cobalamin: 1
patient: {id: x, birth_date: 1958-03-02, country: GB}
facts: {deficiency: confirmed, cause: dietary, neurological_involvement: absent, previous_treatment: none}
"""


@pytest.mark.parametrize(
    ("told", "product"),
    [
        ("Cobalin-H", "gb-hydroxocobalamin-1mg-1ml"), ("cobalin-h", "gb-hydroxocobalamin-1mg-1ml"), ("NEO-CYTAMEN", "gb-hydroxocobalamin-1mg-1ml-neo-cytamen"),
        ("cyanokit", "cyanokit-5g"), ("gb-hydroxocobalamin-1mg-1ml", "gb-hydroxocobalamin-1mg-1ml"),
    ],
)  # fmt: skip
def test_a_brand_is_found_by_its_name(told: str, product: str) -> None:
    found = product_of(shipped.library(), told)
    assert found is not None
    assert found.id == product


@pytest.mark.parametrize("told", ["Cobalin", "ampoule", "1", "Methycobal", "Behepan", "Hydroxocobalamin", "", "Nascobal", "(", "injection"])  # fmt: skip
def test_what_names_none_or_several_names_no_product(told: str) -> None:
    assert product_of(shipped.library(), told) is None


def test_the_message_names_what_is_meant_or_near() -> None:
    with pytest.raises(InputError, match=r"near are gb-hydroxocobalamin-1mg-1ml \(.*Cobalin-H"):
        find_product("Cobaline-H")
    with pytest.raises(InputError, match="2 products have this name; give the id of one: jp-mecobalamin"):
        find_product("Methycobal")


def test_a_dose_is_measured_by_brand_and_a_plan_keeps_the_id(tmp_path: Path) -> None:
    told = in_process("dose", "--product", "Cobalin-H", "--dose", "1 mg")
    assert told.code == 0, told.err
    assert "1 mL" in told.out.replace("\u00a0", " ")
    path = tmp_path / "x.yaml"
    path.write_text(CASE)
    options = (
        "--protocol",
        "uk-bnf-noneuro",
        "--start",
        "2026-11-30",
        "--choose",
        "maintenance_interval=3 mo",
        "--product",
        "Cobalin-H",
        "--on",
        "2026-11-30",
    )
    issues = in_process("plan", path, *options, "--json").document["issues"]
    codes = [issue["code"] for issue in issues if issue["severity"] == "acknowledge"]
    accepted = in_process(
        "accept",
        path,
        *options,
        "--by",
        "Dr A",
        *(part for code in codes for part in ("--acknowledge", f"{code}=seen")),
    )
    assert accepted.code == 0, accepted.err
    assert "product: gb-hydroxocobalamin-1mg-1ml" in path.read_text()
