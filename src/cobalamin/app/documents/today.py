"""`today` as a JSON document."""

from __future__ import annotations

from cobalamin.app.documents.due import led
from cobalamin.app.documents.plan import day_answer
from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.app.documents.types import today as answers
from cobalamin.app.documents.types.base import UNSET, UnsetType, given
from cobalamin.app.documents.types.review import WaitsForAnswer
from cobalamin.app.services.day_list import DayList, Person
from cobalamin.app.services.questions import command_of
from cobalamin.app.services.reviewing import country_of
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review


class TodayRenderer(ReviewRenderer):
    def today(self, found: DayList) -> answers.TodayAnswer:
        return answers.TodayAnswer(
            on=str(found.on),
            people=[self._person(person) for person in found.people],
            alike=[
                answers.AlikeAnswer(patient=each.name, birth_date=day_answer(each.born), files=list(each.files))
                for each in found.alike
            ],
            may_be_missing=len(found.unreadable),
            unreadable=[answers.UnreadableAnswer(file=each.file, fault=each.fault) for each in found.unreadable],
            sources=self.sources(),
        )

    def _person(self, person: Person) -> answers.TodayPersonAnswer:
        seen, patient = person.seen, person.case.patient
        target = seen.outlook.target if seen and seen.plan else None
        return answers.TodayPersonAnswer(
            file=person.file,
            patient=patient.id,
            birth_date=day_answer(patient.birth_date),
            group=person.place.group.name.lower(),
            status=seen.outlook.status if seen and seen.plan else UNSET,
            target=day_answer(target),
            days=(target - seen.on).days if seen and target else UNSET,
            sentence=self._sentence(seen, plain=False),
            plain=self._sentence(seen, plain=True),
            issues=[self.issue(alarm) for alarm in person.alarms],
            waits_for=given(
                [
                    WaitsForAnswer(
                        code=each.code, text=self.text(each.text), command=command_of(each, self.library.own_words)
                    )
                    for each in (waiting_for(seen) if seen and seen.plan else ())
                ]
            ),
        )

    def _sentence(self, seen: Review | None, plain: bool) -> str | UnsetType:
        if seen is None:
            return UNSET
        return led(seen, due_sentence(seen.outlook, country_of(seen), plain), plain)
