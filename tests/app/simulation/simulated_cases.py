"""Cases as people write them, for the simulation: a plan of tablets, a plan of injections, and no plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cobalamin.app.services import cases
from cobalamin.app.services.simulation.doses import doses_of_case
from cobalamin.app.services.simulation.given import CaseDoses

HEAD = """cobalamin: 1
patient: {{id: made-up, birth_date: 1958-03-02, sex: female, country: GB}}
facts:
  deficiency: confirmed
  cause: pernicious_anaemia
  neurological_involvement: absent
  anaemia: none
  previous_treatment: {before}
  none_of: [allergies, optic_disease, kidney_disease, bleeding_risk, nitrous_oxide, pregnancy, folic_acid]
"""
ACCEPTED = "policy: engineering-default, accepted_by: Dr A. Example, accepted_on: 2026-02-27"
TABLETS = f"plan: {{protocol: ca-bc-oral, version: 1, start: 2026-03-02, choices: {{maintenance_dose: 1000 mcg}}, {ACCEPTED}}}\n"
INJECTIONS = f"plan: {{protocol: uk-bnf-noneuro, version: 1, start: 2026-06-01, choices: {{maintenance_interval: 3 mo}}, {ACCEPTED}}}\n"
ON = date(2026, 6, 20)
TAKEN = "substance: cyanocobalamin, dose: 1 mg, route: oral"
INJECTED = "kind: administration, substance: hydroxocobalamin, dose: 1 mg, route: im"


def written(folder: Path, plan: str = "", *events: str, before: str = "none") -> Path:
    """A case file with this plan and these entries."""
    record = "record:\n" + "".join(f"  - {{{event}}}\n" for event in events) if events else ""
    path = folder / "case.yaml"
    path.write_text(HEAD.format(before=before) + plan + record, "utf-8")
    return path


def told(folder: Path, plan: str = "", *events: str, before: str = "none") -> CaseDoses:
    """What such a case has given and has next, for a year."""
    case = cases.open_case(written(folder, plan, *events, before=before))
    return doses_of_case(case, ON, date(2027, 6, 20))


def courses(found: CaseDoses) -> list[tuple[str, str, str, float]]:
    """First and last day, amount and spacing of each course."""
    return [
        (str(each.on), str(each.until), f"{each.dose.micrograms:f}", each.spacing) for each in found.given if each.until
    ]


def days(found: CaseDoses) -> list[str]:
    """The days of single doses."""
    return [str(each.on) for each in found.given if each.until is None]


def codes(found: CaseDoses) -> set[str]:
    return {each.code for each in found.remarks}
