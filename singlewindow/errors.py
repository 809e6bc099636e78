"""Answers where no face has spoken: problem+json for programs, a Chinese page for people."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from filings.manners import wire
from filings.rules.refusals import Refusal
from singlewindow import hosts, outages

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
    if request.path_info.startswith(PROGRAMS):
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
    """A form that is not this browser's, or that comes from another origin than this server takes for its own: behind a proxy
    that tells nothing of itself, these are told apart only by whoever runs it."""
    origin, own = request.headers.get("Origin", ""), hosts.origin_of(request)
    if not origin or origin == own:
        return _answer(request, 403)
    remedy = f"请从 {own} 打开本系统；如果本系统在代理之后，请运行者设置 SIM_PUBLIC_URL={origin}"
    return refused(request, Refusal("foreign_origin", f"表单来自 {origin}，而本系统的地址是 {own}", remedy=remedy))


def unavailable(request: HttpRequest, outage: outages.Outage, error: object = "") -> HttpResponse:
    """An outage: nothing was done, and it is told when to ask again."""
    outages.tell(outage, error)
    return refused(request, Refusal(outage.code, headers={"Retry-After": str(outage.again)}))


def not_served(request: HttpRequest, host: str) -> HttpResponse:
    """A name this server does not answer to."""
    name = hosts.name_of(host)
    remedy = (
        f"请改用所服务的名称；或请运行者设置 ALLOWED_HOSTS={','.join([*settings.ALLOWED_HOSTS, name])}"
        if name else "请在 Host 中写出主机名，可带端口"
    )  # fmt: skip
    return refused(request, Refusal("host_not_served", f"本服务不以“{host[:100]}”为名", remedy=remedy))


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What is said no to before any face is asked."""
    if request.path_info.startswith(PROGRAMS):
        return wire.problem(refusal, request)
    words = {
        "title": refusal.wording.title,
        "detail": refusal.detail,
        "remedy": refusal.wording.remedy,
        "status": refusal.wording.status,
    }
    return HttpResponse(render_to_string("error.html", words), status=refusal.wording.status, headers=refusal.headers)
