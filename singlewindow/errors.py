"""Answers where no face has spoken: problem+json for programs, a Chinese page for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from filings.manners.addresses import way_to
from filings.manners.wire import measured, problem
from filings.rules.refusals import Refusal

PROGRAMS = ("/api/", "/control/", "/healthz", "/readyz")

_TO_PEOPLE = {
    "not_found": ("找不到", "没有这个页面。请核对地址和编号"),
    "method_not_allowed": ("不能这样打开", "这个地址只供页面上的按钮使用，请返回后重新操作"),
}
"""What is said otherwise to a person than to a program."""


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal, as whoever asks for this address reads it."""
    if request.path.startswith(PROGRAMS):
        return measured(problem(refusal, request))
    title, detail = _TO_PEOPLE.get(refusal.code, (refusal.wording.title, refusal.detail))
    page = render_to_string("error.html", {"title": title, "detail": detail, "status": refusal.wording.status})
    return HttpResponse(page, status=refusal.wording.status, headers=refusal.headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Refusal("bad_request"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refused(request, Refusal("csrf_failed"))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    path = request.path
    return refused(request, Refusal("not_found", f"没有这个地址：{path[:200]}", remedy=way_to(path)))


def not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A method an address does not take, where no face has said so: Django's own answer is blank."""
    if response.content:
        return response
    return refused(request, Refusal("method_not_allowed", headers={"Allow": response["Allow"]}))


def server_error(request: HttpRequest) -> HttpResponse:
    return refused(request, Refusal("internal_error"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return refused(request, Refusal("csrf_failed"))
