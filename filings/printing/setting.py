"""From a document to pages: where every box, word and tick stands. What does not fit a page flows on to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from filings.printing.documents import ROW, SIZE, Cell, Closing, Document, Grid, Line, Mode
from filings.printing.lettering import cut, legible, width, wrap

WIDE, HIGH = 595.28, 841.89
"""A4, in points."""

LEFT, RIGHT = 48.0, 547.28
TOP, BOTTOM = 730.0, 64.0
"""Between them lies what the document says; above the title, below the number of the page."""

SMALL = 8.5
"""The size of letters in a table."""

SMALLER = (0.5, 1.5)
"""How much smaller letters may be where a text stands on one line only so."""

LEADING = 1.35
PAD, GAP = 4.0, 2.5
"""Beside a text, and above and below it."""

LABEL = 10
"""So many Chinese characters a label's cell takes: 法定代表人（负责人）."""

SEAL = 52.0
"""Beneath the closing statement: the place of the seal, and of the date."""

TALL = 8
"""A row of more lines may be parted between pages."""

SHOWN_OF_CLIPPED = 0.6
"""However short a clipped text, so much of it at most is seen: 显示不全 (FAQ 2.17)."""


@dataclass(frozen=True, slots=True)
class Box:
    """A cell's border; y is its foot."""

    x: float
    y: float
    width: float
    height: float
    shaded: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Text on its baseline."""

    x: float
    y: float
    text: str
    size: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick box, drawn: no font is asked for it."""

    x: float
    y: float
    size: float
    chosen: bool


Mark = Box | Words | Tick


@dataclass(slots=True)
class Setting:
    """A document set: its pages, what each cell shows, and how many characters the fonts could not write."""

    pages: list[list[Mark]] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line of text: words, with a tick box before them or not."""

    text: str
    ticked: bool | None = None

    def wide(self, size: float) -> float:
        return width(self.text, size) + (size * 1.9 if self.ticked is not None else 0)


@dataclass(frozen=True, slots=True)
class Column:
    """A cell of a row: lines of pieces."""

    x: float
    width: float
    lines: tuple[tuple[Piece, ...], ...]
    size: float = SIZE
    shaded: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Columns of one height."""

    columns: tuple[Column, ...]
    least: float = ROW

    @property
    def lines(self) -> int:
        return max(len(column.lines) for column in self.columns)

    @property
    def leading(self) -> float:
        return max(column.size for column in self.columns) * LEADING

    @property
    def height(self) -> float:
        return max(self.least, self.lines * self.leading + 2 * GAP)

    def parted(self, at: int) -> tuple[Row, Row]:
        """The row in two; what is shorter than the break, such as a label, is said in both."""
        top = tuple(replace(column, lines=column.lines[:at]) for column in self.columns)
        rest = tuple(
            column if len(column.lines) <= at else replace(column, lines=column.lines[at:]) for column in self.columns
        )
        return replace(self, columns=top), replace(self, columns=rest)


def set_on_pages(document: Document) -> Setting:
    """Set a whole document."""
    return _Setter(document).set()


