"""Pinyin initials, by which a clerk finds a row: `gd` 广东省, `sz` 深圳市.

The readings stand in `data/initials.txt`, made by `manage.py initials`: first the letter of every character from
U+4E00 on (“?” where it is not read), then names of the code tables that are read otherwise than their characters
alone. Read when the first letters are typed, and then once.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

FIRST = 0x4E00
"""The first character that has a letter."""


@lru_cache(maxsize=8192)
def initials(name: str) -> str:
    """The first letters of a name's characters in small letters: letters and digits stay, all else is left out."""
    letters, names = _readings()
    return names.get(name) or spelt(name, letters)


def spelt(name: str, letters: str) -> str:
    """The same, character by character."""
    return "".join(_letter(char, letters) for char in name.casefold())


def _letter(char: str, letters: str) -> str:
    if char.isascii():
        return char if char.isalnum() else ""
    at = ord(char) - FIRST
    return letters[at].replace("?", "") if 0 <= at < len(letters) else ""


@cache
def _readings() -> tuple[str, dict[str, str]]:
    letters, *names = (files(__package__) / "data/initials.txt").read_text(encoding="utf-8").splitlines()
    return letters, dict(line.split("\t") for line in names)
