"""What may be typed: lines to copy for each command, shown at the foot of its help."""

from __future__ import annotations

LINES: dict[str, tuple[str, ...]] = {
    "new": ("new anna.yaml --birth-date 1958-03-02 --country GB",),
    "take-over": (
        "take-over anna.yaml --protocol uk-bnf-noneuro --last-dose 2026-10-05 --by 'Dr A' --interval '3 mo'",
        "take-over anna.yaml --protocol uk-bnf-noneuro --last-dose 2026-10 --by 'Dr A'",
    ),
    "check": ("check anna.yaml",),
    "demo": ("demo", "demo --plain"),
    "assess": ("assess anna.yaml", "assess anna.yaml --plain"),
    "propose": ("propose anna.yaml --ask", "propose anna.yaml --all"),
    "compare": ("compare anna.yaml", "compare --protocol uk-bnf-noneuro --protocol us-cn-pa"),
    "whatif": ("whatif anna.yaml",),
    "plan": ("plan anna.yaml --protocol uk-bnf-noneuro --start 2026-12-01 --choose maintenance_interval='3 mo'",),
    "accept": (
        "accept anna.yaml --protocol uk-bnf-noneuro --start 2026-12-01 --choose maintenance_interval='3 mo' --by 'Dr A'",
        "accept anna.yaml 1 --every '3 mo' --by 'Dr A'",
    ),
    "due": (
        "due anna.yaml",
        "due anna.yaml --if-given today",
        "due anna.yaml --ampoules 3 --away 2026-12-20..2027-01-04",
    ),
    "today": ("today patients", "today patients --on +1d"),
    "record": (
        "record anna.yaml given today",
        "record anna.yaml result potassium='3.9 mmol/L'",
        "record anna.yaml symptoms tiredness=4",
        "record anna.yaml result 2026-04-10 --paste",
    ),
    "set": ("set anna.yaml pregnancy=pregnant",),
    "undo": ("undo anna.yaml",),
    "review": ("review anna.yaml", "review anna.yaml --as-recorded 2026-09-01"),
    "explain": ("explain anna.yaml 2027-01-05",),
    "sheet": ("sheet anna.yaml -o anna.pdf",),
    "letter": ("letter anna.yaml -o anna-letter.pdf",),
    "calendar": ("calendar anna.yaml -o anna.ics",),
    "serve": ("serve --folder patients",),
    "ask": ("ask 'can I have it a week early?' --plain", "ask 'when is my next one?' --case anna.yaml"),
    "dose": ("dose --dose '250 mcg' --strength '1 mg/mL'", "dose --volume '0.5 mL' --strength '1000 mcg/mL'"),
    "simulate": ("simulate anna.yaml",),
    "library": ("library list --country GB", "library show uk-bnf-noneuro"),
    "panel": (
        "panel look list.csv --write list.yaml",
        "panel today list.csv --mapping list.yaml --print week.pdf",
        "panel build list.csv --mapping list.yaml --into practice",
        "panel recall practice",
    ),
    "settings": (
        "settings country=GB name='Nurse B' words=professional",
        "settings session batch=HX1 expires=2027-06 by='Nurse B' site=deltoid",
    ),
    "schema": ("schema case",),
}


def epilog_of(name: str) -> str:
    """The lines of a command under their heading, each as it is typed."""
    title = "Example" if len(LINES[name]) == 1 else "Examples"
    return "\n".join(("\b", f"{title}:", *(f"  cobalamin {line}" for line in LINES[name])))