class _Setter:
    """Fills pages from the top down."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.size = document.size
        self.label = LABEL * self.size + 2 * PAD + 0.1
        self.setting = Setting(pages=[[]])
        self.y = TOP

    def set(self) -> Setting:
        closing = self.document.closing
        said = self.column(LEFT, RIGHT - LEFT, closing.statement, self.size)
        height = len(said.lines) * self.size * LEADING + 2 * PAD + SEAL * self.size / SIZE
        *_, last = self.document.blocks
        for block in self.document.blocks:
            kept = height if block is last else 0
            match block:
                case Line():
                    self.add(self.line(block), kept=kept)
                case Grid():
                    self.grid(block, kept)
        self.close(closing, said, height)
        return self.setting

    # ── rows ──

    def line(self, line: Line) -> Row:
        """A line of cells: each a label and its value."""
        unit = (RIGHT - LEFT) / sum(cell.share for cell in line.cells)
        columns, x = [], LEFT
        for cell in line.cells:
            columns.append(self.column(x, self.label, cell.label, shaded=True, centred=True))
            columns.append(self.value(cell, x + self.label, unit * cell.share - self.label))
            x += unit * cell.share
        return Row(tuple(columns), self.document.row)

    def value(self, cell: Cell, x: float, wide: float) -> Column:
        """What a cell says, as its mode has it."""
        room = wide - 2 * PAD
        if cell.ticks:
            return Column(x, wide, tuple(_ticked(cell.ticks, self.size, room)), self.size)
        match cell.mode:
            case Mode.FIT:
                column = self.column(x, wide, cell.text)
                self.setting.shown[cell.name] = self.legible(cell.text, counted=False)
                return column
            case Mode.CLIP:
                text = self.legible(cell.text).replace("\n", " ")
                shown = cut(text, self.size, min(room, SHOWN_OF_CLIPPED * width(text, self.size)))
            case Mode.BLANK:
                shown = ""
        self.setting.shown[cell.name] = shown
        return Column(x, wide, ((Piece(shown),),), self.size)

    def column(
        self, x: float, wide: float, text: str, size: float = 0, *, shaded: bool = False, centred: bool = False
    ) -> Column:
        """A cell of text, in a size of its own or one that suits it."""
        text = self.legible(text)
        size = size or self.fitting(text, wide - 2 * PAD)
        lines = tuple((Piece(line),) for line in wrap(text, size, wide - 2 * PAD))
        return Column(x, wide, lines, size, shaded, centred)

    def fitting(self, text: str, room: float) -> float:
        """The largest size at which a text stands on one line; one too long for any is set a little small, on
        several."""
        sizes = [self.size, *(self.size - less for less in SMALLER)]
        return next((size for size in sizes if width(text, size) <= room), sizes[1])

    def grid(self, grid: Grid, kept: float) -> None:
        """A table under its heading; heading and heads are said again on every page it reaches."""
        widths = _widths(grid)
        across = RIGHT - LEFT
        title = Row((self.column(LEFT, across, grid.title, shaded=True),), least=18.6)
        heads = self.columns(grid.heads, widths, shaded=True)
        rows = [self.columns(row, widths) for row in grid.rows] or [
            Row((self.column(LEFT, across, "无", SMALL, centred=True),))
        ]
        first = min(rows[0].height, TALL * SMALL * LEADING) + (kept if len(rows) == 1 else 0)
        if title.height + heads.height + first > self.room:
            self.turn()
        self.add(title)
        self.add(heads)
        again = Row((self.column(LEFT, across, f"{grid.title}（续）", shaded=True),), least=18.6)
        for row in rows:
            self.add(row, repeated=(again, heads), kept=kept if row is rows[-1] else 0)

    def columns(self, texts: Sequence[str], widths: Sequence[float], *, shaded: bool = False) -> Row:
        columns, x = [], LEFT
        for text, wide in zip(texts, widths, strict=True):
            columns.append(self.column(x, wide, text, SMALL, shaded=shaded, centred=shaded))
            x += wide
        return Row(tuple(columns))

    def close(self, closing: Closing, said: Column, height: float) -> None:
        """The statement, and beneath it the place of the seal above that of the date; never on a page of their own."""
        foot = self.y - height
        self.put(Box(LEFT, foot, RIGHT - LEFT, height))
        for n, (piece,) in enumerate(said.lines):
            self.put(Words(LEFT + PAD, self.y - PAD - self.size - n * self.size * LEADING, piece.text, self.size))
        middle = RIGHT - LABEL * self.size
        for text, y in ((closing.seal, 34), (closing.dated, 14)):
            self.put(Words(middle - width(text, self.size) / 2, foot + y * self.size / SIZE, text, self.size))
        self.y = foot

    # ── pages ──

    @property
    def room(self) -> float:
        return self.y - BOTTOM

    def add(self, row: Row, repeated: Iterable[Row] = (), kept: float = 0) -> None:
        """Put a row where there is room: on this page, on the next, or parted between pages where it is tall.

        `kept` is the height of what must follow on the same page.
        """
        while row.height + kept > self.room:
            here = min(int((self.room - 2 * GAP) // row.leading), row.lines - 1)
            if row.lines > TALL and here > TALL // 2:
                top, row = row.parted(here)
                self.place(top)
            self.turn(repeated)
        self.place(row)

    def turn(self, repeated: Iterable[Row] = ()) -> None:
        """Begin a new page."""
        self.setting.pages.append([])
        self.y = TOP
        for row in repeated:
            self.place(row)

    def place(self, row: Row) -> None:
        foot = self.y - row.height
        for column in row.columns:
            self.put(Box(column.x, foot, column.width, row.height, column.shaded))
            leading = column.size * LEADING
            baseline = foot + (row.height + len(column.lines) * leading) / 2 - leading + column.size * 0.32
            for n, line in enumerate(column.lines):
                self.write(column, line, baseline - n * leading)
        self.y = foot

    def write(self, column: Column, line: tuple[Piece, ...], y: float) -> None:
        x = column.x + PAD
        if column.centred:
            x = column.x + (column.width - sum(piece.wide(column.size) for piece in line)) / 2
        for piece in line:
            at = x
            if piece.ticked is not None:
                self.put(Tick(x, y - column.size * 0.08, column.size * 0.88, piece.ticked))
                at = x + column.size * 1.15
            if piece.text:
                self.put(Words(at, y, piece.text, column.size))
            x += piece.wide(column.size)

    def put(self, mark: Mark) -> None:
        self.setting.pages[-1].append(mark)

    def legible(self, text: str, *, counted: bool = True) -> str:
        text, missing = legible(text)
        self.setting.missing += missing if counted else 0
        return text


def _ticked(ticks: Sequence[tuple[str, bool]], size: float, room: float) -> list[tuple[Piece, ...]]:
    """Choices in lines."""
    lines: list[list[Piece]] = [[]]
    used = 0.0
    for text, chosen in ticks:
        piece = Piece(text, chosen)
        if used + piece.wide(size) > room and lines[-1]:
            lines.append([])
            used = 0.0
        lines[-1].append(piece)
        used += piece.wide(size)
    return [tuple(line) for line in lines]


def _widths(grid: Grid) -> list[float]:
    """Column widths by what stands in them, between narrow enough to read and wide enough for others."""
    wanted = []
    for n, head in enumerate(grid.heads):
        longest = max((width(legible(row[n])[0], SMALL) for row in grid.rows), default=0)
        wanted.append(min(max(width(head, SMALL), longest, 20) + 2 * PAD, 150))
    scale = (RIGHT - LEFT) / sum(wanted)
    return [room * scale for room in wanted]
