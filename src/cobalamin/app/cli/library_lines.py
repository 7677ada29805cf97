"""The library as a whole, in lines of text: its countries, its aging sources, and what changed between two editions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cobalamin.app.services import shipped

if TYPE_CHECKING:
    from cobalamin.app.documents.types.editions import DiffAnswer, ProtocolChangeAnswer, RecordChangeAnswer
    from cobalamin.app.documents.types.library import CoverageAnswer, OverviewAnswer

_HEADS = {"new": "editions.head_new", "changed": "editions.head_changed", "gone": "editions.head_gone"}

_RULES = ("policies/", "monitoring.yaml", "practice.yaml", "library.yaml")
_WORDS = ("texts/", "words/", "asked/", "synonyms.yaml", "spelling.yaml", "population_words.yaml")


def _say(key: str, **fields: object) -> str:
    return shipped.library().own_words.text(key, **fields)


# -- countries and aging sources ---------------------------------------------------------------------------------------


def country_lines(answer: OverviewAnswer) -> Iterator[str]:
    """Of every country whether it has texts of its own or none was found, and which are near."""
    rows = answer.countries or []
    yield from (country_line(row) for row in rows)
    own = sum(bool(row.own) for row in rows)
    held = sum(bool(row.held and not row.own) for row in rows)
    near = sum(bool(row.near and not row.held) for row in rows)
    yield ""
    counts = {"number": len(rows), "own": own, "held": held, "near": near, "neither": len(rows) - own - held - near}
    yield _say("editions.countries", **counts)
    yield _say("editions.searched", general=", ".join(answer.general or []))


def country_line(row: CoverageAnswer) -> str:
    """ "LI  Liechtenstein: none was found; near: AT, CH" """
    state = "own" if row.own else "held" if row.held else "looked_for" if row.looked_for else "none"
    told = _say(f"editions.country_{state}", own=row.own, held=row.held)
    known = f" {row.known}" if row.known else ""
    near = _say("editions.near", near=", ".join(row.near)) if row.near else _say("editions.not_near")
    return f"{row.country}  {row.name}: {told}; {near}.{known}"


def aging_lines(answer: OverviewAnswer) -> Iterator[str]:
    """Sources that a newer edition is known of, texts that were replaced, and sources without a day of checking."""
    aging, replaced, unchecked = answer.aging or [], answer.replaced or [], answer.unchecked or []
    for row in aging:
        rests = ", ".join(row.protocols) or _say("editions.nothing_rests")
        fields = {"source": row.source, "title": row.title, "edition": row.edition, "newer": row.newer_known}
        yield _say("editions.aging", **fields, rests=rests)
    yield _say("editions.aging_count", number=len(aging))
    yield ""
    for text in replaced:
        by = _say("editions.held_as", id=text.replaced_by) if text.replaced_by else ""
        fields = {"id": text.protocol, "title": text.title, "status": text.status, "text": text.text}
        yield _say("editions.replaced", **fields, by=by)
    yield ""
    yield _say("editions.unchecked", number=len(unchecked), review_by=answer.review_by)
    for source in unchecked:
        yield "  " + _say("editions.unchecked_source", source=source.source, protocols=", ".join(source.protocols))


# -- what changed between two editions ---------------------------------------------------------------------------------


def change_lines(answer: DiffAnswer) -> Iterator[str]:
    """A change log for a clinician: protocol by protocol, then the records they rest on."""
    if not answer.changes:
        yield _say("editions.no_change")
        return
    old_digest, new_digest = answer.old_digest[:8], answer.new_digest[:8]
    yield _say("editions.head", old=answer.old, new=answer.new, old_digest=old_digest, new_digest=new_digest)
    for change, head in _HEADS.items():
        found = [each for each in answer.protocols if each.change == change]
        if found:
            yield from ("", _say(head))
        for each in found:
            yield from _protocol_lines(each, answer)
    if answer.records:
        yield from ("", _say("editions.head_records"))
    for record in answer.records:
        yield from _record_lines(record)
    yield from _other_lines(answer)
    protocols, records, values = (len(part) for part in (answer.protocols, answer.records, answer.changes))
    yield ""
    yield _say("editions.count", protocols=protocols, records=records, values=values)


def _other_lines(answer: DiffAnswer) -> Iterator[str]:
    """Rules without ids, such as the windows of a policy, value by value; words for screens and questions only counted."""
    rules = [value for value in answer.changes if value.file.startswith(_RULES)]
    if rules:
        yield from ("", _say("editions.head_rules"))
    for value in rules:
        yield "  " + _say("editions.value", path=f"{value.file}: {value.path}", old=value.old, new=value.new)
    words = sum(value.file.startswith(_WORDS) for value in answer.changes)
    if words:
        yield from ("", _say("editions.words", number=words))


def _protocol_lines(change: ProtocolChangeAnswer, answer: DiffAnswer) -> Iterator[str]:
    yield "  " + _say("editions.protocol", id=change.id, country=change.country, title=change.title)
    yield from (f"    {said.text}" for said in change.says)
    if any(said.part == "form" for said in change.says):
        for value in answer.changes:
            if value.file.endswith(f"/{change.id}.yaml"):
                yield "    " + _say("editions.value", path=value.path, old=value.old, new=value.new)


def _record_lines(change: RecordChangeAnswer) -> Iterator[str]:
    told = _say(f"editions.record__{change.change}", kind=change.kind, id=change.id, text=change.text)
    yield f"  {told.removesuffix(': ')}"
    for value in change.values:
        yield "    " + _say("editions.value", path=value.path, old=value.old, new=value.new)
    if change.rests:
        yield "    " + _say("editions.rests", protocols=", ".join(change.rests))
