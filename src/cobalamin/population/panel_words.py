"""The panel's whole numbers as the contract's words and dates: one row a person, the columns that everybody reads.

Words are dictionaries beside small numbers, so ten million rows cost no more than their numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from cobalamin.population.following import LEFT_SOME_DAY, PANEL
from cobalamin.population.profiles import Ladders
from cobalamin.spans import Span
from cobalamin.therapy import fold
from cobalamin.therapy.fold.status import STATUSES
from cobalamin.therapy.regimen.choices import is_within
from cobalamin.therapy.regimen.ladder import UNITS
from cobalamin.therapy.review.evaluations import FLAG_NAMES

QUESTIONS = ("", "GATE", "OPEN_END", "WHAT_NEXT", "HISTORY_NEEDED", "LAST_DOSE_UNKNOWN", "NO_PLAN", "INTERVAL_OUTSIDE")
_UNIT_OF = {number: unit for unit, number in UNITS.items()}
LEFT, NEUROLOGICAL, LIFELONG, ASIDE = 1, 2, 4, 8
REASON_BITS = {LEFT: "LEFT", NEUROLOGICAL: "NEUROLOGICAL", LIFELONG: "LIFELONG_CAUSE", ASIDE: "ROWS_SET_ASIDE"}
STAGES = ("loading", "later", "")
DATES = (
    "bookable_from", "target", "due_through", "overdue_from", "review_from", "last_dose", "first_dose", "question_since", "stopped_on",
    "left_on", "loading_from", "loading_done",
)  # fmt: skip
NUMBERS = (
    "number", "interval_days", "courses", "credited", "extra", "not_credited", "excluded", "pending", "early", "late", "doses",
    "decisions", "period_doses", "period_on_time", "period_early", "period_late", "period_wrong_amount", "loading_late",
    "alternate_days", "patient_rows", "rows_set_aside",
)  # fmt: skip
WORDS = (
    "practice", "protocol", "version", "phase", "stage", "status", "timeliness", "question", "cause", "neurological_involvement",
    "flags", "reasons", "own_interval", "published_interval",
)  # fmt: skip
WRITTEN: dict[str, Any] = {"compression": "lz4", "use_dictionary": list(WORDS), "write_statistics": False}
FLAGS = ("lifelong", "counted_loading", "gone", "interval_asked")
COLUMNS = ("patient_id", *WORDS, *FLAGS, *DATES, "until", "days_late", *NUMBERS)


class Wording:
    """Turns batches of numbers into batches of words. `practices`: their names, numbered from 1 on."""

    def __init__(self, ladders: Ladders, practices: tuple[str, ...], on: int) -> None:
        self.on, words = on, ladders.words
        self.practices = pa.array(["", *practices])
        self.protocol = pa.array([each.protocol for each in words])
        self.version = pa.array([str(each.version or "") for each in words])
        self.cause = pa.array([each.cause for each in words])
        self.neurological = pa.array([each.neurological for each in words])
        self.lifelong = np.array([each.lifelong for each in words])
        self.is_neurological = np.array([each.neurological == "present" for each in words])
        self.phases = pa.array([*ladders.phases, ""])
        self.ranges = (*ladders.ranges, None)
        self.stages = np.array([*ladders.stages, 2])
        counted = [rung.end in (fold.BY_DOSES, fold.BY_TOTAL) for rung in ladders.rungs]
        firsts = [counted[profile.first] if profile.first >= 0 else False for profile in ladders.profiles]
        self.counted_loading = np.array(firsts)

    @property
    def schema(self) -> Any:
        """The panel's columns but for the type of patient_id."""
        return [(name, self._type(name)) for name in COLUMNS if name != "patient_id"]

    @staticmethod
    def _type(name: str) -> Any:
        if name in WORDS:
            return pa.dictionary(pa.int32(), pa.string())
        if name in FLAGS:
            return pa.bool_()
        return pa.date32() if name in (*DATES, "until") else pa.int32()

    def words(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch in words; dates that do not exist are null, and so is the end of a hold without one."""
        of = {name: batch.column(name).to_numpy() for name in (*PANEL, "rows_set_aside")}
        rung = np.where(of["rung"] < 0, len(self.phases) - 1, of["rung"])
        target, of["patient_rows"] = of["target"], of["headers"]
        own, published, asked = self._intervals(rung, of["own"])
        question = np.where((of["question"] == 0) & asked, QUESTIONS.index("INTERVAL_OUTSIDE"), of["question"])
        found: dict[str, Any] = {
            "own_interval": own,
            "published_interval": published,
            "interval_asked": pa.array(asked),
            "patient_id": batch.column("patient_id"),
            "practice": _named(of["practice"], self.practices),
            "protocol": _named(of["profile"], self.protocol),
            "version": _named(of["profile"], self.version),
            "phase": _named(rung, self.phases),
            "stage": _named(self.stages[rung], pa.array(STAGES)),
            "status": _named(of["status"], pa.array(STATUSES)),
            "timeliness": _named(of["timeliness"], pa.array(STATUSES)),
            "question": _named(question, pa.array(QUESTIONS)),
            "cause": _named(of["profile"], self.cause),
            "neurological_involvement": _named(of["profile"], self.neurological),
            "flags": _combined(of["flags"], FLAG_NAMES),
            "reasons": _combined(self._reasons(of), REASON_BITS),
            "lifelong": pa.array(self.lifelong[of["profile"]]),
            "counted_loading": pa.array(self.counted_loading[of["profile"]]),
            "gone": pa.array(self._gone(of)),
            "days_late": pa.array(
                np.where((target > fold.NONE) & (target < self.on), self.on - target, 0).astype(np.int32)
            ),
        }
        found |= {name: _dates(of[name]) for name in (*DATES, "until")}
        found |= {name: pa.array(of[name].astype(np.int32)) for name in NUMBERS}
        return pa.RecordBatch.from_arrays([found[name] for name in COLUMNS], names=list(COLUMNS))

    def _intervals(self, rung: Any, own: Any) -> tuple[Any, Any, Any]:
        """(own interval, published interval, whether it is to be asked) of each person; asked is what nobody stands for outside the range."""
        kinds, places = np.unique(np.stack([rung, own], 1), axis=0, return_inverse=True)
        told = [_interval_words(self.ranges[int(row)], int(number)) for row, number in kinds]
        where = places.reshape(-1)
        texts = [_named(where, pa.array([each[at] for each in told], pa.string())) for at in (0, 1)]
        return texts[0], texts[1], np.array([each[2] for each in told], bool)[where]

    def _gone(self, of: dict[str, Any]) -> Any:
        return (of["left_on"] > fold.NONE) & (of["left_on"] <= self.on)

    def _reasons(self, of: dict[str, Any]) -> Any:
        return (
            self._gone(of) * LEFT + self.is_neurological[of["profile"]] * NEUROLOGICAL + self.lifelong[of["profile"]] * LIFELONG
            + (of["rows_set_aside"] > 0) * ASIDE
        )  # fmt: skip


def _interval_words(published: tuple[Span, Span] | None, own: int) -> tuple[str, str, bool]:
    """The own interval as text, the published one beside it, and whether to ask; see `following.PANEL` for the number."""
    if not own:
        return "", "", False
    span = Span(own // 8, _UNIT_OF[own // 2 % 4])
    if published is None:
        return str(span), "", False
    least, most = published
    text = str(least) if least == most else f"{least} to {most}"
    return str(span), text, bool(own % 2) and not _as_published(span, least, most)


def _as_published(span: Span, least: Span, most: Span) -> bool:
    """Whether an interval lies in the range. Lists write two months as 8 weeks, so a month of a range may have four weeks.

    Where the source has one interval and no range, another is the person's own, as a treatment that is taken over has it.
    """
    low, high = span.day_bounds
    by_weeks = least != most and least.unit == "mo" and low >= 28 * least.number and high <= most.day_bounds[1]
    return by_weeks or is_within(span, least, most)


def _named(numbers: Any, names: Any) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), names)


def _combined(bits: Any, names: dict[int, str]) -> Any:
    """The names of the set bits, joined by spaces."""
    kinds, places = np.unique(bits, return_inverse=True)
    texts = [" ".join(name for bit, name in names.items() if int(kind) & bit) for kind in kinds]
    return _named(places, pa.array(texts, pa.string()))


def _dates(days: Any) -> Any:
    return pa.array(days.astype(np.int32), mask=(days <= LEFT_SOME_DAY) | (days >= fold.FOREVER)).cast(pa.date32())
