"""What a client has met of all there is to meet: as JSON, as a page, as a JUnit report."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from filings.control import shapes
from filings.control.endpoint import OfSandbox
from filings.lab import coverage as lab
from filings.manners.wire import json_response
from filings.rules.refusals import Refusal
from filings.rules.version import RULES_VERSION

FORMATS = ("json", "html", "junit")


class Coverage(OfSandbox):
    parameters = frozenset({"format"})
    sends = ("text/html", "application/xml")

    @extend_schema(
        operation_id="read_coverage", tags=["核对"],
        summary="本沙箱触及了哪些状态、流转、拒绝、情景、场面、异常和常见问题；重置和恢复之后仍然算数",
        parameters=[OpenApiParameter("format", str, enum=list(FORMATS), description="缺省为 json；junit 中未触及的为 skipped")],
        responses={
            (200, "application/json"): shapes.Coverage, (200, "text/html"): str, (200, "application/xml"): str,
        },
    )  # fmt: skip
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        wanted = request.query_params.get("format", "json")
        if wanted not in FORMATS:
            raise Refusal("unknown_parameter", f"format 应为 {'、'.join(FORMATS)} 之一")
        told = lab.shares(self.sandbox)
        if wanted == "junit":
            return HttpResponse(lab.junit(self.sandbox.key, told), content_type="application/xml; charset=utf-8")
        if wanted == "html":
            return render(
                request._request,
                "control/coverage.html",
                {"sandbox": self.sandbox, "shares": [(share, share.rows) for share in told]},
            )
        parts = [
            {
                "part": share.part.value, "title": share.part.label, "met": share.met, "of": share.of,
                "rows": [{"name": row.name, "title": row.title, "faq": row.faq, "met": was} for row, was in share.rows],
            }
            for share in told
        ]  # fmt: skip
        return json_response({"sandbox": self.sandbox.key, "rules_version": RULES_VERSION, "parts": parts})
