"""A clinician's signature under a library's rows: made of a filled review sheet, kept in a file of the user's, and when it holds.

The shipped library holds none. A signature is in force for a protocol while every row of it is as it was and was agreed with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from cobalamin.app.services.files import read_bytes
from cobalamin.app.services.review_sheet import digest_of_rows, protocol_rows
from cobalamin.app.services.workbook import NO, WHO, YES, Answer, Filled, column, say, told_of
from cobalamin.errors import Fault, InputError
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.model import Protocol
from cobalamin.spans import read_date

FORM = 1
_NO_SIGNATURE = (ValueError, KeyError, TypeError)


class Signature(Struct, frozen=True):
    """Who answered which rows, by their digests, and when."""

    by: dict[str, str]
    library: str
    sheet: str
    rows: tuple[dict[str, str], ...]

    @property
    def agreed(self) -> frozenset[str]:
        return frozenset(row["digest"] for row in self.rows if row["agree"] == YES)

    def text(self) -> str:
        content = {"signature": FORM, "by": self.by, "library": self.library, "sheet": self.sheet, "rows": self.rows}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def of(self, protocol: str) -> list[dict[str, str]]:
        return [row for row in self.rows if row["protocol"] == protocol]


def signed(library: Library, filled: Filled, path: Path) -> Signature:
    """The signature of a filled sheet. Raises InputError with one sentence where it is half filled, altered or of another library."""
    rows = {row.digest: row for each in library.protocols() for row in protocol_rows(library, each)}
    for answer in filled.answers:
        if answer.digest not in rows:
            raise InputError.one(str(path), "", say("outdated", row=answer.row))
        if told_of(rows[answer.digest]) != answer.told:
            raise InputError.one(str(path), "", say("altered", row=answer.row))
    _refuse_removed(library, filled, path)
    missing = list(_missing(filled))
    if missing:
        more = f"{missing[0]} and {len(missing) - 1} more" if len(missing) > 1 else missing[0]
        raise InputError.one(str(path), "", say("half_filled", missing=more))
    chosen = [rows[answer.digest] for answer in filled.answers]
    kept = tuple(
        {
            "protocol": row.protocol,
            "digest": row.digest,
            "agree": answer.agree,
            "change": answer.change,
            "why": answer.why,
        }
        for row, answer in zip(chosen, filled.answers, strict=True)
    )
    return Signature(filled.who, library.edition, digest_of_rows(chosen), kept)


def _refuse_removed(library: Library, filled: Filled, path: Path) -> None:
    """A protocol is signed as a whole: a row that was taken out, or stands twice, is an alteration."""
    answered = [answer.digest for answer in filled.answers]
    named = dict.fromkeys(answer.told[0].rsplit(",", 1)[0] for answer in filled.answers)
    whole = [row.digest for name in named for row in protocol_rows(library, library.protocol(name))]
    if sorted(answered) != sorted(whole) or not answered:
        raise InputError.one(str(path), "", say("altered", row=len(answered) + 1))


def _missing(filled: Filled) -> Iterator[str]:
    for name in WHO:
        if not filled.who[name] or (name == "day" and read_date(filled.who[name]) is None):
            yield say(name)
    for answer in filled.answers:
        if not _whole(answer):
            yield f"{column('row')} {answer.row}"


def _whole(answer: Answer) -> bool:
    return answer.agree == YES or (answer.agree == NO and bool(answer.change and answer.why))


def read_signature(path: Path) -> Signature:
    """A signature file. Raises InputError where it is none."""
    try:
        return _signature(json.loads(read_bytes(path).decode("utf-8")))
    except _NO_SIGNATURE:
        raise InputError.one(str(path), "", say("no_signature")) from None


def _signature(content: dict[str, Any]) -> Signature:
    if str(content["signature"]) != str(FORM):
        raise ValueError
    by = {name: str(content["by"][name]) for name in WHO}
    rows = tuple(
        {key: str(row[key]) for key in ("protocol", "digest", "agree", "change", "why")} for row in content["rows"]
    )
    return Signature(by, str(content["library"]), str(content["sheet"]), rows)


@dataclass(frozen=True)
class Standing:
    """A signature that holds for a protocol as it is: by whom, and how many of its rows were agreed with."""

    by: dict[str, str]
    agreed: int
    rows: int

    @property
    def in_force(self) -> bool:
        return self.agreed == self.rows


@lru_cache(maxsize=2)  # asked for each option of a proposal
def signatures_in(library: Library) -> tuple[Signature, ...]:
    """The signatures that were put into a library. Raises InputError for a file that is none."""
    found = []
    for document in library.signatures:
        try:
            found.append(_signature(document.tree))
        except _NO_SIGNATURE:
            raise InputError.one(document.file, "", say("no_signature")) from None
    return tuple(found)


def signature_faults(library: Library) -> list[Fault]:
    """A file among the signatures that is none."""
    try:
        signatures_in(library)
    except InputError as error:
        return list(error.faults)
    return []


def standing_of(library: Library, protocol: Protocol) -> Standing | None:
    """Who has signed a protocol as it is: the one who agreed with most, of these the last. A changed row ends a signature."""
    told = [each for each in signatures_in(library) if each.of(protocol.id)]
    if not told:
        return None
    now = [row.digest for row in protocol_rows(library, protocol)]
    holding = [each for each in told if set(now) == {row["digest"] for row in each.of(protocol.id)}]
    found = [Standing(each.by, sum(digest in each.agreed for digest in now), len(now)) for each in holding]
    return max(found, key=lambda each: (each.agreed, each.by["day"]), default=None)


def standing(library: Library, protocol: Protocol, signatures: tuple[Signature, ...]) -> Iterator[str]:
    """What signatures say of a protocol today, a sentence each; that there is none where there is none."""
    now = [row.digest for row in protocol_rows(library, protocol)]
    told = [each for each in signatures if each.of(protocol.id)]
    for each in told:
        changed = set(now) ^ {row["digest"] for row in each.of(protocol.id)}
        agreed = sum(digest in each.agreed for digest in now)
        if changed:
            yield say("changed", name=each.by["name"], day=each.by["day"], rows=len(changed))
        else:
            key = "in_force" if agreed == len(now) else "partly"
            yield say(key, **each.by, agreed=agreed, rows=len(now))
    if not told:
        yield say("unsigned")
