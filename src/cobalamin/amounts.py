"""Mass, volume and strength in exact decimals over a small closed unit table.

Typed amounts are read strictly: what could be read in two ways is refused and both readings are named (hazards H01,
H02, H05). Codes inside are UCUM (`ug`, `mg`, `g`, `mL`); "mcg" is accepted as typed text only, because a UCUM reader
takes it for milli-centigram. Text for people follows the reader's country.
"""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec import Struct

NANOGRAMS = {"ug": 1_000, "mg": 1_000_000, "g": 1_000_000_000}

# Typed words for each code, as written here or all in capitals; no other mixture, because "Mg" is another unit.
_MASS_WORDS = {
    "mcg": "ug", "ug": "ug", "\u00b5g": "ug", "\u03bcg": "ug", "microgram": "ug", "micrograms": "ug",
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "g": "g", "gram": "g", "grams": "g",
}  # fmt: skip
MASS_WORDS = {**_MASS_WORDS, **{word.upper(): code for word, code in _MASS_WORDS.items() if word.isascii()}}
VOLUME_WORDS = {
    "ML": "mL",
    "mL": "mL",
    "ml": "mL",
    "millilitre": "mL",
    "millilitres": "mL",
    "milliliter": "mL",
    "milliliters": "mL",
}

_NUMBER = r"(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,9})?"
_SPACE = "[ \u00a0\u202f]?"
_AMOUNT = re.compile(rf"({_NUMBER}){_SPACE}([A-Za-z\u00b5\u03bc]+)")
_THOUSANDS_POINT = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")

ACCEPTED = "write a number, a space and mg or micrograms, for example 1 mg or 250 micrograms"

# A reason for each unit that people type for a dose and that must not be guessed.
_REFUSED_UNITS = {
    "unit": "units are not used for vitamin B12",
    "units": "units are not used for vitamin B12",
    "u": "units are not used for vitamin B12",
    "iu": "international units are not used for vitamin B12",
    "ml": "a volume is not a dose: write the mass; `cobalamin dose --dose '1 mg' --strength '1 mg/mL'` says which volume it is, and `cobalamin dose --volume '1 mL' --strength '1 mg/mL'` which mass a volume holds",
    "pg": "picograms belong to blood results, not to doses",
    "ng": "nanograms belong to blood results, not to doses",
    "kg": "kilograms are not a dose",
}


# The whole content of the largest product is 5 g; more than this is a slip of a unit, and no number of the fold of many people.
MOST_NANOGRAMS = 100_000_000_000


class AmountRefused(ValueError):
    """A typed amount that can't be taken; the message says why and what is allowed."""


class Mass(Struct, frozen=True):
    """An amount of substance as written: an exact decimal and a UCUM code (`ug`, `mg`, `g`)."""

    value: Decimal
    unit: str

    @property
    def nanograms(self) -> int:
        """The same mass as a whole number of nanograms; finer amounts do not occur and are refused when read."""
        return int(self.value * NANOGRAMS[self.unit])

    @property
    def micrograms(self) -> Decimal:
        return plain(self.value * NANOGRAMS[self.unit] / 1000)

    def __str__(self) -> str:
        return f"{self.value:f} {'mcg' if self.unit == 'ug' else self.unit}"

    def as_json(self) -> dict[str, object]:
        """`{"value": "1", "unit": "mg", "ug": 1000}`, the form of the contract."""
        micrograms = self.micrograms
        number: object = int(micrograms) if micrograms == micrograms.to_integral_value() else float(micrograms)
        return {"value": f"{self.value:f}", "unit": self.unit, "ug": number}


class Strength(Struct, frozen=True):
    """Mass per volume as printed on a label: `1000 mcg/mL`, `10 mg/2 mL`."""

    mass: Mass
    volume_ml: Decimal

    @property
    def nanograms_per_ml(self) -> Decimal:
        return Decimal(self.mass.nanograms) / self.volume_ml

    def __str__(self) -> str:
        per = "mL" if self.volume_ml == 1 else f"{self.volume_ml} mL"
        return f"{self.mass}/{per}"


