"""`plan` from the command line, a cold process each time, beside `python -c pass`."""

from __future__ import annotations

from measure import EXAMPLE, process_seconds, python, table

CHOICE = [
    "--protocol",
    "uk-bnf-noneuro",
    "--start",
    "2026-01-05",
    "--choose",
    "maintenance_interval=3 mo",
    "--on",
    "2026-01-02",
]


def main() -> None:
    rows = []
    for name, extra in (("plan --json", ["--json"]), ("plan, text", [])):
        ours, bare = process_seconds(
            python("-m", "cobalamin", "plan", str(EXAMPLE), *CHOICE, *extra), python("-c", "pass")
        )
        rows.append((name, f"{ours * 1000:.0f} ms", f"python -c pass {bare * 1000:.0f} ms, ratio {ours / bare:.1f}"))
    ours, bare = process_seconds(
        python("-m", "cobalamin", "propose", str(EXAMPLE), "--on", "2026-01-02", "--json"), python("-c", "pass")
    )
    rows.append(
        ("propose --json", f"{ours * 1000:.0f} ms", f"python -c pass {bare * 1000:.0f} ms, ratio {ours / bare:.1f}")
    )
    table("cold process", rows)


if __name__ == "__main__":
    main()
