"""What the pages behind the counter share: the door, the frame, and the calls that do what a button does.

Access is the control plane's own rule, by whichever face it is used.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from filings import agenda, control_access, guessing, visits
from filings.lab.worlds import demo, worlds
from filings.manners import cookies
from filings.manners.filling import FORM
from filings.manners.screens import leads_back, onward
from filings.models import Sandbox, Visit, authority, wall
from filings.models.sandbox import secret_digest
from filings.rules.refusals import Refusal, absent
from filings.rules.words import ClockMode, Party
from filings.web.doors import page
from singlewindow import hosts

COOKIE = "sim_control"
"""Holds the control token or a sandbox's control key, signed; asked again of `control_access` at each request."""

SALT = "filings.web.backstage"
KEPT = timedelta(hours=12)
"""How long a key is held at most; IDLE: without a page asked for (wall time). Ours."""

IDLE = visits.IDLE

ON_A_PAGE = 20
CONTROL = "/control/v1"

SAYINGS = {
    "created": "沙箱已建立",
    "reset": "已重置：回到新建时的样子",
    "erased": "沙箱已删除",
    "demo_stays": "演示沙箱不能删除，可以重置",
    "pinned": "已保留：不会过期",
    "unpinned": "已取消保留：一段时间不用后自动清除",
    "advanced": "时钟已推进",
    "clock_set": "时钟已设置",
    "scenario_set": "缺省情景已设置，对以后的申报有效",
    "scenario_pinned": "已为该申请单指定情景",
    "entered": "已进入场面",
    "held": "已挂起：不再自动办理",
    "released": "已放行：继续自动办理",
    "send": "已发往海关",
    "store": "已入库",
    "route_manual": "已转人工审核",
    "approve": "已审批通过",
    "reject": "已审批不通过，回执已发出",
    "by_hand": "本单已改由人办理，不再自动推进",
    "expired": "登录已结束：页面和接口都要重新登录，建沙箱时给出的令牌也已失效，重置后复原",
    "queued": "已排入情景队列",
    "unqueued": "已从队列中取出",
    "magic_on": "已启用：企业名称可以指定情景",
    "magic_off": "已停用：企业名称不再指定情景",
    "fault_put": "故障已布置",
    "fault_taken": "故障已撤去",
    "journal_cleared": "请求日志已清空",
    "webhook_removed": "接收地址已删除，未送达的已撤回",
    "kept": "检查点已保存",
    "restored": "已恢复到检查点，时钟一并恢复",
    "dropped": "检查点已删除",
    "left": "已退出",
}

_KEYLESS = frozenset({"control_unauthorized", "control_forbidden"})

View = Callable[..., HttpResponseBase]


# ── the door ──────────────────────────────────────────────────────────────────────────────────────────────────────


def behind_the_counter(view: View) -> View:
    """A view for whoever holds the control plane, or this sandbox's key: called with the sandbox if the address names
    one.

    Its clock has caught up before anything is shown. Refusals are told on a page of their own; the lack of a key, by
    the login.
    """

    @wraps(view)
    def enter(request: HttpRequest, sandbox: str = "", **kwargs: Any) -> HttpResponseBase:
        key = key_held(request)
        found = visits.sandbox_or_none(sandbox) if sandbox else own(key)
        try:
            control_access.admit(request, found, key)
        except Refusal as refusal:
            return _ask(request, refusal)
        try:
            if sandbox:
                if found is None:
                    raise absent("沙箱", sandbox, "名")
                come_to(found)
                kwargs["sandbox"] = found
            return view(request, **kwargs)
        except Refusal as refusal:
            if refusal.code in _KEYLESS:
                return _ask(request, refusal)
            return notice(request, refusal, found if sandbox else None)

    return enter


def key_held(request: HttpRequest) -> str:
    """The key the browser was given at the login, or "" for none, an old or a tampered one."""
    return _held(request)[0]


def _held(request: HttpRequest) -> tuple[str, float]:
    """The key, and since when it is held; one that was left alone for IDLE, or is held for longer than KEPT, is
    none."""
    try:
        key, since = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=IDLE)
    except (signing.BadSignature, TypeError, ValueError):
        return "", 0
    return (str(key), float(since)) if wall().timestamp() - since < KEPT.total_seconds() else ("", 0)


def _hold(response: HttpResponse, key: str, since: float) -> None:
    cookies.keep(response, COOKIE, signing.dumps([key, since], salt=SALT), KEPT, "Strict")


def own(key: str) -> Sandbox | None:
    """The sandbox whose control key this is."""
    return worlds.sandboxes().filter(control_key_digest=secret_digest(key)).first() if key else None


def holds_all(request: HttpRequest) -> bool:
    """Whether the visitor may use the whole plane, not one sandbox only."""
    return control_access.open_here(request) or control_access.may(key_held(request), None)


