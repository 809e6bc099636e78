"""客户端控件 (FAQ 2.8): wholly simulated on the server; no port of the visitor's own machine is contacted."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings import answers
from filings.api.endpoint import Counter
from filings.counters import client_control
from filings.manners.endpoint import Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.wire import json_response
from filings.rules.events import Verb
from filings.rules.refusals import absent

TAG = ["client_control"]


class ClientControl(Counter):
    @extend_schema(
        operation_id="read_client_control",
        tags=TAG,
        summary="本账户的客户端控件（模拟，FAQ 2.8）",
        responses=answers.enterprises.ClientControl,
    )
    def get(self, request: Request) -> HttpResponse:
        return json_response(client_control.read(self.visit))


class ClientControlDeed(Counter):
    verbs = {"POST": Verb.MEND_CONTROL}

    @extend_schema(
        operation_id="mend_client_control",
        tags=TAG,
        summary="安装、重启、更新客户端控件（FAQ 2.8）",
        request=None,
        parameters=[OpenApiParameter("action", str, OpenApiParameter.PATH, enum=list(client_control.DEEDS))],
        responses=answers.enterprises.ClientControl,
    )
    def post(self, request: Request, action: str) -> HttpResponse:
        if action not in client_control.DEEDS:
            raise absent("操作", action, "名", remedy=f"可以办理的为 {'、'.join(client_control.DEEDS)}")
        return self.deed(request, lambda: Reply(client_control.DEEDS[action](self.visit)))
