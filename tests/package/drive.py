"""Runs commands of the installed program in one process and writes what came back. Of Python's own library alone.

It is run inside the environments of these tests, where nothing else is installed, and in Python 3.14 as WebAssembly.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import json
import os
import pkgutil
import shutil
import sys
import tempfile
from pathlib import Path

PURE = ("amounts", "spans", "errors", "knowledge", "text", "therapy", "search", "casefile")


def answer(command: list[str]) -> dict[str, object]:
    """Exit code and both outputs of one command."""
    from cobalamin.app.cli import main

    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["cobalamin", *command]
    code: object = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main.main()
        except SystemExit as end:
            code = end.code or 0
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file and folder below a folder by its name in it."""
    found = {str(file.relative_to(folder)): file for file in folder.rglob("*")}
    return {name: file.read_bytes() if file.is_file() else b"" for name, file in found.items()}


def answers(steps: list[list[str]]) -> list[dict[str, object]]:
    """What each step answers, in a folder of their own with the examples, and the files that it wrote or changed."""
    package = Path(str(importlib.import_module("cobalamin").__file__)).parent
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for example in (package / "examples").glob("*.yaml"):
            shutil.copy(example, folder)
        shutil.copytree(package / "examples" / "practice", folder / "practice")
        os.chdir(folder)
        found = []
        for step in steps:
            before = contents(folder)
            said = answer([word.replace("{package}", str(package)) for word in step])
            after = contents(folder)
            written = sorted(file for file, content in after.items() if before.get(file) != content)
            found.append({**said, "written": written, "gone": sorted(set(before) - set(after))})
        os.chdir("/")
    return found


def commands() -> dict[str, list[str]]:
    """Every command of the program, as the program's own tree has it, with its options."""
    import typer.main

    from cobalamin.app.cli.main import app

    found: dict[str, list[str]] = {}

    def walk(command: object, path: tuple[str, ...]) -> None:
        below = getattr(command, "commands", None)
        if below is None:
            found[" ".join(path)] = sorted(name for each in command.params for name in each.opts)  # type: ignore[attr-defined]  # Click's
            return
        for name, each in below.items():
            walk(each, (*path, name))

    walk(typer.main.get_command(app), ())
    return found


def imported() -> list[str]:
    """Every module of the packages that need nothing but YAML, after importing it."""
    names = []
    for top in PURE:
        module = importlib.import_module(f"cobalamin.{top}")
        names.append(module.__name__)
        for each in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{module.__name__}."):
            importlib.import_module(each.name)
            names.append(each.name)
    return names


def main(asked: str) -> str:
    """`asked`: JSON with `rows` (each a list of steps) and `modules` (names to look for)."""
    what = json.loads(asked)
    found = {
        "python": list(sys.version_info[:2]), "commands": commands(), "imported": imported(),
        "rows": [answers(steps) for steps in what["rows"]],
        "modules": [name for name in what["modules"] if importlib.util.find_spec(name)],
    }  # fmt: skip
    return json.dumps(found)


if __name__ == "__main__":
    os.environ["COLUMNS"] = "100"
    sys.stdout.write(main(sys.stdin.read()))
