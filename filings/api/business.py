"""What an enterprise settles beside its filings: 代理授权 (FAQ 1.7) and 补录 (FAQ 1.1)."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings import answers
from filings.api.endpoint import Counter
from filings.counters import backfills, mandates
from filings.forms import portal as bodies
from filings.manners.endpoint import LOCATION, Reply
from filings.manners.operations import extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import json_response
from filings.rules.events import Verb


class Mandates(Counter):
    verbs = {"POST": Verb.GIVE_MANDATE}
    parameters = PAGE

    @extend_schema(
        operation_id="list_mandates",
        tags=["mandates"],
        summary="代理授权：本企业给出的和取得的，新的在前",
        parameters=PAGING,
        responses=answers.enterprises.MandatePage,
    )
    def get(self, request: Request) -> HttpResponse:
        rows = mandates.of(self.visit)
        return json_response(
            page(
                answers.enterprises.MandatePage,
                request,
                rows,
                lambda found: [mandates.read(self.visit, row) for row in found],
            )
        )

    @extend_schema(
        operation_id="give_mandate",
        tags=["mandates"],
        summary="授权另一企业代理本企业申报（FAQ 1.7）",
        request=bodies.NewMandate,
        parameters=[LOCATION],
        responses={201: answers.enterprises.Mandate},
    )
    def post(self, request: Request) -> HttpResponse:
        def work() -> Reply:
            self.demand_enterprise()
            body = self.body(request, bodies.NewMandate)
            mandate = mandates.give(self.visit, body["agent"], body.get("valid_to"))
            return Reply(mandates.read(self.visit, mandate), 201, {"Location": f"/api/v1/mandates/{mandate.public_id}"})

        return self.deed(request, work)


class OneMandate(Counter):
    verbs = {"DELETE": Verb.REVOKE_MANDATE}

    @extend_schema(
        operation_id="revoke_mandate",
        tags=["mandates"],
        summary="撤销代理授权；已申报的继续办理",
        responses={204: None},
    )
    def delete(self, request: Request, mandate: str) -> HttpResponse:
        def work() -> Reply:
            mandates.revoke(self.visit, mandate)
            return Reply(None, 204)

        return self.deed(request, work)


class BackfillRequirement(Counter):
    @extend_schema(
        operation_id="backfill_requirement",
        tags=["backfill"],
        summary="是否需要补录企业备案信息（FAQ 1.1）",
        responses=answers.enterprises.BackfillRequirement,
    )
    def get(self, request: Request) -> HttpResponse:
        return json_response(backfills.requirement(self.visit))


class Backfill(Counter):
    verbs = {"POST": Verb.BACKFILL}

    @extend_schema(
        operation_id="supply_backfill",
        tags=["backfill"],
        summary="补录企业备案信息（FAQ 1.1）",
        request=bodies.NewBackfill,
        responses={201: answers.enterprises.Backfill},
    )
    def post(self, request: Request) -> HttpResponse:
        def work() -> Reply:
            self.demand_enterprise()
            body = self.body(request, bodies.NewBackfill)
            kept = backfills.supply(self.visit, body.get("number") or "", body.get("remarks") or "")
            return Reply(backfills.read(kept), 201)

        return self.deed(request, work)
