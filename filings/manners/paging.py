"""Cursor pages: they stay right while rows arrive, and a wrong cursor is refused (400), not ignored."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from rest_framework.request import Request

from filings.answers.base import Page
from filings.manners.operations import OpenApiParameter
from filings.rules.numbers import whole
from filings.rules.refusals import Refusal

_Page = TypeVar("_Page", bound=Page)

PAGE = frozenset({"limit", "cursor"})
"""The query parameters of every list."""

CURSOR = "^(after|before)-([0-9]{1,12})$"
"""What a cursor looks like, for the documents; clients take it from `next` and `previous`."""

PLACE = OpenApiParameter("cursor", {"type": "string", "pattern": CURSOR}, description="由 next、previous 给出")
PAGING = [OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}), PLACE]
"""PAGE, as the documents tell it."""

TEXT = {"type": "string", "pattern": r"^[^\x00]*$"}
"""A query parameter that may say anything, as the documents tell it; no table can hold a NUL."""


def limit(request: Request, default: int = 50, most: int = 500) -> int:
    """How many rows are asked for."""
    text = request.query_params.get("limit", str(default))
    found = whole(text)
    if found is None or not 1 <= found <= most:
        raise Refusal("unknown_parameter", f"limit 应为 1 到 {most} 的整数")
    return found


def page(
    shape: type[_Page],
    request: Request,
    rows: QuerySet[Any] | Sequence[QuerySet[Any]],
    read: Callable[[list[Any]], list[Any]],
    *,
    by: str = "serial",
    newest_first: bool = True,
) -> _Page:
    """A page of rows numbered by the column `by`; the cursor is a place between two numbers.

    Rows may come from several queries that share no row. Each is asked alone, because each has its own index.
    """
    size, (towards, place) = limit(request), _place(request)
    backwards = towards == "before"
    ascending = newest_first == backwards
    beyond = {} if place is None else {f"{by}__{'gt' if ascending else 'lt'}": place}
    found: list[Any] = []
    for part in [rows] if isinstance(rows, QuerySet) else rows:
        found += part.filter(**beyond).order_by(by if ascending else f"-{by}")[: size + 1]
    found.sort(key=attrgetter(by), reverse=not ascending)
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    ahead, behind = (place is not None, more) if backwards else (more, place is not None)
    return shape(
        results=read(found),
        next=_url(request, "after", getattr(found[-1], by)) if found and ahead else None,
        previous=_url(request, "before", getattr(found[0], by)) if found and behind else None,
    )


def sheet(
    shape: type[_Page],
    request: Request,
    rows: Sequence[Any],
    read: Callable[[Any], Any],
    *,
    default: int,
    most: int,
    **more: Any,
) -> _Page:
    """A page of a table that does not change; the cursor is the place of a row, counted from 1. `more`: further members
    of the page."""
    size, (towards, place) = limit(request, default, most), _place(request)
    begin = max(0, place - 1 - size) if towards == "before" and place is not None else place or 0
    end = max(0, place - 1) if towards == "before" and place is not None else begin + size
    found = rows[begin:end]
    return shape(
        results=[read(row) for row in found],
        next=_url(request, "after", begin + len(found)) if found and begin + len(found) < len(rows) else None,
        previous=_url(request, "before", begin + 1) if found and begin else None,
        **more,
    )


def _place(request: Request) -> tuple[str, int | None]:
    given = request.query_params.get("cursor")
    if given is None:
        return "after", None
    found = re.fullmatch(CURSOR, given)
    if found is None:
        raise Refusal("unknown_parameter", "cursor 不是本接口返回的游标")
    return found[1], int(found[2])


def _url(request: Request, towards: str, place: int) -> str:
    query = {**request.query_params.dict(), "cursor": f"{towards}-{place}"}
    return request.build_absolute_uri(f"{request.path}?{urlencode(query)}")
