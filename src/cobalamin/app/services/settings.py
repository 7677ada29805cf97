"""Settings: what a command would otherwise ask for. A setting fills in and decides nothing.

It is said wherever it is used, and written into the case file where it belongs there. A file that can't be read is never
replaced: then a command asks as if there were none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from cobalamin.app.services.files import locked, read_bytes, save_new, save_text
from cobalamin.app.services.own_files import SETTINGS, make_own, mapping_in, settings_folder
from cobalamin.app.services.planning import find_product
from cobalamin.app.services.shipped import known_language
from cobalamin.app.services.typed import country_code
from cobalamin.casefile.yaml_text import line_end, lines_of, quoted
from cobalamin.errors import InputError, visible
from cobalamin.knowledge.document import read_text
from cobalamin.knowledge.reading import did_you_mean
from cobalamin.records import replace

PATIENT, PROFESSIONAL = "patient", "professional"
LONGEST = 200


@dataclass(frozen=True)
class Settings:
    """What is set; "" where nothing is. `words`: whose words answers are in; `language`: a language of the library."""

    country: str = ""
    name: str = ""
    practice: str = ""
    product: str = ""
    words: str = ""
    language: str = ""


KEYS = tuple(each.name for each in fields(Settings))


def settings_file() -> Path:
    return settings_folder() / SETTINGS


def read_settings() -> Settings:
    """What is set; nothing where there is no file. Raises InputError with one sentence for a file that can't be read."""
    file = settings_file()
    return _settings_in(read_bytes(file), file) if file.exists() else Settings()


def _settings_in(content: bytes, file: Path) -> Settings:
    return Settings(**{key: _checked(key, value, str(file)) for key, value in mapping_in(content, file, KEYS).items()})


def changed_settings(changes: Mapping[str, str]) -> Settings:
    """Write these values, "" to take one out; every other line of the file stays. Raises InputError; then nothing is written."""
    for key in changes:
        if key not in KEYS:
            message = f"is no setting{did_you_mean(key, KEYS)}; settings are {', '.join(KEYS)}"
            raise InputError.one("settings", key, message)
    values = {key: _checked(key, value.strip(), "settings") for key, value in changes.items()}
    if values.get("product"):
        values["product"] = find_product(values["product"]).id
    file = settings_file()
    try:
        make_own(file.parent)
    except OSError as error:
        raise InputError.one(str(file), "", f"can't be written: {error.strerror or error}") from None
    with locked(file):
        return _write(file, values)


def _write(file: Path, values: Mapping[str, str]) -> Settings:
    content = read_bytes(file) if file.exists() else None
    wanted = replace(_settings_in(content or b"", file), **values)
    text = _with_values(read_text(content, str(file)) if content else "", values)
    if _settings_in(text.encode("utf-8"), file) != wanted:
        raise InputError.one(str(file), "", "can't be changed line by line; put each setting on its own line")
    if content is None:
        save_new(file, text.encode("utf-8"))
    else:
        save_text(file, text, was=content)
    return wanted


def _with_values(text: str, values: Mapping[str, str]) -> str:
    end = line_end(text)
    lines = [line for line in lines_of(text) if line.partition(":")[0].strip() not in values]
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines[-1] += end
    return "".join([*lines, *(f"{key}: {quoted(value)}{end}" for key, value in values.items() if value)])


def _checked(key: str, value: str, file: str) -> str:
    """The value, where it can be one. Raises InputError."""
    if key == "country":
        return _country(value, file)
    if key == "language" and value:
        return known_language(value, f"{file}: language")
    if key == "words" and value not in ("", PATIENT, PROFESSIONAL):
        raise InputError.one(file, key, f"'{value}' must be {PATIENT} or {PROFESSIONAL}")
    if len(value) > LONGEST or visible(value) != value or "\n" in value:
        raise InputError.one(file, key, f"must be one line of at most {LONGEST} characters")
    return value


def _country(value: str, file: str) -> str:
    try:
        return country_code(value)
    except InputError as error:
        raise InputError.one(file, "country", error.faults[0].message) from None
