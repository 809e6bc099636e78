"""What an enterprise settles beside its filings: 代理授权 (FAQ 1.7) and 补录 (FAQ 1.1)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings.counters import backfills
from filings.counters import mandates as counter
from filings.forms.portal import NewBackfill, NewMandate
from filings.manners.filling import FORM, Filling
from filings.manners.screens import onward
from filings.models import Mandate, Visit
from filings.record.facts import account_facts
from filings.record.trail import attempt
from filings.rules import guards
from filings.rules.dates import BACKFILL_BEFORE
from filings.rules.events import Verb
from filings.rules.faq import ENTRIES
from filings.rules.refusals import Refusal, absent
from filings.web.doors import page, refusal_page, visited

ON_A_PAGE = 20


@require_http_methods(FORM)
@visited
def mandates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """代理授权: those given and those held, and giving one (FAQ 1.7)."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    refusal = None
    if request.method == "POST":
        try:
            attempt(visit, Verb.GIVE_MANDATE, lambda: _give(visit, request))
            return onward(reverse("mandates"), "mandate_given")
        except Refusal as error:
            refusal = error
    pages = Paginator(counter.of(visit).order_by("-serial"), ON_A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "mandates",
        visit,
        form=Filling(NewMandate, request.POST, refusal),
        rows=[counter.read(visit, row) for row in pages],
        pages=pages,
        entry=ENTRIES["1.7"],
    )


@require_http_methods(FORM)
@visited
def revoke(request: HttpRequest, visit: Visit, mandate: str) -> HttpResponse:
    """撤销代理授权, after asking; what was declared under it goes its way."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    if request.method == "POST":
        attempt(visit, Verb.REVOKE_MANDATE, lambda: counter.revoke(visit, mandate))
        return onward(reverse("mandates"), "mandate_revoked")
    found = counter.of(visit).filter(public_id=mandate).first()
    if found is None:
        raise absent("代理授权", mandate)
    return page(request, "revoke", visit, row=counter.read(visit, found))


@require_http_methods(FORM)
@visited
def backfill(request: HttpRequest, visit: Visit) -> HttpResponse:
    """企业备案信息补录: whether it is needed, by which dates, and a form only where it is (FAQ 1.1)."""
    refusal = None
    if request.method == "POST":
        try:
            attempt(visit, Verb.BACKFILL, lambda: _supply(visit, request))
            return onward(reverse("backfill"), "backfilled")
        except Refusal as error:
            if not error.errors:
                return refusal_page(request, error, visit)
            refusal = error
    return page(
        request,
        "backfill",
        visit,
        form=Filling(NewBackfill, request.POST, refusal),
        requirement=backfills.requirement(visit),
        before=BACKFILL_BEFORE,
    )


def _give(visit: Visit, request: HttpRequest) -> Mandate:
    given = NewMandate.from_post(request.POST)
    return counter.give(visit, given["agent"], given.get("valid_to"))


def _supply(visit: Visit, request: HttpRequest) -> None:
    guards.demand((guards.enterprise_user,), account_facts(visit))
    backfills.supply(visit, **NewBackfill.from_post(request.POST))
