"""通知: who is told of status changes, and what came of each attempt to tell them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from msgspec.structs import asdict

from filings.forms.lab import EVENT_LABELS, WebhookWanted
from filings.lab.webhooks import webhooks as lab
from filings.manners.filling import FORM
from filings.models import Delivery, DeliveryState, Sandbox
from filings.web.backstage import ON_A_PAGE, behind_the_counter, curl
from filings.web.console.deeds import Deed, do, forms
from filings.web.console.framing import console_page

OUTCOMES = {"delivered": "已送达", "failed": "失败", "dropped": "丢失"}
"""What comes of an attempt, in words."""


@require_http_methods(FORM)
@behind_the_counter
def webhooks(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """The receivers and the log of deliveries; `part=rows` answers the log alone, for the page to keep itself up to
    date."""
    refusal = None
    if request.method == "POST":
        outcome = do(request, sandbox, _DEEDS, reverse("console_webhooks", args=[sandbox.key]))
        if isinstance(outcome, HttpResponse):
            return outcome
        refusal = outcome
    states = dict(DeliveryState.choices)
    asked = {name: value for name in ("webhook", "state") if (value := request.GET.get(name, "").replace("\0", ""))}
    if asked.get("state") not in states:
        asked.pop("state", None)
    pages = Paginator(lab.log(sandbox, **asked).order_by("-id"), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_told(page) for page in pages]
    if request.GET.get("part") == "rows":
        return render(request, "web/console/_deliveries.html", {"rows": rows, "sandbox": sandbox})
    at = f"/sandboxes/{sandbox.key}"
    query = f"?{urlencode(asked)}" if asked else ""
    return console_page(
        request,
        "webhooks",
        sandbox,
        **forms(request, _DEEDS, refusal),
        rows=rows,
        receivers=[_receiver(request, sandbox, receiver) for receiver in lab.receivers(sandbox)],
        pages=pages,
        asked=asked,
        states=states.items(),
        allowed=settings.SIM_WEBHOOK_ALLOW,
        keep=urlencode(asked) + "&" if asked else "",
        calls={
            "register": curl(request, "POST", f"{at}/webhooks", {"url": "http://127.0.0.1:9000/"}),
            "list": curl(request, "GET", f"{at}/webhooks"),
            "log": curl(request, "GET", f"{at}/deliveries{query}"),
        },
    )


def _register(request: HttpRequest, sandbox: Sandbox, given: dict[str, Any]) -> HttpResponse:
    """Register a receiver; its secret is told on this page and never again."""
    lab.expect_receiver(given["url"])  # it may ask the resolver, which no transaction should wait for
    with sandbox.held():
        made = lab.register(sandbox, given["url"], given.get("events", ()), given.get("secret", ""))
    return console_page(request, "webhook_made", sandbox, status=201, made=made)


def _remove(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    lab.remove(sandbox, what)
    return "webhook_removed"


_DEEDS = {"register": Deed(_register, WebhookWanted, in_turns=True), "remove": Deed(_remove)}


def _receiver(request: HttpRequest, sandbox: Sandbox, webhook: Any) -> dict[str, Any]:
    columns = asdict(lab.read(webhook))
    labels = [EVENT_LABELS[event] for event in webhook.events]
    return columns | {
        "webhook": webhook,
        "words": "、".join(labels) or "全部状态",
        "call": curl(request, "DELETE", f"/sandboxes/{sandbox.key}/webhooks/{webhook.key}"),
    }


def _told(delivery: Delivery) -> dict[str, Any]:
    """A delivery as the page shows it."""
    pending = delivery.state == DeliveryState.PENDING
    return {
        "delivery": delivery,
        "label": EVENT_LABELS.get(delivery.event, delivery.event),
        "next": delivery.due_at if pending else None,
        "tries": [
            attempt | {"words": OUTCOMES.get(attempt["outcome"], attempt["outcome"])} for attempt in delivery.attempts
        ],
        "body": json.dumps(json.loads(delivery.body), ensure_ascii=False, indent=2),
    }
