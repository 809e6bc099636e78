"""What market regulation holds of an enterprise, under control: customs compares with it (scenario `inspect`)."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings.answers import staging
from filings.control.endpoint import OfSandbox
from filings.forms import lab as bodies
from filings.lab.worlds import books
from filings.manners.endpoint import Reply
from filings.manners.operations import extend_schema
from filings.manners.wire import json_response
from filings.rules.appraisal import Problem
from filings.rules.events import Verb
from filings.rules.numbers import uscc_told
from filings.rules.refusals import invalid


class MarketLedger(OfSandbox):
    verbs = {"PUT": Verb.LAY_LEDGER}

    @extend_schema(
        operation_id="read_market_ledger",
        tags=["situations"],
        summary="市场监管登记：执照上的登记信息，情景 inspect 以此比对申报内容",
        responses=staging.MarketLedger,
    )
    def get(self, request: Request, sandbox: str, uscc: str) -> HttpResponse:
        return json_response(books.read_market(self.sandbox, uscc))

    @extend_schema(
        operation_id="lay_over_market_ledger",
        tags=["situations"],
        summary="改写市场监管登记所列各项；没有登记的新增一份",
        request=bodies.MarketFacts,
        responses=staging.MarketLedger,
    )
    def put(self, request: Request, sandbox: str, uscc: str) -> HttpResponse:
        if fault := uscc_told(uscc):
            raise invalid([Problem("/uscc", "uscc_invalid", fault)])
        body = self.body(request, bodies.MarketFacts)
        return self.deed(request, lambda: Reply(books.lay_market(self.sandbox, uscc, body)))
