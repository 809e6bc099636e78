"""新入网 (FAQ 2.14): the enterprise's cards, applying for one, changing a PIN, cancelling."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from filings import cards
from filings.models import Visit
from filings.rules.appraisal import Problem
from filings.rules.cards import FACTORY_PIN, ISSUED_AFTER
from filings.rules.codes import TABLES
from filings.rules.events import Verb
from filings.rules.refusals import Refusal, invalid
from filings.rules.words import CardType
from filings.trail import attempt
from filings.web.doors import onward, page, visited
from filings.web.posted import FORM

ON_A_PAGE = 20


@require_http_methods(FORM)
@visited
def own(request: HttpRequest, visit: Visit) -> HttpResponse:
    """新入网: the cards there are, and 入网申请."""
    if visit.enterprise is None:
        raise Refusal("not_enterprise_user")
    refusal, fields = None, ("type", "holder_name", "holder_id_type", "holder_id_number")
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in fields}
        try:
            attempt(visit, Verb.APPLY_FOR_CARD, lambda: cards.apply(visit, **given))
            return onward(reverse("cards"), "card_applied")
        except Refusal as error:
            refusal = error
    rows = Paginator(cards.of(visit).order_by("-n"), ON_A_PAGE).get_page(request.GET.get("page"))
    return page(
        request, "cards", visit, status=_status(refusal), refusal=refusal, errors=_beside(refusal), given=request.POST,
        types=CardType.choices, id_types=[row.code for row in TABLES["id_types"].rows], factory_pin=FACTORY_PIN,
        minutes=int(ISSUED_AFTER.total_seconds() // 60), rows=[cards.read(visit, one) for one in rows], pages=rows,
    )  # fmt: skip


@require_http_methods(FORM)
@visited
def cancel(request: HttpRequest, visit: Visit, n: int) -> HttpResponse:
    """注销: asks first."""
    if request.method == "POST":
        attempt(visit, Verb.CANCEL_CARD, lambda: cards.cancel(visit, n))
        return onward(reverse("cards"), "card_cancelled")
    return page(request, "card_cancel", visit, read=cards.read(visit, cards.find(visit, n)))


@require_http_methods(FORM)
@visited
def change_pin(request: HttpRequest, visit: Visit, n: int) -> HttpResponse:
    """修改密码."""
    card, refusal = cards.find(visit, n), None
    if request.method != "POST":
        cards.demand_active(visit, card)
    read = cards.read(visit, card)
    if request.method == "POST":
        try:
            with cards.counting_wrong_pins(visit, n):
                attempt(visit, Verb.CHANGE_PIN, lambda: _change_pin(request, visit, n))
            return onward(reverse("cards"), "pin_changed")
        except Refusal as error:
            if not error.errors:
                raise
            refusal = error
    return page(
        request, "card_pin", visit, status=_status(refusal), read=read, refusal=refusal, errors=_beside(refusal),
        factory_pin=FACTORY_PIN,
    )  # fmt: skip


def _change_pin(request: HttpRequest, visit: Visit, n: int) -> None:
    old, new, again = (request.POST.get(name, "") for name in ("old_pin", "new_pin", "again"))
    if again != new:
        raise invalid([Problem("/again", "different", "两次输入的新密码不一致")])
    cards.change_pin(visit, n, old, new)


def _status(refusal: Refusal | None) -> int:
    return refusal.wording.status if refusal else 200


def _beside(refusal: Refusal | None) -> dict[str, str]:
    """Each error beside its field."""
    return {problem.pointer.strip("/"): problem.detail for problem in refusal.errors} if refusal else {}
