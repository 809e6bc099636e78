"""The door of the web face: who comes in, and how a refusal reads to a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from filings import control_access, visits
from filings.lab.worlds import demo
from filings.manners.entering import anybody
from filings.manners.screens import COOKIE, drawn, leads_back
from filings.models import Sandbox, Visit
from filings.record.facts import account_facts
from filings.rules import guards
from filings.rules.kinds import KINDS, Kind
from filings.rules.refusals import CATALOGUE, Refusal
from filings.rules.register import Values
from filings.rules.words import Medium
from filings.web.exercise_panel import panel
from singlewindow import errors

SHUT = "sim_panel"
"""Set by the page's script: whether what stands beside a page is folded up."""

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
    "sealed": "证书已签发，请下载",
    "card_applied": "入网申请已提交，请等待制发",
    "card_cancelled": "卡已注销",
    "pin_changed": "卡密码已修改",
    "mandate_given": "已给予代理授权",
    "mandate_revoked": "已撤销代理授权",
    "backfilled": "已补录",
    "control_install": "客户端控件已安装",
    "control_restart": "客户端控件已重启",
    "control_update": "客户端控件已是最新版本",
    "commerce_updated": "已在商务部统一服务平台办理",
    "logged_out": "已退出",
    "demo_begun": "这是您自己的演示环境：与他人互不影响，可以随意操作",
    "practice_begun": "练习开始：这是您自己的练习环境，可以随意操作",
    "practice_resumed": "继续练习，接着上次的地方",
    "practice_ended": "练习已结束，练习环境已清除",
    "practice_advanced": "时钟已快进，现在的时间在页首",
    "practice_switched": "已切换账户",
    "practice_answered": "已提交回答，尚未检查",
    "practice_checked": "已检查，任务还没有完成，请看“练习”一栏",
    "practice_passed": "检查通过，任务已完成",
    "hint_not_yet": f"{CATALOGUE['hint_not_yet'].detail}。{CATALOGUE['hint_not_yet'].remedy}",
}

NO_SUCCESS = frozenset({"practice_checked", "hint_not_yet"})
"""Those that tell of nothing done."""

WAYS_OUT: dict[str, tuple[str, dict[str, str], str]] = {
    "not_enterprise_user": ("register", {}, "注册企业用户账户"),
    "card_login_required": ("login", {"medium": Medium.CARD.value}, "使用卡介质方式登录"),
    "card_unusable": ("login", {}, "重新登录"),
    "not_registered": ("enterprise", {}, "基本信息查询"),
    "enterprise_overdue": ("enterprise", {}, "基本信息查询"),
    "backfill_not_needed": ("backfill", {}, "查看是否需要补录"),
    "client_control_unavailable": ("client_control", {}, "客户端控件"),
}
"""Where a refusal's remedy is to be had: a page, its query, and the words of the link."""

_OUTSIDE = frozenset({"login", "register"})
"""Pages before the door: they have to be told the sandbox."""

_SECRET = frozenset({"password", "pin", "old_pin", "new_pin", "token", "return_code"})
"""A page that asks for one of these is typed anew rather than written out into another."""

_KEPT = "kept."
"""Stands before the name of a kept field on the login page, whose own fields have names of their own."""

View = Callable[..., HttpResponse]
Fields = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Entry:
    """A kind of filing in the menu. `way_in`: by card only, and the visit's login is none; where one logs in by
    card."""

    kind: Kind
    way_in: str = ""

    @property
    def module(self) -> str:
        return self.kind.place[0]

    @property
    def group(self) -> str:
        return self.kind.place[1]


