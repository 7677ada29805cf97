"""Counter-based random numbers: the number of a person depends on the seed and the person only, never on who else is drawn.

Philox 4x32 with ten rounds (Salmon and others 2011, "Parallel random numbers: as easy as 1, 2, 3"); tests hold it against the
authors' known answers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_FIRST, _SECOND = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_STEPS = (0x9E3779B9, 0xBB67AE85)
ROUNDS = 10


def philox(counter: tuple[Words, Words, Words, Words], key: tuple[int, int]) -> tuple[Words, Words, Words, Words]:
    """Four words of 32 bits for each counter."""
    a, b, c, d = counter
    for turn in range(ROUNDS):
        one, two = (np.uint64((part + turn * step) & 0xFFFFFFFF) for part, step in zip(key, _STEPS, strict=True))
        first, second = _FIRST * a, _SECOND * c
        a, b, c, d = (second >> _SHIFT) ^ b ^ one, second & _LOW, (first >> _SHIFT) ^ d ^ two, first & _LOW
    return a, b, c, d


def normals(seed: int, first: int, people: int, count: int) -> NDArray[np.float64]:
    """`count` standard normal numbers for each person from number `first`, one row a number."""
    blocks = -(-count // 2)
    person = np.arange(first, first + people, dtype=np.uint64)
    rows = []
    for block in range(blocks):
        zero = np.zeros(people, np.uint64)
        counter = (person & _LOW, person >> _SHIFT, zero + np.uint64(block), zero)
        words = philox(counter, (seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF))
        rows += _pair(words)
    return np.array(rows[:count]).reshape(count, people)


def _pair(words: tuple[Words, Words, Words, Words]) -> list[NDArray[np.float64]]:
    """Two normal numbers from four words (Box and Muller)."""
    one, two = (_unit(words[place], words[place + 1]) for place in (0, 2))
    radius, angle = np.sqrt(-2.0 * np.log(one)), 2.0 * np.pi * two
    return [radius * np.cos(angle), radius * np.sin(angle)]


def _unit(high: Words, low: Words) -> NDArray[np.float64]:
    """A number above 0 and at most 1, to 53 bits."""
    bits = (high << np.uint64(21)) | (low >> np.uint64(11))
    return (bits.astype(np.float64) + 1.0) * 2.0**-53
