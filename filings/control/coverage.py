"""What a client has met of all there is to meet: as JSON, as a page, as a JUnit report; of one sandbox, or of several
as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from rest_framework.request import Request

from filings import visits
from filings.answers import watching as answers
from filings.control.endpoint import Control, OfSandbox, come_to
from filings.control.formats import FORMATS, Told, answered, told_in
from filings.forms import lab as bodies
from filings.lab.watching import coverage as lab
from filings.manners.operations import extend_schema
from filings.manners.wire import json_response
from filings.models import Sandbox
from filings.rules.refusals import Refusal
from filings.rules.version import RULES_VERSION

TAG = ["verification"]
FORMAT = told_in("junit 中未触及的为 skipped")


class Covered(Told):
    """An address that tells coverage."""

    def answer(self, request: Request, of: Sequence[Sandbox], **whose: Any) -> HttpResponse:
        wanted = self.wanted(request)
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


class Coverage(Covered, OfSandbox):
    @extend_schema(
        operation_id="read_coverage",
        tags=TAG,
        summary="本沙箱触及了哪些状态、流转、拒绝、情景、场面、异常和常见问题；触及的一直算数，重置和恢复之后也是",
        parameters=[FORMAT],
        responses=answered(answers.Coverage),
    )
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        return self.answer(request, [self.sandbox], sandbox=self.sandbox.key)


class MergedCoverage(Covered, Control):
    @extend_schema(
        operation_id="merge_coverage",
        tags=TAG,
        summary="几个沙箱合起来触及了什么：其中一个触及的即为触及",
        request=bodies.Merged,
        parameters=[FORMAT],
        responses=answered(answers.Coverage),
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
