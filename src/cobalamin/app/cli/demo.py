"""`demo`: the main jobs on real examples, as a person would type them."""

from __future__ import annotations

import sys
from datetime import date

import typer

from cobalamin.app.cli.options import Plain
from cobalamin.app.services import cases, planning, shipped
from cobalamin.app.services.examples import examples_folder
from cobalamin.app.services.reviewing import review_case
from cobalamin.app.terminal.printing import print_view
from cobalamin.app.views.plan import view_of_plan
from cobalamin.app.views.propose import view_of_proposal
from cobalamin.app.views.review import view_of_review

EXAMPLE, RUNNING = "pernicious-anaemia.yaml", "treatment-running.yaml"


def demo(plain: Plain = False) -> None:
    """The main jobs on real examples: a proposal, a year's schedule, the review of a running treatment."""
    play(plain)


def play(plain: bool) -> None:
    """A proposal, a year's schedule and a review for two of the examples, on fixed days so that it always reads the same."""
    path = examples_folder() / EXAMPLE
    on = date(2026, 1, 2)
    case = cases.open_case(path)
    _typed(f"cobalamin propose examples/{EXAMPLE} --on {on}")
    print_view(view_of_proposal(planning.propose_for(case, on), case, shipped.library(), plain, everything=False))
    options = planning.PlanOptions(
        "uk-bnf-noneuro", date(2026, 1, 5), {"maintenance_interval": "3 mo"}, "gb-hydroxocobalamin-1mg-1ml"
    )
    _typed(
        f"cobalamin plan examples/{EXAMPLE} --protocol uk-bnf-noneuro --start 2026-01-05 --choose maintenance_interval='3 mo' --product {options.product} --on {on}"
    )
    print_view(view_of_plan(planning.plan_for(case, options, on), case, plain))
    later = date(2026, 9, 1)
    _typed(f"cobalamin review examples/{RUNNING} --on {later}")
    print_view(view_of_review(review_case(examples_folder() / RUNNING, later), plain))


def _typed(command: str) -> None:
    sys.stdout.write(f"\n$ {command}\n\n")
    sys.stdout.flush()


def add_to(app: typer.Typer) -> None:
    app.command()(demo)
