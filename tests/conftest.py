"""What all tests share: the library from its YAML, and builders of patients."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from cobalamin.casefile.reader import read_case
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import data_folder, from_folder
from cobalamin.therapy.case.case import Case, Fact, Patient

ROOT = Path(__file__).parent.parent
NONE_OF = {
    "allergy_cobalamin": "absent", "allergy_cobalt": "absent", "allergy_benzyl_alcohol": "absent", "allergy_parabens": "absent",
    "optic_disease": "none", "renal_impairment": "absent", "anticoagulation": "absent", "thrombocytopenia": "absent",
    "nitrous_oxide_exposure": "absent", "pregnancy": "none", "folic_acid": "none", "polycythaemia_vera": "absent", "medicines": "none",
}  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def no_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads what whoever runs it has set, and none leaves anything there; programs that a test starts inherit it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COBALAMIN_SETTINGS", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("PAGER", "cat")  # a terminal that a test plays has nobody who leaves the pager
        yield


@pytest.fixture(scope="session")
def library() -> Library:
    """The library as its YAML says it."""
    return from_folder(data_folder())


@pytest.fixture(scope="session")
def patient() -> Callable[..., Case]:
    """A patient with these facts and, unless `asked=False`, every box of contraindications ticked as absent."""

    def build(country: str = "GB", born: date | None = date(1958, 3, 2), asked: bool = True, **facts: str) -> Case:
        known = {**(NONE_OF if asked else {}), **facts}
        return Case(Patient("test", born, "female", country), tuple(Fact(name, value) for name, value in known.items()))

    return build


@pytest.fixture(scope="session")
def example(library: Library) -> Callable[[str], Case]:
    """One of the example case files."""

    def read(name: str) -> Case:
        path = ROOT / "examples" / f"{name}.yaml"
        return read_case(path.read_bytes(), str(path), library)

    return read
