"""The questions for a new plan: one on a page, at most eight in all, "don't know" always allowed; the file keeps each answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from cobalamin.app.services import shipped
from cobalamin.app.web.frame.faults import with_faults
from cobalamin.app.web.frame.folder import NoSuchCase
from cobalamin.app.web.frame.forms import Form, Sent
from cobalamin.app.web.frame.preferences import Voice, look_of
from cobalamin.app.web.frame.saving import learn, looked_at_again
from cobalamin.app.web.frame.site import Opened, back_to, onward, opened, page, site_of, today
from cobalamin.app.web.pages.known import UNKNOWN, answer_words, boxes_of, open_boxes
from cobalamin.app.web.pages.treatment import has_plan
from cobalamin.casefile.reader import read_case
from cobalamin.casefile.yaml_text import quoted
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.model import FactDefinition
from cobalamin.records import replace
from cobalamin.text.messages import in_words
from cobalamin.therapy.case.case import SEVERAL, Case, Fact
from cobalamin.therapy.case.events import FactLearned
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.proposal.needs import MissingFact, missing_fact
from cobalamin.therapy.proposal.proposal import propose

routes = APIRouter(include_in_schema=False)
MOST = 8  # the person, six facts, the boxes
BOXES, NONE, NOT_SURE = "boxes", "none_of_these", "not_sure"


@dataclass(frozen=True)
class Question:
    """The next question: a fact, or all contraindications as boxes."""

    fact: str
    number: int
    missing: MissingFact | None = None


def next_question(case: Case, on: date) -> Question | None:
    """What would change most comes first; contraindications last; None when enough was asked."""
    facts = shipped.library().facts
    needs = [need for need in propose(shipped.library(), case, on).needs if need.fact in facts]
    answered = sum(1 for fact in case.facts if fact.name in facts and not facts[fact.name].box)
    own = [need for need in needs if not facts[need.fact].box]
    if own and answered < MOST - 2:
        return Question(own[0].fact, answered + 2, own[0])
    if open_boxes(case):
        return Question(BOXES, min(answered + 2, MOST))
    return None


@routes.get("/case/{name}/question")
def question(request: Request, name: str, fact: str = "") -> Response:
    """The next question, or the one that is asked for."""
    this, on = opened(request, name), today(request)
    asked = _named(this.case, fact, on) if fact else next_question(this.case, on)
    return _ask(request, this, asked) if asked else onward(f"{this.address}/options")


def _named(case: Case, fact: str, on: date) -> Question:
    if fact == BOXES:
        return Question(BOXES, 0)
    if fact not in shipped.library().facts:
        raise NoSuchCase(fact)
    needs = (need for need in propose(shipped.library(), case, on).needs if need.fact == fact)
    return Question(fact, 0, next(needs, None) or missing_fact(shipped.library(), fact, ()))


def _ask(
    request: Request, this: Opened, asked: Question, form: Form | None = None, faults: tuple[Fault, ...] = ()
) -> Response:
    voice = Voice(look_of(request).plain, this.country)
    values: dict[str, Any] = {
        "number": asked.number,
        "most": MOST,
        "fact": asked.fact,
        "form": form,
        "faults": list(faults),
        "running": has_plan(this.case, today(request)),
    }
    if asked.missing is None:
        if not open_boxes(this.case):
            return onward(f"{this.address}/options")
        return page(request, "boxes", this, boxes=boxes_of(open_boxes(this.case), voice), **values)
    definition = shipped.library().facts[asked.fact]
    words = shipped.library().own_words
    told = in_words(asked.missing.plain if voice.plain else asked.missing.question, words)
    answers = [(value, answer_words(definition, value, voice)) for value in definition.values if value != UNKNOWN]
    return page(
        request,
        "question",
        this,
        question=told,
        why=in_words(asked.missing.why, words),
        answers=answers,
        kind=definition.kind,
        **values,
    )


@routes.post("/case/{name}/question")
def answer(request: Request, name: str, form: Sent) -> Response:
    """Keep an answer in the file; then the next question."""
    return looked_at_again(lambda: _keep(request, name, form))


def _keep(request: Request, name: str, form: Form) -> Response:
    this, on = opened(request, name), today(request)
    fact = form.text("fact")
    asked = _named(this.case, fact, on)
    onto = onward(f"{this.address}/question", on=request.query_params.get("on", ""))
    if asked.number == 0 and form.text("alone"):
        onto = onward(
            this.address if has_plan(this.case, on) else f"{this.address}/options",
            on=request.query_params.get("on", ""),
        )
    if back := back_to(this, form.text("back")):
        onto = onward(back, done="answered", on=request.query_params.get("on", ""))
    try:
        facts = ticked_boxes(open_boxes(this.case), form.all("box")) if fact == BOXES else (_answered(fact, form),)
    except InputError as error:
        shown = Question(fact, _number(form.text("number")), asked.missing)
        at = "box" if fact == BOXES else "answer"
        return with_faults(_ask(request, this, shown, form, tuple(replace(each, path=at) for each in error.faults)))
    if not all(is_held(this.case, each, on) for each in facts):  # sent twice, it is there already
        learn(site_of(request), this, facts, on, form.text("mark"))
    return onto


def _number(text: str) -> int:
    """The number of a question as its form has it; 0, which is not shown, for what no form of ours holds."""
    return int(text) if text in {str(number) for number in range(MOST + 1)} else 0


def is_held(case: Case, fact: Fact, on: date) -> bool:
    """Whether the file says just this of the fact, a later statement before an earlier one."""
    later = {event.fact for event in case.record if isinstance(event, FactLearned)}
    is_recorded = fact.name in later | {each.name for each in case.facts}
    return is_recorded and facts_of(case, on).values.get(fact.name, UNKNOWN) == fact.value


def _answered(fact: str, form: Form) -> Fact:
    """One answer. Raises InputError for none, for an amount that can't be read, and for answers that exclude each other."""
    kind, value = shipped.library().facts[fact].kind, form.text("answer")
    if kind == "words":
        value = SEVERAL.join(form.all("answer"))
    elif kind != "word" and value != UNKNOWN:
        value = form.text("amount")
    if not value:
        raise InputError.one("", "answer", "choose an answer, or that you don't know")
    return read_fact(fact, value)


