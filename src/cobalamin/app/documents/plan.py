"""Values of the pure rooms as the JSON documents of the contract: fixed key order, no timestamps."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from cobalamin.amounts import Mass, mass_text
from cobalamin.app.documents.types import common as answers
from cobalamin.app.services.assessing import steps_beside
from cobalamin.knowledge.assessment import Next
from cobalamin.knowledge.disagreements import Disagreement
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations, DoseRule, End, Note, Phase, Spacing
from cobalamin.knowledge.vocabulary import GOES_ON, WAITS
from cobalamin.knowledge.words import ENGLISH
from cobalamin.spans import Span
from cobalamin.therapy.assessment.assessment import Assessment, Step
from cobalamin.therapy.case.criteria import describe
from cobalamin.therapy.case.issues import Issue
from cobalamin.therapy.case.logic import FALSE, TRUE
from cobalamin.therapy.plan.items import Item
from cobalamin.therapy.plan.plan import Plan
from cobalamin.therapy.proposal.needs import facts_needed
from cobalamin.therapy.proposal.proposal import GuidanceFor, Option, Proposal
from cobalamin.therapy.regimen.choices import choice_keys
from cobalamin.therapy.safety.caveats import Caveat


class Renderer:
    """Renders against one library; keeps which sources were shown, so that a document can list them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.shown: dict[str, None] = {}

    def citations(self, cites: Citations) -> list[answers.CitationAnswer]:
        """Citations for people: an AI-written page is never shown as a source; what rests on it alone is `recalled`."""
        human = [cite for cite in cites if not self.library.sources[cite.source].ai_written]
        kept = human or ([Citation("recalled", "recalled")] if cites else [])
        found: list[answers.CitationAnswer] = []
        for cite in dict.fromkeys(kept):
            self.shown.setdefault(cite.source)
            entry = cast(answers.CitationAnswer, {"source": cite.source, "level": cite.level})
            if cite.place:
                entry["place"] = cite.place
            found.append(entry)
        return found

    def sources(self) -> list[answers.SourceAnswer]:
        """Records of all sources shown so far, by id; an address only where it is the issuer's own."""
        return [self._source(source_id) for source_id in sorted(self.shown)]

    def _source(self, source_id: str) -> answers.SourceAnswer:
        source = self.library.sources[source_id]
        entry: dict[str, Any] = {"id": source.id, "title": source.title, "issuer": source.issuer}
        entry |= {"edition": source.edition} if source.edition else {}
        entry |= {"date": source.date, "country": source.country, "kind": source.kind, "level": source.level}
        entry |= {"address": source.address} if source.address else {}
        return cast(answers.SourceAnswer, entry)

    def issue(self, issue: Issue) -> answers.IssueAnswer:
        entry: dict[str, Any] = {
            "code": issue.code, "severity": issue.severity, "text": issue.text, "plain": issue.plain_whole, "action": issue.action,
        }  # fmt: skip
        entry |= {"answer": issue.answer} if issue.answer else {}
        entry |= {"ask": list(issue.ask)} if issue.ask else {}
        entry |= {"next_dose": WAITS if issue.holds_back else GOES_ON} if issue.is_alarm else {}
        entry |= {"interrupts": issue.interrupts, "citations": self.citations(issue.cites)}
        return cast(answers.IssueAnswer, entry)

    def note(self, note: Note) -> answers.NoteAnswer:
        return {"kind": cast(Any, note.kind), "text": note.text, "citations": self.citations(note.cites)}

    def caveat(self, caveat: Caveat) -> answers.CaveatAnswer:
        """`holds` is null where it is not known, and where no condition says to whom the caveat applies."""
        entry: dict[str, Any] = {"kind": caveat.kind, "text": caveat.text, "plain": caveat.plain}
        entry |= {"holds": {TRUE: True, FALSE: False}.get(caveat.holds), "affirms": caveat.affirms}
        if caveat.note.when:
            entry["when"] = describe(caveat.note.when, self.library.facts)
        entry["citations"] = self.citations(caveat.cites)
        return cast(answers.CaveatAnswer, entry)

    # -- phases ------------------------------------------------------------------------------------------------------

    def phase(self, phase: Phase) -> answers.PhaseAnswer:
        names = phase.substances
        entry: dict[str, Any] = {"name": phase.name}
        entry |= {"option": phase.option} if phase.option else {}
        entry |= {
            "substance": None if not names else names[0] if len(names) == 1 else list(names),
            "routes": list(phase.routes),
        }
        if not phase.options:
            entry |= _dose(phase.dose) | _spacing(phase.spacing)
        entry["ends"] = _end(phase.end) | ({"about": True} if phase.about else {})
        if phase.gate:
            entry["gate"] = {"wording": phase.gate.wording}
        if phase.only_if:
            entry["only_if"] = describe(phase.only_if, self.library.facts)
        entry["options"] = [self.phase(option) for option in phase.options]
        entry["choices"] = list(choice_keys(phase))
        entry["levels"] = {} if phase.options else _levels(phase)
        cites = (*phase.cites, *phase.dose.cites, *phase.spacing.cites, *phase.end.cites)
        entry["citations"] = self.citations(cites)
        return cast(answers.PhaseAnswer, entry)

    # -- assess ------------------------------------------------------------------------------------------------------

    def assess(self, assessment: Assessment) -> answers.AssessAnswer:
        lead = assessment.leading
        return {
            "on": str(assessment.on),
            "library": self.library.edition,
            "leads": lead.step if lead else None,
            "steps": self.steps(assessment.steps),
            "issues": [self.issue(issue) for issue in assessment.issues],
            "sources": self.sources(),
            "signed_off": False,
        }

    def steps(self, steps: tuple[Step, ...]) -> list[answers.StepAnswer]:
        return [self._step(step) for step in steps]

    def _step(self, step: Step) -> answers.StepAnswer:
        entry: dict[str, Any] = {"step": step.step, "state": step.state, "fact": step.fact, "value": step.value}
        entry |= {"text": step.text, "plain": step.plain}
        entry |= {"command": step.command} if step.command else {}
        entry["because"] = [
            {
                "event": each.event, "marker": each.marker, "value": each.value, "on": each.on, "band": each.band, "text": each.text,
                "used": each.used, "citations": self.citations(each.cites),
            }
            for each in step.because
        ]  # fmt: skip
        entry["next"] = [self._next(each) for each in step.next]
        entry["citations"] = self.citations(step.cites)
        return cast(answers.StepAnswer, entry)

    def _next(self, each: Next) -> answers.NextAnswer:
        key = "range" if each.of_range else "test"
        entry: dict[str, Any] = {"ask": each.ask} if each.ask else {key: list(each.tests)}
        entry |= {"panel": True} if each.panel else {}
        entry |= {"text": each.text, "plain": each.plain, "citations": self.citations(each.cites)}
        return cast(answers.NextAnswer, entry)

    # -- propose -----------------------------------------------------------------------------------------------------

    def propose(self, proposal: Proposal) -> answers.ProposeAnswer:
        common = proposal.common_start
        document: dict[str, Any] = {
            "on": str(proposal.on),
            "library": self.library.edition,
            "assessment": self.steps(steps_beside(proposal)),
            "options": [self._option(option) for option in proposal.options],
            "needs": [{"fact": need.fact, "question": need.question, "changes": list(need.changes), "why": need.why} for need in proposal.needs],
            "excluded": [
                {
                    "protocol": excluded.protocol.id,
                    "reasons": [{"code": reason.code, "text": reason.text, "citations": self.citations(reason.cites)} for reason in excluded.reasons],
                }
                for excluded in proposal.excluded
            ],
            "guidance": [self._guidance(entry) for entry in proposal.guidance],
            "common_start": None if common is None else {
                "substance": common.substance,
                "dose": common.dose.as_json(),
                "routes": list(common.routes),
                "protocols": list(common.protocols),
                "text": self.library.words(ENGLISH).text("propose.common_start_told", substance=common.substance.capitalize(), dose=mass_text(common.dose)),
                "citations": self.citations(common.cites),
            },
            "issues": [self.issue(issue) for issue in proposal.issues],
            "pending": list(proposal.pending),
            "asked_not_known": list(proposal.asked_not_known),
            "disagreements": [self.disagreement(entry) for entry in proposal.disagreements],
        }  # fmt: skip
        document["sources"] = self.sources()
        document["signed_off"] = False
        return cast(answers.ProposeAnswer, document)

    def _option(self, option: Option) -> answers.OptionAnswer:
        protocol, content = option.protocol, option.content
        phases = [self.phase(phase) for phase in option.phases]
        cites = tuple(dict.fromkeys(cite for phase in option.phases for cite in phase.cites))
        own = tuple(cite for note in protocol.notes for cite in note.cites) if protocol.same_as else ()
        return {
            "protocol": protocol.id,
            "version": protocol.version,
            "title": protocol.title,
            "country": protocol.country,
            "status": protocol.status,
            "kind": protocol.kind,
            "place": cast(Any, option.place),
            "rank_reason": option.rank_reason,
            "practice": [
                {"text": each.text, "plain": each.plain, "citations": self.citations(each.cites)}
                for each in option.said
            ],
            "lifelong": content.lifelong,
            "phases": phases,
            "precautions": [self.issue(issue) for issue in option.precautions],
            "caveats": [self.caveat(caveat) for caveat in option.caveats],
            "notes": [self.note(note) for note in (*protocol.notes, *(content.notes if protocol.same_as else ()))],
            "citations": self.citations((*own, *cites)),
            "same_as": list(option.same_as),
        }

    def _guidance(self, entry: GuidanceFor) -> answers.GuidanceAnswer:
        document = entry.document
        return {
            "guidance": document.id,
            "title": document.title,
            "country": document.country,
            "status": document.status,
            "applies": "yes" if entry.certain else "not_known",
            "advice": [{"text": advice.text, "citations": self.citations(advice.cites)} for advice in entry.advice],
            "notes": [self.note(note) for note in document.notes] if entry.certain else [],
        }

    def disagreement(self, entry: Disagreement) -> answers.DisagreementAnswer:
        return {
            "id": entry.id,
            "topic": entry.topic,
            "cause": entry.cause,
            "sides": [
                {"position": side.position, "protocols": list(side.protocols), "citations": self.citations(side.cites)}
                for side in entry.sides
            ],
        }

    # -- plan --------------------------------------------------------------------------------------------------------

    def plan(self, plan: Plan) -> answers.PlanAnswer:
        document: dict[str, Any] = {
            "protocol": plan.protocol.id,
            "version": plan.protocol.version,
            "title": plan.protocol.title,
            "status": plan.protocol.status,
            "library": self.library.edition,
            "start": str(plan.start),
            "choices": dict(sorted(plan.choices.items())),
            "policy": plan.policy.name,
            "items": [self.item(item) for item in plan.items],
            "issues": [self.issue(issue) for issue in plan.issues],
        }
        if plan.needs:
            document["needs"] = self._plan_needs(plan)
        document["caveats"] = [self.caveat(caveat) for caveat in plan.caveats]
        document["not_verified"] = [
            {"value": level.path, "level": level.level, "citations": self.citations(level.cites)}
            for level in dict.fromkeys(plan.not_verified)
        ]
        document["sources"] = self.sources()
        document["signed_off"] = False
        return cast(answers.PlanAnswer, document)

    def _plan_needs(self, plan: Plan) -> list[dict[str, Any]]:
        questions = {need.fact: need for need in facts_needed(self.library, plan.needs, plan.protocol.id)}
        entries: list[dict[str, Any]] = []
        for need in plan.needs:
            if need.fact:
                question = questions[need.fact]
                entries.append({"fact": need.fact, "question": question.question, "why": question.why})
            elif need.options:
                entries.append({"choice": need.choice, "options": list(need.options)})
            else:
                entries.append({"choice": need.choice, "from": _plain(need.least), "to": _plain(need.most)})
        return list({str(entry): entry for entry in entries}.values())

    def item(self, item: Item) -> answers.ItemAnswer:
        entry: dict[str, Any] = {"kind": item.kind}
        optional = {
            "phase": item.phase, "number": item.number, "on": _day(item.on), "on_range": [str(day) for day in item.on_range or ()], "until": _day(item.until), "after": item.after,
            "offset": item.offset, "bookable_from": _day(item.bookable_from), "due_through": _day(item.due_through),
            "overdue_from": _day(item.overdue_from), "review_from": _day(item.review_from), "determinacy": item.determinacy,
            "substance": item.substance, "dose": item.dose.as_json() if item.dose else None, "route": item.route,
            "volume_ml": str(item.volume_ml) if item.volume_ml is not None else None, "marker": item.marker,
        }  # fmt: skip
        entry |= {key: value for key, value in optional.items() if value}
        entry |= {
            "text": item.text,
            "plain": item.plain,
            "why": item.why,
            "citations": self.citations(item.cites),
            "basis": item.basis,
        }
        entry |= {
            key: value for key, value in {"window_basis": item.window_basis, "policy": item.policy}.items() if value
        }
        return cast(answers.ItemAnswer, entry)


