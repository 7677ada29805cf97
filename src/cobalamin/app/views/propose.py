"""A proposal as text: what to ask first, the options with their reasons, what is excluded and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass

from cobalamin.amounts import mass_text
from cobalamin.app.services.assessing import steps_beside
from cobalamin.app.views.assess import add_steps
from cobalamin.app.views.builder import Builder, PhaseLine, View, typed
from cobalamin.app.views.caveats import option_lines
from cobalamin.app.views.newer import newer_lines
from cobalamin.app.views.signed import signed_words
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.vocabulary import INJECTIONS
from cobalamin.text.days import date_words
from cobalamin.text.messages import in_words, joined
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.issues import URGENT
from cobalamin.therapy.proposal.proposal import Option, Proposal
from cobalamin.therapy.proposal.rank import PLACES
from cobalamin.therapy.safety.caveats import CODE as CAVEAT
from cobalamin.therapy.safety.written_for import not_for_inborn_error
from cobalamin.therapy.words import wording

SHOWN_OPTIONS, SHOWN_GENERAL, SHOWN_NEEDS, SHOWN_DISAGREEMENTS = 4, 3, 5, 3

# Why a protocol is left out whoever the patient is; every other reason is a block that something known of the patient raises.
SAID_OF_PROTOCOLS = (
    "INDICATION_NOT_MET", "NOT_STATED", "LIBRARY_NOT_VERIFIED", "EDITION_SUPERSEDED", "WITHDRAWN", "ORAL_NOT_POSSIBLE", "ARTICLE_ALONE",
)  # fmt: skip


def view_of_proposal(proposal: Proposal, case: Case, library: Library, plain: bool, everything: bool) -> View:
    """The proposal; `everything` shows every option, exclusion and disagreement."""
    screen = Builder(library, plain, case.patient.country)
    add_proposal(screen, proposal, case, everything)
    return screen.view()


def add_proposal(screen: Builder, proposal: Proposal, case: Case, everything: bool) -> None:
    library = screen.library
    screen.facts = facts_of(case, proposal.on)
    screen.alarms(proposal.issues)
    screen.print(head(screen, proposal, case), style=STRONG)
    _assessment(screen, proposal)
    urgent = call_first(proposal)
    if not urgent:
        _needs(screen, proposal, everything)
        _common_start(screen, proposal)
    screen.issues(proposal.issues, beside_options(library))
    if urgent:
        _needs(screen, proposal, everything)
        _common_start(screen, proposal)
    _options(screen, proposal, everything)
    _guidance(screen, proposal)
    _disagreements(screen, proposal, everything)
    _excluded(screen, proposal, everything)
    screen.sources()
    screen.closing()


def beside_options(library: Library) -> frozenset[str]:
    """Checks that concern no injection: they are told beside the options that use their route."""
    return frozenset(each.code for each in library.precautions if each.routes and not INJECTIONS & set(each.routes))


def _assessment(screen: Builder, proposal: Proposal) -> None:
    """What is confirmed, what causes it, how severe it is and whether to treat: four lines before anything is offered."""
    steps = steps_beside(proposal)
    if steps:
        screen.heading(screen.say("assess.assessment"), "assessment")
        add_steps(screen, steps)
        screen.indented(screen.say("assess.more"), style=QUIET, as_is=True, command=screen.say("assess.more__typed"))


def call_first(proposal: Proposal) -> bool:
    """Whether something known of the person is more urgent than any question (hazard H64)."""
    return any(issue.code in URGENT and not issue.ask for issue in proposal.issues)


def head(screen: Builder, proposal: Proposal, case: Case) -> str:
    born = screen.say("propose.born", date=case.patient.birth_date) if case.patient.birth_date else ""
    patient = f"{typed(case.patient.id)}{born}{', ' + screen.country if screen.country else ''}"
    return screen.say("propose.head", patient=patient, date=date_words(proposal.on, screen.words))


def _needs(screen: Builder, proposal: Proposal, everything: bool) -> None:
    if not proposal.needs:
        return
    screen.heading(screen.say("propose.ask_first"), "ask_first")
    shown = proposal.needs if everything else proposal.needs[:SHOWN_NEEDS]
    for number, need in enumerate(shown, 1):
        question = screen.text(need.plain if screen.plain else need.question)
        screen.indented(f"{number}. {question}")
        count = len(need.changes)
        key = "propose.decides_one" if count == 1 else "propose.decides_many"
        decides = screen.say(key, why=need.why, number=count, fact=screen.key_words(need.fact))
        screen.indented(decides, depth=Depth.ENTRY, style=QUIET)
    rest = [screen.key_words(need.fact) for need in proposal.needs[len(shown) :]]
    if rest:
        screen.indented(screen.say("propose.more_needs", number=len(rest), facts=", ".join(rest)), style=QUIET)


def _common_start(screen: Builder, proposal: Proposal) -> None:
    start = proposal.common_start
    if start is None:
        return
    screen.heading(screen.say("propose.common_start"), "common_start")
    routes = screen.say("screen.either").join(
        in_words(wording.route_name(route, screen.plain), screen.words) for route in start.routes
    )
    screen.indented(
        f"{start.substance.capitalize()} {mass_text(start.dose, screen.country, screen.words.units)}, {routes} {screen.marks(start.cites)}"
    )
    screen.indented(screen.say("propose.shared", protocols=_named(screen, start.protocols)), style=QUIET)


def _named(screen: Builder, ids: Iterable[str]) -> str:
    """Titles of protocols; a professional gets their ids too, to type them."""
    titles = ((screen.spelled(screen.library.protocol(name).title), name) for name in ids)
    return "; ".join(title if screen.plain else f"{title} ({name})" for title, name in titles)


@dataclass(frozen=True)
class Shown:
    """The options that people are shown, how many are only counted, and the line that says why, if one is needed."""

    options: tuple[Option, ...]
    counted: tuple[Option, ...]
    told: str


def shown_options(proposal: Proposal, library: Library, country: str, everything: bool) -> Shown:
    """Of the country, of near ones and general guidance; the rest is counted. All where everything is asked for.

    While texts of the country itself wait for an answer, nothing of elsewhere stands in for them. What was not written for
    the person's inborn error is only counted (hazard H111).
    """
    options, lead = proposal.options, proposal.leading
    unled = "propose.not_for_error" if options and lead is None else ""
    if everything or lead is None:
        return Shown(options if everything else (), () if everything else options, unled)
    waiting = waiting_of(proposal, library, country)
    own = any(option.place in ("own", "near") and not option.not_for_error for option in options)
    if waiting and not own:
        return Shown((), options, "propose.beside_waiting")
    near = tuple(option for option in options if option.near_enough)
    shown = (*([] if lead.near_enough or lead.place == "article" else [lead]), *near)
    shown = shown[: SHOWN_OPTIONS if own else SHOWN_GENERAL]
    told = _told(shown, near, own, country)
    return Shown(shown, tuple(option for option in options if option not in shown), told)


def _told(shown: tuple[Option, ...], near: tuple[Option, ...], own: bool, country: str) -> str:
    """The line above the options: of where they are, if they are not of the person's country."""
    if not shown or not country:
        return "propose.none_near" if country else ""
    if not shown[0].near_enough:
        return "propose.lead_elsewhere" if near else "propose.lead_of_others"
    if shown[0].for_the_cause and shown[0].place not in ("own", "near"):
        return "propose.for_the_cause"
    if any(PLACES.index(option.place) < PLACES.index(shown[0].place) for option in near):
        return "propose.lead_further"
    return "" if own else "propose.no_own"


