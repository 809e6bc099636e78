"""The OpenAPI 3.1 documents of both planes, and one offline page for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import Direction

from filings.forms.language import Body
from filings.manners.reading import DEEPEST
from filings.manners.wire import TYPES, json_response, measured, problem
from filings.rules.describing import json_schema
from filings.rules.kinds import KINDS
from filings.rules.refusals import Refusal
from filings.rules.sheets.annual_report import AnnualReport
from filings.rules.version import VERSION
from filings.rules.words import Provenance

PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": [
        "type", "title", "status", "detail", "instance", "code", "faq", "provenance", "remedy", "errors", "request_id",
    ],
    "properties": {
        "type": {"type": "string", "description": f"问题的名称 {TYPES}<code>，不是可以打开的地址"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "FAQ 有原文的，一字不差"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "稳定的代码"},
        "faq": {"type": ["string", "null"]},
        "provenance": {"type": "string", "enum": Provenance.values},
        "remedy": {"type": "string", "description": "怎么办"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail", "faq"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "faq": {"type": ["string", "null"]},
                },
            },
        },
        "request_id": {"type": "string"},
    },
}  # fmt: skip

MANNERS = (
    f"请求体为 UTF-8 编码的 JSON 对象：可带 BOM，不可压缩，同一对象中成员不可重复，嵌套不超过 {DEEPEST} 层；查询参数每个只能给出一次。"
    "错误一律为 application/problem+json（RFC 9457）：type 与 code 一一对应，detail 说明何处不对，remedy 说明怎么办。"
)
"""What holds at every address of both planes."""

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]{1,255}$"},
    "description": "同一键同一内容只生效一次，重放原答复（Idempotency-Replayed: true）；同一键不同内容 422；JSON 按值比较，成员次序和空白不计；保留 24 小时",
}
"""Accepted on every POST but `/sessions`."""

_ANSWERS = {
    "400": "请求不合法", "401": "未登录", "403": "按文档所载规则拒绝", "404": "找不到，或属于他人", "405": "方法不允许",
    "406": "无法提供所请求的格式", "409": "状态冲突", "412": "If-Match 不符", "413": "过大", "415": "类型不符", "422": "内容有误",
    "429": "过于频繁", "503": "暂不可用",
}  # fmt: skip


class Closed(OpenApiSerializerExtension):
    """A body as the document tells it: what it does not name is refused, and what holds between its fields."""

    target_class = Body
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Direction) -> dict[str, Any]:
        made: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        told = {"examples": [self.target.example]} if self.target.example else {}
        return {**made, "additionalProperties": False, **self.target.clause, **told}


def undocumented() -> list[type]:
    """Whose docstrings are not descriptions of operations: the faces' own base classes."""
    from drf_spectacular.plumbing import get_lib_doc_excludes

    from filings.manners.endpoint import Endpoint

    return [*get_lib_doc_excludes(), Endpoint, *_descendants(Endpoint)]


def _descendants(cls: type[Any]) -> list[type]:
    children: list[type[Any]] = cls.__subclasses__()
    return [one for child in children for one in (child, *_descendants(child))]


class Reading(View):
    """An address of a plane that is only ever read, outside its operations."""

    http_method_names = ["get", "head"]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return csrf_exempt(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return measured(super().dispatch(request, *args, **kwargs))

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return problem(Refusal("method_not_allowed", headers={"Allow": "GET, HEAD"}), request)


class Document(Reading):
    """One plane's OpenAPI document, made once a process."""

    title = ""
    description = ""
    prefix = ""
    urlconf: Any = None
    open_paths: frozenset[str] = frozenset()
    open_on_loopback = False
    _made: dict[str, dict[str, Any]] = {}

    def get(self, request: HttpRequest) -> HttpResponse:
        return json_response(self.document())

    def document(self) -> dict[str, Any]:
        if self.prefix not in self._made:
            self._made[self.prefix] = self._make()
        return self._made[self.prefix]

    def _make(self) -> dict[str, Any]:
        made: dict[str, Any] = SchemaGenerator(urlconf=self.urlconf).get_schema(request=None, public=True)
        made["openapi"] = "3.1.0"
        made["info"] = {"title": self.title, "version": VERSION, "description": self.description + MANNERS}
        made["servers"] = [{"url": (settings.FORCE_SCRIPT_NAME or "") + self.prefix}]
        components = made.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        schemas["Problem"] = PROBLEM
        for sheet in (*(kind.sheet for kind in KINDS.values()), AnnualReport):
            schemas[f"{sheet.__name__}Content"] = json_schema(sheet)
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        refused = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        _drop(made, "x-spec-enum-id")
        for path, operations in made["paths"].items():
            for method, operation in operations.items():
                if method == "post" and not path.startswith("/sessions"):
                    operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
                unless_near: list[dict[str, Any]] = [{}] if self.open_on_loopback else []
                operation["security"] = [] if path in self.open_paths else [*unless_near, {"bearer": []}]
                for media in operation.get("requestBody", {}).get("content", {}).values():
                    body = schemas.get(media["schema"].get("$ref", "").rpartition("/")[2], media["schema"])
                    if body.keys() & {"required", "oneOf", "minProperties"}:
                        operation["requestBody"]["required"] = True
                for status, words in _ANSWERS.items():
                    operation["responses"].setdefault(status, {"description": words, "content": refused})
        return made


def _drop(node: Any, key: str) -> None:
    """Take a generator's own mark out of the whole document."""
    if isinstance(node, dict):
        node.pop(key, None)
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            _drop(one, key)


class Page(Reading):
    """The document as a page to browse and try: Swagger UI, served from here."""

    title = ""
    document = ""
    """The name of the document's address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "api/docs.html", {"title": self.title, "document": reverse(self.document)})
