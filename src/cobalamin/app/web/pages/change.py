"""An entry to be changed: its form, filled in with what it says."""

from __future__ import annotations

from cobalamin.app.services.changing import Standing, standing_entry
from cobalamin.app.services.files import read_bytes
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Form
from cobalamin.app.web.frame.site import Opened
from cobalamin.app.web.pages.entry_form import KINDS, filled_with

_FORM_OF = {kind: form for form, kind in KINDS.items()}


def standing(this: Opened, event: str) -> Standing:
    """The entry with this id. Raises NoSuchCase where there is none that a form can hold."""
    found = standing_entry(read_bytes(this.path), this.name, event)
    if found is None or not found.can_be_changed:
        raise NoSuchCase(event)
    return found


def form_of_change(this: Opened, event: str) -> tuple[str, Form]:
    """The name of the form, and what it holds."""
    found = standing(this, event)
    kind = _FORM_OF.get(found.event.kind, found.event.kind)
    return kind, filled_with(kind, found.written)
