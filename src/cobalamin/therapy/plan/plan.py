"""The dated plan: scheduled doses with their windows, checks, reviews and decisions, each with its sources and basis.

`make_plan` takes plain values and gives one plain value. It reads no clock and no file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cobalamin.amounts import volume_for
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citations, Phase, Policy, Product, Protocol
from cobalamin.knowledge.vocabulary import LEVELS
from cobalamin.records import replace
from cobalamin.spans import Span, add
from cobalamin.text.messages import Text, length, message, text_order
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.criteria import evaluate
from cobalamin.therapy.case.facts import Facts, facts_of
from cobalamin.therapy.case.issues import BLOCK, Issue
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.plan.items import Item, Request
from cobalamin.therapy.plan.monitoring import monitoring_items, planned_anchors
from cobalamin.therapy.regimen import schedule
from cobalamin.therapy.regimen.choices import Need, Settled, SettledPhase, ValueLevel, settle
from cobalamin.therapy.regimen.ladder import Ladder, compile_ladder, to_date, to_days
from cobalamin.therapy.regimen.market import market_of
from cobalamin.therapy.regimen.running import Runs, going_on
from cobalamin.therapy.regimen.schedule import Scheduled
from cobalamin.therapy.safety.caveats import Caveat, caveats_of
from cobalamin.therapy.safety.gate import plan_issues
from cobalamin.therapy.safety.treated import earlier_of
from cobalamin.therapy.words import wording


@dataclass(frozen=True)
class Plan:
    """What `plan` answers. With needs or a blocking issue, `items` is empty."""

    protocol: Protocol
    start: date
    choices: dict[str, str]
    policy: Policy
    items: tuple[Item, ...]
    issues: tuple[Issue, ...]
    needs: tuple[Need, ...]
    not_verified: tuple[ValueLevel, ...]
    library: Library = field(repr=False, compare=False)  # what it was made from
    phases: tuple[SettledPhase, ...] = field(default=())
    product: Product | None = None
    caveats: tuple[Caveat, ...] = ()
    published: tuple[Phase, ...] = ()  # the phases that may belong to the person, as the source states them

    @property
    def blocked(self) -> bool:
        return any(issue.severity == BLOCK for issue in self.issues)


def make_plan(library: Library, case: Case, request: Request, on: date) -> Plan:
    """The schedule of `request` for `case`, as known on the day of assessment.

    Raises InputError for a protocol that can't be planned, a start before birth, or a choice outside its range.
    """
    _refuse_unplannable(case, request)
    facts = facts_of(case, on)
    content = library.content(request.protocol)
    market = market_of(library, facts.patient.country or content.country)
    settled = settle(content, request.choices, facts, market)
    issues = tuple(
        plan_issues(
            library, case, facts, request.protocol, settled.phases, request.product, request.anew, request.taken_over
        )
    )
    verified = tuple(level for phase in settled.phases for level in phase.levels if LEVELS.index(level.level) > 0)
    plan = Plan(
        request.protocol,
        request.start,
        settled.choices,
        request.policy,
        (),
        issues,
        settled.needs,
        verified,
        library,
        settled.phases,
        request.product,
        caveats_of(content, facts, library.facts),
        tuple(phase for phase in content.phases if evaluate(phase.only_if, facts) is not FALSE),
    )
    if settled.needs or plan.blocked:
        return plan
    told = None if request.anew else earlier_of(library, case, facts).told_for(content, request.taken_over)
    return replace(plan, items=_items(library, facts, request, content, settled, told))


def _refuse_unplannable(case: Case, request: Request) -> None:
    protocol = request.protocol
    if protocol.guidance:
        raise InputError.one(
            "protocol", protocol.id, "is guidance: it ranks and explains and has no schedule; see `cobalamin propose`"
        )
    if protocol.status == "withdrawn":
        raise InputError.one(
            "protocol",
            protocol.id,
            "was withdrawn by its issuer and can't be planned; see `cobalamin propose` for current ones",
        )
    born = case.patient.birth_date
    if born is not None and request.start < born:
        raise InputError.one("plan", "start", f"{request.start} is before the date of birth {born}; check both dates")
    if not 1 <= request.months <= 480:
        raise InputError.one("plan", "months", f"{request.months} is outside 1 to 480 months")


def _items(
    library: Library, facts: Facts, request: Request, content: Protocol, settled: Settled, told: Runs | None
) -> tuple[Item, ...]:  # fmt: skip
    until = add(request.start, Span(request.months, "mo"))
    ladder = compile_ladder(settled.phases, request.start, request.policy, facts)
    scheduled = forward(ladder, request.start, until, request.policy, told)
    items = dose_items(library, facts, request, scheduled)
    anchors = planned_anchors(request.start, scheduled)
    items += monitoring_items(library, facts, content, request.policy, anchors, until)
    return tuple(sorted(items, key=place_in_plan))


def dose_items(library: Library, facts: Facts, request: Request, scheduled: list[Scheduled]) -> list[Item]:
    """Scheduled doses, courses and decisions with their words, sources and windows."""
    builder = _Builder(library, facts, request)
    return [builder.item(entry) for entry in scheduled]


def forward(ladder: Ladder, start: date, until: date, policy: Policy, told: Runs | None = None) -> list[Scheduled]:
    """The fold of a new plan, run forward; from where treatment stands by what is `told` of it.

    What was due before the plan begins is due on its first day: nothing of a plan lies before its start (hazard H102).
    """
    state = fold.start()
    if ladder.rungs:
        begin = fold.a_plan(to_days(start), 0, to_days(start), 0)
        state = fold.step(state, begin, ladder.rungs, ladder.windows)
        history = going_on(ladder, told, start) if told else None
        if history:
            state = fold.step(state, history, ladder.rungs, ladder.windows)
            state = state._replace(place=fold.floored(state.place, ladder.rungs[state.place.rung], to_days(start)))
    return schedule.run_forward(ladder, state, start, until, policy)


_KIND_ORDER = {"check": 0, "dose": 1, "course": 1, "review": 2, "decision": 3}


def place_in_plan(item: Item) -> tuple[bool, date, int, str, int, tuple[bool, str]]:
    return (
        item.on is None,
        item.on or date.max,
        _KIND_ORDER[item.kind],
        "" if item.kind == "dose" else item.marker,
        item.number,
        text_order(item.text if item.kind in ("review", "decision") else ""),  # of these several may lie on one day
    )


class _Builder:
    """Texts, sources and windows for bare scheduled entries."""

    def __init__(self, library: Library, facts: Facts, request: Request) -> None:
        self.library, self.facts, self.request = library, facts, request
        self.country = facts.patient.country or library.content(request.protocol).country

    def item(self, entry: Scheduled) -> Item:
        match entry.kind:
            case schedule.DOSE:
                return self._dose(entry)
            case schedule.COURSE:
                return self._course(entry)
            case schedule.OPEN_END:
                policy = self.request.policy
                text = wording.open_end_text(entry.phase, policy.decision_after)
                return self._decision(entry, text, policy.basis, plain=wording.open_end_plain(entry.phase))
            case schedule.GATE:
                return self._decision(entry, wording.gate_text(entry.phase), "published")
            case schedule.NOT_STATED_NEXT:
                return self._decision(entry, wording.not_stated_text(entry.phase), "published")
            case _:
                return self._decision(entry, wording.over_text(self.facts.lifelong_cause is TRUE), "software_default")

    def _dose(self, entry: Scheduled) -> Item:
        phase, dates = entry.phase, entry.dates
        window = self._window(entry) if dates else ""
        item = Item(
            kind="dose",
            on=entry.on,
            text=wording.dose_text(entry, self.country),
            plain=wording.dose_text(entry, self.country, plain=True),
            why=wording.why_text(entry),
            cites=() if entry.changed else _phase_cites(phase),  # a source is not behind a person's own interval
            basis="local_policy"
            if entry.changed
            else "published",  # a decision has an owner and a date, as a policy has
            determinacy="firm" if entry.firm and entry.on else "provisional",
            own_interval=entry.changed is not None,
            phase=phase.phase.name,
            number=entry.number,
            substance=phase.substance,
            dose=phase.dose,
            route=phase.route,
            volume_ml=self._volume(phase),
            window_basis=window,
            policy=self.request.policy.name if dates else "",
            after="decision" if entry.on is None else "",
            offset=entry.offset,
        )
        if dates is None:
            return item
        return replace(
            item,
            bookable_from=to_date(dates.bookable_from),
            due_through=to_date(dates.due_through),
            overdue_from=to_date(dates.overdue_from),
            review_from=to_date(dates.review_from),
        )

    def _window(self, entry: Scheduled) -> str:
        """Who says how early and late: no source does, so a local policy's row or this program's assumption."""
        policy = self.request.policy
        if policy.basis == "software_default" or entry.on is None:
            return policy.basis
        days = (entry.on - entry.anchor).days if entry.anchor else self._own_days(entry)
        through = next(
            (row.through_days for row in policy.windows if days <= row.through_days), policy.windows[-1].through_days
        )
        return policy.basis if through in policy.replaced else "software_default"

    def _own_days(self, entry: Scheduled) -> int:
        spacing = entry.phase.spacing
        if isinstance(spacing, Span) and entry.on:
            return (add(entry.on, spacing) - entry.on).days
        return 1

    def _volume(self, phase: SettledPhase) -> Decimal | None:
        product = self.request.product
        if product is None or product.strength is None or phase.dose is None:
            return None
        return volume_for(phase.dose, product.strength)

    def _course(self, entry: Scheduled) -> Item:
        phase = entry.phase
        return Item(
            kind="course",
            on=entry.on,
            until=entry.until,
            text=wording.course_text(entry, self.country),
            plain=wording.course_text(entry, self.country, plain=True),
            why=message("schedule.course") if entry.on else wording.why_text(entry),
            cites=_phase_cites(phase),
            basis="published",
            determinacy="firm" if entry.firm and entry.on else "provisional",
            phase=phase.phase.name,
            number=1,
            substance=phase.substance,
            dose=phase.dose,
            route=phase.route,
            after="decision" if entry.on is None else "",
            offset=entry.offset,
        )

    def _decision(self, entry: Scheduled, text: Text, basis: str, plain: Text = "") -> Item:
        phase = entry.phase.phase
        cites = phase.gate.cites if entry.kind == schedule.GATE and phase.gate else phase.end.cites
        policy = self.request.policy.name if basis != "published" else ""
        return Item(
            kind="decision",
            on=entry.on,
            text=text,
            plain=plain or text,
            why=message(f"schedule.{entry.kind}", span=length(self.request.policy.decision_after)),
            cites=cites,
            basis=basis,
            determinacy="firm" if entry.firm and entry.on else "provisional",
            phase=phase.name,
            policy=policy,
            after="decision" if entry.on is None else "",
        )


def _phase_cites(phase: SettledPhase) -> Citations:
    """The sources of everything a dose line says, each once: spacing, dose, end and the phase itself."""
    raw = phase.phase
    cites = (*raw.dose.cites, *raw.spacing.cites, *raw.cites)
    return tuple({(cite.source, cite.place): cite for cite in reversed(cites)}.values())[::-1]
