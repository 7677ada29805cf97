"""The command that turns a dose into a volume, and back."""

from __future__ import annotations

from typing import Annotated

import typer

from cobalamin.app.cli.options import OK, REFUSED, Json, Product, leave, print_json
from cobalamin.app.services import shipped, volumes
from cobalamin.app.services.typed import country_code
from cobalamin.errors import InputError


def dose(
    amount: Annotated[list[str] | None, typer.Argument(metavar="AMOUNT", help="The dose, for example 250 mcg.")] = None,
    dose_text: Annotated[str, typer.Option("--dose", metavar="AMOUNT", help='For example "250 mcg".')] = "",
    volume_text: Annotated[
        str, typer.Option("--volume", metavar="VOLUME", help='Instead: which dose is in "1 mL"?')
    ] = "",
    product: Product = "",
    strength: Annotated[
        str, typer.Option("--strength", metavar="LABEL", help='As on the label, for example "1000 mcg/mL".')
    ] = "",
    country: Annotated[str, typer.Option("--country", help="Whose unit words come first.")] = "GB",
    as_json: Json = False,
) -> None:
    """Volume to draw up for a dose, or the dose in a volume; whole ampoules, and the dose in both unit texts."""
    from cobalamin.app.documents import inspection

    told = _one_amount(" ".join(amount or ()), dose_text, volume_text)
    if bool(product) == bool(strength):
        asked = f"--volume '{told}'" if volume_text else f"--dose '{told}'"
        message = f"give either --product ID or --strength LABEL, so that it is clear what is drawn up, for example: cobalamin dose {asked} --strength '1 mg/mL'"
        raise InputError.one("dose", "", message)
    answer = volumes.mass_of if volume_text else volumes.dose_volume
    volume = answer(told, product, strength, country_code(country))
    if as_json:
        print_json(inspection.dose_answer(volume))
    else:
        from cobalamin.app.terminal.printing import print_view
        from cobalamin.app.views.dose import view_of_volume

        print_view(view_of_volume(volume, shipped.library(), country))
    leave(REFUSED if any(issue.severity == "block" for issue in volume.issues) else OK)


def _one_amount(amount: str, dose: str, volume: str) -> str:
    """What is asked about: a dose or a volume, told once."""
    told = [each for each in (amount, dose, volume) if each]
    if len(told) != 1:
        message = "give the dose or the volume once, for example: cobalamin dose --dose '1 mg' --strength '1 mg/mL'"
        raise typer.BadParameter(message, param_hint="--dose")
    return told[0]


def add_to(app: typer.Typer) -> None:
    app.command()(dose)