def waiting_of(proposal: Proposal, library: Library, country: str) -> list[str]:
    """The texts of the country that wait for an answer; none where a text that was written for the cause is on offer."""
    if any(option.for_the_cause for option in proposal.options):
        return []
    facts = facts_of(proposal.case, proposal.on)
    own = (library.protocol(name) for name in proposal.pending if library.protocol(name).country == country)
    return [each.id for each in own if not not_for_inborn_error(library, library.content(each), facts)]


def _options(screen: Builder, proposal: Proposal, everything: bool) -> None:
    name = "options" if proposal.options else "no_option"
    screen.heading(screen.say(f"propose.{name}"), name)
    shown = shown_options(proposal, screen.library, screen.country, everything)
    option_head_lines(screen, proposal, shown)
    for number, option in enumerate(shown.options, 1):
        _option(screen, number, option, everything)
    if shown.counted:
        apart = any(option.not_for_error for option in shown.counted)
        key, number = "propose.more_not_for_error" if apart else "propose.more_options", len(shown.counted)
        screen.indented(screen.say(key, number=number), style=QUIET, command=screen.say(f"{key}__typed", number=number))


def option_head_lines(screen: Builder, proposal: Proposal, shown: Shown) -> None:
    """What is said before the options: why there are none, what waits, how treatment goes on, whose texts these are."""
    if not proposal.options:
        waits = proposal.needs or proposal.pending
        screen.indented(screen.say("propose.not_settled" if waits else "propose.none_fits"))
    waiting = waiting_of(proposal, screen.library, screen.country)
    if waiting and proposal.needs:
        screen.indented(screen.say("propose.waiting", country=screen.country, protocols=_named(screen, waiting)))
    if proposal.goes_on and proposal.options:
        screen.indented(proposal.goes_on)
    if shown.told:
        screen.indented(screen.say(shown.told, country=screen.country))


