"""The case file: one person in one YAML or JSON file that a person can read, print and mail."""

from __future__ import annotations

import re

from cobalamin.casefile.counted import KEY as SUPPLY
from cobalamin.casefile.events import EventReader, fact_reader
from cobalamin.casefile.ids import with_own_id
from cobalamin.casefile.plans import refuse_before_birth, refuse_never_accepted
from cobalamin.casefile.yaml_text import flow, line_end, lines_of, quoted
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Document, Tree, read_document
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import FactDefinition, Policy
from cobalamin.knowledge.policies import read_policy
from cobalamin.knowledge.reading import Reading
from cobalamin.therapy.case.case import SEVERAL, AcceptedPlan, Case, Counted, Event, Fact, Patient

FORMAT = "1"
SEXES = ("female", "male", "other", "unknown")
_COUNTRY = re.compile(r"[A-Z]{2}")
_EMPTY_PLAN = re.compile(r"plan:\s*(#.*)?")
_FACTS = re.compile(r"facts:\s*(#.*)?")
_INDENTED = re.compile(r"( +)[^\s#]")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WRITTEN_AFTER = "written_after"  # of a plan: the id of the entry that was the last when it was written
MOST_COUNTED = 500  # ampoules
_PLAN_OPTIONAL = (
    "choices", "product", "policy", "local_policy", "calendar", "accepted_by", "accepted_on", "acknowledged",
    "written_after",
)  # fmt: skip


def read_case(content: bytes | str, file: str, library: Library) -> Case:
    """The case in a file's content. Raises InputError with every fault, each with its line."""
    return case_of(read_document(content, file), library)


def case_of(document: Document, library: Library) -> Case:
    """The case in a document that was read. Raises InputError with every fault, each with its line."""
    reading = Reading(document)
    case = _CaseReader(reading, library).read(document)
    reading.finish()
    return case


