"""请求日志: what a client sent and was answered, as it comes; and whether it sent what was expected."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from filings.forms.lab import Verification
from filings.lab.watching import journal as lab
from filings.manners.filling import FORM
from filings.models import Exchange, Sandbox
from filings.rules.numbers import whole
from filings.rules.refusals import Refusal
from filings.web.backstage import behind_the_counter, curl
from filings.web.console.choosing import Choosing
from filings.web.console.deeds import Deed, do
from filings.web.console.framing import console_page
from singlewindow import hosts

ON_A_PAGE = 50
CLIPPED = 3_000
"""Characters of a body shown in the list."""

FILTERS = ("method", "path", "status", "account", "filing")
METHODS = [(method, method) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")]


@dataclass(frozen=True, slots=True)
class Told:
    """An exchange as a page shows it: bodies indented where they are JSON, and cut short in a list."""

    exchange: Exchange
    request: str
    response: str
    clipped: bool


@require_http_methods(FORM)
@behind_the_counter
def journal(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """The exchanges, newest first, by filters; `part=rows` answers the list alone, for the page to keep itself up to
    date."""
    refusal, verdict = None, None
    if request.method == "POST":
        if request.POST.get("do") == "verify":
            try:
                wanted = Verification.from_post(request.POST)
                verdict = lab.verify(sandbox, wanted["match"], wanted.get("count", {"at_least": 1}))
            except Refusal as error:
                refusal = error
        else:
            outcome = do(request, sandbox, {"clear": Deed(_clear)}, reverse("console_journal", args=[sandbox.key]))
            if isinstance(outcome, HttpResponse):
                return outcome
            refusal = outcome
    form = Choosing(Verification, request.POST, refusal)
    asked = {name: value for name in FILTERS if (value := request.GET.get(name, "").replace("\0", "").strip())}
    try:
        found = _found(sandbox, asked)
    except Refusal as error:
        refusal, found = error, lab.of(sandbox).none()
    pages = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [_told(page, CLIPPED) for page in pages]
    if request.GET.get("part") == "rows":
        return render(request, "web/console/_exchanges.html", {"rows": rows, "sandbox": sandbox})
    at = f"/sandboxes/{sandbox.key}/journal"
    query = f"?{urlencode(asked)}" if asked else ""
    return console_page(
        request,
        "journal",
        sandbox,
        form=form,
        refusal=refusal,
        rows=rows,
        pages=pages,
        asked=asked,
        kept=settings.SIM_JOURNAL,
        methods=METHODS,
        verdict=verdict,
        keep=urlencode(asked) + "&" if asked else "",
        calls={
            "read": curl(request, "GET", at + query),
            "clear": curl(request, "DELETE", at),
            "verify": curl(
                request,
                "POST",
                f"{at}/verify",
                {"match": {"method": "POST", "path": "/api/v1/filings/*/declare"}, "count": {"at_least": 1}},
            ),
        },
    )


@require_safe
@behind_the_counter
def exchange(request: HttpRequest, sandbox: Sandbox, n: int) -> HttpResponse:
    """One exchange in full, and the call that sends it again."""
    found = lab.find(sandbox, n)
    return console_page(request, "exchange", sandbox, kept=_told(found), call=_again(request, found))


def _found(sandbox: Sandbox, asked: dict[str, str]) -> Any:
    if not settings.SIM_JOURNAL:
        return lab.of(sandbox).none()
    wanted: dict[str, Any] = dict(asked)
    if "status" in wanted:
        status = whole(asked["status"])
        wanted["status"] = -1 if status is None else status
    return lab.exchanges(sandbox, **wanted).order_by("-id")


def _clear(request: HttpRequest, sandbox: Sandbox, what: str) -> str:
    lab.clear(sandbox)
    return "journal_cleared"


def _told(exchange: Exchange, longest: int | None = None) -> Told:
    sent, answered = _indented(exchange.request_body), _indented(exchange.response_body)
    clipped = longest is not None and max(len(sent), len(answered)) > longest
    return Told(exchange, sent[:longest], answered[:longest], clipped)


def _indented(body: str) -> str:
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
    except (orjson.JSONDecodeError, TypeError):
        return body


def _again(request: HttpRequest, exchange: Exchange) -> str:
    """The call a client made, ready for a shell; its token, and what was masked, stay out of it."""
    address = hosts.address(request, exchange.path) + (f"?{exchange.query}" if exchange.query else "")
    parts = ["curl", "-i", "-X", exchange.method, shlex.quote(address), "-H", '"Authorization: Bearer $TOKEN"']
    for name, value in exchange.request_headers.items():
        parts += ["-H", shlex.quote(f"{name}: {value}")]
    if exchange.request_body:
        parts += ["-d", shlex.quote(exchange.request_body)]
    return " ".join(parts)
