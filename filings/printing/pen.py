"""What every page is written with: a canvas that gives the same bytes for the same page, words in the fonts that have
them, the mark across the page."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import NamedTuple

import segno
from reportlab.pdfgen.canvas import Canvas

from filings.printing.documents import MARK
from filings.printing.lettering import NAME, font, runs, width

Colour = tuple[float, float, float]
"""Red, green and blue, each from 0 to 1."""


class Ink(NamedTuple):
    """How lines and letters come out: grey of the letter, and the grey and width of what smears around it."""

    letter: float
    smear: float
    spread: float


SHARP = Ink(0, 0, 0)
UNCLEAR = Ink(0.55, 0.72, 1.7)
"""Direct printing on a bad day (FAQ 2.7): strokes run into each other. The words stay in the file."""


def new_canvas(out: BytesIO, title: str, size: tuple[float, float]) -> Canvas:
    """An empty file."""
    font()
    canvas = Canvas(out, pagesize=size, invariant=1, lang="zh-CN", initialFontName=NAME)
    canvas.setTitle(f"{title}（{MARK}）")
    canvas.setAuthor("单一窗口业务演练系统（模拟环境）")
    canvas.setSubject(MARK)
    return canvas


class Pen:
    """Writes on a canvas."""

    def __init__(self, canvas: Canvas, ink: Ink = SHARP) -> None:
        self.canvas, self.ink = canvas, ink

    def words(
        self, x: float, y: float, text: str, size: float, weight: float = 0, colour: Colour | None = None
    ) -> None:
        """Text on its baseline; `weight` is the width of an outline that makes it bold."""
        canvas, outline = self.canvas, self.ink.spread * size / 9 or weight
        if colour:
            canvas.setFillColorRGB(*colour)
            canvas.setStrokeColorRGB(*colour)
        else:
            canvas.setFillGray(self.ink.letter)
            canvas.setStrokeGray(self.ink.smear)
        canvas.setLineWidth(outline)
        for name, part in runs(text):
            canvas.setFont(name, size)
            canvas.drawString(x, y, part, mode=2 if outline else 0)
            x += width(part, size)

    def centred(
        self, x: float, y: float, text: str, size: float, weight: float = 0, colour: Colour | None = None
    ) -> None:
        """Text with its middle at x."""
        self.words(x - width(text, size) / 2, y, text, size, weight, colour)

    def watermark(self, wide: float, high: float, turned: float = 52) -> None:
        """The mark across a page of a size."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setFillGray(0.35, 0.13)
        canvas.setFont(NAME, 46)
        canvas.translate(wide / 2, high / 2)
        canvas.rotate(turned)
        canvas.drawString(-width(MARK, 46) / 2, -16, MARK)
        canvas.restoreState()

    def qr(self, x: float, y: float, side: float, address: str) -> None:
        """An address as a square of so many points, its lower left corner at x and y."""
        matrix = _matrix(address)
        module = side / len(matrix)
        path = self.canvas.beginPath()
        for row, line in enumerate(matrix):
            for start, length in line:
                path.rect(x + start * module, y + side - (row + 1) * module, length * module, module)
        self.canvas.setFillGray(self.ink.letter)
        self.canvas.drawPath(path, stroke=0, fill=1)


@lru_cache(maxsize=256)
def _matrix(address: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """The rows of a QR code, each as its dark runs: where they start and how long they are."""
    rows = []
    for line in segno.make(address, error="m", micro=False).matrix:
        dark_runs: list[tuple[int, int]] = []
        for n, dark in enumerate(line):
            if dark and dark_runs and sum(dark_runs[-1]) == n:
                dark_runs[-1] = (dark_runs[-1][0], dark_runs[-1][1] + 1)
            elif dark:
                dark_runs.append((n, 1))
        rows.append(tuple(dark_runs))
    return tuple(rows)
