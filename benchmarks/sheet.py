"""`sheet` from the command line, a cold process each time, and the next sheet in a running one.

Beside them in the same run: `python -c pass`, and Typst on an empty page with the same fonts and standard.
"""

from __future__ import annotations

import itertools
import tempfile
from datetime import date
from pathlib import Path

from measure import EXAMPLE, process_seconds, python, seconds, table

from cobalamin.app.paper import typesetting
from cobalamin.app.paper.lines import Look
from cobalamin.app.paper.schedule import sheet_of_plan
from cobalamin.app.services import cases, planning, shipped
from cobalamin.records import replace

ON, START = date(2026, 1, 2), date(2026, 1, 5)
CHOICE = [
    "--protocol",
    "uk-bnf-noneuro",
    "--start",
    str(START),
    "--choose",
    "maintenance_interval=3 mo",
    "--on",
    str(ON),
]
EMPTY = '#set document(title: "empty")\n#set text(lang: "en")\n#sys.inputs.at("number")\n'


def cold(folder: Path) -> tuple[float, float]:
    written = folder / "sheet.pdf"
    command = python("-m", "cobalamin", "sheet", str(EXAMPLE), "-o", str(written), "--force", *CHOICE)
    return process_seconds(command, python("-c", "pass"))


def next_sheet() -> tuple[float, float]:
    """The page and its PDF for one patient after the other, so that nothing is known from before; and its data alone."""
    case = cases.open_case(EXAMPLE)
    options = planning.PlanOptions("uk-bnf-noneuro", START, {"maintenance_interval": "3 mo"})
    numbers = itertools.count()

    def page() -> dict[str, object]:
        born = date(1958, 3, 2).replace(year=1930 + next(numbers) % 60)
        patient = replace(case, patient=replace(case.patient, id=f"patient {next(numbers)}", birth_date=born))
        return sheet_of_plan(shipped.library(), patient, planning.plan_for(patient, options, ON), ON, Look())

    return seconds(lambda: typesetting.pdf_of("sheet.typ", page()), runs=20), seconds(page)


def empty_page(folder: Path) -> float:
    """A bare compilation: the same typesetter, fonts and standard, and nothing to set."""
    import typst

    source = folder / "empty.typ"
    source.write_text(EMPTY, "utf-8")
    compiler = typst.Compiler(source, font_paths=typst.Fonts(include_system_fonts=False), ignore_system_fonts=True)
    numbers = itertools.count()
    return seconds(
        lambda: compiler.compile(
            format="pdf", pdf_standards=["ua-1"], sys_inputs={"number": str(next(numbers))}, timestamp=0
        )
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        ours, bare = cold(Path(name))
        after, data = next_sheet()
        empty = empty_page(Path(name))
    rows = [
        (
            "sheet, cold process",
            f"{ours * 1000:.0f} ms",
            f"python -c pass {bare * 1000:.0f} ms, ratio {ours / bare:.1f}",
        ),
        (
            "next sheet, same process",
            f"{after * 1000:.0f} ms",
            f"an empty page {empty * 1000:.1f} ms, ratio {after / empty:.0f}",
        ),
        ("of it, plan and words", f"{data * 1000:.1f} ms", ""),
    ]
    table("sheet", rows)


if __name__ == "__main__":
    main()
