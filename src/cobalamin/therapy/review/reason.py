"""Why a dose counts as it does, or what is to be said of its entry: a code with its sentence."""

from __future__ import annotations

from typing import NamedTuple

from cobalamin.knowledge.model import Citations
from cobalamin.text.messages import Text


class Reason(NamedTuple):
    code: str
    text: Text
    cites: Citations = ()
