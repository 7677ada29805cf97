"""`demo`: the main jobs on real examples, as a person would type them."""

from __future__ import annotations

import sys
from datetime import date
from importlib import resources
from pathlib import Path

from cobalamin.app import services
from cobalamin.app.reviewing import review_case
from cobalamin.app.screen_plan import show_plan
from cobalamin.app.screen_propose import show_proposal
from cobalamin.app.screen_review import show_review
from cobalamin.errors import InputError

EXAMPLE, RUNNING = "pernicious-anaemia.yaml", "treatment-running.yaml"


def examples_folder() -> Path:
    """The example case files: packed with the program, or beside its sources."""
    packed = Path(str(resources.files("cobalamin"))) / "examples"
    beside = Path(__file__).resolve().parents[3] / "examples"
    for folder in (packed, beside):
        if folder.is_dir():
            return folder
    raise InputError.one("examples", "", "the example case files are not installed")


def play(plain: bool) -> None:
    """A proposal, a year's schedule and a review for two of the examples, on fixed days so that it always reads the same."""
    path = examples_folder() / EXAMPLE
    on = date(2026, 1, 2)
    case = services.open_case(path)
    _typed(f"cobalamin propose examples/{EXAMPLE} --on {on}")
    show_proposal(services.propose_case(path, on), case, services.library(), plain, everything=False)
    options = services.PlanOptions(
        "uk-bnf-noneuro", date(2026, 1, 5), {"maintenance_interval": "3 mo"}, "gb-hydroxocobalamin-1mg-1ml"
    )
    _typed(
        f"cobalamin plan examples/{EXAMPLE} --protocol uk-bnf-noneuro --start 2026-01-05 --choose maintenance_interval='3 mo' --product {options.product} --on {on}"
    )
    show_plan(services.plan_case(path, options, on), case, services.library(), plain)
    later = date(2026, 9, 1)
    _typed(f"cobalamin review examples/{RUNNING} --on {later}")
    show_review(review_case(examples_folder() / RUNNING, later), plain)


def _typed(command: str) -> None:
    sys.stdout.write(f"\n$ {command}\n\n")
    sys.stdout.flush()
