"""Failures of transport: what happens to an exchange before its deed, and to its answer after. The one place that makes them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from filings.lab import faults as lab
from filings.models import Visit
from filings.rules import faults
from filings.rules.refusals import Refusal

_waiting = threading.BoundedSemaphore(max(1, settings.SERVER_THREADS - 1))
"""Waiting never takes the last thread of a process: one is left for everybody else."""


class Cut(Exception):
    """The connection ends here."""


def met(visit: Visit, method: str, path: str, asked: str) -> faults.Chosen | None:
    """The fault an exchange meets: the one asked for by header, else the first in force that fits; None: nothing goes wrong.

    Raises Refusal 400 for a header that names no fault of transport.
    """
    chosen = faults.parse(asked) if asked else None
    if chosen is not None and chosen.fault.of != "transport":
        raise Refusal("unknown_fault", "X-Sim-Fault 只接受传输类故障")
    if chosen is None and visit.sandbox.faulty:
        about = {"method": method, "path": path, "account": visit.account.username if visit.account else ""}
        chosen = lab.met(visit.sandbox, "transport", about)
    return chosen


def before(chosen: faults.Chosen) -> None:
    """What the fault does ahead of the deed: a status is answered, latency waited out, the connection cut with nothing done."""
    match chosen.fault.name:
        case "status":
            code = chosen.number("code")
            asked = code in (429, 503) or "retry_after" in chosen.given  # of other errors no server tells when they are over
            headers = {"Retry-After": str(chosen.number("retry_after"))} if asked else {}
            raise Refusal("injected_fault", status=code, headers=headers, extra={"fault": str(chosen)})
        case "latency":
            _wait(chosen.number("ms") / 1000)
        case "cut_before_commit":
            raise Cut


def after(chosen: faults.Chosen, response: HttpResponse) -> HttpResponseBase:
    """The answer as the fault leaves it."""
    match chosen.fault.name:
        case "cut_after_commit":
            return cut(response.status_code, response.content, dict(response.headers))
        case "malformed" if response.content:
            response.content = response.content[: max(1, len(response.content) * 2 // 3)]
    return response


def cut(status: int = 200, body: bytes = b"{}", headers: dict[str, str] | None = None) -> StreamingHttpResponse:
    """An answer that ends before its announced length."""
    told = {**(headers or {"Content-Type": "application/json"}), "Content-Length": str(max(len(body), 2))}
    return StreamingHttpResponse(_half(body), status=status, headers=told)


def _half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise Cut


def _wait(seconds: float) -> None:
    if not _waiting.acquire(blocking=False):
        raise Refusal("too_many_waiting", headers={"Retry-After": "1"})
    try:
        time.sleep(seconds)
    finally:
        _waiting.release()
