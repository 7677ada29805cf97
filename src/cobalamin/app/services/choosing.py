"""What a short `accept` leaves out: the interval's choice, the usual product, and the choices that are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from cobalamin.amounts import Mass, mass_text, plain
from cobalamin.app.services.planning import find_product
from cobalamin.app.services.shipped import library
from cobalamin.errors import InputError
from cobalamin.knowledge.words import Words
from cobalamin.spans import Span, SpanRefused, read_typed_span
from cobalamin.text.days import span_words
from cobalamin.text.messages import in_words
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.regimen.choices import Need, choice_keys
from cobalamin.therapy.words import wording

MAINTENANCE = "maintenance_interval"


def with_interval(protocol: str, choices: Mapping[str, str], every: str) -> dict[str, str]:
    """The choices with the interval of maintenance. Raises InputError where the protocol leaves none open, or it is typed twice."""
    if not every:
        return dict(choices)
    try:
        span = read_typed_span(every)
    except SpanRefused as error:
        raise InputError.one("--every", "", str(error)) from None
    content = library().content(library().protocol(protocol))
    last = content.phases[-1] if content.phases else None
    open_last = [key for key in choice_keys(last) if key.endswith("_interval")] if last else []
    open_all = [key for phase in content.phases for key in choice_keys(phase) if key.endswith("_interval")]
    key = MAINTENANCE if MAINTENANCE in open_all else open_last[0] if open_last else ""
    if key in choices:
        raise InputError.one("--every", "", f"{key} is chosen twice; keep --every or --choose {key}=...")
    if key:
        return {**choices, key: str(span)}
    if last and not last.options and last.spacing.fixed and last.spacing.least == span:
        return dict(choices)
    words = library().own_words
    stated = in_words(wording.spacing_of(last.spacing.kind, last.spacing.least), words) if last else "none"
    raise InputError.one("--every", "", f"{protocol} leaves no interval open; its own is {stated}. Leave --every out")


class Usual(Struct, frozen=True):
    """The usual product: taken, or why it is not."""

    product: str = ""
    why_not: str = ""


def usual_product(product: str, made: Plan, country: str) -> Usual:
    """Whether the usual product fits the plan and the country; never a reason to give something else."""
    words = library().own_words
    try:
        found = find_product(product)
    except InputError:
        return Usual(why_not=words.text("settings.product_unknown"))
    substances = list(dict.fromkeys(phase.substance for phase in made.phases if phase.substance))
    routes = {phase.route for phase in made.phases if phase.route}
    if not country:
        return Usual(why_not=words.text("settings.product_no_country"))
    if found.country != country:
        return Usual(why_not=words.text("settings.product_country", sold=found.country, country=country))
    if substances != [found.substance]:
        fields = {"planned": ", ".join(substances) or "-", "substance": found.substance}
        return Usual(why_not=words.text("settings.product_substance", **fields))
    if found.routes and not routes <= set(found.routes):
        return Usual(why_not=words.text("settings.product_route"))
    return Usual(found.id)


class Offered(Struct, frozen=True):
    """One value that a choice may have: as it is typed, and in words."""

    typed: str
    told: str


def offered(need: Need, country: str, words: Words) -> tuple[Offered, ...]:
    """The values that are offered by number: the options, or the two ends of a range."""
    if need.options:
        return tuple(Offered(each, each.replace("_", " ")) for each in need.options)
    ends = [each for each in (need.least, need.most) if each is not None]
    return tuple(Offered(_typed(each), _told(each, country, words)) for each in dict.fromkeys(ends))


def _typed(value: object) -> str:
    return f"{plain(value.micrograms)} mcg" if isinstance(value, Mass) else str(value)


def _told(value: object, country: str, words: Words) -> str:
    if isinstance(value, Mass):
        return mass_text(value, country, words.units)
    return span_words(value, words) if isinstance(value, Span) else str(value)


def settled(
    plan_with: Callable[[Mapping[str, str]], Plan], choices: Mapping[str, str], ask: Callable[[Need], str | None],
    refused: Callable[[InputError], object],
) -> Plan:  # fmt: skip
    """The plan once every open choice is answered, or as far as answers come. An answer that is refused is asked for again."""
    chosen, made = dict(choices), plan_with(choices)
    while (need := next((each for each in made.needs if each.choice), None)) is not None:
        answer = ask(need)
        if answer is None:
            return made
        try:
            made = plan_with({**chosen, need.choice: answer})
        except InputError as error:
            refused(error)
            continue
        chosen[need.choice] = answer
    return made
