"""Values of the pure rooms as the JSON documents of the contract: fixed key order, no timestamps."""

from __future__ import annotations

from datetime import date

from cobalamin.amounts import Mass, mass_text
from cobalamin.app.documents.assess import steps_answer
from cobalamin.app.documents.types import common as answers
from cobalamin.app.documents.types.base import UNSET, UnsetType, given
from cobalamin.app.services.assessing import steps_beside
from cobalamin.app.services.cited import citations_shown, followed_editions
from cobalamin.app.services.signatures import standing_of
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations, DoseRule, End, Note, Phase, Protocol, Source, Spacing
from cobalamin.knowledge.vocabulary import GOES_ON, WAITS
from cobalamin.spans import Span
from cobalamin.text.messages import Text, in_words
from cobalamin.therapy.case.criteria import Reason as ReasonOfCriterion
from cobalamin.therapy.case.criteria import describe
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.common_start import CommonStart
from cobalamin.therapy.proposal.needs import MissingFact, missing_fact
from cobalamin.therapy.proposal.proposal import GuidanceFor, Option, Proposal
from cobalamin.therapy.regimen.choices import Need, choice_keys
from cobalamin.therapy.review.reason import Reason
from cobalamin.therapy.safety.caveats import Caveat


class Renderer:
    """Renders against one library; keeps which sources were shown, so that a document can list them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.shown: dict[str, None] = {}

    def text(self, text: Text) -> str:
        """What a decision says, in the language that the library speaks."""
        return in_words(text, self.library.own_words)

    def citations(self, cites: Citations) -> list[answers.CitationAnswer]:
        """Citations for people; their sources are kept."""
        shown = citations_shown(self.library, cites)
        self.shown |= dict.fromkeys(cite.source for cite in shown)
        return [answers.CitationAnswer(source=cite.source, level=cite.level, place=given(cite.place)) for cite in shown]

    def sources(self) -> list[answers.SourceAnswer]:
        """Records of all sources shown so far, by id; an address only where it is the issuer's own."""
        return [_source(self.library.sources[source_id]) for source_id in sorted(self.shown)]

    def issue(self, issue: Issue) -> answers.IssueAnswer:
        return answers.IssueAnswer(
            code=issue.code,
            severity=issue.severity,
            text=self.text(issue.text),
            plain=self.text(issue.plain_whole),
            action=self.text(issue.action),
            answer=given(issue.answer),
            ask=given(list(issue.ask)),
            next_dose=(WAITS if issue.holds_back else GOES_ON) if issue.is_alarm else UNSET,
            interrupts=issue.interrupts,
            citations=self.citations(issue.cites),
        )

    def note(self, note: Note) -> answers.NoteAnswer:
        return answers.NoteAnswer(kind=note.kind, text=note.text, citations=self.citations(note.cites))

    def caveat(self, caveat: Caveat) -> answers.CaveatAnswer:
        """`holds` is null where it is not known, and where no condition says to whom the caveat applies."""
        return answers.CaveatAnswer(
            kind=caveat.kind,
            text=caveat.text,
            plain=caveat.plain,
            holds={TRUE: True, FALSE: False}.get(caveat.holds),
            affirms=caveat.affirms,
            when=self.text(describe(caveat.note.when, self.library)) if caveat.note.when else UNSET,
            citations=self.citations(caveat.cites),
        )

    def reason(self, reason: Reason | ReasonOfCriterion) -> answers.ReasonAnswer:
        return answers.ReasonAnswer(
            code=reason.code, text=self.text(reason.text), citations=self.citations(reason.cites)
        )

    # -- phases ------------------------------------------------------------------------------------------------------

    def phase(self, phase: Phase) -> answers.PhaseAnswer:
        names, dose, spacing = phase.substances, phase.dose, phase.spacing
        single = not phase.options  # of a phase with options, each of them says its dose
        cites = (*phase.cites, *dose.cites, *spacing.cites, *phase.end.cites)
        return answers.PhaseAnswer(
            name=phase.name,
            option=given(phase.option),
            substance=None if not names else names[0] if len(names) == 1 else list(names),
            routes=list(phase.routes),
            divided=dose.divided if single and dose.divided > 1 else UNSET,
            dose_per_kg=mass_answer(dose.per_kg) if single and dose.per_kg else UNSET,
            dose=_dose(dose) if single else UNSET,
            interval=_spans(spacing) if single and spacing.kind == "interval" else UNSET,
            per_week=_per_week(spacing) if single and spacing.kind == "per_week" else UNSET,
            at_least=_spans(spacing) if single and spacing.kind == "at_least" else UNSET,
            ends=_end(phase.end, phase.about),
            gate=answers.GateAnswer(wording=phase.gate.wording) if phase.gate else UNSET,
            only_if=self.text(describe(phase.only_if, self.library)) if phase.only_if else UNSET,
            options=[self.phase(option) for option in phase.options],
            choices=list(choice_keys(phase)),
            levels=_levels(phase) if single else {},
            citations=self.citations(cites),
        )

    # -- propose -----------------------------------------------------------------------------------------------------

    def propose(self, proposal: Proposal) -> answers.ProposeAnswer:
        common = proposal.common_start
        return answers.ProposeAnswer(
            on=str(proposal.on),
            library=self.library.edition,
            assessment=steps_answer(self, steps_beside(proposal)),
            options=[self._option(option) for option in proposal.options],
            needs=[self.fact_need(need) for need in proposal.needs],
            excluded=[
                answers.ExcludedAnswer(
                    protocol=excluded.protocol.id, reasons=[self.reason(reason) for reason in excluded.reasons]
                )
                for excluded in proposal.excluded
            ],
            guidance=[self._guidance(entry) for entry in proposal.guidance],
            common_start=None if common is None else self._common_start(common),
            issues=[self.issue(issue) for issue in proposal.issues],
            pending=list(proposal.pending),
            asked_not_known=list(proposal.asked_not_known),
            disagreements=[self.disagreement(entry) for entry in proposal.disagreements],
            sources=self.sources(),
        )

    def _common_start(self, common: CommonStart) -> answers.CommonStartAnswer:
        say, substance = self.library.own_words.text, common.substance.capitalize()
        return answers.CommonStartAnswer(
            substance=common.substance,
            dose=mass_answer(common.dose),
            routes=list(common.routes),
            protocols=list(common.protocols),
            text=say("propose.common_start_told", substance=substance, dose=mass_text(common.dose)),
            citations=self.citations(common.cites),
        )

    def _option(self, option: Option) -> answers.OptionAnswer:
        protocol, content = option.protocol, option.content
        cites = tuple(dict.fromkeys(cite for phase in option.phases for cite in phase.cites))
        own = tuple(cite for note in protocol.notes for cite in note.cites) if protocol.same_as else ()
        return answers.OptionAnswer(
            protocol=protocol.id,
            version=protocol.version,
            title=protocol.title,
            country=protocol.country,
            status=protocol.status,
            kind=protocol.kind,
            place=option.place,
            rank_reason=self.text(option.rank_reason),
            practice=[
                answers.PracticeAnswer(text=each.text, plain=each.plain, citations=self.citations(each.cites))
                for each in option.said
            ],
            lifelong=content.lifelong,
            phases=[self.phase(phase) for phase in option.phases],
            precautions=[self.issue(issue) for issue in option.precautions],
            caveats=[self.caveat(caveat) for caveat in option.caveats],
            notes=[self.note(note) for note in (*protocol.notes, *(content.notes if protocol.same_as else ()))],
            citations=self.citations((*own, *cites)),
            same_as=list(option.same_as),
            newer_editions=self.newer_editions(content),
            signed=self.signed(protocol),
        )

    def newer_editions(self, content: Protocol) -> list[answers.NoteAnswer]:
        """The editions that followed those of the sources of its doses, each with the source that was read."""
        return [
            answers.NoteAnswer(text=each.newer_known, citations=self.citations((Citation(each.id, each.level),)))
            for each in followed_editions(self.library, content)
        ]

    def signed(self, protocol: Protocol) -> answers.SignedAnswer | None:
        """Who has signed a protocol; null where nobody has, or where it changed since."""
        found = standing_of(self.library, protocol)
        if found is None:
            return None
        by = {name: found.by[name] for name in ("role", "register", "day")}
        return answers.SignedAnswer(**by, agreed=found.agreed, rows=found.rows, in_force=found.in_force)

    def _guidance(self, entry: GuidanceFor) -> answers.GuidanceAnswer:
        document = entry.document
        return answers.GuidanceAnswer(
            guidance=document.id,
            title=document.title,
            country=document.country,
            status=document.status,
            applies="yes" if entry.certain else "not_known",
            advice=[
                answers.NoteAnswer(text=advice.text, citations=self.citations(advice.cites)) for advice in entry.advice
            ],
            notes=[self.note(note) for note in document.notes] if entry.certain else [],
        )

    def disagreement(self, entry: Disagreement) -> answers.DisagreementAnswer:
        sides = [
            answers.SideAnswer(
                position=side.position, protocols=list(side.protocols), citations=self.citations(side.cites)
            )
            for side in entry.sides
        ]
        return answers.DisagreementAnswer(id=entry.id, topic=entry.topic, cause=entry.cause, sides=sides)

    # -- plan --------------------------------------------------------------------------------------------------------

    def plan(self, plan: Plan) -> answers.PlanAnswer:
        return answers.PlanAnswer(
            protocol=plan.protocol.id,
            version=plan.protocol.version,
            title=plan.protocol.title,
            status=plan.protocol.status,
            library=self.library.edition,
            start=str(plan.start),
            choices=dict(sorted(plan.choices.items())),
            policy=plan.policy.name,
            items=[self.item(item) for item in plan.items],
            issues=[self.issue(issue) for issue in plan.issues],
            needs=given(self._plan_needs(plan)),
            caveats=[self.caveat(caveat) for caveat in plan.caveats],
            not_verified=[
                answers.NotVerified(value=level.path, level=level.level, citations=self.citations(level.cites))
                for level in dict.fromkeys(plan.not_verified)
            ],
            newer_editions=self.newer_editions(self.library.content(plan.protocol)),
            signed=self.signed(plan.protocol),
            sources=self.sources(),
        )

    def _plan_needs(self, plan: Plan) -> list[answers.NeedAnswer]:
        entries = map(self._need, plan.needs)
        return list({repr(entry): entry for entry in entries}.values())

    def item(self, item: Item) -> answers.ItemAnswer:
        return answers.ItemAnswer(
            kind=item.kind,
            phase=given(item.phase),
            number=given(item.number),
            on=day_answer(item.on),
            on_range=given([str(day) for day in item.on_range or ()]),
            until=day_answer(item.until),
            after=given(item.after),
            offset=given(item.offset),
            bookable_from=day_answer(item.bookable_from),
            due_through=day_answer(item.due_through),
            overdue_from=day_answer(item.overdue_from),
            review_from=day_answer(item.review_from),
            determinacy=item.determinacy,
            substance=given(item.substance),
            dose=mass_answer(item.dose) if item.dose else UNSET,
            route=given(item.route),
            volume_ml=UNSET if item.volume_ml is None else str(item.volume_ml),
            marker=given(item.marker),
            text=self.text(item.text),
            plain=self.text(item.plain),
            why=self.text(item.why),
            citations=self.citations(item.cites),
            basis=item.basis,
            window_basis=given(item.window_basis),
            policy=given(item.policy),
        )

    def fact_need(self, need: MissingFact) -> answers.FactNeed:
        """A question whose answer is needed."""
        question, why = self.text(need.question), self.text(need.why)
        return answers.FactNeed(fact=need.fact, question=question, changes=list(need.changes), why=why)

    def _need(self, need: Need) -> answers.NeedAnswer:
        if need.fact:
            asked = missing_fact(self.library, need.fact, ())
            return answers.NeedAnswer(fact=need.fact, question=self.text(asked.question), why=self.text(asked.why))
        if need.options:
            return answers.NeedAnswer(choice=need.choice, options=list(need.options))
        least, most = (None if each is None else _plain(each) for each in (need.least, need.most))
        return answers.NeedAnswer(choice=need.choice, least=least, most=most)


