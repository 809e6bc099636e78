"""新入网: an enterprise's cards (FAQ 2.14)."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings import answers
from filings.api.endpoint import Counter
from filings.counters import cards
from filings.forms import portal as bodies
from filings.manners.endpoint import Reply
from filings.manners.operations import extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import json_response
from filings.rules.events import Verb

TAG = ["cards"]


class Cards(Counter):
    verbs = {"POST": Verb.APPLY_FOR_CARD}
    parameters = PAGE

    @extend_schema(
        operation_id="list_cards",
        tags=TAG,
        summary="本企业的卡，新的在前",
        parameters=PAGING,
        responses=answers.enterprises.CardPage,
    )
    def get(self, request: Request) -> HttpResponse:
        rows = cards.of(self.visit)
        return json_response(
            page(
                answers.enterprises.CardPage,
                request,
                rows,
                lambda found: [cards.read(self.visit, card) for card in found],
                by="n",
            )
        )

    @extend_schema(
        operation_id="apply_for_card",
        tags=TAG,
        request=bodies.NewCard,
        responses={201: answers.enterprises.EnterpriseCard},
        summary="新入网：申请法人卡、操作员卡或报关员卡；30 分钟后制发，默认密码 88888888（FAQ 2.14）",
    )
    def post(self, request: Request) -> HttpResponse:
        def work() -> Reply:
            self.demand_enterprise()
            card = cards.apply(self.visit, **self.body(request, bodies.NewCard))
            return Reply(cards.read(self.visit, card), 201)

        return self.deed(request, work)


class Cancel(Counter):
    verbs = {"POST": Verb.CANCEL_CARD}

    @extend_schema(
        operation_id="cancel_card",
        tags=TAG,
        summary="注销一张卡，或撤回尚未制发的申请",
        request=None,
        responses=answers.enterprises.EnterpriseCard,
    )
    def post(self, request: Request, n: int) -> HttpResponse:
        return self.deed(request, lambda: Reply(cards.read(self.visit, cards.cancel(self.visit, n))))


class ChangePin(Counter):
    verbs = {"POST": Verb.CHANGE_PIN}

    @extend_schema(
        operation_id="change_card_pin",
        tags=TAG,
        summary="修改卡密码；连续输错 5 次原密码，卡被锁定",
        request=bodies.NewPin,
        responses=answers.enterprises.EnterpriseCard,
    )
    def post(self, request: Request, n: int) -> HttpResponse:
        def work() -> Reply:
            cards.usable(self.visit, n)
            body = self.body(request, bodies.NewPin)
            return Reply(cards.read(self.visit, cards.change_pin(self.visit, n, body["old_pin"], body["new_pin"])))

        with cards.counting_wrong_pins(self.visit, n):
            return self.deed(request, work)
