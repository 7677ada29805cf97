"""A source's own caveats as sentences: at most three under an option, all of them in a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cobalamin.app.views.builder import Builder
from cobalamin.app.views.callouts import wording_of
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.safety.caveats import SHOWN_AT_OPTION, Caveat, shown_at_option

_ID = re.compile(r"[a-z]+[0-9]*(?:-[a-z0-9]+)+")


def option_lines(screen: Builder, caveats: Iterable[Caveat], everything: bool = False) -> Iterator[str]:
    """The caveats that hold, that may hold, and those shown with every offer; what is left over is counted."""
    found = shown_at_option(caveats)
    most = max(SHOWN_AT_OPTION, sum(map(_bears, found)))  # one that holds is never only counted (hazard H153)
    shown = found if everything else found[:most]
    yield from (caveat_line(screen, caveat) for caveat in shown)
    if len(found) > len(shown):
        yield screen.say("caveats.more", number=len(found) - len(shown))


def lines_in_short(screen: Builder, caveats: Iterable[Caveat], only_holding: bool = False) -> Iterator[str]:
    """Every caveat that holds, and up to three in all that may; what a source says for its text is left to the whole form."""
    found = [caveat for caveat in shown_at_option(caveats) if not caveat.affirms]
    holding = sum(map(_bears, found))
    shown = found[: holding if only_holding else max(SHOWN_AT_OPTION, holding)]
    return (caveat_line(screen, caveat) for caveat in shown)


def _bears(caveat: Caveat) -> bool:
    """Whether it holds and speaks against the text; these come first."""
    return caveat.holds is TRUE and not caveat.affirms


def add_caveats(screen: Builder, caveats: Iterable[Caveat]) -> None:
    """All caveats of a plan under their heading."""
    shown = shown_at_option(caveats)
    if not shown:
        return
    screen.heading(screen.say("caveats.heading"), "caveats")
    for caveat in shown:
        screen.indented(caveat_line(screen, caveat), item=True)


def caveat_line(screen: Builder, caveat: Caveat) -> str:
    """One caveat: whether it bears on the person, what it says, its sources."""
    about = screen.say(f"caveats.{caveat.kind}")
    text = titles_for_ids(screen, caveat.plain) if screen.plain else caveat.text
    facts = ", ".join(wording_of(caveat.ask))
    return f"{screen.say(_key(caveat), about=about, text=text, facts=facts)} {screen.marks(caveat.cites)}"


def titles_for_ids(screen: Builder, text: str) -> str:
    """A note may name another protocol by its id, which only a professional types."""
    ids = {protocol.id: protocol.title for protocol in screen.library.protocols()}
    return _ID.sub(lambda found: ids.get(found[0], found[0]), text)


def _key(caveat: Caveat) -> str:
    if caveat.affirms:
        return "caveats.affirms"
    if caveat.holds is TRUE:
        return "caveats.holds"
    return "caveats.may_hold" if caveat.ask and not caveat.always else "caveats.always"
