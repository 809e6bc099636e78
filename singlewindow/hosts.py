"""Under which name a request came, whether this server answers to it, and the address that people and links use."""

from __future__ import annotations

import re

from django.conf import settings
from django.http import HttpRequest
from django.http.request import validate_host

_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
"""A name may hold `_`, as those of container services do; Django's own check refuses them."""


def asked_of(request: HttpRequest) -> str:
    """The host a request names, as it stands there."""
    environ = request.META
    if "HTTP_HOST" in environ:
        return str(environ["HTTP_HOST"])
    usual = {"http": "80", "https": "443"}[environ["wsgi.url_scheme"]]
    return environ["SERVER_NAME"] + ("" if environ["SERVER_PORT"] == usual else f":{environ['SERVER_PORT']}")


def name_of(host: str) -> str:
    """A host without its port, in small letters; "" for what is none."""
    found = _HOST.fullmatch(host)
    return found["name"].rstrip(".").lower() if found else ""


def served(host: str) -> bool:
    """Whether this server answers to a name: one rebound to this machine by somebody else must not pass for it."""
    name = name_of(host)
    return bool(name) and validate_host(name, settings.ALLOWED_HOSTS)


def settle(request: HttpRequest) -> None:
    """Make a request's own address the one that people and links use: that of SIM_PUBLIC_URL, else where it was
    sent."""
    host = settings.PUBLIC.netloc if settings.PUBLIC else asked_of(request)
    if settings.PUBLIC:
        request.META["wsgi.url_scheme"] = settings.PUBLIC.scheme
    # Django would judge the name once more, by its own pattern.
    setattr(request, "get_host", lambda: host)  # noqa: B010


def origin_of(request: HttpRequest) -> str:
    """The origin of this server's own pages."""
    return f"{request.scheme}://{request.get_host()}"


def address(request: HttpRequest, path: str = "/") -> str:
    """A path of this server as an address that is good elsewhere too."""
    return f"{origin_of(request)}{settings.FORCE_SCRIPT_NAME or ''}{path}"
