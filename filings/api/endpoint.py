"""The business plane's way in: a bearer token, and nothing known of tests but two optional headers."""

from __future__ import annotations

import time
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, RawPostDataException
from django.http.request import HttpHeaders
from rest_framework.request import Request

from filings import visits
from filings.lab.faults import transport
from filings.lab.watching import journal
from filings.manners.endpoint import Endpoint
from filings.manners.wire import problem
from filings.models import Sandbox, Visit
from filings.record.facts import account_facts
from filings.rules import guards
from filings.rules.dates import rfc3339
from filings.rules.faults import Chosen
from filings.rules.refusals import Refusal
from singlewindow import outages
from singlewindow.front import BEGAN


def bearer(request: Request) -> str:
    """The bearer token of a request, "" if it has none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def asked_of_tests(request: Request, header: str, unknown: str) -> str:
    """What a header meant for tests asks; "" where there is none.

    Raises 400 `unknown` for an empty one: a server hands on a header with letters beyond ASCII as if nothing stood in
    it, and a test that asks for something must not silently get something else.
    """
    asked = request.headers.get(header)
    if asked is not None and not asked.strip():
        raise Refusal(unknown, f"请求头 {header} 是空的，或含有 ASCII 以外的字符")
    return (asked or "").strip()


_KEPT = frozenset(journal.HEADERS)
_SENT = [(name, HttpHeaders.to_wsgi_name(name)) for name in journal.HEADERS]
"""The headers that are kept of a request, and where it has them."""


class Journalled(Endpoint):
    """An address whose exchanges are written down, as soon as it is known in which sandbox they happen.

    journalled  whether that is ever known
    struck      whether faults of transport strike here
    """

    journalled: ClassVar[bool] = True
    struck: ClassVar[bool] = False
    met: Sandbox | None = None
    fault: Chosen | None = None
    began: float

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        self.began = request.META.get(BEGAN) or time.perf_counter()
        return super().initialize_request(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        self._write_down(request, response)
        return response

    def handle_exception(self, exc: Exception) -> Any:
        """As everywhere; a defect of ours, which goes on to the log, is written down as its client is told of it."""
        try:
            return super().handle_exception(exc)
        except Exception as defect:
            if not outages.of(defect):
                self._write_down(self.request, problem(Refusal("internal_error"), self.request))
            raise

    def _write_down(self, request: Request, response: Any) -> None:
        where = self.visit.sandbox if self.visit else self.met
        if where is not None and settings.SIM_JOURNAL and not hasattr(response, "wait"):
            journal.write(where, **self._told(request, response))

    def _told(self, request: Request, response: Any) -> dict[str, Any]:
        visit, meta, answered = self.visit, request.META, response.headers.get("Content-Type", "")
        body = response.content.decode("utf-8", "replace") if "json" in answered and not response.streaming else ""
        return {
            "method": request.method,
            "path": request.path_info[:300],
            "query": meta.get("QUERY_STRING", "")[:1000],
            "status": response.status_code,
            "code": getattr(response, "problem_code", ""),
            "account": visit.account.username if visit and visit.account else "",
            "medium": visit.medium.value if visit and visit.medium else "",
            "filing": self.filing[:12],
            "scenario": visit.scenario[:200] if visit else "",
            "fault": str(self.fault or ""),
            "milliseconds": (time.perf_counter() - self.began) * 1000,
            "request_id": getattr(request, "request_id", ""),
            "request_headers": {name: meta[key] for name, key in _SENT if key in meta},
            "request_body": _text_of(request) if "json" in meta.get("CONTENT_TYPE", "") else "",
            "response_headers": {name: value for name, value in response.headers.items() if name in _KEPT},
            "response_body": body,
        }


def _text_of(request: Request) -> str:
    """A request's body as text; of one too large to be read, nothing."""
    try:
        return str(request.body.decode("utf-8", "replace"))
    except (RequestDataTooBig, RawPostDataException):
        return ""


class Open(Journalled):
    """An address that needs no token."""

    def admit(self, request: Request) -> None:
        return None


class Counter(Journalled):
    """An address of the business plane: the token carries sandbox, account and medium."""

    struck = True
    visit: Visit

    def admit(self, request: Request) -> None:
        self.visit = visits.arrive(bearer(request), request.headers.get("X-Sim-Scenario", "").strip())
        visits.expect_card(self.visit, self.verbs.get(request.method or ""), self.filing)
        asked = asked_of_tests(request, "X-Sim-Fault", "unknown_fault")
        if waited := transport.waited_for(request.META):
            self.fault = waited
            return
        if asked or self.visit.sandbox.faulty:
            self.fault = transport.met(self.visit, request.method or "", request.path_info, asked)
        if self.fault:
            transport.before(self.fault)

    def handle_exception(self, exc: Exception) -> Any:
        match exc:
            case transport.Cut():
                return transport.cut()
            case transport.Later():
                return transport.later(exc.chosen)
            case Refusal() if getattr(self, "visit", None):
                exc.leading_to(self.visit.sandbox.key)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if getattr(self, "visit", None):
            response.headers["X-Sim-Clock"] = rfc3339(self.visit.now)
        response = super().finalize_response(request, response, *args, **kwargs)
        return transport.after(self.fault, response) if self.fault else response

    def demand_enterprise(self) -> None:
        """FAQ 2.3, for what only an 企业用户 can even ask."""
        guards.demand((guards.enterprise_user,), account_facts(self.visit))
