"""海关年报 and the publicity platform (FAQ 2.11, 2.12, 2.13)."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings import answers
from filings.api.endpoint import Counter
from filings.counters import reporting
from filings.forms import portal as bodies
from filings.manners.endpoint import Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import json_response
from filings.rules.annual import FIRST_YEAR
from filings.rules.events import Verb
from filings.rules.numbers import fold, whole
from filings.rules.refusals import Refusal, absent

TAG = ["annual_reports"]
YEAR = OpenApiParameter(
    "year", {"type": "integer", "minimum": FIRST_YEAR, "maximum": 9998}, required=True, description="报告年度"
)


def four_digits(text: str) -> int | None:
    """A report year as it stands in an address."""
    year = whole(text) if len(text) == 4 else None
    return year if year is not None and FIRST_YEAR <= year <= 9998 else None


def year_asked(request: Request) -> int:
    """The year a query asks for. Raises 400."""
    year = four_digits(request.query_params.get("year", ""))
    if year is None:
        raise Refusal("unknown_parameter", "year 应为四位数的报告年度，例如 2020")
    return year


class AnnualReports(Counter):
    verbs = {"POST": Verb.SUBMIT_REPORT}
    parameters = PAGE

    @extend_schema(
        operation_id="list_annual_reports",
        tags=TAG,
        summary="已报送的年报，新的在前",
        parameters=PAGING,
        responses=answers.annual.AnnualReportPage,
    )
    def get(self, request: Request) -> HttpResponse:
        self.demand_enterprise()
        rows = reporting.reports(self.visit)
        return json_response(
            page(answers.annual.AnnualReportPage, request, rows, lambda found: reporting.read_all(self.visit, found))
        )

    @extend_schema(
        operation_id="submit_annual_report",
        tags=TAG,
        summary="年报申报（FAQ 2.11、2.12）",
        request=bodies.NewAnnualReport,
        responses={201: answers.annual.AnnualReport},
    )
    def post(self, request: Request) -> HttpResponse:
        def work() -> Reply:
            self.demand_enterprise()
            body = self.body(request, bodies.NewAnnualReport)
            report = reporting.submit(self.visit, body["year"], body.get("content", {}))
            return Reply(reporting.read(self.visit, report), 201)

        return self.deed(request, work)


class Eligibility(Counter):
    parameters = frozenset({"year"})

    @extend_schema(
        operation_id="annual_report_eligibility",
        tags=TAG,
        summary="是否需要报送：三项条件（FAQ 2.11）",
        parameters=[YEAR],
        responses=answers.annual.Eligibility,
    )
    def get(self, request: Request) -> HttpResponse:
        self.demand_enterprise()
        return json_response(reporting.eligibility(self.visit, year_asked(request)))


class AnnualForm(Counter):
    parameters = frozenset({"year"})

    @extend_schema(
        operation_id="annual_report_form",
        tags=TAG,
        summary="年报的填报内容，及其异常（FAQ 2.12）",
        parameters=[YEAR],
        responses=answers.annual.AnnualForm,
    )
    def get(self, request: Request) -> HttpResponse:
        self.demand_enterprise()
        return json_response(reporting.form(self.visit, year_asked(request)))


class Supplement(Counter):
    verbs = {"POST": Verb.SUPPLEMENT_REPORT}

    @extend_schema(
        operation_id="supplement_annual_report",
        tags=TAG,
        summary="年报补录：重复提交与一次相同（FAQ 2.13）",
        parameters=[OpenApiParameter("year", {"type": "string", "pattern": "^[2-9][0-9]{3}$"}, OpenApiParameter.PATH)],
        request=bodies.Supplement,
        responses={201: answers.annual.AnnualReport},
    )
    def post(self, request: Request, year: str) -> HttpResponse:
        def work() -> Reply:
            self.demand_enterprise()
            asked = four_digits(year)
            if asked is None:
                raise absent("年报", year, "报告年度")
            body = self.body(request, bodies.Supplement)
            report = reporting.supplement(self.visit, asked, body.get("content"))
            return Reply(reporting.read(self.visit, report), 201)

        return self.deed(request, work)


class Publicity(Counter):
    @extend_schema(
        operation_id="read_publicity",
        tags=TAG,
        summary="中国海关企业进出口信用信息公示平台（模拟）：报关有效期（FAQ 2.4）、各年度年报情况（FAQ 2.13），任何登录用户都可以查询",
        responses=answers.annual.Publicised,
    )
    def get(self, request: Request, uscc: str) -> HttpResponse:
        return json_response(reporting.publicity(self.visit, fold(uscc).upper()))
