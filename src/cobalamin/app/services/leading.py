"""What leads an answer: each open alarm as a mark, what to do, why, and how a person's look at it is recorded (hazard H79)."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from cobalamin.app.services import shipped
from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.quoting import QUOTE
from cobalamin.knowledge.words import ENGLISH, Words
from cobalamin.records import replace
from cobalamin.text.messages import Text, in_words, joined
from cobalamin.therapy.case.issues import ALARMS, CALL_TODAY, LEADING_NOTES, Issue, alarms_among


class Leading(Struct, frozen=True):
    """One alarm in words. `mark` names it in capitals, `action` says what to do and stands first."""

    code: str
    mark: str
    action: str
    text: str
    cites: Citations
    answer: str  # the command that records that a clinician has looked; empty where only the plan can change
    issue: Issue
    line: str  # "WARNING SIGN: Call the emergency number now."
    in_english: str = (
        ""  # to a professional who reads another language: what the library says, whose sentences are English
    )


def leading(issues: Iterable[Issue], plain: bool, words: Words) -> tuple[Leading, ...]:
    """What is open and may not wait, the worst first; empty where nothing is."""
    return tuple(_leading(issue, plain, words) for issue in alarms_among(issues))


def leading_sentence(issues: Iterable[Issue], plain: bool, words: Words) -> str:
    """The worst of them in one line; empty where there is none."""
    found = leading(issues, plain, words)
    return found[0].line if found else ""


def _leading(issue: Issue, plain: bool, words: Words) -> Leading:
    mark = words.find("alarms", f"mark__{issue.code}", words.text("alarms.mark__other"))
    action, text = (plain_action(issue, words), issue.plain) if plain else (in_words(issue.action, words), issue.text)
    if issue.ask:  # a fact that is not known, which may be urgent
        mark, asked = words.text("alarms.mark__asked"), words.text("contradicted.ask")
        action = action if plain else words.find("contradicted", f"do__{issue.ask[0]}", asked)
    answer = issue.answer if issue.code in (*ALARMS, *LEADING_NOTES, *CALL_TODAY) else ""
    line = words.text("alarms.line", mark=mark, action=action)
    found = Leading(issue.code, mark, action, in_words(text, words), issue.cites, answer, issue, line)
    return found if words.is_english else _in_their_language(found, plain, words)


def _in_their_language(found: Leading, plain: bool, words: Words) -> Leading:
    """What to do and why in the reader's language alone; words of the library without a translation stand apart (hazard H127).

    A professional is told what professionals are told wherever it is translated: the words for patients are less urgent.
    """
    issue = found.issue
    action = plain_action(issue, words) if QUOTE in found.action else found.action
    text = found.text if found.text and QUOTE not in found.text else _why(issue, words)
    whole = (action, text) == (found.action, found.text)
    english_words = "" if plain or whole else words.quoted(_in_english(joined(issue.action, issue.text)))
    line = words.text("alarms.line", mark=found.mark, action=action)
    return replace(found, action=action, text=text, in_english=english_words, line=line)


def _why(issue: Issue, words: Words) -> str:
    own = " ".join(dict.fromkeys(words.text(f"alarms.why__{act}") for act in issue.acts))
    return own or words.find("alarms", f"why__{issue.code}", words.text("alarms.why__other"))


def _in_english(text: Text) -> str:
    return in_words(text, shipped.library().words(ENGLISH))


def plain_action(issue: Issue, words: Words) -> str:
    """What a patient does about an alarm."""
    if issue.acts and not words.is_english:
        return " ".join(dict.fromkeys(words.text(f"alarms.act__{act}") for act in issue.acts))
    own = in_words(issue.plain_action, words)
    return (own if QUOTE not in own else "") or words.find(
        "alarms", f"do__{issue.code}", words.text("alarms.do__other")
    )
