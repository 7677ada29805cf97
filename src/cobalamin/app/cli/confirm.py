"""Asking y/N before something improbable is written: on a terminal; elsewhere it ends with exit 1 unless --yes was given."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from cobalamin.app.cli.options import REFUSED, leave, print_json
from cobalamin.app.services import shipped
from cobalamin.app.services.confirming import Asked, Confirmed, Unconfirmed

_Answer = TypeVar("_Answer")


def until_confirmed(write: Callable[[Confirmed], _Answer], yes: bool, as_json: bool) -> _Answer:
    """What `write` answers. Where it looks wrong, ask; without a terminal or without a yes, leave with exit 1 and write nothing.

    What was asked is what is confirmed: where something else looks wrong by then, because the file changed, it is asked again.
    """
    confirmed: Confirmed = yes
    while True:
        try:
            return write(confirmed)
        except Unconfirmed as refusal:
            _show(refusal.asked)
            if not said_yes("ask", as_json, refusal.asked):
                leave(REFUSED)
            confirmed = tuple(refusal.asked.keys)


def said_yes(question: str, as_json: bool, asked: Asked | None = None) -> bool:
    """Whether somebody at a terminal says yes; anything else is a no. The question is no part of the answer on standard output."""
    terminal = sys.stdin is not None and sys.stdin.isatty()
    if terminal and not as_json:
        sys.stderr.write(shipped.library().own_words.text(f"improbable.{question}"))
        sys.stderr.flush()
        if sys.stdin.readline().strip().casefold() in ("y", "yes"):
            return True
    without = shipped.library().own_words.text(
        "improbable.not_written_terminal" if terminal and not as_json else "improbable.not_written"
    )
    sys.stderr.write(f"{without}\n")
    if as_json and asked is not None:
        from cobalamin.app.documents.written import asked_answer

        print_json(asked_answer(asked))
    return False


def _show(asked: Asked) -> None:
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.record import view_of_asked

    print_view(view_of_asked(asked), error=True)


def list_entries(path: Path, on: date, kind: str = "") -> None:
    """The entries of a case with their ids and what they say, on standard error."""
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.record import view_of_entries

    print_view(view_of_entries(path, on, kind), error=True)
