"""What a page sent, and which day it was told as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.datastructures import UploadFile
from starlette.requests import Request

LONGEST = 2_000


def told_day(text: Callable[[str], str], name: str) -> str:
    """A day as it is written in a file, from one field or from three; without its day a month, empty where nothing was told."""
    day, month, year = (text(f"{name}.{part}").strip() for part in ("day", "month", "year"))
    if not (day or month or year):
        return text(name).strip()
    if not day:
        return f"{year}-{month}".strip("-")
    return f"{year}-{month}-{day.zfill(2)}"


@dataclass(frozen=True)
class Form:
    """Texts by name; a name may stand several times. Spaces around a text are nobody's meaning."""

    values: dict[str, list[str]]
    file: tuple[str, bytes] | None = None

    def text(self, name: str) -> str:
        found = self.values.get(name)
        return found[-1] if found else ""

    def date(self, name: str) -> str:
        return told_day(self.text, name)

    def all(self, name: str) -> list[str]:
        return self.values.get(name, [])

    def beginning(self, prefix: str) -> dict[str, str]:
        """The filled texts whose name begins so, by the rest of the name."""
        return {
            name.removeprefix(prefix): texts[-1]
            for name, texts in self.values.items()
            if name.startswith(prefix) and texts[-1]
        }


async def read_form(request: Request) -> Form:
    """What was sent, kept beside the request so that a page about a fault can show it again."""
    values: dict[str, list[str]] = {}
    file = None
    async with request.form(max_files=1, max_fields=200) as sent:
        for name, value in sent.multi_items():
            if isinstance(value, UploadFile):
                file = (value.filename or "case.yaml", await value.read())
            else:
                values.setdefault(name, []).append(value.strip()[:LONGEST])
    form = Form(values, file)
    request.state.form = form
    return form


Sent = Annotated[Form, Depends(read_form)]
