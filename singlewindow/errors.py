"""Answers where no face has spoken: problem+json for programs, a Chinese page for people."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

PROGRAMS = ("/api/", "/control/", "/healthz", "/readyz")

_WORDS = {
    400: ("bad_request", "请求不合法", "请求不合法"),
    403: ("csrf_failed", "页面已过期", "页面已过期，请返回刷新后重试"),
    404: ("not_found", "找不到", "没有这个资源"),
    405: ("method_not_allowed", "方法不允许", "该地址不支持此方法"),
    500: ("internal_error", "内部错误", "系统内部错误，已记录"),
    503: ("not_ready", "尚未就绪", "数据库不可用或结构尚未更新"),
}

_TO_PEOPLE = {
    404: ("找不到", "没有这个页面。请核对地址和编号"),
    405: ("不能这样打开", "这个地址只供页面上的按钮使用，请返回后重新操作"),
}
"""What is said otherwise to a person than to a program."""


def problem(request: HttpRequest, status: int, **more: Any) -> HttpResponse:
    """An RFC 9457 answer for what happened outside the faces."""
    code, title, detail = _WORDS[status]
    body = {
        "type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.path, "code": code,
        "faq": None, "provenance": "ours", "remedy": "", "errors": [], "request_id": getattr(request, "request_id", ""), **more,
    }  # fmt: skip
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/problem+json")


def _answer(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        return problem(request, status)
    title, detail = _TO_PEOPLE.get(status, _WORDS[status][1:])
    page = render_to_string("error.html", {"title": title, "detail": detail, "status": status})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404)


def not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A method an address does not take, where no face has said so: Django's own answer is blank."""
    if response.content:
        return response
    answer = _answer(request, 405)
    answer["Allow"] = response["Allow"]
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(request, 403)
