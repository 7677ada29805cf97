"""What there is to do for a person of the day's list, in one line: for the terminal and the first page alike."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from cobalamin.app.services.day_list import Group, Person
from cobalamin.app.services.leading import leading
from cobalamin.app.services.reviewing import country_of
from cobalamin.knowledge.words import Words
from cobalamin.text.days import date_words, days_words
from cobalamin.text.messages import Text, in_words
from cobalamin.therapy.regimen.ladder import to_date
from cobalamin.therapy.review.due import due_sentence
from cobalamin.therapy.review.questions import waiting_for
from cobalamin.therapy.review.review import Review


class Speaker(Protocol):
    """Who says it: the words of a reader, in the spelling of the person's country."""

    words: Words

    @property
    def plain(self) -> bool: ...

    def say(self, key: str, **fields: object) -> str: ...

    def spelled(self, text: Text) -> str: ...


def told_of(speaker: Speaker, person: Person, on: date) -> str:
    """What there is to do for a person; beside an alarm nothing is said of a dose (hazard H36)."""
    seen = person.seen
    if person.alarms:
        return speaker.spelled(leading(person.alarms, speaker.plain, speaker.words)[0].line)
    if seen is None:
        return ""
    match person.place.group:
        case Group.OVERDUE:
            return _late(speaker, seen)
        case Group.WAITING:
            asked = waiting_for(seen)
            alone = due_sentence(seen.outlook, country_of(seen), speaker.plain)
            return speaker.spelled(asked[0].text if asked else alone)
        case _:
            return _not_late(speaker, seen, on)


def _late(speaker: Speaker, seen: Review) -> str:
    outlook = seen.outlook
    if outlook.target is None:
        return speaker.say("today.run_out")
    target = date_words(outlook.target, speaker.words)
    if outlook.status == "perhaps_overdue" and outlook.early_target:
        return speaker.say("today.late_perhaps", first=date_words(outlook.early_target, speaker.words), target=target)
    late = days_words((outlook.on - outlook.target).days, speaker.words)
    key = "today.late_long" if outlook.status == "review_needed" else "today.late"
    return speaker.say(key, target=target, late=late)


def _not_late(speaker: Speaker, seen: Review, on: date) -> str:
    target, dates = seen.outlook.target, seen.outlook.dates
    if target is None or dates is None:
        return in_words(due_sentence(seen.outlook, country_of(seen), speaker.plain), speaker.words)
    told = date_words(target, speaker.words)
    if seen.outlook.status == "due":
        return speaker.say("today.now_today") if target == on else speaker.say("today.now", target=told)
    if seen.outlook.status == "bookable":
        return speaker.say("today.now_from", target=told)
    days = days_words((target - on).days, speaker.words)
    first = to_date(dates.bookable_from)
    if on < first < target:
        return speaker.say("today.soon_open", target=told, days=days, first=date_words(first, speaker.words))
    return speaker.say("today.soon", target=told, days=days)
