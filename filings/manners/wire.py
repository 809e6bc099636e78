"""JSON in, JSON out, and problem+json for every error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from keyword import iskeyword
from typing import IO, Any, ClassVar, TypeVar
from urllib.parse import quote

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_header_parameters
from rest_framework import exceptions
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer

from filings.answers import problems
from filings.forms.language import faults_of
from filings.manners import addresses
from filings.manners.reading import expect_heads, json_object
from filings.rules.refusals import CATALOGUE, Refusal, invalid

TYPES = "https://singlewindow-simulator.invalid/problems/"
"""Problem types are names, not addresses: the host is reserved never to exist."""

JSON, PROBLEM_JSON = "application/json", "application/problem+json"

MOST_ERRORS = 200
"""How many field errors one answer lists: more would not help, and an answer should not grow larger than its
question."""


dumps = msgspec.json.Encoder().encode
"""JSON bytes, UTF-8, of an answer or of plain data."""


def json_response(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """An answer in JSON, past DRF's renderers: they cost more than the answer."""
    return HttpResponse(dumps(data), status=status, content_type=JSON, headers=dict(headers or {}))


class _Streamed(FileResponse):
    block_size = 256 * 1024


def as_file(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    """A download that is sent piece by piece; the file is closed with it."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return _Streamed(file, content_type=content_type, headers=headers)


_Answer = TypeVar("_Answer", bound=HttpResponseBase)


def measured(response: _Answer) -> _Answer:
    """An answer that sets its own length: a server sees no body of a HEAD request and cannot count it."""
    if isinstance(response, HttpResponse) and response.status_code not in (204, 304):
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response


class JSONRenderer(BaseRenderer):
    """Only for the documents: the faces answer by `json_response`."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else dumps(data)


class JSONParser(BaseParser):
    """One JSON object."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        assert parser_context is not None
        return json_object(parser_context["request"].body)


class MergePatchParser(JSONParser):
    """RFC 7396."""

    media_type: ClassVar[str] = "application/merge-patch+json"  # type: ignore[misc]


class PartsParser(MultiPartParser):
    """multipart/form-data. A part that cannot be read is refused, not left out."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        body = stream.read()
        _, parameters = parse_header_parameters(media_type or "")
        expect_heads(body, parameters.get("boundary", "").encode())
        return super().parse(BytesIO(body), media_type, parser_context)


def problem_of(refusal: Refusal, path: str, request_id: str = "") -> problems.Problem | dict[str, Any]:
    """A refusal as a problem (RFC 9457), with members of our own. Every problem is made here.

    An extra member that no document describes is a defect, which the tests find; the client still gets its answer.
    """
    wording = refusal.wording
    only = refusal.errors[0] if len({error.code for error in refusal.errors}) == 1 else None
    inside = path.removeprefix(settings.FORCE_SCRIPT_NAME or "")
    remedy = (refusal.absent and addresses.list_holding(inside, refusal.absent)) or wording.remedy
    extra = {f"{name}_" if iskeyword(name) else name: value for name, value in refusal.extra.items()}
    undescribed = {name: extra.pop(name) for name in extra.keys() - {*problems.Problem.__struct_fields__}}
    problem = problems.Problem(
        type=TYPES + refusal.code,
        title=wording.title,
        status=wording.status,
        detail=refusal.detail,
        instance=path,
        code=refusal.code,
        faq=wording.faq or (only.faq if only else None),
        provenance=wording.provenance,
        remedy=below_prefix(remedy),
        errors=[
            problems.FieldError(error.pointer, error.code, error.detail, error.faq)
            for error in refusal.errors[:MOST_ERRORS]
        ],
        request_id=request_id,
        **extra,
    )
    return {**msgspec.to_builtins(problem), **undescribed} if undescribed else problem


def below_prefix(words: str) -> str:
    """Words with addresses in them, changed to what a client behind a proxy has to ask for."""
    prefix = settings.FORCE_SCRIPT_NAME
    return _ADDRESS.sub(lambda found: f"{prefix}{found[0]}", words) if prefix else words


_ADDRESS = re.compile(r"(?<![\w/])/(api|control)/v1")


def problem(refusal: Refusal, request: Any) -> HttpResponse:
    """A refusal as an answer, problem+json."""
    status = refusal.wording.status
    request_id = getattr(request, "request_id", "") or getattr(getattr(request, "_request", None), "request_id", "")
    body = dumps(problem_of(refusal, request.path, request_id))
    response = HttpResponse(body, status=status, content_type=PROBLEM_JSON, headers=refusal.headers)
    response.problem_code = refusal.code  # type: ignore[attr-defined]
    if status == 401:
        response.headers.setdefault("WWW-Authenticate", 'Bearer realm="singlewindow-simulator"')
    return response


_PLAIN: Mapping[type[Exception], str] = {
    exceptions.ParseError: "malformed_multipart",  # JSON is read by a reader of ours
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.NotAuthenticated: "not_authenticated",
    exceptions.UnsupportedMediaType: "unsupported_media_type",
    exceptions.MethodNotAllowed: "method_not_allowed",
    exceptions.NotFound: "not_found",
    Http404: "not_found",
    PermissionDenied: "control_forbidden",
    RequestDataTooBig: "payload_too_large",
    TooManyFieldsSent: "malformed_multipart",
    TooManyFilesSent: "malformed_multipart",
}


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """DRF's handler of exceptions: refusals and DRF's own become problems; any other exception is a defect and is
    raised."""
    if isinstance(error, exceptions.ValidationError):
        error = invalid(faults_of(error))
    if not isinstance(error, Refusal):
        code = next((code for kind, code in _PLAIN.items() if isinstance(error, kind)), None)
        if code is None:
            return None
        error = Refusal(code, **_about(error, context))
    assert error.code in CATALOGUE
    return problem(error, context["request"])


def _about(error: Exception, context: Mapping[str, Any]) -> dict[str, Any]:
    """What a refusal of the framework says about the address: its methods, or the media types it takes."""
    view = context["view"]
    if isinstance(error, exceptions.MethodNotAllowed):
        return {"headers": {"Allow": ", ".join(view.allowed_methods)}}
    if isinstance(error, exceptions.UnsupportedMediaType):
        taken = " 或 ".join(parser.media_type for parser in view.get_parsers())
        return {"detail": f"请求体应为 {taken}", "remedy": f"请设置 Content-Type: {taken}"}
    return {}
