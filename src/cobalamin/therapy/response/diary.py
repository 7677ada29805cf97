"""Symptoms by calendar and by days since the last dose, and the warning signs among them.

Neither the contract nor the ledger says which way a score points. This program's assumption: every score, of `mood` and
`stamina` too, is of a complaint, so that a higher one is worse.

Whether symptoms come back before the next dose is looked for cycle by cycle, from one dose to the next. A cycle speaks
for it when the mean score of its last third is higher than that of its own first third and than that of the first third
of the next cycle: a slow drift up or down fails one of the two, and a tie speaks against it. Under chance alone a cycle
speaks for it in at most half of all cases, so an exact one-sided sign test is on the safe side; 5 % is divided by the
number of symptoms tested (Bonferroni). A finding is worth discussing and nothing more (hazard H37).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from math import comb

from msgspec import Struct

from cobalamin.knowledge.criteria import read_citations
from cobalamin.knowledge.document import Tree
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Citation, Citations
from cobalamin.knowledge.reading import Reading as DocumentReading
from cobalamin.knowledge.vocabulary import COURSE_ROUTES, GOES_ON, WAITS
from cobalamin.records import replace
from cobalamin.text.messages import Text, day_or_month, joined, message
from cobalamin.therapy.case.answered import is_answered, review_command
from cobalamin.therapy.case.case import Event
from cobalamin.therapy.case.event_words import SYMPTOMS
from cobalamin.therapy.case.events import Reaction, Symptoms
from cobalamin.therapy.case.issues import ACKNOWLEDGE, RED_FLAG, Gate, Issue
from cobalamin.therapy.response.spells import GivenDose

CANNOT_TELL, NO_PATTERN, PATTERN_SEEN = "cannot_tell", "no_pattern", "pattern_seen"
FEWEST_CYCLES = 3
LEVEL = Fraction(1, 20)
_REPORTING = "A4.8"  # the row of the ledger on reporting symptoms


class Reading(Struct, frozen=True):
    """One score. `days_since` the last dose: 0 on its day; None before any dose, or where only the month is known."""

    on: date
    score: int
    days_since: int | None


class Cycle(Struct, frozen=True):
    """From one dose to the next: mean scores of its first and last third and of the first third that follows."""

    began: date
    ended: date
    scores: int
    first: Fraction | None
    last: Fraction | None
    following: Fraction | None

    @property
    def usable(self) -> bool:
        return None not in (self.first, self.last, self.following)

    @property
    def higher_late(self) -> bool:
        if self.first is None or self.last is None or self.following is None:
            return False
        return self.last > self.first and self.last > self.following


class Symptom(Struct, frozen=True):
    """One symptom, fixed or in the patient's own words. `cycles` is the number of complete cycles compared."""

    name: str
    own: bool
    readings: tuple[Reading, ...]
    summaries: tuple[Cycle, ...]
    cycles: int
    wearing_off: str
    text: Text
    plain: Text
    cites: Citations = ()


class Diary(Struct, frozen=True):
    symptoms: tuple[Symptom, ...]


def read_diary(library: Library, record: tuple[Event, ...], doses: tuple[GivenDose, ...], on: date) -> Diary:
    """The diary as of `on`. Doses by mouth are no cycles: nobody records them one by one."""
    days = sorted({dose.on for dose in doses if dose.on <= on and dose.route not in COURSE_ROUTES})
    found = {
        key: tuple(_reading(event, score, days) for event, score in scores)
        for key, scores in _scores(record, on).items()
    }
    cycles = {key: tuple(_cycles(readings, days)) for key, readings in found.items()}
    tested = sum(_compared(summaries) >= FEWEST_CYCLES for summaries in cycles.values())
    reporting = _reporting(library)
    return Diary(tuple(_symptom(key, found[key], cycles[key], tested, reporting) for key in found))


def _scores(record: tuple[Event, ...], on: date) -> dict[tuple[bool, str], list[tuple[Event, int]]]:
    """(own, name) to scores: the fixed symptoms in their order, then the patient's own by name."""
    found: dict[tuple[bool, str], list[tuple[Event, int]]] = {(False, name): [] for name in SYMPTOMS}
    own: dict[tuple[bool, str], list[tuple[Event, int]]] = {}
    events = (event for event in record if isinstance(event, Symptoms) and event.on is not None and event.on <= on)
    for event in sorted(events, key=lambda event: event.on or date.min):
        for name in SYMPTOMS:
            if (score := event.score(name)) is not None:
                found[False, name].append((event, score))
        for name, score in sorted(event.own.items()):
            own.setdefault((True, name), []).append((event, score))
    return {key: scores for key, scores in {**found, **dict(sorted(own.items()))}.items() if scores}


