"""新入网 (FAQ 2.14): the enterprise's cards, applying for one, changing a PIN, cancelling."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from rest_framework.serializers import ValidationError

from filings.counters import cards
from filings.forms.language import Secret
from filings.forms.portal import NewCard, NewPin
from filings.manners.filling import FORM, Filling
from filings.manners.screens import onward
from filings.models import Visit
from filings.record.trail import attempt
from filings.rules.cards import FACTORY_PIN, ISSUED_AFTER
from filings.rules.events import Verb
from filings.rules.refusals import Refusal
from filings.web.doors import page, visited

ON_A_PAGE = 20


class NewPinTwice(NewPin):
    """On the page the new PIN is typed twice, as nobody sees it."""

    again = Secret(max_length=20, label="再次输入新密码", sample="20211201")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.pop("again") != attrs["new_pin"]:
            raise ValidationError({"again": ["两次输入的新密码不一致"]}, code="different")
        return attrs


@require_http_methods(FORM)
@visited
def own(request: HttpRequest, visit: Visit) -> HttpResponse:
    """新入网: the cards there are, and 入网申请."""
    if visit.enterprise is None:
        raise Refusal("not_enterprise_user")
    refusal = None
    if request.method == "POST":
        try:
            attempt(visit, Verb.APPLY_FOR_CARD, lambda: cards.apply(visit, **NewCard.from_post(request.POST)))
            return onward(reverse("cards"), "card_applied")
        except Refusal as error:
            refusal = error
    rows = Paginator(cards.of(visit).order_by("-n"), ON_A_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "cards",
        visit,
        form=Filling(NewCard, request.POST, refusal),
        factory_pin=FACTORY_PIN,
        minutes=int(ISSUED_AFTER.total_seconds() // 60),
        rows=[cards.read(visit, row) for row in rows],
        pages=rows,
    )


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
    return page(request, "card_pin", visit, read=read, form=Filling(NewPinTwice, request.POST, refusal))


def _change_pin(request: HttpRequest, visit: Visit, n: int) -> None:
    cards.usable(visit, n)
    given = NewPinTwice.from_post(request.POST)
    cards.change_pin(visit, n, given["old_pin"], given["new_pin"])
