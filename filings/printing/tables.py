"""Tables for spreadsheets, as CSV and as a workbook. Nothing in a cell is taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from singlewindow.lean import later

if TYPE_CHECKING:
    import openpyxl
    from openpyxl.cell import cell as cells
    from openpyxl.styles import fonts
else:
    # 60 ms, and only who asks for a workbook needs it
    openpyxl, cells, fonts = later("openpyxl"), later("openpyxl.cell.cell"), later("openpyxl.styles.fonts")

Row = Sequence[str]

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What begins so, one spreadsheet or another takes for a formula."""

WIDEST = 44
"""Characters of a column's width, at the most."""

MARK = "模拟环境，非官方系统"
"""Stands at the foot of every page a workbook is printed on."""


def csv_of(heads: Row, rows: Iterable[Row]) -> bytes:
    """CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know it. What would be a formula begins with an
    apostrophe."""
    out = StringIO(newline="")
    csv.writer(out).writerows([_harmless(text) for text in row] for row in (heads, *rows))
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(title: str, heads: Row, rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet. Every cell is a text, and stays one when somebody edits it."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.oddFooter.center.text = MARK
    rows = list(rows)
    for n, column in enumerate(zip(heads, *rows, strict=True), 1):
        sheet.column_dimensions[cells.get_column_letter(n)].width = min(max(map(_width, column)) + 2, WIDEST)
    bold = fonts.Font(bold=True)
    sheet.append([_cell(sheet, head, bold) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, font: Any = None) -> Any:
    """A cell that holds a text, whatever it looks like; characters that a workbook cannot hold are left out."""
    cell = cells.WriteOnlyCell(sheet, cells.ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    if text.startswith(FORMULAS):
        cell.quotePrefix = True
    if font:
        cell.font = font
    return cell


def _width(text: str) -> int:
    """About how wide a text is, in characters; a Chinese one counts as two."""
    return sum(1 + (char > "\u00ff") for char in text)


def _harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULAS) else text
