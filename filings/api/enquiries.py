"""查询 and the mailbox."""

from __future__ import annotations

from django.http import HttpResponse
from msgspec import to_builtins
from rest_framework.request import Request

from filings import answers, desk
from filings.api.endpoint import Counter
from filings.api.reading import ASKED, FILTERS, filtered
from filings.manners.endpoint import Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import json_response
from filings.record import enquiries
from filings.record.trail import note_checked
from filings.rules.events import Verb
from filings.rules.kinds import BUSINESS_TYPES, KINDS
from filings.rules.refusals import Refusal

TAG = ["enquiries"]


class Enterprise(Counter):
    @extend_schema(
        operation_id="read_enterprise",
        tags=TAG,
        summary="基本信息查询：单一窗口的记录（FAQ 2.1、2.4）",
        responses=answers.enterprises.Enterprise,
    )
    def get(self, request: Request) -> HttpResponse:
        self.demand_enterprise()
        answer = enquiries.enterprise(self.visit)
        note_checked(self.visit, "mirror", answer.standing, to_builtins(answer))
        return json_response(answer)


class Overview(Counter):
    parameters = FILTERS | PAGE

    @extend_schema(
        operation_id="overview",
        tags=TAG,
        summary="综合查询：各类申请的状态（FAQ 2.5）",
        parameters=ASKED + PAGING,
        responses=answers.filings.OverviewPage,
    )
    def get(self, request: Request) -> HttpResponse:
        every = enquiries.filings_in_parts(self.visit)
        rows = [filtered(request, part).select_related("enterprise") for part in every]
        return json_response(
            page(
                answers.filings.OverviewPage,
                request,
                rows,
                lambda found: [enquiries.overview(filing) for filing in found],
            )
        )


class FilingEnquiry(Counter):
    parameters = FILTERS | PAGE | {"business_type"}

    @extend_schema(
        operation_id="enquire_filings",
        tags=TAG,
        summary="申请单查询：按申请业务类型（FAQ 1.9）",
        parameters=[OpenApiParameter("business_type", str, enum=BUSINESS_TYPES), *ASKED, *PAGING],
        responses=answers.filings.OverviewPage,
    )
    def get(self, request: Request) -> HttpResponse:
        wanted = request.query_params.get("business_type", BUSINESS_TYPES[0])
        if wanted not in BUSINESS_TYPES:
            raise Refusal("unknown_parameter", f"business_type 应为 {'、'.join(BUSINESS_TYPES)} 之一")
        kinds = [kind.name for kind in KINDS.values() if kind.business_type == wanted]
        every = enquiries.filings_in_parts(self.visit)
        rows = [filtered(request, part.filter(kind__in=kinds)).select_related("enterprise") for part in every]
        return json_response(
            page(
                answers.filings.OverviewPage,
                request,
                rows,
                lambda found: [enquiries.overview(filing) for filing in found],
            )
        )


class Mailbox(Counter):
    parameters = PAGE | {"after"}

    @extend_schema(
        operation_id="mailbox",
        tags=TAG,
        summary="回执信箱：按先后，未确认的一再给出",
        parameters=[
            OpenApiParameter("after", {"type": "string", "pattern": "^R[0-9]+$"}, description="此回执之后的"),
            *PAGING,
        ],
        responses=answers.filings.ReceiptPage,
    )
    def get(self, request: Request) -> HttpResponse:
        rows = enquiries.mailbox(self.visit)
        if (after := request.query_params.get("after")) is not None:
            known = (
                enquiries.receipts(self.visit).filter(public_id=after).first()
                if after.isascii() and after.isalnum()
                else None
            )
            if known is None:
                raise Refusal("unknown_parameter", "after 不是本信箱的回执编号")
            rows = rows.filter(serial__gt=known.serial)
        return json_response(
            page(
                answers.filings.ReceiptPage,
                request,
                rows,
                lambda found: enquiries.read_receipts(self.visit, found),
                newest_first=False,
            )
        )


class Acknowledge(Counter):
    verbs = {"POST": Verb.ACKNOWLEDGE}

    @extend_schema(
        operation_id="acknowledge_receipt",
        tags=TAG,
        summary="确认回执",
        request=None,
        responses=answers.filings.Receipt,
    )
    def post(self, request: Request, receipt: str) -> HttpResponse:
        def work() -> Reply:
            return Reply(enquiries.read_receipt(self.visit, desk.acknowledge(self.visit, receipt)))

        return self.deed(request, work)
