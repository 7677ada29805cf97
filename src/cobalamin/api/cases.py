"""A case and a library to begin with: read one, add an event, open another library."""

from __future__ import annotations

import os
from collections.abc import Mapping

from cobalamin.api.arguments import (
    Day,
    Readable,
    assessed_on,
    document_of,
    flag_of,
    library_of,
    mapping_of,
    path_of,
    with_argument_names,
)
from cobalamin.api.arguments import case_of as given_case
from cobalamin.app.services import shipped
from cobalamin.app.services.confirming import refuse_unconfirmed
from cobalamin.app.services.library_work import open_library
from cobalamin.app.services.recording import recorded_in
from cobalamin.casefile.reader import case_of
from cobalamin.errors import InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import reading_faults
from cobalamin.therapy.case.case import Case


@with_argument_names()
def read_case(source: Readable, *, library: Library | None = None) -> Case:
    """Read one person's case: patient, facts, accepted plan and record.

    `source` is a file's name (a `str` or path; a `str` is always a name), the content of a file as `bytes`, or the same
    content as a mapping, in which dates, numbers and truth values may stand for their text. The format is that of a case
    file (docs/events.md, `cobalamin schema case`). Amounts keep the unit they are written in.

    Raises InputError with every fault in `.faults`: file, line (0 where the source has no lines), path, message.
    """
    return case_of(document_of(source, "case"), library_of(library))


@with_argument_names()
def with_event(
    case: Case,
    event: Mapping[str, object],
    *,
    on: Day | None = None,
    confirmed: bool = False,
    library: Library | None = None,
) -> Case:
    """Add one event to the record of a case and return the new case; the given one and every file stay as they are.

    `event` has a `date`, a `kind` and the keys of that kind (docs/events.md), for example
    `{"date": "2026-10-09", "kind": "administration", "as_planned": True}`. `on` is the day it was written down, used
    where the event has no `recorded_at`; without it, today. The order of events never matters.

    Raises InputError where the event can't be read, or where its `id` is already in the record; and Unconfirmed where it is
    improbable (another substance or route than planned, a fifth of the dose or less, a day ahead, a second dose on one day):
    its `.asked` says what looks wrong. With `confirmed=True` anything that can be read is added, because what happened can
    always be recorded.
    """
    entry, assessed, chosen = mapping_of(event, "event"), assessed_on(on), library_of(library)
    sure = flag_of(confirmed, "confirmed")
    _, recorded = recorded_in(given_case(case), entry, assessed, chosen)
    refuse_unconfirmed(chosen, recorded, assessed, sure)
    return recorded.after


@with_argument_names()
def library(source: str | os.PathLike[str] | None = None) -> Library:
    """Return the shipped library, or the one in a folder of YAML files or a compiled file.

    Protocols, doses, windows, sources and every sentence follow the library that a function is given as `library=`; only the
    words of a simulation are still those of the shipped library.

    Raises InputError with every fault of form, and where there is no library. `cobalamin library check` tells more.
    """
    if source is None:
        return shipped.library()
    found = open_library(path_of(source, "library"))
    faults = reading_faults(found)
    if faults:
        raise InputError(faults)
    return found
