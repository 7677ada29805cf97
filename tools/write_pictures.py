"""Draws the pictures of the documentation with the program itself.

python tools/write_pictures.py
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
COMPARED = ("uk-bnf-noneuro", "nl-ftk", "au-vitab12-noneuro", "fr-cn-malabs", "us-cn-pa", "ca-bc-oral", "no-oral")
PICTURES = {
    "protocols-compared.svg": (
        "compare", "examples/pernicious-anaemia.yaml", "--only", *(part for name in COMPARED for part in ("--protocol", name)),
        "--start", "2026-01-05", "--on", "2026-01-02", "--svg",
    ),
}  # fmt: skip


def draw(name: str, folder: Path) -> Path:
    """Draw one picture into a folder in which it does not exist yet. Raises CalledProcessError."""
    picture = folder / name
    command = [sys.executable, "-m", "cobalamin", *PICTURES[name], str(picture)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return picture


if __name__ == "__main__":
    for name in PICTURES:
        (FOLDER / name).unlink(missing_ok=True)
        sys.stdout.write(f"{draw(name, FOLDER)} is drawn\n")
