"""Drawing set pages as PDF: ReportLab's canvas, the fonts embedded and subset, the same bytes for the same document."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from filings.printing.documents import MARK, Document, missed
from filings.printing.lettering import width
from filings.printing.pen import SHARP, Ink, Pen, new_canvas
from filings.printing.setting import HIGH, LEFT, RIGHT, TOP, WIDE, Box, Mark, Setting, Tick, Words

QR, QR_FOOT = 62.0, TOP + 17
"""The side of the square and where it stands: with four of its modules white around it, as the standard asks."""

HAIR, FRAME = 0.5, 1.1


def draw(document: Document, setting: Setting, address: str, ink: Ink = SHARP) -> bytes:
    """The pages as a PDF file; `address` is where the document can be verified."""
    out = BytesIO()
    canvas = new_canvas(out, f"{document.paper.label} {document.number}", (WIDE, HIGH))
    for n, page in enumerate(setting.pages, 1):
        _Page(canvas, document, setting, ink).draw(page, n, address)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


class _Page(Pen):
    """One page."""

    def __init__(self, canvas: Canvas, document: Document, setting: Setting, ink: Ink) -> None:
        super().__init__(canvas, ink)
        self.document, self.setting = document, setting

    def draw(self, marks: Sequence[Mark], n: int, address: str) -> None:
        self.head(n, address)
        self.canvas.setStrokeGray(self.ink.smear)
        boxes = [mark for mark in marks if isinstance(mark, Box)]
        for box in boxes:
            self.box(box)
        foot = min(box.y for box in boxes)
        self.canvas.setLineWidth(FRAME + self.ink.spread / 2)
        self.canvas.rect(LEFT, foot, RIGHT - LEFT, TOP - foot)
        for mark in marks:
            match mark:
                case Words():
                    self.words(mark.x, mark.y, mark.text, mark.size)
                case Tick():
                    self.tick(mark)
        self.foot(n)
        self.watermark(WIDE, HIGH)

    def head(self, n: int, address: str) -> None:
        title = self.document.paper.label + ("（续）" if n > 1 else "")
        size = 2 * self.document.size
        self.words((WIDE - width(title, size)) / 2, HIGH - 62, title, size, weight=0.025 * size)
        for row, text in enumerate(self.document.facing, 1):
            self.words(LEFT, TOP - 5 + (len(self.document.facing) + 1 - row) * 12, text, 8)
        self.qr(RIGHT - QR, QR_FOOT, QR, address)
        caption = "扫码核验（模拟）"
        self.words(RIGHT - QR + (QR - width(caption, 6.5)) / 2, TOP + 4.5, caption, 6.5)

    def foot(self, n: int) -> None:
        pages = f"第 {n} 页 / 共 {len(self.setting.pages)} 页"
        self.words(LEFT, 36, MARK, 8)
        self.words((WIDE - width(pages, 8)) / 2, 36, pages, 8)
        self.words(RIGHT - width(self.document.number, 8), 36, self.document.number, 8)
        if self.setting.missing:
            self.words(LEFT, 50, f"注：{missed(self.setting.missing)}", 8)

    def box(self, box: Box) -> None:
        self.canvas.setLineWidth(HAIR + self.ink.spread / 2)
        self.canvas.setFillGray(0.945)
        self.canvas.rect(box.x, box.y, box.width, box.height, fill=int(box.shaded))

    def tick(self, tick: Tick) -> None:
        canvas = self.canvas
        canvas.setStrokeGray(self.ink.letter)
        canvas.setLineWidth(0.7 + self.ink.spread)
        canvas.rect(tick.x, tick.y, tick.size, tick.size)
        if tick.chosen:
            canvas.setLineWidth(1.3 + self.ink.spread)
            path = canvas.beginPath()
            for n, (right, up) in enumerate(((0.18, 0.5), (0.42, 0.22), (0.86, 0.86))):
                (path.lineTo if n else path.moveTo)(tick.x + right * tick.size, tick.y + up * tick.size)
            canvas.drawPath(path)
