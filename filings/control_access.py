"""Who may use the control plane, by API or on screen."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from filings.models import Sandbox
from filings.models.sandbox import secret_digest
from filings.rules.refusals import Refusal


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def open_here(request: HttpRequest) -> bool:
    """Bound to loopback and called from it, without a proxy between: nobody else can be asking."""
    forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return is_loopback(settings.HOST) and is_loopback(request.META.get("REMOTE_ADDR", "")) and not forwarded


def admit(request: HttpRequest, sandbox: Sandbox | None, token: str = "") -> None:
    """Let a caller in or raise 401 / 403. A web page of another site is never let in, even on loopback."""
    origin = request.headers.get("Origin")
    if request.headers.get("Sec-Fetch-Site") == "cross-site" or (origin and _host(origin) != request.get_host()):
        raise Refusal("cross_site")
    if open_here(request):
        return
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    token = token or (given.strip() if scheme.lower() == "bearer" else "")
    if not token:
        raise Refusal("control_unauthorized")
    if may(token, sandbox):
        return
    raise Refusal("control_forbidden")


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def may(token: str, sandbox: Sandbox | None) -> bool:
    """Whether a token opens the plane, or this sandbox; compared in constant time."""
    wanted = settings.SIM_CONTROL_TOKEN
    if wanted and hmac.compare_digest(token.encode(), wanted.encode()):
        return True
    return sandbox is not None and hmac.compare_digest(secret_digest(token), sandbox.control_key_digest)