def _option(screen: Builder, number: int, option: Option, everything: bool) -> None:
    name = "" if screen.plain else f"{option.protocol.id}  "
    screen.indented(f"{number}. {name}{option.protocol.title}", style=STRONG)
    for regimen in regimen_lines(screen, option):
        depth, item = (Depth.ENTRY_DETAIL, screen.plain) if regimen.option else (Depth.ENTRY, False)
        screen.indented(regimen.text, depth, item=item)
    for line in option_lines(screen, option.caveats, everything):
        screen.indented(line, depth=Depth.ENTRY)
    for line in practice_lines(screen, option):
        screen.indented(line, depth=Depth.ENTRY)
    for line in newer_lines(screen, option.content):
        screen.indented(line, depth=Depth.ENTRY)
    why = screen.say("propose.why_here", reason=option.rank_reason)
    screen.indented(f"{why}. {signed_words(screen, option.protocol)}", depth=Depth.ENTRY, style=QUIET)
    if option.same_as:
        screen.indented(
            screen.say("propose.same_as", protocols=_named(screen, option.same_as)),
            depth=Depth.ENTRY_DETAIL,
            style=QUIET,
        )
    # A caveat stands above in words.
    for issue in option.precautions:
        if issue.severity != "note" and issue.code != CAVEAT:
            text = issue.plain_whole if screen.plain else joined(issue.text, f"({issue.code})")
            told = f"{screen.say('propose.check_first', text=text)} {screen.marks(issue.cites)}"
            screen.indented(told, depth=Depth.ENTRY_DETAIL, style=QUIET)
    if screen.plain:
        how = screen.say("propose.dates", protocol=option.protocol.id)
        screen.indented("", depth=Depth.ENTRY_DETAIL, style=QUIET, as_is=True, command=how)


def regimen_lines(screen: Builder, option: Option) -> list[PhaseLine]:
    """The phases of an option; for somebody on maintenance those that go on, and that loading is not begun again."""
    anew = option.begins_anew
    lines = [line for phase in option.phases if phase not in anew for line in screen.phase_lines(phase)]
    return [*([PhaseLine(screen.say("propose.not_again"))] if anew else []), *lines]


