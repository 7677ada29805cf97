"""A review as the JSON document of the contract: fixed key order, no timestamps."""

from __future__ import annotations

from typing import TypedDict

from cobalamin import __version__
from cobalamin.app.documents.plan import Renderer, day_answer, mass_answer
from cobalamin.app.documents.types import review as answers
from cobalamin.app.documents.types.base import UNSET, given, known
from cobalamin.app.services.assessing import follow_up_of
from cobalamin.app.services.questions import options_of
from cobalamin.spans import Span
from cobalamin.therapy import fold
from cobalamin.therapy.assessment.follow_up import Answered
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.response.diary import Symptom
from cobalamin.therapy.response.listing import ListedResult
from cobalamin.therapy.response.response import MarkerVerdict
from cobalamin.therapy.review.checks import CheckState
from cobalamin.therapy.review.course import Window
from cobalamin.therapy.review.evaluations import Evaluation
from cobalamin.therapy.review.outlook import Outlook
from cobalamin.therapy.review.questions import Question
from cobalamin.therapy.review.review import Review
from cobalamin.therapy.review.trace import Node


class ReviewRenderer(Renderer):
    """Renders reviews; like its base it keeps which sources were shown."""

    def review(self, review: Review) -> answers.ReviewAnswer:
        return answers.ReviewAnswer(
            on=str(review.on),
            valid_until=str(review.valid_until) if review.valid_until else None,
            versions=self._versions(review),
            phase=review.outlook.phase.phase.name if review.outlook.phase else None,
            evaluations=[self.evaluation(entry) for entry in review.evaluations],
            forecast=self.forecast(review),
            upcoming=[self.item(item) for item in review.upcoming],
            checks=[self._check(review, index) for index in range(len(review.checks))],
            response=[self._verdict(verdict) for verdict in review.response],
            results=[self._result(entry) for entry in review.results],
            symptoms=[self._symptom(symptom) for symptom in review.diary.symptoms],
            questions=[self._question(each) for each in review.questions],
            follow_up=[self._follow_up(each) for each in follow_up_of(review)],
            issues=[self.issue(issue) for issue in review.issues],
            trace=[self.node(node) for node in (*review.trace, *review.open_nodes)],
            sources=self.sources(),
        )

    def _verdict(self, verdict: MarkerVerdict) -> answers.VerdictAnswer:
        return answers.VerdictAnswer(
            marker=verdict.marker,
            verdict=verdict.verdict,
            on=str(verdict.on),
            value=given(verdict.value),
            text=self.text(verdict.text),
            plain=self.text(verdict.plain),
            citations=self.citations(verdict.cites),
        )

    def _follow_up(self, each: Answered) -> answers.FollowUpAnswer:
        return answers.FollowUpAnswer(
            answers=list(each.rule.answers),
            answered=each.answered,
            text=each.rule.text,
            plain=each.rule.plain,
            citations=self.citations(each.rule.cites),
        )

    def _versions(self, review: Review) -> answers.VersionsAnswer:
        plan = review.plan and review.plan.accepted
        return answers.VersionsAnswer(
            engine=__version__,
            library=self.library.edition,
            protocol=f"{plan.protocol} version {plan.version}" if plan else UNSET,
            policy=review.policy.name,
        )

    def evaluation(self, entry: Evaluation) -> answers.EvaluationAnswer:
        return answers.EvaluationAnswer(
            event=entry.event.id,
            on=entry.on,
            credit=entry.credit,
            timing=entry.timing,
            flags=list(entry.flags),
            reasons=[self.reason(reason) for reason in entry.reasons],
            phase=given(entry.phase),
            number=given(entry.number),
            substance=given(entry.substance),
            dose=mass_answer(entry.dose) if entry.dose else UNSET,
            route=given(entry.route),
            source=entry.event.source,
        )

    def forecast(self, review: Review) -> answers.ForecastAnswer:
        seen = review.outlook
        phase = None if seen.status in ("complete", "data_required") else seen.phase
        next_dose = seen.phase if seen.dates or seen.status == "ongoing" else None
        window = review.open_node.window if next_dose else None
        return answers.ForecastAnswer(
            status=seen.status,
            timeliness=given(seen.timeliness),
            phase=phase.phase.name if phase else UNSET,
            number=given(seen.number) if phase else UNSET,
            **_dates(seen),
            begins=day_answer(seen.begins),
            until=day_answer(seen.until),
            appointment=str(review.appointment.on) if review.appointment else UNSET,
            dose=mass_answer(next_dose.dose) if next_dose and next_dose.dose else UNSET,
            route=given(next_dose.route) if next_dose else UNSET,
            substance=given(next_dose.substance) if next_dose else UNSET,
            determinacy=("provisional" if seen.provisional else "firm") if next_dose else UNSET,
            provisional_because=given(list(seen.provisional)) if next_dose else UNSET,
            basis=review.target_basis if next_dose else UNSET,
            window_basis=window.basis if window else UNSET,
            policy=review.policy.name if window else UNSET,
        )

    def _check(self, review: Review, index: int) -> answers.CheckStateAnswer:
        check: CheckState = review.checks[index]
        appointment = review.check_appointments.get(index)
        return answers.CheckStateAnswer(
            marker=check.item.marker or "review",
            due=str(check.due),
            through=str(check.through),
            state=check.state,
            done_on=day_answer(check.done_on),
            symptoms_on=given(list(dict.fromkeys(event.month or str(event.on) for event in check.beside))),
            determinacy=check.item.determinacy,
            appointment=str(appointment.on) if appointment else UNSET,
            text=self.text(check.item.text),
            plain=self.text(check.item.plain),
            citations=self.citations(check.item.cites),
        )

    def node(self, node: Node) -> answers.NodeAnswer:
        interval = node.interval or None
        return answers.NodeAnswer(
            event=given(node.event),
            kind=node.kind,
            on=str(node.on),
            phase=given(node.phase),
            number=node.number if node.phase else UNSET,
            anchor=day_answer(node.anchor),
            wanted_day=given(node.wanted_day),
            interval=str(interval) if interval else UNSET,
            times=given(node.times) if interval else UNSET,
            substitute=str(node.substitute) if node.substitute else UNSET,
            minimum_gap=f"{node.minimum_gap} d" if node.minimum_gap else UNSET,
            floor=day_answer(node.floor),
            floor_of=("bridge" if node.bridged else "decision") if node.floor and node.anchor else UNSET,
            review_cap=f"{node.review_cap_months} mo" if node.review_cap_months else UNSET,
            window=_window(node.window) if node.window else UNSET,
            dates=_days(node.dates) if node.dates else UNSET,
            credit=given(node.credit),
            timing=given(node.timing),
            remarks=given(list(node.remarks)),
            arithmetic=self.text(node.arithmetic()),
            citations=self.citations(node.cites),
        )

    def _result(self, entry: ListedResult) -> answers.ResultAnswer:
        """A recorded result; without a verdict the text says why it has none."""
        return answers.ResultAnswer(
            event=entry.event,
            on=entry.month or str(entry.on),
            marker=entry.marker,
            value=entry.value,
            range=given(entry.range),
            verdict=given(entry.verdict),
            text=self.text(entry.text),
            plain=self.text(entry.plain),
        )

    def _symptom(self, symptom: Symptom) -> answers.SymptomAnswer:
        return answers.SymptomAnswer(
            name=symptom.name,
            readings=[
                answers.ReadingAnswer(
                    on=str(reading.on), score=reading.score, days_since_last_dose=known(reading.days_since)
                )
                for reading in symptom.readings
            ],
            cycles=symptom.cycles,
            wearing_off=symptom.wearing_off,
            text=self.text(symptom.text),
            plain=self.text(symptom.plain),
        )

    def _question(self, each: Question) -> answers.QuestionAnswer:
        return answers.QuestionAnswer(
            code=each.code,
            text=self.text(each.text),
            options=list(options_of(each, self.library.own_words)),
            default=self.text(each.default),
        )


