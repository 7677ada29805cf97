"""Typed amounts: read exactly or refused, and written so that no reader can be a thousandfold wrong."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from cobalamin.amounts import AmountRefused, Mass, mass_text, read_mass
from cobalamin.therapy.case.facts import facts_of
from hazards import hazard

from .people import TODAY, case_of

MICROGRAM_WORDS = ("mcg", "ug", "\u00b5g", "\u03bcg", "microgram", "micrograms")
MILLIGRAM_WORDS = ("mg", "milligram", "milligrams")
GRAM_WORDS = ("g", "gram", "grams")
NANOGRAMS = {
    **dict.fromkeys(MICROGRAM_WORDS, Decimal(10) ** 3),
    **dict.fromkeys(MILLIGRAM_WORDS, Decimal(10) ** 6),
    **dict.fromkeys(GRAM_WORDS, Decimal(10) ** 9),
}
CODES = {word: "ug" if word in MICROGRAM_WORDS else "mg" if word in MILLIGRAM_WORDS else "g" for word in NANOGRAMS}
PLAIN_DIGITS = r"\d+(\.\d+)?"

whole_parts = st.integers(0, 999_999_999).map(str) | st.integers(0, 2000).map(str)
fractions = st.just("") | st.text("0123456789", min_size=1, max_size=9).map(lambda digits: f".{digits}")
numbers = st.builds(str.__add__, whole_parts, fractions)
words = st.sampled_from(list(NANOGRAMS))
gaps = st.sampled_from(["", " ", "\u00a0", "\u202f"])


def message_of(text: str) -> str:
    """Why a text is refused; a text that is read fails the test."""
    with pytest.raises(AmountRefused) as refused:
        read_mass(text)
    return str(refused.value)


def assert_refused(text: str) -> None:
    assert f"'{text.strip()}'" in message_of(text)


def assert_both_readings(text: str, one: str, other: str) -> None:
    message = message_of(text)
    assert f"'{text}'" in message
    assert f" {one} or as {other}" in message


def thousands_point(number: str) -> bool:
    """1.500 is a thousand and a half to some readers and one and a half to others."""
    return bool(re.fullmatch(r"[1-9]\d?\d?\.\d{3}", number))


@st.composite
def masses(draw: st.DrawFn) -> Mass:
    """Every mass that can be typed."""
    number, word = draw(numbers), draw(words)
    amount = Decimal(number) * NANOGRAMS[word]
    assume(amount > 0 and amount == int(amount) and not thousands_point(number))
    return read_mass(f"{number} {word}")


@st.composite
def doses_by_weight(draw: st.DrawFn) -> Mass:
    """Every dose that a body weight can give."""
    kilograms = draw(st.integers(1, 200))
    decimals = draw(st.sampled_from(["", ".5", ".25", ".625"]))
    facts = facts_of(case_of({"weight": f"{kilograms}{decimals} kg"}), TODAY)
    dose = facts.dose_per_kg(read_mass(draw(st.sampled_from(["0.2 mcg", "1 mcg", "30 mcg"]))))
    assert dose is not None
    return dose


# -- reading ---------------------------------------------------------------------------------------------------------


@hazard("H01")
@given(numbers, gaps, words)
def test_a_typed_amount_is_exactly_what_was_typed_or_refused(number: str, gap: str, word: str) -> None:
    text, amount = f"{number}{gap}{word}", Decimal(number) * NANOGRAMS[word]
    if amount == 0 or amount != int(amount) or thousands_point(number):
        assert_refused(text)
        return
    mass = read_mass(text)
    assert (mass.value, mass.unit, mass.nanograms) == (Decimal(number), CODES[word], int(amount))


@hazard("H01")
@given(numbers, st.sampled_from(MILLIGRAM_WORDS), st.sampled_from(MICROGRAM_WORDS))
def test_the_same_number_in_mg_and_in_micrograms_is_a_thousandfold_apart(number: str, large: str, small: str) -> None:
    assume(Decimal(number) * 1000 == int(Decimal(number) * 1000) > 0 and not thousands_point(number))
    milligrams, micrograms = read_mass(f"{number} {large}"), read_mass(f"{number} {small}")
    assert milligrams.nanograms == 1000 * micrograms.nanograms
    assert milligrams != micrograms
    assert str(milligrams) != str(micrograms)
    assert mass_text(milligrams) != mass_text(micrograms)


@hazard("H01")
@given(masses())
@example(read_mass("0.0000001 g"))
def test_every_typed_mass_written_as_text_reads_back_equal(mass: Mass) -> None:
    assert read_mass(str(mass)) == mass


@hazard("H01")
@given(doses_by_weight())
def test_every_dose_by_weight_written_as_text_reads_back_equal(dose: Mass) -> None:
    assert read_mass(str(dose)) == dose


@hazard("H01")
@given(masses())
@example(read_mass("0.0000001 g"))
def test_no_typed_mass_is_written_with_an_exponent(mass: Mass) -> None:
    assert re.fullmatch(PLAIN_DIGITS, str(mass.as_json()["value"]))


@hazard("H01")
@given(doses_by_weight())
def test_no_dose_by_weight_is_written_with_an_exponent(dose: Mass) -> None:
    assert re.fullmatch(PLAIN_DIGITS, str(dose.as_json()["value"]))


@hazard("H01")
@given(st.integers(1, 399).map("{}.5 kg".format) | st.integers(300, 999).map("{} g".format) | st.just("0.3 kg"))
def test_no_weight_that_a_case_file_may_hold_gives_an_empty_dose(weight: str) -> None:
    dose = facts_of(case_of({"weight": weight}), TODAY).dose_per_kg(read_mass("0.2 mcg"))
    assert dose is not None
    assert dose.nanograms > 0


@given(st.text(max_size=12))
def test_any_text_at_all_is_read_or_refused_and_never_breaks_the_program(text: str) -> None:
    try:
        mass = read_mass(text)
    except AmountRefused:
        assert_refused(text)
    else:
        assert mass.nanograms > 0


# -- refusing --------------------------------------------------------------------------------------------------------


@hazard("H01")
@given(st.integers(0, 9999), st.text("0123456789", min_size=1, max_size=6), words)
def test_a_comma_is_refused_with_both_readings(whole: int, rest: str, word: str) -> None:
    assert_both_readings(f"{whole},{rest} {word}", f"{whole}.{rest} {word}", f"{whole}{rest} {word}")


@hazard("H01")
@given(numbers, words, st.data())
def test_a_comma_anywhere_is_refused(number: str, word: str, data: st.DataObject) -> None:
    text = f"{number} {word}"
    place = data.draw(st.integers(0, len(text)))
    assert_refused(f"{text[:place]},{text[place:]}")


@hazard("H01")
@given(numbers)
def test_a_number_without_a_unit_is_refused_with_both_readings(number: str) -> None:
    assert_both_readings(number, f"{number} mg", f"{number} micrograms")


@hazard("H01")
@given(st.integers(1, 999), st.text("0123456789", min_size=3, max_size=3), words)
def test_a_point_that_may_part_thousands_is_refused_with_both_readings(whole: int, rest: str, word: str) -> None:
    message = message_of(f"{whole}.{rest} {word}")
    assert f"'{whole}.{rest} {word}'" in message
    assert f"as {whole}{rest} {word}" in message
    assert re.search(rf"as {whole}(\.\d+)? {word} or", message)


@given(st.text("0123456789", min_size=1, max_size=5), gaps, words)
def test_a_leading_or_trailing_point_is_refused(digits: str, gap: str, word: str) -> None:
    assert_refused(f".{digits}{gap}{word}")
    assert_refused(f"{digits}.{gap}{word}")


@given(numbers, st.sampled_from(["e", "E"]), st.sampled_from(["", "+", "-"]), st.integers(0, 9), gaps, words)
def test_an_exponent_is_refused(number: str, letter: str, sign: str, power: int, gap: str, word: str) -> None:
    assert_refused(f"{number}{letter}{sign}{power}{gap}{word}")


@given(numbers, words, numbers, words, st.sampled_from(["", " ", "/", " + ", " or "]))
def test_two_units_are_refused(number: str, word: str, other: str, second: str, between: str) -> None:
    assert_refused(f"{number} {word}{between}{other} {second}")
    assert_refused(f"{number} {word} {second}")


@given(numbers, words, st.sampled_from([0xFF10, 0x0660, 0x06F0, 0x0966, 0x1D7CE]))
def test_digits_of_another_script_are_refused(number: str, word: str, zero: int) -> None:
    typed = "".join(chr(zero + int(sign)) if sign.isdigit() else sign for sign in number)
    assert_refused(f"{typed} {word}")


@hazard("H05")
@given(
    numbers,
    gaps,
    st.sampled_from(
        ["unit", "units", "Units", "UNITS", "U", "u", "IU", "iu", "ml", "mL", "ML", "pg", "ng", "NG", "kg", "l", "%"]
    ),
)
def test_units_that_are_no_mass_a_person_would_give_are_refused(number: str, gap: str, unit: str) -> None:
    assert_refused(f"{number}{gap}{unit}")


@hazard("H01")
@given(numbers, gaps, words.map(str.swapcase) | words.map(str.title) | words.map(str.upper))
def test_units_in_other_letters_are_refused_and_not_guessed(number: str, gap: str, word: str) -> None:
    assume(word not in NANOGRAMS and not (word.isupper() and word.isascii()))
    assert_refused(f"{number}{gap}{word}")


@given(masses())
def test_units_all_in_capitals_are_read_as_the_same(mass: Mass) -> None:
    assert read_mass(str(mass).upper()) == mass


@given(numbers, words, st.sampled_from("-+~<>=\u00b1"))
def test_a_sign_before_the_number_is_refused(number: str, word: str, sign: str) -> None:
    assert_refused(f"{sign}{number} {word}")


# -- writing ---------------------------------------------------------------------------------------------------------

any_mass = masses() | doses_by_weight()
readers = st.sampled_from([None, "", "GB", "IE", "AU", "NZ", "US", "NL"])


@hazard("H01")
@given(any_mass, readers)
def test_a_dose_in_words_has_no_micro_sign_no_trailing_zero_and_no_naked_point(mass: Mass, country: str | None) -> None:
    text = mass_text(mass, country)
    assert not re.search(r"[\u00b5\u03bc]", text)
    assert not re.search(r"\.\d*0(?!\d)", text)
    assert not re.search(r"(?<!\d)\.|\.(?!\d)", text)
    assert not re.search(r"\d[eE]", text)


@hazard("H01")
@given(any_mass, readers)
def test_the_two_units_of_a_dose_in_words_agree(mass: Mass, country: str | None) -> None:
    parts = re.findall(r"([\d,.]+) (mg|mcg|micrograms?)", mass_text(mass, country))
    assert {Decimal(number.replace(",", "")) * (10**6 if unit == "mg" else 1000) for number, unit in parts} == {
        mass.nanograms
    }
    assert len({unit for _, unit in parts}) == len(parts) in (1, 2)


@hazard("H01")
@given(masses())
def test_the_reader_s_country_decides_the_words_and_never_the_amount(mass: Mass) -> None:
    american, british = mass_text(mass, "US"), mass_text(mass, "GB")
    assert "microgram" not in american
    assert "mcg" not in british
    assert sorted(re.findall(r"[\d,.]+", american)) == sorted(re.findall(r"[\d,.]+", british))


def test_vitamin_b12_results_are_converted_by_one_constant_and_back() -> None:
    from decimal import Decimal

    from cobalamin.amounts import laboratory_value

    assert laboratory_value(Decimal(200), "ng/L", "pg/mL") == 200
    assert laboratory_value(Decimal(180), "ng/L", "pmol/L") == Decimal("132.840")
    assert laboratory_value(Decimal("132.840"), "pmol/L", "pg/mL") == 180
    assert laboratory_value(Decimal(270), "umol/L", "nmol/L") == 270_000
    assert laboratory_value(Decimal(1), "nmol/L", "ug/L") is None  # of folate: its constant is not that of vitamin B12
    assert laboratory_value(Decimal(1), "pmol/L", "g/L") is None
