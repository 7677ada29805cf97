"""A review as the JSON document of the contract: fixed key order, no timestamps."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from cobalamin import __version__
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.types import review as answers
from cobalamin.app.documents.types.common import ReasonAnswer
from cobalamin.app.services.assessing import follow_up_of
from cobalamin.spans import Span
from cobalamin.therapy.assessment.follow_up import Answered
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.response.diary import Diary
from cobalamin.therapy.response.listing import ListedResult
from cobalamin.therapy.review.checks import CheckState
from cobalamin.therapy.review.course import Window
from cobalamin.therapy.review.evaluations import Evaluation, Reason
from cobalamin.therapy.review.outlook import Outlook
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.review.trace import Node

_DATED = ("bookable_from", "target", "due_through", "overdue_from", "review_from")


class ReviewRenderer(Renderer):
    """Renders reviews; like its base it keeps which sources were shown."""

    def review(self, review: Review) -> answers.ReviewAnswer:
        document: dict[str, Any] = {
            "on": str(review.on),
            "valid_until": _day(review.valid_until),
            "versions": self._versions(review),
            "phase": review.outlook.phase.phase.name if review.outlook.phase else None,
            "evaluations": [self.evaluation(entry) for entry in review.evaluations],
            "forecast": self.forecast(review),
            "upcoming": [self.item(item) for item in review.upcoming],
            "checks": [self._check(review, index) for index in range(len(review.checks))],
            "response": [
                {
                    "marker": verdict.marker, "verdict": verdict.verdict, "on": str(verdict.on),
                    **({"value": verdict.value} if verdict.value else {}),
                    "text": verdict.text, "plain": verdict.plain, "citations": self.citations(verdict.cites),
                }
                for verdict in review.response
            ],
            "results": [_result(entry) for entry in review.results],
            "symptoms": _symptoms(review.diary),
            "questions": [
                {"code": each.code, "text": each.text, "options": list(each.options), "default": each.default}
                for each in review.questions
            ],
            "follow_up": [self._follow_up(each) for each in follow_up_of(review)],
            "issues": [self.issue(issue) for issue in review.issues],
            "trace": [self.node(node) for node in (*review.trace, *review.open_nodes)],
        }  # fmt: skip
        return cast(answers.ReviewAnswer, document | {"sources": self.sources(), "signed_off": False})

    def _follow_up(self, each: Answered) -> answers.FollowUpAnswer:
        return {
            "answers": list(each.rule.answers),
            "answered": each.answered,
            "text": each.rule.text,
            "plain": each.rule.plain,
            "citations": self.citations(each.rule.cites),
        }

    def _versions(self, review: Review) -> dict[str, str]:
        versions = {"engine": __version__, "library": self.library.edition}
        if review.plan:
            versions["protocol"] = f"{review.plan.accepted.protocol} version {review.plan.accepted.version}"
        return versions | {"policy": review.policy.name}

    def evaluation(self, entry: Evaluation) -> answers.EvaluationAnswer:
        document: dict[str, Any] = {
            "event": entry.event.id, "on": entry.on, "credit": entry.credit, "timing": entry.timing, "flags": list(entry.flags),
            "reasons": [self.reason(reason) for reason in entry.reasons],
        }  # fmt: skip
        optional = {
            "phase": entry.phase, "number": entry.number, "substance": entry.substance,
            "dose": entry.dose.as_json() if entry.dose else None, "route": entry.route,
        }  # fmt: skip
        document |= {key: value for key, value in optional.items() if value}
        return cast(answers.EvaluationAnswer, document | {"source": entry.event.source})

    def reason(self, reason: Reason) -> ReasonAnswer:
        return {"code": reason.code, "text": reason.text, "citations": self.citations(reason.cites)}

    def forecast(self, review: Review) -> answers.ForecastAnswer:
        seen = review.outlook
        document: dict[str, Any] = {"status": seen.status}
        document |= {"timeliness": seen.timeliness} if seen.timeliness else {}
        if seen.phase is not None and seen.status not in ("complete", "data_required"):
            document |= {"phase": seen.phase.phase.name}
            document |= {"number": seen.number} if seen.number else {}
        document |= _dates(seen)
        document |= {"begins": str(seen.begins)} if seen.begins else {}
        document |= {"until": str(seen.until)} if seen.until else {}
        document |= {"appointment": str(review.appointment.on)} if review.appointment else {}
        if seen.phase is not None and (seen.dates or seen.status == "ongoing"):
            document |= {"dose": seen.phase.dose.as_json()} if seen.phase.dose else {}
            document |= {"route": seen.phase.route} if seen.phase.route else {}
            document |= {"substance": seen.phase.substance} if seen.phase.substance else {}
            document |= self._sureness(review)
        return cast(answers.ForecastAnswer, document)

    def _sureness(self, review: Review) -> dict[str, Any]:
        seen, node = review.outlook, review.open_node
        document: dict[str, Any] = {"determinacy": "provisional" if seen.provisional else "firm"}
        document |= {"provisional_because": list(seen.provisional)} if seen.provisional else {}
        document["basis"] = review.target_basis
        if node.window is not None:
            document |= {"window_basis": node.window.basis, "policy": review.policy.name}
        return document

    def _check(self, review: Review, index: int) -> answers.CheckStateAnswer:
        check: CheckState = review.checks[index]
        document: dict[str, Any] = {
            "marker": check.item.marker or "review", "due": str(check.due), "through": str(check.through), "state": check.state,
        }  # fmt: skip
        document |= {"done_on": str(check.done_on)} if check.done_on else {}
        document |= {"symptoms_on": [str(day) for day in check.beside]} if check.beside else {}
        document["determinacy"] = check.item.determinacy
        appointment = review.check_appointments.get(index)
        document |= {"appointment": str(appointment.on)} if appointment else {}
        document |= {"text": check.item.text, "plain": check.item.plain, "citations": self.citations(check.item.cites)}
        return cast(answers.CheckStateAnswer, document)

    def node(self, node: Node) -> answers.NodeAnswer:
        document: dict[str, Any] = {"event": node.event} if node.event else {}
        document |= {"kind": node.kind, "on": str(node.on)}
        if node.phase:
            document |= {"phase": node.phase, "number": node.number}
        optional: dict[str, Any] = {
            "anchor": _day(node.anchor), "wanted_day": node.wanted_day or None,
            "interval": str(node.interval) if node.interval else None, "times": node.times if node.interval else None,
            "substitute": str(node.substitute) if node.substitute else None,
            "minimum_gap": f"{node.minimum_gap} d" if node.minimum_gap else None, "floor": _day(node.floor),
            "floor_of": ("bridge" if node.bridged else "decision") if node.floor and node.anchor else None,
            "review_cap": f"{node.review_cap_months} mo" if node.review_cap_months else None,
            "window": _window(node.window) if node.window else None,
            "dates": {name: str(to_date(day)) for name, day in node.dates._asdict().items()} if node.dates else None,
            "credit": node.credit, "timing": node.timing, "remarks": list(node.remarks),
        }  # fmt: skip
        document |= {key: value for key, value in optional.items() if value}
        document |= {"arithmetic": node.arithmetic(), "citations": self.citations(node.cites)}
        return cast(answers.NodeAnswer, document)


def _dates(seen: Outlook) -> dict[str, Any]:
    if seen.dates is None:
        return {}
    document: dict[str, Any] = {}
    for name in _DATED:
        if name != "target" or seen.between is None:
            document[name] = str(to_date(getattr(seen.dates, name)))
        if seen.between is not None:
            document[f"{name}_range"] = [str(to_date(getattr(dates, name))) for dates in seen.between]
    return document


def _window(window: Window) -> dict[str, Any]:
    return {
        "through_days": window.through_days, "count_from": window.count_from, "early": str(Span(window.early, "d")),
        "late": str(Span(window.late, "d")), "lapse": str(window.lapse), "lapse_from": window.lapse_from, "basis": window.basis,
    }  # fmt: skip


def _result(entry: ListedResult) -> dict[str, Any]:
    """A recorded result; without a verdict the text says why it has none."""
    document: dict[str, Any] = {
        "event": entry.event,
        "on": entry.month or str(entry.on),
        "marker": entry.marker,
        "value": entry.value,
    }
    document |= {"range": entry.range} if entry.range else {}
    document |= {"verdict": entry.verdict} if entry.verdict else {}
    return document | {"text": entry.text, "plain": entry.plain}


def _symptoms(diary: Diary) -> list[dict[str, Any]]:
    return [
        {
            "name": symptom.name,
            "readings": [
                {"on": str(reading.on), "score": reading.score}
                | ({"days_since_last_dose": reading.days_since} if reading.days_since is not None else {})
                for reading in symptom.readings
            ],
            "cycles": symptom.cycles,
            "wearing_off": symptom.wearing_off,
            "text": symptom.text,
            "plain": symptom.plain,
        }
        for symptom in diary.symptoms
    ]


def _day(day: date | None) -> str | None:
    return str(day) if day else None
