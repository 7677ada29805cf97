"""Writes the hashes of the JSON documents that must stay the same bytes, after a change that is meant.

python tools/write_kept_documents.py           # the hashes, into tests/app/documents/kept_documents.txt
python tools/write_kept_documents.py FOLDER    # the documents; `diff -r` of two such folders shows what changed
"""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
PLACES = [str(TESTS), *(str(TESTS / name) for name in ("app", "app/documents", "cases"))]


def main(folders: list[str]) -> None:
    sys.path[:0] = PLACES  # pytest knows these folders from pyproject.toml
    from kept_documents import write_documents, write_hashes

    if not folders:
        write_hashes()
    for folder in folders:
        write_documents(Path(folder).absolute())


if __name__ == "__main__":
    main(sys.argv[1:])
