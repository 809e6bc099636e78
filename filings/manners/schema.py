"""The OpenAPI 3.1 documents of both planes, and one offline page for each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from filings.manners import shaping
from filings.manners.reading import DEEPEST
from filings.manners.wire import JSON, dumps, measured, problem
from filings.rules.refusals import Refusal
from filings.rules.version import VERSION
from singlewindow.lean import later

if TYPE_CHECKING:
    from filings.manners import generating
else:
    generating = later("filings.manners.generating")  # drf-spectacular: 60 ms

MANNERS = (
    f"请求体为 UTF-8 编码的 JSON 对象：可带 BOM，不可压缩，同一对象中成员不可重复，嵌套不超过 {DEEPEST} 层；查询参数每个只能给出一次。"
    "错误一律为 application/problem+json（RFC 9457）：type 与 code 一一对应，detail 说明何处不对，remedy 说明怎么办。"
)
"""What is true at every address of both planes."""

IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[\x21-\x7e]{1,255}$"},
    "description": "同一键同一内容只生效一次，重放原答复（Idempotency-Replayed: true）；同一键不同内容 422；JSON 按值比较，成员次序和空白不计；保留 24 小时",
}
"""Accepted on every POST but `/sessions`."""

HEADERS: dict[str, Any] = {
    "X-Request-Id": {
        "required": True,
        "schema": {"type": "string"},
        "description": "本次请求的编号，也在问题的 request_id 中",
    },
    "Idempotency-Replayed": {"schema": {"type": "string", "const": "true"}, "description": "仅重放的答复"},
    "Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": "秒数，仅在稍后重试有用时"},
    "WWW-Authenticate": {"required": True, "schema": {"type": "string"}},
}
"""Headers that many addresses answer with; rarer ones are described at their address."""

_DONE = {"200": "完成", "201": "已新建", "204": "完成，没有正文", "304": "没有变化，没有正文"}
_REFUSED = {
    "400": "请求不合法",
    "401": "未登录",
    "403": "按文档所载规则拒绝",
    "404": "找不到，或属于他人",
    "405": "方法不允许",
    "406": "无法提供所请求的格式",
    "409": "状态冲突",
    "412": "If-Match 不符",
    "413": "过大",
    "415": "类型不符",
    "422": "内容有误",
    "429": "过于频繁",
    "503": "暂不可用",
}
"""How any operation may be refused."""

_REFUSED_WITH = {"401": ["WWW-Authenticate"], "409": ["Retry-After"], "429": ["Retry-After"], "503": ["Retry-After"]}


def _headers(names: Iterable[str]) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _refusals() -> dict[str, Any]:
    """The answers of refusals, by their names."""
    content = {"application/problem+json": {"schema": shaping.reference("Problem")}}
    return {
        f"Problem{status}": {
            "description": words,
            "headers": _headers(["X-Request-Id", *_REFUSED_WITH.get(status, ())]),
            "content": content,
        }
        for status, words in _REFUSED.items()
    }


class Reading(View):
    """An address of a plane that is only read, and not one of its operations."""

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

    name = ""
    """The name of which generators make the name of a package."""
    title = ""
    description = ""
    tags: Mapping[str, str] = {}
    """The groups of its operations, with their titles."""
    webhooks: Mapping[str, Any] = {}
    prefix = ""
    urlconf: Any = None
    open_paths: frozenset[str] = frozenset()
    open_on_loopback = False
    _made: dict[str, bytes] = {}
    _making = threading.Lock()

    def get(self, request: HttpRequest) -> HttpResponse:
        with self._making:
            if self.prefix not in self._made:
                self._made[self.prefix] = dumps(self._make())
        return HttpResponse(self._made[self.prefix], content_type=JSON)

    def _make(self) -> dict[str, Any]:
        made: dict[str, Any] = generating.Generator(urlconf=self.urlconf).get_schema(request=None, public=True)
        made["openapi"] = "3.1.0"
        made["info"] = {
            "title": self.name,
            "summary": self.title,
            "version": VERSION,
            "description": self.description + MANNERS,
            "license": {"name": "MIT", "identifier": "MIT"},
        }
        made["tags"] = [
            {"name": name, "x-displayName": title, "description": title} for name, title in self.tags.items()
        ]
        if self.webhooks:
            made["webhooks"] = self.webhooks
        made["servers"] = [{"url": (settings.FORCE_SCRIPT_NAME or "") + self.prefix}]
        components = made.setdefault("components", {})
        schemas = components.setdefault("schemas", {})
        components |= {"headers": HEADERS, "responses": _refusals()}
        components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        for path, operations in made["paths"].items():
            for method, operation in operations.items():
                once = method == "post" and not path.startswith("/sessions")
                if once:
                    operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
                unless_near: list[dict[str, Any]] = [{}] if self.open_on_loopback else []
                operation["security"] = [] if path in self.open_paths else [*unless_near, {"bearer": []}]
                for media in operation.get("requestBody", {}).get("content", {}).values():
                    body = schemas.get(media["schema"].get("$ref", "").rpartition("/")[2], media["schema"])
                    shapes = [schemas[shape["$ref"].rpartition("/")[2]] for shape in body.get("oneOf", ())] or [body]
                    if all(shape.get("required") for shape in shapes):
                        operation["requestBody"]["required"] = True
                for status, response in operation["responses"].items():
                    names = ["X-Request-Id", *(["Idempotency-Replayed"] if once and status < "300" else [])]
                    response["description"] = _DONE[status]
                    response["headers"] = response.get("headers", {}) | _headers(names)
                for status in _REFUSED:
                    operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})
        shaping.complete(made)
        return made


class Page(Reading):
    """The document as a page to browse and try: Swagger UI, served from here."""

    title = ""
    document = ""
    """The name of the document's address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "api/docs.html", {"title": self.title, "document": reverse(self.document)})
