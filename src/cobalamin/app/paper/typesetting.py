"""The call to Typst: a template of this package and a JSON-able value become a PDF, the same bytes everywhere.

Only fonts that Typst carries are used, and no clock: the document is dated by the day of assessment. The value travels
as one JSON text beside the template, so nothing in it is ever read as markup.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

from cobalamin.app.services import extras, shipped
from cobalamin.app.services.outputs import refuse_target
from cobalamin.errors import InputError, InvariantBroken
from cobalamin.text.safe import named_by_number

TEMPLATES = Path(__file__).parent / "templates"
STANDARD = "ua-1"  # tagged, with title and language: PDF/UA-1
MOST_ATTEMPTS = 4
SHORT = 3100  # letters that fit on a page with room to spare
_LACKING = re.compile(r'the text `"((?:\\.|[^"\\])*)"` could not be displayed')
_NUMBER_OF_PAGES = re.compile(rb"<xmpTPg:NPages>([0-9]+)<")
_BY_NUMBER = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def pdf_of(template: str, page: dict[str, Any]) -> bytes:
    """The PDF of `page` in this template. Raises InputError where the extra is not installed.

    What may need more than a page is measured first, and set a little smaller where that saves a page.
    """
    need_typesetter()
    if page["large"]:
        return _set(template, page | {"fit": False})
    if _letters(page) < SHORT:
        made = _set(template, page | {"fit": False})
        if _pages(made) == 1:
            return made
    return _set(template, page | {"fit": True})


def _letters(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_letters(each) for key, each in value.items() if key != "words")
    if isinstance(value, list):
        return sum(map(_letters, value))
    return len(value) if isinstance(value, str) else 0


def _pages(made: bytes) -> int:
    """As the PDF's own metadata say; 0 where they don't."""
    found = _NUMBER_OF_PAGES.search(made)
    return int(found.group(1)) if found else 0


def _set(template: str, page: dict[str, Any]) -> bytes:
    compiler = _compiler(template)
    for _ in range(MOST_ATTEMPTS):
        data = {"data": json.dumps(page, ensure_ascii=False)}
        try:
            made: bytes = compiler.compile(format="pdf", pdf_standards=[STANDARD], sys_inputs=data, timestamp=0)
        except _typst().TypstError as error:
            lacking = _signs_no_font_has(error.diagnostic)
            if not lacking:
                raise InvariantBroken(f"the page could not be set: {error}") from None
            page = named_by_number(page, lacking, shipped.library().own_words)
        else:
            return made
    raise InvariantBroken("the page could not be set: it has signs that no font has")


@cache
def _compiler(template: str) -> Any:
    typst = _typst()
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(TEMPLATES / template, root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _typst() -> Any:
    import typst  # only sheets and letters load it

    return typst


def need_typesetter(command: str = "a PDF") -> None:
    """Raise InputError where what sets pages is not installed."""
    extras.need(command, "paper", "typst")


def _signs_no_font_has(diagnostic: str) -> frozenset[str]:
    """The signs that Typst names as lacking in its fonts; it names what stands together, so what all fonts have is left out."""
    texts = [_BY_NUMBER.sub(lambda found: chr(int(found.group(1), 16)), text) for text in _LACKING.findall(diagnostic)]
    return frozenset(sign for text in texts for sign in text if not sign.isascii() and category(sign) != "Cf")


# -- the file --------------------------------------------------------------------------------------------------------


def refuse_unfit(path: Path, *inputs: Path | None, force: bool) -> None:
    """Raises InputError and TargetRefused where no PDF can or should be written, before anything is computed."""
    if path.suffix.lower() != ".pdf":
        raise InputError.one(str(path), "", "the file to write must end in .pdf")
    refuse_target(path, *inputs, force=force)
