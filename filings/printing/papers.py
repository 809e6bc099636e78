"""材料包 as PDF: each paper on a page of its own, drawn so that one knows it for what it is, and never for a real one.

No emblem, no star and nobody's name stand in a seal: it says 模拟, and every page says what it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from math import cos, pi, sin
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from filings.printing.documents import MARK, missed
from filings.printing.lettering import legible, width, wrap
from filings.printing.pen import Colour, Pen, new_canvas
from filings.printing.setting import BOTTOM, HIGH, LEFT, RIGHT, WIDE
from filings.rules.papers import DossierPaper, PaperField, PaperKind
from filings.rules.papers.dossier import ROLES

RED: Colour = (0.78, 0.12, 0.14)
GREEN: Colour = (0.16, 0.36, 0.30)
BLUE: Colour = (0.20, 0.36, 0.55)
PALE: Colour = (0.945, 0.965, 0.985)

SEAL = 44.0
"""The radius of a seal, in points."""

ROUND = "模拟样张　不具效力"
"""Stands around in a seal."""

BODY, LEADING = 12.5, 1.7
FORM, PAD = 9.5, 5.0
"""The size of letters in a form, and what is left free in its cells."""

LABEL = 11.9
"""How wide the cell of a label is where two stand in a line, in letters."""


def draw_dossier(papers: Sequence[DossierPaper], client: str) -> bytes:
    """The papers of a client, in their order, as one PDF file; `client` is how the enterprise is called."""
    out = BytesIO()
    canvas = new_canvas(out, f"材料包 {client}", (WIDE, HIGH))
    for n, paper in enumerate(papers, 1):
        page = _PaperPage(canvas, paper, f"材料 {n} / {len(papers)}　{paper.title}")
        _LAYOUTS[paper.kind](page)
        page.end()
    canvas.save()
    return out.getvalue()


class _PaperPage(Pen):
    """A paper, on one page or, if it says much, on several."""

    def __init__(self, canvas: Canvas, paper: DossierPaper, name: str) -> None:
        super().__init__(canvas)
        self.paper, self.name = paper, name
        self.missing = 0
        self.wide, self.high = WIDE, HIGH
        self.y = 0.0
        self.fields = {field.label: self.legible(field.value) for field in paper.fields}
        canvas.setPageSize((self.wide, self.high))

    def legible(self, text: str) -> str:
        text, missing = legible(text)
        self.missing += missing
        return text

    def lie(self) -> None:
        """Turn the page on its side."""
        self.wide, self.high = HIGH, WIDE
        self.canvas.setPageSize((self.wide, self.high))

    def end(self) -> None:
        """What stands on every page; then the next."""
        note = missed(self.missing) if self.missing else ""
        self.words(LEFT, 20, MARK, 8)
        self.centred(self.wide / 2, 20, self.legible(note), 7)
        self.words(self.wide - LEFT - width(self.name, 8), 20, self.name, 8)
        self.watermark(self.wide, self.high, 35 if self.wide > self.high else 52)
        self.canvas.showPage()

    def room(self, height: float) -> None:
        """Have so much room beneath; where there is not, the paper goes on on another page."""
        if self.y - height < BOTTOM:
            self.end()
            self.title(f"{self.paper.title}（续）")

    # ── bricks ──

    def title(self, text: str, size: float = 22) -> None:
        self.centred(self.wide / 2, self.high - 84, text, size, 0.02 * size)
        self.y = self.high - 118

    def paragraph(self, text: str, size: float = BODY) -> None:
        for line in wrap(text, size, RIGHT - LEFT):
            self.room(size * LEADING)
            self.y -= size * LEADING
            self.words(LEFT, self.y, line, size)
        self.y -= size * 0.5

    def lines(self, x: float, y: float, text: str, size: float, room: float, leading: float = 1.45) -> float:
        """Text in a column; answers where the next may begin."""
        for line in wrap(text, size, room):
            self.words(x, y, line, size)
            y -= size * leading
        return y

    def table(self, rows: Iterable[Sequence[PaperField]], size: float = FORM) -> None:
        """Labels and what stands at them, in ruled lines of one or two."""
        rows, leading = list(rows), size * 1.35
        alone = all(len(row) == 1 for row in rows)
        label = max(width(row[0].label, size) for row in rows) + 2 * PAD + 0.1 if alone else LABEL * size
        for row in rows:
            wide = (RIGHT - LEFT) / len(row)
            cells = []
            for n, field in enumerate(row):
                x = LEFT + n * wide
                cells.append((x, label, field.label, True))
                cells.append((x + label, wide - label, self.fields[field.label], False))
            lines = [wrap(text, size, room - 2 * PAD) for _, room, text, _ in cells]
            height = max(map(len, lines)) * leading + 2 * PAD
            self.room(height)
            self.y -= height
            for (x, room, _, shaded), said in zip(cells, lines, strict=True):
                self.box(x, self.y, room, height, shaded)
                top = self.y + (height + len(said) * leading) / 2 - size * 1.1
                for n, line in enumerate(said):
                    self.words(x + PAD, top - n * leading, line, size)
        self.y -= 12

    def box(self, x: float, y: float, wide: float, high: float, shaded: bool) -> None:
        self.canvas.setLineWidth(0.5)
        self.canvas.setStrokeGray(0)
        self.canvas.setFillGray(0.945)
        self.canvas.rect(x, y, wide, high, fill=int(shaded))

    def seal(self, x: float, y: float) -> None:
        """A seal that cannot be taken for one, its middle at x and y."""
        canvas = self.canvas
        canvas.saveState()
        canvas.setStrokeColorRGB(*RED)
        canvas.setLineWidth(2.4)
        canvas.circle(x, y, SEAL)
        self.centred(x, y - 9, "模拟", 25, 0.5, RED)
        for n, char in enumerate(ROUND):
            turn = pi * (1.06 - 1.12 * n / (len(ROUND) - 1))
            canvas.saveState()
            canvas.translate(x + (SEAL - 13) * cos(turn), y + (SEAL - 13) * sin(turn))
            canvas.rotate(turn * 180 / pi - 90)
            self.centred(0, 0, char, 9, 0.1, RED)
            canvas.restoreState()
        canvas.restoreState()

    # ── papers ──

    def licence(self) -> None:
        """On its side and in a frame: the code at the left, what is told in two columns, at the foot who registered
        it."""
        self.lie()
        self.frame()
        self.centred(self.wide / 2, self.high - 112, "营 业 执 照", 42, 0.9)
        beneath = "（模拟样张）" if self.paper.kind == PaperKind.LICENCE else f"{self.paper.title}（模拟样张）"
        self.centred(self.wide / 2, self.high - 138, beneath, 13)
        self.words(66, self.high - 84, "统一社会信用代码", 10)
        self.words(66, self.high - 103, self.fields["统一社会信用代码"], 14, 0.3)
        at_the_head, at_the_foot = ("统一社会信用代码",), ("登记机关", "登记日期")
        rest = [field for field in self.paper.fields if field.label not in (*at_the_head, *at_the_foot)]
        for x, labels in ((70.0, _LEFT_OF_A_LICENCE), (446.0, None)):
            y = self.high - 182
            for field in rest:
                if (field.label in _LEFT_OF_A_LICENCE) is (labels is not None):
                    self.words(x, y, field.label, 12, colour=GREEN)
                    y = self.lines(x + 78, y, self.fields[field.label], 13, 250) - 9
        for label, y in zip(at_the_foot, (112, 88), strict=True):
            self.words(404, y, label, 12, colour=GREEN)
            self.words(404 + 78, y, self.fields[label], 12)
        self.seal(728, 112)

    def frame(self) -> None:
        """The border of a licence."""
        self.canvas.setStrokeColorRGB(*GREEN)
        for inset, line in ((36.0, 3.2), (42.0, 0.8), (50.0, 0.5)):
            self.canvas.setLineWidth(line)
            self.canvas.rect(inset, inset, self.wide - 2 * inset, self.high - 2 * inset)
        self.canvas.setFillColorRGB(*GREEN)
        for x in (42.0, self.wide - 50):
            for y in (42.0, self.high - 50):
                self.canvas.rect(x, y, 8, 8, stroke=0, fill=1)

    def identity_card(self) -> None:
        """Both sides of a card on one page, as it is copied."""
        self.centred(self.wide / 2, self.high - 70, f"{self.paper.title}正反面复印件", 15, 0.3)
        x, front, back = (WIDE - _CARD_WIDE) / 2, 446.0, 136.0
        for y in (front, back):
            self.canvas.setFillColorRGB(*PALE)
            self.canvas.setStrokeColorRGB(*BLUE)
            self.canvas.setLineWidth(1.2)
            self.canvas.roundRect(x, y, _CARD_WIDE, _CARD_HIGH, 14, fill=1)
        for label, right, up, room in _FRONT_OF_A_CARD:
            self.words(x + right, front + up, label, 11, colour=BLUE)
            begins = x + right + width(label, 11) + 12
            self.lines(begins, front + up, self.fields[label], 15, room)
        photograph = (x + _CARD_WIDE - 128, front + 84, 100, 130)
        self.canvas.setFillGray(0.86)
        self.canvas.setStrokeGray(0.6)
        self.canvas.rect(*photograph, fill=1)
        self.centred(photograph[0] + 50, photograph[1] + 68, "照片", 14)
        self.centred(photograph[0] + 50, photograph[1] + 48, "（模拟）", 12)
        self.centred(x + _CARD_WIDE / 2, back + 186, "居 民 身 份 证", 27, 0.6)
        self.centred(x + _CARD_WIDE / 2, back + 150, "模拟样张　虚构人员", 14, colour=RED)
        for label, up in (("签发机关", 74), ("有效期限", 42)):
            self.words(x + 106, back + up, label, 12, colour=BLUE)
            self.words(x + 180, back + up, self.fields[label], 14)

    def letter(self) -> None:
        """A title, to whom or between whom, what is agreed, and at the foot the seals and the day."""
        style = _LETTERS[self.paper.kind]
        self.title(self.paper.title)
        *said, dated = self.paper.fields
        heads, clauses = said[: style.heads], said[style.heads :]
        for field in heads:
            self.paragraph(f"{field.label}：{self.fields[field.label]}")
        self.paragraph(style.opening)
        if style.numbered:
            for n, field in enumerate(clauses):
                self.paragraph(f"第{'一二三四五六七八'[n]}条　{field.label}：{self.fields[field.label]}")
        else:
            self.y -= 4
            self.table(([field] for field in clauses), 11)
        self.room(190)
        top = self.y - 40
        for n, words in enumerate(style.sealed):
            x = LEFT + 90 if n == 0 and len(style.sealed) == 2 else RIGHT - 110
            self.centred(x, top, words, BODY)
            self.seal(x, top - 12 - SEAL)
        self.y = top - 42 - 2 * SEAL
        when = f"{dated.label}：{self.fields[dated.label]}"
        self.words(RIGHT - width(when, BODY) - 20, self.y, when, BODY)

    def form(self) -> None:
        """A ruled form: two to a line, what is long alone."""
        self.title(self.paper.title)
        *said, dated = self.paper.fields
        self.table(self.pairs(said))
        self.room(130)
        when = f"{dated.label}：{self.fields[dated.label]}"
        self.words(LEFT, self.y - 34, f"以上情况由本企业提供。{when}", BODY)
        self.seal(RIGHT - 70, self.y - 44)

    def pairs(self, fields: Sequence[PaperField]) -> list[list[PaperField]]:
        half = (RIGHT - LEFT) / 2 - LABEL * FORM - 2 * PAD
        rows: list[list[PaperField]] = []

        def fits(field: PaperField) -> bool:
            return width(self.fields[field.label], FORM) <= half

        for field in fields:
            last = rows[-1] if rows else []
            if len(last) == 1 and _whose(last[0]) == _whose(field) and fits(last[0]) and fits(field):
                last.append(field)
            else:
                rows.append([field])
        return rows


def _whose(field: PaperField) -> str:
    """The role a field of the form is about, "" for the enterprise."""
    return next((role for role in ROLES.values() if field.label.startswith(role)), "")


_LEFT_OF_A_LICENCE = ("名称", "类型", "法定代表人", "负责人", "经营范围")
_CARD_WIDE, _CARD_HIGH = 430.0, 271.0
_FRONT_OF_A_CARD = (
    ("姓名", 30, 220, 200),
    ("性别", 30, 186, 40),
    ("民族", 130, 186, 60),
    ("出生", 30, 152, 200),
    ("住址", 30, 118, 200),
    ("公民身份号码", 30, 34, 280),
)
"""Labels, where they stand on the card, and how much room there is for what follows."""


class _Letter(NamedTuple):
    """How a letter is: how many fields stand at its head, the sentence that opens it, who seals it, and whether it is
    in clauses. Its last field is its day."""

    heads: int
    opening: str
    sealed: tuple[str, ...]
    numbered: bool = False


_LETTERS: Mapping[PaperKind, _Letter] = {
    PaperKind.RESOLUTION: _Letter(1, "依照公司法和公司章程，作出如下决议（决定）：", ("（公司盖章、股东签名）",)),
    PaperKind.LEASE: _Letter(2, "甲乙双方就房屋租赁达成如下协议：", ("甲方（盖章）", "乙方（盖章）"), numbered=True),
    PaperKind.NAME_CHANGE: _Letter(0, "你单位提交的登记申请，经审查，符合规定，准予登记：", ("（登记机关盖章）",)),
    PaperKind.MANDATE: _Letter(
        0,
        "委托人现委托受托人办理下列事项，受托人在委托范围内的行为由委托人承担：",
        ("委托人（盖章）", "受托人（盖章）"),
    ),
}

_LAYOUTS: Mapping[PaperKind, Callable[[_PaperPage], None]] = {
    PaperKind.LICENCE: _PaperPage.licence,
    PaperKind.PARENT_LICENCE: _PaperPage.licence,
    PaperKind.IDENTITY_CARD: _PaperPage.identity_card,
    PaperKind.RESOLUTION: _PaperPage.letter,
    PaperKind.LEASE: _PaperPage.letter,
    PaperKind.NAME_CHANGE: _PaperPage.letter,
    PaperKind.INFORMATION: _PaperPage.form,
    PaperKind.MANDATE: _PaperPage.letter,
}
