"""Reading what was printed, with PDFium: not the library that drew it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pypdfium2

from filings.lab.worlds import cast
from filings.printing import form
from filings.printing.documents import Document, Mode
from filings.printing.drawing import draw
from filings.printing.pen import SHARP, Ink
from filings.printing.setting import Setting, set_on_pages
from filings.rules.kinds import KINDS, Kind
from filings.rules.words import Paper

ADDRESS = "http://127.0.0.1:8000/verify/documents/" + "x" * 67
ON = date(2021, 12, 1)
Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a reader finds it."""

    size: tuple[float, float]
    text: str
    boxes: list[Rectangle]

    def where(self, words: str, behind: str = "") -> list[Rectangle]:
        """The boxes (left, foot, right, top) of the characters of some words, at their first place behind others."""
        at = self.text.index(words, self.text.index(behind) + len(behind))
        return self.boxes[at : at + len(words)]


def read(pdf: bytes) -> list[Page]:
    """The pages of a file; line ends are left out, so that places and boxes agree."""
    pages = []
    for page in pypdfium2.PdfDocument(pdf):
        words = page.get_textpage()
        told = [
            (char, words.get_charbox(n))
            for n in range(words.count_chars())
            if (char := words.get_text_range(n, 2 if _halved(words, n) else 1)) not in ("", "\r", "\n")
        ]
        pages.append(Page(page.get_size(), "".join(char for char, _ in told), [box for _, box in told]))
    return pages


def _halved(words: pypdfium2.PdfTextPage, n: int) -> bool:
    """Whether a character is the first half of one beyond U+FFFF: PDFium counts each half, and tells neither alone."""
    return 0xD800 <= pypdfium2.raw.FPDFText_GetUnicode(words, n) < 0xDC00


def text(pdf: bytes) -> str:
    """Everything a file says, without white space."""
    return squeezed("".join(page.text for page in read(pdf)))


def squeezed(words: str) -> str:
    return re.sub(r"\s", "", words)


def document(kind: Kind | None = None, modes: dict[str, Mode] | None = None, **changes: Any) -> Document:
    """The record form of the reference registration, with some fields changed."""
    content = {**cast.REFERENCE, **changes}
    return Document(
        paper=Paper.RECORD_FORM,
        number="SIM-BAXXB-202112010000001",
        subject="F000001",
        code="x" * 67,
        facing=("文书编号：SIM-BAXXB-202112010000001", "申请单编号：SIM202112010000001"),
        blocks=form.blocks(kind or KINDS["registration"], content, ON, modes or {}),
        closing=form.CLOSING,
    )


def print_(one: Document, ink: Ink = SHARP) -> tuple[bytes, Setting]:
    """A document drawn, and how it was set."""
    setting = set_on_pages(one)
    return draw(one, setting, ADDRESS, ink), setting


def printed(ink: Ink = SHARP, **more: Any) -> bytes:
    return print_(document(**more), ink)[0]