def plain(number: Decimal) -> Decimal:
    """The same number without exponent and without trailing zeros."""
    if number == number.to_integral_value():
        return number.quantize(Decimal(1))
    return Decimal(f"{number.normalize():f}")


def read_mass(text: str) -> Mass:
    """A typed mass such as `1 mg`, `0.5 mg`, `1000 micrograms`.

    Raises AmountRefused: with both readings where there are two ("1,000 mcg"), and for every unit that is not a mass
    a person would give.
    """
    text = text.strip()
    _refuse_ambiguous(text)
    match = _AMOUNT.fullmatch(text)
    if not match:
        raise AmountRefused(f"'{text}' can't be read as a dose; {ACCEPTED}")
    number, word = match.groups()
    if word not in MASS_WORDS:
        reason = _REFUSED_UNITS.get(word.lower(), f"'{word}' is not a unit for a dose")
        raise AmountRefused(f"'{text}': {reason}; {ACCEPTED}")
    if _THOUSANDS_POINT.fullmatch(number):
        one, thousand = plain(Decimal(number)), number.replace(".", "")
        raise AmountRefused(f"'{text}' can be read as {one} {word} or as {thousand} {word}; {ACCEPTED}")
    mass = Mass(Decimal(number), MASS_WORDS[word])
    if mass.value == 0:
        raise AmountRefused(f"'{text}' is no dose: it must be more than zero; {ACCEPTED}")
    if mass.value * NANOGRAMS[mass.unit] != mass.nanograms:
        raise AmountRefused(f"'{text}' is finer than a nanogram; {ACCEPTED}")
    return mass


def read_dose(text: str) -> Mass:
    """A mass that may have been given to somebody. Raises AmountRefused, also for more than 100 g."""
    mass = read_mass(text)
    if mass.value * NANOGRAMS[mass.unit] > MOST_NANOGRAMS:
        raise AmountRefused(f"'{text}' is no dose: it is more than 100 g; {ACCEPTED}")
    return mass


def _refuse_ambiguous(text: str) -> None:
    """What must be refused before any pattern is tried, because it has two readings or hides one."""
    if any(character.isdigit() and not character.isascii() for character in text):
        raise AmountRefused(f"'{text}' has digits of another script; use 0 to 9; {ACCEPTED}")
    if "," in text:
        whole, _, rest = text.partition(",")
        digits = re.match(r"[0-9]*", rest.strip())
        decimals = digits.group() if digits else ""
        unit = rest.strip()[len(decimals) :].strip() or "(no unit)"
        raise AmountRefused(
            f"'{text}' can be read as {whole}.{decimals} {unit} or as {whole}{decimals} {unit}; write it without a comma: {ACCEPTED}"
        )
    if re.search(r"[0-9][eE][+-]?[0-9]", text):
        raise AmountRefused(f"'{text}' has an exponent; {ACCEPTED}")
    if re.match(r"[+-]?\.[0-9]", text) or re.search(r"[0-9]\.(?![0-9])", text):
        raise AmountRefused(
            f"'{text}' has a point without a digit on both sides, which is easily overlooked; {ACCEPTED}"
        )
    if re.fullmatch(r"[0-9.]+", text):
        raise AmountRefused(f"'{text}' has no unit and can be read as {text} mg or as {text} micrograms; {ACCEPTED}")
    if len(re.findall(r"[A-Za-z\u00b5\u03bc]+", text)) > 1:
        raise AmountRefused(f"'{text}' has two units; {ACCEPTED}")


def read_volume_ml(text: str) -> Decimal:
    """A typed volume such as `1 mL` or `0.125 mL`, in millilitres. Raises AmountRefused."""
    match = _AMOUNT.fullmatch(text.strip())
    if not match or match.group(2) not in VOLUME_WORDS or Decimal(match.group(1)) == 0:
        raise AmountRefused(f"'{text}' can't be read as a volume; write a number and mL, for example 1 mL")
    number = match.group(1)
    if _THOUSANDS_POINT.fullmatch(number):
        one, thousand = plain(Decimal(number)), number.replace(".", "")
        raise AmountRefused(
            f"'{text}' can be read as {one} mL or as {thousand} mL; write a number and mL, for example 1 mL"
        )
    return Decimal(number)


