"""覆盖: what a client has met in this sandbox of all there is to meet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from filings.lab.watching import coverage as lab
from filings.models import Sandbox
from filings.web.backstage import behind_the_counter, curl
from filings.web.console.framing import console_page


@require_safe
@behind_the_counter
def coverage(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """Every state, edge, refusal, scenario, situation, glitch and entry; with `open=1` only what was not met yet."""
    shares, only_open = lab.shares(sandbox), request.GET.get("open") == "1"
    rows = {share.part: [row for row in share.rows if not (only_open and row[1])] for share in shares}
    at = f"/sandboxes/{sandbox.key}/coverage"
    calls = [curl(request, "GET", at), curl(request, "GET", f"{at}?format=junit", onto="coverage.xml")]
    return console_page(
        request,
        "coverage",
        sandbox,
        shares=[(share, rows[share.part]) for share in shares],
        only_open=only_open,
        call="\n".join(calls),
    )


@require_safe
@behind_the_counter
def junit(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """The same as a JUnit report, for a browser to keep."""
    body = lab.junit(sandbox.key, lab.shares(sandbox))
    return HttpResponse(
        body,
        content_type="application/xml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="coverage.xml"'},
    )
