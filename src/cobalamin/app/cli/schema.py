"""The command that prints the JSON Schema of a document."""

from __future__ import annotations

from typing import Annotated

import typer

from cobalamin.app.cli.options import print_json


def schema(
    name: Annotated[
        str,
        typer.Argument(
            help="case, propose, assess, plan, review, due, explain, record, ask, compare, whatif, dose, check, panel-recall ..."
        ),
    ],
) -> None:
    """The JSON Schema of a document."""
    from cobalamin.app.documents.schemas import schema_of

    print_json(schema_of(name))


def add_to(app: typer.Typer) -> None:
    app.command()(schema)
