"""A panel of many people that was built with `cobalamin panel build`: its lists and measures."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cobalamin.api.arguments import flag_of, path_of, text_of, whole_of, with_argument_names
from cobalamin.app.documents.types import panel as answers
from cobalamin.app.services import extras, panels

if TYPE_CHECKING:  # they load DuckDB
    from cobalamin.population import panel as population

MOST_DAYS = 400


@dataclass(frozen=True)
class Panel:
    """An open panel. Each method gives a document of plain values (dates as text), the same as `cobalamin panel ... --json`.

    `on`: the day of assessment it was built for; `people`: how many it holds, whatever their state.
    """

    folder: Path
    on: date
    people: int
    _opened: population.Panel = field(repr=False, compare=False)

    @with_argument_names()
    def recall(self, *, within: int = 14, practice: str = "") -> answers.PanelRecallAnswer:
        """List who is to be called, the most urgent first: late, due within so many days (0 to 400), or not datable.

        `not_listed` counts everybody else by status: nobody is left out silently. Raises InputError for a wrong number.
        """
        from cobalamin.app.documents import panel as documents
        from cobalamin.population import recall as lists

        days = whole_of(within, "within", 0, MOST_DAYS)
        found = lists.recall(self._opened, days, text_of(practice, "practice"))
        return documents.recall_document(self._opened, found)

    @with_argument_names()
    def measures(self, *, by_practice: bool = False, shared: bool = False) -> answers.PanelMeasuresAnswer:
        """Give the audit: each measure with numerator, denominator and exclusions, of people or of doses.

        `shared`: hide small counts and round, for figures that leave the practice.
        """
        from cobalamin.app.documents import panel as documents
        from cobalamin.population import measures as audit

        results = audit.measure_all(self._opened, flag_of(by_practice, "by_practice"))
        return documents.measures_document(self._opened, results, flag_of(shared, "shared"))

    @with_argument_names(people="measure")
    def people_behind(self, measure: str) -> answers.PanelPeopleAnswer:
        """List the people in a measure's denominator and whether each counts. Raises InputError for an unknown measure."""
        from cobalamin.app.documents import panel as documents
        from cobalamin.population import measures as audit

        rows = audit.people_behind(self._opened, text_of(measure, "measure"))
        return documents.people_document(self._opened, measure, rows)

    @with_argument_names()
    def timeline(self) -> answers.PanelTimelineAnswer:
        """Count people by status at each month's end; no months where the panel was built without them."""
        from cobalamin.app.documents import panel as documents
        from cobalamin.population import measures as audit

        return documents.timeline_document(self._opened, audit.timeline(self._opened))

    @with_argument_names()
    def reconcile(self) -> answers.PanelReconcileAnswer:
        """Account for every row of the register: in = used + set aside, each row set aside with its place and reason."""
        from cobalamin.app.documents import panel as documents

        aside = self._opened.rows("SELECT * FROM aside")
        return documents.reconcile_document(self._opened, aside, panels.disagreements(self._opened))


@with_argument_names()
def open_panel(folder: str | os.PathLike[str]) -> Panel:
    """Open a panel that was built with `cobalamin panel build`. Needs the extra `population`.

    A panel holds what was decided when it was built, by the library and policy named in it; no library is read here.

    Raises InputError where the folder holds no whole panel, and where the extra is not installed.
    """
    extras.need("panel", "population")
    opened: population.Panel = panels.open_panel(path_of(folder, "folder"))
    return Panel(opened.folder, opened.on, int(opened.manifest["people"]), opened)
