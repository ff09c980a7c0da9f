"""Whole columns of yes and no, packed 64 rows to a word."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
"""Row i is bit i % 64 of word i // 64; the bits behind the last row mean nothing."""
Operation = Callable[[Any, Any], Any]
Flags = npt.NDArray[np.bool_]

_SQUARES = [
    (np.uint64(7), np.uint64(0x00AA00AA00AA00AA)),
    (np.uint64(14), np.uint64(0x0000CCCC0000CCCC)),
    (np.uint64(28), np.uint64(0x00000000F0F0F0F0)),
]
"""How far bits lie from those that they change places with in a square of eight by eight, and which."""


def pack(flags: Flags) -> Bits:
    """One bit a row."""
    packed = np.packbits(flags, bitorder="little")
    whole = np.zeros((-(-len(flags) // 64)) * 8, dtype=np.uint8)
    whole[: len(packed)] = packed
    return whole.view(np.uint64)


def unpack(bits: Bits, rows: int) -> Flags:
    """One bool a row."""
    return np.unpackbits(bits.view(np.uint8), count=rows, bitorder="little").view(np.bool_)


def all_rows(rows: int) -> Bits:
    """Every row, and nothing behind the last."""
    return pack(np.ones(rows, dtype=np.bool_))


def no_rows(rows: int) -> Bits:
    """No row at all."""
    return np.zeros(-(-rows // 64), dtype=np.uint64)


class BitAlgebra:
    """Where something holds among some rows."""

    def __init__(self, rows: int) -> None:
        self.everywhere = all_rows(rows)
        self.nowhere = no_rows(rows)

    def every(self, parts: Iterable[Bits]) -> Bits:
        """Where all of them hold."""
        return _joined(operator.and_, operator.iand, parts, self.everywhere)

    def some(self, parts: Iterable[Bits]) -> Bits:
        """Where at least one of them holds."""
        return _joined(operator.or_, operator.ior, parts, self.nowhere)

    def other(self, part: Bits) -> Bits:
        """Everywhere else, and nothing behind the last row."""
        return self.everywhere ^ part


def _joined(first: Operation, further: Operation, parts: Iterable[Bits], none: Bits) -> Bits:
    """Parts joined, from the third on in the place of what was joined before."""
    each = list(parts)
    if len(each) < 2:
        return each[0] if each else none
    return reduce(further, each[2:], first(each[0], each[1]))


def codes(choices: Sequence[Bits], rows: int) -> npt.NDArray[np.uint8]:
    """For each row the place of the one choice that holds there; 0 where none does.

    The choices exclude each other, so that only their places' binary digits need to be unpacked.
    """
    result = np.zeros(rows, dtype=np.uint8)
    for digit in range(max(len(choices) - 1, 0).bit_length()):
        having = [choice for place, choice in enumerate(choices) if place >> digit & 1]
        column = unpack(np.bitwise_or.reduce(having), rows).view(np.uint8)
        result |= column << np.uint8(digit)
    return result


def masks(flags: Sequence[Bits], rows: int, per_word: int) -> npt.NDArray[np.int64]:
    """Bit masks, `per_word` flags to each: shape (rows, words)."""
    words = max(1, -(-len(flags) // per_word))
    out = np.zeros((rows, words), dtype="<i8")
    as_bytes = out.view(np.uint8).reshape(rows, words * 8)
    for word in range(words):
        of_word = flags[word * per_word : (word + 1) * per_word]
        for place in range(0, len(of_word), 8):
            as_bytes[:, word * 8 + place // 8] = _turned(of_word[place : place + 8])[:rows]
    return out


def _turned(flags: Sequence[Bits]) -> npt.NDArray[np.uint8]:
    """Up to eight flags, a bit each of one byte a row.

    Eight rows of eight flags are a square of bits in one word; to turn it over its diagonal, squares of one,
    two and four bits change places (Hacker's Delight, 7-3).
    """
    squares = np.zeros((len(flags[0]) * 8, 8), dtype=np.uint8)
    for digit, each in enumerate(flags):
        squares[:, digit] = each.view(np.uint8)
    square = squares.view("<u8")[:, 0]
    for shift, mask in _SQUARES:
        moved = (square ^ (square >> shift)) & mask
        square ^= moved ^ (moved << shift)
    return squares.reshape(-1)


def any_row(bits: Any) -> bool:
    """Whether some row is set; bits behind the last row must be clear."""
    return bool(np.any(bits))
