"""Lots drawn from a seed."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

Choice = TypeVar("Choice")


class Lots:
    """What a seed gives: to the same question the same answer, whatever was asked before, on every machine and by
    every version of Python."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def number(self, question: str, least: int, most: int) -> int:
        """A number from `least` to `most`, both among them."""
        drawn = blake2b(f"{self._seed}:{question}".encode(), digest_size=8).digest()
        return least + int.from_bytes(drawn, "big") % (most - least + 1)

    def pick(self, question: str, choices: Sequence[Choice]) -> Choice:
        """One of several."""
        return choices[self.number(question, 0, len(choices) - 1)]

    def some(self, question: str, choices: Sequence[Choice], count: int) -> tuple[Choice, ...]:
        """So many of several, none of them twice."""
        order = sorted(range(len(choices)), key=lambda n: self.number(f"{question}:{n}", 0, 2**64 - 1))
        return tuple(choices[n] for n in order[:count])
