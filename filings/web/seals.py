"""电子签章证书 (FAQ 1.6): the list, the application once an hour, the download."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from filings.counters import seals
from filings.manners.filling import FORM
from filings.manners.screens import onward
from filings.models import Visit
from filings.record.trail import attempt
from filings.rules.events import Verb
from filings.rules.faq import ENTRIES
from filings.rules.refusals import Refusal
from filings.rules.seals import in_words, seconds_to
from filings.web.doors import page, visited

ON_A_PAGE = 20


@require_http_methods(FORM)
@visited
def certificates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """电子签章证书: what the enterprise has, and 申请最新证书, which waits for its hour by the server's clock."""
    if visit.enterprise is None:
        raise Refusal("not_enterprise_user")
    refusal = None
    if request.method == "POST":
        try:
            attempt(visit, Verb.ISSUE_CERTIFICATE, lambda: seals.issue(visit))
            return onward(reverse("seal_certificates"), "sealed")
        except Refusal as error:
            refusal = error
    next_at = seals.not_before(visit)
    wait = seconds_to(next_at, visit.now) if next_at else 0
    rows = Paginator(seals.of(visit).order_by("-n"), ON_A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "seal_certificates",
        visit,
        refusal=refusal,
        entry=ENTRIES["1.6"],
        rows=[seals.read(row) for row in rows],
        pages=rows,
        next_at=next_at,
        wait=wait,
        left=in_words(wait),
    )


@require_safe
@visited
def download(request: HttpRequest, visit: Visit, n: int) -> HttpResponse:
    """下载."""
    return seals.download(seals.find(visit, n), request.GET.get("format", "pem"))
