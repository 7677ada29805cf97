"""`propose --ask`: one question at a time, "don't know" always allowed, ending with a case file.

The order is the proposal's own: what would change most comes first. Contraindications are one question with boxes.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TextIO

from msgspec import Struct

from cobalamin.app.cli.filled import used, usual_settings
from cobalamin.app.services import cases, shipped
from cobalamin.app.services.files import edited
from cobalamin.casefile.reader import new_case_text, read_case, with_facts
from cobalamin.casefile.yaml_text import quoted
from cobalamin.errors import CobalaminError, InputError, visible
from cobalamin.knowledge.document import read_text
from cobalamin.knowledge.model import FactDefinition
from cobalamin.records import replace
from cobalamin.spans import SpanRefused, is_typed_date, read_typed_date
from cobalamin.text.days import date_words
from cobalamin.text.messages import in_words
from cobalamin.therapy.case.case import Case, Fact, Patient
from cobalamin.therapy.case.criteria import value_words
from cobalamin.therapy.proposal.proposal import propose


class AskingEnded(CobalaminError):
    """The dialogue could not be brought to its end; what was written is told."""

    exit_code = 2


class _Stopped(Exception):
    """No more answers come: the input ended, was no text, or somebody pressed Ctrl+C."""


_KINGDOM = ("UK", "ENGLAND", "SCOTLAND", "WALES", "NORTHERN IRELAND", "UNITED KINGDOM", "GREAT BRITAIN", "BRITAIN")


class _Dialog(Struct, frozen=True):
    """Questions out, answers in, one line each."""

    out: TextIO

    def say(self, text: str) -> None:
        self.out.write(visible(text))
        self.out.flush()

    def read(self, prompt: str) -> str:
        words = shipped.library().own_words
        self.say(prompt)
        try:
            line = sys.stdin.readline() if sys.stdin is not None else ""
        except UnicodeDecodeError:
            raise _Stopped(words.text("asking.no_text")) from None
        except KeyboardInterrupt:
            raise _Stopped(words.text("asking.interrupted")) from None
        if not line:
            raise _Stopped(words.text("asking.ended"))
        return line.strip()


def ask_for_case(path: Path, on: date, plain: bool, out: TextIO) -> None:
    """Ask what is missing for the case at `path` (made if it is not there), then write it. Raises CobalaminError."""
    known = cases.open_case(path) if path.exists() else None
    if not path.resolve().parent.is_dir():
        raise InputError.one(str(path), "", "can't be written: its folder does not exist; make it first")
    dialog, say = _Dialog(out), shipped.library().own_words.text
    try:
        case = known or Case(_ask_patient(path, on, dialog))
    except _Stopped as stopped:
        raise AskingEnded(f"\n{stopped}; {say('asking.nothing_written')}") from None
    asker = _Asker(case, on, plain, dialog)
    try:
        asker.ask_everything()
    except _Stopped as stopped:
        told = "asking.so_far" if _save(path, known, asker) else "asking.nothing_written"
        raise AskingEnded(f"\n{stopped}; {say(told, path=path)}") from None
    if _save(path, known, asker):
        dialog.say(f"\n{say('asking.written', path=path)}\n{say('asking.next', path=path)}\n")


def _save(path: Path, known: Case | None, asker: _Asker) -> bool:
    """Write what was answered; whether there was anything to write."""
    learned = tuple(asker.learned)
    if known is None:
        cases.write_new(path, new_case_text(shipped.library(), asker.case.patient, learned))
    elif learned:
        _add_facts(path, learned)
    return known is None or bool(learned)


def _ask_patient(path: Path, on: date, dialog: _Dialog) -> Patient:
    words = shipped.library().own_words
    country = _ask_country(dialog)
    while True:
        text = dialog.read(words.text("asking.birth_date"))
        try:
            born = read_typed_date(text, on, country) if text else None
        except SpanRefused as error:
            dialog.say(f"  {error}\n")
            continue
        if born is not None and is_typed_date(text):
            dialog.say(f"  {words.text('asking.day_read', told=text, date=date_words(born, words))}\n")
        if born is None or born <= on:
            return Patient(path.stem, born, "", country, birth_unknown=not text)
        dialog.say(f"  {words.text('asking.born_later', date=date_words(born, words), on=date_words(on, words))}\n")


def _ask_country(dialog: _Dialog) -> str:
    """Two capital letters, or nothing. Whoever types a name of the kingdom or of a part of it means GB."""
    words, usual = shipped.library().own_words, usual_settings().country
    prompt = words.text("asking.country_usual", country=usual) if usual else words.text("asking.country")
    while True:
        answer = dialog.read(prompt)
        code = answer.upper()
        if usual and not code:
            return used("country", usual)
        if code in ("", *_KINGDOM):
            return "GB" if code else ""
        if len(code) == 2 and code.isascii() and code.isalpha():
            return code
        dialog.say(f"  {words.text('asking.no_country', answer=answer)}\n")


class _Asker:
    def __init__(self, case: Case, on: date, plain: bool, dialog: _Dialog) -> None:
        self.case, self.on, self.plain, self.dialog = case, on, plain, dialog
        self.library, self.text = shipped.library(), shipped.library().own_words.text
        self.learned: list[Fact] = []

    def ask_everything(self) -> None:
        asked: set[str] = {"birth_date"}
        boxes_asked = False
        while True:
            needs = [need for need in propose(self.library, self.case, self.on).needs if need.fact not in asked]
            boxed = [need for need in needs if self.library.facts[need.fact].box]
            own = [need for need in needs if not self.library.facts[need.fact].box]
            if own:
                asked.add(own[0].fact)
                fact = self.library.facts[own[0].fact]
                self._ask_fact(fact, in_words(own[0].why, self.library.own_words))
            elif boxed and not boxes_asked:
                boxes_asked = True
                asked |= self._ask_boxes()
            else:
                return

    def _learn(self, name: str, value: str) -> None:
        fact = Fact(name, value)
        self.learned.append(fact)
        self.case = replace(self.case, facts=(*self.case.facts, fact))

    def _ask_fact(self, definition: FactDefinition, why: str) -> None:
        self.dialog.say(f"\n{definition.plain if self.plain else definition.question}\n  ({why})\n")
        if definition.kind not in ("word", "words"):
            self._ask_amount(definition)
            return
        choices = [*(value for value in definition.values if value != "unknown"), "unknown"]
        self._list_choices(definition, choices)
        if definition.kind == "words":
            self._ask_several(definition, choices)
            return
        while True:
            answer = self.dialog.read(self.text("asking.number")) or str(len(choices))
            if answer in choices:
                self._learn(definition.id, answer)
                return
            if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(choices):
                self._learn(definition.id, choices[int(answer) - 1])
                return
            hint = self.text("asking.not_a_number", answer=answer, count=len(choices), words=", ".join(choices))
            self.dialog.say(f"  {hint}\n")

    def _list_choices(self, definition: FactDefinition, choices: list[str]) -> None:
        for number, value in enumerate(choices, 1):
            known = value != "unknown"
            told = value_words(definition.id, value, self.library.facts) if known else self.text("asking.not_known")
            self.dialog.say(f"  {number}  {told}\n")

    def _ask_several(self, definition: FactDefinition, choices: list[str]) -> None:
        """Every number that applies; nothing typed is not known, never none."""
        numbers = {str(number): value for number, value in enumerate(choices, 1)}
        while True:
            answer = self.dialog.read(self.text("asking.several"))
            typed = answer.replace(",", " ").split()
            if self._read(definition, ", ".join(numbers.get(word, word) for word in typed) or "unknown"):
                return

    def _ask_amount(self, definition: FactDefinition) -> None:
        example = "30 cm" if definition.kind == "length" else "62 kg"
        while not self._read(definition, self.dialog.read(self.text("asking.amount", example=example)) or "unknown"):
            pass

    def _read(self, definition: FactDefinition, answer: str) -> bool:
        """Learn an answer as a case file reads it; say what is wrong with it otherwise."""
        text = f"cobalamin: 1\npatient: {{id: x}}\nfacts: {{{definition.id}: {quoted(answer)}}}"
        try:
            (fact,) = read_case(text, "answer", self.library).facts
        except CobalaminError as error:
            self.dialog.say(f"  {error}\n")
            return False
        self._learn(fact.name, fact.value)
        return True

    def _ask_boxes(self) -> set[str]:
        """One question for all contraindications: what is ticked is asked about, the rest is recorded as absent.

        An empty answer is "not known", never "none": a key pressed too soon must not clear an allergy (hazard H07).
        """
        boxes: dict[str, list[FactDefinition]] = {}
        for definition in self.library.facts.values():
            if definition.box:
                boxes.setdefault(definition.box, []).append(definition)
        self.dialog.say(f"\n{self.text('asking.boxes')}\n")
        for number, box in enumerate(boxes, 1):
            words = self.library.own_words.find("asking", f"box__{box}", box.replace("_", " "))
            self.dialog.say(f"  [ ] {number}  {words}\n")
        ticked = self._read_ticks(len(boxes))
        open_facts = [
            (str(number) in ticked, definition)
            for number, definitions in enumerate(boxes.values(), 1)
            for definition in definitions
            if not self._known(definition.id)
        ]
        for applies, definition in open_facts:
            if applies:
                self._ask_fact(definition, definition.why)
            else:
                self._learn(definition.id, definition.absent if ticked else "unknown")
        return {definition.id for definitions in boxes.values() for definition in definitions}

    def _read_ticks(self, count: int) -> list[str]:
        known = {str(number) for number in range(count + 1)}
        while True:
            answer = self.dialog.read(self.text("asking.ticks"))
            ticked = answer.replace(",", " ").split()
            numbers = [item for item in ticked if item in known]
            if numbers == ticked and ("0" not in ticked or ticked == ["0"]):
                return ticked
            self.dialog.say(f"  {self.text('asking.not_ticks', answer=answer, count=count)}\n")

    def _known(self, name: str) -> bool:
        return any(fact.name == name for fact in self.case.facts)


def _add_facts(path: Path, learned: tuple[Fact, ...]) -> None:
    """Put learned facts into an existing file, every other line as it was; where that can't be done they are told."""
    path = path.resolve()
    with edited(path) as file:
        text = read_text(file.content, str(path))
        new_text = with_facts(text, learned)
        try:
            if new_text is not None:
                read_case(new_text, str(path), shipped.library())
        except InputError:
            new_text = None
        if new_text is None:
            added = "\n".join(f"  {fact.name}: {quoted(fact.value)}" for fact in learned)
            raise AskingEnded(
                f"the facts of {path} do not stand on lines, so nothing was written; add these yourself:\n{added}"
            )
        file.save(new_text)
