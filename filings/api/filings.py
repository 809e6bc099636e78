"""Filings: drafting, declaring, following, attaching."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django.http import HttpResponse, QueryDict
from msgspec.structs import replace
from rest_framework.request import Request

from filings import answers, desk
from filings.api.endpoint import Counter, asked_of_tests
from filings.api.reading import ASKED, FILTERS, filtered
from filings.forms import portal as bodies
from filings.forms.language import Body
from filings.manners.endpoint import ETAG, LOCATION, Reply, beforehand, etag, if_match
from filings.manners.operations import OpenApiParameter, extend_schema
from filings.manners.paging import PAGE, PAGING, page
from filings.manners.wire import JSONParser, MergePatchParser, PartsParser, json_response
from filings.models import Filing
from filings.record import enquiries
from filings.record.trail import refusals_noted
from filings.rules.appraisal import Problem
from filings.rules.attachments import FORMATS, MAX_BYTES, TYPES, Upload, inspect
from filings.rules.events import Verb
from filings.rules.numbers import fold
from filings.rules.refusals import Refusal, absent, invalid
from filings.rules.words import Mode

TAG = ["filings"]
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": r'^(\*|(W/)?"v[0-9]{1,9}"( *, *(W/)?"v[0-9]{1,9}")*)$', "examples": ['"v1"']},
    OpenApiParameter.HEADER,
    description='读取时返回的 ETag，例如 "v3"；可列出几个，以逗号分隔，* 为任何版本；都不符则 412',
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "examples": ['"v1"']},
    OpenApiParameter.HEADER,
    description="已有的版本的 ETag；申请单仍是该版本时答复 304，没有正文",
)
UPLOAD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "type": {"type": "string", "enum": list(TYPES), "default": "other"},
    },
}
SCENARIO = OpenApiParameter(
    "X-Sim-Scenario",
    str,
    OpenApiParameter.HEADER,
    description="本次申报由哪个情景答复，例如 reject; reason=address_mismatch",
)


class Sheets(Counter):
    """An address that takes a sheet's content."""

    def read(self, request: Request, form: type[Body]) -> tuple[dict[str, Any], list[Problem]]:
        """A body with what is wrong with it: the sheet's own faults are to be told together with those. Raises 400 for
        what is none."""
        try:
            return self.body(request, form), []
        except Refusal as refusal:
            if refusal.wording.status != 422:
                raise
            sent = cast(dict[str, Any], request.data)
            content = sent.get("content")
            return {**sent, "content": content if type(content) is dict else None}, list(refusal.errors)


class Filings(Sheets):
    verbs = {"POST": Verb.CREATE}
    parameters = FILTERS | PAGE

    @extend_schema(
        operation_id="list_filings",
        tags=TAG,
        summary="申请单列表，新的在前",
        parameters=ASKED + PAGING,
        responses=answers.filings.FilingPage,
    )
    def get(self, request: Request) -> HttpResponse:
        every = enquiries.filings_in_parts(self.visit)
        return json_response(
            page(
                answers.filings.FilingPage,
                request,
                [filtered(request, part).select_related("enterprise", "agent") for part in every],
                lambda found: enquiries.read_all(self.visit, found),
            )
        )

    @extend_schema(
        operation_id="create_filing",
        tags=TAG,
        summary="新增申请单（暂存）",
        parameters=[ETAG, LOCATION],
        request=bodies.NewFiling,
        responses={201: answers.filings.Filing},
    )
    def post(self, request: Request) -> HttpResponse:
        def wanted() -> desk.Wanted:
            body, faults = self.read(request, bodies.NewFiling)
            mode = body.get("filing_mode", Mode.SELF)
            return desk.Wanted(
                str(body.get("kind")),
                body.get("content", {}),
                Mode(mode) if mode in Mode.values else None,
                fold(body.get("principal") or "").upper() if not faults else "",
                body.get("client_reference") or "",
                faults,
            )

        read = beforehand(wanted)
        return self.deed(request, lambda: self.reply(desk.begin(self.visit, read), 201))

    def reply(self, filing: Filing, status: int) -> Reply:
        headers = {**etag(filing.version), "Location": f"/api/v1/filings/{filing.public_id}"}
        return Reply(enquiries.read(self.visit, filing), status, headers)


