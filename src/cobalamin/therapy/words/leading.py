"""What leads an answer: each open alarm as a mark, what to do, why, and how a person's look at it is recorded (hazard H79)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cobalamin.knowledge.model import Citations
from cobalamin.knowledge.words import Words
from cobalamin.therapy.case.issues import ALARMS, LEADING_NOTES, Issue, alarms_among


@dataclass(frozen=True)
class Leading:
    """One alarm in words. `mark` names it in capitals, `action` says what to do and stands first."""

    code: str
    mark: str
    action: str
    text: str
    cites: Citations
    answer: str  # the command that records that a clinician has looked; empty where only the plan can change
    issue: Issue
    line: str  # "WARNING SIGN: Call the emergency number now."


def leading(issues: Iterable[Issue], plain: bool, words: Words) -> tuple[Leading, ...]:
    """What is open and may not wait, the worst first; empty where nothing is."""
    return tuple(_leading(issue, plain, words) for issue in alarms_among(issues))


def leading_sentence(issues: Iterable[Issue], plain: bool, words: Words) -> str:
    """The worst of them in one line; empty where there is none."""
    found = leading(issues, plain, words)
    return found[0].line if found else ""


def _leading(issue: Issue, plain: bool, words: Words) -> Leading:
    mark = words.find("alarms", f"mark__{issue.code}", words.text("alarms.mark__other"))
    action, text = (plain_action(issue, words), issue.plain) if plain else (issue.action, issue.text)
    if not plain and not words.is_english:  # what to do stands first in the reader's language, then in the library's
        action = f"{plain_action(issue, words)} {action}"
    if issue.ask:  # a fact that is not known, which may be urgent
        mark, asked = words.text("alarms.mark__asked"), words.text("contradicted.ask")
        action = action if plain else words.find("contradicted", f"do__{issue.ask[0]}", asked)
    return Leading(
        issue.code,
        mark,
        action,
        text,
        issue.cites,
        issue.answer if issue.code in (*ALARMS, *LEADING_NOTES) else "",
        issue,
        words.text("alarms.line", mark=mark, action=action),
    )


def plain_action(issue: Issue, words: Words) -> str:
    """What a patient does about an alarm."""
    if issue.acts and not words.is_english:
        return " ".join(dict.fromkeys(words.text(f"alarms.act__{act}") for act in issue.acts))
    return issue.plain_action or words.find("alarms", f"do__{issue.code}", words.text("alarms.do__other"))
