"""电子签章证书 (FAQ 1.6)."""

from __future__ import annotations

from django.http import HttpResponse
from rest_framework.request import Request

from filings import answers
from filings.api.endpoint import Counter
from filings.counters import seals
from filings.manners.endpoint import LOCATION, Reply
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import json_response
from filings.rules.events import Verb

TAG = ["seal_certificates"]


class SealCertificates(Counter):
    verbs = {"POST": Verb.ISSUE_CERTIFICATE}
    parameters = PAGE

    @extend_schema(
        operation_id="list_seal_certificates",
        tags=TAG,
        summary="本企业的电子签章证书，新的在前",
        parameters=PAGING,
        responses=answers.enterprises.SealCertificatePage,
    )
    def get(self, request: Request) -> HttpResponse:
        rows = seals.of(self.visit)
        return json_response(
            page(
                answers.enterprises.SealCertificatePage,
                request,
                rows,
                lambda found: [seals.read(seal) for seal in found],
                by="n",
            )
        )

    @extend_schema(
        operation_id="issue_seal_certificate",
        tags=TAG,
        request=None,
        parameters=[LOCATION],
        responses={201: answers.enterprises.SealCertificate},
        summary="申请最新证书：每账户每一小时一次，按沙箱时钟；未满一小时 429，Retry-After 为沙箱时钟的秒数，retry_at 为沙箱时钟的时刻（FAQ 1.6）",
    )
    def post(self, request: Request) -> HttpResponse:
        def work() -> Reply:
            made = seals.issue(self.visit)
            return Reply(seals.read(made), 201, {"Location": f"/api/v1/seal-certificates/{made.n}/download"})

        return self.deed(request, work)


class Download(Counter):
    sends = tuple(seals.FORMATS.values())
    parameters = frozenset({"format"})

    @extend_schema(
        operation_id="download_seal_certificate",
        tags=TAG,
        summary="下载证书：pem 为证书及签发机构证书；p12 另含私钥，密码见 p12_password",
        parameters=[OpenApiParameter("format", str, enum=list(seals.FORMATS), default="pem")],
        responses={(200, content_type): bytes for content_type in seals.FORMATS.values()},
    )
    def get(self, request: Request, n: int) -> HttpResponse:
        return seals.download(seals.find(self.visit, n), request.query_params.get("format", "pem"))
