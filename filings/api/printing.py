"""The two printed documents as PDF (FAQ 1.10, 2.7, 2.17, 2.18)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from filings import desk, printing
from filings.api.endpoint import Counter
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.printing.documents import Document
from filings.printing.handing import QUALITY
from filings.rules.words import Disposition
from singlewindow import hosts

TAG = ["documents"]
PDF = {(200, "application/pdf"): bytes}
DISPOSITION = OpenApiParameter(
    "disposition",
    str,
    enum=Disposition.values,
    default=Disposition.INLINE.value,
    description="inline：直接打印（预览），可能不清晰；attachment：下载后再打印（FAQ 2.7）",
)


def _told(name: str, words: str, enum: list[str] | None = None) -> OpenApiParameter:
    """A header of the answer."""
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=words, enum=enum, response=[200])


TOLD = [
    _told("X-Document-Number", "文书编号：本系统自己的编号，每次打印相同"),
    _told("X-Document-Hash", "文书内容的 SHA-256：预览与下载相同，不随清晰程度改变"),
    _told("X-Document-Quality", "预览或打印用", list(QUALITY.values())),
    _told("X-Sim-Missing-Glyphs", "打印字库中没有、以“〓”代替的字符数；没有则无此项"),
]


class Printed(Counter):
    """A document to be handed over. Asking for its headers alone prints nothing."""

    sends = ("application/pdf",)
    parameters = frozenset({"disposition"})
    how: Disposition

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.how = printing.disposition(request.query_params.get("disposition"))

    def handed_over(self, request: Request, document: Document) -> HttpResponse:
        noted = request.method == "GET"
        return printing.hand_over(self.visit, document, self.how, hosts.address(request._request), noted=noted)


class RecordForm(Printed):
    @extend_schema(
        operation_id="print_record_form",
        tags=TAG,
        summary="《报关单位备案信息表》（FAQ 2.7、2.17）",
        parameters=[DISPOSITION, *TOLD],
        responses=PDF,
    )
    def get(self, request: Request, filing: str) -> HttpResponse:
        found = desk.find(self.visit, filing)
        return self.handed_over(request, printing.record_form(self.visit, found))


class Certificate(Printed):
    @extend_schema(
        operation_id="print_certificate",
        tags=TAG,
        summary="《报关单位备案证明》（FAQ 1.10、2.18）",
        parameters=[DISPOSITION, *TOLD],
        responses=PDF,
    )
    def get(self, request: Request) -> HttpResponse:
        return self.handed_over(request, printing.certificate(self.visit))