def _reading(event: Event, score: int, doses: list[date]) -> Reading:
    day = event.on or date.min
    before = 0 if event.month else bisect_right(doses, day)
    return Reading(day, score, (day - doses[before - 1]).days if before else None)


def _cycles(readings: tuple[Reading, ...], doses: list[date]) -> Iterable[Cycle]:
    """Complete cycles. While the next one runs, its first third is as long as that of the cycle judged.

    Scores of the day of a dose are left out of the means: it is not known whether they were before or after it.
    """
    scores: dict[date, list[tuple[int, int]]] = {dose: [] for dose in doses}
    for entry in readings:
        if entry.days_since is not None:
            scores[entry.on - timedelta(days=entry.days_since)].append((entry.days_since, entry.score))
    for began, ended, after in zip(doses, doses[1:], [*doses[2:], None], strict=False):
        length = (ended - began).days
        next_length = (after - ended).days if after else length
        yield Cycle(
            began,
            ended,
            scores=len(scores[began]),
            first=_mean(score for day, score in scores[began] if day and 3 * day <= length),
            last=_mean(score for day, score in scores[began] if day and 3 * day >= 2 * length),
            following=_mean(score for day, score in scores[ended] if day and 3 * day <= next_length),
        )


def _mean(scores: Iterable[int]) -> Fraction | None:
    found = list(scores)
    return Fraction(sum(found), len(found)) if found else None


def _compared(cycles: tuple[Cycle, ...]) -> int:
    return sum(cycle.usable for cycle in cycles)


# -- the test --------------------------------------------------------------------------------------------------------


def chance(cycles: int, higher: int) -> Fraction:
    """The probability of at least `higher` of `cycles` when each is as likely to be higher as not."""
    return Fraction(sum(comb(cycles, count) for count in range(higher, cycles + 1)), 2**cycles)


def share_between(cycles: int, higher: int) -> tuple[int, int]:
    """The exact two-sided 95 % interval of the share of such cycles, in whole per cent, rounded outwards."""
    return _share_over(cycles, higher), 100 - _share_over(cycles, cycles - higher)


def _share_over(cycles: int, count: int) -> int:
    """The largest share in per cent under which `count` or more of `cycles` are no likelier than 2.5 %."""
    everything: int = 100**cycles
    for percent in range(1, 101):
        ways: int = sum(
            comb(cycles, number) * percent**number * (100 - percent) ** (cycles - number)
            for number in range(count, cycles + 1)
        )
        if 40 * ways > everything:
            return percent - 1
    return 100


def _symptom(
    key: tuple[bool, str],
    readings: tuple[Reading, ...],
    cycles: tuple[Cycle, ...],
    tested: int,
    reporting: Citations,
) -> Symptom:
    own, name = key
    compared = [cycle for cycle in cycles if cycle.usable]
    higher = sum(cycle.higher_late for cycle in compared)
    verdict, text, plain = _judged(len(cycles), len(compared), higher, tested)
    cites = reporting if verdict == PATTERN_SEEN else ()
    return Symptom(name, own, readings, cycles, len(compared), verdict, text, plain, cites)


def _judged(complete: int, compared: int, higher: int, tested: int) -> tuple[str, Text, Text]:
    """(verdict, text, plain). Where even a full house could be chance, nothing can be told."""
    key = "diary.counted_one" if complete == 1 else "diary.counted_many"
    counted = message(key, complete=complete, compared=compared)
    if compared < FEWEST_CYCLES:
        return CANNOT_TELL, *_told("too_few", counted=counted, needed=FEWEST_CYCLES)
    level, probability = LEVEL / tested, chance(compared, higher)
    method = _method(compared, higher, probability, level, tested)
    if chance(compared, compared) > level:
        needed = next(count for count in range(compared, 1000) if chance(count, count) <= level)
        return CANNOT_TELL, *_told("chance", counted=counted, needed=needed, method=method)
    verdict = PATTERN_SEEN if probability <= level else NO_PATTERN
    return verdict, *_told(verdict, method=method, higher=higher, compared=compared)


def _told(name: str, **fields: object) -> tuple[Text, Text]:
    """A text, and the same for patients."""
    return message(f"diary.{name}", **fields), message(f"diary.{name}__plain", **fields)


