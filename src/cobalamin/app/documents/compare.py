"""A comparison as the JSON document of `compare`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from cobalamin.amounts import Mass
from cobalamin.app.documents.plan import Renderer, day_answer, mass_answer
from cobalamin.app.documents.types import compare as answers
from cobalamin.app.documents.types.base import UNSET, UnsetType, given, known
from cobalamin.app.documents.types.common import MassRange
from cobalamin.app.services.compared import Say
from cobalamin.spans import add
from cobalamin.text.messages import length
from cobalamin.therapy.comparison.amounts import Amounts, Bounds
from cobalamin.therapy.comparison.aspects import is_loading
from cobalamin.therapy.comparison.causes import ALL_ASPECTS, Cause, Difference, Side, cites_of, text_of
from cobalamin.therapy.comparison.checks import Check
from cobalamin.therapy.comparison.comparison import YEAR, Compared, Comparison, Figures
from cobalamin.therapy.comparison.ways import Way
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
    return say(key, span=length(comparison.policy.decision_after), whose=whose)


class CompareRenderer(Renderer):
    """Renders comparisons against one library."""

    def compare(self, comparison: Comparison) -> answers.CompareAnswer:
        sides = zip(comparison.compared, comparison.sides, strict=True)
        return answers.CompareAnswer(
            on=str(comparison.on),
            library=self.library.edition,
            start=str(comparison.start),
            days=comparison.days,
            policy=comparison.policy.name,
            protocols=[self._compared(each, side, comparison) for each, side in sides],
            guidance=[
                answers.NamedGuidance(guidance=entry.id, title=entry.title, country=entry.country, status=entry.status)
                for entry in comparison.guidance
            ],
            common_checks=[self._check(check) for check in comparison.common_checks],
            differences=[self._difference(entry) for entry in comparison.differences],
            disagreements=[self.disagreement(entry) for entry in comparison.disagreements],
            not_applied=[
                answers.NotAppliedAnswer(choice=key, protocol=protocol) for key, protocol in comparison.not_applied
            ],
            needs=[self.fact_need(need) for need in comparison.proposal.needs],
            pending=list(comparison.proposal.pending),
            sources=self.sources(),
        )

    def _compared(self, each: Compared, side: Side, comparison: Comparison) -> answers.ComparedAnswer:
        protocol = each.protocol
        return answers.ComparedAnswer(
            protocol=protocol.id,
            version=protocol.version,
            title=protocol.title,
            country=protocol.country,
            status=protocol.status,
            kind=protocol.kind,
            population=each.content.population,
            level=each.level,
            standing=each.standing,
            named=each.named,
            accepted=each.accepted,
            same_as=given(protocol.same_as),
            reasons=[self.reason(reason) for reason in each.reasons],
            blocks=list(each.blocks),
            missing=list(each.missing),
            undated=list(each.undated),
            open_choices=list(each.open_choices),
            choices=dict(sorted(each.choices.items())),
            says={aspect: self._says(side, aspect, comparison.country) for aspect in ALL_ASPECTS},
            figures=_figures(each.figures) if each.figures else None,
            ways=[self._way(way, comparison) for way in each.ways],
            checks=[self._check(check) for check in each.checks],
        )

    def _says(self, side: Side, aspect: str, country: str) -> answers.SaysAnswer:
        return answers.SaysAnswer(
            text=self.text(text_of(side, aspect, country)),
            plain=self.text(text_of(side, aspect, country, plain=True)),
            citations=self.citations(cites_of([side], aspect)),
        )

    def _way(self, way: Way, comparison: Comparison) -> answers.WayAnswer:
        end, say = add(comparison.start, YEAR), self.library.own_words.text
        given_in_year = [
            entry
            for entry in way.entries
            if entry.kind in (schedule.DOSE, schedule.COURSE) and (entry.on or date.max) < end
        ]
        return answers.WayAnswer(
            end=way.end,
            choices=way.choices,
            assumed=[
                answers.AssumedAnswer(phase=phase, on=str(day), text=assumption_words(phase, comparison, say))
                for phase, day in way.decided
            ],
            items=[
                answers.WayItemAnswer(
                    kind=entry.kind, phase=entry.phase.phase.name, on=str(entry.on), until=day_answer(entry.until)
                )
                for entry in given_in_year
            ],
        )

    def _check(self, check: Check) -> answers.PlannedCheckAnswer:
        return answers.PlannedCheckAnswer(
            marker=given(check.marker),
            text=self.text(check.text),
            days=list(check.days),
            citations=self.citations(check.cites),
        )

    def _difference(self, difference: Difference) -> answers.DifferenceAnswer:
        positions = [
            answers.PositionAnswer(
                text=self.text(position.text),
                plain=self.text(position.plain),
                protocols=list(position.protocols),
                citations=self.citations(position.cites),
            )
            for position in difference.positions
        ]
        causes = [self._cause(cause) for cause in difference.causes]
        return answers.DifferenceAnswer(aspect=difference.aspect, positions=positions, causes=causes)

    def _cause(self, cause: Cause) -> answers.CauseAnswer:
        between: dict[str, list[str]] = {}
        for one, other in cause.pairs:
            between.setdefault(one, []).append(other)
        found = cause.disagreement
        return answers.CauseAnswer(
            cause=cause.cause,
            basis="library" if found else "derived",
            disagreement=found.id if found else UNSET,
            text=self.text(cause.text),
            sides=self.disagreement(found).sides if found else UNSET,
            between=[answers.PairsAnswer(protocol=one, against=others) for one, others in between.items()],
            citations=self.citations(cause.cites),
        )


def _figures(figures: Figures) -> answers.FiguresAnswer:
    return answers.FiguresAnswer(
        first_days=amounts_answer(figures.early),
        first_year=amounts_answer(figures.year),
        maintenance_year=amounts_answer(figures.maintenance) if figures.maintenance else UNSET,
    )


def amounts_answer(amounts: Amounts) -> answers.AmountsAnswer:
    mass: MassRange | UnsetType = UNSET
    if amounts.mass is not None:
        ends = (amounts.mass.least, amounts.mass.most)
        least, most = (UNSET if each is None else mass_answer(whole_mass(each)) for each in ends)
        mass = MassRange(least=least, most=most)
    return answers.AmountsAnswer(doses=_numbers(amounts.doses), course_days=_numbers(amounts.course_days), mass=mass)


def _numbers(bounds: Bounds) -> answers.NumberRange:
    return answers.NumberRange(least=known(bounds.least), most=known(bounds.most))
