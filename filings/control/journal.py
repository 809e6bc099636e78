"""The journal of the business plane: reading it, and asking whether it went as expected."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from filings.answers import watching as answers
from filings.control.endpoint import OfSandbox
from filings.forms import lab as bodies
from filings.lab.watching import journal as lab
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, TEXT, page
from filings.manners.wire import json_response
from filings.rules.refusals import Refusal

TAG = ["verification"]
FILTERS: dict[str, Any] = {
    **dict.fromkeys(("method", "path", "account", "filing", "code"), TEXT),
    "status": {"type": "string", "pattern": "^[0-9]{3}$"},
}
"""The query parameters, as the document tells them."""


class Journal(OfSandbox):
    parameters = PAGE | set(FILTERS)

    @extend_schema(
        operation_id="read_journal",
        tags=TAG,
        summary="业务接口的往来记录，新的在前；密码等已遮盖",
        parameters=[*(OpenApiParameter(name, about) for name, about in FILTERS.items()), *PAGING],
        responses=answers.JournalPage,
    )
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        asked: dict[str, Any] = {name: request.query_params[name] for name in FILTERS if name in request.query_params}
        if "status" in asked:
            if not (asked["status"].isascii() and asked["status"].isdecimal() and len(asked["status"]) == 3):
                raise Refusal("unknown_parameter", "status 应为三位状态码")
            asked["status"] = int(asked["status"])
        if any("\0" in str(value) for value in asked.values()):
            raise Refusal("unknown_parameter", "查询参数含有空字符")
        return json_response(
            page(answers.JournalPage, request, lab.exchanges(self.sandbox, **asked), lab.all_read, by="id")
        )

    @extend_schema(operation_id="clear_journal", tags=TAG, summary="清空往来记录", responses={204: None})
    def delete(self, request: Request, sandbox: str) -> HttpResponse:
        lab.clear(self.sandbox)
        return HttpResponse(status=204)


class Verify(OfSandbox):
    @extend_schema(
        operation_id="verify_journal",
        tags=TAG,
        summary="核对往来：符合的有几次，哪些只差一处",
        request=bodies.Verification,
        responses=answers.Verified,
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body = bodies.Verification.read(request.data)  # a question, no deed
        return json_response(lab.verify(self.sandbox, body["match"], body.get("count", {"at_least": 1})))