class OneFiling(Sheets):
    verbs = {"PATCH": Verb.SAVE, "DELETE": Verb.DELETE}
    parser_classes = [JSONParser, MergePatchParser]

    @extend_schema(
        operation_id="read_filing",
        tags=TAG,
        summary="读取申请单",
        parameters=[IF_NONE_MATCH, ETAG],
        responses={200: answers.filings.Filing, 304: None},
    )
    def get(self, request: Request, filing: str) -> HttpResponse:
        found = desk.find(self.visit, filing)
        return json_response(enquiries.read(self.visit, found), headers=etag(found.version))

    @extend_schema(
        operation_id="save_filing",
        tags=TAG,
        summary="暂存：合并补丁（RFC 7396）",
        parameters=[IF_MATCH, ETAG],
        request={"application/json": bodies.Patch, "application/merge-patch+json": bodies.Patch},
        responses=answers.filings.Filing,
    )
    def patch(self, request: Request, filing: str) -> HttpResponse:
        read = beforehand(lambda: self.read(request, bodies.Patch))

        def work() -> Reply:
            taken = desk.take(self.visit, filing, Verb.SAVE, if_match(request))
            body, faults = read()
            saved, appraisal = desk.save(self.visit, taken, body["content"], faults)
            changes = [answers.forms.Change.of(change) for change in appraisal.changes]
            return Reply(replace(enquiries.read(self.visit, saved), changes=changes), headers=etag(saved.version))

        return self.deed(request, work)

    @extend_schema(
        operation_id="delete_filing", tags=TAG, summary="删除草稿", parameters=[IF_MATCH], responses={204: None}
    )
    def delete(self, request: Request, filing: str) -> HttpResponse:
        def work() -> Reply:
            desk.delete(self.visit, filing, if_match=if_match(request))
            return Reply(None, 204)

        return self.deed(request, work)


class Declare(Counter):
    verbs = {"POST": Verb.DECLARE}

    @extend_schema(
        operation_id="declare_filing",
        tags=TAG,
        summary="申报",
        parameters=[IF_MATCH, SCENARIO, ETAG],
        request=None,
        responses=answers.filings.Filing,
    )
    def post(self, request: Request, filing: str) -> HttpResponse:
        asked = asked_of_tests(request, "X-Sim-Scenario", "unknown_scenario")

        def work() -> Reply:
            declared = desk.perform(self.visit, filing, "declare", if_match=if_match(request))
            chosen = {"X-Sim-Scenario": f"{declared.scenario}; source={declared.scenario_source}"} if asked else {}
            return Reply(enquiries.read(self.visit, declared), headers={**etag(declared.version), **chosen})

        return self.deed(request, work)


class Copy(Counter):
    verbs = {"POST": Verb.COPY}

    @extend_schema(
        operation_id="copy_filing",
        tags=TAG,
        summary="复制为新申请",
        parameters=[ETAG, LOCATION],
        request=None,
        responses={201: answers.filings.Filing},
    )
    def post(self, request: Request, filing: str) -> HttpResponse:
        def work() -> Reply:
            copied = desk.copy(self.visit, filing)
            headers = {**etag(copied.version), "Location": f"/api/v1/filings/{copied.public_id}"}
            return Reply(enquiries.read(self.visit, copied), 201, headers)

        return self.deed(request, work)


class Timeline(Counter):
    @extend_schema(operation_id="filing_timeline", tags=TAG, summary="状态变化", responses=answers.filings.Timeline)
    def get(self, request: Request, filing: str) -> HttpResponse:
        return json_response(answers.filings.Timeline(enquiries.timeline(desk.find(self.visit, filing))))


