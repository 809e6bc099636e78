"""Webhooks: who is told of status changes, and what was sent to them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from msgspec.structs import asdict
from rest_framework.request import Request

from filings.answers import watching as answers
from filings.control.endpoint import OfSandbox
from filings.forms import lab as bodies
from filings.lab.webhooks import webhooks
from filings.manners.endpoint import Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, TEXT, page
from filings.manners.shaping import reference
from filings.manners.wire import json_response
from filings.models import DeliveryState
from filings.rules.events import Verb

TAG = ["webhooks"]


def _header(name: str, words: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": True, "schema": {"type": "string"}, "description": words}


TOLD: dict[str, Any] = {
    "filing_event": {
        "post": {
            "operationId": "filing_event",
            "tags": ["notifications"],  # of "webhooks" generators make a class already
            "summary": "申请单的一次状态变化，按 Standard Webhooks 发送到登记的接收地址",
            "security": [],
            "parameters": [
                _header("webhook-id", "重试时不变"),
                _header("webhook-timestamp", "发送的时刻（Unix 秒）"),
                _header(
                    "webhook-signature",
                    "v1, 加 base64 的 HMAC-SHA256：以登记时的密钥，对 webhook-id.webhook-timestamp.正文",
                ),
            ],
            "requestBody": {"required": True, "content": {"application/json": {"schema": reference("FilingEvent")}}},
            "responses": {
                "2XX": {"description": "收到"},
                "410": {"description": "不再接收：停用该接收地址"},
                "429": {"description": "稍后再发", "headers": {"Retry-After": {"schema": {"type": "string"}}}},
                "503": {"description": "稍后再发", "headers": {"Retry-After": {"schema": {"type": "string"}}}},
            },
        }
    }
}
"""What receivers are sent, for the document."""


class Webhooks(OfSandbox):
    verbs = {"POST": Verb.REGISTER_WEBHOOK}

    @extend_schema(operation_id="list_webhooks", tags=TAG, summary="登记的接收地址", responses=answers.Webhooks)
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        return json_response(
            answers.Webhooks([webhooks.read(receiver) for receiver in webhooks.receivers(self.sandbox)])
        )

    @extend_schema(
        operation_id="register_webhook",
        tags=TAG,
        summary="登记接收地址：申请单每次状态变化发送一个 filing.<status> 事件，按 Standard Webhooks 签名",
        request=bodies.WebhookWanted,
        responses={201: answers.RegisteredWebhook},
    )
    def post(self, request: Request, sandbox: str) -> HttpResponse:
        body = self.body(request, bodies.WebhookWanted)
        url = body["url"] or ""
        if url:
            webhooks.expect_receiver(url)

        def work() -> Reply:
            made = webhooks.register(self.sandbox, url, body.get("events", ()), body.get("secret", ""))
            return Reply(answers.RegisteredWebhook(**asdict(webhooks.read(made)), secret=made.secret), 201)

        return self.deed(request, work)


class OneWebhook(OfSandbox):
    verbs = {"DELETE": Verb.REMOVE_WEBHOOK}

    @extend_schema(operation_id="remove_webhook", tags=TAG, summary="删除接收地址；未送达的撤回", responses={204: None})
    def delete(self, request: Request, sandbox: str, webhook: str) -> HttpResponse:
        def work() -> Reply:
            webhooks.remove(self.sandbox, webhook)
            return Reply(None, 204)

        return self.deed(request, work)


class Waiting(OfSandbox):
    parameters = PAGE

    @extend_schema(
        operation_id="collect_deliveries",
        tags=TAG,
        summary="自取：没有地址的接收程序待取的通知，旧的在前；取出后待确认，故至少一次",
        description="签名由接收程序以登记时的密钥自行计算，webhook-id 与正文同发送时一样。送达类故障不及于此。",
        parameters=PAGING,
        responses=answers.DeliveryPage,
    )
    def get(self, request: Request, sandbox: str, webhook: str) -> HttpResponse:
        rows = webhooks.waiting(self.sandbox, webhook)
        return json_response(
            page(
                answers.DeliveryPage,
                request,
                rows,
                lambda found: [webhooks.read_delivery(delivery) for delivery in found],
                by="id",
                newest_first=False,
            )
        )


class Acknowledge(OfSandbox):
    verbs = {"POST": Verb.ACKNOWLEDGE_DELIVERIES}

    @extend_schema(
        operation_id="acknowledge_deliveries",
        tags=TAG,
        summary="自取：确认已收到的通知，此后不再待取；重复确认无妨",
        request=bodies.Collected,
        responses=answers.Acknowledged,
    )
    def post(self, request: Request, sandbox: str, webhook: str) -> HttpResponse:
        body = self.body(request, bodies.Collected)

        def work() -> Reply:
            return Reply(answers.Acknowledged(webhooks.acknowledge(self.sandbox, webhook, body["deliveries"])))

        return self.deed(request, work)


class Deliveries(OfSandbox):
    parameters = PAGE | {"webhook", "state"}

    @extend_schema(
        operation_id="list_deliveries",
        tags=TAG,
        summary="发送记录，新的在前：每次尝试的结果，下一次在何时",
        parameters=[
            *PAGING,
            OpenApiParameter("webhook", TEXT),
            OpenApiParameter("state", str, enum=DeliveryState.values),
        ],
        responses=answers.DeliveryPage,
    )
    def get(self, request: Request, sandbox: str) -> HttpResponse:
        asked = request.query_params
        rows = webhooks.log(self.sandbox, asked.get("webhook", ""), asked.get("state", ""))
        return json_response(
            page(
                answers.DeliveryPage,
                request,
                rows,
                lambda found: [webhooks.read_delivery(delivery) for delivery in found],
                by="id",
            )
        )
