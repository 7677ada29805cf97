"""Nodes hold words and nothing of a printer: no indent, no mark of a list, no code in a sentence, no option where a page reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache

import pytest
from command_line import EXAMPLES, example

from cobalamin.app.services import asking, assessing, comparing, planning, reviewing, shipped
from cobalamin.app.services.cases import open_case
from cobalamin.app.views import callouts, tree
from cobalamin.app.views.ask import view_of_found
from cobalamin.app.views.assess import view_of_assessment
from cobalamin.app.views.builder import Builder, View, typed
from cobalamin.app.views.compare import view_of_comparison
from cobalamin.app.views.propose import view_of_proposal
from cobalamin.app.views.review import view_of_review
from cobalamin.app.views.tree import Callout, Depth, Line, Paragraph
from cobalamin.app.views.whatif import view_of_what_if
from cobalamin.text.messages import message

ON = date(2026, 9, 1)
OPTION = re.compile(r"--[a-z]|\bcobalamin [a-z-]+ [A-Z]|docs/")
CODE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
READERS = [(plain, language) for plain in (False, True) for language in ("en", "nl")]


@cache
def views(plain: bool, language: str) -> tuple[View, ...]:
    """What pages show too, of every example."""
    library = shipped.library_in(language)
    found = []
    for path in EXAMPLES:
        case = open_case(path)
        found += [
            view_of_proposal(planning.propose_for(case, ON, library), case, library, plain, everything=False),
            view_of_review(reviewing.review_of(case, ON, library=library), plain),
            view_of_assessment(assessing.assess_for(case, ON, library), case, library, plain),
        ]
    case = open_case(example("pernicious-anaemia"))
    comparison = comparing.compare_for(case, comparing.CompareOptions(), ON)
    found.append(view_of_comparison(comparison, case, shipped.library(), plain, everything=False))
    found.append(view_of_what_if(comparing.what_if_for(case, ON), case, shipped.library(), plain))
    found.append(view_of_found(asking.ask("chest pain after an injection", "GB", None, ON), plain, "GB", False))
    return tuple(found)


def texts(node: object) -> Iterator[str]:
    """Every text of a node, those in its parts too."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for each in node:
            yield from texts(each)
    elif is_dataclass(node) and not isinstance(node, tree.Figure):
        for name in fields(node):
            yield from texts(getattr(node, name.name))


@pytest.mark.parametrize(("plain", "language"), READERS)
def test_no_text_of_a_node_is_laid_out(plain: bool, language: str) -> None:
    read = 0
    for view in views(plain, language):
        for node in view.nodes:
            for text in texts(node):
                read += 1
                lines = text.split("\n") if isinstance(node, tree.Table) else [text]
                assert all(line == line.lstrip() and "\n" not in line for line in lines), text
                assert not re.search("[\x1b\ue000-\ue002]", text), text
                if isinstance(node, Paragraph | Callout):
                    assert not text.startswith("- "), text
    assert read > 1000


@pytest.mark.parametrize(("plain", "language"), READERS)
def test_what_a_page_reads_names_no_option_of_the_command_line(plain: bool, language: str) -> None:
    apart = 0
    for view in views(plain, language):
        for node in view.nodes:
            apart += isinstance(node, Paragraph) and bool(node.command)
            if isinstance(node, Paragraph | Line):
                assert not OPTION.search(node.text), node.text
    assert apart > 10


@pytest.mark.parametrize(("plain", "language"), READERS)
def test_a_code_of_a_callout_stands_apart_from_its_sentence(plain: bool, language: str) -> None:
    read = 0
    for view in views(plain, language):
        leading = (each for node in view.nodes if isinstance(node, tree.Alarms) for each in node.callouts)
        for node in (*leading, *(node for node in view.nodes if isinstance(node, Callout))):
            read += 1
            assert node.code
            assert not CODE.search(f"{node.mark} {node.text} {node.line}"), node
            shown = [each.text for each in callouts.paragraphs(node, view.say, view.plain)]
            assert any(node.code in text for text in shown) is not plain
    assert read > 20


@pytest.mark.parametrize(("plain", "language"), READERS)
def test_every_number_of_a_source_is_in_the_list(plain: bool, language: str) -> None:
    for view in views(plain, language):
        listed = {source.number for source in view.sources}
        assert listed == set(range(1, len(view.sources) + 1))
        for node in view.nodes:
            cited = {mark.number for mark in node.cites} if isinstance(node, Callout) else set()
            assert cited <= listed
            if isinstance(node, tree.Sources):
                assert node.sources == view.sources


def test_a_message_is_put_into_the_words_of_the_reader() -> None:
    for language in ("en", "nl"):
        screen = Builder(shipped.library_in(language), True, "GB")
        told = message("review.coming")
        screen.heading(told, "coming")
        screen.indented(told)
        screen.print(told)
        expected = screen.words.text("review.coming")
        assert screen.take() == (tree.Heading(expected, "coming"), Paragraph(expected), Line(expected))
        assert screen.view().nodes == ()


def test_what_a_person_typed_is_not_respelled() -> None:
    screen = Builder(shipped.library(), True, "US")
    screen.indented(f"anaemia of {typed('Anaemia 1 mg')}", Depth.FLUSH)
    assert screen.take() == (Paragraph("anemia of Anaemia 1 mg", Depth.FLUSH),)
