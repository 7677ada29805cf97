"""Reading the compiled library, typing all of it, vetting all YAML, and `propose` over all protocols in process."""

from __future__ import annotations

import json
from datetime import date

from measure import EXAMPLE, seconds, table

from cobalamin.app.services.cases import open_case
from cobalamin.app.services.shipped import library
from cobalamin.knowledge.library import Library
from cobalamin.knowledge.loading import COMPILED, compiled, data_folder, from_folder, reading_faults
from cobalamin.therapy.proposal.proposal import propose
from cobalamin.therapy.vetting.vetting import vet


def read_anew() -> Library:
    """What a new process reads: `compiled` remembers its answer."""
    compiled.cache_clear()
    return compiled()


def vetted() -> None:
    fresh = from_folder(data_folder())
    reading_faults(fresh)
    vet(fresh)


def main() -> None:
    text = (data_folder().parent / COMPILED).read_text("utf-8")
    bare = seconds(lambda: json.loads(text))
    read = seconds(read_anew)
    typed = seconds(lambda: read_anew().protocols(), runs=10)
    vetting = seconds(vetted, runs=3, warm=1)
    case, shipped = open_case(EXAMPLE), library()
    proposing = seconds(lambda: propose(shipped, case, date(2026, 1, 2)), runs=200)
    table(
        "library",
        [
            (
                "read the compiled library",
                f"{read * 1000:.1f} ms",
                f"json.loads alone {bare * 1000:.1f} ms, ratio {read / bare:.1f}",
            ),
            ("read and type all protocols", f"{typed * 1000:.1f} ms", f"ratio {typed / bare:.1f} to json.loads"),
            ("read and vet all YAML", f"{vetting:.2f} s", f"{len(from_folder(data_folder()).documents)} files"),
            (
                "propose, in process",
                f"{proposing * 1000:.2f} ms",
                f"{sum(not p.guidance for p in shipped.protocols())} protocols",
            ),
        ],
    )


if __name__ == "__main__":
    main()