def practice_lines(screen: Builder, option: Option) -> list[str]:
    """Why it is an older dose or a second choice for this person, by its sources."""
    return [f"{each.plain if screen.plain else each.text} {screen.marks(each.cites)}" for each in option.said]


def _guidance(screen: Builder, proposal: Proposal) -> None:
    speaking = [entry for entry in proposal.guidance if entry.certain and entry.advice]
    if not speaking:
        return
    screen.heading(screen.say("propose.guidance"))
    for entry in speaking:
        screen.indented(f"{entry.document.title}:")
        for advice in entry.advice:
            screen.indented(
                f"{advice.plain if screen.plain and advice.plain else advice.text} {screen.marks(advice.cites)}",
                depth=Depth.DETAIL,
            )


def _disagreements(screen: Builder, proposal: Proposal, everything: bool) -> None:
    near = disagreements_about(screen, proposal, everything)
    if not near:
        return
    screen.heading(screen.say("propose.disagreements"))
    entries = near if everything else near[:SHOWN_DISAGREEMENTS]
    for entry in entries:
        cause = screen.say(f"compare.cause__{entry.cause}")
        screen.indented(screen.say("propose.disagreement", topic=entry.topic, cause=cause))
        for side in entry.sides:
            screen.indented(
                f"{side.plain if screen.plain else side.position} {screen.marks(side.cites)}",
                depth=Depth.DETAIL,
                item=True,
            )
    if len(near) > len(entries):
        left = len(near) - len(entries)
        how = screen.say("propose.more_disagreements__typed", number=left)
        screen.indented(screen.say("propose.more_disagreements", number=left), style=QUIET, command=how)


def disagreements_about(screen: Builder, proposal: Proposal, everything: bool) -> tuple[Disagreement, ...]:
    """Those about what is shown: a side rests on a text on the screen or, where it names none, on a source of one.

    What general articles bring up comes last.
    """
    options = shown_options(proposal, screen.library, screen.country, everything).options
    texts = {name for option in options for name in (option.protocol.id, option.content.id, *option.same_as)}
    texts |= {entry.document.id for entry in proposal.guidance if entry.certain and entry.advice}
    phases = [phase for option in options for phase in option.phases if phase not in option.begins_anew]
    sources = {cite.source for phase in phases for cite in phase.cites}
    loading = any(phase.name.startswith(("load", "initial")) for phase in phases)
    near = (
        entry
        for entry in proposal.disagreements
        if (loading or entry.about != ("loading",)) and _rests(entry, texts, sources)
    )
    return tuple(sorted(near, key=lambda entry: _of_articles(screen.library, entry)))


def _rests(entry: Disagreement, texts: Set[str], sources: Set[str]) -> bool:
    return any(
        texts & set(side.protocols) if side.protocols else sources & {cite.source for cite in side.cites}
        for side in entry.sides
    )


def _of_articles(library: Library, entry: Disagreement) -> bool:
    return any(library.sources[cite.source].kind == "article" for side in entry.sides for cite in side.cites)


def _excluded(screen: Builder, proposal: Proposal, everything: bool) -> None:
    screen.heading(screen.say("propose.excluded"))
    if everything:
        for excluded in proposal.excluded:
            reasons = "; ".join(
                f"{screen.text(reason.text)} {screen.marks(reason.cites)}" for reason in excluded.reasons
            )
            screen.indented(f"{_named(screen, [excluded.protocol.id])}: {reasons}")
        return
    codes = [excluded.reasons[0].code for excluded in proposal.excluded]
    for code, number in Counter(code if code in SAID_OF_PROTOCOLS else "known" for code in codes).items():
        screen.indented(screen.say(f"propose.excluded_{code}", number=number))
    screen.indented(screen.say("propose.reasons"), style=QUIET, command=screen.say("propose.reasons__typed"))
