"""The one font of paper: what it can write, how wide that is, where it breaks and where it is cut."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from filings.printing.documents import MISSING

NAME = "NotoSansSC"
FILE = Path(__file__).parent / "fonts" / "NotoSansSCGBK.ttf"
"""Noto Sans SC, SIL Open Font License 1.1 (see OFL.txt beside it): the 21 881 glyphs of GBK."""

_UNITS = re.compile(r"\n|[^\S\n]|[《〈「『（【“‘(\[]*(?:[!-'*-~À-ɏ]+|\S)[，。、；：！？）》〉」』】”’)\]]*")
"""What a line may end behind: a Chinese character, a Latin word, each with the punctuation that clings to it."""

_one_at_a_time = Lock()


def font() -> TTFont:
    """The font, read at the first print: once, whoever else prints at that moment."""
    with _one_at_a_time:
        return _read()


@cache
def _read() -> TTFont:
    read = TTFont(NAME, str(FILE))
    pdfmetrics.registerFont(read)
    return read


def knows(char: str) -> bool:
    """Whether the font has a glyph for a character."""
    return char == "\n" or ord(char) in font().face.charToGlyph


def legible(text: str) -> tuple[str, int]:
    """The text with 〓 for every character the font does not have, and how many there were."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    missing = sum(not knows(char) for char in text)
    return ("".join(char if knows(char) else MISSING for char in text) if missing else text), missing


def width(text: str, size: float) -> float:
    """How wide a text is, in points."""
    face = font().face
    return sum(face.charWidths.get(ord(char), face.defaultWidth) for char in text) * size / 1000


def cut(text: str, size: float, room: float) -> str:
    """What of a text stands in the room, whole characters only."""
    used = 0.0
    for n, char in enumerate(text):
        used += width(char, size)
        if used > room:
            return text[:n]
    return text


def wrap(text: str, size: float, room: float) -> list[str]:
    """The lines of a text in the room; a word longer than a line is broken."""
    lines, used = [""], 0.0
    for unit in _UNITS.findall(text):
        wide = width(unit, size) if unit != "\n" else room
        if unit == "\n" or (used + wide > room and lines[-1]):
            lines.append("")
            used = 0.0
        if unit == "\n" or (unit.isspace() and not lines[-1]):
            continue
        while wide > room:
            part = cut(unit, size, room) or unit[0]
            unit = unit[len(part) :]
            wide = width(unit, size)
            lines[-1] = part
            lines.append("")
        lines[-1] += unit
        used += wide
    return lines
