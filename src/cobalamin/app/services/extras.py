"""The packages of the extras: which command needs which, and one sentence where they are not there.

A missing extra leaves a comfort out, or a command that is nothing without it; it never takes an answer away.
"""

from __future__ import annotations

import importlib

from cobalamin.errors import InputError

MODULES: dict[str, tuple[str, ...]] = {
    "clinic": ("holidays",),
    "paper": ("typst", "icalendar"),
    "population": ("duckdb", "numpy", "pyarrow"),
    "fast": ("numba",),
    "kinetics": ("numpy",),
    "web": ("fastapi", "jinja2", "python_multipart", "segno", "uvicorn"),
    "spark": ("pandas", "pyspark"),
}


def missing(extra: str, *modules: str) -> str:
    """One sentence where a module can't be used, with how to get it; "" where all can.

    `modules`: the ones that are needed now; without them, all of the extra. They are imported: a package that is there
    and can't be loaded is as good as none.
    """
    for name in modules or MODULES[extra]:
        reason = _fault(name)
        if reason:
            return f"needs the extra '{extra}', because {name} {reason}: pip install 'cobalamin[{extra}]'"
    return ""


def _fault(name: str) -> str:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        return "is not installed" if error.name == name else f"can't be loaded ({_on_one_line(error)})"
    except (ImportError, OSError) as error:  # OSError: a library of the system that it is linked to
        return f"can't be loaded ({_on_one_line(error)})"
    return ""


def _on_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def need(command: str, extra: str, *modules: str) -> None:
    """Raise InputError where `command` is nothing without a module that can't be used."""
    sentence = missing(extra, *modules)
    if sentence:
        raise InputError.one(command, "", sentence)
