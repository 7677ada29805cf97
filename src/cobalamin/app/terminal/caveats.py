"""A source's own caveats as sentences: at most three under an option, all of them in a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cobalamin.app.terminal.screen import Screen, wording_of
from cobalamin.therapy.case.logic import TRUE
from cobalamin.therapy.safety.caveats import SHOWN_AT_OPTION, Caveat, shown_at_option


def option_lines(screen: Screen, caveats: Iterable[Caveat], everything: bool = False) -> Iterator[str]:
    """The caveats that hold, that may hold, and those shown with every offer; what is left over is counted."""
    found = shown_at_option(caveats)
    shown = found if everything else found[:SHOWN_AT_OPTION]
    yield from (caveat_line(screen, caveat) for caveat in shown)
    if len(found) > len(shown):
        yield screen.say("caveats.more", number=len(found) - len(shown))


def tell_caveats(screen: Screen, caveats: Iterable[Caveat]) -> None:
    """All caveats of a plan under their heading."""
    shown = shown_at_option(caveats)
    if not shown:
        return
    screen.heading(screen.say("caveats.heading"))
    for caveat in shown:
        screen.indented(f"- {caveat_line(screen, caveat)}")


def caveat_line(screen: Screen, caveat: Caveat) -> str:
    """One caveat: whether it bears on the person, what it says, its sources."""
    about = screen.say(f"caveats.{caveat.kind}")
    text = caveat.plain if screen.plain else caveat.text
    facts = ", ".join(wording_of(caveat.ask))
    return f"{screen.say(_key(caveat), about=about, text=text, facts=facts)} {screen.marks(caveat.cites)}"


def _key(caveat: Caveat) -> str:
    if caveat.affirms:
        return "caveats.affirms"
    if caveat.holds is TRUE:
        return "caveats.holds"
    return "caveats.may_hold" if caveat.ask and not caveat.always else "caveats.always"
