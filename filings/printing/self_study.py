"""The record of self-study as PDF: who has practised what, how far, and that it is no qualification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from filings.printing.documents import MARK
from filings.printing.lettering import legible, width, wrap
from filings.printing.pen import Pen, new_canvas
from filings.printing.setting import BOTTOM, HIGH, LEFT, RIGHT, WIDE

STATEMENT = "模拟培训证明，非官方资质证明"
"""Stands beneath the title, and at the end."""

TITLE = "企业资质业务演练　自学记录"
SIZE, ROW = 9.0, 17.0
COLUMNS = (54.0, 300.0, 72.0)
"""How wide number, title and standing are; the rest is of the hints."""

QR = 72.0


@dataclass(frozen=True, slots=True)
class Studied:
    """One exercise: its entry, its title, how it stands, and how many hints were opened."""

    number: str
    title: str
    standing: str
    hints: int


@dataclass(frozen=True, slots=True)
class StudyRecord:
    """What stands on the paper. `parts` are headings, each with what is beneath; `address` is where it is verified."""

    name: str
    training_class: str
    dated: str
    rules_version: str
    summary: str
    parts: Sequence[tuple[str, Sequence[Studied]]]
    code: str
    address: str


def draw_study_record(record: StudyRecord) -> bytes:
    """The record as a PDF file."""
    out = BytesIO()
    canvas = new_canvas(out, TITLE, (WIDE, HIGH))
    page = _Page(canvas, record)
    page.head()
    for heading, rows in record.parts:
        page.part(heading, rows)
    page.closing()
    page.end()
    canvas.save()
    return out.getvalue()


class _Page(Pen):
    """Writes the record from top to bottom, on as many pages as it takes."""

    def __init__(self, canvas: Canvas, record: StudyRecord) -> None:
        super().__init__(canvas)
        self.record, self.y, self.n = record, HIGH - 84, 1

    def head(self) -> None:
        record = self.record
        self.centred(WIDE / 2, self.y, TITLE, 19, 0.3)
        self.y -= 24
        self.centred(WIDE / 2, self.y, STATEMENT, 12)
        self.qr(RIGHT - QR, self.y - 18 - QR, QR, record.address)
        facts = [
            ("姓名", record.name),
            *([("班级", record.training_class)] if record.training_class else []),
            ("日期", record.dated),
            ("规则版本", record.rules_version),
            ("完成情况", record.summary),
            ("核验码", record.code),
            ("核验地址", record.address),
        ]
        self.y -= 16
        for label, words in facts:
            for n, line in enumerate(wrap(legible(words)[0], 10, RIGHT - QR - 20 - LEFT - 66)):
                self.y -= 16
                if not n:
                    self.words(LEFT, self.y, label, 10)
                self.words(LEFT + 66, self.y, line, 10)
        self.y = min(self.y, HIGH - 84 - 24 - 18 - QR) - 22

    def part(self, heading: str, rows: Sequence[Studied]) -> None:
        self.room(3 * ROW)
        self.y -= 6
        self.words(LEFT, self.y, heading, 11, 0.12)
        self.y -= 8
        self.row(("条目", "练习", "情况", "看过的提示"), shaded=True)
        for studied in rows:
            hints = f"{studied.hints} 条" if studied.hints else "—"
            self.row((studied.number, studied.title, studied.standing, hints))
        self.y -= 14

    def row(self, cells: Sequence[str], *, shaded: bool = False) -> None:
        lines = wrap(legible(cells[1])[0], SIZE, COLUMNS[1] - 8)
        height = ROW + (len(lines) - 1) * SIZE * 1.35
        self.room(height)
        self.y -= height
        canvas, x = self.canvas, LEFT
        canvas.setLineWidth(0.5)
        canvas.setStrokeGray(0)
        canvas.setFillGray(0.945)
        for n, wide in enumerate((*COLUMNS, RIGHT - LEFT - sum(COLUMNS))):
            canvas.setStrokeGray(0)
            canvas.setFillGray(0.945)
            canvas.rect(x, self.y, wide, height, fill=int(shaded))
            top = self.y + height - 12
            for k, line in enumerate(lines if n == 1 else [legible(cells[n])[0]]):
                self.words(x + 4, top - k * SIZE * 1.35, line, SIZE)
            x += wide

    def closing(self) -> None:
        self.room(50)
        self.y -= 18
        self.words(LEFT, self.y, f"本记录由学员自学产生，{STATEMENT}；扫码或打开核验地址可以核对。", 9.5)
        self.y -= 15
        self.words(
            LEFT, self.y, "“通过”：全部检查项通过。“掌握”：在两个不同变式中通过，且最后一次没有看最后一条提示。", 8.5
        )

    def room(self, height: float) -> None:
        """Have so much room beneath; where there is not, go on on another page."""
        if self.y - height < BOTTOM:
            self.end()
            self.n += 1
            self.y = HIGH - 72

    def end(self) -> None:
        """What stands on every page; then the next."""
        self.words(LEFT, 36, MARK, 8)
        self.centred(WIDE / 2, 36, f"第 {self.n} 页", 8)
        name = legible(self.record.name)[0]
        self.words(RIGHT - width(name, 8), 36, name, 8)
        self.watermark(WIDE, HIGH)
        self.canvas.showPage()
