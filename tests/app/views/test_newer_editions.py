"""An option that rests on an edition which was followed by another says so, in the short form, the whole one, the plan and the record.

The texts are those that the audit names: British Columbia and the CDC as quoted, Norway 2018, ASMBS 2016, BNF for Children 2011-2012.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import in_process

from cobalamin.app.services.cited import followed_editions
from cobalamin.app.services.shipped import library as shipped
from hazards import hazard

ON = "2026-01-05"
FOLLOWED = {
    "ca-bc-oral": "18 January 2023", "ca-bc-neuro": "18 January 2023", "us-cdc-im": "archived", "us-cdc-oral": "archived",
    "no-oral": "second edition of February 2022", "asmbs-maintenance": "of 2019", "asmbs-repletion": "of 2019",
    "uk-bnfc-neuro": "later BNF for Children", "uk-bnfc-mma": "later BNF for Children", "us-aafp-oral": "review of 2025",
}  # fmt: skip
CASE = """cobalamin: 1
patient: {{id: a, birth_date: 1958-03-02, sex: female, country: "{country}"}}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: absent
  anaemia: mild
  previous_treatment: none
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid, polycythaemia]
"""


def flat(text: str) -> str:
    return " ".join(text.split())


@hazard("H100")
@pytest.mark.parametrize(("protocol", "newer"), FOLLOWED.items())
def test_a_text_in_force_that_was_followed_says_so(protocol: str, newer: str) -> None:
    held = shipped().protocol(protocol)
    assert held.status == "current"  # its country keeps a text
    assert any(newer in each.newer_known for each in followed_editions(shipped(), held))
    shown = in_process("library", "show", protocol)
    assert "This is not the newest edition. Newer:" in flat(shown.out)
    assert newer in flat(shown.out)
    assert in_process("library", "show", protocol, "--json").document["newer_editions"]


@hazard("H100")
@pytest.mark.parametrize(("country", "protocol"), [("CA", "ca-bc-oral"), ("NO", "no-oral")])
def test_the_option_says_it_in_every_form(tmp_path: Path, country: str, protocol: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(CASE.format(country=country), "utf-8")
    whole = flat(in_process("propose", str(path), "--on", ON, "--all").out)
    at = whole.index(f" {protocol} ")
    assert "This is not the newest edition." in whole[at : at + 1500]
    document = in_process("propose", str(path), "--on", ON, "--json").document
    [option] = [each for each in document["options"] if each["protocol"] == protocol]
    assert FOLLOWED[protocol] in option["newer_editions"][0]["text"]
    assert option["newer_editions"][0]["citations"][0]["source"] in {source["id"] for source in document["sources"]}
    others = [each for each in document["options"] if each["protocol"] == "uk-bnf-noneuro"]
    assert [each["newer_editions"] for each in others] == [[]]
    plan = flat(in_process("plan", str(path), "--protocol", protocol, "--start", ON, "--on", ON).out)
    assert "This is not the newest edition." in plan


@hazard("H100")
def test_the_leading_option_of_the_first_screen_says_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("a.yaml")  # a short name, which wraps no line
    path.write_text(CASE.format(country="CA"), "utf-8")
    for manner, said in (
        ((), "This is not the newest edition."),
        (("--plain",), "Ask whether the newer one says the same."),
    ):
        out = in_process("propose", str(path), "--on", ON, *manner).out
        assert said in flat(out)
        assert len(out.splitlines()) <= 25
