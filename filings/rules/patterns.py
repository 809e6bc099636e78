"""Patterns in which `*` stands for anything, as fault and verification take them: what fits one, and whether anything
ever can."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache

Token = tuple[frozenset[str], bool]
"""Which characters may stand in a place, and whether any number of them may."""

_OTHER = "\N{REPLACEMENT CHARACTER}"
_LETTERS = frozenset(map(chr, range(0x20, 0x7F))) | {_OTHER}
"""Every character there is; those beyond ASCII are one."""

_NOT_SLASH, _DIGITS = _LETTERS - {"/"}, frozenset("0123456789")
_PLACES = re.compile(r"(<\w+:\w+>)")


def fits(text: str, pattern: str) -> bool:
    """Whether a text fits a pattern; every character of it but `*` stands for itself."""
    return fnmatchcase(text, re.sub(r"([?[])", r"[\1]", pattern))


def is_exact(pattern: str) -> bool:
    """Whether a pattern fits one text only, itself."""
    return "*" not in pattern


def fits_any(pattern: str, texts: Iterable[str]) -> bool:
    """Whether a pattern fits one of several texts at least."""
    return any(fits(text, pattern) for text in texts)


def can_fit(pattern: str, route: str) -> bool:
    """Whether some address of a route, such as `/filings/<str:filing>/declare`, fits a pattern."""
    ours, theirs = _tokens(pattern), _places(route)

    @cache
    def agree(n: int, m: int) -> bool:
        """Whether what is left of both has a text in common."""
        if n == len(ours) or m == len(theirs):
            return all(many for _, many in (*ours[n:], *theirs[m:]))
        (left, left_many), (right, right_many) = ours[n], theirs[m]
        if (left_many and agree(n + 1, m)) or (right_many and agree(n, m + 1)):
            return True
        if left_many and right_many:
            return False
        return bool(left & right) and agree(n if left_many else n + 1, m if right_many else m + 1)

    return agree(0, 0)


@cache
def _places(route: str) -> tuple[Token, ...]:
    """A route's tokens: a place holds one character at least, and no slash."""
    tokens: list[Token] = []
    for piece in _PLACES.split(route):
        if _PLACES.fullmatch(piece):
            letters = _DIGITS if piece.startswith("<int:") else _NOT_SLASH
            tokens += [(letters, False), (letters, True)]
        else:
            tokens += [(frozenset(letter), False) for letter in piece]
    return tuple(tokens)


def _tokens(pattern: str) -> tuple[Token, ...]:
    """A pattern's tokens. Several `*` in a row are one."""
    plain = (letter if letter in _LETTERS else _OTHER for letter in re.sub(r"\*+", "*", pattern))
    return tuple((_LETTERS, True) if letter == "*" else (frozenset(letter), False) for letter in plain)
