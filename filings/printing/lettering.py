"""The two fonts of paper: which writes a character, how wide that is, where a text breaks and where it is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFDocument
from reportlab.pdfbase.ttfonts import TTFont

from filings.printing.documents import COMBINING, MISSING, composed

NAME, MORE = "NotoSansSC", "NotoSansSCMore"
FILES = {NAME: "NotoSansSCGBK.ttf", MORE: "NotoSansSCMore.ttf"}
"""Noto Sans SC, SIL Open Font License 1.1 (see OFL.txt beside them): the 21 881 glyphs of GBK, and 11 017 others it
has."""

_UNITS = re.compile(
    rf"\n|[^\S\n]|[《〈「『（【“‘(\[]*(?:[!-'*-~À-ɏḀ-ỿ{COMBINING}]+|\S[{COMBINING}]*)[，。、；：！？）》〉」』】”’)\]]*"
)
"""What a line may end behind: a Chinese character, a Latin word, each with the marks and punctuation that cling to
it."""

_ASTRAL = re.compile(r"<([0-9A-F]{5,6})>")

_one_at_a_time = Lock()


class _Font(TTFont):
    """A font several documents may be drawn with at once, whose words are copied off the paper as they were written."""

    def addObjects(self, doc: PDFDocument) -> None:
        # ReportLab cuts a subset by a place in the file that the whole process shares.
        with _one_at_a_time:
            super().addObjects(doc)
        # It tells readers U+20BB7 as <20BB7>; they take UTF-16.
        for name, written in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                written.content = _ASTRAL.sub(_utf_16, written.content)


def _utf_16(found: re.Match[str]) -> str:
    return f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>"


class Glyph(NamedTuple):
    """What writes a character: the font that has it, and its width in thousandths of the size."""

    font: str
    width: float


def font(name: str = NAME) -> TTFont:
    """A font, read when it is first needed: once, whoever else prints at that moment."""
    with _one_at_a_time:
        return _read(name)


@cache
def _read(name: str) -> TTFont:
    read = _Font(name, str(Path(__file__).parent / "fonts" / FILES[name]))
    pdfmetrics.registerFont(read)
    return read


@lru_cache(maxsize=8192)
def glyph(char: str) -> Glyph | None:
    """What writes a character: the first font, or else the second, which most documents never need. A line's end is
    the first's."""
    for name in FILES:
        face = font(name).face
        if ord(char) in face.charToGlyph or char == "\n":
            return Glyph(name, face.getCharWidth(ord(char)))
    return None


def legible(text: str) -> tuple[str, int]:
    """The text composed, with 〓 for every character the fonts do not have, and how many there were."""
    text = composed(text.replace("\r\n", "\n").replace("\t", " "))
    missing = sum(glyph(char) is None for char in text)
    return ("".join(char if glyph(char) else MISSING for char in text) if missing else text), missing


def runs(text: str) -> Iterator[tuple[str, str]]:
    """A legible text in parts of one font each: its name, and the part."""
    for name, part in groupby(text, lambda char: _written(char).font):
        yield name, "".join(part)


def width(text: str, size: float) -> float:
    """How wide a text is, in points."""
    return sum(_written(char).width for char in text) * size / 1000


def _written(char: str) -> Glyph:
    """The glyph of a character, or of what stands for it."""
    found = glyph(char) or glyph(MISSING)
    assert found is not None
    return found


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
