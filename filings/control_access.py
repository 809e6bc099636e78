"""Who may use the control plane, by API or on screen."""

from __future__ import annotations

import hmac
import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from filings import guessing
from filings.models import Sandbox
from filings.models.sandbox import secret_digest
from filings.rules.refusals import Refusal
from singlewindow import hosts

_OF_PROXIES = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
"""Headers by which a proxy tells of itself."""


OWN_NAMES = {"localhost"}
"""Names that are this machine's own wherever one is."""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    if host in OWN_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def open_here(request: HttpRequest) -> bool:
    """Bound to loopback, called from it and by a name of it, without a proxy that is known: nobody else can be
    asking."""
    if settings.PUBLIC or any(header in request.headers for header in _OF_PROXIES):
        return False
    near = (settings.HOST, str(request.META.get("REMOTE_ADDR", "")), hosts.name_of(hosts.asked_of(request)))
    return all(map(is_loopback, near))


def admit(request: HttpRequest, sandbox: Sandbox | None, token: str = "") -> None:
    """Let a caller in or raise 401 / 403, or 429 to who guesses. `token` is one that a page holds, given at its login.

    A web page of another site is never let in, even on loopback, unless it is listed.
    """
    origin = request.headers.get("Origin")
    foreign = request.headers.get("Sec-Fetch-Site") == "cross-site" or (
        origin and host_of(origin) != request.get_host()
    )
    if foreign and origin not in settings.CORS_ALLOWED_ORIGINS:
        raise Refusal("cross_site", remedy=_listed(origin))
    if open_here(request):
        return
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    token, held = token or (given.strip() if scheme.lower() == "bearer" else ""), bool(token)
    if not token:
        raise Refusal("control_unauthorized")
    if not held:
        guessing.check("control", caller(request))
    if may(token, sandbox):
        return
    if not held:
        guessing.wrong(token, "control", caller(request))
    raise Refusal("control_forbidden")


def caller(request: HttpRequest) -> str:
    """The address a request comes from: behind our own proxy, the one the proxy saw."""
    passed_on = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() if settings.PUBLIC else ""
    return passed_on or str(request.META.get("REMOTE_ADDR", ""))


def _listed(origin: str | None) -> str:
    return (
        f"请从本系统的页面或客户端软件发出请求；需要从 {origin} 的页面调用的，请运行者设置 SIM_CORS_ORIGINS={origin}"
        if origin
        else ""
    )


def host_of(origin: str) -> str | None:
    """The host an origin names, with its port; None for what is no address."""
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
