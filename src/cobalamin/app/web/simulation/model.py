"""How the model behind the simulations was tested: every published figure beside what the model gives."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.services import shipped
from cobalamin.app.web.frame.blocks import kept
from cobalamin.app.web.frame.site import page
from cobalamin.app.web.simulation.page import has_numpy

if TYPE_CHECKING:
    from cobalamin.kinetics.evidence.validation import Judged

routes = APIRouter(include_in_schema=False)
_VERDICTS = {"within": "model__within", "outside": "model__outside", "no verdict": "model__unchecked"}
_COLUMNS = ("model__what", "model__observed", "model__simulated", "model__band", "model__verdict")


@cache
def _judged() -> tuple[Judged, ...]:
    """Every published figure, run on the model once; it takes about a second."""
    from cobalamin.kinetics.evidence.validation import judged
    from cobalamin.kinetics.parameters import packaged_parameters

    return judged(packaged_parameters())


@routes.get("/model")
def model(request: Request) -> Response:
    """The figures, the bands they were allowed, and which of them the model misses."""
    if not has_numpy():
        return page(request, "simulate_missing")
    say = shipped.library().own_words.text
    found = _judged()
    verdicts = [each.verdict for each in found]
    return page(
        request, "simulate_model",
        within=verdicts.count("within"), checked=len(found) - verdicts.count("no verdict"), unchecked=verdicts.count("no verdict"),
        titles=[say(f"web.{name}") for name in _COLUMNS], rows=[_row(each) for each in found],
    )  # fmt: skip


def _row(each: Judged) -> tuple[str, ...]:
    words = shipped.library().own_words
    target, verdict = each.target, words.text(f"web.{_VERDICTS[each.verdict]}")
    published, simulated = f"{target.observed} {target.unit}", f"{each.simulated:.3g} {target.unit}"
    quoted = (words.quoted(each.strip()) for each in (target.text, published, simulated, target.band))
    return tuple(str(kept(cell.strip())) for cell in (*quoted, verdict))
