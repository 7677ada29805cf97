"""A page holds the nodes of the view that the terminal prints; it is recovered from no printed text."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from web_site import DAY, ROOT, RUNNING, Reader

from cobalamin.app.services import asking, comparing, reviewing, shipped
from cobalamin.app.services.cases import open_case
from cobalamin.app.views import callouts, tree
from cobalamin.app.views.ask import AskBuilder, add_found
from cobalamin.app.views.builder import View
from cobalamin.app.views.compare import view_of_comparison
from cobalamin.app.views.library import view_of_record
from cobalamin.app.views.record import view_of_explanation
from cobalamin.app.views.review import view_of_review
from cobalamin.app.views.whatif import view_of_what_if
from cobalamin.therapy.review.review import Ahead

APP = ROOT / "src" / "cobalamin" / "app"
PRINTING = ("rich", "textwrap", "cobalamin.app.terminal")
_NUMBERED = re.compile(r"\[[\d?, ]+\]")  # the alarms of a person may be numbered before or after what is asked


def case_of(name: str) -> Path:
    return ROOT / "examples" / f"{name}.yaml"


def _review(plain: bool) -> View:
    seen = reviewing.review_of(open_case(case_of("treatment-running")), DAY, ahead=Ahead(24, 6))
    return view_of_review(seen, plain)


def _why(plain: bool) -> View:
    return view_of_explanation(reviewing.explain_for(open_case(case_of("treatment-running")), "2026-10-09", DAY))


def _compared(plain: bool) -> View:
    case = open_case(case_of("treatment-running"))
    comparison = comparing.compare_for(case, comparing.CompareOptions(axis=comparing.ONE_YEAR), DAY)
    return view_of_comparison(comparison, case, shipped.library(), plain, everything=False)


def _what_if(plain: bool) -> View:
    case = open_case(case_of("treatment-running"))
    return view_of_what_if(comparing.what_if_for(case, DAY), case, shipped.library(), plain)


def _asked(plain: bool) -> View:
    screen = AskBuilder(shipped.library(), plain, "GB")
    screen.most = 4
    add_found(screen, asking.ask("how often", "GB", None, DAY), everything=True)
    return screen.view()


def _record(plain: bool) -> View:
    return view_of_record(shipped.library(), "uk-bnf-noneuro")


PAGES: dict[str, Callable[[bool], View]] = {
    f"{RUNNING}/review": _review,
    f"{RUNNING}/why?about=2026-10-09": _why,
    f"{RUNNING}/compare": _compared,
    f"{RUNNING}/whatif": _what_if,
    "/ask?q=how+often": _asked,
    "/library/uk-bnf-noneuro": _record,
}


def said(view: View) -> Iterator[str]:
    """What a page must hold of a view, but for the lines to come and the questions, for which the page of a review has its own."""
    own = False
    for node in view.nodes:
        if isinstance(node, tree.Heading):
            own = node.name in ("coming", "questions")
        if own:
            continue
        if isinstance(node, tree.Heading | tree.Line | tree.Paragraph):
            yield node.text
        elif isinstance(node, tree.Callout):
            yield from (each.text for each in callouts.paragraphs(node, view.say, view.plain))
        elif isinstance(node, tree.Table):
            names = {row[node.names] for row in node.rows} if node.names is not None else set()
            cells = (cell for row in (node.titles, *node.rows) for cell in row if cell not in names)
            yield from (line for cell in cells for line in cell.split("\n"))
        elif isinstance(node, tree.Sources):
            yield from (each.text for each in node.sources)


def plain_text(content: str) -> str:
    """The words alone, every space one, without numbers of sources."""
    words = (
        re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]*>", "", content))).replace("\u2060", "").replace("\u200b", "")
    )
    return _NUMBERED.sub("", words).replace(" .", ".")


# The terminal explains a date to professionals only.
SHOWN = [(address, words) for address in PAGES for words in ("plain", "professional") if words != "plain" or not address.startswith(f"{RUNNING}/why")]  # fmt: skip


@pytest.mark.parametrize(("address", "words"), SHOWN)
def test_a_page_holds_every_node_of_its_view(address: str, words: str, reader: Reader) -> None:
    page = plain_text(reader.get(address, words=words).text)
    view = PAGES[address](words == "plain")
    wanted = [plain_text(text).strip() for text in said(view)]
    assert len([text for text in wanted if text]) > 4
    assert [text for text in wanted if text not in page] == []


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names)


@pytest.mark.parametrize("folder", ["web", "paper", "pictures", "views"])
def test_no_module_that_a_page_is_made_of_prints_on_a_terminal(folder: str) -> None:
    files = sorted((APP / folder).rglob("*.py"))
    assert files
    found = {(path.name, name) for path in files for name in imported(path)}
    assert [each for each in found if each[1].startswith(PRINTING)] == []
