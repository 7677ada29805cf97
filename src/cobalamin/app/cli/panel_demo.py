"""`panel demo`: a made-up practice on a fixed Tuesday, as a practice nurse would type it."""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

from cobalamin.app.services import panels
from cobalamin.app.terminal.printing import print_view
from cobalamin.app.views import panel as panel_views
from cobalamin.population import measures, recall

TUESDAY, SEED, PRACTICE = date(2026, 11, 24), 7, "Ash Lane"


def play(people: int) -> None:
    """Generate, build, and print the recall list of one practice and the audit of all."""
    with tempfile.TemporaryDirectory(prefix="cobalamin-") as name:
        register, folder = Path(name) / "register", Path(name) / "panel"
        _typed(f"cobalamin panel generate register --people {people} --seed {SEED} --on {TUESDAY}")
        panels.generate_register(register, people, SEED, TUESDAY, panels.unwatched)
        sys.stdout.write(f"{panel_views.screen_of().say('panel.demo_note')}\n")
        _typed(f"cobalamin panel build register --into panel --on {TUESDAY}")
        options = panels.BuildOptions(workers=1, compiled=False)
        manifest = panels.build_panel(register, folder, TUESDAY, options, panels.unwatched)
        print_view(panel_views.view_of_built(manifest, Path("panel")))
        panel = panels.open_panel(folder)
        _typed(f"cobalamin panel recall panel --within 7 --practice '{PRACTICE}'")
        print_view(panel_views.view_of_recall(recall.recall(panel, 7, PRACTICE), PRACTICE))
        print_view(panel_views.view_of_decisions(recall.decisions(panel, PRACTICE)))
        _typed("cobalamin panel measures panel")
        print_view(panel_views.view_of_measures(panel, measures.measure_all(panel), shared=False))
        panel.con.close()


def _typed(command: str) -> None:
    sys.stdout.write(f"\n$ {command}\n\n")
    sys.stdout.flush()