class _CaseReader:
    def __init__(self, reading: Reading, library: Library) -> None:
        self.reading, self.library = reading, library
        self.facts = fact_reader(reading, library)

    def read(self, document: Document) -> Case:
        entry = self.reading.mapping(document.tree, "", ("cobalamin", "patient"), ("facts", "plan", "record", "supply"))
        if "cobalamin" in entry and entry["cobalamin"] != FORMAT:
            self.reading.fault(
                "cobalamin", f"'{entry['cobalamin']}' is not a format this program reads; write {FORMAT}"
            )
        patient = self._patient(entry.get("patient", {}))
        return Case(
            patient=patient,
            facts=self.facts.read_all(entry["facts"], "facts") if _filled(entry, "facts") else (),
            plan=self._plan(entry["plan"], patient) if _filled(entry, "plan") else None,
            record=self._record(entry["record"], patient) if _filled(entry, "record") else (),
            supply=self._supply(entry["supply"]) if _filled(entry, "supply") else None,
        )

    def _supply(self, tree: Tree) -> Counted | None:
        """How many ampoules were counted, when, and after which entry."""
        reading = self.reading
        entry = reading.mapping(tree, "supply", ("ampoules", "on"), ("after",))
        number, on = entry.get("ampoules", ""), reading.date(entry.get("on"), f"{SUPPLY}.on") if "on" in entry else None
        if not (isinstance(number, str) and number.isascii() and number.isdigit() and int(number) <= MOST_COUNTED):
            reading.fault(f"{SUPPLY}.ampoules", f"'{number}' must be a whole number from 0 to {MOST_COUNTED}")
            return None
        after = reading.text(entry["after"], f"{SUPPLY}.after", 300) if "after" in entry else ""
        return Counted(int(number), on, after) if on is not None else None

    def _patient(self, tree: Tree) -> Patient:
        reading = self.reading
        entry = reading.mapping(tree, "patient", ("id",), ("birth_date", "sex", "country"))
        country = entry.get("country", "")
        if country == "UK":
            reading.fault("patient.country", "'UK' is not the country code of the United Kingdom; write GB")
        elif country and not (isinstance(country, str) and _COUNTRY.fullmatch(country)):
            reading.fault(
                "patient.country", f"'{country}' must be a country code of two capital letters, for example GB"
            )
        born = entry.get("birth_date")
        if any(character in "\r\n\u2028\u2029" for character in str(entry.get("id", ""))):
            reading.fault("patient.id", "must stand on one line")
        return Patient(
            id=reading.text(entry.get("id", ""), "patient.id", 300) if "id" in entry else "",
            birth_date=reading.date(born, "patient.birth_date") if born not in (None, "unknown") else None,
            birth_unknown=born == "unknown",
            sex=reading.word(entry["sex"], "patient.sex", SEXES) or "" if "sex" in entry else "",
            country=country if isinstance(country, str) else "",
        )

    def _plan(self, tree: Tree, patient: Patient) -> AcceptedPlan | None:
        reading = self.reading
        entry = reading.mapping(tree, "plan", ("protocol", "version", "start"), _PLAN_OPTIONAL)
        protocol = (
            reading.word(entry.get("protocol"), "plan.protocol", self.library.ids) if "protocol" in entry else None
        )
        version = reading.whole(entry["version"], "plan.version", 1) if "version" in entry else None
        start = reading.date(entry["start"], "plan.start") if "start" in entry else None
        refuse_before_birth(reading, patient.birth_date, start, "plan.start")
        accepted_on = reading.date(entry["accepted_on"], "plan.accepted_on") if "accepted_on" in entry else None
        if WRITTEN_AFTER in entry:
            reading.text(entry[WRITTEN_AFTER], f"plan.{WRITTEN_AFTER}")
        if "calendar" in entry:
            self._calendar(entry["calendar"])
        if protocol is None or version is None or start is None:
            return None
        refuse_never_accepted(reading, self.library, protocol, version, entry, "plan")
        return AcceptedPlan(
            protocol=protocol,
            version=version,
            start=start,
            choices=self._texts(entry, "choices"),
            product=self._text(entry, "product", ""),
            policy=self._text(entry, "policy", "engineering-default"),
            accepted_by=self._text(entry, "accepted_by", ""),
            accepted_on=accepted_on,
            acknowledged=self._texts(entry, "acknowledged"),
            calendar=entry.get("calendar", {}),
            local_policy=self._local_policy(entry) if "local_policy" in entry else None,
        )

    def _local_policy(self, entry: dict[str, Tree]) -> Policy | None:
        """The windows of a local policy, kept with the plan they were accepted for."""
        try:
            policy = read_policy(
                Document(self.reading.document.file, entry["local_policy"]), self.library.default_policy
            )
        except InputError as error:
            for fault in error.faults:
                self.reading.fault(f"plan.local_policy.{fault.path}".rstrip("."), fault.message)
            return None
        if policy.name != entry.get("policy"):
            self.reading.fault("plan.local_policy.policy", f"'{policy.name}' must be the name that plan.policy gives")
        return policy

    def _text(self, entry: dict[str, Tree], key: str, default: str) -> str:
        return self.reading.text(entry[key], f"plan.{key}") if key in entry else default

    def _texts(self, entry: dict[str, Tree], key: str) -> dict[str, str]:
        tree = entry.get(key, {})
        if not isinstance(tree, dict):
            self.reading.fault(f"plan.{key}", "must be a mapping")
            return {}
        return {name: self.reading.text(value, f"plan.{key}.{name}") for name, value in tree.items()}

    def _calendar(self, tree: Tree) -> None:
        entry = self.reading.mapping(tree, "plan.calendar", (), ("holidays", "open", "closed"))
        if "holidays" in entry:
            self.reading.text(entry["holidays"], "plan.calendar.holidays")
        self.reading.words(entry.get("open", []), "plan.calendar.open", WEEKDAYS)
        self.reading.each(entry.get("closed", []), "plan.calendar.closed", self.reading.date)

    def _record(self, tree: Tree, patient: Patient) -> tuple[Event, ...]:
        reader = EventReader(self.reading, self.facts, self.library, patient.birth_date)
        taken: set[str] = set()
        found: list[Event] = []
        for path, entry in self.reading.items(tree, "record"):
            event = reader.read(entry, path)
            if event is None:
                continue
            if event.id in taken and entry.get("id"):
                self.reading.fault(f"{path}.id", f"the id '{event.id}' stands twice; give each event its own")
            found.append(with_own_id(event, taken))
        return tuple(found)


def _filled(entry: dict[str, Tree], key: str) -> bool:
    """Whether a key is there with content; `facts:` with only comments below it reads as an empty text."""
    return key in entry and entry[key] not in ("", [], {})


# -- writing ---------------------------------------------------------------------------------------------------------