def read_fact(fact: str, value: str) -> Fact:
    """A fact as a case file would have it. Raises InputError."""
    text = f"cobalamin: 1\npatient: {{id: x}}\nfacts: {{{fact}: {quoted(value)}}}"
    (told,) = read_case(text, "answer", shipped.library()).facts
    return Fact(fact, told.value)


def ticked_boxes(boxes: list[FactDefinition], ticked: list[str]) -> tuple[Fact, ...]:
    """An answer for each of these boxes. Nothing ticked is no answer: silence must not clear an allergy (hazard H07)."""
    chosen: dict[str, list[str]] = {}
    for name, equals, value in (each.partition("=") for each in ticked):
        if equals:
            chosen.setdefault(name, []).append(value)
    if not ticked:
        raise InputError.one("", "box", "tick what applies, or none of these, or that you are not sure")
    if len({NONE, NOT_SURE} & set(ticked)) + bool(chosen) > 1:
        raise InputError.one(
            "", "box", "these answers contradict each other; keep the boxes that apply, or one of the last two"
        )
    several = {name for name, each in shipped.library().facts.items() if each.kind == "words"}
    if any(len(values) > 1 and name not in several for name, values in chosen.items()):
        raise InputError.one("", "box", "two boxes of the same question are ticked; keep the one that fits best")
    missing = UNKNOWN if NOT_SURE in ticked else ""
    return tuple(Fact(each.id, _in_order(each, chosen.get(each.id, [missing or each.absent]))) for each in boxes)


def _in_order(definition: FactDefinition, values: list[str]) -> str:
    """As the definition has them; what it does not have stays, to be refused."""
    known = [value for value in definition.values if value in values]
    return SEVERAL.join([*known, *(value for value in values if value not in known)])