def visited(view: View) -> View:
    """A view of somebody who is logged in: called with the visit, its refusals told on a page of their own."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            visit = visits.arrive_on_screen(request.COOKIES.get(COOKIE, ""))
        except Refusal as refusal:
            return _to_login(request, refusal)
        try:
            return view(request, visit, *args, **kwargs)
        except Refusal as refusal:
            return refusal_page(request, refusal, visit)

    return enter


def page(
    request: HttpRequest,
    template: str,
    visit: Visit | None = None,
    *,
    where: Sandbox | None = None,
    sayings: Mapping[str, str] = SAYINGS,
    **context: Any,
) -> HttpResponse:
    """A page of the portal in the common frame; what is help is on it where its world helps: the visit's, or that
    `where` one is about to come in."""
    where = visit.sandbox if visit else where
    frame: dict[str, Any] = {
        "visit": visit,
        "helped": where is None or where.helped,
        "kinds": KINDS.values(),
        "menu": menu(visit) if visit else (),
        "catalogue": CATALOGUE,
        "demo": demo.whose(visit.sandbox) if visit and settings.SIM_CONTROL_PLANE else "",
        "exercise_panel": panel(visit) if visit else None,
        "shut": request.COOKIES.get(SHUT) == "1",
    }
    return drawn(request, f"web/{template}.html", sayings, no_success=NO_SUCCESS, **frame | context)


def refusal_page(request: HttpRequest, refusal: Refusal, visit: Visit | None = None, **context: Any) -> HttpResponse:
    """A refusal as a page: its words, the way out, its entry in the FAQ."""
    context = {"refusal": refusal, "way_out": way_out(request, refusal, visit), **context}
    return page(request, "notice", visit, **context)


def way_out(request: HttpRequest, refusal: Refusal, visit: Visit | None, *, filing: str = "") -> tuple[str, str] | None:
    """The address of a refusal's remedy, and the words of the link; one comes back to where one was, or to the
    filing."""
    if refusal.code not in WAYS_OUT:
        return None
    name, query, words = WAYS_OUT[refusal.code]
    back = request.get_full_path() if name == "login" and request.method != "POST" else ""
    return _address(name, query | ({"filing": filing} if filing and name not in _OUTSIDE else {}), visit, back), words


def menu(visit: Visit) -> list[Entry]:
    """Every kind of filing, and of those the visit's login does not do for, the way to one that does (FAQ 1.5)."""
    return [
        Entry(kind, card_login(visit, new_page(kind)) if wants_card(visit, kind) else "") for kind in KINDS.values()
    ]


def wants_card(visit: Visit, kind: Kind) -> bool:
    """Whether all that keeps a visit from writing a kind of filing is how it logged in, or the card it logged in
    with."""
    known = account_facts(visit)
    return next((guard for guard in kind.writing if not guard(Values(), known)), None) is guards.card_login


def new_page(kind: Kind, **query: str) -> str:
    """The address of a kind's blank page."""
    return f"{reverse('filing_new')}?{urlencode({'kind': kind.name, **query})}"


def card_login(visit: Visit | None, back: str) -> str:
    """The address of the login by card, from which one comes back."""
    name, query, _ = WAYS_OUT["card_login_required"]
    return _address(name, query, visit, back)


def _address(name: str, query: dict[str, str], visit: Visit | None, back: str = "") -> str:
    elsewhere = name in _OUTSIDE and visit is not None and visit.sandbox.key != demo.KEY
    query = {
        **query,
        **({"sandbox": visit.sandbox.key} if elsewhere and visit else {}),
        **({"next": back} if back else {}),
    }
    return reverse(name) + (f"?{urlencode(query)}" if query else "")


def again(
    request: HttpRequest,
    visit: Visit | None,
    to: str,
    fields: Fields,
    *,
    files: bool = False,
    status: int = 200,
    words: str = "",
    **more: Any,
) -> HttpResponse:
    """What was typed on a page that ran out, as hidden fields: to be posted once more, or first taken along to the
    login.

    `words` say why it ran out, where more is to be said than that.
    """
    return page(
        request,
        "again",
        visit,
        status=status,
        to=to,
        fields=fields,
        files=files,
        logged_out=status == 401,
        words=words,
        **more,
    )


def kept(post: QueryDict) -> Fields:
    """What the login page carries for the page that ran out."""
    return [
        (name.removeprefix(_KEPT), str(value))
        for name, values in post.lists()
        if name.startswith(_KEPT)
        for value in values
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page's token is not this browser's any more, as after a login in another window."""
    if request.path_info.startswith(errors.PROGRAMS):
        return errors.csrf_failure(request, reason)
    return _lapsed(request, 403) or errors.csrf_failure(request, reason)


def _lapsed(request: HttpRequest, status: int, words: str = "") -> HttpResponse | None:
    """The page that keeps what was posted; None if there is nothing to keep, or if it may not be typed on this site.

    Another site's fields must not be posted by a press of a button of ours, so the browser has to say where they come
    from.
    """
    from_here = control_access.host_of(request.headers.get("Origin", "")) == request.get_host()
    if not request.POST or not _SECRET.isdisjoint(request.POST) or not from_here:
        return None
    names = [name for name in request.POST if name != "csrfmiddlewaretoken"]
    fields = [(name, str(value)) for name in names for value in request.POST.getlist(name)]
    return again(
        request,
        anybody(request),
        request.get_full_path(),
        fields,
        files=bool(request.FILES),
        status=status,
        words=words,
    )


def _to_login(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Whoever is not let in logs in anew, and is told why where there is more to it than that nobody is logged in."""
    more = refusal.code != "not_authenticated"
    if request.method == "POST" and (kept := _lapsed(request, 401, refusal.detail if more else "")):
        return kept
    if more:
        return refusal_page(request, refusal)
    if request.method == "POST":
        return redirect(reverse("login"))
    here = request.get_full_path()
    return redirect(
        f"{reverse('login')}?{urlencode({'next': here})}" if leads_back(request, here) else reverse("login")
    )
