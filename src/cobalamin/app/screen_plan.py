"""A plan as text: one dated line each, with the window, the reason and the sources."""

from __future__ import annotations

import re
import textwrap
from datetime import date

from cobalamin.amounts import Mass, containers_for, mass_text, read_mass
from cobalamin.app.screen import Screen, shown, window_words
from cobalamin.knowledge.library import Library
from cobalamin.therapy import wording
from cobalamin.therapy.case import Case
from cobalamin.therapy.day_words import date_words
from cobalamin.therapy.items import Item
from cobalamin.therapy.plan import Plan
from cobalamin.therapy.proposal import missing_fact

_KINDS = {"dose": "dose", "course": "course", "check": "blood test", "review": "review", "decision": "DECIDE"}


def show_plan(plan: Plan, case: Case, library: Library, plain_words: bool) -> None:
    """Print the plan, or what is needed for one."""
    country = case.patient.country or plan.protocol.country
    screen = Screen(library, plain_words, country)
    screen.product = plan.product
    screen.print(f"{plan.protocol.title}", style="bold")
    chosen = ", ".join(f"{key} = {_chosen(key, value, country)}" for key, value in sorted(plan.choices.items()))
    screen.print(
        f"{case.patient.id}; {plan.protocol.id} version {plan.protocol.version} ({plan.protocol.status}); start {date_words(plan.start)}"
    )
    if chosen:
        screen.print(f"Chosen: {chosen}")
    screen.issues(plan.issues)
    if plan.needs:
        _needs(screen, plan, library)
    elif plan.items:
        screen.print()
        show_items(screen, plan.items, plan.start)
        _footnotes(screen, plan)
    if screen.numbers:
        screen.sources()
    screen.closing()


def _chosen(key: str, value: str, country: str) -> str:
    """A choice as a person should read it, however it was typed."""
    return mass_text(read_mass(value), country) if key.endswith(("_dose", "_total")) else value


def _worded(value: object, country: str) -> str:
    return mass_text(value, country) if isinstance(value, Mass) else str(value)


def _needs(screen: Screen, plan: Plan, library: Library) -> None:
    screen.heading("Still to choose or to answer")
    for need in plan.needs:
        if need.fact:
            question = missing_fact(library, need.fact, ())
            screen.indented(
                f"{need.fact}: {question.plain if screen.plain else question.question} (write it under facts: in the case file)"
            )
        elif need.options:
            screen.indented(f"--choose {need.choice}=...  one of {', '.join(need.options)}")
        else:
            least = f"from {_worded(need.least, screen.country)} " if need.least is not None else ""
            most = f"to {_worded(need.most, screen.country)}" if need.most is not None else ""
            screen.indented(f"--choose {need.choice}=...  {least}{most}".rstrip())


def show_items(screen: Screen, items: tuple[Item, ...], start: date | None) -> None:
    """Lines of a schedule in columns; only "What" wraps, and never between a number and its unit (hazard H34).

    With `start` each line has its day of the plan.
    """
    groups = _together(items)
    lines = [_row(screen, group, start) for group in groups]
    columns(
        screen,
        ("Day", "Date", "", "What", "In time", "Sources"),
        lines,
        [group[0].kind == "decision" for group in groups],
    )


def columns(screen: Screen, titles: tuple[str, ...], lines: list[tuple[str, ...]], bold: list[bool]) -> None:
    """A table whose column "What" takes the room that is left; columns without content are left out."""
    from rich.table import Table

    used = [column for column in range(len(titles)) if any(line[column] for line in lines) or titles[column] == "What"]
    shown_lines = [[line[column] for column in used] for line in lines]
    shown_titles = [titles[column] for column in used]
    what = shown_titles.index("What")
    wide = [max(len(line[column]) for line in [shown_titles, *shown_lines]) for column in range(len(used))]
    free = screen.out.width - sum(wide) + wide[what] - 2 * len(used)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=True, header_style="bold")
    for title in shown_titles:
        table.add_column(title, no_wrap=True)
    for line, strong in zip(shown_lines, bold, strict=True):
        line[what] = _wrapped(line[what], max(free, _NARROWEST))
        table.add_row(*line, style="bold" if strong else None)
    screen.out.print(table, markup=False, soft_wrap=True)