def new_case_text(library: Library, patient: Patient, facts: tuple[Fact, ...] = ()) -> str:
    """An annotated case file: what is known, and every other fact as a comment with its allowed words."""
    known = {fact.name: fact.value for fact in facts}
    lines = [
        f"cobalamin: {FORMAT}",
        "patient:",
        f"  id: {quoted(patient.id)}",
        _birth_line(patient),
        f"  sex: {quoted(patient.sex)}" if patient.sex else f"  # sex: one of {', '.join(SEXES)}",
        f"  country: {quoted(patient.country)}"
        if patient.country
        else "  # country: two letters, for example GB, US, NL",
        "",
        "# What is known. Leave a line out (or commented) if nobody has asked; write `unknown` if you asked and don't know.",
        "facts:",
    ]
    boxes = {definition.box for definition in library.facts.values() if definition.box}
    lines += [f"  # none_of: [{', '.join(sorted(boxes))}]   # tick the boxes that were asked, and are absent"]
    for definition in library.facts.values():
        lines.append(f"  # {definition.question}")
        value = known.get(definition.id)
        lines.append(
            f"  {definition.id}: {_written(value)}" if value else f"  # {definition.id}: {_allowed(definition)}"
        )
    return "\n".join(lines) + "\n"


def _allowed(definition: FactDefinition) -> str:
    """What a fact may be, as the comment of a new case file says it."""
    words = ", ".join(word for word in definition.values if definition.kind == "word" or word != definition.absent)
    several = f"[{words}]   # those that apply, or {definition.absent}"
    return {"word": words, "words": several, "length": "30 cm", "mass": "62 kg"}[definition.kind]


def _written(value: str) -> str:
    """A fact as it stands in a case file: several words as a list."""
    return f"[{value}]" if SEVERAL in value else quoted(value)


def _birth_line(patient: Patient) -> str:
    if patient.birth_unknown:
        return "  birth_date: unknown"
    return f"  birth_date: {patient.birth_date}" if patient.birth_date else "  # birth_date: 1958-03-02"


def plan_block(plan: AcceptedPlan, local_policy: Tree = None, after: str = "") -> str:
    """The `plan:` block of a case file; with a local policy's own content, so that the file stays true alone.

    `after`: the id of the entry that is the last of the record when the plan is written.
    """
    lines = ["plan:", f"  protocol: {plan.protocol}", f"  version: {plan.version}", f"  start: {plan.start}"]
    if plan.choices:
        lines.append("  choices: {" + ", ".join(f"{key}: {quoted(value)}" for key, value in plan.choices.items()) + "}")
    lines += [f"  product: {plan.product}"] if plan.product else []
    lines += [f"  calendar: {flow(plan.calendar)}"] if plan.calendar else []
    lines += [
        f"  policy: {quoted(plan.policy)}",
        *([f"  local_policy: {flow(local_policy)}"] if local_policy else []),
        f"  accepted_by: {quoted(plan.accepted_by)}",
        f"  accepted_on: {plan.accepted_on}",
        *([f"  {WRITTEN_AFTER}: {quoted(after)}"] if after else []),
    ]
    if plan.acknowledged:
        lines.append("  acknowledged:")
        lines += [f"    {code}: {quoted(reason)}" for code, reason in plan.acknowledged.items()]
    return "\n".join(lines) + "\n"


def with_plan(text: str, plan: AcceptedPlan, local_policy: Tree = None, after: str = "") -> str:
    """The case file's text with the plan before the record, every other line as it was."""
    lines, end = lines_of(text), line_end(text)
    block = [line.replace("\n", end) for line in lines_of(plan_block(plan, local_policy, after))]
    for number, line in enumerate(lines):
        if _EMPTY_PLAN.fullmatch(line.rstrip("\r\n")):
            return "".join([*lines[: number + 1], *block[1:], *lines[number + 1 :]])
    at = next((number for number, line in enumerate(lines) if line.startswith(("record:", "..."))), len(lines))
    if lines and not lines[at - 1].endswith(("\n", "\r")):
        lines[at - 1] += end
    return "".join([*lines[:at], *block, *lines[at:]])


def with_facts(text: str, facts: tuple[Fact, ...]) -> str | None:
    """The case file's text with more facts, every other line as it was; None where its facts don't stand on lines."""
    lines, end = lines_of(text), line_end(text)
    at = next((number for number, line in enumerate(lines) if _FACTS.fullmatch(line.rstrip("\r\n"))), None)
    if at is None:
        if any(line.startswith("facts:") for line in lines) or text.lstrip().startswith("{"):
            return None
        lines += [end] if lines and not lines[-1].endswith(("\n", "\r")) else []
        lines.append(f"facts:{end}")
        at = len(lines) - 1
    indent = next((match.group(1) for line in lines[at + 1 :] if (match := _INDENTED.match(line))), "  ")
    block = [f"{indent}{fact.name}: {_written(fact.value)}{end}" for fact in facts]
    return "".join([*lines[: at + 1], *block, *lines[at + 1 :]])
