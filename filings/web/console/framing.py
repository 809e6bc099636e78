"""What the pages of one sandbox share: the clock with its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from filings.models import Sandbox
from filings.web.backstage import counter_page, curl

STEPS: Mapping[str, tuple[str, str]] = {
    "PT1M": ("1 分钟", "by"),
    "PT10M": ("10 分钟", "by"),
    "PT1H": ("1 小时", "by"),
    "P1D": ("1 天", "by"),
    "next_event": ("到下一事件", "until"),
    "idle": ("到空闲", "until"),
}
"""How far the clock may be advanced by a button: its words, and the member that says so."""


def console_page(
    request: HttpRequest, template: str, sandbox: Sandbox, *, status: int = 0, **context: Any
) -> HttpResponse:
    """A page about a sandbox."""
    at = f"/sandboxes/{sandbox.key}/clock/advance"
    frame = {
        "steps": [(name, words) for name, (words, _) in STEPS.items()],
        "advance_calls": "\n".join(curl(request, "POST", at, {key: name}) for name, (_, key) in STEPS.items()),
    }
    return counter_page(request, f"console/{template}", sandbox, status=status, **frame | context)