_NARROWEST = 24
_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:mg|mcg|microgram|micrograms|mL|ampoule|ampoules|tablet|tablets|of \d)\b)")
_KEPT = "\ue000"  # stands for a space that must not break


def _wrapped(text: str, width: int) -> str:
    kept = _NUMBER_AND_UNIT.sub(_KEPT, text)
    lines = textwrap.wrap(kept, width, break_long_words=False, break_on_hyphens=False)
    return shown("\n".join(lines).replace(_KEPT, " "))


def _together(items: tuple[Item, ...]) -> list[list[Item]]:
    """Checks of one day for one reason stand in one line with all their markers."""
    groups: list[list[Item]] = []
    for item in items:
        last = groups[-1][-1] if groups else None
        same = (
            last
            and item.kind == "check"
            and (last.on, last.text, last.due_through) == (item.on, item.text, item.due_through)
        )
        if same:
            groups[-1].append(item)
        else:
            groups.append([item])
    return groups


def _row(screen: Screen, items: list[Item], start: date | None) -> tuple[str, ...]:
    item = items[0]
    text = item.plain if screen.plain else item.text
    markers = [each.marker for each in items if each.marker]
    if markers and not any(marker.split("_")[-1] in text.lower() for marker in markers):
        text = f"{', '.join(_marker(screen, marker) for marker in markers)}: {text}"
    if item.volume_ml is not None:
        text += f" = {item.volume_ml} mL{_containers(screen, item)}"
    if item.on is None:
        when = f"{_span(item.offset)} after the last dose" if item.offset else "then"
        return ("", "after the decision", _KINDS[item.kind], f"{text} ({when})", "", screen.marks(item.cites))
    day = str((item.on - start).days + 1) if start else ""
    dated = f"{date_words(item.on)}{' *' if item.determinacy == 'provisional' else ''}"
    window = window_words(item.bookable_from or item.on, item.due_through)
    return (day, dated, _KINDS[item.kind], text, window, screen.marks(item.cites))


def _containers(screen: Screen, item: Item) -> str:
    """Mass, volume and count always together: "1 mg = 1 mL = 1 ampoule"."""
    product = screen.product
    if product is None or product.amount is None or item.dose is None or product.form == "not_stated":
        return ""
    count, whole = containers_for(item.dose, product.amount)
    return f" = {count} {product.form}{'' if count == 1 else 's'}" if whole else f" (not a whole {product.form})"


def _marker(screen: Screen, marker: str) -> str:
    record = screen.library.markers[marker]
    return str(record["plain"] if screen.plain and "plain" in record else record["name"])


def _span(offset: str) -> str:
    return wording.offset_words(offset)


def _footnotes(screen: Screen, plan: Plan) -> None:
    screen.print()
    if any(item.determinacy == "provisional" for item in plan.items):
        screen.indented(
            "* provisional: it moves with what happens before it, or rests on an answer that is not known yet.",
            indent=0,
        )
    name = plan.policy.name
    if plan.policy.basis == "software_default":
        text = f"In time: no source states a window for vitamin B12; these days are this program's assumption ({name}), never a reason to refuse a dose."
    else:
        text = f"In time: local policy {name}, {plan.policy.owner}, {plan.policy.date}; rows it does not set are this program's assumption."
    screen.indented(text, indent=0)
    screen.indented(
        "Months are counted from the last dose; where a month is too short, its last day is taken.", indent=0
    )
    if plan.not_verified:
        screen.indented(f"Not read on the issuer's own page: {_unread(plan)}.", indent=0)


def _unread(plan: Plan) -> str:
    """ "load: substance, routes, dose (secondary); interval (recalled)" """
    groups: dict[tuple[str, str], list[str]] = {}
    for level in dict.fromkeys(plan.not_verified):
        phase, _, value = level.path.partition(".")
        groups.setdefault((phase, level.level), []).append(value.replace("_", " "))
    return "; ".join(f"{phase}: {', '.join(values)} ({level})" for (phase, level), values in groups.items())
