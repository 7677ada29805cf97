"""A plan as text: one dated line each, with the window, the reason and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from cobalamin.amounts import Mass, containers_for, mass_text, read_mass
from cobalamin.app.views.builder import WHOLE, Builder, Extent, View, containers_words, typed, window_words
from cobalamin.app.views.caveats import add_caveats, lines_in_short
from cobalamin.app.views.newer import newer_lines
from cobalamin.app.views.signed import signed_words
from cobalamin.app.views.tree import QUIET, STRONG, Depth
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Phase
from cobalamin.spans import read_span
from cobalamin.text.days import date_words, range_words, span_words
from cobalamin.text.messages import capital
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.needs import missing_fact
from cobalamin.therapy.regimen.choices import Need, choice_keys
from cobalamin.therapy.safety.caveats import shown_at_option
from cobalamin.therapy.words import wording

ITEMS_IN_SHORT = 12


def view_of_plan(plan: Plan, case: Case, plain_words: bool, extent: Extent = WHOLE) -> View:
    """The plan, or what is needed for one."""
    country = case.patient.country or plan.protocol.country
    screen = Builder(plan.library, plain_words, country, extent=extent)
    screen.product = plan.product
    screen.alarms(plan.issues)
    screen.print(f"{plan.protocol.title}", style=STRONG)
    chosen = chosen_words(screen, plan.choices, plan.published)
    protocol, start = plan.protocol, date_words(plan.start, screen.words)
    screen.print(
        screen.say(
            "plan.head_plain" if screen.plain else "plan.head", patient=typed(case.patient.id), protocol=protocol.id, version=protocol.version, status=protocol.status, date=start
        )
    )  # fmt: skip
    if chosen:
        screen.print(screen.say("plan.chosen", choices=chosen))
    for line in newer_lines(screen, plan.library.content(plan.protocol)):
        screen.indented(line, depth=Depth.FLUSH)
    if extent.short:
        _in_short(screen, plan)
    else:
        screen.issues(plan.issues)
        _dates_or_needs(screen, plan, plan.items)
        add_caveats(screen, plan.caveats)
    signed = signed_words(screen, plan.protocol)
    if screen.numbers:
        screen.sources(signed)
    else:
        screen.indented(signed, depth=Depth.FLUSH, style=QUIET)
    screen.closing()
    return screen.view()


def _in_short(screen: Builder, plan: Plan) -> None:
    """What must be looked at, the first dates, and every caveat that holds; the rest is counted."""
    notes = screen.issues_in_short(plan.issues)
    lines = together(plan.items)
    shown = [item for line in lines[:ITEMS_IN_SHORT] for item in line]
    _dates_or_needs(screen, plan, shown)
    said = [*lines_in_short(screen, plan.caveats)]
    for told in said:
        screen.indented(told, item=True)
    counts = {
        "dates": 0 if plan.needs else len(lines[ITEMS_IN_SHORT:]),
        "caveats": len(shown_at_option(plan.caveats)) - len(said),
        "notes": len(notes),
        "levels": len(plan.not_verified),
    }
    screen.also(counts)


def _dates_or_needs(screen: Builder, plan: Plan, items: Sequence[Item]) -> None:
    if plan.needs:
        _needs(screen, plan, plan.library)
    elif items:
        screen.print()
        add_items(screen, tuple(items), plan.start)
        _footnotes(screen, plan, items)


def chosen_words(screen: Builder, choices: Mapping[str, str], phases: Iterable[Phase] = ()) -> str:
    """ "maintenance interval = 3 months"; a patient reads a chosen regimen, not its key"""
    known = {(choice_keys(phase)[0], each.option): each for phase in phases for each in phase.options}

    def told(key: str, value: str) -> str:
        option = known.get((key, value))
        return screen.regimen(option) if option and screen.plain else choice_words(key, value, screen)

    return ", ".join(f"{screen.key_words(key)} = {told(key, value)}" for key, value in sorted(choices.items()))


def choice_words(key: str, value: str, screen: Builder) -> str:
    """A choice as a person should read it, however it was typed."""
    if key.endswith(("_dose", "_total")):
        return _worded(read_mass(value), screen)
    if key.endswith(("_interval", "_duration")):
        return span_words(read_span(value), screen.words)
    return value


def _worded(value: object, screen: Builder) -> str:
    return mass_text(value, screen.country, screen.words.units) if isinstance(value, Mass) else str(value)


def _needs(screen: Builder, plan: Plan, library: Library) -> None:
    screen.heading(screen.say("plan.needs"))
    for need in plan.needs:
        if need.fact:
            asked = missing_fact(library, need.fact, ())
            question = asked.plain if screen.plain else asked.question
            screen.indented(
                question if screen.plain else screen.say("plan.need_fact", fact=need.fact, question=question)
            )
        else:
            typed_as = f"--choose {need.choice}=..."  # a patient who types needs it too; what is read stands before it
            allowed = _allowed(screen, need, plan.published)
            if screen.plain:
                screen.indented(f"{screen.key_words(need.choice)}: {allowed}".rstrip(" :"))
                screen.indented("", depth=Depth.DETAIL, command=typed_as, as_is=True)
            else:
                screen.indented(f"{typed_as}  {allowed}".rstrip())


def _allowed(screen: Builder, need: Need, phases: Iterable[Phase]) -> str:
    """The options or the range of a choice."""
    if need.options and screen.plain:
        known = {each.option: screen.regimen(each) for phase in phases for each in phase.options}
        told = "; ".join(known.get(name, name.replace("_", " ")) for name in need.options)
        return screen.say("plan.need_option", options=told)
    if need.options:
        return screen.say("plan.need_option", options=", ".join(need.options))
    least = screen.say("plan.need_least", least=_worded(need.least, screen)) if need.least is not None else ""
    most = screen.say("plan.need_most", most=_worded(need.most, screen)) if need.most is not None else ""
    return " ".join(part for part in (least, most) if part)


def add_items(screen: Builder, items: tuple[Item, ...], start: date | None) -> None:
    """Lines of a schedule in columns; only "What" wraps, and never between a number and its unit (hazard H34).

    With `start` each line has its day of the plan.
    """
    groups, same = together(items), _same_dose(items) if screen.extent.short else None
    if same is not None:
        screen.whole(screen.say("also.each_dose", dose=_amount(screen, same)), depth=Depth.FLUSH)
    lines = [_row(screen, group, start, same) for group in groups]
    screen.columns(
        titled(screen, "day", "date", "", "what", "in_time", "sources"),
        lines,
        [group[0].kind == "decision" for group in groups],
    )


def _same_dose(items: Sequence[Item]) -> Item | None:
    """A dose that stands for all of them where each is the same amount of the same by the same route; it is then said once."""
    doses = [item for item in items if item.kind == "dose"]
    amounts = {(item.substance, item.dose, item.route, item.volume_ml) for item in doses}
    return doses[0] if len(amounts) == 1 and len(doses) > 1 and doses[0].dose is not None else None


def _amount(screen: Builder, item: Item) -> str:
    """Mass, volume and count of a dose together, with substance and route."""
    substance, route = wording.substance_name(item.substance), wording.route_name(item.route, screen.plain)
    dose = wording.dose_of(item.dose, screen.country)
    return f"{screen.say('doses.regimen', substance=capital(substance), dose=dose, route=route)}{_volume(screen, item)}"


def _volume(screen: Builder, item: Item) -> str:
    return "" if item.volume_ml is None else f" = {item.volume_ml} mL{_containers(screen, item)}"


def titled(screen: Builder, *names: str) -> tuple[str, ...]:
    """The titles of columns; a column may have none."""
    return tuple(screen.say(f"columns.{name}") if name else "" for name in names)


def together(items: Iterable[Item]) -> list[list[Item]]:
    """Checks of one day for one reason stand in one line with all their markers."""
    groups: list[list[Item]] = []
    for item in items:
        last = groups[-1][-1] if groups else None
        if last and item.kind == "check" and _alike(last, item):
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _alike(one: Item, other: Item) -> bool:
    return (one.kind, one.on, one.text, one.due_through) == (other.kind, other.on, other.text, other.due_through)


def _row(screen: Builder, items: list[Item], start: date | None, same: Item | None = None) -> tuple[str, ...]:
    item, words = items[0], screen.words
    if same is not None and item.kind == "dose":
        text = screen.text(wording.phase_name(item.phase)) + (f" {item.number}" if item.number else "")
    else:
        text = screen.text(item.plain if screen.plain else item.text) + _volume(screen, item)
    markers = [each.marker for each in items if each.marker]
    if markers and not any(marker.split("_")[-1] in text.lower() for marker in markers):
        text = f"{', '.join(_marker(screen, marker) for marker in markers)}: {text}"
    kind = screen.say(f"kinds.{item.kind}")
    if item.on is None:
        when = _after(screen, item.offset)
        return (
            "",
            screen.say("plan.after_decision"),
            kind,
            f"{text} ({when})",
            "",
            screen.marks(item.cites, item.uncited),
        )
    day = str((item.on - start).days + 1) if start else ""
    when = range_words(*(item.on_range or (item.on, item.on)), words)
    dated = f"{when}{' *' if item.determinacy == 'provisional' else ''}"
    window = window_words(item.bookable_from or item.on, item.due_through, words)
    return (day, dated, kind, text, window, screen.marks(item.cites, item.uncited))


def _after(screen: Builder, offset: str) -> str:
    if not offset:
        return screen.say("plan.then")
    return screen.say("plan.after_last_dose", span=wording.offset_of(offset))


def _containers(screen: Builder, item: Item) -> str:
    """Mass, volume and count always together: "1 mg = 1 mL = 1 ampoule"."""
    product = screen.product
    if product is None or product.amount is None or item.dose is None or product.form == "not_stated":
        return ""
    count, whole = containers_for(item.dose, product.amount)
    if not whole:
        return f" {screen.say('plan.not_whole', form=product.form)}"
    return f" = {containers_words(count, product.form, screen.words)}"


def _marker(screen: Builder, marker: str) -> str:
    record = screen.library.markers[marker]
    return str(record["plain"] if screen.plain and "plain" in record else record["name"])


def _footnotes(screen: Builder, plan: Plan, items: Sequence[Item]) -> None:
    policy = plan.policy
    if policy.basis == "software_default":
        window = screen.say("plan.window_assumed", policy=policy.name)
    else:
        local = {"policy": typed(policy.name), "owner": typed(policy.owner), "date": typed(policy.date)}
        window = screen.say("plan.window_local", **local)
    moves = any(item.determinacy == "provisional" for item in items)
    notes = [screen.say("notes.provisional")] if moves else []
    notes += [window, screen.say("plan.months")]
    if plan.not_verified and not screen.extent.short:
        notes.append(screen.say("plan.not_verified", values=wording.unread(plan.not_verified)))
    screen.print()
    for note in notes:
        screen.indented(note, depth=Depth.FLUSH)
