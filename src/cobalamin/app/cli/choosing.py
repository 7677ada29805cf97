"""`accept` by the number of an option: the list it belongs to, open choices asked, and the plan read back before it is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date

import typer

from cobalamin.app.cli.confirm import said_yes
from cobalamin.app.cli.filled import say, usual_settings
from cobalamin.app.cli.options import REFUSED, answer_plan, leave, print_json
from cobalamin.app.services import accepting, planning, shipped
from cobalamin.app.services.cases import CaseRead
from cobalamin.app.services.choosing import Offered, offered, settled, usual_product
from cobalamin.app.services.files import ChangedMeanwhile, read_bytes
from cobalamin.app.services.last_list import digest_of, remember_list, shown_list
from cobalamin.errors import InputError, visible
from cobalamin.records import replace
from cobalamin.text.days import date_words
from cobalamin.text.messages import capital, in_words
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.proposal import Proposal
from cobalamin.therapy.regimen.choices import Need
from cobalamin.therapy.words import wording


def refuse_half_named(ctx: typer.Context, number: int | None, protocol: str | None, start: str | None) -> None:
    """A plan is named by --protocol and --start, or by a number of the list; by both it would be two."""
    if number is not None and protocol is not None:
        ctx.fail("Give the number of an option or --protocol, not both.")
    if number is None and protocol is None:
        ctx.fail("Missing option '--protocol'. (Or give the number of an option, as 'cobalamin propose' has shown it.)")
    if number is None and start is None:
        ctx.fail("Missing option '--start'.")


def remember_shown(read: CaseRead, proposal: Proposal, everything: bool) -> None:
    """Remember which option had which number on the screen."""
    from cobalamin.app.views.first_screen import numbered
    from cobalamin.app.views.propose import shown_options

    library, country = shipped.library(), read.case.patient.country
    all_shown = shown_options(proposal, library, country, everything=True).options
    options = all_shown if everything else numbered(proposal, library, country)
    digest = digest_of(read.content, shipped.library(), proposal.on)
    remember_list(read.path, digest, [option.protocol.id for option in options])


def protocol_of(read: CaseRead, number: int, on: date, as_json: bool, plain: bool) -> str:
    """The protocol of this number in the list last shown; else show the list and leave: nothing is written."""
    listed = shown_list(read.path, digest_of(read.content, shipped.library(), on))
    if listed is None:
        _show_anew(read, on, as_json, plain)
        say("choosing.stale")
        leave(REFUSED)
    if not 1 <= number <= len(listed):
        say("choosing.no_such", number=number, count=len(listed))
        leave(REFUSED)
    return listed[number - 1]


def _show_anew(read: CaseRead, on: date, as_json: bool, plain: bool) -> None:
    library = shipped.library()
    proposal = planning.propose_for(read.case, on, library)
    if as_json:
        from cobalamin.app.documents.plan import Renderer

        print_json(Renderer(library).propose(proposal))
        return
    from cobalamin.app.terminal.printing import print_view
    from cobalamin.app.views.first_screen import view_of_first_screen

    print_view(view_of_first_screen(proposal, read.case, library, plain, str(read.path)))
    remember_shown(read, proposal, False)
    sys.stdout.flush()


def unchanged(read: CaseRead, on: date) -> Callable[[], object]:
    """Raises ChangedMeanwhile where the file is no longer the one whose list was shown."""
    digest = digest_of(read.content, shipped.library(), on)

    def compare() -> None:
        if digest_of(read_bytes(read.path), shipped.library(), on) != digest:
            raise ChangedMeanwhile(str(read.path))

    return compare


def nothing_to_compare() -> None:
    """A protocol that is named by its id stays the same whatever the file says."""


def completed(read: CaseRead, options: planning.PlanOptions, on: date, as_json: bool) -> planning.PlanOptions:
    """The options with what the settings have, and on a terminal with the choices that are open."""
    if not as_json and sys.stdin is not None and sys.stdin.isatty():
        options = _with_answers(read, options, on)
    product = "" if options.product else usual_settings().product
    if not product:
        return options
    made = planning.plan_for(read.case, options, on)
    if made.needs:
        return options
    usual = usual_product(product, made, read.case.patient.country)
    if usual.why_not:
        say("settings.product_not_taken", product=product, why=usual.why_not)
        return options
    say("settings.used", name="product", value=usual.product)
    return replace(options, product=usual.product)


def _with_answers(read: CaseRead, options: planning.PlanOptions, on: date) -> planning.PlanOptions:
    def plan_with(choices: Mapping[str, str]) -> Plan:
        return planning.plan_for(read.case, replace(options, choices=dict(choices)), on)

    made = settled(plan_with, options.choices, lambda need: _asked(need, read.case.patient.country), _say_refused)
    return replace(options, choices={**options.choices, **made.choices})


def _asked(need: Need, country: str) -> str | None:
    """The answer to a choice, by its number or as it is typed; None where none comes."""
    words = shipped.library().own_words
    values = offered(need, country, words)
    _tell(words.text("choosing.choice", choice=_named(need.choice)))
    for number, value in enumerate(values, 1):
        _tell("  " + words.text("choosing.offered", number=number, told=value.told))
    sys.stderr.write(words.text("choosing.number_of" if need.options else "choosing.number"))
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    return _value(answer, values) or None


def _value(answer: str, values: tuple[Offered, ...]) -> str:
    by_number = {str(number): value.typed for number, value in enumerate(values, 1)}
    return by_number.get(answer, answer)


def _say_refused(error: InputError) -> None:
    fault = error.faults[0]
    say("choosing.not_taken", answer=fault.path, fault=fault.message)


def _named(choice: str) -> str:
    return choice.replace("_", " ")


def refuse_unless_agreed(
    read: CaseRead, options: planning.PlanOptions, by: str, reasons: dict[str, str], on: date, as_json: bool
) -> None:
    """Read the plan back and leave unless somebody at a terminal says yes; what the gate refuses is refused first."""
    made = planning.plan_for(read.case, options, on)
    if made.needs:
        return  # said as always: exit 4 with what is needed
    try:
        accepting.refuse_at_the_gate(made, reasons)
    except accepting.NotAccepted as refusal:
        if as_json:
            answer_plan(refusal.plan, read, as_json, False)
        raise
    _read_back(read, made, by)
    if not said_yes("ask_plan", as_json):
        leave(REFUSED)


def _read_back(read: CaseRead, made: Plan, by: str) -> None:
    words, country = made.library.own_words, read.case.patient.country
    _tell(words.text("choosing.head", path=read.path))
    lines = [words.text("choosing.protocol", title=made.protocol.title, protocol=made.protocol.id)]
    for phase in made.phases:
        named = in_words(capital(wording.phase_name(phase.phase.name)), words)
        fields = {
            "regimen": wording.regimen_text(phase, country),
            "spacing": wording.spacing_of(phase.spacing_kind, phase.spacing),
        }
        lines.append(words.text("choosing.phase", phase=named, **fields))
    product = made.product
    lines.append(
        words.text("choosing.product", product=product.name) if product else words.text("choosing.product_none")
    )
    lines.append(words.text("choosing.start", day=date_words(made.start, words)))
    lines.append(words.text("choosing.by", by=by))
    for line in lines:
        _tell(f"  {made.library.spelled(line, country)}")


def _tell(line: str) -> None:
    """On standard error: it is no answer yet."""
    sys.stderr.write(f"{visible(line)}\n")
