"""Reports in several formats: JSON, a page, JUnit; by name (`?format=`) or by Accept."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request

from filings.manners.endpoint import Endpoint
from filings.manners.operations import OpenApiParameter
from filings.manners.wire import JSONRenderer
from filings.rules.refusals import Refusal

FORMATS = {"json": "application/json", "html": "text/html", "junit": "application/xml"}


def told_in(words: str) -> OpenApiParameter:
    """The query parameter, for the documents."""
    return OpenApiParameter(
        "format", str, enum=list(FORMATS), description=f"没有给出的，按 Accept，缺省为 json；{words}"
    )


def answered(answer: type[Any]) -> dict[tuple[int, str], Any]:
    """The answers, for the documents."""
    return {(200, FORMATS["json"]): answer, (200, FORMATS["html"]): str, (200, FORMATS["junit"]): str}


class PageRenderer(JSONRenderer):
    """Negotiates a page."""

    media_type = FORMATS["html"]


class ReportRenderer(JSONRenderer):
    """Negotiates a JUnit report."""

    media_type = FORMATS["junit"]


class Told(Endpoint):
    """An address that tells a report in whichever of its formats is asked for."""

    parameters = frozenset({"format"})
    sends: ClassVar[tuple[str, ...]] = tuple(
        media_type for media_type in FORMATS.values() if media_type != "application/json"
    )

    def wanted(self, request: Request) -> str:
        """The format that is asked for. Raises 400 for another."""
        accepted = request._request.get_preferred_type(list(FORMATS.values()))
        by_accept = next((name for name in FORMATS if FORMATS[name] == accepted), "json")
        wanted = request.query_params.get("format", by_accept)
        if wanted not in FORMATS:
            raise Refusal("unknown_parameter", f"format 应为 {'、'.join(FORMATS)} 之一")
        return wanted
