"""`review` of 46 doses with its full trace, beside the bare fold of the same events; and cold from the command line."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from measure import process_seconds, python, seconds, table

from cobalamin.app.documents.review import ReviewRenderer
from cobalamin.app.services.cases import open_case
from cobalamin.app.services.shipped import library
from cobalamin.spans import Span, add
from cobalamin.therapy import fold
from cobalamin.therapy.case.case import Case
from cobalamin.therapy.case.facts import facts_of
from cobalamin.therapy.case.record import record_on
from cobalamin.therapy.regimen.ladder import to_days
from cobalamin.therapy.review.course import follow
from cobalamin.therapy.review.review import review

ON = date(2036, 2, 1)
HEAD = """cobalamin: 1
patient: {id: bench, birth_date: 1958-03-02, sex: female, country: GB}
facts:
  {deficiency: confirmed, cause: pernicious_anaemia, neurological_involvement: absent, previous_treatment: none}
plan:
  {protocol: uk-bnf-noneuro, version: 1, start: 2026-01-05, choices: {maintenance_interval: 3 mo}}
record:
"""
LOADING = [date(2026, 1, day) for day in (5, 7, 9, 12, 14, 16)]


def file_of_46_doses(folder: Path) -> Path:
    days = LOADING + [add(LOADING[-1], Span(3, "mo"), times) for times in range(1, 41)]
    lines = [f"  - {{date: {day}, kind: administration, as_planned: true}}\n" for day in days]
    path = folder / "bench.yaml"
    path.write_text(HEAD + "".join(lines), encoding="utf-8")
    return path


def bare_fold(case: Case) -> tuple[object, int]:
    """A function that folds the same doses and nothing else, and their number."""
    record = record_on(case, ON)
    course = follow(library(), case, facts_of(case, ON), record)
    plan = fold.a_plan(to_days(LOADING[0]), 0, to_days(LOADING[0]), 0)
    doses = [fold.a_dose(to_days(step.event.on or ON), 0, 0, 0, 0, 0, 0, fold.AS_PLANNED) for step in course.steps]

    def run() -> None:
        state = fold.step(fold.start(), plan, course.rungs, course.windows)
        for dose in doses:
            state = fold.step(state, dose, course.rungs, course.windows)
        fold.forecast(state, course.rungs, course.windows, to_days(ON))

    return run, len(doses)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = file_of_46_doses(Path(folder))
        case = open_case(path)
        bare, number = bare_fold(case)
        seen = review(library(), case, ON)
        whole = seconds(lambda: review(library(), case, ON))
        shown = seconds(lambda: ReviewRenderer(library()).review(seen))
        least = seconds(bare)
        cold, nothing = process_seconds(
            python("-m", "cobalamin", "review", str(path), "--on", str(ON), "--json"), python("-c", "pass")
        )
    table(
        f"review of {number} doses",
        [
            (
                "review, in process",
                f"{whole * 1000:.2f} ms",
                f"bare fold {least * 1000:.2f} ms, ratio {whole / least:.1f}",
            ),
            ("its JSON document", f"{shown * 1000:.2f} ms", ""),
            (
                "review --json, cold",
                f"{cold * 1000:.0f} ms",
                f"python -c pass {nothing * 1000:.0f} ms, ratio {cold / nothing:.1f}",
            ),
        ],
    )


if __name__ == "__main__":
    main()
