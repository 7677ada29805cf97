"""Numbered sources as paper shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cobalamin.app.services import shipped
from cobalamin.app.views.tree import Mark
from cobalamin.app.views.tree import Source as CitedSource
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Source
from cobalamin.text.safe import _NO_BREAK, ADDRESS


def mark_words(marks: Iterable[Mark]) -> str:
    """ "1–3, 5?"; empty where nothing is cited."""
    return ",\u00a0".join(_runs({mark.number: mark.checked for mark in marks}))


def listed(library: Library, cited: Iterable[CitedSource], addresses: bool) -> list[dict[str, str]]:
    """Every source that was cited, as its record says it."""
    return [
        {"number": str(each.number), "text": source_words(source), ADDRESS: source.address if addresses else ""}
        for each in cited
        for source in (library.sources[each.id],)
    ]


def _runs(checked: dict[int, bool]) -> Iterator[str]:
    """The numbers in order, three or more that follow each other as one run; what is unchecked stands alone."""
    run: list[int] = []
    for number in [*sorted(checked), 0]:
        if run and not (number == run[-1] + 1 and checked[number]):
            yield from [f"{run[0]}–{_NO_BREAK}{run[-1]}"] if len(run) > 2 else map(str, run)
            run = []
        if number and checked[number]:
            run.append(number)
        elif number:
            yield f"{number}?"


def source_words(source: Source) -> str:
    """ "Title. Issuer, edition, date (level)." """
    issuer = "" if source.issuer in ("none", "") else source.issuer
    dated = "" if source.date in ("not stated", "") or source.date in source.edition else source.date
    origin = ", ".join(part for part in (issuer, source.edition, dated) if part)
    ending = "" if source.title.endswith((".", "?")) else "."
    checked = shipped.library().own_words.text(f"paper.read__{source.level}")
    return f"{source.title}{ending} {origin}".rstrip(". ") + f" ({checked})."
