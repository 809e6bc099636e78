"""The door of the web face: who comes in, and how a refusal reads to a person."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from filings import visits
from filings.lab import practice
from filings.models import Visit
from filings.rules.kinds import KINDS
from filings.rules.refusals import Refusal

COOKIE = "sim_session"
"""Holds the session's token."""

SAID = "sim_said"
"""Carries one of SAYINGS over a redirect."""

SAYINGS = {
    "saved": "已暂存",
    "declared": "申报成功",
    "deleted": "已删除。这是一个新的页面，请重新填制",
    "copied": "已复制为新申请，请核对后申报",
    "attached": "已暂存，附件已上传",
    "detached": "已暂存，附件已删除",
    "registered": "账户注册成功，请登录",
    "contacted": "已提交，请等待答复",
    "reported": "年报已报送",
    "supplemented": "年报已补报，请稍后在公示平台查询",
    "logged_out": "已退出",
    "practice_begun": "练习开始：这是您自己的沙箱，可以随意操作",
    "practice_ended": "练习已结束，练习沙箱已清除",
    "practice_advanced": "时钟已快进",
}

WAYS_OUT = {
    "not_enterprise_user": ("register", "注册企业用户账户"),
    "card_login_required": ("login", "使用卡介质方式登录"),
}
"""Where a refusal's remedy is to be had: a page and the words of the link."""

View = Callable[..., HttpResponse]


def visited(view: View) -> View:
    """A view of somebody who is logged in: called with the visit, its refusals told on a page of their own."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            visit = visits.arrive(request.COOKIES.get(COOKIE, ""))
        except Refusal:
            return _to_login(request)
        try:
            return view(request, visit, *args, **kwargs)
        except Refusal as refusal:
            return told(request, refusal, visit)

    return enter


def page(request: HttpRequest, template: str, visit: Visit | None = None, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page in the common frame, with what the last deed had to say."""
    said = SAYINGS.get(request.COOKIES.get(SAID, ""))
    frame: dict[str, Any] = {"visit": visit, "kinds": KINDS.values(), "said": said}
    if visit and settings.SIM_CONTROL_PLANE and (tried := practice.tried_in(visit.sandbox)):
        frame["practising"] = {"exercise": tried, "steps": practice.STEPS}
    response = render(request, f"web/{template}.html", frame | context, status=status)
    if said:
        response.delete_cookie(SAID)
    return response


def told(request: HttpRequest, refusal: Refusal, visit: Visit | None = None, **context: Any) -> HttpResponse:
    """A refusal as a page: its words, the way out, its entry in the FAQ."""
    context |= {"refusal": refusal, "way_out": WAYS_OUT.get(refusal.code)}
    return page(request, "notice", visit, status=refusal.wording.status, **context)


def onward(to: str, saying: str = "") -> HttpResponseRedirect:
    """On to another page after a deed, with a saying."""
    response = HttpResponseRedirect(to)
    response.status_code = 303
    if saying:
        response.set_cookie(SAID, saying, max_age=60, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


def anybody(request: HttpRequest) -> Visit | None:
    """Who comes to a page that is open to everybody, if they are logged in."""
    try:
        return visits.arrive(request.COOKIES.get(COOKIE, ""))
    except Refusal:
        return None


def _to_login(request: HttpRequest) -> HttpResponse:
    back = {"next": request.get_full_path()} if request.method == "GET" else {}
    return redirect(f"{reverse('login')}?{urlencode(back)}" if back else reverse("login"))
