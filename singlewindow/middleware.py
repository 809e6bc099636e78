"""What every answer carries: a request id, and headers that keep a page to itself."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from filings.manners.reading import expect_charset
from filings.rules.refusals import Refusal
from singlewindow import errors, hosts, outages
from singlewindow.front import FAULT

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
    "'self';"
    " object-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_CLIENT_ID = re.compile(r"[\w.:-]{1,64}\Z", re.ASCII)


class Envelope:
    """Give each request an id (the client's own X-Request-Id if it is well-formed) and each answer its headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.vanished = outages.Watch()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request.request_id = given if _CLIENT_ID.match(given) else secrets.token_hex(8)  # type: ignore[attr-defined]
        response = self._refused(request)
        if response is None:
            hosts.settle(request)
            response = self.get_response(request)
        if response.status_code == 405:
            response = errors.not_allowed(request, response)
        if response.status_code == 503 or hasattr(response, "problem_code"):
            # An outage is told in one line, a fault is what a test wanted: Django would log each as a failure of ours.
            response._has_been_logged = True  # type: ignore[attr-defined]
        headers = response.headers
        if settings.FORCE_SCRIPT_NAME and headers.get("Location", "").startswith(errors.PROGRAMS):
            headers["Location"] = settings.FORCE_SCRIPT_NAME + headers["Location"]
        headers["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers.setdefault("Content-Security-Policy", CSP)
        headers.setdefault("X-Frame-Options", "DENY")
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An outage is no defect: it is told as what it is, in a line instead of a traceback. Nor is a refusal that no
        face has told, as of a page whose world is reset while it is drawn."""
        if isinstance(exception, Refusal):
            return errors.refused(request, exception)
        outage = outages.of(exception)
        return errors.unavailable(request, outage, exception) if outage else None

    def _refused(self, request: HttpRequest) -> HttpResponse | None:
        """The answer to what cannot be a request of ours, whatever its address."""
        if not hosts.served(host := hosts.asked_of(request)):
            return errors.not_served(request, host)
        if fault := request.META.get(FAULT):
            return errors.refused(request, Refusal(fault))
        kind = request.META.get("CONTENT_TYPE", "")
        if "charset" in kind.lower() and not request.path_info.startswith(
            errors.PROGRAMS
        ):  # the planes see to it in their turn
            try:
                expect_charset(kind)
            except Refusal as refusal:
                return errors.refused(request, refusal)
        if self.vanished() and request.path_info != "/healthz":
            return errors.unavailable(request, outages.VANISHED)
        # No address of ours holds a NUL, and PostgreSQL cannot even be asked for one.
        return errors.not_found(request) if "\0" in request.path_info else None
