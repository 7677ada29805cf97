"""A comparison as the JSON document of `compare`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, cast

from cobalamin.amounts import Mass
from cobalamin.app.documents.plan import Renderer
from cobalamin.app.documents.types import compare as answers
from cobalamin.knowledge.words import ENGLISH
from cobalamin.spans import add
from cobalamin.therapy.comparison.amounts import Amounts, Bounds
from cobalamin.therapy.comparison.aspects import is_loading
from cobalamin.therapy.comparison.causes import ALL_ASPECTS, Cause, Difference, Side, cites_of, words_of
from cobalamin.therapy.comparison.checks import Check
from cobalamin.therapy.comparison.comparison import YEAR, Compared, Comparison, Figures
from cobalamin.therapy.comparison.ways import Way
from cobalamin.therapy.comparison.words import Say
from cobalamin.therapy.regimen import schedule

_MICROGRAM = 1000


def whole_mass(nanograms: int) -> Mass:
    """A sum of doses, in the unit in which it is a whole number where there is one."""
    for unit, size in (("mg", 1_000_000), ("ug", _MICROGRAM)):
        if nanograms % size == 0:
            return Mass(Decimal(nanograms // size), unit)
    return Mass(Decimal(nanograms) / _MICROGRAM, "ug")


def assumption_words(phase: str, comparison: Comparison, say: Say) -> str:
    """What a way takes for granted at an open end, and whose assumption that is."""
    ours = comparison.policy.basis == "software_default"
    whose = say("compare.ours") if ours else comparison.policy.name
    key = "compare.leaves_loading" if is_loading(phase) else "compare.leaves_phase"
    return say(key, span=comparison.policy.decision_after.words, whose=whose)


class CompareRenderer(Renderer):
    """Renders comparisons against one library."""

    def compare(self, comparison: Comparison) -> answers.CompareAnswer:
        proposal = comparison.proposal
        document: dict[str, Any] = {
            "on": str(comparison.on),
            "library": self.library.edition,
            "start": str(comparison.start),
            "days": comparison.days,
            "policy": comparison.policy.name,
            "protocols": [
                self._compared(each, side, comparison)
                for each, side in zip(comparison.compared, comparison.sides, strict=True)
            ],
            "guidance": [
                {"guidance": entry.id, "title": entry.title, "country": entry.country, "status": entry.status}
                for entry in comparison.guidance
            ],
            "common_checks": [self._check(check) for check in comparison.common_checks],
            "differences": [self._difference(entry) for entry in comparison.differences],
            "disagreements": [self.disagreement(entry) for entry in comparison.disagreements],
            "not_applied": [{"choice": key, "protocol": protocol} for key, protocol in comparison.not_applied],
            "needs": [
                {"fact": need.fact, "question": need.question, "changes": list(need.changes), "why": need.why}
                for need in proposal.needs
            ],
            "pending": list(proposal.pending),
        }
        document["sources"] = self.sources()
        document["signed_off"] = False
        return cast(answers.CompareAnswer, document)

    def _compared(self, each: Compared, side: Side, comparison: Comparison) -> dict[str, Any]:
        protocol = each.protocol
        entry: dict[str, Any] = {
            "protocol": protocol.id, "version": protocol.version, "title": protocol.title, "country": protocol.country,
            "status": protocol.status, "kind": protocol.kind, "population": each.content.population, "level": each.level,
            "standing": each.standing, "named": each.named, "accepted": each.accepted,
        }  # fmt: skip
        entry |= {"same_as": protocol.same_as} if protocol.same_as else {}
        entry["reasons"] = [
            {"code": reason.code, "text": reason.text, "citations": self.citations(reason.cites)}
            for reason in each.reasons
        ]
        entry |= {
            "blocks": list(each.blocks), "missing": list(each.missing), "undated": list(each.undated),
            "open_choices": list(each.open_choices), "choices": dict(sorted(each.choices.items())),
        }  # fmt: skip
        entry["says"] = {aspect: self._says(side, aspect, comparison.country) for aspect in ALL_ASPECTS}
        entry["figures"] = _figures(each.figures) if each.figures else None
        entry["ways"] = [self._way(way, comparison) for way in each.ways]
        entry["checks"] = [self._check(check) for check in each.checks]
        return entry

    def _says(self, side: Side, aspect: str, country: str) -> answers.SaysAnswer:
        return {
            "text": words_of(side, aspect, country),
            "plain": words_of(side, aspect, country, plain=True),
            "citations": self.citations(cites_of([side], aspect)),
        }

    def _way(self, way: Way, comparison: Comparison) -> dict[str, Any]:
        end, say = add(comparison.start, YEAR), self.library.words(ENGLISH).text
        return {
            "end": way.end,
            "choices": way.choices,
            "assumed": [
                {"phase": phase, "on": str(day), "text": assumption_words(phase, comparison, say)}
                for phase, day in way.decided
            ],
            "items": [
                {"kind": entry.kind, "phase": entry.phase.phase.name, "on": str(entry.on)}
                | ({"until": str(entry.until)} if entry.until else {})
                for entry in way.entries
                if entry.kind in (schedule.DOSE, schedule.COURSE) and (entry.on or date.max) < end
            ],
        }

    def _check(self, check: Check) -> answers.PlannedCheckAnswer:
        entry: dict[str, Any] = {"marker": check.marker} if check.marker else {}
        entry |= {"text": check.text, "days": list(check.days), "citations": self.citations(check.cites)}
        return cast(answers.PlannedCheckAnswer, entry)

    def _difference(self, difference: Difference) -> dict[str, Any]:
        return {
            "aspect": difference.aspect,
            "positions": [
                {
                    "text": position.text,
                    "plain": position.plain,
                    "protocols": list(position.protocols),
                    "citations": self.citations(position.cites),
                }
                for position in difference.positions
            ],
            "causes": [self._cause(cause) for cause in difference.causes],
        }

    def _cause(self, cause: Cause) -> dict[str, Any]:
        between: dict[str, list[str]] = {}
        for one, other in cause.pairs:
            between.setdefault(one, []).append(other)
        entry: dict[str, Any] = {"cause": cause.cause, "basis": "library" if cause.disagreement else "derived"}
        entry |= {"disagreement": cause.disagreement.id} if cause.disagreement else {}
        entry["text"] = cause.text
        entry |= {"sides": self.disagreement(cause.disagreement)["sides"]} if cause.disagreement else {}
        entry["between"] = [{"protocol": one, "against": others} for one, others in between.items()]
        entry["citations"] = self.citations(cause.cites)
        return entry


def _figures(figures: Figures) -> dict[str, Any]:
    entry = {"first_days": amounts_answer(figures.early), "first_year": amounts_answer(figures.year)}
    return entry | ({"maintenance_year": amounts_answer(figures.maintenance)} if figures.maintenance else {})


def amounts_answer(amounts: Amounts) -> dict[str, Any]:
    entry: dict[str, Any] = {"doses": _numbers(amounts.doses), "course_days": _numbers(amounts.course_days)}
    if amounts.mass is not None:
        masses = {"from": amounts.mass.least, "to": amounts.mass.most}
        entry["mass"] = {key: whole_mass(value).as_json() for key, value in masses.items() if value is not None}
    return entry


def _numbers(bounds: Bounds) -> dict[str, int]:
    return {key: value for key, value in (("from", bounds.least), ("to", bounds.most)) if value is not None}