def reachable(request: HttpRequest) -> QuerySet[Sandbox]:
    """The sandboxes a visitor may enter, pinned ones first, then the newest."""
    rows = worlds.sandboxes().order_by("-pinned", "-id")
    return rows if holds_all(request) else rows.filter(control_key_digest=secret_digest(key_held(request)))


def come_to(sandbox: Sandbox) -> None:
    """Note a sandbox's use and let happen what is due."""
    visits.used(sandbox)
    agenda.catch_up(sandbox)


@require_http_methods(FORM)
def login(request: HttpRequest) -> HttpResponse:
    """Ask for the control token or a sandbox's control key; kept in a signed cookie no script reads."""
    if request.method != "POST":
        return _ask(request, None)
    key = request.POST.get("token", "").strip()
    where, who = own(key), ("control", control_access.caller(request))
    try:
        guessing.check(*who)
        if key and not control_access.may(key, where):
            guessing.wrong(key, *who)
        control_access.admit(request, where, key)
        if not control_access.may(key, where):
            raise Refusal("control_forbidden")
        guessing.right(*who)
    except Refusal as refusal:
        return _ask(request, refusal)
    rotate_token(request)
    home = reverse("console_sandbox", args=[where.key]) if where else reverse("console")
    to = request.POST.get("next", "")
    response = onward(to if inside(request, to) else home)
    _hold(response, key, wall().timestamp())
    return response


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Forget the key."""
    response = onward(reverse("console_login"), "left")
    cookies.drop(response, COOKIE, "Strict")
    return response


def inside(request: HttpRequest, to: str) -> bool:
    """Whether an address is one of the pages behind the counter."""
    return to.startswith((reverse("console"), reverse("customs"))) and leads_back(request, to)


def _ask(request: HttpRequest, refusal: Refusal | None) -> HttpResponse:
    """The login; with a refusal, its words, never the key that was given."""
    if refusal and refusal.code == "cross_site":
        return notice(request, refusal)
    to = (
        request.POST.get("next")
        or request.GET.get("next")
        or (request.get_full_path() if request.method != "POST" else "")
    )
    words = refusal.detail if refusal and refusal.code == "too_many_attempts" else ""
    if refusal and refusal.code == "control_forbidden":
        given_now = "token" in request.POST
        words = "口令不正确，请核对后重新输入" if given_now else "当前口令不能打开这里：它属于另一个沙箱，或者已经失效"
    return counter_page(
        request,
        "console/login",
        face=_face(request),
        refusal=refusal,
        words=words,
        next=to if inside(request, to) else "",
        open_here=control_access.open_here(request),
    )


# ── what these pages share ────────────────────────────────────────────────────────────────────────────────────────


def counter_page(
    request: HttpRequest,
    template: str,
    sandbox: Sandbox | None = None,
    *,
    status: int = 0,
    face: str = "console",
    **context: Any,
) -> HttpResponse:
    """A page in the frame of those behind the counter, with what the last deed had to say."""
    key, since = _held(request)
    frame = {
        "face": face,
        "sandbox": sandbox,
        "now": sandbox.now() if sandbox else None,
        "key_held": bool(key),
        "modes": dict(ClockMode.choices),
        "demo": demo.KEY,
    }
    response = page(request, template, None, status=status, sayings=SAYINGS, **(frame | context))
    if key and COOKIE not in response.cookies:
        _hold(response, key, since)
    return response


def notice(request: HttpRequest, refusal: Refusal, sandbox: Sandbox | None = None) -> HttpResponse:
    """A refusal as a page of this frame."""
    return counter_page(request, "console/notice", sandbox, face=_face(request), refusal=refusal)


def _face(request: HttpRequest) -> str:
    return "customs" if request.path.startswith(reverse("customs")) else "console"


def officer_visit(sandbox: Sandbox) -> Visit:
    """A person at work for customs, for the trail."""
    return authority(sandbox, Party.CUSTOMS, sandbox.now(), by_hand=True)


# ── the calls that do the same ────────────────────────────────────────────────────────────────────────────────────


def curl(
    request: HttpRequest,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    file: str = "",
    onto: str = "",
) -> str:
    """A call of the control API, ready for a shell; its body may be a file, its answer go onto one. The token stays
    out of it."""
    parts = ["curl", *(["-X", method] if method != "GET" else []), shlex.quote(hosts.address(request, CONTROL + path))]
    if not control_access.open_here(request):
        parts += ["-H", '"Authorization: Bearer $SIM_CONTROL_TOKEN"']
    if body is not None:
        parts += ["-H", "'Content-Type: application/json'", "-d", shlex.quote(json.dumps(body, ensure_ascii=False))]
    if file:
        parts += ["-H", "'Content-Type: application/json'", "--data-binary", shlex.quote(f"@{file}")]
    if onto:
        parts += ["-o", shlex.quote(onto)]
    return " ".join(parts)
