"""Filters of lists: a value that cannot be is a 400, not an empty list."""

from __future__ import annotations

from datetime import datetime, time
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from rest_framework.request import Request

from filings.manners.operations import OpenApiParameter
from filings.manners.paging import TEXT
from filings.rules.dates import SHANGHAI
from filings.rules.kinds import KINDS
from filings.rules.refusals import Refusal
from filings.rules.words import Status

_DAY = "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
_TIME = r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])?"
MOMENT = {
    "type": "string",
    "pattern": f"^(19|2[0-2])[0-9]{{2}}-{_DAY}({_TIME})?$",
    "examples": ["2021-12-01", "2021-12-01T09:00:00+08:00"],
}
"""A date or an instant, as the document tells it; a 29 February is taken as well."""

ASKED = [
    OpenApiParameter("kind", str, enum=list(KINDS)),
    OpenApiParameter("status", str, enum=[*Status.values, *Status.labels], description="状态代码或中文名称"),
    OpenApiParameter("since", MOMENT, description="自此日期或时刻（RFC 3339）起新增的"),
    OpenApiParameter("until", MOMENT, description="此日期或时刻（RFC 3339）之前新增的"),
    OpenApiParameter("client_reference", TEXT),
]
FILTERS = frozenset(parameter.name for parameter in ASKED)
"""The query parameters of lists of filings."""

_Row = TypeVar("_Row", bound=Model)
_LABELS = {status.label: status.value for status in Status}


def filtered(request: Request, rows: QuerySet[_Row]) -> QuerySet[_Row]:
    """Filings by kind, status (code or label), time of creation and the client's own reference."""
    asked = request.query_params
    if (kind := asked.get("kind")) is not None:
        if kind not in KINDS:
            raise Refusal("unknown_parameter", f"kind 应为 {'、'.join(KINDS)} 之一")
        rows = rows.filter(kind=kind)
    if (status := asked.get("status")) is not None:
        code = _LABELS.get(status, status)
        if code not in Status.values:
            raise Refusal("unknown_parameter", f"status 应为 {'、'.join(Status.values)} 之一")
        rows = rows.filter(status=code)
    if (since := asked.get("since")) is not None:
        rows = rows.filter(created_at__gte=_moment("since", since))
    if (until := asked.get("until")) is not None:
        rows = rows.filter(created_at__lt=_moment("until", until))
    if reference := asked.get("client_reference"):
        if "\0" in reference:
            raise Refusal("unknown_parameter", "client_reference 含有空字符")
        rows = rows.filter(client_reference=reference)
    return rows


def _moment(name: str, text: str) -> datetime:
    """A date (its beginning in Shenzhen) or an instant."""
    try:
        moment = parse_datetime(text.replace(" ", "+")) if "T" in text else None
        day = None if moment else parse_date(text)
    except ValueError:
        moment, day = None, None
    if day is not None:
        moment = datetime.combine(day, time(), SHANGHAI)
    if moment is None:
        raise Refusal("unknown_parameter", f"{name} 应为日期 YYYY-MM-DD 或 RFC 3339 时刻")
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    if not 1900 <= moment.year <= 2300:
        raise Refusal("unknown_parameter", f"{name} 超出范围")
    return moment
