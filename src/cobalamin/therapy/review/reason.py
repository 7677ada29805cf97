"""Why a dose counts as it does, or what is to be said of its entry: a code with its sentence."""

from __future__ import annotations

from typing import NamedTuple

from cobalamin.knowledge.model import Citations


class Reason(NamedTuple):
    code: str
    text: str
    cites: Citations = ()