def mass_answer(mass: Mass) -> answers.MassAnswer:
    micrograms = mass.micrograms
    number = int(micrograms) if micrograms == micrograms.to_integral_value() else float(micrograms)
    return answers.MassAnswer(value=f"{mass.value:f}", unit=mass.unit, ug=number)


def day_answer(day: date | None) -> str | UnsetType:
    return str(day) if day else UNSET


def _source(source: Source) -> answers.SourceAnswer:
    return answers.SourceAnswer(
        id=source.id,
        title=source.title,
        issuer=source.issuer,
        edition=given(source.edition),
        date=source.date,
        country=source.country,
        kind=source.kind,
        level=source.level,
        address=given(source.address),
    )


def _plain(value: int | Span | Mass) -> answers.Plain:
    return mass_answer(value) if isinstance(value, Mass) else str(value) if isinstance(value, Span) else value


def _bound(value: int | Span | Mass | None) -> answers.Plain | UnsetType:
    """An end of a range; an open side is left out."""
    return UNSET if value is None else _plain(value)


def _dose(rule: DoseRule) -> answers.MassAnswer | answers.MassRange | UnsetType:
    if rule.per_kg or not rule.stated:
        return UNSET
    if rule.fixed:
        return mass_answer(rule.fixed)
    least, most = (mass_answer(each) if each else UNSET for each in (rule.least, rule.most))
    return answers.MassRange(least=least, most=most)


def _spans(rule: Spacing) -> str | answers.TextRange:
    if rule.fixed:
        return str(rule.least)
    least, most = (UNSET if each is None else str(each) for each in (rule.least, rule.most))
    return answers.TextRange(least=least, most=most)


def _per_week(rule: Spacing) -> int | answers.PerWeek:
    least, most = (each if isinstance(each, int) else UNSET for each in (rule.least, rule.most))
    if rule.fixed and isinstance(least, int):
        return least
    return answers.PerWeek(least=least, most=most)


def _end(end: End, about: bool) -> answers.EndAnswer:
    same = end.least == end.most
    return answers.EndAnswer(
        by=end.by,
        value=_bound(end.least) if same else UNSET,
        least=UNSET if same else _bound(end.least),
        most=UNSET if same else _bound(end.most),
        wording=given(end.wording),
        about=given(about),
    )


def _levels(phase: Phase) -> dict[str, str]:
    """Level of checking of each value; of a range, the worse end."""
    both = {"dose": phase.dose.levels, "spacing": phase.spacing.levels, "ends": phase.end.levels}
    order = ("primary", "secondary", "article", "recalled")
    return {**phase.levels, **{key: max(levels, key=order.index) for key, levels in both.items()}}
