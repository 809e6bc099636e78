"""Failures of transport: what happens to an exchange before its deed, and to its answer after. The one place that
makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from filings.lab.faults import faults as lab
from filings.models import Visit
from filings.rules import faults
from filings.rules.refusals import Refusal
from singlewindow.front import WAITED, BrokenAnswer


class Cut(Exception):
    """The connection ends here."""


class Later(Exception):
    """The exchange goes on after so many seconds; the front waits them out and asks again."""

    def __init__(self, chosen: faults.Chosen) -> None:
        super().__init__(str(chosen))
        self.chosen = chosen


def waited_for(environ: Mapping[str, object]) -> faults.Chosen | None:
    """The latency that an exchange has behind it, if it is asked for once more."""
    return faults.parse(str(environ[WAITED])) if WAITED in environ else None


def later(chosen: faults.Chosen) -> HttpResponse:
    """What tells the front to wait."""
    response = HttpResponse(status=503)
    response.wait, response.waited = chosen.number("ms") / 1000, str(chosen)  # type: ignore[attr-defined]
    return response


def met(visit: Visit, method: str, path: str, asked: str) -> faults.Chosen | None:
    """The fault an exchange meets: the one asked for by header, else the first in force that fits; None: nothing goes
    wrong.

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
    """What the fault does ahead of the deed: a status is answered, latency waited out, the connection cut with nothing
    done."""
    match chosen.fault.name:
        case "status":
            code = chosen.number("code")
            asked = (
                code in (429, 503) or "retry_after" in chosen.given
            )  # of other errors no server tells when they are over
            headers = {"Retry-After": str(chosen.number("retry_after"))} if asked else {}
            raise Refusal("injected_fault", status=code, headers=headers, extra={"fault": str(chosen)})
        case "latency":
            raise Later(chosen)
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
    headed = {**(headers or {"Content-Type": "application/json"}), "Content-Length": str(max(len(body), 2))}
    return StreamingHttpResponse(_half(body), status=status, headers=headed)


def _half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise BrokenAnswer