def read_strength(text: str) -> Strength:
    """A label strength such as `1000 mcg/mL` or `10 mg/2 mL`. Raises AmountRefused."""
    mass_text, slash, volume_text = text.partition("/")
    if not slash:
        raise AmountRefused(
            f"'{text}' is not a strength; write it as on the label, for example 1000 mcg/mL or 10 mg/2 mL"
        )
    volume_text = volume_text.strip()
    volume = Decimal(1) if volume_text in VOLUME_WORDS else read_volume_ml(volume_text)
    return Strength(read_mass(mass_text), volume)


def containers_for(dose: Mass, content: Mass) -> tuple[Decimal, bool]:
    """How many containers of `content` hold `dose`, to a thousandth, and whether that is exactly a whole number."""
    exact = Decimal(dose.nanograms) / content.nanograms
    whole = dose.nanograms % content.nanograms == 0
    return plain(exact if whole else exact.quantize(Decimal("0.001"))), whole


def volume_for(dose: Mass, strength: Strength) -> Decimal:
    """The volume in mL that holds `dose`, to a thousandth of a millilitre (finer than any syringe).

    A smaller volume keeps two figures, so that it is never told as nothing.
    """
    volume = Decimal(dose.nanograms) / strength.nanograms_per_ml
    rounded = volume.quantize(Decimal("0.001"))
    return plain(rounded if rounded else Decimal(f"{volume:.1e}"))


def mass_in(volume_ml: Decimal, strength: Strength) -> Mass:
    """The mass that a volume holds, to a nanogram. Raises AmountRefused for less than that, and for more than 100 g."""
    unit = strength.mass.unit
    exact = strength.mass.value * volume_ml / strength.volume_ml
    mass = Mass(plain(exact.quantize(Decimal(1) / NANOGRAMS[unit])), unit)
    if not 0 < mass.nanograms <= MOST_NANOGRAMS:
        raise AmountRefused(
            f"{volume_ml:f} mL of {strength} is no dose: it holds less than a nanogram or more than 100 g"
        )
    return mass


# -- laboratory values -----------------------------------------------------------------------------------------------

# How many of the smallest unit of its kind each unit is: exact by definition. The prefixes are those of the SI (BIPM, The International
# System of Units, 9th edition, table 7), the codes those of UCUM; 1 U = 1 umol/min, 1 ukat = 1 umol/s.
_EXACT: tuple[dict[str, Decimal], ...] = (
    {
        "ng/L": Decimal(1), "pg/mL": Decimal(1), "ug/L": Decimal(1000), "ng/mL": Decimal(1000), "mg/L": Decimal(10**6),
        "mg/dL": Decimal(10**7), "g/L": Decimal(10**9), "g/dL": Decimal(10**10),
    },
    {
        "pmol/L": Decimal(1), "nmol/L": Decimal(1000), "umol/L": Decimal(10**6), "mmol/L": Decimal(10**9),
        "meq/L": Decimal(10**9),  # of an ion with one charge: only potassium has this unit
    },
    {"/uL": Decimal(1), "10*3/uL": Decimal(1000), "10*9/L": Decimal(1000)},
    {"%": Decimal(1), "L/L": Decimal(100)},
    {"U/L": Decimal(1), "ukat/L": Decimal(60)},
    {"mIU/L": Decimal(1), "uIU/mL": Decimal(1)},
    {"mL/min/{1.73_m2}": Decimal(1), "mL/min/1.73m2": Decimal(1)},
)  # fmt: skip
# Between mass and moles for vitamin B12 only: molar mass 1355.4, rounded as sources round it, so no exact notation of one value.
_PMOL_IN_NG_OF_B12 = Decimal("0.738")
_NG_PER_L = ("ng/L", "pg/mL")


