"""The business plane's way in: a bearer token, and nothing known of tests but two optional headers."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request

from filings import visits
from filings.facts import account_facts
from filings.lab import transport
from filings.manners.endpoint import Endpoint
from filings.models import Visit
from filings.rules import guards
from filings.rules.dates import rfc3339
from filings.rules.faults import Chosen


def bearer(request: Request) -> str:
    """The bearer token of a request, "" if it has none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


class Open(Endpoint):
    """An address that needs no token."""

    def admit(self, request: Request) -> None:
        return None


class Counter(Endpoint):
    """An address of the business plane: the token carries sandbox, account and medium."""

    visit: Visit
    fault: Chosen | None = None

    def admit(self, request: Request) -> None:
        self.visit = visits.arrive(bearer(request), request.headers.get("X-Sim-Scenario", "").strip())
        asked = request.headers.get("X-Sim-Fault", "").strip()
        if asked or self.visit.sandbox.faulty:
            self.fault = transport.before(self.visit, request.method or "", request.path, asked)

    def handle_exception(self, exc: Exception) -> Any:
        return transport.cut() if isinstance(exc, transport.Cut) else super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if getattr(self, "visit", None):
            response.headers["X-Sim-Clock"] = rfc3339(self.visit.now)
        return transport.after(self.fault, response) if self.fault else response

    def demand_enterprise(self) -> None:
        """FAQ 2.3, for what only an 企业用户 can even ask."""
        guards.demand((guards.enterprise_user,), account_facts(self.visit))
