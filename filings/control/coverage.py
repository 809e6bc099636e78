"""What a client has met of all there is to meet: as JSON, as a page, as a JUnit report; of one sandbox, or of several
as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import render
from rest_framework.request import Request

from filings import visits
from filings.answers import watching as answers
from filings.control.endpoint import Control, OfSandbox, come_to
from filings.forms import lab as bodies
from filings.lab.watching import coverage as lab
from filings.manners.endpoint import Endpoint
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.wire import JSONRenderer, json_response
from filings.models import Sandbox
from filings.rules.refusals import Refusal
from filings.rules.version import RULES_VERSION

TAG = ["verification"]
FORMATS = {"json": "application/json", "html": "text/html", "junit": "application/xml"}
FORMAT = OpenApiParameter(
    "format", str, enum=list(FORMATS), description="没有给出的，按 Accept，缺省为 json；junit 中未触及的为 skipped"
)


class PageRenderer(JSONRenderer):
    """Negotiates a page."""

    media_type = FORMATS["html"]


class ReportRenderer(JSONRenderer):
    """Negotiates a JUnit report."""

    media_type = FORMATS["junit"]


class Told(Endpoint):
    """An address that tells coverage in whichever of its formats is asked for, by name or by Accept."""

    parameters = frozenset({"format"})
    sends: ClassVar[tuple[str, ...]] = tuple(
        media_type for media_type in FORMATS.values() if media_type != "application/json"
    )

    def answer(self, request: Request, of: Sequence[Sandbox], **whose: Any) -> HttpResponse:
        accepted = request._request.get_preferred_type(list(FORMATS.values()))
        wanted = request.query_params.get("format") or next(
            (name for name in FORMATS if FORMATS[name] == accepted), "json"
        )
        if wanted not in FORMATS:
            raise Refusal("unknown_parameter", f"format 应为 {'、'.join(FORMATS)} 之一")
        shares = lab.shares(*of)
        if wanted == "junit":
            names = "、".join(sandbox.key for sandbox in of)
            return HttpResponse(lab.junit(names, shares), content_type=f"{FORMATS['junit']}; charset=utf-8")
        if wanted == "html":
            context = {"sandboxes": of, "shares": [(share, share.rows) for share in shares]}
            return render(request._request, "control/coverage.html", context)
        parts = [
            answers.CoverageShare(
                share.part.value,
                share.part.label,
                share.met,
                share.of,
                [answers.CoverageRow(row.name, row.title, row.faq, was) for row, was in share.rows],
            )
            for share in shares
        ]
        return json_response(answers.Coverage(RULES_VERSION, parts, **whose))


class Coverage(Told, OfSandbox):
    @extend_schema(
        operation_id="read_coverage",
        tags=TAG,
        summary="本沙箱触及了哪些状态、流转、拒绝、情景、场面、异常和常见问题；触及的一直算数，重置和恢复之后也是",
        parameters=[FORMAT],
        responses={(200, FORMATS["json"]): answers.Coverage, (200, FORMATS["html"]): str, (200, FORMATS["junit"]): str},
    )
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        return self.answer(request, [self.sandbox], sandbox=self.sandbox.key)


class MergedCoverage(Told, Control):
    @extend_schema(
        operation_id="merge_coverage",
        tags=TAG,
        summary="几个沙箱合起来触及了什么：其中一个触及的即为触及",
        request=bodies.Merged,
        parameters=[FORMAT],
        responses={(200, FORMATS["json"]): answers.Coverage, (200, FORMATS["html"]): str, (200, FORMATS["junit"]): str},
    )
    def post(self, request: Request) -> HttpResponse:
        keys = list(dict.fromkeys(self.body(request, bodies.Merged)["sandboxes"]))
        found = {key: visits.sandbox_or_none(key) for key in keys}
        if missing := [key for key, sandbox in found.items() if sandbox is None]:
            words = "、".join(missing)[:500]
            raise Refusal(
                "not_found", f"没有沙箱：{words}", remedy="请核对 sandboxes；现有的沙箱见 GET /control/v1/sandboxes"
            )
        sandboxes = [sandbox for sandbox in found.values() if sandbox]
        for sandbox in sandboxes:
            come_to(sandbox)
        return self.answer(request, sandboxes, sandboxes=keys)
