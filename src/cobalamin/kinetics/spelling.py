"""How people write a regimen, turned into the few wordings that `scenario` reads. Where two meanings are possible nothing is turned.

`docs/typed-regimens.md` lists all of it; a test reads every row of that page in both wordings. Left alone, and so refused: `bimonthly`
and `biweekly` (twice in or every second), `qd` and `qod` (mistaken for each other), `m` (months or minutes), a range, a volume.
"""

from __future__ import annotations

import re
from itertools import pairwise

from cobalamin.errors import InputError

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBER = rf"(\d{{1,4}}|{'|'.join(_NUMBERS)})"
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_ADVERB = "|".join(_ADVERBS)
_UNITS = {
    "d": "days", "wk": "weeks", "wks": "weeks", "w": "weeks", "mo": "months", "mos": "months", "mth": "months", "mths": "months",
    "y": "years", "yr": "years", "yrs": "years",
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_INJECTED = "im|sc|iv|intramuscular|subcutaneous|intravenous"
_PER = "(?:/ ?|per |a |each |every )"
# In order; what stands earlier is turned first.
_TURNED: tuple[tuple[str, str], ...] = (
    ("\u00d7", "x"),
    (r"\bhydroxycobalamin\b", "hydroxocobalamin"),
    (r"\bmethyl-?b12\b", "mecobalamin"),
    (r"\b(hydroxo|cyano)-?b12\b", r"\1cobalamin"),
    (r"\b(?:vitamin |vit )?b12\b", ""),
    (r"\bintramuscularly\b|\binto a muscle\b", "intramuscular"),
    (r"\bsubcutaneously\b|\bsubcut\b|\bunder the skin\b", "subcutaneous"),
    (r"\bintravenously\b|\binto a vein\b", "intravenous"),
    (r"\bsublingually\b|\bunder the tongue\b", "sublingual"),
    (r"\b(?:intranasal|nasally)\b", "nasal"),
    (r"\b(?:orally|po|swallowed)\b", "oral"),
    (r"\bnasal spray\b", "nasal"),
    (r"\b(oral|sublingual) (?:tablet|capsule)s?\b", r"\1"),
    (r"\b(?:tablet|capsule)s?\b", "oral"),
    (rf"\b({_INJECTED}) injections?\b", r"\1"),
    (r"(?<!\d )\binjections?\b", "intramuscular"),
    (rf"\bonce (?=(?:{_ADVERB})\b)", ""),
    (rf"\b(?:once|1 ?x|1 times?) ?{_PER}(day|week|month|year)\b", r"every \1"),
    (rf"\b(\d) ?(?:x|times) ?{_PER}week\b|\b(\d) times weekly\b", r"\1\2 times a week"),
    (r"\b(\d) (?:doses|injections) ?(?:/ ?|per |a |each )week\b", r"\1 times a week"),
    (rf"\btwice (?:weekly\b|{_PER}week\b)", "2 times a week"),
    (r"\bx ?(\d{1,12}) (?:doses|injections|times)\b", r"x \1"),
    (rf"\b(?:for )?(\d{{1,4}}) (?:doses|injections)\b(?! ?(?:(?:{_ADVERB})|{_PER}(?:day|week|month|year))\b)", r"x \1"),
    (r"(?<!times )(?<!once )(?<!twice )(?:/ ?|\bper |\beach |(?<!for )\ba )(day|week|month|year)\b", r" every \1"),
    (r"\bfor an? (day|week|month|year)\b", r"for 1 \1"),
    (r"\bevery (?:other|second) (week|month|year)\b", r"every 2 \1s"),
    (r"\beod\b", "alternate days"),
    (r"\bquarterly\b", "every 3 months"),
    (r"\bfortnightly\b|\bevery fortnight\b", "every 2 weeks"),
    (r"\bannually\b|\bonce every year\b", "every year"),
    (r"\bq ?(\d{1,3}) ?(d|w|wk|mo)\b", r"every \1 \2"),
    (r"\bthen (?:stop|stopped|no more)\b", "then nothing"),
    (r"\b(?:lifelong|indefinitely|for good)\b", "for life"),
)  # fmt: skip
_TURNS = tuple((re.compile(found), turned) for found, turned in _TURNED)
_WORDED = re.compile(
    rf"\b({'|'.join(_NUMBERS)})(?=[ -](?:days?|weeks?|months?|years?|times|doses|injections|{_ADVERB})\b)"
)
_HYPHENED = re.compile(rf"(?<!x )\b(\d{{1,3}})-({_ADVERB})\b")
_SHORT = re.compile(rf"\b(every|for) (\d{{1,4}}) ?({_UNIT})\b")
_DAYS = re.compile(r"\b(?:on )?days? (\d{1,4}(?:(?:, ?| and |, and | )\d{1,4})+)\b")
_TWICE_A_DAY = re.compile(
    r"\b(?:twice|thrice|\d+ ?x|(?:\d+|two|three|four) (?:times|doses)) ?(?:/ ?|a |per |each )day\b|\b(?:twice|thrice|three times) daily\b"
)
# A number beside a time, of which it is not said whether so many come in that time or so many in all.
_EITHER = re.compile(rf"\bx ?\d+ ?(?:/ ?|per |a |each )(?:day|week|month|year)\b|\b\d+ ?x (?:{_ADVERB})\b")


def plainly(text: str) -> str:
    """The text in the wordings that are read; what is not known stays as it is, and is refused there."""
    found = re.sub(r"\s+", " ", text.strip().lower())
    if _TWICE_A_DAY.search(found):
        raise _refused(text, "a day is simulated as one dose; write what is taken in a day, and daily")
    if either := _EITHER.search(found):
        raise _refused(text, f"'{either.group()}' has two meanings; write '3 times a week', or 'weekly x 3'")
    found = _WORDED.sub(lambda match: str(_NUMBERS.index(match.group(1)) + 1), found)
    for pattern, turned in _TURNS:
        found = pattern.sub(turned, found)
    found = _HYPHENED.sub(lambda match: f"every {match.group(1)} {_ADVERBS[match.group(2)]}s", found)
    found = _SHORT.sub(lambda match: f"{match.group(1)} {match.group(2)} {_UNITS[match.group(3)]}", found)
    found = re.sub(r"\b1 (day|week|month|year)s\b", r"1 \1", found)
    return re.sub(r"\s+", " ", found).strip()


def listed_days(piece: str, place: int, text: str) -> list[str]:
    """A first part with a list of days (`1 mg on days 1, 3 and 7`) as parts of one dose each, as far apart; else the part."""
    match = _DAYS.search(piece)
    if match is None:
        return [piece]
    days = [int(day) for day in re.findall(r"\d+", match.group(1))]
    rest = f"{piece[: match.start()]} {piece[match.end() :]}".strip()
    if place or days[0] not in (0, 1) or any(later <= earlier for earlier, later in pairwise(days)):
        raise _refused(
            text, f"'{match.group()}' must be the first part and begin with day 1, each day after the one before it"
        )
    gaps = [1, *(later - earlier for earlier, later in pairwise(days))]
    first, *others = (f"every {gap} days x 1" for gap in gaps)
    return [f"{rest} {first}", *others]


def _refused(text: str, why: str) -> InputError:
    return InputError.one("--scenario", "", f"'{text}' can't be read: {why}")
