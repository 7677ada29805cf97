"""The command that says what recorded results and facts suggest, and what comes next: assess."""

from __future__ import annotations

import typer

from cobalamin.app.cli.days import assessment_day
from cobalamin.app.cli.options import CaseFile, Everything, Json, Language, On, Plain, Sources, extent_of, print_json


def assess(
    case: CaseFile, on: On = "", everything: Everything = False, sources: Sources = False, as_json: Json = False,
    plain: Plain = False, lang: Language = "en",
) -> None:  # fmt: skip
    """Confirm, cause, severity, treat: what each result suggests by which source, what is missing, which test comes next."""
    from cobalamin.app.services import assessing, cases, shipped

    library, read = shipped.library_in(lang, as_json), cases.CaseRead(case)
    assessed = assessment_day(on, read)
    assessment = assessing.assess_for(read.case, assessed, library)
    if as_json:
        from cobalamin.app.documents.assess import assess_answer
        from cobalamin.app.documents.plan import Renderer

        print_json(assess_answer(Renderer(library), assessment))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.assess import view_of_assessment

    print_view(view_of_assessment(assessment, read.case, library, plain, extent_of(everything, sources)))


def add_to(app: typer.Typer) -> None:
    app.command()(assess)
