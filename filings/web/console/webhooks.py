"""通知: who is told of status changes, and what came of each attempt to tell them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from msgspec.structs import asdict

from filings.lab import webhooks as lab
from filings.models import Delivery, DeliveryState, Sandbox
from filings.rules.refusals import Refusal
from filings.rules.webhooks import EVENTS, secret_fault
from filings.rules.words import Status
from filings.web.backstage import ON_A_PAGE, behind_the_counter, curl
from filings.web.console.deeds import Deed, do
from filings.web.console.framing import console_page
from filings.web.posted import FORM, Posted

OUTCOMES = {"delivered": "已送达", "failed": "失败", "dropped": "丢失"}
"""What comes of an attempt, in words."""

LABELS = {event: Status(event.removeprefix("filing.")).label for event in EVENTS}
"""What each event tells of, in words."""


@require_http_methods(FORM)
@behind_the_counter
def webhooks(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """The receivers and the log of deliveries; `part=rows` answers the log alone, for the page to keep itself up to date."""
    refusal = None
    if request.method == "POST":
        outcome = _act(request, sandbox)
        if isinstance(outcome, HttpResponse):
            return outcome
        refusal = outcome
    states = dict(DeliveryState.choices)
    asked = {name: value for name in ("webhook", "state") if (value := request.GET.get(name, "").replace("\0", ""))}
    if asked.get("state") not in states:
        asked.pop("state", None)
    pages = Paginator(lab.log(sandbox, **asked).order_by("-id"), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_told(one) for one in pages]
    if request.GET.get("part") == "rows":
        return render(request, "web/console/_deliveries.html", {"rows": rows, "sandbox": sandbox})
    at = f"/sandboxes/{sandbox.key}"
    query = f"?{urlencode(asked)}" if asked else ""
    return console_page(
        request, "webhooks", sandbox, refusal, receivers=[_receiver(request, sandbox, one) for one in lab.receivers(sandbox)],
        events=LABELS.items(), ticked=request.POST.getlist("events") if refusal else [], rows=rows, pages=pages, asked=asked,
        states=states.items(), allowed=settings.SIM_WEBHOOK_ALLOW, keep=urlencode(asked) + "&" if asked else "",
        calls={
            "register": curl(request, "POST", f"{at}/webhooks", {"url": "http://127.0.0.1:9000/"}),
            "list": curl(request, "GET", f"{at}/webhooks"), "log": curl(request, "GET", f"{at}/deliveries{query}"),
        },
    )  # fmt: skip


def _act(request: HttpRequest, sandbox: Sandbox) -> HttpResponse | Refusal:
    if request.POST.get("do") == "register":
        try:
            # It may ask the resolver, which no transaction should wait for.
            lab.expect_receiver(request.POST.get("url", "").strip()[:2000])
        except Refusal as refusal:
            return refusal
    return do(request, sandbox, _DEEDS, reverse("console_webhooks", args=[sandbox.key]))


def _register(request: HttpRequest, sandbox: Sandbox, what: str) -> HttpResponse:
    """Register a receiver; its secret is told on this page and never again."""
    posted = Posted(request)
    url = posted.text("url", "接收地址", 2000)
    secret = posted.text("secret", "密钥", 200)
    if secret and (fault := secret_fault(secret)):
        posted.wrong("secret", "invalid", fault)
    posted.expect_sound()
    made = lab.register(sandbox, url, [event for event in posted.listed("events") if event in EVENTS], secret)
    return console_page(request, "webhook_made", sandbox, status=201, made=made, told=lab.read(made))


def _remove(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    lab.remove(sandbox, what)
    return "webhook_removed"


_DEEDS: Mapping[str, Deed] = {"register": _register, "remove": _remove}


def _receiver(request: HttpRequest, sandbox: Sandbox, webhook: Any) -> dict[str, Any]:
    labels = [LABELS[event] for event in webhook.events]
    return asdict(lab.read(webhook)) | {
        "webhook": webhook, "words": "、".join(labels) or "全部状态",
        "call": curl(request, "DELETE", f"/sandboxes/{sandbox.key}/webhooks/{webhook.key}"),
    }  # fmt: skip


def _told(delivery: Delivery) -> dict[str, Any]:
    """A delivery as the page shows it."""
    pending = delivery.state == DeliveryState.PENDING
    return {
        "delivery": delivery, "label": LABELS.get(delivery.event, delivery.event), "next": delivery.due_at if pending else None,
        "tries": [one | {"words": OUTCOMES.get(one["outcome"], one["outcome"])} for one in delivery.attempts],
        "body": json.dumps(json.loads(delivery.body), ensure_ascii=False, indent=2),
    }  # fmt: skip
