"""What the pages of one sandbox share: the clock with its buttons, and what a refusal leaves in a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from filings.models import Sandbox
from filings.rules.refusals import Refusal
from filings.web.backstage import counter_page, curl, errors_of

STEPS: Mapping[str, tuple[str, str, Any]] = {
    "PT1M": ("1 分钟", "by", timedelta(minutes=1)),
    "PT10M": ("10 分钟", "by", timedelta(minutes=10)),
    "PT1H": ("1 小时", "by", timedelta(hours=1)),
    "P1D": ("1 天", "by", timedelta(days=1)),
    "next_event": ("到下一事件", "until", "next_event"),
    "idle": ("到空闲", "until", "idle"),
}
"""How far the clock may be advanced by a button: its words, and the argument of `clock.advance`."""


def console_page(
    request: HttpRequest, template: str, sandbox: Sandbox, refusal: Refusal | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page about a sandbox. With a refusal, its forms stand as they were sent, with what is wrong beside it."""
    at = f"/sandboxes/{sandbox.key}/clock/advance"
    frame = {
        "refusal": refusal, "given": request.POST if refusal else None, "errors": errors_of(refusal),
        "steps": [(name, words) for name, (words, _, _) in STEPS.items()],
        "advance_calls": "\n".join(curl(request, "POST", at, {key: name}) for name, (_, key, _) in STEPS.items()),
    }  # fmt: skip
    return counter_page(
        request, f"console/{template}", sandbox, status=refusal.wording.status if refusal else status, **frame | context
    )
