"""What a printed document says, before it is set on paper: lines of cells, tables, the closing. Nothing is measured
here."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from unicodedata import normalize

from filings.rules.words import Paper

MARK = "模拟样张 非官方文件"
"""Stands across every page, and beneath it."""

MISSING = "〓"
"""Stands for a character the fonts do not have: ReportLab would leave it out without a word."""

SIZE, ROW = 9.0, 17.2
"""Of letters, and of a line at least, in points: so much that a sheet of the usual length fills one page."""

COMBINING = r"\u0300-\u036f\u3099\u309a"
"""The marks that Latin letters and kana are composed with, as a range of a pattern."""

_COMBINED = re.compile(rf"[^{COMBINING}\s][{COMBINING}]+")


def composed(text: str) -> str:
    """The text with E + U+0301 as the one É a font has. Nothing else is normalised: U+F9DC stays itself."""
    return _COMBINED.sub(lambda found: normalize("NFC", found[0]), text)


def missed(characters: int) -> str:
    """What paper and page say of characters that could not be written (FAQ 2.17: the data are whole)."""
    return f"有 {characters} 个字符不在打印字库中，以“{MISSING}”代替；系统中的电子数据是完整的。"


class Mode(StrEnum):
    """How a cell takes its text. Whole, or as FAQ 2.17 has it: 均为空或显示不全."""

    FIT = "fit"
    CLIP = "clip"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class Cell:
    """One item of a form. `ticks` are all its choices, each with whether it is chosen; `share` is its part of the
    line."""

    name: str
    label: str
    text: str = ""
    ticks: tuple[tuple[str, bool], ...] = ()
    share: int = 1
    mode: Mode = Mode.FIT


@dataclass(frozen=True, slots=True)
class Line:
    """Cells side by side."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """People, investors, declarants: a table of its own."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Closing:
    """What stands at the end: a statement, and where it is sealed."""

    statement: str
    seal: str
    dated: str


@dataclass(frozen=True, slots=True)
class Document:
    """A document ready to be set.

    number    the simulator's own, the same at every print
    subject   whom the trail names: a filing, or an enterprise
    code      unguessable, stands in the address by which the document is verified
    facing    what stands above the cells
    size      of the letters in its cells, in points
    row       the least height of a line of cells, in points
    unclear   whether direct printing is unclear today (FAQ 2.7); the downloaded file never is
    """

    paper: Paper
    number: str
    subject: str
    code: str
    facing: tuple[str, ...]
    blocks: tuple[Line | Grid, ...]
    closing: Closing
    size: float = SIZE
    row: float = ROW
    unclear: bool = False

    @property
    def sha256(self) -> str:
        """The digest of what is on paper, not of how clearly: that of a preview is that of the download (FAQ 2.7).

        Nor of the code, which is of this server's own: the same document has the same digest wherever its world is
        played.
        """
        said = {name: value for name, value in asdict(self).items() if name not in ("code", "unclear")}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def cells(self) -> Iterator[Cell]:
        """Every cell in order."""
        for block in self.blocks:
            if isinstance(block, Line):
                yield from block.cells
