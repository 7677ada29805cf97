"""Saving from a page: nothing is written where the file has changed since the page was made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from starlette.responses import Response

from cobalamin.app.services import accepting, cases, planning, setting, shipped, taking_back, taking_over
from cobalamin.app.services.confirming import Confirmed, refuse_unconfirmed
from cobalamin.app.services.files import ChangedMeanwhile, edited, read_bytes
from cobalamin.app.services.recording import Recorded, record_event
from cobalamin.app.services.reviewing import Entered, review_of
from cobalamin.app.web.frame.folder import mark_of, mark_of_file
from cobalamin.app.web.frame.site import Opened, Site
from cobalamin.casefile.events import read_event
from cobalamin.casefile.reader import new_case_text, read_case, with_facts
from cobalamin.errors import InputError
from cobalamin.knowledge.document import Tree, read_text
from cobalamin.therapy.case.case import Event, Fact, Patient
from cobalamin.therapy.case.record import begins, withdrawn_ids
from cobalamin.therapy.plan.plan import Plan


def refuse_changed(path: Path, mark: str) -> None:
    """Raises ChangedMeanwhile where the file is no longer the one with this mark."""
    if mark_of_file(path) != mark:
        raise ChangedMeanwhile(path.name)


def looked_at_again(answer: Callable[[], Response]) -> Response:
    """The answer to a form; once more where the file changed while it was made.

    Two presses of one button arrive at the same time: the second finds what the first has written, and it is no fault.
    What the file does not hold yet raises ChangedMeanwhile again.
    """
    try:
        return answer()
    except ChangedMeanwhile:
        return answer()


def enter(
    site: Site, this: Opened, tree: dict[str, Tree], on: date, mark: str | None, confirmed: Confirmed = False
) -> Recorded:
    """Append an event to the case file as the page with this mark saw it; without one, to the file as it is.

    Raises InputError, ChangedMeanwhile, and Unconfirmed where it is improbable and nobody confirmed it; then nothing is written.
    """

    def look(recorded: Recorded) -> None:
        if mark is not None:  # under the lock: from here on no writer of ours can come between
            refuse_changed(this.path, mark)  # before any question: a form sent twice is no second dose
        review_of(recorded.after, on)
        refuse_unconfirmed(shipped.library(), recorded, on, confirmed)

    with site.writing:
        return record_event(this.path, tree, on, look)


def undone(site: Site, this: Opened, event: str, on: date, mark: str) -> Entered:
    """Take back the entry with this id, and what was written together with it.

    Raises InputError, ChangedMeanwhile, and NothingToTakeBack where it was taken back already; then nothing is written.
    """
    with site.writing:
        taken = taking_back.last_written(this.path, event)
        return taking_back.take_back(this.path, taken, on, lambda: refuse_changed(this.path, mark))


def already_there(this: Opened, tree: dict[str, Tree], on: date, mark: str) -> Event | None:
    """The entry that says the same and still counts, where there is one: a form that was sent twice.

    What was taken back may be recorded anew, and a second dose of a day that was sent from a page which had seen the
    first is no repetition: it is asked about as everywhere else (hazard H157).
    """
    event = read_event({**tree, "recorded_at": on.isoformat()}, shipped.library(), this.case.patient.birth_date)
    gone = withdrawn_ids(this.case, max(on, begins(event)))
    found = next((entry for entry in this.case.record if entry.id == event.id and entry.id not in gone), None)
    return None if found is not None and found.kind == "administration" and mark == this.mark else found


def accept(
    site: Site, this: Opened, options: planning.PlanOptions, by: str, acknowledged: dict[str, str], on: date, mark: str,
    confirmed: Confirmed = False,
) -> Plan:  # fmt: skip
    """Write the plan into the case file; one that leaves something open is not written.

    Raises InputError, NotAccepted, ChangedMeanwhile, and Unconfirmed where its first day looks wrong; then nothing is written.
    """
    with site.writing:
        refuse_changed(this.path, mark)
        return accepting.accept_plan(
            this.path, options, by, acknowledged, on, lambda: refuse_changed(this.path, mark), confirmed
        )  # fmt: skip


def go_on(
    site: Site, this: Opened, told: taking_over.Running, acknowledged: dict[str, str], on: date, mark: str, confirmed: Confirmed
) -> taking_over.TakenOver:  # fmt: skip
    """Write a treatment that runs into the case file. Raises what `take_over` raises, and ChangedMeanwhile; then nothing is written."""
    with site.writing:
        refuse_changed(this.path, mark)
        return taking_over.take_over(
            this.path, told, acknowledged, on, confirmed, lambda: refuse_changed(this.path, mark)
        )  # fmt: skip


def learn(site: Site, this: Opened, facts: tuple[Fact, ...], on: date, mark: str) -> None:
    """Write facts into the case file. Raises InputError and ChangedMeanwhile; then nothing is written."""
    with site.writing:
        refuse_changed(this.path, mark)
        known = {fact.name for fact in this.case.facts}
        if any(fact.name in known for fact in facts) or not _added(this, facts, mark):
            setting.set_facts(this.path, {fact.name: fact.value for fact in facts}, on, confirmed=True)


def _added(this: Opened, facts: tuple[Fact, ...], mark: str) -> bool:
    """Whether the facts could be put among those of the file, every other line as it was."""
    with edited(this.path) as file:
        if mark_of(file.content) != mark:
            raise ChangedMeanwhile(this.name)
        new_text = with_facts(read_text(file.content, this.name), facts)
        if new_text is None:
            return False
        try:
            read_case(new_text, this.name, shipped.library())
        except InputError:
            return False
        file.save(new_text)
        return True


def begin(site: Site, patient: Patient) -> str:
    """Write a new case file; its name. Raises InputError; then nothing is written."""
    with site.writing:
        path = site.folder.new_path(patient.id)
        text = new_case_text(shipped.library(), patient)
        read_case(text, path.name, shipped.library())
        cases.write_new(path, text)
        return path.name


def take_in(site: Site, name: str, content: bytes) -> str:
    """Save a case file that came from elsewhere; its name. Raises InputError with every fault of it."""
    read_case(content, name, shipped.library())
    with site.writing:
        path = site.folder.new_path(Path(name).stem)
        if name.lower().endswith(".json"):
            path = path.with_suffix(".json")
        same = _same(site, content)
        if same:
            return same
        cases.write_new(path, content.decode("utf-8-sig"))
        return path.name


def _same(site: Site, content: bytes) -> str:
    """The name under which exactly this file is in the folder already."""
    for name in site.folder.names():
        if read_bytes(site.folder.path(name)) == content:
            return name
    return ""
