"""How a class stands, as a table: a row for each learner, a column for each exercise, as CSV and XLSX; in a terminal,
what each has begun."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from filings.lab.grading import progress
from filings.lab.grading.progress import Place
from filings.models import Learner, TrainingClass
from filings.rules.dates import local
from singlewindow.lean import later

if TYPE_CHECKING:
    import openpyxl
else:
    openpyxl = later("openpyxl")  # 60 ms, and only who asks for a workbook needs it

FIRST = 5
"""Columns before those of the exercises."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What begins like this, a spreadsheet may take for a formula."""


@dataclass(frozen=True, slots=True)
class Report:
    """The table. Cells are texts. The first `FIRST` columns are of the learner; `begun` says in short what each has
    begun."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    begun: Sequence[str]

    def text(self) -> str:
        """For a terminal: columns in line, a Chinese character counted as two."""
        rows = [[*row[:FIRST], begun or "—"] for row, begun in zip(self.rows, self.begun, strict=True)]
        table = [[*self.heads[:FIRST], "做过的练习"], *rows]
        wide = [max(_width(row[n]) for row in table) for n in range(FIRST + 1)]
        return "\n".join(
            "  ".join(cell + " " * (wide[n] - _width(cell)) for n, cell in enumerate(row)).rstrip() for row in table
        )

    def csv(self) -> bytes:
        """For a spreadsheet: UTF-8 with a mark by which it is known; nothing is taken for a formula."""
        out = StringIO(newline="")
        csv.writer(out).writerows([_harmless(cell) for cell in row] for row in (self.heads, *self.rows))
        return out.getvalue().encode("utf-8-sig")

    def xlsx(self) -> bytes:
        """A workbook; every cell is a text, so that nothing is a formula."""
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "进度"
        for n, row in enumerate((self.heads, *self.rows), 1):
            for k, words in enumerate(row, 1):
                cell = sheet.cell(n, k)
                cell.value = words
                cell.data_type = "s"
        sheet.freeze_panes = "B2"
        out = BytesIO()
        book.save(out)
        return out.getvalue()


def report(of: TrainingClass) -> Report:
    """How the learners of a class stand now. Four statements, however many they are."""
    learners: list[Learner] = list(of.learners.order_by("name", "id"))
    tries = progress.tries(learners)
    parts = progress.laid_out({})
    heads = [
        "姓名",
        "通过",
        "掌握",
        "看过的提示",
        "最近一次",
        *(_called(place) for part in parts for place in part.places),
    ]
    rows, begun = [], []
    for learner in learners:
        places = [place for part in progress.laid_out(tries[learner.key]) for place in part.places]
        rows.append(
            [
                learner.name,
                str(sum(place.done for place in places)),
                str(sum(place.standing is progress.Standing.MASTERED for place in places)),
                str(sum(place.hints for place in places)),
                f"{local(learner.seen_at):%Y-%m-%d %H:%M}",
                *(str(place.standing.label) for place in places),
            ]
        )
        begun.append("，".join(f"{place.short} {place.standing.label}" for place in places if place.tries))
    return Report(of.name, heads, rows, begun)


def _called(place: Place) -> str:
    """The head of a column: with its title, or a spreadsheet takes 1.10 for the number 1.1."""
    return f"{place.number} {place.exercise.title}" if place.number else place.short


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