def _method(compared: int, higher: int, probability: Fraction, level: Fraction, tested: int) -> Text:
    low, high = share_between(compared, higher)
    return message(
        "diary.method",
        compared=compared,
        higher=higher,
        low=low,
        high=high,
        probability=_decimal(probability),
        level=_decimal(level),
        tested=tested,
    )


def _decimal(number: Fraction) -> Text:
    return f"{float(number):.4f}".rstrip("0") if number >= Fraction(1, 10_000) else message("diary.tiny")


def _reporting(library: Library) -> Citations:
    """Who asks that symptoms that persist or worsen are reported."""
    for file in sorted(file for file in library.documents if file.startswith("statements/")):
        for statement in library.records(file, "statements"):
            if statement.get("ledger") == _REPORTING:
                return _cited(library, file, statement)
    return ()


def _cited(library: Library, file: str, record: dict[str, Tree]) -> Citations:
    reading = DocumentReading(library.documents[file])
    cites = read_citations(reading, library.context, record["cites"], str(record["id"]))
    reading.finish()
    return cites


# -- warning signs ---------------------------------------------------------------------------------------------------


def red_flag_issues(library: Library, record: tuple[Event, ...], on: date, substance: str = "") -> list[Issue]:
    """All warning signs that stand, in one issue, so that none is crowded out: until a clinician has looked (hazard H29).

    Only a `reviewed` that names it ends one (contract, section 1): no other decision does, and no later entry without the sign.
    The next dose, of `substance`, waits where one of the signs asks for it.
    """
    file = "red_flags.yaml"
    texts, plains, actions, plain_actions, acts = [], [], [], [], []
    cites: list[Citation] = []
    waits = emergency = False
    for flag in library.records(file, "red_flags"):
        latest = _latest_with(record, flag["id"], on)
        if latest is None:
            continue
        name = str(flag["id"]).replace("_", " ")
        when = day_or_month(latest.on or on, latest.month)
        sign = f"{name[:1].upper()}{name[1:]}"
        texts.append(message("diary.warning_sign", sign=sign, date=when, text=flag["text"]))
        plains.append(message("diary.warning_sign__plain", sign=sign, date=when, text=flag["plain"]))
        actions.append(str(flag["action"]))
        plain_actions.append(str(flag["plain_action"]))
        acts.append(str(flag["id"]))
        waits |= _waits(flag, substance)
        emergency |= bool(flag.get("emergency"))
        cites += _cited(library, file, flag)
    if not texts:
        return []
    issue = Gate(library, "").issue(RED_FLAG, ACKNOWLEDGE, joined(*texts), cites=tuple(dict.fromkeys(cites)))
    return [
        replace(
            issue,
            plain=joined(*plains, issue.plain),
            action=" ".join(dict.fromkeys(actions)),
            plain_action=" ".join(dict.fromkeys(plain_actions)),
            answer=review_command(RED_FLAG),
            acts=tuple(acts),
            next_dose=WAITS if waits else GOES_ON,
            emergency=emergency,
        )
    ]


def _waits(flag: dict[str, Tree], substance: str) -> bool:
    """Whether the next dose waits for this sign; where the substance is not known, as if it were the one that is named."""
    named = flag.get("substances", ())
    return flag["next_dose"] == WAITS and (not named or not substance or substance in named)


def open_signs(library: Library, record: tuple[Event, ...], on: date) -> tuple[Text, ...]:
    """The warning signs that stand, each with its day."""
    found = []
    for flag in library.records("red_flags.yaml", "red_flags"):
        latest = _latest_with(record, flag["id"], on)
        if latest is not None:
            when = day_or_month(latest.on or on, latest.month)
            found.append(message("diary.open_sign", sign=str(flag["id"]).replace("_", " "), date=when))
    return tuple(found)


def _flags(event: Event) -> tuple[str, ...]:
    """The warning signs of symptoms, and those that were told as signs of a reaction."""
    return event.signs if isinstance(event, Reaction) else event.red_flags if isinstance(event, Symptoms) else ()


def _latest_with(record: tuple[Event, ...], flag: str, on: date) -> Event | None:
    """The latest entry of a warning sign that nobody has settled."""
    found = [event for event in record if event.kind in ("symptoms", "reaction") and event.on and event.on <= on]
    standing = [event for event in found if flag in _flags(event) and not is_answered(record, RED_FLAG, event)]
    return max(standing, key=lambda event: event.on or on, default=None)
