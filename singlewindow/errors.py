"""Answers where no face has spoken: problem+json for programs, a Chinese page for people."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from filings.manners.addresses import way_to
from filings.manners.wire import measured, problem
from filings.rules.refusals import CATALOGUE, Refusal
from singlewindow import hosts, outages

PROGRAMS = ("/api/", "/control/", "/healthz", "/readyz")

_TO_PEOPLE = {
    "not_found": ("找不到", "没有这个页面。请核对地址和编号"),
    "method_not_allowed": ("不能这样打开", "这个地址只供页面上的按钮使用，请返回后重新操作"),
}
"""What is said otherwise to a person than to a program."""


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal, as whoever asks for this address reads it."""
    if request.path_info.startswith(PROGRAMS):
        return measured(problem(refusal, request))
    title, detail = _TO_PEOPLE.get(refusal.code, (refusal.wording.title, refusal.detail))
    remedy = "" if refusal.code in _TO_PEOPLE and refusal.wording is CATALOGUE[refusal.code] else refusal.wording.remedy
    page = render_to_string(
        "error.html", {"title": title, "detail": detail, "remedy": remedy, "status": refusal.wording.status}
    )
    return HttpResponse(page, status=refusal.wording.status, headers=refusal.headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Refusal("bad_request"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Refusal("csrf_failed"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    path = request.path_info
    return refused(request, Refusal("not_found", f"没有这个地址：{path[:200]}", remedy=way_to(path)))


def not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A method an address does not take, where no face has said so: Django's own answer is blank."""
    if response.content:
        return response
    return refused(request, Refusal("method_not_allowed", headers={"Allow": response["Allow"]}))


def server_error(request: HttpRequest) -> HttpResponse:
    return refused(request, Refusal("internal_error"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that is not this browser's, or that comes from another origin than this server takes for its own: behind
    a proxy that tells nothing of itself, these are told apart only by whoever runs it."""
    origin, own = request.headers.get("Origin", ""), hosts.origin_of(request)
    if not origin or origin == own:
        return refused(request, Refusal("csrf_failed"))
    remedy = f"请从 {own} 打开本系统"
    if origin != "null":
        remedy += f"；如果 {origin} 就是本系统对外的地址（在代理之后），请运行者设置 SIM_PUBLIC_URL={origin}"
    return refused(request, Refusal("foreign_origin", f"表单来自 {origin}，而本系统的地址是 {own}", remedy=remedy))


def unavailable(request: HttpRequest, outage: str, error: object = "") -> HttpResponse:
    """An outage: nothing was done, and it is told when to ask again."""
    outages.tell(outage, error)
    return refused(request, Refusal(outage))


def not_served(request: HttpRequest, host: str) -> HttpResponse:
    """A name this server does not answer to."""
    name = hosts.name_of(host)
    host = host.encode("latin-1", "replace").decode("utf-8", "replace")
    remedy = (
        f"请改用所服务的名称；或请运行者设置 ALLOWED_HOSTS={','.join([*settings.ALLOWED_HOSTS, name])}"
        if name
        else "请在 Host 中写出主机名，可带端口"
    )
    return refused(request, Refusal("host_not_served", f"本服务不以“{host[:100]}”为名", remedy=remedy))