class _Dates(TypedDict, total=False):
    """The dates of a forecast: each a day, or with a range where a month leaves two readings."""

    bookable_from: str
    bookable_from_range: list[str]
    target: str
    target_range: list[str]
    due_through: str
    due_through_range: list[str]
    overdue_from: str
    overdue_from_range: list[str]
    review_from: str
    review_from_range: list[str]


def _dates(seen: Outlook) -> _Dates:
    if seen.dates is None:
        return {}
    one = _days(seen.dates)
    found = _Dates(
        bookable_from=one.bookable_from, target=one.target, due_through=one.due_through, overdue_from=one.overdue_from,
        review_from=one.review_from,
    )  # fmt: skip
    if seen.between is None:
        return found
    del found["target"]
    both = [_days(dates) for dates in seen.between]
    return found | _Dates(
        bookable_from_range=[each.bookable_from for each in both],
        target_range=[each.target for each in both],
        due_through_range=[each.due_through for each in both],
        overdue_from_range=[each.overdue_from for each in both],
        review_from_range=[each.review_from for each in both],
    )


def _days(dates: fold.Dates) -> answers.DatesAnswer:
    count_from, bookable_from, target, due_through, overdue_from, review_from = (str(to_date(day)) for day in dates)
    return answers.DatesAnswer(
        count_from=count_from,
        bookable_from=bookable_from,
        target=target,
        due_through=due_through,
        overdue_from=overdue_from,
        review_from=review_from,
    )


def _window(window: Window) -> answers.WindowAnswer:
    return answers.WindowAnswer(
        through_days=window.through_days,
        count_from=window.count_from,
        early=str(Span(window.early, "d")),
        late=str(Span(window.late, "d")),
        lapse=str(window.lapse),
        lapse_from=window.lapse_from,
        basis=window.basis,
    )
