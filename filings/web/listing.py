"""A list of filings that is looked through: filtered by a form, sorted by its columns, taken away as a file; all of it
in its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse

from filings.forms.portal import Enquiry
from filings.manners.filling import Filling
from filings.models import Filing, Visit
from filings.printing import tables
from filings.record import enquiries
from filings.rules.dates import local
from filings.rules.kinds import KINDS
from filings.rules.refusals import Refusal
from filings.rules.words import Mode, Status

ON_A_PAGE = 20

MOST = 10_000
"""Rows of a file. Ours."""

KINDS_OF_FILE = ("csv", "xlsx")


def _in_order(column: str, codes: list[str]) -> Case:
    return Case(*(When(**{column: code}, then=Value(n)) for n, code in enumerate(codes)), default=Value(len(codes)))


COLUMNS: Mapping[str, tuple[str, Any]] = MappingProxyType(
    {
        "number": ("申请单编号", F("serial")),
        "kind": ("业务", _in_order("kind", list(KINDS))),
        "enterprise": ("申请企业", F("enterprise__name_cn")),
        "status": ("状态", _in_order("status", list(Status.values))),
        "declared": ("申报时间", F("declared_at")),
        "since": ("状态时间", F("status_since")),
    }
)
"""The columns by which a list is sorted: their words, and by what."""

HEADS = ("申请单编号", "业务", "申请企业", "统一社会信用代码", "申请方式", "状态", "申报时间", "状态时间")
"""Those of a file."""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column: where a press of it leads, and which way the list goes by it now ("" if by another)."""

    label: str
    to: str
    way: str


class Listing:
    """The filings an address asks for. Raises nothing: what is wrong with the filters stands at their boxes, and
    nothing is listed.

    `more` are further members of the address, with their values.
    """

    def __init__(self, request: HttpRequest, visit: Visit, rows: QuerySet[Filing], **more: str) -> None:
        self.asked, self.visit = request.GET, visit
        self.agent = enquiries.files_for_others(visit)
        refusal = None
        try:
            rows = enquiries.looked_for(visit, rows, **Enquiry.from_post(request.GET))
        except Refusal as fault:
            refusal, rows = fault, rows.none()
        self.form = Filling(Enquiry, request.GET, refusal)
        given = {name: control.value for name, control in self.form.controls.items()}
        self.query = {name: value for name, value in (more | given).items() if value}
        self.narrowed = bool(self.query.keys() - more.keys())
        sort = request.GET.get("sort", "")
        self.by, self.down = sort.removeprefix("-"), sort.startswith("-")
        if self.by not in COLUMNS:
            self.by, self.down = "number", True
        else:
            self.query["sort"] = sort
        self.rows = rows.select_related("enterprise").only(*_SHOWN).order_by(*self._order())

    def _order(self) -> list[OrderBy]:
        column = COLUMNS[self.by][1]
        first = column.desc(nulls_last=True) if self.down else column.asc(nulls_last=True)
        if self.by == "number":
            return [F("serial").desc() if self.down else F("serial").asc()]
        return [first, F("serial").desc()]

    def drawn(self) -> dict[str, Any]:
        """For a page: its rows, the heads of their columns, the form, and what the ways from here keep."""
        pages: Page[Filing] = Paginator(self.rows, ON_A_PAGE).get_page(self.asked.get("page"))
        keep = urlencode(self.query)
        return {
            "form": self.form,
            "listing": self,
            "columns": [self._head(name) for name in COLUMNS],
            "rows": [enquiries.overview(filing) for filing in pages],
            "pages": pages,
            "keep": f"{keep}&" if keep else "",
            "files": [(kind, kind.upper(), f"?{keep}" if keep else "") for kind in KINDS_OF_FILE],
            "most": MOST,
        }

    def _head(self, name: str) -> Column:
        here = name == self.by
        way = ("descending" if self.down else "ascending") if here else ""
        sort = name if here and self.down else f"-{name}" if here else name
        return Column(COLUMNS[name][0], "?" + urlencode({**self.query, "sort": sort}), way)

    def file(self, name: str, kind: str) -> HttpResponse:
        """The first so many as a file. Raises what is wrong with the filters."""
        if self.form.refusal:
            raise self.form.refusal
        rows = [_line(filing) for filing in self.rows[:MOST]]
        if kind == "csv":
            body, media = tables.csv_of(HEADS, rows), "text/csv; charset=utf-8"
        else:
            body = tables.xlsx_of(f"{name}（模拟）", HEADS, rows)
            media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        called = quote(f"{name}_模拟_{local(self.visit.now):%Y%m%d}.{kind}", safe="")
        return HttpResponse(
            body, content_type=media, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{called}"}
        )


_SHOWN = (
    "serial",
    "public_id",
    "number",
    "kind",
    "filing_mode",
    "status",
    "declared_at",
    "status_since",
    "enterprise__uscc",
    "enterprise__name_cn",
)


def _line(filing: Filing) -> list[str]:
    about = filing.enterprise
    return [
        filing.number,
        KINDS[filing.kind].label,
        about.name_cn,
        about.uscc,
        Mode(filing.filing_mode).label,
        Status(filing.status).label,
        f"{local(filing.declared_at):%Y-%m-%d %H:%M}" if filing.declared_at else "",
        f"{local(filing.status_since):%Y-%m-%d %H:%M}",
    ]