class FilingReceipts(Counter):
    parameters = PAGE

    @extend_schema(
        operation_id="filing_receipts",
        tags=TAG,
        summary="回执：变更、注销申请须卡介质登录查看（FAQ 2.6）",
        parameters=PAGING,
        responses=answers.filings.ReceiptPage,
    )
    def get(self, request: Request, filing: str) -> HttpResponse:
        found = desk.find(self.visit, filing)
        with refusals_noted(self.visit, Verb.READ_RECEIPTS, filing):
            rows = enquiries.receipts_of(self.visit, found)
        answer = page(
            answers.filings.ReceiptPage,
            request,
            rows,
            lambda found: enquiries.read_receipts(self.visit, found),
            newest_first=False,
        )
        desk.note_viewed(self.visit, found)
        return json_response(answer)


class Transmitted(Counter):
    @extend_schema(
        operation_id="filing_transmitted",
        tags=TAG,
        summary="发往海关的电子数据及其 SHA-256",
        responses=answers.filings.Transmitted,
    )
    def get(self, request: Request, filing: str) -> HttpResponse:
        return json_response(enquiries.transmitted(desk.find(self.visit, filing)))


class Attachments(Counter):
    verbs = {"POST": Verb.ATTACH}
    parser_classes = [PartsParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES + 64 * 1024:
            raise Refusal("attachment_too_large")

    @extend_schema(operation_id="list_attachments", tags=TAG, summary="附件列表", responses=answers.filings.Attachments)
    def get(self, request: Request, filing: str) -> HttpResponse:
        found = desk.find(self.visit, filing)
        enquiries.expect_told(self.visit, found)
        rows = found.attachments.order_by("n")
        return json_response(answers.filings.Attachments([enquiries.read_attachment(row) for row in rows]))

    @extend_schema(
        operation_id="attach",
        tags=TAG,
        summary="上传附件：pdf、jpg、png，不超过 10 MB",
        parameters=[IF_MATCH],
        request={"multipart/form-data": UPLOAD},
        responses={201: answers.filings.Attachment},
    )
    def post(self, request: Request, filing: str) -> HttpResponse:
        def work() -> Reply:
            read = partial(self.upload, request)
            attachment = desk.attach(self.visit, filing, read, if_match=if_match(request))
            return Reply(enquiries.read_attachment(attachment), 201)

        return self.deed(request, work)

    def upload(self, request: Request) -> Upload:
        """The file sent, looked at. Raises 422 with every fault of the parts, 413 and 415."""
        # Without a body and its type there are no parts.
        form = request.data if isinstance(request.data, QueryDict) else QueryDict()
        file, type_ = request.FILES.get("file"), form.get("type", "other")
        twice = [name for name in ("file", "type") if len(form.getlist(name)) > 1]
        faults = [Problem(f"/{name}", "given_twice", f"名为 {name} 的部分只能有一个") for name in twice]
        faults += [] if file else [Problem("/file", "required", "请选择文件")]
        faults += [] if type_ in TYPES else [Problem("/type", "unknown_code", f"附件类型应为 {'、'.join(TYPES)} 之一")]
        extra = (set(form) | set(request.FILES)) - {"file", "type"}
        faults += [Problem(f"/{name[:60]}", "unknown_field", f"没有名为“{name[:60]}”的字段") for name in sorted(extra)]
        if faults or file is None:
            raise invalid(faults)
        if (file.size or 0) > MAX_BYTES:
            raise Refusal("attachment_too_large")
        return inspect(file.name or "", file.read(), type_)


class OneAttachment(Counter):
    verbs = {"DELETE": Verb.DETACH}
    sends = tuple(content_type for content_type, _ in FORMATS.values())

    @extend_schema(
        operation_id="download_attachment",
        tags=TAG,
        summary="下载附件",
        responses={(200, content_type): bytes for content_type, _ in FORMATS.values()},
    )
    def get(self, request: Request, filing: str, n: int) -> HttpResponse:
        whole = desk.find(self.visit, filing)
        enquiries.expect_told(self.visit, whole)
        found = whole.attachments.filter(n=n).first()
        if found is None:
            raise absent("附件", n)
        return enquiries.download(found)

    @extend_schema(operation_id="detach", tags=TAG, summary="删除附件", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, filing: str, n: int) -> HttpResponse:
        def work() -> Reply:
            desk.detach(self.visit, filing, n, if_match=if_match(request))
            return Reply(None, 204)

        return self.deed(request, work)
