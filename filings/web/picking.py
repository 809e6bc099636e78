"""Code tables as a clerk uses them: a few digits or words are typed, one row is meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from filings.manners.entering import anybody
from filings.record.facts import stale_tables
from filings.rules.codes import (
    DIVISION_INCOMPLETE,
    NO_MATCH,
    NO_OFFICE,
    TABLES,
    Code,
    OfficeAnswer,
    offices_for,
    served,
)
from filings.rules.numbers import fold
from filings.rules.reading import label
from filings.rules.refusals import CATALOGUE

MOST = 300
"""Rows one answer brings: every table that is picked from whole has fewer."""

HINTS = {
    DIVISION_INCOMPLETE: CATALOGUE["region_chain_invalid"].remedy,
    NO_OFFICE: "所选行政区划没有可以选择的注册海关",
}


def meant(rows: Sequence[Code], typed: str) -> Code | None:
    """The row a typed text means: that of its exact code or name, else the only one there is."""
    code, name = fold(typed), typed.strip()
    exact = (row for row in rows if row.code == code or row.name == name)
    return next(exact, rows[0] if len(rows) == 1 else None)


def code_of(table: str, typed: str) -> str:
    """The code a typed text means in a whole table, or the text itself, to be told as wrong."""
    row = TABLES[table].get(fold(typed)) or meant(TABLES[table].search(typed), typed)
    return row.code if row else typed


def names_of(table: str, held: Iterable[str]) -> list[str]:
    """The names of several codes; one that is in no table is left out."""
    return [row.name for code in held if (row := TABLES[table].get(code))]


@require_safe
def table(request: HttpRequest, table: str) -> HttpResponse:
    """Rows of a table for its box: those found, the one that is `taken` should the clerk leave it at this.

    A code that is typed is good though the list is out of date and has it not (FAQ 1.2: 输入代码).
    """
    if table not in TABLES:
        return JsonResponse({"message": NO_MATCH, "rows": [], "taken": None, "hint": ""}, status=404)
    typed, stale = request.GET.get("q", "").strip(), stale_tables(anybody(request))
    answer = _found(request, table, typed, stale)
    taken = meant(answer.results, typed) if typed else None
    if stale and taken is None:
        code = fold(typed)
        taken = next((row for row in _found(request, table, typed).results if row.code == code), None)
    body = {
        "rows": [_row(row) for row in answer.results],
        "taken": _row(taken) if taken else None,
        "message": answer.message or ("" if answer.results else NO_MATCH),
        "hint": HINTS.get(answer.hint or "", ""),
    }
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _found(request: HttpRequest, table: str, typed: str, stale: frozenset[str] = frozenset()) -> OfficeAnswer:
    if table == "customs_offices":
        return offices_for(request.GET.get("division"), typed, MOST, stale)
    return OfficeAnswer(served(table, stale).search(typed, request.GET.get("parent") or None, MOST))


def _row(row: Code) -> dict[str, Any]:
    return {"code": row.code, "name": row.name, "label": label(row)}
