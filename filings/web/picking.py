"""Code tables as a clerk uses them: a few digits or words are typed, one row is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from filings.manners.entering import anybody
from filings.models import Enterprise
from filings.record import enquiries
from filings.record.facts import stale_tables
from filings.rules.codes import (
    DIVISION_INCOMPLETE,
    NO_MATCH,
    NO_OFFICE,
    TABLES,
    Code,
    OfficeAnswer,
    Table,
    offices_for,
    served,
)
from filings.rules.numbers import fold
from filings.rules.reading import label
from filings.rules.refusals import CATALOGUE
from filings.rules.words import Provenance

PRINCIPALS = "principals"
"""The enterprises an agent files for, by their credit codes: looked up as a table is."""

NOTHING_ABOVE = "nothing_above"

MOST = 300
"""Rows one answer brings: every table that is picked from whole has fewer."""

HINTS = {
    DIVISION_INCOMPLETE: CATALOGUE["region_chain_invalid"].remedy,
    NO_OFFICE: "所选行政区划没有可以选择的注册海关",
    NOTHING_ABOVE: "请先选择上一级行政区划",
}


def meant(rows: Sequence[Code], typed: str) -> Code | None:
    """The row a typed text means: that of its exact code, name or label, else the only one there is."""
    code, name = fold(typed).upper(), typed.strip()
    exact = (row for row in rows if code == row.code or name in (row.name, label(row)))
    return next(exact, rows[0] if len(rows) == 1 else None)


def code_of(table: str, typed: str) -> str:
    """The code a typed text means in a whole table, or the text itself, to be told as wrong."""
    row = TABLES[table].get(fold(typed).upper()) or meant(TABLES[table].search(typed, spoken=True), typed)
    return row.code if row else typed


def division_of(level: int, typed: str, above: str | None) -> str:
    """The code of a division by what was typed: in the one above it, else the one there is of that level anywhere, or
    the text itself."""
    found = TABLES["divisions"].search(typed, spoken=True)
    of_level = [row for row in found if row.extra["level"] == level]
    row = meant([row for row in of_level if row.parent == above], typed) or meant(of_level, typed)
    return row.code if row else typed


def principal_of(typed: str, principals: Iterable[Enterprise]) -> Enterprise | None:
    """The one of an agent's principals that a typed text means."""
    by_code = {principal.uscc: principal for principal in principals}
    row = meant(_among(by_code.values(), typed), typed) if typed.strip() else None
    return by_code[row.code] if row else None


def names_of(table: str, held: Iterable[str]) -> list[str]:
    """The names of several codes; one that is in no table is left out."""
    return [row.name for code in held if (row := TABLES[table].get(code))]


@require_safe
def table(request: HttpRequest, table: str) -> HttpResponse:
    """Rows of a table for its box: those found, the one that is `taken` should the clerk leave it at this.

    A code that is typed is good though the list is out of date and has it not (FAQ 1.2: 输入代码).
    """
    if table not in TABLES and table != PRINCIPALS:
        return JsonResponse({"message": NO_MATCH, "rows": [], "taken": None, "hint": "", "fault": ""}, status=404)
    typed, stale = request.GET.get("q", "").strip(), stale_tables(anybody(request))
    answer = _found(request, table, typed, stale)
    taken = meant(answer.results, typed) if typed else None
    if stale and taken is None:
        code = fold(typed).upper()
        taken = next((row for row in _found(request, table, typed).results if row.code == code), None)
    hint = HINTS.get(answer.hint or "", "")
    body = {
        "rows": [_row(table, row) for row in answer.results],
        "taken": _row(table, taken) if taken else None,
        "message": answer.message or ("" if answer.results else NO_MATCH),
        "hint": hint,
        "fault": "" if taken or not typed else _fault(typed, len(answer.results), hint),
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _found(request: HttpRequest, table: str, typed: str, stale: frozenset[str] = frozenset()) -> OfficeAnswer:
    match table:
        case "customs_offices":
            return offices_for(request.GET.get("division"), typed, MOST, stale, spoken=True)
        case "divisions":  # a box that has none above it asks for the provinces
            parent = request.GET.get("parent")
            return OfficeAnswer(_divisions(typed, parent), None, NOTHING_ABOVE if parent == "" else None)
        case "principals":
            visit = anybody(request)
            return OfficeAnswer(_among(enquiries.principals(visit) if visit else (), typed)[:MOST])
    return OfficeAnswer(served(table, stale).search(typed, limit=MOST, spoken=True))


def _divisions(typed: str, parent: str | None) -> tuple[Code, ...]:
    found = TABLES["divisions"].search(typed, parent or None, spoken=True)
    return tuple(row for row in found if row.parent == parent)


def _among(enterprises: Iterable[Enterprise], typed: str) -> tuple[Code, ...]:
    rows = [Code(enterprise.uscc, enterprise.name_cn, Provenance.OURS) for enterprise in enterprises]
    return Table(PRINCIPALS, "委托企业", lambda: rows).search(typed, spoken=True)


def _fault(typed: str, found: int, hint: str) -> str:
    """Why what was typed means no row."""
    if hint:
        return f"{NO_MATCH}：{hint}"
    return f"“{typed}”符合 {found} 项，请选择其中一项" if found else f"代码表中没有“{typed}”"


def _row(table: str, row: Code) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "label": row.name if table == "divisions" else label(row)}