def exact_value(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """`value` in another notation of the same unit; None where the two are not exactly the same kind."""
    if unit == wanted:
        return value
    scale = next((each for each in _EXACT if unit in each and wanted in each), None)
    return value * scale[unit] / scale[wanted] if scale else None


def laboratory_value(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """`value` in another laboratory unit; None where this program knows no conversion. A result is converted beside what
    was entered, never relabelled."""
    exact = exact_value(value, unit, wanted)
    if exact is None and unit in _NG_PER_L and wanted == "pmol/L":
        return value * _PMOL_IN_NG_OF_B12
    if exact is None and unit == "pmol/L" and wanted in _NG_PER_L:
        return value / _PMOL_IN_NG_OF_B12
    return exact


# -- text for people -------------------------------------------------------------------------------------------------

_MCG_COUNTRIES = frozenset({"US"})


class UnitWords(Struct, frozen=True):
    """What a language may change in a dose: the word for micrograms, and no comma where readers take it for a decimal."""

    microgram: str = "microgram"
    micrograms: str = "micrograms"
    thousands: str = ","


ENGLISH_UNITS = UnitWords()


def mass_text(mass: Mass, country: str | None = None, units: UnitWords = ENGLISH_UNITS) -> str:
    """A dose in words: "1 mg (1,000 micrograms)", in the US "1,000 mcg (1 mg)".

    No micro sign, no trailing zero, always a leading zero, and no decimal where a whole number of the smaller unit
    exists (style of the Institute for Safe Medication Practices and of the NHS; hazard H01). The form is the same in every language (docs/adr/0010).
    """
    micrograms = mass.micrograms
    small = f"{_grouped(micrograms, units)} {_small_unit(country, units, micrograms == 1)}"
    milligrams = plain(micrograms / 1000)
    if milligrams != milligrams.to_integral_value():
        return small
    large = f"{_grouped(milligrams, units)} mg"
    return f"{small} ({large})" if country in _MCG_COUNTRIES else f"{large} ({small})"


_AMOUNTS_IN_TEXT = re.compile(
    r"(?<![\w.,-])([0-9][0-9,.]*(?:(?: to | or | and |-)[0-9][0-9,.]*)?) (mcg|micrograms?|mg)\b(?: \((mcg|micrograms?)\))?"
)
_WHOLE = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])|(?<![0-9.,])[0-9]{4,}(?![0-9,])")


def amounts_in_text(text: str, country: str, units: UnitWords = ENGLISH_UNITS) -> str:
    """A sentence with its amounts in the unit word and the thousands mark of its reader; no number changes."""
    if " m" not in text:  # where no unit follows, the search below would still try every place
        return text

    def told(found: re.Match[str]) -> str:
        amount, beside = _as_read(found.group(1), found.group(2), country, units), found.group(3)
        return amount if beside is None or amount.endswith(f" {beside}") else f"{amount} ({beside})"

    return _AMOUNTS_IN_TEXT.sub(told, text)


def _as_read(numbers: str, unit: str, country: str, units: UnitWords) -> str:
    grouped = _WHOLE.sub(lambda number: _grouped(Decimal(number.group().replace(",", "")), units), numbers)
    return f"{grouped} {unit if unit == 'mg' else _small_unit(country, units, numbers == '1')}"


def _small_unit(country: str | None, units: UnitWords, one: bool) -> str:
    if country in _MCG_COUNTRIES:
        return "mcg"
    return units.microgram if one else units.micrograms


def _grouped(number: Decimal, units: UnitWords) -> str:
    return f"{number:,f}".replace(",", units.thousands)


def strength_text(strength: Strength, country: str | None = None, units: UnitWords = ENGLISH_UNITS) -> str:
    """A strength in the words of the country: "1,000 micrograms/mL", in the US "1,000 mcg/mL"."""
    per = "mL" if strength.volume_ml == 1 else f"{plain(strength.volume_ml)} mL"
    return f"{_grouped(strength.mass.micrograms, units)} {_small_unit(country, units, one=False)}/{per}"


def volume_text(volume_ml: Decimal) -> str:
    return f"{plain(volume_ml):,f} mL"