def _day(day: date | None) -> str | None:
    return str(day) if day else None


def _plain(value: Any) -> Any:
    return value.as_json() if isinstance(value, Mass) else str(value) if isinstance(value, Span) else value


def _range(least: Any, most: Any) -> dict[str, Any]:
    """`from` and `to`; an open side is left out."""
    return {key: _plain(value) for key, value in (("from", least), ("to", most)) if value is not None}


def _dose(rule: DoseRule) -> dict[str, Any]:
    entry: dict[str, Any] = {"divided": rule.divided} if rule.divided > 1 else {}
    if rule.per_kg:
        return entry | {"dose_per_kg": rule.per_kg.as_json()}
    if not rule.stated:
        return entry
    return entry | {"dose": rule.fixed.as_json() if rule.fixed else _range(rule.least, rule.most)}


def _spacing(rule: Spacing) -> dict[str, Any]:
    if rule.kind == "not_stated":
        return {}
    return {rule.kind: _plain(rule.least) if rule.fixed else _range(rule.least, rule.most)}


def _end(end: End) -> dict[str, Any]:
    entry: dict[str, Any] = {"by": end.by}
    if end.least is not None or end.most is not None:
        entry |= {"value": _plain(end.least)} if end.least == end.most else _range(end.least, end.most)
    return entry | ({"wording": end.wording} if end.wording else {})


def _levels(phase: Phase) -> dict[str, str]:
    """Level of checking of each value; of a range, the worse end."""
    both = {"dose": phase.dose.levels, "spacing": phase.spacing.levels, "ends": phase.end.levels}
    order = ("primary", "secondary", "article", "recalled")
    return {**phase.levels, **{key: max(levels, key=order.index) for key, levels in both.items()}}
