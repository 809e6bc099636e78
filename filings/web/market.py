"""国家企业信用信息公示（模拟）: what market regulation holds of the enterprises of a sandbox.

It is public: whoever is logged in, and whoever plays customs, may look any up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from filings.models import Sandbox, Visit
from filings.record import enquiries
from filings.rules.reading import label_of
from filings.rules.refusals import absent
from filings.web.backstage import behind_the_counter, counter_page, curl
from filings.web.doors import page, visited

ON_A_PAGE = 20

LONGEST = 100
"""Characters of what is looked for: a name has no more."""

Address = Callable[[str], str]
"""Where the page of a firm is, by its credit code; "" is the search."""


@require_safe
@visited
def register(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The search, by 统一社会信用代码 or name."""
    own = visit.enterprise and (visit.enterprise, _outside(visit.enterprise.uscc))
    found = _found(request, visit.sandbox, _outside)
    return page(request, "market/register", visit, frame="base.html", own=own, **found)


@require_safe
@visited
def enterprise(request: HttpRequest, visit: Visit, uscc: str) -> HttpResponse:
    """One firm's page."""
    return page(request, "market/enterprise", visit, frame="base.html", **_held(visit.sandbox, uscc, _outside))


@require_safe
@behind_the_counter
def register_at_customs(request: HttpRequest, sandbox: Sandbox) -> HttpResponse:
    """The same search for whoever plays customs."""
    found = _found(request, sandbox, _inside(sandbox))
    return counter_page(request, "market/register", sandbox, face="customs", frame=_FRAME, **found)


@require_safe
@behind_the_counter
def enterprise_at_customs(request: HttpRequest, sandbox: Sandbox, uscc: str) -> HttpResponse:
    """The same page, with the calls that read and lay what stands there."""
    held = _held(sandbox, uscc, _inside(sandbox))
    at = f"/sandboxes/{sandbox.key}/ledgers/market/{held['record'].uscc}"
    address = held["record"].address_cn or ""
    calls = "\n".join([curl(request, "GET", at), curl(request, "PUT", at, {"address_cn": address})])
    return counter_page(request, "market/enterprise", sandbox, face="customs", frame=_FRAME, calls=calls, **held)


_FRAME = "web/console/frame.html"


def _outside(uscc: str) -> str:
    return reverse("market_enterprise", args=[uscc]) if uscc else reverse("market")


def _inside(sandbox: Sandbox) -> Address:
    def address(uscc: str) -> str:
        of = [sandbox.key, uscc] if uscc else [sandbox.key]
        return reverse("customs_market_enterprise" if uscc else "customs_market", args=of)

    return address


def _found(request: HttpRequest, sandbox: Sandbox, address: Address) -> dict[str, Any]:
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    pages = Paginator(enquiries.market_records(sandbox, asked), ON_A_PAGE).get_page(request.GET.get("page"))
    keep = urlencode({"q": asked}) + "&"
    return {"asked": asked, "keep": keep, "pages": pages, "rows": [(record, address(record.uscc)) for record in pages]}


def _held(sandbox: Sandbox, uscc: str, address: Address) -> dict[str, Any]:
    record = enquiries.market_record(sandbox, uscc)
    if record is None:
        raise absent("市场监管登记的企业", uscc, "统一社会信用代码")
    capital = record.registered_capital and f"{record.registered_capital} 万"
    return {
        "record": record,
        "type": label_of("economic_types", record.economic_type or ""),
        "capital": " ".join(filter(None, (capital, label_of("currencies", record.capital_currency or "")))),
        "search": address(""),
    }
